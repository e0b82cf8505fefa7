"""Places of plans and other documents under the names that people know."""

from __future__ import annotations

from typing import Any

import pytest

from compplan import templates
from compplan.errors import PlanError, Problem
from compplan.plan import Plan
from compplan.plan.differences import changes
from compplan.plan.place_names import place_name, problem_text

DATA: dict[str, Any] = {
    "components": [
        {"measure": "grr", "weight": 0.5},
        {"measure": "expansion_arr", "id": "growth"},
        {"measure": "expansion_arr", "id": "growth_2"},
        {"measure": "qbr"},
        "no component",
    ],
    "gates": [{"measure": "growth"}, {"measure": "csat"}],
    "kickers": [{"measure": "references"}],
    "measures": {"qbr": {"name": "QBR quality"}},
}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("pay.base", "Base salary"),
        ("components", "Components"),
        ("components[0].weight", "GRR weight"),
        ("components[0].curve", "GRR curve"),
        ("components[0].curve.points[2]", "GRR curve, point 3"),
        ("components[0].curve.points[2][1]", "GRR curve, point 3"),
        ("components[0].curve.cap", "GRR cap"),
        ("components[1].target", "Expansion (2) target"),
        ("components[3].weight", "QBR quality weight"),
        ("components[4].weight", "Component 5 weight"),
        ("components[9].weight", "Component 10 weight"),
        ("gates[0].at_least", "Gate on Expansion at least"),
        ("gates[1].covers[0]", "Gate on CSAT covers, entry 1"),
        ("kickers[0].per_unit", "Kicker on References pay per unit"),
        ("measures.qbr.unit", "Measure QBR quality unit"),
        ("about.assumed[3]", "Assumed values, value 4"),
        ("rounding.attainment", "Decimals of attainment"),
        ("tiers[0].service.touches[1].hours", "Tier 1 service touch 2 hours"),
        ("year.hours_a_day", "Year hours a day"),
        ("no path at all", "no path at all"),
    ],
)
def test_a_place_has_the_name_that_people_know(path: str, name: str) -> None:
    assert place_name(path, DATA) == name


@pytest.mark.parametrize("data", [None, {}, {"components": 3}, {"components": [], "measures": []}])
def test_a_place_has_a_name_without_the_data(data: Any) -> None:
    assert place_name("components[0].weight", data) == "Component 1 weight"


def test_every_place_of_every_template_has_a_name_without_keys() -> None:
    for key in templates.keys():  # noqa: SIM118
        plan = templates.load(key)
        for path in plan.about.assumed:
            name = place_name(path, plan)
            assert name[:1].isupper()
            assert not {"_", "[", "]"} & set(name), name


def test_the_problems_of_a_refused_plan_read_as_sentences() -> None:
    data = templates.load("knowup-csat-gate").to_dict()
    data["components"][0]["weight"] = 1.2
    data["rolle"] = data.pop("role")
    with pytest.raises(PlanError) as refused:
        Plan.from_dict(data)
    assert {problem_text(problem, data) for problem in refused.value.problems} == {
        "GRR weight must be at most 1. You entered 1.2.",
        "Rolle is not a known key; did you mean role?",
        "Role is missing (Key of the role that the plan is for).",
    }
    assert problem_text(Problem("", "there is no such file.")) == "There is no such file."


def test_differences_name_components_and_curves_as_people_know_them() -> None:
    plan = templates.load("knowup-csat-weighted")
    gate = {"measure": "csat", "at_least": 4.2, "otherwise": {"factor": 0.5}, "covers": ["expansion_arr"]}
    assert [str(change) for change in changes(plan, plan.edit({"gates": [gate]}))] == [
        "Gate on CSAT: none → at least 4.2; otherwise factor × 0.5; covers Expansion"
    ]
    turned = plan.to_dict()
    turned["components"].reverse()
    order = [str(change) for change in changes(plan, Plan.from_dict(turned)) if change.where.startswith("Order")]
    assert order == ["Order of the components: GRR, Expansion, CSAT (share) → CSAT (share), Expansion, GRR"]


def test_a_change_of_the_assumed_values_says_how_many_were_added_and_removed() -> None:
    plan = templates.load("flowfuse-csm").edit({"about.assumed": ["pay.base", "pay.variable"]})
    now = plan.edit({"about.assumed": ["pay.variable", "frequency", "name"]})
    assert str(changes(plan, now)[0]) == "Assumed values: 2 → 3; added Pay frequency, Name; removed Base salary"
    other = plan.edit({"about.assumed": ["pay.variable", "pay.base"]})
    assert str(changes(plan, other)[0]) == "Assumed values: 2 → 2; in another order"
