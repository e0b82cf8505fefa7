"""What the rules on law and accounting rest on, from the facts: statutes with their day, and salary floors."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from compplan import facts


@dataclass(frozen=True, slots=True)
class Floor:
    """The least base salary at which somebody may be exempt from overtime.

    Attributes
    ----------
    state, name : str
        Postal code of the state, ``US`` for the federal one, and where it holds in words.
    amount : float [USD a year]
    since : date
        From when.
    everywhere : bool
        Whether it holds in all of the state.
    source : str
    """

    state: str
    name: str
    amount: float
    since: dt.date
    everywhere: bool
    source: str


@functools.cache
def floors() -> tuple[Floor, ...]:
    """Every floor that is known.

    Examples
    --------
    >>> [floor.amount for floor in floors() if floor.state == "CA"]
    [70304.0]
    """
    return tuple(
        Floor(
            row["state"], row["name"], float(row["value"]), dt.date.fromisoformat(row["since"]),
            row["everywhere"] == "yes", row["source"],
        )
        for row in facts.table("exempt_floors")
    )  # fmt: skip


@functools.cache
def as_of(rule: str) -> dt.date:
    """The oldest day of the facts that a rule rests on.

    Raises
    ------
    LookupError
        If no facts are listed for it.

    Examples
    --------
    >>> as_of("LAW-06")
    datetime.date(2026, 1, 1)
    """
    days = [dt.date.fromisoformat(row["as_of"]) for row in facts.table("review_law") if row["rule"] == rule]
    if not days:
        raise LookupError(f"no facts of law are listed for {rule}")
    return min(days)
