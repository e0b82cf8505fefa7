"""People sheet: one row per person, with individual pay, targets and results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from compplan.arrays import FloatArray
from compplan.documents.workbook.inputs import InputCells, measure_name
from compplan.documents.workbook.pages import SheetWriter, Shown, Style, WorkbookWriter, each, shown_as
from compplan.documents.workbook.terms import CASE, Term
from compplan.errors import Problem, ResultError
from compplan.payout.engine import Compiled
from compplan.payout.results import from_frame
from compplan.plan import Plan
from compplan.settlement.headcount import Headcount, checked

if TYPE_CHECKING:
    import pandas as pd

FIRST = 7  # row of the first person, here, on Calculation and on CostRows
_HEAD = FIRST - 2


@dataclass(frozen=True, slots=True)
class TeamTable:
    """People who are paid under a plan, checked.

    Attributes
    ----------
    headcount : Headcount
    results, targets : dict of str to ndarray, shape (rows,)
        Individual ones; no results if everyone has those of the Inputs sheet.
    """

    headcount: Headcount
    results: dict[str, FloatArray]
    targets: dict[str, FloatArray]

    @property
    def frame(self) -> pd.DataFrame:
        """One row per person or group."""
        return self.headcount.people

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.headcount.people)


@dataclass(slots=True)
class PeopleCells:
    """Cells of people; each term has a value per person."""

    page: SheetWriter
    rows: int
    count: Term
    base: Term
    variable: Term
    targets: dict[str, Term] = field(default_factory=dict[str, Term])
    results: dict[str, Term] = field(default_factory=dict[str, Term])
    hired: Term | None = None
    left: Term | None = None

    def range(self, column: Term) -> str:
        """Range of a column, with the cells of everyone."""
        return column_range(column, self.rows)


def team_of(plan: Plan, compiled: Compiled, people: Headcount | pd.DataFrame) -> TeamTable:
    """Check people, and read their results and targets.

    Raises
    ------
    ResultError
        If results are missing, impossible or infinite.
    CostError
        If ids, pay or currencies cannot be used.
    """
    headcount = checked(plan, people if isinstance(people, Headcount) else _completed(plan, people))
    names = {str(name) for name in headcount.people.columns}
    own = [key for key in compiled.keys if names & {key, f"{key}.numerator", f"{key}.denominator"}]
    frame = headcount.people.set_index("id", drop=False)
    if own:
        results, targets = from_frame(compiled, frame)
    else:
        blank = {key: compiled.plan.measure(key).low or 0.0 for key in compiled.keys}
        _, targets = from_frame(compiled, frame.assign(**blank))
        results = {}
    refuse_infinite(results)
    return TeamTable(headcount, results, targets)


def refuse_infinite(results: dict[str, FloatArray]) -> None:
    """Refuse results that a cell cannot hold."""
    infinite = [key for key, value in results.items() if not np.isfinite(value).all()]
    if infinite:
        raise ResultError(
            [Problem(key, "must be finite; a workbook cannot hold infinite numbers.") for key in infinite]
        )


def _completed(plan: Plan, people: pd.DataFrame) -> Headcount:
    """A table for `payouts`, with id, base and variable added if missing."""
    import pandas as pd

    table = people.copy()
    if "id" not in table.columns:
        table.insert(0, "id", [str(one) for one in people.index])
    if "base" not in table.columns:
        table["base"] = plan.pay.base
    if "variable" not in table.columns:
        table["variable"] = plan.pay.variable_for(table["base"])
    return Headcount(table, pd.DataFrame(columns=pd.Index(["id", "role", "currency", "why"])))


class ColumnWriter:
    """Writes one column after another, with a row per person."""

    def __init__(self, page: SheetWriter, rows: int) -> None:
        self.page, self.rows, self.place = page, rows, 0

    def texts(self, head: str, texts: list[str], width: float = 16) -> None:
        """Write a column of text."""
        self.page.text(_HEAD, self.place, head, "head")
        self.page.sheet.set_column(self.place, self.place, width)
        for row, text in enumerate(texts, start=FIRST):
            self.page.text(row, self.place, text)
        self.place += 1

    def inputs(self, head: str, values: FloatArray, shown: Shown) -> Term:
        """Write a column of inputs; an unknown number leaves its cell empty."""
        for row, value in enumerate(values.tolist(), start=FIRST):
            self.page.input(row, self.place, None if np.isnan(value) else value, shown)
        return self._column(head, np.asarray(values, np.float64))

    def formulas(self, head: str, term: Term, shown: Shown, style: Style = "figure") -> Term:
        """Write a formula per person."""
        values = np.array(np.broadcast_to(term.value, (self.rows,)))
        for row, value in enumerate(values.tolist(), start=FIRST):
            self.page.put(row, self.place, each(term.text, str(row + 1)), value, shown, style)
        return self._column(head, values)

    def _column(self, head: str, values: FloatArray) -> Term:
        self.page.text(_HEAD, self.place, head, "head_right")
        self.page.sheet.set_column(self.place, self.place, 15)
        column = Term(f"{self.page.title}!${xl_col_to_name(self.place)}{CASE}", values)
        self.place += 1
        return column


def column_range(column: Term, rows: int) -> str:
    """Range of a column that `ColumnWriter` has written."""
    first, last = each(column.text, f"${FIRST + 1}"), each(column.text, f"${FIRST + rows}")
    return f"{first}:{last.partition('!')[2]}"


def write(book: WorkbookWriter, compiled: Compiled, inputs: InputCells, team: TeamTable, *, names: bool) -> PeopleCells:
    """Write the sheet; names of people only if `names` is set."""
    page = book.page("People")
    page.text(0, 0, "People", "title")
    results_note = (
        "Individual results are in the yellow cells."
        if team.results
        else "Results come from Inputs. Type over a yellow cell to give a person an individual result."
    )
    paid = f"One row per person or group, paid for a full year in {compiled.plan.currency}."
    page.text(1, 0, f"{paid} {results_note}", "note")
    frame, columns = team.frame, ColumnWriter(page, team.rows)
    columns.texts("Id", frame["id"].tolist(), 18)
    if names and "name" in frame.columns:
        columns.texts("Name", [_text(one) for one in frame["name"].tolist()], 24)
    columns.texts("Role", [_text(one) for one in frame["role"].tolist()])
    count = columns.inputs("People", _floats(frame, "headcount"), "whole")
    base = columns.inputs("Base salary", _floats(frame, "base"), "money")
    variable = columns.inputs("Target variable", _floats(frame, "variable"), "money")
    cells = PeopleCells(page, team.rows, count, base, variable)
    for name in ("hired", "left"):
        if name in frame.columns:
            setattr(cells, name, columns.inputs(f"{name.capitalize()} on", _days(frame, name), "date"))
    for c in compiled.components:
        if c.id in team.targets:
            label = f"Target: {measure_name(c.measure, c.id)}"
            cells.targets[c.id] = columns.inputs(label, team.targets[c.id], shown_as(c.measure.unit))
    for key in compiled.keys:
        measure = compiled.plan.measure(key)
        label = measure_name(measure, key)
        cells.results[key] = _results(columns, inputs, cells, team, key, label, shown_as(measure.unit))
    _set_aside(page, team)
    page.heights[_HEAD] = 62
    page.freeze(FIRST - 1, 1)
    return cells


def _results(
    columns: ColumnWriter, inputs: InputCells, cells: PeopleCells, team: TeamTable, key: str, label: str, shown: Shown
) -> Term:
    frame = team.frame
    if not team.results:
        result = inputs.results[key]
        if key in cells.targets:  # the same attainment as on Inputs
            target = next(c.target for c in inputs.components if c.key == key)
            result = cells.targets[key] * (result / target)
        return columns.formulas(label, result, shown, "input")
    if f"{key}.numerator" in frame.columns and key not in frame.columns:
        over = columns.inputs(f"{label}: numerator", _floats(frame, f"{key}.numerator"), "plain")
        under = columns.inputs(f"{label}: denominator", _floats(frame, f"{key}.denominator"), "plain")
        return columns.formulas(label, over / under, shown, "input")
    return columns.inputs(label, team.results[key], shown)


def _set_aside(page: SheetWriter, team: TeamTable) -> None:
    """List the people left out of the totals, below the table."""
    aside = team.headcount.set_aside
    row = FIRST + team.rows + 2
    if not len(aside):
        return
    page.text(row, 0, "Skipped: in the file but not in the totals", "section")
    page.heads(row + 1, ("Id", "Role", "Currency", "Why"), texts=4)
    row += 1
    for values in aside[["id", "role", "currency", "why"]].to_numpy().tolist():
        row += 1
        for column, value in enumerate(values):
            page.text(row, column, _text(value))


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _floats(frame: pd.DataFrame, name: str) -> FloatArray:
    return frame[name].to_numpy(dtype=np.float64, na_value=np.nan)


def _days(frame: pd.DataFrame, name: str) -> FloatArray:
    """Dates as the day numbers of a spreadsheet."""
    days = frame[name].to_numpy("datetime64[D]")
    numbers = (days - np.datetime64("1899-12-30", "D")).astype(np.float64)
    return np.where(np.isnat(days), np.nan, numbers)
