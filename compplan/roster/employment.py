"""Who is employed in the plan year, and for how much of a full-time job: status, last day, FTE and weekly hours."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from compplan.arrays import BoolArray, FloatArray
from compplan.clock import utc_today
from compplan.readers.amounts import MISSING, parse
from compplan.readers.date_columns import read_dates
from compplan.readers.dates import parse as parse_date
from compplan.readers.heading_words import normal
from compplan.readers.ledger import Ledger
from compplan.readers.notes import DUPLICATE, LEFT, counted
from compplan.roster.options import Options

Days = NDArray[np.datetime64]

_LEAVE = re.compile(
    r"\b(leave|loa|parental|maternity|paternity|sabbatical|furlough\w*|suspended|sick|fmla|elternzeit|mutterschutz"
    r"|beurlaubt|conge|arret|excedencia|permiso|baja (?:medica|maternal|paternal)|paid leave|unpaid)\b"
)
_GONE = re.compile(
    r"\b(terminated|termination|termed|exited|exit|left|resigned|resignation|retired|retirement|deceased|dismissed"
    r"|separated|separation|inactive|former|offboarded|fired|laid off|layoff|quit|departed|discharged|ex employee|ended"
    r"|alumni|ausgetreten|ausgeschieden|gekundigt|inaktiv|ehemalig\w*|sorti|sortie|inactif|parti|partie|demission\w*"
    r"|licencie\w*|baja|inactivo|inactiva|cesad[oa]|despedid[oa]|jubilad[oa])\b"
)
# Words that leave no doubt, whatever leave is mentioned next to them.
_SURELY_GONE = re.compile(
    r"\b(terminated|termed|resigned|retired|deceased|dismissed|offboarded|discharged|left company)\b"
)
_NOT_GONE = re.compile(r"\b(not|never|non) (?:terminated|inactive|separated)\b")
_NOT_EMPLOYED = re.compile(
    r"\b(?:no longer|not|non|nicht(?: mehr)?|plus|no|ya no)(?: (?:an?|currently))? (?:employ\w*|active|working|with us"
    r"|with company|aktiv|beschaftigt|angestellt|actif|activ[oa])\b"
)
# They are still there.
_NOT_YET = re.compile(r"\b(pending|future|upcoming|scheduled|planned|serving|notice|to be|will)\b")
_PART = re.compile(r"\b(part ?time|pt|teilzeit|temps partiel|jornada parcial|tiempo parcial|reduced hours)\b")
_EMPLOYED = re.compile(
    r"\b(active|employed|current|full ?time|ft|regular|permanent|temporary|probation\w*|notice|contract\w*|pending"
    r"|pre ?hire|future|onboarding|hired|working|intern|consultant|aktiv|vollzeit|probezeit|actif|cdi|cdd|temps plein"
    r"|activo|activa|alta|jornada completa|salaried|exempt|employee|rehired|part ?time|pt|teilzeit|temps partiel)\b"
)
# Letters that PeopleSoft and ADP write for a status.
_LETTERS = {"a": "", "t": "gone", "u": "gone", "r": "gone", "q": "gone", "d": "gone", "v": "gone", "x": "gone",
            "l": "leave", "p": "leave", "s": "leave", "w": "leave"}  # fmt: skip
_LEAVING = ("left", "status", "terminated", "active")
_YES = frozenset({"1", "1.0", "y", "yes", "true", "t", "x", "ja", "j", "oui", "o", "si"})
_NO = frozenset({"0", "0.0", "n", "no", "false", "f", "nein", "non", ""})
_HOURS = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,2})?)\s*(?:h|hrs?|hours?|std)?\.?\s*(?:/.*|per week|a week)?$")
_MOST_FTE = 1.5
_WEEK = 40.0
_LEAST_WEEK, _MOST_WEEK = 30.0, 100.0


def _status(text: str) -> str:
    """Return ``gone``, ``leave``, ``part``, ``?`` for a word that is unknown, or an empty text for employed.

    Examples
    --------
    >>> [_status(t) for t in ("Voluntarily Terminated", "On leave", "Active", "Part-time employee", "T", "purple")]
    ['gone', 'leave', '', 'part', 'gone', '?']
    >>> [_status(t) for t in ("No longer employed", "Pending termination", "Not terminated", "Resigned on leave")]
    ['gone', '', '', 'gone']
    """
    if text.casefold() in MISSING:
        return ""
    word = normal(text[:100])
    if word in _LETTERS:
        return _LETTERS[word]
    if _NOT_GONE.search(word):
        return ""
    if _NOT_EMPLOYED.search(word):
        return "gone"
    if _LEAVE.search(word) and not _SURELY_GONE.search(word):
        return "leave"
    if _GONE.search(word):
        return "" if _NOT_YET.search(word) else "gone"
    if _PART.search(word) and not re.search(r"\bfull ?time\b", word):
        return "part"
    return "" if _EMPLOYED.search(word) else "?"


def _flag(text: str) -> str:
    word = text.casefold()
    if word in _YES or word in _NO:
        return "yes" if word in _YES else "no"
    meaning = _status(text)
    if meaning != "?":
        return meaning or "stays"
    return "?" if parse_date(text).fault else "date"


def _column(ledger: Ledger, name: str, read: Callable[[str], str]) -> NDArray[np.str_]:
    """Return what the cells of a column mean, with one doubt for the words that are unknown."""
    heading = ledger.columns.get(name)
    if heading is None:
        return np.full(len(ledger.live), "", dtype="U5")
    codes, parsed = ledger.each_different(heading, read)
    meanings = np.array(parsed or [""], dtype="U5")[codes]
    unknown = sorted(set(ledger.cells_where(heading, [meaning == "?" for meaning in parsed])))
    if unknown:
        words = counted(unknown, 5)
        ledger.note_column("doubt", f"It is not known whether {words} means employed; these people are read.", heading)
    return meanings


def read_days(ledger: Ledger, name: str, options: Options) -> Days:
    """Return a column of dates of the vocabulary; NaT where there is none."""
    column = ledger.columns.get(name)
    if column is None:
        return np.full(len(ledger.live), np.datetime64("NaT"), dtype="datetime64[s]")
    return read_dates(ledger, column, options.day_first)


def skip_history(ledger: Ledger, ids: pd.Series[str], names: pd.Series[str], options: Options) -> None:
    """Of several rows of one person with effective dates, keep the newest that is in force today."""
    column = ledger.columns.get("effective")
    if column is None:
        return
    keys = ids.where(ids != "", names).str.lower()
    if keys.is_unique:
        return
    days = read_days(ledger, "effective", options)
    now = np.datetime64(max(utc_today(), options.year_start), "s")
    repeated = np.asarray(cast(Any, keys).duplicated(keep=False)) & np.asarray(keys != "") & ledger.unskipped()
    repeated &= ~np.isnat(days)
    lines = ledger.table.lines[ledger.live]
    groups: dict[str, list[int]] = {}
    for place in np.flatnonzero(repeated).tolist():
        groups.setdefault(str(keys.iat[place]), []).append(place)
    for places in groups.values():
        in_force = [place for place in places if days[place] <= now]
        day = days[in_force].max() if in_force else days[places].min()
        current = [place for place in places if days[place] == day]
        for place in places:
            if days[place] == day:
                continue
            when = str(days[place].astype("datetime64[D]"))
            line = int(lines[current[0]])
            why = f"Earlier entry from {when}: line {line} is in force now and is used."
            if days[place] > now:
                why = f"Later entry: it takes effect on {when}. Line {line} is in force now and is used."
            ledger.skip(int(ledger.live[place]), DUPLICATE, why, column)


def read_leaving(ledger: Ledger, hired: Days, options: Options) -> Days:
    """Set aside the people who left before the plan year.

    Parameters
    ----------
    ledger : Ledger
    hired : ndarray of datetime64, shape (rows,)
        First day of employment.
    options : Options

    Returns
    -------
    ndarray of datetime64, shape (rows,)
        Last day of employment; NaT for people who have none.
    """
    heading = next((ledger.columns[name] for name in _LEAVING if name in ledger.columns), None)
    if heading is None:
        return read_days(ledger, "left", options)
    status, flag, active = (
        _column(ledger, "status", _status), _column(ledger, "terminated", _flag), _column(ledger, "active", _flag)
    )  # fmt: skip
    # "Active" and "Terminated" can hold the words of a status, and "Terminated" a date.
    active = np.where((active == "gone") | (active == "date"), "no", active)
    left, rehired = read_days(ledger, "left", options), read_days(ledger, "rehired", options)
    if "left" not in ledger.columns and (flag == "date").any() and np.isin(flag, ("date", "no")).all():
        left = read_dates(ledger, ledger.columns["terminated"], options.day_first)
    columns = ledger.columns
    start = np.datetime64(options.year_start, "s")
    back = ~np.isnat(left) & ((rehired > left) | (hired > left))
    for place, row in ledger.each(back):
        when = str(max(day for day in (rehired[place], hired[place]) if not np.isnat(day)).astype("datetime64[D]"))
        ledger.correct(
            row, columns.get("left", heading), "no last day", f"The person was hired on {when}, after that day."
        )
    left = np.where(back, np.datetime64("NaT", "s"), left)
    gone = (status == "gone") | np.isin(flag, ("yes", "gone", "date")) | ((active == "no") & (status != "leave"))
    before = ~np.isnat(left) & (left < start)
    undated = gone & np.isnat(left) & ~back
    dated = columns.get("left") or columns.get("terminated")
    for place, row in ledger.each(before):
        also = " although the status is active" if "status" in columns and not gone[place] else ""
        why = f"The person left before the plan year, which begins on {options.year_start}{also}."
        ledger.skip(row, LEFT, why, dated)
    for _, row in ledger.each(undated):
        source = next(columns[name] for name in ("status", "terminated", "active") if name in columns)
        ledger.skip(
            row, LEFT, "The person has left, and the file has no last day. Enter it to cost part of a year.", source
        )
    end = np.datetime64(options.year_start.replace(year=options.year_start.year + 1), "s")
    within = ~np.isnat(left) & (left >= start) & (left < end) & ledger.unskipped()
    away = (status == "leave") & ledger.unskipped()
    out = int(before.sum() + undated.sum())
    parts = [
        f"{out:,} left before and {'is' if out == 1 else 'are'} set aside" if out else "",
        f"{int(within.sum()):,} to be costed to the last day within it" if within.any() else "",
        f"{int(away.sum()):,} on leave and read as employed" if away.any() else "",
    ]
    if any(parts):
        which = "; ".join(part for part in parts if part)
        ledger.note_column("assumed", f"The plan year begins on {options.year_start}: {which}.", heading)
    return left


def read_fte(ledger: Ledger) -> FloatArray:
    """Return the part of a full-time job that each person works; NaN where the file does not say."""
    fte = _fte(ledger)
    if not {"status", "employment_type", "weekly_hours"} & set(ledger.columns):
        return fte
    hours = weekly_hours(ledger)
    if hours is not None:
        standard = _numbers(ledger, "standard_hours")
        usual = _usual_week(ledger, hours)
        full = np.where(standard > 0, standard, usual) if standard is not None else np.full(len(hours), usual)
        if standard is None and bool((np.isnan(fte) & ~np.isnan(hours)).any()):
            why = f"{usual:g} hours a week are taken as full time, since the file has no column of standard hours."
            ledger.note_column("assumed", why, ledger.columns["weekly_hours"])
        share = hours / full
        fte = np.where(np.isnan(fte), np.where(share <= _MOST_FTE, share, np.nan), fte)
    part = (_column(ledger, "status", lambda t: "part" if _status(t) == "part" else "") == "part") | (
        _column(ledger, "employment_type", lambda t: "part" if _status(t) == "part" else "") == "part"
    )
    source = ledger.columns.get("employment_type") or ledger.columns.get("status")
    for _, row in ledger.each(part & np.isnan(fte)):
        why = "The person works part-time, and the file has no FTE. Pay is compared as pay for full time. Add an FTE."
        ledger.doubt(row, source, why)
    return fte


def _fte(ledger: Ledger) -> FloatArray:
    heading = ledger.columns.get("fte")
    if heading is None:
        return np.full(len(ledger.live), np.nan)
    codes, values = ledger.each_different(heading, _share)
    shares = np.array([value for value, _ in values] or [math.nan])[codes]
    faulty = np.array([fault for _, fault in values] or [False], dtype=np.bool_)[codes]
    for _, row in ledger.each(faulty):
        ledger.doubt(row, heading, "The cell is not an FTE such as 0.8 or 80%. It is treated as empty.")
    return shares


def _share(text: str) -> tuple[float, bool]:
    """Return an FTE and whether it can't be read: 0.8, 80% and 80 are the same.

    Examples
    --------
    >>> [_share(text)[0] for text in ("0.8", "80%", "80", "1", "0,5")]
    [0.8, 0.8, 0.8, 1.0, 0.5]
    """
    if text.casefold() in MISSING:
        return math.nan, False
    word = normal(text)
    if word in {"full time", "fulltime", "ft", "vollzeit"}:
        return 1.0, False
    amount = parse(text)
    value = amount.value / 100 if amount.percent or amount.value > _MOST_FTE else amount.value
    value = round(value, 9)
    if amount.fault or amount.signs or amount.per or not 0 < value <= _MOST_FTE:
        return math.nan, True
    return value, False


def _numbers(ledger: Ledger, name: str) -> FloatArray | None:
    heading = ledger.columns.get(name)
    if heading is None:
        return None
    codes, values = ledger.each_different(heading, _hours)
    return np.array(values or [math.nan])[codes]


def _hours(text: str) -> float:
    number = _HOURS.match(text.casefold())
    value = float(number[1].replace(",", ".")) if number else math.nan
    return value if 0 < value <= _MOST_WEEK else math.nan


def weekly_hours(ledger: Ledger) -> FloatArray | None:
    """Return the hours a week of each person; None where the file has no such column."""
    return _numbers(ledger, "weekly_hours")


def _usual_week(ledger: Ledger, hours: FloatArray) -> float:
    """Return the hours of a full week: what most full-time people work, or 40."""
    full = hours[ledger.unskipped() & (hours >= _LEAST_WEEK)]
    if not len(full):
        return _WEEK
    values, counts = np.unique(full, return_counts=True)
    return float(values[counts == counts.max()][-1])


def doubt_part_time(ledger: Ledger, fte: FloatArray, full_time_pay: BoolArray) -> None:
    """Doubt pay of part-time people where the file does not say whether it is pay for full time."""
    column = ledger.columns.get("base") or ledger.columns.get("ote")
    if column is None:
        return
    for place, row in ledger.each((fte < 1) & ~full_time_pay):
        why = (
            f"The person works {fte[place] * 100:.4g}%, and the file doesn't say whether the pay is for full time. It "
            "is read as what the person is paid: costed as it is, and compared with bands after dividing by the FTE."
        )
        ledger.doubt(row, column, why)
