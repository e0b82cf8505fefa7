"""The states as tiles, by what they do to pay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compplan.charts.base import Chart, escape

# Rows and columns of the states as tiles, near enough to where they lie.
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


def state_tiles(factors: Mapping[str, float], names: Mapping[str, str], chosen: str = "") -> Chart:
    """What each state does to pay, as one tile a state.

    Parameters
    ----------
    factors : Mapping of str to float
        Postal code to factor; what is missing is left blank.
    names : Mapping of str to str
        Postal code to name.
    chosen : str
        Postal code of a state to be marked.

    Returns
    -------
    Chart
        Tiles lie in whole coordinates; `tile_at` says which state lies where.
    """
    tiles = [(code, x, y) for (x, y), code in _places().items() if code in names]
    known = [(code, x, y) for code, x, y in tiles if code in factors]
    blank = [(code, x, y) for code, x, y in tiles if code not in factors]
    values = [factors[code] for code, _, _ in known]
    # Full colour from the ninth tenth on, so that one far state does not wash out the rest.
    width = sorted(abs(value - 1) for value in values)[len(values) * 9 // 10] if values else 0.0
    width = width or 0.01
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [x for _, x, _ in known],
            "y": [y for _, _, y in known],
            "text": [f"{code}<br>{value:.2f}" for (code, _, _), value in zip(known, values, strict=True)],
            "customdata": [
                f"{escape(names[code])}: pay × {value:.4f}" for (code, _, _), value in zip(known, values, strict=True)
            ],
            "hovertemplate": "%{customdata}<extra></extra>",
            "textfont": {"size": 11, "color": "@text"},
            "marker": {
                "symbol": "square",
                "size": 40,
                "color": values,
                "cmin": 1 - width,
                "cmax": 1 + width,
                "colorscale": [[0, "@amber/70"], [0.5, "@text/8"], [1, "@primary/70"]],
                "line": {"width": [3 if code == chosen else 0 for code, _, _ in known], "color": "@text"},
            },
        },
        {
            "type": "scatter",
            "mode": "text",
            "x": [x for _, x, _ in blank],
            "y": [y for _, _, y in blank],
            "text": [code for code, _, _ in blank],
            "textfont": {"size": 11, "color": "@muted"},
            "hovertemplate": "Too few wages are published<extra></extra>",
        },
    ]
    axis = {"visible": False, "fixedrange": True}
    layout: dict[str, Any] = {
        "showlegend": False,
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "hovermode": "closest",
        "xaxis": {**axis, "range": [-0.6, 11.6]},
        "yaxis": {**axis, "range": [-7.6, 0.6]},
    }
    spec: dict[str, Any] = {"data": data, "layout": layout}
    rows = sorted(((names[code], f"{factors[code]:.4f}") for code, _, _ in known), key=lambda row: row[0])
    return Chart(spec, ("State", "Pay against the country"), tuple(rows))


def tile_at(x: float, y: float) -> str | None:
    """Postal code of the state whose tile lies there."""
    return _places().get((round(x), round(y)))


def _places() -> dict[tuple[int, int], str]:
    return {
        (x, -y): code
        for y, line in enumerate(_TILES.strip().splitlines())
        for x, code in enumerate(line.split())
        if code != "."
    }
