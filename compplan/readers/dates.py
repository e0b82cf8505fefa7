"""Dates in the forms that people write them; day before month or after is decided by a whole column."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from compplan.arrays import IntArray
from compplan.readers.amounts import LONGEST, MISSING

if TYPE_CHECKING:
    from compplan.readers.headings import Heading
    from compplan.readers.ledger import Ledger

ALLOWED = "allowed is a date such as 2024-03-15, 31/12/2025, 15 Mar 2024 or March 15, 2024"
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
_SAID = {
    "serial": "A spreadsheet counts days from the end of 1899.",
    "short year": "The year has two digits.",
    "month": "There is no day; taken as the first of the month.",
}
_EPOCH = dt.date(1899, 12, 30)
_FIRST, _LAST = 1950, 2100
_FEWEST_OF_A_HABIT = 3
_MANY_TO_ONE = 10
# Two digits of a year: from here on they are of the last century.
_PIVOT = 50
_CLOCK = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[ap]m)?(?:\s?(?:z|utc|[+-]\d{2}:?\d{2}))?)?"
_PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}", re.IGNORECASE)
_SHORT = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_THREE = re.compile(rf"(\d{{1,2}})([-/. ])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_CLOCK}", re.IGNORECASE)
_NAMED_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?[-/ .]*(?:of )?([a-z]{3,10})\.?[-/ ,.]*(\d{4}|\d{2})")
_NAMED_MONTH = re.compile(r"([a-z]{3,10})\.?[-/ .]*(\d{1,2})(?:st|nd|rd|th)?[-/ ,.]+(\d{4}|\d{2})")
_MONTH_ONLY = re.compile(r"([a-z]{3,10})\.?[-/ ,.']*(\d{4})|(\d{4})-(\d{2})|(\d{1,2})/(\d{4})")


class Date(NamedTuple):
    """What a cell says.

    Parameters
    ----------
    day_first, month_first : date or None
        The date in either order; the same where there is only one reading. None where that order makes no date.
    form : str
        ``plain``, ``serial``, ``short year`` or ``month``.
    slashed : bool
        Whether its order had to be, or has to be, decided.
    fault : str
        Why it cannot be read; empty where it can.
    """

    day_first: dt.date | None = None
    month_first: dt.date | None = None
    form: str = "plain"
    slashed: bool = False
    fault: str = ""

    @property
    def open(self) -> bool:
        """Whether the two orders give two dates."""
        return self.day_first is not None and self.month_first is not None and self.day_first != self.month_first

    @property
    def proves(self) -> str:
        """Which order it proves: ``day``, ``month`` or none."""
        if self.slashed and (self.day_first is None) != (self.month_first is None):
            return "month" if self.day_first is None else "day"
        return ""


def parse(text: str) -> Date:
    """Read one cell.

    Examples
    --------
    >>> parse("31/12/2025").proves, parse("03/04/2025").open, parse("15-Mar-24").day_first
    ('day', True, datetime.date(2024, 3, 15))
    >>> parse("45366").day_first, parse("soon").fault[:11]
    (datetime.date(2024, 3, 15), 'It is no da')
    """
    if len(text) > LONGEST:
        return Date(fault=f"It is no date; {ALLOWED}.")
    short = _SHORT.fullmatch(text)
    if short:
        return _slashed(int(short[1]), int(short[2]), short[3], "/")
    plain = " ".join(text.split()).removeprefix("'").casefold()
    plain = re.sub(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +(?=\d|[a-z]{3})", "", plain)
    plain = plain.translate(str.maketrans("éèûäâ", "eeuaa"))
    found = _ISO.fullmatch(plain)
    if found:
        return _one(int(found[1]), int(found[2]), int(found[3]))
    if re.fullmatch(r"\d{8}", plain):
        return _one(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", plain):
        day = _EPOCH + dt.timedelta(days=int(float(plain)))
        return _checked(Date(day, day, "serial"))
    found = _THREE.fullmatch(plain)
    if found:
        return _slashed(int(found[1]), int(found[3]), found[4], found[2])
    return _named(plain)


def _slashed(first: int, second: int, year: str, mark: str) -> Date:
    full = _year(year)
    form = "plain" if len(year) == 4 else "short year"
    day_first, month_first = _date(full, second, first), _date(full, first, second)
    if mark == ".":
        # With dots the day comes first wherever dates are written so.
        return _checked(Date(day_first, day_first, form))
    return _checked(Date(day_first, month_first, form, slashed=True))


def _named(plain: str) -> Date:
    found = _NAMED_DAY.fullmatch(plain)
    if found and found[2] in _MONTHS:
        return _one(_year(found[3]), _MONTHS[found[2]], int(found[1]), found[3])
    found = _NAMED_MONTH.fullmatch(plain)
    if found and found[1] in _MONTHS:
        return _one(_year(found[3]), _MONTHS[found[1]], int(found[2]), found[3])
    found = _MONTH_ONLY.fullmatch(plain)
    if found:
        year = int(found[2] or found[3] or found[6])
        month = _MONTHS.get(found[1], 0) if found[1] else int(found[4] or found[5])
        first = _date(year, month, 1)
        if first is not None:
            return _checked(Date(first, first, "month"))
    return Date(fault=f"It is no date; {ALLOWED}.")


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= _PIVOT else 2000)


def _one(year: int, month: int, day: int, written: str = "0000") -> Date:
    date = _date(year, month, day)
    return _checked(Date(date, date, "plain" if len(written) == 4 else "short year"))


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _checked(date: Date) -> Date:
    one, other = date.day_first, date.month_first
    if one is None and other is None:
        return Date(fault=f"There is no such day; {ALLOWED}.")
    if any(day is not None and not _FIRST <= day.year <= _LAST for day in (one, other)):
        return Date(fault=f"The year is not between {_FIRST} and {_LAST}; {ALLOWED}.")
    return date


def order_of(dates: Iterable[Date]) -> tuple[bool | None, int]:
    """Whether a column writes the day first, by those of its dates that can be read in one order only.

    Returns
    -------
    day_first : bool or None
        None where there is no evidence, or as good as as much for one as for the other: a slip of one
        person in ten does not overturn a column.
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


def column(ledger: Ledger, heading: Heading, day_first: bool | None) -> NDArray[np.datetime64]:
    """Read a column of dates, with a note on every one that is mended, open or no date.

    Parameters
    ----------
    ledger : Ledger
    heading : Heading
    day_first : bool or None
        What the caller says; by the evidence of the column if None.

    Returns
    -------
    ndarray of datetime64[s], shape (rows,)
        NaT where there is no date, or two.
    """
    codes, given = ledger.coded(heading)
    days = _plain_days(given)
    found = {
        number: parse(given[number])
        for number in np.flatnonzero(np.isnat(days)).tolist()
        if given[number].casefold() not in MISSING
    }
    if found:
        _others(ledger, heading, codes, found, days, day_first)
    return (days if len(days) else np.full(1, np.datetime64("NaT", "s")))[codes]


def _plain_days(texts: list[str]) -> NDArray[np.datetime64]:
    """The days of texts such as 2024-03-15 at once, NaT for all others."""
    days = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[s]")
    plain = [number for number, text in enumerate(texts) if _PLAIN.fullmatch(text)]
    try:
        read = np.array([texts[number] for number in plain], dtype="datetime64[s]")
    except ValueError:
        return days
    first, last = np.datetime64(f"{_FIRST}-01-01"), np.datetime64(f"{_LAST}-12-31")
    days[plain] = np.where((read >= first) & (read <= last), read, np.datetime64("NaT"))
    return days


def _others(
    ledger: Ledger,
    heading: Heading,
    codes: IntArray,
    found: dict[int, Date],
    days: NDArray[np.datetime64],
    day_first: bool | None,
) -> None:
    """Fill in the days of the texts that are not plain, with their notes."""
    used = np.bincount(codes[ledger.still()], minlength=len(days)) > 0
    here = [date for number, date in found.items() if used[number]]
    usual, proofs = order_of(here)
    order = usual if day_first is None else day_first
    if order is not None and any(date.slashed for date in here):
        first = "day before the month" if order else "month before the day"
        many = f"{proofs:,} different date{'s' if proofs > 1 else ''} can be read in no other way"
        why = many if day_first is None else "as was asked"
        ledger.whole("assumed", f"Dates with strokes are read with the {first}: {why}.", heading)
    for number, date in found.items():
        day = _choose(date, order)
        if day is not None:
            days[number] = np.datetime64(day)
    _note(ledger, heading, codes, found, days, order)


def _choose(date: Date, day_first: bool | None) -> dt.date | None:
    if not date.open:
        return date.day_first or date.month_first
    if day_first is None:
        return None
    return date.day_first if day_first else date.month_first


def _note(
    ledger: Ledger,
    heading: Heading,
    codes: IntArray,
    found: dict[int, Date],
    days: NDArray[np.datetime64],
    order: bool | None,
) -> None:
    times = np.bincount(codes, minlength=len(days))
    usual: set[str] = set()
    for form, said in _SAID.items():
        count = sum(int(times[number]) for number, date in found.items() if date.form == form)
        if count * 2 > len(codes) and count >= _FEWEST_OF_A_HABIT:
            usual.add(form)
            ledger.whole("assumed", f"Most cells are so: {said}", heading)
    odd = np.zeros(len(days), dtype=np.bool_)
    for number, date in found.items():
        turned = order is not None and date.proves not in ("", "day" if order else "month")
        unsettled = date.open and order is None
        odd[number] = bool(date.fault) or date.form not in {"plain", *usual} or unsettled or turned
    for place, row in ledger.each(odd[codes]):
        date, day = found[int(codes[place])], days[int(codes[place])]
        if date.fault:
            ledger.doubt(row, heading, f"{date.fault[:-1]}; left empty.")
        elif np.isnat(day):
            said = f"The date may be {date.day_first} or {date.month_first}, and no other date of the column tells"
            ledger.doubt(row, heading, f"{said}; left empty until it is said whether the day comes first.")
        elif date.form != "plain" and date.form not in usual:
            ledger.mended(row, heading, str(day.astype("datetime64[D]")), _SAID[date.form])
        else:
            became = str(day.astype("datetime64[D]"))
            ledger.mended(row, heading, became, "Day and month are in another order than in the rest of the column.")
