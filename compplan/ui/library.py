"""Saved plans: the list, the versions of one, their differences and their life, links to them, and the trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import streamlit as st

from compplan.access import Actor, Right
from compplan.errors import CompPlanError
from compplan.store import Scenario, Store, Version, difference
from compplan.ui import deployment, market_views, opening, share_menu, views
from compplan.ui.state import Hand

_STATUS = {
    "draft": "Draft",
    "submitted": "Submitted",
    "approved": "Approved",
    "in_force": "In force",
    "superseded": "Superseded",
}
_PROBLEM = "saved.problem"
_TABS = ("Versions", "Differences", "Links", "Trail")


def today() -> dt.date:
    """The day by which it is told what is in force."""
    return dt.datetime.now(dt.UTC).date()


def choose(here: Actor) -> Scenario | None:
    """The scenario that is looked at, and what can be done with it as a whole."""
    st.subheader("Saved plans", anchor=False)
    archived = st.toggle("Archived ones too", key="library.archived")
    try:
        found = {each.id: each for each in deployment.store().scenarios(by=here, archived=archived)}
    except CompPlanError as error:
        views.problem(str(error))
        return None
    if not found:
        return None
    key = st.radio(
        "Plan",
        list(found),
        format_func=lambda each: found[each].name + (" (archived)" if found[each].archived else ""),
        captions=[
            f"{each.head} version{'' if each.head == 1 else 's'}, {each.saved_by.name}, {each.saved:%d %b %Y}"
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


def empty() -> None:
    """What the page says while nothing is saved."""
    st.html(
        '<div class="cp-empty"><h2>Nothing is saved yet</h2><p>Save keeps the plan in hand with all its versions: who '
        "saved what, when and why. What was saved is never overwritten.</p></div>"
    )


def draw(hand: Hand, scenario: Scenario, here: Actor) -> None:
    """The versions of a scenario, and what belongs to them."""
    store = deployment.store()
    try:
        versions = store.versions(scenario.id, by=here)
    except CompPlanError as error:
        views.problem(str(error))
        return
    st.subheader(scenario.name, anchor=False)
    names = _TABS if here.may(Right.AUDIT) else _TABS[:-1]
    tabs = dict(zip(names, st.tabs(names, key="library.tab", on_change="rerun"), strict=True))
    if tabs["Versions"].open:
        with tabs["Versions"]:
            _versions(hand, scenario, versions, here)
    if tabs["Differences"].open:
        with tabs["Differences"]:
            _differences(versions)
    if tabs["Links"].open:
        with tabs["Links"]:
            _links(store, scenario, here)
    if "Trail" in tabs and tabs["Trail"].open:
        with tabs["Trail"]:
            _trail(store, scenario, here)


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


def _versions(hand: Hand, scenario: Scenario, versions: Sequence[Version], here: Actor) -> None:
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
    st.html(market_views.text_table(("No.", "Status", "By", "When", "Note", "Plan", "Engine · data"), rows))
    number = st.selectbox(
        "Version",
        [each.number for each in versions],
        key=f"library.version.{scenario.id}",
        format_func=lambda n: f"Version {n}",
    )
    version = next(each for each in versions if each.number == number)
    _life(version)
    with st.container(horizontal=True, key="library.steps"):
        _button("Open", lambda: opening.take(hand, version, scenario.name), f"open.{version.id}", "primary")
        for word, act in _steps(scenario, version, here):
            _button(word, act, f"{word}.{version.id}")
    if version.status(today()) == "submitted" and here.may(Right.APPROVE):
        reason = st.text_input("Why it is sent back", key=f"reason.{version.id}", max_chars=500)
        _button(
            "Send back",
            lambda: deployment.store().reject(scenario.id, version.number, reason, by=here),
            f"reject.{version.id}",
        )
    if version.life.state == "approved" and version.life.in_force_from is None and here.may(Right.APPROVE):
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
        if version.life.state == "draft":
            steps.append(("Submit", lambda: store.submit(scenario.id, number, by=here)))
        if version.life.state == "submitted":
            steps.append(("Withdraw", lambda: store.withdraw(scenario.id, number, by=here)))
    if here.may(Right.APPROVE) and version.life.state == "submitted":
        steps.append(("Approve", lambda: store.approve(scenario.id, number, by=here)))
    return steps


def _status(version: Version) -> str:
    life, status = version.life, version.status(today())
    if status == "in_force" and life.in_force_from:
        return f"In force from {life.in_force_from}"
    if status == "approved" and life.in_force_from:
        return f"Approved, in force from {life.in_force_from}"
    return _STATUS[status]


def _life(version: Version) -> None:
    life = version.life
    told = [
        f"submitted by {life.submitted.name}" if life.submitted else "",
        f"approved by {life.approved.name}" if life.approved else "",
        f"sent back: {life.rejected}" if life.rejected else "",
    ]
    said = "; ".join(each for each in told if each)
    if said:
        st.text(f"Version {version.number} was {said}.")


# What differs, links, the trail


def _differences(versions: Sequence[Version]) -> None:
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
        views.problem(str(error))
        return
    if found.nothing:
        st.caption("The two are alike.")
        return
    changes = [*found.words, *found.cost, *([found.people] if found.people else [])]
    st.html(market_views.text_table(("", "Before", "Now"), [(c.where, c.before, c.now) for c in changes]))
    if found.moved:
        st.caption("At target, in money")
        st.html(views.difference_table(found.moved, found.currency))


def _links(store: Store, scenario: Scenario, here: Actor) -> None:
    try:
        found = store.links(scenario.id, by=here)
    except CompPlanError as error:
        views.problem(str(error))
        return
    if not found:
        st.caption("Nobody has a link to this plan. Share makes one.")
    now = dt.datetime.now(dt.UTC)
    for link in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            closed = "" if link.is_open(now) else ", shut" if link.revoked else ", expired"
            st.text(f"{share_menu.told(link)}{closed}; made by {link.by.name} on {link.at:%d %b %Y}")
            if link.is_open(now) and here.may(Right.SHARE):
                _button("Shut", lambda link=link: store.revoke(link.id, by=here), f"library.shut.{link.id}")


def _trail(store: Store, scenario: Scenario, here: Actor) -> None:
    try:
        found = store.trail(by=here, scenario_id=scenario.id)
    except CompPlanError as error:
        views.problem(str(error))
        return
    rows = [
        (
            f"{each.at:%d %b %Y %H:%M:%S}",
            each.event.replace("_", " "),
            each.by.name or "a visitor",
            str(each.version or ""),
        )
        for each in found
    ]
    st.html(market_views.text_table(("When (UTC)", "What", "Who", "Version"), rows))


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
        views.problem(str(problem))
