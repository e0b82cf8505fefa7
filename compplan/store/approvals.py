"""The approval of a version: draft, submitted, approved, in force from a date, superseded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Literal

from sqlalchemy import insert

from compplan.access import Actor, Right
from compplan.store.base import StoreBase, scenario_row, version_of
from compplan.store.errors import NotAllowed, NotPossible, StoreError
from compplan.store.records import ActorRef, State, Version
from compplan.store.schema import moves
from compplan.store.validation import valid_note

Transition = Literal["submitted", "withdrawn", "rejected", "approved", "in_force"]
_FROM: dict[Transition, State] = {
    "submitted": "draft",
    "withdrawn": "submitted",
    "rejected": "submitted",
    "approved": "submitted",
    "in_force": "approved",
}
_VERBS: dict[Transition, str] = {
    "submitted": "submitted",
    "withdrawn": "withdrawn",
    "rejected": "sent back",
    "approved": "approved",
    "in_force": "put in force",
}
_NEXT: dict[State, str] = {
    "draft": "Submit it first",
    "submitted": "Approve it, send it back, or withdraw it",
    "approved": "Put it in force, or save a new version",
}


class Approvals(StoreBase):
    """Approval steps of a version. The plan in the version never changes."""

    def submit(self, scenario_id: str, number: int, *, by: Actor) -> Version:
        """Submit a draft for approval.

        Raises
        ------
        StoreError
        """
        return self._transition("submitted", scenario_id, number, by, Right.SAVE)

    def withdraw(self, scenario_id: str, number: int, *, by: Actor) -> Version:
        """Withdraw a submitted version, which becomes a draft again.

        Raises
        ------
        StoreError
        """
        return self._transition("withdrawn", scenario_id, number, by, Right.SAVE)

    def approve(self, scenario_id: str, number: int, *, by: Actor) -> Version:
        """Approve a submitted version.

        Parameters
        ----------
        scenario_id : str
        number : int
        by : Actor
            Needs the right to approve. A person who saved or submitted the version cannot approve it, unless they
            work alone.

        Raises
        ------
        StoreError
        """

        def check_other_person(version: Version) -> None:
            submitted, me = version.lifecycle.submitted, ActorRef.of(by).id
            if by.alone:
                return
            if submitted is not None and submitted.id == me:
                raise NotAllowed("You submitted this version, so another person has to approve it.")
            if version.by.id == me:
                raise NotAllowed("You saved this version, so another person has to approve it.")

        return self._transition("approved", scenario_id, number, by, Right.APPROVE, check=check_other_person)

    def reject(self, scenario_id: str, number: int, reason: str, *, by: Actor) -> Version:
        """Send a submitted version back with a reason; it becomes a draft again.

        Raises
        ------
        StoreError
        """
        note = valid_note(reason, "A reason")
        if not note:
            raise StoreError("Give a reason for sending the version back.")
        return self._transition("rejected", scenario_id, number, by, Right.APPROVE, reason=note)

    def put_in_force(self, scenario_id: str, number: int, *, on: dt.date, by: Actor) -> Version:
        """Put an approved version in force from a date; the version in force until then is superseded.

        Parameters
        ----------
        scenario_id : str
        number : int
        on : date
            The first day. If two versions have the same first day, the one put in force last applies.
        by : Actor
            Needs the right to approve.

        Raises
        ------
        StoreError
        """
        day = on.date() if isinstance(on, dt.datetime) else on
        if not 2000 <= day.year <= 2100:
            raise StoreError(f"The first day must be between 2000 and 2100. You entered {day.isoformat()}.")

        def check_not_in_force(version: Version) -> None:
            if version.lifecycle.in_force_from is not None:
                raise NotPossible(
                    f"Version {number} is already in force from {version.lifecycle.in_force_from.isoformat()}. "
                    "To replace it, put another version in force."
                )

        return self._transition("in_force", scenario_id, number, by, Right.APPROVE, on=day, check=check_not_in_force)

    def _transition(
        self,
        transition: Transition,
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
            if state != _FROM[transition]:
                now = "a draft" if state == "draft" else f"already {state}"
                raise NotPossible(f"Version {number} is {now} and cannot be {_VERBS[transition]}. {_NEXT[state]}.")
            if archived is not None:
                raise NotPossible("This plan is archived. Unarchive it first.")
            if check is not None:
                check(version)
            connection.execute(
                insert(moves).values(
                    version_id=version.id,
                    kind=transition,
                    by_id=who.id,
                    by_name=who.name,
                    at=at,
                    reason=reason,
                    on=None if on is None else on.isoformat(),
                )
            )
            detail = {"on": on.isoformat()} if on else {}
            self._note(connection, transition, who, scenario=scenario_id, version=number, detail=detail, at=at)
            return version_of(connection, scenario_id, number)
