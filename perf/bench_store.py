"""Saving a version and opening a link, against the same writes by `sqlite3` alone; PostgreSQL where one is named.

Run it with ``python perf/bench_store.py``. The peer writes rows of the same size in transactions of the same
durability, so that the difference is what the store adds on any disk: rights, checks, the trail, what is read back.
COMPPLAN_TEST_POSTGRES=postgresql://… measures an empty PostgreSQL database too, without a peer.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from compplan import templates
from compplan.access import LOCAL, VISITOR
from compplan.store import Store

ROUNDS = 200
LISTED = 1_000
PEOPLE = 20_000
GOAL_SAVE, GOAL_OPEN = 5.0, 2.0  # ms over the peer


def interleaved(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each, in turns, after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, call in contenders.items():
            start = time.perf_counter()
            call()
            if number:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(taken) for name, taken in seconds.items()}


def bare(file: Path, text: str) -> Callable[[], object]:
    """One durable transaction with three small writes and a plan, as a save is, by hand."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE versions (id INTEGER PRIMARY KEY, number INTEGER, plan TEXT)")
    connection.execute("CREATE TABLE trail (id INTEGER PRIMARY KEY, at TEXT)")
    connection.execute("CREATE TABLE scenarios (id INTEGER PRIMARY KEY, head INTEGER)")
    connection.execute("INSERT INTO scenarios VALUES (1, 0)")

    def write() -> None:
        connection.execute("BEGIN IMMEDIATE")
        (head,) = connection.execute("SELECT head FROM scenarios WHERE id = 1").fetchone()
        connection.execute("INSERT INTO versions (number, plan) VALUES (?, ?)", (head + 1, text))
        connection.execute("UPDATE scenarios SET head = ? WHERE id = 1", (head + 1,))
        connection.execute("INSERT INTO trail (at) VALUES ('2026-01-01T00:00:00.000000Z')")
        connection.execute("COMMIT")

    return write


def told(what: str, value: str, goal: str = "") -> None:
    print(f"  {what:<52} {value:>12}   {goal}")


def judged(over: float, goal: float) -> str:
    return f"goal <= {goal:g} ms   {'met' if over <= goal else 'MISSED'}"


def measure(url: str, folder: Path, *, peer: bool) -> None:
    plan = templates.load("knowup-csat-gate")
    plans = [plan.edit({"pay.base": 50_000.0 + i}) for i in range(ROUNDS + 2)]
    with Store.open(url) as store:
        made = store.create(plans[0], name="A", by=LOCAL)
        _, token = store.share(made, by=LOCAL, audience="anyone")
        number = 1

        def save() -> None:
            nonlocal number
            number = store.save(made.scenario_id, plans[number], base=number, by=LOCAL).number

        def open_link() -> None:
            store.open_link(token, who=VISITOR, now=dt.datetime.now(dt.UTC))

        contenders: dict[str, Callable[[], object]] = {"save": save, "open": open_link}
        if peer:
            contenders["bare"] = bare(folder / "bare.db", plan.to_json())
        seconds = interleaved(contenders, ROUNDS)
        versions = store.versions(made.scenario_id, by=LOCAL)
        assert [version.plan for version in reversed(versions)] == plans[: len(versions)], "what was saved is there"
        for name, goal in (("save", GOAL_SAVE), ("open", GOAL_OPEN)):
            words = {"save": "saving a version", "open": "opening a share link"}[name]
            told(words, f"{seconds[name] * 1e3:.2f} ms")
            if peer:
                over = (seconds[name] - seconds["bare"]) * 1e3
                told(f"{words}, over the bare transaction", f"{over:.2f} ms", judged(over, goal))

        for i in range(LISTED):
            store.create(plans[i % len(plans)], name=f"Plan {i}", by=LOCAL)
        listed = interleaved({"list": lambda: store.scenarios(by=LOCAL)}, 10)["list"]
        told(f"listing {LISTED + 1:,} saved plans", f"{listed * 1e3:.1f} ms")
        start = time.perf_counter()
        store.create(plan, name="Large", by=LOCAL, people=[{"id": f"E{i}", "base": float(i)} for i in range(PEOPLE)])
        told(f"saving a plan with {PEOPLE:,} people", f"{time.perf_counter() - start:.2f} s")
        start = time.perf_counter()
        assert store.erase("E7", by=LOCAL).scrubbed
        told("erasing one of them, from the files too", f"{time.perf_counter() - start:.2f} s")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(f"SQLite, medians of {ROUNDS}, in turns")
        measure(f"sqlite:///{folder}/plans.db", Path(folder), peer=True)
        if url := os.environ.get("COMPPLAN_TEST_POSTGRES"):
            print(f"PostgreSQL, medians of {ROUNDS}")
            measure(url, Path(folder), peer=False)


if __name__ == "__main__":
    main()
