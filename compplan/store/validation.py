"""What may be kept: names, notes, dates, assumptions and people's rows, checked before they are written."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from compplan.errors import CompPlanError, Problem
from compplan.store.errors import StoreError

LONGEST_NAME = 120
LONGEST_NOTE = 4_000
MOST_PEOPLE = 200_000
_MOST_COLUMNS = 300
_LONGEST_COST = 200_000
_LONGEST_ROW = 20_000
_LONGEST_ID = 200
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOTE_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

# What says who somebody is in words; rows go by id unless names are asked for.
NAMES = frozenset({"name", "first_name", "last_name", "manager", "email"})


def valid_name(text: str) -> str:
    r"""A name as it is kept.

    Examples
    --------
    >>> valid_name("  Mid-market CSM ")
    'Mid-market CSM'
    >>> valid_name("a\nb")
    Traceback (most recent call last):
    compplan.store.errors.StoreError: a name is one line of 1 to 120 characters.
    """
    name = text.strip()
    if not 1 <= len(name) <= LONGEST_NAME or _CONTROL.search(name):
        raise StoreError(f"a name is one line of 1 to {LONGEST_NAME} characters.")
    return name


def valid_note(text: str, what: str = "a note") -> str:
    """A note as it is kept: several lines are welcome."""
    note = text.replace("\r\n", "\n").strip()
    if len(note) > LONGEST_NOTE or _NOTE_CONTROL.search(note):
        raise StoreError(f"{what} is text of at most {LONGEST_NOTE:,} characters.")
    return note


def label_of(text: str, longest: int) -> str:
    """What a sign-in says of somebody, cut to what is kept of it; never refused."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)[:longest]


def is_id(text: str) -> bool:
    """Whether this could be the id of anything here."""
    return _ID.fullmatch(text) is not None


def timestamp_text(moment: dt.datetime) -> str:
    """A moment as it is kept.

    Examples
    --------
    >>> timestamp_text(dt.datetime(2026, 1, 31, 9, 30, tzinfo=dt.timezone.utc))
    '2026-01-31T09:30:00.000000Z'
    """
    if moment.tzinfo is None:
        raise StoreError("a moment needs a time zone; 2026-01-31T09:30:00Z has one.")
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def parse_timestamp(text: str) -> dt.datetime:
    """A moment from what is kept."""
    return dt.datetime.fromisoformat(text)


# Data


def canonical_json(value: Any) -> str:
    """Plain data as canonical JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def cost_json(cost: Mapping[str, Any] | None) -> str:
    """The assumptions of the cost page as they are kept.

    Raises
    ------
    StoreError
        If they are not plain data, or too much of it.
    """
    try:
        text = canonical_json(dict(cost or {}))
    except (TypeError, ValueError, RecursionError):
        raise StoreError("the assumptions on cost are not plain data: text, numbers, lists and mappings.") from None
    if len(text) > _LONGEST_COST:
        raise StoreError(f"the assumptions on cost are too long ({len(text):,} of {_LONGEST_COST:,} characters).")
    return text


def people_json(rows: Iterable[Mapping[str, Any]], *, names: bool) -> dict[str, str]:
    """Rows about people as they are kept.

    Parameters
    ----------
    rows : iterable of Mapping
        One a person, each with an ``id``. What is not known is None or NaN.
    names : bool
        Whether names stay; otherwise the columns `NAMES` are left out.

    Returns
    -------
    dict of str to str
        JSON of each person by id, in the order given.

    Raises
    ------
    CompPlanError
        With the places of the rows that cannot be kept; never with what stands in them.

    Examples
    --------
    >>> people_json([{"id": 7, "name": "Ada", "base": 82500.0, "variable": float("nan")}], names=False)
    {'7': '{"base":82500.0,"id":"7","variable":null}'}
    """
    kept: dict[str, str] = {}
    problems: list[Problem] = []
    for i, row in enumerate(rows):
        if i >= MOST_PEOPLE or len(problems) >= 20:
            problems.append(Problem(f"people[{i}]", f"and what follows was not read; at most {MOST_PEOPLE:,} people."))
            break
        try:
            person, text = _person(row, names)
        except (TypeError, ValueError, RecursionError):
            problems.append(Problem(f"people[{i}]", "needs an id and plain values: text, numbers, dates."))
            continue
        if person in kept:
            problems.append(Problem(f"people[{i}]", "has the id of an earlier row; one row a person."))
        kept[person] = text
    if problems:
        raise CompPlanError(problems)
    return kept


def without_names(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row by id alone."""
    return {key: value for key, value in row.items() if key not in NAMES}


def _person(row: Mapping[str, Any], names: bool) -> tuple[str, str]:
    person = _plain(row.get("id"))
    if isinstance(person, float) and person.is_integer():
        person = int(person)
    key = "" if person is None or isinstance(person, bool) else str(person).strip()
    if not 1 <= len(key) <= _LONGEST_ID or _CONTROL.search(key) or len(row) > _MOST_COLUMNS:
        raise ValueError
    plain = {str(column): _plain(value) for column, value in row.items()} | {"id": key}
    text = canonical_json(plain if names else without_names(plain))
    if len(text) > _LONGEST_ROW:
        raise ValueError
    return key, text


def _plain(value: Any) -> str | int | float | bool | None:
    """A cell as plain data: NumPy's and pandas' own kinds too, without importing them."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if type(value).__name__ == "NAType" or value != value:  # NaN and NaT are not equal to themselves
        return None
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError
        return float(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if hasattr(value, "item"):
        return _plain(value.item())
    raise TypeError
