"""The Save menu: a new version or a new plan, and the choice when someone else saved in the meantime."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from compplan.access import Right
from compplan.errors import CompPlanError
from compplan.store import Conflict, Version, difference
from compplan.ui.host import deployment, sign_in
from compplan.ui.people import people_file
from compplan.ui.saved.html import difference_lines
from compplan.ui.session import EditSession, OpenVersion
from compplan.ui.widgets.html import show_error, show_problems, show_success
from compplan.ui.widgets.versions import open_version

_CONFLICT, _DONE = "save.conflict", "save.done"


def menu(session: EditSession) -> None:
    """Draw the menu."""
    if not sign_in.who().may(Right.SAVE):
        st.caption(
            "Your role can view plans but not save them. To keep your changes, download the plan file under Export."
        )
        return
    conflict = conflict_of(session)
    if conflict is not None:
        _both(session, conflict)
        return
    open_version = session.open_version
    if open_version:
        st.caption(
            f"{open_version.name}, version {open_version.number}"
            + (", with unsaved changes" if session.changed else "")
        )
    if not open_version:
        st.text_input("Name", value=session.plan.name, key=f"{session.field_version}.save.name", max_chars=120)
    st.text_input("Version note (optional)", key="save.note", max_chars=500)
    people_choice(session, "save")
    if open_version and open_version.unseen:
        st.caption(
            f"Version {open_version.number} has {open_version.unseen:,} people that your role can't see. "
            "The version you save won't include them."
        )
    if open_version:
        st.button(
            "Save new version",
            key="save.version",
            type="primary",
            on_click=_pressed,
            args=(save, session),
            disabled=not session.changed and not session.keep_people,
        )
        st.text_input("Name", value=session.plan.name, key=f"{session.field_version}.save.name", max_chars=120)
    st.button(
        "Save as a new plan" if open_version else "Save",
        key="save.new",
        type="secondary" if open_version else "primary",
        on_click=_pressed,
        args=(create, session),
    )
    _show_result(session)


def conflict_of(session: EditSession) -> Conflict | None:
    """The version that someone else saved since this session opened the plan, if any."""
    conflict = st.session_state.get(_CONFLICT)
    if (
        isinstance(conflict, Conflict)
        and session.open_version
        and session.open_version.scenario_id == conflict.theirs.scenario_id
    ):
        return conflict
    return None


def _pressed(act: Callable[[EditSession], Version | None], session: EditSession) -> None:
    act(session)


def save(session: EditSession, name: str = "") -> Version | None:
    """Save a version of the open plan; None where it fails, with the reason shown in the menu."""
    open_version = session.open_version
    if open_version is None:
        return create(session, name)
    try:
        version = deployment.store().save(
            open_version.scenario_id,
            session.plan,
            base=open_version.number,
            by=sign_in.who(),
            note=str(st.session_state.get("save.note") or ""),
            cost=session.cost,
            people=_people(session),
        )
    except Conflict as conflict:
        st.session_state[_CONFLICT] = conflict
        return None
    except CompPlanError as error:
        session.problems["save"] = error.problems
        return None
    before = session.reference.name
    _done(session, version, open_version.name)
    if session.plan.name not in (before, open_version.name):
        _rename_in_list(session)
    return version


def _rename_in_list(session: EditSession) -> None:
    """Let the name in the list of saved plans follow the name of the plan, which somebody has changed."""
    open_version = session.open_version
    if open_version is None:
        return
    try:
        scenario = deployment.store().rename(open_version.scenario_id, session.plan.name, by=sign_in.who())
    except CompPlanError as error:
        session.problems["save"] = error.problems
        return
    session.saved(replace(open_version, name=scenario.name))
    st.session_state[_DONE] = (session.open_version, f"Saved: {scenario.name}, version {open_version.number}.")


def create(session: EditSession, name: str = "") -> Version | None:
    """Save the open plan as a new one; None where it fails, with the reason shown in the menu."""
    name = name or str(st.session_state.get(f"{session.field_version}.save.name") or session.plan.name)
    if name != session.plan.name and not session.rename(name, field_path="save"):
        return None
    try:
        version = deployment.store().create(
            session.plan,
            name=name,
            by=sign_in.who(),
            note=str(st.session_state.get("save.note") or ""),
            cost=session.cost,
            people=_people(session),
        )
    except CompPlanError as error:
        session.problems["save"] = error.problems
        return None
    return _done(session, version, name)


def _done(session: EditSession, version: Version, name: str) -> Version:
    session.problems.pop("save", None)
    st.session_state.pop(_CONFLICT, None)
    st.session_state["save.note"] = ""
    unseen = session.open_version.unseen if session.open_version and not session.keep_people else 0
    session.saved(
        OpenVersion(version.scenario_id, name, version.number, dict(version.cost), unseen if version.has_people else 0)
    )
    session.keep_people = False
    st.session_state["keep_people.turn"] = st.session_state.get("keep_people.turn", 0) + 1
    st.session_state[_DONE] = (session.open_version, f"Saved: {name}, version {version.number}.")
    return version


def _show_result(session: EditSession) -> None:
    show_problems(session.problems.get("save", ()))
    if session.problems.get("save"):
        st.caption("Your changes are still here. You can also download the plan file under Export.")
    open_version, done = st.session_state.get(_DONE, (None, ""))
    if done and open_version == session.open_version and not session.changed:
        show_success(str(done))


# People


def people_choice(session: EditSession, menu_name: str) -> None:
    """Draw the checkbox that saves the people file with the plan, for roles that may see people."""
    reading, turn = people_file().reading, st.session_state.get("keep_people.turn", 0)
    key = f"{session.field_version}.{menu_name}.keep_people.{turn}.{session.keep_people}"
    if reading is None or not sign_in.who().may(Right.PEOPLE):
        return

    def chosen() -> None:
        session.keep_people = bool(st.session_state[key])

    st.checkbox(
        f"Save the people file with this plan ({len(reading.people):,} people by ID, without names)",
        value=session.keep_people,
        key=key,
        on_change=chosen,
    )


def _people(session: EditSession) -> list[dict[str, object]] | None:
    """The people to save, without names; None keeps those of the version before."""
    reading = people_file().reading
    if reading is None or not session.keep_people or not sign_in.who().may(Right.PEOPLE):
        return None
    frame = reading.people.drop(columns=[c for c in ("name", "manager") if c in reading.people.columns])
    rows: list[dict[str, object]] = []
    for record in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        values = {str(k): v.isoformat()[:10] if hasattr(v, "isoformat") else v for k, v in record.items()}
        rows.append({k: v for k, v in values.items() if v is not None and v != ""})
    return rows


# Two people saved the same plan


def _both(session: EditSession, conflict: Conflict) -> None:
    """Show what the other version and this one changed, and the three ways on; each keeps both."""
    theirs = conflict.theirs
    show_error(
        f"{theirs.by.name} saved version {theirs.number} while you were editing version {conflict.base.number}. "
        "Your changes are still here and nothing was overwritten."
    )
    mine = replace(conflict.base, plan_json=session.plan.to_json(), plan_hash=session.plan.hash, cost=session.cost)
    _changed(f"What version {theirs.number} changed", conflict.base, theirs)
    _changed("What you changed", conflict.base, mine)
    st.button(
        f"Save mine as version {theirs.number + 1}", key="conflict.mine", on_click=_after_theirs, args=(session, theirs)
    )
    st.button("Save mine as a new plan", key="conflict.own", on_click=_pressed, args=(create, session))
    st.button(
        f"Open version {theirs.number} (Undo brings mine back)",
        key="conflict.theirs",
        on_click=_theirs,
        args=(session, theirs),
    )


def _changed(title: str, before: Version, now: Version) -> None:
    st.caption(title)
    st.html(difference_lines(difference(before, now)))


def _after_theirs(session: EditSession, theirs: Version) -> None:
    if session.open_version:
        session.open_version = replace(session.open_version, number=theirs.number)
        st.session_state.pop(_CONFLICT, None)
        save(session)


def _theirs(session: EditSession, theirs: Version) -> None:
    name = session.open_version.name if session.open_version else theirs.name
    st.session_state.pop(_CONFLICT, None)
    try:
        open_version(session, theirs, name)
    except CompPlanError as error:
        session.problems["save"] = error.problems
