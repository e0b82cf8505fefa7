"""The Open menu: a saved plan, a template, or a plan file."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from compplan import templates
from compplan.access import Right
from compplan.errors import CompPlanError
from compplan.plan import Plan
from compplan.plan.files import read_bytes
from compplan.ui.host import deployment, sign_in
from compplan.ui.saved import drafts
from compplan.ui.session import EditSession
from compplan.ui.widgets.html import show_problems
from compplan.ui.widgets.labels import distinct
from compplan.ui.widgets.versions import open_version, plan_labels


def menu(session: EditSession) -> None:
    """Draw the menu."""
    _drafts()
    _saved(session)
    _template(session)
    st.file_uploader(
        "Open a plan file (YAML or JSON)", key="file", max_upload_size=1, on_change=lambda: _upload(session)
    )
    show_problems(session.problems.get("file", ()))
    if session.problems.get("file"):
        st.caption("Your open plan was not changed.")


def _drafts() -> None:
    actor = sign_in.who()
    try:
        by_id = {draft.id: draft for draft in drafts.other_drafts(actor)}
    except CompPlanError:
        return  # said under saved plans
    if not by_id:
        return

    def open_chosen() -> None:
        chosen = str(st.session_state["open.draft"])
        st.session_state["open.draft"] = None
        drafts.reopen(chosen, actor)
        st.rerun()

    names = distinct({key: drafts.label(draft) for key, draft in by_id.items()})
    st.selectbox(
        "Open an unsaved draft",
        list(by_id),
        index=None,
        format_func=names.__getitem__,
        placeholder="Choose a draft",
        key="open.draft",
        on_change=open_chosen,
    )
    drafts.show_problem()


def _saved(session: EditSession) -> None:
    actor = sign_in.who()
    if not actor.may(Right.READ):
        return
    try:
        by_id = {scenario.id: scenario for scenario in deployment.store().scenarios(by=actor)}
    except CompPlanError as error:
        st.caption(f"Saved plans are unavailable: {error}")
        return
    if not by_id:
        st.caption("No saved plans yet.")
        return

    def open_saved() -> None:
        # The browser may still show the label of an earlier version, which is not an option any more.
        scenario = by_id.get(str(st.session_state["saved"]))
        st.session_state["saved"] = None
        if scenario is None:
            return
        session.problems.pop("saved", None)
        try:
            open_version(session, deployment.store().version(scenario.id, by=actor), scenario.name)
        except CompPlanError as error:
            session.problems["saved"] = error.problems
            return
        st.rerun()

    st.selectbox(
        "Open a saved plan (latest version)",
        list(by_id),
        index=None,
        format_func=plan_labels(by_id.values()).__getitem__,
        placeholder="Choose a saved plan",
        key="saved",
        on_change=open_saved,
    )
    show_problems(session.problems.get("saved", ()))


def _template(session: EditSession) -> None:
    described = {key: templates.describe(key) for key in templates.keys()}  # noqa: SIM118

    def open_template() -> None:
        session.open(templates.load(str(st.session_state["template"])), "template")
        st.rerun()

    st.selectbox(
        "Start from a template",
        list(described),
        index=None,
        format_func=lambda key: f"{described[key].name} · {described[key].source_label}",
        placeholder="Choose a template",
        key="template",
        on_change=open_template,
    )


def _upload(session: EditSession) -> None:
    file = st.session_state.get("file")
    if file is None:
        session.problems.pop("file", None)
    else:
        try:
            suffix = PurePath(file.name).suffix.lower()
            session.open(Plan.from_dict(read_bytes(file.getvalue(), suffix)), "file")
        except CompPlanError as error:
            session.problems["file"] = error.problems
    st.rerun()
