"""Tile map of the United States by pay relative to the country."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from compplan.charts.base import Chart, escape

# Positions of the states in the tile map.
_TILES = """
AK . . . . . . . . . ME
. . . . . . . . . VT NH
. WA ID MT ND MN IL WI MI NY MA
. OR NV WY SD IA IN OH PA NJ CT RI
. CA UT CO NE MO KY WV VA MD DE
. . AZ NM KS AR TN NC SC DC
. . . . OK LA MS AL GA
HI GU . . TX . . . . FL PR VI
"""


_WIDTH, _HEIGHT = 12, 8


def state_tiles(factors: Mapping[str, float], names: Mapping[str, str], chosen: str = "") -> Chart:
    """Draw one tile per state, colored by its pay relative to the country.

    Parameters
    ----------
    factors : Mapping of str to float
        Postal code to factor; missing states have no color.
    names : Mapping of str to str
        Postal code to name.
    chosen : str
        Postal code of a state to outline.

    Returns
    -------
    Chart
        Tiles have whole coordinates; see `tile_at`.
    """
    places = {at: code for at, code in _places().items() if code in names}
    known = {code: factors[code] for code in places.values() if code in factors}
    # Full color from the 90th percentile on, so that one outlier does not wash out the rest.
    width = sorted(abs(value - 1) for value in known.values())[len(known) * 9 // 10] if known else 0.0
    columns, lines = range(_WIDTH), range(-_HEIGHT + 1, 1)

    def cells(text_of: Callable[[str], Any], nothing: Any) -> list[list[Any]]:
        return [[text_of(places[x, y]) if (x, y) in places else nothing for x in columns] for y in lines]

    data: list[dict[str, Any]] = [
        {
            "type": "heatmap",
            "x": list(columns),
            "y": list(lines),
            "z": cells(known.get, None),
            "text": cells(lambda code: f"{code}<br>{known[code]:.2f}" if code in known else code, ""),
            "customdata": cells(lambda code: _hover_text(escape(names[code]), known.get(code)), ""),
            "texttemplate": "%{text}",
            "textfont": {"color": "@text", "size": 11},
            "hovertemplate": "%{customdata}<extra></extra>",
            "hoverongaps": False,
            "xgap": 3,
            "ygap": 3,
            "showscale": False,
            "zmin": 1 - (width or 0.01),
            "zmax": 1 + (width or 0.01),
            "colorscale": [[0, "@amber/60"], [0.5, "@text/8"], [1, "@primary/60"]],
        }
    ]
    axis = {"visible": False, "fixedrange": True}
    layout: dict[str, Any] = {
        "showlegend": False,
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "hovermode": "closest",
        "xaxis": {**axis, "range": [-0.5, _WIDTH - 0.5]},
        "yaxis": {**axis, "range": [0.5 - _HEIGHT, 0.5]},
        "shapes": [
            {"type": "rect", "x0": x - 0.47, "x1": x + 0.47, "y0": y - 0.47, "y1": y + 0.47,
             "line": {"color": "@text", "width": 2.5}}
            for (x, y), code in places.items() if code == chosen
        ],
    }  # fmt: skip
    spec: dict[str, Any] = {"data": data, "layout": layout}
    rows = sorted(((names[code], f"{factors[code]:.4f}") for code in known), key=lambda row: row[0])
    return Chart(spec, ("State", "Pay relative to the US"), tuple(rows))


def tile_at(x: float, y: float) -> str | None:
    """Postal code of the state at a position of the tile map; None beside all tiles."""
    return _places().get((round(x), round(y)))


def _hover_text(name: str, factor: float | None) -> str:
    return f"{name}: not enough wage data" if factor is None else f"{name}: pay × {factor:.4f}"


def _places() -> dict[tuple[int, int], str]:
    return {
        (x, -y): code
        for y, line in enumerate(_TILES.strip().splitlines())
        for x, code in enumerate(line.split())
        if code != "."
    }
