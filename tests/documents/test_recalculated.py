"""Every figure of a workbook as LibreOffice reckons it, against the engine: as it was written, and after changes."""

from __future__ import annotations

import datetime as dt
import math
from random import Random
from typing import Any

import pytest
from documents.changes import change
from documents.office import Changed, Reckoned, differences, recalculated
from support.plans import make_plan, make_results, tidy

from compplan import templates
from compplan.documents.workbook import workbook
from compplan.money import minor_digits
from compplan.payout import payout, results_at
from compplan.plan import Plan

ON = dt.date(2026, 9, 1)
BLOCKS, PLANS = 4, 50


def finite(results: dict[str, float]) -> dict[str, float]:
    """No cell holds an infinite number; one far beyond every knot stands in."""
    return {key: 1e9 if math.isinf(value) else value for key, value in results.items()}


def same(found: Any, amount: float, plan: Plan, what: str) -> None:
    """To the cent: both are whole minor units but for the dust of binary fractions."""
    unit = 10 ** minor_digits(plan.currency)
    assert isinstance(found, float), f"{what}: {found!r}"
    assert round(found * unit) == round(amount * unit), f"{what}: {found!r} in the workbook, {amount!r} by the engine"
    assert abs(found - amount) <= 1e-9 * max(1.0, abs(amount)), what


def check(read: Reckoned, plan: Plan, results: dict[str, float]) -> int:
    """Compare every line and sum of one person's year; gives how many figures were compared."""
    statement = payout(plan, results, "year")
    steps = read.labelled("Calculation")
    kinds = {"modifier": iter(i for i, m in enumerate(plan.modifiers, start=1)), "kicker": None}
    wanted: dict[str, float] = {}
    for line in statement.lines:
        if line.kind == "component":
            same(read[f"pay_{line.id}"], line.amount, plan, f"pay_{line.id}")
        elif line.kind == "modifier":
            number = next(kinds["modifier"] or iter(()))
            if plan.modifiers[number - 1].covers is None:
                wanted[f"Modifier {number}, on the whole plan"] = line.amount
        elif line.kind == "kicker":
            wanted[f"Kicker: {line.label}"] = line.amount
    cap = [line.amount for line in statement.lines if line.kind == "cap"]
    wanted["Reduction by total cap"] = cap[0] if cap else 0.0
    for label, amount in wanted.items():
        same(steps[label], amount, plan, label)
    same(read["total_pay"], statement.total, plan, "total_pay")
    same(read["cash_total"], statement.cash_total, plan, "cash_total")
    same(read["year_target"], statement.period_target, plan, "year_target")
    share = read.labelled("Summary")["The plan pays 100% of target variable at target"]
    assert share == pytest.approx(statement.at_target_fraction or 0.0, abs=1e-9)
    return len(plan.components) + len(wanted) + 4


@pytest.mark.parametrize("block", range(BLOCKS))
def test_random_plans_equal_the_engine_as_created_and_after_changes(block: int) -> None:
    books: dict[str, bytes] = {}
    cases: dict[str, tuple[Plan, dict[str, float]]] = {}
    for seed in range(block * PLANS, (block + 1) * PLANS):
        rng = Random(seed)
        data = make_plan(rng)
        plan, results = Plan.from_dict(tidy(data)), finite(make_results(rng, data, "year"))
        books[f"plan{seed}"] = workbook(plan, results=results, on=ON)
        cases[f"plan{seed}"] = plan, results
        changed = Changed(books[f"plan{seed}"])
        new = {"gates": [], "modifiers": [], "kickers": [], **change(rng, data, changed)}
        again = finite(make_results(rng, new, "year"))
        for key, value in again.items():
            changed.put(f"result_{key}", value)
        books[f"changed{seed}"] = changed.bytes()
        cases[f"changed{seed}"] = Plan.from_dict(tidy(new)), again
    reckoned = recalculated(books)
    figures = cells = 0
    for name, (plan, results) in cases.items():
        try:
            figures += check(Reckoned(books[name], reckoned[name]), plan, results)
            if name.startswith("plan"):
                count, *found = differences(books[name], reckoned[name])
                assert found == []
                cells += int(count)
        except (AssertionError, KeyError) as error:
            error.add_note(f"{name}\n{plan.to_yaml()}\n{results}")
            raise
    assert figures >= 2 * PLANS * 6
    assert cells >= PLANS * 300


def test_templates_equal_the_engine_at_target_and_at_other_results() -> None:
    books: dict[str, bytes] = {}
    cases: dict[str, tuple[Plan, dict[str, float]]] = {}
    for key in templates.keys():  # noqa: SIM118 - a function
        plan = templates.load(key)
        books[key] = workbook(plan, on=ON)
        cases[key] = plan, results_at(plan, 1.0)[0] | results_at(plan, 1.0, "year")[0]
        changed = Changed(books[key])
        results = results_at(plan, 1.13, "year")[0]
        for name, value in results.items():
            changed.put(f"result_{name}", value)
        books[f"{key}-changed"] = changed.bytes()
        cases[f"{key}-changed"] = plan, results
    reckoned = recalculated(books)
    for name, (plan, results) in cases.items():
        assert check(Reckoned(books[name], reckoned[name]), plan, results) > 4
        if not name.endswith("-changed"):
            assert differences(books[name], reckoned[name])[1:] == []


def test_a_change_that_breaks_the_plan_fails_a_check() -> None:
    plan = templates.load("knowup-csat-weighted")
    book = workbook(plan, on=ON)
    spoiled = {name: Changed(book) for name in ("sound", "weights", "order", "limits", "missing", "target")}
    spoiled["weights"].put("weight_grr", 0.5)
    spoiled["order"].put("points_grr", 0.99)
    spoiled["limits"].put("result_grr", 1.2)
    spoiled["missing"].put("result_grr", None)
    spoiled["target"].put("target_grr", 0.9)
    files = {name: changed.bytes() for name, changed in spoiled.items()}
    reckoned = recalculated(files)
    said: dict[str, list[str]] = {}
    for name, file in files.items():
        read = Reckoned(file, reckoned[name])
        said[name] = [label for label, word in read.labelled("Summary", 2).items() if word == "Check this"]
        assert read["checks_broken"] == len(said[name])
    assert said["sound"] == []
    assert said["weights"][0] == "Weights add up to 100%"
    assert "Curve points are in order, and no cap is below a floor" in said["order"]
    assert said["limits"] == ["Gross revenue retention on ARR due must be between 0 and 1 (grr)"]
    assert said["missing"] == ["Gross revenue retention on ARR due: every result is a number"]
    assert said["target"] == ["The plan pays 100% of target variable at target"]
