"""The order of calculation, on arrays: one row a person.

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
    """A component with its measure and its curve ready."""

    id: str
    part: Component
    measure: Measure
    curve: PayoutCurve
    gates: tuple[int, ...]
    modifiers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CompiledModifier:
    """A modifier with its curve ready and the name of its result."""

    part: Modifier
    key: str
    measure: Measure
    curve: PayoutCurve


@dataclass(frozen=True, slots=True)
class CompiledGate:
    """A gate with the name of its result."""

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
    """A plan ready to be calculated; `keys` are the results that it needs."""

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
        """Pay of all commissions at target, ``sum of rate * target`` [currency a year]; the weights share the rest."""
        return sum(c.part.rate * c.part.target for c in self.components if c.part.rate is not None)

    @property
    def plan_modifiers(self) -> tuple[int, ...]:
        """Places of the modifiers that cover the whole plan."""
        return tuple(i for i, m in enumerate(self.modifiers) if m.part.covers is None)


def compile_plan(plan: Plan) -> Compiled:
    """Resolve every name of a plan and compile its curves.

    Examples
    --------
    >>> from compplan import templates
    >>> compile_plan(templates.load("knowup-csat-modifier")).keys
    ('grr', 'expansion_arr', 'csat_top_box')
    """
    return _compiled(plan)


@functools.lru_cache(maxsize=256)
def _compiled(plan: Plan) -> Compiled:
    def covers(part: Gate | Modifier, key: str) -> bool:
        return part.covers is None or key in part.covers

    components = tuple(
        CompiledComponent(
            id=c.key,
            part=c,
            measure=(measure := plan.measure(c.measure)),
            curve=compile_curve(c.curve, better=measure.better, unit=1.0 if c.axis == "attainment" else c.target),
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


@dataclass(frozen=True, slots=True)
class Frame:
    """What of the year a payment covers.

    Attributes
    ----------
    first, last : int
        Periods that the results cover, from 1; a year-to-date plan starts at 1.
    share : float
        Share of a flow's yearly target that falls in them.
    """

    first: int
    last: int
    share: float


def frame_of(plan: Plan, period: Period) -> Frame:
    """Which periods the results of a payment cover, and their share of a flow's target."""
    if period == "year":
        return Frame(1, plan.periods, 1.0)
    first = 1 if plan.accumulation == "year_to_date" else period
    if first == 1 and period == plan.periods:
        return Frame(1, period, 1.0)
    return Frame(first, period, sum(plan.season(k) for k in range(first, period + 1)))


@dataclass(slots=True)
class ComponentWork:
    """The steps of one component; every array has one entry a person."""

    scaled: FloatArray  # the result against a yearly target
    x: FloatArray  # where it stands on the curve's axis, rounded
    target: FloatArray  # yearly target
    target_pay: FloatArray
    on_curve: FloatArray
    gated: FloatArray
    fraction: FloatArray
    exact: FloatArray
    line: FloatArray  # minor units


@dataclass(slots=True)
class Work:
    """Everything that was computed on the way to the total. Amounts are minor units unless called exact."""

    components: list[ComponentWork]
    passed: list[BoolArray]
    factors: list[FloatArray]
    period_target: FloatArray
    modifier_lines: list[FloatArray]
    cap_line: FloatArray
    kicker_lines: list[FloatArray]
    total: FloatArray


@dataclass(frozen=True, slots=True)
class Case:
    """The numbers that a plan is calculated on; arrays with one entry a person, or one for all.

    `results` may lack what `missing` says may be missing: with ``"at target"`` a gate without a result is passed,
    a modifier without one takes its target or 1, and kickers are left out.
    """

    results: Mapping[str, FloatArray]
    variable: FloatArray
    targets: Mapping[str, FloatArray]
    at_target: bool = False


def rounded(x: FloatArray, decimals: int | None) -> FloatArray:
    """Results rounded half up to some decimals, or as they are."""
    if decimals is None:
        return x
    scale = 10.0**decimals
    moved = x * scale
    # The slack is for what binary fractions lose; it must stay far below the last decimal however large x is.
    return np.floor(moved + 0.5 + np.minimum(TOLERANCE * np.maximum(1.0, np.abs(moved)), 1e-6)) / scale


def calculate(compiled: Compiled, case: Case, frame: Frame) -> Work:
    """Calculate a plan in the order that the module states.

    Parameters
    ----------
    compiled : Compiled
    case : Case
    frame : Frame
        What of the year the results cover.

    Returns
    -------
    Work
        With every step.
    """
    plan, digits = compiled.plan, compiled.digits
    size = 10.0**digits
    weighed = np.maximum(case.variable - compiled.commissions, 0.0)
    pool = part_minor(weighed, frame.first, frame.last, plan.periods, digits) / size
    passed = [_passes(gate, case, frame) for gate in compiled.gates]
    factors = [_factor(modifier, case, frame) for modifier in compiled.modifiers]
    works = [_component(c, compiled, case, frame, pool, passed, factors) for c in compiled.components]

    period_target = to_minor(
        pool + sum(w.target_pay for c, w in zip(compiled.components, works, strict=True) if c.part.rate is not None),
        digits,
    )
    lines = sum((w.line for w in works[1:]), start=works[0].line)
    modifier_lines: list[FloatArray] = []
    exact = sum((w.exact for w in works[1:]), start=works[0].exact) if compiled.plan_modifiers else works[0].exact
    for i in compiled.plan_modifiers:
        line = to_minor(exact * (factors[i] - 1.0), digits)
        exact = exact * factors[i]
        lines = lines + line
        modifier_lines.append(line)
    cap_line = np.zeros(1)
    if plan.caps.total is not None:
        # Against the lines as they are shown, so that what is paid never passes the cap by a rounded cent.
        most = to_minor(plan.caps.total * period_target / size, digits)
        cap_line = np.minimum(most - lines, 0.0)
        lines = lines + cap_line
    kicker_lines = [] if case.at_target else [_kicker(k, case, digits) for k in compiled.kickers]
    total = sum(kicker_lines, start=lines)
    return Work(works, passed, factors, period_target, modifier_lines, cap_line, kicker_lines, total)


def _scaled(measure: Measure, value: FloatArray, frame: Frame) -> FloatArray:
    """A result against a yearly target: a flow's share of the year grossed up, a level as it is."""
    return value / frame.share if measure.kind == "flow" and frame.share != 1.0 else value


def _component(
    component: CompiledComponent,
    compiled: Compiled,
    case: Case,
    frame: Frame,
    pool: FloatArray,
    passed: list[BoolArray],
    factors: list[FloatArray],
) -> ComponentWork:
    part = component.part
    target = case.targets.get(component.id)
    if target is None:
        target = np.array([part.target])
    scaled = _scaled(component.measure, case.results[component.id], frame)
    x = scaled / target if part.axis == "attainment" else scaled
    x = rounded(x, compiled.plan.rounding.attainment)
    target_pay = (part.rate or 0.0) * target * frame.share if part.weight is None else part.weight * pool
    on_curve = component.curve(x)
    gated = on_curve
    for i in component.gates:
        gated = _gated(gated, passed[i], compiled.gates[i].part)
    fraction = gated
    for i in component.modifiers:
        fraction = fraction * factors[i]
    exact = target_pay * fraction
    line = to_minor(exact, compiled.digits)
    return ComponentWork(scaled, x, target, target_pay, on_curve, gated, fraction, exact, line)


def _gated(fraction: FloatArray, passed: BoolArray, gate: Gate) -> FloatArray:
    if gate.otherwise.factor is not None:
        return np.where(passed, fraction, fraction * gate.otherwise.factor)
    return np.where(passed, fraction, np.minimum(fraction, gate.otherwise.limit or 0.0))


def _passes(gate: CompiledGate, case: Case, frame: Frame) -> BoolArray:
    if gate.key not in case.results:
        return np.ones(1, np.bool_)
    value = _scaled(gate.measure, case.results[gate.key], frame)
    if gate.part.at_least is not None:
        edge = gate.part.at_least
        return value >= edge - TOLERANCE * max(1.0, abs(edge))
    edge = gate.part.at_most or 0.0
    return value <= edge + TOLERANCE * max(1.0, abs(edge))


def _factor(modifier: CompiledModifier, case: Case, frame: Frame) -> FloatArray:
    if modifier.key not in case.results:
        target = modifier.part.target
        return np.ones(1) if target is None else modifier.curve(np.array([target]))
    return modifier.curve(_scaled(modifier.measure, case.results[modifier.key], frame))


def _kicker(kicker: CompiledKicker, case: Case, digits: int) -> FloatArray:
    units = case.results[kicker.key]
    if kicker.part.max_units is not None:
        units = np.minimum(units, kicker.part.max_units)
    return to_minor(units * kicker.part.per_unit, digits)
