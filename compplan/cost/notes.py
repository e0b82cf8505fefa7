"""What a cost report assumes and what it leaves out, as sentences for the reader."""

from __future__ import annotations

import datetime as dt

from compplan import formats
from compplan.cost.assumptions import Assumptions
from compplan.cost.expected import Expected
from compplan.cost.taxes import us_fica
from compplan.payout import at_target
from compplan.plan import Plan
from compplan.settlement import PlanYear, Population

_NEAR = 1e-4  # lines are paid in whole cents

NOT_MODELLED = (
    "Kickers and spiffs on what no component measures: their counts are not known ahead, and count as nothing.",
    "People who come and go without dates in the table, raises within the year, and vacancies.",
    "A plan that pays each period by itself is costed on the year's results; results of single periods scatter more.",
    "Draws, guarantees, ramps and clawbacks.",
    "Equity, severance, recruiting, payroll tax of employees, and taxes that differ by state or city.",
    "Overtime that a promised bonus adds for people who are not exempt.",
)


def notes(population: Population, assumptions: Assumptions, likely: Expected) -> tuple[str, ...]:
    """Assumptions of a report, one sentence each."""
    plan, pay = population.plan, population.pay
    found = [
        *population.headcount.notes,
        _taxes(plan, assumptions),
        *_loads(plan, assumptions),
        *_year(plan, assumptions),
    ]
    out = int((pay.share == 0).sum())
    if out:
        found.append(f"{out} row{'' if out == 1 else 's'} of people outside the plan year cost nothing in it.")
    promise = at_target(population.compiled)
    if promise is not None and abs(promise - 1.0) >= _NEAR:
        found.append(f"At target this plan pays {formats.percent(promise)} of target variable, not 100%.")
    found.append(_scatter(plan, assumptions, likely))
    if pay.count.sum() > 1:
        found.append(_together(assumptions, likely))
    return tuple(found)


def _taxes(plan: Plan, assumptions: Assumptions) -> str:
    if assumptions.regime == "us_fica":
        (rate, base), (medicare, _) = us_fica(assumptions.year)
        told = (
            f"Employer tax is US FICA of {assumptions.year}: {formats.percent(rate)} of wages up to "
            f"{formats.money(base, 'USD', 0)} and {formats.percent(medicare)} of all wages."
        )
    elif assumptions.regime == "rate":
        told = f"Employer tax is {formats.percent(assumptions.rate or 0.0)} of base and variable."
    else:
        told = "No employer tax is counted."
    parts = [
        f"{formats.percent(rate)} of wages up to {formats.money(base or 0.0, plan.currency, 0)} ({where})"
        for rate, base, where in (
            (assumptions.futa_rate, assumptions.futa_base, "federal"),
            (assumptions.suta_rate, assumptions.suta_base, "state"),
        )
        if rate
    ]
    return f"{told} Unemployment tax: {' and '.join(parts) if parts else 'none is given, none is counted'}."


def _loads(plan: Plan, assumptions: Assumptions) -> list[str]:
    benefits, overhead = assumptions.benefits_rate, assumptions.overhead
    if not benefits and not overhead:
        return ["Benefits and overhead are not given and count as nothing: the loaded cost is too low by them."]
    told = formats.money(overhead, plan.currency, 0)
    first = f"Benefits are {formats.percent(benefits)} of base" if benefits else "Benefits are not given"
    return [f"{first}; overhead is {f'{told} a person a year' if overhead else 'not given'}."]


def _year(plan: Plan, assumptions: Assumptions) -> list[str]:
    year = PlanYear.of(assumptions)
    found: list[str] = []
    if year.first != dt.date(assumptions.year, 1, 1):
        told = f"The plan year runs from {year.first} to {year.last}; tax is reckoned as if it were the tax year"
        found.append(f"{told} {assumptions.year}.")
    since, until = plan.effective.since, plan.effective.until
    if (since is not None and since > year.first) or (until is not None and until < year.last):
        found.append("The plan does not hold for the whole of the plan year; it is costed as if it did.")
    return found


def _scatter(plan: Plan, assumptions: Assumptions, likely: Expected) -> str:
    count, given = len(plan.components), len(plan.components) - len(likely.illustrative)
    whose = "are an illustration" if not given else "are given" if given == count else "are partly an illustration"
    about = "target" if not assumptions.means else "the stated means"
    how = (
        "in closed form"
        if likely.method == "closed form"
        else f"by a simulation of {likely.draws:,} years (seed {likely.seed})"
    )
    return f"Results scatter normally around {about}; the spreads {whose}. Expected pay is computed {how}."


def _together(assumptions: Assumptions, likely: Expected) -> str:
    rho = formats.percent(likely.correlation, 0)
    why = "" if likely.shared < 0.005 else ", since the plan measures what people share,"
    stated = "" if assumptions.correlation else " (none is stated beyond that)"
    return (
        f"The pay of two people is taken to be correlated by {rho}{why}{stated}; the range of the team is that of a "
        "normal distribution."
    )
