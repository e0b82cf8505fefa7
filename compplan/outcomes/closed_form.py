"""Expected payout in closed form, and the limits of results that it shares with the simulation."""

from __future__ import annotations

import math

import numpy as np

from compplan.curves import PayoutCurve
from compplan.payout.engine import CompiledComponent
from compplan.plan import Plan


def separable(plan: Plan) -> bool:
    """Whether the pay of each component depends on its own result alone, so that expected pay has a closed form."""
    coupled = plan.gates or plan.modifiers or plan.caps.total is not None
    return not coupled and plan.rounding.attainment is None


def result_limits(component: CompiledComponent) -> tuple[float | None, float | None]:
    """Least and greatest result that is drawn [the measure's units]: the measure's limits, and 0 for a flow."""
    measure = component.measure
    return (0.0 if measure.low is None and measure.kind == "flow" else measure.low), measure.high


def expected_fraction(component: CompiledComponent, mean: float, sd: float) -> float:
    """Expected payout of a component with a normal result, limited to what its measure allows.

    Parameters
    ----------
    component : CompiledComponent
    mean, sd : float [the measure's units]

    Returns
    -------
    float [fraction of target pay]

    Notes
    -----
    The curve is flat beyond both limits; the rest is `PayoutCurve.expected`.

    Examples
    --------
    >>> from compplan import templates
    >>> from compplan.payout.engine import compile_plan
    >>> grr = compile_plan(templates.load("knowup-csat-weighted")).components[0]
    >>> round(expected_fraction(grr, 0.92, 0.03), 4)
    1.0241
    """
    unit = component.part.axis_unit
    low, high = result_limits(component)
    curve = component.curve
    ends = [None if edge is None else edge / unit * curve.sign for edge in (low, high)]
    first, last = ends if curve.sign > 0 else ends[::-1]
    return _clipped(curve, first, last).expected(mean / unit, sd / unit)


def _clipped(curve: PayoutCurve, first: float | None, last: float | None) -> PayoutCurve:
    """A curve that is flat beyond two results, given in the direction in which results improve."""
    if first is None and last is None:
        return curve
    low = -math.inf if first is None else first
    high = math.inf if last is None else last
    inside = (curve.knots > low) & (curve.knots < high)
    knots, values, slopes = curve.knots[inside].tolist(), curve.values[inside].tolist(), curve.slopes[inside].tolist()
    below = curve.below
    if first is not None:
        below = curve(first * curve.sign)
        slope = abs(float(curve.slope(first * curve.sign)))
        knots, values, slopes = [first, *knots], [below, *values], [slope, *slopes]
    if last is not None:
        knots, values, slopes = [*knots, last], [*values, curve(last * curve.sign)], [*slopes, 0.0]
    return PayoutCurve(np.array(knots), np.array(values), np.array(slopes), below, curve.better)
