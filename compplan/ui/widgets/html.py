"""Parts that several pages show: messages, key figures, differences of two plans."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from compplan import formats
from compplan.errors import Problem
from compplan.payout import Difference
from compplan.plan.place_names import problem_text
from compplan.ui.templates import render


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the large figures at the top of a page.

    Attributes
    ----------
    name, value : str
    detail : str
        One short line under the value.
    was : str
        The value of the plan as it was opened, where it differs.
    amber, red : bool
        Whether the figure needs attention, or is an error.
    hint : str
        What the figure means, as a tooltip.
    """

    name: str
    value: str
    detail: str
    was: str = ""
    amber: bool = False
    hint: str = ""
    red: bool = False


def key_figures_html(figures: Sequence[KeyFigure], run: int = 0) -> str:
    """The key figures as a list; a new `run` makes the browser take them even where the text is the same."""
    return render("widgets.key_figures", figures, run)


def error_html(text: str) -> str:
    """A message about something that failed."""
    return render("widgets.message", "problem cp-broken", text[:1].upper() + text[1:], "alert")


def show_error(text: str) -> None:
    """Show a message about something that failed."""
    st.html(error_html(text))


def show_problems(problems: Iterable[Problem]) -> None:
    """Show why an entry or an action was refused, next to its field or button."""
    for problem in problems:
        st.html(render("widgets.message", "problem", problem_text(problem), "alert"))


def show_notice(text: str) -> None:
    """Show a message that people should read before the page."""
    st.html(render("widgets.message", "notice", text, "status"))


def show_success(text: str) -> None:
    """Show that an action worked."""
    st.html(render("widgets.message", "done", text, "status"))


def difference_table(rows: tuple[Difference, ...], currency: str) -> str:
    """The amounts of the earlier plan, of the plan now, and the change."""

    def written(value: float | None, kind: str) -> str:
        if value is None:
            return "–"
        return formats.percent(value, 2) if kind == "fraction" else formats.money(value, currency)

    def change_of(row: Difference) -> str:
        if row.change is None or math.isnan(row.change) or abs(row.change) <= 1e-9:
            return ""
        return ("+" if row.change > 0 else "") + written(row.change, row.kind)

    cells = [
        {
            "name": row.name,
            "before": written(row.before, row.kind),
            "now": written(row.now, row.kind),
            "change": change_of(row),
        }
        for row in rows
    ]
    return render("widgets.differences", cells)
