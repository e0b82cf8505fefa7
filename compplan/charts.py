"""Plotly figures as plain data: pure functions of a plan and results.

Colours are names, not values: ``@c0`` to ``@c7`` for components in their order, ``@text``, ``@muted``, ``@grid``,
``@bg``, ``@primary``, ``@amber``, ``@red``, with ``/20`` for 20% opacity; whoever draws the figure resolves them from
its theme.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compplan import formats
from compplan.measures import Measure
from compplan.payout import payout, results_at, target_pays, totals
from compplan.payout.engine import CompiledComponent, Period, compile_plan
from compplan.plan import Plan

FloatArray = NDArray[np.float64]
COLOURS = 8
_SAMPLES = 33
_GRID = 25


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure and its numbers.

    Attributes
    ----------
    spec : dict
        Plotly's ``data`` and ``layout``; ``narrow`` holds what changes of the layout ``below`` a width in pixels.
    columns, rows : tuple
        The same numbers as a table, as people read them.
    """

    spec: dict[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def colour(place: int) -> str:
    """The colour of the component at a place, the same in every chart."""
    return f"@c{place % COLOURS}"


def _axis_format(measure: Measure, currency: str) -> dict[str, Any]:
    if measure.unit == "share":
        return {"tickformat": ",.4~%"}
    if measure.unit == "money":
        return {"tickprefix": formats.symbol(currency), "tickformat": "~s"}
    if measure.unit == "days":
        return {"ticksuffix": " d"}
    return {"tickformat": ",~f"}


def _hover_format(measure: Measure, currency: str, name: str = "x") -> str:
    if measure.unit == "share":
        return f"%{{{name}:.4~%}}"
    if measure.unit == "money":
        return f"{formats.symbol(currency)}%{{{name}:,.0f}}"
    return f"%{{{name}:,.4~f}}{' days' if measure.unit == 'days' else ''}"


def _money_axis(currency: str, **more: Any) -> dict[str, Any]:
    return {"tickprefix": formats.symbol(currency), "tickformat": "~s", "rangemode": "tozero", **more}


@dataclass(frozen=True, slots=True)
class _Span:
    low: float
    high: float


def _unit(component: CompiledComponent) -> float:
    return component.part.target if component.part.axis == "attainment" else 1.0


def span(component: CompiledComponent, also: tuple[float, ...] = ()) -> tuple[float, float]:
    """The stretch of results worth showing for a component [the measure's units, a year].

    From a little short of the curve's first point to a little beyond its last, within what the measure's definition
    allows, and around `also`.
    """
    unit, measure = _unit(component), component.measure
    marks = [x * unit for x, _ in component.curve.points()] + [component.part.target, *also]
    low, high = min(marks), max(marks)
    width = high - low or abs(component.part.target) * 0.2 or 1.0
    low, high = low - 0.12 * width, high + 0.15 * width
    if measure.low is not None or measure.kind == "flow":
        low = max(low, measure.low or 0.0)
    if measure.high is not None:
        high = min(high, measure.high)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _samples(component: CompiledComponent, stretch: tuple[float, float]) -> FloatArray:
    """Results to draw a curve through: an even grid, every knot, and just short of every jump."""
    unit, low, high = _unit(component), *stretch
    knots = [x * unit for x, _ in component.curve.points()]
    short = [c.x * unit - component.curve.sign * 1e-7 * max(1.0, abs(c.x * unit)) for c in component.curve.cliffs()]
    x = np.unique(np.concatenate([np.linspace(low, high, _SAMPLES), knots, short]))
    return x[(x >= low) & (x <= high)]


def payout_curves(plan: Plan, results: Mapping[str, float], before: Plan | None = None) -> Chart:
    """What a result pays: each component's curve in money a year, over its own measure.

    Parameters
    ----------
    plan : Plan
    results : Mapping of str to float [each measure's units, a year]
        Where the what-if point rides.
    before : Plan, optional
        An earlier plan, drawn thin behind curves of the same component.

    Returns
    -------
    Chart
        One small chart a component on one scale of money; threshold, target, the end of the curve and cliffs marked.
        Gates and modifiers are left out: this is what the curve alone pays.
    """
    compiled = compile_plan(plan)
    pays, currency = target_pays(plan), plan.currency
    earlier = {c.id: c for c in compile_plan(before).components} if before is not None and before != plan else {}
    earlier_pays = target_pays(before) if before is not None and earlier else {}
    data: list[dict[str, Any]] = []
    layout: dict[str, Any] = {
        "showlegend": False,
        "annotations": [],
        "shapes": [],
        "hovermode": "closest",
        "margin": {"t": 26},
    }
    rows: list[tuple[str, ...]] = []
    highest = 0.0
    for place, c in enumerate(compiled.components):
        x_axis, y_axis = (f"x{place + 1}", f"y{place + 1}") if place else ("x", "y")
        pay, ink = pays[c.id], colour(place)
        stretch = span(c, (results[c.id],))
        x = _samples(c, stretch)
        paid = c.curve(x / _unit(c))
        highest = max(highest, float(paid.max()) * pay)
        if c.id in earlier:
            old = earlier[c.id]
            was = old.curve(x / _unit(old)) * earlier_pays[c.id]
            highest = max(highest, float(was.max()))
            data.append(
                {"type": "scatter", "mode": "lines", "x": _rounded(x), "y": _rounded(was), "xaxis": x_axis,
                 "yaxis": y_axis, "line": {"color": "@text/45", "width": 1, "dash": "dot"}, "hoverinfo": "skip"}
            )  # fmt: skip
        data.append(
            {
                "type": "scatter", "mode": "lines", "x": _rounded(x), "y": _rounded(paid * pay),
                "customdata": _rounded(paid), "xaxis": x_axis, "yaxis": y_axis,
                "line": {"color": ink, "width": 2.5}, "fill": "tozeroy", "fillcolor": f"{ink}/10",
                "hovertemplate": (
                    f"{_hover_format(c.measure, currency)} pays %{{customdata:.4~%}} of "
                    f"{formats.money(pay, currency)}<br>= <b>{formats.symbol(currency)}%{{y:,.2f}}</b> a year"
                    "<extra></extra>"
                ),
            }
        )  # fmt: skip
        marks = _marks(c, pay, currency)
        data.append(
            {
                "type": "scatter", "mode": "markers", "x": [m[0] for m in marks], "y": [m[1] for m in marks],
                "text": [m[2] for m in marks], "xaxis": x_axis, "yaxis": y_axis,
                "marker": {"color": "@bg", "size": 7, "line": {"color": ink, "width": 2},
                           "symbol": [m[3] for m in marks]},
                "hovertemplate": "%{text}<extra></extra>",
            }
        )  # fmt: skip
        at = results[c.id]
        fraction = c.curve(at / _unit(c))
        here = fraction * pay
        highest = max(highest, here)
        data.append(
            {
                "type": "scatter", "mode": "markers+text", "x": [at], "y": [here],
                "xaxis": x_axis, "yaxis": y_axis, "text": [formats.brief_money(here, currency)],
                "textposition": "top left" if at > sum(stretch) / 2 else "top right",
                "textfont": {"color": "@text", "size": 13},
                "marker": {"color": ink, "size": 11, "line": {"color": "@bg", "width": 2}},
                "hovertemplate": (
                    f"What if {formats.result(at, c.measure, currency)}: {formats.percent(fraction)} of "
                    f"{formats.money(pay, currency)}<br>= <b>{formats.money(here, currency)}</b> a year<extra></extra>"
                ),
                "cliponaxis": False,
            }
        )  # fmt: skip
        layout["shapes"].append(
            {"type": "line", "x0": c.part.target, "x1": c.part.target, "y0": 0, "y1": 1, "xref": x_axis,
             "yref": f"{y_axis} domain", "line": {"color": "@muted", "width": 1, "dash": "dash"}, "layer": "below"}
        )  # fmt: skip
        layout["annotations"] += _words(c, marks, (x_axis, y_axis), pay, currency)
        layout[_axis("xaxis", place)] = {
            **_axis_format(c.measure, currency), "range": list(stretch), "nticks": 5, "showgrid": False,
            "anchor": y_axis, "zeroline": False,
        }  # fmt: skip
        layout[_axis("yaxis", place)] = _money_axis(
            currency,
            anchor=x_axis,
            showticklabels=place == 0,
            nticks=5,
            **({"matches": "y"} if place else {}),
        )
        share = formats.percent(c.part.weight) if c.part.weight is not None else "commission"
        layout["annotations"].append(
            {"text": f"<b>{_escape(c.measure.short)}</b>  {share}", "xref": f"{x_axis} domain",
             "yref": f"{y_axis} domain", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom", "showarrow": False,
             "font": {"color": ink, "size": 13}}
        )  # fmt: skip
        rows += [
            (c.measure.short, mark, formats.result(x, c.measure, currency), formats.percent(y / pay if pay else 0.0),
             formats.money(y, currency))
            for x, y, mark in [*((m[0], m[1], m[4]) for m in marks), (at, here, "What if")]
        ]  # fmt: skip
    layout[_axis("yaxis", 0)]["range"] = [0, highest * 1.12 or 1.0]
    _domains(layout, len(compiled.components), 4)
    narrow: dict[str, Any] = {}
    _domains(narrow, len(compiled.components), 2)
    spec = {"data": data, "layout": layout, "narrow": {"below": 560, "layout": narrow}}
    return Chart(spec, ("Measure", "Point", "Result", "Payout", "Pays a year"), tuple(rows))


def _axis(name: str, place: int) -> str:
    return f"{name}{place + 1}" if place else name


def _domains(layout: dict[str, Any], count: int, across: int) -> None:
    """Lay small charts out in rows of at most `across`."""
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


def _rounded(values: FloatArray) -> list[float]:
    """Enough digits for a chart and a hover, fewer bytes on the wire."""
    return [float(f"{v:.10g}") for v in values.tolist()]


def _marks(c: CompiledComponent, pay: float, currency: str) -> list[tuple[float, float, str, str, str]]:
    """(x, money, hover text, symbol, word) of the points of a curve that have a name."""
    unit = _unit(c)
    points = [(x * unit, y * pay) for x, y in c.curve.points()]
    found: list[tuple[float, float, str, str, str]] = []

    def add(x: float, y: float, word: str, symbol: str = "circle", told: str | None = None) -> None:
        label = f"<b>{word}</b> {formats.result(x, c.measure, currency)}: {formats.money(y, currency)} a year"
        found.append((x, y, label + (f"<br>{told}" if told else ""), symbol, word))

    cliffs = {cliff.x * unit: cliff for cliff in c.curve.cliffs()}
    for x, cliff in cliffs.items():
        jump = f"Cliff: {formats.money(cliff.jump * pay, currency)} more than just short of it"
        add(x, cliff.at * pay, "Cliff", "diamond", jump)
    first, last = points[0], points[-1]
    if first[0] not in cliffs:
        add(*first, "Threshold")
    at_target = c.curve(c.part.target / unit) * pay
    add(c.part.target, at_target, "Target", "circle")
    if last[0] not in (c.part.target, first[0]) and last[0] not in cliffs:
        flat = math.isfinite(c.curve.highest)
        add(*last, "Cap" if flat else "Last point, no cap", "line-ew" if flat else "circle")
    return found


def _words(
    c: CompiledComponent,
    marks: list[tuple[float, float, str, str, str]],
    axes: tuple[str, str],
    pay: float,
    currency: str,
) -> list[dict[str, Any]]:
    """Small words beside the marks of a curve, so that no legend is needed."""
    quiet = {"size": 10.5, "color": "@muted"}
    shared: dict[str, Any] = {"xref": axes[0], "yref": axes[1], "showarrow": False, "font": quiet}
    jumps = {cliff.x * _unit(c): cliff for cliff in c.curve.cliffs()}
    words: list[dict[str, Any]] = [
        {**shared, "x": c.part.target, "yref": f"{axes[1]} domain", "y": 1, "text": "target", "xanchor": "right",
         "yanchor": "top", "xshift": -2}
    ]  # fmt: skip
    for x, y, _, _, word in marks:
        if word == "Cliff":
            text = f"cliff +{formats.brief_money(jumps[x].jump * pay, currency)}"
            words.append({**shared, "x": x, "y": (jumps[x].before + jumps[x].at) / 2 * pay, "text": text,
                          "xanchor": "left" if c.measure.better == "more" else "right",
                          "xshift": 4 if c.measure.better == "more" else -4})  # fmt: skip
        elif word == "Cap" and pay:
            words.append({**shared, "x": x, "y": y, "text": f"cap {formats.percent(y / pay, 0)}", "yanchor": "bottom",
                          "xanchor": "right" if c.measure.better == "more" else "left", "yshift": 2})  # fmt: skip
    return words


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def waterfall(plan: Plan, results: Mapping[str, float], period: Period = "year") -> Chart:
    """From base to pay, step by step.

    Parameters
    ----------
    plan : Plan
    results : Mapping of str to float [each measure's units]
        Of the period.
    period : int or 'year'

    Returns
    -------
    Chart
        Base, each component, modifiers, the total cap and kickers, then the sum; outlines show target pay. The axis
        of money starts short of base, and says so.
    """
    statement = payout(plan, results, period)
    currency = plan.currency
    ids = [c.key for c in plan.components]
    names = [plan.measure(c.measure).short for c in plan.components]
    steps: list[tuple[str, float, str, float | None, str]] = []
    for line in statement.lines:
        if line.kind == "component":
            place = ids.index(line.id)
            steps.append((names[place], line.amount, colour(place), line.target_pay, line.working[-1]))
        elif line.kind in ("cap", "kicker") or (line.kind == "modifier" and line.amount):
            steps.append((line.label.removeprefix("Modifier: "), line.amount, "@muted", None, line.working[-1]))
    level = statement.base
    labels, bases, heights, inks, texts, hovers = (
        ["Base"],
        [0.0],
        [level],
        ["@text/40"],
        [level],
        ["Base salary"],
    )
    ghosts: list[tuple[float, float | None]] = [(0.0, None)]
    for label, amount, ink, target_pay, told in steps:
        bases.append(level if amount >= 0 else level + amount)
        heights.append(abs(amount))
        ghosts.append((level, target_pay))
        level += amount
        labels.append(label)
        inks.append(ink)
        texts.append(amount)
        hovers.append(told)
    labels.append("Total pay")
    bases.append(0.0)
    heights.append(level)
    inks.append("@text/80")
    texts.append(level)
    hovers.append(
        f"Base {formats.money(statement.base, currency)} and variable {formats.money(statement.total, currency)}"
    )
    ghosts.append((0.0, None))
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
            "textposition": "none", "customdata": hovers, "hovertemplate": "%{customdata}<extra></extra>",
        },
    ]  # fmt: skip
    notes = [
        {
            "x": i,
            "y": top,
            "text": text,
            "showarrow": False,
            "yanchor": "bottom",
            "font": {"size": 12, "color": "@text"},
        }
        for i, top, text in zip(positions, tops, data[1]["text"], strict=True)
    ]
    layout: dict[str, Any] = {
        "barmode": "overlay", "showlegend": False, "bargap": 0.2, "annotations": notes,
        "xaxis": {"tickvals": positions, "ticktext": [_wrap(_escape(label)) for label in labels], "showgrid": False,
                  "fixedrange": True},
        "yaxis": {**_money_axis(currency), "rangemode": "normal", "range": [floor, reach + 0.12 * (reach - floor)],
                  "nticks": 6, **({"title": {"text": f"axis starts at {formats.brief_money(floor, currency)}",
                                             "font": {"size": 11, "color": "@muted"}}} if floor else {})},
    }  # fmt: skip
    rows = [
        (label, formats.money(amount, currency), formats.money(t, currency) if t is not None else "")
        for label, amount, (_, t) in zip(labels, texts, ghosts, strict=True)
    ]
    return Chart({"data": data, "layout": layout}, ("Step", "Amount", "At target"), tuple(rows))


def _wrap(label: str, width: int = 12) -> str:
    """A label broken over lines at spaces."""
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)


def total_pay(plan: Plan, before: Plan | None = None, most: float = 1.5) -> Chart:
    """Total variable pay a year against attainment in everything at once.

    Parameters
    ----------
    plan : Plan
    before : Plan, optional
        An earlier plan, drawn thin behind.
    most : float [fraction]
        How far attainment goes.

    Returns
    -------
    Chart
        At attainment k every flow is k times its target and every level where its own curve pays k, held at the
        measure's limit or its curve's end; the hover names what is held.
    """
    currency = plan.currency
    ks = np.unique(np.concatenate([np.linspace(0, most, 61), [1.0]]))

    def paid(of: Plan) -> tuple[FloatArray, list[frozenset[str]]]:
        points = [results_at(of, float(k)) for k in ks]
        stacked = {key: np.array([p[0][key] for p in points]) for key in points[0][0]}
        return totals(of, stacked), [p[1] for p in points]

    pay, held = paid(plan)
    target = plan.pay.target_variable
    names = {c.key: plan.measure(c.measure).short for c in plan.components}
    told = [f"<br>held at its limit: {', '.join(names[key] for key in sorted(at))}" if at else "" for at in held]
    data: list[dict[str, Any]] = []
    if before is not None and before != plan:
        data.append(
            {"type": "scatter", "mode": "lines", "x": _rounded(ks), "y": _rounded(paid(before)[0]), "hoverinfo": "skip",
             "line": {"color": "@text/45", "width": 1.5, "dash": "dot"}}
        )  # fmt: skip
    data.append(
        {
            "type": "scatter", "mode": "lines", "x": _rounded(ks), "y": _rounded(pay), "customdata": told,
            "line": {"color": "@primary", "width": 2.5}, "fill": "tozeroy", "fillcolor": "@primary/10",
            "hovertemplate": (f"%{{x:.0%}} of target in everything<br><b>{formats.symbol(currency)}%{{y:,.2f}}</b> "
                              "variable a year%{customdata}<extra></extra>"),
        }
    )  # fmt: skip
    at_one = float(pay[int(np.flatnonzero(ks == 1.0)[0])])
    data.append(
        {"type": "scatter", "mode": "markers+text", "x": [1.0], "y": [at_one], "text": [formats.brief_money(at_one, currency)],
         "textposition": "top left", "textfont": {"color": "@text"}, "hoverinfo": "skip",
         "marker": {"color": "@primary", "size": 9, "line": {"color": "@bg", "width": 2}}}
    )  # fmt: skip
    layout: dict[str, Any] = {
        "showlegend": False,
        "xaxis": {"tickformat": ".0%", "showgrid": False, "range": [0, most], "title": {"text": "of target, in everything"}},
        "yaxis": _money_axis(currency, nticks=6),
        "shapes": [
            {"type": "line", "x0": 0, "x1": most, "y0": target, "y1": target,
             "line": {"color": "@muted", "width": 1, "dash": "dash"}, "layer": "below"}
        ],
    }  # fmt: skip
    rows = [
        (
            formats.percent(float(k)),
            formats.money(float(p), currency),
            ", ".join(names[key] for key in sorted(h)),
        )
        for k, p, h in list(zip(ks, pay, held, strict=True))[::4]
    ]
    return Chart({"data": data, "layout": layout}, ("Of target", "Variable a year", "Held at its limit"), tuple(rows))


def heat_map(plan: Plan, results: Mapping[str, float], across: str, up: str) -> Chart:
    """Total variable pay a year over two measures, everything else as in `results`.

    Parameters
    ----------
    plan : Plan
    results : Mapping of str to float [each measure's units, a year]
    across, up : str
        Ids of two components.

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If `across` and `up` are not two components.
    """
    compiled = compile_plan(plan)
    by_id = {c.id: c for c in compiled.components}
    if across == up or across not in by_id or up not in by_id:
        raise ValueError(f"a heat map needs two components of {', '.join(by_id)}; got {across!r} and {up!r}")
    currency, first, second = plan.currency, by_id[across], by_id[up]
    xs = np.linspace(*span(first, (results[across],)), _GRID)
    ys = np.linspace(*span(second, (results[up],)), _GRID)
    grid = {key: np.full(_GRID * _GRID, value) for key, value in results.items()}
    grid[across], grid[up] = np.tile(xs, _GRID), np.repeat(ys, _GRID)
    pay = totals(plan, grid).reshape(_GRID, _GRID)
    here = payout(plan, results, "year").total
    data: list[dict[str, Any]] = [
        {
            "type": "heatmap", "x": _rounded(xs), "y": _rounded(ys), "z": [_rounded(row) for row in pay],
            "colorscale": [[0, "@primary/5"], [1, "@primary"]], "xgap": 1, "ygap": 1,
            "colorbar": {"thickness": 10, "outlinewidth": 0, "tickprefix": formats.symbol(currency), "tickformat": "~s",
                         "nticks": 5},
            "hovertemplate": (
                f"{_escape(first.measure.short)} {_hover_format(first.measure, currency)}, "
                f"{_escape(second.measure.short)} {_hover_format(second.measure, currency, 'y')}<br>"
                f"<b>{formats.symbol(currency)}%{{z:,.2f}}</b> variable a year<extra></extra>"
            ),
        },
        {
            "type": "scatter", "mode": "markers", "x": [results[across]], "y": [results[up]],
            "marker": {"color": "@bg", "size": 12, "line": {"color": "@text", "width": 2}},
            "hovertemplate": f"What if: <b>{formats.money(here, currency)}</b> variable a year<extra></extra>",
        },
    ]  # fmt: skip
    layout: dict[str, Any] = {
        "showlegend": False,
        "xaxis": {**_axis_format(first.measure, currency), "title": {"text": _escape(first.measure.short)},
                  "showgrid": False, "nticks": 6},
        "yaxis": {**_axis_format(second.measure, currency), "title": {"text": _escape(second.measure.short)},
                  "showgrid": False, "nticks": 6},
    }  # fmt: skip
    picked = range(0, _GRID, 6)
    columns = (
        second.measure.short,
        *(f"{first.measure.short} {formats.result(xs[i], first.measure, currency)}" for i in picked),
    )
    rows = tuple(
        (
            formats.result(ys[j], second.measure, currency),
            *(formats.money(pay[j, i], currency) for i in picked),
        )
        for j in picked
    )
    return Chart({"data": data, "layout": layout}, columns, rows)
