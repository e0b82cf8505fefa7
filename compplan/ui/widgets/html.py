"""Small pieces of page that are only shown: figures, bands, statements, sketches of a curve."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from compplan import facts, formats
from compplan.benchmarks import Band
from compplan.curves import PayoutCurve
from compplan.outcomes import Overview
from compplan.payout import Difference, Statement
from compplan.plan import Plan
from compplan.store import VersionDifference


@dataclass(frozen=True, slots=True)
class Card:
    """One figure at the head of the board: what it is, what it was, and a word on it."""

    name: str
    value: str
    told: str
    was: str = ""
    amber: bool = False
    hint: str = ""
    red: bool = False


def _card(name: str, value: str, told: str, was: str = "", *, amber: bool = False, hint: str = "") -> Card:
    return Card(name, value, told, f"was {was}" if was and was != value else "", amber, hint)


def key_cards(plan: Plan, now: Overview, before: Overview | None, reviewed: Card) -> tuple[Card, ...]:
    """The five figures of a plan, the last one what its review says."""
    currency = plan.currency

    def brief(amount: float) -> str:
        return formats.brief_money(amount, currency)

    return (
        _card(
            "OTE", brief(now.ote), f"{brief(plan.pay.base)} base + {brief(now.variable)} variable",
            brief(before.ote) if before else "",
            hint="On-target earnings a year: base and target variable. Without equity.",
        ),
        _card(
            "At target", "–" if now.at_target is None else formats.percent(now.at_target, 1),
            f"pays {brief(now.cash_at_target)} in all",
            "" if before is None or before.at_target is None else formats.percent(before.at_target, 1),
            amber=not now.keeps_its_promise,
            hint="What the plan pays of target variable with every measure at its target.",
        ),
        _card(
            "Likely", brief(now.cash_likely),
            f"{brief(plan.pay.base + now.likely.p10)} to {brief(plan.pay.base + now.likely.p90)}, illustration",
            brief(before.cash_likely) if before else "",
            hint="Expected pay, and the pay that one in ten falls short of or exceeds, when results scatter around "
            "target as set under Likely pay. An illustration until you set the scatter you know.",
        ),
        _card(
            "Maximum", brief(now.cash_ceiling),
            "nothing caps it" if math.isinf(now.ceiling) else f"leverage {formats.plain_number(now.leverage or 0, 2)}×",
            brief(before.cash_ceiling) if before else "",
            hint="The most the plan can pay, kickers left out. Leverage: variable pay at the last point of every curve "
            "over variable pay at target.",
        ),
        reviewed,
    )  # fmt: skip


def promise_warning(plan: Plan, now: Overview) -> str:
    """What to say where a plan does not pay 100% at target; empty where it does."""
    if now.at_target is None or now.keeps_its_promise:
        return ""
    return (
        f"At target this plan pays {formats.percent(now.at_target, 1)} of target variable, not 100%: "
        f"{formats.money(now.cash_at_target - plan.pay.base, plan.currency)} where it promises "
        f"{formats.money(now.variable, plan.currency)}."
    )


def market_band(plan: Plan, base: tuple[Band, ...], ote: tuple[Band, ...]) -> str:
    """Base and OTE on the bands that sources publish for the role."""
    rows = [
        *(("Base", band, plan.pay.base) for band in base if band.currency == plan.currency),
        *(("OTE", band, plan.pay.ote) for band in ote if band.currency == plan.currency),
    ]
    if not rows:
        return (
            '<p class="cp-quiet">No source that we ship publishes a band for this role in '
            f"{html.escape(plan.currency)}.</p>"
        )
    low = min(min(band.low, pay) for _, band, pay in rows)
    high = max(max(band.high, pay) for _, band, pay in rows)
    room = (high - low) or 1.0
    low, high = low - 0.06 * room, high + 0.06 * room

    def at(amount: float) -> str:
        return f"{100 * (amount - low) / (high - low):.2f}%"

    drawn: list[str] = []
    for name, band, pay in rows:
        source = facts.source(band.source).label
        span = f"{formats.brief_money(band.low, plan.currency)} to {formats.brief_money(band.high, plan.currency)}"
        place = "inside" if band.low <= pay <= band.high else "outside"
        told = f"{name} band {span} ({band.place}, {band.as_of}). Source: {source}. The plan's is {place}."
        drawn.append(
            f'<div class="cp-band" title="{html.escape(told)}" role="img" aria-label="{html.escape(told)}">'
            f"<span>{name}</span><div><i style='left:{at(band.low)};right:calc(100% - {at(band.high)})'></i>"
            f"<b class='{place}' style='left:{at(pay)}'></b></div><em>{span}</em></div>"
        )
    sources = ", ".join(dict.fromkeys(facts.source(band.source).label for _, band, _ in rows))
    return f'<div class="cp-bands">{"".join(drawn)}<p class="cp-quiet">{html.escape(sources)}</p></div>'


def sketch(curve: PayoutCurve, low: float, high: float, target: float, ink: str = "var(--cp-primary)") -> str:
    """A small picture of a curve between two results on its own axis; lines mark the target and 100%."""
    knots = [x for x, _ in curve.points() if low < x < high]
    step = (high - low) * 1e-6
    xs = sorted({low, high, *knots, *(x - step for x in knots), *(x + step for x in knots)})
    top = max(1.25, *(curve(x) for x in xs)) * 1.08

    def across(x: float) -> str:
        return f"{100 * (x - low) / (high - low):.2f}%"

    def down(y: float) -> str:
        return f"{100 - 100 * y / top:.2f}%"

    area = ", ".join(["0% 100%", *(f"{across(x)} {down(curve(x))}" for x in xs), "100% 100%"])
    told = "; ".join(f"{formats.plain_number(x)} pays {formats.percent(y)}" for x, y in curve.points())
    return (
        f'<div class="cp-sketch" role="img" aria-label="Payout curve: {told}">'
        f'<i style="clip-path: polygon({area}); background: {ink}"></i>'
        f'<b style="left: {across(target)}"></b><u style="top: {down(1.0)}"></u></div>'
    )


def statement_table(statement: Statement) -> str:
    """A statement with every step of its sums."""
    currency = statement.currency
    rows: list[str] = []
    for line in statement.lines:
        quiet = line.kind == "gate" or (line.kind == "modifier" and not line.amount)
        amount = "" if quiet else formats.money(line.amount, currency)
        steps = "".join(f"<li>{html.escape(step)}</li>" for step in line.working)
        rows.append(f"<tr><td>{html.escape(line.label)}<ul>{steps}</ul></td><td>{amount}</td></tr>")
    sums = [
        ("Variable pay and kickers", statement.total),
        ("Base salary", statement.base),
        ("Total pay", statement.cash_total),
    ]
    foot = "".join(f"<tr><th>{name}</th><th>{formats.money(amount, currency)}</th></tr>" for name, amount in sums)
    return f'<table class="cp-statement"><tbody>{"".join(rows)}</tbody><tfoot>{foot}</tfoot></table>'


def problem(text: str) -> None:
    """A sentence on what went wrong."""
    st.html(f'<p class="cp-problem cp-broken" role="alert">{html.escape(text[:1].upper() + text[1:])}</p>')


def cards_html(cards: Sequence[Card], turn: int = 0) -> str:
    """The key figures as a list; `turn` makes it new to the page each time it is sent."""
    inks = (" cp-red" if card.red else " cp-amber" if card.amber else "" for card in cards)
    told = "".join(
        f'<div class="cp-figure{ink}" title="{html.escape(card.hint)}">'
        f"<dt>{html.escape(card.name)}</dt><dd><b>{html.escape(card.value)}</b>"
        f'<span class="cp-was">{html.escape(card.was)}</span><small>{html.escape(card.told)}</small></dd></div>'
        for card, ink in zip(cards, inks, strict=True)
    )
    return f'<dl class="cp-figures" data-turn="{turn}">{told}</dl>'


def difference_lines(found: VersionDifference) -> str:
    """What two versions differ in, line by line: words first, then money."""
    if found.is_empty:
        return "<p>Nothing: the two are alike.</p>"
    return f'<ul class="cp-changes">{"".join(f"<li>{html.escape(line)}</li>" for line in found.lines())}</ul>'


def difference_table(rows: tuple[Difference, ...], currency: str) -> str:
    """The plan before and the plan now, number by number."""

    def told(value: float | None, kind: str) -> str:
        if value is None:
            return "–"
        return formats.percent(value, 2) if kind == "fraction" else formats.money(value, currency)

    body = ""
    for row in rows:
        moved = row.change is not None and abs(row.change) > 1e-9
        change = "" if row.change is None or math.isnan(row.change) else told(row.change, row.kind)
        sign = "+" if moved and (row.change or 0) > 0 else ""
        body += (
            f"<tr{' class=moved' if moved else ''}><td>{html.escape(row.name)}</td>"
            f"<td>{told(row.before, row.kind)}</td><td>{told(row.now, row.kind)}</td>"
            f"<td>{sign + change if moved else ''}</td></tr>"
        )
    return (
        '<table class="cp-statement cp-compare"><thead><tr><th></th><th>Before</th><th>Now</th><th>Change</th></tr>'
        "</thead>"
        f"<tbody>{body}</tbody></table>"
    )
