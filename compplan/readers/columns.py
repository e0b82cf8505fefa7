"""Whole columns of amounts: plain cells are read as a column, the others once per different cell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd

from compplan.arrays import BoolArray, FloatArray, IntArray
from compplan.readers.amounts import FORMS, MISSING, MOST, ParsedAmount, code_of, parse
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger
from compplan.readers.notes import REFUSED
from compplan.readers.table import mask

T = TypeVar("T")

# Periods that pay can be for, and how often they come in a year; hours and months are the caller's to change.
PERIODS = ("", "hour", "week", "month", "year", "day", "biweek", "semimonth", "quarter")
TIMES_A_YEAR: Mapping[str, float] = {
    "": 1.0, "hour": 2080.0, "week": 52.0, "month": 12.0, "year": 1.0, "day": 260.0, "biweek": 26.0, "semimonth": 24.0,
    "quarter": 4.0,
}  # fmt: skip
SCALE_NAMES: Mapping[float, str] = {1e3: "thousands", 1e6: "millions", 1e5: "lakhs", 1e7: "crores"}
FORM_NAMES = tuple(FORMS)
_USUAL_SIGNS = "$€£"
_USUAL = rf"[{_USUAL_SIGNS}]?(?:[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,3}}|[0-9]{{1,12}})(?:\.[0-9]{{1,2}})?"
_FEWEST_OF_A_HABIT = 3
_EMPTY = ParsedAmount(math.nan)


@dataclass(slots=True)
class AmountColumn:
    """A column of amounts.

    Attributes
    ----------
    values : ndarray of float, shape (rows,)
        As written; NaN where the cell is empty or can't be read.
    signs : ndarray of int, shape (rows,)
        Position in `sign_names` of the currencies that the cell can mean; 0 where it has none.
    sign_names : list of tuple of str
    periods : ndarray of int, shape (rows,)
        Position in `PERIODS`.
    forms : ndarray of int, shape (rows,)
        Position in `FORM_NAMES` of how the cell is written; 0 where that is plain, or usual in the column.
    habit : str
        How most cells of the column are written, a key of `FORMS`; empty where that is plain.
    faults : ndarray of int, shape (rows,)
        Position in `fault_names` of why the cell can't be read; 0 where it can.
    fault_names : list of str
    percents : ndarray of bool, shape (rows,)
    """

    values: FloatArray
    signs: IntArray
    sign_names: list[tuple[str, ...]]
    periods: IntArray
    forms: IntArray
    habit: str
    faults: IntArray
    fault_names: list[str]
    percents: BoolArray

    @classmethod
    def empty(cls, rows: int) -> AmountColumn:
        """Return a column without any amount."""
        zeros = np.zeros(rows, dtype=np.int64)
        none = np.zeros(rows, dtype=np.bool_)
        return cls(np.full(rows, np.nan), zeros, [()], zeros, zeros, "", zeros, [""], none)


def read_column(ledger: Ledger, heading: Heading) -> AmountColumn:
    """Read a column of amounts, with the currencies that the number formats of a workbook show."""
    column = read_amounts(ledger.raw(heading), ledger.numbers(heading))
    shown = ledger.table.signs.get(heading.column)
    if shown is not None:
        codes, names = shown[0][ledger.live], shown[1]
        where = (codes > 0) & (column.signs == 0) & ~np.isnan(column.values)
        column.signs = np.where(where, codes + len(column.sign_names) - 1, column.signs)
        column.sign_names = [*column.sign_names, *names[1:]]
    return column


def read_amounts(texts: pd.Series[str], numbers: FloatArray | None = None) -> AmountColumn:
    """Read a column of amounts.

    Parameters
    ----------
    texts : Series of str, shape (rows,)
    numbers : ndarray of float, shape (rows,), optional
        Cells that a workbook stores as numbers; NaN where they are text.

    Examples
    --------
    >>> read_amounts(pd.Series(["95000", "95k", "-"], dtype="str")).values.tolist()
    [95000.0, 95000.0, nan]
    """
    column = AmountColumn.empty(len(texts))
    if numbers is None and _all_digits(column, texts):
        return column
    texts = texts.str.strip()
    fits = mask(texts.str.fullmatch(_USUAL))
    typed = np.zeros(len(texts), dtype=np.bool_)
    if numbers is not None:
        typed = np.isfinite(numbers) & (numbers >= 0) & (numbers < MOST)
        column.values[typed] = numbers[typed]
        fits &= ~typed
    if fits.any():
        _usual(column, texts[fits], np.flatnonzero(fits))
    rest = np.flatnonzero(~fits & ~typed)
    if len(rest):
        _rest(column, texts.iloc[rest], rest)
    return column


def _all_digits(column: AmountColumn, texts: pd.Series[str]) -> bool:
    """Read a column of digits only; False if it has anything else."""
    if not len(texts) or not str(texts.iat[0]).isdigit() or not texts.str.isdigit().all():
        return False
    try:
        values = floats(texts)
    except ValueError:
        # Digits of other scripts are read cell by cell.
        return False
    if not values.max() < MOST:
        return False
    column.values = values
    return True


def _usual(column: AmountColumn, texts: pd.Series[str], where: IntArray) -> None:
    """Read amounts with or without a currency sign in front and commas between thousands."""
    signs = np.zeros(len(column.values), dtype=np.int64)
    for sign in _USUAL_SIGNS:
        here = mask(texts.str.startswith(sign))
        if here.any():
            signs[where[here]] = len(column.sign_names)
            column.sign_names.append(code_of(sign))
            texts = texts.str.replace(sign, "", regex=False)
    column.values[where] = floats(texts.str.replace(",", "", regex=False))
    column.signs = signs


def floats(texts: pd.Series[str]) -> FloatArray:
    """Convert plain decimal numbers to floats."""
    return np.asarray(cast(Any, texts).astype("float64[pyarrow]").to_numpy(dtype=np.float64))


def _rest(column: AmountColumn, texts: pd.Series[str], rest: IntArray) -> None:
    coded, uniques = cast("tuple[Any, Any]", pd.factorize(cast(Any, texts)))
    codes: IntArray = np.asarray(coded, dtype=np.int64)
    cells = [_EMPTY if str(text).casefold() in MISSING else parse(str(text)) for text in uniques]
    column.values[rest] = np.array([np.nan if c.fault else c.value for c in cells])[codes]
    column.percents = np.zeros(len(column.values), dtype=np.bool_)
    column.percents[rest] = np.array([c.percent for c in cells])[codes]
    signs, names = _spread(len(column.values), rest, codes, [c.signs for c in cells], ())
    column.signs = np.where(signs > 0, signs + len(column.sign_names) - 1, column.signs)
    column.sign_names += names[1:]
    column.faults, column.fault_names = _spread(len(column.values), rest, codes, [c.fault for c in cells], "")
    column.periods = np.zeros(len(column.values), dtype=np.int64)
    column.periods[rest] = np.array([PERIODS.index(c.per) for c in cells])[codes]
    column.forms = np.zeros(len(column.values), dtype=np.int64)
    column.forms[rest] = np.array([FORM_NAMES.index(c.form) for c in cells])[codes]
    _habit(column)


def _spread(rows: int, rest: IntArray, codes: IntArray, values: Sequence[T], nothing: T) -> tuple[IntArray, list[T]]:
    """Number the different values, 0 for none, and return the number of every row."""
    names: dict[T, int] = {nothing: 0}
    numbered = [names.setdefault(value, len(names)) for value in values]
    spread = np.zeros(rows, dtype=np.int64)
    spread[rest] = np.array(numbered, dtype=np.int64)[codes]
    return spread, list(names)


def _habit(column: AmountColumn) -> None:
    """Report a form that most cells of a column share once, instead of on every row."""
    tally = np.bincount(column.forms[column.faults == 0], minlength=len(FORM_NAMES))
    continental, dotted = FORM_NAMES.index("continental"), FORM_NAMES.index("dotted")
    kin = {continental: (continental, dotted), dotted: (continental, dotted)}
    filled = int(np.count_nonzero(~np.isnan(column.values)))
    for form in range(1, len(FORM_NAMES)):
        family = kin.get(form, (form,))
        count = int(sum(tally[f] for f in family))
        if count * 2 > filled and count >= _FEWEST_OF_A_HABIT and tally[form]:
            column.habit = FORM_NAMES[form]
            column.forms[np.isin(column.forms, family)] = 0
            return


def note_faults(ledger: Ledger, column: Heading, amounts: AmountColumn, *, skip: bool) -> None:
    """Note every cell of a column that can't be read.

    Parameters
    ----------
    ledger : Ledger
    column : Heading
    amounts : AmountColumn
        Read from `column`.
    skip : bool
        Whether such a row is skipped; otherwise the cell is left empty.
    """
    if not amounts.faults.any():
        return
    for place, row in ledger.each(amounts.faults > 0):
        fault = amounts.fault_names[int(amounts.faults[place])]
        if skip:
            ledger.skip(row, REFUSED, fault, column)
        else:
            ledger.doubt(row, column, f"{fault} The cell is treated as empty.")


def note_habit(ledger: Ledger, column: Heading, amounts: AmountColumn) -> None:
    """Note once how most cells of a column are written, where that is not plain."""
    if amounts.habit:
        ledger.note_column("assumed", f"Most cells are written this way: {FORMS[amounts.habit]}", column)


def scaled(ledger: Ledger, column: Heading, values: FloatArray, amounts: AmountColumn, least: float) -> FloatArray:
    """Multiply by the scale of a heading, such as 1,000, but not cells that are large enough already.

    Parameters
    ----------
    ledger : Ledger
    column : Heading
        With its `scale`.
    values : ndarray of float, shape (rows,)
    amounts : AmountColumn
        The same cells.
    least : float
        From here on a cell is an amount in full: 95,000 under "Base (k)" is not 95 million.

    Returns
    -------
    ndarray of float, shape (rows,)
    """
    if column.scale == 1:
        return values
    short = (values < least) & (amounts.forms != FORM_NAMES.index("short"))
    count = int(short.sum())
    cells = "1 cell is" if count == 1 else f"{count:,} cells are"
    unit = SCALE_NAMES[column.scale]
    ledger.note_column("assumed", f"The heading says {unit}: {cells} multiplied by {column.scale:,.0f}.", column)
    for _, row in ledger.each(~short & ~np.isnan(values)):
        ledger.doubt(row, column, f"The heading says {unit}, but this cell looks like a full amount and is read as is.")
    return np.where(short, values * column.scale, values)
