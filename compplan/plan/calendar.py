"""The plan year: its months, and the days of each on which a plan is in effect and a person is employed."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from compplan import formats
from compplan.arrays import FloatArray
from compplan.plan.fields import PlanFields
from compplan.plan.parts import Effective

if TYPE_CHECKING:
    import pandas as pd

MONTHS = 12
DEFAULT_YEAR = 2026  # of a plan without dates, and of assumptions without a year


class YearTerms(Protocol):
    """Terms that define a plan year: the tax year, and a first day that overrides 1 January."""

    @property
    def year(self) -> int:
        """Tax year."""
        ...

    @property
    def starts(self) -> dt.date | None:
        """First day of the plan year."""
        ...


@dataclass(frozen=True, slots=True)
class PlanYear:
    """Twelve months that begin on the first day of a month.

    Attributes
    ----------
    first : date
        First day.

    Examples
    --------
    >>> year = PlanYear(dt.date(2026, 2, 1))
    >>> year.last, year.days, year.label(1), year.label(13)
    (datetime.date(2027, 1, 31), 365, 'Feb 2026', 'Feb 2027')
    """

    first: dt.date

    @classmethod
    def of(cls, terms: YearTerms) -> PlanYear:
        """Plan year of some assumptions: their first day, or 1 January of their tax year."""
        return cls(terms.starts or dt.date(terms.year, 1, 1))

    @classmethod
    def usual(cls, dates: Effective) -> PlanYear:
        """Plan year of a plan that is in effect on some dates, where nobody states another.

        Parameters
        ----------
        dates : Effective

        Returns
        -------
        PlanYear
            The plan's own year if it is in effect for exactly twelve months from the first of a month. Otherwise the
            calendar year `DEFAULT_YEAR`, or the nearest one in which the plan is in effect.

        Examples
        --------
        >>> PlanYear.usual(Effective.model_validate({"from": dt.date(2026, 9, 1), "to": dt.date(2026, 12, 31)})).first
        datetime.date(2026, 1, 1)
        >>> PlanYear.usual(Effective.model_validate({"from": dt.date(2026, 2, 1), "to": dt.date(2027, 1, 31)})).first
        datetime.date(2026, 2, 1)
        """
        since, until = dates.since, dates.until
        if since is not None and since.day == 1 and until is not None:
            own = cls(since)
            if since.year < dt.MAXYEAR - 1 and own.last == until:
                return own
        year = DEFAULT_YEAR
        if since is not None and since.year > year:
            year = since.year
        elif until is not None and until.year < year:
            year = until.year
        return cls(dt.date(year, 1, 1))

    def month(self, number: int) -> dt.date:
        """First day of a month, counted from 1; numbers above 12 are months after the year."""
        years, month = divmod(self.first.month - 1 + number - 1, MONTHS)
        return dt.date(self.first.year + years, month + 1, 1)

    def label(self, number: int) -> str:
        """Name of a month, counted from 1, such as ``Feb 2026``."""
        first = self.month(number)
        return f"{calendar.month_abbr[first.month]} {first.year}"

    @property
    def last(self) -> dt.date:
        """Last day."""
        return self.month(MONTHS + 1) - dt.timedelta(days=1)

    @property
    def days(self) -> int:
        """Days in the year: 365 or 366."""
        return (self.month(MONTHS + 1) - self.first).days

    def in_force(self, dates: Effective) -> FloatArray:
        """Count the days on which a plan is in effect, by month.

        Parameters
        ----------
        dates : Effective

        Returns
        -------
        ndarray, shape (12,) [days]

        Examples
        --------
        >>> year = PlanYear(dt.date(2026, 1, 1))
        >>> year.in_force(Effective.model_validate({"from": dt.date(2026, 9, 16)})).tolist()[7:]
        [0.0, 15.0, 31.0, 30.0, 31.0]
        """
        return self.employed(None, None, 1, dates)[0]

    def employed(
        self, hired: pd.Series[Any] | None, left: pd.Series[Any] | None, rows: int, dates: Effective | None = None
    ) -> FloatArray:
        """Count the days on which people are employed while a plan is in effect, by month.

        Parameters
        ----------
        hired, left : Series of datetime64 or None
            First and last day of employment, both included; a missing date sets no limit.
        rows : int
            People.
        dates : Effective, optional
            First and last day of the plan; no limit if left out.

        Returns
        -------
        ndarray, shape (rows, 12) [days]
        """
        starts = self._month_starts()
        begin, end = starts[:-1], starts[1:]
        since = np.full(rows, starts[0]) if hired is None else hired.to_numpy("datetime64[D]")
        until = np.full(rows, starts[-1] - 1) if left is None else left.to_numpy("datetime64[D]")
        since = np.where(np.isnat(since), starts[0], since)
        until = np.where(np.isnat(until), starts[-1] - 1, until)
        if dates is not None and dates.since is not None:
            since = np.maximum(since, np.datetime64(dates.since, "D"))
        if dates is not None and dates.until is not None:
            until = np.minimum(until, np.datetime64(dates.until, "D"))
        first = np.maximum(since[:, None], begin[None, :])
        after = np.minimum(until[:, None] + 1, end[None, :])
        days = (after - first).astype("timedelta64[D]").astype(np.float64)
        return np.maximum(days, 0.0)

    def month_days(self) -> FloatArray:
        """Days of each month, shape (12,)."""
        return np.diff(self._month_starts()).astype("timedelta64[D]").astype(np.float64)

    def _month_starts(self) -> Any:
        """First days of the twelve months and of the month after them."""
        return np.array([self.month(m) for m in range(1, MONTHS + 2)], dtype="datetime64[D]")


def part_year_text(plan: PlanFields, year: PlanYear) -> str:
    """Say for which days of a year a plan is in effect.

    Parameters
    ----------
    plan : Plan
    year : PlanYear

    Returns
    -------
    str
        One sentence; empty where the plan is in effect for the whole year.
    """
    days = int(year.in_force(plan.effective).sum())
    if days == year.days:
        return ""
    return (
        f"The plan is in effect {formats.span(plan.effective.since, plan.effective.until)}: {days:,} of {year.days} "
        f"days of the plan year, which runs from {year.first} to {year.last}. Pay and cost are prorated to these days."
    )
