"""Groups of people who are paid alike, as a table that somebody fills in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import streamlit as st

from compplan import formats
from compplan.errors import CompPlanError, Problem
from compplan.ui.cost.session import Group, Inputs, keep
from compplan.ui.session import EditSession
from compplan.ui.widgets.fields import problems_under, typed_form

_PATH = "cost.groups"
_HEADS = {"name": "Group", "headcount": "People", "base": "Base", "variable": "Variable", "arr": "ARR a person"}


def table(session: EditSession, inputs: Inputs) -> None:
    """The table; what cannot be read is told under it, and the groups stay as they were."""
    rows = _rows(session, inputs)
    base = f"{session.form}.{_PATH}"
    # The table keeps its rows while it is being edited; it starts anew when the groups change elsewhere.
    if st.session_state.get(f"{base}.told") != rows and _PATH not in session.problems:
        st.session_state[f"{base}.rows"] = rows
        st.session_state[f"{base}.turn"] = st.session_state.get(f"{base}.turn", 0) + 1
    st.session_state[f"{base}.told"] = rows
    begun = cast("list[dict[str, str]]", st.session_state[f"{base}.rows"])
    key = f"{base}.{st.session_state[f'{base}.turn']}"

    def edited() -> None:
        try:
            groups = _read(begun, cast("Mapping[str, Any]", st.session_state[key]), session.plan.currency)
        except CompPlanError as error:
            session.problems[_PATH] = error.problems
            return
        session.problems.pop(_PATH, None)
        made = replace(inputs, groups=groups)
        keep(session, made)
        st.session_state[f"{base}.told"] = _rows(session, made)

    st.data_editor(
        begun,
        key=key,
        num_rows="dynamic",
        on_change=edited,
        hide_index=True,
        width="stretch",
        column_config={
            name: st.column_config.TextColumn(head, required=name != "arr") for name, head in _HEADS.items()
        },
        alt="Groups of people",
    )
    problems_under(session, _PATH)


def _rows(session: EditSession, inputs: Inputs) -> list[dict[str, str]]:
    pay = session.plan.pay
    groups = inputs.groups or (
        Group(name=session.plan.role, headcount=inputs.people, base=pay.base, variable=pay.target_variable),
    )
    return [
        {
            "name": group.name,
            "headcount": str(group.headcount),
            "base": typed_form(group.base, "money"),
            "variable": typed_form(group.variable, "money"),
            "arr": "" if group.arr is None else typed_form(group.arr, "money"),
        }
        for group in groups
    ]


def _read(begun: list[dict[str, str]], changes: Mapping[str, Any], currency: str) -> tuple[Group, ...]:
    """The table as groups: rows, edited, with those added and without those deleted."""
    kept = [dict(row) for row in begun]
    for index, cells in changes.get("edited_rows", {}).items():
        kept[int(index)].update(cells)
    gone = set(changes.get("deleted_rows", ()))
    kept = [row for i, row in enumerate(kept) if i not in gone] + list(changes.get("added_rows", ()))
    problems: list[Problem] = []
    groups: list[Group] = []
    for i, row in enumerate(kept, start=1):
        try:
            groups.append(_group(row, currency))
        except ValueError as error:
            problems.append(Problem("", f"Row {i}: {error}"))
    names = [group.name for group in groups]
    problems += [Problem("", f"{name!r} stands twice; a group has a name of its own.") for name in set(names)
                 if names.count(name) > 1]  # fmt: skip
    if problems:
        raise CompPlanError(problems)
    return tuple(groups)


def _group(row: Mapping[str, Any], currency: str) -> Group:
    def amount(name: str) -> float:
        return formats.read_number(str(row.get(name) or ""), "money", currency)

    count = formats.read_number(str(row.get("headcount") or ""))
    given = str(row.get("arr") or "").strip()
    return Group.of(
        {
            "name": str(row.get("name") or "").strip(),
            "headcount": int(count) if count == int(count) else -1,
            "base": amount("base"),
            "variable": amount("variable"),
            "arr": amount("arr") if given else None,
        }
    )
