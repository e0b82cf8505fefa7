"""A people file of 100,000 rows read, mended and checked, against plain ``pandas.read_csv`` of the same bytes.

    python perf/bench_roster.py

Two files: one as a payroll system writes it, and one as people leave it:
amounts with signs and commas, dates the American way, one cell in a hundred in another notation, blank rows and
totals. Before anything is timed, what is read is checked to be equal to what the file was made from, and for the plain
file to what pandas reads. The two are timed in turns, in one process; the ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import csv
import io
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from compplan import roster

ROWS = 100_000
ROUNDS = 15
# The plain file against pandas is the goal; the messy one, which pandas leaves as text, must not run away.
GOALS = {"plain": 4.0, "messy": 10.0}
SEED = 20260101
TITLES = {
    "Customer Success Manager": "csm",
    "Senior CSM": "senior_csm",
    "Director, Customer Success": "cs_director",
    "Renewals Manager": "renewals_manager",
    "Onboarding Specialist": "onboarding",
}
PLACES = ["Austin, TX", "Denver, CO", "New York, NY"]
SEGMENTS = ["smb", "enterprise", "mid_market"]
# Columns of people that the files leave out.
LEFT_OUT = ["left", "fte"]
NOT_WRITTEN = ("hired", *LEFT_OUT)
HEADINGS = [
    "Employee ID", "Name", "Job title", "Level", "Manager", "Location", "Currency", "Base salary", "Target variable",
    "OTE", "Start date", "Segment",
]  # fmt: skip


def people(rows: int) -> pd.DataFrame:
    """Invented people, with the column names of a reading."""
    rng = np.random.default_rng(SEED)
    base = rng.integers(50_000, 180_000, rows).astype(float)
    variable = rng.integers(5_000, 40_000, rows).astype(float)
    titles = rng.choice(list(TITLES), rows)
    days = np.datetime64("2010-01-01") + rng.integers(0, 5_800, rows)
    return pd.DataFrame(
        {
            "id": [f"E{n:06}" for n in range(rows)],
            "name": [f"Invented {n}" for n in range(rows)],
            "role": [TITLES[title] for title in titles],
            "title": titles,
            "level": rng.choice(["L1", "L2", "L3"], rows),
            "manager": [f"Manager {n}" for n in rng.integers(0, 700, rows)],
            "place": rng.choice(PLACES, rows),
            "currency": "USD",
            "base": base,
            "variable": variable,
            "ote": base + variable,
            "hired": days.astype("datetime64[s]"),
            "segment": rng.choice(SEGMENTS, rows),
        }
    ).astype(dict.fromkeys(("title", "level", "place", "segment", "role", "currency"), "str"))


def written(given: pd.DataFrame, messy: bool) -> bytes:
    """The people as a file."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADINGS)
    money: Callable[[float], str] = (lambda x: f"${x:,.0f}") if messy else (lambda x: f"{x:.0f}")
    dates = given["hired"].dt.strftime("%m/%d/%Y" if messy else "%Y-%m-%d").tolist()
    columns = [given[name].tolist() for name in roster.PEOPLE if name not in ("role", *NOT_WRITTEN)]
    for n, (*texts, base, variable, ote, segment) in enumerate(zip(*columns, strict=True)):
        amount = money(base)
        if messy and n % 100 == 0:
            amount = [f"{base / 1000:g}k", f"{base:,.2f}".translate(str.maketrans(",.", ".,")), f"{base:,.0f} USD"][
                n % 3
            ]
        writer.writerow([*texts, amount, money(variable), money(ote), dates[n], segment])
        if messy and n % 1000 == 999:
            writer.writerow([""] * len(HEADINGS))
    if messy:
        writer.writerow(["Total", *[""] * 6, money(float(given["base"].sum())), *[""] * 4])
    return stream.getvalue().encode()


def check(data: bytes, given: pd.DataFrame, messy: bool) -> None:
    """Stop unless the reading is what the file was made from, and what pandas reads where that can be said."""
    reading = roster.read(data, "people.csv")
    read = reading.people.reset_index(drop=True)
    assert read[LEFT_OUT].isna().all(axis=None)
    read = read.drop(columns=LEFT_OUT)
    pd.testing.assert_frame_equal(read, given[list(read.columns)], check_dtype=False, check_index_type=False)
    assert reading.counts.people == len(given)
    assert reading.counts.rows == data.count(b"\n")
    if messy:
        assert reading.counts.blank == len(given) // 1000
        assert reading.counts.totals == 1
        assert reading.counts.corrected > 0
        return
    assert not reading.notes
    plain = pd.read_csv(io.BytesIO(data))
    for name, heading in reading.mapping.items():
        if name != "hired":
            assert (plain[heading] == read[name]).all(), name


def timed(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    made = call()
    taken = time.perf_counter() - start
    # What was made is let go of outside the clock.
    del made
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    given = people(asked.rows)
    missed = 0
    for name, messy in (("plain", False), ("messy", True)):
        data = written(given, messy)
        check(data, given, messy)
        ours: list[float] = []
        peers: list[float] = []
        for _ in range(asked.rounds):
            peers.append(timed(lambda data=data: pd.read_csv(io.BytesIO(data))))
            ours.append(timed(lambda data=data: roster.read(data, "people.csv")))
        peer, our = statistics.median(peers), statistics.median(ours)
        missed += our / peer > GOALS[name]
        print(
            f"{name}: {asked.rows:,} rows, {len(data) / 1e6:.1f} MB: pandas.read_csv {peer * 1e3:.0f} ms, "
            f"roster.read {our * 1e3:.0f} ms, {our / peer:.2f} times (goal: at most {GOALS[name]:g})"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
