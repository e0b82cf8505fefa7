"""Share links: a door to one version, that can be shut, and that tells a guesser nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import secrets
from typing import Any

from sqlalchemy import Connection, Row, String, bindparam, insert, literal, select, update

from compplan.access import Actor, Right
from compplan.store.base import StoreBase, lifecycles, new_id, scenario_row, version_query, versions_from_rows
from compplan.store.errors import LinkClosed, NotFound, StoreError
from compplan.store.queries import people_texts
from compplan.store.records import ActorRef, Audience, SharedVersion, ShareLink, Version, cost_rows_of, rows_of
from compplan.store.schema import links, moves, scenarios, tallies, trail, versions
from compplan.store.validation import canonical_json, is_id, parse_timestamp, timestamp_text

_TOKEN_BYTES = 24
_LONGEST = 64  # no token of ours is longer; what follows is not looked at, so a long one takes no longer


class ShareLinks(StoreBase):
    """Making, opening and shutting share links."""

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
        """Make a link to one version.

        Parameters
        ----------
        version : Version
        by : Actor
            Needs the right to share, and to handle rows about people where the version has some: its totals tell of
            them too.
        audience : {'anyone', 'signed_in'}
            Whether whoever has the link may open it, or only somebody who signed in.
        people : bool, optional
            Whether rows about people travel with it, by id.
        small_teams : bool, optional
            Whether totals of few people are shown.
        expires : datetime, optional

        Returns
        -------
        link : ShareLink
        token : str
            192 random bits. Only its hash is kept: it cannot be shown again.

        Raises
        ------
        StoreError
        """
        who = self._require(by, Right.SHARE, *([Right.PEOPLE] if people or version.has_people else []))
        if audience not in ("anyone", "signed_in"):
            raise StoreError("a link is for anyone, or for people who signed in (signed_in).")
        at, until = self._stamp(), None if expires is None else timestamp_text(expires)
        if until is not None and until <= at:
            raise StoreError("a link must expire later than now.")
        token, made = secrets.token_urlsafe(_TOKEN_BYTES), new_id()
        with self._database.writing() as connection:
            scenario_row(connection, version.scenario_id, lock=True)
            connection.execute(
                insert(links).values(
                    id=made,
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
                connection, "shared", who, scenario=version.scenario_id, version=version.number, link=made,
                detail=detail, at=at,
            )  # fmt: skip
            return _link(_links(connection, links.c.id == made)[0]), token

    def open_link(self, token: str, *, who: Actor, now: dt.datetime, again: bool = False) -> SharedVersion:
        """What a link leads to.

        Parameters
        ----------
        token : str
            From anywhere.
        who : Actor
            ActorRef opens it; needs no right.
        now : datetime
        again : bool, optional
            Whether this opening was counted already, and a page only asks if the link is still open.

        Raises
        ------
        LinkClosed
            If the token is unknown, expired or revoked, or the link is for people who signed in.

        Notes
        -----
        Whatever the token, the same statements run in one transaction that writes, so that the time it takes does not
        tell a wrong token from a right one. See `Throttle` for how many may be tried. With `again` nothing is written:
        only for a token that the same visitor has opened before.
        """
        at = timestamp_text(now)
        with self._database.reading() if again else self._database.writing() as connection:
            row = connection.execute(_BY_HASH, {"hash": _hash(token)}).one_or_none()
            closed = _closed(row, who, at)
            link_id, version_id, scenario_id = (
                ("", "", "") if row is None or closed else (row.id, row.version_id, row.scenario_id)
            )
            link = None if row is None else _link(row)
            if not again:
                connection.execute(_TALLY, {"which": "opened" if link_id else "refused"})
                opened = connection.execute(_COUNT, {"link": link_id, "now": at}).scalar()
                someone = ActorRef.of(who)
                connection.execute(_LINE, {"link": link_id, "now": at, "who": someone.id, "named": someone.name})
                link = link and dataclasses.replace(link, opened=opened or 0, last_opened=parse_timestamp(at))
            made = connection.execute(_VERSION, {"version": version_id}).all()
            moved = connection.execute(_MOVES, {"scenario": scenario_id}).all()
            carried = made[0].snapshot_id if made else None
            texts = people_texts(connection, carried)
        if row is None or link is None or closed is not None:
            raise closed or _unknown()
        version = versions_from_rows(made, lifecycles(moved))[0]
        return SharedVersion(
            version=version,
            link=link,
            scenario_name=row.scenario_name,
            newer_version=row.head if row.head > version.number else None,
            people=rows_of(texts, names=False) if row.people else None,
            cost_rows=cost_rows_of(texts) if texts else None,
        )

    def revoke(self, link_id: str, *, by: Actor) -> ShareLink:
        """Shut a link, from this moment on; once shut it stays shut.

        Raises
        ------
        StoreError
        """
        who, at = self._require(by, Right.SHARE), self._stamp()
        with self._database.writing() as connection:
            found = _links(connection, links.c.id == link_id) if is_id(link_id) else []
            if not found:
                raise NotFound("there is no such link.")
            shut = update(links).where(links.c.id == link_id, links.c.revoked.is_(None)).values(revoked=at)
            if connection.execute(shut).rowcount:
                row = found[0]
                self._note(
                    connection, "revoked", who, scenario=row.scenario_id, version=row.number, link=link_id, at=at
                )
            return _link(_links(connection, links.c.id == link_id)[0])

    def links(self, scenario_id: str, *, by: Actor) -> tuple[ShareLink, ...]:
        """Every link to a version of a scenario, the newest first.

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


def _query(chosen: Any) -> Any:
    named = scenarios.c.name.label("scenario_name"), scenarios.c.head
    return (
        select(links, versions.c.scenario_id, versions.c.number, *named)
        .join(versions, versions.c.id == links.c.version_id)
        .join(scenarios, scenarios.c.id == versions.c.scenario_id)
        .where(chosen)
        .order_by(links.c.at.desc(), links.c.id)
    )


def _links(connection: Connection, chosen: Any) -> list[Row[Any]]:
    return list(connection.execute(_query(chosen)).all())


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
        expires=parse_timestamp(row.expires) if row.expires else None,
        revoked=parse_timestamp(row.revoked) if row.revoked else None,
        opened=row.opened,
        last_opened=parse_timestamp(row.last_opened) if row.last_opened else None,
    )


def _closed(row: Row[Any] | None, who: Actor, at: str) -> LinkClosed | None:
    if row is None:
        return _unknown()
    if row.revoked is not None:
        return LinkClosed("revoked", "this link was shut by its owner; ask for a new one.")
    if row.expires is not None and row.expires <= at:
        return LinkClosed("expired", f"this link expired on {row.expires[:10]}; ask for a new one.")
    if row.audience == "signed_in" and not who.signed_in:
        return LinkClosed("sign_in", "this link is for people who sign in; sign in, then open it again.")
    return None


def _unknown() -> LinkClosed:
    return LinkClosed("unknown", "this link leads nowhere; copy it again, whole, or ask who sent it.")


# What runs when a link is tried, in this order, with parameters that find nothing where the link is not open.
_BY_HASH = _query(links.c.token_hash == bindparam("hash"))
_TALLY = update(tallies).where(tallies.c.name == bindparam("which")).values(count=tallies.c.count + 1)
_COUNT = (
    update(links)
    .where(links.c.id == bindparam("link"))
    .values(opened=links.c.opened + 1, last_opened=bindparam("now"))
    .returning(links.c.opened)
)
_LINE = insert(trail).from_select(
    ["at", "event", "by_id", "by_name", "scenario_id", "version", "link_id", "detail"],
    select(
        bindparam("now", type_=String),
        literal("opened"),
        bindparam("who", type_=String),
        bindparam("named", type_=String),
        versions.c.scenario_id,
        versions.c.number,
        links.c.id,
        literal(canonical_json({})),
    )
    .join(versions, versions.c.id == links.c.version_id)
    .where(links.c.id == bindparam("link")),
)
_VERSION = version_query().where(versions.c.id == bindparam("version"))
_MOVES = (
    select(moves)
    .join(versions, versions.c.id == moves.c.version_id)
    .where(versions.c.scenario_id == bindparam("scenario"))
    .order_by(moves.c.id)
)
