"""Rules that reading enforces: each problem has the id of its rule."""

from __future__ import annotations

from typing import Any

import pytest

from compplan import templates
from compplan.errors import PlanError
from compplan.plan import Plan
from compplan.review import findings_of_problems, rules

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("INT-01", {"components[0].weight": 0.46}, "components"),
    ("INT-02", {"pay.variable": -1}, "pay.variable"),
    ("INT-02", {"pay.variable_share": 0.2}, "pay"),
    ("INT-02", {"components[1].weight": None, "components[1].rate": 1.0}, "components"),
    ("INT-04", {"components[0].curve.points": [[0.85, 0.5], [0.92, 0.4]]}, "components[0].curve.points[1]"),
    (
        "INT-04",
        {"components[0].curve": {"kind": "retroactive", "tiers": [[0, 1], [1, 0.9]]}},
        "components[0].curve.tiers[1]",
    ),
    ("INT-02", {"pay": {"base": 230_000, "variable": -10_000}}, "pay.variable"),  # a base above OTE
    (
        "INT-04",
        {"components[0].curve": {"kind": "step", "steps": [[0.85, 0.5], [0.92, 0.4]]}},
        "components[0].curve.steps[1]",
    ),
    (
        "INT-04",
        {"components[0].curve": {"kind": "tiered", "tiers": [[0, 1.0], [0.95, -0.1]]}},
        "components[0].curve.tiers[1][1]",
    ),
    (
        "INT-04",
        {"modifiers": [{"measure": "nps", "curve": {"kind": "linear", "points": [[20, 1.1], [40, 1.0]]}}]},
        "modifiers[0].curve.points[1]",
    ),
    (
        "INT-05",
        {"modifiers": [{"measure": "nps", "curve": {"kind": "step", "steps": [[40, 0.9], [20, 1.0]]}}]},
        "modifiers[0].curve.steps[1]",
    ),
    ("INT-05", {"components[0].curve.points": [[0.92, 0.5], [0.85, 1.0]]}, "components[0].curve.points[1]"),
    # Less is better: days run down.
    (
        "INT-05",
        {
            "components[0].measure": "time_to_value",
            "components[0].target": 60,
            "components[0].curve.points": [[60, 0.5], [90, 1.0]],
        },
        "components[0].curve.points[1]",
    ),
    (
        "INT-05",
        {"components[0].curve.points": [[0.85, 0.5], [0.92, 0.7], [0.92, 0.8], [0.92, 1.0]]},
        "components[0].curve.points[3]",
    ),
    (
        "INT-05",
        {"components[0].curve": {"kind": "step", "steps": [[0.9, 0.5], [0.9, 1.0]]}},
        "components[0].curve.steps[1]",
    ),
    (
        "INT-05",
        {"components[0].curve.points": [[0.85, 0.5], [0.85, 0.7], [0.92, 1.0]]},
        "components[0].curve.points[1]",
    ),
]


def with_changes(data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    from compplan.plan import paths

    for path, value in changes.items():
        paths.put(data, path, value)
    return data


@pytest.mark.parametrize(("rule", "changes", "place"), REFUSED)
def test_problem_of_reading_names_its_rule(rule: str, changes: dict[str, Any], place: str) -> None:
    data = with_changes(templates.load("knowup-csat-weighted").to_dict(), changes)
    with pytest.raises(PlanError) as refused:
        Plan.from_dict(data)
    places = {(p.rule, p.where) for p in refused.value.problems}
    assert (rule, place) in places
    findings = [f for f in findings_of_problems(refused.value.problems) if f.rule == rule]
    assert findings
    assert {f.severity for f in findings} == {"error"}
    assert place in {f.place for f in findings}
    # The finding has the message of the problem.
    assert {f.message for f in findings} == {p.message for p in refused.value.problems if p.rule == rule}
    assert {f.source for f in findings} == {rules()[rule].source}


def test_every_rule_of_reading_has_a_case() -> None:
    assert {rule.id for rule in rules().values() if rule.on_reading} == {rule for rule, _, _ in REFUSED}


def test_problem_without_a_rule_is_not_a_finding() -> None:
    data = with_changes(templates.load("knowup-csat-weighted").to_dict(), {"role": "cms"})
    with pytest.raises(PlanError) as refused:
        Plan.from_dict(data)
    assert findings_of_problems(refused.value.problems) == ()
