"""The controls of the Saved page: which plan is shown, and what can be done with it as a whole."""

from __future__ import annotations

import streamlit as st

from compplan.access import Actor, Right
from compplan.store import Scenario
from compplan.ui.host import deployment
from compplan.ui.saved.session import SHOW_ARCHIVED, SavedPlans, action_button, show_problem
from compplan.ui.widgets.labels import distinct, verbatim


def choose_plan(saved: SavedPlans, actor: Actor) -> Scenario | None:
    """Choose a saved plan; rename, duplicate or archive it."""
    st.subheader("Saved plans", anchor=False)
    if saved.problem:
        return None
    with_archived = st.toggle("Show archived", key=SHOW_ARCHIVED)
    plans = {each.id: each for each in (*saved.active, *(saved.archived if with_archived else ()))}
    if not plans:
        show_problem()
        return None
    names = distinct({key: each.name for key, each in plans.items()})
    key = st.radio(
        "Plan",
        list(plans),
        format_func=lambda each: verbatim(names[each]) + (" (archived)" if plans[each].archived else ""),
        captions=[
            verbatim(f"{each.head} version{'' if each.head == 1 else 's'}, {each.saved_by.name}, {each.saved:%d %b %Y}")
            for each in plans.values()
        ],
        key="library.plan",
        label_visibility="collapsed",
    )
    scenario = plans[str(key)]
    if actor.may(Right.SAVE):
        _plan_actions(scenario, actor)
    show_problem()
    return scenario


def _plan_actions(scenario: Scenario, actor: Actor) -> None:
    store = deployment.store()
    with st.expander("Rename, duplicate, archive", key="library.whole"):
        name = st.text_input("Name", value=scenario.name, key=f"library.name.{scenario.id}", max_chars=120)
        action_button("Rename", lambda: store.rename(scenario.id, name, by=actor), f"rename.{scenario.id}")
        action_button(
            "Duplicate with this name",
            lambda: store.duplicate(scenario.id, name=name, by=actor),
            f"duplicate.{scenario.id}",
        )
        if scenario.archived:
            action_button(
                "Restore from archive", lambda: store.unarchive(scenario.id, by=actor), f"unarchive.{scenario.id}"
            )
        else:
            action_button("Archive", lambda: store.archive(scenario.id, by=actor), f"archive.{scenario.id}")
