"""One cell as a date, in any usual form, and what dates of a column show about the order of day and month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from compplan.readers.amounts import LONGEST

ALLOWED = "Enter a date such as 2024-03-15, 31/12/2025, 15 Mar 2024 or March 15, 2024."
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero ene", "feb february februar fevrier fev febrero",
            "mar march marz mars marzo mrz", "apr april avril abril avr abr", "may mai mayo",
            "jun june juni juin junio",
            "jul july juli juillet julio", "aug august aout agosto ago", "sep sept september septembre septiembre",
            "oct october oktober octobre octubre okt", "nov november novembre noviembre",
            "dec december dezember decembre diciembre dez dic",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_EPOCH = dt.date(1899, 12, 30)
FIRST_YEAR, LAST_YEAR = 1950, 2100
_MANY_TO_ONE = 10
# Years of two digits from here on are in the 1900s.
_PIVOT = 50
_CLOCK = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[ap]m)?(?:\s?(?:z|utc|[+-]\d{2}:?\d{2}))?)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}", re.IGNORECASE)
_SHORT = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_THREE = re.compile(rf"(\d{{1,2}})([-/. ])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_CLOCK}", re.IGNORECASE)
_NAMED_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?[-/ .]*(?:of )?([a-z]{3,10})\.?[-/ ,.]*(\d{4}|\d{2})")
_NAMED_MONTH = re.compile(r"([a-z]{3,10})\.?[-/ .]*(\d{1,2})(?:st|nd|rd|th)?[-/ ,.]+(\d{4}|\d{2})")
_MONTH_ONLY = re.compile(r"([a-z]{3,10})\.?[-/ ,.']*(\d{4})|(\d{4})-(\d{2})|(\d{1,2})/(\d{4})")


class ParsedDate(NamedTuple):
    """One cell, read as a date.

    Parameters
    ----------
    day_first, month_first : date or None
        The date in either order, the same where only one is possible. None where the order makes no date.
    form : str
        ``plain``, ``serial``, ``short year``, ``month`` or ``year``.
    slashed : bool
        Whether it has an order to decide.
    fault : str
        Why it can't be read; empty where it can be read.
    """

    day_first: dt.date | None = None
    month_first: dt.date | None = None
    form: str = "plain"
    slashed: bool = False
    fault: str = ""

    @property
    def open(self) -> bool:
        """Whether the two orders give two different dates."""
        return self.day_first is not None and self.month_first is not None and self.day_first != self.month_first

    @property
    def proves(self) -> str:
        """The order that it proves: ``day``, ``month`` or empty."""
        if self.slashed and (self.day_first is None) != (self.month_first is None):
            return "month" if self.day_first is None else "day"
        return ""


def parse(text: str, *, years: bool = False) -> ParsedDate:
    """Read one cell as a date.

    Parameters
    ----------
    text : str
    years : bool, default False
        Whether a year alone is a date: its first day.

    Examples
    --------
    >>> parse("31/12/2025").proves, parse("03/04/2025").open, parse("15-Mar-24").day_first
    ('day', True, datetime.date(2024, 3, 15))
    >>> parse("45366").day_first, parse("soon").fault[:24]
    (datetime.date(2024, 3, 15), 'The cell is not a date. ')
    """
    if len(text) > LONGEST:
        return ParsedDate(fault=f"The cell is not a date. {ALLOWED}")
    short = _SHORT.fullmatch(text)
    if short:
        return _slashed(int(short[1]), int(short[2]), short[3], "/")
    plain = " ".join(text.split()).removeprefix("'").casefold()
    plain = re.sub(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +(?=\d|[a-z]{3})", "", plain)
    plain = plain.translate(str.maketrans("éèûäâ", "eeuaa"))
    if years and re.fullmatch(r"(?:19|20)\d\d(?:\.0)?", plain):
        first = dt.date(int(plain[:4]), 1, 1)
        return _checked(ParsedDate(first, first, "year"))
    parts = _ISO.fullmatch(plain)
    if parts:
        return _one(int(parts[1]), int(parts[2]), int(parts[3]))
    if re.fullmatch(r"\d{8}", plain):
        return _one(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", plain):
        day = _EPOCH + dt.timedelta(days=int(float(plain)))
        return _checked(ParsedDate(day, day, "serial"))
    parts = _THREE.fullmatch(plain)
    if parts:
        return _slashed(int(parts[1]), int(parts[3]), parts[4], parts[2])
    return _named(plain)


def _slashed(first: int, second: int, year: str, mark: str) -> ParsedDate:
    full = _year(year)
    form = "plain" if len(year) == 4 else "short year"
    day_first, month_first = _date(full, second, first), _date(full, first, second)
    if mark == ".":
        # Countries that write dates with dots put the day first.
        return _checked(ParsedDate(day_first, day_first, form))
    return _checked(ParsedDate(day_first, month_first, form, slashed=True))


def _named(plain: str) -> ParsedDate:
    parts = _NAMED_DAY.fullmatch(plain)
    if parts and parts[2] in _MONTHS:
        return _one(_year(parts[3]), _MONTHS[parts[2]], int(parts[1]), parts[3])
    parts = _NAMED_MONTH.fullmatch(plain)
    if parts and parts[1] in _MONTHS:
        return _one(_year(parts[3]), _MONTHS[parts[1]], int(parts[2]), parts[3])
    parts = _MONTH_ONLY.fullmatch(plain)
    if parts:
        year = int(parts[2] or parts[3] or parts[6])
        month = _MONTHS.get(parts[1], 0) if parts[1] else int(parts[4] or parts[5])
        first = _date(year, month, 1)
        if first is not None:
            return _checked(ParsedDate(first, first, "month"))
    return ParsedDate(fault=f"The cell is not a date. {ALLOWED}")


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= _PIVOT else 2000)


def _one(year: int, month: int, day: int, written: str = "0000") -> ParsedDate:
    date = _date(year, month, day)
    return _checked(ParsedDate(date, date, "plain" if len(written) == 4 else "short year"))


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _checked(date: ParsedDate) -> ParsedDate:
    one, other = date.day_first, date.month_first
    if one is None and other is None:
        return ParsedDate(fault=f"This day does not exist. {ALLOWED}")
    if any(day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR for day in (one, other)):
        return ParsedDate(fault=f"The year must be between {FIRST_YEAR} and {LAST_YEAR}. {ALLOWED}")
    return date


def order_of(dates: Iterable[ParsedDate]) -> tuple[bool | None, int]:
    """Decide whether a column puts the day first, by its dates that are possible in one order only.

    Returns
    -------
    day_first : bool or None
        None where there is no evidence, or evidence for both orders; one slip in ten does not count.
    proofs : int
        How many dates prove it.

    Examples
    --------
    >>> order_of([parse("31/12/2025"), parse("03/04/2025")])
    (True, 1)
    """
    proofs = [date.proves for date in dates]
    day, month = proofs.count("day"), proofs.count("month")
    if min(day, month) * _MANY_TO_ONE > max(day, month) or not day + month:
        return None, 0
    return (True, day) if day > month else (False, month)


def date_text(text: str, day: np.datetime64) -> str:
    """Return a date as precisely as its cell states it: a year, a month or a day.

    Parameters
    ----------
    text : str
        The cell.
    day : datetime64
        What `compplan.readers.date_columns.read_dates` read from it with `coarse`; not NaT.

    Examples
    --------
    >>> day = np.datetime64("2025-06-01")
    >>> date_text("June 2025", day), date_text("2025", np.datetime64("2025-01-01")), date_text("1.6.2025", day)
    ('2025-06', '2025', '2025-06-01')
    """
    iso = str(day.astype("datetime64[D]"))
    return iso[: {"year": 4, "month": 7}.get(parse(text, years=True).form, 10)]
