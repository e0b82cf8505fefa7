"""What is not a formula: the year by month and the expected cost, as they were when the workbook was made."""

from __future__ import annotations

from compplan.cost import CostReport, Schedule
from compplan.documents.workbook.costs import CostCells
from compplan.documents.workbook.pages import SheetWriter, Shown, WorkbookWriter
from compplan.documents.workbook.rules import clean
from compplan.documents.workbook.terms import ColumnRange, Term, size, term

_COLUMNS = {
    "base": "Base salary",
    "variable_accrued": "Variable earned",
    "employer_tax": "Employer tax",
    "unemployment_tax": "Unemployment tax",
    "benefits": "Benefits",
    "overhead": "Overhead",
    "total_cost": "Cost of the month",
    "variable_paid": "Variable paid",
    "cash_paid": "Paid out",
    "accrual": "Owed at the end",
}


def write(book: WorkbookWriter, seen: Schedule, report: CostReport, costed: CostCells) -> None:
    """Write the sheet.

    Parameters
    ----------
    book : WorkbookWriter
    seen : Schedule
        At target.
    report : CostReport
    costed : CostCells
    """
    page = book.page("Months")
    page.widths(34, *[15] * len(_COLUMNS))
    page.text(0, 0, "Months, and what is expected", "title")
    page.text(1, 0, "Values, not formulas: month by month each person's wage base fills up at a different time, and "
              "the expected cost comes from thousands of drawn years.", "note")  # fmt: skip
    live = costed.parts["loaded"][0]
    page.text(3, 0, "Fully loaded at target when this was made")
    page.value(3, 1, float(live.value[0]), "money")
    page.text(4, 0, "Fully loaded at target now")
    page.formula(4, 1, live, "money")
    made = Term(page.address(3, 1), live.value)
    fresh = size(Term(page.address(4, 1), live.value) - made) < 0.005
    page.text(5, 0, "This sheet is")
    page.put(5, 1, f'IF({fresh.text},"up to date","out of date")', "up to date", "text")
    bad = page.book.loose({"bg_color": "#fbeceb", "font_color": "#a01f18", "bold": True})
    page.sheet.conditional_format(
        5, 1, 5, 1, {"type": "cell", "criteria": "==", "value": '"out of date"', "format": bad}
    )
    row = _months(page, seen, 8)
    _expected(page, report, row + 2)
    page.freeze(2, 1)


def _months(page: SheetWriter, seen: Schedule, row: int) -> int:
    page.text(row - 1, 0, "The year by month, everybody at target", "section")
    page.heads(row, ("Month", *_COLUMNS.values()))
    first = row + 1
    for row, month in enumerate(seen.months.to_dict("records"), start=first):
        page.text(row, 0, str(month["label"]))
        for place, name in enumerate(_COLUMNS, start=1):
            page.value(row, place, float(month[name]), "money")
    row += 1
    page.text(row, 0, "Sum")
    for place, name in enumerate(_COLUMNS, start=1):
        if name != "accrual":
            values = [term(float(value)) for value in seen.months[name].tolist()]
            whole: ColumnRange = page.column(first, place, values)
            page.formula(row, place, clean(whole.sum, page.book.digits), "money", style="total")
    return row + 1


def _expected(page: SheetWriter, report: CostReport, row: int) -> None:
    likely = report.expected
    page.text(row, 0, "Expected, when results scatter", "section")
    shown: Shown = "money"
    rows = (
        ("Expected variable", likely.cost.pay),
        ("Expected base and variable", likely.cost.cash),
        ("Expected, fully loaded", likely.cost.loaded),
        ("One year in ten is below", likely.fully_loaded.p10),
        ("One year in ten is above", likely.fully_loaded.p90),
    )
    for label, amount in rows:
        row += 1
        page.text(row, 0, label)
        page.value(row, 1, amount, shown)
    drawn = "" if likely.method == "closed form" else f", {likely.draws:,} years, seed {likely.seed}"
    page.text(row + 1, 0, f"Mean by {likely.method}{drawn}.", "note")
