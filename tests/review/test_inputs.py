"""No dead inputs: every question, threshold and place that a rule reads changes a result."""

from __future__ import annotations

import functools
import types
import typing
from collections import defaultdict
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from pydantic import BaseModel
from review.cases import TODAY, all_cases, context_of, plan_of
from support.contexts import answer, make_context, questions
from support.plans import make_plan, tidy

from compplan.plan import Plan, paths
from compplan.review import Context, default_thresholds, rules
from compplan.review.subject import Subject

CASES = all_cases()
SEED, DRAWN_PLANS, TRIES = 20260601, 30, 3


def sides() -> Iterator[tuple[str, Plan, Context, Any]]:
    """Both sides of every case, with its rule."""
    for case in CASES:
        for side in (case.get("fires", {}), case["clear"]):
            today = side.get("today") or case.get("today") or TODAY
            yield case["rule"], plan_of(case, side), context_of(case, side), today


def outcomes(id_: str, subject: Subject, limit: Any = None) -> list[Any]:
    """The results of a rule: findings with severity and fix, and questions."""
    return [
        (
            *(getattr(o, name, None) for name in ("question", "place", "message", "severity")),
            getattr(getattr(o, "fix", None), "title", None),
        )
        for o in rules()[id_].check(subject, default_thresholds()[id_] if limit is None else limit)
    ]


def leaf(question: str) -> str:
    """A question without the component that it is about."""
    steps = question.split(".")
    return f"measures.{steps[2]}" if steps[0] == "measures" else question


@functools.cache
def rules_changed_by() -> dict[str, frozenset[str]]:
    """The rules that give another result when a question is answered, by question."""
    rules_by_question: dict[str, set[str]] = defaultdict(set)

    def look(rng: Random, plan: Plan, context: Context, today: Any, ids: list[str]) -> None:
        before = {id_: outcomes(id_, Subject(plan, context, today)) for id_ in ids}
        for question in questions(plan):
            data = context.model_dump(mode="json", exclude_none=True)
            remove = context.answer(question) is not None and rng.random() < 0.5
            paths.put(data, question, None if remove else answer(rng, plan, question))
            subject = Subject(plan, Context.of(data), today)
            rules_by_question[leaf(question)] |= {
                id_ for id_, result in before.items() if outcomes(id_, subject) != result
            }

    # Each case and each plan has numbers of its own, so that one more case elsewhere changes nothing here.
    turns: dict[str, int] = defaultdict(int)
    for id_, plan, context, today in sides():
        turns[id_] += 1
        for turn in range(TRIES):
            look(Random(f"{SEED} {id_} {turns[id_]} {turn}"), plan, context, today, [id_])
    for turn in range(DRAWN_PLANS):
        rng = Random(f"{SEED} {turn}")
        plan = Plan.from_dict(tidy(make_plan(rng)))
        look(rng, plan, make_context(rng, plan, share=rng.choice([0.0, 0.5, 0.9])), TODAY, list(rules()))
    return {question: frozenset(ids) for question, ids in rules_by_question.items()}


QUESTIONS = sorted({leaf(question) for question in questions(Plan.from_dict(tidy(make_plan(Random(SEED)))))})


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_changes_the_result_of_a_rule(question: str) -> None:
    assert rules_changed_by()[question], question


@pytest.mark.parametrize(
    ("rule", "name"), [(id_, name) for id_, names in default_thresholds().items() for name in names]
)
def test_every_threshold_changes_the_result_of_its_rule(rule: str, name: str) -> None:
    """Set far lower or far higher, a threshold changes what its rule says in one of its cases."""
    if rule == "LAW-10":  # read in the review itself; a law of its own covers it
        return
    now = default_thresholds()[rule][name]
    others = [0.0, 1.0, now / 2, now * 2, now * 0.9, now * 1.1, -1.0, now + 1, now - 1, 1e9]
    for id_, plan, context, today in sides():
        if id_ == rule:
            subject = Subject(plan, context, today)
            result = outcomes(rule, subject)
            for value in others:
                if outcomes(rule, subject, {**default_thresholds()[rule], name: value}) != result:
                    return
    pytest.fail(f"no value of {name} changes what {rule} says in any of its cases")


# Places that rules read


def inside(annotation: Any) -> list[Any]:
    """The models that a field may hold, through unions, lists and mappings."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if isinstance(annotation, types.GenericAlias | types.UnionType) or typing.get_origin(annotation):
        return [model for part in typing.get_args(annotation) for model in inside(part)]
    return []


def exists(place: str) -> bool:
    """Whether a place is one of the plan's, or a question of the context."""
    name, _, rest = place.partition(".")
    models: list[Any] = [Context] if name == "context" else [Plan]
    for step in (rest if name == "context" else place).split("."):
        fields = [model.model_fields[step] for model in models if step in model.model_fields]
        if not fields:
            return False
        models = [model for field in fields for model in inside(field.annotation)]
    return True


@pytest.mark.parametrize("rule", list(rules()))
def test_places_that_a_rule_reads_exist(rule: str) -> None:
    assert [place for place in rules()[rule].reads if not exists(place)] == []


def test_unknown_place_is_recognized() -> None:
    assert exists("components.curve.cap")
    assert exists("context.measures.history")
    assert not exists("components.wieght")
    assert not exists("context.renewal_ownr")
    assert not exists("context.book.nothing")


@pytest.mark.slow
@pytest.mark.parametrize("rule", list(rules()))
def test_rule_lists_the_answers_it_reads(rule: str) -> None:
    listed = [place.removeprefix("context.") for place in rules()[rule].reads if place.startswith("context.")]
    read = {question for question, ids in rules_changed_by().items() if rule in ids}
    assert {q for q in read if not any(q == n or q.startswith(f"{n}.") for n in listed)} == set()
