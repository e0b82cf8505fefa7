"""RSG: ResumeGeni's guide to levels, teams and books of business."""

from __future__ import annotations

import functools

from compplan.capacity.presets import levels
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import GROSS, Subject

_GUIDE = "resumegeni-2026"


@functools.cache
def _ranges(segment: str) -> tuple[tuple[float, float], ...]:
    """Return all ranges of accounts per person that the guide gives for a segment."""
    ranges = levels(_GUIDE).get(segment, ())
    return tuple((accounts.low, accounts.high) for accounts in ranges if accounts.low and accounts.high)


@rule(
    "RSG-06", "Keep the number of accounts within the guide's range", "info",
    source=_GUIDE, evidence="S", reads=("segment", "context.book.accounts"),
    dissent="KnowUp (2024) suggests 40 to 60 mid-market and up to 14 enterprise accounts.",
)  # fmt: skip
def accounts(s: Subject, limit: Thresholds) -> RuleResults:
    """The guide's books are two to five times lighter than KnowUp's, and it gives two ranges for one segment."""
    ranges = _ranges(s.plan.segment)
    if not ranges or not s.is_csm:
        return
    count = s.context.book.accounts
    if count is None:
        yield Question("book.accounts")
    elif not any(low <= count <= high for low, high in ranges):
        text = " or ".join(f"{low:.0f} to {high:.0f}" for low, high in ranges)
        yield Issue(
            "context.book.accounts",
            f"Each person has {count} accounts; the guide suggests {text}.",
            {"accounts": count},
        )


@rule(
    "RSG-10", "Keep teams at four to eight people per manager", "warning",
    source=_GUIDE, evidence="S", reads=("role", "context.team_size"),
    dissent="KnowUp (2024) suggests five to eight.",
)  # fmt: skip
def span(s: Subject, limit: Thresholds) -> RuleResults:
    """A larger team is too much for one manager; a smaller one does not need its own."""
    if s.plan.role != "cs_manager":
        return
    people = s.context.team_size
    if people is None:
        yield Question("team_size")
    elif not limit["low"] <= people <= limit["high"]:
        yield Issue(
            "context.team_size",
            f"The manager leads {people} people; the guide suggests {limit['low']:.0f} to {limit['high']:.0f}.",
            {"people": people},
        )


@rule(
    "RSG-11", "Match the level to the book", "warning",
    source=_GUIDE, evidence="S", reads=("role", "segment", "context.book.accounts"),
)  # fmt: skip
def level(s: Subject, limit: Thresholds) -> RuleResults:
    """Associates start on small or pooled accounts, and strategic books are small."""
    if s.plan.role == "associate_csm" and s.plan.segment in {"enterprise", "strategic"}:
        yield Issue(
            "role", f"An associate manages {s.plan.segment} accounts, which the guide reserves for senior people."
        )
    if s.plan.role == "strategic_csm":
        count = s.context.book.accounts
        if count is None:
            yield Question("book.accounts")
        elif count > limit["strategic_most"]:
            yield Issue(
                "context.book.accounts",
                f"Each person has {count} strategic accounts; the guide allows {limit['strategic_most']:.0f}.",
                {"accounts": count},
            )


@rule(
    "RSG-12", "Pay a pooled book as a pool", "warning",
    source=_GUIDE, evidence="S",
    reads=("segment", "components.level", "context.book.accounts", "context.renewal_owner"),
)  # fmt: skip
def pooled(s: Subject, limit: Thresholds) -> RuleResults:
    """One-to-many work shows in the retention of the pool, not of one person."""
    parts = [p for p in s.on(*GROSS, "renewal_rate") if p.individual]
    if s.plan.segment != "smb" or not parts:
        return
    count = s.context.book.accounts
    if count is None:
        yield Question("book.accounts")
    elif count >= limit["accounts"]:
        yield Issue(
            f"{parts[0].place}.level",
            f"{parts[0].name} is measured individually in a pooled book of {count} accounts.",
            {"accounts": count},
            fix=fixes.counted(s, "team", parts),
        )


@rule(
    "RSG-13", "Leave first-year accounts out of renewal measures", "info",
    source=_GUIDE, evidence="S", reads=("components.measure", "context.book.first_year"),
)  # fmt: skip
def first_year(s: Subject, limit: Thresholds) -> RuleResults:
    """Accounts in onboarding are not up for renewal yet."""
    parts = s.on("grr_opening", "nrr", "logo_retention")
    if not parts:
        return
    count = s.context.book.first_year
    if count is None:
        yield Question("book.first_year")
    elif count > 0:
        yield Issue(
            f"{parts[0].place}.measure",
            f"{count} account{'' if count == 1 else 's'} of the book {'is' if count == 1 else 'are'} in the first "
            f"year. Make sure {parts[0].name} leaves {'it' if count == 1 else 'them'} out until renewal.",
            {"first_year": count},
        )
