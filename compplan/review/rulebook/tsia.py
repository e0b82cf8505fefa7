"""TSI: what TSIA's guide says of charters, segments and maturity."""

from __future__ import annotations

import functools

from compplan import facts, formats
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import (
    ADOPTION,
    COMPANY,
    EXPANSION,
    OBJECTIVE,
    ONBOARDING,
    OUTCOME,
    PIPELINE,
    RETENTION,
    Subject,
    listed,
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
# Roles whose work is so different that one plan cannot be right for two of them.
_KINDS = {
    "onboarding": "onboarding",
    "associate_csm": "customer success",
    "csm": "customer success",
    "senior_csm": "customer success",
    "strategic_csm": "customer success",
    "cse": "engineering",
    "renewals_manager": "renewals",
    "account_manager": "account management",
    "cs_ops": "operations",
}


@rule(
    "TSI-01", "What is paid belongs to a charter", "warning", profile="charter",
    source=_TSIA, evidence="S", reads=("components.measure", "context.charters"),
)  # fmt: skip
def has_a_charter(s: Subject, limit: Thresholds) -> RuleResults:
    """What is measured for pay should follow from what Customer Success is there for."""
    # Growth without its charter is a rule of its own; a company's goal is what the guide advises where there is none;
    # what a measure of the plan's own belongs to cannot be told.
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
        why = f"the charter of {charter} is not declared" if charter else "it belongs to none of the three charters"
        yield Issue(
            f"{part.place}.measure",
            f"{part.name} earns {formats.percent(part.share)} of target variable, and {why} (declared: {declared}).",
            {"share": part.share},
            fix=fixes.without(f"Take {listed([p.name for p in strays])} out", s.plan, *(p.id for p in strays)),
        )


@rule(
    "TSI-02", "Growth is paid where expansion is a charter", "error", profile="charter",
    source=_TSIA, evidence="S", reads=("role", "components.measure", "context.charters"),
    dissent="KnowUp (2024), Totango (2021) and ResumeGeni (2026) pay on growth without asking for a charter.",
)  # fmt: skip
def growth_has_a_charter(s: Subject, limit: Thresholds) -> RuleResults:
    """Pay for upsell against charters of adoption and retention pulls effort from what people were told to do."""
    parts = s.of(EXPANSION, PIPELINE)
    if not parts or s.plan.role == "account_manager":  # who sells is not under Customer Success's charters
        return
    if s.context.charters is None:
        yield Question("charters")
    elif "expansion" not in s.context.charters:
        for part in parts:
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} earns {formats.percent(part.share)} of target variable, and expansion is no "
                "charter: make it one, or take it out.",
                {"share": part.share},
                fix=fixes.without(f"Take {listed([p.name for p in parts])} out", s.plan, *(p.id for p in parts)),
            )


@rule(
    "TSI-03", "A charter that is declared is paid", "warning",
    source=_TSIA, evidence="S", reads=("role", "components.weight", "context.charters", "context.maturity"),
)  # fmt: skip
def charter_is_paid(s: Subject, limit: Thresholds) -> RuleResults:
    """A charter without pay is a wish; net retention counts growth, and so pays for expansion too."""
    if s.variable <= 0 or not s.is_csm:
        return
    # A company's goal alone is what the guide advises at an early stage.
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
            f"{listed(unpaid).capitalize()} {are}, and no component is paid for {it}.",
            {"charters": len(unpaid)},
        )


@rule(
    "TSI-04", "Each kind of role has a plan of its own", "warning",
    source=_TSIA, evidence="S", reads=("role", "context.roles"),
)  # fmt: skip
def own_plan(s: Subject, limit: Thresholds) -> RuleResults:
    """Onboarding, customer success, engineering, renewals, account management and operations do different work."""
    if s.context.roles is None:
        yield Question("roles")
        return
    kinds = list(dict.fromkeys(_KINDS[role] for role in (s.plan.role, *s.context.roles) if role in _KINDS))
    if len(kinds) > limit["kinds"]:
        yield Issue("role", f"One plan pays {listed(kinds)}: each needs its own.", {"kinds": len(kinds)})


@rule(
    "TSI-05", "Segments that differ have targets that differ", "warning",
    source=_TSIA, evidence="S", reads=("components.target", "components.level", "context.segments"),
)  # fmt: skip
def own_target(s: Subject, limit: Thresholds) -> RuleResults:
    """Segments and regions do not perform alike, and some of it is outside anybody's control."""
    # A company's figure has one target; that it is far from a segment's is a rule of its own.
    parts = [p for p in s.of(RETENTION) if p.measure.unit == "share" and p.component.level != "company"]
    if not parts:
        return
    known = s.context.segments
    if known is None:
        yield Question("segments")
    elif known and max(known.values()) - min(known.values()) > limit["spread"] + 1e-9:
        low, high = min(known, key=known.__getitem__), max(known, key=known.__getitem__)
        part = parts[0]
        yield Issue(
            f"{part.place}.target",
            f"One target of {formats.percent(part.component.target)} on {part.name} holds for {high}, which kept "
            f"{formats.percent(known[high])}, and for {low}, which kept {formats.percent(known[low])}.",
            {"spread": known[high] - known[low]},
        )


@rule(
    "TSI-06", "A digital book is not paid on single renewals", "warning",
    source=_TSIA, evidence="S", reads=("segment", "components.level", "context.book.accounts", "context.renewal_owner"),
)  # fmt: skip
def digital(s: Subject, limit: Thresholds) -> RuleResults:
    """Programmes for some 200 accounts at once are different work from looking after each of them."""
    parts = [p for p in s.of(RETENTION) if p.individual]
    if not parts:
        return
    accounts = s.context.book.accounts
    if s.plan.segment != "digital" and accounts is None:
        yield Question("book.accounts")
    elif s.plan.segment == "digital" or (accounts or 0) >= limit["accounts"]:
        where = (
            "in a segment that is served by programmes" if s.plan.segment == "digital" else f"over {accounts} accounts"
        )
        yield Issue(
            f"{parts[0].place}.level",
            f"{parts[0].name} counts as one person's own {where}.",
            {"share": sum(p.share for p in parts)},
            fix=fixes.counted(s, "team", parts),
        )


@rule(
    "TSI-07", "An early organisation pays on little, and not on one person's outcomes", "warning",
    source=_TSIA, evidence="S", reads=("components", "components.level", "context.maturity", "context.renewal_owner"),
)  # fmt: skip
def early(s: Subject, limit: Thresholds) -> RuleResults:
    """With little data, keep it simple: a goal of the company, or shares, while it is learnt what matters."""
    own = [p for p in s.of(RETENTION, EXPANSION, ADOPTION, OUTCOME) if p.individual]
    many = len(s.paid) > limit["components"]
    if not own and not many:
        return
    if s.context.maturity is None:
        yield Question("maturity")
    elif s.context.maturity == "early":
        if many:
            yield Issue(
                "components",
                f"{len(s.paid)} components in an early organisation; {limit['components']:.0f} are "
                "enough while it learns.",
                {"components": len(s.paid)},
            )
        if own:
            yield Issue(
                f"{own[0].place}.level",
                f"{listed([p.name for p in own])} {'counts' if len(own) == 1 else 'count'} as one person's own "
                "in an early organisation, which has little data to go by.",
                {"share": sum(p.share for p in own)},
                fix=fixes.counted(s, "company", own),
            )


@rule(
    "TSI-08", "A mature organisation pays on what customers get out of it", "info",
    source=_TSIA, evidence="S", reads=("components.measure", "context.maturity"),
)  # fmt: skip
def mature(s: Subject, limit: Thresholds) -> RuleResults:
    """Further along, bonuses follow customer value: health, and the customer's own objectives."""
    if s.weight(ADOPTION, OUTCOME) > 0 or s.variable <= 0:
        return
    if s.context.maturity is None:
        yield Question("maturity")
    elif s.context.maturity == "mature":
        yield Issue(
            "components", "Nothing is paid on health, use or customers' own objectives, in a mature organisation."
        )


@rule(
    "TSI-09", "What counts as one person's own has a history", "warning",
    source=_TSIA, evidence="S", reads=("components.level", "context.measures.history"),
)  # fmt: skip
def has_history(s: Subject, limit: Thresholds) -> RuleResults:
    """Pay should not rest on data that is not sorted out yet."""
    for part in s.paid:
        if not part.individual or part.family == OBJECTIVE:  # an objective is set anew: it has no past
            continue
        known = part.data.history
        if known is None:
            yield Question(part.question("history"))
        elif known < limit["periods"]:
            yield Issue(
                part.place,
                f"{part.name} counts as one person's own, and {known or 'no'} past "
                f"{'period of it is' if known == 1 else 'periods of it are'} known.",
                {"periods": known},
                "error" if known == 0 else "warning",
                fixes.without(f"Leave {part.name} out until its data is known", s.plan, part.id),
            )


@rule(
    "TSI-10", "Pay is compared with figures of the last two years", "warning",
    source=_TSIA, evidence="S", reads=("context.benchmark.year", "context.benchmark.source"),
)  # fmt: skip
def recent(s: Subject, limit: Thresholds) -> RuleResults:
    """The guide's own study is made anew every other year."""
    told = s.context.benchmark
    year = told.year if told.year is not None else _year(told.source)
    if year is None:
        yield Question("benchmark.year")
        return
    months = (s.today.year - year - 1) * 12 + s.today.month - 1
    if months > limit["months"]:
        yield Issue(
            "context.benchmark.year",
            f"Pay was compared with figures of {year}, which ended {months} months ago.",
            {"months": months},
        )


@functools.cache
def _years() -> dict[str, int]:
    """The year of each publication of the bibliography that has one."""
    return {row["key"]: int(row["year"]) for row in facts.table("sources") if row["year"]}


def _year(source: str | None) -> int | None:
    """The year of a publication that is named by its key; None for any other name."""
    return _years().get(source) if source else None


@rule(
    "TSI-11", "There is some variable pay", "info",
    source=_TSIA, evidence="S", reads=("pay.variable",),
    dissent="Russ Drury (2020) likes salary alone, in theory; the guide itself accepts it at an early stage.",
)  # fmt: skip
def some_variable(s: Subject, limit: Thresholds) -> RuleResults:
    """Nine in ten CSMs have some, by the study of 2022."""
    if s.variable <= 0:
        yield Issue(
            "pay",
            f"There is no variable pay; {formats.percent(limit['share'])} of CSMs had some in 2022.",
            {"share": limit["share"]},
        )


@rule(
    "TSI-12", "What a CSM costs is within reach of the survey's mean", "info",
    source=_TSIA, evidence="S", reads=("context.loaded_cost",),
)  # fmt: skip
def loaded(s: Subject, limit: Thresholds) -> RuleResults:
    """Context only: what a member of the survey's companies cost, all in, in 2022."""
    if not s.is_csm or s.plan.currency != "USD":
        return
    known = s.context.loaded_cost
    if known is None:
        yield Question("loaded_cost")
        return
    mean = _mean_cost()
    if abs(known / mean - 1.0) > limit["share"] + 1e-9:
        yield Issue(
            "context.loaded_cost",
            f"A person costs {s.money(known)} a year, all in; the mean of 2022 is {s.money(mean)}.",
            {"cost": known, "mean": mean},
        )


@functools.cache
def _mean_cost() -> float:
    rows = (row for row in facts.table("pay") if row["source"] == _TSIA and row["basis"] == "fully_loaded_cost")
    return float(next(rows)["value"])


@rule(
    "TSI-13", "People are told before the plan holds", "warning",
    source=_TSIA, evidence="S", reads=("effective", "context.terms.communicated"),
)  # fmt: skip
def told(s: Subject, limit: Thresholds) -> RuleResults:
    """Whatever changes, everybody should know what is expected of them, with a date."""
    since, communicated = s.plan.effective.since, s.context.terms.communicated
    if s.variable <= 0:
        return
    if communicated is None:
        yield Question("terms.communicated")
    elif since is not None and communicated > since:
        yield Issue(
            "effective",
            f"The plan holds from {since.isoformat()}, and people were told on {communicated.isoformat()}.",
            {"days": (communicated - since).days},
        )
