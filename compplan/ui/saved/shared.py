"""What a share link opens: one saved version, read-only, with what its owner shows and nothing else."""

from __future__ import annotations

import datetime as dt
import html
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
from compplan.ui.saved import open_plan
from compplan.ui.session import EditSession, OpenVersion
from compplan.ui.widgets.html import show_error

_COUNTED = "compplan.share_counted"
_LOOK_AGAIN = 15  # s until an open page asks whether its link still is


def token() -> str | None:
    """The token of the address."""
    return st.query_params.get(sign_in.SHARE)


def forget() -> None:
    """Leave the link: the page is that of the plan in hand again."""
    st.query_params.pop(sign_in.SHARE, None)


def open_it(text: str, here: Actor) -> SharedVersion | LinkClosed | CompPlanError:
    """What the link leads to, or why it leads nowhere; asked anew in each run, so that a link that is shut is shut."""
    client = client_key(st.context.ip_address or "127.0.0.1")
    counted = st.session_state.get(_COUNTED) == text
    try:
        # Whoever has it open already tries no link, and is kept out by nobody's wrong ones.
        with nullcontext() if counted else deployment.throttle().guard(client):
            found = deployment.store().open_link(text, who=here, now=dt.datetime.now(dt.UTC), again=counted)
    except CompPlanError as error:
        return error
    st.session_state[_COUNTED] = text
    return found


def draw(found: SharedVersion, session: EditSession, here: Actor, text: str) -> None:
    """The page of a link: the plan's cost with nothing left to set."""
    version = found.version
    try:
        plan = version.plan
        inputs = CostInputs.of(plan, version.cost)
    except CompPlanError as error:
        show_error(f"What this link leads to cannot be read: {error}")
        return
    made = f"version {version.number}, saved by {html.escape(version.by.name)} on {version.at:%d %b %Y}"
    st.html(f'<h1 class="cp-plan">{html.escape(plan.name)} <span>{made}</span></h1>')
    if found.newer_version is not None:
        st.html(
            f'<p class="cp-notice" role="status">This is version {version.number}. A newer one exists, version '
            f"{found.newer_version}; this link stays with the one it was made for.</p>"
        )
    people = inputs.who == "people" and found.cost_rows is not None
    # A small group is as good as a person.
    by_person = people or any(group.headcount < FEWEST_PEOPLE for group in inputs.groups)

    def ask() -> None:
        deployment.store().open_link(text, who=here, now=dt.datetime.now(dt.UTC), again=True)

    visibility = CostVisibility(
        found.link.people, found.link.small_teams, by_person=by_person, check_access=ask, link_id=found.link.id
    )
    table = people_table(found.people if found.people is not None else found.cost_rows)
    request = CostRequest.of(plan, inputs, table)
    report = page.draw(request, visibility, key="shared", tabs=page.SHARED_TABS)
    st.subheader("Assumptions", anchor=False)
    _plan_in_words(found)
    if report is not None:
        page.assumptions(request, report)
        page.downloads(request, visibility, OpenVersion(version.scenario_id, found.scenario_name, version.number))
    if here.may(Right.READ):
        st.button("Take this plan in hand", on_click=_take, args=(session, found), icon=":material/edit:")
    st.html(f'<span data-plan="{plan.hash[:12]}" hidden></span>')
    _watch(text)


def _take(session: EditSession, found: SharedVersion) -> None:
    try:
        open_plan.take(session, found.version, found.scenario_name)
    except CompPlanError as error:
        session.problems["saved"] = error.problems
        return
    forget()


def turn_away(reason: CompPlanError, here: Actor) -> None:
    """Ask somebody to sign in whom a link that leads nowhere leaves with nothing to see; others go on."""
    if isinstance(reason, LinkClosed) and (reason.reason == "sign_in" or not here.may(Right.READ)):
        sign_in.ask_to_sign_in(here, str(reason))


def closed(reason: CompPlanError, here: Actor) -> None:
    """A link that leads nowhere, or cannot be followed now: a sentence, and the way on."""
    show_error(str(reason))
    if not isinstance(reason, LinkClosed):
        st.button("Try again", key="share.again")
    if here.may(Right.READ):
        st.button("Go on with the plan in hand", on_click=forget)


def _plan_in_words(found: SharedVersion) -> None:
    plan = found.version.plan
    parts: Iterable[str] = (
        f"{plan.measure(c.measure).name}: "
        + (formats.percent(c.weight) if c.weight is not None else "a rate on each unit")
        for c in plan.components
    )
    st.text("The plan pays on " + "; ".join(parts) + ".")


@st.fragment(run_every=_LOOK_AGAIN)
def _watch(text: str) -> None:
    """Ask now and then whether the link is still open, so that a page in view ends with it."""
    found = open_it(text, sign_in.who())
    if isinstance(found, LinkClosed) and found.reason != "throttled":
        st.rerun(scope="app")
