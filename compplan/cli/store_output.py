"""Saved plans, versions, links and events as `compplan store` prints them: tables for people, data for programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from compplan.cli.terminal import print_text, text_table

if TYPE_CHECKING:
    from compplan.store import AuditEvent, Lifecycle, Scenario, ShareLink, Version


_KINDS = {
    "scenarios": "saved plans", "snapshots": "sets of people", "moves": "approval steps", "links": "share links",
    "trail": "events",
}  # fmt: skip


def print_table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]], empty: str) -> None:
    """Print rows below their headings, or a sentence where there are none."""
    listed = list(rows)
    print_text(text_table([head, *listed]) if listed else empty)


def moment_text(moment: dt.datetime) -> str:
    """A moment to the minute, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def state_text(lifecycle: Lifecycle) -> str:
    """State of a version: draft, in review, approved, or the days when it is in force."""
    until = f" to {lifecycle.in_force_until - dt.timedelta(days=1)}" if lifecycle.in_force_until else ""
    return f"in force from {lifecycle.in_force_from}{until}" if lifecycle.in_force_from else lifecycle.state


def row_counts(counts: dict[str, int]) -> str:
    """Number of rows of each kind, in words."""
    return ", ".join(f"{_KINDS.get(name, name)} {count:,}" for name, count in counts.items())


def warn_unless_scrubbed(scrubbed: bool) -> None:
    """Warn where deleted data may remain in the database files."""
    if not scrubbed:
        print_text(
            "Other programs are using the database, so its files may still contain deleted data. "
            "Run this command again when they have stopped.",
            err=True,
        )


def _moment(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def scenario_dict(s: Scenario) -> dict[str, Any]:
    """A saved plan as plain data."""
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


def version_dict(v: Version) -> dict[str, Any]:
    """A version as plain data, without its plan."""
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


def link_dict(link: ShareLink) -> dict[str, Any]:
    """A share link as plain data, without its token."""
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


def event_dict(e: AuditEvent) -> dict[str, Any]:
    """An event of the audit log as plain data."""
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
