"""Worked examples: tables in tests/cases/worked that a person can check by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compplan import templates
from compplan.payout import payout
from compplan.plan import Plan
from compplan.plan.files import read_yaml

TABLES = sorted((Path(__file__).resolve().parents[1] / "cases" / "worked").glob("*.yaml"))
SHEETS: dict[str, dict[str, Any]] = {path.stem: read_yaml(path.read_text(encoding="utf-8")) for path in TABLES}
CASES = [(name, i) for name, sheet in SHEETS.items() for i in range(len(sheet.get("cases", ())))]


def plan_of(sheet: dict[str, Any]) -> Plan:
    plan = Plan.from_dict(sheet["plan"]) if "plan" in sheet else templates.load(sheet["template"])
    return plan.edit(sheet["change"]) if "change" in sheet else plan


@pytest.mark.parametrize(("name", "i"), CASES, ids=[f"{name}-{i}" for name, i in CASES])
def test_a_worked_example_pays_its_stated_amount(name: str, i: int) -> None:
    sheet = SHEETS[name]
    case = sheet["cases"][i]
    statement = payout(plan_of(sheet), case["results"], period="year")
    assert statement.total == case["total"]
    lines = {line.id: line for line in statement.lines if line.kind != "gate"}
    for key, expected in case.get("lines", {}).items():
        for field, value in expected.items():
            actual = getattr(lines[key], field)
            assert actual == (value if field == "amount" else pytest.approx(value, abs=1e-9)), f"{key}.{field}"


def test_periods_of_a_worked_year_add_up() -> None:
    sheet = SHEETS["gc-01-splitting"]
    plan = plan_of(sheet)
    assert plan.pay.ote == sheet["pay"]["ote"]
    assert plan.pay.target_variable == sheet["pay"]["variable"]
    assert round(plan.pay.mix, 6) == sheet["pay"]["mix"]
    for frequency, expected in sheet["periods"].items():
        edited = plan.edit({"frequency": frequency})
        statements = [payout(edited, {"csat_top_box": 0.9}, k + 1) for k in range(edited.periods)]
        assert [statement.period_target for statement in statements] == expected
        assert [statement.total for statement in statements] == expected
        assert round(sum(expected), 2) == sheet["pay"]["variable"]


@pytest.mark.parametrize("case", ["02", "03", "04", "05", "06", "07", "08", "09", "20"])
def test_every_table_has_rows(case: str) -> None:
    rows = [i for name, i in CASES if name.startswith(f"gc-{case}-")]
    assert len(rows) >= 3


def test_pay_mix_reproduces_target_variable() -> None:
    plan = plan_of(SHEETS["gc-01-splitting"])
    turned = plan.edit({"pay": {"base": 84999, "variable_share": plan.pay.mix}})
    assert turned.pay.target_variable == pytest.approx(22346, abs=1e-6)
    assert payout(turned, {"csat_top_box": 0.9}, "year").total == 22346.00
