"""No dead inputs: changing any field of a plan changes a number or a word of a report."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, Literal, get_args

import pandas as pd
import pytest
from pydantic import BaseModel

from compplan import curves
from compplan.measures import OwnMeasure
from compplan.payout import at_target, ceiling, payout, payouts
from compplan.plan import Plan

BASE = Plan.from_yaml("""
compplan: 1
name: Everything
role: csm
segment: mid_market
currency: USD
pay: {base: 80000, variable: 20000}
frequency: quarterly
accumulation: year_to_date
negative: carry
components:
  - id: kept
    measure: grr
    weight: 0.4
    level: individual
    target: 0.92
    axis: actual
    curve:
      {kind: linear, points: [[0.86, 0.5], [0.92, 1.0], [0.97, 1.8]], above: flat, cap: 2.0, floor: 0.1, threshold: 0.5}
  - measure: expansion_arr
    weight: 0.3
    target: 250000
    axis: attainment
    curve: {kind: tiered, tiers: [[0, 1.0], [1.0, 1.5]], cap: 2.5, floor: 0.05, threshold: 0.1}
  - measure: csat
    weight: 0.1
    target: 4.5
    curve: {kind: step, steps: [[4.2, 0.5], [4.5, 1.0]], cap: 1.5, floor: 0.1, threshold: 1.5}
  - measure: mbo
    weight: 0.1
    target: 1
    curve: {kind: goal, at: 1.0, cap: 0.9, floor: 0.1, threshold: 0.2}
  - measure: qbr
    weight: 0.1
    target: 30
    curve: {kind: retroactive, tiers: [[0, 1.0], [30, 1.2]], cap: 3, floor: 0.1, threshold: 1}
  - {measure: pipeline, rate: 0.001, target: 1000000, curve: {kind: tiered, tiers: [[0, 1.0]]}}
gates:
  - {measure: nps, at_least: 20, otherwise: {factor: 0.5}, covers: [kept]}
  - {measure: time_to_value, at_most: 60, otherwise: {limit: 1.0}}
modifiers:
  - measure: ces
    curve: {kind: linear, points: [[4, 0.8], [6, 1.0]], cap: 1.1, floor: 0.85, threshold: 3}
    target: 5.5
    covers: [csat]
  - measure: adoption
    curve: {kind: step, steps: [[0.5, 0.9], [0.8, 1.0]], cap: 1.1, floor: 0.5, threshold: 0.3}
    target: 0.8
kickers:
  - {name: Multi-year renewal, measure: multi_year_renewals, per_unit: 500, max_units: 6}
caps: {total: 1.2}
rounding: {attainment: 4}
seasonality: [0.2, 0.3, 0.25, 0.25]
measures: {qbr: {name: Reviews, unit: count, kind: flow, better: more}}
effective: {from: 2026-01-01, to: 2026-12-31}
about: {source: ours, note: Made up., assumed: [pay.base]}
""")  # fmt: skip

MID = {
    "kept": 0.94666,
    "expansion_arr": 120_000,
    "csat": 4.3,
    "mbo": 1.0,
    "qbr": 16,
    "pipeline": 400_000,
    "nps": 15,
    "time_to_value": 50,
    "ces": 5.0,
    "adoption": 0.7,
    "multi_year_renewals": 8,
}
LOW = {**MID, "kept": 0.7, "expansion_arr": 37_500, "csat": 2.0, "mbo": 0.5, "qbr": 1, "ces": 3.5, "adoption": 0.4}
NIL = {**MID, "kept": 0.4, "expansion_arr": 1000, "csat": 1.2, "mbo": 0.1, "qbr": 0}
OFF = {**MID, "ces": 2.0, "adoption": 0.1}
TOP = {
    **MID,
    "kept": 0.99,
    "expansion_arr": 900_000,
    "csat": 5.0,
    "mbo": 1.5,
    "qbr": 90,
    "nps": 50,
    "ces": 7.0,
    "adoption": 1.2,
}
LATE = {**TOP, "time_to_value": 70}
RESULTS = (MID, LOW, NIL, OFF, TOP, LATE)


def needed(plan: Plan, results: dict[str, float], names: dict[str, str]) -> dict[str, float]:
    """Those of the results that a changed plan still asks for, under the names that it has for them."""
    keys = {c.key for c in plan.components}
    keys |= {plan.result_key(part.measure) for part in (*plan.gates, *plan.modifiers, *plan.kickers)}
    renamed = {names.get(key, key): value for key, value in results.items()}
    return {key: value for key, value in renamed.items() if key in keys}


def paid(plan: Plan, results: dict[str, float], names: dict[str, str]) -> list[Any]:
    """Every report on one person, without the hash, which changes with every letter."""
    results = needed(plan, results, names)
    reports: list[Any] = []
    for period in ("year", 1, 2):
        late = plan.accumulation == "year_to_date" and period == 2 and plan.periods > 1
        if period == 2 and plan.periods == 1:
            continue
        statement = payout(plan, results, period, paid_before=9000.0 if late else None)
        reports += [statement.text(), {**statement.to_dict(), "plan_hash": None}]
    frame = pd.DataFrame([results])
    reports.append(payouts(plan, frame, "year").to_dict())
    return reports


def pay_of(plan: Plan, names: dict[str, str] | None = None) -> list[Any]:
    return [[paid(plan, results, names or {}) for results in RESULTS], at_target(plan), ceiling(plan), plan.pay.ote]


@functools.cache
def base_pay() -> list[Any]:
    return pay_of(BASE)


def document_of(plan: Plan) -> list[Any]:
    """What the plan itself says: no sum depends on it here, people read it."""
    return [plan.to_yaml(), plan.to_json()]


# Field, as class.field: (where it is reported, what is changed, result names that change with it)
Where = Literal["pay", "document"]
CURVE = "components[0].curve"
CASES: dict[str, tuple[Where, dict[str, Any]] | tuple[Where, dict[str, Any], dict[str, str]]] = {
    "Plan.name": ("pay", {"name": "Something"}),
    "Plan.role": ("document", {"role": "senior_csm"}),
    "Plan.segment": ("document", {"segment": "smb"}),
    "Plan.currency": ("pay", {"currency": "EUR"}),
    "Plan.pay": ("pay", {"pay": {"base": 1, "variable": 50_000}}),
    "Plan.frequency": ("pay", {"frequency": "semiannual", "seasonality": [0.5, 0.5]}),
    "Plan.accumulation": ("pay", {"accumulation": "discrete"}),
    "Plan.negative": ("pay", {"negative": "recover"}),
    "Plan.components": ("pay", {"components[2].weight": 0.05, "components[3].weight": 0.15}),
    "Plan.gates": ("pay", {"gates": None}),
    "Plan.modifiers": ("pay", {"modifiers": None}),
    "Plan.kickers": ("pay", {"kickers": None}),
    "Plan.caps": ("pay", {"caps": None}),
    "Plan.rounding": ("pay", {"rounding": None}),
    "Plan.seasonality": ("pay", {"seasonality": None}),
    "Plan.measures": ("pay", {"measures.qbr.name": "Business reviews"}),
    "Plan.effective": ("document", {"effective": None}),
    "Plan.about": ("document", {"about": None}),
    "Pay.base": ("pay", {"pay.base": 90_000}),
    "Pay.variable": ("pay", {"pay.variable": 30_000}),
    "Pay.variable_share": ("pay", {"pay.variable": None, "pay.variable_share": 0.3}),
    "Component.id": ("pay", {"components[2].id": "mood", "modifiers[0].covers": ["mood"]}, {"csat": "mood"}),
    "Component.measure": ("pay", {"components[3].measure": "customer_outcome"}, {"mbo": "customer_outcome"}),
    "Component.weight": ("pay", {"components[0].weight": 0.5, "components[1].weight": 0.2}),
    "Component.rate": ("pay", {"components[5].rate": 0.002}),
    "Component.level": ("pay", {"components[0].level": "team"}),
    "Component.target": ("pay", {"components[0].target": 0.9}),
    "Component.axis": ("pay", {"components[0].axis": "attainment"}),
    "Component.curve": ("pay", {CURVE: {"kind": "goal", "at": 0.9}}),
    "Linear.kind": ("pay", {CURVE: {"kind": "step", "steps": [[0.86, 0.5], [0.92, 1.0], [0.97, 1.8]]}}),
    "Linear.points": ("pay", {f"{CURVE}.points": [[0.86, 0.4], [0.92, 1.0], [0.97, 1.7]]}),
    "Linear.above": ("pay", {f"{CURVE}.above": "extend"}),
    "Linear.cap": ("pay", {f"{CURVE}.cap": 1.2}),
    "Linear.floor": ("pay", {f"{CURVE}.floor": 0.3}),
    "Linear.threshold": ("pay", {f"{CURVE}.threshold": 0.8}),
    "Tiered.kind": ("pay", {"components[1].curve.kind": "retroactive"}),
    "Tiered.tiers": ("pay", {"components[1].curve.tiers": [[0, 1.0], [0.9, 1.5]]}),
    "Tiered.cap": ("pay", {"components[1].curve.cap": 2.0}),
    "Tiered.floor": ("pay", {"components[1].curve.floor": 0.2}),
    "Tiered.threshold": ("pay", {"components[1].curve.threshold": None}),
    "Step.kind": ("pay", {"components[2].curve": {"kind": "linear", "points": [[4.2, 0.5], [4.5, 1.0]]}}),
    "Step.steps": ("pay", {"components[2].curve.steps": [[4.2, 0.7], [4.5, 1.0]]}),
    "Step.cap": ("pay", {"components[2].curve.cap": 0.8}),
    "Step.floor": ("pay", {"components[2].curve.floor": 0.3}),
    "Step.threshold": ("pay", {"components[2].curve.threshold": None}),
    "Goal.kind": ("pay", {"components[3].curve": {"kind": "step", "steps": [[1.0, 0.5]]}}),
    "Goal.at": ("pay", {"components[3].curve.at": 1.1}),
    "Goal.cap": ("pay", {"components[3].curve.cap": None}),
    "Goal.floor": ("pay", {"components[3].curve.floor": 0.3}),
    "Goal.threshold": ("pay", {"components[3].curve.threshold": None}),
    "Retroactive.kind": ("pay", {"components[4].curve.kind": "tiered"}),
    "Retroactive.tiers": ("pay", {"components[4].curve.tiers": [[0, 1.0], [20, 1.3]]}),
    "Retroactive.cap": ("pay", {"components[4].curve.cap": 2.0}),
    "Retroactive.floor": ("pay", {"components[4].curve.floor": 0.3}),
    "Retroactive.threshold": ("pay", {"components[4].curve.threshold": None}),
    "Gate.measure": ("pay", {"gates[0].measure": "health_score"}, {"nps": "health_score"}),
    "Gate.at_least": ("pay", {"gates[0].at_least": 10}),
    "Gate.at_most": ("pay", {"gates[1].at_most": 80}),
    "Gate.otherwise": ("pay", {"gates[0].otherwise": {"limit": 0.1}}),
    "Gate.covers": ("pay", {"gates[0].covers": ["mbo"]}),
    "Otherwise.factor": ("pay", {"gates[0].otherwise.factor": 0.25}),
    "Otherwise.limit": ("pay", {"gates[1].otherwise.limit": 0.7}),
    "Modifier.measure": ("pay", {"modifiers[0].measure": "health_score"}, {"ces": "health_score"}),
    "Modifier.curve": ("pay", {"modifiers[0].curve.points": [[4, 0.8], [6, 1.1]]}),
    "Modifier.target": ("pay", {"modifiers[1].target": 0.6}),
    "Modifier.covers": ("pay", {"modifiers[0].covers": ["kept"]}),
    "Kicker.name": ("pay", {"kickers[0].name": "Long renewal"}),
    "Kicker.measure": ("pay", {"kickers[0].measure": "advocacy"}, {"multi_year_renewals": "advocacy"}),
    "Kicker.per_unit": ("pay", {"kickers[0].per_unit": 600}),
    "Kicker.max_units": ("pay", {"kickers[0].max_units": 7}),
    "Caps.total": ("pay", {"caps.total": 1.1}),
    "Rounding.attainment": ("pay", {"rounding.attainment": 2}),
    "Effective.since": ("pay", {"effective.from": "2026-02-01"}),
    "Effective.until": ("pay", {"effective.to": "2026-11-30"}),
    "About.source": ("document", {"about.source": "theirs"}),
    "About.note": ("document", {"about.note": "Measured."}),
    "About.assumed": ("document", {"about.assumed": ["pay.variable"]}),
    "OwnMeasure.name": ("pay", {"measures.qbr.name": "Business reviews"}),
    "OwnMeasure.unit": ("pay", {"measures.qbr.unit": "money"}),
    "OwnMeasure.kind": ("pay", {"measures.qbr.kind": "level"}),
    "OwnMeasure.better": ("pay", {
        "measures.qbr.better": "less", "components[4].curve": {"kind": "step", "steps": [[30, 1.0], [20, 1.2]]}
    }),
}  # fmt: skip
# One value is all that there is: the version of the format.
CONSTANT = {"Plan.compplan"}
# A curve of a modifier is a curve of the same class; these of its fields have a case above.
MORE: dict[str, dict[str, Any]] = {
    "modifier cap": {"modifiers[0].curve.cap": 0.9},
    "modifier floor": {"modifiers[0].curve.floor": 0.87},
    "modifier threshold": {"modifiers[0].curve.threshold": None},
    "plan modifier cap": {"modifiers[1].curve.cap": 0.95},
    "plan modifier floor": {"modifiers[1].curve.floor": 0.95},
    "plan modifier threshold": {"modifiers[1].curve.threshold": None},
    "plan modifier steps": {"modifiers[1].curve.steps": [[0.5, 0.8], [0.8, 1.0]]},
    "a gate that covers all": {"gates[0].covers": None},
    "a modifier of the whole plan": {"modifiers[0].covers": None},
    "the target of a component in dollars": {"components[5].target": 2_000_000},
    "no most of a kicker": {"kickers[0].max_units": None},
}


def models(kind: Any, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Every model that a plan is made of."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if kind in seen:
            return
        seen.add(kind)
        yield kind
        for field in kind.model_fields.values():
            yield from models(field.annotation, seen)
    for inner in get_args(kind):
        yield from models(inner, seen)


def fields() -> list[str]:
    return [f"{model.__name__}.{name}" for model in models(Plan, set()) for name in model.model_fields]


def test_the_field_list_covers_every_part() -> None:
    names = {name.partition(".")[0] for name in fields()}
    assert names >= {"Plan", "Pay", "Component", "Gate", "Modifier", "Kicker", "Caps", "Rounding", "Effective", "About"}
    assert {
        kind.__name__ for kind in (curves.Linear, curves.Step, curves.Tiered, curves.Retroactive, curves.Goal)
    } <= names
    assert OwnMeasure.__name__ in names


def test_every_field_has_a_case() -> None:
    assert set(fields()) == set(CASES) | CONSTANT
    assert len(fields()) == len(set(fields()))


def test_reports_are_deterministic() -> None:
    assert pay_of(BASE) == base_pay()
    assert document_of(BASE) == document_of(BASE)


@pytest.mark.parametrize("field", CASES)
def test_changing_a_field_changes_a_report(field: str) -> None:
    where, changes, *names = CASES[field]
    changed = BASE.edit(changes)
    renamed: dict[str, str] = names[0] if names else {}
    assert document_of(changed) != document_of(BASE)
    assert (pay_of(changed, renamed) != base_pay()) == (where == "pay")


@pytest.mark.parametrize("name", MORE)
def test_changing_several_fields_changes_pay(name: str) -> None:
    assert pay_of(BASE.edit(MORE[name])) != base_pay()


NUMBERS = [name for name, case in CASES.items() if case[0] == "pay" and name not in {
    "Plan.name", "Plan.currency", "Plan.measures", "Component.id", "Component.measure", "Component.level",
    "Gate.measure", "Modifier.measure", "Kicker.name", "Kicker.measure", "OwnMeasure.name", "OwnMeasure.unit",
}]  # fmt: skip


def amounts(plan: Plan) -> list[Any]:
    paid_amounts: list[Any] = [at_target(plan), plan.pay.ote]
    for results in RESULTS:
        for period, before in (("year", None), (1, None), (2, 9000.0)):
            late = before if plan.accumulation == "year_to_date" else None
            statement = payout(plan, needed(plan, results, {}), period, paid_before=late)
            paid_amounts.append([statement.total, *(line.amount for line in statement.lines)])
    return paid_amounts


@functools.cache
def base_amounts() -> list[Any]:
    return amounts(BASE)


@pytest.mark.parametrize("field", NUMBERS)
def test_changing_an_amount_field_changes_pay(field: str) -> None:
    """Not only a word: an amount, on one of the results."""
    assert amounts(BASE.edit(CASES[field][1])) != base_amounts()
