"""The Capacity page: five figures, where the hours go, people against ARR, and a tab for each table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from compplan import charts
from compplan.capacity import (
    AccountsReading,
    Capacity,
    CapacityError,
    Ceiling,
    books,
    capacity,
    owned_books,
    quarters,
    rebalance,
    review_answers,
    utilisation,
)
from compplan.capacity.books import one_currency
from compplan.capacity.rebalance import LIMIT
from compplan.clock import utc_today
from compplan.ui.capacity import html
from compplan.ui.capacity.session import CapacitySession
from compplan.ui.people import first_problem
from compplan.ui.review_state import has_answers, set_answers
from compplan.ui.session import EditSession
from compplan.ui.widgets import components
from compplan.ui.widgets.fields import problems_under
from compplan.ui.widgets.html import key_figures_html, show_error
from compplan.ui.widgets.labels import verbatim

if TYPE_CHECKING:
    import pandas as pd

TABS = ("Conflicts in the guides", "Tiers", "Books", "Pay and cost", "What guides say")
_REBALANCE_SECONDS = 5.0
_PROBLEMS = "context.books"


def draw(model: CapacitySession, session: EditSession) -> None:
    """Draw the right-hand side of the page."""
    try:
        result = capacity(model.tiers, model.year)
        load = utilisation(model.tiers, model.year.available, model.team)
    except CapacityError as error:
        show_error(first_problem(error))
        return
    st.html(key_figures_html(html.key_figures(model, result, load)))
    components.board(
        [
            components.figure(
                "hours", "Hours per account, by kind of work", "Hours of one account of each tier by kind of work",
                charts.hours_by_tier(model.tiers, model.year), height=150 + 56 * len(model.tiers), span=2,
            ),
            components.figure(
                "people", "People needed as ARR grows", "People needed against ARR",
                charts.people_against_arr(model.tiers, model.year, html.CURRENCY), height=270, span=2,
            ),
        ],
        key="capacity.charts",
    )  # fmt: skip
    for name, tab in zip(TABS, st.tabs(TABS, key="capacity.tab", on_change="rerun"), strict=True):
        if tab.open:
            with tab:
                _tab(name, model, result, session)


def _tab(name: str, model: CapacitySession, result: Capacity, session: EditSession) -> None:
    match name:
        case "Conflicts in the guides":
            st.caption("The guides contradict themselves and each other. These are the conflicts, with the arithmetic.")
            st.html(html.conflicts_html())
        case "Tiers":
            st.html(html.tiers_table(model))
            st.caption("Cost to serve is the hours of an account times the cost of an hour spent on accounts.")
        case "Books":
            _books(model, session)
        case "Pay and cost":
            st.html(html.economics_table(model, result, session.plan))
        case _:
            st.html(html.guides_table())


def _books(model: CapacitySession, session: EditSession) -> None:
    """The books of business, those above a limit, and the fewest accounts that have to move."""
    reading = model.reading
    if reading is None:
        st.caption(
            "Upload a file of accounts to see each book of business: its size and concentration, renewals by quarter, "
            "who is above a limit, and which accounts to move."
        )
        return
    _how_it_was_read(model, reading)
    day = utc_today()
    try:
        currency = one_currency(reading.accounts)
        table = books(
            reading.accounts, today=day, ceiling=model.ceiling(), hours=model.model().hours_by_segment(),
            available=model.year.available,
        )  # fmt: skip
    except CapacityError as error:
        show_error(first_problem(error))
        return
    if table.empty:
        st.caption("No row of the file is an account with an owner.")
        return
    shown_currency, starts = currency or session.plan.currency, quarters(day)
    st.html(html.books_table(table, shown_currency, starts))
    words = {"overdue": "past their renewal date", "later": "up for renewal later", "undated": "without a renewal date"}
    others = [f"{table[name].sum():,.0f} {text}" for name, text in words.items() if table[name].sum()]
    st.caption(
        "Effective accounts: 1 over the sum of the squared shares of ARR. Hours: those of the tier with the same "
        f"segment, or the mean of all tiers.{' Not in a quarter: ' + ', '.join(others) + '.' if others else ''}"
    )
    if len(owned_books(table)) > 1:
        st.html(html.spread_table(table, shown_currency, starts))
    with st.container(horizontal=True):
        limited = model.ceiling() != Ceiling()
        suggest = limited and st.button("Suggest which accounts to move", key="capacity.rebalance", help=LIMIT)
        if not limited:
            st.caption("Set a limit to see who is above it and which accounts to move.")
        _use_in_review(session, table, currency)
    if suggest:
        _moves(model, reading, shown_currency)


def _how_it_was_read(model: CapacitySession, reading: AccountsReading) -> None:
    """How many accounts were read, and what was changed or skipped."""
    rows, count = reading.counts.rows - reading.counts.heading, len(reading.accounts)
    sample = " This is sample data; no account or person in it exists." if model.is_sample else ""
    st.caption(
        f"{count:,} account{'' if count == 1 else 's'} in {rows:,} row{'' if rows == 1 else 's'} of "
        f"{verbatim(reading.filename)}.{sample}"
    )
    for sentence in reading.sentences():
        st.caption(verbatim(sentence))
    if len(reading.notes):
        with st.expander(f"Skipped, corrected and doubtful cells ({len(reading.notes)})"):
            st.html(html.notes_html(reading.notes))


def _use_in_review(session: EditSession, table: pd.DataFrame, currency: str) -> None:
    """Answer the review's questions about books of business, without names."""
    if currency and currency != session.plan.currency:
        st.caption(
            f"These books are in {currency} and the plan pays in {session.plan.currency}, so the review can't use them."
        )
        return
    answers = review_answers(table)
    st.button(
        "Use these books in the review", key="capacity.tell", on_click=set_answers, args=(session, answers, _PROBLEMS),
        help="Accounts, ARR, largest share and renewals of the mean book and of each book, without the owners' names.",
    )  # fmt: skip
    problems_under(session, _PROBLEMS)
    if has_answers(session, answers):
        st.caption("The review uses these books.")


def _moves(model: CapacitySession, reading: AccountsReading, currency: str) -> None:
    """The fewest accounts that have to move for everybody to be within the limits."""
    try:
        result = rebalance(
            reading.accounts, model.ceiling(), hours=model.model().hours_by_segment(), seconds=_REBALANCE_SECONDS
        )
    except CapacityError as error:
        show_error(first_problem(error))
        return
    st.html(html.result_html(result.sentence))
    if result.moves:
        st.html(html.moves_table(result.moves, currency))
