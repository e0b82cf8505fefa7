"""Calculation sheet: steps of one person from top to bottom, or one row per person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from compplan.arrays import FloatArray
from compplan.documents.workbook.inputs import InputCells
from compplan.documents.workbook.pages import WorkbookWriter
from compplan.documents.workbook.people import FIRST, PeopleCells, TeamTable
from compplan.documents.workbook.rules import clean
from compplan.documents.workbook.step_writer import StepWriter
from compplan.documents.workbook.steps import PersonTerms, Steps, StepSums
from compplan.documents.workbook.tables import Tables
from compplan.documents.workbook.terms import Term
from compplan.payout.engine import Compiled

_NAMES = {"total": "total_pay", "cash": "cash_total", "period_target": "year_target"}


@dataclass(frozen=True, slots=True)
class CalculationCells:
    """Results of the sheet.

    Attributes
    ----------
    sums : StepSums
        Terms of all cases.
    first : int
        First case of the people; the cases before it are at target.
    figures : dict of str to Term
        By step: the cell of the one person, or of the team total.
    at_target : dict of str to Term
        By step: the cell of the case with every component at target and the pay of the plan.
    """

    sums: StepSums
    first: int
    figures: dict[str, Term]
    at_target: dict[str, Term]
    terms: dict[str, Term]

    def people(self, term: Term) -> FloatArray:
        """Values of a step, one per person."""
        return term.value[self.first :]


def alone(book: WorkbookWriter, compiled: Compiled, inputs: InputCells, tables: Tables) -> CalculationCells:
    """Write the year of one person, next to the same year with every component at target."""
    page = book.page("Calculation")
    page.widths(52, 22, 22)
    page.text(0, 0, "Calculation", "title")
    page.text(1, 0, "The year of one person, step by step.", "note")
    page.heads(3, ("Step", "This year", "All at target"))
    writer = StepWriter(page, 2, down=True, first=1, start=3)
    at_target = frozenset({1})
    person = PersonTerms(inputs.base, inputs.variable, inputs.results, at_target=at_target, without_kickers=at_target)
    sums = Steps(writer, compiled, inputs, tables, person, named=True).write()
    page.text(writer.place + 1, 0, "All at target: kickers are left out, and a gate on a measure without a component "
              "counts as passed.", "note")  # fmt: skip
    page.freeze(4, 1)
    year, target = (
        {key: Term(page.address(place, 1 + case), writer.terms[key].value[case : case + 1])
         for key, place in writer.where.items()}
        for case in (0, 1)
    )  # fmt: skip
    return CalculationCells(sums, 0, year, target, writer.terms)


def team(
    book: WorkbookWriter, compiled: Compiled, inputs: InputCells, tables: Tables, people: TeamTable, cells: PeopleCells
) -> CalculationCells:
    """Write one row per person, below the team totals and a row with everything at target."""
    page = book.page("Calculation")
    page.sheet.set_column(0, 0, 20)
    page.sheet.set_column(1, 400, 15)
    page.wide()
    page.text(0, 0, "Calculation", "title")
    page.text(1, 0, "One row per person for a full year, with the steps from left to right.", "note")
    head, target = FIRST - 3, FIRST - 1
    page.text(head, 0, "Id", "head")
    page.text(head + 1, 0, "Team total")
    page.text(target, 0, "All at target", "note")
    for row, key in enumerate(people.frame["id"].tolist(), start=FIRST):
        page.text(row, 0, key)
    writer = StepWriter(page, people.rows + 1, down=False, first=target, start=1, head=head)
    sums = Steps(writer, compiled, inputs, tables, _people(inputs, people, cells), named=False).write()
    page.freeze(FIRST, 1)
    figures: dict[str, Term] = {}
    names = _NAMES | {f"pay {c.id}": f"pay_{c.id}" for c in compiled.components}
    for key, place in writer.where.items():
        if writer.shown[key] == "money" and key not in ("pool", "variable"):
            values = writer.terms[key].value[1:]
            column = xl_col_to_name(place)
            summed = f"{page.title}!${column}${FIRST + 1}:${column}${FIRST + people.rows}"
            text = f"SUMPRODUCT({cells.range(cells.count)},{summed})"
            team_total = clean(Term(text, np.array([float((values * cells.count.value).sum())])), book.digits)
            figures[key] = page.formula(head + 1, place, team_total, "money", names.get(key, ""), "total")
    at_target = {
        key: Term(page.address(target, place), writer.terms[key].value[:1]) for key, place in writer.where.items()
    }
    return CalculationCells(sums, 1, figures, at_target, writer.terms)


def _people(inputs: InputCells, people: TeamTable, cells: PeopleCells) -> PersonTerms:
    """Inputs of the rows; the first row has the pay of the plan, and every component at target."""

    def after(first: FloatArray, term: Term) -> Term:
        return Term(term.text, np.concatenate([first, np.broadcast_to(term.value, (people.rows,))]))

    no_result = np.array([np.nan])
    own = [c for c in inputs.components if c.key in cells.targets]
    return PersonTerms(
        after(inputs.base.value, cells.base),
        after(inputs.variable.value, cells.variable),
        {key: after(no_result, term) for key, term in cells.results.items()},
        {c.key: after(c.target.value, cells.targets[c.key]) for c in own},
        at_target=frozenset({0}),
        without_kickers=frozenset({0}),
        exceptions={
            "base": {0: inputs.base},
            "variable": {0: inputs.variable},
            **{f"target {c.key}": {0: c.target} for c in own},
        },
    )
