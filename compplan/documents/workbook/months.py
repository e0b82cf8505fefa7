"""Months sheet: cost by month and expected cost, as fixed values."""

from __future__ import annotations

from compplan.cost import CostReport, Schedule
from compplan.documents.workbook.costs import CostCells
from compplan.documents.workbook.pages import SheetWriter, WorkbookWriter
from compplan.documents.workbook.rules import clean
from compplan.documents.workbook.terms import ColumnRange, Term, size, term

_COLUMNS = {
    "base": "Base salary",
    "variable_accrued": "Variable pay accrued",
    "employer_tax": "Employer tax",
    "unemployment_tax": "Unemployment tax",
    "benefits": "Benefits",
    "overhead": "Overhead",
    "total_cost": "Total cost",
    "variable_paid": "Variable pay paid",
    "cash_paid": "Cash paid",
    "accrual": "Accrual at month end",
}


def write(book: WorkbookWriter, schedule: Schedule, report: CostReport, cost_cells: CostCells) -> None:
    """Write the sheet.

    Parameters
    ----------
    book : WorkbookWriter
    schedule : Schedule
        At target.
    report : CostReport
    cost_cells : CostCells
    """
    page = book.page("Months")
    page.widths(34, *[15] * len(_COLUMNS))
    page.text(0, 0, "Monthly and expected cost", "title")
    page.text(1, 0, "Fixed values, not formulas. Each person reaches the wage base limit in a different month, and "
              "expected cost can come from thousands of simulated years.", "note")  # fmt: skip
    live = cost_cells.parts["loaded"][0]
    page.text(3, 0, "Fully loaded cost at target when created")
    page.value(3, 1, float(live.value[0]), "money")
    page.text(4, 0, "Fully loaded cost at target now")
    page.formula(4, 1, live, "money")
    original = Term(page.address(3, 1), live.value)
    unchanged = size(Term(page.address(4, 1), live.value) - original) < 0.005
    page.text(5, 0, "This sheet is")
    page.put(5, 1, f'IF({unchanged.text},"up to date","out of date")', "up to date", "text")
    page.alert(5, (1, 1), "==", '"out of date"')
    row = _months(page, schedule, 8)
    _expected(page, report, row + 2)
    page.freeze(2, 1)


def _months(page: SheetWriter, schedule: Schedule, row: int) -> int:
    page.text(row - 1, 0, "Cost by month, everyone at target", "section")
    page.heads(row, ("Month", *_COLUMNS.values()))
    first = row + 1
    for row, month in enumerate(schedule.months.to_dict("records"), start=first):
        page.text(row, 0, str(month["label"]))
        for place, name in enumerate(_COLUMNS, start=1):
            page.value(row, place, float(month[name]), "money")
    row += 1
    page.text(row, 0, "Sum")
    for place, name in enumerate(_COLUMNS, start=1):
        if name != "accrual":
            values = [term(float(value)) for value in schedule.months[name].tolist()]
            whole: ColumnRange = page.column(first, place, values)
            page.formula(row, place, clean(whole.sum, page.book.digits), "money", style="total")
    return row + 1


def _expected(page: SheetWriter, report: CostReport, row: int) -> None:
    likely = report.expected
    page.text(row, 0, "Expected cost when results vary", "section")
    if likely is None:
        page.text(row + 1, 0, report.spread, "note")
        return
    rows = (
        ("Expected variable pay", likely.cost.pay),
        ("Expected base and variable pay", likely.cost.cash),
        ("Expected fully loaded cost", likely.cost.loaded),
        ("10% chance of less than", likely.fully_loaded.p10),
        ("10% chance of more than", likely.fully_loaded.p90),
    )
    for label, amount in rows:
        row += 1
        page.text(row, 0, label)
        page.value(row, 1, amount, "money")
    drawn = "" if likely.method == "closed form" else f", {likely.draws:,} years, seed {likely.seed}"
    page.text(row + 1, 0, f"Mean by {likely.method}{drawn}. {report.spread}", "note")
