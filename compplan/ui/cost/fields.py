"""Fields of the Cost page: an entry changes an assumption, and a refused one stays with the reason below it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from compplan.cost import CostError
from compplan.errors import Problem
from compplan.ui.cost.session import CostInputs, save_inputs
from compplan.ui.session import EditSession
from compplan.ui.widgets.fields import number_field, problems_under, typed_form


def set_assumptions(session: EditSession, inputs: CostInputs, path: str, changes: dict[str, Any], text: str) -> None:
    """Change assumptions, or record why they are refused with the text of the entry."""
    try:
        assumptions = inputs.assumptions.edit(changes)
        assumptions.check(session.plan)
    except CostError as error:
        session.problems[path] = tuple(Problem("", p.message) for p in error.problems)
        session.invalid_entries[path] = text
        return
    session.problems.pop(path, None)
    save_inputs(session, replace(inputs, assumptions=assumptions))


def number(session: EditSession, inputs: CostInputs, name: str, label: str, unit: str, help_text: str) -> None:
    """Draw a field for one assumption; an empty field sets the default."""
    value = getattr(inputs.assumptions, name)
    default = type(inputs.assumptions).model_fields[name].default

    def entered(number: float | None, text: str) -> None:
        set_assumptions(session, inputs, f"cost.{name}", {name: number}, text)

    shown = None if value == default and not value else value
    placeholder = typed_form(default, unit) if default else "Not set"
    number_field(session, label, f"cost.{name}", shown, unit, entered, help_text=help_text, placeholder=placeholder)


def component_number(
    session: EditSession,
    inputs: CostInputs,
    name: str,
    key: str,
    label: str,
    unit: str,
    value: float | None,
    placeholder: str,
) -> None:
    """Draw the entry of one component in an assumption that has one for each."""
    path = f"cost.{name}.{key}"

    def entered(number: float | None, text: str) -> None:
        entries = {k: v for k, v in getattr(inputs.assumptions, name).items() if k != key}
        entries |= {} if number is None else {key: number}
        set_assumptions(session, inputs, path, {name: entries}, text)

    number_field(session, label, path, value, unit, entered, placeholder=placeholder)


def choice(
    session: EditSession, inputs: CostInputs, name: str, label: str, options: dict[Any, str], value: Any
) -> None:
    """Draw a choice for one assumption, or for who is paid."""
    key = f"{session.field_version}.cost.{name}"

    def chosen() -> None:
        chosen_value = st.session_state[key]
        if name == "who":
            save_inputs(session, replace(inputs, who=chosen_value))
        else:
            set_assumptions(session, inputs, f"cost.{name}", {name: chosen_value}, str(chosen_value))

    if st.session_state.get(key) not in options or f"cost.{name}" not in session.problems:
        st.session_state[key] = value
    st.selectbox(label, list(options), format_func=options.__getitem__, key=key, on_change=chosen)
    problems_under(session, f"cost.{name}")
