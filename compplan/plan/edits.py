"""Edits of a plan that change several places at once; each returns a new, checked plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from compplan.curves import Linear, Step
from compplan.measures import catalog
from compplan.plan import paths
from compplan.plan.model import Plan
from compplan.plan.starters import starter, starter_curve


def add_component(plan: Plan, measure_key: str) -> Plan:
    """The plan with one more component, of weight 0 and all assumed.

    Raises
    ------
    PlanError
        If there is no such measure, or the plan has all the components that it may have.

    Examples
    --------
    >>> from compplan import templates
    >>> list(add_component(templates.load("flowfuse-csm"), "csat").by_id)
    ['nrr', 'csat']
    """
    data = plan.to_dict()
    component = starter(plan.measure(measure_key))
    own_id = _free_id(measure_key, plan.by_id)
    if own_id:
        component["id"] = own_id
    place = len(data["components"])
    data["components"].append(component)
    about = data.setdefault("about", {})
    about["assumed"] = [*about.get("assumed", []), *(f"components[{place}].{part}" for part in ("target", "curve"))]
    return Plan.from_dict(data)


def remove_component(plan: Plan, key: str) -> Plan:
    """The plan without a component; the others share its weight in proportion.

    Gates, modifiers and kickers that apply to it alone, or are measured by it alone, are removed too.

    Raises
    ------
    PlanError
        If it is the last one.
    KeyError
        If there is no such component.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = remove_component(templates.load("knowup-csat-weighted"), "csat_top_box")
    >>> [round(c.weight, 4) for c in plan.components]
    [0.5625, 0.4375]
    """
    data = plan.to_dict()
    place = list(plan.by_id).index(key)
    weight = data["components"][place].get("weight")
    removed: dict[str, list[int]] = {"components": [place], "gates": [], "modifiers": [], "kickers": []}
    measures = {*catalog(), *plan.measures}
    for name in ("gates", "modifiers", "kickers"):
        for i, part in enumerate(data.get(name, [])):
            covers = [c for c in part.get("covers", []) if c != key]
            if ("covers" in part and not covers) or (part["measure"] == key and key not in measures):
                removed[name].append(i)
            elif "covers" in part:
                part["covers"] = covers
    paths.take_out(data, removed)
    weighted = [c for c in data["components"] if "weight" in c]
    total = sum(c["weight"] for c in weighted)
    for component in weighted if weight else ():
        share = component["weight"] / total if total else 1 / len(weighted)
        component["weight"] = float(f"{component['weight'] + weight * share:.15g}")
    return Plan.from_dict(data)


def set_weights(plan: Plan, percents: dict[str, float]) -> Plan:
    """The plan with other weights, given in percent by component id.

    Raises
    ------
    PlanError
        If they do not sum to 100.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = set_weights(templates.load("knowup-csat-weighted"), {"grr": 50, "expansion_arr": 30, "csat_top_box": 20})
    >>> [c.weight for c in plan.components]
    [0.5, 0.3, 0.2]
    """
    places = {c.key: i for i, c in enumerate(plan.components)}
    return plan.edit({f"components[{places[key]}].weight": value / 100 for key, value in percents.items()})


def percents(plan: Plan) -> dict[str, float]:
    """The weights in percent, by component id; commissions have none.

    Examples
    --------
    >>> from compplan import templates
    >>> percents(templates.load("knowup-csat-modifier"))
    {'grr': 56.25, 'expansion_arr': 43.75}
    """
    return {c.key: float(f"{c.weight * 100:.12g}") for c in plan.components if c.weight is not None}


def _free_id(key: str, ids: Iterable[str]) -> str | None:
    """An id for a component on a measure: none where the measure's own key is free."""
    used = set(ids)
    if key not in used:
        return None
    return next(name for n in range(2, 100) if (name := f"{key[:36]}_{n}") not in used)


def with_measure(plan: Plan, place: int, key: str) -> Plan:
    """The plan with a component on another measure: weight and level stay, target and curve are new and assumed.

    Parameters
    ----------
    plan : Plan
    place : int
        Of the component.
    key : str
        Of the measure.

    Raises
    ------
    PlanError
        If another part of the plan conflicts.

    Examples
    --------
    >>> from compplan import templates
    >>> changed = with_measure(templates.load("flowfuse-csm"), 0, "time_to_value")
    >>> changed.components[0].measure, changed.components[0].curve.points[0][1]
    ('time_to_value', 0.5)
    """
    measure, where, old = plan.measure(key), f"components[{place}]", plan.components[place]
    new = starter(measure)
    changes: dict[str, Any] = {f"{where}.{name}": new.get(name) for name in ("measure", "target", "axis", "curve")}
    if old.rate is not None and measure.kind != "flow":
        changes |= {f"{where}.rate": None, f"{where}.weight": 0.0}
    own_id = _free_id(key, (c.key for i, c in enumerate(plan.components) if i != place))
    changes[f"{where}.id"] = own_id
    for name in ("gates", "modifiers"):
        for i, part in enumerate(getattr(plan, name)):
            if part.covers and old.key in part.covers:
                changes[f"{name}[{i}].covers"] = [own_id or key if c == old.key else c for c in part.covers]
    return assume(plan.edit(changes), f"{where}.target", f"{where}.curve")


def assume(plan: Plan, *places: str) -> Plan:
    """The plan with some places marked as assumed."""
    return plan.edit({"about.assumed": list(dict.fromkeys([*plan.about.assumed, *places]))})


def other_kind(plan: Plan, place: int, kind: str) -> dict[str, Any]:
    """A curve of another kind for a component, as plain data: its own points where they fit, else starter points.

    Examples
    --------
    >>> from compplan import templates
    >>> other_kind(templates.load("flowfuse-csm"), 0, "goal")
    {'kind': 'goal', 'at': 1.15}
    """
    component = plan.components[place]
    old = component.curve
    if isinstance(old, Linear | Step) and kind in ("linear", "step"):
        pairs = old.points if isinstance(old, Linear) else old.steps
        return {"kind": kind, "points" if kind == "linear" else "steps": [list(pair) for pair in dict(pairs).items()]}
    return starter_curve(kind, plan.measure(component.key), component.target, component.axis)


def add_condition(plan: Plan, kind: str, key: str) -> Plan:
    """The plan with one more gate, modifier or kicker on a measure; its numbers are assumed.

    Parameters
    ----------
    plan : Plan
    kind : {'gates', 'modifiers', 'kickers'}
    key : str
        Of the measure, or a component's id.

    Raises
    ------
    PlanError
        If the measure does not fit, such as a kicker on a rate.

    Examples
    --------
    >>> from compplan import templates
    >>> add_condition(templates.load("flowfuse-csm"), "gates", "csat").gates[0].otherwise.limit
    1.0
    """
    measure = plan.measure(key)
    component = plan.by_id.get(plan.result_key(key))
    middle = component.target if component else float(starter(measure)["target"])
    if kind == "gates":
        edge = "at_least" if measure.better == "more" else "at_most"
        part: dict[str, Any] = {"measure": key, edge: middle, "otherwise": {"limit": 1.0}}
        assumed = [edge, "otherwise"]
    elif kind == "modifiers":
        results = [x for x, _ in starter_curve("linear", measure, middle, "actual")["points"]]
        factors = (0.9, 1.0, 1.1) if len(results) == 3 else (0.9, 1.0)
        pairs = [list(pair) for pair in zip(results, factors, strict=False)]
        part = {"measure": key, "curve": {"kind": "linear", "points": pairs}}
        assumed = ["curve"]
    else:
        name = f"{measure.short} bonus"
        part = {"name": name, "measure": key, "per_unit": 500.0, "max_units": 6.0}
        assumed = ["per_unit", "max_units"]
    data = plan.to_dict()
    data.setdefault(kind, []).append(part)
    place = f"{kind}[{len(data[kind]) - 1}]"
    return assume(Plan.from_dict(data), *(f"{place}.{name}" for name in assumed))
