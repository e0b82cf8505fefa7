"""Which currency each row is in: by the column, the heading, or the sign in the cells, which must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from compplan.arrays import BoolArray, IntArray
from compplan.readers.amounts import MISSING, code_of
from compplan.readers.columns import Amounts
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger
from compplan.readers.notes import REFUSED

_CONFLICT = -1


class _Pool:
    """Sets of codes that a cell may mean, each with a number; 0 is none."""

    def __init__(self) -> None:
        self.sets: list[tuple[str, ...]] = [()]
        self._numbers: dict[tuple[str, ...], int] = {(): 0}

    def number(self, codes: tuple[str, ...]) -> int:
        if codes not in self._numbers:
            self._numbers[codes] = len(self.sets)
            self.sets.append(codes)
        return self._numbers[codes]

    def both(self, one: IntArray, other: IntArray) -> IntArray:
        """What two cells of a row mean together; `_CONFLICT` where that is nothing."""
        if not other.any():
            return one
        if not one.any():
            return other
        size = len(self.sets) + 1
        pairs, places = np.unique((one + 1) * size + other + 1, return_inverse=True)
        meant = [self._meet(int(pair) // size - 1, int(pair) % size - 1) for pair in pairs]
        return np.array(meant, dtype=np.int64)[places]

    def _meet(self, one: int, other: int) -> int:
        if _CONFLICT in (one, other):
            return _CONFLICT
        if not one or not other:
            return one or other
        shared = tuple(code for code in self.sets[one] if code in self.sets[other])
        return self.number(shared) if shared else _CONFLICT


@dataclass(slots=True)
class Currencies:
    """The currency of every live row, as a number and a list of names; the first name is none.

    Attributes
    ----------
    names : list of str
    codes : ndarray of int, shape (rows,)
        Positions in `names`.
    """

    names: list[str]
    codes: IntArray

    def of(self, place: int) -> str:
        """The code of one row."""
        return self.names[int(self.codes[place])]

    def series(self) -> pd.Series[str]:
        """The codes as a column."""
        return pd.Series(pd.array(self.names, dtype="str").take(self.codes))

    def give(self, rows: BoolArray, name: str) -> None:
        """Set the currency of some rows."""
        if name not in self.names:
            self.names.append(name)
        self.codes = np.where(rows, self.names.index(name), self.codes)


def resolve(ledger: Ledger, columns: Sequence[tuple[Heading, Amounts]], default: str | None) -> Currencies:
    """The currency of every live row.

    Parameters
    ----------
    ledger : Ledger
    columns : sequence of (Heading, Amounts)
        The columns of pay.
    default : str or None
        What the caller says of amounts that name no currency.

    Returns
    -------
    Currencies
    """
    pool = _Pool()
    rows = len(ledger.live)
    meant: IntArray = np.zeros(rows, dtype=np.int64)
    column = ledger.columns.get("currency")
    if column is not None:
        codes, cells = ledger.coded(column)
        found = [() if text.casefold() in MISSING else code_of(text) or ("?",) for text in cells]
        meant = np.array([pool.number(meanings) for meanings in found], dtype=np.int64)[codes]
        _unknown(ledger, column, meant, pool)
    for heading, cells in columns:
        if heading.currency:
            filled = ~np.isnan(cells.values) & ~cells.percents
            named = pool.number((heading.currency,))
            meant = pool.both(meant, np.where(filled, named, 0))
        if cells.signs.any():
            numbers = np.array([pool.number(codes) for codes in cells.sign_names], dtype=np.int64)
            meant = pool.both(meant, numbers[cells.signs])
    _conflicts(ledger, columns, meant)
    _loose(ledger, meant, pool)
    firsts = [codes[0] if codes else "" for codes in pool.sets]
    names = list(dict.fromkeys(firsts))
    renumbered = np.array([names.index(first) for first in firsts], dtype=np.int64)
    found = Currencies(names, np.where(meant == _CONFLICT, 0, renumbered[meant]))
    _bare(ledger, columns, found, default)
    return found


def _unknown(ledger: Ledger, column: Heading, meant: IntArray, pool: _Pool) -> None:
    for _, row in ledger.each(meant == pool.number(("?",))):
        said = "The currency is not known; allowed is a code of ISO 4217, such as USD, EUR or GBP."
        ledger.aside(row, REFUSED, said, column)


def _conflicts(ledger: Ledger, columns: Sequence[tuple[Heading, Amounts]], meant: IntArray) -> None:
    column = ledger.columns.get("currency") or (columns[0][0] if columns else None)
    for _, row in ledger.each(meant == _CONFLICT):
        said = (
            "The cells and headings of the row name different currencies; "
            f"allowed is one currency a {ledger.vocabulary.one}."
        )
        ledger.aside(row, REFUSED, said, column)


def _loose(ledger: Ledger, meant: IntArray, pool: _Pool) -> None:
    """Say once which of several currencies a sign was taken for."""
    for number, codes in enumerate(pool.sets):
        if len(codes) > 1:
            count = int(np.count_nonzero((meant == number) & ledger.still()))
            if count:
                people = f"{count:,} {ledger.vocabulary.many if count > 1 else ledger.vocabulary.one}"
                ledger.whole("assumed", f"A sign that several currencies share was taken for {codes[0]} ({people}).")


def _bare(ledger: Ledger, columns: Sequence[tuple[Heading, Amounts]], found: Currencies, default: str | None) -> None:
    """Give a currency to the people whose cells name none, where there is only one that it can be."""
    paid = np.zeros(len(found.codes), dtype=np.bool_)
    for _, cells in columns:
        paid |= ~np.isnan(cells.values)
    bare = (found.codes == 0) & paid & ledger.still()
    count = int(np.count_nonzero(bare))
    if not count:
        return
    known = sorted(found.names[code] for code in np.flatnonzero(np.bincount(found.codes)).tolist() if code)
    words = ledger.vocabulary
    who = f"{count:,} {f'{words.many} have' if count > 1 else f'{words.one} has'} no currency beside the {words.money}"
    column = ledger.columns.get("currency")
    if default is not None:
        ledger.whole("assumed", f"{who}; taken as {default}, as was asked.")
        found.give(bare, default)
    elif not known:
        ledger.whole("doubt", f"{who}, and nothing in the file names one; say which it is.")
    elif len(known) > 1:
        for _, row in ledger.each(bare):
            ledger.doubt(row, column, f"No currency is named, and the file has {', '.join(known)}; say which it is.")
    else:
        if column is None:
            ledger.whole("assumed", f"{who}; taken as {known[0]}, the only one that the file names.")
        else:
            for _, row in ledger.each(bare):
                ledger.mended(
                    row, column, known[0], "No currency is named, and all others in the file are in this one."
                )
        found.give(bare, known[0])
