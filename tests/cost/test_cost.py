"""Cost of a plan: amounts to the cent, errors, and the effect of every assumption."""

from __future__ import annotations

import datetime as dt
import doctest
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from support.commands import run
from support.spreads import own_spreads

from compplan import charts, roster, templates
from compplan.cost import (
    AMOUNTS,
    Assumptions,
    CostError,
    amortise,
    contract_costs,
    cost,
    from_people,
    headcount,
    schedule,
    side_by_side,
    tax,
    us_fica,
)
from compplan.outcomes import outlook, unknown_spreads
from compplan.outcomes.distribution import expected_fraction, separable
from compplan.payout import ceiling
from compplan.payout.engine import compile_plan
from compplan.plan import Plan

KEYS = templates.keys()
WEIGHTED = templates.load("knowup-csat-weighted")
GATE = templates.load("knowup-csat-gate")
COMMISSION = Plan.from_yaml(
    """
    compplan: 1
    name: Commission
    role: csm
    segment: mid_market
    currency: USD
    pay: {base: 90000, variable: 30000}
    seasonality: [0.1, 0.2, 0.3, 0.4]
    components:
      - {measure: expansion_arr, rate: 0.05, target: 400000, axis: attainment,
         curve: {kind: tiered, tiers: [[0, 1], [1, 1.5]]}}
      - {measure: grr, weight: 1, target: 0.92,
         curve: {kind: linear, points: [[0.86, 0.5], [0.92, 1.0], [0.97, 1.8]]}}
    """
)


def one(base: float, variable: float, **more: Any) -> pd.DataFrame:
    return pd.DataFrame([{"id": "a", "base": base, "variable": variable, **more}])


# Sums


@pytest.mark.parametrize(
    ("base", "variable", "social", "medicare"),
    [
        (85_000, 20_000, 1240.00, 290.00),  # 20,000 * 6.2%; 20,000 * 1.45%
        (160_000, 40_000, 1519.00, 580.00),  # 184,500 - 160,000 = 24,500 * 6.2%
        (202_500, 57_500, 0.00, 833.75),  # beyond the wage base: 57,500 * 1.45%
    ],
)
def test_employer_tax_on_variable_in_2026(base: float, variable: float, social: float, medicare: float) -> None:
    plan = templates.load("flowfuse-csm")
    whole = cost(plan, one(base, variable)).at_target
    without = cost(plan, one(base, 0.0)).at_target
    assert whole.employer_tax - without.employer_tax == pytest.approx(social + medicare, abs=1e-9)
    bands = us_fica(2026)
    assert float(tax(base + variable, bands) - tax(base, bands)) / 100 == social + medicare


def test_social_security_stops_at_its_yearly_maximum() -> None:
    ((rate, base), _), ((_, before), _) = us_fica(2026), us_fica(2025)
    assert (round(rate * base, 2), base, before) == (11_439.00, 184_500, 176_100)


def test_target_variable_is_split_over_months_to_the_cent() -> None:
    plan = templates.load("flowfuse-csm").edit({"frequency": "monthly"})
    months = schedule(plan, one(84_999, 22_346), footing=1.0).months
    accrued = months["variable_accrued"].tolist()[:12]
    assert accrued == [1862.17, 1862.16, 1862.17] * 4
    assert round(sum(accrued), 2) == 22_346.00
    # 22,346 * 3 / 12 = 5,586.50
    assert round(sum(accrued[:3]), 2) == 5586.50


def test_a_person_hired_on_16_march_is_prorated_by_days() -> None:
    # 16 March to 31 December 2026 are 291 days: 20,000 * 291 / 365 = 15,945.21 and 80,000 * 291 / 365 = 63,780.82
    report = cost(templates.load("flowfuse-csm"), one(80_000, 20_000, hired=dt.date(2026, 3, 16)))
    assert (report.variable, report.at_target.base, report.at_target.pay) == (15_945.21, 63_780.82, 15_945.21)


def test_a_commission_is_prorated_by_its_target_and_not_by_its_rate() -> None:
    # Half of the days: 181 of 365. Commission 0.05 * 400,000 = 20,000; the rest 10,000.
    report = cost(COMMISSION, one(90_000, 30_000, left=dt.date(2026, 6, 30)))
    assert report.at_target.pay == pytest.approx(30_000 * 181 / 365, abs=0.011)
    own = one(90_000, 30_000, left=dt.date(2026, 6, 30), expansion_arr=400_000 * 181 / 365, grr=0.92)
    assert side_by_side(COMMISSION, COMMISSION, own, on="results").cost_now.pay == report.at_target.pay


def test_fully_loaded_cost_is_the_sum_of_its_parts() -> None:
    assumptions = Assumptions(
        benefits_rate=0.2, overhead=6000, futa_rate=0.006, futa_base=7000, suta_rate=0.027, suta_base=7000
    )
    at_target = cost(WEIGHTED, headcount(WEIGHTED, 10), assumptions).at_target
    # 105,000 * 7.65% = 8,032.50; 7,000 * (0.6% + 2.7%) = 231; 85,000 * 20% = 17,000
    wanted = {"base": 850_000, "pay": 200_000, "employer_tax": 80_325, "unemployment_tax": 2310, "benefits": 170_000}
    assert {name: at_target.to_dict()[name] for name in wanted} == wanted
    assert at_target.loaded == 850_000 + 200_000 + 80_325 + 2310 + 170_000 + 60_000


def test_expected_payout_of_a_curve_held_within_limits() -> None:
    plan = Plan.from_dict(
        WEIGHTED.to_dict()
        | {"components": [{"measure": "grr", "weight": 1, "target": 0.92,
                           "curve": {"kind": "linear", "points": [[0.85, 0.5], [0.92, 1.0], [0.97, 1.5]]}}],
           "gates": [], "modifiers": [], "about": {}}
    )  # fmt: skip
    assert round(expected_fraction(compile_plan(plan).components[0], 0.92, 0.03), 6) == 1.024051
    report = cost(plan, headcount(plan), Assumptions(spreads={"grr": 0.03}))
    assert report.expected.method == "closed form"
    assert report.expected.cost.pay == 20_481.01  # 20,000 * 1.0240505
    # A curve that goes on rising is held at a GRR of 100%.
    wide = plan.edit({"components[0].curve.above": "extend"})
    component = compile_plan(wide).components[0]
    x = np.clip(0.92 + 0.08 * np.random.Generator(np.random.PCG64(1)).standard_normal(400_000), 0, 1)
    assert expected_fraction(component, 0.92, 0.08) == pytest.approx(component.curve(x).mean(), abs=0.003)


@pytest.mark.parametrize("key", KEYS)
def test_cost_of_one_person_has_the_distribution_of_the_outlook(key: str) -> None:
    plan = templates.load(key)
    spreads = own_spreads(plan)
    known = Assumptions.for_plan(plan).edit({"spreads": spreads})
    expected, person = cost(plan, headcount(plan), known).expected, outlook(plan, spreads)
    assert expected.cost.pay == person.mean
    assert expected.variable.standard_error == person.standard_error
    assert (expected.variable.p10, expected.variable.p50, expected.variable.p90) == (person.p10, person.p50, person.p90)
    assert expected.method == person.method == ("closed form" if separable(plan) else "simulation")


@pytest.mark.parametrize("key", KEYS)
def test_every_template_is_costed(key: str) -> None:
    plan = templates.load(key)
    report = cost(plan, headcount(plan, 7))
    assert report.at_target.base == round(7 * plan.pay.base, 2)
    assert len(report.grid) == 21
    most = ceiling(plan)
    assert (report.most.kind == "cap") == math.isfinite(most)
    if math.isfinite(most):
        assert report.most.cost.pay == pytest.approx(7 * most, abs=0.36)  # a cent a line
    else:
        assert report.most.attainment == 2.0
    assert json.loads(json.dumps(report.to_dict()))["headcount"] == 7
    assert (report.expected is None) == bool(report.needs_spread) == bool(unknown_spreads(plan))
    assert report.spread in report.notes
    assert len(contract_costs(plan)) == len(plan.components) + len(plan.kickers)
    for of in ("variable", "cash", "loaded"):
        assert charts.cost_by_attainment(report, of).rows
    assert charts.loaded_waterfall(report).rows[-1][0] == "Fully loaded"


def test_a_held_level_is_reported() -> None:
    (held,) = cost(WEIGHTED, headcount(WEIGHTED)).held
    assert (held.component, held.from_attainment, held.to_attainment, held.result, held.pays) == (
        "csat_top_box", 1.05, 1.5, 0.9, 1.0,
    )  # fmt: skip


def test_shared_results_correlate_pay() -> None:
    team = templates.load("gitlab-tam")
    assert cost(team, headcount(team, 5), Assumptions(spreads={"team_arr": 4e5})).expected.correlation == 1.0
    assert cost(WEIGHTED, headcount(WEIGHTED, 5)).expected.correlation == 0.0
    expected = cost(WEIGHTED, headcount(WEIGHTED, 5), Assumptions(correlation=0.3)).expected
    alone = cost(WEIGHTED, headcount(WEIGHTED)).expected
    assert expected.variable.sd == pytest.approx(alone.variable.sd * (5 + 0.3 * 20) ** 0.5)


# The year


def test_tax_stops_at_the_wage_base() -> None:
    months = schedule(templates.load("flowfuse-csm"), one(240_000, 0.0), footing=1.0).months
    # 20,000 a month: 9 months are 180,000, so October has 4,500 left of the wage base.
    full, last, after = 20_000 * 0.0765, 4_500 * 0.062 + 290, 290
    assert months["employer_tax"].tolist() == pytest.approx([full] * 9 + [last] + [after] * 2 + [0])


def test_seasonality_affects_only_commissions() -> None:
    quarters = schedule(COMMISSION, headcount(COMMISSION), footing=1.0).quarters["variable_accrued"].tolist()
    assert quarters == [2000 + 2500, 4000 + 2500, 6000 + 2500, 8000 + 2500, 0]


def test_a_revised_estimate_catches_up() -> None:
    plan = templates.load("flowfuse-csm").edit({"accumulation": "year_to_date", "frequency": "quarterly"})
    revised_year = schedule(
        plan, one(80_000, 24_000), Assumptions(regime="none"), footing=1.0, revised={5: 1.15}
    ).months
    top = cost(plan, one(80_000, 24_000), Assumptions(regime="none"), attainments=[1.15]).at(1.15).pay
    accrued = revised_year["variable_accrued"].cumsum().round(2).tolist()
    assert accrued[3] == 8000  # 24,000 * 4 / 12
    assert accrued[4] == round(top * 5 / 12, 2)  # all months so far at the new estimate
    assert accrued[11] == top
    discrete = plan.edit({"accumulation": "discrete"})
    months = schedule(discrete, one(80_000, 24_000), Assumptions(regime="none"), footing=1.0, revised={5: 1.15}).months
    # The first quarter has ended as it was; the second is caught up.
    assert months["variable_accrued"].cumsum().round(2).tolist()[4] == round(6000 + top * 2 / 12, 2)


@pytest.mark.parametrize(("negative", "paid"), [("carry", 6000), ("recover", 0), ("forgive", 6000)])
def test_a_falling_year_to_date_estimate_follows_the_rule_for_negative_differences(negative: str, paid: float) -> None:
    plan = templates.load("flowfuse-csm").edit(
        {"accumulation": "year_to_date", "frequency": "quarterly", "negative": negative}
    )
    lowest = cost(plan, one(80_000, 24_000), attainments=[0]).at(0).pay
    year = schedule(plan, one(80_000, 24_000), Assumptions(regime="none"), footing=1.0, revised={4: 0.0})
    assert lowest == 0
    assert year.months["variable_paid"].sum() == paid
    assert year.year.pay == (6000 if negative == "forgive" else 0)
    assert year.months["accrual"].iloc[-1] == (-6000 if negative == "carry" else 0)


def test_a_plan_year_can_start_in_another_month() -> None:
    months = schedule(WEIGHTED, headcount(WEIGHTED), Assumptions(starts=dt.date(2026, 2, 1))).months
    assert (months["label"].iloc[0], months["label"].iloc[11], len(months)) == ("Feb 2026", "Jan 2027", 13)
    assert len(schedule(WEIGHTED, headcount(WEIGHTED), Assumptions(pay_lag=0)).months) == 12
    chart = charts.cost_by_month(schedule(WEIGHTED, headcount(WEIGHTED)))
    assert len(chart.rows) == 13


def test_a_schedule_states_the_smallest_group_behind_a_month() -> None:
    alike = {"base": 9e4, "variable": 2e4}
    team = pd.DataFrame(
        [
            {"id": "stay", "headcount": 20, **alike},
            {"id": "come", "headcount": 6, "hired": "2026-04-01", **alike},
            {"id": "go", "headcount": 7, "left": "2026-03-31", **alike},
            {"id": "past", "headcount": 3, "left": "2025-12-31", **alike},
        ]
    )
    report, year = cost(WEIGHTED, team), schedule(WEIGHTED, team)
    assert (report.headcount, report.employed, report.to_dict()["employed"]) == (36, 33, 33)
    assert year.fewest == 13, "seven leave and six others come"
    assert schedule(WEIGHTED, team[team["id"] != "go"]).fewest == 6
    assert schedule(WEIGHTED, headcount(WEIGHTED, 10)).fewest == 10
    # In the middle of the first month: as many heads in each, and yet the first two tell of one.
    early = pd.DataFrame([{"id": "a", "headcount": 9, **alike}, {"id": "b", "hired": "2026-01-16", **alike}])
    early["headcount"] = early["headcount"].fillna(1)
    assert schedule(WEIGHTED, early).fewest == 1
    # Five come, four of them go and one more comes: the months around those differ by two.
    there = {"a": (4, "2026-03-01", "2026-03-31"), "b": (1, "2026-03-01", None), "c": (1, "2026-04-01", None)}
    moved = [{"id": k, "headcount": n, "hired": h, "left": g, **alike} for k, (n, h, g) in there.items()]
    assert schedule(WEIGHTED, pd.DataFrame([*moved, {"id": "d", "headcount": 20, **alike}])).fewest == 2
    nobody = cost(WEIGHTED, team[team["id"] == "past"])
    assert (nobody.headcount, nobody.employed, nobody.at_target.loaded) == (3, 0, 0)
    assert schedule(WEIGHTED, team[team["id"] == "past"]).fewest == 0


# Ratios, contracts, comparison


def test_ratios_equal_the_worked_example() -> None:
    known = Assumptions(arr_managed=20_000_000, arr_due=5_000_000, spreads=dict.fromkeys(WEIGHTED.by_id, 0.0))
    ratios = cost(WEIGHTED, headcount(WEIGHTED, 10), known).ratios
    assert (ratios.arr_per_person, round(ratios.arr_per_ote or 0, 4)) == (2_000_000, 19.0476)
    assert round(ratios.comp_of_arr or 0, 6) == round((1_050_000 + 80_325) / 20e6, 6)
    # 9,000 * 10 * 1% = 900 up and 9,000 * 50/7 * 1% = 642.86 down, ten people
    assert (ratios.grr_up, ratios.grr_down) == (9000.0, 6428.6)
    assert (ratios.arr_per_point, ratios.pay_per_arr_kept) == (50_000, 0.18)
    assert ratios.effective_cost == 1.0


def test_an_unknown_ratio_is_none_not_zero() -> None:
    ratios = cost(WEIGHTED, headcount(WEIGHTED)).ratios
    assert [ratios.arr, ratios.comp_of_arr, ratios.loaded_of_arr, ratios.arr_per_person, ratios.arr_per_ote] == [
        None
    ] * 5
    assert (ratios.arr_per_point, ratios.pay_per_arr_kept) == (None, None)
    assert cost(WEIGHTED, headcount(WEIGHTED)).budget is None
    nothing = cost(templates.load("flowfuse-csm"), one(80_000, 0.0))
    assert nothing.ratios.effective_cost is None
    partly = pd.DataFrame({"id": ["a", "b"], "base": 1e5, "variable": 1e4, "arr": [1e6, math.nan]})
    assert cost(WEIGHTED, partly).ratios.arr is None


def test_a_point_beyond_the_limit_differs_from_no_component_on_grr() -> None:
    data = COMMISSION.to_dict()
    data["components"] = [{"measure": "grr", "weight": 1, "target": 1.0,
                           "curve": {"kind": "linear", "points": [[0.86, 0.5], [1.0, 1.0]]}}]  # fmt: skip
    del data["seasonality"]
    full = Plan.from_dict(data)
    ratios = cost(full, headcount(full)).ratios
    assert (ratios.on_grr, ratios.grr_up) == (True, None)
    assert ratios.grr_down == pytest.approx(30_000 * 0.01 * 0.5 / 0.14, abs=0.01)
    none = cost(GATE, headcount(GATE)).ratios
    assert none.on_grr == any(c.measure in ("grr", "grr_opening") for c in GATE.components)


def test_headroom_is_the_budget_minus_the_cost() -> None:
    budget = cost(WEIGHTED, headcount(WEIGHTED, 10), Assumptions(budget=250_000.0)).budget
    assert budget is not None
    assert (budget.at_target, budget.most, budget.breaks_between) == (50_000, -65_000, (1.2, 1.25))
    for budget, between in ((199_999.0, (0.95, 1.0)), (200_000.0, (1.0, 1.05)), (1.0, (None, 0.5)), (1e7, None)):
        headroom = cost(WEIGHTED, headcount(WEIGHTED, 10), Assumptions(budget=budget)).budget
        assert headroom is not None
        assert headroom.breaks_between == between
        assert headroom.to_dict()["breaks_between"] == between
    loaded = cost(WEIGHTED, headcount(WEIGHTED, 10), Assumptions(budget=1e6, budget_of="loaded")).budget
    assert loaded is not None
    assert loaded.at_target == 1_000_000 - 1_130_325


def test_contract_costs_are_classified() -> None:
    def verdicts(plan: Plan) -> list[str]:
        return [c.verdict for c in contract_costs(plan)]

    assert verdicts(COMMISSION) == ["likely capitalise", "likely expense"]
    assert verdicts(GATE) == ["likely expense", "likely expense"]
    gate = {"measure": "csat", "at_least": 4.2, "otherwise": {"factor": 0.5}, "covers": ["expansion_arr"]}
    assert verdicts(COMMISSION.edit({"gates": [gate]})) == ["likely expense", "likely expense"]
    modifier = {"measure": "nps", "curve": {"kind": "linear", "points": [[20, 0.9], [40, 1.0]]}}
    assert verdicts(COMMISSION.edit({"modifiers": [modifier]}))[0] == "judgement"
    kicker = {"name": "Multi-year renewal", "measure": "multi_year_renewals", "per_unit": 500}
    last = contract_costs(COMMISSION.edit({"kickers": [kicker]}))[-1]
    assert (last.place, last.contract, last.verdict) == ("kickers[0]", "renewal", "likely capitalise")
    assert any("commensurate" in question for question in last.questions)
    assert all("accountant" in c.note for c in contract_costs(COMMISSION))
    assert all(bool(c.questions) == (c.verdict != "likely expense") for c in contract_costs(COMMISSION))


def test_amortization_adds_up_to_the_cent() -> None:
    parts = amortise(3000, 36)
    assert parts[:3] == (83.33, 83.34, 83.33)
    assert round(sum(parts), 2) == 3000
    assert set(amortise(3000, 60)) == {50.0}
    with pytest.raises(CostError, match=r"months: must be a whole number from 1 to 600\. You entered 0"):
        amortise(3000, 0)


def test_two_plans_are_compared_on_the_same_people() -> None:
    people = pd.DataFrame(
        {
            "id": ["ana", "ben", "cyd"], "role": ["csm", "csm", "senior_csm"], "base": 85_000.0, "variable": 20_000.0,
            "grr": [0.95, 0.92, 0.92], "expansion_arr": [240_000.0] * 3, "csat_top_box": [0.93, 0.93, 0.5],
        }
    )  # fmt: skip
    comparison = side_by_side(GATE, WEIGHTED, people, on="results")
    by_id = comparison.people.set_index("id")
    # Ana: weighted .45 * 1.3 + .35 + .2 = 1.135; gated .5625 * 1.3 + .4375 = 1.16875
    assert by_id.loc["ana", ["pay_before", "pay_now", "change", "outcome"]].tolist() == [
        23375.0,
        22700.0,
        -675.0,
        "loses",
    ]
    assert by_id.loc["ben", ["change", "outcome"]].tolist() == [0.0, "same"]
    # Cyd: weighted .45 + .35; gated, at most 1
    assert by_id.loc["cyd", ["pay_before", "pay_now"]].tolist() == [20000.0, 16000.0]
    assert (comparison.gains, comparison.loses, comparison.same) == (0, 2, 1)
    assert comparison.by_role.set_index("role")["change"].to_dict() == {"csm": -675.0, "senior_csm": -4000.0}
    assert comparison.change["pay"] == -4675
    assert comparison.change["employer_tax"] == pytest.approx(-4675 * 0.0765, abs=0.02)
    assert len(charts.gains_and_losses(comparison).rows) == 3
    more = side_by_side(WEIGHTED, WEIGHTED.edit({"pay.variable": 30000}), headcount(WEIGHTED, 2), terms="plan")
    assert (more.gains, more.change["pay"]) == (2, 20_000)
    json.dumps(more.to_dict())


# People


def test_people_of_a_file_are_costed_or_listed_with_a_reason() -> None:
    people = roster.read(roster.sample(), "sample.csv").people
    selected = from_people(WEIGHTED, people)
    assert len(selected.people) + len(selected.set_aside) == len(people)
    assert set(selected.people["role"]) == {"csm"}
    assert set(selected.people["currency"]) == {"USD"}
    assert selected.set_aside["why"].ne("").all()
    report = cost(WEIGHTED, selected)
    assert report.headcount == len(selected.people)
    assert len(report.set_aside) == len(selected.set_aside)
    chosen = from_people(WEIGHTED, people, ids=[selected.people["id"].iloc[0]])
    assert chosen.count == 1


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"id": ["a", "a"]}, "people.id: must be unique; 'a' is in several rows."),
    ({"base": [1.0, -5.0]}, "people.base: must be money of 0 or more. Rows: 'b' (-5)."),
    ({"variable": [1.0, math.nan]}, "people.variable: must be money of 0 or more. Rows: 'b' (missing)."),
    ({"headcount": [1, 0]}, "people.headcount: must be a whole number of people, 1 or more. Rows: 'b' (0)."),
    ({"headcount": [1.5, 1]}, "people.headcount: must be a whole number of people, 1 or more. Rows: 'a' (1.5)."),
    ({"currency": ["USD", "EUR"]}, "people.currency: must be USD, the currency of the plan. Some rows have EUR"),
    ({"base": ["x", "y"]}, "people.base: must be a number in every row; row 'a'."),
    ({"base": [None, "y"]}, "people.base: must be a number in every row; row 'b'."),
    ({"hired": ["2026-02-30", "x"]}, "people.hired: must be a date in every row, such as 2026-03-16."),
    ({"grr.target": [0.9, 0.9]}, "people.grr.target: a personal target needs a component with attainment"),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "message"), REFUSED, ids=lambda value: str(value)[:40])
def test_an_invalid_headcount_table_is_refused(columns: dict[str, Any], message: str) -> None:
    people = pd.DataFrame({"id": ["a", "b"], "base": [80_000.0] * 2, "variable": [20_000.0] * 2} | columns)
    with pytest.raises(CostError) as refused:
        cost(WEIGHTED, people)
    assert message in str(refused.value)


COMMISSIONED = {"id": ["a", "b", "c"], "role": "csm", "base": 90_000.0, "variable": 30_000.0}


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ([400_000, "much", None], "people.expansion_arr.target: must be a number in every row; row 'b'."),
        ([400_000, 0, None], "people.expansion_arr.target: must be above 0. Rows: 'b' (0)."),
        ([400_000, math.inf, -1], "people.expansion_arr.target: must be above 0. Rows: 'b' (inf), 'c' (-1)."),
    ],
)
def test_an_invalid_target_column_is_refused(cells: list[Any], sentence: str) -> None:
    people = pd.DataFrame(COMMISSIONED | {"expansion_arr.target": cells})
    for ask in (cost, schedule):
        with pytest.raises(CostError) as refused:
            ask(COMMISSION, people)
        assert str(refused.value) == sentence


def test_a_missing_personal_target_defaults_to_the_plan() -> None:
    people = pd.DataFrame(COMMISSIONED | {"expansion_arr.target": pd.array([400_000, 200_000, None], dtype="Int64")})
    pay = cost(COMMISSION, people).each["pay"].tolist()
    assert pay == [30_000, 20_000, 30_000]


def test_targets_without_a_component_are_ignored_with_a_note() -> None:
    people = pd.DataFrame(COMMISSIONED | {"expansion_arr.target": 200_000, "nps.target": 50, "grr.target": "high"})
    selected = from_people(COMMISSION, people)
    assert [name for name in selected.people.columns if name.endswith(".target")] == ["expansion_arr.target"]
    note = "nps.target, grr.target don't fit a component with attainment as its axis; ignored."
    assert note in cost(COMMISSION, selected).notes


def test_a_group_is_costed_to_the_cent() -> None:
    groups = pd.DataFrame({"id": ["a", "b"], "headcount": [70_001, 7], "base": 101_111.1, "variable": 20_000.33})
    report = cost(WEIGHTED, groups)
    for entry in (*report.to_dict()["rows"], *report.to_dict()["by_role"]):
        assert [name for name in AMOUNTS if entry[name] != round(entry[name], 2)] == []
    assert report.rows["base"].tolist() == [7_077_878_111.1, 707_777.7]
    assert report.by_role["base"].tolist() == [7_078_585_888.8]


def test_other_invalid_requests_are_refused() -> None:
    with pytest.raises(CostError, match="headcount: must be a whole number from 1"):
        headcount(WEIGHTED, 0)
    with pytest.raises(
        CostError,
        match=r"year: must be a year with a known Social Security wage base \(2025, 2026\), or later\. You ent",
    ):
        cost(WEIGHTED, headcount(WEIGHTED), Assumptions(year=2024))
    euro = WEIGHTED.edit({"currency": "EUR"})
    with pytest.raises(CostError, match="regime: us_fica is a tax in US dollars and the plan pays in EUR"):
        cost(euro, headcount(euro), Assumptions())
    assert cost(euro, headcount(euro)).at_target.tax == 0
    with pytest.raises(CostError, match=r"currency: must be the same in both plans\. You entered USD and EUR"):
        side_by_side(WEIGHTED, euro, headcount(WEIGHTED))
    with pytest.raises(CostError, match=r"people\.grr: is missing; the plan needs this result"):
        side_by_side(WEIGHTED, GATE, headcount(WEIGHTED), on="results")
    with pytest.raises(CostError, match=r"Nobody is paid under this plan\. The role is csm"):
        from_people(WEIGHTED, one(1.0, 1.0, role="csm"), roles=["cse"])
    with pytest.raises(CostError, match="attainments: must be in ascending order"):
        cost(WEIGHTED, headcount(WEIGHTED), attainments=[1, 0.5])


# Assumptions

INVALID: list[tuple[dict[str, Any], str]] = [
    ({"benefits": 1}, "benefits: is not a known key; did you mean benefits_rate?"),
    ({"benefits_rate": 3}, "benefits_rate: must be at most 2. You entered 3."),
    ({"overhead": -1}, "overhead: must be at least 0. You entered -1."),
    ({"year": 2026.5}, "year: must be a whole number. You entered 2026.5."),
    ({"regime": "uk"}, "regime: must be one of us_fica, rate, none. You entered 'uk'."),
    ({"regime": "rate"}, "rate: is missing; regime rate needs it, such as 0.21."),
    ({"rate": 0.2}, "rate: has no effect with regime us_fica; set regime to rate, or remove it."),
    (
        {"suta_rate": 0.02},
        "suta_base: is missing; suta_rate needs the wages per person per year that it applies to, such as 7000.",
    ),
    ({"futa_base": 7000}, "futa_base: has no effect without futa_rate; give both or neither."),
    ({"starts": "2026-02-02"}, "starts: must be the first day of a month. You entered 2026-02-02."),
    ({"starts": "soon"}, "starts: must be a date such as 2026-01-31. You entered 'soon'."),
    ({"stress": 0.5}, "stress: must be at least 1. You entered 0.5."),
    ({"correlation": 1.5}, "correlation: must be at most 1. You entered 1.5."),
    ({"budget": 0}, "budget: must be above 0. You entered 0."),
    ({"budget": "much"}, "budget: must be a number. You entered 'much'."),
    ({"spreads": {"grr": -1}}, "spreads.grr: must be at least 0. You entered -1."),
    ({"draws": 3}, "draws: Input should be a multiple of 2. You entered 3."),
]


@pytest.mark.parametrize(("data", "message"), INVALID, ids=lambda value: str(value)[:40])
def test_inconsistent_assumptions_are_refused(data: dict[str, Any], message: str) -> None:
    with pytest.raises(CostError) as refused:
        Assumptions.from_dict(data)
    assert message in str(refused.value)


def test_spreads_and_means_need_a_component() -> None:
    with pytest.raises(CostError, match=r"spreads\.gr: is not a component of the plan; did you mean grr"):
        cost(WEIGHTED, headcount(WEIGHTED), Assumptions(spreads={"gr": 0.1}))
    with pytest.raises(CostError, match=r"means\.grr: must be at most 1, the limit of Gross revenue retention"):
        cost(WEIGHTED, headcount(WEIGHTED), Assumptions(means={"grr": 1.2}))


CHANGES: dict[str, dict[str, Any]] = {
    "year": {"year": 2025},
    "starts": {"starts": "2026-07-01"},
    "pay_lag": {"pay_lag": 3},
    "regime": {"regime": "none"},
    "rate": {"regime": "rate", "rate": 0.3},
    "wage_base": {"wage_base": 50_000},
    "futa_rate": {"futa_rate": 0.01, "futa_base": 7000},
    "futa_base": {"futa_rate": 0.006, "futa_base": 9000},
    "suta_rate": {"suta_rate": 0.03, "suta_base": 7000},
    "suta_base": {"suta_rate": 0.027, "suta_base": 9000},
    "benefits_rate": {"benefits_rate": 0.1},
    "overhead": {"overhead": 100},
    "budget": {"budget": 1e6},
    "budget_of": {"budget": 9e5, "budget_of": "cash"},
    "arr_managed": {"arr_managed": 1e7},
    "arr_due": {"arr_due": 1e6},
    "stress": {"stress": 3},
    "means": {"means": {"expansion_arr": 350_000}},
    "spreads": {"spreads": {"grr": 0.01}},
    "correlation": {"correlation": 0.5},
    "seed": {"seed": 7},
    "draws": {"draws": 2048},
}
BEFORE: dict[str, dict[str, Any]] = {
    "rate": {"regime": "rate", "rate": 0.2},
    "futa_rate": {"futa_rate": 0.006, "futa_base": 7000},
    "futa_base": {"futa_rate": 0.006, "futa_base": 7000},
    "suta_rate": {"suta_rate": 0.027, "suta_base": 7000},
    "suta_base": {"suta_rate": 0.027, "suta_base": 7000},
    "budget_of": {"budget": 9e5, "budget_of": "loaded"},
}


@pytest.mark.parametrize("field", Assumptions.model_fields)
def test_every_assumption_has_an_effect(field: str) -> None:
    people = pd.DataFrame(
        {"id": ["a", "b"], "headcount": [1, 4], "base": [170_000.0, 90_000.0], "variable": 30_000.0,
         "hired": [pd.NaT, pd.Timestamp(2026, 9, 1)]}
    )  # fmt: skip

    def figures(data: dict[str, Any]) -> str:
        known = Assumptions.from_dict(data)
        plain = cost(COMMISSION, people, known).to_dict()
        for key in ("assumptions", "notes", "year"):
            del plain[key]
        for key in ("seed", "draws", "means", "spreads", "illustrative"):
            del plain["expected"][key]
        months = schedule(COMMISSION, people, known).months.drop(columns=["starts", "label"])
        return json.dumps(plain) + months.to_json()

    assert figures(CHANGES[field]) != figures(BEFORE.get(field, {}))


def test_assumptions_survive_a_round_trip() -> None:
    for data in CHANGES.values():
        known = Assumptions.from_dict(data)
        assert Assumptions.from_dict(json.loads(json.dumps(known.to_dict()))) == known
    assert Assumptions().to_dict() == {}


def test_documentation_states_the_computed_values() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "cost.md"
    done = doctest.testfile(str(page), module_relative=False)
    assert (done.failed, done.attempted) == (0, 7)


# The command


def test_the_cost_command_prints_the_report(tmp_path: Path) -> None:
    file = tmp_path / "cost.yaml"
    file.write_text("benefits_rate: 0.2\nbudget: 250000\n", encoding="utf-8")
    result = run("cost", "template:knowup-csat-weighted", "--headcount", "10", "--assumptions", str(file),
               "--attainment", "120%", "--against", "template:knowup-csat-gate")  # fmt: skip
    assert result.exit_code == 0, result.output
    for words in ("$1,300,325.00", "AT 120%", "$239,000.00", "0 gain, 10 lose", "Not included"):
        assert words in result.output
    data = json.loads(run("cost", "template:knowup-csat-weighted", "--json").output)
    assert data["at_target"]["pay"] == 20_000
    assert len(data["schedule"]["months"]) == 13


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--headcount", "x"], "--headcount must be a whole number of people, such as 12. You entered 'x'."),
        (["--headcount", "0"], "--headcount must be a whole number from 1 to 1,000,000. You entered 0."),
        (
            ["--attainment", "30"],
            "--attainment must be a share of target from 0% to 1000%, such as 1.2 or 120%. You entered '30'.",
        ),
        (["--headcount", "2", "--roster", "x.csv"], "Use either --headcount or --roster, not both."),
        (["--role", "csm"], "--role needs a people file. Add --roster FILE."),
    ],
)
def test_invalid_options_of_the_command_are_refused(arguments: list[str], sentence: str) -> None:
    result = run("cost", "template:knowup-csat-weighted", *arguments)
    assert result.exit_code == 2
    assert sentence in result.output


def test_a_total_cap_alone_sets_the_maximum() -> None:
    plan = WEIGHTED.edit({"components[1].curve": {"kind": "linear", "points": [[0, 0], [1, 1]], "above": "extend"}})
    assert cost(plan, headcount(plan)).most.kind == "stress"
    capped = plan.edit({"caps.total": 3.0})
    report = cost(capped, headcount(capped, 4))
    assert (report.most.kind, report.most.attainment) == ("cap", None)
    assert report.most.cost.pay == 4 * ceiling(capped) == 4 * 3.0 * plan.pay.target_variable


def test_an_empty_target_column_defaults_to_the_plan() -> None:
    people = headcount(COMMISSION, 2).people
    empty = people.assign(**{"expansion_arr.target": np.nan})
    assert cost(COMMISSION, empty).at_target == cost(COMMISSION, people).at_target


def test_year_without_a_published_wage_base_uses_the_last_one_and_says_so() -> None:
    known, later = (cost(WEIGHTED, headcount(WEIGHTED), Assumptions(year=year)) for year in (2026, 2027))
    assert later.at_target.employer_tax == known.at_target.employer_tax
    sentence = "The wage base of 2027 isn't known to compplan, so the one of 2026 is used."
    assert [sentence in " ".join(report.notes) for report in (known, later)] == [False, True]


def test_own_wage_base_is_used() -> None:
    # 105,000 at target: Social Security on 90,000 and Medicare on all of it.
    report = cost(WEIGHTED, headcount(WEIGHTED), Assumptions(year=2027, wage_base=90_000))
    assert report.at_target.employer_tax == round(0.062 * 90_000 + 0.0145 * 105_000, 2) == 7102.5
    assert "up to $90,000" in " ".join(report.notes)
    assert "isn't known" not in " ".join(report.notes)
    with pytest.raises(CostError, match="wage_base: has no effect with regime none"):
        Assumptions(regime="none", wage_base=90_000)
