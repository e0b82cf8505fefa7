"""The page of a share link: the cost of one saved version, read-only, with the details that its owner allows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextlib import nullcontext

import streamlit as st

from compplan import formats
from compplan.access import Actor, Right
from compplan.errors import CompPlanError
from compplan.store import LinkClosed, SharedVersion, client_key
from compplan.ui.cost import page
from compplan.ui.cost.session import FEWEST_PEOPLE, CostInputs, CostRequest, CostVisibility
from compplan.ui.host import deployment, sign_in
from compplan.ui.people import people_table
from compplan.ui.session import EditSession, OpenVersion
from compplan.ui.templates import render
from compplan.ui.widgets.html import show_error, show_notice
from compplan.ui.widgets.versions import open_version

_COUNTED = "compplan.share_counted"
_LOOK_AGAIN = 15  # seconds between checks of the link of an open page


def token() -> str | None:
    """The token of the share link in the address, if there is one."""
    return st.query_params.get(sign_in.SHARE)


def forget() -> None:
    """Leave the share link and go back to the open plan."""
    st.query_params.pop(sign_in.SHARE, None)


def open_it(text: str, actor: Actor) -> SharedVersion | LinkClosed | CompPlanError:
    """Open a share link, or return why it is not valid; checked in each run, so that a revoked link stops working."""
    client = client_key(st.context.ip_address or "127.0.0.1")
    counted = st.session_state.get(_COUNTED) == text
    try:
        # A visitor whose link is already open is not throttled for the wrong links of others.
        with nullcontext() if counted else deployment.throttle().guard(client):
            opened = deployment.store().open_link(text, who=actor, now=dt.datetime.now(dt.UTC), already_opened=counted)
    except CompPlanError as error:
        return error
    st.session_state[_COUNTED] = text
    return opened


def draw(opened: SharedVersion, session: EditSession, actor: Actor, text: str) -> None:
    """Draw the read-only cost of the shared version."""
    version = opened.version
    try:
        plan = version.plan
        inputs = CostInputs.of(plan, version.cost)
    except CompPlanError as error:
        show_error(f"The plan of this link cannot be read: {error}")
        return
    saved = f"version {version.number}, saved by {version.by.name} on {version.at:%d %b %Y}"
    st.html(render("shell.plan", plan.name, saved))
    if opened.newer_version is not None:
        show_notice(
            f"This is version {version.number}. Version {opened.newer_version} is newer; this link always shows "
            f"version {version.number}."
        )
    people = inputs.who == "people" and opened.cost_rows is not None
    # The total of a small group reveals what one person earns.
    by_person = people or any(group.headcount < FEWEST_PEOPLE for group in inputs.groups)

    def ask() -> None:
        deployment.store().open_link(text, who=actor, now=dt.datetime.now(dt.UTC), already_opened=True)

    visibility = CostVisibility(
        opened.link.people, opened.link.small_teams, by_person=by_person, check_access=ask, link_id=opened.link.id
    )
    table = people_table(opened.people if opened.people is not None else opened.cost_rows)
    request = CostRequest.of(plan, inputs, table)
    report = page.draw(request, visibility, key="shared", tabs=page.SHARED_TABS)
    st.subheader("Assumptions", anchor=False)
    _plan_in_words(opened)
    if report is not None:
        page.assumptions(request, report)
        page.downloads(request, visibility, OpenVersion(version.scenario_id, opened.scenario_name, version.number))
    if actor.may(Right.READ):
        st.button("Open a copy in the Designer", on_click=_take, args=(session, opened), icon=":material/edit:")
    st.html(f'<span data-plan="{plan.hash[:12]}" hidden></span>')
    _watch(text)


def _take(session: EditSession, opened: SharedVersion) -> None:
    try:
        open_version(session, opened.version, opened.scenario_name)
    except CompPlanError as error:
        session.problems["saved"] = error.problems
        return
    forget()


def turn_away(reason: CompPlanError, actor: Actor) -> None:
    """Show the sign-in page where a link is not valid and the visitor has no access to other pages."""
    if isinstance(reason, LinkClosed) and (reason.reason == "sign_in" or not actor.may(Right.READ)):
        sign_in.ask_to_sign_in(actor, str(reason))


def closed(reason: CompPlanError, actor: Actor) -> None:
    """Show why a link cannot be opened, and the button that leads on."""
    show_error(str(reason))
    if not isinstance(reason, LinkClosed):
        st.button("Try again", key="share.again")
    if actor.may(Right.READ):
        st.button("Open compplan", on_click=forget)


def _plan_in_words(opened: SharedVersion) -> None:
    plan = opened.version.plan
    parts: Iterable[str] = (
        f"{plan.measure(c.measure).name}: " + (formats.percent(c.weight) if c.weight is not None else "a rate per unit")
        for c in plan.components
    )
    st.text("This plan pays on " + "; ".join(parts) + ".")


@st.fragment(run_every=_LOOK_AGAIN)
def _watch(text: str) -> None:
    """Check every few seconds that the link is still open, so that a page in view closes with it."""
    opened = open_it(text, sign_in.who())
    if isinstance(opened, LinkClosed) and opened.reason != "throttled":
        st.rerun(scope="app")
