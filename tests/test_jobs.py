"""The functions of `import compplan`: what they accept, and that a wrong argument is refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import compplan
from compplan.cost import Assumptions
from compplan.review import Settings

PLAN = compplan.load_template("flowfuse-csm")

_PEOPLE = "people: must be a number of people or a table; read a file with compplan.roster.read_file."
_TABLE = "people: must be a table of people (a pandas DataFrame); read a file with compplan.roster.read_file."
_PLAN = "must be a plan; read one with compplan.load_plan or compplan.load_template. You entered"
_RESULTS = "results: must be results by component or measure, such as {'grr': 0.95}. You entered"
_DAY = "must be a date, such as datetime.date(2026, 1, 31). You entered"
_ASSUMPTIONS = 'assumptions: must be values by name, such as {"overhead": 6000}. You entered'

WRONG: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], str]] = [
    (compplan.load_plan, (None,), {}, "path: must be the name of a plan file. You entered None."),
    (compplan.load_template, (3,), {}, "key: must be the key of a template; list_templates lists them. You entered 3."),
    (compplan.pay, (3, {}), {}, f"plan: {_PLAN} 3."),
    (compplan.pay, (PLAN, None), {}, f"{_RESULTS} None."),
    (compplan.pay, (PLAN, [("nrr", 1)]), {}, f"{_RESULTS} a value of type list."),
    (compplan.pay_team, (PLAN, {"nrr": [1.1]}), {}, f"{_TABLE} You entered a value of type dict."),
    (compplan.expected_pay, (PLAN, 3), {}, ("spreads: must be standard deviations by component, such as {'nrr': 0.1}."
     " You entered 3.")),
    (compplan.expected_pay, (PLAN, {"nrr": "a"}), {}, ("spreads.nrr: must be a finite number of 0 or more. You entered"
     " 'a'.")),
    (compplan.review_plan, (PLAN, "answers.yaml"), {}, ("context: must be a Context or answers by question; read a file"
     " with compplan.review.Context.load. You entered 'answers.yaml'.")),
    (compplan.review_plan, (PLAN, None, 3), {}, ("settings: must be Settings or values by name; read a file with"
     " compplan.review.Settings.load. You entered 3.")),
    (compplan.review_plan, (PLAN,), {"today": "2026-01-31"}, f"today: {_DAY} '2026-01-31'."),
    (compplan.estimate_cost, (PLAN, "team.csv"), {}, f"{_PEOPLE} You entered 'team.csv'."),
    (compplan.estimate_cost, (PLAN, True), {}, f"{_PEOPLE} You entered True."),
    (compplan.estimate_cost, (PLAN, 3, 1000), {}, f"{_ASSUMPTIONS} 1000."),
    (compplan.compare, (PLAN, 3), {}, f"now: {_PLAN} 3."),
    (compplan.compare, (None, PLAN), {}, f"before: {_PLAN} None."),
    (compplan.build_workbook, (PLAN, "team.csv"), {}, f"{_PEOPLE} You entered 'team.csv'."),
    (compplan.build_workbook, (PLAN,), {"on": 2026}, f"on: {_DAY} 2026."),
    (compplan.plan_link, ("plan.yaml",), {}, f"plan: {_PLAN} 'plan.yaml'."),
    (compplan.open_plan_link, (3,), {}, "link: must be a plan link. You entered 3."),
    (PLAN.edit, (3,), {}, 'changes: must be new values by path, such as {"name": "My plan"}. You entered 3.'),
    (PLAN.edit, ({3: "x"},), {}, "changes: must be new values by path; a path is text. You entered 3."),
    (compplan.Plan.from_yaml, (None,), {}, "text: must be YAML text. You entered None."),
    (compplan.Plan.from_json, (b"{}",), {}, "text: must be JSON text. You entered a value of type bytes."),
]  # fmt: skip


@pytest.mark.parametrize(("job", "arguments", "options", "message"), WRONG, ids=[row[-1][:40] for row in WRONG])
def test_an_argument_of_the_wrong_kind_is_refused_with_a_sentence(
    job: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(compplan.CompPlanError) as caught:
        job(*arguments, **options)
    assert str(caught.value) == message


def test_a_long_value_is_cut_in_the_error() -> None:
    with pytest.raises(compplan.CompPlanError, match=r"You entered 'x{56}…\.$"):
        compplan.estimate_cost(PLAN, "x" * 500)  # pyright: ignore[reportArgumentType]


def test_a_field_of_a_plan_cannot_be_set_or_deleted() -> None:
    with pytest.raises(compplan.PlanError) as caught:
        PLAN.name = "b"
    assert str(caught.value) == "name: cannot be changed; edit returns a changed copy."
    with pytest.raises(compplan.PlanError, match="cannot be changed"):
        del PLAN.name
    with pytest.raises(compplan.PlanError, match="model_copy returns a changed copy"):
        PLAN.pay.base = 1.0


def test_cost_takes_assumptions_as_a_mapping_on_top_of_the_defaults_for_the_plan() -> None:
    euros = PLAN.edit({"currency": "EUR"})
    report = compplan.estimate_cost(euros, 3, {"overhead": 1000})
    assert report.assumptions == Assumptions(regime="none", overhead=1000)
    with pytest.raises(compplan.CompPlanError, match="overhed: is not a known key; did you mean overhead"):
        compplan.estimate_cost(PLAN, 3, {"overhed": 1000})


def test_cost_and_workbook_take_a_number_of_people_of_any_integer_type() -> None:
    assert compplan.estimate_cost(PLAN, np.int64(3)).at_target == compplan.estimate_cost(PLAN, 3).at_target  # pyright: ignore[reportArgumentType]
    assert compplan.build_workbook(PLAN, 3, assumptions={"overhead": 1000})[:2] == b"PK"


def test_review_takes_settings_as_a_mapping() -> None:
    review = compplan.review_plan(PLAN, None, {"ignore": ["KNW"]})
    assert review.settings == Settings(ignore=("KNW",))
    assert review.ignored
    with pytest.raises(compplan.CompPlanError, match=r"review\.ignore\[0\]: 'KNX' is not a rule or family"):
        compplan.review_plan(PLAN, None, {"ignore": ["KNX"]})
