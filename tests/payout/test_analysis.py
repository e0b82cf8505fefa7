"""Limits of pay, effects of conditions, neutral results, and tables without people."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from compplan import templates
from compplan.errors import ResultError
from compplan.payout import at_target, bounded, ceiling, effects, payout, payouts, results_at, totals
from compplan.plan import Plan

OPEN = """
compplan: 1
name: Open
role: csm
segment: smb
currency: USD
pay: {base: 60000, variable: 20000}
components:
  - {measure: expansion_arr, weight: 1, target: 100000, axis: attainment,
     curve: {kind: linear, points: [[0, 0], [1, 1]], above: extend}}
"""


def plan_with(**changes: Any) -> Plan:
    return Plan.from_yaml(OPEN).edit(changes)


def test_nothing_limits_a_curve_that_extends() -> None:
    plan = plan_with()
    assert math.isinf(ceiling(plan))
    assert not bounded(plan)


@pytest.mark.parametrize(("cap", "most"), [(0.5, 10_000.0), (1.0, 20_000.0), (2.5, 50_000.0)])
def test_a_total_cap_alone_limits_a_curve_that_extends(cap: float, most: float) -> None:
    plan = plan_with(caps={"total": cap})
    assert bounded(plan)
    assert ceiling(plan) == most
    assert payout(plan, {"expansion_arr": 1e9}, "year").total == most


def test_a_total_cap_that_does_not_bind_leaves_the_curve_as_the_limit() -> None:
    plan = plan_with(caps={"total": 3.0}, **{"components[0].curve.cap": 1.5})
    assert ceiling(plan) == 30_000.0


def test_a_modifier_of_zero_limits_pay_to_nothing() -> None:
    curve = {"kind": "step", "steps": [[0.0, 0.0]]}
    plan = plan_with(modifiers=[{"measure": "csat_top_box", "curve": curve}])
    assert ceiling(plan) == 0.0


def test_a_modifier_raises_a_limit_before_the_total_cap() -> None:
    modifier = {"measure": "csat_top_box", "curve": {"kind": "step", "steps": [[0.0, 0.8], [0.9, 1.2]]}}
    plan = plan_with(modifiers=[modifier], **{"components[0].curve.cap": 1.5})
    assert ceiling(plan) == 36_000.0
    assert ceiling(plan.edit({"caps.total": 1.6})) == 32_000.0


def test_a_modifier_below_one_leaves_an_open_curve_open() -> None:
    modifier = {"measure": "csat_top_box", "curve": {"kind": "step", "steps": [[0.0, 0.5], [0.9, 0.8]]}}
    plan = plan_with(modifiers=[modifier])
    assert math.isinf(ceiling(plan))
    assert ceiling(plan.edit({"caps.total": 1.5})) == 30_000.0


@pytest.mark.parametrize("per_unit_limit", [None, 10])
def test_a_kicker_limits_pay_only_where_its_units_are_limited(per_unit_limit: int | None) -> None:
    kicker = {"measure": "expansion_arr", "name": "Bonus", "per_unit": 0.01, "max_units": per_unit_limit}
    plan = plan_with(caps={"total": 2.0}, kickers=[{k: v for k, v in kicker.items() if v is not None}])
    assert bounded(plan) == (per_unit_limit is not None)


def gates(*edges: dict[str, float]) -> list[dict[str, Any]]:
    return [{"measure": "csat_top_box", **edge, "otherwise": {"factor": 0.5}} for edge in edges]


@pytest.mark.parametrize(
    ("edges", "neutral"),
    [
        ([{"at_least": 0.8}, {"at_least": 0.9}], 0.9),
        ([{"at_least": 0.9}, {"at_least": 0.8}], 0.9),
        ([{"at_most": 0.9}, {"at_most": 0.7}], 0.7),
        ([{"at_most": 0.7}, {"at_most": 0.9}], 0.7),
        ([{"at_least": 0.8}, {"at_most": 0.9}], 0.8),
    ],
)
def test_two_gates_on_one_measure_are_both_passed_at_target(edges: list[dict[str, float]], neutral: float) -> None:
    plan = plan_with(gates=gates(*edges))
    results, _ = results_at(plan, 1.0)
    assert results["csat_top_box"] == neutral
    statement = payout(plan, results, "year")
    assert [line.passed for line in statement.lines if line.kind == "gate"] == [True, True]
    assert statement.total == 20_000.0
    assert at_target(plan) == 1.0


def test_each_of_two_gates_on_one_measure_reduces_pay() -> None:
    plan = plan_with(gates=gates({"at_least": 0.8}, {"at_least": 0.9}))
    pays = [payout(plan, {"expansion_arr": 1e5, "csat_top_box": x}, "year").total for x in (0.7, 0.85, 0.95)]
    assert pays == [5_000.0, 10_000.0, 20_000.0]


def test_totals_are_those_of_a_table() -> None:
    plan = templates.load("knowup-csat-weighted")
    people = pd.DataFrame({"grr": [0.86, 0.92, 0.97], "expansion_arr": 1e5, "csat_top_box": [0.7, 0.9, 1.0]})
    results = {name: people[name].to_numpy(float) for name in people}
    for period in ("year", 1):
        paid = totals(plan, results, period)
        assert paid.tolist() == payouts(plan, people, period)["total"].tolist()
        assert paid[0] < paid[1] < paid[2]


def test_totals_of_one_result_for_everybody_have_a_row_each() -> None:
    plan = plan_with(gates=gates({"at_least": 0.8}))
    paid = totals(plan, {"expansion_arr": np.array([5e4, 1e5]), "csat_top_box": np.array([0.9])})
    assert paid.tolist() == [10_000.0, 20_000.0]


def test_totals_name_every_missing_result() -> None:
    with pytest.raises(ResultError) as caught:
        totals(templates.load("knowup-csat-weighted"), {"grr": np.array([0.9])})
    problems = [(problem.where, problem.message) for problem in caught.value.problems]
    assert problems == [("expansion_arr", "is missing."), ("csat_top_box", "is missing.")]


def test_the_effect_of_a_part_is_pay_with_it_minus_pay_without_it() -> None:
    csat = {"measure": "csat_top_box", "curve": {"kind": "step", "steps": [[0.0, 0.8], [0.9, 1.5]]}}
    plan = plan_with(
        gates=gates({"at_least": 0.8}),
        modifiers=[csat],
        kickers=[{"name": "Bonus", "measure": "multi_year_renewals", "per_unit": 500, "max_units": 6}],
        caps={"total": 1.2},
    )
    # 20,000 x 1.5 = 30,000, capped at 24,000, and 2 x 500. Without the modifier 20,000; without the cap 30,000.
    results = {"expansion_arr": 1e5, "csat_top_box": 0.95, "multi_year_renewals": 2}
    assert effects(plan, results) == {
        "gates[0]": 0.0, "modifiers[0]": 4_000.0, "kickers[0]": 1_000.0, "caps.total": -6_000.0,
    }  # fmt: skip
    # 20,000 x 0.8 = 16,000, halved to 8,000 by the gate.
    low = effects(plan, {**results, "csat_top_box": 0.7})
    assert low == {"gates[0]": -8_000.0, "modifiers[0]": -2_000.0, "kickers[0]": 1_000.0, "caps.total": 0.0}
    assert "caps.total" not in effects(plan.edit({"caps": None}), results)


def test_an_empty_table_has_no_pay() -> None:
    plan = templates.load("knowup-csat-weighted")
    people = pd.DataFrame({"grr": [0.9], "expansion_arr": [1e5], "csat_top_box": [0.9], "expansion_arr.target": [2e5]})
    paid = payouts(plan, people.iloc[:0], "year")
    assert list(paid.columns) == list(payouts(plan, people, "year").columns)
    assert len(paid) == 0
