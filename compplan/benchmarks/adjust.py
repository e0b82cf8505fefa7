"""Adjustment of market figures to a place, a date and a specialty, with the reason for each factor."""

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

# No data shows that cost or equity follow local wages, and official wages are for other occupations.
_ADJUSTABLE = {PayBasis.BASE, PayBasis.TARGET_VARIABLE, PayBasis.OTE, PayBasis.ACTUAL_CASH}


@dataclass(frozen=True, slots=True)
class AdjustmentStep:
    """One factor of an adjustment, with its reason.

    Attributes
    ----------
    name : str
        ``place``, ``specialism`` or ``date``.
    factor : float
        1 if the figure was not adjusted.
    why : str
        Sentence that explains the factor, or why the figure was not adjusted.
    interval : tuple of float, optional
        95% interval of the factor; None where its uncertainty is not known.
    source : str
        Key of the source of the factor, or of the published range shown next to the user's own factor.
    """

    name: str
    factor: float
    why: str
    interval: tuple[float, float] | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class AdjustedFigure(Generic[Figure]):
    """A market figure before and after adjustment, with its steps.

    Attributes
    ----------
    given : PayBand or Percentiles
        The figure as published.
    figure : PayBand or Percentiles
        The adjusted figure; the same object as `given` if every factor is 1.
    steps : tuple of AdjustmentStep
        The adjustments in the order in which they apply.
    """

    given: Figure
    figure: Figure
    steps: tuple[AdjustmentStep, ...]

    @property
    def factor(self) -> float:
        """Product of the factors of all steps."""
        return math.prod(step.factor for step in self.steps)


@dataclass(frozen=True, slots=True)
class Market:
    """Place, date and specialty to adjust market figures to. Settings left out cause no adjustment.

    Parameters
    ----------
    place : Area, optional
        US area, from `find_area`.
    exponent : float, optional
        Location adjustment strength, from 0 (pay is the same everywhere) to 2. Default: the measured 0.67.
    specialism : float, optional
        Premium for technical depth [fraction]: 0.2 for 20%.
    date : datetime.date, optional
        Date to age the figures to.
    rate : float, optional
        Annual pay growth [fraction].
    place_premium : float, optional
        Published location premium [fraction], used instead of the wage adjustment. It excludes `exponent`.
    index : {'index', 'mgmt_index'}
        Wage index for the adjustment: occupations close to Customer Success, or sales and marketing managers.

    Raises
    ------
    BenchmarkError
        If a number is out of bounds, a place has both a premium and an exponent, no source publishes a premium for
        it, an exponent or premium has no place, or a rate has no date.

    Examples
    --------
    >>> from compplan.benchmarks import bands
    >>> market = Market(find_area("Austin"), specialism=0.2, date=dt.date(2026, 7, 1), rate=0.03)
    >>> moved = market.adjust(bands("csm", "base")[0])
    >>> round(moved.figure.low), round(moved.figure.high)
    (91299, 115646)
    >>> for step in moved.steps:
    ...     print(step.why)
    Wages in Austin-Round Rock-San Marcos, TX are 0.9354 times the national level. Pay follows them with an
    exponent of 0.67.
    20% for a specialty, as you entered. KnowUp states 15% to 25%.
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
            raise BenchmarkError.at("date", "Annual pay growth needs a date. Enter a date, or leave out the rate.")
        if self.exponent is not None and self.place is None:
            raise BenchmarkError.at("place", "An exponent needs a place. Enter one, or leave out the exponent.")
        if self.place_premium is not None:
            self._check_premium(self.place_premium)

    def _check_premium(self, value: float) -> None:
        if self.place is None:
            raise BenchmarkError.at("place", "A location premium needs a place. Enter one, or leave out the premium.")
        if self.exponent is not None:
            raise BenchmarkError.at(
                "place_premium",
                f"Enter either an exponent or a location premium for {self.place.name}, not both: together they would "
                f"count the location twice. You entered {plain_number(self.exponent)} and {percent(value)}.",
            )
        published = premiums("place")
        if not any(self.place.code in premium.areas for premium in published):
            names = " and ".join(f"{premium.name} ({facts.source(premium.source).publisher})" for premium in published)
            raise BenchmarkError.at(
                "place_premium", f"Location premiums are published only for {names}. You chose {self.place.label}."
            )

    def adjust(self, figure: Figure) -> AdjustedFigure[Figure]:
        """Adjust a band or a distribution to this market.

        Parameters
        ----------
        figure : PayBand or Percentiles

        Returns
        -------
        AdjustedFigure
            One step for each of place, specialty and date that the market sets. A step that does not apply has the
            factor 1 and says why: for example, only national figures are adjusted to a place.

        Raises
        ------
        BenchmarkError
            If too few wages are published for the place.

        Notes
        -----
        ``amount * index**exponent * (1 + specialism) * (1 + rate)**years``, with the same factors for every amount
        of the figure. Base and OTE get the same factors, so the pay mix does not change.
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
        if figure.basis not in _ADJUSTABLE:
            return AdjustmentStep(
                "place", 1.0, f"Not adjusted: no data shows that {figure.basis.words} follows local wages."
            )
        origin = _place_of(figure.place)
        if origin is None:
            reason = f"its location {figure.place!r} is not known" if figure.place else "its source gives no location"
            return AdjustmentStep("place", 1.0, f"Not adjusted: {reason}.")
        if origin == place:
            return AdjustmentStep("place", 1.0, f"Not adjusted: it is already a figure for {place.name}.")
        if origin.kind != "national":
            return AdjustmentStep("place", 1.0, f"Not adjusted: it is a figure for {origin.name}, not for the US.")
        if self.place_premium is not None:
            published = next(premium for premium in premiums("place") if place.code in premium.areas)
            return AdjustmentStep(
                "place",
                1 + self.place_premium,
                f"{percent(self.place_premium)} for {place.name}, used instead of the wage adjustment. "
                f"{_range_of(published)}.",
                source=published.source,
            )
        local = differential(place, self.exponent, self.index)
        return AdjustmentStep(
            "place",
            local.factor,
            f"Wages in {place.name} are {plain_number(local.wages)} times the national level. "
            f"Pay follows them with an exponent of {plain_number(local.exponent)}.",
            # The interval belongs to the measured exponent and does not apply to any other.
            local.interval if local.exponent == default_exponent().value else None,
            place.source,
        )


def _specialism_step(figure: PayBand | Percentiles, premium: float) -> AdjustmentStep:
    if figure.basis not in _ADJUSTABLE:
        return AdjustmentStep("specialism", 1.0, f"Not adjusted: the premium is for pay, not {figure.basis.words}.")
    published = premiums("specialism")[0]
    why = f"{percent(premium)} for a specialty, as you entered. {_range_of(published)}."
    return AdjustmentStep("specialism", 1 + premium, why, source=published.source)


def _date_step(figure: PayBand | Percentiles, to: dt.date, rate: float) -> AdjustmentStep:
    if not figure.as_of:
        return AdjustmentStep("date", 1.0, "Not aged: the figure has no date.")
    since = date_of(figure.as_of)
    days = (to - since).days
    span = f"{abs(days):,} days from {since} {'back ' if days < 0 else ''}to {to}"
    return AdjustmentStep("date", age_factor(figure.as_of, to, rate), f"{span} at {percent(rate)} a year.")


def _place_of(name: str) -> Area | None:
    """Return the area of a figure; None if its location is not known."""
    if name in ("US", "USA"):
        return find_area("United States")
    if not name:
        return None
    try:
        return find_area(name)
    except AreaError:
        return None


def _range_of(premium: PayPremium) -> str:
    return f"{facts.source(premium.source).publisher} states {percent(premium.low)} to {percent(premium.high)}"
