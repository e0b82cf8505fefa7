"""The book that is kept while a file is read: what became of each row, and every note with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from compplan.arrays import BoolArray, FloatArray, IntArray
from compplan.readers.headings import Heading
from compplan.readers.notes import KEPT, MENDED, RISKY, Counts, Kind, Note, shown
from compplan.readers.table import Table, letter, mask
from compplan.readers.vocabulary import Vocabulary

T = TypeVar("T")
# Cells of a column that are looked up one by one.
_MANY = 1_000
# Fields with few different cells, which are told apart before anything is done with them.
_FEW = {"title", "role", "currency", "segment", "hired", "pay_basis", "variable_share"}


class Ledger:
    """States of all rows and notes on them.

    Parameters
    ----------
    table : Table
    headings : sequence of Heading
        One a column.
    vocabulary : Vocabulary
        What rows and amounts are called in notes.

    Attributes
    ----------
    states : ndarray of int8, shape (rows,)
        Indices into `compplan.readers.notes.STATES`.
    columns : dict of str to Heading
        By field.
    """

    def __init__(self, table: Table, headings: Sequence[Heading], vocabulary: Vocabulary) -> None:
        self.table = table
        self.vocabulary = vocabulary
        self.headings = tuple(headings)
        self.columns = {h.field: h for h in headings if h.field}
        self.states: NDArray[np.int8] = np.full(len(table.cells), KEPT, dtype=np.int8)
        self._notes: list[tuple[int, int, Note]] = [(-1, -1, note) for note in table.remarks]
        self.live: IntArray = np.arange(0)
        self._stripped: dict[int, pd.Series[str]] = {}
        self._codes: dict[int, tuple[IntArray, list[str]]] = {}
        self._tidy: dict[int, bool] = {}
        self._lists: dict[int, list[str]] = {}
        self._asked: dict[int, int] = {}
        self._texts: dict[int, pd.Series[str]] = {}

    def start(self) -> None:
        """Take the rows that are not set aside yet for people, or whatever the file is about."""
        self.live = np.flatnonzero(self.states == KEPT)
        self._texts = {}

    def note(
        self, kind: Kind, row: int, column: Heading | None, said: str, found: str | None = None, became: str = ""
    ) -> None:
        """Note something on a row of the table; what stands in the cell is looked up unless it is given."""
        line = int(self.table.lines[row])
        if column is None:
            made = Note(kind, said, line, found=shown(found or ""), became=became)
            self._notes.append((row, -1, made))
            return
        if found is None:
            found = self._text(row, column.column)
        cell = f"{column.letter}{row + 1}"
        self._notes.append((row, column.column, Note(kind, said, line, column.heading, cell, shown(found), became)))

    def _text(self, row: int, column: int) -> str:
        """One cell; a column that many notes are about is taken out once."""
        if column not in self._lists:
            self._asked[column] = self._asked.get(column, 0) + 1
            if self._asked[column] < _MANY:
                return self.table.text(row, column)
            self._lists[column] = self.table.cells[column].tolist()
        return self._lists[column][row]

    def mended(self, row: int, column: Heading | None, became: str, said: str, found: str | None = None) -> None:
        """Note that a cell was read as something that it does not literally say."""
        self.note("mended", row, column, said, found, became)
        if self.states[row] == KEPT:
            self.states[row] = MENDED

    def doubt(self, row: int, column: Heading | None, said: str, became: str = "") -> None:
        """Note that somebody should look."""
        self.note("doubt", row, column, said, became=became)

    def aside(self, row: int, state: int, said: str, column: Heading | None = None) -> None:
        """Set a row aside for good."""
        if self.states[row] in (KEPT, MENDED):
            self.states[row] = state
            self.note("set_aside", row, column, said)

    def whole(self, kind: Kind, said: str, column: Heading | None = None) -> None:
        """Note something on a column or the whole file."""
        if column is None:
            self._notes.append((-1, -1, Note(kind, said)))
        else:
            self._notes.append((-1, column.column, Note(kind, said, None, column.heading, letter(column.column))))

    def coded(self, column: Heading) -> tuple[IntArray, list[str]]:
        """A column of few different cells: which of them each row that may be a person has, and the cells.

        Two of them may be the same where they differ in spaces only.
        """
        codes, cells = self._different(column.column)
        return self._live_part(codes), cells

    def each_different(self, column: Heading, read: Callable[[str], T]) -> tuple[IntArray, list[T]]:
        """The same with each of the different cells read."""
        codes, cells = self.coded(column)
        return codes, [read(text) for text in cells]

    def raw(self, column: Heading) -> pd.Series[str]:
        """The cells of a column in the rows that may be people, as they stand in the file."""
        cells = self.table.cells[column.column]
        live = self.live
        first = int(live[0]) if len(live) else 0
        taken = cells.iloc[first : first + len(live)] if self._whole() else cells.take(cast(Any, live))
        return taken.reset_index(drop=True)

    def stripped(self, column: int) -> pd.Series[str]:
        """All cells of a column, without spaces at the ends and the apostrophe that keeps one from being a formula."""
        if column not in self._stripped:
            cells = self.table.cells[column]
            if self.headings[column].field in _FEW:
                codes, different = self._different(column)
                self._stripped[column] = cells if self._tidy[column] else spread(different, codes)
            else:
                texts = cells.str.strip()
                self._stripped[column] = _unguarded(texts) if self.table.apostrophes else texts
        return self._stripped[column]

    def texts(self, column: Heading) -> pd.Series[str]:
        """The same of the rows that may be people."""
        if column.column not in self._texts:
            cells, live = self.stripped(column.column), self.live
            first = int(live[0]) if len(live) else 0
            taken = cells.iloc[first : first + len(live)] if self._whole() else cells.take(cast(Any, live))
            self._texts[column.column] = taken.reset_index(drop=True)
        return self._texts[column.column]

    def _whole(self) -> bool:
        """Whether the rows that may be people stand together."""
        return not len(self.live) or int(self.live[-1] - self.live[0]) + 1 == len(self.live)

    def _live_part(self, codes: IntArray) -> IntArray:
        if not len(self.live):
            return codes[:0]
        return codes[self.live[0] : self.live[-1] + 1] if self._whole() else codes[self.live]

    def _different(self, column: int) -> tuple[IntArray, list[str]]:
        if column not in self._codes:
            codes, uniques = cast("tuple[Any, Any]", pd.factorize(cast(Any, self.table.cells[column])))
            given = [str(text) for text in uniques]
            tidy = [_bare(text) for text in given]
            self._codes[column] = np.asarray(codes, dtype=np.int64), tidy
            self._tidy[column] = tidy == given
        return self._codes[column]

    def numbers(self, column: Heading) -> FloatArray | None:
        """The cells of the same rows that a workbook has as numbers."""
        numbers = self.table.numbers.get(column.column)
        return None if numbers is None else numbers[self.live]

    def still(self) -> BoolArray:
        """Which of the live rows are people still."""
        states = self.states[self.live]
        return cast("BoolArray", (states == KEPT) | (states == MENDED))

    def each(self, mask: BoolArray) -> Iterable[tuple[int, int]]:
        """Positions among the live rows where the mask holds and the row is not set aside, with the table's row."""
        where = np.flatnonzero(mask & self.still())
        return zip(where.tolist(), self.live[where].tolist(), strict=True)

    def notes(self) -> tuple[Note, ...]:
        """All notes: those on the file first, then by line and column."""
        self._notes.sort(key=lambda entry: entry[:2])
        return tuple(note for _, _, note in self._notes)

    def counts(self) -> Counts:
        """How many rows went where."""
        return Counts.of(self.states)


def spread(names: Sequence[str], codes: IntArray) -> pd.Series[str]:
    """A column from its different texts and which of them each row has."""
    return pd.Series(pd.array(list(names) or [""], dtype="str").take(codes))


def _bare(text: str) -> str:
    """One cell without spaces at the ends and without the apostrophe that keeps it from being a formula."""
    text = text.strip()
    if text.startswith("'") and text[1:].lstrip().startswith(RISKY):
        return text[1:].lstrip()
    return text


def _unguarded(texts: pd.Series[str]) -> pd.Series[str]:
    """Take away the apostrophe that a spreadsheet, or `compplan.documents.remarks`, puts before a formula."""
    quoted = np.flatnonzero(mask(texts.str.startswith("'")))
    if not len(quoted):
        return texts
    made = texts.astype(object)
    for place in quoted.tolist():
        made.iat[place] = _bare(str(texts.iat[place]))
    return made.astype("str")
