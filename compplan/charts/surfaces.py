"""Total variable pay by attainment, and as a heat map over two measures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from compplan import formats
from compplan.charts.base import Chart, axis_format, escape, hover_format, money_axis, rounded
from compplan.charts.ranges import span
from compplan.payout import payout, results_along, totals
from compplan.payout.engine import compile_plan
from compplan.payout.in_force import full_year
from compplan.plan import Plan

_GRID = 25


def total_pay(plan: Plan, before: Plan | None = None, most: float = 1.5) -> Chart:
    """Draw total variable pay a year by attainment of all measures at once.

    Parameters
    ----------
    plan : Plan
    before : Plan, optional
        An earlier plan, drawn as a thin line behind.
    most : float [fraction]
        Highest attainment of the axis.

    Returns
    -------
    Chart
        At attainment k, every flow is k times its target and every level is where its own curve pays k, up to the limit
        of the measure or the end of the curve; the hover text names measures that are at such a limit. Kickers are
        left out.
    """
    currency = plan.currency
    ks = np.unique(np.concatenate([np.linspace(0, most, 61), [1e-9, 1.0]]))

    results, at_limit = results_along(plan, ks)
    pay = totals(plan, results, kickers=False)
    target = plan.pay.target_variable
    names = {c.key: plan.measure(c.measure).short for c in plan.components}
    limits = [", ".join(sorted(names[key] for key, flags in at_limit.items() if flags[i])) for i in range(ks.size)]
    hovers = [f"<br>at its limit: {escape(text)}" if text else "" for text in limits]
    data: list[dict[str, Any]] = []
    if before is not None and before != plan:
        earlier = totals(before, results_along(before, ks)[0], kickers=False)
        data.append(
            {"type": "scatter", "mode": "lines", "x": rounded(ks), "y": rounded(earlier), "hoverinfo": "skip",
             "line": {"color": "@text/45", "width": 1.5, "dash": "dot"}}
        )  # fmt: skip
    data.append(
        {
            "type": "scatter", "mode": "lines", "x": rounded(ks), "y": rounded(pay), "customdata": hovers,
            "line": {"color": "@primary", "width": 2.5}, "fill": "tozeroy", "fillcolor": "@primary/10",
            "hovertemplate": (f"%{{x:.0%}} attainment of all measures<br><b>{formats.symbol(currency)}%{{y:,.2f}}</b> "
                              "variable a year%{customdata}<extra></extra>"),
        }
    )  # fmt: skip
    at_one = float(pay[int(np.flatnonzero(ks == 1.0)[0])])
    data.append(
        {"type": "scatter", "mode": "markers+text", "x": [1.0], "y": [at_one],
         "text": [formats.brief_money(at_one, currency)], "textposition": "top left",
         "textfont": {"color": "@text"}, "hoverinfo": "skip",
         "marker": {"color": "@primary", "size": 9, "line": {"color": "@bg", "width": 2}}}
    )  # fmt: skip
    layout: dict[str, Any] = {
        "showlegend": False,
        "margin": {"l": 52, "r": 12, "t": 14, "b": 40},
        "xaxis": {"tickformat": ".0%", "automargin": False, "showgrid": False, "range": [0, most],
                  "title": {"text": "Attainment (all measures)"}},
        "yaxis": money_axis(currency, nticks=6, automargin=False),
        "shapes": [
            {"type": "line", "x0": 0, "x1": most, "y0": target, "y1": target,
             "line": {"color": "@muted", "width": 1, "dash": "dash"}, "layer": "below"}
        ],
    }  # fmt: skip
    rows = [
        (formats.percent(float(k)), formats.money(float(p), currency), at)
        for k, p, at in list(zip(ks, pay, limits, strict=True))[::4]
    ]
    return Chart({"data": data, "layout": layout}, ("Attainment", "Variable pay a year", "At its limit"), tuple(rows))


def heat_map(plan: Plan, results: Mapping[str, float], across: str, up: str) -> Chart:
    """Draw total variable pay a year over two measures, with all others as in `results`.

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
        raise ValueError(f"Choose two of the components {', '.join(by_id)}. You entered {across!r} and {up!r}.")
    currency, first, second = plan.currency, by_id[across], by_id[up]
    xs = np.linspace(*span(first, (results[across],)), _GRID)
    ys = np.linspace(*span(second, (results[up],)), _GRID)
    grid = {key: np.full(_GRID * _GRID, value) for key, value in results.items()}
    grid[across], grid[up] = np.tile(xs, _GRID), np.repeat(ys, _GRID)
    pay = totals(plan, grid).reshape(_GRID, _GRID)
    here = payout(full_year(plan), results, "year").total
    data: list[dict[str, Any]] = [
        {
            "type": "heatmap", "x": rounded(xs), "y": rounded(ys), "z": [rounded(row) for row in pay],
            "colorscale": [[0, "@primary/5"], [1, "@primary"]], "xgap": 1, "ygap": 1,
            "colorbar": {"thickness": 10, "outlinewidth": 0, "tickprefix": formats.symbol(currency), "tickformat": "~s",
                         "nticks": 5},
            "hovertemplate": (
                f"{escape(first.measure.short)} {hover_format(first.measure, currency)}, "
                f"{escape(second.measure.short)} {hover_format(second.measure, currency, 'y')}<br>"
                f"<b>{formats.symbol(currency)}%{{z:,.2f}}</b> variable a year<extra></extra>"
            ),
        },
        {
            "type": "scatter", "mode": "markers", "x": [results[across]], "y": [results[up]],
            "marker": {"color": "@bg", "size": 12, "line": {"color": "@text", "width": 2}},
            "hovertemplate": f"These results: <b>{formats.money(here, currency)}</b> variable a year<extra></extra>",
        },
    ]  # fmt: skip
    layout: dict[str, Any] = {
        "showlegend": False,
        "xaxis": {**axis_format(first.measure, currency), "title": {"text": escape(first.measure.short)},
                  "showgrid": False, "nticks": 6},
        "yaxis": {**axis_format(second.measure, currency), "title": {"text": escape(second.measure.short)},
                  "showgrid": False, "nticks": 6},
    }  # fmt: skip
    sampled = range(0, _GRID, 6)
    columns = (
        second.measure.short,
        *(f"{first.measure.short} {formats.result(xs[i], first.measure, currency)}" for i in sampled),
    )
    rows = tuple(
        (
            formats.result(ys[j], second.measure, currency),
            *(formats.money(pay[j, i], currency) for i in sampled),
        )
        for j in sampled
    )
    return Chart({"data": data, "layout": layout}, columns, rows)
