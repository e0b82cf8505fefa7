"""Target variable from percents, and base, variable and OTE from each other, with notes where they don't add up."""

from __future__ import annotations

import math
import re

import numpy as np

from compplan.arrays import BoolArray, FloatArray, IntArray
from compplan.readers import shares
from compplan.readers.amounts import MISSING
from compplan.readers.columns import AmountColumn
from compplan.readers.heading_words import normal
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger
from compplan.readers.shares import ParsedShare
from compplan.roster.options import Options
from compplan.roster.yearly_pay import YearlyPay, amount_text

_WRITTEN = ("percent", "points", "fraction", "either", "mix")
# A variable without a currency up to this is a percent, not money a year.
_MOST_POINTS = 100.0
_MIX = re.compile(r"\b(mix|split|pay ratio|fix(?:ed)? variable)\b")
_HALF = 0.5
_TOLERANCE, _LOOSE = 1e-3, 6e-3


def from_shares(
    ledger: Ledger,
    base: FloatArray,
    variable: FloatArray,
    ote: FloatArray,
    cells: AmountColumn | None,
    options: Options,
) -> tuple[FloatArray, BoolArray]:
    """Return target variable, also where the file has it as a percent.

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
    column = ledger.columns.get("base_share")
    if column is not None:
        variable, more = _apply(ledger, column, np.isnan(variable), base, variable, ote, options)
        shared |= more
    column = ledger.columns.get("variable_share")
    if column is not None:
        if money is not None and cells is not None:
            _compare(ledger, column, variable, ~np.isnan(variable) & ~shared, base, ote, options)
        variable, more = _apply(ledger, column, np.isnan(variable), base, variable, ote, options)
        shared |= more
    return variable, shared


def _points(ledger: Ledger, column: Heading, variable: FloatArray, cells: AmountColumn) -> BoolArray:
    """Return which plain numbers in a column of money are percents: all of them, or none with doubts."""
    bare = ~np.isnan(variable) & (cells.signs == 0) & (cells.periods == 0) & (variable > 0)
    small = bare & (variable <= _MOST_POINTS)
    if not small.any() or column.scale != 1 or column.currency:
        return np.zeros(len(variable), dtype=np.bool_)
    large = ~np.isnan(variable) & (variable > _MOST_POINTS)
    if not large.any():
        ledger.note_column("doubt", "All values are 100 or less and were read as percents. Check this.", column)
        return small
    for _, row in ledger.each(small):
        ledger.doubt(row, column, "The variable is 100 or less. If it is a percent, write it with %.")
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
    codes, parsed = ledger.each_different(column, _cell)
    fraction = np.array([np.nan if s.fault else s.value for s in parsed] or [np.nan])[codes]
    written = np.array([_WRITTEN.index(s.written) for s in parsed] or [0])[codes]
    faulty = where & np.array([bool(s.fault) for s in parsed] or [False])[codes]
    for place, row in ledger.each(faulty):
        ledger.doubt(row, column, f"{parsed[int(codes[place])].fault} The cell is treated as empty.")
    usable = where & ~np.isnan(fraction)
    fraction = _scale(ledger, column, usable, fraction, written)
    of = np.array([{"": 0, "base": 1, "ote": 2}[s.of] for s in parsed] or [0], dtype=np.int64)[codes]
    fraction, of, usable = _of_base(ledger, column, usable, fraction, of)
    silent = usable & (of == 0)
    if silent.any():
        column_of = _of(ledger, column, silent, fraction, base, ote, options)
        of = np.where(silent, 1 if column_of == "base" else 2, of)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_base = np.where(np.isnan(base), ote * fraction / (1 + fraction), base * fraction)
        by_ote = np.where(np.isnan(ote), base * fraction / (1 - fraction), ote * fraction)
    too_much = usable & (of == 2) & (fraction >= 1)
    for _, row in ledger.each(too_much):
        ledger.doubt(row, column, "Variable must be less than all of OTE. The cell is treated as empty.")
    amounts = np.where(of == 1, by_base, by_ote)
    filled = usable & ~too_much & ~np.isnan(amounts)
    return np.where(filled, amounts, variable), filled


def _of_base(
    ledger: Ledger, column: Heading, usable: BoolArray, fraction: FloatArray, of: IntArray
) -> tuple[FloatArray, IntArray, BoolArray]:
    """Turn shares of base pay into shares of variable: in a column of base shares, or a mix of 80% or 70%."""
    single = usable & (of == 0)
    if not single.any():
        return fraction, of, usable
    turned = column.field == "base_share"
    if not turned and _MIX.search(normal(column.heading)) and not column.chosen and not column.of:
        high, low = single & (fraction > _HALF), single & (fraction < _HALF)
        if high.any() and low.any():
            why = (
                "Some shares are above 50% and some below, so they can be of base pay or of variable. They are treated "
                f"as empty. Choose '{column.heading}=base_share' or '{column.heading}=variable_share'."
            )
            ledger.note_column("doubt", why, column)
            return fraction, of, usable & ~single
        turned = bool(high.any())
        if turned:
            why = "All shares are 50% or more, so they are read as the share of base pay: 80% is 80/20."
            ledger.note_column("assumed", why, column)
    if not turned:
        return fraction, of, usable
    over = single & (fraction > 1)
    for _, row in ledger.each(over):
        ledger.doubt(row, column, "The share of base pay must be at most 100%. The cell is treated as empty.")
    return np.where(single, np.round(1 - fraction, 9), fraction), np.where(single, 2, of), usable & ~over


def _compare(
    ledger: Ledger,
    column: Heading,
    variable: FloatArray,
    where: BoolArray,
    base: FloatArray,
    ote: FloatArray,
    options: Options,
) -> None:
    """Doubt rows with an amount of variable and a percent that disagree."""
    if not where.any():
        return
    stated, filled = _apply(ledger, column, where, base, np.full(len(variable), np.nan), ote, options)
    off = filled & (np.abs(stated - variable) > np.maximum(1.0, _LOOSE * np.maximum(stated, variable)))
    for place, row in ledger.each(off):
        why = (
            f"It would be {amount_text(float(stated[place]), '')} a year, but the row also says "
            f"{amount_text(float(variable[place]), '')}, which is used. Check which one is right."
        )
        ledger.doubt(row, column, why)


def _cell(text: str) -> ParsedShare:
    return ParsedShare(math.nan) if text.casefold() in MISSING else shares.parse(text)


def _scale(ledger: Ledger, column: Heading, usable: BoolArray, fraction: FloatArray, written: IntArray) -> FloatArray:
    """Read points and fractions in one column by their size, and note those in the minority."""
    points, fractions, either = (usable & (written == _WRITTEN.index(w)) for w in ("points", "fraction", "either"))
    fractions = fractions & (fraction > 0)
    percents = usable & (written == _WRITTEN.index("percent"))
    many = int(points.sum()) + int(percents.sum())
    few = int(fractions.sum())
    if either.any():
        as_points = many >= few and many > 0
        fraction = np.where(either & (not as_points), fraction * 100, fraction)
        for place, row in ledger.each(either):
            why = "A number from 1 to 2 can be a percent or a multiple; it is read as most of the column is written."
            ledger.doubt(row, column, why, became=f"{fraction[place]:.4g} of pay")
    odd = fractions if many >= few else points
    if many and few:
        for place, row in ledger.each(odd):
            why = (
                "Most of the column is written as 20 or 20%."
                if many >= few
                else "Most of the column is written as 0.2."
            )
            ledger.correct(row, column, f"{fraction[place] * 100:.6g}%", why)
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
    """Decide what the percents of a column are of: by its heading, by base and OTE, or with a doubt."""
    if column.of:
        return column.of
    if options.percent_of:
        ledger.note_column("assumed", f"Percents are of {_name(options.percent_of)}, as you chose.", column)
        return options.percent_of
    both = silent & ~np.isnan(base) & ~np.isnan(ote) & (fraction > 0)
    if both.any():
        near_base = np.abs(base * (1 + fraction) - ote) <= _LOOSE * ote
        near_ote = np.abs(ote * (1 - fraction) - base) <= _LOOSE * ote
        for_base, for_ote = int((both & near_base).sum()), int((both & near_ote).sum())
        if for_base != for_ote:
            of, count = ("base", for_base) if for_base > for_ote else ("ote", for_ote)
            why = f"Percents are read as percents of {_name(of)}, which fits base and OTE of {count:,} people."
            ledger.note_column("assumed", why, column)
            return of
    words = column.heading.casefold()
    if "bonus" in words:
        ledger.note_column(
            "assumed", "Bonus percents are read as percents of base pay. Choose OTE if they are of OTE.", column
        )
        return "base"
    if any(word in words for word in ("mix", "split", "share")):
        ledger.note_column(
            "assumed", "The variable share is read as a share of OTE. Choose base if it is of base pay.", column
        )
        return "ote"
    ledger.note_column(
        "doubt", "The percents can be of base pay or OTE; they are read as of base pay. Choose one.", column
    )
    return "base"


def _name(of: str) -> str:
    return "OTE" if of == "ote" else "base pay"


def complete(ledger: Ledger, pay: YearlyPay, shared: BoolArray) -> None:
    """Fill in whichever of base, variable and OTE is missing, and note where all three don't add up.

    Parameters
    ----------
    ledger : Ledger
    pay : YearlyPay
        Changed in place.
    shared : ndarray of bool, shape (rows,)
        Where variable comes from a percent, which may be rounded.
    """
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
            why = "OTE is less than its parts. The missing amount is left empty."
            ledger.doubt(row, ledger.columns.get("ote"), why)
        good = missing & ~wrong
        if not good.any():
            continue
        column = ledger.columns.get(name) or (ledger.columns.get("variable_share") if name == "variable" else None)
        if column is None:
            ledger.note_column("assumed", f"{'OTE' if name == 'ote' else name.capitalize()} is {how}.")
        else:
            for place, row in ledger.each(good):
                became = amount_text(float(value[place]), pay.currency.of(place))
                ledger.correct(row, column, became, f"It is {how}.")
        setattr(pay, name, np.where(good, value, getattr(pay, name)))
    _check_sums(ledger, pay, has_base & has_variable & has_ote, shared)


def _check_sums(ledger: Ledger, pay: YearlyPay, complete_rows: BoolArray, shared: BoolArray) -> None:
    """Doubt rows with base, variable and OTE that don't add up."""
    if not complete_rows.any():
        return
    off = np.abs(pay.base + pay.variable - pay.ote)
    allowed = np.maximum(1.0, np.where(shared, _LOOSE, _TOLERANCE) * pay.ote)
    for place, row in ledger.each(complete_rows & (off > allowed)):
        currency = pay.currency.of(place)
        total = amount_text(float(pay.base[place] + pay.variable[place]), currency)
        why = f"Base pay and variable add up to {total}, but OTE is {amount_text(float(pay.ote[place]), currency)}."
        ledger.doubt(row, ledger.columns.get("ote"), why)
