"""Erasure and retention: data is removed from the files too, and the audit log records it."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from store.actors import ANN, CFO, HR, Clock

from compplan.access import VISITOR
from compplan.plan import Plan
from compplan.store import LinkClosed, NotFound, Store, StoreError


def rows(*ids: str) -> list[dict[str, object]]:
    return [{"id": key, "base": 90000.0, "remark": f"marker of {key}"} for key in ids]


def test_erased_person_is_removed_from_every_version(store: Store, plan: Plan) -> None:
    one = store.create(plan, name="A", by=HR, people=rows("E1", "EMP-2"))
    two = store.create(plan, name="B", by=HR, people=rows("EMP-2", "E3"))
    copy = store.duplicate(one.scenario_id, name="C", by=HR)
    result = store.erase(" EMP-2 ", by=HR)
    assert (result.snapshots, result.scrubbed) == (2, True)
    for version, left in ((one, ["E1"]), (two, ["E3"]), (copy, ["E1"])):
        saved = store.version(version.scenario_id, by=ANN)
        assert [row["id"] for row in store.people(saved, by=HR)] == left
        assert (saved.people, saved.people_saved, saved.plan) == (1, 2, plan)
    assert store.erase("EMP-2", by=HR).snapshots == 0
    assert [dict(event.detail) for event in store.audit_log(by=HR, event="erased")] == [
        {"snapshots": 0},
        {"snapshots": 2},
    ]
    assert "EMP-2" not in str(store.audit_log(by=HR))


@pytest.mark.parametrize("person", ["", "  ", "a\0b"])
def test_erasure_needs_an_id(store: Store, person: str) -> None:
    with pytest.raises(StoreError, match=r"^Give the ID of the person, as it is in the people rows\.$"):
        store.erase(person, by=HR)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_erasure_removes_the_bytes_from_the_files(store: Store, url: str, plan: Plan) -> None:
    file = Path(str(make_url(url).database))

    def on_disk() -> bytes:
        return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))

    # Enough, and out of order, that pages split and rows move between them.
    ids = [f"P{i * 7919 % 1000:04}" for i in range(1000)]
    for i in range(4):
        people = [row | {"pad": "x" * (50 + i * 300)} for row in rows(*ids[i * 100 :])]
        store.create(plan, name=f"A{i}", by=HR, people=people)
    target = ids[500]
    store.create(plan, name="Large", by=HR, people=[{"id": target, "pad": f"marker of {target}" * 700}])
    assert f"marker of {target}".encode() in on_disk()
    assert store.erase(target, by=HR).snapshots == 5
    assert f"marker of {target}".encode() not in on_disk()
    assert target.encode() not in on_disk()
    assert f"marker of {ids[501]}".encode() in on_disk()
    assert sqlite3.connect(file).execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("kind", ["postgresql"])
def test_erasure_rewrites_the_table_on_postgresql(store: Store, plan: Plan) -> None:
    store.create(plan, name="A", by=HR, people=rows("E1", "E2"))

    def file() -> str:
        with store._database.reading() as connection:
            return connection.execute(text("SELECT pg_relation_filepath('people')")).scalar_one()

    before = file()
    assert store.erase("E1", by=HR).scrubbed
    assert file() != before, "the table was written anew"


@pytest.mark.parametrize("kind", ["sqlite"])
def test_erasure_reports_if_a_transaction_was_in_the_way(
    store: Store, url: str, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.create(plan, name="A", by=HR, people=rows("E1", "E2"))
    with sqlite3.connect(str(make_url(url).database), isolation_level=None) as other:
        other.execute("PRAGMA busy_timeout = 0")
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM people").fetchone()
        with store._database.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA busy_timeout = 50")
        result = store.erase("E1", by=HR)
        assert (result.snapshots, result.scrubbed) == (1, False)
        other.execute("ROLLBACK")
    assert store.erase("E1", by=HR).scrubbed
    assert [row["id"] for row in store.people(store.version(store.scenarios(by=HR)[0].id, by=HR), by=HR)] == ["E2"]


# Retention


def test_retention_removes_old_data(store: Store, plan: Plan, clock: Clock) -> None:
    old = store.create(plan, name="Old", by=HR, people=rows("E1", "E2"))
    archived = store.create(plan, name="Put away", by=HR, people=rows("E3"))
    approved = store.create(plan, name="Put away, approved", by=HR, people=rows("E4"))
    store.submit(approved.scenario_id, 1, by=ANN)
    store.approve(approved.scenario_id, 1, by=CFO)
    store.submit(archived.scenario_id, 1, by=ANN)
    _, expired = store.share(old, by=HR, audience="anyone", expires=clock.now + dt.timedelta(days=1))
    revoked, _ = store.share(old, by=HR, audience="anyone")
    store.revoke(revoked.id, by=ANN)
    _, still = store.share(old, by=HR, audience="anyone")
    _, inside = store.share(archived, by=HR, audience="anyone")
    for version in (archived, approved):
        store.archive(version.scenario_id, by=ANN)
    clock.forward(days=60)
    recent = store.create(plan, name="Recent", by=HR, people=rows("E5"))
    before = store.audit_log(by=HR)

    preview = store.apply_retention(30, now=clock.now, by=HR, dry_run=True)
    assert (preview.people, preview.links, preview.scenarios, preview.versions) == (4, 3, 1, 1)
    assert store.audit_log(by=HR) == before
    assert store.people(old, by=HR)
    assert store.apply_retention(90, now=clock.now, by=HR, dry_run=True).people == 0

    assert store.apply_retention(30, now=clock.now, by=HR) == preview
    assert store.people(old, by=HR) == ()
    assert store.version(old.scenario_id, by=ANN).plan == plan
    assert [row["id"] for row in store.people(recent, by=HR)] == ["E5"]
    with pytest.raises(NotFound):
        store.version(archived.scenario_id, by=ANN)
    assert store.version(approved.scenario_id, by=ANN).plan == plan, "what was approved stays"
    assert store.open_link(still, who=VISITOR, now=clock.now)
    for token in (expired, inside):
        with pytest.raises(LinkClosed) as closed:
            store.open_link(token, who=VISITOR, now=clock.now)
        assert closed.value.reason == "unknown"
    assert [e.event for e in store.audit_log(by=HR, scenario_id=archived.scenario_id)][::-1][:1] == ["saved"]
    second = store.apply_retention(30, now=clock.now, by=HR)
    assert (second.people, second.links, second.scenarios, second.versions) == (0, 0, 0, 0)
    assert dict(store.audit_log(by=HR, event="retained")[1].detail) == {
        "days": 30,
        "links": 3,
        "people": 4,
        "scenarios": 1,
    }


def test_retention_leaves_rows_that_a_plan_still_uses(store: Store, plan: Plan, clock: Clock) -> None:
    archived = store.create(plan, name="A", by=ANN)
    store.archive(archived.scenario_id, by=ANN)
    clock.forward(days=60)
    first = store.create(plan, name="B", by=HR, people=rows("E1"))
    copy = store.duplicate(first.scenario_id, name="C", by=HR)
    store.archive(first.scenario_id, by=ANN)
    store.apply_retention(30, now=clock.now, by=HR)
    assert store.people(copy, by=HR)
    assert [s.name for s in store.scenarios(by=ANN, archived=True)] == ["B"]


@pytest.mark.parametrize("days", [0, -1, 36_501])
def test_days_must_be_between_1_and_36500(store: Store, days: int) -> None:
    with pytest.raises(StoreError, match="Days must be between 1 and 36,500"):
        store.apply_retention(days, now=dt.datetime.now(dt.UTC), by=HR)
