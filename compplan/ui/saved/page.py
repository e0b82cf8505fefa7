"""The Saved page: the versions of a plan, their differences, its links, and its activity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from compplan.access import Actor, Right
from compplan.errors import CompPlanError
from compplan.store import Scenario, Store, Version, difference
from compplan.ui.host import deployment
from compplan.ui.saved import share
from compplan.ui.saved.activity import draw_activity, draw_all_activity
from compplan.ui.saved.session import SHOW_ARCHIVED, SavedPlans, action_button
from compplan.ui.saved.versions import draw_versions
from compplan.ui.session import EditSession
from compplan.ui.templates import render
from compplan.ui.widgets.html import difference_table, show_error
from compplan.ui.widgets.labels import verbatim
from compplan.ui.widgets.tables import text_table

_TABS = ("Versions", "Differences", "Links", "Activity", "All activity")
_NARROW = 510  # px, as wide as the text on an empty page


def draw_empty(saved: SavedPlans, actor: Actor) -> None:
    """Show why there is no plan to show: none is saved, all are archived, or the database does not answer."""
    if saved.problem:
        _show_unavailable(saved.problem)
        return
    if saved.archived:
        count = len(saved.archived)
        text = (
            "The one saved plan and its versions are archived. You can restore it."
            if count == 1
            else f"All {count:,} saved plans and their versions are archived. You can restore them."
        )
        with _empty_page("Every saved plan is archived", text):
            st.button("Show archived plans", on_click=_show_archived, key="library.show_archived")
    else:
        _empty_page(
            "No saved plans yet",
            "Save keeps every version of a plan: who saved it, when, and why. A saved version is never overwritten.",
        )
    if actor.may(Right.AUDIT):
        draw_all_activity(saved, actor, "All activity")


def _empty_page(title: str, text: str) -> DeltaGenerator:
    """A page without content: a title, a sentence, and room for buttons."""
    room = st.container(horizontal_alignment="center").container(width=_NARROW)
    room.html(render("saved.empty", title, text))
    return room


def _show_unavailable(reason: str) -> None:
    """The page when the database does not answer."""
    text = "Your open plan was not changed. Saved plans appear here again when the database is available."
    with _empty_page("Saved plans are unavailable", text):
        show_error(reason)
        st.button("Try again", type="primary", key="library.again")


def _show_archived() -> None:
    st.session_state[SHOW_ARCHIVED] = True


def draw_plan(session: EditSession, scenario: Scenario, saved: SavedPlans, actor: Actor) -> None:
    """Show a saved plan in tabs."""
    try:
        store = deployment.store()
        versions = store.versions(scenario.id, by=actor)
    except CompPlanError as error:
        _show_unavailable(str(error))
        return
    st.subheader(verbatim(scenario.name), anchor=False)
    names = _TABS if actor.may(Right.AUDIT) else _TABS[:-2]
    tabs = dict(zip(names, st.tabs(names, key="library.tab", on_change="rerun"), strict=True))
    for name, tab in tabs.items():
        if tab.open:
            with tab:
                _tab(name, session, scenario, versions, saved, actor)


def _tab(
    name: str, session: EditSession, scenario: Scenario, versions: Sequence[Version], saved: SavedPlans, actor: Actor
) -> None:
    match name:
        case "Versions":
            draw_versions(session, scenario, versions, actor)
        case "Differences":
            _differences(versions, actor)
        case "Links":
            _links(deployment.store(), scenario, actor)
        case "Activity":
            draw_activity(scenario, saved, actor)
        case _:
            draw_all_activity(saved, actor)


def _differences(versions: Sequence[Version], actor: Actor) -> None:
    if len(versions) < 2:
        st.caption("There is only one version.")
        return
    by_number = {each.number: each for each in versions}
    numbers = list(by_number)
    with st.container(horizontal=True):
        before = st.selectbox("From version", numbers, index=1, key="library.before")
        now = st.selectbox("To version", numbers, index=0, key="library.now")
    try:
        compared = difference(by_number[before], by_number[now])
    except CompPlanError as error:
        show_error(str(error))
        return
    cost = compared.cost if actor.may(Right.COST) else ()
    changes = [*compared.changes, *cost, *([compared.people] if compared.people else [])]
    if not changes:
        st.caption("No differences." if compared.is_empty else "The plans are the same.")
        return
    st.html(text_table(("", "Before", "Now"), [(c.where, c.before, c.now) for c in changes]))
    if compared.changed_amounts:
        st.caption("Pay at target")
        st.html(difference_table(compared.changed_amounts, compared.currency))


def _links(store: Store, scenario: Scenario, actor: Actor) -> None:
    try:
        links = store.links(scenario.id, by=actor)
    except CompPlanError as error:
        show_error(str(error))
        return
    if not links:
        st.caption("No links yet. Create one under Share.")
    now = dt.datetime.now(dt.UTC)
    for link in links:
        with st.container(horizontal=True, vertical_alignment="center"):
            closed = "" if link.is_open(now) else ", turned off" if link.revoked else ", expired"
            st.text(f"{share.link_summary(link)}{closed}; created by {link.by.name} on {link.at:%d %b %Y}")
            if link.is_open(now) and actor.may(Right.SHARE):
                action_button(
                    "Turn off link", lambda link=link: store.revoke(link.id, by=actor), f"library.turn_off.{link.id}"
                )
