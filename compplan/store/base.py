"""The base class of the store's parts: checks of rights, audit log entries, and reading of versions."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select

from compplan.access import Actor, Right
from compplan.store.database import Database
from compplan.store.errors import NotAllowed, NotFound
from compplan.store.records import ActorRef, Lifecycle, Version
from compplan.store.schema import moves, people, scenarios, snapshots, trail, versions
from compplan.store.validation import canonical_json, is_id, parse_timestamp, timestamp_text

_ACTIONS: Mapping[Right, str] = {
    Right.READ: "see saved plans",
    Right.SAVE: "save plans",
    Right.SHARE: "share plans",
    Right.PEOPLE: "see or save personal data",
    Right.COST: "see costs",
    Right.APPROVE: "approve plans",
    Right.AUDIT: "read the audit log",
}


class StoreBase:
    """The database and the clock that every part of `Store` shares."""

    def __init__(self, database: Database, clock: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._clock = clock

    @staticmethod
    def _require(by: Actor, *rights: Right) -> ActorRef:
        for right in rights:
            if not by.may(right):
                raise NotAllowed(
                    f"{by.name or 'A visitor'} may not {_ACTIONS[right]}. Ask the administrator of this server."
                )
        return ActorRef.of(by)

    def _stamp(self) -> str:
        return timestamp_text(self._clock())

    def _note(
        self,
        connection: Connection,
        event: str,
        by: ActorRef,
        *,
        scenario: str | None = None,
        version: int | None = None,
        link: str | None = None,
        detail: Mapping[str, Any] | None = None,
        at: str | None = None,
    ) -> None:
        connection.execute(
            insert(trail).values(
                at=at or self._stamp(),
                event=event,
                by_id=by.id,
                by_name=by.name,
                scenario_id=scenario,
                version=version,
                link_id=link,
                detail=canonical_json(dict(detail or {})),
            )
        )


def new_id() -> str:
    """Return a new public id of 96 random bits that never starts with a hyphen, unlike a command-line option."""
    while (public_id := secrets.token_urlsafe(12)).startswith("-"):
        pass
    return public_id


# Reading


def scenario_row(connection: Connection, scenario_id: str, *, lock: bool = False) -> Row[Any]:
    """Return the row of a scenario, locked until the transaction ends if `lock` is set.

    Raises
    ------
    NotFound
    """
    query = select(scenarios).where(scenarios.c.id == scenario_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none() if is_id(scenario_id) else None
    if row is None:
        raise NotFound("There is no such saved plan. It may have been removed by the retention rules.")
    return row


def version_query() -> Select[Any]:
    """Return the query for versions, with the number of people rows that are left and that were saved."""
    remaining = select(func.count()).where(people.c.snapshot_id == versions.c.snapshot_id).scalar_subquery()
    return select(versions, remaining.label("people"), snapshots.c.count.label("people_saved")).outerjoin(
        snapshots, snapshots.c.id == versions.c.snapshot_id
    )


def versions_of(connection: Connection, scenario_id: str) -> list[Version]:
    """Return every version of a scenario, oldest first."""
    query = version_query().where(versions.c.scenario_id == scenario_id).order_by(versions.c.number)
    return versions_from_rows(connection.execute(query).all(), lifecycles_of(connection, scenario_id))


def version_of(connection: Connection, scenario_id: str, number: int | None) -> Version:
    """Return one version of a scenario; the newest if `number` is None.

    Raises
    ------
    NotFound
    """
    head = scenario_row(connection, scenario_id).head
    wanted_number = head if number is None else number
    query = version_query().where(versions.c.scenario_id == scenario_id, versions.c.number == wanted_number)
    # The driver raises its own error for numbers beyond the range of the column.
    row = connection.execute(query).one_or_none() if 1 <= wanted_number <= head else None
    if row is None:
        raise NotFound(f"This plan has no version {wanted_number}. The newest is version {head}.")
    return versions_from_rows([row], lifecycles_of(connection, scenario_id))[0]


def versions_from_rows(rows: Iterable[Row[Any]], lifecycles: Mapping[str, Lifecycle]) -> list[Version]:
    """Build versions from database rows."""
    return [
        Version(
            id=row.id,
            scenario_id=row.scenario_id,
            number=row.number,
            base=row.base,
            name=row.name,
            note=row.note,
            by=ActorRef(row.by_id, row.by_name),
            at=parse_timestamp(row.at),
            plan_json=row.plan,
            plan_hash=row.plan_hash,
            engine=row.engine,
            data=row.data,
            cost=json.loads(row.cost),
            people=row.people,
            people_saved=row.people_saved or 0,
            snapshot_id=row.snapshot_id,
            lifecycle=lifecycles.get(row.id, Lifecycle()),
        )
        for row in rows
    ]


# The approval steps of all versions of a scenario, in order.
STEPS = (
    select(moves)
    .join(versions, versions.c.id == moves.c.version_id)
    .where(versions.c.scenario_id == bindparam("scenario"))
    .order_by(moves.c.id)
)


def lifecycles_of(connection: Connection, scenario_id: str) -> dict[str, Lifecycle]:
    """Return the lifecycles of the versions of a scenario, by version id; untouched drafts are left out."""
    return lifecycles(connection.execute(STEPS, {"scenario": scenario_id}).all())


def lifecycles(rows: Iterable[Row[Any]]) -> dict[str, Lifecycle]:
    """Return the lifecycles of versions of one scenario after approval steps in the order given."""
    fields: dict[str, dict[str, Any]] = {}
    dates: list[tuple[dt.date, int, str]] = []
    for i, move in enumerate(rows):
        life, who = fields.setdefault(move.version_id, {}), ActorRef(move.by_id, move.by_name)
        if move.kind == "submitted":
            life |= {"state": "submitted", "submitted": who, "rejected": ""}
        elif move.kind == "withdrawn":
            life |= {"state": "draft", "submitted": None}
        elif move.kind == "rejected":
            life |= {"state": "draft", "submitted": None, "rejected": move.reason}
        elif move.kind == "approved":
            life |= {"state": "approved", "approved": who, "approved_at": parse_timestamp(move.at)}
        else:
            life["in_force_from"] = dt.date.fromisoformat(move.on)
            dates.append((life["in_force_from"], i, move.version_id))
    dates.sort()
    for (_, _, version), (until, _, _) in pairwise(dates):
        fields[version]["in_force_until"] = until
    return {version: Lifecycle(**life) for version, life in fields.items()}
