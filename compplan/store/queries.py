"""Read saved plans: scenarios, versions, and people rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Connection, bindparam, select

from compplan.access import Actor, Right
from compplan.store.base import StoreBase, scenario_row, version_of, versions_of
from compplan.store.records import ActorRef, Scenario, Version, rows_of
from compplan.store.schema import moves, people, scenarios, versions
from compplan.store.validation import optional_timestamp, parse_timestamp


class Queries(StoreBase):
    """Methods that read and change nothing."""

    def scenarios(self, *, by: Actor, archived: bool = False) -> tuple[Scenario, ...]:
        """Return every scenario, most recently saved first.

        Parameters
        ----------
        by : Actor
            Needs the right to read.
        archived : bool, optional
            Return the archived scenarios instead.

        Raises
        ------
        StoreError
        """
        self._require(by, Right.READ)
        with self._database.reading() as connection:
            condition = scenarios.c.archived.is_not(None) if archived else scenarios.c.archived.is_(None)
            rows = _scenarios(connection, condition)
        return tuple(sorted(rows, key=lambda s: (s.saved, s.id), reverse=True))

    def scenario(self, scenario_id: str, *, by: Actor) -> Scenario:
        """Return one scenario.

        Raises
        ------
        StoreError
        """
        self._require(by, Right.READ)
        with self._database.reading() as connection:
            return scenario_of(connection, scenario_id)

    def versions(self, scenario_id: str, *, by: Actor) -> tuple[Version, ...]:
        """Return every version of a scenario, newest first.

        Raises
        ------
        StoreError
        """
        self._require(by, Right.READ)
        with self._database.reading() as connection:
            scenario_row(connection, scenario_id)
            return tuple(reversed(versions_of(connection, scenario_id)))

    def version(self, scenario_id: str, number: int | None = None, *, by: Actor) -> Version:
        """Return one version; the newest if `number` is None.

        Raises
        ------
        StoreError
        """
        self._require(by, Right.READ)
        with self._database.reading() as connection:
            return version_of(connection, scenario_id, number)

    def people(self, version: Version, *, by: Actor, names: bool = False) -> tuple[dict[str, Any], ...]:
        """Return the people rows of a version, in the order in which they were saved.

        Parameters
        ----------
        version : Version
        by : Actor
            Needs the right to see personal data.
        names : bool, optional
            Include names, if they were saved.

        Raises
        ------
        StoreError
        """
        self._require(by, Right.READ, Right.PEOPLE)
        with self._database.reading() as connection:
            return rows_of(people_texts(connection, version.snapshot_id), names=names)


def people_texts(connection: Connection, snapshot_id: str | None) -> list[str]:
    """Return the stored JSON rows of a snapshot, in order."""
    return list(connection.execute(_ROWS, {"snapshot": snapshot_id or ""}).scalars())


_ROWS = select(people.c.row).where(people.c.snapshot_id == bindparam("snapshot")).order_by(people.c.place)


def scenario_of(connection: Connection, scenario_id: str) -> Scenario:
    """Return one scenario.

    Raises
    ------
    NotFound
    """
    scenario_row(connection, scenario_id)
    return _scenarios(connection, scenarios.c.id == scenario_id)[0]


def _scenarios(connection: Connection, condition: Any) -> list[Scenario]:
    dated = (
        select(versions.c.scenario_id, versions.c.number, moves.c.on)
        .join(moves, moves.c.version_id == versions.c.id)
        .join(scenarios, scenarios.c.id == versions.c.scenario_id)
        .where(moves.c.kind == "in_force", condition)
        .order_by(moves.c.on, moves.c.id)
    )
    in_force: dict[str, list[tuple[int, dt.date]]] = {}
    for row in connection.execute(dated):
        in_force.setdefault(row.scenario_id, []).append((row.number, dt.date.fromisoformat(row.on)))
    newest = versions.c.at.label("saved"), versions.c.by_id, versions.c.by_name
    query = (
        select(scenarios, *newest)
        .join(versions, (versions.c.scenario_id == scenarios.c.id) & (versions.c.number == scenarios.c.head))
        .where(condition)
    )
    return [
        Scenario(
            id=row.id,
            name=row.name,
            owner=ActorRef(row.owner_id, row.owner_name),
            created=parse_timestamp(row.made),
            saved=parse_timestamp(row.saved),
            saved_by=ActorRef(row.by_id, row.by_name),
            archived=optional_timestamp(row.archived),
            head=row.head,
            in_force=tuple(in_force.get(row.id, [])),
        )
        for row in connection.execute(query)
    ]
