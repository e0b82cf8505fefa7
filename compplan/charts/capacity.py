"""Capacity charts: hours per account by tier, and people needed as ARR grows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from compplan import formats
from compplan.capacity import Tier, WorkYear, people_needed
from compplan.charts.base import Chart, color, escape, money_axis

_POINTS = 240
_ALWAYS = ("Onboarding", "Renewal", "Ad hoc")
_PEOPLE = 8  # the axis reaches at least this many people


def hours_by_tier(tiers: Sequence[Tier], year: WorkYear) -> Chart:
    """Draw the hours per account of each tier, by kind of work.

    Parameters
    ----------
    tiers : sequence of Tier
    year : WorkYear
    """
    drawn = dict.fromkeys(name for tier in tiers for name, _ in tier.service.lines(tier.share_new))
    touches = dict.fromkeys(touch.name for tier in tiers for touch in tier.service.touches)
    # A kind of work keeps its color when another one has no hours.
    colors = {name: color(place) for place, name in enumerate(dict.fromkeys([*_ALWAYS, *touches]))}
    items = [name for name in (*touches, *(n for n in _ALWAYS if n not in touches)) if name in drawn]
    names = [escape(tier.name) for tier in tiers]
    data: list[dict[str, Any]] = []
    rows: list[tuple[str, ...]] = []
    for item in items:
        hours = [dict(tier.service.lines(tier.share_new)).get(item, 0.0) for tier in tiers]
        label = escape(item)
        data.append(
            {
                "type": "bar", "orientation": "h", "name": label, "y": names, "x": hours,
                "marker": {"color": colors[item]},
                "text": [f"{label}<br>{h:g} h" if h else "" for h in hours], "textposition": "inside",
                "insidetextanchor": "middle", "textangle": 0,
                "hovertemplate": f"{label}: <b>%{{x:,.1f}} h</b> a year<extra></extra>",
            }
        )  # fmt: skip
        rows += [(t.name, item, f"{h:,.1f}") for t, h in zip(tiers, hours, strict=True) if h]
    totals = [tier.each for tier in tiers]
    data.append(
        {
            "type": "scatter", "mode": "text", "y": names, "x": totals, "textposition": "middle right",
            "showlegend": False,
            "text": [f"  {t:,.0f} h" for t in totals], "cliponaxis": False, "hoverinfo": "skip",
        }
    )  # fmt: skip
    layout: dict[str, Any] = {
        "uniformtext": {"minsize": 10, "mode": "hide"}, "barmode": "stack", "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": -0.45, "yanchor": "top", "traceorder": "normal"},
        "margin": {"l": 90, "r": 60, "t": 8, "b": 76},
        "xaxis": {"title": {"text": f"Hours per account per year (a person has {year.available:,.0f})"},
                  "rangemode": "tozero"},
        "yaxis": {"autorange": "reversed", "automargin": True},
    }  # fmt: skip
    return Chart({"data": data, "layout": layout}, ("Tier", "Work", "Hours per account"), tuple(rows))


def people_against_arr(tiers: Sequence[Tier], year: WorkYear, currency: str) -> Chart:
    """Draw the people needed as ARR grows with the same mix of accounts; today is marked.

    Parameters
    ----------
    tiers : sequence of Tier
        If no tier has a contract value, the axis counts accounts instead of ARR.
    year : WorkYear
    currency : str
    """
    arr, hours = sum(t.arr for t in tiers), sum(t.hours for t in tiers)
    by_arr = arr > 0
    size = arr if by_arr else float(sum(t.accounts for t in tiers))
    each = size / hours * year.available if hours > 0 else size  # ARR or accounts that fill one person's hours
    most = max(2.0 * size, _PEOPLE * each) or 1.0
    x = [most * i / _POINTS for i in range(_POINTS + 1)]
    per = hours / size if size > 0 else 0.0
    y = [people_needed(per * a, year.available) for a in x]
    now = people_needed(hours, year.available)
    today = formats.brief_money(size, currency) if by_arr else f"{size:,.0f} accounts"
    hover = f"{formats.symbol(currency)}%{{x:,.0f}}" if by_arr else "%{x:,.0f} accounts"
    data: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"color": "@primary", "width": 2.5, "shape": "hv"},
         "hovertemplate": f"{hover}: <b>%{{y}}</b> people<extra></extra>"},
        {"type": "scatter", "mode": "markers+text", "x": [size], "y": [now], "marker": {"color": "@text", "size": 9},
         "text": [f"{now} for {today}"], "textposition": "top left", "hoverinfo": "skip", "cliponaxis": False},
    ]  # fmt: skip
    title = {"text": "ARR (same mix of accounts)" if by_arr else "Accounts (same mix)"}
    layout: dict[str, Any] = {
        "showlegend": False, "margin": {"l": 48, "r": 16, "t": 8, "b": 36},
        "xaxis": money_axis(currency, title=title) if by_arr else {"title": title, "rangemode": "tozero"},
        "yaxis": {"title": {"text": "People needed"}, "rangemode": "tozero", "tickformat": ",d",
                  "dtick": max(1, round(max(y) / 8))},
    }  # fmt: skip
    steps = [i for i in range(1, len(y)) if y[i] != y[i - 1]][:40]
    rows = tuple((formats.money(x[i], currency, 0) if by_arr else f"{x[i]:,.0f}", str(y[i])) for i in steps)
    return Chart({"data": data, "layout": layout}, ("Needed from", "People"), rows)
