"""The same changes made to a plan as data and to the cells of its workbook."""

from __future__ import annotations

from random import Random
from typing import Any

from documents.office import Changed
from support.plans import LIMITS


def key_of(component: dict[str, Any]) -> str:
    return component.get("id", component["measure"])


def change(rng: Random, plan: dict[str, Any], book: Changed) -> dict[str, Any]:
    """Change every kind of input of a workbook; gives the plan with the same changes."""
    made = dict(plan)
    made["pay"] = _pay(rng, plan["pay"], book)
    made["components"] = _components(rng, plan["components"], book)
    gates: list[dict[str, Any]] = []
    for number, gate in enumerate(plan.get("gates", []), start=1):
        gates.append(_gate(rng, gate, f"gate_{number}", book))
    modifiers: list[dict[str, Any]] = []
    for number, modifier in enumerate(plan.get("modifiers", []), start=1):
        curve = _curve(rng, modifier["curve"], book, lambda part, n=number: f"modifier_{n}_{part}")
        modifiers.append({**modifier, "curve": curve})
    kickers: list[dict[str, Any]] = []
    for number, kicker in enumerate(plan.get("kickers", []), start=1):
        kicker = {**kicker, "per_unit": kicker["per_unit"] * rng.choice([0.5, 2.0]), "max_units": 4.5}
        book.put(f"kicker_{number}_per_unit", kicker["per_unit"])
        book.put(f"kicker_{number}_max_units", kicker["max_units"])
        kickers.append(kicker)
    made |= {"gates": gates, "modifiers": modifiers, "kickers": kickers}
    if rng.randint(0, 2):
        made["caps"] = {"total": rng.choice([0.7, 1.1, 1.6])}
        book.put("total_cap", made["caps"]["total"])
    if rng.randint(0, 2):
        made["rounding"] = {"attainment": rng.choice([1, 2, 4])}
        book.put("rounding_decimals", made["rounding"]["attainment"])
    return made


def _pay(rng: Random, pay: dict[str, Any], book: Changed) -> dict[str, Any]:
    made = {**pay, "base": float(pay["base"] + rng.choice([1000, 4321, 0.57]))}
    book.put("base_pay", made["base"])
    if "variable" in pay:
        made["variable"] = round(pay["variable"] * rng.choice([1.1, 1.37]) + 0.11, 2)
        book.put("variable_pay", made["variable"])
    else:
        made["variable_share"] = min(pay["variable_share"] + 0.07, 0.9)
        book.put("variable_share", made["variable_share"])
    return made


def _components(rng: Random, components: list[dict[str, Any]], book: Changed) -> list[dict[str, Any]]:
    """Targets, rates and curves anew; the weights change places, so that they still sum to 1."""
    weights = [c["weight"] for c in components if "weight" in c]
    rng.shuffle(weights)
    made: list[dict[str, Any]] = []
    for component in components:
        key = key_of(component)
        # Never up, so that a commission stays within target variable and a rate within what it can be.
        low = LIMITS.get(component["measure"], (None, None))[0]
        target = component["target"] * rng.choice([0.9, 0.97])
        target = component["target"] if component["target"] < 0 or (low is not None and target < low) else target
        new = {**component, "target": target}
        book.put(f"target_{key}", target)
        share = "weight" if "weight" in component else "rate"
        new[share] = weights.pop() if share == "weight" else component["rate"] * 0.8
        book.put(f"{share}_{key}", new[share])
        new["curve"] = _curve(rng, component["curve"], book, lambda part, key=key: f"{part}_{key}")
        made.append(new)
    return made


def _curve(rng: Random, curve: dict[str, Any], book: Changed, name: Any) -> dict[str, Any]:
    """Every point drawn nearer to nothing and paid more, which keeps their order."""
    nearer, higher = rng.choice([0.96, 0.985]), rng.choice([1.05, 1.2])
    made = dict(curve)
    for part in ("points", "steps", "tiers"):
        if part in curve:
            made[part] = [[x * nearer, round(y * higher, 6)] for x, y in curve[part]]
            for i, (x, y) in enumerate(made[part]):
                book.put(name("points"), x, down=i)
                book.put(name("points"), y, down=i, right=1)
    if "at" in curve:
        made["at"] = curve["at"] * nearer
        book.put(name("points"), made["at"])
    if "threshold" in curve:
        made["threshold"] = curve["threshold"] * nearer
        book.put(name("threshold"), made["threshold"])
    if "floor" in curve or rng.randint(0, 5) == 0:
        made["floor"] = rng.choice([0.15, 0.6])
        book.put(name("floor"), made["floor"])
    if "cap" in curve or rng.randint(0, 3) == 0:
        made["cap"] = rng.choice([0.95, 1.3, 1.9])
        book.put(name("cap"), made["cap"])
    return made


def _gate(rng: Random, gate: dict[str, Any], name: str, book: Changed) -> dict[str, Any]:
    side = "at_least" if "at_least" in gate else "at_most"
    kind = next(iter(gate["otherwise"]))
    made = {**gate, side: gate[side] * 0.97, "otherwise": {kind: rng.choice([0.2, 0.7])}}
    book.put(f"{name}_limit", made[side])
    book.put(f"{name}_effect", made["otherwise"][kind])
    return made
