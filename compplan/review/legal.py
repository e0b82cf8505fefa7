"""Facts behind the legal and accounting rules: dated provisions and salary floors."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from compplan import facts

FEDERAL = "US"


@dataclass(frozen=True, slots=True)
class Provision:
    """One requirement of a law or standard.

    Attributes
    ----------
    rule, place, duty : str
        Rule that reads it, place (states by postal code), and kind of duty.
    name, what : str
        Citation and requirement.
    as_of : date
        Date of the text.
    source : str
        Key of the bibliography.
    """

    rule: str
    place: str
    duty: str
    name: str
    what: str
    as_of: dt.date
    source: str


@dataclass(frozen=True, slots=True)
class Floor:
    """A minimum base salary for exemption from overtime.

    Attributes
    ----------
    state, name : str
        Postal code of the state, ``US`` for the federal floor, and the name of the area.
    amount : float or None [USD a year]
        None if the amount could not be confirmed.
    since : date
        Start date.
    everywhere : bool
        Whether it applies to the whole state.
    """

    state: str
    name: str
    amount: float | None
    since: dt.date
    everywhere: bool


@functools.cache
def provisions(rule: str) -> tuple[Provision, ...]:
    """Return the provisions for a rule.

    Raises
    ------
    LookupError
        If none is listed.

    Examples
    --------
    >>> [(p.place, p.name) for p in provisions("LAW-05")]
    [('US', '29 CFR 778.208 to 778.211')]
    """
    listed = tuple(
        Provision(
            row["rule"], row["place"], row["duty"], row["name"], row["what"], dt.date.fromisoformat(row["as_of"]),
            row["source"],
        )
        for row in facts.table("review_law")
        if row["rule"] == rule
    )  # fmt: skip
    if not listed:
        raise LookupError(f"no facts of law are listed for {rule}")
    return listed


@functools.cache
def provision(rule: str, duty: str) -> Provision:
    """Return the provision of a rule for a duty.

    Raises
    ------
    LookupError
        If none is listed.

    Examples
    --------
    >>> provision("LAW-01", "contract").place
    'CA'
    """
    match = next((p for p in provisions(rule) if p.duty == duty), None)
    if match is None:
        raise LookupError(f"no fact of law {duty!r} is listed for {rule}")
    return match


@functools.cache
def as_of(rule: str) -> dt.date:
    """Return the oldest date of the facts behind a rule.

    Raises
    ------
    LookupError
        If no facts are listed.

    Examples
    --------
    >>> as_of("LAW-06")
    datetime.date(2026, 1, 1)
    """
    return min(p.as_of for p in provisions(rule))


@functools.cache
def floors() -> tuple[Floor, ...]:
    """Return every known floor, including those without a confirmed amount.

    Examples
    --------
    >>> [(floor.amount, floor.everywhere) for floor in floors() if floor.state == "NY"]
    [(62353.2, True), (66300.0, False)]
    """
    return tuple(
        Floor(
            row["state"], row["name"], float(row["value"]) if row["value"] else None,
            dt.date.fromisoformat(row["since"]), row["everywhere"] == "yes",
        )
        for row in facts.table("exempt_floors")
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors of one state on a date.

    Attributes
    ----------
    everywhere : Floor
        The highest statewide floor, or the federal floor.
    higher : tuple of Floor
        Higher floors in parts of the state.
    missing : str
        Name of the state if it has a floor that is unknown for that date; else empty.
    """

    everywhere: Floor
    higher: tuple[Floor, ...]
    missing: str


@functools.cache
def floors_of(state: str, day: dt.date) -> Floors:
    """Return the floors of a state on a date.

    Parameters
    ----------
    state : str
        Postal code.
    day : date

    Examples
    --------
    >>> day = dt.date(2026, 6, 1)
    >>> floors_of("CA", day).everywhere.amount, floors_of("TX", day).everywhere.amount
    (70304.0, 35568.0)
    >>> floors_of("CO", day).missing, floors_of("AK", day).missing, floors_of("AK", dt.date(2026, 7, 1)).missing
    ('Colorado', 'Alaska', '')
    """
    own = [floor for floor in floors() if floor.state == state]
    holding = [floor for floor in own if floor.amount is not None and floor.since <= day]
    federal = [floor for floor in floors() if floor.state == FEDERAL]
    most = max((f for f in (*holding, *federal) if f.everywhere), key=lambda f: f.amount or 0.0)
    higher = tuple(f for f in holding if not f.everywhere and (f.amount or 0.0) > (most.amount or 0.0))
    return Floors(most, higher, own[0].name if own and not any(f.everywhere for f in holding) else "")


@functools.cache
def highest_floor() -> float:
    """Return the highest known floor [USD a year].

    Examples
    --------
    >>> highest_floor()
    80168.4
    """
    return max(floor.amount or 0.0 for floor in floors())
