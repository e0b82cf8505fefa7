"""People and what they cost, as LibreOffice reckons them, against the engine: as written, and after changes."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from documents.office import Changed, Reckoned, differences, recalculated
from documents.test_recalculated import finite
from support.plans import make_plan, make_results, tidy

from compplan import roster, templates
from compplan.cost import Assumptions, CostReport, cost, from_people, headcount
from compplan.documents.workbook import workbook
from compplan.documents.workbook.build import GRID
from compplan.errors import ResultError
from compplan.payout import payouts, results_at
from compplan.plan import Plan

ON = dt.date(2026, 9, 1)
ROWS = 60
FIRST = 7  # row of the first person
PARTS = ("base", "pay", "employer_tax", "unemployment_tax", "benefits", "overhead", "cash", "tax", "loaded")
LABELS = {
    "base": "Base salary", "pay": "Variable pay", "employer_tax": "Employer tax",
    "unemployment_tax": "Unemployment tax", "benefits": "Benefits", "overhead": "Overhead",
    "cash": "Base and variable", "tax": "Taxes", "loaded": "Fully loaded",
}  # fmt: skip


def people_of(rng: Random, plan: Plan, rows: int = ROWS) -> pd.DataFrame:
    """People with pay of their own; some came or left within the year."""
    days = [None, None, "2026-03-16", "2025-11-01", "2026-08-31"]
    target = plan.pay.target_variable
    return pd.DataFrame({
        "id": [f"E{i:03}" for i in range(rows)],
        "headcount": [rng.choice([1, 1, 1, 3]) for _ in range(rows)],
        "base": [float(rng.randint(50, 230) * 1000) + rng.choice([0.0, 0.37]) for _ in range(rows)],
        "variable": [round(target * rng.choice([1.0, 1.13, 1.5]), 2) + 0.11 for _ in range(rows)],
        "hired": pd.to_datetime([rng.choice(days) for _ in range(rows)]),
        "left": pd.to_datetime([rng.choice([None, None, None, "2026-10-07"]) for _ in range(rows)]),
    })  # fmt: skip


def with_results(rng: Random, data: dict[str, Any], plan: Plan, rows: int = ROWS) -> pd.DataFrame:
    """People with results, and targets of their own where the plan allows them."""
    made = people_of(rng, plan, rows)
    made = made.assign(**pd.DataFrame([finite(make_results(rng, data, "year")) for _ in range(rows)]).to_dict("series"))
    for c in plan.components:
        if c.axis == "attainment":
            made[f"{c.key}.target"] = [
                round(c.target * rng.choice([0.5, 0.8, 1.0]), 4) or c.target for _ in range(rows)
            ]
    return made


def column(sheets: dict[str, list[list[Any]]], sheet: str, head: str) -> list[Any]:
    """The rows of people under a heading, which stands above them."""
    rows = sheets[sheet]
    heads = [[str(cell) for cell in row] for row in rows[:FIRST]]
    place = next(i for row in heads for i, cell in enumerate(row) if cell == head)
    return [row[place] for row in rows[FIRST : FIRST + ROWS]]


def test_sixty_people_get_the_pay_of_the_engine() -> None:
    books: dict[str, bytes] = {}
    cases: dict[str, tuple[Plan, pd.DataFrame]] = {}
    for seed in (3, 27):
        rng = Random(seed)
        data = make_plan(rng)
        data["accumulation"] = "discrete"
        plan = Plan.from_dict(tidy(data))
        frame = with_results(rng, data, plan)
        books[f"team{seed}"] = workbook(plan, frame, on=ON)
        cases[f"team{seed}"] = plan, frame
        # Everybody's base and variable anew, in the file and in the table.
        changed, new = Changed(books[f"team{seed}"]), frame.copy()
        for i in range(ROWS):
            new.loc[i, ["base", "variable"]] = [70_000.0 + i, frame["variable"][i] + 10.0 * i]
            changed.put_at("People", FIRST + i, 3, float(new["base"][i]))
            changed.put_at("People", FIRST + i, 4, float(new["variable"][i]))
        books[f"changed{seed}"] = changed.bytes()
        cases[f"changed{seed}"] = plan, new
    reckoned = recalculated(books)
    for name, (plan, frame) in cases.items():
        # The sheet pays a full year; only cost prorates.
        table = payouts(plan, frame.drop(columns=["hired", "left"], errors="ignore"), "year")
        for c in plan.components:
            found = column(reckoned[name], "Calculation", f"Pay: {c.key}")
            np.testing.assert_allclose(found, table[c.key], rtol=1e-12, atol=1e-7, err_msg=f"{name} {c.key}")
        total = column(reckoned[name], "Calculation", "Variable pay and kickers")
        np.testing.assert_allclose(total, table["total"], rtol=1e-12, atol=1e-7, err_msg=name)
        team = float((table["total"] * frame["headcount"].to_numpy()).sum())
        assert Reckoned(books[name], reckoned[name])["total_pay"] == pytest.approx(team, rel=1e-12)
        if name.startswith("team"):
            assert differences(books[name], reckoned[name])[1:] == []


def test_people_without_results_use_those_of_inputs() -> None:
    plan = templates.load("knowup-csat-weighted")
    read = roster.read(roster.sample(), "sample.csv")
    who = from_people(plan, read.people)
    changed = Changed(workbook(plan, who, on=ON))
    results = {"grr": 0.95, "expansion_arr": 310000.0, "csat_top_box": 0.93}
    for key, value in results.items():
        changed.put(f"result_{key}", value)
    file = changed.bytes()
    paid = payouts(plan, who.people.assign(**results), "year")["total"].sum()
    assert Reckoned(file, recalculated({"team": file})["team"])["total_pay"] == pytest.approx(paid, rel=1e-12)


def compared(book: bytes, sheets: dict[str, list[list[Any]]], report: CostReport, name: str) -> int:
    """Compare the sheet of cost with the engine's report; gives how many figures there were."""
    read, count = Reckoned(book, sheets), 0
    for case in range(len(GRID) + 2):
        column_of = read.labelled("Cost", 1 + case)
        for part in PARTS:
            if case == 0:
                wanted = getattr(report.at_target, part)
            elif case <= len(GRID):
                wanted = float(report.grid[part].iloc[case - 1])
            else:
                wanted = getattr(report.most.cost, part)
            assert column_of[LABELS[part]] == pytest.approx(wanted, rel=1e-12, abs=1e-6), f"{name} {part} {case}"
            count += 1
        if report.budget is not None and case == 0:
            assert column_of["Remaining budget"] == pytest.approx(report.budget.at_target, rel=1e-12, abs=1e-6)
            assert read["team_headroom_at_most"] == pytest.approx(report.budget.most, rel=1e-12, abs=1e-6)
    return count


def test_cost_equals_the_engine_as_created_and_after_changes() -> None:
    books: dict[str, bytes] = {}
    reports: dict[str, CostReport] = {}
    figures = 0
    for seed in (1, 8, 12, 38, 59):
        rng = Random(seed)
        plan = Plan.from_dict(tidy(make_plan(rng)))
        frame = people_of(rng, plan, 8)
        terms = Assumptions(
            regime="rate", rate=0.21, futa_rate=0.006, futa_base=7000.0, benefits_rate=0.2, overhead=6000.0,
            budget=900_000.0, budget_of="loaded", stress=1.7, draws=100,
        )  # fmt: skip
        book = workbook(plan, frame, assumptions=terms, on=ON)
        books[f"cost{seed}"], reports[f"cost{seed}"] = book, cost(plan, frame, terms, attainments=GRID)
        changed = Changed(book)
        fresh = {"rate": 0.137, "futa_rate": 0.02, "futa_base": 9500.0, "benefits_rate": 0.31, "overhead": 4321.5}
        names = ("employer_tax_1_rate", "unemployment_tax_1_rate", "unemployment_tax_1_wages", "benefits_rate")
        for name, value in zip((*names, "overhead_each"), fresh.values(), strict=True):
            changed.put(name, value)
        changed.put("budget", 750_000.0)
        changed.put("stress", 1.45)
        new = frame.assign(base=frame["base"] + 1234.5)
        for i in range(len(new)):
            changed.put_at("People", FIRST + i, 3, float(new["base"][i]))
        weights = [c.weight for c in plan.components if c.weight is not None]
        edits: dict[str, Any] = {"caps.total": 1.3}
        changed.put("total_cap", 1.3)
        for i, c in enumerate(plan.components):
            if c.weight is not None:
                edits[f"components[{i}].weight"] = weights.pop()
                changed.put(f"weight_{c.key}", edits[f"components[{i}].weight"])
        most = reports[f"cost{seed}"].most.kind
        after = cost(
            plan.edit(edits), new, terms.edit({**fresh, "budget": 750_000.0, "stress": 1.45}), attainments=GRID
        )
        if most == after.most.kind:  # whether pay is bounded is settled when the workbook is made
            books[f"changed{seed}"], reports[f"changed{seed}"] = changed.bytes(), after
    reckoned = recalculated(books)
    for name, report in reports.items():
        figures += compared(books[name], reckoned[name], report, name)
        if name.startswith("cost"):
            assert differences(books[name], reckoned[name])[1:] == []
    assert figures > 800


def test_every_template_is_costed_and_a_wage_base_is_an_input() -> None:
    books: dict[str, bytes] = {}
    reports: dict[str, CostReport] = {}
    for key in ("knowup-csat-weighted", "posthog-csm-v3", "sourcegraph-ta", "totango-four-factors", "xactly-csm"):
        plan = templates.load(key)
        terms = Assumptions.for_plan(plan).edit({"benefits_rate": 0.2, "draws": 100})
        books[key] = workbook(plan, headcount(plan, 12), assumptions=terms, on=ON)
        reports[key] = cost(plan, headcount(plan, 12), terms, attainments=GRID)
    plan = templates.load("knowup-csat-weighted")
    changed = Changed(books["knowup-csat-weighted"])
    changed.put("employer_tax_1_wages", 90_000.0)
    books["wages"] = changed.bytes()
    reckoned = recalculated(books)
    for name, report in reports.items():
        assert compared(books[name], reckoned[name], report, name) == len(PARTS) * (len(GRID) + 2)
        assert differences(books[name], reckoned[name])[1:] == []
    # 12 people on 85,000 and 20,000: 6.2% of 90,000 and 1.45% of 105,000.
    read = Reckoned(books["wages"], reckoned["wages"])
    assert read["team_employer_tax_at_target"] == pytest.approx(12 * (5580 + 1522.5), abs=1e-6)
    months = read.labelled("Months")
    assert months["This sheet is"] == "out of date"
    assert Reckoned(books["xactly-csm"], reckoned["xactly-csm"]).labelled("Months")["This sheet is"] == "up to date"


def test_random_plans_equal_the_engine() -> None:
    """Without LibreOffice: a workbook whose own sums differ from the engine's is never handed out."""
    terms = Assumptions(regime="rate", rate=0.2, stress=1.7, draws=2)
    for seed in range(300, 320):
        rng = Random(seed)
        plan = Plan.from_dict(tidy(make_plan(rng)))
        assert workbook(plan, people_of(rng, plan, 5), assumptions=terms, on=ON)[:2] == b"PK"


def test_results_that_a_cell_cannot_hold_are_refused() -> None:
    plan = templates.load("knowup-csat-weighted")
    with pytest.raises(ResultError, match="expansion_arr: must be finite; a workbook cannot hold infinite numbers"):
        workbook(plan, results={"expansion_arr": float("inf")}, on=ON)
    with pytest.raises(ResultError, match="grr"):
        workbook(plan, results={"grr": 1.2}, on=ON)
    with pytest.raises(ResultError, match="csat_top_box: is missing"):
        workbook(plan, pd.DataFrame({"grr": [0.9], "expansion_arr": [1.0]}), on=ON)
    gated = plan.edit({"gates": [{"measure": "expansion_arr", "at_least": 1000, "otherwise": {"factor": 0.5}}]})
    team = pd.DataFrame({"expansion_arr.target": [120_000.0]})
    with pytest.raises(ResultError, match=r"expansion_arr\.target: is an individual target"):
        workbook(gated, team, assumptions=Assumptions(), on=ON)
    assert workbook(gated, team, on=ON)[:2] == b"PK"


def test_a_ratio_is_a_formula_of_its_parts() -> None:
    plan = templates.load("knowup-csat-weighted")
    team = pd.DataFrame({
        "grr.numerator": [950.0, 880.0], "grr.denominator": [1000.0, 1000.0], "expansion_arr": [310e3, 150e3],
        "csat_top_box": [0.93, 0.85],
    })  # fmt: skip
    changed = Changed(workbook(plan, team, on=ON))
    changed.put_at("People", FIRST, 5, 900.0)
    file = changed.bytes()
    paid = payouts(plan, team.assign(**{"grr.numerator": [900.0, 880.0]}), "year")["total"].sum()
    assert Reckoned(file, recalculated({"team": file})["team"])["total_pay"] == pytest.approx(paid, rel=1e-12)


def test_results_are_at_target_by_default() -> None:
    plan = templates.load("flowfuse-csm")
    assert workbook(plan, on=ON) == workbook(plan, results=results_at(plan, 1.0, "year")[0], on=ON)
