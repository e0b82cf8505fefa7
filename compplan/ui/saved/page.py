"""Saved plans: the list, the versions of one, their differences and their life, links to them, and the trail."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from compplan.access import Actor, Right
from compplan.errors import CompPlanError
from compplan.store import AuditEvent, Scenario, Store, Version, difference
from compplan.ui.host import deployment
from compplan.ui.saved import open_plan, share
from compplan.ui.session import EditSession
from compplan.ui.widgets.html import difference_table, show_error
from compplan.ui.widgets.labels import distinct, verbatim
from compplan.ui.widgets.tables import text_table

_STATUS = {
    "draft": "Draft",
    "submitted": "Submitted",
    "approved": "Approved",
    "in_force": "In force",
    "superseded": "Superseded",
}
_PROBLEM = "saved.problem"
_ARCHIVED = "library.archived"
_BEFORE = "library.everything.before"
_TABS = ("Versions", "Differences", "Links", "Trail", "Everything")
_PAGE = 100
_NARROW = 510  # px, as wide as the text on an empty page
_EVENTS = {"in_force": "put in force", "opened": "link opened", "revoked": "link shut", "rejected": "sent back"}


def today() -> dt.date:
    """The day by which it is told what is in force."""
    return dt.datetime.now(dt.UTC).date()


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything that is saved.

    Attributes
    ----------
    live, archived : tuple of Scenario
        The one that was saved last first.
    problem : str
        Why nothing can be told of it; empty where it can.
    """

    live: tuple[Scenario, ...] = ()
    archived: tuple[Scenario, ...] = ()
    problem: str = ""

    @property
    def names(self) -> dict[str, str]:
        """Names by id."""
        return {each.id: each.name for each in (*self.live, *self.archived)}


def shelf(here: Actor) -> Shelf:
    """What is saved, as it is now."""
    try:
        store = deployment.store()
        return Shelf(store.scenarios(by=here), store.scenarios(by=here, archived=True))
    except CompPlanError as error:
        return Shelf(problem=str(error))


def choose(saved: Shelf, here: Actor) -> Scenario | None:
    """The scenario that is looked at, and what can be done with it as a whole."""
    st.subheader("Saved plans", anchor=False)
    if saved.problem:
        return None
    with_archived = st.toggle("Archived ones too", key=_ARCHIVED)
    found = {each.id: each for each in (*saved.live, *(saved.archived if with_archived else ()))}
    if not found:
        _told()
        return None
    names = distinct({key: each.name for key, each in found.items()})
    key = st.radio(
        "Plan",
        list(found),
        format_func=lambda each: verbatim(names[each]) + (" (archived)" if found[each].archived else ""),
        captions=[
            verbatim(f"{each.head} version{'' if each.head == 1 else 's'}, {each.saved_by.name}, {each.saved:%d %b %Y}")
            for each in found.values()
        ],
        key="library.plan",
        label_visibility="collapsed",
    )
    scenario = found[str(key)]
    if here.may(Right.SAVE):
        _whole(scenario, here)
    _told()
    return scenario


def empty(saved: Shelf, here: Actor) -> None:
    """What the page says while there is no plan to look at: nothing is saved, all is archived, or nobody knows."""
    if saved.problem:
        _failed(saved.problem)
        return
    if saved.archived:
        all_of_them = "The one saved plan is" if len(saved.archived) == 1 else f"All {len(saved.archived):,} plans are"
        told = f"{all_of_them} put away with every version, and can be brought back."
        with _blank("Every saved plan is archived", told):
            st.button("Show what is archived", on_click=_show_archived, key="library.show_archived")
    else:
        _blank(
            "Nothing is saved yet",
            "Save keeps the plan in hand with all its versions: who saved what, when and why. What was saved is never "
            "overwritten.",
        )
    if here.may(Right.AUDIT):
        _everything(saved, here, "Everything that was done")


def _blank(head: str, told: str) -> DeltaGenerator:
    """A page without anything to show: what that means, with room for what can be done."""
    room = st.container(horizontal_alignment="center").container(width=_NARROW)
    room.html(f'<div class="cp-empty"><h2>{html.escape(head)}</h2><p>{html.escape(told)}</p></div>')
    return room


def _failed(reason: str) -> None:
    """The page while the database does not answer."""
    told = "The plan in hand is as it was. Saved plans show once the database answers."
    with _blank("Saved plans cannot be reached", told):
        show_error(reason)
        st.button("Try again", type="primary", key="library.again")


def _show_archived() -> None:
    st.session_state[_ARCHIVED] = True


def draw(session: EditSession, scenario: Scenario, saved: Shelf, here: Actor) -> None:
    """The versions of a scenario, and what belongs to them."""
    try:
        store = deployment.store()
        versions = store.versions(scenario.id, by=here)
    except CompPlanError as error:
        _failed(str(error))
        return
    st.subheader(verbatim(scenario.name), anchor=False)
    names = _TABS if here.may(Right.AUDIT) else _TABS[:-2]
    tabs = dict(zip(names, st.tabs(names, key="library.tab", on_change="rerun"), strict=True))
    for name, tab in tabs.items():
        if tab.open:
            with tab:
                _tab(name, session, scenario, versions, saved, here)


def _tab(
    name: str, session: EditSession, scenario: Scenario, versions: Sequence[Version], saved: Shelf, here: Actor
) -> None:
    match name:
        case "Versions":
            _versions(session, scenario, versions, here)
        case "Differences":
            _differences(versions, here)
        case "Links":
            _links(deployment.store(), scenario, here)
        case "Trail":
            _trail(scenario, saved, here)
        case _:
            _everything(saved, here)


# One scenario as a whole


def _whole(scenario: Scenario, here: Actor) -> None:
    store = deployment.store()
    with st.expander("Rename, duplicate, archive", key="library.whole"):
        name = st.text_input("Name", value=scenario.name, key=f"library.name.{scenario.id}", max_chars=120)
        _button("Rename", lambda: store.rename(scenario.id, name, by=here), f"rename.{scenario.id}")
        _button(
            "Duplicate under this name",
            lambda: store.duplicate(scenario.id, name=name, by=here),
            f"duplicate.{scenario.id}",
        )
        if scenario.archived:
            _button("Bring back", lambda: store.unarchive(scenario.id, by=here), f"unarchive.{scenario.id}")
        else:
            _button("Archive", lambda: store.archive(scenario.id, by=here), f"archive.{scenario.id}")


# Versions and their life


def _versions(session: EditSession, scenario: Scenario, versions: Sequence[Version], here: Actor) -> None:
    rows = [
        (
            str(each.number),
            _status(each),
            each.by.name,
            f"{each.at:%d %b %Y %H:%M} UTC",
            each.name or each.note or "",
            each.plan_hash[:12],
            f"{each.engine} · {each.data[:8]}",
        )
        for each in versions
    ]
    st.html(text_table(("No.", "Status", "By", "When", "Note", "Plan", "Engine · data"), rows))
    number = st.selectbox(
        "Version",
        [each.number for each in versions],
        key=f"library.version.{scenario.id}",
        format_func=lambda n: f"Version {n}",
    )
    version = next(each for each in versions if each.number == number)
    _life(version)
    with st.container(horizontal=True, key="library.steps"):
        _button("Open", lambda: open_plan.take(session, version, scenario.name), f"open.{version.id}", "primary")
        for word, act in _steps(scenario, version, here):
            _button(word, act, f"{word}.{version.id}")
    if version.status(today()) == "submitted" and here.may(Right.APPROVE):
        reason = st.text_input("Why it is sent back", key=f"reason.{version.id}", max_chars=500)
        _button(
            "Send back",
            lambda: deployment.store().reject(scenario.id, version.number, reason, by=here),
            f"reject.{version.id}",
        )
    if version.lifecycle.state == "approved" and version.lifecycle.in_force_from is None and here.may(Right.APPROVE):
        day = st.date_input("In force from", value=today(), key=f"from.{version.id}", format="YYYY-MM-DD")
        _button(
            "Put in force",
            lambda: deployment.store().put_in_force(scenario.id, version.number, on=day, by=here),
            f"force.{version.id}",
        )


def _steps(scenario: Scenario, version: Version, here: Actor) -> list[tuple[str, Callable[[], object]]]:
    """What can be done with a version as it stands, by who is here."""
    store, number = deployment.store(), version.number
    steps: list[tuple[str, Callable[[], object]]] = []
    if here.may(Right.SAVE):
        if number != scenario.head:
            steps.append(("Restore", lambda: store.restore(scenario.id, number, by=here)))
        if version.lifecycle.state == "draft":
            steps.append(("Submit", lambda: store.submit(scenario.id, number, by=here)))
        if version.lifecycle.state == "submitted":
            steps.append(("Withdraw", lambda: store.withdraw(scenario.id, number, by=here)))
    if here.may(Right.APPROVE) and version.lifecycle.state == "submitted":
        steps.append(("Approve", lambda: store.approve(scenario.id, number, by=here)))
    return steps


def _status(version: Version) -> str:
    life, status = version.lifecycle, version.status(today())
    if status == "in_force" and life.in_force_from:
        return f"In force from {life.in_force_from}"
    if status == "approved" and life.in_force_from:
        return f"Approved, in force from {life.in_force_from}"
    return _STATUS[status]


def _life(version: Version) -> None:
    life = version.lifecycle
    told = [
        f"submitted by {life.submitted.name}" if life.submitted else "",
        f"approved by {life.approved.name}" if life.approved else "",
        f"sent back: {life.rejected}" if life.rejected else "",
    ]
    said = "; ".join(each for each in told if each)
    if said:
        st.text(f"Version {version.number} was {said}.")


# What differs, links, the trail


def _differences(versions: Sequence[Version], here: Actor) -> None:
    if len(versions) < 2:
        st.caption("There is one version so far.")
        return
    by_number = {each.number: each for each in versions}
    numbers = list(by_number)
    with st.container(horizontal=True):
        before = st.selectbox("From version", numbers, index=1, key="library.before")
        now = st.selectbox("To version", numbers, index=0, key="library.now")
    try:
        found = difference(by_number[before], by_number[now])
    except CompPlanError as error:
        show_error(str(error))
        return
    cost = found.cost if here.may(Right.COST) else ()
    changes = [*found.changes, *cost, *([found.people] if found.people else [])]
    if not changes:
        st.caption("The two are alike." if found.is_empty else "The plans of the two are alike.")
        return
    st.html(text_table(("", "Before", "Now"), [(c.where, c.before, c.now) for c in changes]))
    if found.changed_amounts:
        st.caption("At target, in money")
        st.html(difference_table(found.changed_amounts, found.currency))


def _links(store: Store, scenario: Scenario, here: Actor) -> None:
    try:
        found = store.links(scenario.id, by=here)
    except CompPlanError as error:
        show_error(str(error))
        return
    if not found:
        st.caption("Nobody has a link to this plan. Share makes one.")
    now = dt.datetime.now(dt.UTC)
    for link in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            closed = "" if link.is_open(now) else ", shut" if link.revoked else ", expired"
            st.text(f"{share.told(link)}{closed}; made by {link.by.name} on {link.at:%d %b %Y}")
            if link.is_open(now) and here.may(Right.SHARE):
                _button("Shut", lambda link=link: store.revoke(link.id, by=here), f"library.shut.{link.id}")


def _trail(scenario: Scenario, saved: Shelf, here: Actor) -> None:
    """What was done to one scenario."""
    try:
        found = deployment.store().audit_log(by=here, scenario_id=scenario.id, limit=_PAGE)
    except CompPlanError as error:
        show_error(str(error))
        return
    rows = [(_when(each), _event(each), _by(each), str(each.version or ""), _detail(each, saved)) for each in found]
    st.html(text_table(("When (UTC)", "What", "Who", "Version", "Detail"), rows))
    if len(found) == _PAGE:
        st.caption(f"The last {_PAGE}; Everything goes back to the first.")


def _everything(saved: Shelf, here: Actor, head: str = "") -> None:
    """What was done on this server, a page at a time, the newest first; under a head only where there is something."""
    before: int | None = st.session_state.get(_BEFORE)
    try:
        found = deployment.store().audit_log(by=here, before=before, limit=_PAGE + 1)
    except CompPlanError as error:
        show_error(str(error))
        return
    if head:
        if not found and before is None:
            return
        st.subheader(head, anchor=False)
    shown = found[:_PAGE]
    names = saved.names
    rows = [
        (
            _when(each),
            _event(each),
            _by(each),
            names.get(each.scenario_id or "", "a plan that is gone" if each.scenario_id else ""),
            str(each.version or ""),
            _detail(each, saved),
        )
        for each in shown
    ]
    if rows:
        st.html(text_table(("When (UTC)", "What", "Who", "Plan", "Version", "Detail"), rows))
    else:
        st.caption("Nothing was done so far." if before is None else "There is nothing earlier.")
    with st.container(horizontal=True, key="library.pages"):
        if len(found) > _PAGE:
            st.button("Earlier", on_click=_turn, args=(shown[-1].id,), key="library.earlier")
        if before is not None:
            st.button("Latest", on_click=_turn, args=(None,), key="library.latest")


def _turn(before: int | None) -> None:
    st.session_state[_BEFORE] = before


def _when(each: AuditEvent) -> str:
    return f"{each.at:%d %b %Y %H:%M:%S}"


def _event(each: AuditEvent) -> str:
    return _EVENTS.get(each.event, each.event.replace("_", " "))


def _by(each: AuditEvent) -> str:
    return each.by.name or "a visitor"


def _detail(each: AuditEvent, saved: Shelf) -> str:
    """The detail of an event in words."""
    given = dict(each.detail)
    parts = [str(given.pop("what"))] if given.get("what") else []
    for key, value in given.items():
        if key == "from" and value in saved.names:
            parts.append(f"from {saved.names[value]}")
        elif value not in (None, "", False):
            parts.append(_said(key.replace("_", " "), value))
    return ", ".join(parts)


def _said(word: str, value: Any) -> str:
    if value is True:
        return word
    if word == "rows":
        return f"{value:,} row{'' if value == 1 else 's'}" if isinstance(value, int) else f"{value} rows"
    if isinstance(value, list):
        return f"{word} {' '.join(map(str, cast('list[Any]', value)))}"
    return f"{word} {str(value).replace('_', ' ') if word == 'audience' else value}"


# Doing and telling


def _button(word: str, act: Callable[[], object], key: str, kind: str = "secondary") -> None:
    def pressed() -> None:
        st.session_state.pop(_PROBLEM, None)
        try:
            act()
        except CompPlanError as error:
            st.session_state[_PROBLEM] = str(error)

    st.button(word, key=f"do.{key}", on_click=pressed, type="primary" if kind == "primary" else "secondary")


def _told() -> None:
    problem = st.session_state.get(_PROBLEM)
    if problem:
        show_error(str(problem))
