"""OWN: who owns renewals and growth, and whose result is paid."""

from __future__ import annotations

import math

from compplan import formats
from compplan.review import fixes
from compplan.review.context import BookAnswers
from compplan.review.findings import Issue, Question, RuleResults
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import EXPANSION, GROSS, RETENTION, ReviewComponent, Subject, listed

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
    "OWN-01", "Who owns the renewal is paid on their own", "warning",
    source=_DRURY, evidence="S", reads=("components.level", "context.renewal_owner"),
    dissent="One person's result of a small book is mostly chance: the team's is steadier.",
)  # fmt: skip
def own_renewals(s: Subject, limit: Thresholds) -> RuleResults:
    """Who signs the renewal should see it in their own pay."""
    parts = [p for p in s.on(*_RENEWALS) if not p.individual]
    if not parts or not s.is_csm:
        return
    if s.context.renewal_owner is None:
        yield Question("renewal_owner")
    elif s.context.renewal_owner == "csm":
        part = parts[0]
        yield Issue(
            f"{part.place}.level",
            f"The CSM owns renewals, and {part.name} counts for the {part.component.level}.",
            {"share": part.share},
            fix=fixes.counted(s, "individual", parts),
        )


@rule(
    "OWN-02", "Who does not own the renewal is paid on the team's", "warning",
    source=_DRURY, evidence="S", reads=("components.level", "context.renewal_owner"),
    dissent="KnowUp (2024) pays each person on the own portfolio.",
)  # fmt: skip
def team_renewals(s: Subject, limit: Thresholds) -> RuleResults:
    """A result that somebody else signs is nobody's own; as a team's it lets everybody pull the same way."""
    parts = [p for p in s.on(*_RENEWALS, "nrr") if p.individual]
    if not parts or not s.is_csm:
        return
    owner = s.context.renewal_owner
    if owner is None:
        yield Question("renewal_owner")
    elif owner != "csm":
        yield Issue(
            f"{parts[0].place}.level",
            f"Renewals belong to {_OWNERS[owner]}, and {listed([p.name for p in parts])} "
            f"({formats.percent(math.fsum(p.share for p in parts))} of target variable) counts as the CSM's own.",
            {"share": math.fsum(p.share for p in parts)},
            fix=fixes.counted(s, "team", parts),
        )


@rule(
    "OWN-03", "Where segments differ, retention is not the company's", "info",
    source=_DRURY, evidence="S", reads=("components.level", "context.segments", "context.renewal_owner"),
)  # fmt: skip
def remote(s: Subject, limit: Thresholds) -> RuleResults:
    """A company's figure feels remote to who works in a segment that stands far from it."""
    parts = [p for p in s.on(*_RENEWALS, "nrr") if p.component.level == "company"]
    if not parts:
        return
    known = s.context.segments
    if known is None:
        yield Question("segments")
    elif known and max(known.values()) - min(known.values()) > limit["spread"] + 1e-9:
        low, high = min(known, key=known.__getitem__), max(known, key=known.__getitem__)
        yield Issue(
            f"{parts[0].place}.level",
            f"{parts[0].name} counts for the company, and {high} kept {formats.percent(known[high])} where {low} kept "
            f"{formats.percent(known[low])}.",
            {"spread": known[high] - known[low]},
            fix=fixes.counted(s, "team", parts),
        )


@rule(
    "OWN-04", "Books are balanced where each is paid on their own", "warning",
    source=_DRURY, evidence="S", reads=("components.level", "context.books", "context.renewal_owner"),
)  # fmt: skip
def balanced(s: Subject, limit: Thresholds) -> RuleResults:
    """Individual retention needs books alike in risk, complexity, value, and in what is due over the year."""
    parts = [p for p in s.on(*_RENEWALS, "nrr") if p.individual]
    if not parts:
        return
    books = s.context.books
    if not books:
        yield Question("books")
        return
    found = _unlike(s, books, limit)
    if found:
        told, numbers = [words for words, _ in found], {name: value for _, (name, value) in found}
        yield Issue(
            "context.books",
            f"{parts[0].name} counts as each one's own, and {'; '.join(told)}.",
            numbers,
            fix=fixes.counted(s, "team", parts),
        )
    elif not all(b.due is not None and (len(books) == 1 or _spread_known(b)) for b in books):
        yield Question("books")


def _spread_known(book: BookAnswers) -> bool:
    return book.accounts is not None and book.largest_share is not None


def _effective(book: BookAnswers) -> float | None:
    """How many accounts of one size a book counts as, at most: one over the sum of squared shares [accounts].

    Of the shares only the largest is known; the others are taken as equal, which is the most even that they can be.
    """
    if not book.accounts or book.largest_share is None:
        return None
    if book.accounts == 1:
        return 1.0
    largest = max(book.largest_share, 1.0 / book.accounts)
    return 1.0 / (largest**2 + (1.0 - largest) ** 2 / (book.accounts - 1))


def _swing(due: tuple[float, ...]) -> float:
    """Standard deviation of what is due per quarter over its mean; 0 where nothing is due. In floats, for speed."""
    mean = sum(due) / len(due)
    return math.sqrt(sum((x - mean) ** 2 for x in due) / len(due)) / mean if mean > 0 else 0.0


def _unlike(s: Subject, books: tuple[BookAnswers, ...], limit: Thresholds) -> list[tuple[str, tuple[str, float]]]:
    """In what books differ by more than the limits: halves of sentences, each with its number."""
    found: list[tuple[str, tuple[str, float]]] = []
    sizes = [n for n in map(_effective, books) if n is not None]
    if sizes and max(sizes) > limit["effective_ratio"] * min(sizes) + 1e-9:
        most, least = (formats.plain_number(n, 1) for n in (max(sizes), min(sizes)))
        told = f"one book counts as {most} accounts of one size where another counts as {least}"
        found.append((told, ("effective_ratio", max(sizes) / min(sizes))))
    largest = [b.largest_share for b in books if b.largest_share is not None]
    if largest and max(largest) - min(largest) > limit["largest_gap"] + 1e-9:
        most, least = formats.percent(max(largest)), formats.percent(min(largest))
        told = f"one account is {most} of one book where the largest of another is {least}"
        found.append((told, ("largest_gap", max(largest) - min(largest))))
    due = [math.fsum(b.due) for b in books if b.due is not None]
    if due and max(due) > limit["due_ratio"] * min(due) + 1e-9:
        told = f"{s.money(max(due))} is due within the year in one book where another has {s.money(min(due))}"
        found.append((told, ("due_gap", max(due) - min(due))))
    uneven = [_swing(b.due) for b in books if b.due is not None]
    if uneven and max(uneven) > limit["due_cv"] + 1e-9:
        swing = formats.percent(max(uneven), 0)
        found.append(
            (f"in one book what is due swings by {swing} of its mean from quarter to quarter", ("due_cv", max(uneven)))
        )
    return found


@rule(
    "OWN-05", "One result is paid in full to one role", "warning",
    source="tsia-2022", evidence="S", reads=("components.measure", "components.level", "context.also_paid"),
    dissent="ResumeGeni (2026) has CSMs and account executives share growth.",
)  # fmt: skip
def paid_twice(s: Subject, limit: Thresholds) -> RuleResults:
    """Two roles paid in full on one result cost twice, and argue whose it was; a team's result is shared on purpose."""
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
                f"{parts[0].name} counts as one person's own, and is paid in full to {listed(list(others))} too.",
                {"others": float(len(others))},
            )


@rule(
    "OWN-06", "A change from one's own result to the team's is explained", "info",
    source=_DRURY, evidence="S", reads=("components.level", "context.level_change"),
)  # fmt: skip
def explained(s: Subject, limit: Thresholds) -> RuleResults:
    """Some will struggle with being paid on what they do not move alone; they are told why."""
    shared: list[ReviewComponent] = [p for p in s.paid if not p.individual and p.family == RETENTION]
    if not shared:
        return
    known = s.context.level_change
    if known.changed is None:
        yield Question("level_change.changed")
    elif known.changed and known.note is None:
        yield Question("level_change.note")
    elif known.changed and not known.note:
        yield Issue(
            f"{shared[0].place}.level",
            f"{shared[0].name} counted as one's own before and for the {shared[0].component.level} now, and nobody "
            "was told why.",
        )
