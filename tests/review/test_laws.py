"""The laws that a review keeps, whatever the plan and whatever is known beside it: numbered, each on made-up plans."""

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
MOST_FIXES = 20  # of one rule, one after the other


def draw(rng: Random) -> tuple[Plan, Context]:
    plan = Plan.from_dict(tidy(make_plan(rng, sound=rng.random() < 0.5)))
    return plan, make_context(rng, plan, share=rng.choice([0.0, 0.3, 1.0]))


def look(rng: Random, **chosen: Any) -> Review:
    plan, context = draw(rng)
    return review(plan, context, Settings.of(chosen), today=TODAY)


def told(findings: Iterable[Finding]) -> Counter[Any]:
    """What is found, without what it weighs."""
    return Counter((f.rule, f.place, f.message, tuple(f.numbers.items())) for f in findings)


def asked(seen: Review) -> set[tuple[str, str]]:
    return {(u.question, rule) for u in seen.unanswered for rule in u.rules}


@LAW
@given(rng=DRAWN)
def test_1_a_review_changes_nothing_and_says_the_same_again(rng: Random) -> None:
    plan, context = draw(rng)
    before = plan.to_json(), context.model_dump_json()
    seen = review(plan, context, today=TODAY)
    for finding in seen.findings:
        seen.fix(finding)
    again = review(plan, context, today=TODAY)
    assert (plan.to_json(), context.model_dump_json()) == before
    assert (again.findings, again.unanswered, again.clear) == (seen.findings, seen.unanswered, seen.clear)


@LAW
@given(rng=DRAWN)
def test_2_the_order_of_rules_does_not_matter(rng: Random) -> None:
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
    assert asked(second) == asked(first)
    assert set(second.clear) == set(first.clear)


@LAW
@given(rng=DRAWN)
def test_3_a_fix_clears_its_finding_raises_no_error_and_is_the_same_when_made_again(rng: Random) -> None:
    seen = look(rng)
    for finding in seen.findings:
        fixed = seen.fix(finding)
        if fixed is None:
            continue
        after = fixed.review
        assert fixed.plan != seen.plan
        assert after.plan == fixed.plan
        assert (finding.rule, finding.place) not in {(f.rule, f.place) for f in after.findings}
        now = Counter(f.rule for f in after.findings if f.severity == "error")
        assert now - Counter(f.rule for f in seen.findings if f.severity == "error") == Counter()
        assert fixed.fix.make() == fixed.plan
        assert review(fixed.plan, seen.context, seen.settings, today=TODAY).findings == after.findings


@LAW
@given(rng=DRAWN)
def test_4_mending_what_one_rule_finds_comes_to_an_end(rng: Random) -> None:
    """Fix after fix of one rule ends where it offers none, and never undoes what it did."""
    first = look(rng)
    for rule in dict.fromkeys(f.rule for f in first.findings):
        seen, plans = first, {first.plan.hash}
        while fixed := next((done for f in seen.findings if f.rule == rule and (done := seen.fix(f))), None):
            assert fixed.plan.hash not in plans, rule
            plans.add(fixed.plan.hash)
            seen = fixed.review
            assert len(plans) <= MOST_FIXES, rule


@LAW
@given(rng=DRAWN, data=st.data())
def test_5_ignoring_takes_away_exactly_what_is_ignored(rng: Random, data: st.DataObject) -> None:
    plan, context = draw(rng)
    whole = review(plan, context, today=TODAY)
    book = rules()
    key = data.draw(st.sampled_from([*book, *dict.fromkeys(r.family for r in book.values())]))
    gone = {id_ for id_, rule in book.items() if key in (id_, rule.family)}
    less = review(plan, context, Settings.of({"ignore": [key]}), today=TODAY)
    assert set(less.ignored) == gone
    assert less.findings == tuple(f for f in whole.findings if f.rule not in gone)
    assert asked(less) == {(question, rule) for question, rule in asked(whole) if rule not in gone}
    assert less.clear == tuple(rule for rule in whole.clear if rule not in gone)


@LAW
@given(rng=DRAWN)
def test_6_what_is_answered_is_not_asked(rng: Random) -> None:
    plan, context = draw(rng)
    seen = review(plan, context, today=TODAY)
    assume(seen.unanswered)
    known = context.model_dump(mode="json", exclude_none=True)
    answered = [u.question for u in seen.unanswered if rng.random() < 0.5]
    for question in answered:
        paths.put(known, question, answer(rng, plan, question))
    after = review(plan, Context.of(known), today=TODAY)
    assert {u.question for u in after.unanswered}.isdisjoint(answered)


@LAW
@given(rng=DRAWN)
def test_7_who_answers_everything_is_asked_nothing(rng: Random) -> None:
    plan, _ = draw(rng)
    seen = review(plan, make_context(rng, plan, share=1.0), today=TODAY)
    assert [u.question for u in seen.unanswered] == []


@LAW
@given(rng=DRAWN, profile=st.sampled_from(PROFILES))
def test_8_every_rule_is_in_one_place_and_unanswered_is_never_clear(rng: Random, profile: Profile) -> None:
    seen = look(rng, profile=profile, ignore=["TOT", "KNW-01"])
    found = {f.rule for f in seen.findings}
    open_ = {rule for _, rule in asked(seen)}
    clear, left_out = set(seen.clear), {*seen.ignored, *seen.stale}
    assert clear.isdisjoint(open_)
    assert clear.isdisjoint(found)
    assert left_out.isdisjoint(found | open_ | clear)
    refused = {id_ for id_, rule in rules().items() if rule.on_reading} - left_out
    assert found | open_ | clear | left_out | refused == set(rules())


@LAW
@given(rng=DRAWN)
def test_9_a_profile_changes_what_findings_weigh_and_nothing_else(rng: Random) -> None:
    plan, context = draw(rng)
    first, *others = (review(plan, context, Settings(profile=name), today=TODAY) for name in PROFILES)
    for other in others:
        assert told(other.findings) == told(first.findings)
        assert asked(other) == asked(first)
        assert other.clear == first.clear


@LAW
@given(rng=DRAWN, severity=st.sampled_from(SEVERITIES))
def test_10_what_settings_say_of_a_weight_holds(rng: Random, severity: str) -> None:
    plan, context = draw(rng)
    before = review(plan, context, today=TODAY)
    families = dict.fromkeys(rule.family for rule in rules().values())
    after = review(plan, context, Settings.of({"severity": dict.fromkeys(families, severity)}), today=TODAY)
    assert {f.severity for f in after.findings} <= {severity}
    assert told(after.findings) == told(before.findings)


@LAW
@given(rng=DRAWN)
def test_11_the_worst_comes_first_and_the_letter_follows_from_the_counts(rng: Random) -> None:
    seen = look(rng)
    weights = [SEVERITIES.index(f.severity) for f in seen.findings]
    assert weights == sorted(weights)
    assert sum(seen.counts.values()) == len(seen.findings)
    errors, warnings = seen.counts["error"], seen.counts["warning"]
    expected = "E" if errors > 1 else "D" if errors else "C" if warnings > 2 else "B" if warnings else "A"
    assert seen.grade == expected


@LAW
@given(rng=DRAWN, months=st.integers(0, 60))
def test_12_old_facts_of_law_are_one_finding_and_nothing_else_ages_with_them(rng: Random, months: int) -> None:
    plan, context = draw(rng)
    aged: list[Rule] = [rule for rule in rules().values() if rule.as_of]
    newest = max(rule.as_of for rule in aged if rule.as_of)
    today = dt.date(newest.year + (newest.month - 1 + months) // 12, (newest.month - 1 + months) % 12 + 1, newest.day)
    seen = review(plan, context, today=today)
    old = [f for f in seen.findings if f.rule == "LAW-10"]
    assert len(old) == bool(seen.stale)
    assert {f.rule for f in seen.findings}.isdisjoint(seen.stale)
    assert all(f.as_of for f in seen.findings if rules()[f.rule].as_of)
    if months >= 12:
        assert set(seen.stale) == {rule.id for rule in aged}
        assert all(rule in old[0].message for rule in seen.stale)
