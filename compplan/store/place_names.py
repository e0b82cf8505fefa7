"""The places of a plan in words, and what stands there in units that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

from compplan import formats
from compplan.measures import Measure
from compplan.plan import Plan

Place = tuple[str, ...]
NOTHING = "none"
_PARTS = {
    "components": "",
    "gates": "Gate on ",
    "modifiers": "Modifier by ",
    "kickers": "Kicker on ",
    "measures": "Measure ",
}
_LABELS: Mapping[Place, str] = {
    ("compplan",): "Format",
    ("pay", "base"): "Base salary",
    ("pay", "variable"): "Target variable",
    ("pay", "variable_share"): "Variable as a share of OTE",
    ("frequency",): "Paid",
    ("accumulation",): "Results count by",
    ("negative",): "A negative difference",
    ("caps", "total"): "Total cap",
    ("rounding", "attainment"): "Decimals of attainment",
    ("effective", "from"): "In effect from",
    ("effective", "to"): "In effect to",
    ("about", "source"): "Source",
    ("about", "note"): "Note in the plan",
    ("about", "assumed"): "Assumed places",
}
_WORDS = {
    "points": "curve",
    "steps": "curve",
    "tiers": "curve",
    "at": "goal",
    "kind": "kind",
    "above": "above the last point",
    "otherwise": "otherwise",
    "per_unit": "pays for each",
    "max_units": "most that count",
    "at_least": "at least",
    "at_most": "at most",
}
_MONEY = {"base", "variable", "per_unit"}
_PERCENT = {"weight", "variable_share"}
_OF_TARGET = {"cap", "floor", "limit"}
_RESULTS = {"target", "at_least", "at_most"}
_ON_CURVE = {"threshold", "at"}


def places_of(plan: Plan) -> dict[Place, Any]:
    """Every place of a plan with what stands there, defaults too; parts of a list go by what they are on.

    Examples
    --------
    >>> from compplan import templates
    >>> places_of(templates.load("flowfuse-csm"))[("components", "nrr", "weight")]
    1.0
    """
    data = plan.model_dump(mode="json", by_alias=True, exclude_none=True)
    for name in ("components", "gates", "modifiers", "kickers"):
        seen: Counter[str] = Counter()
        keyed: dict[str, Any] = {}
        for part in cast("list[dict[str, Any]]", data.get(name, [])):
            key = str(part.get("id") or part["measure"])
            seen[key] += 1
            keyed[key if seen[key] == 1 else f"{key} ({seen[key]})"] = part
        data[name] = keyed
    found: dict[Place, Any] = {}
    _walk(data, (), found)
    return found


def _walk(data: Any, place: Place, found: dict[Place, Any]) -> None:
    if isinstance(data, dict):
        for key, value in cast("dict[str, Any]", data).items():
            _walk(value, (*place, key), found)
    elif data not in ([], ""):
        found[place] = data


def part_of(place: Place) -> Place | None:
    """The component, gate, modifier, kicker or measure that a place is in."""
    return place[:2] if len(place) > 1 and place[0] in _PARTS else None


def label_of(place: Place, plan: Plan) -> str:
    """A place in words.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("flowfuse-csm")
    >>> label_of(("components", "nrr", "curve", "points"), plan), label_of(("pay", "base"), plan)
    ('NRR: curve', 'Base salary')
    """
    if place in _LABELS:
        return _LABELS[place]
    if part_of(place) is None:
        return " ".join(place).replace("_", " ").capitalize()
    key = place[1].partition(" ")[0]
    measure = _measure(plan, key)
    part = _PARTS[place[0]] + (place[1].replace(key, measure.short) if measure else place[1])
    rest = [_WORDS.get(step, step.replace("_", " ")) for step in place[2:] if step != "curve" or len(place) == 3]
    return f"{part}: {' '.join(rest)}" if rest else part


def text_of(place: Place, value: Any, plan: Plan) -> str:
    """What stands at a place, in units that people read.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("flowfuse-csm")
    >>> text_of(("components", "nrr", "curve", "points"), [[1.0, 0.0], [1.15, 1.0]], plan)
    '100% pays 0%, 115% pays 100%'
    """
    if value is None:
        return NOTHING
    if isinstance(value, list):
        return _listed(place, cast("list[Any]", value), plan)
    if isinstance(value, str):
        return value.replace("_", " ") if value.islower() else value
    return _number(place, float(value), plan)


def _number(place: Place, value: float, plan: Plan) -> str:
    name = place[-1]
    if name in _MONEY:
        return money_of(value, plan)
    if name == "rate":
        return f"{money_of(value, plan)} a unit"
    if name in _PERCENT:
        return formats.percent(value, 4)
    if place == ("caps", "total"):
        return f"{formats.percent(value, 4)} of target variable"
    if name in _OF_TARGET:
        return f"{formats.percent(value, 4)} of target pay"
    if name in _ON_CURVE or name in _RESULTS:
        return _result(place, value, plan)
    return f"× {formats.plain_number(value, 6)}" if name == "factor" else formats.plain_number(value, 6)


def _listed(place: Place, values: list[Any], plan: Plan) -> str:
    name = place[-1]
    if name == "seasonality":
        return ", ".join(formats.percent(value, 4) for value in values)
    if name not in {"points", "steps", "tiers"}:
        return ", ".join(str(value) for value in values)
    if name == "tiers":
        return ", ".join(f"from {_result(place, x, plan)} at {formats.plain_number(y, 6)}×" for x, y in values)
    if place[0] == "modifiers":
        return ", ".join(f"{_result(place, x, plan)} gives × {formats.plain_number(y, 6)}" for x, y in values)
    return ", ".join(f"{_result(place, x, plan)} pays {formats.percent(y, 4)}" for x, y in values)


def _result(place: Place, value: float, plan: Plan) -> str:
    """A result in its measure's units, or a share of target where the curve is drawn over attainment."""
    key = place[1].partition(" ")[0]
    component = plan.by_id.get(key) if place[0] == "components" else None
    if component is not None and component.axis == "attainment" and place[-1] not in _RESULTS:
        return f"{formats.percent(value, 4)} of target"
    measure = _measure(plan, key)
    return formats.result(value, measure, plan.currency) if measure else formats.plain_number(value, 6)


def money_of(value: float, plan: Plan) -> str:
    """An amount in the currency of a plan, without decimals where it has none."""
    return formats.money(value, plan.currency, 0 if value == round(value) else None)


def _measure(plan: Plan, key: str) -> Measure | None:
    try:
        return plan.measure(key)
    except KeyError:
        return None
