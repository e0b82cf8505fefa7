"""Terms: the formula of a cell together with its value, so that both always agree."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from compplan.arrays import FloatArray

# Stands for the row number or the column letters of a case in the address of its cell. No spreadsheet formula contains
# this character.
CASE = "\ue000"


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """Part of a formula.

    Attributes
    ----------
    text : str
        Text in a formula, without the equals sign.
    value : ndarray, shape (1,) or (cases,)
        Value; NaN for an empty input cell.
    loose : bool
        Whether it needs brackets beside an operator.
    """

    text: str
    value: FloatArray
    loose: bool = False

    @property
    def tight(self) -> str:
        """The text, in brackets if it needs them."""
        return f"({self.text})" if self.loose else self.text

    def _with(self, sign: str, other: Term | float, value: FloatArray) -> Term:
        return Term(f"{self.tight}{sign}{term(other).tight}", value, loose=True)

    def __add__(self, other: Term | float) -> Term:
        return self._with("+", other, self.value + term(other).value)

    def __sub__(self, other: Term | float) -> Term:
        return self._with("-", other, self.value - term(other).value)

    def __mul__(self, other: Term | float) -> Term:
        return self._with("*", other, self.value * term(other).value)

    def __truediv__(self, other: Term | float) -> Term:
        with np.errstate(divide="ignore", invalid="ignore"):
            return self._with("/", other, self.value / term(other).value)

    def __ge__(self, other: Term | float) -> Term:
        return self._with(">=", other, np.asarray(self.value >= term(other).value, np.float64))

    def __gt__(self, other: Term | float) -> Term:
        return self._with(">", other, np.asarray(self.value > term(other).value, np.float64))

    def __le__(self, other: Term | float) -> Term:
        return self._with("<=", other, np.asarray(self.value <= term(other).value, np.float64))

    def __lt__(self, other: Term | float) -> Term:
        return self._with("<", other, np.asarray(self.value < term(other).value, np.float64))

    def same(self, other: Term | float) -> Term:
        """Whether two numbers are equal."""
        return self._with("=", other, np.asarray(self.value == term(other).value, np.float64))

    @property
    def empty(self) -> Term:
        """Whether an input cell is empty."""
        return Term(f'{self.tight}=""', np.isnan(self.value).astype(np.float64), loose=True)


def term(value: Term | float) -> Term:
    """A number as a term.

    Examples
    --------
    >>> (term(2.0) * (term(0.25) + 1)).text, term(1e-9).text, term(-3).tight
    ('2*(0.25+1)', '0.000000001', '(-3)')
    """
    if isinstance(value, Term):
        return value
    return Term(_number(float(value)), np.array([float(value)]), loose=value < 0)


def _number(value: float) -> str:
    return "0.000000001" if value == 1e-9 else repr(value).removesuffix(".0").upper()


def _joined(name: str, *terms: Term | float) -> str:
    return f"{name}({','.join(term(t).text for t in terms)})"


def if_(condition: Term, yes: Term | float, no: Term | float) -> Term:
    """`yes` where the condition holds, else `no`.

    Examples
    --------
    >>> choice = if_(term(3) >= 2, 10, 20)
    >>> choice.text, choice.value.tolist()
    ('IF(3>=2,10,20)', [10.0])
    """
    value = np.where(condition.value != 0, term(yes).value, term(no).value)
    return Term(_joined("IF", condition, yes, no), value)


def both(left: Term, right: Term) -> Term:
    """Whether two conditions hold."""
    return Term(_joined("AND", left, right), left.value * right.value)


def either(left: Term, right: Term) -> Term:
    """Whether one of two conditions holds."""
    return Term(_joined("OR", left, right), np.maximum(left.value, right.value))


def least(*terms: Term | float) -> Term:
    """The smallest."""
    return Term(_joined("MIN", *terms), functools.reduce(np.minimum, (term(t).value for t in terms)))


def most(*terms: Term | float) -> Term:
    """The largest."""
    return Term(_joined("MAX", *terms), functools.reduce(np.maximum, (term(t).value for t in terms)))


def size(of: Term) -> Term:
    """The absolute value."""
    return Term(_joined("ABS", of), np.abs(of.value))


def total(terms: list[Term]) -> Term:
    """The sum of some cells as one function, in their order."""
    return Term(_joined("SUM", *terms), functools.reduce(np.add, (t.value for t in terms)))


def plus(terms: Iterable[Term]) -> Term:
    """Terms joined by plus signs; 0 if there are none."""
    parts = list(terms)
    return functools.reduce(operator.add, parts) if parts else term(0.0)


def power_of_ten(exponent: Term) -> Term:
    """10 to some power."""
    return Term(f"10^{exponent.tight}", 10.0**exponent.value, loose=True)


@dataclass(frozen=True, slots=True, eq=False)
class ColumnRange:
    """A range of cells in one column.

    Attributes
    ----------
    text : str
        Name or address.
    values : ndarray, shape (rows,)
    """

    text: str
    values: FloatArray

    def at(self, place: Term) -> Term:
        """The cell at a place, counted from 1."""
        row = np.nan_to_num(place.value, nan=1.0).astype(np.int64) - 1
        return Term(f"INDEX({self.text},{place.text})", self.values[row])

    def passed(self, z: Term) -> Term:
        """How many of the cells are at or below a number."""
        value = (self.values[:, None] <= z.value[None, :]).sum(axis=0).astype(np.float64)
        return Term(f"SUMPRODUCT(--({self.text}<={z.tight}))", value)

    @property
    def sum(self) -> Term:
        """The sum of the cells."""
        return Term(f"SUM({self.text})", np.array([float(self.values.sum())]))

    @property
    def least(self) -> Term:
        """The smallest of the cells."""
        return Term(f"MIN({self.text})", np.array([float(self.values.min())]))
