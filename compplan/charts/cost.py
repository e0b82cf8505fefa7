"""Cost charts: by attainment, by month, by part, and the change per person between two plans."""

from __future__ import annotations

import math
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from compplan import formats
from compplan.charts.base import Chart, Label, bare_axis, escape, label_trace, money_axis, rounded
from compplan.cost import CostReport, Schedule, SideBySide
from compplan.cost.assumptions import BudgetOf

_OF = {
    "variable": ("pay", "Variable pay"),
    "cash": ("cash", "Base and variable"),
    "loaded": ("loaded", "Fully loaded cost"),
}
_GAP = 0.075  # least distance between two labels, as a fraction of the height
_MOST_BARS = 400


def _apart(levels: list[float], low: float, high: float) -> list[float]:
    """Heights of labels, moved apart where they would overlap."""
    gap = _GAP * (high - low)
    order = sorted(range(len(levels)), key=lambda i: levels[i])
    placed = list(levels)
    for before, this in pairwise(order):
        placed[this] = max(placed[this], placed[before] + gap)
    over = max(placed, default=0.0) - high
    if over > 0:
        for k, i in enumerate(reversed(order)):
            placed[i] = min(placed[i], high - k * gap)
    return placed


def cost_by_attainment(report: CostReport, of: BudgetOf = "loaded") -> Chart:
    """Draw the cost by attainment, with target, expected cost and budget.

    Parameters
    ----------
    report : CostReport
    of : {'variable', 'cash', 'loaded'}
        What to draw. The budget is drawn only if it is for the same.

    Returns
    -------
    Chart
        The money axis may start above zero; a label says so. Expected cost and its range are left out where the spread
        of a result is unknown.
    """
    column, name = _OF[of]
    currency, likely = report.currency, report.expected
    spread = None if likely is None else likely.range_of(of)
    x, y = report.grid["attainment"].to_numpy(dtype=np.float64), report.grid[column].to_numpy(dtype=np.float64)
    budget = report.budget.amount if report.budget is not None and report.budget.of == of else None
    marks = [
        float(y.min()),
        float(y.max()),
        *([] if spread is None else [spread.p10, spread.p90]),
        *([] if budget is None else [budget]),
    ]
    reach = (max(marks) - min(marks)) or max(*marks, 1.0) * 0.1
    low = max(0.0, min(marks) - 0.25 * reach)
    high = max(marks) + 0.14 * reach
    low = 0.0 if low < 0.3 * high else low

    def cash(amount: float) -> str:
        return formats.brief_money(amount, currency)

    end = float(x[-1])
    lines: list[tuple[float, str, str, str]] = []
    if spread is not None:
        lines.append((spread.mean, f"expected {cash(spread.mean)}", "@text", "dot"))
    if budget is not None:
        lines.append((budget, f"budget {cash(budget)}", "@text", "dash"))
    levels = _apart([level for level, *_ in lines], low, high)
    lettering = 0.09 * (high - low)
    data: list[dict[str, Any]] = []
    labels: list[Label] = []
    if spread is not None:
        data.append(
            {"type": "scatter", "mode": "lines", "x": [float(x[0]), end, end, float(x[0])], "hoverinfo": "skip",
             "y": [spread.p10, spread.p10, spread.p90, spread.p90], "fill": "toself", "fillcolor": "@primary/15",
             "line": {"width": 0}}
        )  # fmt: skip
        crowded = any(0 < level - spread.p90 < lettering for level, *_ in lines)
        edge, side_of_edge = (spread.p10, "bottom right") if crowded else (spread.p90, "top right")
        labels.append(Label(float(x[0]), edge, "80% likely", side_of_edge, "@muted"))
    data += [
        *({"type": "scatter", "mode": "lines", "x": [float(x[0]), end], "y": [level, level], "hoverinfo": "skip",
           "line": {"color": ink, "width": 1.5, "dash": dash}} for level, _, ink, dash in lines),
        {"type": "scatter", "mode": "lines", "x": rounded(x), "y": rounded(y),
         "line": {"color": "@primary", "width": 2.5},
         "hovertemplate": f"%{{x:.0%}} of target: <b>{formats.symbol(currency)}%{{y:,.0f}}</b><extra></extra>"},
    ]  # fmt: skip
    at_target = report.at_target.of(of)
    if x[0] <= 1.0 <= end:
        data.append(
            {"type": "scatter", "mode": "markers", "x": [1.0], "y": [at_target], "hoverinfo": "skip",
             "marker": {"color": "@primary", "size": 10, "line": {"color": "@bg", "width": 2}}}
        )  # fmt: skip
        # On the side of the line where no other line crosses the label.
        room = {
            side: min((abs(at_target + side * lettering / 2 - level) for level, *_ in lines), default=math.inf)
            for side in (1, -1)
        }
        side = 1 if room[1] >= room[-1] else -1
        where = "top left" if side > 0 else "bottom right"
        height = at_target + side * 0.02 * (high - low)
        if max(room.values()) < lettering / 3:  # between two lines: below the lower one
            height, where = min([height, *(v for v, *_ in lines if v < at_target)]), "bottom right"
        labels.append(Label(1.0, height, f"target {cash(at_target)}", where))
    if low:
        labels.append(Label(float(x[0]), low, f"axis starts at {cash(low)}", "top right", "@muted"))
    raised = 0.03 * (high - low)
    labels += [
        Label(end, level + raised, text, "middle left", ink)
        for level, (_, text, ink, _) in zip(levels, lines, strict=True)
    ]
    data.append(label_trace(labels))
    layout: dict[str, Any] = {
        "showlegend": False, "hovermode": "closest", "margin": {"l": 56, "r": 12, "t": 14, "b": 40},
        "xaxis": bare_axis(tickformat=".0%", range=[float(x[0]), end], title={"text": "Attainment"}),
        "yaxis": {**money_axis(currency), "rangemode": "normal", "range": [low, high], "nticks": 6, "fixedrange": True},
    }  # fmt: skip
    rows = [(formats.percent(k, 0), formats.money(v, currency)) for k, v in zip(x.tolist(), y.tolist(), strict=True)]
    if spread is not None:
        rows += [
            ("Expected", formats.money(spread.mean, currency)),
            ("10th percentile", formats.money(spread.p10, currency)),
            ("90th percentile", formats.money(spread.p90, currency)),
        ]
    rows += [] if budget is None else [("Budget", formats.money(budget, currency))]
    return Chart({"data": data, "layout": layout}, ("Attainment", name), tuple(rows))


def cost_by_month(schedule: Schedule) -> Chart:
    """Draw the year by month: cost as stacked bars, and the accrual at the end of each month as a line.

    Parameters
    ----------
    schedule : Schedule

    Returns
    -------
    Chart
        Includes the months after the year in which the accrual is paid.
    """
    table, currency = schedule.months, schedule.currency
    parts = {
        "base": ("Base", table["base"], "@text/35"),
        "variable": ("Variable", table["variable_accrued"], "@primary/85"),
        "loads": (
            "Taxes, benefits",
            table["employer_tax"] + table["unemployment_tax"] + table["benefits"] + table["overhead"],
            "@c3/60",
        ),
    }
    places = list(range(len(table)))
    money = f"<b>{formats.symbol(currency)}%{{y:,.0f}}</b><extra></extra>"
    labels = [str(one) for one in table["label"]]
    data: list[dict[str, Any]] = [
        {"type": "bar", "x": places, "y": rounded(values.to_numpy(dtype=np.float64)), "width": 0.74,
         "marker": {"color": ink}, "customdata": labels, "hovertemplate": f"%{{customdata}}, {name.lower()} {money}"}
        for name, values, ink in parts.values()
    ]  # fmt: skip
    accrual = table["accrual"].to_numpy(dtype=np.float64)
    data.append(
        {"type": "scatter", "mode": "lines+markers", "x": places, "y": rounded(accrual), "customdata": labels,
         "line": {"color": "@text", "width": 2}, "marker": {"color": "@text", "size": 6},
         "hovertemplate": f"End of %{{customdata}}, accrued {money}"}
    )  # fmt: skip
    total = table["total_cost"].to_numpy(dtype=np.float64)
    high = max(float(total.max()), float(accrual.max()), 1.0) * 1.1
    last = 11
    heights = [float(values.iloc[last]) for _, values, _ in parts.values()]
    middles = [sum(heights[:i]) + h / 2 for i, h in enumerate(heights)]
    words = [(y, name) for y, h, (name, *_) in zip(middles, heights, parts.values(), strict=True) if h > 0]
    if float(accrual.max()) > 0:
        words.append((0.02 * high, "Accrued"))
    levels = _apart([level for level, _ in words], 0.0, high)
    edge = len(table) - 0.4
    labels_at_edge = [Label(edge, y, text, "middle right") for y, (_, text) in zip(levels, words, strict=True)]
    data.append(label_trace(labels_at_edge))
    layout: dict[str, Any] = {
        "barmode": "stack", "showlegend": False, "margin": {"l": 56, "r": 8, "t": 14, "b": 40},
        "xaxis": bare_axis(tickvals=places, ticktext=[_month(one, i) for i, one in enumerate(labels)],
                           range=[-0.6, len(table) + 2.6], tickangle=0),
        "yaxis": {**money_axis(currency), "range": [0, high], "nticks": 6, "fixedrange": True},
    }  # fmt: skip
    quarterly = [_month(labels[i], i) for i in places[::3]]
    axis = {"tickvals": places[::3], "ticktext": quarterly, "range": [-0.6, len(table) + 5]}
    narrow: dict[str, Any] = {"below": 560, "layout": {"xaxis": axis}}
    columns = ("Month", "Base", "Variable", "Taxes, benefits and overhead", "Cost", "Paid", "Accrued at month end")
    cells = np.column_stack([values.to_numpy(dtype=np.float64) for _, values, _ in parts.values()])
    rows = [
        (label, *(formats.money(v, currency) for v in (*cell, cost, paid, left)))
        for label, cell, cost, paid, left in zip(
            labels, cells.tolist(), total.tolist(), table["cash_paid"].tolist(), accrual.tolist(), strict=True
        )
    ]
    return Chart({"data": data, "layout": layout, "narrow": narrow}, columns, tuple(rows))


def _month(label: str, place: int) -> str:
    name, year = label.split()
    return f"{name}<br>{year}" if place in (0, 12) else name


def loaded_waterfall(report: CostReport) -> Chart:
    """Draw the parts of the fully loaded cost at target: base, variable, taxes, benefits, overhead, and their sum.

    Parameters
    ----------
    report : CostReport
    """
    spent, currency = report.at_target, report.currency
    steps = [
        ("Base", spent.base, "@text/35"),
        ("Variable", spent.pay, "@primary/85"),
        ("Employer tax", spent.employer_tax, "@c3/60"),
        ("Unemployment tax", spent.unemployment_tax, "@c3/60"),
        ("Benefits", spent.benefits, "@c2/60"),
        ("Overhead", spent.overhead, "@c4/60"),
    ]
    steps = [step for i, step in enumerate(steps) if step[1] or i < 2]
    bases = [*accumulate((amount for _, amount, _ in steps[:-1]), initial=0.0), 0.0]
    names, heights, inks = zip(*steps, ("Fully loaded", spent.loaded, "@text/80"), strict=True)
    places = list(range(len(names)))
    share = [h / spent.loaded if spent.loaded else 0.0 for h in heights]
    tops = [b + h for b, h in zip(bases, heights, strict=True)]
    texts = [formats.brief_money(h, currency) for h in heights]
    data: list[dict[str, Any]] = [
        {"type": "bar", "x": places, "y": rounded(np.array(heights)), "base": bases, "width": 0.72,
         "marker": {"color": inks}, "customdata": [formats.percent(s, 1) for s in share],
         "hovertext": [formats.money(h, currency) for h in heights],
         "hovertemplate": "<b>%{hovertext}</b>, %{customdata} of the fully loaded cost<extra></extra>"},
        label_trace(map(Label, places, tops, texts)),
    ]  # fmt: skip
    layout: dict[str, Any] = {
        "showlegend": False, "bargap": 0.2, "margin": {"l": 56, "r": 8, "t": 14, "b": 40},
        "xaxis": bare_axis(tickvals=places, ticktext=[name.replace(" ", "<br>") for name in names],
                           range=[-0.5, len(names) - 0.5], tickangle=0),
        "yaxis": {**money_axis(currency), "range": [0, max(spent.loaded, 1.0) * 1.12], "nticks": 6, "fixedrange": True},
    }  # fmt: skip
    slanted = {"xaxis": {"tickangle": -45, "ticktext": names}, "margin": {"b": 96}}
    narrow: dict[str, Any] = {"below": 560, "layout": slanted}
    rows = [
        (name, formats.money(h, currency), formats.percent(s, 1))
        for name, h, s in zip(names, heights, share, strict=True)
    ]
    spec = {"data": data, "layout": layout, "narrow": narrow}
    return Chart(spec, ("Part", "Amount", "% of fully loaded cost"), tuple(rows))


def gains_and_losses(comparison: SideBySide) -> Chart:
    """Draw who gains and who loses between two plans: one bar per person, the largest loss first.

    Parameters
    ----------
    comparison : SideBySide

    Returns
    -------
    Chart
        One bar per row of the headcount, with a width of its people. Of more than 400 rows, only some are drawn.
    """
    people, currency = comparison.people, comparison.now.currency
    step = max(1, -(-len(people) // _MOST_BARS))
    some = people.iloc[::step]
    width = some["headcount"].to_numpy(dtype=np.float64)
    change = some["change"].to_numpy(dtype=np.float64)
    ends = np.cumsum(width)
    inks = ["@primary/85" if c > 0 else "@amber" if c < 0 else "@muted" for c in change.tolist()]
    low, high = min(float(change.min()), 0.0), max(float(change.max()), 0.0)
    reach = (high - low) or 1.0
    names = [
        escape(f"{one} ({n:,.0f} people)" if n > 1 else str(one)) for one, n in zip(some["id"], width, strict=True)
    ]
    data: list[dict[str, Any]] = [
        {"type": "bar", "x": rounded(ends - width / 2), "y": rounded(change), "width": rounded(width * 0.92),
         "marker": {"color": inks}, "customdata": names,
         "hovertext": [("+" if c > 0 else "") + formats.money(c, currency) for c in change.tolist()],
         "hovertemplate": "%{customdata}: <b>%{hovertext}</b> a year<extra></extra>"},
    ]  # fmt: skip
    total = float(ends[-1])
    labels: list[Label] = []
    if comparison.loses:
        text = f"{_people(comparison.loses)} {'loses' if comparison.loses == 1 else 'lose'}"
        labels.append(Label(0.0, 0.06 * reach, text, "middle right", "@amber"))
    if comparison.gains:
        text = f"{_people(comparison.gains)} {'gains' if comparison.gains == 1 else 'gain'}"
        labels.append(Label(total, -0.06 * reach, text, "middle left", "@primary"))
    if comparison.same:
        text = f"{_people(comparison.same)} unchanged"
        labels.append(Label(total / 2, 0.14 * reach, text, "middle center", "@muted"))
    data.append(label_trace(labels))
    layout: dict[str, Any] = {
        "showlegend": False, "margin": {"l": 56, "r": 8, "t": 14, "b": 30},
        "xaxis": bare_axis(range=[0, total], showticklabels=False),
        "yaxis": {**money_axis(currency), "rangemode": "normal", "nticks": 6, "fixedrange": True, "zeroline": True,
                  "range": [low - 0.14 * reach, high + 0.14 * reach], "zerolinecolor": "@muted"},
    }  # fmt: skip
    rows = [
        (str(one), formats.money(a, currency), formats.money(b, currency), formats.money(c, currency))
        for one, a, b, c in zip(people["id"], people["cash_before"], people["cash_now"], people["change"], strict=True)
    ]
    return Chart({"data": data, "layout": layout}, ("Person", "Before", "Now", "Change"), tuple(rows))


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"
