"""Answers to what a people file leaves open."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from compplan.clock import utc_today
from compplan.errors import Problem, nearest
from compplan.money import minor_digits
from compplan.readers.columns import PERIODS
from compplan.readers.dates import FIRST_YEAR, LAST_YEAR
from compplan.readers.titles import role_names
from compplan.roster.errors import RosterError

_HOURS_OF_A_YEAR = 8_784.0
_MOST_MONTHS = 16.0
PAY = ("base", "variable", "ote")
PERIOD_NAMES = tuple(name for name in PERIODS if name)


def plan_year_start(year: int | dt.date | None) -> dt.date:
    """Return the first day of a plan year, given as a year or as its first day; of this year by default.

    Examples
    --------
    >>> plan_year_start(2026), plan_year_start(dt.date(2026, 7, 1))
    (datetime.date(2026, 1, 1), datetime.date(2026, 7, 1))
    """
    if isinstance(year, dt.date):
        return year
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise RosterError([Problem("plan_year", f"must be from {FIRST_YEAR} to {LAST_YEAR}. You entered {year}.")])
    return utc_today().replace(month=1, day=1) if year is None else dt.date(year, 1, 1)


@dataclass(frozen=True, slots=True)
class Options:
    """Answers to what a people file can leave open; see `compplan.roster.read`.

    Raises
    ------
    RosterError
        If an answer is out of range, naming each.

    Examples
    --------
    >>> Options(hours_per_year=0)
    Traceback (most recent call last):
    compplan.roster.errors.RosterError: hours_per_year: must be above 0 and at most 8,784. You entered 0.
    """

    hours_per_year: float = 2080.0
    day_first: bool | None = None
    percent_of: Literal["base", "ote"] | None = None
    currency: str | None = None
    per: Mapping[str, str] = field(default_factory=dict[str, str])
    months_per_year: float = 12.0
    role_map: Mapping[str, str] = field(default_factory=dict[str, str])
    year_start: dt.date = field(default_factory=lambda: plan_year_start(None))

    def __post_init__(self) -> None:
        problems: list[Problem] = []
        hours, months = self.hours_per_year, self.months_per_year
        if not (math.isfinite(hours) and 0 < hours <= _HOURS_OF_A_YEAR):
            why = f"must be above 0 and at most {_HOURS_OF_A_YEAR:,.0f}. You entered {hours:g}."
            problems.append(Problem("hours_per_year", why))
        if not (math.isfinite(months) and 1 <= months <= _MOST_MONTHS):
            why = f"must be from 1 to {_MOST_MONTHS:g}, such as 13. You entered {months:g}."
            problems.append(Problem("months_per_year", why))
        if self.percent_of not in (None, "base", "ote"):
            problems.append(Problem("percent_of", f"must be base or ote. You entered {self.percent_of!r}."))
        if self.currency is not None:
            try:
                minor_digits(self.currency)
            except ValueError as error:
                problems.append(Problem("currency", f"{error}."))
        for name, period in self.per.items():
            if name not in PAY:
                problems.append(Problem("per", f"must be for base, variable or ote. You entered {name!r}."))
            if period not in PERIOD_NAMES:
                why = f"must be one of {', '.join(PERIOD_NAMES)}. You entered {period!r} for {name}."
                problems.append(Problem("per", why))
        for title, role in self.role_map.items():
            if role not in role_names():
                problems.append(
                    Problem("role_map", f"has no role {role!r} for {title!r}; {nearest(role, role_names())}")
                )
        if problems:
            raise RosterError(problems)
