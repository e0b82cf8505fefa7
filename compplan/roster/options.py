"""Answers to what a people file leaves open."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from compplan.errors import Problem
from compplan.money import minor_digits
from compplan.roster.errors import RosterError

_HOURS_OF_A_YEAR = 8_784.0


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

    def __post_init__(self) -> None:
        problems: list[Problem] = []
        hours = self.hours_per_year
        if not (math.isfinite(hours) and 0 < hours <= _HOURS_OF_A_YEAR):
            why = f"must be above 0 and at most {_HOURS_OF_A_YEAR:,.0f}. You entered {hours:g}."
            problems.append(Problem("hours_per_year", why))
        if self.percent_of not in (None, "base", "ote"):
            problems.append(Problem("percent_of", f"must be base or ote. You entered {self.percent_of!r}."))
        if self.currency is not None:
            try:
                minor_digits(self.currency)
            except ValueError as error:
                problems.append(Problem("currency", f"{error}."))
        if problems:
            raise RosterError(problems)
