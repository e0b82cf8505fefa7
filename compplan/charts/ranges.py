"""Ranges of results to show: the span of an axis, and the range and steps of a slider."""

from __future__ import annotations

import math

from compplan.measures import Measure
from compplan.payout.engine import CompiledComponent, compile_plan
from compplan.plan import Plan


def span(component: CompiledComponent, also: tuple[float, ...] = ()) -> tuple[float, float]:
    """Span of results to show for a component [the measure's units, a year].

    From a little below the curve's first point to a little above its last, within the limits of the measure, and
    including `also`.
    """
    unit, measure = component.part.axis_unit, component.measure
    marks = [x * unit for x, _ in component.curve.points()] + [component.part.target]
    width = max(marks) - min(marks) or abs(component.part.target) * 0.2 or 1.0
    # No margin around `also`: a slider at its end would grow each time it is released.
    low, high = min([min(marks) - 0.12 * width, *also]), max([max(marks) + 0.15 * width, *also])
    if measure.low is not None or measure.kind == "flow":
        low = max(low, measure.low or 0.0)
    if measure.high is not None:
        high = min(high, measure.high)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def condition_span(plan: Plan, key: str, value: float) -> tuple[float, float]:
    """Span of results to show for a gate, modifier or kicker on a measure without a component.

    Parameters
    ----------
    plan : Plan
    key : str
        Key of the result.
    value : float [the measure's units]
        A result that the span must include.
    """
    measure = plan.measure(key)
    edges: list[float] = []
    for gate in plan.gates:
        if plan.result_key(gate.measure) == key:
            edges += [edge for edge in (gate.at_least, gate.at_most) if edge is not None]
    for modifier in compile_plan(plan).modifiers:
        if modifier.key == key:
            edges += [x for x, _ in modifier.curve.points()]
    edges += [kicker.max_units or 12.0 for kicker in plan.kickers if plan.result_key(kicker.measure) == key]
    edges = edges or [value]
    room = 0.3 * ((max(edges) - min(edges)) or abs(edges[0]) or 10.0)
    # No margin around the value: a slider at its end would grow each time it is released.
    low, high = min(min(edges) - room, value), max(max(edges) + room, value)
    return (
        low if measure.low is None else max(low, measure.low),
        high if measure.high is None else min(high, measure.high),
    )


def slider_range(measure: Measure, low: float, high: float) -> tuple[float, float, float]:
    """(lowest, highest, step) of a slider over a measure: round steps, within the limits of the measure.

    Examples
    --------
    >>> from compplan.measures import catalog
    >>> slider_range(catalog()["expansion_arr"], 0, 413_333)
    (0.0, 415000.0, 5000.0)
    """
    if measure.unit == "share":
        step = 0.001
    elif measure.unit in ("days", "count"):
        step = 1.0
    else:
        rough = max(high - low, 1e-9) / 100
        size = 10.0 ** math.floor(math.log10(rough))
        step = next(m * size for m in (1, 2, 5, 10) if m * size >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    first = first if measure.low is None else max(first, measure.low)
    last = last if measure.high is None else min(last, measure.high)
    return float(f"{first:.12g}"), float(f"{last:.12g}"), float(f"{step:.12g}")
