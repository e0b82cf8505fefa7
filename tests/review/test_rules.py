"""Every rule fires where it should, is clear where it barely should be, and its fix clears it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from review.cases import TODAY, all_cases, context_of, plan_of, reviewed

from compplan.plan import Plan
from compplan.review import Review, default_thresholds, rules
from compplan.review.subject import Subject

CASES = all_cases()
FIRING = [case for case in CASES if "fires" in case]  # a rule that only asks fires nowhere


def name(case: dict[str, Any]) -> str:
    return f"{case['rule']}-{case.get('name', '')}"


def of_rule(result: Review, rule: str) -> list[Any]:
    return [f for f in result.findings if f.rule == rule]


def test_every_rule_has_a_case() -> None:
    ids = {case["rule"] for case in CASES} | {rule.id for rule in rules().values() if rule.on_reading}
    assert set(rules()) - ids == set()
    assert ids - set(rules()) == set()


@pytest.mark.parametrize("case", FIRING, ids=name)
def test_rule_fires(case: dict[str, Any]) -> None:
    side, rule = case["fires"], case["rule"]
    result = reviewed(case, side)
    findings = of_rule(result, rule)
    assert findings, [f.rule for f in result.findings]
    first = findings[0]
    assert first.severity == side["severity"]
    assert first.place == side["place"]
    for words in side["says"]:
        assert words in first.message, first.message
    assert not first.message[0].islower()
    assert first.message.endswith(".")
    assert (result.fix(first) is not None) == side.get("fix", False), first


@pytest.mark.parametrize("case", CASES, ids=name)
def test_rule_is_clear_where_it_barely_does_not_apply(case: dict[str, Any]) -> None:
    result = reviewed(case, case["clear"])
    assert of_rule(result, case["rule"]) == []
    # It is clear because it found nothing, not because an answer is missing.
    assert case["rule"] in result.clear, [u.question for u in result.unanswered if case["rule"] in u.rules]


@pytest.mark.parametrize("case", [case for case in FIRING if case["fires"].get("fix")], ids=name)
def test_fix_clears_the_finding(case: dict[str, Any]) -> None:
    result = reviewed(case, case["fires"])
    finding = of_rule(result, case["rule"])[0]
    fixed = result.fix(finding)
    assert fixed is not None
    assert fixed.plan != result.plan
    after = of_rule(fixed.review, case["rule"])
    assert finding.place not in [f.place for f in after]
    errors = Counter(f.rule for f in fixed.review.findings if f.severity == "error")
    assert errors - Counter(f.rule for f in result.findings if f.severity == "error") == Counter()
    # A second call gives the same plan, which reads back as it was written.
    second = result.fix(finding)
    assert second is not None
    assert second.plan == fixed.plan == Plan.from_yaml(fixed.plan.to_yaml())


@pytest.mark.parametrize("case", [case for case in CASES if "asks" in case], ids=name)
def test_missing_answer_leaves_a_question(case: dict[str, Any]) -> None:
    side = {**case.get("fires", {}), "context": {}}
    result = reviewed({**case, "context": {}, "unsaid": True}, side)
    questions = {u.question for u in result.unanswered if case["rule"] in u.rules}
    assert set(case["asks"]) <= questions
    assert case["rule"] not in result.clear


@pytest.mark.parametrize("rule", list(default_thresholds()))
def test_every_threshold_is_read(rule: str) -> None:
    """A threshold that its rule does not read would be a dead input."""
    assert rule in rules()
    if rule == "LAW-10":  # read in the review itself
        return
    read: set[str] = set()

    class Watched(dict[str, float]):
        def __getitem__(self, key: str) -> float:
            read.add(key)
            return super().__getitem__(key)

        def get(self, key: str, default: Any = None) -> Any:
            read.add(key)
            return super().get(key, default)

    for case in CASES:
        if case["rule"] == rule:
            for side in (case.get("fires", {}), case["clear"]):
                today = side.get("today") or case.get("today") or TODAY
                subject = Subject(plan_of(case, side), context_of(case, side), today)
                list(rules()[rule].check(subject, Watched(default_thresholds()[rule])))
    assert set(default_thresholds()[rule]) - read == set()
