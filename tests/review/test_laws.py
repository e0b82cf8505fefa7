"""The numbered laws of a review, each on generated plans and answers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from random import Random
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from support.contexts import answer, make_context
from support.plans import make_plan, tidy

import compplan.review.run as run_module
from compplan.plan import Plan, paths
from compplan.review import PROFILES, SEVERITIES, Context, Finding, Profile, Review, Rule, Settings, review, rules

LAW = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
DRAWN = st.randoms(use_true_random=False)
TODAY = dt.date(2026, 6, 1)
MOST_FIXES = 20  # of one rule in a row


def draw(rng: Random) -> tuple[Plan, Context]:
    plan = Plan.from_dict(tidy(make_plan(rng, sound=rng.random() < 0.5)))
    return plan, make_context(rng, plan, share=rng.choice([0.0, 0.3, 1.0]))


def look(rng: Random, **options: Any) -> Review:
    plan, context = draw(rng)
    return review(plan, context, Settings.of(options), today=TODAY)


def without_severity(findings: Iterable[Finding]) -> Counter[Any]:
    """Findings without their severity."""
    return Counter((f.rule, f.place, f.message, tuple(f.numbers.items())) for f in findings)


def open_questions(result: Review) -> set[tuple[str, str]]:
    return {(u.question, rule) for u in result.unanswered for rule in u.rules}


@LAW
@given(rng=DRAWN)
def test_1_review_changes_nothing_and_is_repeatable(rng: Random) -> None:
    plan, context = draw(rng)
    before = plan.to_json(), context.model_dump_json()
    result = review(plan, context, today=TODAY)
    for finding in result.findings:
        result.fix(finding)
    repeated = review(plan, context, today=TODAY)
    assert (plan.to_json(), context.model_dump_json()) == before
    assert (repeated.findings, repeated.unanswered, repeated.clear) == (
        result.findings,
        result.unanswered,
        result.clear,
    )


@LAW
@given(rng=DRAWN)
def test_2_order_of_rules_does_not_matter(rng: Random) -> None:
    plan, context = draw(rng)
    first = review(plan, context, today=TODAY)
    book = list(rules().items())
    rng.shuffle(book)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_module, "rules", lambda: MappingProxyType(dict(book)))
        second = review(plan, context, today=TODAY)
    assert Counter((f.severity, f.rule, f.place, f.message) for f in second.findings) == Counter(
        (f.severity, f.rule, f.place, f.message) for f in first.findings
    )
    assert open_questions(second) == open_questions(first)
    assert set(second.clear) == set(first.clear)


@LAW
@given(rng=DRAWN)
def test_3_fix_clears_its_finding_adds_no_error_and_is_repeatable(rng: Random) -> None:
    result = look(rng)
    for finding in result.findings:
        fixed = result.fix(finding)
        if fixed is None:
            continue
        after = fixed.review
        assert fixed.plan != result.plan
        assert after.plan == fixed.plan
        assert (finding.rule, finding.place) not in {(f.rule, f.place) for f in after.findings}
        now = Counter(f.rule for f in after.findings if f.severity == "error")
        assert now - Counter(f.rule for f in result.findings if f.severity == "error") == Counter()
        assert fixed.fix.make() == fixed.plan
        assert review(fixed.plan, result.context, result.settings, today=TODAY).findings == after.findings


@LAW
@given(rng=DRAWN)
def test_4_repeated_fixes_of_one_rule_end(rng: Random) -> None:
    """Fixes of one rule end where it offers none, and never undo each other."""
    first = look(rng)
    for rule in dict.fromkeys(f.rule for f in first.findings):
        result, plans = first, {first.plan.hash}
        while fixed := next((applied for f in result.findings if f.rule == rule and (applied := result.fix(f))), None):
            assert fixed.plan.hash not in plans, rule
            plans.add(fixed.plan.hash)
            result = fixed.review
            assert len(plans) <= MOST_FIXES, rule


@LAW
@given(rng=DRAWN, data=st.data())
def test_5_ignored_rules_and_no_others_disappear(rng: Random, data: st.DataObject) -> None:
    plan, context = draw(rng)
    whole = review(plan, context, today=TODAY)
    book = rules()
    key = data.draw(st.sampled_from([*book, *dict.fromkeys(r.family for r in book.values())]))
    ignored = {id_ for id_, rule in book.items() if key in (id_, rule.family)}
    less = review(plan, context, Settings.of({"ignore": [key]}), today=TODAY)
    assert set(less.ignored) == ignored
    assert less.findings == tuple(f for f in whole.findings if f.rule not in ignored)
    assert open_questions(less) == {(question, rule) for question, rule in open_questions(whole) if rule not in ignored}
    assert less.clear == tuple(rule for rule in whole.clear if rule not in ignored)


@LAW
@given(rng=DRAWN)
def test_6_answered_question_is_not_asked(rng: Random) -> None:
    plan, context = draw(rng)
    result = review(plan, context, today=TODAY)
    assume(result.unanswered)
    answers = context.model_dump(mode="json", exclude_none=True)
    answered = [u.question for u in result.unanswered if rng.random() < 0.5]
    for question in answered:
        paths.put(answers, question, answer(rng, plan, question))
    after = review(plan, Context.of(answers), today=TODAY)
    assert {u.question for u in after.unanswered}.isdisjoint(answered)


@LAW
@given(rng=DRAWN)
def test_7_complete_answers_leave_no_question(rng: Random) -> None:
    plan, _ = draw(rng)
    result = review(plan, make_context(rng, plan, share=1.0), today=TODAY)
    assert [u.question for u in result.unanswered] == []


@LAW
@given(rng=DRAWN, profile=st.sampled_from(PROFILES))
def test_8_every_rule_has_one_outcome_and_unanswered_is_never_clear(rng: Random, profile: Profile) -> None:
    result = look(rng, profile=profile, ignore=["TOT", "KNW-01"])
    with_findings = {f.rule for f in result.findings}
    open_ = {rule for _, rule in open_questions(result)}
    clear, left_out = set(result.clear), {*result.ignored, *result.stale}
    assert clear.isdisjoint(open_)
    assert clear.isdisjoint(with_findings)
    assert left_out.isdisjoint(with_findings | open_ | clear)
    refused = {id_ for id_, rule in rules().items() if rule.on_reading} - left_out
    assert with_findings | open_ | clear | left_out | refused == set(rules())


@LAW
@given(rng=DRAWN)
def test_9_profile_changes_only_severities(rng: Random) -> None:
    plan, context = draw(rng)
    first, *others = (review(plan, context, Settings(profile=name), today=TODAY) for name in PROFILES)
    for other in others:
        assert without_severity(other.findings) == without_severity(first.findings)
        assert open_questions(other) == open_questions(first)
        assert other.clear == first.clear


@LAW
@given(rng=DRAWN, severity=st.sampled_from(SEVERITIES))
def test_10_severity_of_the_settings_applies(rng: Random, severity: str) -> None:
    plan, context = draw(rng)
    before = review(plan, context, today=TODAY)
    families = dict.fromkeys(rule.family for rule in rules().values())
    after = review(plan, context, Settings.of({"severity": dict.fromkeys(families, severity)}), today=TODAY)
    assert {f.severity for f in after.findings} <= {severity}
    assert without_severity(after.findings) == without_severity(before.findings)


@LAW
@given(rng=DRAWN)
def test_11_most_severe_comes_first_and_the_grade_follows_from_the_counts(rng: Random) -> None:
    result = look(rng)
    weights = [SEVERITIES.index(f.severity) for f in result.findings]
    assert weights == sorted(weights)
    assert sum(result.counts.values()) == len(result.findings)
    errors, warnings = result.counts["error"], result.counts["warning"]
    expected = "E" if errors > 1 else "D" if errors else "C" if warnings > 2 else "B" if warnings else "A"
    assert result.grade == expected


@LAW
@given(rng=DRAWN, months=st.integers(0, 60))
def test_12_old_legal_facts_are_one_finding(rng: Random, months: int) -> None:
    plan, context = draw(rng)
    aged: list[Rule] = [rule for rule in rules().values() if rule.as_of]
    newest = max(rule.as_of for rule in aged if rule.as_of)
    today = dt.date(newest.year + (newest.month - 1 + months) // 12, (newest.month - 1 + months) % 12 + 1, newest.day)
    result = review(plan, context, today=today)
    old = [f for f in result.findings if f.rule == "LAW-10"]
    assert len(old) == bool(result.stale)
    assert {f.rule for f in result.findings}.isdisjoint(result.stale)
    assert all(f.as_of for f in result.findings if rules()[f.rule].as_of)
    if months >= 12:
        assert set(result.stale) == {rule.id for rule in aged}
        assert all(rule in old[0].message for rule in result.stale)
