"""Pay distributions from surveys: percentiles, number of answers, and interpolation between percentiles."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NoReturn

from compplan.benchmarks.amounts import PayAmount, PayBasis, amount_of, as_basis
from compplan.benchmarks.bands import PayBand
from compplan.benchmarks.errors import BasisError, BenchmarkError
from compplan.formats import plain_number

# With fewer answers, other percentiles could reveal the pay of one person, so only the median is shown.
FEW = 8


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Distribution of pay, as the percentiles that a source publishes.

    With fewer than eight answers only the median is used.

    Parameters
    ----------
    role : str
        Key of a role; empty for all roles and levels together.
    basis : PayBasis
        Kind of pay.
    points : tuple of (float, float)
        Probability and amount [currency a year], increasing: ``((0.25, 69000), (0.5, 85500), (0.75, 110000))``.
    currency : str
    n : int or None
        Number of answers; None if the source does not give it.
    interval : tuple of float, optional [currency a year]
        Interval of the median. `note` says which kind of interval.
    segment, place, as_of, source, how, note : str
        As in `PayBand`.

    Raises
    ------
    BenchmarkError
        If the points do not increase or are not positive, or if there are fewer than eight answers and no median.

    Examples
    --------
    >>> from compplan.benchmarks import distributions
    >>> (survey,) = distributions("csm", "base", source="ask-a-manager")
    >>> survey.n, survey.median, survey.interval, survey.at(0.6)
    (61, 85500.0, (80000.0, 90300.0), 94566.3...)
    >>> survey.at(0.95)
    Traceback (most recent call last):
    compplan.benchmarks.errors.BenchmarkError: p: P95 is outside the published range, P10 to P90. Values outside it
    are not estimated.
    """

    role: str
    basis: PayBasis
    points: tuple[tuple[float, float], ...]
    currency: str
    n: int | None = None
    interval: tuple[float, float] | None = None
    segment: str = ""
    place: str = ""
    as_of: str = ""
    source: str = ""
    how: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "basis", as_basis(self.basis))
        points = tuple((float(p), float(value)) for p, value in self.points)
        if not points:
            raise BenchmarkError.at(self.role, "A distribution needs at least one percentile.")
        for p, value in points:
            if not (0 < p < 1 and math.isfinite(value) and value > 0):
                raise BenchmarkError.at(
                    self.role,
                    f"A percentile must be a positive amount between P0 and P100: P{p * 100:g} is {value!r}.",
                )
        for (p, value), (next_p, next_value) in pairwise(points):
            if next_p <= p or next_value < value:
                raise BenchmarkError.at(
                    self.role,
                    f"Percentiles must increase: P{p * 100:g} is {plain_number(value)} "
                    f"and P{next_p * 100:g} is {plain_number(next_value)}.",
                )
        if self.few:
            points = tuple(point for point in points if point[0] == 0.5)
            if not points:
                raise BenchmarkError.at(
                    self.role, f"With {self.n} answers only the median can be shown, and the source gives no median."
                )
        object.__setattr__(self, "points", points)

    @property
    def few(self) -> bool:
        """Whether there are fewer than eight answers, so that only the median is shown."""
        return self.n is not None and self.n < FEW

    @property
    def median(self) -> float | None:
        """Amount at P50 [currency a year]; None if the source does not give it."""
        return dict(self.points).get(0.5)

    def at(self, p: float) -> float:
        """Return the amount at a probability.

        Parameters
        ----------
        p : float
            Probability; 0.5 is the median.

        Returns
        -------
        float [currency a year]

        Raises
        ------
        BenchmarkError
            If `p` is outside the published percentiles.

        Notes
        -----
        Log-linear interpolation between two published percentiles: ``v = v1**(1 - t) * v2**t`` with
        ``t = (p - p1) / (p2 - p1)``. A published percentile is returned unchanged.
        """
        low, high = self.points[0][0], self.points[-1][0]
        if not low <= p <= high:
            self._reject(f"P{p * 100:g}")
        for (p1, v1), (p2, v2) in pairwise(self.points):
            if p1 < p < p2:
                t = (p - p1) / (p2 - p1)
                return math.exp((1 - t) * math.log(v1) + t * math.log(v2))
        return dict(self.points)[p]

    def rank(self, pay: PayAmount) -> float:
        """Return the probability of an amount: the inverse of `at`.

        Raises
        ------
        BasisError
            If the amount has another basis or currency.
        BenchmarkError
            If the amount is outside the published percentiles.

        Examples
        --------
        >>> from compplan.benchmarks import distributions
        >>> (survey,) = distributions("csm", "base", source="ask-a-manager")
        >>> survey.rank(PayAmount(110_000, "base", "USD"))
        0.75
        """
        value = amount_of(pay, self.basis, self.currency)
        if not self.points[0][1] <= value <= self.points[-1][1]:
            self._reject(str(pay))
        for (p1, v1), (p2, v2) in pairwise(self.points):
            if v1 < value < v2:
                return p1 + (p2 - p1) * math.log(value / v1) / math.log(v2 / v1)
        return next(p for p, amount in self.points if amount == value)

    def market_ratio(self, pay: PayAmount, p: float = 0.5) -> float:
        """Return the ratio of an amount to the market: ``pay / at(p)``. The default is the median.

        Raises
        ------
        BasisError
            If the amount has another basis or currency.
        BenchmarkError
            If a percentile is outside the published ones.
        """
        return amount_of(pay, self.basis, self.currency) / self.at(p)

    def band(self, low: float = 0.25, high: float = 0.75) -> PayBand:
        """Return the range between two percentiles as a band. The default is the middle half, P25 to P75.

        Raises
        ------
        BenchmarkError
            If a percentile is outside the published ones.
        """
        ends = f"P{low * 100:g} to P{high * 100:g}"
        return PayBand(
            role=self.role,
            basis=self.basis,
            low=self.at(low),
            high=self.at(high),
            currency=self.currency,
            segment=self.segment,
            place=self.place,
            as_of=self.as_of,
            source=self.source,
            how=self.how,
            note=f"{ends}{f' of {self.n} answers' if self.n else ''}. {self.note}".rstrip(),
        )

    def scaled(self, factor: float, *, place: str, as_of: str) -> Percentiles:
        """Return the distribution for another place or date, with every amount multiplied by a factor."""
        points = tuple((p, value * factor) for p, value in self.points)
        interval = (self.interval[0] * factor, self.interval[1] * factor) if self.interval else None
        return replace(self, points=points, interval=interval, place=place, as_of=as_of, how="computed")

    def __add__(self, other: object) -> NoReturn:
        raise BasisError.at(
            "",
            "Percentiles cannot be added or subtracted: the person with the median base pay may not have the median "
            "variable pay, so the two P50 values do not add up to P50 of the total. Use a distribution of the total.",
        )

    __radd__ = __sub__ = __rsub__ = __add__

    def _reject(self, request: str) -> NoReturn:
        if self.few:
            raise BenchmarkError.at("p", f"With {self.n} answers only the median is shown. {request} is not available.")
        low, high = (f"P{p * 100:g}" for p in (self.points[0][0], self.points[-1][0]))
        if low == high:
            raise BenchmarkError.at("p", f"The source gives only {low}. {request} is not available.")
        raise BenchmarkError.at(
            "p", f"{request} is outside the published range, {low} to {high}. Values outside it are not estimated."
        )
