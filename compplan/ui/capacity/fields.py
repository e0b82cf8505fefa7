"""Fields of the Capacity page: an entry changes the model, and a refused one stays with the reason below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from compplan import formats
from compplan.ui.capacity.session import CapacitySession
from compplan.ui.templates import render
from compplan.ui.widgets.fields import typed_form


def problem_under(model: CapacitySession, path: str) -> None:
    """Show why an entry or a file was refused."""
    if path in model.problems:
        st.html(render("widgets.message", "problem", model.problems[path], "alert"))


def number(
    model: CapacitySession,
    label: str,
    path: str,
    value: float | None,
    unit: str,
    entered: Callable[[Any, str], None],
    *,
    optional: bool = False,
) -> None:
    """A number as text; a refused entry stays with the reason under the field."""
    key = f"{model.field_version}.{path}"

    def typed() -> None:
        text = str(st.session_state[key])
        if optional and not text.strip():
            entered(None, text)
            return
        try:
            value = formats.read_number(text, unit, "USD")
        except ValueError as error:
            message = str(error)
            model.problems[path], model.invalid_entries[path] = message[:1].upper() + message[1:], text
            return
        entered(value, text)

    shown: Any = model.invalid_entries.get(path, "") if path in model.problems else _shown(value, unit)
    st.session_state[key] = shown
    st.text_input(label, key=key, on_change=typed, placeholder="No limit" if optional else None)
    problem_under(model, path)


def text(model: CapacitySession, label: str, path: str, value: str, entered: Callable[[str, str], None]) -> None:
    """A name; a refused entry stays with the reason under the field."""
    key = f"{model.field_version}.{path}"

    def typed() -> None:
        text = str(st.session_state[key])
        entered(text, text)

    st.session_state[key] = model.invalid_entries.get(path, "") if path in model.problems else value
    st.text_input(label, key=key, on_change=typed, max_chars=80)
    problem_under(model, path)


def _shown(value: float | None, unit: str) -> str:
    """A number as its field shows it; empty for None."""
    return "" if value is None else typed_form(value, unit)
