"""Sign-in: who the visitor is, what they may open, and the page that asks them to sign in."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

import streamlit as st

from compplan.access import LOCAL, VISITOR, AccessError, Actor, Right
from compplan.errors import CompPlanError, Problem
from compplan.ui.host import deployment
from compplan.ui.session import OpenVersion
from compplan.ui.templates import render

_ADMITTED = "compplan.admitted"
SHARE = "share"


def who() -> Actor:
    """The visitor of this session, checked at each call, since a sign-in can expire while a page is open."""
    team = deployment.team()
    if team is None:
        return LOCAL
    claims = st.user.to_dict()
    if not claims.get("is_logged_in") or team.expired(claims, time.time()):
        return VISITOR
    return team.actor(claims)


def enter() -> Actor:
    """Admit the visitor before any page runs; without a role only to the page of a share link.

    Returns
    -------
    Actor
        The visitor; without a role only the page of a share link opens.
    """
    actor = who()
    if actor.may(Right.READ):
        _note_sign_in(actor)
    elif SHARE not in st.query_params:
        ask_to_sign_in(actor)
    st.session_state[_ADMITTED] = True
    return actor


def leave() -> None:
    """Take back the admission of this run, since another page runs instead."""
    st.session_state.pop(_ADMITTED, None)


def actor(*rights: Right) -> Actor:
    """The visitor of a page; stops the page where `enter` did not run first or a right is missing.

    Parameters
    ----------
    *rights : Right
        The visitor needs at least one of these rights. Without rights, anyone may enter.
    """
    person = who()
    if not st.session_state.pop(_ADMITTED, False):
        ask_to_sign_in(person)
    if rights and not any(person.may(right) for right in rights):
        ask_to_sign_in(person)
    return person


def ask_to_sign_in(person: Actor, sentence: str = "") -> NoReturn:
    """Show the sign-in page and stop."""
    with st.container(key="gate"):
        st.html(render("shell.brand"))
        if person.signed_in:
            st.html(render("shell.no_access", person.name))
        else:
            st.html(render("shell.sign_in"))
        if sentence:
            st.html(render("widgets.message", "problem", sentence[:1].upper() + sentence[1:], "alert"))
        if deployment.team() is not None:
            if person.signed_in:
                st.button("Sign out", on_click=st.logout)
            else:
                st.button("Sign in", type="primary", on_click=st.login)
    st.stop()


def page() -> None:
    """The sign-in page, for every address that has no share link."""
    ask_to_sign_in(who())


def still(*rights: Right) -> Callable[[], None]:
    """A check for later, outside the session: whether this visitor still has one of the rights.

    Returns
    -------
    callable
        Raises `AccessError` once the sign-in has expired or no role has one of the rights.
    """
    team, person = deployment.team(), who()
    claims = {} if team is None else st.user.to_dict()

    def ask() -> None:
        over = team is not None and team.expired(claims, time.time())
        if over or not any(person.may(right) for right in rights):
            raise AccessError(
                [Problem("", "Your sign-in has expired, or your role can't download this. Sign in again.")]
            )

    return ask


def note_export(
    person: Actor, what: str, *, open_version: OpenVersion | None = None, link_id: str | None = None
) -> None:
    """Record a download in the audit log, where people sign in."""
    if person.alone:
        return
    with suppress(CompPlanError):  # the file exists already and should not be lost with the entry
        deployment.store().record_event(
            "exported",
            by=person,
            scenario_id=open_version.scenario_id if open_version else None,
            version=open_version.number if open_version else None,
            link_id=link_id,
            detail={"what": what},
        )


def _note_sign_in(person: Actor) -> None:
    """Record a sign-in in the audit log, once for each sign-in and not for each page load."""
    if person.alone:
        return
    mark = f"{person.id} {st.user.get('iat', '')}"
    if not deployment.is_new_sign_in(mark):
        return
    try:
        deployment.store().record_event("signed_in", by=person)
    except CompPlanError:
        deployment.retry_sign_in(mark)  # the page works while the database does not
