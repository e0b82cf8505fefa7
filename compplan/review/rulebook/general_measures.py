"""GEN: choice of measures: line of sight, double counting, discretion and levels."""

from __future__ import annotations

import functools
import math

from compplan import facts, formats
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import (
    ACTIVITY,
    COMPANY,
    EXPANSION,
    GROSS,
    LEADERS,
    OBJECTIVE,
    ONBOARDING,
    RETENTION,
    ReviewComponent,
    Subject,
    listed,
)

_SCORED = frozenset({"score", "points", "share"})  # units that a manager can score
_OWNS = {"renewals_manager": "renewals", "account_manager": "am"}  # names of roles as owners; all others are CSMs


@functools.cache
def _control() -> dict[str, tuple[float, float]]:
    """Return the controllability of each measure for owners of the motion and for others."""
    return {
        row["measure"]: (float(row["owned"]), float(row["not_owned"] or row["owned"]))
        for row in facts.table("controllability")
    }


def _controlled_share(s: Subject, part: ReviewComponent, limit: Thresholds) -> float | None:
    """Return the share of a result that one person controls; None if the table does not say."""
    share, people = part.data.controllability, s.context.team_size
    if (
        share is None and part.component.level == "team" and part.family == COMPANY
    ):  # a company result at team level is the team's own
        return None if people is None else max(limit["company"], 1.0 / max(people, 1))
    if share is None and (part.component.level == "company" or part.family == COMPANY):
        return limit["company"]
    if share is None:
        pair = _control().get(part.measure.key)
        if pair is None:
            return None
        owned = _owned(s, part)
        if owned is None:
            return None
        share = pair[0] if owned else pair[1]
    if part.component.level == "team":
        return None if people is None else share / max(people, 1)
    return share


def _owned(s: Subject, part: ReviewComponent) -> bool | None:
    """Whether the person owns the motion behind a measure; None if unanswered."""
    if part.family == RETENTION:
        owner = s.context.renewal_owner
    elif part.family == EXPANSION:
        owner = s.context.expansion_owner
    elif part.family == ONBOARDING:
        return s.plan.role == "onboarding"
    else:
        return s.is_csm or s.plan.role in LEADERS
    return None if owner is None else owner == _OWNS.get(s.plan.role, "csm")


def _open_question(s: Subject, part: ReviewComponent) -> str:
    """Return the question that decides the controllability of a component."""
    if part.data.controllability is None and part.family != COMPANY:
        if part.measure.key not in _control():
            return part.question("controllability")
        if _owned(s, part) is None:
            return "renewal_owner" if part.family == RETENTION else "expansion_owner"
    return "team_size"


@rule(
    "GEN-05", "Pay on what people can control", "warning",
    source="ecsell-weights", evidence="C",
    reads=(
        "components.measure", "components.level", "context.renewal_owner", "context.expansion_owner",
        "context.team_size", "context.measures.controllability",
    ),
    dissent="Totango's survey (2021) names company results, which no one controls alone, as the first factor.",
)  # fmt: skip
def line_of_sight(s: Subject, limit: Thresholds) -> RuleResults:
    """Pay on results that people can't change is a lottery."""
    total, complete = 0.0, True
    low = round(limit["weight"] - 0.01, 9)  # just below the limit for results that one person can't control
    for part in s.paid:
        share = _controlled_share(s, part, limit)
        if share is None:
            complete = False
            yield Question(_open_question(s, part))
            continue
        total += part.share * share
        if part.individual and share < limit["least"] and part.share >= limit["weight"]:
            yield Issue(
                part.place,
                f"{part.name} is {formats.percent(part.share)} of target variable as an individual result, but one "
                f"person controls only about {formats.percent(share)} of it.",
                {"controllability": share, "share": part.share},
                "error",
                fixes.weights(f"Lower {part.name} to {formats.percent(low)}", s.plan, {part.id: low}),
            )
    if complete and s.paid and total < limit["plan"] - 1e-9:
        yield Issue(
            "components",
            f"One person controls about {formats.percent(total, 0)} of target variable; the minimum is "
            f"{formats.percent(limit['plan'])}. The shares per measure are our judgment, and you can change them.",
            {"controllability": total},
        )


@rule(
    "GEN-06", "Pay for each dollar once", "warning",
    source="compplan", evidence="J", reads=("components.measure",),
)  # fmt: skip
def counted_once(s: Subject, limit: Thresholds) -> RuleResults:
    """NRR combines gross retention and expansion. Next to either, a lost or added dollar counts twice."""
    net, gross, growth = s.on("nrr"), s.on(*sorted(GROSS)), s.of(EXPANSION)
    twice = [pair for pair in (gross, growth) if pair]
    if not net or not twice:
        return
    names = listed([net[0].name, *(pair[0].name for pair in twice)])
    yield Issue(
        f"{net[0].place}.measure",
        f"{names} are paid together. Net retention combines gross retention and expansion, so it counts "
        f"{listed([pair[0].name for pair in twice])} a second time.",
        {"measures": 1 + len(twice)},
        "error" if len(twice) == limit["all"] else "warning",
        fixes.without(f"Take {net[0].name} out", s.plan, net[0].id),
    )


@rule(
    "GEN-07", "Don't pay for revenue and logos if they move together", "info",
    source="compplan", evidence="J", reads=("components.measure", "components.weight", "context.correlations"),
)  # fmt: skip
def alike(s: Subject, limit: Thresholds) -> RuleResults:
    """If accounts are similar, retained revenue and retained logos move together, and one is enough."""
    for a in s.on(*sorted(GROSS)):
        for b in s.on("logo_retention", "renewal_rate"):
            if min(a.share, b.share) <= limit["share"]:
                continue
            correlations = s.context.correlations or {}
            r = correlations.get(f"{a.id},{b.id}", correlations.get(f"{b.id},{a.id}"))
            if r is None:
                yield Question("correlations")
            elif r > limit["correlation"]:
                text = (
                    f"{a.name} and {b.name} have a correlation of {formats.plain_number(r, 2)} but are paid separately."
                )
                yield Issue(b.place, text, {"correlation": r})


@rule(
    "GEN-08", "Include a leading measure when pay is frequent", "info",
    source="drury-2020", evidence="S", reads=("components.measure", "frequency", "context.cycle_months"),
)  # fmt: skip
def leading(s: Subject, limit: Thresholds) -> RuleResults:
    """Renewals and expansion lag the work. With frequent pay they say little about recent work."""
    days = limit["year_days"] / s.plan.periods
    if (
        s.paid
        and days < s.motion_days(limit["days"], limit["year_days"]) - 1e-9
        and all(p.family in {RETENTION, EXPANSION} for p in s.paid)
    ):
        yield Issue(
            "components",
            f"Every measure lags the work, but pay is {s.plan.frequency}. Nothing shows results early.",
            {"days": days},
        )


@rule(
    "GEN-13", "Limit discretionary pay", "warning",
    source="compplan", evidence="J", reads=("components.measure", "context.measures.discretionary"),
)  # fmt: skip
def discretion(s: Subject, limit: Thresholds) -> RuleResults:
    """People see discretionary scores as favoritism."""
    share = 0.0
    parts = tuple(p for p in s.paid if p.family == OBJECTIVE or (not p.family and p.measure.unit in _SCORED))
    if round(math.fsum(p.share for p in parts), 9) <= limit["share"]:
        return
    for part in parts:
        if part.data.discretionary is None:
            yield Question(part.question("discretionary"))
        elif part.data.discretionary:
            share += part.share
    if round(share, 9) > limit["share"]:
        yield Issue(
            parts[0].place,
            f"{formats.percent(share)} of target variable is scored at the manager's discretion.",
            {"share": share},
        )


@rule(
    "GEN-15", "Set the manager's target to the sum of the team's targets", "warning",
    source="hrdailyadvisor-2011", evidence="B", reads=("role", "components.target", "context.team_targets"),
)  # fmt: skip
def adds_up(s: Subject, limit: Thresholds) -> RuleResults:
    """A gap of more than 5% sets the manager against the team."""
    parts = [p for p in s.paid if p.measure.kind == "flow" and p.measure.unit == "money"]
    if s.plan.role not in LEADERS or not parts:
        return
    if s.context.team_targets is None:
        yield Question("team_targets")
        return
    for part in parts:
        of_team = s.context.team_targets.get(part.id)
        if of_team is None:
            yield Question("team_targets")
        elif abs(part.component.target - of_team) > limit["share"] * of_team + 5e-3:
            place = f"{part.place}.target"
            yield Issue(
                place,
                f"The manager's target for {part.name} is {s.money(part.component.target)}, but the team's targets "
                f"add up to {s.money(of_team)}.",
                {"target": part.component.target, "team": of_team},
                fix=fixes.edit("Set it to the sum of the team's targets", s.plan, {place: of_team}),
            )


@rule(
    "GEN-17", "Limit company results in individual plans", "warning",
    source="worldatwork-rules", evidence="B", reads=("role", "components.measure", "components.level"),
    dissent="Totango's survey (2021) names team and company results as the first factor; TSIA (2022) "
    "advises a corporate goal at an early stage.",
)  # fmt: skip
def not_the_company(s: Subject, limit: Thresholds) -> RuleResults:
    """A result that no one can change alone rewards no one's work."""
    parts = [p for p in s.paid if p.component.level == "company" or p.measure.key == "company_result"]
    share = round(math.fsum(p.share for p in parts), 9)
    if s.plan.role in LEADERS or share <= limit["share"]:
        return
    yield Issue(
        parts[0].place, f"{formats.percent(share)} of target variable depends on company results.", {"share": share}
    )


@rule(
    "GEN-18", "Pay on results instead of activity", "warning",
    source="worldatwork-rules", evidence="B", reads=("components.measure",),
)  # fmt: skip
def results(s: Subject, limit: Thresholds) -> RuleResults:
    """If you can measure the result, you don't need to pay for the activity behind it."""
    for part in s.of(ACTIVITY):
        yield Issue(
            f"{part.place}.measure",
            f"{part.name} is {formats.percent(part.share)} of target variable. It pays for activity, not for results.",
            {"share": part.share},
            fix=fixes.without(f"Remove {part.name}", s.plan, part.id),
        )
