"""Payout of one person under scattered results, as a fraction of target variable: in closed form, and drawn."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from compplan.arrays import FloatArray, IntArray
from compplan.cost.pays import paid_kickers
from compplan.curves import PayoutCurve
from compplan.outcomes import illustrative_spreads
from compplan.payout import results_at, target_pays
from compplan.payout.engine import Case, CompiledComponent, calculate, compile_plan, frame_of
from compplan.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

    from compplan.cost.assumptions import Assumptions

_NOMINAL = 1e8  # target variable on which a fraction is computed, so large that its cents do not show


@dataclass(frozen=True, slots=True, eq=False)
class Scatter:
    """Payout fractions of a year, by profile: people whose fraction is distributed alike.

    Attributes
    ----------
    profile : ndarray of int, shape (rows,)
        Which profile each row has.
    fractions : list of ndarray, shape (draws,) [fraction of target variable]
        By profile; the second half are the mirror images of the first.
    means : list of float or None
        Expected fraction in closed form, None where the parts of the plan touch each other.
    shared : float [fraction]
        Of the variance, what people share.
    centres, spreads : dict of str to float [each measure's units]
    """

    profile: IntArray
    fractions: list[FloatArray]
    means: list[float | None]
    shared: float
    centres: dict[str, float]
    spreads: dict[str, float]

    @property
    def lowest(self) -> FloatArray:
        """Least fraction that was drawn, by row."""
        return np.array([f.min() for f in self.fractions])[self.profile]

    @property
    def highest(self) -> FloatArray:
        """Most that was drawn, by row."""
        return np.array([f.max() for f in self.fractions])[self.profile]


def separable(plan: Plan) -> bool:
    """Whether each component's pay hangs on its own result alone, so that expected pay is a sum in closed form."""
    coupled = plan.gates or plan.modifiers or plan.caps.total is not None or paid_kickers(plan)
    return not coupled and plan.rounding.attainment is None


def limits(component: CompiledComponent) -> tuple[float | None, float | None]:
    """What a drawn result is held within [the measure's units]: the measure's limits, and no flow below nothing."""
    measure = component.measure
    return (0.0 if measure.low is None and measure.kind == "flow" else measure.low), measure.high


def expected_fraction(component: CompiledComponent, mean: float, sd: float) -> float:
    """Expected payout of a component when its result is normal, and held within its measure's limits.

    Parameters
    ----------
    component : CompiledComponent
    mean, sd : float [the measure's units]

    Returns
    -------
    float [fraction of target pay]

    Notes
    -----
    The curve is cut off at both limits, flat beyond them; the rest is `PayoutCurve.expected`.

    Examples
    --------
    >>> from compplan import templates
    >>> grr = compile_plan(templates.load("knowup-csat-weighted")).components[0]
    >>> round(expected_fraction(grr, 0.92, 0.03), 4)
    1.0241
    """
    unit = component.part.target if component.part.axis == "attainment" else 1.0
    low, high = limits(component)
    curve = component.curve
    ends = [None if edge is None else edge / unit * curve.sign for edge in (low, high)]
    first, last = ends if curve.sign > 0 else ends[::-1]
    return _cut(curve, first, last).expected(mean / unit, sd / unit)


def _cut(curve: PayoutCurve, first: float | None, last: float | None) -> PayoutCurve:
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
        knots, values, slopes = (
            [first, *knots],
            [below, *values],
            [abs(float(curve.slope(first * curve.sign))), *slopes],
        )
    if last is not None:
        knots, values, slopes = [*knots, last], [*values, curve(last * curve.sign)], [*slopes, 0.0]
    return PayoutCurve(np.array(knots), np.array(values), np.array(slopes), below, curve.better)


def scatter_of(plan: Plan, people: pd.DataFrame, assumptions: Assumptions) -> Scatter:
    """Draw a year many times over and pay it.

    Notes
    -----
    PCG64DXSM with antithetic halves: the same numbers everywhere. A second set of draws, in which only what is
    measured on a team or the company is the same, tells how much of the variance people share.
    """
    compiled = compile_plan(plan)
    centres = {c.id: assumptions.means.get(c.id, c.part.target) for c in compiled.components}
    spreads = illustrative_spreads(plan) | assumptions.spreads
    variable = people["variable"].to_numpy(dtype=np.float64)
    # Without pay at a fixed rate everybody's fraction is the same, whatever their target variable is.
    fixed = paid_kickers(plan) or any(c.rate for c in plan.components)
    kinds, profile = np.unique(variable, return_inverse=True) if fixed else (np.array([_NOMINAL]), None)
    both = _normals(assumptions.seed, assumptions.draws, 2 * len(compiled.components))
    own, other = both[: len(compiled.components)], both[len(compiled.components) :].copy()
    for i, component in enumerate(compiled.components):
        if component.part.level != "individual":
            other[i] = own[i]
    fractions = [_drawn(plan, own, centres, spreads, float(v)) for v in kinds]
    alone = all(c.level == "individual" for c in plan.components)
    shared = 0.0 if alone else _shared(fractions[-1], _drawn(plan, other, centres, spreads, float(kinds[-1])))
    means: list[float | None] = [None] * len(kinds)
    if separable(plan):
        by_id = {c.id: expected_fraction(c, centres[c.id], spreads[c.id]) for c in compiled.components}
        means = [_closed(plan, by_id, float(v)) for v in kinds]
    rows = np.zeros(len(people), np.int64) if profile is None else profile.reshape(-1).astype(np.int64)
    return Scatter(rows, fractions, means, shared, centres, {key: spreads[key] for key in plan.by_id})


def _closed(plan: Plan, by_id: dict[str, float], variable: float) -> float:
    if not variable:
        return 0.0
    pays = target_pays(plan)
    pool = max(variable - compile_plan(plan).commissions, 0.0)
    parts = (pays[c.key] if c.rate is not None else (c.weight or 0.0) * pool for c in plan.components)
    return sum(part * by_id[c.key] for part, c in zip(parts, plan.components, strict=True)) / variable


def _drawn(
    plan: Plan, scatter: FloatArray, centres: dict[str, float], spreads: dict[str, float], variable: float
) -> FloatArray:
    """Payout fractions of drawn years, for one target variable."""
    if not variable:
        return np.zeros(scatter.shape[-1:])
    compiled = compile_plan(plan)
    results = {key: np.full(1, value) for key, value in results_at(plan, 1.0)[0].items()}
    for i, c in enumerate(compiled.components):
        row: FloatArray = scatter[i]
        low, high = limits(c)
        drawn = centres[c.id] + spreads[c.id] * row
        results[c.id] = drawn if low is None and high is None else np.clip(drawn, low, high)
    work = calculate(compiled, Case(results, np.array([variable]), {}), frame_of(plan, "year"))
    fraction: FloatArray = work.total / 10.0**compiled.digits / variable
    return fraction if fraction.size > 1 else np.full(scatter.shape[-1:], float(fraction[0]))


def _shared(first: FloatArray, second: FloatArray) -> float:
    """How much of the variance two people have in common whose shared results are the same."""
    spread = float(first.std() * second.std())
    if spread <= 1e-12:
        return 0.0
    together = float(((first - first.mean()) * (second - second.mean())).mean()) / spread
    return min(max(together, 0.0), 1.0)


@functools.lru_cache(maxsize=8)
def _normals(seed: int, draws: int, rows: int) -> FloatArray:
    half = np.random.Generator(np.random.PCG64DXSM(seed)).standard_normal((rows, draws // 2))
    both = np.concatenate([half, -half], axis=1)
    both.setflags(write=False)
    return both
