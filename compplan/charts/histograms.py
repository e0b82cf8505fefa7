"""Histogram of people by a ratio, such as compa-ratio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from compplan import formats
from compplan.arrays import FloatArray
from compplan.charts.base import Chart, escape


def histogram(values: FloatArray, edges: Sequence[float], marks: Mapping[float, str], name: str) -> Chart:
    """Draw how many people have which ratio.

    Parameters
    ----------
    values : ndarray, shape (n,) [fraction]
        Compa-ratios or range penetrations; NaN is left out.
    edges : sequence of float
        Edges of the bars. Values beyond them count in the first and the last bar.
    marks : Mapping of float to str
        Vertical lines to draw, with their labels.
    name : str
        Name of the ratio, for the axis.
    """
    finite = values[np.isfinite(values)]
    counts, _ = np.histogram(np.clip(finite, edges[0], np.nextafter(edges[-1], -np.inf)), np.asarray(edges))
    spans = [f"{formats.percent(low, 0)} to {formats.percent(high, 0)}" for low, high in pairwise(edges)]
    spans[0], spans[-1] = f"under {formats.percent(edges[1], 0)}", f"{formats.percent(edges[-2], 0)} or more"
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    data: list[dict[str, Any]] = [
        {
            "type": "bar",
            "x": middles,
            "y": counts.tolist(),
            "width": [(high - low) * 0.9 for low, high in pairwise(edges)],
            "text": [str(count) if count else "" for count in counts],
            "textposition": "outside",
            "textfont": {"color": "@text"},
            "cliponaxis": False,
            "customdata": spans,
            "hovertemplate": "%{customdata}: <b>%{y}</b><extra></extra>",
            "marker": {"color": "@c0/70"},
        }
    ]
    layout: dict[str, Any] = {
        "showlegend": False,
        "margin": {"l": 30, "r": 8, "t": 26, "b": 40},
        "xaxis": {"tickformat": ".0%", "showgrid": False, "title": {"text": escape(name)}, "fixedrange": True},
        "yaxis": {"rangemode": "tozero", "nticks": 4, "tickformat": "d", "fixedrange": True},
        "shapes": [
            {
                "type": "line",
                "x0": x,
                "x1": x,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"color": "@muted", "width": 1, "dash": "dash"},
            }
            for x in marks
        ],
        "annotations": [
            {
                "x": x,
                "y": 1.0,
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
                "text": escape(text),
                "font": {"size": 11, "color": "@muted"},
            }
            for x, text in marks.items()
        ],
    }
    return Chart(
        {"data": data, "layout": layout},
        (name, "People"),
        tuple((span, str(count)) for span, count in zip(spans, counts.tolist(), strict=True)),
    )
