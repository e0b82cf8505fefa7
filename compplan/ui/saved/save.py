"""What the Save menu does: a version more, or a plan of its own; and what happens when somebody else was quicker."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from compplan.access import Right
from compplan.errors import CompPlanError
from compplan.store import Conflict, Version, difference
from compplan.ui.benchmarks.session import desk
from compplan.ui.host import deployment, sign_in
from compplan.ui.saved import open_plan
from compplan.ui.session import Hand, Kept
from compplan.ui.widgets import html as views

_CONFLICT, _DONE = "save.conflict", "save.done"


def menu(hand: Hand) -> None:
    """Save the plan in hand."""
    if not sign_in.who().may(Right.SAVE):
        st.caption("Your role reads plans and does not save them. The plan file under Export keeps what you tried.")
        return
    conflict = conflict_of(hand)
    if conflict is not None:
        _both(hand, conflict)
        return
    kept = hand.kept
    if kept:
        st.caption(f"{kept.name}, version {kept.number}" + (", changed since" if hand.changed else ""))
    st.text_input("What changed, for those who read it later", key="save.note", max_chars=500)
    people_choice(hand, "save")
    if kept and kept.unseen:
        st.caption(
            f"Version {kept.number} has {kept.unseen:,} people's rows, which your role does not carry on: what you "
            "save has none of them."
        )
    if kept:
        st.button(
            "Save a new version",
            key="save.version",
            type="primary",
            on_click=_pressed,
            args=(save, hand),
            disabled=not hand.changed and not hand.keep_people,
        )
    st.text_input("Name", value=hand.plan.name, key=f"{hand.form}.save.name", max_chars=120)
    st.button(
        "Save as a plan of its own" if kept else "Save",
        key="save.new",
        type="secondary" if kept else "primary",
        on_click=_pressed,
        args=(create, hand),
    )
    _told(hand)


def conflict_of(hand: Hand) -> Conflict | None:
    """What somebody else saved of the plan in hand meanwhile, if they did."""
    conflict = st.session_state.get(_CONFLICT)
    if isinstance(conflict, Conflict) and hand.kept and hand.kept.scenario_id == conflict.theirs.scenario_id:
        return conflict
    return None


def _pressed(act: Callable[[Hand], Version | None], hand: Hand) -> None:
    act(hand)


def save(hand: Hand, name: str = "") -> Version | None:
    """Add a version to the scenario that the plan in hand is of; None, and the reason shown, where that cannot be."""
    kept = hand.kept
    if kept is None:
        return create(hand, name)
    try:
        version = deployment.store().save(
            kept.scenario_id,
            hand.plan,
            base=kept.number,
            by=sign_in.who(),
            note=str(st.session_state.get("save.note") or ""),
            cost=hand.cost,
            people=_people(hand),
        )
    except Conflict as conflict:
        st.session_state[_CONFLICT] = conflict
        return None
    except CompPlanError as error:
        hand.problems["save"] = error.problems
        return None
    return _done(hand, version, kept.name)


def create(hand: Hand, name: str = "") -> Version | None:
    """Keep the plan in hand as a scenario of its own; None where that could not be done, and why is shown."""
    name = name or str(st.session_state.get(f"{hand.form}.save.name") or hand.plan.name)
    try:
        version = deployment.store().create(
            hand.plan,
            name=name,
            by=sign_in.who(),
            note=str(st.session_state.get("save.note") or ""),
            cost=hand.cost,
            people=_people(hand),
        )
    except CompPlanError as error:
        hand.problems["save"] = error.problems
        return None
    return _done(hand, version, name)


def _done(hand: Hand, version: Version, name: str) -> Version:
    hand.problems.pop("save", None)
    st.session_state.pop(_CONFLICT, None)
    st.session_state["save.note"] = ""
    unseen = hand.kept.unseen if hand.kept and not hand.keep_people else 0
    hand.saved(Kept(version.scenario_id, name, version.number, dict(version.cost), unseen if version.has_people else 0))
    hand.keep_people = False
    st.session_state["keep_people.turn"] = st.session_state.get("keep_people.turn", 0) + 1
    st.session_state[_DONE] = (hand.kept, f"Saved: {name}, version {version.number}.")
    return version


def _told(hand: Hand) -> None:
    for problem in hand.problems.get("save", ()):
        st.html(f'<p class="cp-problem" role="alert">{html.escape(str(problem))}</p>')
    if hand.problems.get("save"):
        st.caption("Nothing was lost: the plan is still in hand, and Export gives it as a file.")
    kept, done = st.session_state.get(_DONE, (None, ""))
    if done and kept == hand.kept and not hand.changed:
        st.html(f'<p class="cp-done" role="status">{html.escape(str(done))}</p>')


# People


def people_choice(hand: Hand, menu_name: str) -> None:
    """Whether the people file of this session is kept with the plan: only by who may, and only when asked."""
    reading, turn = desk().reading, st.session_state.get("keep_people.turn", 0)
    key = f"{hand.form}.{menu_name}.keep_people.{turn}.{hand.keep_people}"
    if reading is None or not sign_in.who().may(Right.PEOPLE):
        return

    def chosen() -> None:
        hand.keep_people = bool(st.session_state[key])

    st.checkbox(
        f"Keep the people file with it: {len(reading.people):,} rows by id, without names",
        value=hand.keep_people,
        key=key,
        on_change=chosen,
    )


def _people(hand: Hand) -> list[dict[str, object]] | None:
    """Rows to keep, or None to leave those of the version before."""
    reading = desk().reading
    if reading is None or not hand.keep_people or not sign_in.who().may(Right.PEOPLE):
        return None
    frame = reading.people.drop(columns=[c for c in ("name", "manager") if c in reading.people.columns])
    rows: list[dict[str, object]] = []
    for record in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        told = {str(k): v.isoformat()[:10] if hasattr(v, "isoformat") else v for k, v in record.items()}
        rows.append({k: v for k, v in told.items() if v is not None and v != ""})
    return rows


# Two people, one plan


def _both(hand: Hand, conflict: Conflict) -> None:
    """What somebody else saved meanwhile, beside what is in hand; neither is lost whatever is chosen."""
    theirs = conflict.theirs
    st.html(
        f'<p class="cp-problem" role="alert">{html.escape(theirs.by.name)} saved version {theirs.number} while you '
        f"worked on version {conflict.base.number}. Yours is still in hand and nothing was overwritten.</p>"
    )
    mine = replace(conflict.base, plan_json=hand.plan.to_json(), plan_hash=hand.plan.hash, cost=hand.cost)
    _changed(f"What version {theirs.number} changed", conflict.base, theirs)
    _changed("What yours changed", conflict.base, mine)
    st.button(
        f"Save mine as the version after {theirs.number}",
        key="conflict.mine",
        on_click=_after_theirs,
        args=(hand, theirs),
    )
    st.button("Save mine as a plan of its own", key="conflict.own", on_click=_pressed, args=(create, hand))
    st.button(
        f"Open version {theirs.number}; mine comes back by Undo",
        key="conflict.theirs",
        on_click=_theirs,
        args=(hand, theirs),
    )


def _changed(title: str, before: Version, now: Version) -> None:
    st.caption(title)
    st.html(views.difference_lines(difference(before, now)))


def _after_theirs(hand: Hand, theirs: Version) -> None:
    if hand.kept:
        hand.kept = replace(hand.kept, number=theirs.number)
        st.session_state.pop(_CONFLICT, None)
        save(hand)


def _theirs(hand: Hand, theirs: Version) -> None:
    name = hand.kept.name if hand.kept else theirs.name
    st.session_state.pop(_CONFLICT, None)
    try:
        open_plan.take(hand, theirs, name)
    except CompPlanError as error:
        hand.problems["save"] = error.problems
