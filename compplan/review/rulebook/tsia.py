"""TSI: TSIA's guide to roles, segments, maturity and benchmarks."""

from __future__ import annotations

import functools

from compplan import facts, formats
from compplan.capacity.contradictions import loaded_cost
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import ADOPTION, EXPANSION, OBJECTIVE, OUTCOME, RETENTION, Subject, listed, names_of

_TSIA = "tsia-2022"
_survey_mean = functools.cache(loaded_cost)
# Kinds of work that differ too much to share one plan.
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
    "TSI-04", "Give each kind of role its own plan", "warning",
    source=_TSIA, evidence="S", reads=("role", "context.roles"),
)  # fmt: skip
def own_plan(s: Subject, limit: Thresholds) -> RuleResults:
    """Onboarding, customer success, engineering, renewals, account management and operations are different jobs."""
    if s.context.roles is None:
        yield Question("roles")
        return
    kinds = list(dict.fromkeys(_KINDS[role] for role in (s.plan.role, *s.context.roles) if role in _KINDS))
    if len(kinds) > limit["kinds"]:
        yield Issue("role", f"One plan covers {listed(kinds)}. Each needs its own plan.", {"kinds": len(kinds)})


@rule(
    "TSI-05", "Set different targets for different segments", "warning",
    source=_TSIA, evidence="S", reads=("components.target", "components.level", "context.segments"),
)  # fmt: skip
def own_target(s: Subject, limit: Thresholds) -> RuleResults:
    """Segments and regions perform differently, partly for reasons no one controls."""
    # A company result has one target; OWN-03 covers its distance from segments.
    parts = [p for p in s.of(RETENTION) if p.measure.unit == "share" and p.component.level != "company"]
    if not parts:
        return
    retention = s.context.segments
    if retention is None:
        yield Question("segments")
    elif pair := s.segments_apart(limit["spread"]):
        (low, high), part = pair, parts[0]
        yield Issue(
            f"{part.place}.target",
            f"One {part.name} target of {formats.percent(part.component.target)} applies to {high}, which retained "
            f"{formats.percent(retention[high])}, and to {low}, which retained {formats.percent(retention[low])}.",
            {"spread": retention[high] - retention[low]},
        )


@rule(
    "TSI-06", "Don't pay individual renewals in a digital book", "warning",
    source=_TSIA, evidence="S", reads=("segment", "components.level", "context.book.accounts", "context.renewal_owner"),
)  # fmt: skip
def digital(s: Subject, limit: Thresholds) -> RuleResults:
    """Running programs for about 200 accounts is different work from managing each account."""
    parts = [p for p in s.of(RETENTION) if p.individual]
    if not parts:
        return
    accounts = s.context.book.accounts
    if s.plan.segment != "digital" and accounts is None:
        yield Question("book.accounts")
    elif s.plan.segment == "digital" or (accounts or 0) >= limit["accounts"]:
        where = (
            "in a segment served by digital programs" if s.plan.segment == "digital" else f"across {accounts} accounts"
        )
        yield Issue(
            f"{parts[0].place}.level",
            f"{parts[0].name} is measured individually {where}.",
            {"share": sum(p.share for p in parts)},
            fix=fixes.counted(s, "team", parts),
        )


@rule(
    "TSI-07", "Keep pay simple and shared in an early organization", "warning",
    source=_TSIA, evidence="S", reads=("components", "components.level", "context.maturity", "context.renewal_owner"),
)  # fmt: skip
def early(s: Subject, limit: Thresholds) -> RuleResults:
    """With little data, keep it simple. Use a company goal or equity until you know what matters."""
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
                f"The plan has {len(s.paid)} components in an early organization; the guide suggests at most "
                f"{limit['components']:.0f}.",
                {"components": len(s.paid)},
            )
        if own:
            yield Issue(
                f"{own[0].place}.level",
                f"{names_of(own)} {'is' if len(own) == 1 else 'are'} measured individually "
                "in an early organization with little data.",
                {"share": sum(p.share for p in own)},
                fix=fixes.counted(s, "company", own),
            )


@rule(
    "TSI-08", "Pay on customer value in a mature organization", "info",
    source=_TSIA, evidence="S", reads=("components.measure", "context.maturity"),
)  # fmt: skip
def mature(s: Subject, limit: Thresholds) -> RuleResults:
    """Mature organizations tie bonuses to customer value, such as health and customer objectives."""
    if s.weight(ADOPTION, OUTCOME) > 0 or s.variable <= 0:
        return
    if s.context.maturity is None:
        yield Question("maturity")
    elif s.context.maturity == "mature":
        yield Issue("components", "Nothing is paid on health, usage or customer objectives in a mature organization.")


@rule(
    "TSI-09", "Pay individually only on measures with a history", "warning",
    source=_TSIA, evidence="S", reads=("components.level", "context.measures.history"),
)  # fmt: skip
def has_history(s: Subject, limit: Thresholds) -> RuleResults:
    """Don't base pay on data you have not sorted out yet."""
    for part in s.paid:
        if not part.individual or part.family == OBJECTIVE:  # MBOs are new each time and have no history
            continue
        periods = part.data.history
        if periods is None:
            yield Question(part.question("history"))
        elif periods < limit["periods"]:
            yield Issue(
                part.place,
                f"{part.name} is measured individually but has {periods or 'no'} "
                f"{'period' if periods == 1 else 'periods'} of history.",
                {"periods": periods},
                "error" if periods == 0 else "warning",
                fixes.without(f"Remove {part.name} until it has a history", s.plan, part.id),
            )


@rule(
    "TSI-10", "Benchmark pay with data from the last two years", "warning",
    source=_TSIA, evidence="S", reads=("context.benchmark.year", "context.benchmark.source"),
)  # fmt: skip
def recent(s: Subject, limit: Thresholds) -> RuleResults:
    """The guide repeats its own study every other year."""
    benchmark = s.context.benchmark
    year = benchmark.year if benchmark.year is not None else _years().get(benchmark.source or "")
    if year is None:
        yield Question("benchmark.year")
        return
    months = (s.today.year - year - 1) * 12 + s.today.month - 1
    if months > limit["months"]:
        yield Issue(
            "context.benchmark.year",
            f"Pay was benchmarked with data from {year}, which ended {months} months ago.",
            {"months": months},
        )


@functools.cache
def _years() -> dict[str, int]:
    """Return the year of each dated source in the bibliography."""
    return {row["key"]: int(row["year"]) for row in facts.table("sources") if row["year"]}


@rule(
    "TSI-11", "Offer some variable pay", "info",
    source=_TSIA, evidence="S", reads=("pay.variable",),
    dissent="Russ Drury (2020) likes salary alone in theory; the guide itself accepts it at an early stage.",
)  # fmt: skip
def some_variable(s: Subject, limit: Thresholds) -> RuleResults:
    """Nine in ten CSMs had variable pay in the 2022 study."""
    if s.variable <= 0:
        yield Issue(
            "pay",
            f"There is no variable pay; {formats.percent(limit['share'])} of CSMs had some in 2022.",
            {"share": limit["share"]},
        )


@rule(
    "TSI-12", "Keep the fully loaded cost near the survey average", "info",
    source=_TSIA, evidence="S", reads=("context.loaded_cost",),
)  # fmt: skip
def loaded(s: Subject, limit: Thresholds) -> RuleResults:
    """For context only: the average fully loaded cost per person in the 2022 survey."""
    if not s.is_csm or s.plan.currency != "USD":
        return
    cost = s.context.loaded_cost
    if cost is None:
        yield Question("loaded_cost")
        return
    mean = _survey_mean()
    if abs(cost / mean - 1.0) > limit["share"] + 1e-9:
        yield Issue(
            "context.loaded_cost",
            f"The fully loaded cost per person is {s.money(cost)} a year; the 2022 average is {s.money(mean)}.",
            {"cost": cost, "mean": mean},
        )


@rule(
    "TSI-13", "Communicate the plan before it takes effect", "warning",
    source=_TSIA, evidence="S", reads=("effective", "context.terms.communicated"),
)  # fmt: skip
def communicated_in_time(s: Subject, limit: Thresholds) -> RuleResults:
    """People should know what is expected of them, and from when, before a change takes effect."""
    since, communicated = s.plan.effective.since, s.context.terms.communicated
    if s.variable <= 0:
        return
    if communicated is None:
        yield Question("terms.communicated")
    elif since is not None and communicated > since:
        yield Issue(
            "effective",
            f"The plan took effect on {since.isoformat()}, but people received it on {communicated.isoformat()}.",
            {"days": (communicated - since).days},
        )
