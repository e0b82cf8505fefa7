"""Pay bands as their sources state them, and where an amount stands in one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from compplan.benchmarks.amounts import PayAmount, PayBasis, amount_of, as_basis
from compplan.benchmarks.errors import BasisError, BenchmarkError
from compplan.formats import plain_number


@dataclass(frozen=True, slots=True)
class PayBand:
    """A range of pay for a role.

    Parameters
    ----------
    role : str
        Key of a role.
    basis : PayBasis
        What the range is a range of.
    low, high : float [currency a year]
        Its ends.
    currency : str
    segment : str
        Key of a segment; empty where the source does not say.
    experience : str
        Years that the source gives for it, in words; empty where it gives none.
    place : str
        Where it holds, such as ``US``.
    as_of : str
        When it held: a year, a month or a day.
    source : str
        Key into the bibliography, see `compplan.facts.source`; empty for a figure of the user's own.
    how : str
        ``reported``, ``survey``, ``computed`` or ``illustrative``.
    note : str
        What else its source says of it, for people.
    id : str
        Its row in ``data/pay.csv``.

    Raises
    ------
    BenchmarkError
        If the ends are not two rising, positive amounts.

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
                f"A band must go from a positive amount to a higher one, got {self.low!r} to {self.high!r}.",
            )

    @property
    def midpoint(self) -> float:
        """Middle of the band [currency a year]: ``(low + high) / 2``."""
        return (self.low + self.high) / 2

    @property
    def spread(self) -> float:
        """Width of the band over its low end: ``(high - low) / low``; some texts divide by the midpoint."""
        return (self.high - self.low) / self.low

    def at(self, q: float) -> float:
        """The amount at a position in the band.

        Parameters
        ----------
        q : float
            0 is the low end, 1 the high end.

        Returns
        -------
        float [currency a year]
            ``low + q * (high - low)``.

        Raises
        ------
        BenchmarkError
            If `q` is outside 0 to 1: a band says nothing of what lies beyond it.

        Examples
        --------
        >>> from compplan.benchmarks import bands
        >>> bands("cs_vp", "ote")[0].at(0.5)
        260000.0
        """
        if not 0 <= q <= 1:
            raise BenchmarkError.at(
                "q", f"A position in a band must be from 0 to 1, got {plain_number(q) if q == q else q}."
            )
        return self.high if q == 1 else self.low + q * (self.high - self.low)

    def penetration(self, pay: PayAmount) -> float:
        """Where an amount stands in the band: 0 at its low end, 1 at its high end, outside beyond these.

        Notes
        -----
        Range penetration, ``(pay - low) / (high - low)``.

        Raises
        ------
        BasisError
            If the amount is of another basis or currency than the band.
        """
        return (amount_of(pay, self.basis, self.currency) - self.low) / (self.high - self.low)

    def compa_ratio(self, pay: PayAmount) -> float:
        """An amount over the middle of the band: ``pay / midpoint``; 1 at the middle.

        Raises
        ------
        BasisError
            If the amount is of another basis or currency than the band.
        """
        return amount_of(pay, self.basis, self.currency) / self.midpoint

    def holds(self, pay: PayAmount) -> bool:
        """Whether an amount lies in the band, its ends included."""
        return self.low <= amount_of(pay, self.basis, self.currency) <= self.high

    def amount(self, q: float) -> PayAmount:
        """The amount at a position in the band, see `at`, with its basis and currency."""
        return PayAmount(self.at(q), self.basis, self.currency)

    def scaled(self, factor: float, *, place: str, as_of: str) -> PayBand:
        """The same for another place or date: both ends times a factor."""
        low, high = self.low * factor, self.high * factor
        return replace(self, low=low, high=high, place=place, as_of=as_of, how="computed")


@dataclass(frozen=True, slots=True)
class BandPair:
    """Base, OTE and what lies between them at one position of their bands.

    Attributes
    ----------
    base, ote, target_variable : PayAmount
    """

    base: PayAmount
    ote: PayAmount

    @property
    def target_variable(self) -> PayAmount:
        """OTE less base."""
        return self.ote - self.base

    @property
    def variable_share(self) -> float:
        """Target variable over OTE."""
        return self.target_variable.value / self.ote.value


def pair(base: PayBand, ote: PayBand, q: float) -> BandPair:
    """Base and OTE at the same position of their bands.

    The ends of two bands cannot be paired freely: the top of a base band often lies above the bottom of the
    OTE band, and the variable part between them would be negative.

    Parameters
    ----------
    base, ote : PayBand
        Of one role, currency and source.
    q : float
        Position in both, 0 to 1.

    Raises
    ------
    BasisError
        If the bands are not one of base and one of OTE in one currency.
    BenchmarkError
        If they are of different roles, or OTE is below base there.

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
            "", f"A band of base pay is paired with one of OTE, got {base.basis.words} and {ote.basis.words}."
        )
    if base.role != ote.role:
        raise BenchmarkError.at("", f"Bands of one role are paired, got {base.role} and {ote.role}.")
    found = BandPair(base.amount(q), ote.amount(q))
    if found.target_variable.value < 0:
        raise BenchmarkError.at("", f"At position {plain_number(q)} OTE ({found.ote}) is below base ({found.base}).")
    return found
