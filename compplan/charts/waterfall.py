"""Waterfall from base salary to total pay, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compplan import formats
from compplan.charts.base import Chart, Label, bare_axis, color, escape, label_trace, money_axis
from compplan.payout import payout
from compplan.payout.engine import Period
from compplan.payout.in_force import full_year
from compplan.plan import Plan


def waterfall(plan: Plan, results: Mapping[str, float], period: Period = "year") -> Chart:
    """Draw the steps from base salary to total pay.

    Parameters
    ----------
    plan : Plan
    results : Mapping of str to float [each measure's units]
        Results of the period.
    period : int or 'year'

    Returns
    -------
    Chart
        Base, each component, modifiers, the total cap and kickers, then the sum; outlines show target pay. The money
        axis may start above zero; a label says so.
    """
    # A chart of the year shows what the plan pays in a whole year, like every other chart of a plan.
    statement = payout(full_year(plan) if period == "year" else plan, results, period)
    currency = plan.currency
    ids = [c.key for c in plan.components]
    names = [plan.measure(c.measure).short for c in plan.components]
    steps: list[tuple[str, float, str, float | None, str]] = []
    for line in statement.lines:
        if line.kind == "component":
            place = ids.index(line.id)
            steps.append((names[place], line.amount, color(place), line.target_pay, line.working[-1]))
        elif line.kind in ("cap", "kicker") or (line.kind == "modifier" and line.amount):
            steps.append((line.label.removeprefix("Modifier: "), line.amount, "@muted", None, line.working[-1]))
    variable = formats.money(statement.total, currency)
    total_hover = f"Base {formats.money(statement.base, currency)} and variable {variable}"
    level = statement.base
    bars: list[tuple[str, float, float, float, str, str, tuple[float, float | None]]] = [
        ("Base", 0.0, level, level, "@text/40", "Base salary", (0.0, None))
    ]
    for label, amount, ink, target_pay, hover in steps:
        bars.append((label, min(level, level + amount), abs(amount), amount, ink, hover, (level, target_pay)))
        level += amount
    bars.append(("Total pay", 0.0, level, level, "@text/80", total_hover, (0.0, None)))
    labels, bases, heights, texts, inks, hovers, ghosts = zip(*bars, strict=True)
    positions = list(range(len(labels)))
    tops = [b + h for b, h in zip(bases, heights, strict=True)]
    reach = max(*tops, statement.base + statement.period_target)
    floor = max(0.0, statement.base - 0.35 * (reach - statement.base)) if reach > statement.base else 0.0
    data: list[dict[str, Any]] = [
        {
            "type": "bar", "x": positions, "y": [t or 0.0 for _, t in ghosts], "base": [b for b, _ in ghosts],
            "width": 0.72, "hoverinfo": "skip",
            "marker": {"color": "@text/5", "line": {"color": "@text/45", "width": [1 if t else 0 for _, t in ghosts]}},
        },
        {
            "type": "bar", "x": positions, "y": heights, "base": bases, "width": 0.72, "marker": {"color": inks},
            "text": [formats.brief_money(v, currency) if i in (0, len(texts) - 1) else f"{'+' if v >= 0 else ''}"
                     f"{formats.brief_money(v, currency)}" for i, v in enumerate(texts)],
            "textposition": "none", "hovertext": hovers, "hovertemplate": "%{hovertext}<extra></extra>",
        },
    ]  # fmt: skip
    chart_labels = [Label(i, top, text) for i, top, text in zip(positions, tops, data[1]["text"], strict=True)]
    if floor:
        note = f"axis starts at {formats.brief_money(floor, currency)}"
        chart_labels.append(Label(-0.4, floor + 0.97 * 1.12 * (reach - floor), note, "bottom right", "@muted"))
    data.append(label_trace(chart_labels))
    layout: dict[str, Any] = {
        "barmode": "overlay", "showlegend": False, "bargap": 0.2, "margin": {"l": 52, "r": 8, "t": 14, "b": 36},
        "xaxis": bare_axis(tickvals=positions, ticktext=[_wrap(escape(label)) for label in labels], automargin=False,
                           range=[-0.5, len(labels) - 0.5]),
        "yaxis": {**money_axis(currency), "rangemode": "normal", "range": [floor, reach + 0.12 * (reach - floor)],
                  "nticks": 6, "fixedrange": True, "automargin": False},
    }  # fmt: skip
    rows = [
        (label, formats.money(amount, currency), formats.money(t, currency) if t is not None else "")
        for label, amount, (_, t) in zip(labels, texts, ghosts, strict=True)
    ]
    return Chart({"data": data, "layout": layout}, ("Step", "Amount", "At target"), tuple(rows))


def _wrap(label: str, width: int = 12) -> str:
    """A label with line breaks between words."""
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)
