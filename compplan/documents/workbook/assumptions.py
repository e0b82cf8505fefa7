"""Assumptions sheet: employer taxes, benefits, overhead, budget and year of the cost calculation."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from compplan import facts
from compplan.cost import Assumptions
from compplan.cost.taxes import employer_bands, fica_year
from compplan.documents.workbook.pages import SheetWriter, WorkbookWriter
from compplan.documents.workbook.terms import Term, if_, least, plus
from compplan.plan.parts import Effective
from compplan.settlement import PlanYear

_FAR = 1e300
BUDGETS = ("variable", "cash", "loaded")


@dataclass(frozen=True, slots=True)
class TaxBand:
    """A tax rate and the wages per person that it applies to."""

    rate: Term
    most: Term


@dataclass(frozen=True, slots=True)
class AssumptionCells:
    """Cells of all assumptions."""

    page: SheetWriter
    employer: list[TaxBand]
    unemployment: list[TaxBand]
    benefits: Term
    overhead: Term
    budget: Term
    budget_of: str  # address of the choice
    of: str
    stress: Term
    first: Term
    last: Term
    since: Term | None
    until: Term | None


def write(book: WorkbookWriter, assumptions: Assumptions, dates: Effective, *, capped: bool) -> AssumptionCells:
    """Write the sheet.

    Parameters
    ----------
    book : WorkbookWriter
    assumptions : Assumptions
    dates : Effective
        Of the plan.
    capped : bool
        Whether pay has a limit.
    """
    page = book.page("Assumptions")
    page.widths(40, 18, 18, 18, 60)
    page.text(0, 0, "Cost assumptions", "title")
    page.text(1, 0, "Costs on top of base and variable pay. An empty yellow cell means no limit, or no value.", "note")
    page.text(3, 0, "Payroll taxes per person", "section")
    page.heads(4, ("Tax", "Rate", "Wage base limit", "Limit used"))
    taxes = [
        (f"employer_tax_{number}", name, rate, None if math.isinf(base) else base)
        for number, ((rate, base), name) in enumerate(
            zip(employer_bands(assumptions) or ((0.0, math.inf),), _tax_names(assumptions), strict=False), start=1
        )
    ] + [
        ("unemployment_tax_1", "Unemployment tax, federal", assumptions.futa_rate, assumptions.futa_base),
        ("unemployment_tax_2", "Unemployment tax, state", assumptions.suta_rate, assumptions.suta_base),
    ]
    bands = [_band(page, row, *tax) for row, tax in enumerate(taxes, start=5)]
    employer, unemployment = bands[:-2], bands[-2:]
    row = 6 + len(bands)
    page.text(row, 0, "Benefits and overhead", "section")
    for place, label in enumerate(("Benefits, % of base", "Overhead per person per year"), start=row + 1):
        page.text(place, 0, label)
    benefits = page.input(row + 1, 1, assumptions.benefits_rate, "share", "benefits_rate")
    overhead = page.input(row + 2, 1, assumptions.overhead, "money", "overhead_each")
    row += 4
    page.text(row, 0, "Year and budget", "section")
    labels = ("First day of the year", "Last day of the year", "Budget", "Budget covers", "Stress test: attainment")
    for place, label in enumerate(labels, start=row + 1):
        page.text(place, 0, label)
    year = PlanYear.of(assumptions)
    first = page.input(row + 1, 1, _day(year.first), "date", "year_first")
    last = page.input(row + 2, 1, _day(year.last), "date", "year_last")
    budget = page.input(row + 3, 1, assumptions.budget, "money", "budget")
    budget_of = page.choice(row + 4, 1, assumptions.budget_of, BUDGETS, "budget_of")
    stress = page.input(row + 5, 1, assumptions.stress, "share", "stress")
    note = "Not used; pay in this plan is capped." if capped else "Used because pay in this plan is uncapped."
    page.text(row + 5, 2, note, "key")
    row += 6
    limits: list[Term | None] = []
    for label, day, name in (
        ("Plan in effect from", dates.since, "plan_from"),
        ("Plan in effect to", dates.until, "plan_to"),
    ):
        if day is None:
            limits.append(None)
            continue
        page.text(row, 0, label)
        limits.append(page.input(row, 1, _day(day), "date", name))
        row += 1
    page.freeze(2, 1)
    return AssumptionCells(
        page,
        employer,
        unemployment,
        benefits,
        overhead,
        budget,
        budget_of,
        assumptions.budget_of,
        stress,
        first,
        last,
        *limits,
    )


def _tax_names(assumptions: Assumptions) -> list[str]:
    if assumptions.regime != "us_fica":
        return ["Employer tax"]
    known = str(fica_year(assumptions.year))
    rows = [r for r in facts.table("employer_taxes") if (r["regime"], r["year"]) == ("us_fica", known)]
    return [f"{r['name']} {r['year']}, employer share" for r in rows]


def _band(page: SheetWriter, row: int, name: str, label: str, rate: float, base: float | None) -> TaxBand:
    page.text(row, 0, label)
    rate_cell = page.input(row, 1, rate, "share", f"{name}_rate")
    most = page.input(row, 2, base, "money", f"{name}_wages")
    return TaxBand(rate_cell, page.formula(row, 3, if_(most.empty, _FAR, most), "limit"))


def _day(day: dt.date) -> float:
    return float((day - dt.date(1899, 12, 30)).days)


def tax(wages: Term, bands: list[TaxBand]) -> Term:
    """Return the tax on wages before rounding."""
    return plus([band.rate * least(wages, band.most) for band in bands])
