"""LIT: three questions to ask before every quarter."""

from __future__ import annotations

from compplan import formats
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults, Severity
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import Subject

_DRURY = "drury-2020"


@rule(
    "LIT-01", "Everything that is paid can be measured, and is known within days", "warning",
    source=_DRURY, evidence="S",
    reads=("components.measure", "context.measures.available", "context.measures.lag_days"),
)  # fmt: skip
def measurable(s: Subject, limit: Thresholds) -> RuleResults:
    """What takes days or weeks to know cannot be followed through the quarter: simplify until the data is there."""
    for part in s.paid:
        fix = fixes.without(f"Take {part.name} out until the data is there", s.plan, part.id)
        if part.data.available is None:
            yield Question(part.question("available"))
        elif not part.data.available:
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} earns {formats.percent(part.share)} of target variable, and there is no data for it now.",
                {"share": part.share},
                fix=fix,
            )
        lag = part.data.lag_days
        if lag is None:
            yield Question(part.question("lag_days"))
        elif lag > limit["late_days"]:
            severity: Severity = "error" if lag > limit["useless_days"] else "warning"
            yield Issue(
                part.place,
                f"{part.name} is known {lag} days after a period ends; within {limit['late_days']:.0f} a person can "
                "still follow it.",
                {"lag_days": lag},
                severity,
                fix,
            )


@rule(
    "LIT-02", "It is written down what somebody short of target would do", "warning",
    source=_DRURY, evidence="S", reads=("context.litmus.last_two_weeks",),
)  # fmt: skip
def unintended(s: Subject, limit: Thresholds) -> RuleResults:
    """In the last two weeks of a quarter a plan shows what it really rewards; think of it before it is signed."""
    if s.variable > 0 and s.context.litmus.last_two_weeks is None:
        yield Question("litmus.last_two_weeks")


@rule(
    "LIT-03", "Every quarter it is looked at whether the plan works", "warning",
    source=_DRURY, evidence="S", reads=("effective", "context.litmus.reviewed", "context.litmus.lift"),
)  # fmt: skip
def working(s: Subject, limit: Thresholds) -> RuleResults:
    """A plan is a decision that can be taken back: if it does not work, change it."""
    since = s.plan.effective.since
    # A plan that has not held for a quarter has nothing to be looked at yet.
    if s.variable <= 0 or (since is not None and (s.today - since).days <= limit["days"]):
        return
    known = s.context.litmus
    if known.reviewed is None:
        yield Question("litmus.reviewed")
    elif (s.today - known.reviewed).days > limit["days"]:
        days = (s.today - known.reviewed).days
        yield Issue(
            "context.litmus.reviewed",
            f"Whether the plan works was last looked at {days} days ago, on {known.reviewed.isoformat()}; "
            f"a quarter has {limit['days']:.0f}.",
            {"days": days},
        )
    elif known.reviewed > s.today:
        yield Issue(
            "context.litmus.reviewed",
            f"Whether the plan works is to be looked at on {known.reviewed.isoformat()}; when it last was is not told.",
        )
    if known.lift is None:
        yield Question("litmus.lift")
        return
    last = known.lift[-int(limit["periods"]) :]
    if len(last) == limit["periods"] and all(lift <= 0 for lift in last):
        yield Issue(
            "context.litmus.lift",
            f"What the plan pays for has not moved up in the last {len(last)} periods "
            f"({', '.join(formats.plain_number(lift) for lift in last)}).",
            {"periods": len(last)},
        )
