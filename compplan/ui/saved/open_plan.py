"""What the Open menu does: a template, a plan file, or a saved plan is taken in hand."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath

import streamlit as st

from compplan import templates
from compplan.access import Right
from compplan.errors import CompPlanError
from compplan.plan import Plan
from compplan.plan.files import read_bytes
from compplan.store import Scenario, Version
from compplan.ui.host import deployment, sign_in
from compplan.ui.people import people_table
from compplan.ui.session import EditSession, OpenVersion


def menu(session: EditSession) -> None:
    """What can be opened."""
    _saved(session)
    _template(session)
    st.file_uploader(
        "A plan file of yours (YAML or JSON)", key="file", max_upload_size=1, on_change=lambda: _upload(session)
    )
    for problem in session.problems.get("file", ()):
        st.html(f'<p class="cp-problem" role="alert">{html.escape(str(problem))}</p>')
    if session.problems.get("file"):
        st.caption("The plan in hand is as it was.")


def take(session: EditSession, version: Version, name: str) -> None:
    """Take a saved version in hand, with the assumptions of cost and the people that it was saved with.

    Raises
    ------
    CompPlanError
        If the plan is not what was saved, or this program no longer takes it.
    """
    here, people = sign_in.who(), None
    if version.has_people and here.may(Right.PEOPLE):
        people = people_table(deployment.store().people(version, by=here))
    unseen = version.people if people is None else 0
    open_version = OpenVersion(version.scenario_id, name, version.number, dict(version.cost), unseen)
    session.open(version.plan, f"version {version.number}", open_version, people)


def labels(scenarios: Iterable[Scenario]) -> dict[str, str]:
    """What to call saved plans in a list, by id; two of one name are told apart."""
    known = {each.id: each for each in scenarios}
    told = {key: f"{each.name} · version {each.head}, {each.saved:%d %b %Y}" for key, each in known.items()}
    twice = {text for text, count in Counter(told.values()).items() if count > 1}
    return {
        key: f"{text}, {known[key].saved:%H:%M:%S} by {known[key].saved_by.name} ({key[:4]})" if text in twice else text
        for key, text in told.items()
    }


def _saved(session: EditSession) -> None:
    here = sign_in.who()
    if not here.may(Right.READ):
        return
    try:
        found = {scenario.id: scenario for scenario in deployment.store().scenarios(by=here)}
    except CompPlanError as error:
        st.caption(f"Saved plans cannot be reached: {error}")
        return
    if not found:
        st.caption("Nothing is saved yet; Save keeps the plan in hand.")
        return

    def open_saved() -> None:
        # A label that a browser still has from before is no key: somebody saved meanwhile.
        scenario = found.get(str(st.session_state["saved"]))
        st.session_state["saved"] = None
        if scenario is None:
            return
        session.problems.pop("saved", None)
        try:
            take(session, deployment.store().version(scenario.id, by=here), scenario.name)
        except CompPlanError as error:
            session.problems["saved"] = error.problems
            return
        st.rerun()

    st.selectbox(
        "A saved plan, its newest version",
        list(found),
        index=None,
        format_func=labels(found.values()).__getitem__,
        placeholder="Choose a saved plan",
        key="saved",
        on_change=open_saved,
    )
    for problem in session.problems.get("saved", ()):
        st.html(f'<p class="cp-problem" role="alert">{html.escape(str(problem))}</p>')


def _template(session: EditSession) -> None:
    known = {key: templates.describe(key) for key in templates.keys()}  # noqa: SIM118

    def open_template() -> None:
        session.open(templates.load(str(st.session_state["template"])), "template")
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
