"""Components and curves to start from: sound, plain, and marked as assumed until somebody decides."""

from __future__ import annotations

from typing import Any

from compplan.measures import Measure
from compplan.plan.model import Plan

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
    >>> from compplan.measures import catalogue
    >>> starter(catalogue()["expansion_arr"])["curve"]
    {'kind': 'linear', 'points': [[0.8, 0.5], [1.0, 1.0], [1.2, 1.5]]}
    """
    target = _target(measure)
    axis = "attainment" if measure.kind == "flow" else "actual"
    component: dict[str, Any] = {"measure": measure.key, "weight": 0.0, "target": target, "axis": axis}
    return component | {"curve": starter_curve("linear", measure, target, axis)}


def _target(measure: Measure) -> float:
    known = [x for x in measure.usual if x is not None]
    target = sum(known) / len(known) if known else _TARGETS[measure.unit]
    if measure.low is not None and measure.high is not None and not measure.low < target < measure.high:
        target = measure.low + 0.9 * (measure.high - measure.low)
    return float(f"{target:.6g}")


def starter_curve(kind: str, measure: Measure, target: float, axis: str) -> dict[str, Any]:
    """A curve of some kind through 100% at target, as plain data.

    Parameters
    ----------
    kind : str
        ``linear``, ``step``, ``tiered``, ``retroactive`` or ``goal``.
    measure : Measure
    target : float [the measure's units]
    axis : str
        ``actual`` or ``attainment``.

    Examples
    --------
    >>> from compplan.measures import catalogue
    >>> starter_curve("goal", catalogue()["csat"], 4.5, "actual")
    {'kind': 'goal', 'at': 4.5}
    """
    at = 1.0 if axis == "attainment" else target
    if kind == "goal":
        return {"kind": kind, "at": at}
    if kind in ("tiered", "retroactive"):
        return {"kind": kind, "tiers": [[0.0, 1.0], [at, 1.5 if kind == "tiered" else 1.0]]}
    step = 0.2 if axis == "attainment" else 2 * _spread(measure, target)
    sign = 1.0 if measure.better == "more" else -1.0
    points = [[at - sign * step, 0.5], [at, 1.0], [at + sign * step, 1.5]]
    if axis == "actual":
        low = 0.0 if measure.low is None and target >= 0 else measure.low
        points = [[_held(x, low, measure.high), y] for x, y in points]
    kept = [points[0]] + [q for p, q in zip(points, points[1:], strict=False) if abs(q[0] - p[0]) > 1e-6]
    if len(kept) == 1:
        kept = [[at, 1.0]]
    return {"kind": kind, "points" if kind == "linear" else "steps": [[float(f"{x:.6g}"), y] for x, y in kept]}


def _spread(measure: Measure, target: float) -> float:
    if measure.spread is None:
        return 0.1 * abs(target) or 1.0
    return measure.spread * (abs(target) if measure.spread_kind == "of_target" else 1.0)


def _held(x: float, low: float | None, high: float | None) -> float:
    return min(max(x, x if low is None else low), x if high is None else high)


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
    if measure_key in plan.by_id:
        taken = set(plan.by_id)
        component["id"] = next(
            f"{measure_key[:36]}_{n}" for n in range(2, 99) if f"{measure_key[:36]}_{n}" not in taken
        )
    place = len(data["components"])
    data["components"].append(component)
    about = data.setdefault("about", {})
    about["assumed"] = [*about.get("assumed", []), *(f"components[{place}].{part}" for part in ("target", "curve"))]
    return Plan.from_dict(data)


def remove_component(plan: Plan, key: str) -> Plan:
    """The plan without a component; the others share its weight in proportion.

    Gates and modifiers that covered nothing else go with it.

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
    gone = data["components"].pop(place)
    weighed = [c for c in data["components"] if "weight" in c]
    left = sum(c["weight"] for c in weighed)
    for component in weighed if gone.get("weight") else ():
        share = component["weight"] / left if left else 1 / len(weighed)
        component["weight"] = component["weight"] + gone["weight"] * share
    for name in ("gates", "modifiers"):
        parts: list[dict[str, Any]] = data.get(name, [])
        for part in parts:
            if "covers" in part:
                part["covers"] = [c for c in part["covers"] if c != key]
        data[name] = [p for p in parts if p.get("covers") != []]
    about = data.get("about", {})
    about["assumed"] = [p for p in map(_moved(place), about.get("assumed", ())) if p]
    return Plan.from_dict(data)


def _moved(place: int) -> Any:
    """Paths after the component at a place has gone; its own go with it."""

    def move(path: str) -> str:
        head, bracket, rest = path.partition("]")
        name, _, index = head.partition("[")
        if not bracket or name != "components" or int(index) < place:
            return path
        return "" if int(index) == place else f"components[{int(index) - 1}]{rest}"

    return move


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
