"""Fields of a plan: an entry that is refused stays in its field with the reason below, and the plan stays valid."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from compplan import formats
from compplan.errors import Problem
from compplan.plan import Plan
from compplan.ui.session import EditSession
from compplan.ui.templates import render

Entered = Callable[[float | None, str], None]  # the number, none where the field is empty, and what was typed


def problems_under(session: EditSession, path: str) -> None:
    """Show why the entry of a field was refused."""
    for problem in session.problems.get(path, ()):
        st.html(render("widgets.message", "problem", _sentence(problem, path), "alert"))


def _sentence(problem: Problem, path: str) -> str:
    """The problem as a sentence below its field, with the row number or the name of a nested field."""
    place = problem.where.removeprefix(path)
    if row := re.match(r"\[(\d+)\]", place):
        place = f"row {int(row[1]) + 1}"
    elif "." in place:
        place = place.rpartition(".")[2].replace("_", " ")
    sentence = f"{place}: {problem.message}" if place else problem.message
    return sentence[:1].upper() + sentence[1:]


def number(
    session: EditSession,
    label: str,
    path: str,
    value: float | None,
    *,
    unit: str = "",
    help_text: str | None = None,
    placeholder: str | None = None,
    changes: Callable[[float | None], Mapping[str, Any]] | None = None,
    required: bool = True,
) -> None:
    """Draw a field for a number, typed in the units of the measure; an empty field removes the value.

    Parameters
    ----------
    session : EditSession
    label, path : str
        The path in the plan that is edited; problems are recorded under it.
    value : float or None
        The value in the plan.
    unit : str
        As in `formats.read_number`.
    changes : callable, optional
        The changes for a number; by default the value at `path`.
    required : bool
        Whether the field must not be empty.
    """

    def entered(entry: float | None, text: str) -> None:
        if entry is None and required:
            session.problems[path] = (
                Problem("", f"Enter a number. The plan still uses {typed_form(value or 0.0, unit)}."),
            )
            session.invalid_entries[path] = text
        elif not session.edit(changes(entry) if changes else {path: entry}, field_path=path):
            session.invalid_entries[path] = text

    number_field(session, label, path, value, unit, entered, help_text=help_text, placeholder=placeholder)


def number_field(
    session: EditSession,
    label: str,
    path: str,
    value: float | None,
    unit: str,
    entered: Entered,
    *,
    help_text: str | None = None,
    placeholder: str | None = None,
) -> None:
    """Draw a field for any number; `entered` gets what could be read, and problems are shown below the field."""
    key = f"{session.field_version}.{path}"

    def typed() -> None:
        text = str(st.session_state[key])
        try:
            entry = formats.read_number(text, unit, session.plan.currency) if text.strip() else None
        except ValueError as error:
            session.problems[path] = (Problem("", str(error)),)
            session.invalid_entries[path] = text
            return
        entered(entry, text)

    follow(session, key, path, "" if value is None else typed_form(value, unit))
    st.text_input(label, key=key, on_change=typed, help=help_text, placeholder=placeholder)
    problems_under(session, path)


def follow(session: EditSession, key: str, path: str, shown: str) -> None:
    """Show the value of the plan in a field, unless the field holds an invalid entry."""
    if path in session.problems:
        st.session_state.setdefault(key, session.invalid_entries.get(path, shown))
    elif key not in st.session_state or session.drawn_values.get(key) != shown:
        st.session_state[key] = shown
    session.drawn_values[key] = shown


def typed_form(value: float, unit: str) -> str:
    """A number as shown in a field: shares as percents, thousands separated, without a currency symbol."""
    if unit == "share":
        return formats.percent(value, 4)
    if unit == "money":
        return formats.plain_number(value, 2)
    return formats.plain_number(value, 6)


def choice(
    session: EditSession,
    label: str,
    path: str,
    options: Sequence[str],
    value: str,
    *,
    names: Callable[[str], str],
    make: Callable[[Plan, str], Plan] | None = None,
    help_text: str | None = None,
) -> None:
    """Draw a choice; `make` builds the changed plan where more than the value at `path` changes."""
    key = f"{session.field_version}.{path}"

    def chosen() -> None:
        option = str(st.session_state[key])

        def build(plan: Plan) -> Plan:
            return make(plan, option) if make else plan.edit({path: option})

        session.change(build, field_path=path)

    follow(session, key, path, value)
    st.selectbox(label, list(options), format_func=names, key=key, on_change=chosen, help=help_text)
    problems_under(session, path)
