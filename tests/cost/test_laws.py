"""Laws of cost: numbered properties, with a slow exact oracle of payroll tax and proration."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.plans import make_plan
from support.spreads import own_spreads

from compplan import templates
from compplan.arrays import FloatArray
from compplan.cost import Assumptions, CostReport, cost, headcount, schedule, side_by_side, tax, us_fica
from compplan.money import minor_digits
from compplan.outcomes import DRAWS, pay_distribution
from compplan.plan import Plan

KEYS = templates.keys()
SUMS = ("base", "pay", "employer_tax", "unemployment_tax", "benefits", "overhead", "loaded")
plans = st.sampled_from(KEYS).map(templates.load)
FEW = {"draws": 256}


def few(plan: Plan) -> Assumptions:
    """Few drawn years, and a spread for each measure that the plan declares."""
    return Assumptions.for_plan(plan).edit({**FEW, "spreads": own_spreads(plan)})


@st.composite
def random_plans(draw: st.DrawFn) -> Plan:
    return Plan.from_dict(make_plan(draw(st.randoms(use_true_random=False)), sound=True))


def cents(exact: Fraction) -> int:
    """Half away from zero; nothing here is negative."""
    return int(exact * 100 + Fraction(1, 2))


def fica(wages: Fraction, base: int = 184_500) -> int:
    return cents(Fraction(62, 1000) * min(wages, base) + Fraction(145, 10_000) * wages)


@st.composite
def assumed(draw: st.DrawFn, plan: Plan) -> Assumptions:
    currency = plan.currency
    rate = st.integers(0, 40).map(lambda n: n / 100)
    regime = draw(st.sampled_from(["us_fica", "rate", "none"] if currency == "USD" else ["rate", "none"]))
    return Assumptions(
        year=draw(st.sampled_from([2025, 2026])),
        regime=regime,
        rate=draw(rate) if regime == "rate" else None,
        suta_rate=0.027,
        suta_base=float(draw(st.sampled_from([7_000, 62_500]))),
        benefits_rate=draw(rate),
        overhead=float(draw(st.integers(0, 20_000))),
        pay_lag=draw(st.integers(0, 3)),
        correlation=draw(st.integers(0, 4)) / 4,
        spreads=own_spreads(plan),
        draws=256,
    )


@st.composite
def team(draw: st.DrawFn, plan: Plan) -> pd.DataFrame:
    commissions = sum(c.rate * c.target for c in plan.components if c.rate is not None)
    rows: list[dict[str, Any]] = []
    for i in range(draw(st.integers(1, 4))):
        hired = draw(st.one_of(st.none(), st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 31))))
        rows.append(
            {
                "id": f"p{i}",
                "role": draw(st.sampled_from(["csm", "senior_csm"])),
                "headcount": draw(st.integers(1, 5)),
                "base": draw(st.integers(2_000_000, 30_000_000)) / 100,
                "variable": commissions + draw(st.integers(0, 9_000_000)) / 100,
                "hired": pd.NaT if hired is None else pd.Timestamp(hired),
                "left": pd.NaT,
            }
        )
    return pd.DataFrame(rows)


def amounts(report: CostReport) -> dict[str, Any]:
    data = report.to_dict()
    return {name: data[name] for name in ("at_target", "grid", "most", "variable", "ote", "headcount")}


@given(plans, st.data())
@settings(max_examples=30)
def test_1_people_add_up_to_the_total(plan: Plan, data: st.DataObject) -> None:
    people = data.draw(team(plan))
    report = cost(plan, people, data.draw(assumed(plan)))
    for name in SUMS:
        assert round(report.rows[name].sum(), 2) == round(report.at_target.to_dict()[name], 2)
        assert round(report.by_role[name].sum(), 2) == round(report.rows[name].sum(), 2)
    assert round(report.rows["expected_loaded"].sum(), 2) == round(report.expected.cost.loaded, 2)
    assert round(report.rows["most_loaded"].sum(), 2) == round(report.most.cost.loaded, 2)
    assert report.at(1.0) == report.at_target


@given(plans, st.data(), st.sampled_from(["expected", 1.0, 0.8]))
@settings(max_examples=25)
def test_2_the_months_add_up_to_the_year_to_the_cent(plan: Plan, data: st.DataObject, footing: Any) -> None:
    people, assumptions = data.draw(team(plan)), data.draw(assumed(plan))
    report, calendar = cost(plan, people, assumptions), schedule(plan, people, assumptions, footing=footing)
    year = report.expected.cost if footing == "expected" else report.at(footing)
    months = calendar.months
    assert calendar.year.to_dict() == pytest.approx(year.to_dict(), abs=1e-6)
    wanted = {"base": year.base, "variable_accrued": year.pay, "employer_tax": year.employer_tax,
              "unemployment_tax": year.unemployment_tax, "benefits": year.benefits, "overhead": year.overhead,
              "total_cost": year.loaded}  # fmt: skip
    for name, amount in wanted.items():
        assert round(months[name].sum(), 2) == round(amount, 2), name
    # What is earned is paid in the end, tax and all.
    assert round(months["variable_paid"].sum(), 2) == round(year.pay, 2)
    assert round(months["cash_paid"].sum(), 2) == round(year.loaded, 2)
    assert (months["accrual"] >= -1e-9).all()
    assert months["accrual"].iloc[-1] == 0
    running = (months["variable_accrued"] - months["variable_paid"]).cumsum()
    assert np.allclose(running, months["accrual_pay"], atol=1e-6)
    taxed = (months["employer_tax"] + months["unemployment_tax"] - months["tax_paid"]).cumsum()
    assert np.allclose(taxed, months["accrual_tax"], atol=1e-6)
    assert calendar.quarters["total_cost"].sum() == pytest.approx(months["total_cost"].sum())


@given(st.integers(1_000_000, 40_000_000), st.integers(0, 12_000_000), st.sampled_from(["monthly", "quarterly"]))
@settings(max_examples=40)
def test_3_tax_by_month_equals_the_exact_oracle(base: int, variable: int, frequency: str) -> None:
    plan = templates.load("flowfuse-csm").edit({"frequency": frequency})
    people = pd.DataFrame({"id": ["a"], "base": [base / 100], "variable": [variable / 100]})
    months = schedule(plan, people, Assumptions(**FEW), footing=1.0).months
    step = 1 if frequency == "monthly" else 3
    so_far: list[int] = []
    taxed: list[int] = []
    for m in range(1, 14):
        base_so_far = int(Fraction(base * min(m, 12), 12) + Fraction(1, 2))
        accrued = int(Fraction(variable * min(m, 12), 12) + Fraction(1, 2))
        ended = (m - 1) // step * step
        settled = int(Fraction(variable * min(ended, 12), 12) + Fraction(1, 2))
        so_far.append(fica(Fraction(base_so_far + accrued, 100)))
        taxed.append(fica(Fraction(base_so_far + settled, 100)))
    assert np.rint(months["employer_tax"].cumsum() * 100).tolist() == so_far
    assert np.rint(months["tax_paid"].cumsum() * 100).tolist() == taxed
    assert so_far[-1] == taxed[-1] == fica(Fraction(base + variable, 100))


@given(st.dates(dt.date(2025, 6, 1), dt.date(2027, 3, 1)), st.dates(dt.date(2025, 6, 1), dt.date(2027, 3, 1)))
@settings(max_examples=40)
def test_4_part_of_a_year_is_prorated_by_days(one: dt.date, other: dt.date) -> None:
    hired, left = min(one, other), max(one, other)
    plan = templates.load("flowfuse-csm")
    row = {"id": "a", "base": 85_000.0, "variable": 20_000.0, "hired": hired, "left": left}
    report = cost(plan, pd.DataFrame([row]), Assumptions(**FEW))
    start, end = max(hired, dt.date(2026, 1, 1)), min(left, dt.date(2026, 12, 31))
    share = Fraction(max((end - start).days + 1, 0), 365)
    assert round(report.at_target.base * 100) == cents(85_000 * share)
    assert round(report.variable * 100) == cents(20_000 * share)
    assert round(report.at_target.pay * 100) == cents(20_000 * share)


@given(random_plans(), st.integers(2, 9), st.integers(1, 8))
@settings(max_examples=25)
def test_5_splitting_a_group_in_two_changes_nothing(plan: Plan, count: int, first: int) -> None:
    one = headcount(plan, count).people
    first = min(first, count - 1)
    two = pd.concat([one.assign(id="a", headcount=first), one.assign(id="b", headcount=count - first)])
    assumptions = few(plan)
    together, apart = cost(plan, one, assumptions), cost(plan, two, assumptions)
    assert amounts(together) == amounts(apart)
    assert together.expected.fully_loaded.sd == pytest.approx(apart.expected.fully_loaded.sd)
    months = [schedule(plan, people, assumptions).months for people in (one, two)]
    pd.testing.assert_frame_equal(*months)


@given(random_plans())
@settings(max_examples=25)
def test_6_a_plan_compared_with_itself_costs_the_same(plan: Plan) -> None:
    comparison = side_by_side(plan, plan, headcount(plan, 3), few(plan), on=1.1)
    assert set(comparison.change.values()) == {0.0}
    assert {v for part in comparison.changes.values() for v in part.values()} == {0.0}
    assert (comparison.gains, comparison.loses, comparison.same) == (0, 0, 3)


@pytest.mark.parametrize("key", KEYS)
def test_7_cost_goes_up_with_attainment(key: str) -> None:
    plan = templates.load(key)
    report = cost(plan, headcount(plan, 3), few(plan))
    assert (np.diff(report.grid["loaded"]) >= -1e-9).all()
    assert report.most.cost.loaded >= report.grid["loaded"].max() - 1e-9


@given(random_plans())
@settings(max_examples=25)
def test_7_cost_never_exceeds_the_maximum(plan: Plan) -> None:
    # A gate or a modifier may punish the best result of another part, rounding may lift one past its limit.
    plan = plan.edit(dict.fromkeys(["gates", "modifiers", "rounding", "about"]))
    report = cost(plan, headcount(plan), few(plan))
    if report.most.kind == "cap":
        assert report.most.cost.loaded >= report.grid["loaded"].max() - 1e-9
        # Expected pay is rounded once, what is paid line by line.
        cent = 10.0 ** -minor_digits(plan.currency)
        assert report.most.cost.loaded >= report.expected.cost.loaded - 8 * cent


def exact_and_drawn(plan: Plan, draws: int = DRAWS) -> tuple[float | None, FloatArray]:
    """Mean in closed form and drawn years, as fractions of target variable."""
    variable = plan.pay.target_variable
    pay = pay_distribution(plan, np.array([variable]), np.ones(1), spreads=own_spreads(plan), draws=draws)
    unit = variable / float(pay.scale[0]) if variable else 1.0
    return (None if pay.exact_means is None else pay.exact_means[0] / unit), pay.drawn[0] / unit


@pytest.mark.parametrize("key", KEYS)
def test_8_closed_form_agrees_with_the_simulation(key: str) -> None:
    plan = templates.load(key)
    exact, drawn = exact_and_drawn(plan)
    if exact is None:
        assert plan.gates or plan.modifiers or plan.caps.total or plan.rounding.attainment
        return
    pairs = drawn.reshape(2, -1).mean(axis=0)
    assert abs(drawn.mean() - exact) <= 4 * pairs.std(ddof=1) / pairs.size**0.5 + 1e-9


@given(random_plans())
@settings(max_examples=25)
def test_8_closed_form_agrees_with_the_simulation_on_random_plans(plan: Plan) -> None:
    alone = dict.fromkeys(["gates", "modifiers", "kickers", "caps", "rounding", "about"])
    plan = plan.edit(alone)
    exact, drawn = exact_and_drawn(plan, 4096)
    assert exact is not None
    pairs = drawn.reshape(2, -1).mean(axis=0)
    # A jump that is hardly ever reached is not among a few thousand years.
    assert abs(drawn.mean() - exact) <= 5 * pairs.std(ddof=1) / pairs.size**0.5 + 1e-3


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 0.5), st.floats(0, 0.5))
def test_9_more_tax_never_costs_less(wages: float, more: float, rate: float, further: float) -> None:
    assert tax(wages + more, us_fica(2026)) >= tax(wages, us_fica(2026))
    assert tax(wages, ((rate + further, 1e5),)) >= tax(wages, ((rate, 1e5),))
    assert tax(wages, us_fica(2026)) >= tax(wages, us_fica(2025))


@given(st.integers(100, 300), st.floats(0.02, 0.2))
@settings(max_examples=25)
def test_10_expected_tax_is_at_most_the_tax_on_expected_pay(base: int, spread: float) -> None:
    plan = templates.load("flowfuse-csm")
    people = pd.DataFrame({"id": ["a"], "base": [base * 1000.0], "variable": [40_000.0]})
    report = cost(plan, people, Assumptions(spreads={"nrr": spread}, **FEW))
    likely = report.expected.cost
    assert likely.employer_tax <= float(tax(likely.cash, us_fica(2026))) / 100 + 0.011


@given(plans, st.sampled_from([0.0, 0.3, 1.0]), st.integers(2, 40))
@settings(max_examples=25)
def test_11_correlation_widens_the_range(plan: Plan, rho: float, count: int) -> None:
    known = Assumptions.for_plan(plan).edit({"spreads": own_spreads(plan)})
    alone = cost(plan, headcount(plan, 1), known).expected
    team_ = cost(plan, headcount(plan, count), known.edit({"correlation": rho})).expected
    together = team_.correlation
    wanted = alone.variable.sd * (count + together * count * (count - 1)) ** 0.5
    assert team_.variable.sd == pytest.approx(wanted, rel=1e-6, abs=1e-6)
    assert team_.variable.p10 <= team_.variable.p50 + 1e-6
    assert team_.variable.p50 <= team_.variable.p90 + 1e-6
    assert together >= rho - 1e-9
