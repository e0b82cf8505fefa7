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
    implied_hours,
    owned,
    presets,
    quarters,
    rebalance,
    review_answers,
    spending,
    spread,
    unit_economics,
    usual_year,
    utilisation,
)
from compplan.capacity.accounts import NOTES
from compplan.capacity.books import CEILINGS, one_currency
from compplan.capacity.model import segment_of
from compplan.plan import Plan
from compplan.ui.capacity.session import Sizing
from compplan.ui.reviews import has_answers, set_answers
from compplan.ui.session import EditSession
from compplan.ui.widgets import components
from compplan.ui.widgets.fields import problems_under
from compplan.ui.widgets.html import KeyFigure, key_figures_html, show_error
from compplan.ui.widgets.labels import verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from compplan.capacity import Range
    from compplan.roster import Note

TABS = ("What does not fit", "Tiers", "Books", "Pay and cost", "What guides say")
_CURRENCY = "USD"
_NOBODY = "nobody"
_MOST_NOTES = 200
_PATIENCE = 5.0  # seconds that somebody waits for a suggestion


def draw(held: Sizing, session: EditSession) -> None:
    """Everything on the right of the page."""
    try:
        found = capacity(held.tiers, held.year)
        load = utilisation(held.tiers, held.year.available, held.team)
    except CapacityError as error:
        show_error(_sentence(error))
        return
    st.html(key_figures_html(cards(held, found, load)))
    components.board(
        [
            components.figure(
                "hours", "Where the hours of an account go", "Hours of one account of each tier by kind of work",
                charts.hours_by_tier(held.tiers, held.year), height=150 + 56 * len(held.tiers), span=2,
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
                _tab(name, held, found, session)


def _sentence(error: CapacityError) -> str:
    told = error.problems[0].message
    return told[:1].upper() + told[1:]


def cards(held: Sizing, found: Capacity, load: float) -> tuple[KeyFigure, ...]:
    """The five figures."""
    ceiling = _ceiling(held)
    per = found.arr_per_person or None

    def brief(amount: float) -> str:
        return formats.brief_money(amount, _CURRENCY)

    return (
        KeyFigure("Hours an account", formats.plain_number(found.mean_hours, 1), "a year, of this mix"),
        KeyFigure(
            "Accounts a person", "no limit" if found.per_person is None else f"{found.per_person:,}",
            f"in {found.available:,.0f} hours",
        ),
        KeyFigure("People needed", f"{found.people:,}", f"{formats.plain_number(found.exact, 2)} to the fraction"),
        KeyFigure(
            "Used", formats.percent(load, 0),
            f"of the hours of {held.team} {'person' if held.team == 1 else 'people'}", amber=load > 1 + 1e-9,
        ),
        KeyFigure(
            "ARR a person", "–" if per is None else formats.brief_money(per, _CURRENCY),
            "no guide names a ceiling" if ceiling is None else f"KnowUp names {brief(ceiling[0])} to "
            f"{brief(ceiling[1])}",
            amber=ceiling is not None and per is not None and per > ceiling[1],
        ),
    )  # fmt: skip


def _ceiling(held: Sizing) -> tuple[float, float] | None:
    """What a guide names for the segment, where all tiers are of one [USD a person]."""
    segments = {segment_of(tier) for tier in held.tiers}
    segment = segments.pop() if len(segments) == 1 else ""
    stated = next((p.arr for p in presets().values() if p.segment == segment and p.arr), None)
    return stated.ends if stated else None


def _tab(name: str, held: Sizing, found: Capacity, session: EditSession) -> None:
    if name == "What does not fit":
        st.caption("The guides contradict themselves and each other. It is shown here, worked out, and not mended.")
        st.html(contradictions_html())
    elif name == "Tiers":
        st.html(tiers_html(held))
        st.caption("Cost to serve: the hours of an account at what an hour for accounts costs.")
    elif name == "Books":
        _books(held, session)
    elif name == "Pay and cost":
        st.html(economics_html(held, found, session.plan))
    else:
        st.html(presets_html())


def _books(held: Sizing, session: EditSession) -> None:
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
        with st.expander(f"What was left out, is in doubt or was read as something else ({len(reading.notes)})"):
            st.html(notes_html(reading.notes))
    today = dt.datetime.now(dt.UTC).date()
    try:
        named = one_currency(accounts)
        found = books(
            accounts, today=today, ceiling=held.ceiling(), hours=held.model().hours_by_segment(),
            available=held.year.available,
        )  # fmt: skip
    except CapacityError as error:
        show_error(_sentence(error))
        return
    if found.empty:
        st.html('<p class="cp-quiet">No row of the file is an account of somebody.</p>')
        return
    currency = named or session.plan.currency
    starts = quarters(today)
    st.html(books_html(found, currency, starts))
    words = {"overdue": "with a renewal date that is past", "later": "due later", "undated": "without a renewal date"}
    apart = [f"{found[name].sum():,.0f} {word}" for name, word in words.items() if found[name].sum()]
    st.caption(
        "Effective accounts: one over the sum of squared shares of ARR. Hours: those of the tier of the same segment, "
        f"or the mean of all tiers.{' In no quarter: ' + ', '.join(apart) + '.' if apart else ''}"
    )
    if len(owned(found)) > 1:
        st.html(spread_html(found, currency, starts))
    with st.container(horizontal=True):
        if held.ceiling() != Ceiling():
            suggest = st.button("Suggest who should take over what", key="capacity.rebalance")
        else:
            suggest = False
            st.caption("Set a ceiling to see who is above it, and what would have to move.")
        _tell(session, found, named)
    if suggest:
        _moves(held, currency)


def _tell(session: EditSession, found: pd.DataFrame, currency: str) -> None:
    """Let the review know these books, without names."""
    if currency and currency != session.plan.currency:
        st.caption(
            f"These books are in {currency} and the plan pays in {session.plan.currency}: the review is not told."
        )
        return
    told = review_answers(found)
    st.button(
        "Answer the review with these books",
        key="capacity.tell",
        on_click=set_answers,
        args=(session, told, "context.books"),
        help="The mean book, and each book without its owner's name: accounts, ARR, largest share, what comes due.",
    )
    problems_under(session, "context.books")
    if has_answers(session, told):
        st.caption("The review knows these books.")


def _moves(held: Sizing, currency: str) -> None:
    if held.reading is None:
        return
    try:
        found = rebalance(
            held.reading.accounts, held.ceiling(), hours=held.model().hours_by_segment(), seconds=_PATIENCE
        )
    except CapacityError as error:
        show_error(_sentence(error))
        return
    st.html(f'<p class="cp-headline" role="status">{html.escape(found.sentence)}</p>')
    if found.moves:
        rows = "".join(
            f"<tr><td>{html.escape(m.account or f'line {m.line}')}</td><td>{html.escape(m.source or _NOBODY)}</td>"
            f"<td>{html.escape(m.target)}</td><td>{formats.money(m.arr, currency, 0)}</td></tr>"
            for m in found.moves
        )
        st.html(
            '<div class="cp-across"><table class="cp-statement cp-words"><thead><tr><th>Account</th><th>From</th>'
            f"<th>To</th><th>ARR</th></tr></thead><tbody>{rows}</tbody></table></div>"
        )


def notes_html(notes: Sequence[Note]) -> str:
    """What a reader did, in groups: what was left out first."""
    drawn: list[str] = []
    for kind, title in NOTES.items():
        said = [str(note) for note in notes if note.kind == kind]
        items = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in said[:_MOST_NOTES])
        more = f"<li>and {len(said) - _MOST_NOTES:,} more</li>" if len(said) > _MOST_NOTES else ""
        drawn.append(f"<p><b>{title}</b></p><ul>{items}{more}</ul>" if said else "")
    return "".join(drawn)


def spread_html(found: pd.DataFrame, currency: str, starts: Sequence[dt.date]) -> str:
    """How far the books differ, in ARR, accounts and what comes due."""
    rows: list[str] = []
    due = {f"due_arr_{q + 1}": f"ARR due from {day.day} {day:%b}" for q, day in enumerate(starts)}
    for name, title in {"arr": "ARR", "accounts": "Accounts", **due}.items():
        seen = spread(found, name)
        if math.isnan(seen.mean):
            continue
        told = [
            formats.plain_number(value, 1) if name == "accounts" else formats.money(value, currency, 0)
            for value in (seen.low, seen.mean, seen.high)
        ]
        ratio = "–" if math.isinf(seen.ratio) or math.isnan(seen.ratio) else f"{formats.plain_number(seen.ratio, 1)}×"
        rows.append(f"<tr><td>{title}</td>{''.join(f'<td>{cell}</td>' for cell in (*told, ratio))}</tr>")
    return (
        '<div class="cp-across"><table class="cp-statement"><thead><tr><th>Spread over the books</th><th>Least</th>'
        f"<th>Mean</th><th>Most</th><th>Most over least</th></tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def books_html(found: pd.DataFrame, currency: str, starts: Sequence[dt.date]) -> str:
    """A row for each owner; what is above a ceiling is marked in words."""
    rows: list[str] = []
    for owner, row in found.iterrows():
        over = [word for kind, word in CEILINGS.items() if row[f"over_{kind}"] > 0]
        cells = (
            html.escape(str(owner) or _NOBODY),
            f'<b class="cp-over">above in {" and ".join(over)}</b>' if over else "within" if owner else "–",
            f"{row['accounts']:.0f}", formats.money(float(row["arr"]), currency, 0),
            formats.percent(float(row["largest_share"]), 1),
            "–" if math.isnan(row["effective"]) else formats.plain_number(float(row["effective"]), 1),
            formats.percent(float(row["utilisation"]), 0) if owner else "–",
            *(_due(row, q, currency) for q in range(1, 5)),
        )  # fmt: skip
        rows.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    head = (
        "Owner", "Ceiling", "Accounts", "ARR", "Largest", "Effective", "Hours",
        *(f"{'' if q else 'Due from '}{day.day} {day:%b}" for q, day in enumerate(starts)),
    )  # fmt: skip
    return (
        '<div class="cp-across"><table class="cp-statement"><thead>'
        f"<tr>{''.join(f'<th>{h}</th>' for h in head)}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _due(row: pd.Series[float], quarter: int, currency: str) -> str:
    """Accounts that come due in a quarter, with their ARR."""
    if math.isnan(row[f"due_{quarter}"]):
        return "–"
    count = f"{row[f'due_{quarter}']:.0f}"
    return (
        f"{count} · {formats.brief_money(float(row[f'due_arr_{quarter}']), currency)}"
        if row[f"due_{quarter}"]
        else count
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
        ("Accounts that renew, as assumed", formats.percent(held.model().renewal_probability, 1)),
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
    rows: list[str] = []
    for p in presets().values():
        left = [implied_hours(stated, usual_year().available) for stated in p.accounts]
        cells = (
            html.escape(p.name), html.escape(" or ".join(r.told for r in p.accounts)),
            " or ".join(_range(low, high) for low, high in left),
            "–" if p.service is None else formats.plain_number(p.service.steady, 1),
            _money(p.acv), _money(p.arr),
        )  # fmt: skip
        rows.append(
            f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}"
            f'<td title="{html.escape(p.accounts[0].note)}">{_cited(p.source)}</td></tr>'
        )
    head = (
        "Book", "Accounts a person", "Hours that leaves each", "Hours listed", "An account's value", "ARR a person",
        "Source",
    )  # fmt: skip
    return (
        '<div class="cp-across"><table class="cp-statement cp-words"><thead>'
        f"<tr>{''.join(f'<th>{h}</th>' for h in head)}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _range(low: float, high: float) -> str:
    ends = [formats.plain_number(low, 1), formats.plain_number(high, 1)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _money(stated: Range | None) -> str:
    if stated is None:
        return "–"
    return " to ".join(dict.fromkeys(formats.brief_money(end, _CURRENCY) for end in stated.ends))
