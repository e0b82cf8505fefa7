"""What every chart has in common: its shape as data, its axes, its colours by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from compplan import formats
from compplan.arrays import FloatArray
from compplan.measures import Measure

COLOURS = 8


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


def axis_format(measure: Measure, currency: str) -> dict[str, Any]:
    """Ticks of an axis in the units of a measure."""
    if measure.unit == "share":
        return {"tickformat": ",.4~%"}
    if measure.unit == "money":
        return {"tickprefix": formats.symbol(currency), "tickformat": "~s"}
    if measure.unit == "days":
        return {"ticksuffix": " d"}
    return {"tickformat": ",~f"}


def hover_format(measure: Measure, currency: str, name: str = "x") -> str:
    """How a hover writes a coordinate in the units of a measure."""
    if measure.unit == "share":
        return f"%{{{name}:.4~%}}"
    if measure.unit == "money":
        return f"{formats.symbol(currency)}%{{{name}:,.0f}}"
    return f"%{{{name}:,.4~f}}{' days' if measure.unit == 'days' else ''}"


def money_axis(currency: str, **more: Any) -> dict[str, Any]:
    """Ticks of an axis of money that starts at zero."""
    return {"tickprefix": formats.symbol(currency), "tickformat": "~s", "rangemode": "tozero", **more}


def rounded(values: FloatArray) -> list[float]:
    """Enough digits for a chart and a hover, fewer bytes on the wire."""
    return [float(f"{v:.10g}") for v in values.tolist()]


def escape(text: str) -> str:
    """Text that Plotly, which reads some HTML, shows as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
