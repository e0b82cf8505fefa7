"""What a session asks of the review: the plan in hand under a profile, with what it was told; remembered."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Mapping
from typing import Any, cast

from compplan.errors import CompPlanError, Problem
from compplan.plan import Plan
from compplan.review import AppliedFix, Context, ContextError, Finding, Profile, Review, Settings, review
from compplan.ui.session import EditSession

# A view takes the context along with every move of a slider, and a request has its limit
LARGEST_CONTEXT = 24_000


def today() -> dt.date:
    """The day by which a review tells ages."""
    return dt.datetime.now(dt.UTC).date()


@functools.lru_cache(maxsize=128)
def _reviewed(plan: Plan, context: Context, profile: Profile, day: dt.date) -> Review:
    return review(plan, context, Settings(profile=profile), today=day)


def seen_as(plan: Plan, context: Mapping[str, Any], profile: Profile, day: dt.date | None = None) -> Review:
    """The review of a plan; answers about components that it does not have are left out."""
    return _reviewed(plan, Context.of(fitting(plan, context)), profile, day or today())


def seen(session: EditSession) -> Review:
    """The review of the plan in hand."""
    return seen_as(session.plan, session.context, session.profile)


def fitting(plan: Plan, context: Mapping[str, Any]) -> dict[str, Any]:
    """A context without what it says of components that the plan does not have."""
    measures = {key: value for key, value in context.get("measures", {}).items() if key in plan.by_id}
    kept = {key: value for key, value in context.items() if key != "measures"}
    return {**kept, "measures": measures} if measures else kept


@functools.lru_cache(maxsize=256)
def _fixed(plan: Plan, context: Context, profile: Profile, day: dt.date, place: int) -> AppliedFix | None:
    seen = _reviewed(plan, context, profile, day)
    return seen.fix(seen.findings[place])


def fix_of(seen: Review, finding: Finding) -> AppliedFix | None:
    """The fix of a finding where it clears it without a new error; worked out once."""
    return _fixed(seen.plan, seen.context, seen.profile, seen.today, seen.findings.index(finding))


def answer(session: EditSession, question: str, value: Any, typed: str = "") -> None:
    """Take an answer to a question; None takes it back. What cannot be is kept with its reason."""
    data = plain(session.context)
    here = data
    *way, last = question.split(".")
    for step in way:
        here = here.setdefault(step, {})
    if value is None:
        here.pop(last, None)
    else:
        here[last] = value
    path = f"context.{question}"
    try:
        known = sound(data)
    except CompPlanError as error:
        session.problems[path] = tuple(Problem("", p.message) for p in error.problems)
        session.typed[path] = typed
        return
    session.problems.pop(path, None)
    session.context = known


def answers(session: EditSession, told: Mapping[str, Any]) -> None:
    """Take answers to several questions at once, such as those that books of accounts give; all or none.

    What is not told stays as it was answered, inside a part such as ``book`` too.
    """
    try:
        session.context = sound(_with(session, told))
    except CompPlanError as error:
        session.problems["context.books"] = tuple(Problem("", str(p)) for p in error.problems[:3])
        return
    session.problems.pop("context.books", None)
    session.shown.clear()


def knows(session: EditSession, told: Mapping[str, Any]) -> bool:
    """Whether all of some answers have been given just so."""
    return bool(told) and _with(session, told) == plain(session.context)


def _with(session: EditSession, told: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with some more, part by part."""
    known = plain(session.context)
    for key, value in plain(told).items():
        before = known.get(key)
        both = isinstance(before, dict) and isinstance(value, dict)
        known[key] = {**cast("dict[str, Any]", before), **value} if both else value
    return known


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as JSON has them."""
    return cast("dict[str, Any]", json.loads(json.dumps(dict(data), default=str)))


def sound(data: Any) -> dict[str, Any]:
    """A context as pages keep it: checked, without what is not answered, and small enough to go with every move.

    Raises
    ------
    CompPlanError
    """
    known = Context.of(data).model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    size = len(json.dumps(known))
    if size > LARGEST_CONTEXT:
        raise ContextError(
            [
                Problem(
                    "",
                    f"a page takes answers of at most {LARGEST_CONTEXT:,} characters, got {size:,}; leave out what is "
                    "longest, such as single books, or use `compplan check --context`, which takes more.",
                )
            ]
        )
    return known
