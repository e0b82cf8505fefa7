"""The Share menu: a link to the cost of a saved version, which can be turned off, and a link that contains the plan."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

import streamlit as st

from compplan.access import Actor, Right, loopback
from compplan.errors import CompPlanError, Problem
from compplan.plan.links import encode
from compplan.store import ShareLink, Version
from compplan.ui import navigation
from compplan.ui.host import deployment, sign_in
from compplan.ui.people import costs_people, people_file
from compplan.ui.saved import save
from compplan.ui.session import EditSession
from compplan.ui.widgets.html import show_error, show_problems

_MADE = "share.made"
_DAYS = {30: "in 30 days", 90: "in 90 days", 365: "in 1 year", 0: "never"}
_AUDIENCE = {"signed_in": "People who sign in", "anyone": "Anyone with the link"}


def menu(session: EditSession) -> None:
    """Draw the menu."""
    actor = sign_in.who()
    if actor.may(Right.SHARE):
        st.markdown("**Cost link** for finance (read-only)")
        _share(session)
        _links(session, actor)
        st.divider()
    _plan_link(session)


def base_address() -> str:
    """The address of this app, without a slash at the end."""
    team = deployment.team()
    if team is not None:
        return team.sign_in.address.rstrip("/")
    page_url = urlsplit(st.context.url or "http://127.0.0.1:8501/")
    folder, _, last = page_url.path.rpartition("/")
    return f"{page_url.scheme}://{page_url.netloc}{folder if last in ('', *navigation.PATHS) else page_url.path}"


def _on_a_laptop() -> bool:
    return loopback(urlsplit(base_address()).hostname or "")


def _share(session: EditSession) -> None:
    open_version = session.open_version
    version = _saved_version(session)
    if open_version is None:
        st.text_input("Name", value=session.plan.name, key=f"{session.field_version}.share.name", max_chars=120)
    if deployment.team() is not None:
        st.segmented_control(
            "Who can open it",
            list(_AUDIENCE),
            default="signed_in",
            key="share.audience",
            format_func=_AUDIENCE.__getitem__,
            required=True,
        )
        if st.session_state.get("share.audience") == "signed_in":
            st.caption("Anyone who can sign in with your identity provider, with or without a role here.")
    st.selectbox("Expires", list(_DAYS), index=1, format_func=_DAYS.__getitem__, key="share.days")
    save.people_choice(session, "share")
    if sign_in.who().may(Right.PEOPLE) and ((version is not None and version.has_people) or session.keep_people):
        st.checkbox("Include individual people (by ID, without names)", key="share.people")
        st.checkbox("Show totals of fewer than five people", key="share.small")
    unsaved = open_version is None or session.changed or session.keep_people
    word = "Save and create link" if unsaved else f"Create link to version {open_version.number if open_version else 1}"
    st.button(word, key="share.make", type="primary", on_click=_make, args=(session,))
    show_problems((*session.problems.get("share", ()), *session.problems.get("save", ())))
    if save.conflict_of(session) is not None:
        show_error("Someone else saved this plan while you were editing it. Go to Save first, then share.")
    about, new_link = st.session_state.get(_MADE, (None, ""))
    if new_link and about == session.open_version:
        st.caption("Copy it now. You can't see it again.")
        st.code(str(new_link), language=None, wrap_lines=True)
        if _on_a_laptop():
            st.caption(
                "This link works only on this computer. To share with someone else, send the plan link below or a file "
                "from Export."
            )


def _saved_version(session: EditSession) -> Version | None:
    if session.open_version is None:
        return None
    try:
        return deployment.store().version(
            session.open_version.scenario_id, session.open_version.number, by=sign_in.who()
        )
    except CompPlanError:
        return None


def _make(session: EditSession) -> None:
    st.session_state.pop(_MADE, None)
    session.problems.pop("share", None)
    actor = sign_in.who()
    problem = _unsaved_people(session)
    if problem:
        session.problems["share"] = (Problem("", problem),)
        return
    name = str(st.session_state.get(f"{session.field_version}.share.name") or "")
    if (session.open_version is None or session.changed or session.keep_people) and save.save(session, name) is None:
        return
    version = _saved_version(session)
    days = int(st.session_state.get("share.days") or 0)
    audience = "anyone" if deployment.team() is None else str(st.session_state.get("share.audience") or "signed_in")
    if version is None:
        return
    try:
        _, token = deployment.store().share(
            version,
            by=actor,
            audience="anyone" if audience == "anyone" else "signed_in",
            people=bool(st.session_state.get("share.people")),
            small_teams=bool(st.session_state.get("share.small")),
            expires=dt.datetime.now(dt.UTC) + dt.timedelta(days=days) if days else None,
        )
    except CompPlanError as error:
        session.problems["share"] = error.problems
        return
    st.session_state[_MADE] = (session.open_version, f"{base_address()}/finance?{sign_in.SHARE}={token}")


def _unsaved_people(session: EditSession) -> str:
    """Why a link would show a different cost than the Cost page, or an empty string."""
    reading = people_file().reading
    if reading is None or session.keep_people or not costs_people(session):
        return ""
    return (
        f"The Cost page shows the cost of the {len(reading.people):,} people in your file, but the file isn't saved "
        "with the plan, so the link would show a different cost. Save the people file with the plan, or set a "
        "headcount on the Cost page."
    )


def _links(session: EditSession, actor: Actor) -> None:
    """List the open links to this plan, each with a button that turns it off."""
    if session.open_version is None:
        return
    now = dt.datetime.now(dt.UTC)
    try:
        links = [
            each for each in deployment.store().links(session.open_version.scenario_id, by=actor) if each.is_open(now)
        ]
    except CompPlanError as error:
        st.caption(str(error))
        return
    for link in links:
        with st.container(horizontal=True, vertical_alignment="center", key=f"link.{link.id}"):
            st.caption(link_summary(link))
            st.button(
                "Turn off link", key=f"turn_off.{link.id}", on_click=_turn_off, args=(session, link), type="tertiary"
            )


def link_summary(link: ShareLink) -> str:
    """Version, audience, expiry and number of visits of a link, in one line."""
    times = {0: "never opened", 1: "opened once"}.get(link.opened, f"opened {link.opened:,} times")
    until = f"until {link.expires:%d %b %Y}" if link.expires else "no expiry"
    return f"Version {link.version}, {_AUDIENCE[link.audience].lower()}, {until}, {times}"


def _turn_off(session: EditSession, link: ShareLink) -> None:
    try:
        deployment.store().revoke(link.id, by=sign_in.who())
    except CompPlanError as error:
        session.problems["share"] = error.problems
    st.session_state.pop(_MADE, None)


def _plan_link(session: EditSession) -> None:
    st.markdown("**Plan link (no server needed)**")
    try:
        query = encode(session.plan)
    except CompPlanError as error:
        show_error(str(error))
        return
    st.code(f"{base_address()}/?plan={query}", language=None, wrap_lines=True)
    if _on_a_laptop():
        st.caption(
            "compplan is running on this computer. To share with someone else, send the plan file, or the part of the "
            "link after ?plan=."
        )
