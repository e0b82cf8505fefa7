"""The audit log: who did what and when. Entries are added and never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from compplan.access import Actor, Right
from compplan.errors import nearest
from compplan.store.base import StoreBase
from compplan.store.errors import StoreError
from compplan.store.records import ActorRef, AuditEvent
from compplan.store.schema import trail
from compplan.store.validation import canonical_json, is_id, parse_timestamp

EVENTS = (
    "saved", "duplicated", "renamed", "archived", "unarchived", "submitted", "withdrawn", "rejected", "approved",
    "in_force", "shared", "opened", "revoked", "exported", "signed_in", "signed_out", "erased", "retained",
    "backed_up", "restored",
)  # fmt: skip
# Events that other parts of the program record; the store records all others in the transaction they belong to.
EXTERNAL_EVENTS = ("exported", "signed_in", "signed_out")
_LONGEST_DETAIL = 2_000
_MOST = 1_000


class AuditLog(StoreBase):
    """Add to the audit log and read it."""

    def record_event(
        self,
        event: str,
        *,
        by: Actor,
        scenario_id: str | None = None,
        version: int | None = None,
        link_id: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Record an event that happened outside the store.

        Parameters
        ----------
        event : {'exported', 'signed_in', 'signed_out'}
        by : Actor
        scenario_id, link_id : str, optional
        version : int, optional
        detail : Mapping of str to object, optional
            Short, without personal data and without tokens.

        Raises
        ------
        StoreError
        """
        if event not in EXTERNAL_EVENTS:
            hint = nearest(event, EXTERNAL_EVENTS)
            raise StoreError(f"{event[:40]!r} is not an event that can be recorded here; {hint}")
        if not all(text is None or is_id(text) for text in (scenario_id, link_id)):
            raise StoreError("That is not the ID of a plan or a link.")
        if version is not None and not 1 <= version < 2**31:
            raise StoreError("That is not a version number.")
        try:
            too_long = len(canonical_json(dict(detail or {}))) > _LONGEST_DETAIL
        except (TypeError, ValueError, RecursionError):
            raise StoreError("The detail of an event must be plain data: text, numbers, lists and mappings.") from None
        if too_long:
            raise StoreError(f"The detail of an event can have at most {_LONGEST_DETAIL:,} characters.")
        with self._database.writing() as connection:
            self._note(
                connection, event, ActorRef.of(by), scenario=scenario_id, version=version, link=link_id, detail=detail
            )

    def audit_log(
        self,
        *,
        by: Actor,
        event: str | None = None,
        scenario_id: str | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> tuple[AuditEvent, ...]:
        """Return entries of the audit log, newest first.

        Parameters
        ----------
        by : Actor
            Needs the right to read the audit log.
        event : str, optional
            One of `EVENTS`; all if left out.
        scenario_id : str, optional
            Only entries about this scenario.
        before : int, optional
            Only entries with a smaller id, for paging: the last id of the previous page.
        limit : int, optional
            At most 1,000 entries are returned at once.

        Raises
        ------
        StoreError
        """
        self._require(by, Right.AUDIT)
        if event is not None and event not in EVENTS:
            raise StoreError(f"{event[:40]!r} is not an event; {nearest(event, EVENTS)}")
        if scenario_id is not None and not is_id(scenario_id):
            return ()
        query = select(trail).order_by(trail.c.id.desc()).limit(max(1, min(limit, _MOST)))
        if event is not None:
            query = query.where(trail.c.event == event)
        if scenario_id is not None:
            query = query.where(trail.c.scenario_id == scenario_id)
        if before is not None:
            query = query.where(trail.c.id < max(0, min(before, 2**31 - 1)))
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            AuditEvent(
                id=row.id,
                at=parse_timestamp(row.at),
                event=row.event,
                by=ActorRef(row.by_id, row.by_name),
                scenario_id=row.scenario_id,
                version=row.version,
                link_id=row.link_id,
                detail=json.loads(row.detail),
            )
            for row in rows
        )
