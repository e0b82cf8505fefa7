"""A table that people edit: it keeps its rows during editing, and a refused entry stays with the reason below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import streamlit as st

from compplan.errors import CompPlanError, Problem
from compplan.ui.session import EditSession
from compplan.ui.widgets.fields import problems_under

Rows = list[dict[str, str]]
Value = TypeVar("Value")


def edit_table(
    session: EditSession,
    path: str,
    current: Rows,
    save: Callable[[Rows], Rows | None],
    columns: Mapping[str, Any],
    alt: str,
) -> None:
    """Draw the table.

    Parameters
    ----------
    session : EditSession
    path : str
        Problems are recorded under it.
    current : list of dict
        The rows as the plan or the page has them.
    save : callable
        Takes the edited rows; returns the rows as they are then, or None if they were refused. May raise a
        `CompPlanError`.
    columns : Mapping of str to object
        Streamlit's column of each key of a row.
    alt : str
        What the table holds, for screen readers.
    """
    base = f"{session.field_version}.{path}.table"
    # The data editor needs the same rows while somebody edits them, and new ones when they change elsewhere.
    if st.session_state.get(f"{base}.current") != current and path not in session.problems:
        st.session_state[f"{base}.rows"] = current
        st.session_state[f"{base}.version"] = st.session_state.get(f"{base}.version", 0) + 1
    st.session_state[f"{base}.current"] = current
    rows = cast("Rows", st.session_state[f"{base}.rows"])
    key = f"{base}.{st.session_state[f'{base}.version']}"

    def edited() -> None:
        try:
            saved = save(_apply(rows, cast("Mapping[str, Any]", st.session_state[key])))
        except CompPlanError as error:
            session.problems[path] = error.problems
            return
        if saved is not None:
            st.session_state[f"{base}.current"] = saved

    st.data_editor(
        rows, key=key, num_rows="dynamic", on_change=edited, hide_index=True, width="stretch",
        column_config=dict(columns), alt=alt,
    )  # fmt: skip
    problems_under(session, path)


def _apply(rows: Rows, changes: Mapping[str, Any]) -> Rows:
    """The rows with what the data editor reports: edited cells, deleted rows and added ones."""
    edited = [dict(row) for row in rows]
    for index, cells in changes.get("edited_rows", {}).items():
        edited[int(index)].update(cells)
    deleted = set(changes.get("deleted_rows", ()))
    return [row for i, row in enumerate(edited) if i not in deleted] + list(changes.get("added_rows", ()))


def read_rows(rows: Rows, read: Callable[[Mapping[str, Any]], Value], problems: list[Problem]) -> list[Value]:
    """The value of each row; a row that cannot be read adds a problem with its number."""
    values: list[Value] = []
    for i, row in enumerate(rows, start=1):
        try:
            values.append(read(row))
        except ValueError as error:
            problems.append(Problem("", f"Row {i}: {error}"))
    return values
