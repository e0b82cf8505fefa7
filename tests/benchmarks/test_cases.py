"""The worked examples of ``tests/cases/benchmarks.yaml``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from compplan.benchmarks import (
    Market,
    PayAmount,
    PayBasis,
    Percentiles,
    bands,
    find_area,
    ladder,
    pair,
)

CASES: dict[str, list[dict[str, Any]]] = YAML(typ="safe").load(
    Path(__file__).resolve().parents[1] / "cases" / "benchmarks.yaml"
)


def each(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", CASES[kind], ids=lambda case: case.get("name", case.get("upper")))


def band(case: dict[str, Any]) -> Any:
    (match,) = bands(case["role"], case["basis"], "knowup")
    return match


@each("bands")
def test_range_arithmetic(case: dict[str, Any]) -> None:
    pay_band = band(case)
    pay = PayAmount(case["pay"], pay_band.basis, "USD")
    assert pay_band.midpoint == case["midpoint"]
    assert pay_band.compa_ratio(pay) == pytest.approx(case["compa_ratio"], abs=5e-7)
    assert pay_band.penetration(pay) == pytest.approx(case["penetration"], abs=5e-7)
    assert pay_band.spread == pytest.approx(case["spread"], abs=5e-7)


@each("pairs")
def test_base_and_ote_at_the_same_position(case: dict[str, Any]) -> None:
    amounts = pair(*bands(case["role"], source="knowup"), q=case["q"])
    assert amounts.base == PayAmount(case["base"], PayBasis.BASE, "USD")
    assert amounts.ote == PayAmount(case["ote"], PayBasis.OTE, "USD")
    assert amounts.target_variable == PayAmount(case["target_variable"], PayBasis.TARGET_VARIABLE, "USD")
    assert amounts.variable_share == pytest.approx(case["variable_share"], abs=5e-7)


def test_each_step_of_the_ladder() -> None:
    steps = ladder("base", "knowup")
    assert [(step.lower.role, step.upper.role) for step in steps] == [
        (case["lower"], case["upper"]) for case in CASES["steps"]
    ]
    for step, case in zip(steps, CASES["steps"], strict=True):
        assert step.progression == pytest.approx(case["progression"], abs=5e-7)
        assert step.overlap == pytest.approx(case["overlap"], abs=5e-7)
        assert step.gap == case["gap"]


@each("markets")
def test_band_adjusted_to_a_market(case: dict[str, Any]) -> None:
    market = Market(
        find_area(case["area"]) if "area" in case else None,
        exponent=case.get("exponent"),
        specialism=case.get("specialism"),
        date=case.get("date"),
        rate=case.get("rate"),
        place_premium=case.get("place_premium"),
    )
    assert market.date is None or type(market.date) is dt.date
    pay_band = band(case)
    moved = market.adjust(pay_band)
    assert moved.factor == pytest.approx(case["factor"], abs=5e-7)
    assert moved.figure.low == pytest.approx(pay_band.low * case["factor"], rel=1e-6)
    assert moved.figure.high == pytest.approx(pay_band.high * case["factor"], rel=1e-6)


@each("between")
def test_interpolation_between_percentiles(case: dict[str, Any]) -> None:
    survey = Percentiles("", PayBasis.TOTAL_COMPENSATION, tuple(case["points"].items()), "USD")
    assert survey.at(case["p"]) == pytest.approx(case["value"], abs=0.005)
