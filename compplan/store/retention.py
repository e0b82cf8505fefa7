"""Erasure of one person's rows, and removal of data after a retention period."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Select, delete, func, or_, select

from compplan.access import Actor, Right
from compplan.store.base import StoreBase
from compplan.store.errors import StoreError
from compplan.store.schema import drafts, links, moves, people, scenarios, snapshots, versions
from compplan.store.validation import timestamp_text


@dataclass(frozen=True, slots=True)
class ErasureResult:
    """The result of erasing one person.

    Attributes
    ----------
    snapshots : int
        Number of saved sets of people rows that contained the person.
    scrubbed : bool
        Whether the bytes are also removed from the database files. False if another transaction was in the way; then
        erase again.
    """

    snapshots: int
    scrubbed: bool


@dataclass(frozen=True, slots=True)
class RetentionResult:
    """The number of rows that retention removed, or would remove.

    Attributes
    ----------
    people, links, scenarios, versions, drafts : int
    scrubbed : bool
        As in `ErasureResult`.
    """

    people: int
    links: int
    scenarios: int
    versions: int
    scrubbed: bool
    drafts: int = 0


class Retention(StoreBase):
    """Erase people and apply the retention period."""

    def erase(self, person_id: str, *, by: Actor) -> ErasureResult:
        """Erase the rows of one person from every saved version.

        Parameters
        ----------
        person_id : str
            The ``id`` in the people rows.
        by : Actor
            Needs the right to handle personal data.

        Raises
        ------
        StoreError

        Notes
        -----
        The audit log records the erasure and the number of sets of rows, not the person. Older backups still contain
        the person: pass the id to `restore_backup` as `erase`.
        """
        who = self._require(by, Right.PEOPLE)
        key = person_id.strip()
        if not key or "\0" in key:
            raise StoreError("Give the ID of the person, as it is in the people rows.")
        with self._database.writing() as connection:
            count = connection.execute(delete(people).where(people.c.person_id == key)).rowcount
            self._note(connection, "erased", who, detail={"snapshots": count})
        return ErasureResult(count, self._database.scrub())

    def apply_retention(self, days: int, *, now: dt.datetime, by: Actor, dry_run: bool = False) -> RetentionResult:
        """Remove data that is older than a number of days.

        Parameters
        ----------
        days : int
            At least 1.
        now : datetime
        by : Actor
            Needs the right to handle personal data.
        dry_run : bool, optional
            Count only; remove nothing.

        Returns
        -------
        RetentionResult
            People rows saved before then; share links that expired or were turned off before then; scenarios archived
            before then, with their versions, links and rows, unless one of the versions was approved; drafts that
            were not changed since then.

        Raises
        ------
        StoreError
        """
        who = self._require(by, Right.PEOPLE)
        if not 1 <= days <= 36_500:
            raise StoreError(f"Days must be between 1 and 36,500. You entered {days}.")
        cutoff = timestamp_text(now - dt.timedelta(days=days))
        if dry_run:
            with self._database.reading() as connection:
                return _count(connection, cutoff)
        with self._database.writing() as connection:
            removed = _count(connection, cutoff)
            _remove(connection, cutoff)
            counts = {"days": days, "people": removed.people, "links": removed.links, "scenarios": removed.scenarios}
            self._note(connection, "retained", who, detail=counts)
        return replace(removed, scrubbed=self._database.scrub())


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
    """Select snapshots that are old, or that only scenarios to be removed refer to."""
    in_use = select(versions.c.id).where(
        versions.c.snapshot_id == snapshots.c.id, versions.c.scenario_id.not_in(_old_scenarios(cutoff))
    )
    return select(snapshots.c.id).where(or_(snapshots.c.at < cutoff, ~in_use.exists()))


def _old_links(cutoff: str) -> Select[tuple[str]]:
    old = or_(links.c.expires < cutoff, links.c.revoked < cutoff, links.c.version_id.in_(_old_versions(cutoff)))
    return select(links.c.id).where(old)


def _old_drafts(cutoff: str) -> Select[tuple[str]]:
    return select(drafts.c.id).where(drafts.c.at < cutoff)


def _count(connection: Connection, cutoff: str) -> RetentionResult:
    def count(ids: Select[tuple[str]]) -> int:
        return connection.execute(select(func.count()).select_from(ids.subquery())).scalar_one()

    rows = select(people.c.person_id).where(people.c.snapshot_id.in_(_old_snapshots(cutoff)))
    return RetentionResult(
        people=count(rows),
        links=count(_old_links(cutoff)),
        scenarios=count(_old_scenarios(cutoff)),
        versions=count(_old_versions(cutoff)),
        drafts=count(_old_drafts(cutoff)),
        scrubbed=True,
    )


def _remove(connection: Connection, cutoff: str) -> None:
    def ids(query: Select[tuple[str]]) -> list[str]:
        return [row.id for row in connection.execute(query)]

    scenario_ids, version_ids = ids(_old_scenarios(cutoff)), ids(_old_versions(cutoff))
    connection.execute(delete(people).where(people.c.snapshot_id.in_(_old_snapshots(cutoff))))
    for chunk in _chunks(ids(_old_links(cutoff))):
        connection.execute(delete(links).where(links.c.id.in_(chunk)))
    for chunk in _chunks(version_ids):
        connection.execute(delete(moves).where(moves.c.version_id.in_(chunk)))
        connection.execute(delete(versions).where(versions.c.id.in_(chunk)))
    for chunk in _chunks(scenario_ids):
        connection.execute(delete(scenarios).where(scenarios.c.id.in_(chunk)))
    connection.execute(delete(drafts).where(drafts.c.at < cutoff))
    in_use = select(versions.c.id).where(versions.c.snapshot_id == snapshots.c.id)
    connection.execute(delete(snapshots).where(~in_use.exists()))


def _chunks(ids: list[str], size: int = 500) -> list[list[str]]:
    return [ids[i : i + size] for i in range(0, len(ids), size)]
