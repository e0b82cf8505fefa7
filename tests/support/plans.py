"""Valid plans of every kind, and results that lie on, just short of, just beyond and far from their knots.

Everything is drawn from a `random.Random`, so that a seed gives the same plan for ever and hypothesis can shrink one.
"""

from __future__ import annotations

from random import Random
from typing import Any

from support.exact import PERIODS, Trait, number, result_name, trait, trait_of_reference

# Measure: (lowest, highest) result that is drawn, decimals, and the limits that its definition sets.
RANGES: dict[str, tuple[float, float, int]] = {
    "grr": (0.6, 1.0, 3),
    "nrr": (0.7, 1.5, 3),
    "renewal_rate": (0.5, 1.0, 2),
    "csat": (1.5, 5.0, 2),
    "csat_top_box": (0.4, 1.0, 2),
    "nps": (-60.0, 90.0, 0),
    "mbo": (0.0, 2.0, 2),
    "health_score": (10.0, 95.0, 0),
    "time_to_value": (15.0, 140.0, 0),
    "expansion_arr": (20_000.0, 900_000.0, -3),
    "pipeline": (50_000.0, 2_000_000.0, -3),
    "advocacy": (2.0, 60.0, 0),
    "multi_year_renewals": (1.0, 30.0, 0),
}
LIMITS: dict[str, tuple[float | None, float | None]] = {
    "grr": (0, 1),
    "renewal_rate": (0, 1),
    "csat_top_box": (0, 1),
    "csat": (1, 5),
    "nps": (-100, 100),
    "nrr": (0, None),
    "mbo": (0, None),
    "health_score": (0, None),
    "time_to_value": (0, None),
    "expansion_arr": (0, None),
    "pipeline": (0, None),
    "advocacy": (0, None),
    "multi_year_renewals": (0, None),
}
ZEROED = {"grr", "nrr", "renewal_rate", "csat_top_box", "mbo", "expansion_arr", "pipeline", "advocacy"}
OWN = {
    "churn": {"name": "Churn", "unit": "share", "kind": "level", "better": "less"},
    "qbr_quality": {"name": "QBR quality", "unit": "score", "kind": "level", "better": "more"},
    "referrals": {"name": "Referrals", "unit": "count", "kind": "flow", "better": "more"},
    "credits": {"name": "Credits given", "unit": "money", "kind": "flow", "better": "less"},
}
OWN_RANGES = {
    "churn": (0.01, 0.3, 3),
    "qbr_quality": (1.0, 10.0, 1),
    "referrals": (1.0, 40.0, 0),
    "credits": (1_000.0, 50_000.0, -2),
}


def _round(value: float, places: int) -> float:
    return float(round(value, places))


def _between(rng: Random, low: float, high: float, places: int) -> float:
    return _round(low + (high - low) * rng.randint(0, 1000) / 1000, places)


def _ladder(rng: Random, low: float, high: float, places: int, count: int) -> list[float]:
    """Ascending, distinct."""
    return sorted({_between(rng, low, high, places) for _ in range(count)})


def _payouts(rng: Random, count: int) -> list[float]:
    """Not descending, some of them level."""
    return sorted(rng.choice([0.0, 0.3, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.75]) for _ in range(count))


def _curve(rng: Random, span: tuple[float, float, int], more: bool, tiers: bool, zero: bool) -> dict[str, Any]:
    low, high, places = span
    kinds = ["linear", "linear", "step", "goal", *(["tiered", "tiered", "retroactive"] if tiers else [])]
    kind = rng.choice(kinds)
    xs = _ladder(rng, low, high, places, rng.choice([1, 2, 3, 3, 4, 5, 14] if kind != "goal" else [1]))
    if not more:
        xs.reverse()
    curve: dict[str, Any] = {"kind": kind}
    if kind == "goal":
        curve["at"] = xs[0]
    elif kind == "step":
        curve["steps"] = [[x, y] for x, y in zip(xs, _payouts(rng, len(xs)), strict=True)]
    elif kind == "linear":
        spread = [x for x in xs for _ in range(1 + (rng.randint(0, 4) == 0))]
        points = [[x, y] for x, y in zip(spread, _payouts(rng, len(spread)), strict=True)]
        if len(points) > 1 and points[0][0] == points[1][0]:
            points[0][1] = 0.0
        curve["points"] = points
        if len(points) > 1 and points[-1][0] != points[-2][0] and rng.randint(0, 3) == 0:
            curve["above"] = "extend"
    else:
        starts = sorted({0.0, *xs}) if zero and rng.randint(0, 3) else xs
        rates = [rng.choice([0.5, 0.8, 1.0, 1.5, 2.0, 3.0]) for _ in starts]
        curve["tiers"] = [
            [x, r] for x, r in zip(starts, sorted(rates) if kind == "retroactive" else rates, strict=True)
        ]
    if rng.randint(0, 2) == 0:
        curve["cap"] = rng.choice([0.9, 1.0, 1.2, 1.5, 2.0, 2.5])
    if rng.randint(0, 5) == 0:
        curve["floor"] = rng.choice([0.1, 0.25, 0.5, 0.9])
    if rng.randint(0, 4) == 0:
        curve["threshold"] = rng.choice([*xs, _between(rng, low, high, places)])
    return curve


def _component(rng: Random, measure: str, kind: Trait, span: tuple[float, float, int]) -> dict[str, Any]:
    low, high, places = span
    component: dict[str, Any] = {"measure": measure}
    target = max(_between(rng, low, high, places), 0.5 if kind.flow else low)
    component["target"] = target
    if rng.randint(0, 3) == 0:
        component["level"] = rng.choice(["team", "company"])
    if (measure in ZEROED or measure == "referrals") and target > 0 and rng.randint(0, 1):
        component["axis"] = "attainment"
        component["curve"] = _curve(rng, (0.4, 1.8, 2), more=True, tiers=True, zero=True)
    else:
        tiers = kind.more and target > 0 and low >= 0
        component["curve"] = _curve(rng, span, kind.more, tiers, zero=measure != "csat")
    return component


def make_plan(rng: Random, *, sound: bool = False) -> dict[str, Any]:
    """Plain data of a valid plan; a sound one has no gate that a better result could fail."""
    plan: dict[str, Any] = {
        "compplan": 1,
        "name": "Drawn",
        "role": rng.choice(["csm", "cs_director"]),
        "segment": rng.choice(["smb", "enterprise"]),
        "currency": rng.choice(["USD", "USD", "EUR", "JPY", "BHD"]),
    }
    base = float(rng.randint(40, 200) * 1000 + rng.choice([0, 0, 37]))
    if rng.randint(0, 3):
        pay = {"base": base, "variable": float(rng.randint(5, 90) * 1000) + rng.choice([0, 0, 0.37, 346])}
    else:
        pay = {"base": base, "variable_share": rng.choice([0.1, 0.2, 0.25, 0.3])}
    plan["pay"] = pay
    plan["frequency"] = rng.choice(list(PERIODS))
    plan["accumulation"] = rng.choice(["discrete", "year_to_date"])
    plan["negative"] = rng.choice(["carry", "recover", "forgive"])
    plan["measures"] = {key: dict(OWN[key]) for key in rng.sample(sorted(OWN), rng.randint(0, 4))}
    spans = {**RANGES, **{key: OWN_RANGES[key] for key in plan["measures"]}}

    components: list[dict[str, Any]] = []
    for i in range(rng.choice([1, 2, 3, 3, 4, 6])):
        measure = rng.choice(sorted(spans))
        component = _component(rng, measure, trait(plan, measure), spans[measure])
        if rng.randint(0, 3) == 0 or measure in {c.get("id", c["measure"]) for c in components}:
            component["id"] = f"part_{i}"
        components.append(component)
    _shares(rng, plan, components)
    plan["components"] = components
    if rng.randint(0, 2) == 0:
        _season(rng, plan)
    ids = [c.get("id", c["measure"]) for c in components]
    plan["gates"] = [_gate(rng, plan, ids, spans, sound) for _ in range(rng.choice([0, 0, 1, 1, 2, 3]))]
    plan["modifiers"] = [_modifier(rng, plan, ids, spans) for _ in range(rng.choice([0, 0, 1, 1, 2, 3]))]
    plan["kickers"] = [_kicker(rng, plan, i) for i in range(rng.choice([0, 0, 1, 2]))]
    if rng.randint(0, 2) == 0:
        plan["caps"] = {"total": rng.choice([0.8, 1.0, 1.25, 1.5, 2.5])}
    if rng.randint(0, 2) == 0:
        plan["rounding"] = {"attainment": rng.choice([0, 1, 2, 3, 4, 6])}
    return plan


def _shares(rng: Random, plan: dict[str, Any], components: list[dict[str, Any]]) -> None:
    """Weights that sum to 1, and rates that leave something of target variable."""
    pay = plan["pay"]
    variable = pay.get("variable") or pay["base"] * pay["variable_share"] / (1 - pay["variable_share"])
    weighted: list[dict[str, Any]] = []
    for component in components:
        flow = trait(plan, component["measure"]).flow
        if flow and rng.randint(0, 2) == 0:
            share = rng.randint(2, 15) / 100 / len(components)
            component["rate"] = max(float(f"{variable * share / component['target']:.2g}"), 1e-9)
        else:
            weighted.append(component)
    points = [rng.randint(0, 40) + (i == 0) for i, _ in enumerate(weighted)]
    for component, weight in zip(weighted, points, strict=True):
        component["weight"] = weight / sum(points)


def _season(rng: Random, plan: dict[str, Any]) -> None:
    n = PERIODS[plan["frequency"]]
    parts = [rng.randint(5, 20) for _ in range(n)]
    shares = [round(p / sum(parts), 3) for p in parts]
    shares[-1] = round(1 - sum(shares[:-1]), 3)
    plan["seasonality"] = shares


def _reference(rng: Random, plan: dict[str, Any], ids: list[str], spans: dict[str, Any]) -> str:
    """What a gate or a modifier may speak of: an id, or a measure that at most one component has."""
    measures = [c["measure"] for c in plan["components"]]
    if rng.randint(0, 1):
        return rng.choice(ids)
    return rng.choice([m for m in sorted(spans) if measures.count(m) < 2 or m in ids])


def _some(rng: Random, ids: list[str]) -> list[str]:
    return rng.sample(ids, rng.randint(1, len(ids)))


def _span(plan: dict[str, Any], reference: str, spans: dict[str, Any]) -> tuple[float, float, int]:
    for c in plan["components"]:
        if c.get("id", c["measure"]) == reference:
            return spans[c["measure"]]
    return spans[reference]


def _gate(rng: Random, plan: dict[str, Any], ids: list[str], spans: dict[str, Any], sound: bool) -> dict[str, Any]:
    reference = _reference(rng, plan, ids, spans)
    more = trait_of_reference(plan, reference).more != (not sound and rng.randint(0, 9) == 0)
    gate: dict[str, Any] = {"measure": reference}
    gate["at_least" if more else "at_most"] = _between(rng, *_span(plan, reference, spans))
    gate["otherwise"] = rng.choice([{"factor": 0.0}, {"factor": 0.5}, {"factor": 0.85}, {"limit": 1.0}, {"limit": 0.6}])
    if rng.randint(0, 1):
        gate["covers"] = _some(rng, ids)
    return gate


def _modifier(rng: Random, plan: dict[str, Any], ids: list[str], spans: dict[str, Any]) -> dict[str, Any]:
    reference = _reference(rng, plan, ids, spans)
    more = trait_of_reference(plan, reference).more
    low, high, places = _span(plan, reference, spans)
    xs = _ladder(rng, low, high, places, rng.choice([1, 2, 3, 4]))
    ys = sorted(rng.choice([0.0, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.3]) for _ in xs)
    pairs = [[x, y] for x, y in zip(xs if more else xs[::-1], ys, strict=True)]
    curve = {"kind": "linear", "points": pairs} if rng.randint(0, 1) else {"kind": "step", "steps": pairs}
    if rng.randint(0, 5) == 0:
        curve["cap"] = 1.05
    if rng.randint(0, 5) == 0:
        curve["floor"] = 0.7
    if rng.randint(0, 7) == 0:
        curve["threshold"] = rng.choice(xs)
    modifier: dict[str, Any] = {"measure": reference, "curve": curve}
    if rng.randint(0, 1):
        modifier["covers"] = _some(rng, ids)
    if result_name(plan, reference) not in ids and rng.randint(0, 1):
        modifier["target"] = _between(rng, low, high, places)
    return modifier


def _kicker(rng: Random, plan: dict[str, Any], i: int) -> dict[str, Any]:
    flows = [m for m in ("multi_year_renewals", "advocacy", "expansion_arr") if _is_distinct(plan, m)]
    measure = rng.choice(flows or ["activity"])
    small = measure != "expansion_arr"
    kicker = {"name": f"Kicker {i}", "measure": measure, "per_unit": rng.choice([500.0, 33.335] if small else [0.0125])}
    if rng.randint(0, 1):
        kicker["max_units"] = rng.choice([3.0, 6.0] if small else [100_000.0])
    return kicker


def _is_distinct(plan: dict[str, Any], measure: str) -> bool:
    ids = [c.get("id", c["measure"]) for c in plan["components"]]
    return measure in ids or [c["measure"] for c in plan["components"]].count(measure) < 2


# Results


def share_of_year(plan: dict[str, Any], period: int | str) -> float:
    n = PERIODS[plan["frequency"]]
    if period == "year":
        return 1.0
    first = 0 if plan["accumulation"] == "year_to_date" else int(period) - 1
    season = plan.get("seasonality") or [1 / n] * n
    return 1.0 if int(period) - first == n else sum(season[first : int(period)])


def needed(plan: dict[str, Any]) -> dict[str, str]:
    """Names of the results that a plan needs, and what each one measures."""
    names = {c.get("id", c["measure"]): c["measure"] for c in plan["components"]}
    for part in (*plan["gates"], *plan["modifiers"], *plan["kickers"]):
        names.setdefault(result_name(plan, part["measure"]), part["measure"])
    return names


def _knots(plan: dict[str, Any], name: str) -> list[float]:
    """Results, against a year, at which something begins."""
    found: list[float] = []
    for c in plan["components"]:
        if c.get("id", c["measure"]) == name:
            unit = c["target"] if c.get("axis") == "attainment" else 1.0
            found += [x * unit for x in _declared(c["curve"])] + [c["target"]]
    for gate in plan["gates"]:
        if result_name(plan, gate["measure"]) == name:
            found.append(gate["at_least"] if "at_least" in gate else gate["at_most"])
    for modifier in plan["modifiers"]:
        if result_name(plan, modifier["measure"]) == name:
            found += _declared(modifier["curve"])
    return found


def _declared(curve: dict[str, Any]) -> list[float]:
    xs = [p[0] for key in ("points", "steps", "tiers") for p in curve.get(key, ())]
    return xs + [curve[key] for key in ("at", "threshold") if key in curve]


def make_results(rng: Random, plan: dict[str, Any], period: int | str) -> dict[str, float]:
    """One result for everything that the plan needs."""
    share = share_of_year(plan, period)
    coarse = "rounding" in plan  # a result a billionth off a half would be rounded by its last bit
    results: dict[str, float] = {}
    for name, measure in needed(plan).items():
        flow = trait(plan, measure).flow
        low, high, places = RANGES.get(measure) or OWN_RANGES.get(measure) or (0.0, 50.0, 0)
        knots = _knots(plan, name)
        if knots and rng.randint(0, 3):
            knot = rng.choice(knots)
            size = max(1.0, abs(knot))
            moves = [0.0, 0.0, 0.002 * size, -0.002 * size]
            moves += [] if coarse else [3e-10 * size, -3e-10 * size, 5e-9 * size, -5e-9 * size]
            value = knot + rng.choice(moves)
        elif measure not in LIMITS and rng.randint(0, 20) == 0:
            value = -1.0
        elif LIMITS.get(measure, (0, None))[1] is None and rng.randint(0, 30) == 0 and _pays_flat(plan, name):
            value = float("inf")
        else:
            value = _between(rng, low, high * 1.3, places + 2)
        least, most = LIMITS.get(measure, (None, None))
        value = max(value, least) if least is not None else value
        value = min(value, most) if most is not None else value
        results[name] = float(value * share if flow else value)
    return results


def _pays_flat(plan: dict[str, Any], name: str) -> bool:
    """Whether the best of all results still pays a figure."""
    for c in plan["components"]:
        curve = c["curve"]
        rises = curve["kind"] in {"tiered", "retroactive"} or curve.get("above") == "extend"
        if c.get("id", c["measure"]) == name and rises and "cap" not in curve:
            return False
    return all("max_units" in k for k in plan["kickers"] if result_name(plan, k["measure"]) == name)


def tidy(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan without empty parts, as people would write it."""
    return {key: value for key, value in plan.items() if value not in ([], {})}


def exact_enough(plan: dict[str, Any]) -> bool:
    """Whether the weights sum to 1 as decimals do, within what a plan allows."""
    weights = [number(c["weight"]) for c in plan["components"] if "weight" in c]
    return not weights or abs(sum(weights) - 1) < 1e-9
