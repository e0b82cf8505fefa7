"""What the Saved page works on: the saved plans, and the last problem of a button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from compplan.access import Actor
from compplan.errors import CompPlanError
from compplan.store import Scenario
from compplan.ui.host import deployment
from compplan.ui.widgets.html import show_error

SHOW_ARCHIVED = "library.archived"
_PROBLEM = "saved.problem"


@dataclass(frozen=True, slots=True)
class SavedPlans:
    """All saved plans.

    Attributes
    ----------
    active, archived : tuple of Scenario
        The plan that was saved last comes first.
    problem : str
        Why the plans could not be read; empty where they could.
    """

    active: tuple[Scenario, ...] = ()
    archived: tuple[Scenario, ...] = ()
    problem: str = ""

    @property
    def names(self) -> dict[str, str]:
        """Names of all plans by id."""
        return {plan.id: plan.name for plan in (*self.active, *self.archived)}


def saved_plans(actor: Actor) -> SavedPlans:
    """Read all saved plans."""
    try:
        store = deployment.store()
        return SavedPlans(store.scenarios(by=actor), store.scenarios(by=actor, archived=True))
    except CompPlanError as error:
        return SavedPlans(problem=str(error))


def action_button(label: str, act: Callable[[], object], key: str, *, primary: bool = False) -> None:
    """A button that changes the store; a refusal is shown by `show_problem` in the next run."""

    def pressed() -> None:
        st.session_state.pop(_PROBLEM, None)
        try:
            act()
        except CompPlanError as error:
            st.session_state[_PROBLEM] = str(error)

    st.button(label, key=f"do.{key}", on_click=pressed, type="primary" if primary else "secondary")


def show_problem() -> None:
    """Show why the last button failed, if it did."""
    problem = st.session_state.get(_PROBLEM)
    if problem:
        show_error(str(problem))
