"""The review of the open plan, cached, with the answers and the fixes of this session.

The Designer, the Review page and the Capacity page use it; what only the Review page needs is in its own folder.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import streamlit as st

from compplan.clock import utc_today
from compplan.errors import CompPlanError, Problem
from compplan.plan import Plan
from compplan.review import AppliedFix, Context, ContextError, Finding, Profile, Review, Settings
from compplan.review import review as run_review
from compplan.ui.session import EditSession

# The Designer sends the answers with each slider move, and a request has a size limit.
LARGEST_CONTEXT = 24_000  # characters
_APPLIED = "review.applied"


@functools.lru_cache(maxsize=128)
def _review(plan: Plan, context: Context, profile: Profile, day: dt.date) -> Review:
    return run_review(plan, context, Settings(profile=profile), today=day)


def review_of(plan: Plan, context: Mapping[str, Any], profile: Profile, day: dt.date | None = None) -> Review:
    """Review a plan; answers about components that the plan does not have are left out."""
    return _review(plan, Context.of(fitting_answers(plan, context)), profile, day or utc_today())


def current_review(session: EditSession) -> Review:
    """Review the open plan under the guide and with the answers of the session."""
    return review_of(session.plan, session.context, session.profile)


def fitting_answers(plan: Plan, context: Mapping[str, Any]) -> dict[str, Any]:
    """Answers without those about components that the plan does not have."""
    measures = {key: value for key, value in context.get("measures", {}).items() if key in plan.by_id}
    others = {key: value for key, value in context.items() if key != "measures"}
    return {**others, "measures": measures} if measures else others


# Fixes


@dataclass(frozen=True, slots=True)
class FixNotice:
    """The last fix that was applied, with the review before it."""

    before: Review
    fixed: AppliedFix


@functools.lru_cache(maxsize=256)
def _fixed(plan: Plan, context: Context, profile: Profile, day: dt.date, index: int) -> AppliedFix | None:
    review = _review(plan, context, profile, day)
    return review.fix(review.findings[index])


def fix_of(review: Review, finding: Finding) -> AppliedFix | None:
    """The fix of a finding if it clears the finding without a new error."""
    return _fixed(review.plan, review.context, review.profile, review.today, review.findings.index(finding))


def apply_fix(session: EditSession, finding: Finding) -> None:
    """Change the open plan by the fix of a finding, and remember what the fix did."""
    review = current_review(session)
    if finding not in review.findings:
        return
    fixed = fix_of(review, finding)
    if fixed is not None and session.rebuild(lambda _: fixed.plan):
        st.session_state[_APPLIED] = FixNotice(review, fixed)


def applied_fix(session: EditSession) -> FixNotice | None:
    """The last fix, while the open plan is still its result."""
    applied: FixNotice | None = st.session_state.get(_APPLIED)
    return applied if applied and applied.fixed.plan.hash == session.plan.hash else None


# Answers


def set_answers(session: EditSession, answers: Mapping[str, Any], field_path: str) -> None:
    """Set several answers at once, such as those from books of business: all of them or none.

    Questions that are not in `answers` keep their answers, inside a part such as ``book`` too. Problems are
    recorded under `field_path`.
    """
    try:
        session.context = checked_answers(_merged(session, answers))
    except CompPlanError as error:
        session.problems[field_path] = tuple(Problem("", str(problem)) for problem in error.problems[:3])
        return
    session.problems.pop(field_path, None)
    session.drawn_values.clear()


def has_answers(session: EditSession, answers: Mapping[str, Any]) -> bool:
    """Whether the session already has all of these answers."""
    return bool(answers) and _merged(session, answers) == plain_answers(session.context)


def _merged(session: EditSession, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of the session with others merged in, part by part."""
    merged = plain_answers(session.context)
    for key, value in plain_answers(answers).items():
        before = merged.get(key)
        both = isinstance(before, dict) and isinstance(value, dict)
        merged[key] = {**cast("dict[str, Any]", before), **value} if both else value
    return merged


def plain_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as JSON values."""
    return cast("dict[str, Any]", json.loads(json.dumps(dict(answers), default=str)))


def checked_answers(data: Any) -> dict[str, Any]:
    """Answers as the session keeps them: valid, without empty ones, and small enough for the Designer.

    Raises
    ------
    CompPlanError
        If an answer is not valid, or there are more than `LARGEST_CONTEXT` characters.
    """
    answers = Context.of(data).model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    size = len(json.dumps(answers))
    if size > LARGEST_CONTEXT:
        raise ContextError(
            [
                Problem(
                    "",
                    f"The answers must have at most {LARGEST_CONTEXT:,} characters. These have {size:,}. Leave out "
                    "the longest ones, such as single books, or use `compplan check --context`, which takes more.",
                )
            ]
        )
    return answers
