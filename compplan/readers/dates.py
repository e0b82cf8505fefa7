"""Dates in any usual form; whether the day comes before the month is decided for a whole column."""

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
_NOTES = {
    "serial": "The number counts days from the end of 1899, as spreadsheets do.",
    "short year": "The year has two digits.",
    "month": "The date has no day and is read as the first of the month.",
}
_EPOCH = dt.date(1899, 12, 30)
_FIRST, _LAST = 1950, 2100
_FEWEST_OF_A_HABIT = 3
_MANY_TO_ONE = 10
# Years of two digits from here on are in the 1900s.
_PIVOT = 50
_CLOCK = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[ap]m)?(?:\s?(?:z|utc|[+-]\d{2}:?\d{2}))?)?"
_PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
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
        Whether a year alone is a date, namely its first day.

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
    if any(day is not None and not _FIRST <= day.year <= _LAST for day in (one, other)):
        return ParsedDate(fault=f"The year must be between {_FIRST} and {_LAST}. {ALLOWED}")
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


def column(ledger: Ledger, heading: Heading, day_first: bool | None, *, coarse: bool = False) -> NDArray[np.datetime64]:
    """Read a column of dates, with a note on every cell that is corrected, ambiguous or not a date.

    Parameters
    ----------
    ledger : Ledger
    heading : Heading
    day_first : bool or None
        Whether the day comes first; decided by the column if None.
    coarse : bool, default False
        Whether a month or a year alone needs no note, because the day does not matter.

    Returns
    -------
    ndarray of datetime64[s], shape (rows,)
        NaT where there is no date, or an ambiguous one.
    """
    codes, texts = ledger.coded(heading)
    days = _plain_days(texts)
    parsed = {
        number: parse(texts[number], years=coarse)
        for number in np.flatnonzero(np.isnat(days)).tolist()
        if texts[number].casefold() not in MISSING
    }
    if parsed:
        _others(ledger, heading, codes, parsed, days, day_first, coarse)
    return (days if len(days) else np.full(1, np.datetime64("NaT", "s")))[codes]


def _plain_days(texts: list[str]) -> NDArray[np.datetime64]:
    """Read texts such as 2024-03-15 all at once; NaT for all others."""
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
    parsed: dict[int, ParsedDate],
    days: NDArray[np.datetime64],
    day_first: bool | None,
    coarse: bool,
) -> None:
    """Fill in the days of texts in other forms, with their notes."""
    used = np.bincount(codes[ledger.kept()], minlength=len(days)) > 0
    here = [date for number, date in parsed.items() if used[number]]
    usual, proofs = order_of(here)
    order = usual if day_first is None else day_first
    if order is not None and any(date.slashed for date in here):
        first = "day before the month" if order else "month before the day"
        evidence = f"{proofs:,} different date{'s' if proofs > 1 else ''} can't be read another way"
        why = evidence if day_first is None else "you chose this order"
        ledger.note_column("assumed", f"Dates with slashes are read with the {first}: {why}.", heading)
    for number, date in parsed.items():
        day = _choose(date, order)
        if day is not None:
            days[number] = np.datetime64(day)
    _note(ledger, heading, codes, parsed, days, order, coarse)


def _choose(date: ParsedDate, day_first: bool | None) -> dt.date | None:
    if not date.open:
        return date.day_first or date.month_first
    if day_first is None:
        return None
    return date.day_first if day_first else date.month_first


def _note(
    ledger: Ledger,
    heading: Heading,
    codes: IntArray,
    parsed: dict[int, ParsedDate],
    days: NDArray[np.datetime64],
    order: bool | None,
    coarse: bool,
) -> None:
    times = np.bincount(codes, minlength=len(days))
    usual = {"plain", "month", "year"} if coarse else {"plain"}
    for form, why in _NOTES.items():
        if form in usual:
            continue
        count = sum(int(times[number]) for number, date in parsed.items() if date.form == form)
        if count * 2 > len(codes) and count >= _FEWEST_OF_A_HABIT:
            usual.add(form)
            ledger.note_column("assumed", f"Most cells are written this way: {why}", heading)
    odd = np.zeros(len(days), dtype=np.bool_)
    for number, date in parsed.items():
        turned = order is not None and date.proves not in ("", "day" if order else "month")
        unsettled = date.open and order is None
        odd[number] = bool(date.fault) or date.form not in usual or unsettled or turned
    for place, row in ledger.each(odd[codes]):
        date, day = parsed[int(codes[place])], days[int(codes[place])]
        if date.fault:
            ledger.doubt(row, heading, f"{date.fault} The cell is treated as empty.")
        elif np.isnat(day):
            why = (
                f"The date can be {date.day_first} or {date.month_first}, and no other date in the column shows which. "
                "The cell is treated as empty until you choose whether the day comes first."
            )
            ledger.doubt(row, heading, why)
        elif date.form not in usual:
            ledger.correct(row, heading, str(day.astype("datetime64[D]")), _NOTES[date.form])
        else:
            became = str(day.astype("datetime64[D]"))
            ledger.correct(
                row, heading, became, "Day and month are in a different order than in the rest of the column."
            )


def stated(text: str, day: np.datetime64) -> str:
    """Return a date as precisely as its cell states it: a year, a month or a day.

    Parameters
    ----------
    text : str
        The cell.
    day : datetime64
        What `column` read from it with `coarse`; not NaT.

    Examples
    --------
    >>> day = np.datetime64("2025-06-01")
    >>> stated("June 2025", day), stated("2025", np.datetime64("2025-01-01")), stated("1.6.2025", day)
    ('2025-06', '2025', '2025-06-01')
    """
    iso = str(day.astype("datetime64[D]"))
    return iso[: {"year": 4, "month": 7}.get(parse(text, years=True).form, 10)]
