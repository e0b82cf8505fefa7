"""Kickers are left out of pay that is worked out ahead of results: at target, by attainment and expected."""

from __future__ import annotations

import datetime as dt
from random import Random

import numpy as np
import pandas as pd
import pytest
from support.plans import make_plan, tidy
from support.spreads import own_spreads

from compplan.charts.surfaces import total_pay
from compplan.cost import Assumptions, cost, headcount, schedule, side_by_side
from compplan.documents.workbook import workbook
from compplan.outcomes import outlook, overview
from compplan.payout import at_target, pay_differences, payout
from compplan.plan import Plan
from compplan.settlement import PlanYear, Population

COUNTED = """
compplan: 1
name: Counted
role: csm
segment: smb
currency: USD
pay: {base: 60000, variable: 20000}
components:
  - {measure: expansion_arr, weight: 1, target: 100000, axis: attainment,
     curve: {kind: linear, points: [[0, 0], [1, 1], [1.5, 1.5]]}}
gates:
  - {measure: multi_year_renewals, at_least: 4, otherwise: {factor: 0.5}}
kickers:
  - {name: Multi-year renewal, measure: multi_year_renewals, per_unit: 500, max_units: 6}
"""
PLANS = 60


def test_a_count_that_a_gate_reads_pays_no_kicker_at_target() -> None:
    plan = Plan.from_yaml(COUNTED)
    report = cost(plan, headcount(plan, 1))
    assert at_target(plan) == 1.0
    assert overview(plan).cash_at_target == 80_000.0
    assert report.at_target.pay == 20_000.0
    assert (report.at(0.5).pay, report.at(1.5).pay) == (10_000.0, 30_000.0)
    assert report.expected.cost.pay == outlook(plan).mean
    assert outlook(plan, {"expansion_arr": 0.0}).mean == 20_000.0
    assert schedule(plan, headcount(plan, 1), footing=1.0).year.pay == 20_000.0


def test_a_count_that_a_modifier_reads_pays_no_kicker_at_target() -> None:
    modifier = {"measure": "multi_year_renewals", "curve": {"kind": "linear", "points": [[0, 0.9], [4, 1.0]]}}
    plan = Plan.from_yaml(COUNTED).edit({"gates": [], "modifiers": [modifier]})
    report = cost(plan, headcount(plan, 1))
    assert (report.at_target.pay, report.at(1.5).pay) == (20_000.0, 30_000.0)
    assert outlook(plan, {"expansion_arr": 0.0}).mean == 20_000.0


def test_comparisons_and_charts_leave_kickers_out_at_target() -> None:
    plan = Plan.from_yaml(COUNTED)
    plain = plan.edit({"kickers": []})
    rows = {row.name: row for row in pay_differences(plain, plan)}
    last = rows["Variable pay at the new plan's targets"]
    assert (last.before, last.now) == (20_000.0, 20_000.0)
    sides = side_by_side(plain, plan, headcount(plan, 3))
    assert sides.people["pay_now"].tolist() == sides.people["pay_before"].tolist() == [20_000.0]
    assert total_pay(plan).rows == total_pay(plain).rows


def test_kickers_are_paid_on_results() -> None:
    plan = Plan.from_yaml(COUNTED)
    results = {"expansion_arr": 100_000.0, "multi_year_renewals": 4.0}
    assert payout(plan, results, "year").total == 22_000.0
    rows = {row.name: row for row in pay_differences(plan, plan, results)}
    assert rows["Variable pay at these results"].now == 22_000.0
    people = headcount(plan, 1).people.assign(**results)
    team = Population.of(plan, people, PlanYear(dt.date(2026, 1, 1)))
    assert team.paid(team.own_results()).tolist() == [[2_200_000.0]]
    assert side_by_side(plan, plan, people, on="results").people["pay_now"].tolist() == [22_000.0]


def test_the_most_a_plan_can_cost_includes_kickers_that_are_limited() -> None:
    plan = Plan.from_yaml(COUNTED)
    on_component = {"name": "Expansion", "measure": "expansion_arr", "per_unit": 0.01, "max_units": 100_000}
    report = cost(plan.edit({"gates": [], "kickers": [on_component]}), headcount(plan, 1))
    assert (report.at_target.pay, report.most.cost.pay) == (20_000.0, 31_000.0)


def test_the_workbook_of_a_counted_gate_equals_the_engine() -> None:
    plan = Plan.from_yaml(COUNTED)
    # Raises where a column of cost differs from the report.
    assert workbook(plan, assumptions=Assumptions.for_plan(plan), on=dt.date(2026, 9, 1))[:2] == b"PK"


@pytest.mark.parametrize("seed", range(PLANS))
def test_pay_ahead_of_results_is_the_same_without_kickers(seed: int) -> None:
    rng = Random(seed)
    data = make_plan(rng)
    ids = {c.get("id", c["measure"]) for c in data["components"]}
    count = "activity" if "activity" not in ids else rng.choice(sorted(ids))
    data["kickers"].append({"name": "Counted", "measure": count, "per_unit": 12.5})
    data["gates"].append({"measure": count, "at_least": 3.0, "otherwise": {"factor": 0.5}})
    plan = Plan.from_dict(tidy(data))
    plain = plan.edit({"kickers": []})
    assert at_target(plan) == at_target(plain)
    spreads = own_spreads(plan)
    with_kickers, without = (outlook(p, spreads, draws=256) for p in (plan, plain))
    assert with_kickers.method == without.method
    for name in ("mean", "standard_error", "p10", "p50", "p90"):
        assert getattr(with_kickers, name) == pytest.approx(getattr(without, name), abs=0.011), name
    table = headcount(plan, 1).people.loc[[0, 0]].assign(id=["all", "half"], hired=[None, "2026-07-01"])
    table["hired"] = pd.to_datetime(table["hired"])
    ks = np.array([0.5, 1.0, 1.3])
    year = PlanYear(dt.date(2026, 1, 1))
    paid = [Population.of(p, table.reset_index(drop=True), year).paid_at(ks).tolist() for p in (plan, plain)]
    assert paid[0] == paid[1]
