"""What is taken out again: one person's rows everywhere, and what was kept long enough."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, Select, delete, func, or_, select

from compplan.access import Actor, Right
from compplan.store.base import StoreBase
from compplan.store.errors import StoreError
from compplan.store.schema import links, moves, people, scenarios, snapshots, versions
from compplan.store.validation import timestamp_text


@dataclass(frozen=True, slots=True)
class ErasureResult:
    """What an erasure took out.

    Attributes
    ----------
    snapshots : int
        How many sets of people's rows held the person.
    scrubbed : bool
        Whether the bytes are gone from the database's files too; False where another transaction stood in the way:
        erase once more.
    """

    snapshots: int
    scrubbed: bool


@dataclass(frozen=True, slots=True)
class RetentionResult:
    """What was kept long enough and was, or would be, taken out.

    Attributes
    ----------
    people, links, scenarios, versions : int
    scrubbed : bool
        As for `ErasureResult`.
    """

    people: int
    links: int
    scenarios: int
    versions: int
    scrubbed: bool


class Retention(StoreBase):
    """Erasing one person, and retention."""

    def erase(self, person_id: str, *, by: Actor) -> ErasureResult:
        """Take one person's rows out of everything that was saved.

        Parameters
        ----------
        person_id : str
            As in the rows.
        by : Actor
            Needs the right to handle rows about people.

        Raises
        ------
        StoreError

        Notes
        -----
        The trail keeps that it happened and how many sets of rows it was, not who. Backups that were taken before
        still hold the person: `restore_backup` leaves people out that it is told of.
        """
        who = self._require(by, Right.PEOPLE)
        key = person_id.strip()
        if not key or "\0" in key:
            raise StoreError("say whose rows: the id that stands in them.")
        with self._database.writing() as connection:
            count = connection.execute(delete(people).where(people.c.person_id == key)).rowcount
            self._note(connection, "erased", who, detail={"snapshots": count})
        return ErasureResult(count, self._database.scrub())

    def apply_retention(self, days: int, *, now: dt.datetime, by: Actor, dry_run: bool = False) -> RetentionResult:
        """Take out what is older than some days.

        Parameters
        ----------
        days : int
            At least 1.
        now : datetime
        by : Actor
            Needs the right to handle rows about people.
        dry_run : bool, optional
            Only count.

        Returns
        -------
        RetentionResult
            Rows about people that were first saved earlier; links that expired or were revoked earlier; scenarios that
            were archived earlier with their versions, links and rows, unless a version was ever approved.

        Raises
        ------
        StoreError
        """
        who = self._require(by, Right.PEOPLE)
        if not 1 <= days <= 36_500:
            raise StoreError(f"days must be between 1 and 36,500, got {days}.")
        cutoff = timestamp_text(now - dt.timedelta(days=days))
        if dry_run:
            with self._database.reading() as connection:
                return _count(connection, cutoff)
        with self._database.writing() as connection:
            found = _count(connection, cutoff)
            _remove(connection, cutoff)
            counts = {"days": days, "people": found.people, "links": found.links, "scenarios": found.scenarios}
            self._note(connection, "retained", who, detail=counts)
        return RetentionResult(found.people, found.links, found.scenarios, found.versions, self._database.scrub())


def _old_scenarios(cutoff: str) -> Select[tuple[str]]:
    approved = (
        select(moves.c.id)
        .join(versions, versions.c.id == moves.c.version_id)
        .where(versions.c.scenario_id == scenarios.c.id, moves.c.kind == "approved")
    )
    return select(scenarios.c.id).where(scenarios.c.archived < cutoff, ~approved.exists())


def _old_versions(cutoff: str) -> Select[tuple[str]]:
    return select(versions.c.id).where(versions.c.scenario_id.in_(_old_scenarios(cutoff)))


def _old_snapshots(cutoff: str) -> Select[tuple[str]]:
    """Sets of rows that are old, or that only scenarios which go have."""
    stays = select(versions.c.id).where(
        versions.c.snapshot_id == snapshots.c.id, versions.c.scenario_id.not_in(_old_scenarios(cutoff))
    )
    return select(snapshots.c.id).where(or_(snapshots.c.at < cutoff, ~stays.exists()))


def _old_links(cutoff: str) -> Select[tuple[str]]:
    old = or_(links.c.expires < cutoff, links.c.revoked < cutoff, links.c.version_id.in_(_old_versions(cutoff)))
    return select(links.c.id).where(old)


def _count(connection: Connection, cutoff: str) -> RetentionResult:
    def count(ids: Select[tuple[str]]) -> int:
        return connection.execute(select(func.count()).select_from(ids.subquery())).scalar_one()

    rows = select(people.c.person_id).where(people.c.snapshot_id.in_(_old_snapshots(cutoff)))
    return RetentionResult(
        people=count(rows),
        links=count(_old_links(cutoff)),
        scenarios=count(_old_scenarios(cutoff)),
        versions=count(_old_versions(cutoff)),
        scrubbed=True,
    )


def _remove(connection: Connection, cutoff: str) -> None:
    def ids(query: Select[tuple[str]]) -> list[str]:
        return [row.id for row in connection.execute(query)]

    gone, old = ids(_old_scenarios(cutoff)), ids(_old_versions(cutoff))
    connection.execute(delete(people).where(people.c.snapshot_id.in_(_old_snapshots(cutoff))))
    for some in _chunks(ids(_old_links(cutoff))):
        connection.execute(delete(links).where(links.c.id.in_(some)))
    for some in _chunks(old):
        connection.execute(delete(moves).where(moves.c.version_id.in_(some)))
        connection.execute(delete(versions).where(versions.c.id.in_(some)))
    for some in _chunks(gone):
        connection.execute(delete(scenarios).where(scenarios.c.id.in_(some)))
    left = select(versions.c.id).where(versions.c.snapshot_id == snapshots.c.id)
    connection.execute(delete(snapshots).where(~left.exists()))


def _chunks(ids: list[str], size: int = 500) -> list[list[str]]:
    return [ids[i : i + size] for i in range(0, len(ids), size)]
