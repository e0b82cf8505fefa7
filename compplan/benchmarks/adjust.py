"""Another place, another date, a specialism: what moves a market figure, each factor by itself."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Generic, TypeVar

from compplan import facts
from compplan.benchmarks.ages import age_factor, date_of
from compplan.benchmarks.amounts import PayBasis
from compplan.benchmarks.areas import Area, find_area
from compplan.benchmarks.bands import PayBand
from compplan.benchmarks.errors import AreaError, BenchmarkError
from compplan.benchmarks.percentiles import Percentiles
from compplan.benchmarks.places import Index, PayPremium, check_bounds, default_exponent, differential, premiums
from compplan.formats import percent, plain_number

Figure = TypeVar("Figure", PayBand, Percentiles)

# What pay follows; cost and equity are not known to follow it, and official wages are of other occupations.
_PAY = {PayBasis.BASE, PayBasis.TARGET_VARIABLE, PayBasis.OTE, PayBasis.ACTUAL_CASH}


@dataclass(frozen=True, slots=True)
class AdjustmentStep:
    """One factor on the way from a figure to another place, date or specialism.

    Attributes
    ----------
    name : str
        ``place``, ``specialism`` or ``date``.
    factor : float
        1 where nothing moved.
    why : str
        How the factor came about, or why there is none, as a sentence.
    interval : tuple of float, optional
        Where the factor is uncertain in a known way, its 95% interval.
    source : str
        Key into the bibliography: where the factor, or the range that the user's own is told beside, comes from.
    """

    name: str
    factor: float
    why: str
    interval: tuple[float, float] | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class AdjustedFigure(Generic[Figure]):
    """A figure moved to a market, with every factor on the way.

    Attributes
    ----------
    given, figure : PayBand or Percentiles
        Before and after.
    steps : tuple of AdjustmentStep
    """

    given: Figure
    figure: Figure
    steps: tuple[AdjustmentStep, ...]

    @property
    def factor(self) -> float:
        """The product of the factors."""
        return math.prod(step.factor for step in self.steps)


@dataclass(frozen=True, slots=True)
class Market:
    """Where, when and for what a market figure is wanted. What is left out moves nothing.

    Parameters
    ----------
    place : Area, optional
        See `find_area`.
    exponent : float, optional
        How far pay follows the wages of the place; the measured 0.67 unless said otherwise.
    specialism : float, optional
        A premium for technical depth, as a fraction: 0.2 for 20%.
    date : datetime.date, optional
        To which date figures are aged.
    rate : float, optional
        By how much pay rises in a year, as a fraction.
    place_premium : float, optional
        A stated premium of the place, as a fraction, in place of the measured differential: never both.
    index : {'index', 'mgmt_index'}
        Which wages the differential is taken from.

    Raises
    ------
    BenchmarkError
        If a number is out of bounds, a premium and an exponent are given for one place, no source states a premium
        for it, or a rate has no date.

    Examples
    --------
    >>> from compplan.benchmarks import bands
    >>> market = Market(find_area("Austin"), specialism=0.2, date=dt.date(2026, 7, 1), rate=0.03)
    >>> moved = market.adjust(bands("csm", "base")[0])
    >>> round(moved.figure.low), round(moved.figure.high)
    (91299, 115646)
    >>> for step in moved.steps:
    ...     print(step.why)
    Wages in Austin-Round Rock-San Marcos, TX are 0.9354 of the country's; pay follows them to the power of 0.67.
    20% for a specialism, your own figure; KnowUp states 15% to 25%.
    730 days from 2024-07-01 to 2026-07-01 at 3% a year.
    """

    place: Area | None = None
    exponent: float | None = None
    specialism: float | None = None
    date: dt.date | None = None
    rate: float | None = None
    place_premium: float | None = None
    index: Index = "index"

    def __post_init__(self) -> None:
        check_bounds("exponent", self.exponent, 0, 2)
        check_bounds("specialism", self.specialism, 0, 1)
        check_bounds("rate", self.rate, -0.5, 0.5)
        check_bounds("place_premium", self.place_premium, -0.5, 1)
        if self.rate and self.date is None:
            raise BenchmarkError.at("date", "A rate of ageing needs the date that figures are aged to.")
        if self.exponent is not None and self.place is None:
            raise BenchmarkError.at("place", "An exponent needs the place whose wages it is the power of.")
        if self.place_premium is not None:
            self._check_premium(self.place_premium)

    def _check_premium(self, premium: float) -> None:
        if self.place is None:
            raise BenchmarkError.at("place", "A premium of a place needs the place.")
        if self.exponent is not None:
            raise BenchmarkError.at(
                "place_premium",
                f"For {self.place.name} there is the measured differential or a stated premium of "
                f"{percent(premium)}; both at once would count the place twice. Choose one.",
            )
        stated = premiums("place")
        if not any(self.place.code in one.areas for one in stated):
            names = " and ".join(f"{one.name} ({facts.source(one.source).publisher})" for one in stated)
            raise BenchmarkError.at(
                "place_premium", f"A premium is stated for {names}, and none for {self.place.label}."
            )

    def adjust(self, figure: Figure) -> AdjustedFigure[Figure]:
        """Move a band or a distribution to this market.

        Parameters
        ----------
        figure : PayBand or Percentiles

        Returns
        -------
        AdjustedFigure
            One step for each of place, specialism and date that the market names, with a factor of 1 and the
            reason where it does not apply: a figure whose place is not known is not moved to another.

        Raises
        ------
        BenchmarkError
            If too few wages of the place are published.

        Notes
        -----
        ``amount * index**exponent * (1 + specialism) * (1 + rate)**years``, the same for every amount of the figure.
        Base and OTE move alike, so that the mix stays what it was.
        """
        steps: list[AdjustmentStep] = []
        place, as_of = figure.place, figure.as_of
        if self.place is not None:
            step = self._place_step(figure, self.place)
            place = self.place.name if step.factor != 1 else place
            steps.append(step)
        if self.specialism is not None:
            steps.append(_specialism_step(figure, self.specialism))
        if self.date is not None:
            step = _date_step(figure, self.date, self.rate or 0)
            as_of = self.date.isoformat() if step.factor != 1 else as_of
            steps.append(step)
        if all(step.factor == 1 for step in steps):
            return AdjustedFigure(figure, figure, tuple(steps))
        factor = math.prod(step.factor for step in steps)
        return AdjustedFigure(figure, figure.scaled(factor, place=place, as_of=as_of), tuple(steps))

    def _place_step(self, figure: PayBand | Percentiles, place: Area) -> AdjustmentStep:
        if figure.basis not in _PAY:
            return AdjustmentStep(
                "place", 1.0, f"Not moved: {figure.basis.words} is not known to follow wages of a place."
            )
        here = _place_of(figure.place)
        if here is None:
            given = f"its place is {figure.place!r}" if figure.place else "its source does not state a place"
            return AdjustmentStep("place", 1.0, f"Not moved: {given}.")
        if here == place:
            return AdjustmentStep("place", 1.0, f"It is a figure of {place.name} already.")
        if here.kind != "national":
            return AdjustmentStep("place", 1.0, f"Not moved: it is a figure of {here.name} and not of the country.")
        if self.place_premium is not None:
            stated = next(one for one in premiums("place") if place.code in one.areas)
            return AdjustmentStep(
                "place",
                1 + self.place_premium,
                f"{percent(self.place_premium)} for {place.name}, in place of the measured differential; "
                f"{_range_of(stated)}.",
                source=stated.source,
            )
        found = differential(place, self.exponent, self.index)
        return AdjustmentStep(
            "place",
            found.factor,
            f"Wages in {place.name} are {plain_number(found.wages)} of the country's; "
            f"pay follows them to the power of {plain_number(found.exponent)}.",
            # The interval is the measured exponent's, and says nothing of another.
            found.interval if found.exponent == default_exponent().value else None,
            place.source,
        )


def _specialism_step(figure: PayBand | Percentiles, premium: float) -> AdjustmentStep:
    if figure.basis not in _PAY:
        return AdjustmentStep("specialism", 1.0, f"Not moved: the premium is on pay, not on {figure.basis.words}.")
    stated = premiums("specialism")[0]
    why = f"{percent(premium)} for a specialism, your own figure; {_range_of(stated)}."
    return AdjustmentStep("specialism", 1 + premium, why, source=stated.source)


def _date_step(figure: PayBand | Percentiles, to: dt.date, rate: float) -> AdjustmentStep:
    if not figure.as_of:
        return AdjustmentStep("date", 1.0, "Not aged: it has no date.")
    since = date_of(figure.as_of)
    days = (to - since).days
    span = f"{abs(days):,} days from {since} {'back ' if days < 0 else ''}to {to}"
    return AdjustmentStep("date", age_factor(figure.as_of, to, rate), f"{span} at {percent(rate)} a year.")


def _place_of(name: str) -> Area | None:
    """The area that a figure is of; None where it is not known."""
    if name in ("US", "USA"):
        return find_area("United States")
    if not name:
        return None
    try:
        return find_area(name)
    except AreaError:
        return None


def _range_of(stated: PayPremium) -> str:
    return f"{facts.source(stated.source).publisher} states {percent(stated.low)} to {percent(stated.high)}"
