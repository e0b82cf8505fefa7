"""Whatever model is built wrongly raises a `CompPlanError` that names the place, what was found and what is allowed."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from compplan import templates
from compplan.capacity import CapacityModel
from compplan.cost import Assumptions, CostError
from compplan.curves import Goal, Linear, Retroactive, Step, Tiered
from compplan.errors import CompPlanError, CurveError, PlanError, nearest
from compplan.measures import OwnMeasure
from compplan.models import FrozenModel
from compplan.payout import payout
from compplan.plan import About, Caps, Component, Effective, Gate, Kicker, Modifier, Otherwise, Pay, Plan, Rounding
from compplan.review import Context

LINEAR: dict[str, Any] = {"kind": "linear", "points": [[0.8, 0.5], [1.0, 1.0]]}
SERVICE = {"renewal": 10.0}
YEAR = {"hours_a_day": 7.5, "weekdays": 260.0, "overhead": 0.2}
TIER: dict[str, Any] = {"name": "Enterprise", "service": SERVICE}


def plan_with(**parts: Any) -> Any:
    data = templates.load("knowup-csat-gate").to_dict()
    return {**data, **parts}


HINTS: list[tuple[str, Callable[[Any], object], Any, str]] = [
    ("plan", Plan.from_dict, plan_with(acumulation="discrete"), "acumulation: …; did you mean accumulation?"),
    ("plan, a part", Plan.from_dict, plan_with(pay={"bse": 1.0}), "pay.bse: …; did you mean base?"),
    (
        "plan, a curve of a modifier",
        Plan.from_dict,
        plan_with(modifiers=[{"measure": "csat", "curve": {**LINEAR, "treshold": 1}}]),
        "modifiers[0].curve.treshold: …; did you mean threshold?",
    ),
    (
        "plan, a measure that has the name of a part",
        Plan.from_dict,
        plan_with(measures={"pay": {"name": "Pay", "unit": "share", "kind": "level", "beter": "more"}}),
        "measures.pay.beter: …; did you mean better?",
    ),
    ("context", Context.of, {"renewal_ownr": "csm"}, "renewal_ownr: …; did you mean renewal_owner?"),
    (
        "context, what is known of a measure",
        Context.of,
        {"measures": {"grr": {"histroy": 3}}},
        "measures.grr.histroy: …; did you mean history?",
    ),
    ("context, the book", Context.of, {"book": {"acounts": 3}}, "book.acounts: …; did you mean accounts?"),
    (
        "capacity, the year",
        CapacityModel.of,
        {"tiers": [TIER], "year": {**YEAR, "wekdays": 1.0}},
        "year.wekdays: …; did you mean weekdays?",
    ),
    (
        "capacity, a touch of a tier",
        CapacityModel.of,
        {"tiers": [{**TIER, "service": {"touches": [{"name": "QBR", "times": 4.0, "hour": 1.0}]}}], "year": YEAR},
        "tiers[0].service.touches[0].hour: …; did you mean hours?",
    ),
    ("cost", Assumptions.from_dict, {"benefit_rate": 0.2}, "benefit_rate: …; did you mean benefits_rate?"),
]


@pytest.mark.parametrize(("build", "data", "expected"), [case[1:] for case in HINTS], ids=[case[0] for case in HINTS])
def test_a_hint_comes_from_the_model_that_has_the_key(build: Callable[[Any], object], data: Any, expected: str) -> None:
    with pytest.raises(CompPlanError) as refused:
        build(data)
    place, _, hint = expected.partition("…; ")
    messages = [str(problem) for problem in refused.value.problems]
    assert any(message.startswith(place) and message.startswith(f"{place}is not a known key; {hint[:-1]}")
               for message in messages), messages  # fmt: skip


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("gr", ["grr", "nrr", "csat"], "did you mean grr"),
        ("wieght", ["measure", "weight", "target"], "did you mean weight?"),
        ("expantion_arr", ["grr", "expansion_arr", "csat"], "did you mean expansion_arr?"),
        ("customer_sat", ["nps", "customer_satisfaction"], "did you mean customer_satisfaction?"),
        ("zzz", ["a", "b"], "allowed: a, b."),
        ("x", [], "there are none."),
    ],
)
def test_a_hint_names_the_nearest_known_word(word: str, known: list[str], hint: str) -> None:
    assert nearest(word, known).startswith(hint)


def models(root: type[BaseModel] = FrozenModel) -> Iterator[type[BaseModel]]:
    for model in root.__subclasses__():
        if model.__module__.startswith("compplan.") and not inspect.isabstract(model):
            yield model
        yield from models(model)


@pytest.mark.parametrize("model", sorted(set(models()), key=lambda model: model.__qualname__))
def test_no_constructor_raises_the_error_of_pydantic(model: type[FrozenModel]) -> None:
    for build in (lambda: model(no_such_key=1), lambda: model.model_validate({"no_such_key": 1})):
        with pytest.raises(CompPlanError) as refused:
            build()
        assert type(refused.value) is model.error_class
        assert "no_such_key" in {problem.where for problem in refused.value.problems}


def test_a_plan_that_does_not_fit_together_is_a_plan_error_from_its_constructor_too() -> None:
    parts = {name: getattr(templates.load("flowfuse-csm"), name) for name in Plan.model_fields}
    with pytest.raises(PlanError, match=r"weights must sum to 1") as refused:
        Plan(**{**parts, "components": (parts["components"][0].model_copy(update={"weight": 0.4}),)})
    (problem,) = refused.value.problems
    assert (problem.where, problem.rule) == ("components", "INT-01")


PARTS: list[tuple[FrozenModel, dict[str, Any], dict[str, Any], type[CompPlanError]]] = [
    (Linear(kind="linear", points=((0.8, 0.5), (1.0, 1.0))), {"cap": 1.5}, {"cap": -1.0}, CurveError),
    (Step(kind="step", steps=((0.8, 0.5),)), {"floor": 0.1}, {"steps": ()}, CurveError),
    (Tiered(kind="tiered", tiers=((0.0, 1.0),)), {"cap": 2.0}, {"tiers": ((0.0, -1.0),)}, CurveError),
    (Retroactive(kind="retroactive", tiers=((0.0, 1.0),)), {"cap": 2.0}, {"kind": "goal"}, CurveError),
    (Goal(kind="goal", at=1.0), {"at": 0.9}, {"at": "high"}, CurveError),
    (Pay(base=80000.0, variable=20000.0), {"variable": 30000.0}, {"variable": -1.0}, PlanError),
    (
        Component(measure="grr", weight=1.0, target=0.9, curve=Goal(kind="goal", at=0.9)),
        {"target": 0.95},
        {"target": None},
        PlanError,
    ),
    (Otherwise(factor=0.5), {"factor": 0.25}, {"factor": 1.0}, PlanError),
    (Gate(measure="csat", at_least=4.0, otherwise=Otherwise(limit=1.0)), {"at_least": 4.5}, {"covers": ()}, PlanError),
    (
        Modifier(measure="nps", curve=Linear(kind="linear", points=((20.0, 0.9), (40.0, 1.0)))),
        {"covers": ("grr",)},
        {"curve": Goal(kind="goal", at=40.0)},
        PlanError,
    ),
    (Kicker(name="Reference", measure="references", per_unit=500.0), {"max_units": 4.0}, {"name": ""}, PlanError),
    (Caps(total=2.0), {"total": 3.0}, {"total": 0.0}, PlanError),
    (Rounding(attainment=2), {"attainment": 4}, {"attainment": 11}, PlanError),
    (
        Effective.model_validate({"to": "2026-12-31"}),
        {"from": "2026-02-01"},
        {"from": "soon"},
        PlanError,
    ),
    (About(source="drury-2020"), {"note": "A note."}, {"assumed": "everything"}, PlanError),
    (
        OwnMeasure(name="QBR quality", unit="score", kind="level", better="more"),
        {"unit": "share"},
        {"unit": "stars"},
        PlanError,
    ),
    (Assumptions(overhead=6000.0), {"overhead": 0.0}, {"overhead": -1.0}, CostError),
]


@pytest.mark.parametrize(("part", "good", "bad", "error"), PARTS, ids=[type(case[0]).__name__ for case in PARTS])
def test_a_copy_with_changes_is_checked(
    part: FrozenModel, good: dict[str, Any], bad: dict[str, Any], error: type[CompPlanError]
) -> None:
    changed = part.model_copy(update=good)
    assert changed == type(part).model_validate(part.model_dump(by_alias=True, exclude_unset=True) | good)
    assert changed != part
    assert part.model_copy() == part == part.model_copy(deep=True)
    with pytest.raises(error):
        part.model_copy(update=bad)


def test_a_copy_of_a_plan_with_another_curve_pays_by_that_curve() -> None:
    """The copy has the hash of what it holds, so that nothing remembered of the first plan is taken for it."""
    plan = Plan.from_dict(
        {
            "compplan": 1, "name": "One", "role": "csm", "segment": "mid_market", "currency": "USD",
            "pay": {"base": 80000, "variable": 20000}, "frequency": "annual",
            "components": [{"measure": "grr", "weight": 1, "target": 0.92, "curve": LINEAR}],
        }
    )  # fmt: skip
    result = {"grr": 0.9}
    before = payout(plan, result, period="year").total
    goal = Component(measure="grr", weight=1.0, target=0.92, curve=Goal(kind="goal", at=0.9, cap=1.0))
    changed = plan.model_copy(update={"components": (goal,)})
    assert changed.hash != plan.hash
    assert (before, payout(changed, result, period="year").total) == (15000.0, 20000.0)
    with pytest.raises(PlanError, match="weights must sum to 1"):
        plan.model_copy(update={"components": (goal.model_copy(update={"weight": 0.5}),)})


def test_equal_plans_have_one_hash_and_serve_as_a_key() -> None:
    plan = templates.load("totango-four-factors")
    again = Plan.from_yaml(plan.to_yaml())
    other = plan.edit({"name": "Another"})
    assert (plan == again, hash(plan) == hash(again), plan == other) == (True, True, False)
    assert {plan: 1, other: 2}[again] == 1
    assert plan != plan.to_dict()
    for same in (copy.copy(plan), copy.deepcopy(plan), pickle.loads(pickle.dumps(plan))):
        assert same == plan
        assert hash(same) == hash(plan)


def test_models_with_mappings_can_be_hashed() -> None:
    first, second = (Assumptions(means={"nrr": 1.0}, spreads={"nrr": 0.1}) for _ in range(2))
    assert hash(first) == hash(second)
    assert first == second
