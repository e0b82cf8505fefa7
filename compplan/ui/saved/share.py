"""What the Share menu does: a link to a saved version, which can be shut again, and a link that carries the plan."""

from __future__ import annotations

import datetime as dt
import html
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

_MADE = "share.made"
_DAYS = {30: "in 30 days", 90: "in 90 days", 365: "in a year", 0: "never"}
_AUDIENCE = {"signed_in": "Who signs in", "anyone": "Anyone with the link"}


def menu(session: EditSession) -> None:
    """Share the plan in hand."""
    here = sign_in.who()
    if here.may(Right.SHARE):
        st.markdown("**A link to what it costs**, read-only, for finance")
        _share(session)
        _links(session, here)
        st.divider()
    _plan_link(session)


def base_address() -> str:
    """Where these pages are, without a slash at the end."""
    team = deployment.team()
    if team is not None:
        return team.sign_in.address.rstrip("/")
    here = urlsplit(st.context.url or "http://127.0.0.1:8501/")
    folder, _, last = here.path.rpartition("/")
    return f"{here.scheme}://{here.netloc}{folder if last in ('', *navigation.PATHS) else here.path}"


def _on_a_laptop() -> bool:
    return loopback(urlsplit(base_address()).hostname or "")


def _share(session: EditSession) -> None:
    open_version = session.open_version
    version = _kept_version(session)
    if open_version is None:
        st.text_input("Name", value=session.plan.name, key=f"{session.form}.share.name", max_chars=120)
    if deployment.team() is not None:
        st.segmented_control(
            "Who may open it",
            list(_AUDIENCE),
            default="signed_in",
            key="share.audience",
            format_func=_AUDIENCE.__getitem__,
            required=True,
        )
        if st.session_state.get("share.audience") == "signed_in":
            st.caption("Everybody who can sign in at your provider, with a role here or without.")
    st.selectbox("It closes", list(_DAYS), index=1, format_func=_DAYS.__getitem__, key="share.days")
    save.people_choice(session, "share")
    if sign_in.who().may(Right.PEOPLE) and ((version is not None and version.has_people) or session.keep_people):
        st.checkbox("People's rows travel with it, by id and without names", key="share.people")
        st.checkbox("Totals of fewer than five people are shown", key="share.small")
    unsaved = open_version is None or session.changed or session.keep_people
    word = "Save and make a link" if unsaved else f"Make a link to version {open_version.number if open_version else 1}"
    st.button(word, key="share.make", type="primary", on_click=_make, args=(session,))
    for problem in (*session.problems.get("share", ()), *session.problems.get("save", ())):
        st.html(f'<p class="cp-problem" role="alert">{html.escape(str(problem))}</p>')
    if save.conflict_of(session) is not None:
        st.html('<p class="cp-problem" role="alert">Somebody saved this plan meanwhile: see Save, then share.</p>')
    about, made = st.session_state.get(_MADE, (None, ""))
    if made and about == session.open_version:
        st.caption("Send this link. It is shown once: only its fingerprint is kept.")
        st.code(str(made), language=None, wrap_lines=True)
        if _on_a_laptop():
            st.caption(
                "It opens on this machine only. For somebody else send the plan link below, or a file from Export."
            )


def _kept_version(session: EditSession) -> Version | None:
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
    here = sign_in.who()
    problem = _unkept_people(session)
    if problem:
        session.problems["share"] = (Problem("", problem),)
        return
    name = str(st.session_state.get(f"{session.form}.share.name") or "")
    if (session.open_version is None or session.changed or session.keep_people) and save.save(session, name) is None:
        return
    version = _kept_version(session)
    days = int(st.session_state.get("share.days") or 0)
    audience = "anyone" if deployment.team() is None else str(st.session_state.get("share.audience") or "signed_in")
    if version is None:
        return
    try:
        _, token = deployment.store().share(
            version,
            by=here,
            audience="anyone" if audience == "anyone" else "signed_in",
            people=bool(st.session_state.get("share.people")),
            small_teams=bool(st.session_state.get("share.small")),
            expires=dt.datetime.now(dt.UTC) + dt.timedelta(days=days) if days else None,
        )
    except CompPlanError as error:
        session.problems["share"] = error.problems
        return
    st.session_state[_MADE] = (session.open_version, f"{base_address()}/finance?{sign_in.SHARE}={token}")


def _unkept_people(session: EditSession) -> str:
    """Why a link would show another cost than the page does, if it would."""
    reading = people_file().reading
    if reading is None or session.keep_people or not costs_people(session):
        return ""
    return (
        f"the cost on the page is that of {len(reading.people):,} people of your file, which is not kept with the "
        "plan, so the link would show another: keep the file with it (by id, without names), or choose a number "
        "of people on Cost."
    )


def _links(session: EditSession, here: Actor) -> None:
    """Links to this plan that are open, each with the way to shut it."""
    if session.open_version is None:
        return
    now = dt.datetime.now(dt.UTC)
    try:
        found = [
            each for each in deployment.store().links(session.open_version.scenario_id, by=here) if each.is_open(now)
        ]
    except CompPlanError as error:
        st.caption(str(error))
        return
    for link in found:
        with st.container(horizontal=True, vertical_alignment="center", key=f"link.{link.id}"):
            st.caption(told(link))
            st.button("Shut", key=f"shut.{link.id}", on_click=_shut, args=(session, link), type="tertiary")


def told(link: ShareLink) -> str:
    """A link in a line: to what, for whom, until when, how often opened."""
    times = {0: "never opened", 1: "opened once"}.get(link.opened, f"opened {link.opened:,} times")
    until = f"until {link.expires:%d %b %Y}" if link.expires else "with no end"
    return f"Version {link.version}, {_AUDIENCE[link.audience].lower()}, {until}, {times}"


def _shut(session: EditSession, link: ShareLink) -> None:
    try:
        deployment.store().revoke(link.id, by=sign_in.who())
    except CompPlanError as error:
        session.problems["share"] = error.problems
    st.session_state.pop(_MADE, None)


def _plan_link(session: EditSession) -> None:
    st.markdown("**A link that carries the plan** and nothing else; it opens wherever this app runs")
    try:
        query = encode(session.plan)
    except CompPlanError as error:
        st.html(f'<p class="cp-problem" role="alert">{html.escape(str(error))}</p>')
        return
    st.code(f"{base_address()}/?plan={query}", language=None, wrap_lines=True)
    if _on_a_laptop():
        st.caption("This app runs on your machine: for somebody else, send the file, or the part after ?plan=.")
