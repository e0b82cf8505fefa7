"""What every chart has in common: its data type, axes and hover formats, and colors by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from compplan import formats
from compplan.arrays import FloatArray
from compplan.measures import Measure

COLORS = 8


@dataclass(frozen=True, slots=True)
class Chart:
    """A Plotly figure as plain data, and its numbers as a table.

    Attributes
    ----------
    spec : dict
        Plotly's ``data`` and ``layout``; ``narrow`` has a ``layout`` to merge in ``below`` a width in pixels.
    columns, rows : tuple
        The same numbers as a table of formatted text.
    """

    spec: dict[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def color(place: int) -> str:
    """Color name of the component at a position; the same in every chart."""
    return f"@c{place % COLORS}"


def axis_format(measure: Measure, currency: str) -> dict[str, Any]:
    """Axis settings for ticks in the units of a measure."""
    if measure.unit == "share":
        return {"tickformat": ",.4~%"}
    if measure.unit == "money":
        return {"tickprefix": formats.symbol(currency), "tickformat": "~s"}
    if measure.unit == "days":
        return {"ticksuffix": " d"}
    return {"tickformat": ",~f"}


def hover_format(measure: Measure, currency: str, name: str = "x") -> str:
    """Hover format of a coordinate in the units of a measure."""
    if measure.unit == "share":
        return f"%{{{name}:.4~%}}"
    if measure.unit == "money":
        return f"{formats.symbol(currency)}%{{{name}:,.0f}}"
    return f"%{{{name}:,.4~f}}{' days' if measure.unit == 'days' else ''}"


def money_axis(currency: str, **more: Any) -> dict[str, Any]:
    """Axis settings for money, starting at zero."""
    return {"tickprefix": formats.symbol(currency), "tickformat": "~s", "rangemode": "tozero", **more}


def rounded(values: FloatArray) -> list[float]:
    """Values with 10 significant digits: enough for a chart, and fewer bytes to send."""
    return [float(f"{v:.10g}") for v in values.tolist()]


def escape(text: str) -> str:
    """Escape text, since Plotly renders some HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def bare_axis(**more: Any) -> dict[str, Any]:
    """Axis settings without grid, zero line and zoom."""
    return {"showgrid": False, "zeroline": False, "fixedrange": True, **more}


class Label(NamedTuple):
    """A text in a chart, at a point."""

    x: float
    y: float
    text: str
    position: str = "top center"
    color: str = "@text"


def label_trace(labels: Iterable[Label]) -> dict[str, Any]:
    """One trace with some labels."""
    xs, ys, texts, positions, colors = (list(column) for column in zip(*labels, strict=True))
    return {
        "type": "scatter", "mode": "text", "hoverinfo": "skip", "cliponaxis": False, "x": xs, "y": ys,
        "text": [escape(text) for text in texts], "textposition": positions, "textfont": {"color": colors, "size": 12},
    }  # fmt: skip
