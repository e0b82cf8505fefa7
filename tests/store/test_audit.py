"""The audit log: what it records, and that neither it nor versions can be changed in the database."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from store.actors import ANN, CFO, GUEST, HR

from compplan.access import LOCAL, VISITOR
from compplan.plan import Plan
from compplan.store import Store, StoreError

FORBIDDEN = [
    ("UPDATE trail SET by_name = 'somebody else'", "trail"),
    ("DELETE FROM trail", "trail"),
    ("UPDATE versions SET plan = '{}'", "versions"),
    ("UPDATE versions SET note = ''", "versions"),
    ("DELETE FROM versions", "versions"),
    ("UPDATE moves SET kind = 'submitted'", "moves"),
    ("DELETE FROM moves", "moves"),
]


@pytest.mark.parametrize(("statement", "table"), FORBIDDEN)
def test_database_refuses_to_change_the_record(store: Store, plan: Plan, statement: str, table: str) -> None:
    key = store.create(plan, name="A", by=ANN).scenario_id
    store.submit(key, 1, by=ANN)
    store.approve(key, 1, by=CFO)
    before = store.audit_log(by=HR), store.versions(key, by=ANN)
    engine = store._database.engine
    with pytest.raises(DBAPIError, match=f"{table} are kept as they are"), engine.begin() as connection:
        connection.execute(text(statement))
    assert (store.audit_log(by=HR), store.versions(key, by=ANN)) == before


@pytest.mark.parametrize("table", ["trail", "versions", "moves"])
def test_postgresql_refuses_to_truncate_the_record(make_url_of, table: str) -> None:
    with Store.open(make_url_of("postgresql")) as store:
        engine = store._database.engine
        with pytest.raises(DBAPIError, match="kept as they are"), engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {table} CASCADE"))


def test_audit_log_is_newest_first(store: Store, plan: Plan) -> None:
    key = store.create(plan, name="A", by=ANN).scenario_id
    store.record_event("signed_in", by=GUEST)
    store.record_event("exported", by=VISITOR, scenario_id=key, version=1, detail={"what": "workbook"})
    events = store.audit_log(by=HR)
    assert [(e.event, e.by.name, e.scenario_id, e.version, dict(e.detail)) for e in events] == [
        ("exported", "a visitor", key, 1, {"what": "workbook"}),
        ("signed_in", "guest@example.com", None, None, {}),
        ("saved", "ann@example.com", key, 1, {}),
    ]
    assert events[0].at > events[1].at > events[2].at
    assert all(event.at.tzinfo is not None for event in events)
    assert store.audit_log(by=HR, event="saved") == events[2:]
    assert store.audit_log(by=HR, scenario_id=key) == (events[0], events[2])


def test_audit_log_is_read_in_pages(store: Store) -> None:
    for i in range(25):
        store.record_event("signed_in", by=GUEST, detail={"n": i})
    pages, before = [], None
    while page := store.audit_log(by=HR, limit=10, before=before):
        pages.append([event.detail["n"] for event in page])
        before = page[-1].id
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [n for page in pages for n in page] == list(range(24, -1, -1))
    assert len(store.audit_log(by=HR, limit=0)) == 1
    assert len(store.audit_log(by=HR, limit=10**9)) == 25
    assert store.audit_log(by=HR, before=-1) == ()
    assert len(store.audit_log(by=HR, before=10**30)) == 25


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"event": "saved"}, "not an event that can be recorded here"),
        ({"event": "x"}, "not an event that can be recorded here"),
        ({"scenario_id": "a b"}, "not the ID of a plan or a link"),
        ({"link_id": ""}, "not the ID of a plan or a link"),
        ({"version": 0}, "not a version number"),
        ({"version": 2**31}, "not a version number"),
        ({"detail": {"x": object()}}, "must be plain data"),
        ({"detail": {"x": float("nan")}}, "must be plain data"),
        ({"detail": {"x": "y" * 2001}}, "at most 2,000 characters"),
    ],
)
def test_invalid_event_is_not_recorded(store: Store, fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        store.record_event(**{"event": "exported", "by": LOCAL, **fields})
    assert store.audit_log(by=HR) == ()


def test_unknown_event_gets_a_suggestion(store: Store) -> None:
    with pytest.raises(StoreError, match="did you mean saved"):
        store.audit_log(by=HR, event="save")


def test_names_from_a_sign_in_are_cut_and_never_refused(store: Store) -> None:
    from compplan.access import Actor

    store.record_event("signed_in", by=Actor("i" * 1000, "n\0\n\ud800" + "n" * 1000))
    (event,) = store.audit_log(by=HR)
    assert (len(event.by.id), len(event.by.name), event.by.name[:5]) == (400, 200, "n���n")


def test_every_action_is_recorded(store: Store, plan: Plan) -> None:
    key = store.create(plan, name="A", by=ANN).scenario_id
    store.save(key, plan.edit({"pay.base": 1.0}), base=1, by=ANN)
    store.restore(key, 1, by=ANN)
    store.duplicate(key, name="B", by=ANN)
    store.rename(key, "C", by=ANN)
    store.archive(key, by=ANN)
    store.unarchive(key, by=ANN)
    link, token = store.share(store.version(key, by=ANN), by=ANN, audience="anyone")
    store.open_link(token, who=VISITOR, now=dt.datetime.now(dt.UTC))
    store.revoke(link.id, by=ANN)
    for step in ("submit", "withdraw", "submit"):
        getattr(store, step)(key, 3, by=ANN)
    store.reject(key, 3, "no", by=CFO)
    store.submit(key, 3, by=ANN)
    store.approve(key, 3, by=CFO)
    store.put_in_force(key, 3, on=dt.date(2026, 1, 1), by=CFO)
    store.erase("E1", by=HR)
    store.apply_retention(1, now=dt.datetime.now(dt.UTC), by=HR)
    assert [event.event for event in reversed(store.audit_log(by=HR))] == [
        "saved", "saved", "saved", "duplicated", "renamed", "archived", "unarchived", "shared", "opened", "revoked",
        "submitted", "withdrawn", "submitted", "rejected", "submitted", "approved", "in_force", "erased", "retained",
    ]  # fmt: skip
    raw = str(store.audit_log(by=HR))
    assert token not in raw
    assert "E1" not in raw


def test_names_of_the_last_release_still_work(store: Store) -> None:
    import compplan.store

    with pytest.warns(DeprecationWarning, match=r"Store\.note is now Store\.record_event"):
        store.note("exported", by=LOCAL)
    with pytest.warns(DeprecationWarning, match=r"Store\.trail is now Store\.audit_log"):
        assert [event.event for event in store.trail(by=HR)] == ["exported"]
    with pytest.warns(DeprecationWarning, match=r"Store\.retain is now Store\.apply_retention"):
        store.retain(30, now=dt.datetime.now(dt.UTC), by=HR)
    with pytest.warns(DeprecationWarning, match=r"compplan\.store\.Event is now compplan\.store\.AuditEvent;"):
        assert compplan.store.Event is compplan.store.AuditEvent
    with pytest.warns(DeprecationWarning, match="shut= of Throttle.__init__ is now block=;"):
        compplan.store.Throttle(shut=60)  # pyright: ignore[reportCallIssue]
    with (
        pytest.warns(DeprecationWarning, match="again= of ShareLinks.open_link is now already_opened=;"),
        pytest.raises(compplan.store.LinkClosed),
    ):
        store.open_link("x", who=LOCAL, now=dt.datetime.now(dt.UTC), again=True)  # pyright: ignore[reportCallIssue]
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        compplan.store.Nothing  # noqa: B018
