"""Groups of people with the same pay, as a table to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import streamlit as st

from compplan import formats
from compplan.errors import CompPlanError, Problem
from compplan.ui.cost.session import CostInputs, PayGroup, save_inputs
from compplan.ui.session import EditSession
from compplan.ui.widgets.fields import problems_under, typed_form
from compplan.ui.widgets.labels import table_names

_PATH = "cost.groups"
_HEADS = {"name": "Group", "headcount": "People", "base": "Base", "variable": "Variable", "arr": "ARR per person"}


def table(session: EditSession, inputs: CostInputs) -> None:
    """Draw the table; entries that cannot be read are explained under it, and the groups stay as they were."""
    rows = _rows(session, inputs)
    base = f"{session.field_version}.{_PATH}"
    # The data editor needs the same rows while somebody edits them, and new ones when the groups change elsewhere.
    if st.session_state.get(f"{base}.shown") != rows and _PATH not in session.problems:
        st.session_state[f"{base}.rows"] = rows
        st.session_state[f"{base}.turn"] = st.session_state.get(f"{base}.turn", 0) + 1
    st.session_state[f"{base}.shown"] = rows
    initial = cast("list[dict[str, str]]", st.session_state[f"{base}.rows"])
    key = f"{base}.{st.session_state[f'{base}.turn']}"

    def edited() -> None:
        try:
            groups = _read(initial, cast("Mapping[str, Any]", st.session_state[key]), session.plan.currency)
        except CompPlanError as error:
            session.problems[_PATH] = error.problems
            return
        session.problems.pop(_PATH, None)
        changed = replace(inputs, groups=groups)
        save_inputs(session, changed)
        st.session_state[f"{base}.shown"] = _rows(session, changed)

    st.data_editor(
        initial,
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


def _rows(session: EditSession, inputs: CostInputs) -> list[dict[str, str]]:
    pay, key = session.plan.pay, session.plan.role
    role = table_names("roles").get(key, key)
    groups = inputs.groups or (
        PayGroup(name=role, headcount=inputs.people, base=pay.base, variable=pay.target_variable),
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


def _read(initial: list[dict[str, str]], changes: Mapping[str, Any], currency: str) -> tuple[PayGroup, ...]:
    """The groups of the table after its edits."""
    rows = [dict(row) for row in initial]
    for index, cells in changes.get("edited_rows", {}).items():
        rows[int(index)].update(cells)
    deleted = set(changes.get("deleted_rows", ()))
    rows = [row for i, row in enumerate(rows) if i not in deleted] + list(changes.get("added_rows", ()))
    problems: list[Problem] = []
    groups: list[PayGroup] = []
    for i, row in enumerate(rows, start=1):
        try:
            groups.append(_group(row, currency))
        except ValueError as error:
            problems.append(Problem("", f"Row {i}: {error}"))
    names = [group.name for group in groups]
    problems += [Problem("", f"Two groups are called {name!r}. Give each group its own name.") for name in set(names)
                 if names.count(name) > 1]  # fmt: skip
    if problems:
        raise CompPlanError(problems)
    return tuple(groups)


def _group(row: Mapping[str, Any], currency: str) -> PayGroup:
    def amount(name: str) -> float:
        return formats.read_number(str(row.get(name) or ""), "money", currency)

    count = formats.read_number(str(row.get("headcount") or ""))
    arr_text = str(row.get("arr") or "").strip()
    return PayGroup.of(
        {
            "name": str(row.get("name") or "").strip(),
            "headcount": int(count) if count == int(count) else -1,
            "base": amount("base"),
            "variable": amount("variable"),
            "arr": amount("arr") if arr_text else None,
        }
    )
