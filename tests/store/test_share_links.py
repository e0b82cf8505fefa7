"""Share links: who can open them, and what a wrong token reveals."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import re
import string
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from sqlalchemy import event
from store.actors import ANN, BEN, CFO, GUEST, HR, Clock

from compplan.access import VISITOR
from compplan.plan import Plan
from compplan.store import LinkClosed, NotAllowed, Store, StoreError, Throttle, client_key

PEOPLE = [{"id": "E1", "name": "Ada", "base": 90000.0}, {"id": "E2", "name": "Bo", "base": 95000.0}]


def test_link_opens_its_version_and_counts(store: Store, plan: Plan, clock: Clock) -> None:
    version = store.create(plan, name="A", by=HR, people=PEOPLE, cost={"x": 1})
    link, token = store.share(version, by=HR, audience="anyone")
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", token)
    assert token not in repr(link)
    opened = store.open_link(token, who=VISITOR, now=clock.now)
    assert (opened.version, opened.scenario_name, opened.newer_version, opened.people) == (version, "A", None, None)
    assert (opened.link.opened, opened.link.last_opened) == (1, clock.now)
    newer = store.save(version.scenario_id, plan.edit({"pay.base": 90000.0}), base=1, by=BEN)
    second = store.open_link(token, who=GUEST, now=clock.now)
    assert (second.version, second.newer_version, second.link.opened) == (version, newer.number, 2)
    assert store.links(version.scenario_id, by=GUEST) == (second.link,)
    assert [(e.event, e.by.id, e.link_id, e.version) for e in store.audit_log(by=HR, event="opened")] == [
        ("opened", GUEST.id, link.id, 1),
        ("opened", "", link.id, 1),
    ]


def test_link_shows_people_only_if_chosen_and_only_by_id(store: Store, plan: Plan, clock: Clock) -> None:
    version = store.create(plan, name="A", by=HR, people=PEOPLE, names=True)
    _, bare = store.share(version, by=HR, audience="anyone", small_teams=True)
    _, full = store.share(version, by=HR, audience="anyone", people=True)
    assert store.open_link(bare, who=VISITOR, now=clock.now).people is None
    opened = store.open_link(full, who=VISITOR, now=clock.now)
    assert opened.people == ({"id": "E1", "base": 90000.0}, {"id": "E2", "base": 95000.0})
    assert (opened.link.people, opened.link.small_teams) == (True, False)
    assert "E1" not in repr(opened)


def test_sharing_totals_of_people_needs_the_right_to_personal_data(store: Store, plan: Plan) -> None:
    version = store.create(plan, name="A", by=HR, people=PEOPLE)
    for options in ({}, {"people": True}, {"small_teams": True}):
        with pytest.raises(NotAllowed, match="may not see or save personal data"):
            store.share(version, by=ANN, audience="signed_in", **options)
        assert store.share(version, by=HR, audience="signed_in", **options)
    bare = store.save(version.scenario_id, plan.edit({"pay.base": 90000.0}), base=1, by=ANN)
    assert store.share(bare, by=ANN, audience="signed_in", small_teams=True)


def test_link_for_people_who_sign_in_refuses_visitors(store: Store, plan: Plan, clock: Clock) -> None:
    version = store.create(plan, name="A", by=ANN)
    _, token = store.share(version, by=ANN, audience="signed_in")
    with pytest.raises(LinkClosed, match="Sign in, then open it again") as closed:
        store.open_link(token, who=VISITOR, now=clock.now)
    assert closed.value.reason == "sign_in"
    assert store.open_link(token, who=GUEST, now=clock.now).link.opened == 1


def test_link_expires_at_its_expiry_time(store: Store, plan: Plan, clock: Clock) -> None:
    version = store.create(plan, name="A", by=ANN)
    until = clock.now + dt.timedelta(days=7)
    link, token = store.share(version, by=ANN, audience="anyone", expires=until)
    just_before = until - dt.timedelta(microseconds=1)
    assert link.is_open(just_before)
    assert not link.is_open(until)
    assert store.open_link(token, who=VISITOR, now=just_before)
    with pytest.raises(LinkClosed, match=r"This link expired on 2026-01-08\. Ask for a new one\.") as closed:
        store.open_link(token, who=VISITOR, now=until)
    assert closed.value.reason == "expired"
    with pytest.raises(StoreError, match="must be in the future"):
        store.share(version, by=ANN, audience="anyone", expires=clock.now)
    with pytest.raises(StoreError, match=r"^A time needs a time zone, such as 2026-01-31T09:30:00Z\.$"):
        store.share(version, by=ANN, audience="anyone", expires=dt.datetime(2030, 1, 1))  # noqa: DTZ001


def test_revoked_link_shows_only_an_error(store: Store, plan: Plan, clock: Clock) -> None:
    version = store.create(plan, name="A", by=ANN)
    link, token = store.share(version, by=ANN, audience="anyone")
    revoked = store.revoke(link.id, by=BEN)
    assert revoked.revoked is not None
    with pytest.raises(LinkClosed, match="was turned off") as closed:
        store.open_link(token, who=VISITOR, now=clock.now)
    assert closed.value.reason == "revoked"
    assert store.revoke(link.id, by=ANN) == revoked
    assert len(store.audit_log(by=HR, event="revoked")) == 1
    assert store.links(version.scenario_id, by=ANN)[0].opened == 0


def test_rechecking_a_link_does_not_count_it_again(store: Store, plan: Plan, clock: Clock) -> None:
    version = store.create(plan, name="A", by=HR, people=PEOPLE)
    link, token = store.share(version, by=HR, audience="anyone")
    first = store.open_link(token, who=VISITOR, now=clock.now)
    assert store.open_link(token, who=VISITOR, now=clock.now, already_opened=True) == first
    assert store.links(version.scenario_id, by=HR) == (first.link,)
    assert len(store.audit_log(by=HR, event="opened")) == 1
    store.revoke(link.id, by=HR)
    with pytest.raises(LinkClosed, match="was turned off"):
        store.open_link(token, who=VISITOR, now=clock.now, already_opened=True)
    with pytest.raises(LinkClosed, match="isn't valid"):
        store.open_link(token + "x", who=VISITOR, now=clock.now, already_opened=True)


def test_rows_for_totals_have_no_ids_and_no_other_columns(store: Store, plan: Plan, clock: Clock) -> None:
    rows = [{"id": "E7", "base": 1.0, "role": "csm", "place": "Lyon", "level": "2", "grr.target": 0.9, "grr": 0.95}]
    version = store.create(plan, name="A", by=HR, people=rows)
    _, token = store.share(version, by=HR, audience="anyone")
    opened = store.open_link(token, who=VISITOR, now=clock.now)
    assert opened.cost_rows == ({"id": "1", "base": 1.0, "role": "csm", "grr.target": 0.9},)
    bare = store.create(plan, name="B", by=HR)
    _, token = store.share(bare, by=HR, audience="anyone")
    assert store.open_link(token, who=VISITOR, now=clock.now).cost_rows is None


def test_store_contains_only_the_hash_of_a_token(make_url_of, plan: Plan, tmp_path: Path) -> None:
    with Store.open(make_url_of("sqlite")) as store:
        version = store.create(plan, name="A", by=ANN)
        _, token = store.share(version, by=ANN, audience="anyone")
        store.open_link(token, who=VISITOR, now=dt.datetime.now(dt.UTC))
        raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert token.encode() not in raw
    assert hashlib.sha256(token.encode()).hexdigest().encode() in raw


def test_unknown_audience_is_refused(store: Store, plan: Plan) -> None:
    version = store.create(plan, name="A", by=ANN)
    with pytest.raises(StoreError, match="for people who sign in"):
        store.share(version, by=ANN, audience="everyone")


def statements(store: Store, token: str, now: dt.datetime) -> list[str]:
    """What runs in the database when a token is tried."""
    ran: list[str] = []

    def see(connection, cursor, statement, parameters, context, many) -> None:
        ran.append(statement)

    engine = store._database.engine
    event.listen(engine, "before_cursor_execute", see)
    try:
        store.open_link(token, who=VISITOR, now=now)
    except LinkClosed:
        pass
    finally:
        event.remove(engine, "before_cursor_execute", see)
    return ran


def test_every_token_runs_the_same_statements(store: Store, plan: Plan, clock: Clock) -> None:
    version = store.create(plan, name="A", by=HR, people=PEOPLE)
    _, right = store.share(version, by=HR, audience="anyone", people=True)
    link, revoked = store.share(version, by=HR, audience="anyone")
    store.revoke(link.id, by=HR)
    _, private = store.share(version, by=HR, audience="signed_in")
    tries = [right, revoked, private, "A" * 32, "", "x" * 100_000, "☃", "\ud800", right + "x", right[:-1]]
    ran = [statements(store, token, clock.now) for token in tries]
    assert [one for one in ran if one != ran[0]] == []
    assert any(statement.startswith("UPDATE tallies") for statement in ran[0])
    with store._database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT name, count FROM tallies ORDER BY name").all()
    assert [tuple(row) for row in rows] == [("opened", 1), ("refused", len(tries) - 1)]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "count"), [("sqlite", 9_000), ("postgresql", 1_000)])
def test_no_wrong_token_opens_a_link_or_raises_another_error(url: str, plan: Plan, clock: Clock, count: int) -> None:
    """All get the same message, whatever is wrong with them."""
    with Store.open(url, clock=clock) as store:
        version = store.create(plan, name="A", by=ANN)
        _, token = store.share(version, by=ANN, audience="anyone")
        draw = random.Random(7)
        letters = string.ascii_letters + string.digits + "-_"
        odd = letters + "\0\n '\";%/\\.☃\ud83d"

        def wrong(i: int) -> str:
            if i % 3 == 0:  # one that was right but for a few letters
                at = draw.randrange(len(token))
                return token[:at] + draw.choice(letters.replace(token[at], "")) + token[at + 1 :]
            return "".join(draw.choices(letters if i % 3 == 1 else odd, k=draw.randrange(80)))

        messages: set[str] = set()
        for i in range(count):
            with pytest.raises(LinkClosed) as closed:
                store.open_link(wrong(i), who=VISITOR, now=clock.now)
            messages.add(f"{closed.value.reason}: {closed.value}")
        message = "This link isn't valid. Check that you copied all of it, or ask for a new one."
        assert messages == {f"unknown: {message}"}
        assert store.open_link(token, who=VISITOR, now=clock.now).link.opened == 1


# Limit on wrong links


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def attempt(throttle: Throttle, client: str, reason: str | None = "unknown") -> str:
    try:
        with throttle.guard(client):
            if reason is not None:
                raise LinkClosed(reason, "closed.")
    except LinkClosed as error:
        return error.reason
    return "opened"


def test_too_many_wrong_links_block_the_client_for_a_while() -> None:
    clock = Seconds()
    throttle = Throttle(wrong=5, block=300, clock=clock)
    assert [attempt(throttle, "a") for _ in range(6)] == ["unknown"] * 5 + ["throttled"]
    assert attempt(throttle, "a", None) == "throttled"
    assert attempt(throttle, "b", None) == "opened", "other clients are not blocked"
    clock.now = 299
    assert attempt(throttle, "a", None) == "throttled"
    clock.now = 301
    assert attempt(throttle, "a", None) == "opened"


@pytest.mark.parametrize("now", [0.0, 226.7, 279.2, 1_700_000_000.3])
def test_wait_is_stated_in_whole_minutes_at_every_time_of_the_clock(now: float) -> None:
    clock = Seconds()
    clock.now = now
    throttle = Throttle(wrong=1, clock=clock)
    attempt(throttle, "a")
    with pytest.raises(LinkClosed, match=r"Wait 5 minutes, then try again\."), throttle.guard("a"):
        pass


def test_valid_and_closed_links_take_no_attempts() -> None:
    throttle = Throttle(wrong=2, clock=Seconds())
    for reason in (None, "expired", "revoked", "sign_in"):
        assert {attempt(throttle, "a", reason) for _ in range(50)} == {reason or "opened"}


def test_attempts_refill_over_time() -> None:
    clock = Seconds()
    throttle = Throttle(wrong=6, clock=clock)
    for _ in range(100):
        assert attempt(throttle, "a") == "unknown"
        clock.now += 10


def test_number_of_clients_in_memory_is_bounded() -> None:
    throttle = Throttle(max_clients=100, clock=Seconds())
    for i in range(1_000):
        attempt(throttle, f"client {i}")
    assert len(throttle) == 100


def test_other_errors_take_no_attempts() -> None:
    throttle = Throttle(wrong=1, clock=Seconds())
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), throttle.guard("a"):
            _ = 1 / 0
    assert attempt(throttle, "a", None) == "opened"


def at_once(throttle: Throttle, reasons: list[str | None], late: str | None) -> tuple[list[str], str, bool]:
    """Outcomes of attempts that run together, and of one that starts meanwhile; and whether that one waited."""
    go, inside = threading.Event(), threading.Semaphore(0)

    def attempt_on_hold(reason: str | None) -> str:
        try:
            with throttle.guard("a"):
                inside.release()
                assert go.wait(10)
                if reason is not None:
                    raise LinkClosed(reason, "closed.")
        except LinkClosed as error:
            return error.reason
        return "opened"

    with ThreadPoolExecutor(len(reasons) + 1) as pool:
        first = [pool.submit(attempt_on_hold, reason) for reason in reasons]
        assert all(inside.acquire(timeout=10) for _ in reasons)
        last = pool.submit(attempt, throttle, "a", late)
        waited = not wait([last], timeout=0.2).done
        attempt(throttle, "b", None)
        go.set()
        return [one.result(10) for one in first], last.result(10), waited


def test_attempt_in_progress_does_not_count_as_wrong() -> None:
    throttle = Throttle(wrong=3, clock=Seconds())
    assert at_once(throttle, [None] * 3, None) == (["opened"] * 3, "opened", True)
    assert at_once(throttle, ["expired", None, "unknown"], None) == (["expired", "opened", "unknown"], "opened", True)
    assert at_once(throttle, ["unknown"] * 2, None) == (["unknown"] * 2, "throttled", True)
    assert attempt(throttle, "a", None) == "throttled"


def test_waiting_attempt_continues_if_its_client_was_forgotten() -> None:
    throttle = Throttle(wrong=1, max_clients=1, clock=Seconds())
    assert at_once(throttle, [None], None) == (["opened"], "opened", True)


def test_attempt_that_waited_too_long_is_refused_without_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compplan.store.throttle._MAX_WAIT", 0.01)
    throttle = Throttle(wrong=2, clock=Seconds())
    assert at_once(throttle, [None] * 2, None) == (["opened"] * 2, "throttled", False)
    assert attempt(throttle, "a", None) == "opened"


def test_ipv6_network_is_one_client() -> None:
    assert client_key("2001:db8::1") == client_key("2001:db8::ffff:1")
    assert client_key("2001:db8::1") != client_key("2001:db8:0:1::1")
    assert client_key("fe80::1%eth0") == "fe80::/64"


def test_links_are_listed_for_people_who_may_read(store: Store, plan: Plan) -> None:
    version = store.create(plan, name="A", by=ANN)
    link, _ = store.share(version, by=ANN, audience="anyone")
    assert store.links(version.scenario_id, by=CFO) == (link,)
