"""The head of every page: the plan in hand, its state, and what can be done with it."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import PurePath
from urllib.parse import urlsplit

import streamlit as st

from compplan import templates
from compplan.errors import CompPlanError
from compplan.plan import Plan
from compplan.plan.files import read_bytes
from compplan.sharing import encode
from compplan.ui import gate, places
from compplan.ui.state import Hand
from compplan.ui.state import hand as plan_in_hand


@st.fragment(key="head")
def plan_header() -> None:
    """Name and state of the plan in hand, and undo, redo, open and share."""
    hand = plan_in_hand()
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        assumed = len(hand.plan.about.assumed)
        state = f"{hand.origin}, changed" if hand.changed else hand.origin
        told = f"{assumed} figures or parts assumed" if assumed else ""
        st.html('<div class="cp-brand">compplan</div>')
        places.links(gate.who())
        st.html(
            f'<h1 class="cp-plan">{html.escape(hand.plan.name)} <span>{html.escape(state)}</span></h1>'
            f'<em class="cp-assumed" title="What its source does not give: see Source">{told}</em>'
        )
        st.button(
            "Undo",
            key="undo",
            on_click=_and_rerun(hand.undo),
            disabled=not hand.past,
            icon=":material/undo:",
            type="tertiary",
        )
        st.button(
            "Redo",
            key="redo",
            on_click=_and_rerun(hand.redo),
            disabled=not hand.future,
            icon=":material/redo:",
            type="tertiary",
        )
        opener = st.popover("Open", icon=":material/folder_open:", key="open", on_change="rerun")
        if opener.open:
            with opener:
                _open(hand)
        sharer = st.popover("Share", icon=":material/link:", key="share", on_change="rerun")
        if sharer.open:
            with sharer:
                _share(hand)


def _and_rerun(act: Callable[[], None]) -> Callable[[], None]:
    """A callback after which the whole page is drawn, not only its head."""

    def done() -> None:
        act()
        st.rerun()

    return done


def _open(hand: Hand) -> None:
    known = {key: templates.describe(key) for key in templates.keys()}  # noqa: SIM118

    def open_template() -> None:
        key = str(st.session_state["template"])
        hand.open(templates.load(key), "template")
        st.rerun()

    st.selectbox(
        "A published plan or one built on what a source says",
        list(known),
        index=None,
        format_func=lambda key: f"{known[key].name} · {known[key].source_label}",
        placeholder="Choose a template",
        key="template",
        on_change=open_template,
    )
    st.file_uploader(
        "A plan file of yours (YAML or JSON)",
        key="file",
        max_upload_size=1,
        on_change=_and_rerun(lambda: _upload(hand)),
    )
    for problem in hand.problems.get("file", ()):
        st.html(f'<p class="cp-problem" role="alert">{html.escape(str(problem))}</p>')
    if hand.problems.get("file"):
        st.caption("The plan in hand is as it was.")


def _upload(hand: Hand) -> None:
    file = st.session_state.get("file")
    if file is None:
        hand.problems.pop("file", None)
        return
    try:
        suffix = PurePath(file.name).suffix.lower()
        hand.open(Plan.from_dict(read_bytes(file.getvalue(), suffix)), "file")
    except CompPlanError as error:
        hand.problems["file"] = error.problems


def _share(hand: Hand) -> None:
    try:
        query = encode(hand.plan)
    except CompPlanError as error:
        st.html(f'<p class="cp-problem" role="alert">{html.escape(str(error))}</p>')
    else:
        here = urlsplit(st.context.url or "http://127.0.0.1:8501/")
        st.caption("This link carries the whole plan and nothing else. It opens wherever this app runs.")
        st.code(f"{here.scheme}://{here.netloc}{here.path or '/'}?plan={query}", language=None, wrap_lines=True)
        if here.hostname in ("127.0.0.1", "localhost"):
            st.caption("This app runs on your machine: for somebody else, send the file, or the part after ?plan=.")
    st.download_button(
        "Plan file (YAML)",
        hand.plan.to_yaml(),
        file_name="plan.yaml",
        mime="application/yaml",
        on_click="ignore",
        icon=":material/download:",
    )


def open_link(hand: Hand) -> str | None:
    """Open the plan of the address, once; the sentence that says why it could not be opened, if so."""
    from compplan.sharing import decode

    query = st.query_params.get("plan")
    if query is None:
        return st.session_state.get("link_problem")
    if st.session_state.get("link") != query:
        st.session_state["link"] = query
        st.session_state.pop("link_problem", None)
        try:
            hand.open(decode(query), "link")
            hand.past.clear()
        except CompPlanError as error:
            st.session_state["link_problem"] = str(error)
    return st.session_state.get("link_problem")
