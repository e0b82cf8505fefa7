"""The life of a version: draft, submitted, approved, in force from a day, superseded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Literal

from sqlalchemy import Connection, insert

from compplan.access import Actor, Right
from compplan.store.base import StoreBase, scenario_row, version_of
from compplan.store.errors import NotAllowed, NotPossible, StoreError
from compplan.store.records import ActorRef, State, Version
from compplan.store.schema import moves
from compplan.store.validation import valid_note

Move = Literal["submitted", "withdrawn", "rejected", "approved", "in_force"]
_FROM: dict[Move, State] = {
    "submitted": "draft",
    "withdrawn": "submitted",
    "rejected": "submitted",
    "approved": "submitted",
    "in_force": "approved",
}
_VERBS: dict[Move, str] = {
    "submitted": "submitted",
    "withdrawn": "withdrawn",
    "rejected": "sent back",
    "approved": "approved",
    "in_force": "put in force",
}
_NEXT: dict[State, str] = {
    "draft": "submit it first",
    "submitted": "approve it, send it back or withdraw it",
    "approved": "put it in force, or save a new version",
}


class Approvals(StoreBase):
    """The steps of a version; the version itself stays as it was saved."""

    def submit(self, scenario_id: str, number: int, *, by: Actor) -> Version:
        """Hand a draft in for approval.

        Raises
        ------
        StoreError
        """
        return self._move("submitted", scenario_id, number, by, Right.SAVE)

    def withdraw(self, scenario_id: str, number: int, *, by: Actor) -> Version:
        """Take a version back that was submitted; it is a draft again.

        Raises
        ------
        StoreError
        """
        return self._move("withdrawn", scenario_id, number, by, Right.SAVE)

    def approve(self, scenario_id: str, number: int, *, by: Actor) -> Version:
        """Approve a version that somebody else saved and submitted.

        Parameters
        ----------
        scenario_id : str
        number : int
        by : Actor
            Needs the right to approve, and neither saved nor submitted it, unless they work alone.

        Raises
        ------
        StoreError
        """

        def another(version: Version) -> None:
            submitted, me = version.lifecycle.submitted, ActorRef.of(by).id
            if by.alone:
                return
            if submitted is not None and submitted.id == me:
                raise NotAllowed("who submitted a plan does not approve it; somebody else has to.")
            if version.by.id == me:
                raise NotAllowed("who saved a plan does not approve it; somebody else has to.")

        return self._move("approved", scenario_id, number, by, Right.APPROVE, check=another)

    def reject(self, scenario_id: str, number: int, reason: str, *, by: Actor) -> Version:
        """Send a version back that was submitted, with the reason; it is a draft again.

        Raises
        ------
        StoreError
        """
        told = valid_note(reason, "the reason")
        if not told:
            raise StoreError("say why it is sent back.")
        return self._move("rejected", scenario_id, number, by, Right.APPROVE, reason=told)

    def put_in_force(self, scenario_id: str, number: int, *, on: dt.date, by: Actor) -> Version:
        """Let an approved version hold from a day; the one that held before is superseded from then.

        Parameters
        ----------
        scenario_id : str
        number : int
        on : date
            The first day. Of versions with the same day the one that was put in force last holds.
        by : Actor
            Needs the right to approve.

        Raises
        ------
        StoreError
        """
        day = on.date() if isinstance(on, dt.datetime) else on
        if not 2000 <= day.year <= 2100:
            raise StoreError(f"the first day must lie between 2000 and 2100, got {day.isoformat()}.")

        def once(version: Version) -> None:
            if version.lifecycle.in_force_from is not None:
                raise NotPossible(
                    f"version {number} is in force from {version.lifecycle.in_force_from.isoformat()} and stays so; "
                    "put another version in force to supersede it."
                )

        return self._move("in_force", scenario_id, number, by, Right.APPROVE, on=day, check=once)

    def _move(
        self,
        move: Move,
        scenario_id: str,
        number: int,
        by: Actor,
        right: Right,
        *,
        reason: str = "",
        on: dt.date | None = None,
        check: Callable[[Version], None] | None = None,
    ) -> Version:
        who, at = self._require(by, right), self._stamp()
        with self._database.writing() as connection:
            archived = scenario_row(connection, scenario_id, lock=True).archived
            version = version_of(connection, scenario_id, number)
            state = version.lifecycle.state
            if state != _FROM[move]:
                raise NotPossible(f"version {number} is {_state(state)} and cannot be {_VERBS[move]}; {_NEXT[state]}.")
            if archived is not None:
                raise NotPossible("this plan is archived; bring it back first (unarchive).")
            if check is not None:
                check(version)
            _add(connection, version.id, move, who, at, reason, on)
            detail = {"on": on.isoformat()} if on else {}
            self._note(connection, move, who, scenario=scenario_id, version=number, detail=detail, at=at)
            return version_of(connection, scenario_id, number)


def _state(state: State) -> str:
    return "a draft" if state == "draft" else f"{state} already" if state == "approved" else "submitted"


def _add(
    connection: Connection, version_id: str, move: Move, who: ActorRef, at: str, reason: str, on: dt.date | None
) -> None:
    connection.execute(
        insert(moves).values(
            version_id=version_id,
            kind=move,
            by_id=who.id,
            by_name=who.name,
            at=at,
            reason=reason,
            on=None if on is None else on.isoformat(),
        )
    )
