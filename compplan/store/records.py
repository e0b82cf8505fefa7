"""What the store hands out: scenarios, their versions, share links and events; data that cannot be changed."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from compplan.access import Actor
from compplan.plan import Plan
from compplan.store.errors import StoreError
from compplan.store.validation import label_of, without_names

State = Literal["draft", "submitted", "approved"]
Status = Literal["draft", "submitted", "approved", "in_force", "superseded"]
Audience = Literal["anyone", "signed_in"]


@dataclass(frozen=True, slots=True)
class ActorRef:
    """Somebody, as the store remembers them.

    Attributes
    ----------
    id, name : str
        Of the `Actor` at that time.
    """

    id: str
    name: str

    @classmethod
    def of(cls, actor: Actor) -> ActorRef:
        """What is kept of an actor."""
        return cls(label_of(actor.id, 400), label_of(actor.name, 200))


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Where a version stands.

    Attributes
    ----------
    state : {'draft', 'submitted', 'approved'}
    submitted, approved : ActorRef or None
        Who did it; None before, and again after it came back.
    approved_at : datetime or None
    rejected : str
        Why it was last sent back; empty where it was not, and again once it is submitted anew.
    in_force_from, in_force_until : date or None
        From the first day up to, not including, the last; open-ended where there is no second.
    """

    state: State = "draft"
    submitted: ActorRef | None = None
    approved: ActorRef | None = None
    approved_at: dt.datetime | None = None
    rejected: str = ""
    in_force_from: dt.date | None = None
    in_force_until: dt.date | None = None

    def status(self, on: dt.date) -> Status:
        """What it is on some day.

        Examples
        --------
        >>> life = Lifecycle("approved", in_force_from=dt.date(2026, 1, 1), in_force_until=dt.date(2026, 7, 1))
        >>> [life.status(dt.date(year, 3, 1)) for year in (2025, 2026, 2027)]
        ['approved', 'in_force', 'superseded']
        """
        if self.in_force_from is None or on < self.in_force_from:
            return self.state
        if self.in_force_until is not None and on >= self.in_force_until:
            return "superseded"
        return "in_force"


@dataclass(frozen=True, repr=False)
class Version:
    """One saved state of a scenario; never changed, never overwritten.

    Attributes
    ----------
    id, scenario_id : str
    number : int
        Counts from 1 within its scenario.
    base : int or None
        The version that it was made from.
    name, note : str
    by : ActorRef
    at : datetime
        In UTC.
    plan_json, plan_hash : str
        The plan as it was saved and its SHA-256.
    engine, data : str
        Version of the program, and of the facts that it came with.
    cost : Mapping of str to object
        The assumptions of the cost page; may be empty.
    people, people_saved : int
        Rows about people that it has, and had when it was saved: fewer where some have been erased since.
    lifecycle : Lifecycle
    """

    id: str
    scenario_id: str
    number: int
    base: int | None
    name: str
    note: str
    by: ActorRef
    at: dt.datetime
    plan_json: str
    plan_hash: str
    engine: str
    data: str
    cost: Mapping[str, Any] = field(hash=False)
    people: int
    people_saved: int
    snapshot_id: str | None
    lifecycle: Lifecycle

    @functools.cached_property
    def plan(self) -> Plan:
        """The plan.

        Raises
        ------
        StoreError
            If it is not what was saved.
        PlanError
            If this program no longer takes it.
        """
        return _plan(self.plan_json, self.plan_hash)

    @property
    def has_people(self) -> bool:
        """Whether there are rows about people with it."""
        return self.people > 0

    def status(self, on: dt.date) -> Status:
        """What it is on some day: draft, submitted, approved, in force or superseded."""
        return self.lifecycle.status(on)

    def __repr__(self) -> str:
        return f"<Version {self.number} of {self.scenario_id}>"


class Conflict(StoreError):
    """Somebody else saved first; nothing was written, and both versions are here to compare.

    Attributes
    ----------
    theirs : Version
        The newest version, which the caller had not seen.
    base : Version
        The version that the caller's plan was made from.
    """

    def __init__(self, theirs: Version, base: Version) -> None:
        super().__init__(
            f"{theirs.by.name} saved version {theirs.number} after version {base.number}, which yours was made from. "
            f"Nothing is lost: look at the difference, then save yours on top of version {theirs.number}, "
            "or as a plan of its own."
        )
        self.theirs = theirs
        self.base = base


@functools.lru_cache(maxsize=512)
def _plan(text: str, expected: str) -> Plan:
    if hashlib.sha256(text.encode()).hexdigest() != expected:
        raise StoreError("this plan was changed behind the program's back; restore it from a backup.")
    return Plan.from_json(text)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A plan that people work on: a name, and versions.

    Attributes
    ----------
    id, name : str
    owner : ActorRef
        The person who created it.
    created, saved : datetime
        When it was created, and when its newest version was saved.
    saved_by : ActorRef
    archived : datetime or None
    head : int
        Number of the newest version.
    in_force : tuple of (int, date)
        Versions with the day from which they are in force, the earliest first.
    """

    id: str
    name: str
    owner: ActorRef
    created: dt.datetime
    saved: dt.datetime
    saved_by: ActorRef
    archived: dt.datetime | None
    head: int
    in_force: tuple[tuple[int, dt.date], ...] = ()

    def in_force_on(self, day: dt.date) -> int | None:
        """Number of the version that is in force on a day, if one is."""
        begun = [number for number, first in self.in_force if first <= day]
        return begun[-1] if begun else None


@dataclass(frozen=True, slots=True)
class ShareLink:
    """A door to one version; its token is known only to those who were given it.

    Attributes
    ----------
    id, scenario_id : str
    version : int
    by : ActorRef
    at : datetime
    audience : {'anyone', 'signed_in'}
    people : bool
        Whether rows about people travel with it, by id.
    small_teams : bool
        Whether totals of few people are shown.
    expires, revoked, last_opened : datetime or None
    opened : int
        How often.
    """

    id: str
    scenario_id: str
    version: int
    by: ActorRef
    at: dt.datetime
    audience: Audience
    people: bool
    small_teams: bool
    expires: dt.datetime | None
    revoked: dt.datetime | None
    opened: int
    last_opened: dt.datetime | None

    def is_open(self, now: dt.datetime) -> bool:
        """Whether it leads anywhere at some moment."""
        return self.revoked is None and (self.expires is None or now < self.expires)


@dataclass(frozen=True, slots=True, repr=False)
class SharedVersion:
    """What somebody sees who opens a link.

    Attributes
    ----------
    version : Version
    link : ShareLink
    scenario_name : str
    newer_version : int or None
        Number of the newest version where it is not this one.
    people : tuple of dict or None
        Rows by id where the link carries them.
    cost_rows : tuple of dict or None
        What the team's totals are reckoned from, numbered in place of ids; for sums, never to be shown row by row.
    """

    version: Version
    link: ShareLink
    scenario_name: str
    newer_version: int | None
    people: tuple[dict[str, Any], ...] | None
    cost_rows: tuple[dict[str, Any], ...] | None

    def __repr__(self) -> str:
        return f"<Opened {self.version!r}>"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One line of the trail.

    Attributes
    ----------
    id : int
        Later is larger.
    at : datetime
    event : str
    by : ActorRef
    scenario_id, link_id : str or None
    version : int or None
    detail : Mapping of str to object
        Short, and without people's data.
    """

    id: int
    at: dt.datetime
    event: str
    by: ActorRef
    scenario_id: str | None
    version: int | None
    link_id: str | None
    detail: Mapping[str, Any] = field(hash=False)


def rows_of(texts: Sequence[str], *, names: bool) -> tuple[dict[str, Any], ...]:
    """Rows about people from what is kept."""
    found: list[dict[str, Any]] = [json.loads(text) for text in texts]
    return tuple(found) if names else tuple(without_names(row) for row in found)


_COSTED = frozenset({"role", "currency", "base", "variable", "arr", "hired", "left", "headcount"})


def cost_rows_of(texts: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """What totals are reckoned from: pay, dates and targets, with numbers in place of ids."""
    rows = rows_of(texts, names=False)
    return tuple(
        {"id": str(place)} | {k: v for k, v in row.items() if k in _COSTED or k.endswith(".target")}
        for place, row in enumerate(rows, start=1)
    )
