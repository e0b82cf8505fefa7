"""Pay amounts with a basis and a currency, so that base pay, OTE and total compensation never mix."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, overload

from compplan.benchmarks.errors import BasisError, BenchmarkError
from compplan.errors import nearest
from compplan.formats import money


class PayBasis(StrEnum):
    """Kind of pay of an amount: base pay, OTE, total compensation and so on.

    Examples
    --------
    >>> PayBasis("ote").words
    'on-target earnings'
    """

    BASE = "base"
    TARGET_VARIABLE = "target_variable"
    OTE = "ote"
    ACTUAL_CASH = "actual_cash"
    TOTAL_COMPENSATION = "total_compensation"
    FULLY_LOADED_COST = "fully_loaded_cost"
    WAGE = "wage"

    @property
    def words(self) -> str:
        """Name for use within a sentence."""
        return _WORDS[self][0]

    @property
    def meaning(self) -> str:
        """Sentence that says what the basis includes."""
        return _WORDS[self][1]


_WORDS = {
    PayBasis.BASE: ("base pay", "Fixed annual pay, without variable pay."),
    PayBasis.TARGET_VARIABLE: ("target variable pay", "Annual variable pay at target."),
    PayBasis.OTE: ("on-target earnings", "Base pay plus target variable pay."),
    PayBasis.ACTUAL_CASH: (
        "cash paid",
        "Base pay plus the bonus or commission actually paid, which can differ from target.",
    ),
    PayBasis.TOTAL_COMPENSATION: ("total compensation", "Cash and equity together."),
    PayBasis.FULLY_LOADED_COST: (
        "fully loaded cost",
        "What a person costs the employer: pay, taxes, benefits and overhead.",
    ),
    PayBasis.WAGE: ("wages", "Straight-time gross pay of an occupation in official statistics, without bonuses."),
}

# The only sums of two bases that have a meaning: OTE is base plus target variable, by definition.
_SUMS = {
    (PayBasis.BASE, PayBasis.TARGET_VARIABLE): PayBasis.OTE,
    (PayBasis.TARGET_VARIABLE, PayBasis.BASE): PayBasis.OTE,
}
_DIFFERENCES = {
    (PayBasis.OTE, PayBasis.BASE): PayBasis.TARGET_VARIABLE,
    (PayBasis.OTE, PayBasis.TARGET_VARIABLE): PayBasis.BASE,
}


def as_basis(basis: PayBasis | str) -> PayBasis:
    """Return a basis from its key.

    Raises
    ------
    BenchmarkError
        If no basis has this key.
    """
    try:
        return PayBasis(basis)
    except ValueError:
        hint = nearest(str(basis), list(PayBasis))
        raise BenchmarkError.at("basis", f"There is no basis {str(basis)!r}; {hint}") from None


@functools.total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class PayAmount:
    """Annual pay amount with a basis and a currency.

    Amounts with the same basis and currency can be added, subtracted, compared and divided. Base plus target variable
    is OTE, and OTE minus one of them is the other. Every other combination raises an error. Even ``==`` does, because
    comparing two bases is a mistake in the caller's code, not an unequal result.

    Parameters
    ----------
    value : float [currency a year]
    basis : PayBasis
        A `PayBasis` or its key, such as ``"base"``.
    currency : str
        ISO 4217 code, such as ``"USD"``.

    Raises
    ------
    BasisError
        From every operation on two amounts that differ in basis or currency.

    Examples
    --------
    >>> base, variable = PayAmount(85_000, "base", "USD"), PayAmount(20_000, "target_variable", "USD")
    >>> print(base + variable)
    $105,000.00 on-target earnings
    >>> base < base + variable
    Traceback (most recent call last):
    compplan.benchmarks.errors.BasisError: Base pay and on-target earnings are not the same thing,
    so $85,000.00 and $105,000.00 cannot be compared.
    """

    value: float
    basis: PayBasis
    currency: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "basis", as_basis(self.basis))
        if not math.isfinite(self.value):
            raise BenchmarkError.at("", f"An amount must be a finite number. You entered {self.value!r}.")

    def __str__(self) -> str:
        return f"{money(self.value, self.currency)} {self.basis.words}"

    def __hash__(self) -> int:
        return hash((self.value, self.basis, self.currency))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PayAmount) and self.value == self._same(other, "compared").value

    def __lt__(self, other: PayAmount) -> bool:
        return self.value < self._same(other, "compared").value

    def __add__(self, other: PayAmount) -> PayAmount:
        kind = self._by_rule(_SUMS, other)
        if kind:
            return PayAmount(self.value + other.value, kind, self.currency)
        return PayAmount(self.value + self._same(other, "added").value, self.basis, self.currency)

    def __sub__(self, other: PayAmount) -> PayAmount:
        kind = self._by_rule(_DIFFERENCES, other)
        if kind:
            return PayAmount(self.value - other.value, kind, self.currency)
        return PayAmount(self.value - self._same(other, "subtracted").value, self.basis, self.currency)

    def __mul__(self, factor: float) -> PayAmount:
        if isinstance(factor, PayAmount):
            raise BasisError.at("", "Two amounts of pay cannot be multiplied with each other.")
        return PayAmount(self.value * factor, self.basis, self.currency)

    __rmul__ = __mul__

    @overload
    def __truediv__(self, other: PayAmount) -> float: ...
    @overload
    def __truediv__(self, other: float) -> PayAmount: ...
    def __truediv__(self, other: PayAmount | float) -> PayAmount | float:
        if isinstance(other, PayAmount):
            return self.value / self._same(other, "divided").value
        return PayAmount(self.value / other, self.basis, self.currency)

    def of(self, basis: PayBasis, currency: str) -> float:
        """Return the number, after a check of basis and currency.

        Raises
        ------
        BasisError
            If the amount has another basis or currency.

        Examples
        --------
        >>> PayAmount(85_000, "base", "USD").of(PayBasis.BASE, "USD")
        85000
        """
        return self._same(PayAmount(self.value, basis, currency), "compared").value

    def _by_rule(self, rules: Mapping[tuple[PayBasis, PayBasis], PayBasis], other: object) -> PayBasis | None:
        if isinstance(other, PayAmount) and self.currency == other.currency:
            return rules.get((self.basis, other.basis))
        return None

    def _same(self, other: object, verb: str) -> PayAmount:
        if not isinstance(other, PayAmount):
            _no_basis(other)
        both = f"{money(self.value, self.currency)} and {money(other.value, other.currency)}"
        if self.basis is not other.basis:
            first, second = self.basis.words, other.basis.words
            raise BasisError.at(
                "", f"{first.capitalize()} and {second} are not the same thing, so {both} cannot be {verb}."
            )
        if self.currency != other.currency:
            first, second = self.currency, other.currency
            raise BasisError.at("", f"{first} and {second} are different currencies, so {both} cannot be {verb}.")
        return other


def _no_basis(value: object) -> NoReturn:
    raise BasisError.at(
        "", f"A pay amount needs a basis and a currency, as in PayAmount(value, basis, currency). You gave {value!r}."
    )


def amount_of(pay: object, basis: PayBasis, currency: str) -> float:
    """Return the number of a pay amount, after a check of its basis and currency.

    Raises
    ------
    BasisError
        If it has another basis or currency, or is a plain number.
    """
    if not isinstance(pay, PayAmount):
        _no_basis(pay)
    return pay.of(basis, currency)
