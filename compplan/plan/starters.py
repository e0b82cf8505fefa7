"""Components and curves to start from: valid, simple, and marked as assumed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from compplan.curve_kinds import KINDS
from compplan.measures import Measure

_TARGETS = {"share": 0.9, "money": 100_000.0, "count": 12.0, "days": 60.0, "score": 70.0, "points": 40.0, "ratio": 1.0}


def starter(measure: Measure) -> dict[str, Any]:
    """A component on a measure, as plain data with weight 0: every number in it is assumed.

    Parameters
    ----------
    measure : Measure

    Returns
    -------
    dict
        The target is the middle of the measure's usual levels where its source gives any.

    Examples
    --------
    >>> from compplan.measures import catalog
    >>> starter(catalog()["expansion_arr"])["curve"]
    {'kind': 'linear', 'points': [[0.8, 0.5], [1.0, 1.0], [1.2, 1.5]]}
    """
    target = starting_target(measure)
    axis = "attainment" if measure.kind == "flow" else "actual"
    component: dict[str, Any] = {"measure": measure.key, "weight": 0.0, "target": target, "axis": axis}
    return component | {"curve": starter_curve("linear", measure, target, axis)}


def starting_target(measure: Measure) -> float:
    """Return the target that a new component starts with [the measure's units].

    It is the middle of the measure's usual levels where a source gives any, and otherwise our assumption.

    Examples
    --------
    >>> from compplan.measures import catalog
    >>> starting_target(catalog()["nrr"]), starting_target(catalog()["grr"])
    (1.05, 0.9)
    """
    levels = [x for x in measure.usual if x is not None]
    target = sum(levels) / len(levels) if levels else _TARGETS[measure.unit]
    if measure.low is not None and measure.high is not None and not measure.low < target < measure.high:
        target = measure.low + 0.9 * (measure.high - measure.low)
    return float(f"{target:.6g}")


def starter_curve(kind: str, measure: Measure, target: float, axis: str) -> dict[str, Any]:
    """A curve of some kind through 100% at target, as plain data.

    Parameters
    ----------
    kind : str
        A key of `compplan.curve_kinds.KINDS`.
    measure : Measure
    target : float [the measure's units]
    axis : str
        ``actual`` or ``attainment``.

    Examples
    --------
    >>> from compplan.measures import catalog
    >>> starter_curve("goal", catalog()["csat"], 4.5, "actual")
    {'kind': 'goal', 'at': 4.5}
    """
    at = 1.0 if axis == "attainment" else target
    lowest = max(0.0, measure.low or 0.0) if axis == "actual" else 0.0
    return KINDS[kind].starter(_points(measure, target, axis), at, lowest)


def _points(measure: Measure, target: float, axis: str) -> list[list[float]]:
    """Points below, at and above target, as far as the measure goes."""
    at = 1.0 if axis == "attainment" else target
    step = 0.2 if axis == "attainment" else 2 * (measure.spread_at(target) or 0.1 * abs(target) or 1.0)
    sign = 1.0 if measure.better == "more" else -1.0
    points = [[at - sign * step, 0.5], [at, 1.0], [at + sign * step, 1.5]]
    if axis == "actual":
        low = 0.0 if measure.low is None and target >= 0 else measure.low
        points = [[_clamped(x, low, measure.high), y] for x, y in points]
    distinct = [points[0]] + [q for p, q in pairwise(points) if abs(q[0] - p[0]) > 1e-6]
    if len(distinct) == 1:
        distinct = [[at, 1.0]]
    return [[float(f"{x:.6g}"), y] for x, y in distinct]


def _clamped(x: float, low: float | None, high: float | None) -> float:
    return min(max(x, x if low is None else low), x if high is None else high)
