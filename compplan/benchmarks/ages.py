"""Aging of pay data: the date of a figure, and the growth factor to another date."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from compplan.benchmarks.errors import BenchmarkError


def age_factor(as_of: str, to: dt.date, rate: float) -> float:
    """Return the growth factor of a figure from its date to another date.

    Parameters
    ----------
    as_of : str
        Date of the figure: ``2024`` (counts as July 1), ``2026-05`` (counts as the 15th) or ``2026-05-31``.
    to : datetime.date
        Target date. It can be before `as_of`.
    rate : float
        Annual pay growth [fraction].

    Raises
    ------
    BenchmarkError
        If the date of the figure cannot be read.

    Notes
    -----
    ``(1 + rate) ** (days / 365.25)``.

    Examples
    --------
    >>> round(age_factor("2024", dt.date(2026, 7, 1), 0.03), 6)
    1.060857
    """
    return (1 + rate) ** ((to - date_of(as_of)).days / 365.25)


def date_of(as_of: str) -> dt.date:
    """Return the day that represents a date: July 1 for a year, the 15th for a month.

    Raises
    ------
    BenchmarkError
        If the date has none of the three formats.

    Examples
    --------
    >>> date_of("2024").isoformat(), date_of("2026-05").isoformat()
    ('2024-07-01', '2026-05-15')
    """
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", as_of)
    if match:
        year, month = int(match[1]), int(match[2] or 7)
        day = int(match[3] or (15 if match[2] else 1))
        if year >= 1 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
            return dt.date(year, month, day)
    raise BenchmarkError.at("as_of", f"A date must look like 2024, 2026-05 or 2026-05-31. You entered {as_of!r}.")
