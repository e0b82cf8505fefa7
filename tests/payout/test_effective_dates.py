"""A plan that is in effect for part of a year pays and costs that part."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pandas as pd
import pytest

from compplan import templates
from compplan.cost import Assumptions, cost, headcount, schedule, side_by_side
from compplan.documents.workbook import workbook
from compplan.errors import CompPlanError
from compplan.money import round_money
from compplan.payout import payout, payouts
from compplan.plan import Plan

PLAN = templates.load("knowup-csat-weighted").edit({"frequency": "monthly", "accumulation": "discrete"})
TERMS = Assumptions(regime="none")
AUTUMN = {"from": "2026-09-01", "to": "2026-12-31"}


def dated(plan: Plan, since: str | None, until: str | None) -> Plan:
    return plan.edit({"effective": {k: v for k, v in (("from", since), ("to", until)) if v}})


def at_target(plan: Plan, share: float) -> dict[str, float]:
    """Results at target when flows have this share of their yearly target."""
    return {c.key: c.target * (share if plan.measure(c.key).kind == "flow" else 1.0) for c in plan.components}


def in_effect(plan: Plan, period: int, since: dt.date, until: dt.date) -> bool:
    """Whether a plan is in effect on some day of a period of 2026."""
    months = 12 // plan.periods
    return since.month <= period * months and until.month > (period - 1) * months


def test_four_months_cost_122_of_365_days() -> None:
    plan = PLAN.edit({"effective": AUTUMN})
    report = cost(plan, headcount(plan, 3), Assumptions(regime="none", overhead=3650.0))
    assert report.variable == 3 * round_money(plan.pay.target_variable * 122 / 365, 2)
    assert report.at_target.base == 3 * round_money(plan.pay.base * 122 / 365, 2)
    assert report.at_target.overhead == 3 * 1220.0
    assert any("122 of 365 days" in note for note in report.notes)
    assert any("122 of 365 days" in note for note in report.to_dict()["notes"])
    months = schedule(plan, headcount(plan, 3), TERMS, footing=1.0).months
    assert not months["base"][:8].any()
    assert not months["variable_accrued"][:8].any()
    assert (months["base"][8:12] > 0).all()
    assert (months["variable_accrued"][8:12] > 0).all()


@pytest.mark.parametrize("seed", range(25))
def test_a_plan_in_effect_for_n_days_costs_n_days(seed: int) -> None:
    rng = random.Random(seed)
    year = rng.choice([2026, 2028])
    first = dt.date(year, 1, 1)
    length = (dt.date(year + 1, 1, 1) - first).days
    since = rng.randrange(-200, length)
    until = rng.randrange(max(since, 0), length + 200)
    days = min(until, length - 1) - max(since, 0) + 1
    dates = ((first + dt.timedelta(days=day)).isoformat() for day in (since, until))
    plan = dated(PLAN.edit({"pay.base": float(rng.randrange(40_000, 90_000))}), *dates)
    report = cost(plan, headcount(plan, 1), TERMS.edit({"starts": first.isoformat()}))
    assert report.variable == round_money(plan.pay.target_variable * days / length, 2)
    assert report.at_target.base == round_money(plan.pay.base * days / length, 2)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("accumulation", ["discrete", "year_to_date"])
def test_the_payslips_of_a_year_add_up_to_its_cost(seed: int, accumulation: str) -> None:
    rng = random.Random(seed)
    frequency = rng.choice(["monthly", "quarterly", "semiannual", "annual"])
    since, until = sorted(dt.date(2026, 1, 1) + dt.timedelta(days=rng.randrange(365)) for _ in range(2))
    plan = dated(
        PLAN.edit({"frequency": frequency, "accumulation": accumulation}), since.isoformat(), until.isoformat()
    )
    share = ((until - since).days + 1) / 365
    year = payout(plan, at_target(plan, share), "year")
    report = cost(plan, headcount(plan, 1), TERMS)
    assert (year.total, year.base, year.period_target) == (
        report.at_target.pay, report.at_target.base, report.variable,
    )  # fmt: skip
    base = target = before = 0.0
    for period in range(1, plan.periods + 1):
        late = before if accumulation == "year_to_date" and period > 1 else None
        if not in_effect(plan, period, since, until):
            with pytest.raises(CompPlanError, match="in effect"):
                payout(plan, at_target(plan, share), period, paid_before=late)
            continue
        statement = payout(plan, at_target(plan, share), period, paid_before=late)
        base += statement.base
        target = statement.period_target + (0.0 if accumulation == "year_to_date" else target)
        before += statement.total
    assert (round(base, 2), round(target, 2)) == (year.base, year.period_target)


def test_a_period_outside_the_dates_is_refused() -> None:
    plan = PLAN.edit({"effective": AUTUMN})
    with pytest.raises(CompPlanError) as refused:
        payout(plan, at_target(plan, 1 / 12), 1)
    assert str(refused.value) == (
        "period: 1 runs from 2026-01-01 to 2026-01-31, and the plan is in effect from 2026-09-01 to 2026-12-31. "
        "In the year from 2026-01-01 to 2026-12-31 it pays periods 9 to 12."
    )
    with pytest.raises(CompPlanError, match="in effect from 2026-09-01"):
        payouts(plan, pd.DataFrame([at_target(plan, 1 / 12)]), 8)
    statement = payout(plan, at_target(plan, 122 / 365 / 4), 9)
    assert statement.period_target == pytest.approx(20000 * 122 / 365 / 4, abs=0.006)
    assert any("30 of 30 days" in note for note in statement.notes)
    with pytest.raises(CompPlanError, match="choose another first day"):
        payout(plan, at_target(plan, 1), "year", year_starts=dt.date(2027, 1, 1))


def test_a_year_after_the_dates_is_not_costed() -> None:
    plan = PLAN.edit({"effective": AUTUMN})
    for year in (2025, 2027):
        with pytest.raises(CompPlanError, match="in effect from 2026-09-01 to 2026-12-31"):
            cost(plan, headcount(plan, 1), TERMS.edit({"year": year}))
    ended = dated(PLAN, "2024-01-01", "2024-12-31")
    with pytest.raises(CompPlanError, match="Choose a plan year"):
        cost(ended, headcount(ended, 1))


def test_a_plan_that_is_in_effect_for_exactly_a_year_is_paid_and_costed_in_full() -> None:
    fiscal = dated(PLAN, "2026-02-01", "2027-01-31")
    report = cost(fiscal, headcount(fiscal, 1))
    assert (report.year.first, report.variable) == (dt.date(2026, 2, 1), 20000.0)
    assert payout(fiscal, at_target(fiscal, 1), "year").period_target == 20000.0
    coming = dated(PLAN, "2027-01-01", "2027-12-31")
    assert cost(coming, headcount(coming, 1)).variable == 20000.0


def test_who_joins_within_the_dates_is_paid_for_the_days_in_both() -> None:
    plan = PLAN.edit({"effective": AUTUMN})
    people = headcount(plan, 1).people.assign(hired=pd.Timestamp("2026-12-01"), left=pd.NaT)
    assert cost(plan, people, TERMS).variable == round_money(20000 * 31 / 365, 2)


def test_two_plans_are_compared_on_the_days_of_the_new_one() -> None:
    before, now = dated(PLAN, None, "2026-08-31"), PLAN.edit({"effective": AUTUMN})
    comparison = side_by_side(before, now, headcount(now, 1), TERMS)
    assert comparison.people["change"].tolist() == [0.0]
    assert comparison.people["base_now"].tolist() == [round_money(now.pay.base * 122 / 365, 2)]


def test_a_workbook_of_part_of_a_year_agrees_with_the_engine() -> None:
    plan = PLAN.edit({"effective": AUTUMN})
    people = headcount(plan, 1).people.assign(hired=pd.Timestamp("2026-10-01"), left=pd.NaT)
    for team in (None, people):
        assert workbook(plan, team, assumptions=TERMS, on=dt.date(2026, 1, 1))  # raises if a figure differs


def test_ratios_leave_out_who_is_not_employed() -> None:
    both = headcount(PLAN, 1).people
    table = pd.concat([both, both.assign(id="gone")], ignore_index=True).assign(
        arr=[2e6, 3e6], hired=pd.NaT, left=[pd.NaT, pd.Timestamp("2025-06-30")]
    )
    ratios = cost(PLAN, table, TERMS).ratios
    assert (ratios.arr, ratios.arr_per_person) == (2e6, 2e6)
    alone = cost(PLAN, both.assign(arr=2e6), TERMS).ratios
    assert np.isclose(ratios.comp_of_arr or 0, alone.comp_of_arr or 0)


@pytest.mark.parametrize("accumulation", ["discrete", "year_to_date"])
@pytest.mark.parametrize("seed", range(10))
def test_who_is_hired_within_the_year_is_paid_what_cost_says(seed: int, accumulation: str) -> None:
    rng = random.Random(seed)
    plan = PLAN.edit({"accumulation": accumulation, "frequency": "quarterly"})
    hired = pd.to_datetime(["2026-01-01", *(f"2026-{rng.randrange(1, 12):02d}-{rng.randrange(1, 28):02d}",) * 3])
    left = pd.to_datetime([None, None, "2026-12-15", None])
    people = pd.concat([headcount(plan, 1).people] * 4, ignore_index=True).assign(
        id=list("abcd"), hired=hired, left=left, variable=[20_000.0, 15_001.0, 22_346.0, 9_999.0],
    )  # fmt: skip
    results = {c.key: np.array([c.target * rng.uniform(0.98, 1.0) for _ in range(4)]) for c in plan.components}
    table = people.assign(**results)
    paid = payouts(plan, table.set_index("id"), "year")
    comparison = side_by_side(plan, plan, table, TERMS, on="results", terms="people").people.set_index("id")
    assert paid["total"].to_dict() == comparison["pay_now"].to_dict()
    assert list(paid.index) == list("abcd")


def test_who_is_hired_in_november_is_paid_for_the_days_since() -> None:
    plan = PLAN.edit({"accumulation": "year_to_date", "frequency": "quarterly"})
    table = pd.DataFrame([at_target(plan, 61 / 365)]).assign(hired="2026-11-01", paid_before=0.0)
    assert payouts(plan, table, 4)["total"].tolist() == pytest.approx([20000 * 61 / 365], abs=0.02)
    with pytest.raises(
        CompPlanError, match=r"3 runs from 2026-07-01 to 2026-09-30, and the person is employed .* Row 0\."
    ):
        payouts(plan, table, 3)
    with pytest.raises(CompPlanError, match="must be a date in every row"):
        payouts(plan, table.assign(hired="soon"), 4)
