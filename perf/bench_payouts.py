"""A quarter's pay of a million people, four components with a gate and a cap, against a plain pandas apply.

Run it with ``python perf/bench_payouts.py``. The peer is row-wise Python as one would write it in a notebook.
Before anything is timed, both tables are checked to be equal to the cent, in every column and on a hundred thousand
people. The peer is timed on the rows of ``--apply-rows`` (all of them unless said otherwise) and scaled linearly where
they are fewer.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from compplan.payout import payouts
from compplan.plan import Plan

PEOPLE = 1_000_000
ROUNDS = 7
SEED = 20260101
GOAL = 200

PLAN = Plan.from_yaml("""
compplan: 1
name: Benchmark
role: csm
segment: mid_market
currency: USD
pay: {base: 80000, variable: 20000}
components:
  - measure: grr
    weight: 0.40
    target: 0.92
    curve: {kind: linear, points: [[0.86, 0.5], [0.92, 1.0], [0.97, 1.8]]}
  - measure: expansion_arr
    weight: 0.30
    target: 240000
    axis: attainment
    curve: {kind: tiered, tiers: [[0, 1.0], [1.0, 1.5], [1.2, 2.0]], cap: 2.5}
  - measure: adoption
    weight: 0.20
    target: 0.75
    curve: {kind: step, steps: [[0.60, 0.5], [0.75, 1.0], [0.85, 1.25]]}
  - measure: nps
    weight: 0.10
    target: 40
    curve: {kind: linear, points: [[20, 0.5], [40, 1.0], [60, 1.25]]}
gates:
  - measure: csat
    at_least: 4.2
    otherwise: {factor: 0.5}
    covers: [expansion_arr]
caps: {total: 1.5}
""")


def people(count: int) -> pd.DataFrame:
    """Results as people have them: percents of two decimals, cents, whole scores, and a target of one's own."""
    random = np.random.default_rng(SEED)
    target = random.choice([120_000.0, 200_000.0, 240_000.0, 300_000.0], count)
    return pd.DataFrame(
        {
            "grr": random.normal(0.92, 0.04, count).clip(0, 1).round(4),
            "expansion_arr": (target / 4 * random.lognormal(0, 0.5, count)).round(2),
            "expansion_arr.target": target,
            "adoption": random.normal(0.75, 0.1, count).clip(0, 1).round(4),
            "nps": random.normal(40, 15, count).clip(-100, 100).round(),
            "csat": random.normal(4.4, 0.25, count).clip(1, 5).round(2),
        }
    )


# The peer: the plan written down in Python, one row at a time.


def cents(amount: float) -> float:
    """Half a cent goes up, even if binary fractions put it a hair below."""
    return math.floor(amount * 100 + 0.5 + 5e-7) / 100


def retention(grr: float) -> float:
    if grr < 0.86:
        return 0.0
    if grr < 0.92:
        return 0.5 + (grr - 0.86) / 0.06 * 0.5
    if grr < 0.97:
        return 1.0 + (grr - 0.92) / 0.05 * 0.8
    return 1.8


def expansion(attainment: float, csat: float) -> float:
    if attainment < 1.0:
        paid = attainment
    elif attainment < 1.2:
        paid = 1.0 + (attainment - 1.0) * 1.5
    else:
        paid = min(1.3 + (attainment - 1.2) * 2.0, 2.5)
    return paid if csat >= 4.2 else paid * 0.5


def usage(adoption: float) -> float:
    if adoption < 0.60:
        return 0.0
    if adoption < 0.75:
        return 0.5
    return 1.0 if adoption < 0.85 else 1.25


def loyalty(nps: float) -> float:
    if nps < 20:
        return 0.0
    if nps < 40:
        return 0.5 + (nps - 20) / 20 * 0.5
    if nps < 60:
        return 1.0 + (nps - 40) / 20 * 0.25
    return 1.25


def pay_of(row: pd.Series) -> tuple[float, ...]:
    """A quarter's pay of one person: the lines, what the cap takes, the total."""
    variable = 20000 / 4
    attainment = row["expansion_arr"] / (row["expansion_arr.target"] / 4)
    lines = (
        cents(variable * 0.40 * retention(row["grr"])),
        cents(variable * 0.30 * expansion(attainment, row["csat"])),
        cents(variable * 0.20 * usage(row["adoption"])),
        cents(variable * 0.10 * loyalty(row["nps"])),
    )
    paid = sum(lines)
    over = min(variable * 1.5 - paid, 0.0)
    return (*lines, over, paid + over)


def applied(frame: pd.DataFrame) -> pd.DataFrame:
    """A plain apply that gives the same table."""
    return frame.apply(pay_of, axis=1, result_type="expand")


def totals_applied(frame: pd.DataFrame) -> pd.Series:
    """The least that an apply can do: the total alone."""
    return frame.apply(lambda row: pay_of(row)[-1], axis=1)


def seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apply-rows", type=int, default=PEOPLE, help="rows that the peers are run on")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of ours before, between and after the peers")
    options = parser.parse_args()
    team = people(PEOPLE)
    fewer = team.head(options.apply_rows)
    scale = PEOPLE / len(fewer)

    check = fewer.head(100_000)
    theirs = applied(check).set_axis([*(c.key for c in PLAN.components), "total_cap", "total"], axis=1)
    ours = payouts(PLAN, check)
    pd.testing.assert_index_equal(ours.columns, theirs.columns)
    off = (ours - theirs).abs().to_numpy().max()
    assert off < 0.005, f"the tables differ by {off}"
    np.testing.assert_array_equal(totals_applied(check).to_numpy(), theirs["total"].to_numpy())
    capped, gated = (ours["total_cap"] < 0).mean(), (check["csat"] < 4.2).mean()
    print(f"equal to the cent on {len(check):,} people; {gated:.0%} miss the gate, {capped:.0%} reach the cap")

    def rounds() -> list[float]:
        return [seconds(lambda: payouts(PLAN, team)) for _ in range(options.rounds)]

    taken = rounds()
    table = seconds(lambda: applied(fewer)) * scale
    taken += rounds()
    total = seconds(lambda: totals_applied(fewer)) * scale
    taken += rounds()
    mine = statistics.median(taken)
    how = "once" if scale == 1 else f"once on {len(fewer):,} rows, times {scale:g}"
    print(f"  payouts                     {mine * 1e3:10.1f} ms   (median of {len(taken)}, {PEOPLE:,} people)")
    print(f"  apply, the same table       {table * 1e3:10.1f} ms   ({how})")
    print(f"  apply, the total alone      {total * 1e3:10.1f} ms   ({how})")
    ratio = table / mine
    print(f"  times as fast               {ratio:10.0f}x   goal >= {GOAL}x   {'met' if ratio >= GOAL else 'MISSED'}")
    print(f"  for information: {total / mine:.0f}x an apply that gives the total alone")


if __name__ == "__main__":
    main()
