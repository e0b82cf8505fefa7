"""Capacity drawn: five figures, where the hours go, people against ARR, and the tables under them."""

from __future__ import annotations

import datetime as dt
import html
import math
from typing import TYPE_CHECKING

import streamlit as st

from compplan import charts, facts, formats
from compplan.capacity import (
    Capacity,
    CapacityError,
    Ceiling,
    books,
    capacity,
    contradictions,
    cost_to_serve,
    presets,
    rebalance,
    review_answers,
    spending,
    spread,
    unit_economics,
    utilisation,
)
from compplan.capacity.books import one_currency
from compplan.plan import Plan
from compplan.ui import components, review_desk, views
from compplan.ui.capacity_desk import Sizing, segment_of
from compplan.ui.inputs import problems_under
from compplan.ui.names import verbatim
from compplan.ui.state import Hand
from compplan.ui.views import Card

if TYPE_CHECKING:
    import pandas as pd

TABS = ("What does not fit", "Tiers", "Books", "Pay and cost", "What guides say")
_CURRENCY = "USD"
_CEILINGS = {"accounts": "accounts", "arr": "ARR", "hours": "hours"}
_MOST_NOTES = 200
_PATIENCE = 5.0  # seconds that somebody waits for a suggestion


def draw(held: Sizing, hand: Hand) -> None:
    """Everything on the right of the page."""
    try:
        found = capacity(held.tiers, held.year)
        load = utilisation(held.tiers, held.year.available, held.team)
    except CapacityError as error:
        views.problem(str(error.problems[0].message).capitalize())
        return
    st.html(views.cards_html(cards(held, found, load)))
    components.board(
        [
            components.figure(
                "hours", "Where the hours of an account go", "Hours of one account of each tier by kind of work",
                charts.hours_by_tier(held.tiers, held.year), height=110 + 56 * len(held.tiers), span=2,
            ),
            components.figure(
                "people", "People needed as the book grows", "People needed against ARR",
                charts.people_against_arr(held.tiers, held.year, _CURRENCY), height=270, span=2,
            ),
        ],
        key="capacity.charts",
    )  # fmt: skip
    for name, tab in zip(TABS, st.tabs(TABS, key="capacity.tab", on_change="rerun"), strict=True):
        if tab.open:
            with tab:
                _tab(name, held, found, hand)


def cards(held: Sizing, found: Capacity, load: float) -> tuple[Card, ...]:
    """The five figures."""
    ceiling = _ceiling(held)
    per = found.arr_per_person or None

    def brief(amount: float) -> str:
        return formats.brief_money(amount, _CURRENCY)

    return (
        Card("Hours an account", formats.plain_number(found.mean_hours, 1), "a year, of this mix"),
        Card(
            "Accounts a person", "no limit" if found.per_person is None else f"{found.per_person:,}",
            f"in {found.available:,.0f} hours",
        ),
        Card("People needed", f"{found.people:,}", f"{formats.plain_number(found.exact, 2)} to the fraction"),
        Card(
            "Used", formats.percent(load, 0),
            f"of the hours of {held.team} {'person' if held.team == 1 else 'people'}", amber=load > 1 + 1e-9,
        ),
        Card(
            "ARR a person", "–" if per is None else formats.brief_money(per, _CURRENCY),
            "no guide names a ceiling" if ceiling is None else f"KnowUp names {brief(ceiling[0])} to "
            f"{brief(ceiling[1])}",
            amber=ceiling is not None and per is not None and per > ceiling[1],
        ),
    )  # fmt: skip


def _ceiling(held: Sizing) -> tuple[float, float] | None:
    """What a guide names for the first tier's segment [USD a person]."""
    segment = segment_of(held.tiers[0].name)
    stated = next((p.arr for p in presets().values() if p.segment == segment and p.arr), None)
    return stated.ends if stated else None


def _tab(name: str, held: Sizing, found: Capacity, hand: Hand) -> None:
    if name == "What does not fit":
        st.caption("The guides contradict themselves and each other. It is shown here, worked out, and not mended.")
        st.html(contradictions_html())
    elif name == "Tiers":
        st.html(tiers_html(held))
        st.caption("Cost to serve: the hours of an account at what an hour for accounts costs.")
    elif name == "Books":
        _books(held, hand)
    elif name == "Pay and cost":
        st.html(economics_html(held, found, hand.plan))
    else:
        st.html(presets_html())


def _books(held: Sizing, hand: Hand) -> None:
    """Who is above a ceiling, and the fewest accounts that have to move."""
    reading = held.reading
    if reading is None:
        st.html(
            '<p class="cp-quiet">No file of accounts has been read. With one this shows each book: how large, how '
            "concentrated, what comes due in each quarter, who is above a ceiling, and who should take over what.</p>"
        )
        return
    accounts = reading.accounts
    nobody = " Nobody and nothing in it exists." if held.invented else ""
    rows = reading.counts.rows - reading.counts.heading
    st.caption(f"{len(accounts):,} accounts of {rows:,} rows of {verbatim(reading.filename)}.{nobody}")
    if len(reading.notes):
        with st.expander(f"What was mended, set aside or is in doubt ({len(reading.notes)})"):
            st.text("\n".join(str(note) for note in reading.notes[:_MOST_NOTES]))
    try:
        named = one_currency(accounts)
        found = books(
            accounts, today=dt.datetime.now(dt.UTC).date(), ceiling=held.ceiling(), hours=held.hours(),
            available=held.year.available,
        )  # fmt: skip
    except CapacityError as error:
        views.problem(str(error.problems[0].message).capitalize())
        return
    if found.empty:
        st.html('<p class="cp-quiet">No row of the file is an account of somebody.</p>')
        return
    currency = named or _CURRENCY
    seen = spread(found)
    st.html(books_html(found, currency))
    undated = int(found["undated"].sum())
    st.caption(
        f"ARR a person from {formats.money(seen.low, currency, 0)} to {formats.money(seen.high, currency, 0)}, "
        f"{formats.money(seen.mean, currency, 0)} on average. Effective accounts: one over the sum of squared "
        "shares of ARR. Hours: those of the tier of the same name, or the mean of all tiers."
        + (f" Without a renewal date: {undated:,} of {len(accounts):,} accounts." if undated else "")
    )
    with st.container(horizontal=True):
        if held.ceiling() != Ceiling():
            suggest = st.button("Suggest who should take over what", key="capacity.rebalance")
        else:
            suggest = False
            st.caption("Set a ceiling to see who is above it, and what would have to move.")
        _tell(hand, found, named)
    if suggest:
        _moves(held, currency)


def _tell(hand: Hand, found: pd.DataFrame, currency: str) -> None:
    """Let the review know these books, without names."""
    if currency and currency != hand.plan.currency:
        st.caption(f"These books are in {currency} and the plan pays in {hand.plan.currency}: the review is not told.")
        return
    told = review_answers(found)
    st.button(
        "Answer the review with these books", key="capacity.tell", on_click=review_desk.answers, args=(hand, told),
        help="The mean book, and each book without its owner's name: accounts, ARR, largest share, what comes due.",
    )  # fmt: skip
    problems_under(hand, "context.books")
    if {key: hand.context.get(key) for key in told} == review_desk.plain(told):
        st.caption("The review knows these books.")


def _moves(held: Sizing, currency: str) -> None:
    if held.reading is None:
        return
    try:
        found = rebalance(held.reading.accounts, held.ceiling(), hours=held.hours(), seconds=_PATIENCE)
    except CapacityError as error:
        views.problem(str(error.problems[0].message).capitalize())
        return
    st.html(f'<p class="cp-headline" role="status">{html.escape(found.sentence)}</p>')
    if found.moves:
        rows = "".join(
            f"<tr><td>{html.escape(m.account or f'line {m.line}')}</td><td>{html.escape(m.source)}</td>"
            f"<td>{html.escape(m.target)}</td><td>{formats.money(m.arr, currency, 0)}</td></tr>"
            for m in found.moves
        )
        st.html(
            '<div class="cp-across"><table class="cp-statement cp-words"><thead><tr><th>Account</th><th>From</th>'
            f"<th>To</th><th>ARR</th></tr></thead><tbody>{rows}</tbody></table></div>"
        )


def books_html(found: pd.DataFrame, currency: str) -> str:
    """A row for each owner; what is above a ceiling is marked in words."""
    rows: list[str] = []
    for owner, row in found.iterrows():
        over = [word for kind, word in _CEILINGS.items() if row[f"over_{kind}"] > 0]
        cells = (
            html.escape(str(owner)), f"{row['accounts']:.0f}", formats.money(float(row["arr"]), currency, 0),
            formats.percent(float(row["largest_share"]), 1), formats.plain_number(float(row["effective"]), 1),
            formats.percent(float(row["utilisation"]), 0),
            *("–" if math.isnan(row[f"due_{q}"]) else f"{row[f'due_{q}']:.0f}" for q in range(1, 5)),
            f'<b class="cp-over">above in {" and ".join(over)}</b>' if over else "within",
        )  # fmt: skip
        rows.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    head = ("Owner", "Accounts", "ARR", "Largest", "Effective", "Hours", "Due Q1", "Q2", "Q3", "Q4", "Ceiling")
    return (
        '<div class="cp-across"><table class="cp-statement"><thead>'
        f"<tr>{''.join(f'<th>{h}</th>' for h in head)}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def contradictions_html() -> str:
    """Every contradiction with its sources one hover away."""
    drawn: list[str] = []
    for one in contradictions():
        sources = ", ".join(_cited(key) for key in one.sources)
        drawn.append(
            f'<article class="cp-finding cp-is-warning"><h4>{html.escape(one.title)}</h4>'
            f"<p>{html.escape(one.sentence)}</p>"
            f'<p class="cp-quiet">{sources}</p></article>'
        )
    return "".join(drawn)


def _cited(key: str) -> str:
    source = facts.source(key)
    label = html.escape(source.label)
    care = html.escape(source.care)
    if not source.url:
        return f'<span title="{care}">{label}</span>'
    return f'<a href="{html.escape(source.url)}" rel="noreferrer" title="{care}">{label}</a>'


def tiers_html(held: Sizing) -> str:
    """A row for each tier."""
    rows: list[str] = []
    for tier in held.tiers:
        served = cost_to_serve(tier.each, held.loaded, held.year.available, tier.acv)
        one = capacity([tier], held.year)
        cells = (
            html.escape(tier.name), f"{tier.accounts:,}", formats.plain_number(tier.each, 1),
            "–" if one.per_person is None else f"{one.per_person:,}", f"{one.people:,}",
            formats.money(tier.arr, _CURRENCY, 0), formats.money(served.cost, _CURRENCY, 0),
            "–" if served.share is None else formats.percent(served.share, 1),
        )  # fmt: skip
        rows.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    head = ("Tier", "Accounts", "Hours each", "Fit a person", "People", "ARR", "Cost to serve one", "of its value")
    return (
        '<div class="cp-across"><table class="cp-statement cp-words"><thead>'
        f"<tr>{''.join(f'<th>{h}</th>' for h in head)}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def economics_html(held: Sizing, found: Capacity, plan: Plan) -> str:
    """Pay and cost of a person over the ARR that there is for one."""
    ote, per = plan.pay.ote, found.arr_per_person or 0.0
    if plan.currency != _CURRENCY:
        return f'<p class="cp-quiet">The plan pays in {html.escape(plan.currency)} and the book is in USD.</p>'
    seen = unit_economics(ote, held.loaded, per, spending())
    rows = [
        ("ARR a person, as many people as the hours need", formats.money(per, _CURRENCY, 0)),
        (f"OTE of {html.escape(plan.name)}", formats.money(ote, _CURRENCY, 0)),
        ("OTE over ARR", "–" if seen.ote_share is None else formats.percent(seen.ote_share, 1)),
        ("ARR for a dollar of OTE", "–" if seen.arr_per_ote is None else formats.plain_number(seen.arr_per_ote, 1)),
        ("Cost over ARR", "–" if seen.cost_share is None else formats.percent(seen.cost_share, 1)),
        *(
            (f"ARR a person needs at {formats.percent(share)} of it", formats.money(arr, _CURRENCY, 0))
            for share, arr in seen.break_even
        ),
    ]
    body = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in rows)
    return f'<table class="cp-statement cp-words"><tbody>{body}</tbody></table>'


def presets_html() -> str:
    """What each guide says of accounts a person."""
    rows = "".join(
        f"<tr><td>{html.escape(p.name)}</td><td>{html.escape(' or '.join(r.told for r in p.accounts))}</td>"
        f'<td title="{html.escape(p.accounts[0].note)}">{_cited(p.source)}</td></tr>'
        for p in presets().values()
    )
    return (
        '<div class="cp-across"><table class="cp-statement cp-words"><thead><tr><th>Book</th><th>Accounts a person</th>'
        f"<th>Source</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )
