"""Checks between the parts of a plan. Each function yields problems and changes nothing."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterator

from compplan import facts
from compplan.curves import AnyCurve, Linear, compile_curve
from compplan.errors import CurveError, Problem, nearest
from compplan.measures import Measure, catalog
from compplan.money import minor_digits
from compplan.plan import paths
from compplan.plan.fields import PlanFields
from compplan.plan.parts import Component, Gate, Modifier

WEIGHT_TOLERANCE = 1e-9
# Columns of a payout table. A component with one of these names would hide it.
RESERVED = frozenset(
    ("total", "base", "variable", "period_target", "paid_before", "carried", "modifiers", "total_cap", "kickers")
)


def problems_of(plan: PlanFields) -> list[Problem]:
    """Return every problem between the parts of a plan."""
    early = [*_names(plan), *_known_measures(plan)]
    if early:
        return early
    return [
        *_pay(plan),
        *(p for i, c in enumerate(plan.components) for p in _component(plan, c, f"components[{i}]")),
        *_shares(plan),
        *(p for i, g in enumerate(plan.gates) for p in _gate(plan, g, f"gates[{i}]")),
        *(p for i, m in enumerate(plan.modifiers) for p in _modifier(plan, m, f"modifiers[{i}]")),
        *_kickers(plan),
        *_calendar(plan),
        *_assumed(plan),
    ]


# Names


@functools.cache
def _keys(table: str) -> tuple[str, ...]:
    return tuple(row["key"] for row in facts.table(table))


def _names(plan: PlanFields) -> Iterator[Problem]:
    for field in ("role", "segment"):
        keys = _keys(f"{field}s")
        key: str = getattr(plan, field)
        if key not in keys:
            yield Problem(field, f"{key!r} is not a {field}; {nearest(key, keys)}")
    try:
        minor_digits(plan.currency)
    except ValueError as error:
        yield Problem("currency", f"{error}.")
    for key in plan.measures:
        if key in catalog():
            yield Problem(f"measures.{key}", "is already a measure in the catalog. Declare it under another key.")
        elif key in RESERVED:
            yield Problem(f"measures.{key}", f"{key!r} is the name of a results column. Choose another key.")
    for key, count in Counter(c.key for c in plan.components).items():
        if count > 1:
            places = [i for i, c in enumerate(plan.components) if c.key == key]
            yield Problem(f"components[{places[1]}].id", f"{key!r} is used by two components. Give each its own id.")
        named = next(c for c in plan.components if c.key == key)
        if key != named.measure and (key in catalog() or key in plan.measures):
            place = plan.components.index(named)
            yield Problem(f"components[{place}].id", f"{key!r} is the key of another measure. Choose another id.")
        if key in RESERVED:
            place = next(i for i, c in enumerate(plan.components) if c.key == key)
            yield Problem(f"components[{place}].id", f"{key!r} is the name of a results column. Choose another id.")


def _known_measures(plan: PlanFields) -> Iterator[Problem]:
    measures = [*catalog(), *plan.measures]
    ids = [c.key for c in plan.components]
    for i, component in enumerate(plan.components):
        if component.measure not in measures:
            yield Problem(
                f"components[{i}].measure",
                f"{component.measure!r} is not in the catalog and not declared under measures; "
                f"{nearest(component.measure, measures)}",
            )
    for name in ("gates", "modifiers", "kickers"):
        for i, part in enumerate(getattr(plan, name)):
            key: str = part.measure
            if key in ids:
                continue
            using = [c.key for c in plan.components if c.measure == key]
            if len(using) > 1:
                yield Problem(
                    f"{name}[{i}].measure",
                    f"{key!r} is measured by several components. Enter the id of one: {', '.join(using)}.",
                )
            elif key not in measures:
                yield Problem(
                    f"{name}[{i}].measure",
                    f"{key!r} is not the id of a component and not a measure; {nearest(key, [*ids, *measures])}",
                )


def _covers(plan: PlanFields, covers: tuple[str, ...] | None, place: str) -> Iterator[Problem]:
    ids = [c.key for c in plan.components]
    for i, key in enumerate(covers or ()):
        if key not in ids:
            yield Problem(f"{place}.covers[{i}]", f"there is no component {key!r}; {nearest(key, ids)}")
        elif key in (covers or ())[:i]:
            yield Problem(f"{place}.covers[{i}]", f"{key!r} is listed twice.")


# Pay and shares


def _one_of(first: str, second: str, *, both: bool) -> str:
    return f"enter either {first} or {second}. You entered {'both' if both else 'neither'}."


def _pay(plan: PlanFields) -> Iterator[Problem]:
    pay = plan.pay
    if (pay.variable is None) == (pay.variable_share is None):
        yield Problem("pay", _one_of("variable", "variable_share", both=pay.variable is not None), "INT-02")


def _shares(plan: PlanFields) -> Iterator[Problem]:
    weights = [c.weight for c in plan.components if c.weight is not None]
    total = math.fsum(weights)
    if weights and abs(total - 1.0) > WEIGHT_TOLERANCE:
        difference = total - 1.0
        remedy = f"{'remove' if difference > 0 else 'add'} {abs(difference):.10g}"
        yield Problem(
            "components",
            f"weights must sum to 1 (100%). They sum to {total:.10g}; {remedy}.",
            "INT-01",
        )
    variable = plan.pay.target_variable
    commission = math.fsum(c.rate * c.target for c in plan.components if c.rate is not None)
    if commission > variable + 0.005:
        yield Problem(
            "components",
            f"commission at target is {commission:,.2f}, more than the target variable of {variable:,.2f}. "
            "Lower a rate or a target, or raise the target variable.",
            "INT-02",
        )


def _component(plan: PlanFields, component: Component, place: str) -> Iterator[Problem]:
    measure = plan.measure(component.measure)
    if (component.weight is None) == (component.rate is None):
        yield Problem(place, _one_of("weight", "rate", both=component.weight is not None))
    if component.rate is not None and measure.kind != "flow":
        yield Problem(
            f"{place}.rate",
            f"pays per unit, so its measure must add up over the year. {measure.name} does not.",
        )
    attainment = component.axis == "attainment"
    if attainment and (measure.better == "less" or not measure.true_zero):
        why = "less is better" if measure.better == "less" else "its zero is not a true zero"
        yield Problem(
            f"{place}.axis",
            f"{measure.name} has no attainment ratio because {why}. Set the axis to actual.",
        )
    if (measure.kind == "flow" or attainment or component.curve.pays_a_rate) and (component.target <= 0):
        yield Problem(f"{place}.target", f"must be above 0. You entered {component.target:g}.")
        return
    yield from _within(measure, component.target, f"{place}.target")
    if not attainment:
        yield from _knots_within(measure, component.curve, f"{place}.curve")
    try:
        compile_curve(component.curve, better=measure.better, unit=component.axis_target)
    except CurveError as error:
        yield from (p.under(f"{place}.curve") for p in error.problems)


def _within(measure: Measure, value: float, place: str) -> Iterator[Problem]:
    if (measure.low is not None and value < measure.low) or (measure.high is not None and value > measure.high):
        yield Problem(place, f"{limits(measure)}. You entered {value:g}.")


def limits(measure: Measure) -> str:
    """Say in words which results the definition of a measure allows."""
    if measure.low is None:
        return f"{measure.name} must be at most {measure.high:g}"
    if measure.high is None:
        return f"{measure.name} must be at least {measure.low:g}"
    return f"{measure.name} must be between {measure.low:g} and {measure.high:g}"


def _knots_within(measure: Measure, curve: AnyCurve, place: str) -> Iterator[Problem]:
    for name, x in curve.results():
        yield from _within(measure, x, f"{place}.{name}")


# Gates, modifiers, kickers


def _gate(plan: PlanFields, gate: Gate, place: str) -> Iterator[Problem]:
    if (gate.at_least is None) == (gate.at_most is None):
        yield Problem(place, _one_of("at_least", "at_most", both=gate.at_least is not None))
    if (gate.otherwise.factor is None) == (gate.otherwise.limit is None):
        yield Problem(f"{place}.otherwise", _one_of("factor", "limit", both=gate.otherwise.factor is not None))
    measure = plan.measure(gate.measure)
    for name, edge in (("at_least", gate.at_least), ("at_most", gate.at_most)):
        if edge is not None:
            yield from _within(measure, edge, f"{place}.{name}")
    yield from _covers(plan, gate.covers, place)


def _modifier(plan: PlanFields, modifier: Modifier, place: str) -> Iterator[Problem]:
    measure = plan.measure(modifier.measure)
    yield from _knots_within(measure, modifier.curve, f"{place}.curve")
    if isinstance(modifier.curve, Linear) and modifier.curve.above == "extend":
        yield Problem(f"{place}.curve.above", "a modifier stays flat beyond both ends of its curve. Leave this out.")
    if modifier.target is not None:
        if plan.result_key(modifier.measure) in plan.by_id:
            yield Problem(f"{place}.target", "the component already has a target. Leave this one out.")
        yield from _within(measure, modifier.target, f"{place}.target")
    try:
        compile_curve(modifier.curve, better=measure.better, hold=True)
    except CurveError as error:
        yield from (p.under(f"{place}.curve") for p in error.problems)
    yield from _covers(plan, modifier.covers, place)


def _kickers(plan: PlanFields) -> Iterator[Problem]:
    for i, kicker in enumerate(plan.kickers):
        measure = plan.measure(kicker.measure)
        if measure.kind != "flow":
            yield Problem(
                f"kickers[{i}].measure",
                f"a kicker pays per unit, so its measure must add up over the year. {measure.name} does not.",
            )
    for name, count in Counter(k.name for k in plan.kickers).items():
        if count > 1:
            yield Problem("kickers", f"{name!r} is used twice. Give each kicker its own name.")


# Calendar, provenance


def _calendar(plan: PlanFields) -> Iterator[Problem]:
    if plan.seasonality is not None:
        if len(plan.seasonality) != plan.periods:
            yield Problem(
                "seasonality",
                f"needs one share per period: {plan.periods} for {plan.frequency} pay. "
                f"You entered {len(plan.seasonality)}.",
            )
        for i, share in enumerate(plan.seasonality):
            if share <= 0:
                yield Problem(f"seasonality[{i}]", f"must be above 0. You entered {share:g}.")
        total = math.fsum(plan.seasonality)
        if abs(total - 1.0) > WEIGHT_TOLERANCE:
            yield Problem("seasonality", f"shares must sum to 1. They sum to {total:.10g}.")
    since, until = plan.effective.since, plan.effective.until
    if since and until and since > until:
        yield Problem("effective", f"from must not be after to. You entered {since} and {until}.")


def _assumed(plan: PlanFields) -> Iterator[Problem]:
    if not plan.about.assumed:
        return
    data = plan.model_dump(mode="json", by_alias=True, exclude_none=True)
    for i, path in enumerate(plan.about.assumed):
        try:
            paths.get(data, path)
        except LookupError as error:
            yield Problem(f"about.assumed[{i}]", f"{path!r} is not a path in this plan: {error}.")
