"""Steps of a calculation on a sheet: down it with a column per case, or across it with a row per case."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from compplan.documents.workbook.pages import SheetWriter, Shown, Style, each
from compplan.documents.workbook.terms import CASE, Term


class StepWriter:
    """Writes one step after another, for all cases at once.

    Parameters
    ----------
    page : SheetWriter
    cases : int
    down : bool
        Whether the steps go down the sheet; else they go across it.
    first : int
        Row or column of the first case.
    start : int
        Row or column of the first step.
    head : int
        Row of the headings, if steps go across.
    """

    def __init__(self, page: SheetWriter, cases: int, *, down: bool, first: int, start: int, head: int = 0) -> None:
        self.page, self.cases, self.down, self.head = page, cases, down, head
        self.first, self.place = first, start
        self.shown: dict[str, Shown] = {}
        self.where: dict[str, int] = {}
        self.terms: dict[str, Term] = {}
        if not down:
            page.heights[head] = 62

    def case(self, i: int) -> str:
        """Column letters or row number of a case."""
        return xl_col_to_name(self.first + i) if self.down else str(self.first + i + 1)

    def section(self, label: str) -> None:
        """Write a heading over the steps that follow."""
        if self.down:
            self.page.text(self.place + 1, 0, label, "section")
            self.place += 2
        else:
            self.page.text(self.head - 1, self.place, label, "section")

    def step(
        self,
        key: str,
        label: str,
        formula: Term,
        shown: Shown,
        exceptions: Mapping[int, Term | None] | None = None,
        *,
        name: str = "",
        style: Style = "figure",
    ) -> Term:
        """Write a step for every case, and return its cells.

        Parameters
        ----------
        key : str
            Key of the step in `where`, `shown` and `terms`.
        label : str
        formula : Term
            Its formula, with `CASE` in the addresses of cells that each case has.
        shown : str
        exceptions : Mapping of int to Term or None, optional
            Formulas of cases that differ; None for a case without this step.
        name : str
            Name of the cell of the first case.
        style : str
        """
        page, place = self.page, self.place
        style = "strong" if style == "total" and not self.down else style
        value = np.array(np.broadcast_to(formula.value, (self.cases,)))
        texts: list[str | None] = [formula.text] * self.cases
        for i, exception in (exceptions or {}).items():
            texts[i] = None if exception is None else exception.text
            value[i] = np.nan if exception is None else exception.value[i if exception.value.size > 1 else 0]
        if self.down:
            page.text(place, 0, label)
        else:
            page.text(self.head, place, label, "head_right")
        for i, text in enumerate(texts):
            row, column = (place, self.first + i) if self.down else (self.first + i, place)
            if text is None:
                page.text(row, column, "–", "figure")
            else:
                page.put(row, column, each(text, self.case(i)), float(value[i]), shown, style)
        if name:
            row, column = (place, self.first) if self.down else (self.first, place)
            page.book.name(name, page.address(row, column))
        self.where[key], self.shown[key] = place, shown
        self.place += 1
        text = f"{page.title}!{CASE}${place + 1}" if self.down else f"{page.title}!${xl_col_to_name(place)}{CASE}"
        self.terms[key] = Term(text, value)
        return self.terms[key]
