"""Assumptions sheet: employer taxes, benefits, overhead, budget and year of the cost calculation."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from compplan import facts
from compplan.cost import Assumptions
from compplan.cost.taxes import employer_bands
from compplan.documents.workbook.pages import SheetWriter, WorkbookWriter
from compplan.documents.workbook.terms import Term, if_, least, term
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


def write(book: WorkbookWriter, known: Assumptions, *, capped: bool) -> AssumptionCells:
    """Write the sheet."""
    page = book.page("Assumptions")
    page.widths(40, 18, 18, 18, 60)
    page.text(0, 0, "Cost assumptions", "title")
    page.text(1, 0, "Costs on top of base and variable pay. An empty yellow cell means no limit, or no value.", "note")
    page.text(3, 0, "Payroll taxes per person", "section")
    page.heads(4, ("Tax", "Rate", "Wage base limit", "Limit used"))
    bands = [(rate, base, name) for (rate, base), name in zip(employer_bands(known), _tax_names(known), strict=False)]
    bands = bands or [(0.0, math.inf, "Employer tax")]
    employer: list[TaxBand] = []
    row = 5
    for number, (rate, base, name) in enumerate(bands, start=1):
        employer.append(_band(page, row, f"employer_tax_{number}", name, rate, None if math.isinf(base) else base))
        row += 1
    unemployment = [
        _band(page, row, "unemployment_tax_1", "Unemployment tax, federal", known.futa_rate, known.futa_base),
        _band(page, row + 1, "unemployment_tax_2", "Unemployment tax, state", known.suta_rate, known.suta_base),
    ]
    row += 3
    page.text(row, 0, "Benefits and overhead", "section")
    for place, label in enumerate(("Benefits, % of base", "Overhead per person per year"), start=row + 1):
        page.text(place, 0, label)
    benefits = page.input(row + 1, 1, known.benefits_rate, "share", "benefits_rate")
    overhead = page.input(row + 2, 1, known.overhead, "money", "overhead_each")
    row += 4
    page.text(row, 0, "Year and budget", "section")
    labels = ("First day of the year", "Last day of the year", "Budget", "Budget covers", "Stress test: attainment")
    for place, label in enumerate(labels, start=row + 1):
        page.text(place, 0, label)
    year = PlanYear.of(known)
    first = page.input(row + 1, 1, _day(year.first), "date", "year_first")
    last = page.input(row + 2, 1, _day(year.last), "date", "year_last")
    budget = page.input(row + 3, 1, known.budget, "money", "budget")
    budget_of = page.choice(row + 4, 1, known.budget_of, BUDGETS, "budget_of")
    stress = page.input(row + 5, 1, known.stress, "share", "stress")
    page.text(
        row + 5,
        2,
        "Not used; pay in this plan is capped." if capped else "Used because pay in this plan is uncapped.",
        "key",
    )
    page.freeze(2, 1)
    return AssumptionCells(
        page, employer, unemployment, benefits, overhead, budget, budget_of, known.budget_of, stress, first, last
    )


def _tax_names(known: Assumptions) -> list[str]:
    if known.regime != "us_fica":
        return ["Employer tax"]
    rows = [r for r in facts.table("employer_taxes") if (r["regime"], r["year"]) == ("us_fica", str(known.year))]
    return [f"{r['name']} {r['year']}, employer share" for r in rows]


def _band(page: SheetWriter, row: int, name: str, label: str, rate: float, base: float | None) -> TaxBand:
    page.text(row, 0, label)
    given = page.input(row, 1, rate, "share", f"{name}_rate")
    most = page.input(row, 2, base, "money", f"{name}_wages")
    return TaxBand(given, page.formula(row, 3, if_(most.empty, _FAR, most), "limit"))


def _day(day: dt.date) -> float:
    return float((day - dt.date(1899, 12, 30)).days)


def tax(wages: Term, bands: list[TaxBand]) -> Term:
    """Return the tax on wages before rounding."""
    parts = [band.rate * least(wages, band.most) for band in bands]
    return sum(parts[1:], start=parts[0]) if parts else term(0.0)
