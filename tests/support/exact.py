"""The payout rules once more, in exact fractions: slow, obvious, and written from the rules, not from the engine.

A plan is the plain data of a plan file, results are plain numbers. Every number counts as what its decimal text
says: 0.1 is one tenth, whatever binary makes of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any

PERIODS = {"monthly": 12, "quarterly": 4, "semiannual": 2, "annual": 1}
DECIMALS = {"USD": 2, "EUR": 2, "JPY": 0, "BHD": 3}
TOLERANCE = Fraction(1, 10**9)
INFINITE = Fraction(10) ** 40  # further out than any knot


@dataclass(frozen=True)
class Trait:
    """What the rules need to know of a measure."""

    flow: bool
    more: bool


TRAITS = {
    "grr": Trait(flow=False, more=True),
    "nrr": Trait(flow=False, more=True),
    "renewal_rate": Trait(flow=False, more=True),
    "csat": Trait(flow=False, more=True),
    "csat_top_box": Trait(flow=False, more=True),
    "nps": Trait(flow=False, more=True),
    "mbo": Trait(flow=False, more=True),
    "health_score": Trait(flow=False, more=True),
    "time_to_value": Trait(flow=False, more=False),
    "expansion_arr": Trait(flow=True, more=True),
    "pipeline": Trait(flow=True, more=True),
    "advocacy": Trait(flow=True, more=True),
    "multi_year_renewals": Trait(flow=True, more=True),
}


@dataclass
class Sheet:
    """What is paid, in whole minor units (cents)."""

    period_target: int
    components: dict[str, int]
    modifiers: list[int]
    cap: int
    kickers: list[int]
    fractions: dict[str, Fraction] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.components.values()) + sum(self.modifiers) + self.cap + sum(self.kickers)


def number(value: float) -> Fraction:
    """The number that a decimal text says."""
    if value == float("inf"):
        return INFINITE
    return Fraction(repr(value))


# Money


def whole(units: Fraction) -> int:
    """Minor units snapped to a millionth, then rounded half away from zero."""
    snapped = Fraction(floor(abs(units) * 10**6 + Fraction(1, 2)), 10**6)
    size = floor(snapped + Fraction(1, 2))
    return size if units >= 0 else -size


def split(units: Fraction, parts: int) -> list[int]:
    """A year over its periods: what is rounded is the running total."""
    running = [whole(units * k / parts) for k in range(parts + 1)]
    return [running[k + 1] - running[k] for k in range(parts)]


# Curves


def near(x: Fraction, knot: Fraction) -> bool:
    return abs(x - knot) <= TOLERANCE * max(Fraction(1), abs(knot))


def reached(x: Fraction, knot: Fraction, more: bool) -> bool:
    """At or beyond a knot, where nearly at it is at it."""
    return near(x, knot) or (x > knot if more else x < knot)


def curve_value(curve: dict[str, Any], x: Fraction, *, more: bool, unit: Fraction, hold: bool = False) -> Fraction:
    """Payout fraction of a result: value, then cap, then floor, then threshold."""
    threshold = None if curve.get("threshold") is None else number(curve["threshold"])
    declared = [number(p[0]) for name in ("points", "steps", "tiers") for p in curve.get(name, ())]
    declared += [number(curve["at"])] if "at" in curve else []
    declared += [threshold] if threshold is not None else []
    for knot in declared:
        if near(x, knot):
            x = knot
    value = VALUES[curve["kind"]](curve, x, more, unit, hold)
    if curve.get("cap") is not None:
        value = min(value, number(curve["cap"]))
    if curve.get("floor") is not None:
        value = max(value, number(curve["floor"]))
    if threshold is not None and not reached(x, threshold, more):
        value = Fraction(0)
    return value


def _pairs(curve: dict[str, Any], name: str) -> list[tuple[Fraction, Fraction]]:
    return [(number(x), number(y)) for x, y in curve[name]]


def _linear(curve: dict[str, Any], x: Fraction, more: bool, unit: Fraction, hold: bool) -> Fraction:
    points = _pairs(curve, "points")
    passed = [i for i, (at, _) in enumerate(points) if reached(x, at, more)]
    if not passed:
        return points[0][1] if hold else Fraction(0)
    i = passed[-1]
    if i + 1 < len(points):
        (x0, y0), (x1, y1) = points[i], points[i + 1]
        return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    if curve.get("above") == "extend":
        (x0, y0), (x1, y1) = points[-2], points[-1]
        return y1 + (y1 - y0) / (x1 - x0) * (x - x1)
    return points[i][1]


def _step(curve: dict[str, Any], x: Fraction, more: bool, unit: Fraction, hold: bool) -> Fraction:
    value = _pairs(curve, "steps")[0][1] if hold else Fraction(0)
    for at, payout in _pairs(curve, "steps"):
        if reached(x, at, more):
            value = payout
    return value


def _tiered(curve: dict[str, Any], x: Fraction, more: bool, unit: Fraction, hold: bool) -> Fraction:
    tiers = _pairs(curve, "tiers")
    value = Fraction(0)
    for i, (start, rate) in enumerate(tiers):
        end = tiers[i + 1][0] if i + 1 < len(tiers) else x
        value += rate * max(Fraction(0), min(x, end) - start) / unit
    return value


def _retroactive(curve: dict[str, Any], x: Fraction, more: bool, unit: Fraction, hold: bool) -> Fraction:
    value = Fraction(0)
    for start, rate in _pairs(curve, "tiers"):
        if reached(x, start, more):
            value = rate * x / unit
    return value


def _goal(curve: dict[str, Any], x: Fraction, more: bool, unit: Fraction, hold: bool) -> Fraction:
    return Fraction(int(reached(x, number(curve["at"]), more)))


VALUES = {"linear": _linear, "step": _step, "tiered": _tiered, "retroactive": _retroactive, "goal": _goal}


# A plan


def trait(plan: dict[str, Any], measure: str) -> Trait:
    own = plan.get("measures", {}).get(measure)
    return Trait(own["kind"] == "flow", own["better"] == "more") if own else TRAITS[measure]


def result_name(plan: dict[str, Any], reference: str) -> str:
    """The id behind what a gate, a modifier or a kicker speaks of."""
    ids = [c.get("id", c["measure"]) for c in plan["components"]]
    if reference in ids:
        return reference
    using = [c.get("id", c["measure"]) for c in plan["components"] if c["measure"] == reference]
    return using[0] if len(using) == 1 else reference


def trait_of_reference(plan: dict[str, Any], reference: str) -> Trait:
    for c in plan["components"]:
        if c.get("id", c["measure"]) == reference:
            return trait(plan, c["measure"])
    return trait(plan, reference)


def target_variable(plan: dict[str, Any]) -> Fraction:
    pay = plan["pay"]
    if "variable" in pay:
        return number(pay["variable"])
    share = number(pay["variable_share"])
    return number(pay["base"]) * share / (1 - share)


def half_up(x: Fraction, decimals: int) -> Fraction:
    """Rounded half up; a ratio that is a half but for the fourteenth digit is a half."""
    moved = x * 10**decimals
    return Fraction(floor(moved + Fraction(1, 2) + abs(moved) / 10**14), 10**decimals)


def covered(part: dict[str, Any], key: str) -> bool:
    return part.get("covers") is None or key in part["covers"]


class Exact:
    """One plan, one period, one person."""

    def __init__(
        self,
        plan: dict[str, Any],
        results: dict[str, float],
        period: int | str,
        *,
        variable: float | None = None,
        targets: dict[str, float] | None = None,
        at_target: bool = False,
    ) -> None:
        self.plan, self.at_target = plan, at_target
        self.results = {key: number(value) for key, value in results.items()}
        self.unit = 10 ** DECIMALS[plan["currency"]]
        self.variable = target_variable(plan) if variable is None else number(variable)
        self.targets = {key: number(value) for key, value in (targets or {}).items()}
        n = PERIODS[plan.get("frequency", "quarterly")]
        if period == "year":
            self.covered_periods = list(range(n))
        elif plan.get("accumulation") == "year_to_date":
            self.covered_periods = list(range(int(period)))
        else:
            self.covered_periods = [int(period) - 1]
        self.n = n
        season = [number(s) for s in plan["seasonality"]] if plan.get("seasonality") else [Fraction(1, n)] * n
        share = sum((season[k] for k in self.covered_periods), Fraction(0))
        self.share = Fraction(1) if len(self.covered_periods) == n else share

    def yearly(self, flow: bool, value: Fraction) -> Fraction:
        """A result against a yearly target: what a flow would be in a year of such periods."""
        return value / self.share if flow else value

    def sheet(self) -> Sheet:
        plan = self.plan
        parts = [(c.get("id", c["measure"]), c) for c in plan["components"]]
        commission = sum((number(c["rate"]) * number(c["target"]) for _, c in parts if "rate" in c), Fraction(0))
        yearly = split(max(Fraction(0), self.variable - commission) * self.unit, self.n)
        pool = Fraction(sum(yearly[k] for k in self.covered_periods))  # minor units
        passed = [self.gate_passed(g) for g in plan.get("gates", ())]
        factors = [self.factor(m) for m in plan.get("modifiers", ())]

        target_pay: dict[str, Fraction] = {}
        fractions: dict[str, Fraction] = {}
        for key, c in parts:
            target = self.targets.get(key, number(c["target"]))
            if "rate" in c:
                target_pay[key] = number(c["rate"]) * target * self.share * self.unit
            else:
                target_pay[key] = number(c["weight"]) * pool
            fractions[key] = self.fraction(key, c, target, passed, factors)

        rates = sum((target_pay[key] for key, c in parts if "rate" in c), Fraction(0))
        period_target = whole(pool + rates)
        earned = {key: target_pay[key] * fractions[key] for key, _ in parts}
        lines = {key: whole(amount) for key, amount in earned.items()}

        running = sum(earned.values(), Fraction(0))
        modifier_lines: list[int] = []
        for m, factor in zip(plan.get("modifiers", ()), factors, strict=True):
            if m.get("covers") is None:
                modifier_lines.append(whole((factor - 1) * running))
                running *= factor
        cap = 0
        if plan.get("caps", {}).get("total") is not None:
            most = whole(number(plan["caps"]["total"]) * period_target)
            cap = min(0, most - sum(lines.values()) - sum(modifier_lines))
        kickers = [] if self.at_target else [self.kicker(k) for k in plan.get("kickers", ())]
        return Sheet(period_target, lines, modifier_lines, cap, kickers, fractions)

    def fraction(
        self, key: str, c: dict[str, Any], target: Fraction, passed: list[bool], factors: list[Fraction]
    ) -> Fraction:
        """Result, rounding, curve, gates, modifiers of one component."""
        kind = trait(self.plan, c["measure"])
        x = self.yearly(kind.flow, self.results[key])
        attainment = c.get("axis") == "attainment"
        if attainment:
            x = x / target
        decimals = self.plan.get("rounding", {}).get("attainment")
        if decimals is not None:
            x = half_up(x, decimals)
        value = curve_value(c["curve"], x, more=kind.more, unit=Fraction(1) if attainment else target)
        for gate, ok in zip(self.plan.get("gates", ()), passed, strict=True):
            if ok or not covered(gate, key):
                continue
            if "factor" in gate["otherwise"]:
                value *= number(gate["otherwise"]["factor"])
            else:
                value = min(value, number(gate["otherwise"]["limit"]))
        for modifier, factor in zip(self.plan.get("modifiers", ()), factors, strict=True):
            if modifier.get("covers") is not None and key in modifier["covers"]:
                value *= factor
        return value

    def gate_passed(self, gate: dict[str, Any]) -> bool:
        name = result_name(self.plan, gate["measure"])
        if name not in self.results:
            return True  # at target, and nothing in the plan has a target for it
        value = self.yearly(trait_of_reference(self.plan, gate["measure"]).flow, self.results[name])
        if "at_least" in gate:
            return reached(value, number(gate["at_least"]), more=True)
        return reached(value, number(gate["at_most"]), more=False)

    def factor(self, modifier: dict[str, Any]) -> Fraction:
        name = result_name(self.plan, modifier["measure"])
        kind = trait_of_reference(self.plan, modifier["measure"])
        if name in self.results:
            value = self.yearly(kind.flow, self.results[name])
        elif "target" in modifier:
            value = number(modifier["target"])
        else:
            return Fraction(1)
        return curve_value(modifier["curve"], value, more=kind.more, unit=Fraction(1), hold=True)

    def kicker(self, kicker: dict[str, Any]) -> int:
        count = self.results[result_name(self.plan, kicker["measure"])]
        if "max_units" in kicker:
            count = min(count, number(kicker["max_units"]))
        return whole(count * number(kicker["per_unit"]) * self.unit)


def at_target(plan: dict[str, Any]) -> Sheet:
    """Each component at its target, the year as one period."""
    results = {c.get("id", c["measure"]): c["target"] for c in plan["components"]}
    return Exact(plan, results, "year", at_target=True).sheet()
