"""A file as a table of text, with the line and cell addresses that notes refer to."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from compplan.arrays import BoolArray, FloatArray, IntArray
from compplan.readers.notes import Note


def mask(flags: pd.Series[bool]) -> BoolArray:
    """Copy a column of booleans into an array."""
    return np.array(flags.to_numpy(dtype=np.bool_))


def column_letter(column: int) -> str:
    """Return the letter that a spreadsheet shows above a column.

    Parameters
    ----------
    column : int
        Position from 0.

    Examples
    --------
    >>> column_letter(0), column_letter(25), column_letter(26), column_letter(255)
    ('A', 'Z', 'AA', 'IV')
    """
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True, repr=False)
class RawTable:
    """All rows of a file, none left out.

    Attributes
    ----------
    cells : DataFrame
        Text as it is in the file, one row per row of the file, columns 0, 1, …; a missing cell is empty.
    lines : ndarray of int, shape (rows,)
        Line of the file on which each row begins, from 1.
    heading : int
        Position of the row of headings.
    width : int
        Number of columns with a heading.
    numbers : dict of int to ndarray
        Cells of a workbook that are numbers, by column; NaN where they are not.
    sheet, encoding, delimiter : str
        How the file was read; empty where it does not apply.
    faults : dict of (int, int) to str
        Cells of a workbook, by row and column, that can't be read, and why.
    remarks : tuple of Note
        About the file as a whole.
    heading_rows : int
        2 where the row above `heading` belongs to the headings.
    other_sheets : tuple of str
        Sheets of a workbook that were not read.
    signs : dict of int to (ndarray of int, list of tuple of str)
        Currencies that the number formats of a column's cells show: position in the list of what each row shows.
    equals, apostrophes : bool
        Whether any cell may contain ``=`` or ``'``: the first begins a formula, the second keeps a cell from
        becoming one.
    """

    cells: pd.DataFrame
    lines: IntArray
    heading: int
    width: int
    numbers: Mapping[int, FloatArray] = field(default_factory=dict[int, FloatArray])
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    remarks: tuple[Note, ...] = ()
    heading_rows: int = 1
    other_sheets: tuple[str, ...] = ()
    signs: Mapping[int, tuple[IntArray, list[tuple[str, ...]]]] = field(
        default_factory=dict[int, tuple[IntArray, list[tuple[str, ...]]]]
    )
    equals: bool = True
    apostrophes: bool = True

    def __repr__(self) -> str:
        return f"RawTable({len(self.cells)} rows, {self.width} columns)"

    @property
    def headings(self) -> list[str]:
        """The headings, all different: an empty or repeated one gets the letter of its column."""
        parts = self.cells.iloc[self.heading - self.heading_rows + 1 : self.heading + 1]
        names = [" ".join(" ".join(map(str, parts[column])).split()) for column in parts.columns]
        first: set[str] = set()
        for column, name in enumerate(names):
            if not name or name.casefold() in first:
                names[column] = f"{name or 'Column'} ({column_letter(column)})"
            first.add(names[column].casefold())
        return names

    def text(self, row: int, column: int) -> str:
        """Return one cell."""
        return str(self.cells.iat[row, column])


def texts_and_numbers(rows: Sequence[Sequence[object]]) -> tuple[pd.DataFrame, dict[int, FloatArray]]:
    """Return every cell of some rows as text, and the cells that are numbers.

    Parameters
    ----------
    rows : sequence of sequences
        Numbers, dates and text, as a reader of workbooks gives them; rows may differ in length.

    Returns
    -------
    cells : DataFrame
        As in `RawTable`.
    numbers : dict of int to ndarray
        As in `RawTable`.

    Examples
    --------
    >>> cells, numbers = texts_and_numbers([["Role", "P50"], ["csm", 95000.0]])
    >>> cells[1].tolist(), numbers[1].tolist()
    (['P50', '95000'], [nan, 95000.0])
    """
    width = max((len(row) for row in rows), default=0)
    texts: dict[int, pd.Series[str]] = {}
    numbers: dict[int, FloatArray] = {}
    for column in range(width):
        cells = [row[column] if column < len(row) else None for row in rows]
        texts[column] = pd.Series([_text(cell) for cell in cells], dtype="str")
        values = np.array([_number(cell) for cell in cells], dtype=np.float64)
        if not bool(np.isnan(values).all()):
            numbers[column] = values
    return pd.DataFrame(texts, columns=pd.RangeIndex(width), index=pd.RangeIndex(len(rows))), numbers


def last_column(cells: pd.DataFrame, heading: int) -> int:
    """Return the number of columns up to the last one with any text from the row of headings on."""
    used = (c + 1 for c in range(cells.shape[1]) if bool((cells[c].iloc[heading:] != "").any()))
    return max(used, default=0)


def _number(cell: object) -> float:
    return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else math.nan


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return str(int(cell)) if float(cell).is_integer() and abs(cell) < 1e15 else repr(float(cell))
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ", timespec="seconds")
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)
