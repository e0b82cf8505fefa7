"""The order of calculation, on arrays with one row a person.

    1. target pay of the period, split by cumulative rounding
    2. each component: result, rounding, curve (with cap, floor, threshold), gates, its modifiers
    3. the sum times plan modifiers, then the total cap
    4. kickers
    5. whole minor units, once a line

Everything is computed once here; statements, tables and charts read it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from compplan.arrays import BoolArray, FloatArray
from compplan.curves import TOLERANCE, PayoutCurve, compile_curve
from compplan.measures import Measure
from compplan.money import minor_digits, part_minor, to_minor
from compplan.plan import Component, Gate, Kicker, Modifier, Plan

Period = int | Literal["year"]


@dataclass(frozen=True, slots=True)
class CompiledComponent:
    """A component with its measure, its compiled curve, and the positions of its gates and modifiers."""

    id: str
    part: Component
    measure: Measure
    curve: PayoutCurve
    gates: tuple[int, ...]
    modifiers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CompiledModifier:
    """A modifier with the name of its result, its measure and its compiled curve."""

    part: Modifier
    key: str
    measure: Measure
    curve: PayoutCurve


@dataclass(frozen=True, slots=True)
class CompiledGate:
    """A gate with the name of its result and its measure."""

    part: Gate
    key: str
    measure: Measure


@dataclass(frozen=True, slots=True)
class CompiledKicker:
    """A kicker with the name of its result."""

    part: Kicker
    key: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """A plan with every name resolved and every curve compiled.

    Attributes
    ----------
    plan : Plan
    components : tuple of CompiledComponent
    gates : tuple of CompiledGate
    modifiers : tuple of CompiledModifier
    kickers : tuple of CompiledKicker
    digits : int
        Decimals of the currency.
    """

    plan: Plan
    components: tuple[CompiledComponent, ...]
    gates: tuple[CompiledGate, ...]
    modifiers: tuple[CompiledModifier, ...]
    kickers: tuple[CompiledKicker, ...]
    digits: int

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the results that the plan needs, components first, each once."""
        parts = (*self.gates, *self.modifiers, *self.kickers)
        return tuple(dict.fromkeys([*(c.id for c in self.components), *(p.key for p in parts)]))

    @property
    def commissions(self) -> float:
        """Pay of all commissions at target, ``sum of rate * target`` [currency a year]; weights share the rest."""
        return sum(c.part.rate * c.part.target for c in self.components if c.part.rate is not None)

    @property
    def plan_modifiers(self) -> tuple[int, ...]:
        """Positions of the modifiers that cover the whole plan."""
        return tuple(i for i, m in enumerate(self.modifiers) if m.part.covers is None)


@functools.lru_cache(maxsize=256)
def compile_plan(plan: Plan) -> Compiled:
    """Resolve every name of a plan and compile its curves. The last 256 plans are cached.

    Examples
    --------
    >>> from compplan import templates
    >>> compile_plan(templates.load("knowup-csat-modifier")).keys
    ('grr', 'expansion_arr', 'csat_top_box')
    """

    def covers(part: Gate | Modifier, component: str) -> bool:
        return part.covers is None or component in part.covers

    components = tuple(
        CompiledComponent(
            id=c.key,
            part=c,
            measure=(measure := plan.measure(c.measure)),
            curve=compile_curve(c.curve, better=measure.better, unit=c.axis_target),
            gates=tuple(i for i, g in enumerate(plan.gates) if covers(g, c.key)),
            modifiers=tuple(i for i, m in enumerate(plan.modifiers) if m.covers is not None and c.key in m.covers),
        )
        for c in plan.components
    )
    return Compiled(
        plan,
        components,
        tuple(CompiledGate(g, plan.result_key(g.measure), plan.measure(g.measure)) for g in plan.gates),
        tuple(
            CompiledModifier(
                m, plan.result_key(m.measure), (measure := plan.measure(m.measure)),
                compile_curve(m.curve, better=measure.better, hold=True),
            )
            for m in plan.modifiers
        ),
        tuple(CompiledKicker(k, plan.result_key(k.measure)) for k in plan.kickers),
        minor_digits(plan.currency),
    )  # fmt: skip


def as_compiled(plan: Plan | Compiled) -> Compiled:
    """A compiled plan as it is, or a plan compiled."""
    return plan if isinstance(plan, Compiled) else compile_plan(plan)


@dataclass(frozen=True, slots=True)
class PartYear:
    """The part of a year for which pay is prorated.

    Attributes
    ----------
    share : float [fraction]
        Days over days of the year.
    before, after : float [fraction]
        Part of the prorated year's pay that is earned before the periods of a payment, and by their end.
    """

    share: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class PeriodSpan:
    """The periods of the year that a payment covers.

    Attributes
    ----------
    first, last : int
        Periods that the results cover, from 1; a year-to-date plan starts at 1.
    share : float [fraction]
        Share of a flow's yearly target that falls in them.
    part : PartYear or None
        None where the whole year is paid.
    """

    first: int
    last: int
    share: float
    part: PartYear | None = None


def span_of(plan: Plan, period: Period) -> PeriodSpan:
    """Find the periods that the results of a payment cover, and their share of a flow's target."""
    if period == "year":
        return PeriodSpan(1, plan.periods, 1.0)
    first = 1 if plan.accumulation == "year_to_date" else period
    if first == 1 and period == plan.periods:
        return PeriodSpan(1, period, 1.0)
    return PeriodSpan(first, period, sum(plan.season(k) for k in range(first, period + 1)))


@dataclass(slots=True)
class ComponentCalculation:
    """The steps of one component; every array has one entry a person."""

    scaled: FloatArray  # the result against a yearly target [the measure's units]
    x: FloatArray  # the rounded result on the curve's axis
    target: FloatArray  # yearly target [the measure's units]
    target_pay: FloatArray  # of the periods covered [currency]
    on_curve: FloatArray  # payout of the curve [fraction of target pay]
    gated: FloatArray  # the same after gates
    fraction: FloatArray  # the same after the component's modifiers
    exact: FloatArray  # pay before rounding [currency]
    line: FloatArray  # pay [minor units]


@dataclass(slots=True)
class Calculation:
    """Every step from results to the total. Amounts are minor units unless they are called exact."""

    components: list[ComponentCalculation]
    passed: list[BoolArray]
    factors: list[FloatArray]
    period_target: FloatArray
    modifier_lines: list[FloatArray]
    cap_line: FloatArray
    kicker_lines: list[FloatArray]
    total: FloatArray


@dataclass(frozen=True, slots=True)
class PayInputs:
    """The numbers that a plan is calculated on; arrays have one entry a person, or one for everyone.

    Attributes
    ----------
    results : Mapping of str to ndarray [each measure's units]
    variable : ndarray [currency a year]
        Target variable.
    targets : Mapping of str to ndarray [each measure's units a year]
        Personal targets by component id.
    at_target : bool
        Whether results of conditions may be missing: a gate without a result is passed, and a modifier without one
        takes its target or 1.
    kickers : bool
        Whether kickers are paid. They are on results that somebody has; they are left out of every pay that is worked
        out ahead of results: at target, by attainment and expected.
    """

    results: Mapping[str, FloatArray]
    variable: FloatArray
    targets: Mapping[str, FloatArray]
    at_target: bool = False
    kickers: bool = True


def rounded(x: FloatArray, decimals: int | None) -> FloatArray:
    """Round results half up to some decimals; None leaves them as they are."""
    if decimals is None:
        return x
    scale = 10.0**decimals
    scaled = x * scale
    # The tolerance covers errors of binary fractions; it must stay far below the last decimal, however large x is.
    return np.floor(scaled + 0.5 + np.minimum(TOLERANCE * np.maximum(1.0, np.abs(scaled)), 1e-6)) / scale


def payable(plan: Plan, earned: FloatArray, before: FloatArray) -> FloatArray:
    """Pay of the year so far that is payable at the end of a period.

    Parameters
    ----------
    plan : Plan
    earned : ndarray [minor units]
        Earned in the year so far.
    before : ndarray [minor units]
        Payable at the end of the period before; 0 in the first.

    Returns
    -------
    ndarray [minor units]
        Never less than `before`, unless the plan recovers negative differences.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("knowup-csat-weighted")
    >>> payable(plan, np.array([900.0]), np.array([1000.0])).tolist()
    [1000.0]
    """
    return earned if plan.negative == "recover" else np.maximum(earned, before)


def calculate(compiled: Compiled, inputs: PayInputs, span: PeriodSpan) -> Calculation:
    """Calculate a plan in the order that the module states.

    Parameters
    ----------
    compiled : Compiled
    inputs : PayInputs
    span : PeriodSpan
        Periods that the results cover.

    Returns
    -------
    Calculation
    """
    plan, digits = compiled.plan, compiled.digits
    size = 10.0**digits
    weighted = np.maximum(inputs.variable - compiled.commissions, 0.0)
    if span.part is None:
        pool = part_minor(weighted, span.first, span.last, plan.periods, digits) / size
    else:
        pool = _part_pool(compiled, inputs.variable, span.part)
    passed = [_passes(gate, inputs, span) for gate in compiled.gates]
    factors = [_factor(modifier, inputs, span) for modifier in compiled.modifiers]
    components = [_component(c, compiled, inputs, span, pool, passed, factors) for c in compiled.components]

    commissions = (
        p.target_pay for c, p in zip(compiled.components, components, strict=True) if c.part.rate is not None
    )
    period_target = to_minor(pool + sum(commissions), digits)
    lines = sum((p.line for p in components[1:]), start=components[0].line)
    modifier_lines: list[FloatArray] = []
    exact = components[0].exact
    if compiled.plan_modifiers:
        exact = sum((p.exact for p in components[1:]), start=exact)
    for i in compiled.plan_modifiers:
        line = to_minor(exact * (factors[i] - 1.0), digits)
        exact = exact * factors[i]
        lines = lines + line
        modifier_lines.append(line)
    cap_line = np.zeros(1)
    if plan.caps.total is not None:
        # Against the rounded lines, so that the pay never exceeds the cap by a rounded cent.
        cap = to_minor(plan.caps.total * period_target / size, digits)
        cap_line = np.minimum(cap - lines, 0.0)
        lines = lines + cap_line
    kicker_lines = [_kicker(k, inputs, digits) for k in compiled.kickers] if inputs.kickers else []
    total = sum(kicker_lines, start=lines)
    return Calculation(components, passed, factors, period_target, modifier_lines, cap_line, kicker_lines, total)


def _part_pool(compiled: Compiled, variable: FloatArray, part: PartYear) -> FloatArray:
    """Money for the weights in some periods of a part of a year [currency]; the periods add up to the part."""
    digits, size = compiled.digits, 10.0**compiled.digits
    prorated = to_minor(variable * part.share, digits) / size
    year = np.maximum(prorated - compiled.commissions * part.share, 0.0)
    return (to_minor(year * part.after, digits) - to_minor(year * part.before, digits)) / size


def _scaled(measure: Measure, value: FloatArray, span: PeriodSpan) -> FloatArray:
    """A result against a yearly target: a flow is grossed up to a year, a level stays as it is."""
    return value / span.share if measure.kind == "flow" and span.share != 1.0 else value


def _component(
    component: CompiledComponent,
    compiled: Compiled,
    inputs: PayInputs,
    span: PeriodSpan,
    pool: FloatArray,
    passed: list[BoolArray],
    factors: list[FloatArray],
) -> ComponentCalculation:
    part = component.part
    target = inputs.targets.get(component.id)
    if target is None:
        target = np.array([part.target])
    scaled = _scaled(component.measure, inputs.results[component.id], span)
    x = scaled / target if part.axis == "attainment" else scaled
    x = rounded(x, compiled.plan.rounding.attainment)
    target_pay = (part.rate or 0.0) * target * span.share if part.weight is None else part.weight * pool
    on_curve = component.curve(x)
    gated = on_curve
    for i in component.gates:
        gated = _gated(gated, passed[i], compiled.gates[i].part)
    fraction = gated
    for i in component.modifiers:
        fraction = fraction * factors[i]
    exact = target_pay * fraction
    line = to_minor(exact, compiled.digits)
    return ComponentCalculation(scaled, x, target, target_pay, on_curve, gated, fraction, exact, line)


def _gated(fraction: FloatArray, passed: BoolArray, gate: Gate) -> FloatArray:
    if gate.otherwise.factor is not None:
        return np.where(passed, fraction, fraction * gate.otherwise.factor)
    return np.where(passed, fraction, np.minimum(fraction, gate.otherwise.limit or 0.0))


def _passes(gate: CompiledGate, inputs: PayInputs, span: PeriodSpan) -> BoolArray:
    if gate.key not in inputs.results:
        return np.ones(1, np.bool_)
    value = _scaled(gate.measure, inputs.results[gate.key], span)
    if gate.part.at_least is not None:
        limit = gate.part.at_least
        return value >= limit - TOLERANCE * max(1.0, abs(limit))
    limit = gate.part.at_most or 0.0
    return value <= limit + TOLERANCE * max(1.0, abs(limit))


def _factor(modifier: CompiledModifier, inputs: PayInputs, span: PeriodSpan) -> FloatArray:
    if modifier.key not in inputs.results:
        target = modifier.part.target
        return np.ones(1) if target is None else modifier.curve(np.array([target]))
    return modifier.curve(_scaled(modifier.measure, inputs.results[modifier.key], span))


def _kicker(kicker: CompiledKicker, inputs: PayInputs, digits: int) -> FloatArray:
    units = inputs.results[kicker.key]
    if kicker.part.max_units is not None:
        units = np.minimum(units, kicker.part.max_units)
    return to_minor(units * kicker.part.per_unit, digits)
