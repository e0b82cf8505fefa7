"""Rows of a people file that are not people, or the same person again."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd

from compplan.arrays import BoolArray, FloatArray, IntArray
from compplan.readers.ledger import Ledger
from compplan.readers.notes import BLANK, DUPLICATE, HEADING, REFUSED, REMARKS, STATUS, TOTALS
from compplan.readers.rows import is_blank, says_total, skip_outline
from compplan.readers.table import mask

_IDENTITY = ("id", "name", "first_name", "last_name")
# What totals can be made for, as in "Austin total".
_GROUPS = ("place", "city", "state", "manager", "segment")
_ANY_WORD = "total|sum|average|avg|mean|median|count|gesamt|schnitt|wert|somme|moyenne|promedio"
# Lines that are listed before the rest is counted.
_MOST_LISTED = 5
# Up to this many rows are checked one by one without a search of whole columns first.
_FEW = 500


def start(ledger: Ledger) -> None:
    """Skip the rows that can't be people by their shape, and begin to read the others."""
    skip_outline(ledger)
    _skip_totals(ledger)
    ledger.start()


def _skip_totals(ledger: Ledger) -> None:
    """Skip rows that say total, sum or average and lack what a person has."""
    table = ledger.table
    people_columns = [ledger.columns[f] for f in (*_IDENTITY, "title", "role") if f in ledger.columns]
    lacking = np.zeros(len(table.cells), dtype=np.bool_)
    for column in people_columns:
        lacking |= is_blank(ledger, column.column)
    if len(people_columns) < 2:
        lacking[:] = True
    identity = [ledger.columns[f] for f in _IDENTITY if f in ledger.columns]
    groups = [ledger.columns[f] for f in _GROUPS if f in ledger.columns]
    fields = [*identity, *groups, *(ledger.columns[f] for f in ("title", "role", "level") if f in ledger.columns)]
    # Sorted by heading and not by position, so that the order of the columns does not matter.
    unmatched = [h for h in ledger.headings if not h.field and h.heading not in (STATUS, REMARKS)]
    others = sorted(unmatched, key=lambda h: h.heading.casefold())
    lacking &= (ledger.states != HEADING) & (ledger.states != BLANK)
    if int(lacking.sum()) > _FEW:
        has_word = np.zeros(len(lacking), dtype=np.bool_)
        for heading in (*fields, *others):
            has_word |= mask(ledger.stripped(heading.column).str.contains(_ANY_WORD, case=False, regex=True))
        lacking &= has_word
    for row in np.flatnonzero(lacking).tolist():
        anonymous = not any(table.text(row, h.column).strip() for h in identity)
        for heading in (*fields, *others) if anonymous else fields:
            text = " ".join(table.text(row, heading.column).casefold().split())
            if says_total(text, of_group=heading in identity or heading in groups):
                ledger.skip(row, TOTALS, "The row is a total, not a person.", heading)
                break


def skip_nameless(ledger: Ledger, ids: pd.Series[str], names: pd.Series[str], amounts: FloatArray) -> None:
    """Skip rows with neither id nor name; one with the sum of the pay above it is a total."""
    nameless = mask((ids == "") & (names == ""))
    if not nameless.any():
        return
    paid = np.where(nameless | np.isnan(amounts), 0.0, amounts)
    running = np.cumsum(paid)
    subtotal = 0.0
    for place, row in ledger.each(nameless):
        above = float(running[place])
        value = float(amounts[place])
        if any(part > 0 and abs(value - part) <= max(1.0, 1e-6 * part) for part in (above, above - subtotal)):
            ledger.skip(row, TOTALS, "The row has no id and no name, and its pay is the sum of the rows above.")
            subtotal = above
        else:
            ledger.skip(row, REFUSED, "The row has no id and no name. A person needs one of them.")


def skip_duplicates(ledger: Ledger, people: pd.DataFrame, ids: pd.Series[str]) -> None:
    """Skip rows with an id that came before: the same person again, or someone else under the same id.

    Parameters
    ----------
    ledger : Ledger
    people : DataFrame
        As read, one row per live row.
    ids : Series of str
    """
    key = ids.str.lower()
    if key.is_unique:
        return
    where = np.flatnonzero(ledger.unskipped() & mask(key != ""))
    repeats, first = _repeated(key.iloc[where], where)
    column = ledger.columns.get("id")
    differences = {str(name): _differ(people[name], repeats, first) for name in people.columns if name != "id"}
    lines = ledger.table.lines[ledger.live]
    same_id: dict[int, list[int]] = {}
    for number, (place, other) in enumerate(zip(repeats.tolist(), first.tolist(), strict=True)):
        line, row = int(lines[other]), int(ledger.live[place])
        differing = [name for name, differs in differences.items() if differs[number]]
        if not differing:
            ledger.skip(row, DUPLICATE, f"The row is the same person as line {line}.", column)
            continue
        why = (
            f"The row has the id of line {line} but a different {', '.join(differing)}. "
            f"Line {line} is used. Give each person an id of their own, or delete one of the rows."
        )
        ledger.skip(row, DUPLICATE, why, column)
        same_id.setdefault(other, []).append(int(lines[place]))
    for other, lines_of_repeats in same_id.items():
        more = f" and {len(lines_of_repeats) - _MOST_LISTED:,} more" if len(lines_of_repeats) > _MOST_LISTED else ""
        listed = ", ".join(map(str, lines_of_repeats[:_MOST_LISTED])) + more
        why = f"Line {listed} has the same id." if len(lines_of_repeats) == 1 else f"Lines {listed} have the same id."
        ledger.doubt(int(ledger.live[other]), column, why)


def skip_repeats(ledger: Ledger, people: pd.DataFrame) -> None:
    """Skip rows that repeat everything about a person of the same name, in a file without ids.

    Parameters
    ----------
    ledger : Ledger
    people : DataFrame
        As read, without ids, one row per live row.
    """
    named = mask(people["name"] != "") & ledger.unskipped()
    if not named.any() or people["name"][named].is_unique:
        return
    where = np.flatnonzero(named)
    keys = pd.util.hash_pandas_object(people.iloc[where], index=False)
    repeats, first = _repeated(keys, where)
    differs = np.zeros(len(repeats), dtype=np.bool_)
    for name in people.columns:
        differs |= _differ(people[name], repeats, first)
    column = ledger.columns.get("name") or ledger.columns.get("first_name")
    lines = ledger.table.lines[ledger.live]
    for place, other in zip(repeats[~differs].tolist(), first[~differs].tolist(), strict=True):
        why = f"The row is the same as line {int(lines[other])}."
        ledger.skip(int(ledger.live[place]), DUPLICATE, why, column)


def _repeated(keys: pd.Series[Any], where: IntArray) -> tuple[IntArray, IntArray]:
    """Return the rows, among some, with a key that came before, and the rows where it came first."""
    codes = np.asarray(pd.factorize(cast(Any, keys))[0], dtype=np.int64)
    _, places = np.unique(codes, return_index=True)
    first = where[places[codes]]
    repeated = first != where
    return where[repeated], first[repeated]


def _differ(column: pd.Series[Any], rows: IntArray, others: IntArray) -> BoolArray:
    """Return where two lists of rows differ in a column; two missing values are equal."""
    one, other = column.iloc[rows].reset_index(drop=True), column.iloc[others].reset_index(drop=True)
    return mask(one != other) & ~(mask(one.isna()) & mask(other.isna()))
