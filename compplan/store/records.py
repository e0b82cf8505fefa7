"""The records that the store returns: scenarios, versions, share links and audit events, all immutable."""

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
    """The id and name of an actor, as recorded with an action.

    Attributes
    ----------
    id, name : str
        Id and name of the `Actor` when they acted.
    """

    id: str
    name: str

    @classmethod
    def of(cls, actor: Actor) -> ActorRef:
        """Return the reference to record for an actor."""
        return cls(label_of(actor.id, 400), label_of(actor.name, 200))


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The approval state of a version.

    Attributes
    ----------
    state : {'draft', 'submitted', 'approved'}
    submitted, approved : ActorRef or None
        The person who did it; None before that, and again after the version was withdrawn or sent back.
    approved_at : datetime or None
    rejected : str
        The reason for sending it back; empty otherwise, and again after it is resubmitted.
    in_force_from, in_force_until : date or None
        The first day in force, and the day after the last; None if it has no end.
    """

    state: State = "draft"
    submitted: ActorRef | None = None
    approved: ActorRef | None = None
    approved_at: dt.datetime | None = None
    rejected: str = ""
    in_force_from: dt.date | None = None
    in_force_until: dt.date | None = None

    def status(self, on: dt.date) -> Status:
        """Return the status on a date.

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
    """One saved state of a scenario. It is never changed.

    Attributes
    ----------
    id, scenario_id : str
    number : int
        Counts from 1 within the scenario.
    base : int or None
        Number of the version that it is based on.
    name, note : str
    by : ActorRef
    at : datetime
        When it was saved, in UTC.
    plan_json, plan_hash : str
        The saved plan and its SHA-256.
    engine, data : str
        Version of the program that saved it, and of its data files.
    cost : Mapping of str to object
        Assumptions of the Cost page; may be empty.
    people, people_saved : int
        Number of people rows now, and when it was saved. People who were erased since are missing now.
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
            If the stored plan does not match its hash.
        PlanError
            If this program cannot read the plan.
        """
        return _plan(self.plan_json, self.plan_hash)

    @property
    def has_people(self) -> bool:
        """Whether the version has people rows."""
        return self.people > 0

    def status(self, on: dt.date) -> Status:
        """Return the status on a date: draft, submitted, approved, in force or superseded."""
        return self.lifecycle.status(on)

    def __repr__(self) -> str:
        return f"<Version {self.number} of {self.scenario_id}>"


class Conflict(StoreError):
    """Another person saved first. Nothing was written; both versions are attached for comparison.

    Attributes
    ----------
    theirs : Version
        The newest version.
    base : Version
        The version that the caller's plan is based on.
    """

    def __init__(self, theirs: Version, base: Version) -> None:
        super().__init__(
            f"{theirs.by.name} saved version {theirs.number} while you were editing version {base.number}. Your "
            f"changes are not saved yet. Compare both, then save yours as version {theirs.number + 1} or as a new plan."
        )
        self.theirs = theirs
        self.base = base


@functools.lru_cache(maxsize=512)
def _plan(text: str, expected: str) -> Plan:
    if hashlib.sha256(text.encode()).hexdigest() != expected:
        raise StoreError("This plan was changed in the database by another program. Restore it from a backup.")
    return Plan.from_json(text)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A saved plan: a name and its versions.

    Attributes
    ----------
    id, name : str
    owner : ActorRef
        The person who created it.
    created, saved : datetime
        When it was created, and when its newest version was saved [UTC].
    saved_by : ActorRef
    archived : datetime or None
    head : int
        Number of the newest version.
    in_force : tuple of (int, date)
        Versions with the date from which they are in force, earliest first.
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
        """Return the number of the version that is in force on a date; None if there is none."""
        started = [number for number, first in self.in_force if first <= day]
        return started[-1] if started else None


@dataclass(frozen=True, slots=True)
class ShareLink:
    """A share link to one version. The store keeps only the hash of its token.

    Attributes
    ----------
    id, scenario_id : str
    version : int
    by : ActorRef
    at : datetime
    audience : {'anyone', 'signed_in'}
    people : bool
        Whether the link shows people rows, by id.
    small_teams : bool
        Whether the link shows totals of fewer than five people.
    expires, revoked, last_opened : datetime or None
    opened : int
        How often it was opened.
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
        """Return whether the link can be opened at a given time."""
        return self.revoked is None and (self.expires is None or now < self.expires)


@dataclass(frozen=True, slots=True, repr=False)
class SharedVersion:
    """The content of a share link.

    Attributes
    ----------
    version : Version
    link : ShareLink
    scenario_name : str
    newer_version : int or None
        Number of the newest version, if it is a later one.
    people : tuple of dict or None
        People rows by id, if the link shows them.
    cost_rows : tuple of dict or None
        Rows for the totals of the team, with numbers in place of ids. Use them for sums only; never show the rows.
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
    """One entry of the audit log.

    Attributes
    ----------
    id : int
        Later entries have larger ids.
    at : datetime
    event : str
    by : ActorRef
    scenario_id, link_id : str or None
    version : int or None
    detail : Mapping of str to object
        Short, without personal data.
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
    """Parse stored people rows, without names unless `names` is set."""
    rows: list[dict[str, Any]] = [json.loads(text) for text in texts]
    return tuple(rows) if names else tuple(without_names(row) for row in rows)


_COST_COLUMNS = frozenset({"role", "currency", "base", "variable", "arr", "hired", "left", "headcount", "fte"})


def cost_rows_of(texts: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """Return the rows for totals: pay, dates and targets, with numbers in place of ids."""
    rows = rows_of(texts, names=False)
    return tuple(
        {"id": str(number)} | {k: v for k, v in row.items() if k in _COST_COLUMNS or k.endswith(".target")}
        for number, row in enumerate(rows, start=1)
    )
