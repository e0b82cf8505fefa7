"""Market pay of all roles in one chart, with the plan and people on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from compplan import facts, formats
from compplan.arrays import FloatArray
from compplan.benchmarks import PayBand, PayBasis, Percentiles, RoleFigures
from compplan.charts.base import Chart, escape, money_axis, rounded

# Offset of each lane from the middle of a role's row.
_BASE_LANE, _OTE_LANE, _OTHER_LANE = 0.03, 0.29, -0.2
_SYMBOLS = {"base": "diamond", "ote": "diamond", "actual_cash": "diamond-open"}
_OWN = "Your survey"
_INKS = (3, 1, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True)
class PlanMark:
    """Base and OTE of the open plan, to mark among the bands [currency a year]."""

    role: str
    base: float
    ote: float
    currency: str


@dataclass(frozen=True, slots=True)
class People:
    """People to draw as dots, one entry per person.

    Attributes
    ----------
    roles : sequence of str
        Keys of roles; empty where unknown.
    pay : ndarray [currency a year]
        NaN where unknown.
    basis : PayBasis
        Kind of `pay`.
    hover : sequence of str
        Text for the pointer.
    name : str
        Label in the legend.
    """

    roles: Sequence[str]
    pay: FloatArray
    basis: PayBasis
    hover: Sequence[str]
    name: str = "Your people"


def market_bands(
    rows: Sequence[RoleFigures], currency: str = "USD", plan: PlanMark | None = None, people: People | None = None
) -> Chart:
    """Draw bands of base and OTE for every role, survey figures as marks, and the plan and people on them.

    Parameters
    ----------
    rows : sequence of RoleFigures
        Top to bottom, from `compplan.benchmarks.sheet`.
    currency : str
        Figures in other currencies are left out.
    plan : PlanMark, optional
    people : People, optional

    Returns
    -------
    Chart
        Everything in row i has a y coordinate that rounds to ``-i``.
    """
    shown = _shown(rows, currency, plan.role if plan else "")
    at = {row.role: -place for place, row in enumerate(shown)}
    data = _ranges(shown, at, currency) + _surveys(shown, at, currency)
    if people is not None and len(people.pay):
        data.append(_dots(people, at, currency))
    if plan is not None and plan.role in at and plan.currency == currency:
        data.append(_plan(plan, at))
    names = [escape(row.name) for row in shown]
    short = [_short(row.name) for row in shown]
    axis: dict[str, Any] = {
        "tickmode": "array",
        "tickvals": list(at.values()),
        "showgrid": False,
        "zeroline": False,
        "range": [-len(shown) + 0.4, 0.6],
        "fixedrange": True,
    }
    layout: dict[str, Any] = {
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": 11}},
        "margin": {"l": 8, "r": 12, "t": 44, "b": 32},
        "hovermode": "closest",
        "xaxis": {**money_axis(currency, nticks=9), "rangemode": "normal", "range": _span(data)},
        "yaxis": {**axis, "ticktext": names, "automargin": True},
    }
    spec: dict[str, Any] = {
        "data": data,
        "layout": layout,
        "narrow": {
            "below": 560,
            "layout": {"yaxis": {"ticktext": short}, "xaxis": {"nticks": 4}, "showlegend": False, "margin": {"t": 8}},
        },
    }
    columns = ("Role", "Figure", "Low or P25", "Middle", "High or P75", "Source")
    return Chart(spec, columns, tuple(line for row in shown for line in _table_rows(row)))


def _span(data: Sequence[Mapping[str, Any]]) -> list[float]:
    """Range of the money axis: all marks, with a margin."""
    amounts = [x for trace in data for x in trace["x"] if x is not None] or [0.0, 1.0]
    room = 0.04 * (max(amounts) - min(amounts))
    return [min(amounts) - room, max(amounts) + room]


def role_at(rows: Sequence[RoleFigures], y: float, currency: str = "USD", plan_role: str = "") -> str | None:
    """Key of the role at a height of the chart; None beside all rows."""
    shown = _shown(rows, currency, plan_role)
    place = -round(y)
    return shown[place].role if 0 <= place < len(shown) else None


def _shown(rows: Sequence[RoleFigures], currency: str, plan_role: str) -> list[RoleFigures]:
    """Roles that have a row: those with a figure in the currency, and the plan's."""
    return [
        row
        for row in rows
        if (row.role and row.role == plan_role)
        or any(sourced.figure.currency == currency for sourced in (*row.bands, *row.first_sight))
    ]


def _by(figure: PayBand | Percentiles) -> str:
    """Publisher and year of a figure."""
    publisher = facts.source(figure.source).publisher if figure.source else _OWN
    return f"{publisher} {figure.as_of[:4]}".rstrip()


def _ranges(shown: Sequence[RoleFigures], at: Mapping[str, int], currency: str) -> list[dict[str, Any]]:
    """Bands as bars, one trace per source and basis."""
    traces: dict[tuple[str, str], dict[str, Any]] = {}
    for row in shown:
        for sourced in row.bands:
            band = sourced.figure
            if band.currency != currency or band.basis not in (PayBasis.BASE, PayBasis.OTE):
                continue
            base, own = band.basis is PayBasis.BASE, not band.source
            ink = ("@text/60" if own else "@c0") if base else ("@text/30" if own else "@c2")
            trace = traces.setdefault(
                (band.source, band.basis.value),
                {
                    "type": "scatter",
                    "mode": "lines",
                    "name": f"{_name(band.basis)}, {_by(band)}",
                    "x": [],
                    "y": [],
                    "text": [],
                    "hovertemplate": "%{text}<extra></extra>",
                    "line": {"color": ink, "width": 7 if own else 12},
                    "opacity": 0.95 if own else 0.75,
                },
            )
            y = at[row.role] + (_BASE_LANE if base else _OTE_LANE) + (0.06 if own else 0.0)
            text = (
                f"{escape(row.name)}<br><b>{formats.money(band.low, currency, 0)} to "
                f"{formats.money(band.high, currency, 0)}</b> {band.basis.words}<br>{_source_text(band)}"
            )
            # Points between the ends, so that the hover text appears anywhere on the bar.
            xs = rounded(np.linspace(band.low, band.high, 9))
            trace["x"] += [*xs, None]
            trace["y"] += [y] * len(xs) + [None]
            trace["text"] += [text] * len(xs) + [""]
    return list(traces.values())


def _surveys(shown: Sequence[RoleFigures], at: Mapping[str, int], currency: str) -> list[dict[str, Any]]:
    """Distributions as lines from P25 to P75 with the median marked, one trace per source and basis."""
    traces: dict[tuple[str, str], dict[str, Any]] = {}
    places: dict[str, int] = {}
    for row in shown:
        for sourced in row.first_sight:
            figure = sourced.figure
            if figure.currency != currency:
                continue
            trace = traces.setdefault(
                (figure.source, figure.basis.value),
                {
                    "type": "scatter",
                    "mode": "lines+markers",
                    "name": f"{_name(figure.basis)}, {_by(figure)}",
                    "x": [],
                    "y": [],
                    "text": [],
                    "hovertemplate": "%{text}<extra></extra>",
                    "line": {"color": f"@c{_INKS[len(traces) % len(_INKS)]}", "width": 2},
                    "marker": {"symbol": [], "size": [], "color": f"@c{_INKS[len(traces) % len(_INKS)]}"},
                },
            )
            lane = places.setdefault(f"{figure.source} {figure.basis.value}", len(places))
            y = at[row.role] + _OTHER_LANE - 0.09 * (lane % 3) if row.role else at[row.role] + 0.3 - 0.15 * lane
            text = f"{escape(row.name)}<br>{_points(figure)}<br>{_source_text(figure)}"
            for p, value in figure.points:
                if p in (0.25, 0.5, 0.75):
                    trace["x"].append(float(f"{value:.10g}"))
                    trace["y"].append(y)
                    trace["text"].append(text)
                    trace["marker"]["symbol"].append(_SYMBOLS.get(figure.basis.value, "x") if p == 0.5 else "line-ns")
                    trace["marker"]["size"].append(9 if p == 0.5 else 4)
            trace["x"].append(None)
            trace["y"].append(None)
            trace["text"].append("")
            trace["marker"]["symbol"].append("circle")
            trace["marker"]["size"].append(1)
    return list(traces.values())


def _dots(people: People, at: Mapping[str, int], currency: str) -> dict[str, Any]:
    """One dot per person, spread vertically so that dots of equal pay do not overlap."""
    known = [i for i, role in enumerate(people.roles) if role and role in at and np.isfinite(people.pay[i])]
    lane, sign = _BASE_LANE if people.basis is PayBasis.BASE else _OTE_LANE, formats.symbol(currency)
    spread = [((7 * i) % 11 - 5) / 5 * 0.12 for i in range(len(known))]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": people.name,
        "x": rounded(people.pay[known]),
        "y": [at[people.roles[i]] + lane + s for i, s in zip(known, spread, strict=True)],
        "text": [escape(people.hover[i]) for i in known],
        "hovertemplate": f"%{{text}}<br><b>{sign}%{{x:,.0f}}</b> {people.basis.words}<extra></extra>",
        "marker": {"color": "@bg", "size": 7, "line": {"color": "@text", "width": 1.5}},
    }


def _plan(plan: PlanMark, at: Mapping[str, int]) -> dict[str, Any]:
    y = at[plan.role]
    texts = [
        f"This plan: <b>{formats.money(amount, plan.currency, 0)}</b> {basis.words}"
        for amount, basis in ((plan.base, PayBasis.BASE), (plan.ote, PayBasis.OTE))
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "This plan",
        "x": [plan.base, plan.ote],
        "y": [y + _BASE_LANE, y + _OTE_LANE],
        "text": texts,
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "symbol": "line-ns-open",
            "size": 22,
            "color": "@text",
            "line": {"width": 4, "color": "@text"},
        },
    }


def _table_rows(row: RoleFigures) -> list[tuple[str, ...]]:
    table: list[tuple[str, ...]] = []
    for sourced in row.bands:
        band = sourced.figure
        ends = [formats.money(v, band.currency, 0) for v in (band.low, band.midpoint, band.high)]
        table.append((row.name, _name(band.basis), *ends, _by(band)))
    for sourced in row.distributions:
        figure, points = sourced.figure, dict(sourced.figure.points)
        cells = [formats.money(points[p], figure.currency, 0) if p in points else "" for p in (0.25, 0.5, 0.75)]
        table.append((row.name, _name(figure.basis), *cells, _cited(figure)))
    return table


def _cited(figure: PayBand | Percentiles) -> str:
    sample = f", n = {figure.n}" if isinstance(figure, Percentiles) and figure.n else ""
    publisher = facts.source(figure.source).publisher if figure.source else _OWN
    return f"{publisher}, {f'as of {figure.as_of}' if figure.as_of else 'no date'}{sample}"


def _source_text(figure: PayBand | Percentiles) -> str:
    return escape(_cited(figure))


def _points(figure: Percentiles) -> str:
    return ", ".join(
        f"{'Median' if p == 0.5 else f'P{p * 100:g}'} <b>{formats.money(value, figure.currency, 0)}</b>"
        for p, value in figure.points
    )


def _name(basis: PayBasis) -> str:
    return "OTE" if basis is PayBasis.OTE else basis.words.capitalize()


def _short(name: str) -> str:
    for long, brief in (
        ("Customer Success Manager", "CSM"),
        ("Customer Success", "CS"),
        ("Associate", "Assoc."),
        ("Vice President", "VP"),
        ("Manager of CS", "CS Manager"),
        ("Director of CS", "CS Director"),
        ("VP of CS", "CS VP"),
        ("All roles together", "All roles"),
    ):
        name = name.replace(long, brief)
    return escape(name)
