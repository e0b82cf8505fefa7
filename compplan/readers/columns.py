"""Whole columns read at once: what is written plainly by the column, the rest by each different cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd

from compplan.arrays import BoolArray, FloatArray, IntArray
from compplan.readers.amounts import FORMS, MISSING, MOST, Amount, code_of, parse
from compplan.readers.table import mask

T = TypeVar("T")

PERIODS = ("", "hour", "week", "month", "year")
FORM_NAMES = tuple(FORMS)
_USUAL_SIGNS = "$€£"
_USUAL = rf"[{_USUAL_SIGNS}]?(?:[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,3}}|[0-9]{{1,12}})(?:\.[0-9]{{1,2}})?"
_FEWEST_OF_A_HABIT = 3


@dataclass(slots=True)
class Amounts:
    """A column of amounts.

    Attributes
    ----------
    values : ndarray of float, shape (rows,)
        As written; NaN where the cell is empty or cannot be read.
    signs : ndarray of int, shape (rows,)
        Position in `sign_names` of the currencies that the cell may mean; 0 where it names none.
    sign_names : list of tuple of str
    periods : ndarray of int, shape (rows,)
        Position in `PERIODS`.
    forms : ndarray of int, shape (rows,)
        Position in `FORM_NAMES` of how it is written, 0 where that is plain or the habit of the column.
    habit : str
        How most cells of the column are written where that is not plain; a key of `FORMS`.
    faults : ndarray of int, shape (rows,)
        Position in `fault_names` of why it cannot be read; 0 where it can.
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
    def empty(cls, rows: int) -> Amounts:
        """A column without a cell."""
        zeros = np.zeros(rows, dtype=np.int64)
        none = np.zeros(rows, dtype=np.bool_)
        return cls(np.full(rows, np.nan), zeros, [()], zeros, zeros, "", zeros, [""], none)


def amounts(texts: pd.Series[str], numbers: FloatArray | None = None) -> Amounts:
    """Read a column of amounts.

    Parameters
    ----------
    texts : Series of str, shape (rows,)
    numbers : ndarray of float, shape (rows,), optional
        Cells that are numbers in a workbook; NaN where it is text.

    Examples
    --------
    >>> amounts(pd.Series(["95000", "95k", "-"], dtype="str")).values.tolist()
    [95000.0, 95000.0, nan]
    """
    made = Amounts.empty(len(texts))
    if numbers is None and _all_digits(made, texts):
        return made
    texts = texts.str.strip()
    fits = mask(texts.str.fullmatch(_USUAL))
    typed = np.zeros(len(texts), dtype=np.bool_)
    if numbers is not None:
        typed = np.isfinite(numbers) & (numbers >= 0) & (numbers < MOST)
        made.values[typed] = numbers[typed]
        fits &= ~typed
    if fits.any():
        _usual(made, texts[fits], np.flatnonzero(fits))
    rest = np.flatnonzero(~fits & ~typed)
    if len(rest):
        _rest(made, texts.iloc[rest], rest)
    return made


def _all_digits(made: Amounts, texts: pd.Series[str]) -> bool:
    """Read a column of nothing but digits; False if it is none."""
    if not len(texts) or not str(texts.iat[0]).isdigit() or not texts.str.isdigit().all():
        return False
    try:
        values = floats(texts)
    except ValueError:
        # Digits of another script are read one by one.
        return False
    if not values.max() < MOST:
        return False
    made.values = values
    return True


def _usual(made: Amounts, texts: pd.Series[str], where: IntArray) -> None:
    """Read amounts with or without a sign in front and commas between thousands."""
    signs = np.zeros(len(made.values), dtype=np.int64)
    for sign in _USUAL_SIGNS:
        here = mask(texts.str.startswith(sign))
        if here.any():
            signs[where[here]] = len(made.sign_names)
            made.sign_names.append(code_of(sign))
            texts = texts.str.replace(sign, "", regex=False)
    made.values[where] = floats(texts.str.replace(",", "", regex=False))
    made.signs = signs


def floats(texts: pd.Series[str]) -> FloatArray:
    """Plain decimal numbers as floats."""
    return np.asarray(cast(Any, texts).astype("float64[pyarrow]").to_numpy(dtype=np.float64))


def _rest(made: Amounts, texts: pd.Series[str], rest: IntArray) -> None:
    coded, uniques = cast("tuple[Any, Any]", pd.factorize(cast(Any, texts)))
    codes: IntArray = np.asarray(coded, dtype=np.int64)
    cells = [_cell(str(text)) for text in uniques]
    made.values[rest] = np.array([np.nan if c is None or c.fault else c.value for c in cells])[codes]
    made.percents = np.zeros(len(made.values), dtype=np.bool_)
    made.percents[rest] = np.array([c is not None and c.percent for c in cells])[codes]
    signs, names = _spread(len(made.values), rest, codes, [c.signs if c else () for c in cells], ())
    made.signs = np.where(signs > 0, signs + len(made.sign_names) - 1, made.signs)
    made.sign_names += names[1:]
    made.faults, made.fault_names = _spread(len(made.values), rest, codes, [c.fault if c else "" for c in cells], "")
    made.periods = np.zeros(len(made.values), dtype=np.int64)
    made.periods[rest] = np.array([PERIODS.index(c.per) if c else 0 for c in cells])[codes]
    made.forms = np.zeros(len(made.values), dtype=np.int64)
    made.forms[rest] = np.array([FORM_NAMES.index(c.form) if c else 0 for c in cells])[codes]
    _habit(made)


def _cell(text: str) -> Amount | None:
    return None if text.casefold() in MISSING else parse(text)


def _spread(rows: int, rest: IntArray, codes: IntArray, given: Sequence[T], nothing: T) -> tuple[IntArray, list[T]]:
    """Number the different values, 0 being nothing, and give every row its number."""
    names: dict[T, int] = {nothing: 0}
    numbered = [names.setdefault(value, len(names)) for value in given]
    spread = np.zeros(rows, dtype=np.int64)
    spread[rest] = np.array(numbered, dtype=np.int64)[codes]
    return spread, list(names)


def _habit(made: Amounts) -> None:
    """What most cells of a column do is its habit, and is said once rather than on every row."""
    tally = np.bincount(made.forms[made.faults == 0], minlength=len(FORM_NAMES))
    continental, dotted = FORM_NAMES.index("continental"), FORM_NAMES.index("dotted")
    kin = {continental: (continental, dotted), dotted: (continental, dotted)}
    filled = int(np.count_nonzero(~np.isnan(made.values)))
    for form in range(1, len(FORM_NAMES)):
        family = kin.get(form, (form,))
        count = int(sum(tally[f] for f in family))
        if count * 2 > filled and count >= _FEWEST_OF_A_HABIT and tally[form]:
            made.habit = FORM_NAMES[form]
            made.forms[np.isin(made.forms, family)] = 0
            return
