"""The engine against the exact oracle on random plans: every line and the total to the cent, alone and as a table."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import pandas as pd
import pytest
from support.exact import DECIMALS, PERIODS, Exact, Sheet, at_target
from support.plans import make_plan, make_results, tidy
from support.soak import blocks

from compplan.payout import Statement, payout, payouts
from compplan.plan import Plan

BLOCKS, PLANS, RESULTS = 35, 60, 4


def cents(amount: float, currency: str) -> int:
    units = amount * 10 ** DECIMALS[currency]
    assert abs(units - round(units)) < 1e-4 * max(1.0, abs(units) * 1e-9), (
        f"{amount!r} is no whole amount of {currency}"
    )
    return round(units)


def amounts_of(statement: Statement, kind: str, currency: str) -> list[int]:
    return [cents(line.amount, currency) for line in statement.lines if line.kind == kind]


def periods_of(rng: Random, plan: dict[str, Any]) -> int | str:
    return rng.choice(["year", 1, rng.randint(1, PERIODS[plan["frequency"]])])


def check_statement(statement: Statement, sheet: Sheet, data: dict[str, Any], paid_before: int | None) -> None:
    currency = data["currency"]
    assert cents(statement.period_target, currency) == sheet.period_target
    assert amounts_of(statement, "component", currency) == list(sheet.components.values())
    assert [line.id for line in statement.lines if line.kind == "component"] == list(sheet.components)
    whole_plan = [m.get("covers") is None for m in data["modifiers"]]
    shown = amounts_of(statement, "modifier", currency)
    assert [amount for amount, whole in zip(shown, whole_plan, strict=True) if whole] == sheet.modifiers
    assert [amount for amount, whole in zip(shown, whole_plan, strict=True) if not whole] == [0] * whole_plan.count(
        False
    )
    assert amounts_of(statement, "cap", currency) == ([sheet.cap] if sheet.cap else [])
    assert amounts_of(statement, "kicker", currency) == sheet.kickers
    for line in statement.lines:
        if line.kind == "component":
            assert line.payout_fraction == pytest.approx(float(sheet.fractions[line.id]), rel=1e-9, abs=1e-9)
    due = sheet.total - (paid_before or 0)
    left = max(0, due) if paid_before is not None and data["negative"] != "recover" else due
    assert cents(statement.total, currency) == left
    assert cents(math.fsum(line.amount for line in statement.lines), currency) == left
    assert cents(statement.carried, currency) in (due - left, 0)


def check_row(row: dict[str, float], sheet: Sheet, data: dict[str, Any], paid_before: int | None) -> None:
    currency = data["currency"]
    amounts = {name: cents(amount, currency) for name, amount in row.items()}
    expected = dict(sheet.components)
    if any(m.get("covers") is None for m in data["modifiers"]):
        expected["modifiers"] = sum(sheet.modifiers)
    if "total" in data.get("caps", {}):
        expected["total_cap"] = sheet.cap
    if data["kickers"]:
        expected["kickers"] = sum(sheet.kickers)
    due = sheet.total
    if paid_before is not None:
        expected["paid_before"] = -paid_before
        due -= paid_before
        expected["carried"] = max(0, -due) if data["negative"] != "recover" else 0
        due += expected["carried"]
    assert amounts == {**expected, "total": due}


def paid_earlier(rng: Random, data: dict[str, Any], period: int | str) -> int | None:
    """Minor units that earlier periods paid, where a plan asks for it."""
    if data["accumulation"] != "year_to_date" or period in (1, "year"):
        return None
    return rng.choice([0, rng.randint(0, 3_000_000)])


@pytest.mark.parametrize("block", blocks(BLOCKS))
def test_statement_and_table_equal_the_exact_oracle(block: int) -> None:
    for seed in range(block * PLANS, (block + 1) * PLANS):
        rng = Random(seed)
        data = make_plan(rng)
        plan = Plan.from_dict(tidy(data))
        period = periods_of(rng, data)
        rows = [make_results(rng, data, period) for _ in range(RESULTS)]
        sheets = [Exact(data, row, period).sheet() for row in rows]
        before = [paid_earlier(rng, data, period) for _ in rows]
        size = 10 ** DECIMALS[data["currency"]]
        frame = pd.DataFrame(rows)
        if before[0] is not None:
            frame["paid_before"] = [(b or 0) / size for b in before]
        try:
            table = payouts(plan, frame, period).to_dict("records")
            for row, sheet, paid, line in zip(rows, sheets, before, table, strict=True):
                check_row(line, sheet, data, paid)
                paid_before = None if paid is None else paid / size
                statement = payout(plan, row, period, paid_before=paid_before)
                check_statement(statement, sheet, data, paid)
        except Exception as error:
            error.add_note(f"seed {seed}, period {period}\n{plan.to_yaml()}\n{rows}")
            raise


@pytest.mark.parametrize("block", blocks(1))
def test_at_target_equals_the_exact_oracle(block: int) -> None:
    for seed in range(block * 600, (block + 1) * 600):
        data = make_plan(Random(seed))
        plan = Plan.from_dict(tidy(data))
        sheet = at_target(data)
        fraction = payout(plan, make_results(Random(0), data, "year"), "year").at_target_fraction
        assert sheet.period_target > 0
        assert fraction == pytest.approx(sheet.total / sheet.period_target, rel=1e-12), f"seed {seed}"


def personal_columns(rng: Random, data: dict[str, Any], rows: list[dict[str, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    frame["base"] = [float(rng.randint(40, 90) * 1000) for _ in rows]
    frame["variable"] = [float(rng.randint(40, 120) * 1000) + 0.37 for _ in rows]
    for c in data["components"]:
        if c.get("axis") == "attainment" and rng.randint(0, 1):
            frame[f"{c.get('id', c['measure'])}.target"] = [
                round(c["target"] * rng.choice([0.5, 0.8, 1.0]), 4) or c["target"] for _ in rows
            ]
    return frame


@pytest.mark.parametrize("block", blocks(6))
def test_personal_pay_and_targets_equal_the_exact_oracle(block: int) -> None:
    for seed in range(100_000 + block * 60, 100_000 + (block + 1) * 60):
        rng = Random(seed)
        data = make_plan(rng)
        data["accumulation"] = "discrete"
        plan = Plan.from_dict(tidy(data))
        period = periods_of(rng, data)
        frame = personal_columns(rng, data, [make_results(rng, data, period) for _ in range(4)])
        table = payouts(plan, frame, period).to_dict("records")
        for row, line in zip(frame.to_dict("records"), table, strict=True):
            targets = {k.removesuffix(".target"): v for k, v in row.items() if k.endswith(".target")}
            results = {k: v for k, v in row.items() if "." not in k and k not in ("base", "variable")}
            exact = Exact(data, results, period, variable=row["variable"], targets=targets)
            try:
                check_row(line, exact.sheet(), data, None)
            except AssertionError as error:
                error.add_note(f"seed {seed}, period {period}\n{plan.to_yaml()}\n{row}")
                raise


def test_random_plans_cover_every_feature() -> None:
    plans = [make_plan(Random(seed)) for seed in range(BLOCKS * PLANS)]
    parts = [c for p in plans for c in p["components"]]
    assert {c["curve"]["kind"] for c in parts} == {"linear", "step", "tiered", "retroactive", "goal"}
    assert {key for c in parts for key in c["curve"]} >= {"cap", "floor", "threshold", "above"}
    assert {c.get("axis", "actual") for c in parts} == {"actual", "attainment"}
    assert {"rate" in c for c in parts} == {True, False}
    gates = [g for p in plans for g in p["gates"]]
    assert {key for g in gates for key in g} == {"measure", "at_least", "at_most", "otherwise", "covers"}
    assert {key for g in gates for key in g["otherwise"]} == {"factor", "limit"}
    assert {"covers" in m for p in plans for m in p["modifiers"]} == {True, False}
    assert {p["frequency"] for p in plans} == set(PERIODS)
    assert {"seasonality" in p for p in plans} == {"rounding" in p for p in plans} == {True, False}
    assert {"caps" in p for p in plans} == {"variable" in p["pay"] for p in plans} == {True, False}
    assert any(len(c["curve"].get("points", ())) > 12 for c in parts)
    assert any(all("rate" in c for c in p["components"]) for p in plans)
