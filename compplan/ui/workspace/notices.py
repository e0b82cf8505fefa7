"""Messages below the header about the open plan: not opened, restored, changed in another tab, not kept."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from compplan.access import Right
from compplan.errors import CompPlanError
from compplan.ui.host import deployment, sign_in
from compplan.ui.session import EditSession
from compplan.ui.widgets.html import show_error, show_notice
from compplan.ui.workspace.work import Restored, discard, open_draft, work


def draw(session: EditSession) -> None:
    """Draw the messages, each with what can be done about it."""
    current = work()
    if current.problem:
        show_error(current.problem)
    if current.restored is not None:
        _message(
            "restored", _restored(current.restored), {"Discard draft": lambda: discard(session), "Dismiss": _close}
        )
    if current.file.copied is not None:
        _message(
            "copied",
            f"This plan was changed in another tab too ({current.file.copied:%H:%M} UTC). Nothing was overwritten: "
            "this tab goes on in a copy of the draft.",
            {"Open the other tab's version": _open_original, "Dismiss": _close_copied},
        )
    if current.file.problem and sign_in.who().may(Right.SAVE):
        show_error(
            f"Your changes aren't being kept. {current.file.problem} The address of this page contains the plan; you "
            "can also download the plan file under Export."
        )


def _restored(restored: Restored) -> str:
    text = f"Draft restored. Its last change was on {restored.at:%d %b %Y at %H:%M} UTC."
    if restored.files:
        text += f" Upload again: {', '.join(restored.files)}. Files aren't kept with drafts."
    return text


def _message(key: str, text: str, actions: dict[str, Callable[[], None]]) -> None:
    with st.container(key=f"notice_{key}", horizontal=True, vertical_alignment="center"):
        show_notice(text)
        for place, (label, act) in enumerate(actions.items()):
            st.button(label, key=f"notice.{key}.{place}", on_click=act, type="tertiary")


def _close() -> None:
    work().restored = None


def _close_copied() -> None:
    work().file.copied = None


def _open_original() -> None:
    actor, file = sign_in.who(), work().file
    try:
        store = deployment.store()
        open_draft(store.draft(file.original, by=actor), store, actor)
    except CompPlanError as error:
        work().problem = str(error)
