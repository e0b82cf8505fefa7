"""The versions of a saved plan: the list, and how one is approved and put in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from compplan.access import Actor, Right
from compplan.clock import utc_today
from compplan.store import Scenario, Version
from compplan.ui.host import deployment
from compplan.ui.saved.session import action_button
from compplan.ui.session import EditSession
from compplan.ui.widgets.tables import text_table
from compplan.ui.widgets.versions import open_version

_STATUS = {
    "draft": "Draft",
    "submitted": "Submitted",
    "approved": "Approved",
    "in_force": "In force",
    "superseded": "Superseded",
}


def draw_versions(session: EditSession, scenario: Scenario, versions: Sequence[Version], actor: Actor) -> None:
    """List the versions of a plan, and open, approve or put one in force."""
    rows = [
        (
            str(version.number),
            _status(version),
            version.by.name,
            f"{version.at:%d %b %Y %H:%M} UTC",
            version.name or version.note or "",
            version.plan_hash[:12],
            f"{version.engine} · {version.data[:8]}",
        )
        for version in versions
    ]
    st.html(text_table(("No.", "Status", "By", "When", "Note", "Plan", "Version info"), rows))
    number = st.selectbox(
        "Version",
        [version.number for version in versions],
        key=f"library.version.{scenario.id}",
        format_func=lambda n: f"Version {n}",
    )
    version = next(version for version in versions if version.number == number)
    _show_history(version)
    with st.container(horizontal=True, key="library.steps"):
        action_button("Open", lambda: open_version(session, version, scenario.name), f"open.{version.id}", primary=True)
        for word, act in _next_steps(scenario, version, actor):
            action_button(word, act, f"{word}.{version.id}")
    if version.status(utc_today()) == "submitted" and actor.may(Right.APPROVE):
        reason = st.text_input("Reason for sending it back", key=f"reason.{version.id}", max_chars=500)
        action_button(
            "Send back",
            lambda: deployment.store().reject(scenario.id, version.number, reason, by=actor),
            f"reject.{version.id}",
        )
    if version.lifecycle.state == "approved" and version.lifecycle.in_force_from is None and actor.may(Right.APPROVE):
        day = st.date_input("In force from", value=utc_today(), key=f"from.{version.id}", format="YYYY-MM-DD")
        action_button(
            "Put in force",
            lambda: deployment.store().put_in_force(scenario.id, version.number, on=day, by=actor),
            f"force.{version.id}",
        )


def _next_steps(scenario: Scenario, version: Version, actor: Actor) -> list[tuple[str, Callable[[], object]]]:
    """The buttons for the next steps of a version that this person may take."""
    store, number = deployment.store(), version.number
    buttons: list[tuple[str, Callable[[], object]]] = []
    if actor.may(Right.SAVE):
        if number != scenario.head:
            buttons.append(("Restore", lambda: store.restore(scenario.id, number, by=actor)))
        if version.lifecycle.state == "draft":
            buttons.append(("Submit", lambda: store.submit(scenario.id, number, by=actor)))
        if version.lifecycle.state == "submitted":
            buttons.append(("Withdraw", lambda: store.withdraw(scenario.id, number, by=actor)))
    if actor.may(Right.APPROVE) and version.lifecycle.state == "submitted":
        buttons.append(("Approve", lambda: store.approve(scenario.id, number, by=actor)))
    return buttons


def _status(version: Version) -> str:
    life, status = version.lifecycle, version.status(utc_today())
    if status == "in_force" and life.in_force_from:
        return f"In force from {life.in_force_from}"
    if status == "approved" and life.in_force_from:
        return f"Approved, in force from {life.in_force_from}"
    return _STATUS[status]


def _show_history(version: Version) -> None:
    life = version.lifecycle
    history = [
        f"submitted by {life.submitted.name}" if life.submitted else "",
        f"approved by {life.approved.name}" if life.approved else "",
        f"sent back: {life.rejected}" if life.rejected else "",
    ]
    text = "; ".join(entry for entry in history if entry)
    if text:
        st.text(f"Version {version.number} was {text}.")
