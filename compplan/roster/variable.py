"""Target variable from percents, and base, variable and OTE from each other, with what does not add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from compplan.arrays import BoolArray, FloatArray, IntArray
from compplan.readers import shares
from compplan.readers.amounts import MISSING
from compplan.readers.columns import Amounts
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger
from compplan.readers.shares import Share
from compplan.roster.options import Options

if TYPE_CHECKING:
    from compplan.roster.pay import Pay

_WRITTEN = ("percent", "points", "fraction", "either", "mix")
# A bare variable of at most this is no money of a year.
_MOST_POINTS = 100.0
_TOLERANCE, _LOOSE = 1e-3, 6e-3


def from_shares(
    ledger: Ledger, base: FloatArray, variable: FloatArray, ote: FloatArray, cells: Amounts | None, options: Options
) -> tuple[FloatArray, BoolArray]:
    """Target variable where the file gives it as a percent.

    Returns
    -------
    variable : ndarray of float, shape (rows,)
    shared : ndarray of bool, shape (rows,)
        Where it comes from a percent.
    """
    shared = np.zeros(len(base), dtype=np.bool_)
    money = ledger.columns.get("variable")
    if money is not None and cells is not None:
        points = cells.percents | _points(ledger, money, variable, cells)
        if points.any():
            variable = np.where(points, np.nan, variable)
            variable, more = _apply(ledger, money, points, base, variable, ote, options)
            shared |= more
    column = ledger.columns.get("variable_share")
    if column is not None:
        variable, more = _apply(ledger, column, np.isnan(variable), base, variable, ote, options)
        shared |= more
    return variable, shared


def _points(ledger: Ledger, column: Heading, variable: FloatArray, cells: Amounts) -> BoolArray:
    """Bare numbers in a column of money that can only be percents: all of them are, or one is in doubt."""
    bare = ~np.isnan(variable) & (cells.signs == 0) & (cells.periods == 0) & (variable > 0)
    small = bare & (variable <= _MOST_POINTS)
    if not small.any() or column.scale != 1 or column.currency:
        return np.zeros(len(variable), dtype=np.bool_)
    large = ~np.isnan(variable) & (variable > _MOST_POINTS)
    if not large.any():
        ledger.whole("doubt", "All figures are 100 or less and were taken for percents; check that.", column)
        return small
    for _, row in ledger.each(small):
        ledger.doubt(row, column, "The variable is 100 or less; if it is a percent, write it with %.")
    return np.zeros(len(variable), dtype=np.bool_)


def _apply(
    ledger: Ledger,
    column: Heading,
    where: BoolArray,
    base: FloatArray,
    variable: FloatArray,
    ote: FloatArray,
    options: Options,
) -> tuple[FloatArray, BoolArray]:
    codes, found = ledger.each_different(column, _cell)
    fraction = np.array([np.nan if s is None or s.fault else s.value for s in found] or [np.nan])[codes]
    written = np.array([_WRITTEN.index(s.written) if s else 0 for s in found] or [0])[codes]
    faulty = where & np.array([bool(s and s.fault) for s in found] or [False])[codes]
    for place, row in ledger.each(faulty):
        share = found[int(codes[place])]
        if share is not None:
            ledger.doubt(row, column, f"{share.fault[:-1]}; left empty.")
    usable = where & ~np.isnan(fraction)
    fraction = _scale(ledger, column, usable, fraction, written)
    told = np.array([{"": 0, "base": 1, "ote": 2}[s.of if s else ""] for s in found] or [0], dtype=np.int64)[codes]
    silent = usable & (told == 0)
    if silent.any():
        of = _of(ledger, column, silent, fraction, base, ote, options)
        told = np.where(silent, 1 if of == "base" else 2, told)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_base = np.where(np.isnan(base), ote * fraction / (1 + fraction), base * fraction)
        by_ote = np.where(np.isnan(ote), base * fraction / (1 - fraction), ote * fraction)
    too_much = usable & (told == 2) & (fraction >= 1)
    for _, row in ledger.each(too_much):
        ledger.doubt(row, column, "All of OTE or more cannot be variable; left empty.")
    made = np.where(told == 1, by_base, by_ote)
    done = usable & ~too_much & ~np.isnan(made)
    return np.where(done, made, variable), done


def _cell(text: str) -> Share | None:
    return None if text.casefold() in MISSING else shares.parse(text)


def _scale(ledger: Ledger, column: Heading, usable: BoolArray, fraction: FloatArray, written: IntArray) -> FloatArray:
    """Points and fractions in one column: each is read by its size, and those in the minority are noted."""
    points, fractions, either = (usable & (written == _WRITTEN.index(w)) for w in ("points", "fraction", "either"))
    fractions = fractions & (fraction > 0)
    percents = usable & (written == _WRITTEN.index("percent"))
    many = int(points.sum()) + int(percents.sum())
    few = int(fractions.sum())
    if either.any():
        as_points = many >= few and many > 0
        fraction = np.where(either & (not as_points), fraction * 100, fraction)
        for place, row in ledger.each(either):
            said = "A number from 1 to 2 may be a percent or a multiple; read as most of the column is written."
            ledger.doubt(row, column, said, became=f"{fraction[place]:.4g} of pay")
    odd = fractions if many >= few else points
    if many and few:
        for place, row in ledger.each(odd):
            said = (
                "Most of the column is written as 20 or 20%."
                if many >= few
                else "Most of the column is written as 0.2."
            )
            ledger.mended(row, column, f"{fraction[place] * 100:.6g}%", said)
    return fraction


def _of(
    ledger: Ledger,
    column: Heading,
    silent: BoolArray,
    fraction: FloatArray,
    base: FloatArray,
    ote: FloatArray,
    options: Options,
) -> str:
    """What the percents of a column are of: by its heading, by base and OTE beside it, or in doubt."""
    if column.of:
        return column.of
    if options.percent_of:
        ledger.whole("assumed", f"Percents are of {_name(options.percent_of)}, as was asked.", column)
        return options.percent_of
    both = silent & ~np.isnan(base) & ~np.isnan(ote) & (fraction > 0)
    if both.any():
        near_base = np.abs(base * (1 + fraction) - ote) <= _LOOSE * ote
        near_ote = np.abs(ote * (1 - fraction) - base) <= _LOOSE * ote
        for_base, for_ote = int((both & near_base).sum()), int((both & near_ote).sum())
        if for_base != for_ote:
            of, count = ("base", for_base) if for_base > for_ote else ("ote", for_ote)
            said = f"Percents are taken as of {_name(of)}: base and OTE of {count:,} people say so."
            ledger.whole("assumed", said, column)
            return of
    words = column.heading.casefold()
    if "bonus" in words:
        ledger.whole("assumed", "Percents of a bonus are taken as of base pay; say so if they are of OTE.", column)
        return "base"
    if any(word in words for word in ("mix", "split", "share")):
        ledger.whole("assumed", "The share of variable is taken as of OTE; say so if it is of base pay.", column)
        return "ote"
    ledger.whole("doubt", "It is not said what the percents are of; taken as of base pay. Say base or OTE.", column)
    return "base"


def _name(of: str) -> str:
    return "OTE" if of == "ote" else "base pay"


def complete(ledger: Ledger, pay: Pay, shared: BoolArray) -> None:
    """Fill in whichever of the three is missing, and note where all three are there and do not add up."""
    from compplan.roster.pay import amount_text

    base, variable, ote = pay.base, pay.variable, pay.ote
    has_base, has_variable, has_ote = (~np.isnan(figure) for figure in (base, variable, ote))
    sums = {
        "ote": (has_base & has_variable & ~has_ote, base + variable, "base pay plus variable"),
        "variable": (has_base & ~has_variable & has_ote, ote - base, "OTE less base pay"),
        "base": (~has_base & has_variable & has_ote, ote - variable, "OTE less variable"),
    }
    for name, (missing, value, how) in sums.items():
        wrong = missing & (value < 0) if name == "variable" else missing & (value <= 0)
        for _, row in ledger.each(wrong):
            said = "OTE is less than its parts; the figure that is missing is left empty."
            ledger.doubt(row, ledger.columns.get("ote"), said)
        good = missing & ~wrong
        if not good.any():
            continue
        column = ledger.columns.get(name) or (ledger.columns.get("variable_share") if name == "variable" else None)
        if column is None:
            ledger.whole("assumed", f"{'OTE' if name == 'ote' else name.capitalize()} is {how}.")
        else:
            for place, row in ledger.each(good):
                became = amount_text(float(value[place]), pay.currency.of(place))
                ledger.mended(row, column, became, f"It is {how}.")
        setattr(pay, name, np.where(good, value, getattr(pay, name)))
    _check(ledger, pay, has_base & has_variable & has_ote, shared)


def _check(ledger: Ledger, pay: Pay, given: BoolArray, shared: BoolArray) -> None:
    from compplan.roster.pay import amount_text

    if not given.any():
        return
    off = np.abs(pay.base + pay.variable - pay.ote)
    allowed = np.maximum(1.0, np.where(shared, _LOOSE, _TOLERANCE) * pay.ote)
    for place, row in ledger.each(given & (off > allowed)):
        currency = pay.currency.of(place)
        total = amount_text(float(pay.base[place] + pay.variable[place]), currency)
        said = f"Base pay and variable add up to {total}, and OTE is {amount_text(float(pay.ote[place]), currency)}."
        ledger.doubt(row, ledger.columns.get("ote"), said)
