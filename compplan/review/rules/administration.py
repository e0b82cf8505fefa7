"""POL: what the plan document has to settle."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from compplan import formats
from compplan.plan.parts import Frequency
from compplan.review import fixes
from compplan.review.book import Limits, rule
from compplan.review.findings import Ask, Found, Outcomes, Severity
from compplan.review.legal import as_of
from compplan.review.subject import Subject, Weighed, listed

_TERMS = {"hire": "a start mid-period", "leave": "leave", "transfer": "a transfer", "termination": "leaving"}


@rule(
    "POL-01", "Pay is as often as what it rewards", "warning",
    source="cygnal-2009", grade="B", reads=("frequency", "accumulation", "context.cycle_months"),
)  # fmt: skip
def as_often(s: Subject, limit: Limits) -> Outcomes:
    """Paid more often than the work takes, pay lags effort; paid less often, it is forgotten."""
    if s.variable <= 0:
        return
    months = s.context.cycle_months
    if months is None:
        yield Ask("cycle_months")
        return
    wanted: Frequency = "monthly" if months < limit["monthly"] else "quarterly"
    over_the_year = limit["quarterly"] < months <= limit["annual"]
    fits = s.plan.frequency == wanted
    if months > limit["quarterly"]:
        fits = s.plan.frequency == "annual" or (
            s.plan.frequency == "quarterly" and s.plan.accumulation == "year_to_date"
        )
    if fits and months <= limit["annual"]:
        return
    told = (
        f"A renewal takes {formats.plain_number(months, 1)} months from first talk to signature, and variable is paid "
    )
    told += f"{s.plan.frequency}{', each period by itself' if s.plan.accumulation == 'discrete' else ''}"
    if months > limit["annual"]:
        yield Found("frequency", f"{told}: a year is too short to show what was done.", {"months": months})
        return
    changes: dict[str, Any] = {"frequency": wanted}
    title = f"Pay {wanted}"
    if over_the_year:
        changes["accumulation"], title = "year_to_date", "Measure over the year, pay quarterly"
    yield Found("frequency", f"{told}.", {"months": months}, fix=fixes.edit(title, s.plan, changes))


@rule(
    "POL-03", "Where deals can be moved, the year counts and not the quarter", "warning",
    source="oyer-1998", grade="A", reads=("accumulation", "components.curve", "context.controls_timing"),
    dissent="Steenburgh (2008) found that lump-sum bonuses raised effort and changed timing little.",
)  # fmt: skip
def no_timing(s: Subject, limit: Limits) -> Outcomes:
    """Where pay rises faster above target, two uneven quarters pay more than two even ones: deals get moved."""
    if s.plan.accumulation != "discrete" or s.plan.periods == 1:
        return
    part = next((p for p in s.paid if _convex(p)), None)
    if part is None:
        return
    if s.context.controls_timing is None:
        yield Ask("controls_timing")
    elif s.context.controls_timing:
        yield Found(
            "accumulation",
            f"{part.name} pays more for what is above target than for what is below, each period by itself, and people "
            "can move a deal from one period to another.",
            {"share": part.share},
            fix=fixes.edit("Measure over the year so far", s.plan, {"accumulation": "year_to_date"}),
        )


def _convex(part: Weighed) -> bool:
    """Whether pay ever rises faster than before, or jumps, beyond its first knot."""
    slopes = part.curve.slopes
    rises = any(b > a + 1e-12 for a, b in pairwise(slopes.tolist()))
    return rises or any(cliff.before > 0 for cliff in part.cliffs)


@rule(
    "POL-04", "A plan over the year so far says what a negative difference does", "warning",
    source="netcommissions", grade="C", reads=("accumulation", "negative", "context.terms.negative"),
)  # fmt: skip
def negative_is_told(s: Subject, limit: Limits) -> Outcomes:
    """A worse quarter may make what was paid too much; who is paid should have read what happens then."""
    if s.plan.accumulation != "year_to_date" or s.plan.periods == 1 or s.variable <= 0:
        return
    does = {"carry": "carried forward", "recover": "taken back", "forgive": "forgiven at the end of the year"}
    if s.context.terms.negative is None:
        yield Ask("terms.negative")
    elif not s.context.terms.negative:
        yield Found(
            "negative",
            f"A negative difference is {does[s.plan.negative]}, and the plan document does not say so.",
        )


@rule(
    "POL-05", "Starting, leave, transfer and leaving are provided for", "warning",
    source="ny-labor-191", grade="A", as_of=as_of("POL-05"),
    reads=(
        "components.rate", "context.terms.hire", "context.terms.leave", "context.terms.transfer",
        "context.terms.termination", "context.states",
    ),
)  # fmt: skip
def events_are_told(s: Subject, limit: Limits) -> Outcomes:
    """What is paid when something changes mid-period is settled before it does; New York asks for it in writing."""
    if s.variable <= 0:
        return
    missing: list[str] = []
    for name, told in _TERMS.items():
        known = getattr(s.context.terms, name)
        if known is None:
            yield Ask(f"terms.{name}")
        elif not known:
            missing.append(told)
    if missing:
        commission = any(p.part.rate is not None for p in s.paid)
        severity: Severity = "error" if commission and "NY" in (s.context.states or ()) else "warning"
        yield Found(
            "context.terms",
            f"The plan document does not say what is paid on {listed(missing)}"
            + (", which New York asks for in a commission plan." if severity == "error" else "."),
            {"missing": len(missing)},
            severity,
        )
