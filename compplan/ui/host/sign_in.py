"""The gate: who is here, which pages open to them, and the page that asks a stranger to sign in."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

import streamlit as st

from compplan.access import LOCAL, VISITOR, AccessError, Actor, Right
from compplan.errors import CompPlanError, Problem
from compplan.ui.host import deployment
from compplan.ui.session import OpenVersion

_ADMITTED = "compplan.admitted"
SHARE = "share"


def who() -> Actor:
    """Who this session belongs to, looked up anew each time: a sign-in ends while a page is open."""
    team = deployment.team()
    if team is None:
        return LOCAL
    claims = st.user.to_dict()
    if not claims.get("is_logged_in") or team.expired(claims, time.time()):
        return VISITOR
    return team.actor(claims)


def enter() -> Actor:
    """Let somebody in, before any page runs; without sign-in, or without a role, only with a share link.

    Returns
    -------
    Actor
        Who may still be a visitor: with a share link, to whom only its page opens.
    """
    actor = who()
    if actor.may(Right.READ):
        _note_sign_in(actor)
    elif SHARE not in st.query_params:
        ask_to_sign_in(actor)
    st.session_state[_ADMITTED] = True
    return actor


def actor(*rights: Right) -> Actor:
    """Who is on this page, at its top; the page stops where the gate was not passed in this run, or a right is missing.

    Parameters
    ----------
    *rights : Right
        What the page is for; one of them suffices, and none is needed where none is given.
    """
    here = who()
    if not st.session_state.pop(_ADMITTED, False):
        ask_to_sign_in(here)
    if rights and not any(here.may(right) for right in rights):
        ask_to_sign_in(here)
    return here


def ask_to_sign_in(here: Actor, sentence: str = "") -> NoReturn:
    """Show the way in, and nothing else."""
    with st.container(key="gate"):
        st.html('<div class="cp-brand">compplan</div>')
        if here.signed_in:
            st.html(
                f"<h1>Nothing here is open to you yet</h1><p>You are signed in as {html.escape(here.name)}, who has "
                "no role that opens this page. Ask whoever runs compplan in your company for one.</p>"
            )
        else:
            st.html("<h1>Sign in</h1><p>This is where your company designs how it pays Customer Success people.</p>")
        if sentence:
            st.html(f'<p class="cp-problem" role="alert">{html.escape(sentence[:1].upper() + sentence[1:])}</p>')
        if deployment.team() is not None:
            if here.signed_in:
                st.button("Sign out", on_click=st.logout)
            else:
                st.button("Sign in", type="primary", on_click=st.login)
    st.stop()


def page() -> None:
    """The gate as a page, for addresses that are no share link's."""
    ask_to_sign_in(who())


def still(*rights: Right) -> Callable[[], None]:
    """A question for later, where there is no session: whether who is here now may do this still.

    Returns
    -------
    callable
        Raises `AccessError` once the sign-in is over, or no role carries one of the rights.
    """
    team, here = deployment.team(), who()
    claims = {} if team is None else st.user.to_dict()

    def ask() -> None:
        over = team is not None and team.expired(claims, time.time())
        if over or not any(here.may(right) for right in rights):
            raise AccessError(
                [Problem("", "your sign-in is over, or your role does not take this out; sign in again.")]
            )

    return ask


def note_export(here: Actor, what: str, *, open_version: OpenVersion | None = None, link_id: str | None = None) -> None:
    """Write down that something was taken out as a file; a laptop's own files are its owner's."""
    if here.alone:
        return
    with suppress(CompPlanError):  # the file is made already; the trail is not worth losing it
        deployment.store().record_event(
            "exported",
            by=here,
            scenario_id=open_version.scenario_id if open_version else None,
            version=open_version.number if open_version else None,
            link_id=link_id,
            detail={"what": what},
        )


def _note_sign_in(here: Actor) -> None:
    """Write down that somebody signed in, once for each time; a reload is none."""
    if here.alone:
        return
    mark = f"{here.id} {st.user.get('iat', '')}"
    if not deployment.is_new(mark):
        return
    try:
        deployment.store().record_event("signed_in", by=here)
    except CompPlanError:
        deployment.try_later(mark)  # the page works while the database does not
