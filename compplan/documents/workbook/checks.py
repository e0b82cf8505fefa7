"""Checks that warn if changed inputs break the plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from compplan.documents.workbook.calculation import CalculationCells
from compplan.documents.workbook.inputs import InputCells, measure_name
from compplan.documents.workbook.pages import SheetWriter, Shown, shown_as
from compplan.documents.workbook.people import PeopleCells
from compplan.documents.workbook.tables import CurveTable
from compplan.documents.workbook.terms import Term, both, if_, least, size, term, total
from compplan.measures import Measure
from compplan.payout.engine import Compiled
from compplan.plan.validation import WEIGHT_TOLERANCE, limits

FINE, BROKEN = "OK", "Check this"
_NEAR = 1e-4  # tolerance for pay of 100% at target, since lines are paid in whole cents
_EDGE = 1e-9


@dataclass(frozen=True, slots=True)
class WorkbookCheck:
    """A number and the condition it must meet."""

    label: str
    figure: Term
    shown: Shown
    fine: Term


def of(
    compiled: Compiled, inputs: InputCells, tables: tuple[list[CurveTable], list[CurveTable]], done: CalculationCells,
    cells: PeopleCells | None,
) -> list[WorkbookCheck]:  # fmt: skip
    """Return all checks of a workbook."""
    made: list[WorkbookCheck] = []
    weights = [c.weight for c in inputs.components if c.weight is not None]
    if weights:
        summed = total(weights)
        made.append(WorkbookCheck("Weights add up to 100%", summed, "share", size(summed - 1) <= WEIGHT_TOLERANCE))
    rates = [c.rate * c.target for c in inputs.components if c.rate is not None]
    if rates:
        left = inputs.variable - sum(rates[1:], start=rates[0])
        made.append(WorkbookCheck("Target variable after commission at target", left, "money", left >= -0.005))
    target, paid = done.at_target["period_target"], done.at_target["total"]
    share = if_(target > 0, paid / target, 0)
    made.append(
        WorkbookCheck("The plan pays 100% of target variable at target", share, "share", size(share - 1) < _NEAR)
    )
    ordered = least(*(t.sound for t in (*tables[0], *tables[1])))
    made.append(WorkbookCheck("Curve points are in order, and no cap is below a floor", ordered, "yes", ordered >= 1))
    for key in compiled.keys:
        made += _results(compiled.plan.measure(key), key, inputs, cells)
    return made


def _results(measure: Measure, key: str, inputs: InputCells, cells: PeopleCells | None) -> list[WorkbookCheck]:
    """Check that results are present and within the limits of their measure."""
    label = measure_name(measure, key)
    if cells is None:
        known, wanted, place = inputs.results[key].text, term(1.0), inputs.results[key]
        lowest = highest = place
    else:
        values = cells.results[key].value
        known, wanted = cells.range(cells.results[key]), term(float(cells.rows))
        lowest = Term(f"MIN({known})", np.array([values.min()]))
        highest = Term(f"MAX({known})", np.array([values.max()]))
    count = Term(f"COUNT({known})", wanted.value)
    made = [WorkbookCheck(f"{label}: every result is a number", count, "whole", count.same(wanted))]
    if measure.low is None and measure.high is None:
        return made
    low = lowest >= measure.low - _EDGE if measure.low is not None else None
    high = highest <= measure.high + _EDGE if measure.high is not None else None
    fine = both(low, high) if low is not None and high is not None else low if low is not None else high
    shown = shown_as(measure.unit)
    furthest = highest if low is None or measure.high is not None else lowest
    if fine is not None:
        made.append(WorkbookCheck(f"{limits(measure)} ({key})", furthest, shown, fine))
    return made


def write(page: SheetWriter, row: int, checks: list[WorkbookCheck]) -> Term:
    """Write the checks and return the number that fail."""
    page.text(row, 0, "Checks", "section")
    page.heads(row + 1, ("Check", "Value", "Status"), texts=1)
    first = row + 2
    for row, check in enumerate(checks, start=first):
        page.text(row, 0, check.label)
        page.formula(row, 1, check.figure, check.shown)
        word(page, row, 2, check.fine, FINE, BROKEN)
    bad = page.book.loose({"bg_color": "#fbeceb", "font_color": "#a01f18", "bold": True})
    page.sheet.conditional_format(
        first, 2, row, 2, {"type": "cell", "criteria": "==", "value": f'"{BROKEN}"', "format": bad}
    )
    words = f"{page.address(first, 2)}:{page.address(row, 2).partition('!')[2]}"
    broken = float(sum(not check.fine.value[0] for check in checks))
    return Term(f'COUNTIF({words},"{BROKEN}")', np.array([broken]))


def word(page: SheetWriter, row: int, column: int, fine: Term, yes: str, no: str) -> None:
    """Write a word that depends on a condition."""
    page.put(row, column, f'IF({fine.text},"{yes}","{no}")', yes if fine.value[0] else no, "text")
