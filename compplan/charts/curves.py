"""Payout curves in money: what each result pays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from compplan import formats
from compplan.arrays import FloatArray
from compplan.charts.base import (
    Chart,
    Label,
    axis_format,
    bare_axis,
    color,
    escape,
    hover_format,
    money_axis,
    rounded,
)  # fmt: skip
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
    small_charts: list[_SmallChart] = []
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
        result = _Mark("Result", at, here, result_text)
        count, points = len(marks), [*marks, result]
        data.append(
            {
                "type": "scatter", "mode": "markers", "x": [m.x for m in points], "y": [m.pay for m in points],
                "text": [m.hover for m in points], "xaxis": x_axis, "yaxis": y_axis,
                "hovertemplate": "%{text}<extra></extra>", "cliponaxis": False,
                "marker": {
                    "opacity": 1,
                    "symbol": [m.symbol for m in points],
                    "color": ["@bg"] * count + [ink],
                    "size": [7] * count + [12],
                    "line": {"color": [ink] * count + ["@bg"], "width": 2},
                },
            }
        )  # fmt: skip
        small_charts.append(_SmallChart(c, pay, marks, result, stretch, (x_axis, y_axis)))
        layout[_axis("xaxis", place)] = {
            **axis_format(c.measure, currency),
            **bare_axis(range=list(stretch), nticks=5, anchor=y_axis, automargin=False),
        }
        layout[_axis("yaxis", place)] = money_axis(
            currency, anchor=x_axis, showticklabels=place == 0, nticks=5, fixedrange=True, automargin=False,
            **({"matches": "y"} if place else {}),
        )  # fmt: skip
        rows += [
            (c.measure.short, m.word, formats.result(m.x, c.measure, currency),
             formats.percent(m.pay / pay if pay else 0.0), formats.money(m.pay, currency))
            for m in points
        ]  # fmt: skip
    top = _round_up(highest * 1.08)
    layout["yaxis"]["range"] = [0, top]
    data += [_labels(chart, top, currency) for chart in small_charts]
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
        x_axis, y_axis = (layout.setdefault(_axis(name, place), {}) for name in ("xaxis", "yaxis"))
        x_axis["domain"] = [round(left, 4), round(min(left + width, 1), 4)]
        y_axis |= {"domain": [round(max(top - height, 0), 4), round(top, 4)], "showticklabels": column == 0}


class _Mark(NamedTuple):
    """A named point of a curve."""

    word: str
    x: float  # result [the measure's units]
    pay: float  # [currency a year]
    hover: str
    symbol: str = "circle"


def _marks(c: CompiledComponent, pay: float, currency: str) -> list[_Mark]:
    """The named points of a curve: cliffs, threshold, target and last point."""

    def mark(word: str, x: float, amount: float, symbol: str = "circle", detail: str = "") -> _Mark:
        hover = f"<b>{word}</b> {formats.result(x, c.measure, currency)}: {formats.money(amount, currency)} a year"
        return _Mark(word, x, amount, hover + detail, symbol)

    unit, target = c.part.axis_unit, c.part.target
    cliffs = {cliff.x * unit: cliff for cliff in c.curve.cliffs()}
    marks = [
        mark("Cliff", x, cliff.at * pay, "diamond",
             f"<br>Cliff: {formats.money(cliff.jump * pay, currency)} more than just below")
        for x, cliff in cliffs.items()
    ]  # fmt: skip
    points = [(x * unit, y * pay) for x, y in c.curve.points()]
    first, last = points[0], points[-1]
    if first[0] not in cliffs:
        marks.append(mark("Threshold", *first))
    marks.append(mark("Target", target, c.curve(target / unit) * pay))
    if last[0] not in (target, first[0]) and last[0] not in cliffs:
        if math.isinf(c.curve.highest):
            marks.append(mark("Last point, no cap", *last))
        else:
            marks.append(mark("Cap" if c.part.curve.cap is not None else "Top point", *last, "line-ew"))
    return marks


class _SmallChart(NamedTuple):
    """What the labels of one component's chart need."""

    component: CompiledComponent
    pay: float
    marks: list[_Mark]
    result: _Mark
    span: tuple[float, float]
    axes: tuple[str, str]


def _round_up(amount: float) -> float:
    """The next amount with two digits, so that the money scale does not jump when weights change a little."""
    if amount <= 0:
        return 1.0
    size = 10.0 ** (math.floor(math.log10(amount)) - 1)
    return math.ceil(amount / (2 * size)) * 2 * size


def _labels(chart: _SmallChart, top: float, currency: str) -> dict[str, Any]:
    """The target line and all labels of one small chart, as one trace, which Plotly draws fastest."""
    c, pay, result, target = chart.component, chart.pay, chart.result, chart.component.part.target
    share = formats.percent(c.part.weight) if c.part.weight is not None else "commission"
    better = c.measure.better == "more"
    cliffs = {cliff.x * c.part.axis_unit: cliff for cliff in c.curve.cliffs()}
    result_side = "top left" if result.x > sum(chart.span) / 2 else "top right"
    title, amount = f"<b>{escape(c.measure.short)}</b>  {share}", formats.brief_money(result.pay, currency)
    labels = [
        (Label(chart.span[0], top, title, "top right"), 13),
        (Label(target, top * 0.97, "target ", "middle left", "@muted"), 10.5),
        (Label(result.x, result.pay, f"\u2002{amount}\u2002", result_side), 13),
    ]
    for mark in chart.marks:
        if mark.word == "Cliff":
            cliff, side = cliffs[mark.x], "middle right" if better else "middle left"
            text = f" cliff +{formats.brief_money(cliff.jump * pay, currency)} "
            labels.append((Label(mark.x, (cliff.before + cliff.at) / 2 * pay, text, side, "@muted"), 10.5))
        elif mark.word in ("Cap", "Top point") and pay:
            text = f"{mark.word.lower()} {formats.percent(mark.pay / pay, 0)} "
            labels.append((Label(mark.x, mark.pay, text, "top left" if better else "top right", "@muted"), 10.5))
    # The target line has two points without text; None separates it from the labels, and each label from the next.
    return {
        "type": "scatter", "mode": "lines+text", "xaxis": chart.axes[0], "yaxis": chart.axes[1], "hoverinfo": "skip",
        "cliponaxis": False, "line": {"color": "@muted", "width": 1, "dash": "dash"},
        "x": [target, target, *(x for label, _ in labels for x in (None, label.x))],
        "y": [0.0, top, *(y for label, _ in labels for y in (None, label.y))],
        "text": ["", "", *(text for label, _ in labels for text in ("", label.text))],
        "textposition": ["top right"] * 2 + [label.position for label, _ in labels for _ in range(2)],
        "textfont": {"color": ["@text"] * 2 + [label.color for label, _ in labels for _ in range(2)],
                     "size": [10.5] * 2 + [size for _, size in labels for _ in range(2)]},
    }  # fmt: skip
