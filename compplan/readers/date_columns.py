"""Whole columns of dates; the column decides whether the day comes before the month."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
from numpy.typing import NDArray

from compplan.arrays import IntArray
from compplan.readers.amounts import MISSING
from compplan.readers.dates import FIRST_YEAR, LAST_YEAR, ParsedDate, order_of, parse
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger

_NOTES = {
    "serial": "The number counts days from the end of 1899, as spreadsheets do.",
    "short year": "The year has two digits.",
    "month": "The date has no day and is read as the first of the month.",
}
_FEWEST_OF_A_HABIT = 3
_PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_dates(
    ledger: Ledger, heading: Heading, day_first: bool | None, *, coarse: bool = False
) -> NDArray[np.datetime64]:
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
    first, last = np.datetime64(f"{FIRST_YEAR}-01-01"), np.datetime64(f"{LAST_YEAR}-12-31")
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
    used = np.bincount(codes[ledger.unskipped()], minlength=len(days)) > 0
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
