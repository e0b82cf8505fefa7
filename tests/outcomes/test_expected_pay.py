"""Expected pay is the same wherever a plan shows it."""

from __future__ import annotations

import datetime as dt
import io
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from support.commands import output_of
from support.spreads import own_spreads

from compplan import formats, templates
from compplan.cost import Assumptions, cost, headcount
from compplan.documents.workbook import workbook
from compplan.errors import CompPlanError
from compplan.outcomes import illustrative_spreads, outlook, overview, pay_distribution
from compplan.outcomes.distribution import separable
from compplan.ui.cost import session as cost_session
from compplan.ui.cost import tables as cost_tables

KEYS = templates.keys()


def expected_cell(data: bytes) -> float:
    """Expected variable pay in a workbook: the number beside its label."""
    sheets = openpyxl.load_workbook(io.BytesIO(data))
    values: list[Any] = []
    for sheet in sheets:
        for row in sheet.iter_rows():
            for cell, beside in pairwise(row):
                if str(cell.value).startswith("Expected variable"):
                    values.append(beside.value)
    (value,) = values
    return float(value)


@pytest.mark.parametrize("key", KEYS)
def test_expected_pay_is_the_same_on_every_path(key: str, tmp_path: Path) -> None:
    plan = templates.load(key)
    spreads = own_spreads(plan)
    known = Assumptions.for_plan(plan).edit({"spreads": spreads})
    expected = cost(plan, headcount(plan), known).expected.cost.pay
    assert outlook(plan, spreads).mean == expected
    assert overview(plan, spreads).likely.mean == expected
    assert overview(plan, {**illustrative_spreads(plan), **spreads}).cash_likely == plan.pay.base + expected

    # The Designer shows the overview (tests/app/test_first_load.py), the Cost page and a share link this report.
    inputs = cost_session.CostInputs.of(plan, {"people": 1, "who": "number", "assumptions": known.to_dict()})
    report = cost_session.cost_report(cost_session.CostRequest.of(plan, inputs))
    assert report.expected.cost.pay == expected
    assert formats.money(expected, plan.currency) in cost_tables.parts_table(report)

    (file := tmp_path / "assumptions.json").write_text(json.dumps(known.to_dict()))
    printed = json.loads(output_of("cost", f"template:{key}", "--headcount", "1", "--assumptions", str(file), "--json"))
    assert printed["expected"]["pay"] == expected

    book = workbook(plan, assumptions=known, on=dt.date(2026, 9, 1))
    assert expected_cell(book) == expected


@pytest.mark.parametrize("key", KEYS)
def test_expected_pay_has_a_closed_form_or_a_standard_error(key: str) -> None:
    plan = templates.load(key)
    figures = outlook(plan, own_spreads(plan))
    assert figures.method == ("closed form" if separable(plan) else "simulation")
    assert (figures.standard_error == 0.0) == (figures.method == "closed form")
    assert figures.p10 <= figures.p50 <= figures.p90


def test_a_team_is_paid_the_expected_pay_of_one_person_times_its_people() -> None:
    plan = templates.load("knowup-csat-weighted")
    assert cost(plan, headcount(plan, 40)).expected.cost.pay == pytest.approx(40 * outlook(plan).mean, abs=1e-6)


def test_expected_pay_of_a_commission_depends_on_target_variable() -> None:
    plan = next(p for p in map(templates.load, KEYS) if any(c.rate for c in p.components))
    variable = np.array([plan.pay.target_variable, plan.pay.target_variable + 10_000.0])
    spreads = own_spreads(plan)
    pay = pay_distribution(plan, variable, np.ones(2), spreads=spreads)
    alone = [pay_distribution(plan, variable[i : i + 1], np.ones(1), spreads=spreads).mean()[0] for i in range(2)]
    assert pay.mean().tolist() == pytest.approx(alone, abs=1e-9)


def test_half_a_year_is_expected_to_pay_half() -> None:
    for key in KEYS:
        plan = templates.load(key)
        variable = np.full(2, plan.pay.target_variable)
        whole, half = pay_distribution(plan, variable, np.array([1.0, 0.5]), spreads=own_spreads(plan)).mean()
        assert half == pytest.approx(whole / 2, abs=1e-6)


def test_expected_pay_leaves_kickers_out() -> None:
    plan = templates.load("knowup-csat-weighted")
    kicker = {"measure": "expansion_arr", "name": "Bonus", "per_unit": 0.01}
    with_kicker = plan.edit({"kickers": [kicker]})
    assert outlook(with_kicker).mean == outlook(plan).mean
    assert outlook(with_kicker).method == "closed form"
    steady = outlook(with_kicker, {component.key: 0.0 for component in plan.components})
    assert (steady.mean, steady.p10, steady.p90) == (20_000.0, 20_000.0, 20_000.0)
    report = cost(with_kicker, headcount(with_kicker))
    assert (report.at_target.pay, report.expected.cost.pay) == (20_000.0, outlook(plan).mean)
    without_variable = with_kicker.edit({"pay.variable": 0.0, "pay.variable_share": None})
    assert outlook(without_variable).mean == 0.0


@pytest.mark.parametrize(
    ("spreads", "draws", "place"),
    [({"nrr": -0.1}, 2, "spreads.nrr"), ({"nr": 0.1}, 2, "spreads.nr"), ({"nrr": float("nan")}, 2, "spreads.nrr"),
     ({}, 3, "draws"), ({}, 0, "draws")],
)  # fmt: skip
def test_an_impossible_spread_is_refused(spreads: dict[str, float], draws: int, place: str) -> None:
    with pytest.raises(CompPlanError) as error:
        outlook(templates.load("flowfuse-csm"), spreads, draws=draws)
    assert [problem.where for problem in error.value.problems] == [place]
