"""The activity of saved plans, from the audit log."""

from __future__ import annotations

from typing import Any, cast

import streamlit as st

from compplan.access import Actor
from compplan.errors import CompPlanError
from compplan.store import AuditEvent, Scenario
from compplan.ui.host import deployment
from compplan.ui.saved.session import SavedPlans
from compplan.ui.widgets.html import show_error
from compplan.ui.widgets.tables import text_table

_BEFORE = "library.everything.before"
_PAGE = 100
_EVENTS = {"in_force": "put in force", "opened": "link opened", "revoked": "link turned off", "rejected": "sent back"}


def draw_activity(scenario: Scenario, saved: SavedPlans, actor: Actor) -> None:
    """Show the latest activity on one plan."""
    try:
        events = deployment.store().audit_log(by=actor, scenario_id=scenario.id, limit=_PAGE)
    except CompPlanError as error:
        show_error(str(error))
        return
    rows = [
        (_when(event), _event_name(event), _by(event), str(event.version or ""), _detail(event, saved))
        for event in events
    ]
    st.html(text_table(("When (UTC)", "What", "Who", "Version", "Detail"), rows))
    if len(events) == _PAGE:
        st.caption(f"The latest {_PAGE} entries. All activity has the earlier ones.")


def draw_all_activity(saved: SavedPlans, actor: Actor, title: str = "") -> None:
    """Show the activity on all plans, the newest first, a page at a time; with a title only where there is any."""
    before: int | None = st.session_state.get(_BEFORE)
    try:
        events = deployment.store().audit_log(by=actor, before=before, limit=_PAGE + 1)
    except CompPlanError as error:
        show_error(str(error))
        return
    if title:
        if not events and before is None:
            return
        st.subheader(title, anchor=False)
    shown = events[:_PAGE]
    names = saved.names
    rows = [
        (
            _when(event),
            _event_name(event),
            _by(event),
            names.get(event.scenario_id or "", "deleted plan" if event.scenario_id else ""),
            str(event.version or ""),
            _detail(event, saved),
        )
        for event in shown
    ]
    if rows:
        st.html(text_table(("When (UTC)", "What", "Who", "Plan", "Version", "Detail"), rows))
    else:
        st.caption("No activity yet." if before is None else "No earlier activity.")
    with st.container(horizontal=True, key="library.pages"):
        if len(events) > _PAGE:
            st.button("Earlier", on_click=_show_before, args=(shown[-1].id,), key="library.earlier")
        if before is not None:
            st.button("Latest", on_click=_show_before, args=(None,), key="library.latest")


def _show_before(before: int | None) -> None:
    st.session_state[_BEFORE] = before


def _when(event: AuditEvent) -> str:
    return f"{event.at:%d %b %Y %H:%M:%S}"


def _event_name(event: AuditEvent) -> str:
    return _EVENTS.get(event.event, event.event.replace("_", " "))


def _by(event: AuditEvent) -> str:
    return event.by.name or "a visitor"


def _detail(event: AuditEvent, saved: SavedPlans) -> str:
    """The details of an event in words."""
    detail = dict(event.detail)
    parts = [str(detail.pop("what"))] if detail.get("what") else []
    for key, value in detail.items():
        if key == "from" and value in saved.names:
            parts.append(f"from {saved.names[value]}")
        elif value not in (None, "", False):
            parts.append(_detail_text(key.replace("_", " "), value))
    return ", ".join(parts)


def _detail_text(word: str, value: Any) -> str:
    if value is True:
        return word
    if word == "rows":
        return f"{value:,} row{'' if value == 1 else 's'}" if isinstance(value, int) else f"{value} rows"
    if isinstance(value, list):
        return f"{word} {' '.join(map(str, cast('list[Any]', value)))}"
    return f"{word} {str(value).replace('_', ' ') if word == 'audience' else value}"
