"""The assumptions and limits of a cost report, as sentences."""

from __future__ import annotations

import datetime as dt

from compplan import formats
from compplan.cost.assumptions import Assumptions
from compplan.cost.expected import Expected
from compplan.cost.taxes import employer_bands, fica_year
from compplan.outcomes import spread_text
from compplan.payout import at_target
from compplan.plan import Plan
from compplan.plan.calendar import part_year_text
from compplan.settlement import Population

_NEAR = 1e-4  # pay is in whole cents, so 100% at target is rarely exact

NOT_MODELLED = (
    "Kickers and SPIFs at target, by attainment and in expected pay. Their counts aren't known in advance.",
    "Joiners and leavers without dates in the table, raises during the year, and vacancies.",
    "Results of single periods. A plan that pays each period on its own is costed on yearly results, which vary less.",
    "Draws, guarantees, ramps and clawbacks.",
    "Equity, severance, recruiting, payroll tax paid by employees, and taxes that differ by state or city.",
    "Overtime that a promised bonus adds for non-exempt employees.",
)


def notes(population: Population, assumptions: Assumptions, likely: Expected | None) -> tuple[str, ...]:
    """Assumptions of a report, one sentence each."""
    plan, pay = population.plan, population.pay
    sentences = [
        *population.headcount.notes,
        _taxes(plan, assumptions),
        *_loads(plan, assumptions),
        *_year(population, assumptions),
    ]
    outside = int((pay.share == 0).sum())
    if outside:
        rows = "1 row is" if outside == 1 else f"{outside:,} rows are"
        sentences.append(f"{rows} outside the plan year and cost nothing.")
    share = at_target(population.compiled)
    if share is not None and abs(share - 1.0) >= _NEAR:
        sentences.append(f"At target this plan pays {formats.percent(share)} of target variable, not 100%.")
    sentences.append(spread_text(plan, assumptions.spreads))
    if likely is not None:
        sentences.append(_method(assumptions, likely))
    if likely is not None and pay.count.sum() > 1:
        sentences.append(_correlation(assumptions, likely))
    return tuple(sentences)


def _taxes(plan: Plan, assumptions: Assumptions) -> str:
    if assumptions.regime == "us_fica":
        (rate, base), (medicare, _) = employer_bands(assumptions)
        known = fica_year(assumptions.year)
        employer = (
            f"Employer tax is US FICA of {known}: {formats.percent(rate)} of wages up to "
            f"{formats.money(base, 'USD', 0)} and {formats.percent(medicare)} of all wages."
        )
        if assumptions.wage_base is not None:
            employer += " You entered the wage base."
        elif known != assumptions.year:
            employer += (
                f" The wage base of {assumptions.year} isn't known to compplan, so the one of {known} is used. "
                "Enter yours once it is published."
            )
    elif assumptions.regime == "rate":
        employer = f"Employer tax is {formats.percent(assumptions.rate or 0.0)} of base and variable."
    else:
        employer = "Employer tax isn't included."
    parts = [
        f"{formats.percent(rate)} of wages up to {formats.money(base or 0.0, plan.currency, 0)} ({level})"
        for rate, base, level in (
            (assumptions.futa_rate, assumptions.futa_base, "federal"),
            (assumptions.suta_rate, assumptions.suta_base, "state"),
        )
        if rate
    ]
    unemployment = f"Unemployment tax is {' and '.join(parts)}." if parts else "Unemployment tax isn't included."
    return f"{employer} {unemployment}"


def _loads(plan: Plan, assumptions: Assumptions) -> list[str]:
    benefits, overhead = assumptions.benefits_rate, assumptions.overhead
    if not benefits and not overhead:
        return ["Benefits and overhead aren't included, so the true cost is higher."]
    amount = formats.money(overhead, plan.currency, 0)
    first = f"Benefits are {formats.percent(benefits)} of base" if benefits else "Benefits aren't included"
    second = f"is {amount} per person per year" if overhead else "isn't included"
    return [f"{first}; overhead {second}."]


def _year(population: Population, assumptions: Assumptions) -> list[str]:
    plan, year = population.plan, population.year
    sentences: list[str] = []
    if year.first != dt.date(assumptions.year, 1, 1):
        sentences.append(
            f"The plan year runs from {year.first} to {year.last} and is taxed as if it were the tax year "
            f"{assumptions.year}."
        )
    partly = part_year_text(plan, year)
    if partly:
        sentences.append(partly)
    return sentences


def _method(assumptions: Assumptions, likely: Expected) -> str:
    center = "target" if not assumptions.means else "the stated means"
    method = (
        "in closed form"
        if likely.method == "closed form"
        else f"by a simulation of {likely.draws:,} years (seed {likely.seed})"
    )
    return f"Results vary around {center} with a normal distribution. Expected pay is computed {method}."


def _correlation(assumptions: Assumptions, likely: Expected) -> str:
    rho = formats.percent(likely.correlation, 0)
    if rho == "0%" and not assumptions.correlation:
        return "People's results are assumed independent. The range of the team is that of a normal distribution."
    shared = "" if likely.shared < 0.005 else " because the plan pays on shared results"
    stated = "" if assumptions.correlation else "; no other correlation is assumed"
    return (
        f"The pay of any two people has a correlation of {rho}{shared}{stated}. The range of the team is that of a "
        "normal distribution."
    )
