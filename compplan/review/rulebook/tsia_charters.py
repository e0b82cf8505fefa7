"""TSI: TSIA's guide to charters of Customer Success."""

from __future__ import annotations

from compplan import formats
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import (
    ADOPTION,
    COMPANY,
    EXPANSION,
    ONBOARDING,
    OUTCOME,
    PIPELINE,
    RETENTION,
    Subject,
    listed,
    names_of,
)

_TSIA = "tsia-2022"
_CHARTER = {
    ADOPTION: "adoption",
    ONBOARDING: "adoption",
    OUTCOME: "adoption",
    RETENTION: "retention",
    EXPANSION: "expansion",
    PIPELINE: "expansion",
}


@rule(
    "TSI-01", "Pay on measures that belong to a charter", "warning", profile="charter",
    source=_TSIA, evidence="S", reads=("components.measure", "context.charters"),
)  # fmt: skip
def has_a_charter(s: Subject, limit: Thresholds) -> RuleResults:
    """Paid measures should follow from the charters of Customer Success."""
    # TSI-02 covers expansion, a company goal needs no charter, and custom measures have no family.
    parts = [p for p in s.paid if p.family and p.family not in {EXPANSION, PIPELINE, COMPANY}]
    charters = s.context.charters
    if charters is None:
        if parts:
            yield Question("charters")
        return
    strays = [p for p in parts if _CHARTER.get(p.family) not in charters]
    for part in strays:
        charter = _CHARTER.get(part.family)
        declared = listed(list(charters)) or "none"
        why = f"{charter} is not a declared charter" if charter else "it belongs to no charter"
        yield Issue(
            f"{part.place}.measure",
            f"{part.name} is {formats.percent(part.share)} of target variable, but {why} (declared: {declared}).",
            {"share": part.share},
            fix=fixes.without(f"Remove {names_of(strays)}", s.plan, *(p.id for p in strays)),
        )


@rule(
    "TSI-02", "Pay on expansion only if it is a charter", "error", profile="charter",
    source=_TSIA, evidence="S", reads=("role", "components.measure", "context.charters"),
    dissent="KnowUp (2024), Totango (2021) and ResumeGeni (2026) pay on expansion without requiring a charter.",
)  # fmt: skip
def growth_has_a_charter(s: Subject, limit: Thresholds) -> RuleResults:
    """If the charters are adoption and retention, pay for upsell pulls effort away from them."""
    parts = s.of(EXPANSION, PIPELINE)
    if not parts or s.plan.role == "account_manager":  # the charters do not cover sellers
        return
    if s.context.charters is None:
        yield Question("charters")
    elif "expansion" not in s.context.charters:
        for part in parts:
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} is {formats.percent(part.share)} of target variable, but expansion is not a charter. Add "
                "the charter or remove the component.",
                {"share": part.share},
                fix=fixes.without(f"Remove {names_of(parts)}", s.plan, *(p.id for p in parts)),
            )


@rule(
    "TSI-03", "Pay on every declared charter", "warning",
    source=_TSIA, evidence="S", reads=("role", "components.weight", "context.charters", "context.maturity"),
)  # fmt: skip
def charter_is_paid(s: Subject, limit: Thresholds) -> RuleResults:
    """A charter without pay is only a wish. Net retention includes expansion, so it counts for both."""
    if s.variable <= 0 or not s.is_csm:
        return
    # At an early stage the guide advises a company goal alone.
    if s.context.maturity == "early" and all(p.family == COMPANY for p in s.paid):
        return
    if s.context.charters is None:
        yield Question("charters")
        return
    paid = {_CHARTER.get(p.family) for p in s.paid}
    if s.on("nrr"):
        paid.add("expansion")
    unpaid = [charter for charter in dict.fromkeys(s.context.charters) if charter not in paid]
    if unpaid:
        are, it = ("is a charter", "it") if len(unpaid) == 1 else ("are charters", "them")
        yield Issue(
            "components",
            f"{listed(unpaid).capitalize()} {are}, but no component pays for {it}.",
            {"charters": len(unpaid)},
        )
