"""Analyze a plan: pay at target, maximum pay, cliffs, leverage, and the effect of each condition."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from compplan.arrays import BoolArray, FloatArray
from compplan.curves import TOLERANCE
from compplan.errors import Problem, ResultError
from compplan.money import to_minor
from compplan.payout.engine import (
    Compiled,
    CompiledComponent,
    PayInputs,
    Period,
    PeriodSpan,
    as_compiled,
    calculate,
    compile_plan,
    span_of,
)
from compplan.payout.results import checked_span, from_mapping
from compplan.plan import Kicker, Plan


def totals(
    plan: Plan | Compiled, results: Mapping[str, FloatArray], period: Period = "year", *, kickers: bool = True
) -> FloatArray:
    """Variable pay and kickers on many results at once, for charts and simulations.

    Parameters
    ----------
    plan : Plan or Compiled
    results : Mapping of str to ndarray, shape (n,) [each measure's units]
        Every result that the plan needs, within its measure's limits.
    period : int or 'year'
    kickers : bool
        Whether kickers are paid; False for results from `results_along`.

    Returns
    -------
    ndarray, shape (n,) [currency]

    Examples
    --------
    >>> from compplan import templates
    >>> totals(templates.load("flowfuse-csm"), {"nrr": np.array([1.0, 1.075, 1.15, 1.3])}, 1).tolist()
    [0.0, 5000.0, 10000.0, 20000.0]
    """
    compiled = as_compiled(plan)
    span = checked_span(compiled.plan, period)
    missing = [key for key in compiled.keys if key not in results]
    if missing:
        raise ResultError([Problem(key, "is missing.") for key in missing])
    inputs = PayInputs(dict(results), np.array([compiled.plan.pay.target_variable]), {}, kickers=kickers)
    rows = max((v.size for v in results.values()), default=1)
    return np.broadcast_to(calculate(compiled, inputs, span).total / 10.0**compiled.digits, (rows,))


def at_target(plan: Plan | Compiled) -> float | None:
    """Fraction of target variable that a plan pays with every measure at its target.

    Parameters
    ----------
    plan : Plan or Compiled

    Returns
    -------
    float or None
        1.0 for a plan that pays its target variable at target; None where target variable is 0. Gates on other
        measures count as passed and modifiers as on target; kickers are left out.

    Examples
    --------
    >>> from compplan import templates
    >>> at_target(templates.load("knowup-csat-weighted"))
    1.0
    """
    compiled = as_compiled(plan)
    results = {c.id: np.array([c.part.target]) for c in compiled.components}
    variable = np.array([compiled.plan.pay.target_variable])
    inputs = PayInputs(results, variable, {}, at_target=True, kickers=False)
    calculation = calculate(compiled, inputs, span_of(compiled.plan, "year"))
    target = float(calculation.period_target[0])
    return float(calculation.total[0]) / target if target else None


def results_at(plan: Plan | Compiled, k: float, period: Period = "year") -> tuple[dict[str, float], frozenset[str]]:
    """Results of a person at `k` of target in every measure.

    Parameters
    ----------
    plan : Plan or Compiled
    k : float [fraction]
        1 is every measure at target.
    period : int or 'year'

    Returns
    -------
    results : dict of str to float
        For a flow `k` times the period's target; for a level the result at which its own curve pays `k`. Gates and
        modifiers on other measures at target, counts of only kickers at 0. Pay at `k` leaves kickers out, also where
        a component, gate or modifier reads their count.
    held : frozenset of str
        Levels that cannot reach `k`, held at the measure's limit or at their curve's last point.
    """
    results, held = results_along(plan, np.array([k]), period)
    return {key: float(value[0]) for key, value in results.items()}, frozenset(key for key in held if held[key][0])


def results_along(
    plan: Plan | Compiled, ks: FloatArray, period: Period = "year"
) -> tuple[dict[str, FloatArray], dict[str, BoolArray]]:
    """`results_at` for many attainments at once.

    Parameters
    ----------
    plan : Plan or Compiled
    ks : ndarray, shape (n,) [fraction]
    period : int or 'year'

    Returns
    -------
    results : dict of str to ndarray, shape (n,)
    held : dict of str to ndarray of bool, shape (n,)
        By component, where it is held.
    """
    compiled = as_compiled(plan)
    span = checked_span(compiled.plan, period)
    results: dict[str, FloatArray] = {}
    held = {c.id: np.zeros(ks.shape, np.bool_) for c in compiled.components}
    for c in compiled.components:
        if c.measure.kind == "flow":
            results[c.id] = ks * c.part.target * span.share
        else:
            results[c.id], held[c.id] = _levels(c, ks)
    own = dict.fromkeys(p.key for p in (*compiled.modifiers, *compiled.gates) if p.key not in results)
    for key in own:
        results[key] = np.full(ks.shape, _neutral(compiled, key) * _flow_share(compiled.plan, key, span))
    for kicker in compiled.kickers:
        results.setdefault(kicker.key, np.zeros(ks.shape))
    return results, held


def _levels(c: CompiledComponent, ks: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Results at which a level's own curve pays `ks`, and where the level is held."""
    points = c.curve.points()
    first, last = points[0][0], points[-1][0]
    x = c.curve.reaches(ks)
    short = np.isnan(x)
    x = np.where(short, last, x)
    x = np.where(np.isinf(x), first - c.curve.sign * 10 * TOLERANCE * max(1.0, abs(first)), x)
    value = x * c.part.axis_unit
    low, high = c.measure.low, c.measure.high
    clipped = value if low is None and high is None else np.clip(value, low, high)
    at_target = ks == 1.0
    return np.where(at_target, c.part.target, clipped), (short | (clipped != value)) & ~at_target


def _neutral(compiled: Compiled, key: str) -> float:
    """A result of a condition without a component that does not change pay: on target, and past every gate."""
    value: float | None = None
    for modifier in compiled.modifiers:
        if modifier.key == key and value is None:
            reached = modifier.curve.reach(1.0)
            at_one = reached if reached is not None and math.isfinite(reached) else modifier.curve.points()[-1][0]
            value = at_one if modifier.part.target is None else modifier.part.target
    gates = [gate.part for gate in compiled.gates if gate.key == key]
    least = max((g.at_least for g in gates if g.at_least is not None), default=None)
    most = min((g.at_most for g in gates if g.at_most is not None), default=None)
    if value is None:
        value = least if least is not None else most or 0.0
    value = value if least is None else max(value, least)
    return value if most is None else min(value, most)


def _flow_share(plan: Plan, key: str, span: PeriodSpan) -> float:
    return span.share if plan.measure(key).kind == "flow" else 1.0


def ceiling(plan: Plan | Compiled) -> float:
    """Maximum variable pay of a plan in a year, without kickers [currency]; infinite where nothing limits it.

    Notes
    -----
    Each component at the best result its measure allows, or at the flat end of its curve; every gate passed;
    modifiers at their highest; then the total cap. Target pay and each line are rounded as the engine rounds them:
    a curve or cap multiplies the rounded target pay, so half a cent of it can become several cents.

    Examples
    --------
    >>> from compplan import templates
    >>> ceiling(templates.load("knowup-csat-weighted"))
    31500.0
    """
    compiled = as_compiled(plan)
    plan, digits, size = compiled.plan, compiled.digits, 10.0**compiled.digits

    def units(amount: float) -> float:
        return float(to_minor(amount, digits)) if math.isfinite(amount) else amount

    pool = units(max(plan.pay.target_variable - compiled.commissions, 0.0)) / size
    exact = lines = 0.0
    for c in compiled.components:
        pay = c.part.target_pay(pool)
        top = _highest_fraction(compiled, c)
        if pay and top:
            exact += pay * top
            lines += units(pay * top)
    for i in compiled.plan_modifiers:
        factor = _highest_factor(compiled, i)
        if not exact or not factor:
            exact = lines = 0.0
        else:
            lines = lines + units(exact * (factor - 1.0)) if math.isfinite(exact * factor) else math.inf
            exact *= factor
    if plan.caps.total is not None:
        period_target = units(pool + compiled.commissions) / size
        lines = min(lines, units(plan.caps.total * period_target))
    return lines / size


def _highest_fraction(compiled: Compiled, component: CompiledComponent) -> float:
    """Greatest payout of a component after its modifiers [fraction of target pay]."""
    best = component.measure.best
    top = component.curve.highest if best is None else component.curve(best / component.part.axis_unit)
    for i in component.modifiers:
        factor = _highest_factor(compiled, i)
        top = top * factor if top and factor else 0.0
    return top


def _highest_factor(compiled: Compiled, i: int) -> float:
    modifier = compiled.modifiers[i]
    best = modifier.measure.best
    return modifier.curve.highest if best is None else modifier.curve(float(best))


def bounded(plan: Plan | Compiled) -> bool:
    """Whether something limits the pay of a plan, kickers on measured results included.

    Examples
    --------
    >>> from compplan import templates
    >>> bounded(templates.load("knowup-csat-weighted"))
    True
    """
    compiled = as_compiled(plan)
    return math.isfinite(ceiling(compiled)) and all(k.max_units is not None for k in paid_kickers(compiled.plan))


def paid_kickers(plan: Plan) -> tuple[Kicker, ...]:
    """Kickers on the result of a component; the counts of other kickers are not known ahead."""
    return tuple(k for k in plan.kickers if plan.result_key(k.measure) in plan.by_id)


def effects(plan: Plan, results: Mapping[str, float], period: Period = "year") -> dict[str, float]:
    """Effect of each gate, modifier, kicker and the total cap on pay.

    Parameters
    ----------
    plan, results, period
        As in `payout`; not for later periods of a year-to-date plan.

    Returns
    -------
    dict of str to float [currency]
        By path (``gates[0]``, ``modifiers[1]``, ``kickers[0]``, ``caps.total``): total pay with it minus total pay
        without it.

    Examples
    --------
    >>> from compplan import templates
    >>> effects(
    ...     templates.load("knowup-csat-modifier"),
    ...     {"grr": 0.95, "expansion_arr": 310000, "csat_top_box": 0.8},
    ... )
    {'gates[0]': -5520.84}
    """
    compiled, span = compile_plan(plan), checked_span(plan, period)
    inputs = PayInputs(from_mapping(compiled, results), np.array([plan.pay.target_variable]), {})
    size = 10.0**compiled.digits
    total = float(calculate(compiled, inputs, span).total[0])
    changes: dict[str, float] = {}
    places = [f"{name}[{i}]" for name in ("gates", "modifiers", "kickers") for i in range(len(getattr(plan, name)))]
    if plan.caps.total is not None:
        places.append("caps.total")
    for place in places:
        without = compile_plan(plan.edit({"about": None, place: None}))
        changes[place] = (total - float(calculate(without, inputs, span).total[0])) / size + 0.0
    return changes


@dataclass(frozen=True, slots=True)
class PlanCliff:
    """A jump of one component's payout curve, as an amount.

    Attributes
    ----------
    component : str
        Component id.
    x : float [the measure's units, a year]
        The result at which the higher payout is earned.
    before, at : float [currency a year]
        Pay just short of `x`, and at `x`.
    """

    component: str
    x: float
    before: float
    at: float

    @property
    def jump(self) -> float:
        """Height of the jump [currency a year]."""
        return self.at - self.before


def target_pays(plan: Plan | Compiled) -> dict[str, float]:
    """Target pay of each component a year, before rounding [currency].

    Examples
    --------
    >>> from compplan import templates
    >>> target_pays(templates.load("knowup-csat-weighted"))
    {'grr': 9000.0, 'expansion_arr': 7000.0, 'csat_top_box': 4000.0}
    """
    compiled = as_compiled(plan)
    pool = compiled.plan.pay.target_variable - compiled.commissions
    return {c.id: c.part.target_pay(pool) for c in compiled.components}


def cliffs(plan: Plan | Compiled) -> tuple[PlanCliff, ...]:
    """Every jump of the payout curves, the largest first.

    Examples
    --------
    >>> from compplan import templates
    >>> [(c.component, c.x, c.jump) for c in cliffs(templates.load("knowup-csat-weighted"))]
    [('grr', 0.85, 4500.0), ('csat_top_box', 0.9, 4000.0)]
    """
    compiled = as_compiled(plan)
    pays = target_pays(compiled)
    jumps = [
        PlanCliff(c.id, cliff.x * c.part.axis_unit, cliff.before * pays[c.id], cliff.at * pays[c.id])
        for c in compiled.components
        for cliff in c.curve.cliffs()
        if pays[c.id] > 0
    ]
    return tuple(sorted(jumps, key=lambda c: -c.jump))


def leverage(plan: Plan | Compiled) -> float | None:
    """Pay at the last point of every curve over pay at target; None where target pay is 0.

    Examples
    --------
    >>> from compplan import templates
    >>> leverage(templates.load("knowup-csat-weighted"))
    1.575
    """
    compiled = as_compiled(plan)
    pays = target_pays(compiled)
    last = at = 0.0
    for c in compiled.components:
        last += pays[c.id] * c.curve.points()[-1][1]
        at += pays[c.id] * c.curve(c.part.axis_target)
    return last / at if at else None
