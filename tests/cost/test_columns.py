"""Every column of every table has a unit and a meaning in the docstring of its class."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from compplan import templates
from compplan.cost import COLUMNS, Assumptions, CostReport, Headcount, Schedule, SideBySide, cost, headcount, schedule
from compplan.cost import side_by_side as compare_cost

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs"))
import generate  # docs/generate.py writes the same tables into the documentation

PLAN = templates.load("knowup-csat-weighted")
TEAM = headcount(PLAN, 3)
REPORT = cost(PLAN, TEAM)
COMPARISON = compare_cost(PLAN, PLAN, TEAM)
TABLES: list[tuple[type, str, pd.DataFrame]] = [
    (CostReport, "each", REPORT.each),
    (CostReport, "rows", REPORT.rows),
    (CostReport, "grid", REPORT.grid),
    (Schedule, "months", schedule(PLAN, TEAM).months),
    (SideBySide, "people", COMPARISON.people),
    (SideBySide, "by_role", COMPARISON.by_role),
]


def documented(owner: type, name: str) -> list[tuple[str, str, str]]:
    return [
        (column.strip("`"), unit, meaning)
        for names, rows in generate.column_tables(owner.__doc__ or "")
        if name in names
        for column, unit, meaning in rows
    ]


@pytest.mark.parametrize(("owner", "name", "frame"), TABLES, ids=[f"{o.__name__}.{n}" for o, n, _ in TABLES])
def test_every_column_is_documented(owner: type, name: str, frame: pd.DataFrame) -> None:
    rows = documented(owner, name)
    assert [column for column, *_ in rows] == list(frame.columns)
    assert all(unit and meaning for _, unit, meaning in rows)


def test_every_column_of_a_headcount_is_documented() -> None:
    columns = [column for column, *_ in documented(Headcount, "people")]
    assert [column for column in columns if "<" not in column] == list(COLUMNS)


def test_every_assumption_is_documented() -> None:
    for name, field in Assumptions.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name
