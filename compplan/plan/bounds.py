"""How much text of a plan is read, and the refusal of more."""

from __future__ import annotations

from typing import Any, NoReturn, cast

from compplan.errors import PlanError, Problem

MOST_CHARACTERS = 200_000
DEEPEST = 20
MOST_IN_ONE = 500  # entries of one list or mapping; no part of a plan takes more
MOST_ENTRIES = 40_000
MOST_DIGITS = 30  # of a whole number


def refuse(message: str, where: str = "") -> NoReturn:
    """Raise a `PlanError` with one problem."""
    raise PlanError([Problem(where, message)])


def check_length(text: str) -> None:
    """Refuse a text that is longer than any plan."""
    if len(text) > MOST_CHARACTERS:
        refuse(f"A plan can have at most {MOST_CHARACTERS:,} characters. This one has {len(text):,}.")


def check_entries(in_one: int, in_all: int) -> None:
    """Refuse more entries than a plan can have, so that problems stay few enough to read.

    Parameters
    ----------
    in_one : int
        Entries of one list or mapping.
    in_all : int
        Entries of all of them so far.
    """
    if in_one > MOST_IN_ONE:
        refuse(f"A list or mapping can have at most {MOST_IN_ONE} entries. This one has more.")
    if in_all > MOST_ENTRIES:
        refuse(f"A plan can have at most {MOST_ENTRIES:,} entries.")


def check_depth(depth: int) -> None:
    """Refuse nesting that no plan has."""
    if depth > DEEPEST:
        refuse(f"A plan can be nested at most {DEEPEST} levels deep.")


def within_bounds(data: Any) -> Any:
    """Return plain data if it has no more entries, and no deeper ones, than a plan can have."""
    waiting, entries = [(data, 1)], 0
    while waiting:
        value, depth = waiting.pop()
        if not isinstance(value, dict | list):
            continue
        inside = cast("list[Any]", list(value.values()) if isinstance(value, dict) else value)
        entries += len(inside)
        check_depth(depth)
        check_entries(len(inside), entries)
        waiting += [(each, depth + 1) for each in inside]
    return data
