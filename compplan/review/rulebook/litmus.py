"""LIT: three questions to ask before every quarter."""

from __future__ import annotations

from compplan import formats
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults, Severity
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import Subject

_DRURY = "drury-2020"


@rule(
    "LIT-01", "Pay only on results that you can measure within days", "warning",
    source=_DRURY, evidence="S",
    reads=("components.measure", "context.measures.available", "context.measures.lag_days"),
)  # fmt: skip
def measurable(s: Subject, limit: Thresholds) -> RuleResults:
    """People can't follow a result during the quarter if it takes weeks to arrive. Simplify until the data is there."""
    for part in s.paid:
        fix = fixes.without(f"Remove {part.name} until the data is there", s.plan, part.id)
        if part.data.available is None:
            yield Question(part.question("available"))
        elif not part.data.available:
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} is {formats.percent(part.share)} of target variable, but there is no data for it today.",
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
                f"{part.name} is known {lag} days after period end. People can follow it if it takes "
                f"{limit['late_days']:.0f} days or fewer.",
                {"lag_days": lag},
                severity,
                fix,
            )


@rule(
    "LIT-02", "Write down how someone could game the plan at period end", "warning",
    source=_DRURY, evidence="S", reads=("context.litmus.last_two_weeks",),
)  # fmt: skip
def unintended(s: Subject, limit: Thresholds) -> RuleResults:
    """The last two weeks of a quarter show what a plan really rewards. Think about them before you sign it."""
    if s.variable > 0 and s.context.litmus.last_two_weeks is None:
        yield Question("litmus.last_two_weeks")


@rule(
    "LIT-03", "Review every quarter whether the plan works", "warning",
    source=_DRURY, evidence="S", reads=("effective", "context.litmus.reviewed", "context.litmus.lift"),
)  # fmt: skip
def working(s: Subject, limit: Thresholds) -> RuleResults:
    """A plan is a reversible decision. If it does not work, change it."""
    since = s.plan.effective.since
    # A plan in effect for less than a quarter has no results to review yet.
    if s.variable <= 0 or (since is not None and (s.today - since).days <= limit["days"]):
        return
    answers = s.context.litmus
    if answers.reviewed is None:
        yield Question("litmus.reviewed")
    elif (s.today - answers.reviewed).days > limit["days"]:
        days = (s.today - answers.reviewed).days
        yield Issue(
            "context.litmus.reviewed",
            f"The last plan review was {days} days ago, on {answers.reviewed.isoformat()}. A quarter has "
            f"{limit['days']:.0f} days.",
            {"days": days},
        )
    elif answers.reviewed > s.today:
        yield Issue(
            "context.litmus.reviewed",
            f"The date of the last plan review, {answers.reviewed.isoformat()}, is in the future.",
        )
    if answers.lift is None:
        yield Question("litmus.lift")
        return
    last = answers.lift[-int(limit["periods"]) :]
    if len(last) == limit["periods"] and all(lift <= 0 for lift in last):
        yield Issue(
            "context.litmus.lift",
            f"The paid measure has not improved in the last {len(last)} periods "
            f"({', '.join(formats.plain_number(lift) for lift in last)}).",
            {"periods": len(last)},
        )
