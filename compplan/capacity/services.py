"""How many accounts one person can look after: hours an account takes, hours there are, people that are needed."""

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
    """Frozen data that refuses what it does not know."""

    error_class = CapacityError

    @classmethod
    def of(cls, data: Any) -> Self:
        """Check plain data.

        Raises
        ------
        CapacityError
            With every problem and its place.
        """
        return cls.model_validate(data)


class Touchpoint(CapacityInput):
    """Something that is done for an account again and again."""

    name: _Name = Field(description="What it is.")
    times: _Hours = Field(description="How often a year.")
    hours: _Hours = Field(description="Hours each time.")


class Service(CapacityInput):
    """What is done for one account of a tier in a year.

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
    onboarding: _Hours = Field(default=0.0, description="Hours in an account's first year only.")
    renewal: _Hours = Field(default=0.0, description="Hours of a year's renewal.")
    ad_hoc: _Hours = Field(default=0.0, description="Hours of escalations and the like in a year.")

    @property
    def steady(self) -> float:
        """Hours of an account after its first year: ``sum(times * hours) + renewal + ad hoc`` [hours a year]."""
        return math.fsum(t.times * t.hours for t in self.touches) + self.renewal + self.ad_hoc

    @property
    def first_year(self) -> float:
        """Hours of an account in its first year [hours a year]."""
        return self.steady + self.onboarding

    def blended(self, share_new: float = 0.0) -> float:
        """Hours of an account of a book in which some are new: ``steady + share_new * onboarding`` [hours a year].

        Raises
        ------
        CapacityError
            If the share is not one.
        """
        if not 0 <= share_new <= 1:
            raise CapacityError([Problem("share_new", f"must be between 0 and 1, got {share_new:g}.")])
        return self.steady + share_new * self.onboarding

    def lines(self, share_new: float = 0.0) -> tuple[tuple[str, float], ...]:
        """Where the hours of an account go: name and hours a year, in the order of the sum."""
        touches = [(t.name, t.times * t.hours) for t in self.touches]
        rest = [("Onboarding", share_new * self.onboarding), ("Renewal", self.renewal), ("Ad hoc", self.ad_hoc)]
        summed: dict[str, float] = {}
        for name, hours in (*touches, *rest):
            summed[name] = summed.get(name, 0.0) + hours
        return tuple((name, hours) for name, hours in summed.items() if hours > 0)


class WorkYear(CapacityInput):
    """Hours that one person has in a year.

    Examples
    --------
    >>> year = WorkYear(hours_a_day=7.5, weekdays=260.0, overhead=0.2)
    >>> year.available, year.model_copy(update={"pto": 15.0, "holidays": 10.0}).available
    (1560.0, 1410.0)
    """

    hours_a_day: Annotated[float, Strict(), Field(gt=0, le=24, allow_inf_nan=False)] = Field(
        description="Hours of a working day."
    )
    weekdays: Annotated[float, Strict(), Field(gt=0, le=366, allow_inf_nan=False)] = Field(
        description="Days of a year that are no weekend."
    )
    pto: Annotated[float, Strict(), Field(ge=0, le=366, allow_inf_nan=False)] = Field(
        default=0.0, description="Days of paid leave."
    )
    holidays: Annotated[float, Strict(), Field(ge=0, le=366, allow_inf_nan=False)] = Field(
        default=0.0, description="Public holidays on weekdays."
    )
    overhead: _Share = Field(description="Share of the hours that goes to meetings, training and the like.")

    @property
    def gross(self) -> float:
        """Hours at work: ``(weekdays - pto - holidays) * hours a day``, at least 0 [hours a year]."""
        return max(0.0, self.weekdays - self.pto - self.holidays) * self.hours_a_day

    @property
    def available(self) -> float:
        """Hours for accounts: ``gross * (1 - overhead)`` [hours a year]."""
        return round(self.gross * (1.0 - self.overhead), 9)


class Tier(CapacityInput):
    """Accounts that are served alike.

    Examples
    --------
    >>> tier = Tier(name="Enterprise", service=Service(renewal=110.0), accounts=14)
    >>> tier.hours
    1540.0
    """

    name: _Name = Field(description="How people call it.")
    service: Service = Field(description="What is done for each account.")
    segment: _Segment = Field(default="", description="Segment of the accounts; by the name if left out.")
    accounts: Annotated[int, Strict(), Field(ge=0, le=1_000_000)] = Field(default=0, description="How many there are.")
    acv: Annotated[float, Strict(), Field(ge=0, le=1e12, allow_inf_nan=False)] = Field(
        default=0.0, description="What one is worth a year."
    )
    share_new: Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False)] = Field(
        default=0.0, description="Share of them in their first year."
    )

    @property
    def each(self) -> float:
        """Hours of one account [hours a year]."""
        return self.service.blended(self.share_new)

    @property
    def hours(self) -> float:
        """Hours of all of them [hours a year]."""
        return self.accounts * self.each

    @property
    def arr(self) -> float:
        """What all of them are worth [currency a year]."""
        return self.accounts * self.acv


def accounts_per_person(hours_each: float, available: float) -> int | None:
    """How many accounts fit into the hours of one person; None where an account takes none.

    Parameters
    ----------
    hours_each : float [hours a year]
        Of one account.
    available : float [hours a year]
        Of one person.

    Notes
    -----
    ``floor(available / hours_each)``; a quotient within 1e-9 of a whole number is that number.

    Examples
    --------
    >>> [accounts_per_person(hours, 1560) for hours in (100, 110, 120, 26)]
    [15, 14, 13, 60]
    """
    if hours_each <= 0:
        return None
    return math.floor(available / hours_each * (1 + TOLERANCE))


def people_needed(hours: float, available: float) -> int:
    """How many people some hours of accounts take: ``ceil(hours / available)``, 1e-9 short of one more forgiven.

    Raises
    ------
    CapacityError
        If there are hours to work and nobody has any.

    Examples
    --------
    >>> people_needed(1560, 1560), people_needed(1561, 1560), people_needed(0, 1560)
    (1, 2, 0)
    """
    if hours <= 0:
        return 0
    if available <= 0:
        raise CapacityError([Problem("available", "There are no hours left for accounts. Reduce leave or overhead.")])
    return math.ceil(hours / available * (1 - TOLERANCE))


def utilisation(tiers: Sequence[Tier], available: float, people: int = 1) -> float:
    """Share of the hours there are that the accounts take: ``sum(accounts * hours) / (people * available)``.

    Raises
    ------
    CapacityError
        If nobody has any hours.

    Examples
    --------
    >>> tier = Tier(name="Enterprise", service=Service(renewal=110.0), accounts=14)
    >>> round(utilisation([tier], 1560), 4)
    0.9872
    """
    if available * people <= 0:
        raise CapacityError([Problem("available", "There are no hours left for accounts. Reduce leave or overhead.")])
    return math.fsum(t.hours for t in tiers) / (available * people)


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a book of tiers takes and costs.

    Attributes
    ----------
    available : float [hours a year]
        Of one person.
    hours : float [hours a year]
        Of all accounts.
    accounts : int
    arr : float [currency a year]
    people : int
        Needed, whole.
    exact : float
        Needed, to the fraction.
    mean_hours : float [hours a year]
        Of one account.
    per_person : int or None
        Accounts that fit into one person's hours, of this mix.
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
        """ARR over the people needed; None where none are [currency a year]."""
        return self.arr / self.people if self.people else None


def capacity(tiers: Sequence[Tier], year: WorkYear) -> Capacity:
    """What a book of one or several tiers takes.

    Raises
    ------
    CapacityError

    Examples
    --------
    >>> tier = Tier(name="Enterprise", service=Service(renewal=110.0), accounts=100, acv=75_000.0)
    >>> found = capacity([tier], WorkYear(hours_a_day=7.5, weekdays=260.0, overhead=0.2))
    >>> found.people, found.per_person, round(found.exact, 2), found.arr_per_person
    (8, 14, 7.05, 937500.0)
    """
    hours, accounts = math.fsum(t.hours for t in tiers), sum(t.accounts for t in tiers)
    mean = hours / accounts if accounts else 0.0
    people = people_needed(hours, year.available)
    return Capacity(
        available=year.available,
        hours=hours,
        accounts=accounts,
        arr=math.fsum(t.arr for t in tiers),
        people=people,
        exact=hours / year.available if year.available > 0 else 0.0,
        mean_hours=mean,
        per_person=accounts_per_person(mean, year.available),
    )


def renewal_under_load(base: float, load: float, slope: float = 0.0) -> float:
    """Renewal probability of an account in a book that takes more hours than there are.

    Parameters
    ----------
    base : float [fraction]
        Within the hours there are.
    load : float
        Utilisation.
    slope : float
        How much of it is lost for each share of the hours that is missing; 0, an assumption that nobody has measured,
        unless it is set.

    Notes
    -----
    ``p = base - slope * max(0, 1 - 1 / load)``, at least 0.

    Raises
    ------
    CapacityError

    Examples
    --------
    >>> renewal_under_load(0.92, 1.25), round(renewal_under_load(0.92, 1.25, slope=0.2), 4)
    (0.92, 0.88)
    """
    if not 0 <= base <= 1 or slope < 0 or load < 0:
        raise CapacityError(
            [Problem("slope", f"base is a share, slope and load are 0 or more; got {base}, {slope}, {load}.")]
        )
    missing = max(0.0, 1.0 - 1.0 / load) if load > 0 else 0.0
    return max(0.0, base - slope * missing)
