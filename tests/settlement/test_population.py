"""A population is built once: how often a request compiles its plan."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
import pytest
from support.spreads import own_spreads

from compplan import templates
from compplan.cost import Assumptions, CostError, PlanYear, cost, headcount, schedule, side_by_side
from compplan.cost.amounts import loaded_pay
from compplan.cost.expected import expected
from compplan.cost.ratios import ratios
from compplan.payout import engine, payouts
from compplan.plan import Plan
from compplan.settlement import Population

YEAR = PlanYear(dt.date(2026, 1, 1))
KEYS = templates.keys()


@contextmanager
def compilations() -> Iterator[Counter[str]]:
    """Count how often `compile_plan` runs for each plan, from an empty cache."""
    counts: Counter[str] = Counter()
    engine.compile_plan.cache_clear()
    code = engine.compile_plan.__wrapped__.__code__

    def watch(frame: Any, event: str, _: Any) -> None:
        if event == "call" and frame.f_code is code:
            counts[frame.f_locals["plan"].hash] += 1

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield counts
    finally:
        sys.setprofile(before)


@contextmanager
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Count every call of `compile_plan` for each plan, whether its cache answers or not."""
    counts: Counter[str] = Counter()
    compile_plan = engine.compile_plan

    def counted(plan: Plan) -> engine.Compiled:
        counts[plan.hash] += 1
        return compile_plan(plan)

    for module in [m for name, m in list(sys.modules.items()) if name.startswith("compplan.")]:
        if getattr(module, "compile_plan", None) is compile_plan:
            monkeypatch.setattr(module, "compile_plan", counted)
    yield counts


REQUESTS: dict[str, Callable[[Plan], Any]] = {
    "cost": lambda plan: cost(plan, headcount(plan, 3)),
    "schedule": lambda plan: schedule(plan, headcount(plan, 3), Assumptions(spreads=own_spreads(plan))),
    "schedule at target": lambda plan: schedule(plan, headcount(plan, 3), footing=1.0),
}


@pytest.mark.parametrize("request_name", REQUESTS)
@pytest.mark.parametrize("key", KEYS)
def test_a_request_compiles_its_plan_once(request_name: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = templates.load(key)
    with calls(monkeypatch) as counts:
        REQUESTS[request_name](plan)
    assert counts == {plan.hash: 1}


def test_a_comparison_compiles_each_plan_once(monkeypatch: pytest.MonkeyPatch) -> None:
    before, now = templates.load("knowup-csat-gate"), templates.load("knowup-csat-weighted")
    with calls(monkeypatch) as counts:
        side_by_side(before, now, headcount(before, 3))
    assert counts == {before.hash: 1, now.hash: 1}


def test_ratios_compile_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = templates.load("knowup-csat-weighted")
    assumptions = Assumptions.for_plan(plan)
    with calls(monkeypatch) as counts:
        team = Population.of(plan, headcount(plan, 3), YEAR)
        loads = loaded_pay(team.pay, assumptions)
        at_target = loads.total(team.paid(team.results_at(np.ones(1))[0])[0])
        found = ratios(team, assumptions, at_target, expected(team, loads, assumptions))
    assert found.points
    assert counts == {plan.hash: 1}


def test_a_population_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = templates.load("knowup-csat-weighted")
    with calls(monkeypatch) as counts:
        team = Population.of(plan, headcount(plan, 3), YEAR)
        report, months = cost(plan, team), schedule(plan, team)
    assert counts == {plan.hash: 1}
    assert report.at_target == cost(plan, headcount(plan, 3)).at_target
    assert months.year == schedule(plan, headcount(plan, 3)).year


def test_a_population_of_another_year_or_plan_is_built_again() -> None:
    plan, other = templates.load("knowup-csat-weighted"), templates.load("knowup-csat-gate")
    people = pd.DataFrame({"id": ["a"], "base": [9e4], "variable": [2e4], "hired": ["2026-07-01"]})
    team = Population.of(plan, people, YEAR)
    later = Population.of(plan, team, PlanYear(dt.date(2026, 7, 1)))
    assert (team.pay.share[0], later.pay.share[0]) == (184 / 365, 1.0)
    assert Population.of(other, team, YEAR).plan == other


def test_a_population_pays_like_payouts() -> None:
    rng = np.random.Generator(np.random.PCG64(7))
    for key in KEYS:
        plan = templates.load(key)
        people = headcount(plan, 1).people.loc[[0, 0, 0]].assign(id=["a", "b", "c"]).reset_index(drop=True)
        team = Population.of(plan, people, YEAR)
        results = {k: v * rng.uniform(0.9, 1.0, v.shape) for k, v in team.results_at(np.ones(1))[0].items()}
        frame = people.assign(**{k: v[0] for k, v in results.items()})
        assert (team.paid(results)[0] / team.pay.size).tolist() == payouts(plan, frame, "year")["total"].tolist()


def test_an_empty_table_is_refused() -> None:
    plan = templates.load("knowup-csat-weighted")
    empty = headcount(plan, 1).people.iloc[:0]
    for request in (cost, schedule):
        with pytest.raises(CostError) as error:
            request(plan, empty)
        assert [problem.where for problem in error.value.problems] == ["people"]
