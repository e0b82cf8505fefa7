"""Names that people know for the places of a plan, and the values there in units that people read.

`place_name` and `problem_text` turn the path of a `Problem` into words; `places_of`, `label_of` and `text_of` list and
name every value of a plan, for comparisons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

from compplan import formats
from compplan.curve_kinds import KINDS, POINT_WORDS, RATES
from compplan.errors import Problem
from compplan.measures import Measure, catalog
from compplan.plan import paths
from compplan.plan.model import Plan

Place = tuple[str, ...]
NOTHING = "none"
_PARTS = {
    "components": "",
    "gates": "Gate on ",
    "modifiers": "Modifier on ",
    "kickers": "Kicker on ",
    "measures": "Measure ",
}
_LABELS: Mapping[Place, str] = {
    ("compplan",): "Format version",
    ("pay",): "Pay",
    ("pay", "base"): "Base salary",
    ("pay", "variable"): "Target variable",
    ("pay", "variable_share"): "Variable as a share of OTE",
    ("frequency",): "Pay frequency",
    ("accumulation",): "Results count by",
    ("negative",): "Negative difference",
    ("caps", "total"): "Total cap",
    ("rounding", "attainment"): "Decimals of attainment",
    ("effective",): "Effective dates",
    ("effective", "from"): "Effective from",
    ("effective", "to"): "Effective to",
    ("about", "source"): "Source",
    ("about", "note"): "Plan note",
    ("about", "assumed"): "Assumed values",
}
_WORDS = {
    **dict.fromkeys(POINT_WORDS, "curve"),
    "at": "goal",
    "level": "measured on",
    "kind": "curve kind",
    "above": "above the top point",
    "otherwise": "otherwise",
    "per_unit": "pay per unit",
    "max_units": "most units paid",
    "at_least": "at least",
    "at_most": "at most",
}
_VALUES = {"individual": "one person", "flat": "keep the top payout", "extend": "no cap"}
_ENTRIES = {**POINT_WORDS, "assumed": "value"}
# A message that begins with one of these goes on from the name of the place; any other is a sentence of its own.
_PREDICATES = {"must", "is", "are", "has", "needs", "takes", "pays", "does", "cannot", "jumps", "gives"}
_MONEY = {"base", "variable", "per_unit"}
_PERCENT = {"weight", "variable_share"}
_OF_TARGET = {"cap", "floor", "limit"}
_RESULTS = {"target", "at_least", "at_most"}
_ON_CURVE = {"threshold", "at"}


def place_name(path: str, data: Plan | Mapping[str, Any] | None = None) -> str:
    """The name that people know for a place, from its path.

    Parameters
    ----------
    path : str
        Such as `Problem.where`.
    data : Plan or Mapping, optional
        The plan, or the plain data that was refused; measures are named from it. Without it, and for other
        documents than plans, the name is made from the keys.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("knowup-csat-gate")
    >>> [place_name(path, plan) for path in ("components[0].weight", "components[1].curve.points[2]", "pay.base")]
    ['GRR weight', 'Expansion curve, point 3', 'Base salary']
    >>> place_name("components[0].weight", {"components": [{"measure": "onboarded"}]})
    'Onboarded weight'
    >>> place_name("tiers[0].service.touches[1].hours")
    'Tier 1 service touch 2 hours'
    """
    try:
        steps = paths.parse(path)
    except LookupError:
        return path
    plain = data.to_dict() if isinstance(data, Plan) else _mapping(data)
    keys = tuple(step for step in steps if isinstance(step, str))
    if keys in _LABELS:
        return _LABELS[keys] + _entry(steps)
    if steps[0] not in _PARTS or len(steps) < 2:
        return _from_keys(steps)
    part = _part_name(steps, plain)
    rest = _rest(tuple(step for step in steps[2:] if isinstance(step, str)))
    return " ".join([part, *rest]) + _entry(steps[2:])


def problem_text(problem: Problem, data: Plan | Mapping[str, Any] | None = None) -> str:
    """A problem as a sentence for people, with the name of the place in place of its path.

    Parameters
    ----------
    problem : Problem
    data : Plan or Mapping, optional
        See `place_name`.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("knowup-csat-gate")
    >>> problem_text(Problem("components[0].weight", "must be at most 1. You entered 1.2."), plan)
    'GRR weight must be at most 1. You entered 1.2.'
    >>> problem_text(Problem("role", "'cms' is not a role; did you mean csm?"), plan)
    "Role: 'cms' is not a role; did you mean csm?"
    """
    if not problem.where:
        return _capital(problem.message)
    name = place_name(problem.where, data)
    if problem.message.partition(" ")[0] in _PREDICATES:
        return f"{name} {problem.message}"
    return f"{name}: {_capital(problem.message)}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _part_name(steps: tuple[str | int, ...], data: Mapping[str, Any]) -> str:
    """A component by its measure, a gate, modifier or kicker by what it is on."""
    field, index, own_measures = str(steps[0]), steps[1], _mapping(data.get("measures"))
    if isinstance(index, str):
        return _PARTS[field] + _measure_name(index, own_measures)
    parts = _mappings(data.get(field))
    if index >= len(parts) or not isinstance(parts[index].get("measure"), str):
        return f"{field[:-1].capitalize()} {index + 1}"
    key = str(parts[index]["measure"])
    # A gate may name a component by its id; the measure of that component is what people know.
    measures = {str(part.get("id")): str(part.get("measure")) for part in _mappings(data.get("components"))}
    twin = sum(part.get("measure") == key for part in parts) > 1
    return f"{_PARTS[field]}{_measure_name(measures.get(key, key), own_measures)}" + (f" ({index + 1})" if twin else "")


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    """The entries of a list that may hold anything; what is no mapping counts as an empty one."""
    return [_mapping(each) for each in cast("list[Any]", value)] if isinstance(value, list | tuple) else []


def _measure_name(key: str, own: Mapping[str, Any]) -> str:
    if key in catalog():
        return catalog()[key].short
    name = _mapping(own.get(key)).get("name")
    return name if isinstance(name, str) else _capital(key.replace("_", " "))


def _rest(keys: tuple[str, ...]) -> list[str]:
    """Words for the keys within a part; the curve is named once."""
    named = [key for key in keys if key != "curve" or len(keys) == 1]
    return [_WORDS.get(key, key.replace("_", " ")) for key in named]


def _entry(steps: tuple[str | int, ...]) -> str:
    """Which entry of the last list it is, counted from 1."""
    places = [(str(steps[i - 1]), step) for i, step in enumerate(steps) if i and isinstance(step, int)
              and isinstance(steps[i - 1], str)]  # fmt: skip
    return "".join(f", {_ENTRIES.get(name, 'entry')} {at + 1}" for name, at in places)


def _from_keys(steps: tuple[str | int, ...]) -> str:
    words: list[str] = []
    for i, step in enumerate(steps):
        if isinstance(step, int):
            words.append(str(step + 1))
        else:
            listed = i + 1 < len(steps) and isinstance(steps[i + 1], int)
            singular = step[:-2] if step.endswith("ches") else step.removesuffix("s")
            words.append((singular if listed else step).replace("_", " "))
    return _capital(" ".join(words))


def places_of(plan: Plan) -> dict[Place, Any]:
    """Every place of a plan with its value, defaults included; entries of a list are keyed by what they are on.

    Examples
    --------
    >>> from compplan import templates
    >>> places_of(templates.load("flowfuse-csm"))[("components", "nrr", "weight")]
    1.0
    """
    data = plan.model_dump(mode="json", by_alias=True, exclude_none=True)
    for name in ("components", "gates", "modifiers", "kickers"):
        counts: Counter[str] = Counter()
        keyed: dict[str, Any] = {}
        for part in cast("list[dict[str, Any]]", data.get(name, [])):
            key = str(part.get("id") or part["measure"])
            counts[key] += 1
            keyed[key if counts[key] == 1 else f"{key} ({counts[key]})"] = part
        data[name] = keyed
    places: dict[Place, Any] = {}
    _walk(data, (), places)
    return places


def _walk(data: Any, place: Place, places: dict[Place, Any]) -> None:
    if isinstance(data, dict):
        for key, value in cast("dict[str, Any]", data).items():
            _walk(value, (*place, key), places)
    elif data not in ([], ""):
        places[place] = data


def part_of(place: Place) -> Place | None:
    """The component, gate, modifier, kicker or measure that a place is in."""
    return place[:2] if len(place) > 1 and place[0] in _PARTS else None


def label_of(place: Place, plan: Plan) -> str:
    """The name of a place.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("flowfuse-csm")
    >>> label_of(("components", "nrr", "curve", "points"), plan), label_of(("pay", "base"), plan)
    ('NRR curve', 'Base salary')
    """
    if place in _LABELS:
        return _LABELS[place]
    if part_of(place) is None:
        return " ".join(place).replace("_", " ").capitalize()
    part, rest = part_name(place, plan), detail_of(place)
    return f"{part} {rest}" if rest else part


def part_name(place: Place, plan: Plan) -> str:
    """The component, gate, modifier, kicker or measure that a place is in, in words."""
    key = place[1].partition(" ")[0]
    measure = _measure(plan, key)
    return _PARTS[place[0]] + (place[1].replace(key, measure.short) if measure else place[1])


def detail_of(place: Place) -> str:
    """A place within its part, in words; empty for the part itself."""
    return " ".join(_rest(place[2:]))


def text_of(place: Place, value: Any, plan: Plan) -> str:
    """The value at a place, in units that people read.

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
        if place[-2:] == ("curve", "kind"):
            return KINDS[value].name_in_text()
        return _VALUES.get(value, value.replace("_", " ") if value.islower() else value)
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
    if name == "covers":
        return ", ".join(part_name(("components", str(value)), plan) for value in values)
    if name not in POINT_WORDS:
        return ", ".join(str(value) for value in values)
    if name in RATES:
        return ", ".join(f"from {_result(place, x, plan)} at {formats.plain_number(y, 6)}×" for x, y in values)
    if place[0] == "modifiers":
        return ", ".join(f"{_result(place, x, plan)} gives × {formats.plain_number(y, 6)}" for x, y in values)
    return ", ".join(f"{_result(place, x, plan)} pays {formats.percent(y, 4)}" for x, y in values)


def _result(place: Place, value: float, plan: Plan) -> str:
    """A result in its measure's units, or a share of target if the axis of the curve is attainment."""
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
