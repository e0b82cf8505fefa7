"""Share links: create, open and turn off links to one version, safe against guessed tokens."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import secrets
from typing import Any

from sqlalchemy import Connection, Row, String, bindparam, insert, literal, select, update

from compplan._moved import renamed_keywords
from compplan.access import Actor, Right
from compplan.store.base import STEPS, StoreBase, lifecycles, new_id, scenario_row, version_query, versions_from_rows
from compplan.store.errors import LinkClosed, NotFound, StoreError
from compplan.store.queries import people_texts
from compplan.store.records import ActorRef, Audience, SharedVersion, ShareLink, Version, cost_rows_of, rows_of
from compplan.store.schema import links, scenarios, tallies, trail, versions
from compplan.store.validation import canonical_json, is_id, optional_timestamp, parse_timestamp, timestamp_text

_TOKEN_BYTES = 24
_LONGEST = 64  # longer than any token; the rest is ignored, so that a long input takes no more time


class ShareLinks(StoreBase):
    """Create, open and turn off share links."""

    def share(
        self,
        version: Version,
        *,
        by: Actor,
        audience: Audience,
        people: bool = False,
        small_teams: bool = False,
        expires: dt.datetime | None = None,
    ) -> tuple[ShareLink, str]:
        """Create a link to one version.

        Parameters
        ----------
        version : Version
        by : Actor
            Needs the right to share. If the version has people rows, also the right to handle personal data, because
            the totals reveal something about the people.
        audience : {'anyone', 'signed_in'}
            Whether everyone with the link can open it, or only people who signed in.
        people : bool, optional
            Show people rows, by id.
        small_teams : bool, optional
            Show totals of fewer than five people.
        expires : datetime, optional

        Returns
        -------
        link : ShareLink
        token : str
            192 random bits. The store keeps only the hash, so the token cannot be shown again.

        Raises
        ------
        StoreError
        """
        who = self._require(by, Right.SHARE, *([Right.PEOPLE] if people or version.has_people else []))
        if audience not in ("anyone", "signed_in"):
            raise StoreError("A link is for anyone (anyone) or for people who sign in (signed_in).")
        at, until = self._stamp(), None if expires is None else timestamp_text(expires)
        if until is not None and until <= at:
            raise StoreError("The expiry date must be in the future.")
        token, link_id = secrets.token_urlsafe(_TOKEN_BYTES), new_id()
        with self._database.writing() as connection:
            scenario_row(connection, version.scenario_id, lock=True)
            connection.execute(
                insert(links).values(
                    id=link_id,
                    token_hash=_hash(token),
                    version_id=version.id,
                    by_id=who.id,
                    by_name=who.name,
                    at=at,
                    audience=audience,
                    people=people,
                    small_teams=small_teams,
                    expires=until,
                    opened=0,
                )
            )
            detail = {"audience": audience, "people": people, "small_teams": small_teams, "expires": until}
            self._note(
                connection, "shared", who, scenario=version.scenario_id, version=version.number, link=link_id,
                detail=detail, at=at,
            )  # fmt: skip
            return _link(_links(connection, links.c.id == link_id)[0]), token

    @renamed_keywords(again="already_opened")
    def open_link(self, token: str, *, who: Actor, now: dt.datetime, already_opened: bool = False) -> SharedVersion:
        """Open a link.

        Parameters
        ----------
        token : str
            The token in the address, which can be any text.
        who : Actor
            The person who opens the link; needs no right.
        now : datetime
        already_opened : bool, optional
            Only check that the link is still open. The visitor has opened it before, and is not counted again.

        Raises
        ------
        LinkClosed
            If the token is unknown, the link has expired or was turned off, or it is for people who sign in.

        Notes
        -----
        The same statements run in one write transaction for every token, so that the response time does not reveal
        whether a token is valid. `Throttle` limits the number of attempts. With `already_opened` nothing is written:
        use it only for a token that the same visitor has opened.
        """
        at = timestamp_text(now)
        with self._database.reading() if already_opened else self._database.writing() as connection:
            row = connection.execute(_BY_HASH, {"hash": _hash(token)}).one_or_none()
            closed = _closed(row, who, at)
            link_id, version_id, scenario_id = (
                ("", "", "") if row is None or closed else (row.id, row.version_id, row.scenario_id)
            )
            link = None if row is None else _link(row)
            if not already_opened:
                connection.execute(_COUNT_ATTEMPT, {"which": "opened" if link_id else "refused"})
                opened = connection.execute(_COUNT_OPENING, {"link": link_id, "now": at}).scalar()
                visitor = ActorRef.of(who)
                connection.execute(_ADD_EVENT, {"link": link_id, "now": at, "who": visitor.id, "name": visitor.name})
                link = link and dataclasses.replace(link, opened=opened or 0, last_opened=parse_timestamp(at))
            version_rows = connection.execute(_VERSION, {"version": version_id}).all()
            steps = connection.execute(STEPS, {"scenario": scenario_id}).all()
            snapshot = version_rows[0].snapshot_id if version_rows else None
            texts = people_texts(connection, snapshot)
        if row is None or link is None or closed is not None:
            raise closed or _unknown()
        version = versions_from_rows(version_rows, lifecycles(steps))[0]
        return SharedVersion(
            version=version,
            link=link,
            scenario_name=row.scenario_name,
            newer_version=row.head if row.head > version.number else None,
            people=rows_of(texts, names=False) if row.people else None,
            cost_rows=cost_rows_of(texts) if texts else None,
        )

    def revoke(self, link_id: str, *, by: Actor) -> ShareLink:
        """Turn off a link. It cannot be turned on again.

        Raises
        ------
        StoreError
        """
        who, at = self._require(by, Right.SHARE), self._stamp()
        with self._database.writing() as connection:
            rows = _links(connection, links.c.id == link_id) if is_id(link_id) else []
            if not rows:
                raise NotFound("There is no such link.")
            statement = update(links).where(links.c.id == link_id, links.c.revoked.is_(None)).values(revoked=at)
            if connection.execute(statement).rowcount:
                row = rows[0]
                self._note(
                    connection, "revoked", who, scenario=row.scenario_id, version=row.number, link=link_id, at=at
                )
            return _link(_links(connection, links.c.id == link_id)[0])

    def links(self, scenario_id: str, *, by: Actor) -> tuple[ShareLink, ...]:
        """Return every link to a version of a scenario, newest first.

        Raises
        ------
        StoreError
        """
        self._require(by, Right.READ)
        with self._database.reading() as connection:
            scenario_row(connection, scenario_id)
            rows = _links(connection, versions.c.scenario_id == scenario_id)
        return tuple(_link(row) for row in rows)


def _hash(token: str) -> str:
    return hashlib.sha256(token[:_LONGEST].encode("utf-8", "surrogatepass")).hexdigest()


def _query(condition: Any) -> Any:
    scenario = scenarios.c.name.label("scenario_name"), scenarios.c.head
    return (
        select(links, versions.c.scenario_id, versions.c.number, *scenario)
        .join(versions, versions.c.id == links.c.version_id)
        .join(scenarios, scenarios.c.id == versions.c.scenario_id)
        .where(condition)
        .order_by(links.c.at.desc(), links.c.id)
    )


def _links(connection: Connection, condition: Any) -> list[Row[Any]]:
    return list(connection.execute(_query(condition)).all())


def _link(row: Row[Any]) -> ShareLink:
    return ShareLink(
        id=row.id,
        scenario_id=row.scenario_id,
        version=row.number,
        by=ActorRef(row.by_id, row.by_name),
        at=parse_timestamp(row.at),
        audience=row.audience,
        people=row.people,
        small_teams=row.small_teams,
        expires=optional_timestamp(row.expires),
        revoked=optional_timestamp(row.revoked),
        opened=row.opened,
        last_opened=optional_timestamp(row.last_opened),
    )


def _closed(row: Row[Any] | None, who: Actor, at: str) -> LinkClosed | None:
    if row is None:
        return _unknown()
    if row.revoked is not None:
        return LinkClosed("revoked", "This link was turned off. Ask its owner for a new one.")
    if row.expires is not None and row.expires <= at:
        return LinkClosed("expired", f"This link expired on {row.expires[:10]}. Ask for a new one.")
    if row.audience == "signed_in" and not who.signed_in:
        return LinkClosed("sign_in", "This link is for people who sign in. Sign in, then open it again.")
    return None


def _unknown() -> LinkClosed:
    return LinkClosed("unknown", "This link isn't valid. Check that you copied all of it, or ask for a new one.")


# The statements that every attempt runs, in this order. For a link that is not open their parameters match no row.
_BY_HASH = _query(links.c.token_hash == bindparam("hash"))
_COUNT_ATTEMPT = update(tallies).where(tallies.c.name == bindparam("which")).values(count=tallies.c.count + 1)
_COUNT_OPENING = (
    update(links)
    .where(links.c.id == bindparam("link"))
    .values(opened=links.c.opened + 1, last_opened=bindparam("now"))
    .returning(links.c.opened)
)
_ADD_EVENT = insert(trail).from_select(
    ["at", "event", "by_id", "by_name", "scenario_id", "version", "link_id", "detail"],
    select(
        bindparam("now", type_=String),
        literal("opened"),
        bindparam("who", type_=String),
        bindparam("name", type_=String),
        versions.c.scenario_id,
        versions.c.number,
        links.c.id,
        literal(canonical_json({})),
    )
    .join(versions, versions.c.id == links.c.version_id)
    .where(links.c.id == bindparam("link")),
)
_VERSION = version_query().where(versions.c.id == bindparam("version"))
