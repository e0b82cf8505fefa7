"""OWN: who owns renewals and growth, and which results are paid."""

from __future__ import annotations

import math

from compplan import formats
from compplan.review import fixes
from compplan.review.context import BookAnswers
from compplan.review.findings import Issue, Question, RuleResults
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import EXPANSION, GROSS, RETENTION, ReviewComponent, Subject, listed, names_of

_DRURY = "drury-2020"
_OWNERS = {
    "csm": "the CSM",
    "renewals": "a renewals manager",
    "ae": "an account executive",
    "am": "an account manager",
    "shared": "several people",
}
_RENEWALS = (*sorted(GROSS), "renewal_rate")


@rule(
    "OWN-01", "Pay renewal owners on their own results", "warning",
    source=_DRURY, evidence="S", reads=("components.level", "context.renewal_owner"),
    dissent="Individual results of a small book are mostly luck; team results are steadier.",
)  # fmt: skip
def own_renewals(s: Subject, limit: Thresholds) -> RuleResults:
    """People who sign renewals should see the result in their own pay."""
    parts = [p for p in s.on(*_RENEWALS) if not p.individual]
    if not parts or not s.is_csm:
        return
    if s.context.renewal_owner is None:
        yield Question("renewal_owner")
    elif s.context.renewal_owner == "csm":
        part = parts[0]
        yield Issue(
            f"{part.place}.level",
            f"The CSM owns renewals, but {part.name} is measured for the {part.component.level}.",
            {"share": part.share},
            fix=fixes.counted(s, "individual", parts),
        )


@rule(
    "OWN-02", "Pay people who don't own renewals on team results", "warning",
    source=_DRURY, evidence="S", reads=("components.level", "context.renewal_owner"),
    dissent="KnowUp (2024) pays each person on their own portfolio.",
)  # fmt: skip
def team_renewals(s: Subject, limit: Thresholds) -> RuleResults:
    """If someone else signs the renewal, it is not an individual result. As a team result it unites everyone."""
    parts = [p for p in s.on(*_RENEWALS, "nrr") if p.individual]
    if not parts or not s.is_csm:
        return
    owner = s.context.renewal_owner
    if owner is None:
        yield Question("renewal_owner")
    elif owner != "csm":
        yield Issue(
            f"{parts[0].place}.level",
            f"Renewals belong to {_OWNERS[owner]}, but {names_of(parts)} "
            f"({formats.percent(math.fsum(p.share for p in parts))} of target variable) is measured individually.",
            {"share": math.fsum(p.share for p in parts)},
            fix=fixes.counted(s, "team", parts),
        )


@rule(
    "OWN-03", "Measure retention by team where segments differ", "info",
    source=_DRURY, evidence="S", reads=("components.level", "context.segments", "context.renewal_owner"),
)  # fmt: skip
def remote(s: Subject, limit: Thresholds) -> RuleResults:
    """A company-wide number feels remote to people in a segment far from the average."""
    parts = [p for p in s.on(*_RENEWALS, "nrr") if p.component.level == "company"]
    if not parts:
        return
    retention = s.context.segments
    if retention is None:
        yield Question("segments")
    elif pair := s.segments_apart(limit["spread"]):
        low, high = pair
        yield Issue(
            f"{parts[0].place}.level",
            f"{parts[0].name} is measured for the company, but {high} retained {formats.percent(retention[high])} and "
            f"{low} {formats.percent(retention[low])}.",
            {"spread": retention[high] - retention[low]},
            fix=fixes.counted(s, "team", parts),
        )


@rule(
    "OWN-04", "Balance books where people are paid individually", "warning",
    source=_DRURY, evidence="S", reads=("components.level", "context.books", "context.renewal_owner"),
)  # fmt: skip
def balanced(s: Subject, limit: Thresholds) -> RuleResults:
    """Individual retention needs books with similar risk, complexity, value and renewals over the year."""
    parts = [p for p in s.on(*_RENEWALS, "nrr") if p.individual]
    if not parts:
        return
    books = s.context.books
    if not books:
        yield Question("books")
        return
    unlike = _unlike(s, books, limit)
    if unlike:
        differences, numbers = [text for text, _ in unlike], {name: value for _, (name, value) in unlike}
        yield Issue(
            "context.books",
            f"{parts[0].name} is measured individually, but books differ: {'; '.join(differences)}.",
            numbers,
            fix=fixes.counted(s, "team", parts),
        )
    elif not all(b.due and (len(books) == 1 or None not in (b.accounts, b.largest_share)) for b in books):
        yield Question("books")


def _effective(book: BookAnswers) -> float | None:
    """Return the effective number of accounts, at most: one over the sum of squared shares [accounts].

    Only the largest share is known; the others are assumed equal, which gives the largest possible number.
    """
    if not book.accounts or book.largest_share is None:
        return None
    if book.accounts == 1:
        return 1.0
    largest = max(book.largest_share, 1.0 / book.accounts)
    return 1.0 / (largest**2 + (1.0 - largest) ** 2 / (book.accounts - 1))


def _swing(due: tuple[float, ...]) -> float:
    """Return the coefficient of variation of ARR due per quarter; 0 if nothing is due. Plain floats, for speed."""
    mean = sum(due) / len(due)
    return math.sqrt(sum((x - mean) ** 2 for x in due) / len(due)) / mean if mean > 0 else 0.0


def _unlike(s: Subject, books: tuple[BookAnswers, ...], limit: Thresholds) -> list[tuple[str, tuple[str, float]]]:
    """List the ways in which books differ by more than the limits, each with its number."""
    differences: list[tuple[str, tuple[str, float]]] = []
    sizes = [n for n in map(_effective, books) if n is not None]
    if sizes and max(sizes) > limit["effective_ratio"] * min(sizes) + 1e-9:
        most, least = (formats.plain_number(n, 1) for n in (max(sizes), min(sizes)))
        text = f"one book is worth {most} equal accounts, another is worth {least}"
        differences.append((text, ("effective_ratio", max(sizes) / min(sizes))))
    largest = [b.largest_share for b in books if b.largest_share is not None]
    if largest and max(largest) - min(largest) > limit["largest_gap"] + 1e-9:
        most, least = formats.percent(max(largest)), formats.percent(min(largest))
        text = f"the largest account is {most} of one book and {least} of another"
        differences.append((text, ("largest_gap", max(largest) - min(largest))))
    due = [math.fsum(b.due) for b in books if b.due is not None]
    if due and max(due) > limit["due_ratio"] * min(due) + 1e-9:
        text = f"{s.money(max(due))} is up for renewal this year in one book and {s.money(min(due))} in another"
        differences.append((text, ("due_gap", max(due) - min(due))))
    uneven = [_swing(b.due) for b in books if b.due is not None]
    if uneven and max(uneven) > limit["due_cv"] + 1e-9:
        swing = formats.percent(max(uneven), 0)
        differences.append(
            (f"in one book, ARR due per quarter varies by {swing} of its average", ("due_cv", max(uneven)))
        )
    return differences


@rule(
    "OWN-05", "Pay one role in full for each result", "warning",
    source="tsia-2022", evidence="S", reads=("components.measure", "components.level", "context.also_paid"),
    dissent="ResumeGeni (2026) has CSMs and account executives share expansion.",
)  # fmt: skip
def paid_twice(s: Subject, limit: Thresholds) -> RuleResults:
    """Paying two roles in full for one result costs twice and starts arguments. Team results are shared on purpose."""
    for family, name in ((RETENTION, "renewals"), (EXPANSION, "expansion")):
        parts = [p for p in s.of(family) if p.individual]
        if not parts:
            continue
        others = getattr(s.context.also_paid, name)
        if others is None:
            yield Question(f"also_paid.{name}")
        elif others:
            yield Issue(
                f"{parts[0].place}.measure",
                f"{parts[0].name} is measured individually, and {listed(list(others))} also get full pay for it.",
                {"others": float(len(others))},
            )


@rule(
    "OWN-06", "Explain a change from individual to team results", "info",
    source=_DRURY, evidence="S", reads=("components.level", "context.level_change"),
)  # fmt: skip
def explained(s: Subject, limit: Thresholds) -> RuleResults:
    """Some people will struggle with pay on a shared result. Tell them why."""
    shared: list[ReviewComponent] = [p for p in s.paid if not p.individual and p.family == RETENTION]
    if not shared:
        return
    change = s.context.level_change
    if change.changed is None:
        yield Question("level_change.changed")
    elif change.changed and change.note is None:
        yield Question("level_change.note")
    elif change.changed and not change.note:
        yield Issue(
            f"{shared[0].place}.level",
            f"{shared[0].name} moved from individual to {shared[0].component.level} results without a written "
            "explanation.",
        )
