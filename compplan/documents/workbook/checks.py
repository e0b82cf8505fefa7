"""Checks that warn if changed inputs break the plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from compplan.documents.workbook.calculation import CalculationCells
from compplan.documents.workbook.inputs import InputCells, measure_name
from compplan.documents.workbook.pages import SheetWriter, Shown, shown_as
from compplan.documents.workbook.people import PeopleCells
from compplan.documents.workbook.tables import Tables
from compplan.documents.workbook.terms import Term, both, if_, least, plus, size, term, total
from compplan.measures import Measure
from compplan.payout.engine import Compiled
from compplan.plan.validation import WEIGHT_TOLERANCE, limits

PASSED, FAILED = "OK", "Check this"
_NEAR = 1e-4  # tolerance for pay of 100% at target, since lines are paid in whole cents
_EDGE = 1e-9


@dataclass(frozen=True, slots=True)
class WorkbookCheck:
    """A number and the condition it must meet."""

    label: str
    figure: Term
    shown: Shown
    passes: Term


def of(
    compiled: Compiled, inputs: InputCells, tables: Tables, calculation: CalculationCells,
    cells: PeopleCells | None,
) -> list[WorkbookCheck]:  # fmt: skip
    """Return all checks of a workbook."""
    checks: list[WorkbookCheck] = []
    weights = [c.weight for c in inputs.components if c.weight is not None]
    if weights:
        summed = total(weights)
        checks.append(WorkbookCheck("Weights add up to 100%", summed, "share", size(summed - 1) <= WEIGHT_TOLERANCE))
    rates = [c.rate * c.target for c in inputs.components if c.rate is not None]
    if rates:
        left = inputs.variable - plus(rates)
        checks.append(WorkbookCheck("Target variable after commission at target", left, "money", left >= -0.005))
    target, paid = calculation.at_target["period_target"], calculation.at_target["total"]
    share = if_(target > 0, paid / target, 0)
    checks.append(
        WorkbookCheck("The plan pays 100% of target variable at target", share, "share", size(share - 1) < _NEAR)
    )
    ordered = least(*(t.sound for t in (*tables[0], *tables[1])))
    checks.append(WorkbookCheck("Curve points are in order, and no cap is below a floor", ordered, "yes", ordered >= 1))
    for key in compiled.keys:
        checks += _results(compiled.plan.measure(key), key, inputs, cells)
    return checks


def _results(measure: Measure, key: str, inputs: InputCells, cells: PeopleCells | None) -> list[WorkbookCheck]:
    """Check that results are present and within the limits of their measure."""
    label = measure_name(measure, key)
    if cells is None:
        lowest = highest = inputs.results[key]
        cells_text, expected = lowest.text, term(1.0)
    else:
        values = cells.results[key].value
        cells_text, expected = cells.range(cells.results[key]), term(float(cells.rows))
        lowest = Term(f"MIN({cells_text})", np.array([values.min()]))
        highest = Term(f"MAX({cells_text})", np.array([values.max()]))
    count = Term(f"COUNT({cells_text})", expected.value)
    checks = [WorkbookCheck(f"{label}: every result is a number", count, "whole", count.same(expected))]
    if measure.low is None and measure.high is None:
        return checks
    low = lowest >= measure.low - _EDGE if measure.low is not None else None
    high = highest <= measure.high + _EDGE if measure.high is not None else None
    passes = both(low, high) if low is not None and high is not None else low if low is not None else high
    shown = shown_as(measure.unit)
    furthest = highest if low is None or measure.high is not None else lowest
    if passes is not None:
        checks.append(WorkbookCheck(f"{limits(measure)} ({key})", furthest, shown, passes))
    return checks


def write(page: SheetWriter, row: int, checks: list[WorkbookCheck]) -> Term:
    """Write the checks and return the number that fail."""
    page.text(row, 0, "Checks", "section")
    page.heads(row + 1, ("Check", "Value", "Status"), texts=1)
    first = row + 2
    for row, check in enumerate(checks, start=first):
        page.text(row, 0, check.label)
        page.formula(row, 1, check.figure, check.shown)
        write_status(page, row, 2, check.passes, PASSED, FAILED)
    page.alert(first, (2, 2), "==", f'"{FAILED}"', last=row)
    statuses = f"{page.address(first, 2)}:{page.address(row, 2).partition('!')[2]}"
    failed = float(sum(not check.passes.value[0] for check in checks))
    return Term(f'COUNTIF({statuses},"{FAILED}")', np.array([failed]))


def write_status(page: SheetWriter, row: int, column: int, passes: Term, yes: str, no: str) -> None:
    """Write one of two words, by a condition."""
    page.put(row, column, f'IF({passes.text},"{yes}","{no}")', yes if passes.value[0] else no, "text")
