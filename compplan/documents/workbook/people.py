"""People sheet: one row per person, with individual pay, targets and results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from compplan.arrays import FloatArray
from compplan.documents.workbook.inputs import InputCells, measure_name
from compplan.documents.workbook.pages import SheetWriter, Shown, WorkbookWriter, each, shown_as
from compplan.documents.workbook.terms import CASE, Term
from compplan.errors import Problem, ResultError
from compplan.payout.engine import Compiled
from compplan.payout.results import from_frame
from compplan.plan import Plan
from compplan.settlement.headcount import Headcount, checked

if TYPE_CHECKING:
    import pandas as pd

FIRST = 7  # row of the first person, here and on Calculation
_HEAD = FIRST - 2


@dataclass(frozen=True, slots=True)
class TeamTable:
    """People who are paid under a plan, checked.

    Attributes
    ----------
    given : Headcount
    results, targets : dict of str to ndarray, shape (rows,)
        Their own; no results at all where everybody has those of the sheet of inputs.
    """

    given: Headcount
    results: dict[str, FloatArray]
    targets: dict[str, FloatArray]

    @property
    def frame(self) -> pd.DataFrame:
        """One row a person or a group of alike people."""
        return self.given.people

    @property
    def rows(self) -> int:
        """Rows of the table."""
        return len(self.given.people)


@dataclass(slots=True)
class PeopleCells:
    """Where everything about people stands; a term has a value a person."""

    page: SheetWriter
    rows: int
    count: Term
    base: Term
    variable: Term
    targets: dict[str, Term] = field(default_factory=dict[str, Term])
    results: dict[str, Term] = field(default_factory=dict[str, Term])
    hired: Term | None = None
    left: Term | None = None

    def range(self, of: Term) -> str:
        """The cells of everybody."""
        first, last = of.text.replace(CASE, f"${FIRST + 1}"), of.text.replace(CASE, f"${FIRST + self.rows}")
        return f"{first}:{last.partition('!')[2]}"


def team_of(plan: Plan, compiled: Compiled, people: Headcount | pd.DataFrame) -> TeamTable:
    """People with everything that the calculation needs.

    Raises
    ------
    ResultError
        If results are missing, impossible or infinite.
    CostError
        If ids, pay or currencies cannot be used.
    """
    given = people if isinstance(people, Headcount) else _filled(plan, people)
    given = checked(plan, given)
    names = {str(name) for name in given.people.columns}
    own = [key for key in compiled.keys if names & {key, f"{key}.numerator", f"{key}.denominator"}]
    frame = given.people.set_index("id", drop=False)
    if own:
        results, targets = from_frame(compiled, frame)
    else:
        blank = {key: 0.0 if compiled.plan.measure(key).low is None else compiled.plan.measure(key).low or 0.0
                 for key in compiled.keys}  # fmt: skip
        _, targets = from_frame(compiled, frame.assign(**blank))
        results = {}
    refuse_infinite(results)
    return TeamTable(given, results, targets)


def refuse_infinite(results: dict[str, FloatArray]) -> None:
    """Refuse results that no cell can hold."""
    endless = [key for key, value in results.items() if not np.isfinite(value).all()]
    if endless:
        raise ResultError([Problem(key, "must be finite; a workbook cannot hold infinite numbers.") for key in endless])


def _filled(plan: Plan, people: pd.DataFrame) -> Headcount:
    """A table as `payouts` takes it, with id, base and variable."""
    import pandas as pd

    made = people.copy()
    if "id" not in made.columns:
        made.insert(0, "id", [str(one) for one in people.index])
    if "base" not in made.columns:
        made["base"] = plan.pay.base
    if "variable" not in made.columns:
        share = plan.pay.variable_share
        made["variable"] = plan.pay.target_variable if share is None else made["base"] * share / (1.0 - share)
    return Headcount(made, pd.DataFrame(columns=pd.Index(["id", "role", "currency", "why"])))


class _Columns:
    """Writes one column of the table after another."""

    def __init__(self, page: SheetWriter, rows: int) -> None:
        self.page, self.rows, self.place = page, rows, 0

    def texts(self, head: str, texts: list[str], width: float = 16) -> None:
        self.page.text(_HEAD, self.place, head, "head")
        self.page.sheet.set_column(self.place, self.place, width)
        for row, text in enumerate(texts, start=FIRST):
            self.page.text(row, self.place, text)
        self.place += 1

    def numbers(self, head: str, values: FloatArray, shown: Shown) -> Term:
        """Inputs; a number that is not known leaves its cell empty."""
        self._head(head)
        for row, value in enumerate(values.tolist(), start=FIRST):
            self.page.input(row, self.place, None if np.isnan(value) else value, shown)
        return self._term(np.asarray(values, np.float64))

    def formulas(self, head: str, made: Term, shown: Shown) -> Term:
        """A formula a person."""
        self._head(head)
        values = np.broadcast_to(made.value, (self.rows,))
        for i, value in enumerate(values.tolist()):
            self.page.put(FIRST + i, self.place, each(made.text, str(FIRST + i + 1)), value, shown, "input")
        return self._term(np.array(values))

    def _head(self, head: str) -> None:
        self.page.text(_HEAD, self.place, head, "head_right")
        self.page.sheet.set_column(self.place, self.place, 15)

    def _term(self, values: FloatArray) -> Term:
        made = Term(f"{self.page.title}!${xl_col_to_name(self.place)}{CASE}", values)
        self.place += 1
        return made


def write(book: WorkbookWriter, compiled: Compiled, inputs: InputCells, team: TeamTable, *, names: bool) -> PeopleCells:
    """Write the sheet; names of people go on it only if asked for."""
    page = book.page("People")
    page.text(0, 0, "People", "title")
    results_note = (
        "Individual results are in the yellow cells."
        if team.results
        else "Results come from Inputs. Type over a yellow cell to give a person an individual result."
    )
    paid = f"One row per person or group, paid for a full year in {compiled.plan.currency}."
    page.text(1, 0, f"{paid} {results_note}", "note")
    frame, columns = team.frame, _Columns(page, team.rows)
    columns.texts("Id", frame["id"].tolist(), 18)
    if names and "name" in frame.columns:
        columns.texts("Name", [_text(one) for one in frame["name"].tolist()], 24)
    columns.texts("Role", [_text(one) for one in frame["role"].tolist()])
    count = columns.numbers("People", _floats(frame, "headcount"), "whole")
    base = columns.numbers("Base salary", _floats(frame, "base"), "money")
    variable = columns.numbers("Target variable", _floats(frame, "variable"), "money")
    cells = PeopleCells(page, team.rows, count, base, variable)
    for name in ("hired", "left"):
        if name in frame.columns:
            setattr(cells, name, columns.numbers(f"{name.capitalize()} on", _days(frame, name), "date"))
    for c in compiled.components:
        if c.id in team.targets:
            label = f"Target: {measure_name(c.measure, c.id)}"
            cells.targets[c.id] = columns.numbers(label, team.targets[c.id], shown_as(c.measure.unit))
    for key in compiled.keys:
        measure = compiled.plan.measure(key)
        cells.results[key] = _results(columns, inputs, cells, team, key, measure_name(measure, key),
                                      shown_as(measure.unit))  # fmt: skip
    _set_aside(page, team)
    page.heights[_HEAD] = 62
    page.freeze(FIRST - 1, 1)
    return cells


def _results(
    columns: _Columns, inputs: InputCells, cells: PeopleCells, team: TeamTable, key: str, label: str, shown: Shown
) -> Term:
    frame = team.frame
    if not team.results:
        made = inputs.results[key]
        if key in cells.targets:  # as far along as the result of InputCells is
            target = next(c.target for c in inputs.components if c.key == key)
            made = cells.targets[key] * (made / target)
        return columns.formulas(label, made, shown)
    if f"{key}.numerator" in frame.columns and key not in frame.columns:
        over = columns.numbers(f"{label}: numerator", _floats(frame, f"{key}.numerator"), "plain")
        under = columns.numbers(f"{label}: denominator", _floats(frame, f"{key}.denominator"), "plain")
        return columns.formulas(label, over / under, shown)
    return columns.numbers(label, team.results[key], shown)


def _set_aside(page: SheetWriter, team: TeamTable) -> None:
    """List the people left out of the totals, below the table."""
    aside = team.given.set_aside
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
    """Days as a spreadsheet counts them."""
    days = frame[name].to_numpy("datetime64[D]")
    known = (days - np.datetime64("1899-12-30", "D")).astype(np.float64)
    return np.where(np.isnat(days), np.nan, known)
