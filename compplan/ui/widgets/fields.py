"""Fields of a plan: what a person types is kept, a refusal stands under its field, and the plan stays sound."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from compplan import formats
from compplan.errors import Problem
from compplan.plan import Plan
from compplan.ui.session import EditSession

Entered = Callable[[float | None, str], None]  # the number, none where the field is empty, and what was typed


def problems_under(session: EditSession, path: str) -> None:
    """The reasons why what was typed in a field was refused."""
    for problem in session.problems.get(path, ()):
        st.html(f'<p class="cp-problem" role="alert">{html.escape(_sentence(problem, path))}</p>')


def _sentence(problem: Problem, path: str) -> str:
    """What is wrong as it is told under a field: a row by its number, another field by its name."""
    place = problem.where.removeprefix(path)
    if row := re.match(r"\[(\d+)\]", place):
        place = f"row {int(row[1]) + 1}"
    elif "." in place:
        place = place.rpartition(".")[2].replace("_", " ")
    told = f"{place}: {problem.message}" if place else problem.message
    return told[:1].upper() + told[1:]


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
    """A number as text, in the units of the field; left empty it is taken away.

    Parameters
    ----------
    session : EditSession
    label, path : str
        The place in the plan that is edited, and under which refusals are kept.
    value : float or None
        What the plan says now.
    unit : str
        As in `formats.read_number`.
    changes : callable, optional
        What to set for a number; the path itself if left out.
    required : bool
        Whether there has to be a number.
    """

    def entered(found: float | None, text: str) -> None:
        if found is None and required:
            session.problems[path] = (Problem("", f"Enter a number; the plan keeps {typed_form(value or 0.0, unit)}."),)
            session.typed[path] = text
        elif not session.edit(changes(found) if changes else {path: found}, field_path=path):
            session.typed[path] = text

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
    """A number as text, whatever it is of: `entered` hears of what can be read, the rest is told under the field."""
    key = f"{session.form}.{path}"

    def typed() -> None:
        text = str(st.session_state[key])
        try:
            found = formats.read_number(text, unit, session.plan.currency) if text.strip() else None
        except ValueError as error:
            session.problems[path] = (Problem("", str(error)),)
            session.typed[path] = text
            return
        entered(found, text)

    follow(session, key, path, "" if value is None else typed_form(value, unit))
    st.text_input(label, key=key, on_change=typed, help=help_text, placeholder=placeholder)
    problems_under(session, path)


def follow(session: EditSession, key: str, path: str, shown: str) -> None:
    """Let a field show what the plan says now, unless what was typed in it is still refused."""
    if path in session.problems:
        st.session_state.setdefault(key, session.typed.get(path, shown))
    elif key not in st.session_state or session.shown.get(key) != shown:
        st.session_state[key] = shown
    session.shown[key] = shown


def typed_form(value: float, unit: str) -> str:
    """A number as it stands in a field: percents for shares, thousands apart, no currency sign."""
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
    """One of several; `make` builds the plan with the chosen one where more than its own place changes."""
    key = f"{session.form}.{path}"

    def chosen() -> None:
        wanted = str(st.session_state[key])

        def build(plan: Plan) -> Plan:
            return make(plan, wanted) if make else plan.edit({path: wanted})

        session.change(build, field_path=path)

    follow(session, key, path, value)
    st.selectbox(label, list(options), format_func=names, key=key, on_change=chosen, help=help_text)
    problems_under(session, path)
