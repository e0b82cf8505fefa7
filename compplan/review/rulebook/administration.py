"""POL: terms the plan document must settle."""

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

_TERMS = {"hire": "mid-period starts", "leave": "leave", "transfer": "transfers", "termination": "departures"}
_OFTEN: dict[Frequency, str] = {
    "monthly": "monthly", "quarterly": "quarterly", "semiannual": "twice a year", "annual": "once a year",
}  # fmt: skip


def _on_deals(s: Subject) -> tuple[ReviewComponent, ...]:
    """Return the paid components on renewals, expansion, pipeline and custom measures, individual or team."""
    return tuple(p for p in s.of(RETENTION, EXPANSION, PIPELINE, "") if p.component.level != "company")


@rule(
    "POL-01", "Match pay frequency to the sales cycle", "warning",
    source="cygnal-2009", evidence="B",
    reads=("frequency", "accumulation", "components.measure", "context.cycle_months"),
)  # fmt: skip
def as_often(s: Subject, limit: Thresholds) -> RuleResults:
    """If pay comes more often than results, it lags effort. If it comes less often, people lose sight of it."""
    if not _on_deals(s):
        return
    months = s.context.cycle_months
    if months is None:
        yield Question("cycle_months")
        return
    each = ", with each period counted separately" if s.plan.accumulation == "discrete" and s.plan.periods > 1 else ""
    text = (
        f"A renewal takes {formats.plain_number(months, 1)} month{'' if months == 1 else 's'} from first conversation "
        f"to signature, and variable pay is paid {_OFTEN[s.plan.frequency]}{each}"
    )
    if months > limit["annual"]:
        yield Issue("frequency", f"{text}. One year is too short to show results.", {"months": months})
    elif months > limit["quarterly"]:
        over_the_year = s.plan.frequency == "quarterly" and s.plan.accumulation == "year_to_date"
        if not over_the_year and s.plan.frequency != "annual":
            changes: dict[str, Any] = {"frequency": "quarterly", "accumulation": "year_to_date"}
            fix = fixes.edit("Measure year to date and pay quarterly", s.plan, changes)
            yield Issue("frequency", f"{text}.", {"months": months}, fix=fix)
    else:
        best: Frequency = "monthly" if months < limit["monthly"] else "quarterly"
        if s.plan.frequency != best:
            fix = fixes.edit(f"Pay {best}", s.plan, {"frequency": best})
            yield Issue("frequency", f"{text}.", {"months": months}, fix=fix)


@rule(
    "POL-03", "Measure year to date where people can time deals", "warning",
    source="oyer-1998", evidence="A", reads=("accumulation", "components.curve", "context.controls_timing"),
    dissent="Steenburgh (2008) found that lump-sum bonuses raised effort with little change in timing.",
)  # fmt: skip
def no_timing(s: Subject, limit: Thresholds) -> RuleResults:
    """With an accelerator, two uneven quarters pay more than two even ones, so people move deals."""
    if s.plan.accumulation != "discrete" or s.plan.periods == 1:
        return
    bent = [(part, *bend) for part in _on_deals(s) if (bend := _bend(part))]
    if not bent:
        return
    if s.context.controls_timing is None:
        yield Question("controls_timing")
    elif s.context.controls_timing:
        part, times, shape = max(bent, key=lambda bend: bend[1])
        yield Issue(
            "accumulation",
            f"{part.name} {shape}. Each period counts separately, and people can move deals between periods.",
            {"share": part.share, "times": times},
            fix=fixes.edit("Measure year to date", s.plan, {"accumulation": "year_to_date"}),
        )


def _bend(part: ReviewComponent) -> tuple[float, str] | None:
    """Return the largest rise of a curve's slope, as a factor and in words; infinite for a jump.

    The threshold and jumps up to target do not count, since nearly every plan has a threshold.
    """
    curve = part.curve
    if any((cliff.x - part.target) * curve.sign > 1e-9 for cliff in curve.cliffs()):
        return math.inf, "jumps beyond its target"
    paying = [
        slope for slope, value in zip(curve.slopes.tolist(), curve.values.tolist(), strict=True) if slope or value
    ]
    rises = [(before, after) for before, after in pairwise(paying) if after > before * (1.0 + 1e-6) + 1e-12]
    if any(before == 0 for before, _ in rises):
        return math.inf, "rises again after a flat section"
    most = max((after / before for before, after in rises), default=1.0)
    return (most, f"pays up to {formats.plain_number(most, 2)} times as much for the next unit") if rises else None


@rule(
    "POL-04", "State what happens to a negative true-up", "warning",
    source="netcommissions", evidence="C", reads=("accumulation", "negative", "context.terms.negative"),
)  # fmt: skip
def negative_is_stated(s: Subject, limit: Thresholds) -> RuleResults:
    """A weak quarter can turn earlier payments into overpayments. People should know in advance what follows."""
    if s.plan.accumulation != "year_to_date" or s.plan.periods == 1 or s.variable <= 0:
        return
    does = {"carry": "carried forward", "recover": "recovered", "forgive": "forgiven at year end"}
    if s.context.terms.negative is None:
        yield Question("terms.negative")
    elif not s.context.terms.negative:
        yield Issue(
            "negative", f"A negative true-up is {does[s.plan.negative]}, but the plan document does not say so."
        )


@rule(
    "POL-05", "State the terms for hires, leave, transfers and departures", "warning",
    source="compplan", evidence="J",
    reads=(
        "pay.variable", "context.terms.hire", "context.terms.leave", "context.terms.transfer",
        "context.terms.termination",
    ),
)  # fmt: skip
def events_are_stated(s: Subject, limit: Thresholds) -> RuleResults:
    """Settle what is paid for mid-period changes before they happen."""
    if s.variable <= 0:
        return
    missing: list[str] = []
    for name in _TERMS:
        answer = getattr(s.context.terms, name)
        if answer is None:
            yield Question(f"terms.{name}")
        elif not answer:
            missing.append(name)
    if missing:
        text = f"The plan document does not say what is paid for {listed([_TERMS[name] for name in missing])}."
        yield Issue("context.terms", text, {"missing": len(missing)})
