"""Rows that hold no data in any kind of file: headings, blank rows, rows that are too long, totals."""

from __future__ import annotations

import re
from typing import Any, cast

import numpy as np
import pandas as pd

from compplan.arrays import BoolArray, IntArray
from compplan.readers.ledger import Ledger
from compplan.readers.notes import AS_IS, BLANK, HEADING, REFUSED, REMARKS, STATUS, TOTALS
from compplan.readers.table import mask

_WORD = (
    r"(?:(?:grand|running)[ -]?|sub[ -]?)?totals?|sums?|averages?|avg\.?|mean|median|head ?count|gesamt(?:summe)?|"
    r"summe|zwischensumme|durchschnitt|mittelwert|somme|moyenne|suma|promedio"
)
_TOTALS = re.compile(rf"(?:{_WORD})(?:\s*[:=(\d#].*|\s+(?:of|for|all|people|team|pay|cost|headcount)\b.*)?")
_TOTALS_OF = re.compile(r"(?:sub[ -]?|grand )?totals?\b.{0,40}|.{1,40}\b(?:sub)?totals?")
_LONGEST = 60


def skip_outline(ledger: Ledger) -> None:
    """Skip what is above the headings, blank rows, rows with too many cells, and repeated headings."""
    table = ledger.table
    _skip_above(ledger)
    # Blank rows are blank in any column; the first fields of a vocabulary are the fullest.
    fields = (*ledger.vocabulary.fields, *ledger.columns)
    fullest = next(ledger.columns[field] for field in fields if field in ledger.columns)
    for row in _blank(ledger, fullest.column).tolist():
        ledger.skip(row, BLANK, "The row is blank.")
    if table.cells.shape[1] > table.width:
        _skip_too_long(ledger)
    _skip_repeated(ledger)


def skip_totals(ledger: Ledger, name_fields: tuple[str, ...], needed: str) -> None:
    """Skip rows that say total where a name is expected.

    Parameters
    ----------
    ledger : Ledger
    name_fields : tuple of str
        Fields that can hold the word.
    needed : str
        Field that a total leaves empty; where it is filled, the row is read.
    """
    article = "an" if ledger.vocabulary.one[0] in "aeiou" else "a"
    lacking = is_blank(ledger, ledger.columns[needed].column) & (ledger.states == AS_IS)
    for field in name_fields:
        column = ledger.columns.get(field)
        if column is None:
            continue
        cells = ledger.stripped(column.column)
        for row in np.flatnonzero(lacking).tolist():
            if says_total(" ".join(str(cells.iat[row]).casefold().split()), of_group=True):
                ledger.skip(row, TOTALS, f"The row is a total, not {article} {ledger.vocabulary.one}.", column)


def says_total(text: str, *, of_group: bool = False) -> bool:
    """Return whether a cell says that its row is a total, an average or a count.

    Parameters
    ----------
    text : str
        In lower case.
    of_group : bool, default False
        Whether the name of a group may stand next to the word.

    Examples
    --------
    >>> says_total("grand total:"), says_total("austin total"), says_total("austin total", of_group=True)
    (True, False, True)
    """
    if len(text) > _LONGEST:
        return False
    return _TOTALS.fullmatch(text) is not None or (of_group and _TOTALS_OF.fullmatch(text) is not None)


def is_blank(ledger: Ledger, column: int) -> BoolArray:
    """Return where a column has nothing but spaces, for all rows of the table."""
    return mask(ledger.stripped(column) == "")


def _cells(ledger: Ledger, column: int) -> pd.Series[str]:
    return cast("pd.Series[str]", ledger.table.cells[column])


def _blank(ledger: Ledger, fullest: int) -> IntArray:
    """Return rows below the headings with nothing in any column, except remarks of an earlier reading."""
    table = ledger.table
    rows = np.flatnonzero(is_blank(ledger, fullest))
    rows = rows[rows > table.heading]
    remarks = {h.column for h in ledger.headings if h.heading in (STATUS, REMARKS)}
    for column in range(table.cells.shape[1]):
        if len(rows) and column not in remarks:
            rows = rows[mask(_cells(ledger, column).take(cast(Any, rows)).str.strip() == "")]
    return rows


def _skip_above(ledger: Ledger) -> None:
    table = ledger.table
    for row in range(table.heading):
        if row > table.heading - table.heading_rows:
            ledger.skip(row, HEADING, "The row is the upper half of the headings.")
        elif "".join(map(str, table.cells.iloc[row])).strip():
            ledger.skip(row, HEADING, "The row is above the headings.")
        else:
            ledger.states[row] = HEADING
    ledger.states[table.heading] = HEADING


def _skip_too_long(ledger: Ledger) -> None:
    table = ledger.table
    last = np.zeros(len(table.cells), dtype=np.int64)
    for column in range(table.width, table.cells.shape[1]):
        last = np.where(mask(_cells(ledger, column) != ""), column + 1, last)
    last[: table.heading + 1] = 0
    for row in np.flatnonzero(last).tolist():
        why = (
            f"The row has {last[row]} cells, but there are {table.width} headings. "
            "Put quotation marks around a cell that contains the delimiter, such as 95,000."
        )
        ledger.skip(row, REFUSED, why)


def _skip_repeated(ledger: Ledger) -> None:
    """Skip headings that a printed report repeats on every page."""
    table = ledger.table
    same = ledger.states == AS_IS
    for column in ledger.columns.values():
        same &= mask(_cells(ledger, column.column) == table.text(table.heading, column.column))
        if not same.any():
            return
    for row in np.flatnonzero(same).tolist():
        ledger.skip(row, HEADING, "The row repeats the headings.")
