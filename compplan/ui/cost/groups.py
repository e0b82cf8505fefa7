"""Groups of people with the same pay, as a table to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from compplan import formats
from compplan.errors import CompPlanError, Problem
from compplan.ui.cost.session import CostInputs, PayGroup, save_inputs
from compplan.ui.session import EditSession
from compplan.ui.widgets.edit_table import Rows, edit_table, read_rows
from compplan.ui.widgets.fields import typed_form
from compplan.ui.widgets.labels import table_names

_PATH = "cost.groups"
_HEADS = {"name": "Group", "headcount": "People", "base": "Base", "variable": "Variable", "arr": "ARR per person"}


def table(session: EditSession, inputs: CostInputs) -> None:
    """Draw the table; entries that cannot be read are explained under it, and the groups stay as they were."""

    def save(rows: Rows) -> Rows:
        changed = replace(inputs, groups=_read(rows, session.plan.currency))
        session.problems.pop(_PATH, None)
        save_inputs(session, changed)
        return _rows(session, changed)

    columns = {name: st.column_config.TextColumn(head, required=name != "arr") for name, head in _HEADS.items()}
    edit_table(session, _PATH, _rows(session, inputs), save, columns, "Groups of people")


def _rows(session: EditSession, inputs: CostInputs) -> Rows:
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


def _read(rows: Rows, currency: str) -> tuple[PayGroup, ...]:
    problems: list[Problem] = []
    groups = read_rows(rows, lambda row: _group(row, currency), problems)
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
