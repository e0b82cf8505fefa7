"""Drafts: the state of a plan while somebody edits it, kept so that no work is lost."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, Row, delete, insert, select, update

from compplan.access import Actor, Right
from compplan.store.base import StoreBase
from compplan.store.errors import DraftConflict, NotAllowed, NotFound, StoreError
from compplan.store.schema import drafts
from compplan.store.validation import LONGEST_NAME, canonical_json, is_id, label_of, parse_timestamp

MOST_DRAFTS = 100  # of one person; those without unsaved changes make room first, then the oldest
_LONGEST_STATE = 2_000_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan that somebody is editing.

    Attributes
    ----------
    id : str
    name : str
        Name of the plan.
    revision : int
        Number of times it was kept.
    at : datetime
        When it was last kept, in UTC.
    unsaved : bool
        Whether it has changes that no saved plan has.
    state : Mapping of str to object
        What was kept, as plain data; empty in lists.
    """

    id: str
    name: str
    revision: int
    at: dt.datetime
    unsaved: bool
    state: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)


class Drafts(StoreBase):
    """Keep, list and discard the drafts of one person; nobody else sees them, and the audit log does not name them.

    A draft never holds people rows: those are stored only where somebody saves them with a version.
    """

    def keep_draft(
        self, draft_id: str, name: str, state: Mapping[str, Any], *, base: int, by: Actor, unsaved: bool = True
    ) -> int:
        """Keep the state of a draft.

        Parameters
        ----------
        draft_id : str
            Made by the caller, see `compplan.store.base.new_id`.
        name : str
            Name of the plan.
        state : Mapping of str to object
            Plain data, without people rows.
        base : int
            The revision that the state is based on; 0 for a new draft.
        by : Actor
            Needs the right to save.
        unsaved : bool
            Whether it has changes that no saved plan has.

        Returns
        -------
        int
            The new revision.

        Raises
        ------
        DraftConflict
            If the draft has another revision than `base`. Nothing is written.
        StoreError
            Also if the state is not plain data, or is too long.
        """
        who = self._require(by, Right.SAVE)
        values = {
            "name": label_of(name, LONGEST_NAME),
            "state": _state_text(state),
            "at": self._stamp(),
            "unsaved": unsaved,
        }
        with self._database.writing() as connection:
            row = _row(connection, draft_id, by, lock=True)
            if row is None:
                # A draft that was discarded elsewhere while this one went on: what somebody still edits is kept.
                values |= {"id": draft_id, "owner_id": who.id, "owner_name": who.name, "revision": base + 1}
                connection.execute(insert(drafts).values(**values))
                _make_room(connection, who.id)
            elif row.revision != base:
                raise DraftConflict(row.revision)
            else:
                connection.execute(update(drafts).where(drafts.c.id == draft_id).values(**values, revision=base + 1))
        return base + 1

    def draft(self, draft_id: str, *, by: Actor) -> Draft:
        """Return a draft with its state.

        Raises
        ------
        NotFound
            If there is none.
        NotAllowed
            If it belongs to somebody else.
        StoreError
        """
        self._require(by, Right.SAVE)
        with self._database.reading() as connection:
            row = _row(connection, draft_id, by)
        if row is None:
            raise NotFound("There is no such draft. It was discarded, or its plan was saved.")
        return _draft(row, json.loads(row.state))

    def draft_revision(self, draft_id: str, *, by: Actor) -> int | None:
        """Return the revision of a draft; None if there is no such draft.

        Raises
        ------
        NotAllowed
            If it belongs to somebody else.
        StoreError
        """
        self._require(by, Right.SAVE)
        with self._database.reading() as connection:
            row = _row(connection, draft_id, by, columns=(drafts.c.revision, drafts.c.owner_id))
        return None if row is None else row.revision

    def drafts(self, *, by: Actor) -> tuple[Draft, ...]:
        """Return the drafts of a person without their states, the one that was kept last first."""
        who = self._require(by, Right.SAVE)
        columns = [column for column in drafts.c if column.name != "state"]
        query = select(*columns).where(drafts.c.owner_id == who.id).order_by(drafts.c.at.desc(), drafts.c.id)
        with self._database.reading() as connection:
            return tuple(_draft(row) for row in connection.execute(query))

    def discard_draft(self, draft_id: str, *, by: Actor) -> None:
        """Remove a draft; one that is gone already stays gone.

        Raises
        ------
        NotAllowed
            If it belongs to somebody else.
        StoreError
        """
        self._require(by, Right.SAVE)
        with self._database.writing() as connection:
            if _row(connection, draft_id, by) is not None:
                connection.execute(delete(drafts).where(drafts.c.id == draft_id))


def _state_text(state: Mapping[str, Any]) -> str:
    try:
        text = canonical_json(dict(state))
    except (TypeError, ValueError, RecursionError):
        raise StoreError("The state of a draft must be plain data: text, numbers, lists and mappings.") from None
    if len(text) > _LONGEST_STATE:
        raise StoreError(f"The draft is too long: {len(text):,} characters, at most {_LONGEST_STATE:,} are allowed.")
    return text


def _row(
    connection: Connection, draft_id: str, by: Actor, *, lock: bool = False, columns: Sequence[Column[Any]] = ()
) -> Row[Any] | None:
    """Return the row of a draft, if it exists and belongs to the actor; locked until the transaction ends."""
    if not is_id(draft_id):
        return None
    query = select(*(columns or drafts.c)).where(drafts.c.id == draft_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is not None and row.owner_id != label_of(by.id, 400):
        raise NotAllowed("This draft belongs to somebody else. Ask them to save it, or to send you a link.")
    return row


def _draft(row: Row[Any], state: Mapping[str, Any] | None = None) -> Draft:
    return Draft(row.id, row.name, row.revision, parse_timestamp(row.at), row.unsaved, state or {})


def _make_room(connection: Connection, owner: str) -> None:
    order = drafts.c.unsaved.desc(), drafts.c.at.desc(), drafts.c.id
    newest = (select(drafts.c.id).where(drafts.c.owner_id == owner).order_by(*order)).limit(MOST_DRAFTS)
    kept = [row.id for row in connection.execute(newest)]
    connection.execute(delete(drafts).where(drafts.c.owner_id == owner, drafts.c.id.not_in(kept)))
