"""What stands in a cell: a formula and the number that it gives, made together so that they cannot part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from compplan.arrays import FloatArray

# In the address of a cell that each case has its own of, what the case is told by: the number of a row, or the letters
# of a column. No formula of a spreadsheet has this character.
CASE = "\ue000"


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A piece of a formula.

    Attributes
    ----------
    text : str
        As it stands in a formula, without the equals sign.
    value : ndarray, shape (1,) or (cases,)
        What it gives; NaN for an input cell that is empty.
    loose : bool
        Whether it needs brackets beside an operator.
    """

    text: str
    value: FloatArray
    loose: bool = False

    @property
    def tight(self) -> str:
        """The text, in brackets where it needs them."""
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
        """Whether two numbers are the same."""
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
    if value == 1e-9:
        return "0.000000001"
    text = repr(value).removesuffix(".0")
    return text.upper()


def _joined(name: str, *terms: Term | float) -> str:
    return f"{name}({','.join(term(t).text for t in terms)})"


def if_(condition: Term, yes: Term | float, no: Term | float) -> Term:
    """`yes` where the condition holds, else `no`.

    Examples
    --------
    >>> made = if_(term(3) >= 2, 10, 20)
    >>> made.text, made.value.tolist()
    ('IF(3>=2,10,20)', [10.0])
    """
    chosen = np.where(condition.value != 0, term(yes).value, term(no).value)
    return Term(_joined("IF", condition, yes, no), chosen)


def both(left: Term, right: Term) -> Term:
    """Whether two conditions hold."""
    return Term(_joined("AND", left, right), left.value * right.value)


def either(left: Term, right: Term) -> Term:
    """Whether one of two conditions holds."""
    return Term(_joined("OR", left, right), np.maximum(left.value, right.value))


def least(*terms: Term | float) -> Term:
    """The smallest."""
    value = term(terms[0]).value
    for other in terms[1:]:
        value = np.minimum(value, term(other).value)
    return Term(_joined("MIN", *terms), value)


def most(*terms: Term | float) -> Term:
    """The largest."""
    value = term(terms[0]).value
    for other in terms[1:]:
        value = np.maximum(value, term(other).value)
    return Term(_joined("MAX", *terms), value)


def size(of: Term) -> Term:
    """The number without its sign."""
    return Term(_joined("ABS", of), np.abs(of.value))


def total(terms: list[Term]) -> Term:
    """The sum of some cells, in their order."""
    value = sum((t.value for t in terms[1:]), start=terms[0].value)
    return Term(_joined("SUM", *terms), value)


def power_of_ten(exponent: Term) -> Term:
    """10 to some power."""
    return Term(f"10^{exponent.tight}", 10.0**exponent.value, loose=True)


@dataclass(frozen=True, slots=True, eq=False)
class ColumnRange:
    """A range of cells under each other.

    Attributes
    ----------
    text : str
        Its name or address.
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
