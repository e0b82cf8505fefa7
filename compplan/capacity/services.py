"""Hours per account, hours per person, accounts per person and people needed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import Field, Strict, StringConstraints

from compplan.capacity.errors import CapacityError
from compplan.curves import TOLERANCE
from compplan.errors import Problem
from compplan.models import FrozenModel

_Hours = Annotated[float, Strict(), Field(ge=0, le=10_000, allow_inf_nan=False)]
_Share = Annotated[float, Strict(), Field(ge=0, lt=1, allow_inf_nan=False)]
_Name = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=80, strip_whitespace=True)]


_Segment = Annotated[str, StringConstraints(strict=True, max_length=40, pattern=r"^[a-z_]*$")]


class CapacityInput(FrozenModel):
    """Base class of the inputs of capacity: frozen, and strict about unknown keys."""

    error_class = CapacityError

    @classmethod
    def of(cls, data: Any) -> Self:
        """Check plain data and build the model.

        Raises
        ------
        CapacityError
            With each problem and its place.
        """
        return cls.model_validate(data)


class Touchpoint(CapacityInput):
    """A kind of work that repeats during the year, such as a business review."""

    name: _Name = Field(description="Name of the work.")
    times: _Hours = Field(description="Times per year.")
    hours: _Hours = Field(description="Hours per time.")


class Service(CapacityInput):
    """The work for one account of a tier in a year.

    Examples
    --------
    >>> service = Service.of(
    ...     {
    ...         "touches": [
    ...             {"name": "QBR", "times": 4.0, "hours": 4.0},
    ...             {"name": "Check-in", "times": 24.0, "hours": 1.0},
    ...         ],
    ...         "onboarding": 20.0,
    ...         "renewal": 6.0,
    ...     }
    ... )
    >>> service.steady, service.first_year, service.blended(0.25)
    (46.0, 66.0, 51.0)
    """

    touches: Annotated[tuple[Touchpoint, ...], Field(max_length=30)] = ()
    onboarding: _Hours = Field(default=0.0, description="Onboarding hours, in the first year only.")
    renewal: _Hours = Field(default=0.0, description="Renewal hours per year.")
    ad_hoc: _Hours = Field(default=0.0, description="Ad hoc hours per year, such as escalations.")

    @property
    def steady(self) -> float:
        """Hours per account after its first year: ``sum(times * hours) + renewal + ad hoc`` [hours a year]."""
        return math.fsum(t.times * t.hours for t in self.touches) + self.renewal + self.ad_hoc

    @property
    def first_year(self) -> float:
        """Hours per account in its first year [hours a year]."""
        return self.steady + self.onboarding

    def blended(self, share_new: float = 0.0) -> float:
        """Return the mean hours per account: ``steady + share_new * onboarding`` [hours a year].

        Parameters
        ----------
        share_new : float [fraction]
            Share of accounts in their first year.

        Raises
        ------
        CapacityError
            If the share is not between 0 and 1.
        """
        if not 0 <= share_new <= 1:
            raise CapacityError([Problem("share_new", f"Must be between 0 and 1. You entered {share_new:g}.")])
        return self.steady + share_new * self.onboarding

    def lines(self, share_new: float = 0.0) -> tuple[tuple[str, float], ...]:
        """Return the mean hours per account by kind of work: name and hours a year."""
        touches = [(t.name, t.times * t.hours) for t in self.touches]
        rest = [("Onboarding", share_new * self.onboarding), ("Renewal", self.renewal), ("Ad hoc", self.ad_hoc)]
        totals: dict[str, float] = {}
        for name, hours in (*touches, *rest):
            totals[name] = totals.get(name, 0.0) + hours
        return tuple((name, hours) for name, hours in totals.items() if hours > 0)


class WorkYear(CapacityInput):
    """The working year of one person.

    Examples
    --------
    >>> year = WorkYear(hours_a_day=7.5, weekdays=260.0, overhead=0.2)
    >>> year.available, year.model_copy(update={"pto": 15.0, "holidays": 10.0}).available
    (1560.0, 1410.0)
    """

    hours_a_day: Annotated[float, Strict(), Field(gt=0, le=24, allow_inf_nan=False)] = Field(
        description="Hours per working day."
    )
    weekdays: Annotated[float, Strict(), Field(gt=0, le=366, allow_inf_nan=False)] = Field(
        description="Days per year that are not weekends."
    )
    pto: Annotated[float, Strict(), Field(ge=0, le=366, allow_inf_nan=False)] = Field(
        default=0.0, description="Days of paid leave per year."
    )
    holidays: Annotated[float, Strict(), Field(ge=0, le=366, allow_inf_nan=False)] = Field(
        default=0.0, description="Public holidays on weekdays per year."
    )
    overhead: _Share = Field(description="Share of the hours for meetings, training and other internal work.")

    @property
    def gross(self) -> float:
        """Working hours: ``(weekdays - pto - holidays) * hours a day``, at least 0 [hours a year]."""
        return max(0.0, self.weekdays - self.pto - self.holidays) * self.hours_a_day

    @property
    def available(self) -> float:
        """Hours for accounts: ``gross * (1 - overhead)`` [hours a year]."""
        return round(self.gross * (1.0 - self.overhead), 9)


class Tier(CapacityInput):
    """A group of accounts that get the same service.

    Examples
    --------
    >>> tier = Tier(name="Enterprise", service=Service(renewal=110.0), accounts=14)
    >>> tier.hours
    1540.0
    """

    name: _Name = Field(description="Name of the tier.")
    service: Service = Field(description="Work for each account.")
    segment: _Segment = Field(default="", description="Segment of the accounts; if left out, the name decides.")
    accounts: Annotated[int, Strict(), Field(ge=0, le=1_000_000)] = Field(default=0, description="Number of accounts.")
    acv: Annotated[float, Strict(), Field(ge=0, le=1e12, allow_inf_nan=False)] = Field(
        default=0.0, description="Contract value of one account per year."
    )
    share_new: Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False)] = Field(
        default=0.0, description="Share of the accounts in their first year."
    )

    @property
    def each(self) -> float:
        """Mean hours of one account [hours a year]."""
        return self.service.blended(self.share_new)

    @property
    def hours(self) -> float:
        """Hours of all accounts [hours a year]."""
        return self.accounts * self.each

    @property
    def arr(self) -> float:
        """ARR of all accounts [currency a year]."""
        return self.accounts * self.acv


def accounts_per_person(hours_each: float, available: float) -> int | None:
    """Return how many accounts fit into the hours of one person; None if an account takes no hours.

    Parameters
    ----------
    hours_each : float [hours a year]
        Hours of one account.
    available : float [hours a year]
        Hours of one person for accounts.

    Notes
    -----
    ``floor(available / hours_each)``. A quotient within 1e-9 of a whole number counts as that number.

    Examples
    --------
    >>> [accounts_per_person(hours, 1560) for hours in (100, 110, 120, 26)]
    [15, 14, 13, 60]
    """
    if hours_each <= 0:
        return None
    return math.floor(available / hours_each * (1 + TOLERANCE))


def require_hours(available: float) -> None:
    """Raise an error if a person has no hours for accounts [hours a year].

    Raises
    ------
    CapacityError
    """
    if available <= 0:
        raise CapacityError([Problem("available", "There are no hours left for accounts. Reduce leave or overhead.")])


def people_needed(hours: float, available: float) -> int:
    """Return the number of people for the hours of all accounts: ``ceil(hours / available)``.

    Parameters
    ----------
    hours : float [hours a year]
        Hours of all accounts.
    available : float [hours a year]
        Hours of one person for accounts.

    Raises
    ------
    CapacityError
        If the accounts take hours and a person has none.

    Notes
    -----
    A quotient within 1e-9 above a whole number counts as that number.

    Examples
    --------
    >>> people_needed(1560, 1560), people_needed(1561, 1560), people_needed(0, 1560)
    (1, 2, 0)
    """
    if hours <= 0:
        return 0
    require_hours(available)
    return math.ceil(hours / available * (1 - TOLERANCE))


def utilisation(tiers: Sequence[Tier], available: float, people: int = 1) -> float:
    """Return the share of the team's hours that the accounts take: ``sum(accounts * hours) / (people * available)``.

    Parameters
    ----------
    tiers : sequence of Tier
    available : float [hours a year]
        Hours of one person for accounts.
    people : int

    Raises
    ------
    CapacityError
        If the team has no hours.

    Examples
    --------
    >>> tier = Tier(name="Enterprise", service=Service(renewal=110.0), accounts=14)
    >>> round(utilisation([tier], 1560), 4)
    0.9872
    """
    require_hours(available * people)
    return math.fsum(tier.hours for tier in tiers) / (available * people)


@dataclass(frozen=True, slots=True)
class Capacity:
    """Hours, people and ARR of a set of tiers.

    Attributes
    ----------
    available : float [hours a year]
        Hours of one person for accounts.
    hours : float [hours a year]
        Hours of all accounts.
    accounts : int
    arr : float [currency a year]
    people : int
        People needed, rounded up.
    exact : float
        People needed, as a fraction (FTE).
    mean_hours : float [hours a year]
        Hours of one account.
    per_person : int or None
        Accounts of this mix that fit into one person's hours; None if accounts take no hours.
    """

    available: float
    hours: float
    accounts: int
    arr: float
    people: int
    exact: float
    mean_hours: float
    per_person: int | None

    @property
    def arr_per_person(self) -> float | None:
        """ARR per person needed; None if no people are needed [currency a year]."""
        return self.arr / self.people if self.people else None


def capacity(tiers: Sequence[Tier], year: WorkYear) -> Capacity:
    """Return the hours, people and ARR of one or more tiers.

    Parameters
    ----------
    tiers : sequence of Tier
    year : WorkYear

    Raises
    ------
    CapacityError
        If the accounts take hours and a person has none.

    Examples
    --------
    >>> tier = Tier(name="Enterprise", service=Service(renewal=110.0), accounts=100, acv=75_000.0)
    >>> result = capacity([tier], WorkYear(hours_a_day=7.5, weekdays=260.0, overhead=0.2))
    >>> result.people, result.per_person, round(result.exact, 2), result.arr_per_person
    (8, 14, 7.05, 937500.0)
    """
    hours, accounts = math.fsum(tier.hours for tier in tiers), sum(tier.accounts for tier in tiers)
    mean = hours / accounts if accounts else 0.0
    people = people_needed(hours, year.available)
    return Capacity(
        available=year.available,
        hours=hours,
        accounts=accounts,
        arr=math.fsum(tier.arr for tier in tiers),
        people=people,
        exact=hours / year.available if year.available > 0 else 0.0,
        mean_hours=mean,
        per_person=accounts_per_person(mean, year.available),
    )


def renewal_under_load(base: float, load: float, slope: float = 0.0) -> float:
    """Return the renewal rate of accounts if their people are overloaded.

    Parameters
    ----------
    base : float [fraction]
        Renewal rate at a utilization of 100% or less.
    load : float
        Utilization; 1.25 is 125%.
    slope : float
        Loss of renewal rate per share of the hours that is missing. The default of 0 turns the effect off, because
        no source has measured it.

    Notes
    -----
    ``rate = base - slope * max(0, 1 - 1 / load)``, at least 0.

    Raises
    ------
    CapacityError
        If the base is not between 0 and 1, or the load or slope is negative.

    Examples
    --------
    >>> renewal_under_load(0.92, 1.25), round(renewal_under_load(0.92, 1.25, slope=0.2), 4)
    (0.92, 0.88)
    """
    if not 0 <= base <= 1 or slope < 0 or load < 0:
        message = "The base must be between 0 and 1, and the slope and load must be 0 or more."
        raise CapacityError([Problem("slope", f"{message} You entered {base:g}, {slope:g} and {load:g}.")])
    missing = max(0.0, 1.0 - 1.0 / load) if load > 0 else 0.0
    return max(0.0, base - slope * missing)
