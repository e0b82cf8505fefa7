"""Saved plans, links and events as the commands print them: tables for people, plain data for programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from compplan.cli.terminal import columns, say

if TYPE_CHECKING:
    from compplan.store import AuditEvent, Lifecycle, Scenario, ShareLink, Version


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]], nothing: str) -> None:
    """Rows under their headings, or what is said where there are none."""
    listed = list(rows)
    say(columns([head, *listed]) if listed else nothing)


def when(moment: dt.datetime) -> str:
    """A moment to the minute."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def standing(life: Lifecycle) -> str:
    """Where a version stands."""
    until = f" to {life.in_force_until - dt.timedelta(days=1)}" if life.in_force_until else ""
    return f"in force from {life.in_force_from}{until}" if life.in_force_from else life.state


def counted(counts: dict[str, int]) -> str:
    """How many of each."""
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def warn_unless_scrubbed(done: bool) -> None:
    """Say so where bytes may be left."""
    if not done:
        say("Other programs are using the database, so copies may lie in its files: run it once more later.", err=True)


def _moment(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def as_scenario(s: Scenario) -> dict[str, Any]:
    """A saved plan for programs."""
    return {
        "id": s.id,
        "name": s.name,
        "owner": s.owner.name,
        "made": _moment(s.created),
        "saved": _moment(s.saved),
        "saved_by": s.saved_by.name,
        "archived": _moment(s.archived),
        "version": s.head,
        "in_force": [{"version": number, "from": day.isoformat()} for number, day in s.in_force],
    }


def as_version(v: Version) -> dict[str, Any]:
    """A version for programs, without its plan."""
    life = v.lifecycle
    return {
        "plan": v.scenario_id,
        "version": v.number,
        "base": v.base,
        "name": v.name,
        "note": v.note,
        "by": v.by.name,
        "at": _moment(v.at),
        "plan_hash": v.plan_hash,
        "program": v.engine,
        "data": v.data,
        "people": v.people,
        "state": life.state,
        "in_force_from": life.in_force_from.isoformat() if life.in_force_from else None,
        "in_force_until": life.in_force_until.isoformat() if life.in_force_until else None,
    }


def as_link(link: ShareLink) -> dict[str, Any]:
    """A share link for programs, without its token."""
    return {
        "id": link.id,
        "plan": link.scenario_id,
        "version": link.version,
        "audience": link.audience,
        "people": link.people,
        "small_teams": link.small_teams,
        "expires": _moment(link.expires),
        "revoked": _moment(link.revoked),
        "opened": link.opened,
    }


def as_event(e: AuditEvent) -> dict[str, Any]:
    """A line of the trail for programs."""
    return {
        "id": e.id,
        "at": _moment(e.at),
        "event": e.event,
        "by": {"id": e.by.id, "name": e.by.name},
        "plan": e.scenario_id,
        "version": e.version,
        "link": e.link_id,
        "detail": dict(e.detail),
    }
