"""The head of every page: the plan in hand, its state, and what can be done with it."""

from __future__ import annotations

import html
from collections.abc import Callable

import streamlit as st

from compplan.errors import CompPlanError
from compplan.ui import navigation
from compplan.ui.host import deployment, sign_in
from compplan.ui.saved import export, open_plan, save, share
from compplan.ui.session import EditSession, edit_session

_MENUS: tuple[tuple[str, str, Callable[[EditSession], None]], ...] = (
    ("Open", ":material/folder_open:", open_plan.menu),
    ("Save", ":material/save:", save.menu),
    ("Share", ":material/link:", share.menu),
    ("Export", ":material/download:", export.menu),
)


def plan_header() -> None:
    """The plan of the address is taken in hand; then the head, and why that plan could not be opened, if so."""
    refused = _open_link(edit_session())
    _head()
    if refused:
        st.html(f'<p class="cp-problem cp-broken" role="alert">{html.escape(refused)}</p>')


@st.fragment(key="head")
def _head() -> None:
    """Name and state of the plan in hand, and what can be done with it."""
    session = edit_session()
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        assumed = len(session.plan.about.assumed)
        state = f"{session.origin}, changed" if session.changed else session.origin
        told = f"{assumed} figures or parts assumed" if assumed else ""
        st.html('<div class="cp-brand">compplan</div>')
        navigation.links(sign_in.who())
        st.html(
            f'<h1 class="cp-plan">{html.escape(session.plan.name)} <span>{html.escape(state)}</span></h1>'
            f'<em class="cp-assumed" title="What its source does not give: see Source">{told}</em>'
        )
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


def plain_header() -> None:
    """The head of a page on which no plan is in hand: where one is, and the way to the other pages."""
    here = sign_in.who()
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        st.html('<div class="cp-brand">compplan</div>')
        navigation.links(here)


def _and_rerun(act: Callable[[], None]) -> Callable[[], None]:
    """A callback after which the whole page is drawn, not only its head."""

    def done() -> None:
        act()
        st.rerun()

    return done


def _open_link(session: EditSession) -> str | None:
    """Open the plan of the address, once; the sentence that says why it could not be opened, if so."""
    from compplan.plan.links import decode

    query = st.query_params.get("plan")
    if query is None:
        return st.session_state.get("link_problem")
    if st.session_state.get("link") != query:
        st.session_state["link"] = query
        st.session_state.pop("link_problem", None)
        try:
            session.open(decode(query), "link")
            session.past.clear()
        except CompPlanError as error:
            st.session_state["link_problem"] = str(error)
    return st.session_state.get("link_problem")
