"""Capacity as HTML: key figures, tiers, books of business, unit economics, what guides say."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from compplan import facts, formats
from compplan.capacity import (
    Capacity,
    capacity,
    contradictions,
    cost_to_serve,
    implied_hours,
    presets,
    spending,
    spread,
    unit_economics,
    usual_year,
)
from compplan.capacity.accounts import NOTES
from compplan.capacity.books import CEILINGS
from compplan.capacity.model import segment_of
from compplan.plan import Plan
from compplan.ui.capacity.session import CapacitySession
from compplan.ui.templates import render
from compplan.ui.widgets.html import KeyFigure
from compplan.ui.widgets.ranges import money_range

if TYPE_CHECKING:
    import pandas as pd

    from compplan.capacity import AccountMove, StatedRange
    from compplan.roster import Note

CURRENCY = "USD"  # of the guides and of the model
_NO_OWNER = "No owner"
_MOST_NOTES = 200
_NONE = "–"


def key_figures(model: CapacitySession, result: Capacity, load: float) -> tuple[KeyFigure, ...]:
    """The five key figures of the page."""
    ceiling, per_person = _stated_arr(model), result.arr_per_person or None
    people = "1 person" if model.team == 1 else f"{model.team} people"
    return (
        KeyFigure("Hours per account", formats.plain_number(result.mean_hours, 1), "per year, mean of all tiers"),
        KeyFigure(
            "Accounts per person",
            "no limit" if result.per_person is None else f"{result.per_person:,}",
            f"in {result.available:,.0f} hours",
        ),
        KeyFigure("People needed", f"{result.people:,}", f"{formats.plain_number(result.exact, 2)} FTE"),
        KeyFigure("Utilization", formats.percent(load, 0), f"of the hours of {people}", amber=load > 1 + 1e-9),
        KeyFigure(
            "ARR per person",
            _NONE if per_person is None else formats.brief_money(per_person, CURRENCY),
            "no published range" if ceiling is None else f"KnowUp: {money_range(*ceiling, CURRENCY)}",
            amber=ceiling is not None and per_person is not None and per_person > ceiling[1],
        ),
    )


def _stated_arr(model: CapacitySession) -> tuple[float, float] | None:
    """ARR per person that a guide states for the segment, if all tiers are of one segment [USD]."""
    segments = {segment_of(tier) for tier in model.tiers}
    segment = segments.pop() if len(segments) == 1 else ""
    stated = next((preset.arr for preset in presets().values() if preset.segment == segment and preset.arr), None)
    return stated.ends if stated else None


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, words: bool = True) -> str:
    return render("capacity.table", titles, list(rows), words)


def conflicts_html() -> str:
    """Every conflict in the guides with its sources."""
    conflicts = [
        {"title": each.title, "sentence": each.sentence, "sources": [facts.source(key) for key in each.sources]}
        for each in contradictions()
    ]
    return render("capacity.conflicts", conflicts)


def tiers_table(model: CapacitySession) -> str:
    """A row for each tier."""
    rows: list[tuple[str, ...]] = []
    for tier in model.tiers:
        served = cost_to_serve(tier.each, model.loaded, model.year.available, tier.acv)
        alone = capacity([tier], model.year)
        rows.append(
            (
                tier.name,
                f"{tier.accounts:,}",
                formats.plain_number(tier.each, 1),
                _NONE if alone.per_person is None else f"{alone.per_person:,}",
                f"{alone.people:,}",
                formats.money(tier.arr, CURRENCY, 0),
                formats.money(served.cost, CURRENCY, 0),
                _NONE if served.share is None else formats.percent(served.share, 1),
            )
        )
    titles = (
        "Tier", "Accounts", "Hours per account", "Accounts per person", "People needed", "ARR",
        "Cost to serve per account", "% of ARR",
    )  # fmt: skip
    return _table(titles, rows)


def economics_table(model: CapacitySession, result: Capacity, plan: Plan) -> str:
    """Pay and cost of a person against the ARR per person."""
    if plan.currency != CURRENCY:
        return render("widgets.quiet", f"The plan pays in {plan.currency} and the book of business is in {CURRENCY}.")
    per_person = result.arr_per_person or 0.0
    economics = unit_economics(plan.pay.ote, model.loaded, per_person, spending())

    def percent(share: float | None) -> str:
        return _NONE if share is None else formats.percent(share, 1)

    ratio = economics.arr_per_ote
    rows = [
        ("ARR per person at the headcount needed", formats.money(per_person, CURRENCY, 0)),
        (f"OTE of {plan.name}", formats.money(plan.pay.ote, CURRENCY, 0)),
        ("OTE / ARR", percent(economics.ote_share)),
        ("ARR per dollar of OTE", _NONE if ratio is None else formats.plain_number(ratio, 1)),
        ("Renewal rate, as assumed", percent(model.model().renewal_probability)),
        ("Fully loaded cost / ARR", percent(economics.cost_share)),
        *(
            (f"ARR per person needed for a cost of {formats.percent(share)} of ARR", formats.money(arr, CURRENCY, 0))
            for share, arr in economics.break_even
        ),
    ]
    return _table(("Figure", "Value"), rows)


def guides_table() -> str:
    """What each guide says about accounts per person."""
    rows: list[tuple[str, ...]] = []
    for preset in presets().values():
        left = [implied_hours(stated, usual_year().available) for stated in preset.accounts]
        rows.append(
            (
                preset.name,
                " or ".join(stated.text for stated in preset.accounts),
                " or ".join(_number_range(low, high) for low, high in left),
                _NONE if preset.service is None else formats.plain_number(preset.service.steady, 1),
                _stated_money(preset.acv),
                _stated_money(preset.arr),
                Markup(render("capacity.source", facts.source(preset.source))),
            )
        )
    titles = (
        "Book", "Accounts per person", "Hours left per account", "Hours listed", "ARR per account",
        "ARR per person", "Source",
    )  # fmt: skip
    return _table(titles, rows)


def _number_range(low: float, high: float) -> str:
    return " to ".join(dict.fromkeys(formats.plain_number(end, 1) for end in (low, high)))


def _stated_money(stated: StatedRange | None) -> str:
    return _NONE if stated is None else money_range(*stated.ends, CURRENCY)


# Books of business


def notes_html(notes: Sequence[Note]) -> str:
    """What a reader skipped, corrected or doubted, in groups."""
    groups: list[tuple[str, list[str], str]] = []
    for kind, title in NOTES.items():
        sentences = [str(note) for note in notes if note.kind == kind]
        more = len(sentences) - _MOST_NOTES
        if sentences:
            groups.append((title, sentences[:_MOST_NOTES], f"{more:,} more" if more > 0 else ""))
    return render("capacity.notes", groups)


def books_table(table: pd.DataFrame, currency: str, starts: Sequence[dt.date]) -> str:
    """A row for each owner; limits that a book exceeds are named."""
    rows: list[tuple[str, ...]] = []
    for owner, row in table.iterrows():
        over = [word for kind, word in CEILINGS.items() if row[f"over_{kind}"] > 0]
        limit = Markup(render("capacity.over", f"over limit: {' and '.join(over)}")) if over else "within"
        effective = float(row["effective"])
        rows.append(
            (
                str(owner) or _NO_OWNER,
                limit if over or owner else _NONE,
                f"{row['accounts']:.0f}",
                formats.money(float(row["arr"]), currency, 0),
                formats.percent(float(row["largest_share"]), 1),
                _NONE if math.isnan(effective) else formats.plain_number(effective, 1),
                formats.percent(float(row["utilisation"]), 0) if owner else _NONE,
                *(_renewals(row, quarter, currency) for quarter in range(1, 5)),
            )
        )
    titles = (
        "Owner", "Limit", "Accounts", "ARR", "Largest account", "Effective accounts", "Hours used",
        *(f"{'From' if quarter else 'Renewals from'} {_day(start)}" for quarter, start in enumerate(starts)),
    )  # fmt: skip
    return _table(titles, rows, words=False)


def _day(day: dt.date) -> str:
    return f"{day:%b} {day.day}"


def _renewals(row: pd.Series[float], quarter: int, currency: str) -> str:
    """Accounts up for renewal in a quarter, with their ARR."""
    count, arr = float(row[f"due_{quarter}"]), float(row[f"due_arr_{quarter}"])
    if math.isnan(count):
        return _NONE
    return f"{count:.0f} · {formats.brief_money(arr, currency)}" if count else "0"


def spread_table(table: pd.DataFrame, currency: str, starts: Sequence[dt.date]) -> str:
    """How far the books differ in ARR, accounts and renewals."""
    rows: list[tuple[str, ...]] = []
    due = {f"due_arr_{quarter}": f"Renewals from {_day(start)}" for quarter, start in enumerate(starts, start=1)}
    for name, title in {"arr": "ARR", "accounts": "Accounts", **due}.items():
        ends = spread(table, name)
        if math.isnan(ends.mean):
            continue
        amounts = [
            formats.plain_number(value, 1) if name == "accounts" else formats.money(value, currency, 0)
            for value in (ends.low, ends.mean, ends.high)
        ]
        ratio = f"{formats.plain_number(ends.ratio, 1)}×" if math.isfinite(ends.ratio) else _NONE
        rows.append((title, *amounts, ratio))
    return _table(("Spread of the books", "Smallest", "Mean", "Largest", "Largest / smallest"), rows, words=False)


def result_html(text: str) -> str:
    """The result of a suggestion."""
    return render("capacity.result", text)


def moves_table(moves: Iterable[AccountMove], currency: str) -> str:
    """Accounts to move, from whom to whom."""
    rows: list[tuple[Any, ...]] = [
        (
            move.account or f"line {move.line}",
            move.source or _NO_OWNER,
            move.target,
            formats.money(move.arr, currency, 0),
        )
        for move in moves
    ]
    return _table(("Account", "From", "To", "ARR"), rows)
