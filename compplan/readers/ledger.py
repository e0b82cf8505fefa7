"""The record of a reading: the state of every row, and every note with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from compplan.arrays import BoolArray, FloatArray, IntArray
from compplan.readers.headings import Heading
from compplan.readers.notes import AS_IS, CORRECTED, RISKY, Counts, Kind, Note, shown
from compplan.readers.table import RawTable, column_letter, mask
from compplan.readers.vocabulary import Vocabulary

T = TypeVar("T")
# After this many lookups of single cells, a column is turned into a list.
_MANY = 1_000


class Ledger:
    """States of all rows of a table, and the notes on them.

    Parameters
    ----------
    table : RawTable
    headings : sequence of Heading
        One per column.
    vocabulary : Vocabulary

    Attributes
    ----------
    states : ndarray of int8, shape (rows,)
        Positions in `compplan.readers.notes.STATES`.
    columns : dict of str to Heading
        By field.
    live : ndarray of int
        Rows of the table that are read; see `start`.
    """

    def __init__(self, table: RawTable, headings: Sequence[Heading], vocabulary: Vocabulary) -> None:
        self.table = table
        self.vocabulary = vocabulary
        self.headings = tuple(headings)
        self.columns = {h.field: h for h in headings if h.field}
        self.states: NDArray[np.int8] = np.full(len(table.cells), AS_IS, dtype=np.int8)
        self.live: IntArray = np.arange(0)
        self._notes: list[tuple[int, int, Note]] = [(-1, -1, note) for note in table.remarks]
        self._stripped: dict[int, pd.Series[str]] = {}
        self._codes: dict[int, tuple[IntArray, list[str]]] = {}
        self._already_stripped: dict[int, bool] = {}
        self._lists: dict[int, list[str]] = {}
        self._lookups: dict[int, int] = {}
        self._texts: dict[int, pd.Series[str]] = {}

    def start(self) -> None:
        """Begin to read the rows that are not skipped so far."""
        self.live = np.flatnonzero(self.states == AS_IS)
        self._texts = {}

    # Notes and states

    def note(
        self, kind: Kind, row: int, column: Heading | None, why: str, text: str | None = None, became: str = ""
    ) -> None:
        """Add a note on a row; the text of the cell is looked up unless it is given."""
        line = int(self.table.lines[row])
        if column is None:
            self._notes.append((row, -1, Note(kind, why, line, found=shown(text or ""), became=became)))
            return
        if text is None:
            text = self._text(row, column.column)
        cell = f"{column.letter}{row + 1}"
        note = Note(kind, why, line, column.heading, cell, shown(text), became)
        self._notes.append((row, column.column, note))

    def correct(self, row: int, column: Heading | None, became: str, why: str, text: str | None = None) -> None:
        """Note that a cell was read as something that it does not literally say."""
        self.note("mended", row, column, why, text, became)
        if self.states[row] == AS_IS:
            self.states[row] = CORRECTED

    def doubt(self, row: int, column: Heading | None, why: str, became: str = "") -> None:
        """Note that someone should check a row."""
        self.note("doubt", row, column, why, became=became)

    def skip(self, row: int, state: int, why: str, column: Heading | None = None) -> None:
        """Skip a row for good."""
        if self.states[row] in (AS_IS, CORRECTED):
            self.states[row] = state
            self.note("set_aside", row, column, why)

    def note_column(self, kind: Kind, why: str, column: Heading | None = None) -> None:
        """Add a note on a column, or on the whole file."""
        if column is None:
            self._notes.append((-1, -1, Note(kind, why)))
        else:
            note = Note(kind, why, None, column.heading, column_letter(column.column))
            self._notes.append((-1, column.column, note))

    def note_first(self, why: str) -> None:
        """Add a doubt on the whole file that has to be read before anything else."""
        self._notes.append((-2, -1, Note("doubt", why)))

    def unskipped(self) -> BoolArray:
        """Return which of the live rows are not skipped."""
        states = self.states[self.live]
        return cast("BoolArray", (states == AS_IS) | (states == CORRECTED))

    def each(self, where: BoolArray) -> Iterable[tuple[int, int]]:
        """Iterate over live rows that are not skipped: position among the live rows, and row of the table.

        Parameters
        ----------
        where : ndarray of bool, shape (live rows,)
        """
        places = np.flatnonzero(where & self.unskipped())
        return zip(places.tolist(), self.live[places].tolist(), strict=True)

    def notes(self) -> tuple[Note, ...]:
        """Return all notes: those on the file first, then by line and column."""
        self._notes.sort(key=lambda entry: entry[:2])
        return tuple(note for _, _, note in self._notes)

    def counts(self) -> Counts:
        """Return how many rows are in each state."""
        return Counts.of(self.states)

    # Cells

    def raw(self, column: Heading) -> pd.Series[str]:
        """Return the live cells of a column as they are in the file."""
        return self._live_rows(self.table.cells[column.column])

    def stripped(self, column: int) -> pd.Series[str]:
        """Return all cells of a column without outer spaces and without the apostrophe before a formula."""
        if column not in self._stripped:
            cells = self.table.cells[column]
            if self.headings[column].field in self.vocabulary.few:
                codes, different = self._different(column)
                self._stripped[column] = cells if self._already_stripped[column] else spread(different, codes)
            else:
                texts = cells.str.strip()
                self._stripped[column] = _without_apostrophes(texts) if self.table.apostrophes else texts
        return self._stripped[column]

    def texts(self, column: Heading) -> pd.Series[str]:
        """Return the live cells of a column, as `stripped` gives them."""
        if column.column not in self._texts:
            self._texts[column.column] = self._live_rows(self.stripped(column.column))
        return self._texts[column.column]

    def numbers(self, column: Heading) -> FloatArray | None:
        """Return the live cells of a column that a workbook stores as numbers; None if it has none."""
        numbers = self.table.numbers.get(column.column)
        return None if numbers is None else numbers[self.live]

    def coded(self, column: Heading) -> tuple[IntArray, list[str]]:
        """Return a column of few different cells as codes, and the cells.

        Returns
        -------
        codes : ndarray of int, shape (live rows,)
            Positions in `cells`.
        cells : list of str
            Two of them can be equal where the file has them with different spaces.
        """
        codes, cells = self._different(column.column)
        if not len(self.live):
            return codes[:0], cells
        return codes[self.live[0] : self.live[-1] + 1] if self._contiguous() else codes[self.live], cells

    def each_different(self, column: Heading, read: Callable[[str], T]) -> tuple[IntArray, list[T]]:
        """Return the same as `coded`, with `read` applied to each of the cells."""
        codes, cells = self.coded(column)
        return codes, [read(text) for text in cells]

    def cells_where(self, column: Heading, flags: Sequence[bool]) -> list[str]:
        """Return the flagged ones of the different cells that `coded` gives, if a row that is not skipped has them."""
        codes, cells = self.coded(column)
        used = np.bincount(codes[self.unskipped()], minlength=len(cells)) > 0
        return [cell for cell, flag, is_used in zip(cells, flags, used, strict=True) if flag and is_used]

    def _text(self, row: int, column: int) -> str:
        if column not in self._lists:
            self._lookups[column] = self._lookups.get(column, 0) + 1
            if self._lookups[column] < _MANY:
                return self.table.text(row, column)
            self._lists[column] = self.table.cells[column].tolist()
        return self._lists[column][row]

    def _live_rows(self, cells: pd.Series[str]) -> pd.Series[str]:
        live = self.live
        first = int(live[0]) if len(live) else 0
        # A slice is much faster than a selection.
        part = cells.iloc[first : first + len(live)] if self._contiguous() else cells.take(cast(Any, live))
        return part.reset_index(drop=True)

    def _contiguous(self) -> bool:
        return not len(self.live) or int(self.live[-1] - self.live[0]) + 1 == len(self.live)

    def _different(self, column: int) -> tuple[IntArray, list[str]]:
        if column not in self._codes:
            codes, uniques = cast("tuple[Any, Any]", pd.factorize(cast(Any, self.table.cells[column])))
            texts = [str(text) for text in uniques]
            stripped = [_stripped(text) for text in texts]
            self._codes[column] = np.asarray(codes, dtype=np.int64), stripped
            self._already_stripped[column] = stripped == texts
        return self._codes[column]


def spread(names: Sequence[str], codes: IntArray) -> pd.Series[str]:
    """Build a column from its different texts and the position of the text of each row."""
    return pd.Series(pd.array(list(names) or [""], dtype="str").take(codes))


def _stripped(text: str) -> str:
    text = text.strip()
    if text.startswith("'") and text[1:].lstrip().startswith(RISKY):
        return text[1:].lstrip()
    return text


def _without_apostrophes(texts: pd.Series[str]) -> pd.Series[str]:
    """Remove the apostrophe that a spreadsheet, or a file with remarks, puts before a formula."""
    quoted = np.flatnonzero(mask(texts.str.startswith("'")))
    if not len(quoted):
        return texts
    cells = texts.astype(object)
    for place in quoted.tolist():
        cells.iat[place] = _stripped(str(texts.iat[place]))
    return cells.astype("str")
