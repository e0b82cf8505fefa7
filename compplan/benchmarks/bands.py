"""Pay bands, and the position of an amount in a band."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from compplan.benchmarks.amounts import PayAmount, PayBasis, amount_of, as_basis
from compplan.benchmarks.errors import BasisError, BenchmarkError
from compplan.formats import plain_number


@dataclass(frozen=True, slots=True)
class PayBand:
    """Pay range for a role.

    Parameters
    ----------
    role : str
        Key of a role.
    basis : PayBasis
        Kind of pay.
    low, high : float [currency a year]
        Low and high end.
    currency : str
    segment : str
        Key of a segment; empty if the source gives none.
    experience : str
        Years of experience as the source gives them, such as ``2 to 4 years``; empty if it gives none.
    place : str
        Location, such as ``US``.
    as_of : str
        Date of the figures: a year, a month or a day.
    source : str
        Key of the source, see `compplan.facts.source`; empty for the user's own figures.
    how : str
        Origin: ``reported``, ``survey``, ``computed`` or ``illustrative``.
    note : str
        Further information from the source.
    id : str
        Key of the row in ``data/pay.csv``.

    Raises
    ------
    BenchmarkError
        If the low end is not positive, or not below the high end.

    Examples
    --------
    >>> from compplan.benchmarks import bands
    >>> (band,) = bands("senior_csm", "base")
    >>> band.midpoint, round(band.spread, 6)
    (107500.0, 0.263158)
    >>> base = PayAmount(101_000, "base", "USD")
    >>> round(band.compa_ratio(base), 6), band.penetration(base)
    (0.939535, 0.24)
    """

    role: str
    basis: PayBasis
    low: float
    high: float
    currency: str
    segment: str = ""
    experience: str = ""
    place: str = ""
    as_of: str = ""
    source: str = ""
    how: str = ""
    note: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "basis", as_basis(self.basis))
        if not (math.isfinite(self.high) and 0 < self.low < self.high):
            raise BenchmarkError.at(
                self.id or self.role,
                f"The low end of a band must be positive and below the high end. You entered {self.low!r} to "
                f"{self.high!r}.",
            )

    @property
    def midpoint(self) -> float:
        """Midpoint [currency a year]: ``(low + high) / 2``."""
        return (self.low + self.high) / 2

    @property
    def spread(self) -> float:
        """Range spread: ``(high - low) / low``. Some texts divide by the midpoint instead."""
        return (self.high - self.low) / self.low

    def at(self, q: float) -> float:
        """Return the amount at a position in the band.

        Parameters
        ----------
        q : float
            Position: 0 is the low end, 1 the high end.

        Returns
        -------
        float [currency a year]
            ``low + q * (high - low)``.

        Raises
        ------
        BenchmarkError
            If `q` is not from 0 to 1.

        Examples
        --------
        >>> from compplan.benchmarks import bands
        >>> bands("cs_vp", "ote")[0].at(0.5)
        260000.0
        """
        if not 0 <= q <= 1:
            raise BenchmarkError.at(
                "q", f"A position in a band must be from 0 to 1. You entered {plain_number(q) if q == q else q}."
            )
        return self.high if q == 1 else self.low + q * (self.high - self.low)

    def penetration(self, pay: PayAmount) -> float:
        """Return the range penetration: 0 at the low end and 1 at the high end.

        It is negative below the band and above 1 over it.

        Notes
        -----
        ``(pay - low) / (high - low)``.

        Raises
        ------
        BasisError
            If the amount has another basis or currency than the band.
        """
        return (amount_of(pay, self.basis, self.currency) - self.low) / (self.high - self.low)

    def compa_ratio(self, pay: PayAmount) -> float:
        """Return the compa-ratio, ``pay / midpoint``.

        Raises
        ------
        BasisError
            If the amount has another basis or currency than the band.
        """
        return amount_of(pay, self.basis, self.currency) / self.midpoint

    def holds(self, pay: PayAmount) -> bool:
        """Return whether an amount is in the band. The ends are part of the band."""
        return self.low <= amount_of(pay, self.basis, self.currency) <= self.high

    def amount(self, q: float) -> PayAmount:
        """Return the amount at a position, with its basis and currency. See `at`."""
        return PayAmount(self.at(q), self.basis, self.currency)

    def scaled(self, factor: float, *, place: str, as_of: str) -> PayBand:
        """Return the band for another place or date, with both ends multiplied by a factor."""
        low, high = self.low * factor, self.high * factor
        return replace(self, low=low, high=high, place=place, as_of=as_of, how="computed")


@dataclass(frozen=True, slots=True)
class BandPair:
    """Base pay, OTE and target variable pay at one position of two bands.

    Attributes
    ----------
    base, ote : PayAmount
    """

    base: PayAmount
    ote: PayAmount

    @property
    def target_variable(self) -> PayAmount:
        """OTE minus base pay."""
        return self.ote - self.base

    @property
    def variable_share(self) -> float:
        """Target variable pay divided by OTE."""
        return self.target_variable.value / self.ote.value


def pair(base: PayBand, ote: PayBand, q: float) -> BandPair:
    """Return base pay and OTE at the same position of their bands.

    Different positions must not be combined: the high end of a base band is often above the low end of the OTE band,
    so the variable pay between them would be negative.

    Parameters
    ----------
    base, ote : PayBand
        Bands of base pay and of OTE for one role, in one currency and from one source.
    q : float
        Position in both bands, from 0 to 1.

    Raises
    ------
    BasisError
        If the bands are not one of base pay and one of OTE, in one currency.
    BenchmarkError
        If the bands are for different roles, or OTE is below base pay at this position.

    Examples
    --------
    >>> from compplan.benchmarks import bands
    >>> middle = pair(*bands("cs_vp", source="knowup"), q=0.5)
    >>> print(middle.base, middle.ote, middle.target_variable, sep="; ")
    $202,500.00 base pay; $260,000.00 on-target earnings; $57,500.00 target variable pay
    >>> round(middle.variable_share, 6)
    0.221154
    """
    if (base.basis, ote.basis) != (PayBasis.BASE, PayBasis.OTE):
        raise BasisError.at(
            "", f"Pair a band of base pay with a band of OTE. You gave {base.basis.words} and {ote.basis.words}."
        )
    if base.role != ote.role:
        raise BenchmarkError.at("", f"Both bands must be for the same role. You gave {base.role} and {ote.role}.")
    result = BandPair(base.amount(q), ote.amount(q))
    if result.target_variable.value < 0:
        raise BenchmarkError.at("", f"At position {plain_number(q)} OTE ({result.ote}) is below base ({result.base}).")
    return result
