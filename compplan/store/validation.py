"""Validation of names, notes, times, assumptions and people rows before they are saved."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from compplan.errors import DIRECTION_CONTROLS, CompPlanError, Problem
from compplan.store.errors import StoreError

LONGEST_NAME = 120
LONGEST_NOTE = 4_000
MOST_PEOPLE = 200_000
_MOST_COLUMNS = 300
_LONGEST_COST = 200_000
_LONGEST_ROW = 20_000
_LONGEST_ID = 200
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
# Control characters, and those that change the reading direction: a name with them can look like another one.
_CONTROL = re.compile(rf"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{DIRECTION_CONTROLS}]")
_NOTE_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

# Columns that identify a person by name. They are saved and shown only on request; otherwise rows have ids.
NAMES = frozenset({"name", "first_name", "last_name", "manager", "email"})


def valid_name(text: str) -> str:
    r"""Validate a name and strip it.

    Examples
    --------
    >>> valid_name("  Mid-market CSM ")
    'Mid-market CSM'
    >>> valid_name("a\nb")
    Traceback (most recent call last):
    compplan.store.errors.StoreError: A name must be one line of 1 to 120 characters, without control characters.
    """
    name = text.strip()
    if not 1 <= len(name) <= LONGEST_NAME or _CONTROL.search(name):
        raise StoreError(f"A name must be one line of 1 to {LONGEST_NAME} characters, without control characters.")
    return name


def valid_note(text: str, what: str = "A note") -> str:
    """Validate a note, which can have several lines, and strip it."""
    note = text.replace("\r\n", "\n").strip()
    if len(note) > LONGEST_NOTE or _NOTE_CONTROL.search(note):
        raise StoreError(f"{what} can have at most {LONGEST_NOTE:,} characters, without control characters.")
    return note


def label_of(text: str, longest: int) -> str:
    """Return a name from a sign-in without control characters and cut to a length; never refuse it."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)[:longest]


def is_id(text: str) -> bool:
    """Return whether a text has the form of an id."""
    return _ID.fullmatch(text) is not None


def timestamp_text(time: dt.datetime) -> str:
    """Format a time for storage, in UTC.

    Examples
    --------
    >>> timestamp_text(dt.datetime(2026, 1, 31, 9, 30, tzinfo=dt.timezone.utc))
    '2026-01-31T09:30:00.000000Z'
    """
    if time.tzinfo is None:
        raise StoreError("A time needs a time zone, such as 2026-01-31T09:30:00Z.")
    return time.astimezone(dt.UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def parse_timestamp(text: str) -> dt.datetime:
    """Parse a stored time."""
    return dt.datetime.fromisoformat(text)


def optional_timestamp(text: str | None) -> dt.datetime | None:
    """Parse a stored time that may be missing."""
    return parse_timestamp(text) if text else None


def canonical_json(value: Any) -> str:
    """Return plain data as canonical JSON: sorted keys, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def cost_json(cost: Mapping[str, Any] | None) -> str:
    """Return the assumptions of the Cost page as JSON.

    Raises
    ------
    StoreError
        If they are not plain data, or are too long.
    """
    try:
        text = canonical_json(dict(cost or {}))
    except (TypeError, ValueError, RecursionError):
        raise StoreError("Cost assumptions must be plain data: text, numbers, lists and mappings.") from None
    if len(text) > _LONGEST_COST:
        raise StoreError(
            f"The cost assumptions are too long: {len(text):,} characters, at most {_LONGEST_COST:,} are allowed."
        )
    return text


def people_json(rows: Iterable[Mapping[str, Any]], *, names: bool) -> dict[str, str]:
    """Validate people rows and return them as JSON.

    Parameters
    ----------
    rows : iterable of Mapping
        One row per person, each with an ``id``. Unknown values are None or NaN.
    names : bool
        Keep the columns `NAMES`; otherwise they are left out.

    Returns
    -------
    dict of str to str
        The JSON row of each person by id, in the order given.

    Raises
    ------
    CompPlanError
        With the positions of the wrong rows, but never their content.

    Examples
    --------
    >>> people_json([{"id": 7, "name": "Ada", "base": 82500.0, "variable": float("nan")}], names=False)
    {'7': '{"base":82500.0,"id":"7","variable":null}'}
    """
    rows_by_id: dict[str, str] = {}
    problems: list[Problem] = []
    for i, row in enumerate(rows):
        if i >= MOST_PEOPLE or len(problems) >= 20:
            problems.append(
                Problem(
                    f"people[{i}]",
                    f"This row and all after it were not read. At most {MOST_PEOPLE:,} people are allowed.",
                )
            )
            break
        try:
            person, text = _person(row, names)
        except (TypeError, ValueError, RecursionError):
            problems.append(Problem(f"people[{i}]", "A row needs an ID and plain values: text, numbers or dates."))
            continue
        if person in rows_by_id:
            problems.append(Problem(f"people[{i}]", "The ID is already in an earlier row. Give one row per person."))
        rows_by_id[person] = text
    if problems:
        raise CompPlanError(problems)
    return rows_by_id


def without_names(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row without the columns that name the person."""
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
    """Convert a cell to plain data, including NumPy and pandas types, without importing those libraries."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if type(value).__name__ == "NAType" or value != value:  # NaN and NaT differ from themselves
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
