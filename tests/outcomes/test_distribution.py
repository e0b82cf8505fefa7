"""Drawn results stay within what a measure allows, on whichever side it has a limit."""

from __future__ import annotations

import numpy as np
import pytest

from compplan.measures import catalog
from compplan.outcomes import pay_distribution
from compplan.outcomes.distribution import result_limits
from compplan.payout.engine import compile_plan
from compplan.plan import Plan

PLAN = """
compplan: 1
name: One limit
role: csm
segment: smb
currency: USD
pay: {base: 60000, variable: 20000}
components:
  - {measure: %s, weight: 1, target: %s, curve: {kind: linear, points: [%s], above: extend}}
"""


def one_sided() -> tuple[list[str], list[str]]:
    """Measures of the catalog with only a lower limit, where less and where more is better."""
    measures = [m for m in catalog().values() if m.low is not None and m.high is None and m.kind == "level"]
    return [m.key for m in measures if m.better == "less"], [m.key for m in measures if m.better == "more"]


def test_a_measure_with_only_a_lower_limit_is_never_drawn_below_it() -> None:
    (key, *_), _ = one_sided()
    plan = Plan.from_yaml(PLAN % (key, 40, "[80, 0.5], [40, 1]"))
    component = compile_plan(plan).components[0]
    low, high = result_limits(component)
    assert low is not None
    assert high is None
    pay = pay_distribution(plan, np.array([20_000.0]), np.ones(1), spreads={component.id: 60.0})
    best = component.curve(low)
    assert pay.drawn[0].max() == pytest.approx(best, abs=1e-9)
    assert (pay.drawn[0] > best - 1e-9).mean() > 0.2  # the part of the bell below the limit is at the limit
    assert pay.exact_means is not None
    assert pay.exact_means[0] == pytest.approx(pay.drawn[0].mean(), abs=0.02)


def test_a_measure_with_only_a_lower_limit_has_no_upper_one() -> None:
    _, (key, *_) = one_sided()
    plan = Plan.from_yaml(PLAN % (key, 1, "[0.5, 0.5], [1, 1]"))
    component = compile_plan(plan).components[0]
    pay = pay_distribution(plan, np.array([20_000.0]), np.ones(1), spreads={component.id: 0.5})
    assert pay.drawn[0].max() > 2.0


def test_a_flow_is_never_drawn_below_zero() -> None:
    plan = Plan.from_yaml(PLAN % ("expansion_arr", 100_000, "[0, 0.5], [100000, 1]"))
    pay = pay_distribution(plan, np.array([20_000.0]), np.ones(1), spreads={"expansion_arr": 200_000.0})
    assert pay.drawn[0].min() == pytest.approx(0.5, abs=1e-9)


def test_the_second_half_of_the_years_mirrors_the_first() -> None:
    plan = Plan.from_yaml(PLAN % ("nrr", 1, "[0, 0], [1, 1]"))
    drawn = pay_distribution(plan, np.array([20_000.0]), np.ones(1), spreads={"nrr": 0.01}, draws=512).drawn[0]
    assert np.allclose(drawn[:256] + drawn[256:], 2.0, atol=1e-6)
