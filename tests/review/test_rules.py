"""Every rule fires where it should, is quiet where it just should, and its fix clears it."""

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


def of_rule(seen: Review, rule: str) -> list[Any]:
    return [f for f in seen.findings if f.rule == rule]


def test_every_rule_has_a_case() -> None:
    told = {case["rule"] for case in CASES} | {rule.id for rule in rules().values() if rule.on_reading}
    assert set(rules()) - told == set()
    assert told - set(rules()) == set()


@pytest.mark.parametrize("case", FIRING, ids=name)
def test_it_fires(case: dict[str, Any]) -> None:
    side, rule = case["fires"], case["rule"]
    seen = reviewed(case, side)
    found = of_rule(seen, rule)
    assert found, [f.rule for f in seen.findings]
    first = found[0]
    assert first.severity == side["severity"]
    assert first.place == side["place"]
    for words in side["says"]:
        assert words in first.message, first.message
    assert not first.message[0].islower()
    assert first.message.endswith(".")
    assert (seen.fix(first) is not None) == side.get("fix", False), first


@pytest.mark.parametrize("case", CASES, ids=name)
def test_it_just_does_not(case: dict[str, Any]) -> None:
    seen = reviewed(case, case["clear"])
    assert of_rule(seen, case["rule"]) == []
    # Not for want of an answer: it looked and found nothing.
    assert case["rule"] in seen.clear, [u.question for u in seen.unanswered if case["rule"] in u.rules]


@pytest.mark.parametrize("case", [case for case in FIRING if case["fires"].get("fix")], ids=name)
def test_its_fix_clears_it_once_and_for_all(case: dict[str, Any]) -> None:
    seen = reviewed(case, case["fires"])
    finding = of_rule(seen, case["rule"])[0]
    fixed = seen.fix(finding)
    assert fixed is not None
    assert fixed.plan != seen.plan
    after = of_rule(fixed.review, case["rule"])
    assert finding.place not in [f.place for f in after]
    errors = Counter(f.rule for f in fixed.review.findings if f.severity == "error")
    assert errors - Counter(f.rule for f in seen.findings if f.severity == "error") == Counter()
    # Made again it is the same plan, which reads back as it was written.
    again = seen.fix(finding)
    assert again is not None
    assert again.plan == fixed.plan == Plan.from_yaml(fixed.plan.to_yaml())


@pytest.mark.parametrize("case", [case for case in CASES if "asks" in case], ids=name)
def test_without_the_answer_it_asks(case: dict[str, Any]) -> None:
    side = {**case.get("fires", {}), "context": {}}
    seen = reviewed({**case, "context": {}, "unsaid": True}, side)
    asked = {u.question for u in seen.unanswered if case["rule"] in u.rules}
    assert set(case["asks"]) <= asked
    assert case["rule"] not in seen.clear


@pytest.mark.parametrize("rule", list(default_thresholds()))
def test_every_threshold_is_read(rule: str) -> None:
    """A threshold that no rule reads would be a dead input: it is asked for by name in the rule's own function."""
    assert rule in rules()
    if rule == "LAW-10":  # read where the review tells fresh facts from stale ones
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
