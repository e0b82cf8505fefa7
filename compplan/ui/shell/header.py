"""The header of every page: the open plan, its state, and the menus."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from compplan.ui import navigation
from compplan.ui.host import deployment, sign_in
from compplan.ui.saved import export, open_plan, save, share
from compplan.ui.session import EditSession, edit_session
from compplan.ui.templates import render
from compplan.ui.widgets import fields
from compplan.ui.workspace import notices
from compplan.ui.workspace.work import keep

_MENUS: tuple[tuple[str, str, Callable[[EditSession], None]], ...] = (
    ("Open", ":material/folder_open:", open_plan.menu),
    ("Save", ":material/save:", save.menu),
    ("Share", ":material/link:", share.menu),
    ("Export", ":material/download:", export.menu),
)


def plan_header() -> None:
    """Draw the header, and below it what happened to the open plan, such as that its draft was restored."""
    _head()
    notices.draw(edit_session())


@st.fragment(key="head")
def _head() -> None:
    """Draw the name and state of the open plan, undo and redo, and the menus."""
    session = edit_session()
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        assumed = len(session.plan.about.assumed)
        state = f"{session.origin}, changed" if session.changed else session.origin
        assumptions = "" if not assumed else "1 assumed value" if assumed == 1 else f"{assumed} assumed values"
        st.html(render("shell.brand"))
        navigation.links(sign_in.who())
        st.html(render("shell.plan", session.plan.name, state) + render("shell.assumed", assumptions))
        _rename(session)
        for word, icon, act, there in (
            ("Undo", ":material/undo:", session.undo, session.past),
            ("Redo", ":material/redo:", session.redo, session.future),
        ):
            st.button(word, key=word.lower(), on_click=_and_rerun(act), disabled=not there, icon=icon, type="tertiary")
        for word, icon, draw in _MENUS:
            menu = st.popover(word, icon=icon, key=word.lower(), on_change="rerun")
            if menu.open:
                with menu:
                    draw(session)
        if deployment.team() is not None:
            with st.popover("", icon=":material/person:", key="person"):
                st.text(sign_in.who().name)
                st.button("Sign out", key="sign_out", on_click=st.logout)
    keep()  # sliders run this fragment and not the page


def _rename(session: EditSession) -> None:
    """Draw the button that renames the plan; the name is the one that every page, file and list shows."""
    key = f"{session.field_version}.name"

    def renamed() -> None:
        name = str(st.session_state[key]).strip()
        if not session.edit({"name": name}, field_path="name"):
            session.invalid_entries["name"] = name
        st.rerun()

    menu = st.popover("Rename", icon=":material/edit:", key="rename", type="tertiary", on_change="rerun")
    if menu.open:
        with menu:
            fields.follow(session, key, "name", session.plan.name)
            st.text_input("Plan name", key=key, max_chars=120, on_change=renamed)
            fields.problems_under(session, "name")


def plain_header() -> None:
    """Draw the header of a page without an open plan: the product name and the links to other pages."""
    actor = sign_in.who()
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        st.html(render("shell.brand"))
        navigation.links(actor)


def _and_rerun(act: Callable[[], None]) -> Callable[[], None]:
    """A callback after which the whole page reruns, not only its header."""

    def done() -> None:
        act()
        st.rerun()

    return done
