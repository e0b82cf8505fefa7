"""Rows that are no people: headings, blank rows, totals, rows gone wrong, duplicates."""

from __future__ import annotations

import re
from typing import Any, cast

import numpy as np
import pandas as pd

from compplan.arrays import BoolArray, FloatArray, IntArray
from compplan.readers.ledger import Ledger
from compplan.readers.notes import BLANK, DUPLICATE, HEADING, KEPT, REFUSED, REMARKS, STATUS, TOTALS
from compplan.readers.table import mask

_IDENTITY = ("id", "name", "first_name", "last_name")
# What totals are made by, as in "Austin total".
_GROUPS = ("place", "city", "state", "manager", "segment")
_WORD = (
    r"(?:(?:grand|running)[ -]?|sub[ -]?)?totals?|sums?|averages?|avg\.?|mean|median|head ?count|gesamt(?:summe)?|"
    r"summe|zwischensumme|durchschnitt|mittelwert|somme|moyenne|suma|promedio"
)
_TOTALS = re.compile(rf"(?:{_WORD})(?:\s*[:=(\d#].*|\s+(?:of|for|all|people|team|pay|cost|headcount)\b.*)?")
_TOTALS_OF = re.compile(r"(?:sub[ -]?|grand )?totals?\b.{0,40}|.{1,40}\b(?:sub)?totals?")
_ANY_WORD = "total|sum|average|avg|mean|median|count|gesamt|schnitt|wert|somme|moyenne|promedio"
_LONGEST = 60
# Lines that are named before the rest is counted.
_NAMED = 5
# Rows that are looked at one by one without a look at the whole column first.
_FEW = 500


def classify(ledger: Ledger) -> None:
    """Set aside the rows that show by their shape that they are no people, and take the others for people."""
    outline(ledger)
    _totals(ledger)
    ledger.start()


def outline(ledger: Ledger) -> None:
    """Set aside what stands above the headings, blank rows, rows of too many cells, and headings that are repeated."""
    table = ledger.table
    _above(ledger)
    # Any column tells where a blank row can be; id and name are the fullest.
    fullest = next(ledger.columns[f] for f in (*_IDENTITY, *ledger.columns) if f in ledger.columns)
    for row in _blank(ledger, fullest.column).tolist():
        ledger.aside(row, BLANK, "The row is blank.")
    if table.cells.shape[1] > table.width:
        _too_long(ledger)
    _repeated(ledger)


def _column(ledger: Ledger, column: int) -> pd.Series[str]:
    return cast("pd.Series[str]", ledger.table.cells[column])


def _bare(ledger: Ledger, column: int) -> BoolArray:
    """Where a column has nothing, or nothing but spaces."""
    return mask(ledger.stripped(column) == "")


def _blank(ledger: Ledger, fullest: int) -> IntArray:
    """Rows below the headings that have nothing in any column; remarks of an earlier round do not count."""
    table = ledger.table
    rows = np.flatnonzero(_bare(ledger, fullest))
    rows = rows[rows > table.heading]
    ours = {h.column for h in ledger.headings if h.heading in (STATUS, REMARKS)}
    for column in range(table.cells.shape[1]):
        if len(rows) and column not in ours:
            rows = rows[mask(_column(ledger, column).take(cast(Any, rows)).str.strip() == "")]
    return rows


def _above(ledger: Ledger) -> None:
    table = ledger.table
    for row in range(table.heading):
        if "".join(map(str, table.cells.iloc[row])).strip():
            ledger.aside(row, HEADING, "The row stands above the headings.")
        else:
            ledger.states[row] = HEADING
    ledger.states[table.heading] = HEADING


def _too_long(ledger: Ledger) -> None:
    table = ledger.table
    last = np.zeros(len(table.cells), dtype=np.int64)
    for column in range(table.width, table.cells.shape[1]):
        last = np.where(mask(_column(ledger, column) != ""), column + 1, last)
    last[: table.heading + 1] = 0
    for row in np.flatnonzero(last).tolist():
        said = (
            f"The row has {last[row]} cells where there are {table.width} headings; "
            "a cell with the delimiter inside, such as 95,000, needs quotation marks."
        )
        ledger.aside(row, REFUSED, said)


def _repeated(ledger: Ledger) -> None:
    """Headings that a printed report repeats on every page."""
    table = ledger.table
    columns = list(ledger.columns.values())
    same = ledger.states == KEPT
    for column in columns:
        same &= mask(_column(ledger, column.column) == table.text(table.heading, column.column))
        if not same.any():
            return
    for row in np.flatnonzero(same).tolist():
        ledger.aside(row, HEADING, "The row repeats the headings.")


def _totals(ledger: Ledger) -> None:
    """Rows that say total, sum or average and lack what a person has."""
    table = ledger.table
    named = [ledger.columns[f] for f in (*_IDENTITY, "title", "role") if f in ledger.columns]
    lacking = np.zeros(len(table.cells), dtype=np.bool_)
    for column in named:
        lacking |= _bare(ledger, column.column)
    if len(named) < 2:
        lacking[:] = True
    identity = [ledger.columns[f] for f in _IDENTITY if f in ledger.columns]
    groups = [ledger.columns[f] for f in _GROUPS if f in ledger.columns]
    known = [*identity, *groups, *(ledger.columns[f] for f in ("title", "role", "level") if f in ledger.columns)]
    # By heading and not by place: the order of the columns does not matter.
    theirs = [h for h in ledger.headings if not h.field and h.heading not in (STATUS, REMARKS)]
    others = sorted(theirs, key=lambda h: h.heading.casefold())
    lacking &= (ledger.states != HEADING) & (ledger.states != BLANK)
    if int(lacking.sum()) > _FEW:
        said = np.zeros(len(lacking), dtype=np.bool_)
        for heading in (*known, *others):
            said |= mask(ledger.stripped(heading.column).str.contains(_ANY_WORD, case=False, regex=True))
        lacking &= said
    for row in np.flatnonzero(lacking).tolist():
        nobody = not any(table.text(row, h.column).strip() for h in identity)
        for heading in (*known, *others) if nobody else known:
            text = " ".join(table.text(row, heading.column).casefold().split())
            grouped = heading in identity or heading in groups
            if says_total(text, of_group=grouped):
                ledger.aside(row, TOTALS, "The row is a total, not a person.", heading)
                break


def says_total(text: str, *, of_group: bool = False) -> bool:
    """Whether a cell in small letters says that its row is a total, an average or a count.

    Parameters
    ----------
    text : str
    of_group : bool, default False
        Whether what the total is of may stand beside the word.

    Examples
    --------
    >>> says_total("grand total:"), says_total("austin total"), says_total("austin total", of_group=True)
    (True, False, True)
    """
    if len(text) > _LONGEST:
        return False
    return _TOTALS.fullmatch(text) is not None or (of_group and _TOTALS_OF.fullmatch(text) is not None)


def nameless(ledger: Ledger, ids: pd.Series[str], names: pd.Series[str], amounts: FloatArray) -> None:
    """Set aside rows that have neither id nor name; one whose pay is the sum of the rows above is a total."""
    bare = mask((ids == "") & (names == ""))
    if not bare.any():
        return
    known = np.where(bare | np.isnan(amounts), 0.0, amounts)
    running = np.cumsum(known)
    since = 0.0
    for place, row in ledger.each(bare):
        above = float(running[place])
        value = float(amounts[place])
        if any(part > 0 and abs(value - part) <= max(1.0, 1e-6 * part) for part in (above, above - since)):
            ledger.aside(row, TOTALS, "The row has no id and no name, and its pay is the sum of the rows above.")
            since = above
        else:
            ledger.aside(row, REFUSED, "The row has no id and no name; a person needs one of them.")


def duplicates(ledger: Ledger, people: pd.DataFrame, ids: pd.Series[str]) -> None:
    """Set aside rows whose id came before: the same person again, or another one under the same id.

    Parameters
    ----------
    ledger : Ledger
    people : DataFrame
        As read, one row a live row.
    ids : Series of str
        What tells people apart.
    """
    key = ids.str.lower()
    if key.is_unique:
        return
    where = np.flatnonzero(ledger.still() & mask(key != ""))
    again, first = _again(key.iloc[where], where)
    column = ledger.columns.get("id")
    unlike = {str(name): _unlike(people[name], again, first) for name in people.columns if name != "id"}
    lines = ledger.table.lines[ledger.live]
    same_id: dict[int, list[int]] = {}
    for number, (place, other) in enumerate(zip(again.tolist(), first.tolist(), strict=True)):
        line, row = int(lines[other]), int(ledger.live[place])
        differing = [name for name, differs in unlike.items() if differs[number]]
        if not differing:
            ledger.aside(row, DUPLICATE, f"The row is the same person as line {line}.", column)
            continue
        said = (
            f"The row has the id of line {line} but differs in {', '.join(differing)}; "
            f"line {line} is kept: give each person an id, or take one of the rows out."
        )
        ledger.aside(row, DUPLICATE, said, column)
        same_id.setdefault(other, []).append(int(lines[place]))
    for other, named in same_id.items():
        listed = ", ".join(map(str, named[:_NAMED])) + (f" and {len(named) - _NAMED:,} more" * (len(named) > _NAMED))
        said = f"Line {listed} has the same id." if len(named) == 1 else f"Lines {listed} have the same id."
        ledger.doubt(int(ledger.live[other]), column, said)


def repeats(ledger: Ledger, people: pd.DataFrame) -> None:
    """Set aside rows that say the same of a person of the same name, where nothing else tells people apart.

    Parameters
    ----------
    ledger : Ledger
    people : DataFrame
        As read, without ids, one row a live row.
    """
    named = mask(people["name"] != "") & ledger.still()
    if not named.any() or people["name"][named].is_unique:
        return
    where = np.flatnonzero(named)
    keys = pd.util.hash_pandas_object(people.iloc[where], index=False)
    again, first = _again(keys, where)
    unlike = np.zeros(len(again), dtype=np.bool_)
    for name in people.columns:
        unlike |= _unlike(people[name], again, first)
    column = ledger.columns.get("name") or ledger.columns.get("first_name")
    lines = ledger.table.lines[ledger.live]
    for place, other in zip(again[~unlike].tolist(), first[~unlike].tolist(), strict=True):
        said = f"The row says the same as line {int(lines[other])}."
        ledger.aside(int(ledger.live[place]), DUPLICATE, said, column)


def _again(keys: pd.Series[Any], where: IntArray) -> tuple[IntArray, IntArray]:
    """Among some rows, those whose key came before, and where it came first."""
    codes = np.asarray(pd.factorize(cast(Any, keys))[0], dtype=np.int64)
    _, places = np.unique(codes, return_index=True)
    first = where[places[codes]]
    repeated = first != where
    return where[repeated], first[repeated]


def _unlike(column: pd.Series[Any], some: IntArray, others: IntArray) -> BoolArray:
    """Where two lists of rows differ in a column; two figures that are not known are alike."""
    one, other = column.iloc[some].reset_index(drop=True), column.iloc[others].reset_index(drop=True)
    return mask(one != other) & ~(mask(one.isna()) & mask(other.isna()))
