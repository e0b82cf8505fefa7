"""Payout curves in money: what each result pays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from compplan import formats
from compplan.arrays import FloatArray
from compplan.charts.base import Chart, axis_format, color, escape, hover_format, money_axis, rounded
from compplan.charts.ranges import span
from compplan.payout import target_pays
from compplan.payout.engine import CompiledComponent, compile_plan
from compplan.plan import Plan

_SAMPLES = 33


def payout_curves(plan: Plan, results: Mapping[str, float], before: Plan | None = None) -> Chart:
    """Draw each component's payout curve in money a year, over its own measure.

    Parameters
    ----------
    plan : Plan
    results : Mapping of str to float [each measure's units, a year]
        Year-end results; each curve has a point there.
    before : Plan, optional
        An earlier plan, drawn as thin lines behind the curves of the same components.

    Returns
    -------
    Chart
        One small chart per component, on one money scale; threshold, target, last point and cliffs are marked. Shows
        what the curves alone pay, without gates and modifiers.
    """
    compiled = compile_plan(plan)
    pays, currency = target_pays(plan), plan.currency
    earlier = {c.id: c for c in compile_plan(before).components} if before is not None and before != plan else {}
    earlier_pays = target_pays(before) if before is not None and earlier else {}
    data: list[dict[str, Any]] = []
    layout: dict[str, Any] = {
        "showlegend": False,
        "hovermode": "closest",
        "margin": {"l": 46, "r": 8, "t": 28, "b": 24},
    }
    rows: list[tuple[str, ...]] = []
    words: list[_Worded] = []
    highest = 0.0
    for place, c in enumerate(compiled.components):
        x_axis, y_axis = (f"x{place + 1}", f"y{place + 1}") if place else ("x", "y")
        pay, ink = pays[c.id], color(place)
        stretch = span(c, (results[c.id],))
        x = _samples(c, stretch)
        paid = c.curve(x / c.part.axis_unit)
        highest = max(highest, float(paid.max()) * pay)
        if c.id in earlier:
            old = earlier[c.id]
            old_pay = old.curve(x / old.part.axis_unit) * earlier_pays[c.id]
            highest = max(highest, float(old_pay.max()))
            data.append(
                {"type": "scatter", "mode": "lines", "x": rounded(x), "y": rounded(old_pay), "xaxis": x_axis,
                 "yaxis": y_axis, "line": {"color": "@text/45", "width": 1, "dash": "dot"}, "hoverinfo": "skip"}
            )  # fmt: skip
        data.append(
            {
                "type": "scatter", "mode": "lines", "x": rounded(x), "y": rounded(paid * pay),
                "customdata": rounded(paid), "xaxis": x_axis, "yaxis": y_axis,
                "line": {"color": ink, "width": 2.5}, "fill": "tozeroy", "fillcolor": f"{ink}/10",
                "hovertemplate": (
                    f"{hover_format(c.measure, currency)} pays %{{customdata:.4~%}} of "
                    f"{formats.money(pay, currency)}<br>= <b>{formats.symbol(currency)}%{{y:,.2f}}</b> a year"
                    "<extra></extra>"
                ),
            }
        )  # fmt: skip
        marks = _marks(c, pay, currency)
        at = results[c.id]
        fraction = c.curve(at / c.part.axis_unit)
        here = fraction * pay
        highest = max(highest, here)
        result_text = (
            f"Result {formats.result(at, c.measure, currency)}: {formats.percent(fraction)} of "
            f"{formats.money(pay, currency)}<br>= <b>{formats.money(here, currency)}</b> a year"
        )
        some = len(marks)
        data.append(
            {
                "type": "scatter", "mode": "markers", "x": [*(m[0] for m in marks), at],
                "y": [*(m[1] for m in marks), here], "text": [*(m[2] for m in marks), result_text],
                "xaxis": x_axis, "yaxis": y_axis, "hovertemplate": "%{text}<extra></extra>", "cliponaxis": False,
                "marker": {
                    "opacity": 1,
                    "symbol": [*(m[3] for m in marks), "circle"],
                    "color": ["@bg"] * some + [ink],
                    "size": [7] * some + [12],
                    "line": {"color": [ink] * some + ["@bg"], "width": 2},
                },
            }
        )  # fmt: skip
        words.append((c, marks, (at, here), stretch, (x_axis, y_axis)))
        layout[_axis("xaxis", place)] = {
            **axis_format(c.measure, currency), "range": list(stretch), "nticks": 5, "showgrid": False,
            "anchor": y_axis, "zeroline": False, "fixedrange": True, "automargin": False,
        }  # fmt: skip
        layout[_axis("yaxis", place)] = money_axis(
            currency,
            anchor=x_axis,
            showticklabels=place == 0,
            nticks=5,
            fixedrange=True,
            automargin=False,
            **({"matches": "y"} if place else {}),
        )
        rows += [
            (c.measure.short, mark, formats.result(x, c.measure, currency), formats.percent(y / pay if pay else 0.0),
             formats.money(y, currency))
            for x, y, mark in [*((m[0], m[1], m[4]) for m in marks), (at, here, "Result")]
        ]  # fmt: skip
    top = _round_up(highest * 1.08)
    layout["yaxis"]["range"] = [0, top]
    data += [_lettering(*worded, pay=pays[worded[0].id], top=top, currency=currency) for worded in words]
    _domains(layout, len(compiled.components), 4)
    narrow: dict[str, Any] = {}
    _domains(narrow, len(compiled.components), 2)
    spec = {"data": data, "layout": layout, "narrow": {"below": 560, "layout": narrow}}
    return Chart(spec, ("Measure", "Point", "Result", "Payout", "Pays a year"), tuple(rows))


def _samples(component: CompiledComponent, stretch: tuple[float, float]) -> FloatArray:
    """Results to sample a curve at: an even grid, every knot, and just before every jump."""
    unit, low, high = component.part.axis_unit, *stretch
    knots = [x * unit for x, _ in component.curve.points()]
    short = [c.x * unit - component.curve.sign * 1e-7 * max(1.0, abs(c.x * unit)) for c in component.curve.cliffs()]
    x = np.unique(np.concatenate([np.linspace(low, high, _SAMPLES), knots, short]))
    return x[(x >= low) & (x <= high)]


def _axis(name: str, place: int) -> str:
    return f"{name}{place + 1}" if place else name


def _domains(layout: dict[str, Any], count: int, across: int) -> None:
    """Lay out small charts in rows of at most `across`."""
    across = min(count, across)
    down = math.ceil(count / across)
    gap_x, gap_y = 0.055, 0.2
    width, height = (1 - gap_x * (across - 1)) / across, (1 - gap_y * (down - 1)) / down
    for place in range(count):
        row, column = divmod(place, across)
        left, top = column * (width + gap_x), 1 - row * (height + gap_y)
        layout.setdefault(_axis("xaxis", place), {})["domain"] = [
            round(left, 4),
            round(min(left + width, 1), 4),
        ]
        layout.setdefault(_axis("yaxis", place), {})["domain"] = [
            round(max(top - height, 0), 4),
            round(top, 4),
        ]
        layout[_axis("yaxis", place)]["showticklabels"] = column == 0


def _marks(c: CompiledComponent, pay: float, currency: str) -> list[tuple[float, float, str, str, str]]:
    """(x, money, hover text, symbol, word) of the named points of a curve."""
    unit = c.part.axis_unit
    points = [(x * unit, y * pay) for x, y in c.curve.points()]
    marks: list[tuple[float, float, str, str, str]] = []

    def add(x: float, y: float, word: str, symbol: str = "circle", detail: str | None = None) -> None:
        label = f"<b>{word}</b> {formats.result(x, c.measure, currency)}: {formats.money(y, currency)} a year"
        marks.append((x, y, label + (f"<br>{detail}" if detail else ""), symbol, word))

    cliffs = {cliff.x * unit: cliff for cliff in c.curve.cliffs()}
    for x, cliff in cliffs.items():
        jump = f"Cliff: {formats.money(cliff.jump * pay, currency)} more than just below"
        add(x, cliff.at * pay, "Cliff", "diamond", jump)
    first, last = points[0], points[-1]
    if first[0] not in cliffs:
        add(*first, "Threshold")
    at_target = c.curve(c.part.target / unit) * pay
    add(c.part.target, at_target, "Target", "circle")
    if last[0] not in (c.part.target, first[0]) and last[0] not in cliffs:
        flat = math.isfinite(c.curve.highest)
        word = "Last point, no cap" if not flat else "Cap" if c.part.curve.cap is not None else "Top point"
        add(*last, word, "line-ew" if flat else "circle")
    return marks


_Mark = tuple[float, float, str, str, str]
_Worded = tuple[CompiledComponent, list[_Mark], tuple[float, float], tuple[float, float], tuple[str, str]]


def _round_up(amount: float) -> float:
    """The next amount with two digits, so that the money scale does not jump when weights change a little."""
    if amount <= 0:
        return 1.0
    size = 10.0 ** (math.floor(math.log10(amount)) - 1)
    return math.ceil(amount / (2 * size)) * 2 * size


def _lettering(
    c: CompiledComponent,
    marks: list[_Mark],
    here: tuple[float, float],
    stretch: tuple[float, float],
    axes: tuple[str, str],
    *,
    pay: float,
    top: float,
    currency: str,
) -> dict[str, Any]:
    """The target line and all labels of one small chart, as one trace, which Plotly draws fastest."""
    share = formats.percent(c.part.weight) if c.part.weight is not None else "commission"
    better = c.measure.better == "more"
    beside = ("middle right", "middle left") if better else ("middle left", "middle right")
    jumps = {cliff.x * c.part.axis_unit: cliff for cliff in c.curve.cliffs()}
    words: list[tuple[float, float, str, str, str, float]] = [
        (stretch[0], top, f"<b>{escape(c.measure.short)}</b>  {share}", "top right", "@text", 13),
        (c.part.target, top * 0.97, "target ", "middle left", "@muted", 10.5),
        (*here, f"\u2002{formats.brief_money(here[1], currency)}\u2002",
         "top left" if here[0] > sum(stretch) / 2 else "top right", "@text", 13),
    ]  # fmt: skip
    for x, y, _, _, word in marks:
        if word == "Cliff":
            text = f" cliff +{formats.brief_money(jumps[x].jump * pay, currency)} "
            words.append((x, (jumps[x].before + jumps[x].at) / 2 * pay, text, beside[0], "@muted", 10.5))
        elif word in ("Cap", "Top point") and pay:
            words.append((x, y, f"{word.lower()} {formats.percent(y / pay, 0)} ", "top left" if better else "top right",
                          "@muted",
                          10.5))  # fmt: skip
    # None separates the target line from the labels within the trace.
    across: list[float | None] = [c.part.target, c.part.target]
    up: list[float | None] = [0.0, top]
    for word in words:
        across += [None, word[0]]
        up += [None, word[1]]
    blank = ["", ""]
    return {
        "type": "scatter", "mode": "lines+text", "xaxis": axes[0], "yaxis": axes[1], "hoverinfo": "skip",
        "x": across, "y": up, "cliponaxis": False, "line": {"color": "@muted", "width": 1, "dash": "dash"},
        "text": blank + [part for w in words for part in ("", w[2])],
        "textposition": ["top right"] * 2 + [w[3] for w in words for _ in range(2)],
        "textfont": {"color": ["@text"] * 2 + [w[4] for w in words for _ in range(2)],
                     "size": [10.5] * 2 + [w[5] for w in words for _ in range(2)]},
    }  # fmt: skip
