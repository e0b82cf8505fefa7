"""Two small browser components: sliders that report while they move, and a board of living Plotly charts.

Streamlit's own slider reports on release only, and `st.plotly_chart` builds its chart anew on every change.
Here the sliders send each value as soon as the answer to the last one is there, and the board hands new data
to `Plotly.react`.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, NotRequired, Protocol, TypedDict, cast

import streamlit as st
from streamlit.components import v2

from compplan.charts import Chart
from compplan.ui.widgets.browser_data import ClickedPoint, Mode, SliderChange, read_change, read_mapping, read_point

Unit = Literal["percent", "money", "number"]

# Where the server offers the script of the installed plotly package, below the app's base path
PLOTLY_PATH = f"vendor/plotly-{version('plotly')}.min.js"

# Where a board asks for a new picture while a slider moves
LIVE_PATH = "live/picture"


class SliderRow(TypedDict):
    """One slider. `unit` percent takes a fraction in mode "free" (0.93 reads 93%); weights are whole percents."""

    id: str
    label: str
    value: float
    min: NotRequired[float]
    max: NotRequired[float]
    step: NotRequired[float]
    unit: NotRequired[Unit]
    symbol: NotRequired[str]
    """Before the number for money ("$"), behind it for a number ("days")."""
    decimals: NotRequired[int]
    color: NotRequired[int]
    """Place in the theme's categorical colors."""
    lock: NotRequired[bool]


class FigureTable(TypedDict):
    """The numbers behind a figure, as people read them."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


class BoardFigure(TypedDict):
    """One chart of a board. `spec` is Plotly's data and layout, or their JSON; colors may be tokens ("@c0/20")."""

    id: str
    title: str
    alt: str
    height: int
    spec: Mapping[str, Any] | str
    span: NotRequired[Literal[1, 2]]
    table: NotRequired[FigureTable]


def figure(name: str, title: str, alt: str, chart: Chart, *, height: int, span: Literal[1, 2] = 1) -> BoardFigure:
    """A chart as a figure of a board, with the numbers behind it as a table."""
    return {
        "id": name,
        "title": title,
        "alt": alt,
        "height": height,
        "span": span,
        "spec": to_json(chart.spec),
        "table": {"columns": chart.columns, "rows": chart.rows},
    }


class Mount(Protocol):
    """What `st.components.v2.component` returns, as far as it is used here."""

    def __call__(self, *, key: str, data: Mapping[str, Any], **callbacks: Callable[[], None]) -> object:
        """Mount the component; ``on_<name>_change`` hears of what the browser sends under that name."""
        ...


def live_sliders(
    rows: Sequence[SliderRow],
    *,
    key: str,
    mode: Mode,
    label: str = "Sliders",
    rev: int = 0,
    on_change: Callable[[SliderChange], None] | None = None,
) -> SliderChange | None:
    """Draw labelled sliders that report while they move, and return what they say now.

    In mode "weights" the values are percents that always sum to 100; in mode "free" they move on their own.
    While somebody moves them, a `board` on the page draws what they mean; `on_change` hears of a change that
    passes the checks when the gesture is over: a drag ends, keys rest, a value is entered, a lock is turned.
    Raise `rev` to make the browser take the values given here at once (undo, another plan).
    """
    shown = [_row(row, mode) for row in rows]
    if len({row["id"] for row in shown}) != len(shown):
        raise ValueError(f"two sliders of {key!r} have the same id")

    def changed() -> None:
        change = read_change(_state(key).get("change"), shown, mode, rev)
        if change is not None and on_change is not None:
            on_change(change)

    data = {"key": key, "mode": mode, "label": label, "rev": rev, "rows": shown}
    _mount("sliders")(key=key, data=data, on_change_change=changed)
    return read_change(_state(key).get("change"), shown, mode, rev)


def board(
    figures: Sequence[BoardFigure],
    *,
    key: str,
    rev: str = "",
    view: Mapping[str, Any] | None = None,
    on_point: Callable[[ClickedPoint], None] | None = None,
) -> None:
    """Draw Plotly charts that live on while their data changes, in two columns where there is room.

    When the figures in sight are painted, `rev` stands on the board's element as `data-rev`; those out of sight
    follow when the data has come to rest (`data-settled-rev`). Without a `rev` it is made from the figures. With a
    `view` the board follows the sliders of the page while they move: it sends the view with what they say to the
    server's `LIVE_PATH` and draws the answer.
    """
    shown = shown_figures(figures)

    def clicked() -> None:
        point = read_point(_state(key).get("point"), {figure["id"] for figure in shown})
        if point is not None and on_point is not None:
            on_point(point)

    data = {
        "plotly": PLOTLY_PATH,
        "figures": shown,
        "rev": rev or hashlib.sha256("".join(str(each["spec"]) for each in shown).encode()).hexdigest()[:16],
        "live": LIVE_PATH,
        "view": None if view is None else dict(view),
        "points": on_point is not None,
    }
    _mount("board")(key=key, data=data, on_point_change=clicked)


def _asset(name: str) -> str:
    return (Path(__file__).parent.parent / "assets" / name).read_text(encoding="utf-8")


def register() -> None:
    """Register both components, so that the first visitor need not."""
    _mount("sliders")
    _mount("board")


@cache
def _mount(name: Literal["sliders", "board"]) -> Mount:
    """Register a component, once. Its scripts are joined, since the browser sees them as one module."""
    scripts = {"sliders": ("rebalance.js", "sliders.js"), "board": ("board.js",)}[name]
    mount = v2.component(
        f"compplan.{name}",
        html=_asset(f"{name}.html"),
        css=_asset(f"{name}.css"),
        js="\n".join(map(_asset, scripts)),
        isolate_styles=False,  # Plotly keeps its styles in the head of the document
    )
    return cast(Mount, mount)


def _row(row: SliderRow, mode: Mode) -> dict[str, Any]:
    """Fill what a row leaves out."""
    weights = mode == "weights"
    low, high = (0.0, 100.0) if weights else (row.get("min", 0.0), row.get("max", 1.0))
    if not all(map(math.isfinite, (row["value"], low, high))) or low > high:
        raise ValueError(f"slider {row['id']!r}: value and bounds must be finite numbers, min at most max")
    return {
        "id": row["id"],
        "label": row["label"],
        "value": row["value"],
        "min": low,
        "max": high,
        "step": 1 if weights else row.get("step") or (high - low) / 100 or 1,
        "unit": "percent" if weights else row.get("unit", "number"),
        "symbol": row.get("symbol", ""),
        "decimals": row.get("decimals", 0),
        "color": row.get("color"),
        "lock": row.get("lock", False),
        "lockable": weights,
    }


def shown_figures(figures: Sequence[BoardFigure]) -> list[dict[str, Any]]:
    """Figures as the browser takes them.

    Raises
    ------
    ValueError
        If two have the same id.
    """
    shown = [_figure(figure) for figure in figures]
    if len({figure["id"] for figure in shown}) != len(shown):
        raise ValueError("two figures of a board have the same id")
    return shown


def _figure(figure: BoardFigure) -> dict[str, Any]:
    return {
        "id": figure["id"],
        "title": figure["title"],
        "alt": figure["alt"],
        "height": figure["height"],
        "span": figure.get("span", 1),
        "spec": spec if isinstance(spec := figure["spec"], str) else to_json(spec),
        "table": figure.get("table"),
    }


def to_json(spec: object) -> str:
    """JSON text of a Plotly spec; arrays become lists, and a number that JSON has no word for becomes null.

    >>> to_json({"y": [1.5, float("nan")]})
    '{"y":[1.5,null]}'
    """
    try:
        return json.dumps(spec, separators=(",", ":"), allow_nan=False, default=_plain)
    except ValueError:
        return json.dumps(_finite(spec), separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> object:
    """An array, or a number of an array, as plain Python."""
    if not hasattr(value, "tolist"):
        raise TypeError(f"a {type(value).__name__} in a Plotly spec")
    return value.tolist()


def _finite(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _finite(part) for name, part in cast(Mapping[str, object], value).items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in cast(Sequence[object], value)]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    return _finite(_plain(value))


def _state(key: str) -> Mapping[str, object]:
    return read_mapping(st.session_state.get(key)) or {}
