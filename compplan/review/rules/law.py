"""LAW: what the law asks, by place and by its date. Not legal advice."""

from __future__ import annotations

from compplan.review.book import Limits, rule
from compplan.review.findings import Outcomes
from compplan.review.subject import Subject


@rule(
    "LAW-10", "The facts of law and accounting are not older than a year", "warning",
    source="compplan", grade="J", reads=(),
)  # fmt: skip
def facts_are_fresh(s: Subject, limit: Limits) -> Outcomes:
    """Law changes every January, and a rule on old facts is worse than none; the review tells it of all at once."""
    yield from ()
