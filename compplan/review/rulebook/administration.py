"""POL: what the plan document has to settle."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from compplan import formats
from compplan.plan.parts import Frequency
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import EXPANSION, PIPELINE, RETENTION, ReviewComponent, Subject, listed

_TERMS = {"hire": "a start mid-period", "leave": "leave", "transfer": "a transfer", "termination": "leaving"}
_OFTEN: dict[Frequency, str] = {
    "monthly": "monthly", "quarterly": "quarterly", "semiannual": "twice a year", "annual": "once a year",
}  # fmt: skip


def _on_deals(s: Subject) -> tuple[ReviewComponent, ...]:
    """What is paid on deals: renewals, growth and pipeline, and measures of the plan's own, of a person or a team."""
    return tuple(p for p in s.of(RETENTION, EXPANSION, PIPELINE, "") if p.component.level != "company")


@rule(
    "POL-01", "Pay is as often as what it rewards", "warning",
    source="cygnal-2009", evidence="B",
    reads=("frequency", "accumulation", "components.measure", "context.cycle_months"),
)  # fmt: skip
def as_often(s: Subject, limit: Thresholds) -> RuleResults:
    """Paid more often than the work takes, pay lags effort; paid less often, it is forgotten."""
    if not _on_deals(s):
        return
    months = s.context.cycle_months
    if months is None:
        yield Question("cycle_months")
        return
    each = ", each period by itself" if s.plan.accumulation == "discrete" and s.plan.periods > 1 else ""
    told = (
        f"A renewal takes {formats.plain_number(months, 1)} month{'' if months == 1 else 's'} from first talk to "
        f"signature, and variable is paid {_OFTEN[s.plan.frequency]}{each}"
    )
    if months > limit["annual"]:
        yield Issue("frequency", f"{told}: a year is too short to show what was done.", {"months": months})
    elif months > limit["quarterly"]:
        over_the_year = s.plan.frequency == "quarterly" and s.plan.accumulation == "year_to_date"
        if not over_the_year and s.plan.frequency != "annual":
            changes: dict[str, Any] = {"frequency": "quarterly", "accumulation": "year_to_date"}
            fix = fixes.edit("Measure over the year, pay quarterly", s.plan, changes)
            yield Issue("frequency", f"{told}.", {"months": months}, fix=fix)
    else:
        wanted: Frequency = "monthly" if months < limit["monthly"] else "quarterly"
        if s.plan.frequency != wanted:
            fix = fixes.edit(f"Pay {wanted}", s.plan, {"frequency": wanted})
            yield Issue("frequency", f"{told}.", {"months": months}, fix=fix)


@rule(
    "POL-03", "Where deals can be moved, the year counts and not the quarter", "warning",
    source="oyer-1998", evidence="A", reads=("accumulation", "components.curve", "context.controls_timing"),
    dissent="Steenburgh (2008) found that lump-sum bonuses raised effort and changed timing little.",
)  # fmt: skip
def no_timing(s: Subject, limit: Thresholds) -> RuleResults:
    """Where pay rises faster above target, two uneven quarters pay more than two even ones: deals get moved."""
    if s.plan.accumulation != "discrete" or s.plan.periods == 1:
        return
    bent = [(part, *bend) for part in _on_deals(s) if (bend := _bend(part))]
    if not bent:
        return
    if s.context.controls_timing is None:
        yield Question("controls_timing")
    elif s.context.controls_timing:
        part, times, told = max(bent, key=lambda found: found[1])
        yield Issue(
            "accumulation",
            f"{part.name} {told}, each period counts by itself, and people can move a deal from one period to another.",
            {"share": part.share, "times": times},
            fix=fixes.edit("Measure over the year so far", s.plan, {"accumulation": "year_to_date"}),
        )


def _bend(part: ReviewComponent) -> tuple[float, str] | None:
    """By how many times the slope of a curve rises once it pays, and how that is told; infinite where it jumps.

    Where it begins to pay, and what it jumps by up to the target, is no bend: nearly every plan has a threshold.
    """
    curve = part.curve
    if any((cliff.x - part.target) * curve.sign > 1e-9 for cliff in curve.cliffs()):
        return math.inf, "jumps beyond its target"
    paying = [
        slope for slope, value in zip(curve.slopes.tolist(), curve.values.tolist(), strict=True) if slope or value
    ]
    rises = [(before, after) for before, after in pairwise(paying) if after > before * (1.0 + 1e-6) + 1e-12]
    if any(before == 0 for before, _ in rises):
        return math.inf, "rises again after a stretch that pays no more"
    most = max((after / before for before, after in rises), default=1.0)
    return (most, f"pays up to {formats.plain_number(most, 2)} times as much for the next unit") if rises else None


@rule(
    "POL-04", "A plan over the year so far says what a negative difference does", "warning",
    source="netcommissions", evidence="C", reads=("accumulation", "negative", "context.terms.negative"),
)  # fmt: skip
def negative_is_told(s: Subject, limit: Thresholds) -> RuleResults:
    """A worse quarter may make what was paid too much; who is paid should have read what happens then."""
    if s.plan.accumulation != "year_to_date" or s.plan.periods == 1 or s.variable <= 0:
        return
    does = {"carry": "carried forward", "recover": "taken back", "forgive": "forgiven at the end of the year"}
    if s.context.terms.negative is None:
        yield Question("terms.negative")
    elif not s.context.terms.negative:
        yield Issue(
            "negative",
            f"A negative difference is {does[s.plan.negative]}, and the plan document does not say so.",
        )


@rule(
    "POL-05", "Starting, leave, transfer and leaving are provided for", "warning",
    source="compplan", evidence="J",
    reads=(
        "pay.variable", "context.terms.hire", "context.terms.leave", "context.terms.transfer",
        "context.terms.termination",
    ),
)  # fmt: skip
def events_are_told(s: Subject, limit: Thresholds) -> RuleResults:
    """What is paid when something changes mid-period is settled before it does."""
    if s.variable <= 0:
        return
    missing: list[str] = []
    for name in _TERMS:
        known = getattr(s.context.terms, name)
        if known is None:
            yield Question(f"terms.{name}")
        elif not known:
            missing.append(name)
    if missing:
        told = f"The plan document does not say what is paid on {listed([_TERMS[name] for name in missing])}."
        yield Issue("context.terms", told, {"missing": len(missing)})
