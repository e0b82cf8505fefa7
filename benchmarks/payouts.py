"""A quarter's pay of a million people, four components with a gate and a cap, against a plain pandas apply.

Run it with ``python benchmarks/payouts.py``. The peer is row-wise Python as one would write it in a notebook. Both
tables are checked to be equal to the cent, in every row and column, before anything is timed. The peer is timed
on the rows of ``--apply-rows`` (all of them unless said otherwise) and scaled linearly where they are fewer.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time

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


def cents(amount: float) -> float:
    """Half a cent goes up, even if binary fractions put it a hair below."""
    return math.floor(amount * 100 + 0.5 + 5e-7) / 100


def pay_of(row: pd.Series) -> tuple[float, float, float, float, float, float]:
    """A quarter's pay of one person, as an analyst would write the plan down."""
    variable = 20000 / 4
    grr = row["grr"]
    if grr < 0.86:
        retention = 0.0
    elif grr < 0.92:
        retention = 0.5 + (grr - 0.86) / 0.06 * 0.5
    elif grr < 0.97:
        retention = 1.0 + (grr - 0.92) / 0.05 * 0.8
    else:
        retention = 1.8

    attainment = row["expansion_arr"] / (row["expansion_arr.target"] / 4)
    if attainment < 1.0:
        expansion = attainment
    elif attainment < 1.2:
        expansion = 1.0 + (attainment - 1.0) * 1.5
    else:
        expansion = min(1.3 + (attainment - 1.2) * 2.0, 2.5)
    if row["csat"] < 4.2:
        expansion *= 0.5

    adoption = row["adoption"]
    if adoption < 0.60:
        usage = 0.0
    elif adoption < 0.75:
        usage = 0.5
    elif adoption < 0.85:
        usage = 1.0
    else:
        usage = 1.25

    nps = row["nps"]
    if nps < 20:
        loyalty = 0.0
    elif nps < 40:
        loyalty = 0.5 + (nps - 20) / 20 * 0.5
    elif nps < 60:
        loyalty = 1.0 + (nps - 40) / 20 * 0.25
    else:
        loyalty = 1.25

    lines = (
        cents(variable * 0.40 * retention),
        cents(variable * 0.30 * expansion),
        cents(variable * 0.20 * usage),
        cents(variable * 0.10 * loyalty),
    )
    paid = sum(lines)
    over = min(variable * 1.5 - paid, 0.0)
    return (*lines, over, paid + over)


def applied(frame: pd.DataFrame) -> pd.DataFrame:
    """The peer: the same table as `payouts` gives, by ``DataFrame.apply``."""
    rows = frame.apply(pay_of, axis=1)
    columns = [*(c.key for c in PLAN.components), "total_cap", "total"]
    return pd.DataFrame(rows.tolist(), columns=columns, index=frame.index)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apply-rows", type=int, default=PEOPLE, help="rows that the peer is run on")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    team = people(PEOPLE)
    fewer = team.head(options.apply_rows)

    start = time.perf_counter()
    theirs = applied(fewer)
    scale = PEOPLE / len(fewer)
    peer = (time.perf_counter() - start) * scale
    ours = payouts(PLAN, team)
    pd.testing.assert_index_equal(ours.columns, theirs.columns)
    off = (ours.head(len(fewer)) - theirs).abs().max().max()
    assert off < 0.005, f"the tables differ by {off}"
    capped, gated = (ours["total_cap"] < 0).mean(), (team["csat"] < 4.2).mean()
    print(f"equal to the cent on {len(fewer):,} people; {gated:.0%} miss the gate, {capped:.0%} reach the cap")

    seconds: list[float] = []
    for _ in range(options.rounds):
        start = time.perf_counter()
        payouts(PLAN, team)
        seconds.append(time.perf_counter() - start)
    taken = statistics.median(seconds)
    how = "once" if scale == 1 else f"once on {len(fewer):,} rows, times {scale:g}"
    print(f"  pandas apply   {peer * 1e3:10.1f} ms   ({how})")
    print(f"  payouts        {taken * 1e3:10.1f} ms   (median of {options.rounds}; {PEOPLE:,} people)")
    ratio = peer / taken
    print(f"  times as fast  {ratio:10.0f}x   goal >= {GOAL}x   {'met' if ratio >= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
