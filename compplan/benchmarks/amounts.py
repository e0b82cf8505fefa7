"""Amounts of pay that know what they are of: base is not OTE, and neither is total compensation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, overload

from compplan.benchmarks.errors import BasisError, BenchmarkError
from compplan.errors import nearest
from compplan.formats import money


class PayBasis(StrEnum):
    """What an amount of pay is an amount of.

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
        """Its name within a sentence."""
        return _WORDS[self][0]

    @property
    def meaning(self) -> str:
        """What it counts, as one sentence."""
        return _WORDS[self][1]


_WORDS = {
    PayBasis.BASE: ("base pay", "Fixed pay for a year, before anything variable."),
    PayBasis.TARGET_VARIABLE: ("target variable pay", "What the variable part pays in a year on target."),
    PayBasis.OTE: ("on-target earnings", "Base pay plus target variable pay."),
    PayBasis.ACTUAL_CASH: (
        "cash paid",
        "Base pay plus the bonus or commission that was really paid, which need not be the target.",
    ),
    PayBasis.TOTAL_COMPENSATION: ("total compensation", "Cash and equity together."),
    PayBasis.FULLY_LOADED_COST: (
        "fully loaded cost",
        "What a person costs the employer: pay, taxes, benefits, overhead.",
    ),
    PayBasis.WAGE: (
        "wages",
        "Straight-time gross pay of an occupation in official statistics, bonuses left out.",
    ),
}

# What may be put together although it differs: OTE is base plus target variable, by definition.
_SUMS = {
    (PayBasis.BASE, PayBasis.TARGET_VARIABLE): PayBasis.OTE,
    (PayBasis.TARGET_VARIABLE, PayBasis.BASE): PayBasis.OTE,
}
_DIFFERENCES = {
    (PayBasis.OTE, PayBasis.BASE): PayBasis.TARGET_VARIABLE,
    (PayBasis.OTE, PayBasis.TARGET_VARIABLE): PayBasis.BASE,
}


def as_basis(basis: PayBasis | str) -> PayBasis:
    """A basis from its key.

    Raises
    ------
    BenchmarkError
        If there is none of that name.
    """
    try:
        return PayBasis(basis)
    except ValueError:
        hint = nearest(str(basis), list(PayBasis))
        raise BenchmarkError.at("basis", f"There is no basis {str(basis)!r}; {hint}") from None


@dataclass(frozen=True, slots=True, eq=False)
class PayAmount:
    """A yearly amount of pay with its basis and currency.

    Amounts of one basis and currency add, compare and divide. Base plus target variable is OTE, and OTE less
    either is the other. Anything else is refused, equality included: a comparison across bases is a mistake
    and not a false one.

    Parameters
    ----------
    value : float [currency a year]
    basis : PayBasis
        A `PayBasis` or its key, such as ``"base"``.
    currency : str
        Three letters, such as ``"USD"``.

    Raises
    ------
    BasisError
        From every operation on two amounts that are not of one kind.

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
            raise BenchmarkError.at("", f"An amount must be a finite number, got {self.value!r}.")

    def __str__(self) -> str:
        return f"{money(self.value, self.currency)} {self.basis.words}"

    def __hash__(self) -> int:
        return hash((self.value, self.basis, self.currency))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PayAmount) and self.value == self._same(other, "compared").value

    def __lt__(self, other: PayAmount) -> bool:
        return self.value < self._same(other, "compared").value

    def __le__(self, other: PayAmount) -> bool:
        return self.value <= self._same(other, "compared").value

    def __gt__(self, other: PayAmount) -> bool:
        return self.value > self._same(other, "compared").value

    def __ge__(self, other: PayAmount) -> bool:
        return self.value >= self._same(other, "compared").value

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
            return self.value / self._same(other, "set in proportion").value
        return PayAmount(self.value / other, self.basis, self.currency)

    def of(self, basis: PayBasis, currency: str) -> float:
        """The number, given that the amount is of this basis and currency.

        Raises
        ------
        BasisError
            If it is not.

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


def _no_basis(found: object) -> NoReturn:
    raise BasisError.at(
        "",
        f"A plain number does not say what it is an amount of, got {found!r}; give an Amount with its basis.",
    )


def amount_of(pay: object, basis: PayBasis, currency: str) -> float:
    """The number in an amount that must be of this basis and currency; a plain number is refused.

    Raises
    ------
    BasisError
        If it is of another, or a plain number.
    """
    if not isinstance(pay, PayAmount):
        _no_basis(pay)
    return pay.of(basis, currency)
