"""The trail: what was done, by whom and when; lines are added and never changed."""

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
# What other parts of the program may note; the store notes the rest itself, with what it did.
NOTED = ("exported", "signed_in", "signed_out")
_LONGEST_DETAIL = 2_000
_MOST = 1_000


class AuditLog(StoreBase):
    """Adding to the trail and reading it."""

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
        """Add a line to the trail.

        Parameters
        ----------
        event : {'exported', 'signed_in', 'signed_out'}
        by : Actor
        scenario_id, link_id : str, optional
        version : int, optional
        detail : Mapping of str to object, optional
            Short; no people's data and no token belongs here.

        Raises
        ------
        StoreError
        """
        if event not in NOTED:
            raise StoreError(f"{event[:40]!r} is no event that is noted from outside; {nearest(event, NOTED)}")
        if not all(text is None or is_id(text) for text in (scenario_id, link_id)):
            raise StoreError("that is no id of a plan or a link.")
        if version is not None and not 1 <= version < 2**31:
            raise StoreError("that is no number of a version.")
        try:
            too_long = len(canonical_json(dict(detail or {}))) > _LONGEST_DETAIL
        except (TypeError, ValueError, RecursionError):
            raise StoreError("the detail of an event is not plain data.") from None
        if too_long:
            raise StoreError(f"the detail of an event is at most {_LONGEST_DETAIL:,} characters.")
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
        """What was done, the newest first.

        Parameters
        ----------
        by : Actor
            Needs the right to read the trail.
        event : str, optional
            Only these, one of `EVENTS`.
        scenario_id : str, optional
            Only what was done to one scenario.
        before : int, optional
            Only lines with a smaller id: the last id of the page before.
        limit : int, optional

        Raises
        ------
        StoreError
        """
        self._require(by, Right.AUDIT)
        if event is not None and event not in EVENTS:
            raise StoreError(f"{event[:40]!r} is no event; {nearest(event, EVENTS)}")
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
