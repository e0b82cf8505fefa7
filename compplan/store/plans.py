"""Create, save, copy and archive plans. Versions are only ever added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, insert, update

import compplan
from compplan import facts
from compplan.access import Actor, Right
from compplan.plan import Plan
from compplan.store.base import new_id, scenario_row, version_of
from compplan.store.errors import NotPossible
from compplan.store.queries import Queries, people_texts, scenario_of
from compplan.store.records import ActorRef, Conflict, Scenario, Version
from compplan.store.schema import people, scenarios, snapshots, versions
from compplan.store.validation import cost_json, people_json, valid_name, valid_note

People = Iterable[Mapping[str, Any]]


class Plans(Queries):
    """Methods that add scenarios and versions.

    Only an actor with the right to handle personal data can put people rows into a version, whether the rows are new
    or come from an earlier version. Otherwise a person could save a plan of their own with those rows and read single
    salaries from its totals.
    """

    def create(
        self,
        plan: Plan,
        *,
        name: str,
        by: Actor,
        note: str = "",
        cost: Mapping[str, Any] | None = None,
        people: People | None = None,
        names: bool = False,
    ) -> Version:
        """Save a plan as a new scenario.

        Parameters
        ----------
        plan : Plan
        name : str
            Name of the scenario.
        by : Actor
            Needs the right to save.
        note : str, optional
        cost : Mapping of str to object, optional
            Assumptions of the Cost page: plain data, without people.
        people : iterable of Mapping, optional
            People rows, each with an ``id``. They need the right to handle personal data.
        names : bool, optional
            Save names too. By default names are left out.

        Returns
        -------
        Version
            Version 1.

        Raises
        ------
        StoreError
        """
        rows = people_json(people or (), names=names)
        who = self._require(by, Right.SAVE, *([Right.PEOPLE] if rows else []))
        title, at, scenario = valid_name(name), self._stamp(), new_id()
        row = _version_row(plan, note, cost, "")
        with self._database.writing() as connection:
            _add_scenario(connection, scenario, title, who, at)
            row["snapshot_id"] = _add_people(connection, rows, names, at)
            _add_version(connection, scenario, 1, None, who, at, row)
            self._note(connection, "saved", who, scenario=scenario, version=1, at=at)
            return version_of(connection, scenario, 1)

    def save(
        self,
        scenario_id: str,
        plan: Plan,
        *,
        base: int,
        by: Actor,
        name: str = "",
        note: str = "",
        cost: Mapping[str, Any] | None = None,
        people: People | None = None,
        names: bool = False,
    ) -> Version:
        """Add a version to a scenario.

        Parameters
        ----------
        scenario_id : str
        plan : Plan
        base : int
            Number of the version that the plan is based on.
        by : Actor
            Needs the right to save.
        name, note : str, optional
        cost : Mapping of str to object, optional
            As in `create`; if left out, the assumptions of `base`.
        people : iterable of Mapping, optional
            As in `create`. If left out, the rows of `base` are copied, provided that `by` may handle personal data.
        names : bool, optional
            Save the names of `people` too.

        Returns
        -------
        Version
            The new version. If plan, assumptions and people are the same as in the newest version, that version is
            returned, so that a save that is sent twice adds one version.

        Raises
        ------
        Conflict
            If a version newer than `base` exists. Nothing is written. Save again with ``conflict.theirs.number`` as
            `base`, or `create` a new scenario.
        StoreError
        """
        rows = None if people is None else people_json(people, names=names)
        who = self._require(by, Right.SAVE, *([Right.PEOPLE] if rows else []))
        at = self._stamp()
        with self._database.writing() as connection:
            head = _open_row(connection, scenario_id).head
            base_version = version_of(connection, scenario_id, base)
            row = _version_row(plan, note, base_version.cost if cost is None else cost, name)
            row["snapshot_id"] = base_version.snapshot_id
            newest = base_version if base == head else version_of(connection, scenario_id, head)
            own_people = _carried(base_version, by)
            if _same(connection, newest, row, rows) or _same(connection, newest, row | own_people, rows):
                return newest
            if base != head:
                raise Conflict(newest, base_version)
            row |= own_people
            if rows is not None:
                row["snapshot_id"] = _add_people(connection, rows, names, at)
            return self._add(connection, scenario_id, head, base, who, at, row, {})

    def restore(self, scenario_id: str, number: int, *, by: Actor) -> Version:
        """Restore an old version: add a new version with the same content.

        Raises
        ------
        StoreError
        """
        who, at = self._require(by, Right.SAVE), self._stamp()
        with self._database.writing() as connection:
            head = _open_row(connection, scenario_id).head
            old = version_of(connection, scenario_id, number)
            if number == head:
                raise NotPossible(f"Version {number} is already the newest version.")
            row = _copy(old, f"Version {number} again") | _carried(old, by)
            return self._add(connection, scenario_id, head, number, who, at, row, {"restored": number})

    def duplicate(self, scenario_id: str, number: int | None = None, *, name: str, by: Actor) -> Version:
        """Copy a version into a new scenario; the newest version if `number` is None.

        Raises
        ------
        StoreError
        """
        who, at, title, scenario = self._require(by, Right.SAVE), self._stamp(), valid_name(name), new_id()
        with self._database.writing() as connection:
            old = version_of(connection, scenario_id, number)
            _add_scenario(connection, scenario, title, who, at)
            _add_version(connection, scenario, 1, None, who, at, _copy(old, "Version 1") | _carried(old, by))
            self._note(
                connection, "duplicated", who, scenario=scenario, version=1, at=at,
                detail={"from": scenario_id, "version": old.number},
            )  # fmt: skip
            return version_of(connection, scenario, 1)

    def rename(self, scenario_id: str, name: str, *, by: Actor) -> Scenario:
        """Rename a scenario. The names of its versions do not change.

        Raises
        ------
        StoreError
        """
        return self._change(scenario_id, "renamed", by, name=valid_name(name))

    def archive(self, scenario_id: str, *, by: Actor) -> Scenario:
        """Archive a scenario. It can be read but not changed, and its share links keep working.

        Raises
        ------
        StoreError
        """
        return self._change(scenario_id, "archived", by, archived=self._stamp())

    def unarchive(self, scenario_id: str, *, by: Actor) -> Scenario:
        """Unarchive a scenario.

        Raises
        ------
        StoreError
        """
        return self._change(scenario_id, "unarchived", by, archived=None)

    def _add(
        self, connection: Connection, scenario: str, head: int, base: int, who: ActorRef, at: str,
        row: dict[str, Any], detail: Mapping[str, Any],
    ) -> Version:  # fmt: skip
        number = head + 1
        _add_version(connection, scenario, number, base, who, at, row)
        connection.execute(update(scenarios).where(scenarios.c.id == scenario).values(head=number))
        self._note(connection, "saved", who, scenario=scenario, version=number, detail=detail, at=at)
        return version_of(connection, scenario, number)

    def _change(self, scenario_id: str, event: str, by: Actor, **values: Any) -> Scenario:
        who = self._require(by, Right.SAVE)
        with self._database.writing() as connection:
            scenario_row(connection, scenario_id, lock=True)
            connection.execute(update(scenarios).where(scenarios.c.id == scenario_id).values(**values))
            self._note(connection, event, who, scenario=scenario_id)
            return scenario_of(connection, scenario_id)


def _open_row(connection: Connection, scenario_id: str) -> Row[Any]:
    row = scenario_row(connection, scenario_id, lock=True)
    if row.archived is not None:
        raise NotPossible("This plan is archived. Unarchive it first.")
    return row


def _version_row(plan: Plan, note: str, cost: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    return {
        "name": valid_name(name) if name.strip() else "",
        "note": valid_note(note),
        "plan": plan.to_json(),
        "plan_hash": plan.hash,
        "cost": cost_json(cost),
        "snapshot_id": None,
        "engine": compplan.__version__,
        "data": facts.version(),
    }


def _copy(old: Version, name: str) -> dict[str, Any]:
    return _version_row(old.plan, old.note, old.cost, name)


def _carried(old: Version, by: Actor) -> dict[str, Any]:
    """Return the people rows of an old version that the actor may put into a new one."""
    return {"snapshot_id": old.snapshot_id if by.may(Right.PEOPLE) else None}


def _add_scenario(connection: Connection, scenario: str, name: str, who: ActorRef, at: str) -> None:
    owner = {"owner_id": who.id, "owner_name": who.name}
    connection.execute(insert(scenarios).values(id=scenario, name=name, made=at, head=1, **owner))


def _add_version(
    connection: Connection, scenario: str, number: int, base: int | None, who: ActorRef, at: str, row: dict[str, Any]
) -> None:
    own = {"id": new_id(), "scenario_id": scenario, "number": number, "base": base}
    by = {"by_id": who.id, "by_name": who.name, "at": at}
    connection.execute(insert(versions).values(**row | own | by | {"name": row["name"] or f"Version {number}"}))


def _add_people(connection: Connection, rows: Mapping[str, str], names: bool, at: str) -> str | None:
    if not rows:
        return None
    snapshot = new_id()
    connection.execute(insert(snapshots).values(id=snapshot, at=at, names=names, count=len(rows)))
    values = [
        {"snapshot_id": snapshot, "person_id": person, "place": i, "row": text}
        for i, (person, text) in enumerate(rows.items())
    ]
    connection.execute(insert(people), values)
    return snapshot


def _same(connection: Connection, head: Version, row: Mapping[str, Any], rows: Mapping[str, str] | None) -> bool:
    """Return whether a save would change nothing."""
    if row["name"] not in ("", head.name) or row["note"] not in ("", head.note):
        return False
    if row["plan_hash"] != head.plan_hash or row["cost"] != cost_json(head.cost):
        return False
    if rows is None:
        return row["snapshot_id"] == head.snapshot_id
    return list(rows.values()) == people_texts(connection, head.snapshot_id)
