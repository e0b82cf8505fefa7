"""The currency of each row: from its column, the headings, or signs in the cells, which must agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from compplan.arrays import BoolArray, IntArray
from compplan.readers.amounts import MISSING, code_of
from compplan.readers.columns import AmountColumn
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger
from compplan.readers.notes import REFUSED

_CONFLICT = -1


class _Meanings:
    """Sets of codes that a cell can mean, each with a number; 0 is none."""

    def __init__(self) -> None:
        self.sets: list[tuple[str, ...]] = [()]
        self._numbers: dict[tuple[str, ...], int] = {(): 0}

    def number(self, codes: tuple[str, ...]) -> int:
        if codes not in self._numbers:
            self._numbers[codes] = len(self.sets)
            self.sets.append(codes)
        return self._numbers[codes]

    def both(self, one: IntArray, other: IntArray) -> IntArray:
        """Return what two cells of a row mean together; `_CONFLICT` where they disagree."""
        if not other.any():
            return one
        if not one.any():
            return other
        size = len(self.sets) + 1
        pairs, places = np.unique((one + 1) * size + other + 1, return_inverse=True)
        common = [self._meet(int(pair) // size - 1, int(pair) % size - 1) for pair in pairs]
        return np.array(common, dtype=np.int64)[places]

    def _meet(self, one: int, other: int) -> int:
        if _CONFLICT in (one, other):
            return _CONFLICT
        if not one or not other:
            return one or other
        shared = tuple(code for code in self.sets[one] if code in self.sets[other])
        return self.number(shared) if shared else _CONFLICT


@dataclass(slots=True)
class Currencies:
    """The currency of every live row.

    Attributes
    ----------
    names : list of str
        The first is empty, for none.
    codes : ndarray of int, shape (rows,)
        Positions in `names`.
    """

    names: list[str]
    codes: IntArray

    def of(self, place: int) -> str:
        """Return the code of one row."""
        return self.names[int(self.codes[place])]

    def series(self) -> pd.Series[str]:
        """Return the codes as a column."""
        return pd.Series(pd.array(self.names, dtype="str").take(self.codes))

    def assign(self, rows: BoolArray, name: str) -> None:
        """Set the currency of some rows."""
        if name not in self.names:
            self.names.append(name)
        self.codes = np.where(rows, self.names.index(name), self.codes)


def resolve(
    ledger: Ledger, columns: Sequence[tuple[Heading, AmountColumn]], default: str | None, *, needed: bool = True
) -> Currencies:
    """Decide the currency of every live row, with notes.

    Parameters
    ----------
    ledger : Ledger
    columns : sequence of (Heading, AmountColumn)
        The columns of amounts.
    default : str or None
        Currency of amounts that name none, and of signs that several currencies share.
    needed : bool, default True
        Whether a file that names no currency at all is a doubt.

    Returns
    -------
    Currencies
    """
    pool = _Meanings()
    rows = len(ledger.live)
    candidates: IntArray = np.zeros(rows, dtype=np.int64)
    column = ledger.columns.get("currency")
    if column is not None:
        codes, cells = ledger.coded(column)
        meanings = [() if text.casefold() in MISSING else code_of(text) or ("?",) for text in cells]
        candidates = np.array([pool.number(meaning) for meaning in meanings], dtype=np.int64)[codes]
        if re.search(r"\blocal\b", column.heading, re.IGNORECASE):
            candidates = _without_local(ledger, column, columns, candidates)
        _unknown(ledger, column, candidates, pool)
    for heading, cells in columns:
        if heading.currency:
            filled = ~np.isnan(cells.values) & ~cells.percents
            number = pool.number((heading.currency,))
            # A sign in a heading, such as $, agrees with any of its currencies in the column of currencies.
            shared = () if heading.currency in heading.heading.upper() else _sharing(heading.currency)
            agree = np.array([any(code in shared for code in codes) for codes in pool.sets])[candidates]
            candidates = pool.both(candidates, np.where(filled & ~agree, number, 0))
        if cells.signs.any():
            numbers = np.array([pool.number(codes) for codes in cells.sign_names], dtype=np.int64)
            candidates = pool.both(candidates, numbers[cells.signs])
    _conflicts(ledger, columns, candidates)
    _shared_signs(ledger, candidates, pool, default)
    firsts = [_likeliest(codes, default) for codes in pool.sets]
    names = list(dict.fromkeys(firsts))
    renumbered = np.array([names.index(first) for first in firsts], dtype=np.int64)
    currencies = Currencies(names, np.where(candidates == _CONFLICT, 0, renumbered[candidates]))
    _complete(ledger, columns, currencies, default, needed=needed)
    return currencies


def _without_local(
    ledger: Ledger, column: Heading, columns: Sequence[tuple[Heading, AmountColumn]], candidates: IntArray
) -> IntArray:
    """Ignore a local currency where a heading such as "Salary (USD)" says that amounts are in another one."""
    stated: BoolArray = np.zeros(len(candidates), dtype=np.bool_)
    for heading, cells in columns:
        if heading.currency:
            stated |= ~np.isnan(cells.values) & ~cells.percents
    if not stated.any():
        return candidates
    ledger.note_column("assumed", "Not used where a heading names the currency of the amounts.", column)
    return np.where(stated, 0, candidates)


def _sharing(code: str) -> tuple[str, ...]:
    """Return the currencies that share a sign with a currency which comes first for that sign."""
    return next((codes for sign in "$£¥" if code in (codes := code_of(sign))[:1]), ())


def _unknown(ledger: Ledger, column: Heading, candidates: IntArray, pool: _Meanings) -> None:
    for _, row in ledger.each(candidates == pool.number(("?",))):
        why = "The currency is unknown. Enter an ISO 4217 code, such as USD, EUR or GBP."
        ledger.skip(row, REFUSED, why, column)


def _conflicts(ledger: Ledger, columns: Sequence[tuple[Heading, AmountColumn]], candidates: IntArray) -> None:
    column = ledger.columns.get("currency") or (columns[0][0] if columns else None)
    for _, row in ledger.each(candidates == _CONFLICT):
        why = f"The cells and headings of the row name different currencies. Use one per {ledger.vocabulary.one}."
        ledger.skip(row, REFUSED, why, column)


def _likeliest(codes: tuple[str, ...], default: str | None) -> str:
    """Return the currency that a sign is read as: the caller's if it can mean that, else the first."""
    if default is not None and default in codes:
        return default
    return codes[0] if codes else ""


def _shared_signs(ledger: Ledger, candidates: IntArray, pool: _Meanings, default: str | None) -> None:
    """Note once what a sign was read as that several currencies share."""
    for number, codes in enumerate(pool.sets):
        if len(codes) > 1:
            count = int(np.count_nonzero((candidates == number) & ledger.unskipped()))
            if count:
                rows = f"{count:,} {ledger.vocabulary.many if count > 1 else ledger.vocabulary.one}"
                why = f"A sign that several currencies share was read as {_likeliest(codes, default)} ({rows})."
                ledger.note_column("assumed", why)


def _complete(
    ledger: Ledger,
    columns: Sequence[tuple[Heading, AmountColumn]],
    currencies: Currencies,
    default: str | None,
    *,
    needed: bool,
) -> None:
    """Assign a currency to rows that name none, where only one is possible."""
    paid = np.zeros(len(currencies.codes), dtype=np.bool_)
    for _, cells in columns:
        paid |= ~np.isnan(cells.values)
    bare = (currencies.codes == 0) & paid & ledger.unskipped()
    count = int(np.count_nonzero(bare))
    if not count:
        return
    names = sorted(currencies.names[code] for code in np.flatnonzero(np.bincount(currencies.codes)).tolist() if code)
    words = ledger.vocabulary
    who = f"{count:,} {f'{words.many} have' if count > 1 else f'{words.one} has'} no currency next to the {words.money}"
    column = ledger.columns.get("currency")
    if default is not None:
        ledger.note_column("assumed", f"{who}; read as {default}, the currency that you chose.")
        currencies.assign(bare, default)
    elif not names:
        if not needed:
            return
        ledger.note_column("doubt", f"{who}, and nothing in the file names one. Choose the currency.")
    elif len(names) > 1:
        for _, row in ledger.each(bare):
            ledger.doubt(
                row, column, f"The row has no currency, and the file has {', '.join(names)}. Choose the currency."
            )
    else:
        if column is None:
            ledger.note_column("assumed", f"{who}; read as {names[0]}, the only currency in the file.")
        else:
            for _, row in ledger.each(bare):
                ledger.correct(
                    row, column, names[0], "The row has no currency, and all others in the file have this one."
                )
        currencies.assign(bare, names[0])
