"""The drafts of a person: changes that no saved plan has, to be opened or discarded."""

from __future__ import annotations

import streamlit as st

from compplan.access import Actor, Right
from compplan.errors import CompPlanError
from compplan.store import Draft
from compplan.ui.host import deployment
from compplan.ui.saved.session import action_button
from compplan.ui.widgets.html import show_error
from compplan.ui.widgets.labels import verbatim
from compplan.ui.workspace.work import open_draft, work

_PROBLEM = "drafts.problem"


def other_drafts(actor: Actor) -> tuple[Draft, ...]:
    """The drafts with unsaved changes that this session does not edit, the newest first.

    Raises
    ------
    CompPlanError
        If the database does not answer.
    """
    if not actor.may(Right.SAVE):
        return ()
    return tuple(draft for draft in deployment.store().drafts(by=actor) if draft.unsaved and draft.id != work().file.id)


def label(draft: Draft) -> str:
    """The name of a draft and when it was last changed."""
    return f"{draft.name} · {draft.at:%d %b %Y, %H:%M} UTC"


def reopen(draft_id: str, actor: Actor) -> None:
    """Open a draft in this session; where that fails, the reason is shown with the list."""
    st.session_state.pop(_PROBLEM, None)
    try:
        store = deployment.store()
        open_draft(store.draft(draft_id, by=actor), store, actor)
    except CompPlanError as error:
        st.session_state[_PROBLEM] = str(error)


def show_problem() -> None:
    """Show why the last draft could not be opened, if so."""
    problem = st.session_state.get(_PROBLEM)
    if problem:
        show_error(str(problem))


def draw_drafts(actor: Actor) -> None:
    """List the other drafts of this person, with what can be done with each."""
    try:
        drafts = other_drafts(actor)
    except CompPlanError:
        return  # the page says that the database does not answer
    if not drafts:
        show_problem()
        return
    st.subheader("Unsaved drafts", anchor=False)
    for draft in drafts:
        with st.container(horizontal=True, vertical_alignment="center", key=f"draft_{draft.id}"):
            st.text(label(draft))
            st.button("Open", key=f"draft.open.{draft.id}", on_click=reopen, args=(draft.id, actor))
            action_button(
                verbatim("Discard"), lambda draft=draft: deployment.store().discard_draft(draft.id, by=actor),
                f"draft.discard.{draft.id}",
            )  # fmt: skip
    st.caption("Only you see your drafts. Save one to keep its versions and to share it.")
    show_problem()
