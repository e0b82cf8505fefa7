"""Summary sheet: key figures, each with a reference to its calculation, and the checks."""

from __future__ import annotations

import datetime as dt
import functools
import operator

import compplan
from compplan.documents.workbook import checks
from compplan.documents.workbook.calculation import CalculationCells
from compplan.documents.workbook.checks import WorkbookCheck
from compplan.documents.workbook.inputs import InputCells, measure_name
from compplan.documents.workbook.pages import SheetWriter, Shown, shown_as
from compplan.documents.workbook.people import PeopleCells
from compplan.documents.workbook.terms import Term, if_, term
from compplan.payout.engine import Compiled


def write(
    page: SheetWriter,
    compiled: Compiled,
    inputs: InputCells,
    calculation: CalculationCells,
    cells: PeopleCells | None,
    workbook_checks: list[WorkbookCheck],
    more: list[tuple[str, list[tuple[str, Term, Shown]]]],
    on: dt.date,
) -> None:
    """Write the sheet.

    Parameters
    ----------
    page : SheetWriter
    compiled : Compiled
    inputs : InputCells
    calculation : CalculationCells
    cells : PeopleCells, optional
    workbook_checks : list of WorkbookCheck
    more : list of (str, list of (str, Term, str))
        Further blocks of figures, each under its heading.
    on : date
    """
    plan = compiled.plan
    page.widths(68, 20, 20, 20, 20, 20, 20)
    page.text(0, 0, plan.name, "title")
    page.text(1, 0, f"compplan {compplan.__version__} · plan {plan.hash[:12]} · {on.isoformat()} · every number is a "
              "formula; change the yellow cells on Inputs", "note")  # fmt: skip
    headlines = _headlines(inputs, calculation, cells)
    row = 3
    for title, figures in [("Year", headlines), *more]:
        page.text(row, 0, title, "section")
        for label, figure, shown in figures:
            row += 1
            page.text(row, 0, label)
            page.formula(row, 1, figure, shown, style="total" if label.startswith("Total") else "figure")
        row += 2
    checks_row = _lines(page, compiled, inputs, calculation, row + 2, team=cells is not None)
    failed = checks.write(page, checks_row, workbook_checks)
    page.text(row, 0, "Failed checks (see below)")
    page.formula(row, 1, failed, "whole", "checks_broken")
    page.alert(row, (1, 1), ">", 0)
    page.freeze(2, 1)


def _headlines(
    inputs: InputCells, calculation: CalculationCells, cells: PeopleCells | None
) -> list[tuple[str, Term, Shown]]:
    figures = calculation.figures
    target, paid = figures["period_target"], figures["total"]
    rows: list[tuple[str, Term, Shown]] = []
    if cells is not None:
        count = Term(f"SUM({cells.range(cells.count)})", term(float(cells.count.value.sum())).value)
        rows.append(("People", count, "whole"))
    else:
        rows.append(("On-target earnings", inputs.ote, "money"))
    rows.append(("Target variable", target, "money"))
    kickers = (figure for key, figure in figures.items() if key.startswith("kicker "))
    without_kickers = functools.reduce(operator.sub, kickers, paid)
    rows.append(("Variable pay and kickers", paid, "money"))
    share = if_(target > 0, without_kickers / target, 0)
    rows.append(("Payout without kickers, % of target variable", share, "share"))
    rows.append(("Base salary", figures["base"], "money"))
    rows.append(("Total cash for the year", figures["cash"], "money"))
    return rows


def _lines(
    page: SheetWriter, compiled: Compiled, inputs: InputCells, calculation: CalculationCells, row: int, *, team: bool
) -> int:
    """Write one line per component, then adjustments; the amounts add up to the total."""
    figures = calculation.figures
    page.text(row, 0, "From target pay to payout", "section")
    heads = ("Line", "Pay", "Weight or rate", "Target", "Result", "Attainment", "Payout")
    page.heads(row + 1, heads[:4] if team else heads)
    row += 2
    for c, cells in zip(compiled.components, inputs.components, strict=True):
        shown = shown_as(c.measure.unit)
        page.text(row, 0, measure_name(c.measure, c.id))
        page.formula(row, 1, figures[f"pay {c.id}"], "money")
        page.formula(row, 2, cells.weight or cells.rate or term(0.0), "share" if cells.weight else "plain")
        page.formula(row, 3, cells.target, shown)
        if not team:
            page.formula(row, 4, figures[f"result {c.id}"], shown)
            if c.measure.true_zero and c.measure.better == "more":
                over = if_(cells.target > 0, figures[f"result {c.id}"] / cells.target, 0)
                page.formula(row, 5, over, "share")
            fraction = calculation.sums.fractions[c.id]
            key = next(k for k, t in reversed(calculation.terms.items()) if t.text == fraction.text)
            page.formula(row, 6, figures[key], "share")
        row += 1
    for key, figure in figures.items():
        if key.startswith(("modifier ", "kicker ")) or key == "total_cap":
            page.text(row, 0, _label(compiled, key))
            page.formula(row, 1, figure, "money")
            row += 1
    page.text(row, 0, "Total: variable pay and kickers")
    page.formula(row, 1, figures["total"], "money", style="total")
    return row + 2


def _label(compiled: Compiled, key: str) -> str:
    kind, _, number = key.partition(" ")
    if kind == "modifier":
        modifier = compiled.modifiers[int(number)]
        return f"Modifier {int(number) + 1}: {measure_name(modifier.measure, modifier.key)}"
    return f"Kicker: {compiled.kickers[int(number)].part.name}" if kind == "kicker" else "Total cap"
