"""Many sessions at once, a killed process, and the store compared with a plain model of it."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from store.actors import ANN, BEN, CFO, HR

from compplan import templates
from compplan.access import VISITOR, Actor
from compplan.plan import Plan
from compplan.store import Conflict, LinkClosed, NotPossible, Store, Version

# A save that returned survives whatever happens next

SAVE = """
import sys, time
from compplan import templates
from compplan.access import LOCAL
from compplan.store import Store
store = Store.open(sys.argv[1])
plan = templates.load("flowfuse-csm")
version = store.create(plan, name="A", by=LOCAL, people=[{"id": "E1"}])
number = 1
while True:
    number = store.save(version.scenario_id, plan.edit({"pay.base": 1000.0 + number}), base=number, by=LOCAL).number
    print("saved", version.scenario_id, number, flush=True)
"""


def test_saved_versions_survive_a_kill(url: str) -> None:
    with subprocess.Popen([sys.executable, "-c", SAVE, url], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = [process.stdout.readline() for _ in range(5)][-1]
        process.send_signal(signal.SIGKILL)
        # What it had printed until then, to the last whole line.
        line = ([line, *(more for more in process.stdout if more.endswith("\n"))])[-1]
    assert process.returncode == -signal.SIGKILL
    word, key, number = line.split()
    assert word == "saved"
    with Store.open(url) as store:
        versions = store.versions(key, by=HR)
        assert [version.number for version in versions] == list(range(len(versions), 0, -1))
        assert len(versions) >= int(number)
        assert versions[0].plan.pay.base == 1000.0 + len(versions) - 1
        store.save(key, templates.load("flowfuse-csm"), base=len(versions), by=ANN)


# Twenty at once


def test_twenty_sessions_save_and_read_at_once(url: str, plan: Plan) -> None:
    """Half on plans of their own, half on one that all of them change: nothing lost, no error."""
    seconds, enough, faults, saved = 3.0, 6, [], dict[str, list[str]]()
    with Store.open(url) as store:
        shared = store.create(plan, name="Shared", by=ANN).scenario_id
        landed: list[str] = []
        end = time.monotonic() + seconds

        def goes_on() -> bool:
            """For some seconds, and on a slow machine until enough saves of the shared plan have met each other."""
            now = time.monotonic()
            return now < end or (len(landed) < enough and now < end + 40)

        def session(i: int) -> None:
            draw = random.Random(i)
            own = store.create(plan, name=f"Own {i}", by=HR, people=[{"id": f"E{i}"}])
            mine, key, number = [own.plan_hash], own.scenario_id, 1
            saved[key] = mine
            while goes_on():
                changed = plan.edit({"pay.base": float(draw.randrange(10**9))})
                if i % 2:
                    number = store.save(key, changed, base=number, by=BEN).number
                    mine.append(changed.hash)
                else:
                    base = store.version(shared, by=ANN).number
                    with contextlib.suppress(Conflict):
                        store.save(shared, changed, base=base, by=ANN)
                        landed.append(changed.hash)
                assert store.version(key, by=HR).plan_hash == mine[-1]
                assert len(store.scenarios(by=HR)) >= 1

        def guarded(i: int) -> None:
            try:
                session(i)
            except BaseException as error:  # noqa: BLE001 - whatever it is, the test reports it
                faults.append(error)

        threads = [threading.Thread(target=guarded, args=(i,)) for i in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert faults == []
        for key, hashes in saved.items():
            assert [version.plan_hash for version in reversed(store.versions(key, by=HR))] == hashes
        versions = store.versions(shared, by=HR)
        assert [version.number for version in versions] == list(range(len(versions), 0, -1))
        assert sorted(version.plan_hash for version in versions[:-1]) == sorted(landed)
        assert len(landed) >= enough
        lines = [event for event in whole_audit_log(store) if event.event == "saved"]
        assert len(lines) == sum(map(len, saved.values())) + len(versions)


def whole_audit_log(store: Store) -> list[Any]:
    actual, before = [], None
    while page := store.audit_log(by=HR, limit=1000, before=before):
        actual += page
        before = page[-1].id
    return actual


# Against a plain model

PLAN = templates.load("flowfuse-csm")
PLANS = [PLAN.edit({"pay.base": 50_000.0 + i}) for i in range(4)]
DAYS = [dt.date(2026, month, 1) for month in (1, 2, 3)]
PERSONS = ["E1", "E2", "E3"]
WHO = st.sampled_from([BEN, HR])  # only the second may handle rows about people
sets_of_people = st.lists(st.sampled_from(PERSONS), unique=True, max_size=3)


class Model(RuleBasedStateMachine):
    """Scenarios as lists of plain dicts, beside the store."""

    address = ""

    scenarios = Bundle("scenarios")
    links = Bundle("links")

    @initialize()
    def open(self) -> None:
        self.time = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        self.store = Store.open(self.fresh(), clock=self.tick)
        self.expected: dict[str, list[dict[str, Any]]] = {}
        self.archived: set[str] = set()
        self.dates: dict[str, list[tuple[dt.date, int]]] = {}
        self.shared_links: dict[str, dict[str, Any]] = {}
        self.lines = 0

    def fresh(self) -> str:
        raise NotImplementedError

    def tick(self) -> dt.datetime:
        self.time += dt.timedelta(seconds=1)
        return self.time

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()

    @rule(target=scenarios, plan=st.sampled_from(PLANS), people=sets_of_people)
    def create(self, plan: Plan, people: list[str]) -> str:
        version = self.store.create(plan, name="A", by=HR, people=[{"id": person} for person in people])
        self.expected[version.scenario_id] = [{"plan": plan, "people": list(people), "state": "draft"}]
        self.dates[version.scenario_id] = []
        self.lines += 1
        return version.scenario_id

    @rule(key=scenarios, plan=st.sampled_from(PLANS), back=st.integers(0, 2), people=st.none() | sets_of_people, by=WHO)
    def save(self, key: str, plan: Plan, back: int, people: list[str] | None, by: Actor) -> None:
        versions = self.expected[key]
        base = max(1, len(versions) - back)
        rows = None if people is None else [{"id": person} for person in people]
        before = len(versions)
        try:
            version = self.store.save(key, plan, base=base, by=HR if rows else by, people=rows)
        except Conflict as conflict:
            numbers = conflict.theirs.number, conflict.base.number
            self.conflicts(numbers, base, before)
            return
        except NotPossible:
            assert key in self.archived
            return
        assert key not in self.archived
        if version.number == before:
            assert version.plan == plan
            assert versions[-1]["plan"] == plan
            return
        assert base == before
        carried = people or (versions[base - 1]["people"] if people is None and by is HR else [])
        versions.append({"plan": plan, "people": list(carried), "state": "draft"})
        self.lines += 1

    def conflicts(self, numbers: tuple[int, int], base: int, before: int) -> None:
        assert base < before
        assert numbers == (before, base)

    @rule(key=scenarios, number=st.integers(1, 4), by=WHO)
    def restore(self, key: str, number: int, by: Actor) -> None:
        versions = self.expected[key]
        if key in self.archived or number >= len(versions):
            return
        self.store.restore(key, number, by=by)
        carried = list(versions[number - 1]["people"]) if by is HR else []
        versions.append({**versions[number - 1], "people": carried, "state": "draft"})
        self.lines += 1

    @rule(target=scenarios, key=scenarios, by=WHO)
    def duplicate(self, key: str, by: Actor) -> str:
        version = self.store.duplicate(key, name="B", by=by)
        last = self.expected[key][-1]
        carried = list(last["people"]) if by is HR else []
        self.expected[version.scenario_id] = [{**last, "people": carried, "state": "draft"}]
        self.dates[version.scenario_id] = []
        self.lines += 1
        return version.scenario_id

    @rule(key=scenarios, away=st.booleans())
    def archive(self, key: str, away: bool) -> None:
        (self.store.archive if away else self.store.unarchive)(key, by=ANN)
        (self.archived.add if away else self.archived.discard)(key)
        self.lines += 1

    @rule(key=scenarios, number=st.integers(1, 3), step=st.sampled_from(["submit", "withdraw", "approve", "reject"]))
    def move(self, key: str, number: int, step: str) -> None:
        if number > len(self.expected[key]):
            return
        version = self.expected[key][number - 1]
        required, after = {
            "submit": ("draft", "submitted"),
            "withdraw": ("submitted", "draft"),
            "approve": ("submitted", "approved"),
            "reject": ("submitted", "draft"),
        }[step]
        by = ANN if step in ("submit", "withdraw") else CFO
        arguments = (key, number, "no") if step == "reject" else (key, number)
        try:
            getattr(self.store, step)(*arguments, by=by)
        except NotPossible:
            assert version["state"] != required or key in self.archived
            return
        assert version["state"] == required
        version["state"] = after
        self.lines += 1

    @rule(key=scenarios, number=st.integers(1, 3), on=st.sampled_from(DAYS))
    def put_in_force(self, key: str, number: int, on: dt.date) -> None:
        if number > len(self.expected[key]):
            return
        is_in_force = number in [n for _, n in self.dates[key]]
        try:
            self.store.put_in_force(key, number, on=on, by=CFO)
        except NotPossible:
            assert self.expected[key][number - 1]["state"] != "approved" or key in self.archived or is_in_force
            return
        assert not is_in_force
        self.dates[key].append((on, number))
        self.lines += 1

    @rule(target=links, key=scenarios, people=st.booleans())
    def share(self, key: str, people: bool) -> str:
        version = self.store.version(key, by=HR)
        link, token = self.store.share(version, by=HR, audience="anyone", people=people)
        self.shared_links[token] = {
            "id": link.id,
            "key": key,
            "number": version.number,
            "people": people,
            "open": True,
            "n": 0,
        }
        self.lines += 1
        return token

    @rule(token=links)
    def revoke(self, token: str) -> None:
        shared_link = self.shared_links[token]
        self.store.revoke(shared_link["id"], by=HR)
        self.lines += shared_link["open"]
        shared_link["open"] = False

    @rule(token=links)
    def open_link(self, token: str) -> None:
        shared_link = self.shared_links[token]
        try:
            opened = self.store.open_link(token, who=VISITOR, now=self.time)
        except LinkClosed:
            assert not shared_link["open"]
            return
        assert shared_link["open"]
        shared_link["n"] += 1
        self.lines += 1
        versions = self.expected[shared_link["key"]]
        expected = versions[shared_link["number"] - 1]
        assert opened.version.plan == expected["plan"]
        assert opened.link.opened == shared_link["n"]
        assert opened.newer_version == (len(versions) if len(versions) > shared_link["number"] else None)
        people = None if opened.people is None else [row["id"] for row in opened.people]
        assert people == (expected["people"] if shared_link["people"] else None)

    @rule(person=st.sampled_from(PERSONS))
    def erase(self, person: str) -> None:
        self.store.erase(person, by=HR)
        self.lines += 1
        for versions in self.expected.values():
            for version in versions:
                version["people"] = [other for other in version["people"] if other != person]

    @invariant()
    def alike(self) -> None:
        if not hasattr(self, "store"):
            return
        current = {s.id for s in self.store.scenarios(by=HR)}
        away = {s.id for s in self.store.scenarios(by=HR, archived=True)}
        assert (current | away, away) == (set(self.expected), self.archived)
        for key, versions in self.expected.items():
            actual = self.store.versions(key, by=HR)[::-1]
            assert [v.number for v in actual] == list(range(1, len(versions) + 1))
            for version, expected in zip(actual, versions, strict=True):
                assert (version.plan, version.lifecycle.state) == (expected["plan"], expected["state"])
                assert version.people == len(expected["people"])
            for day in DAYS:
                self.in_force(key, actual, day)
        assert len(self.store.audit_log(by=HR, limit=1000)) == self.lines

    def in_force(self, key: str, actual: tuple[Version, ...], day: dt.date) -> None:
        begun = [(on, i, number) for i, (on, number) in enumerate(self.dates[key]) if on <= day]
        holds = max(begun)[2] if begun else None
        assert [v.number for v in actual if v.status(day) == "in_force"] == ([holds] if holds else [])
        assert {v.number for v in actual if v.status(day) == "superseded"} == {n for *_, n in begun} - {holds}


RUNS = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("examples", [12, pytest.param(500, marks=pytest.mark.soak)])
def test_store_behaves_like_its_model_on_sqlite(examples: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        count = iter(range(10**6))

        class OnSqlite(Model):
            def fresh(self) -> str:
                return f"sqlite:///{folder}/{next(count)}.db"

        run_state_machine_as_test(OnSqlite, settings=settings(RUNS, max_examples=examples, stateful_step_count=25))


@pytest.mark.parametrize("examples", [5, pytest.param(100, marks=pytest.mark.soak)])
def test_store_behaves_like_its_model_on_postgresql(databases: Any, examples: int) -> None:
    class OnPostgresql(Model):
        def fresh(self) -> str:
            self.name = databases.take()
            return databases.address(self.name)

        def teardown(self) -> None:
            super().teardown()
            if hasattr(self, "name"):
                databases.give_back(self.name)

    run_state_machine_as_test(OnPostgresql, settings=settings(RUNS, max_examples=examples, stateful_step_count=20))
