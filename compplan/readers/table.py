"""The file as a table of text, with the places that notes speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from compplan.arrays import BoolArray, FloatArray, IntArray
from compplan.readers.notes import Note


def mask(flags: pd.Series[bool]) -> BoolArray:
    """A column of yes and no as an array of one's own."""
    return np.array(flags.to_numpy(dtype=np.bool_))


def letter(column: int) -> str:
    """The letter that a spreadsheet gives to a column.

    Examples
    --------
    >>> letter(0), letter(25), letter(26), letter(255)
    ('A', 'Z', 'AA', 'IV')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """All rows of a file, none left out.

    Attributes
    ----------
    cells : DataFrame
        Text as it stands in the file, one row a row, columns 0, 1, …; a missing cell is empty.
    lines : ndarray of int, shape (rows,)
        Line of the file on which each row begins, from 1.
    heading : int
        Position of the row of headings.
    width : int
        Columns that have a heading.
    numbers : dict of int to ndarray
        Cells of a workbook that are numbers, by column; NaN where it is something else.
    sheet, encoding, delimiter : str
        How it was read; empty where it does not apply.
    faults : dict of (int, int) to str
        Cells, row and column, that a workbook has nothing readable in, and why.
    remarks : tuple of Note
        About the file as a whole.
    equals, apostrophes : bool
        Whether any cell may hold one: a formula begins with the one, a cell that is kept from being a
        formula with the other.
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
    equals: bool = True
    apostrophes: bool = True

    def __repr__(self) -> str:
        return f"Table({len(self.cells)} rows, {self.width} columns)"

    @property
    def headings(self) -> list[str]:
        """The headings, a name that is none where there is none, and repeated ones told apart."""
        row = [" ".join(str(text).split()) for text in self.cells.iloc[self.heading]]
        seen: dict[str, int] = {}
        for column, name in enumerate(row):
            if not name or name.casefold() in seen:
                row[column] = f"{name or 'Column'} ({letter(column)})"
            seen[row[column].casefold()] = column
        return row

    def text(self, row: int, column: int) -> str:
        """One cell."""
        return str(self.cells.iat[row, column])
