"""GEN: how many measures, how much on each, how much in reach, how much on top."""

from __future__ import annotations

import functools
import math

from compplan import facts, formats
from compplan.benchmarks import bands
from compplan.benchmarks.ladders import next_role
from compplan.payout import leverage
from compplan.review import fixes
from compplan.review.findings import Fix, Issue, Question, RuleResults, Severity
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

_WITHOUT_CUSTOMERS = frozenset({"cs_ops"})
_SCORED = frozenset({"score", "points", "share"})  # what somebody may have given marks for
_OWNS = {"renewals_manager": "renewals", "account_manager": "am"}  # how a role is called as an owner; the rest are CSMs


@rule(
    "GEN-01", "Three measures, four at most", "warning",
    source="worldatwork-rules", evidence="B", reads=("components",),
)  # fmt: skip
def few(s: Subject, limit: Thresholds) -> RuleResults:
    """Each further measure takes attention from the others; seven firms in ten use three or fewer."""
    count = len(s.paid)
    steps: tuple[tuple[float, Severity], ...] = (
        (limit["error"], "error"), (limit["warning"], "warning"), (limit["info"], "info"),
    )  # fmt: skip
    for most, severity in steps:
        if count > most:
            smallest = min(s.paid, key=lambda p: p.share)
            yield Issue(
                "components",
                f"The plan pays on {count} measures; {limit['info']:.0f} are enough to keep in mind.",
                {"components": count},
                severity,
                fixes.without(f"Take out the smallest, {smallest.name}", s.plan, smallest.id)
                if count - 1 <= limit["info"]
                else None,
            )
            return


@rule(
    "GEN-02", "Every part is large enough to be felt", "warning",
    source="performio-overweight", evidence="C", reads=("components.weight",),
    dissent="The smallest sensible weight is 10%, 15% (KnowUp, for satisfaction) or 20% (Performio), depending on whom "
    "one asks.",
)  # fmt: skip
def large_enough(s: Subject, limit: Thresholds) -> RuleResults:
    """What is worth little is not worked for."""
    for part in s.paid:
        steps: tuple[tuple[str, Severity], ...] = (("error", "error"), ("warning", "warning"), ("info", "info"))
        for name, severity in steps:
            if part.share < limit[name]:
                wanted = limit["info"]
                yield Issue(
                    f"{part.place}.weight",
                    f"{part.name} carries {formats.percent(part.share)} of target variable, "
                    f"{s.money(part.pay)} a year.",
                    {"share": part.share},
                    severity,
                    fixes.from_room(f"Raise {part.name} to {formats.percent(wanted)}", s.plan, part.id, wanted),
                )
                break


@rule(
    "GEN-03", "No part outweighs all others together", "warning",
    source="compplan", evidence="J", reads=("components.weight",),
)  # fmt: skip
def not_too_large(s: Subject, limit: Thresholds) -> RuleResults:
    """Beside one part of more than 70% the others are decoration."""
    if len(s.paid) < 2:
        return
    part = max(s.paid, key=lambda p: p.share)
    if part.share > limit["share"]:
        yield Issue(
            f"{part.place}.weight",
            f"{part.name} carries {formats.percent(part.share)} of target variable; the others are hardly felt.",
            {"share": part.share},
            fix=fixes.weights(
                f"Lower {part.name} to {formats.percent(limit['share'])}", s.plan, {part.id: limit["share"]}
            ),
        )


@rule(
    "GEN-04", "A payment is large enough to be felt", "info",
    source="compplan", evidence="J", reads=("components.weight", "frequency", "pay.variable"),
)  # fmt: skip
def felt(s: Subject, limit: Thresholds) -> RuleResults:
    """A part that comes to less than 500 dollars at a time is not felt."""
    if s.plan.currency != "USD":
        return
    for part in s.paid:
        each = part.pay / s.plan.periods
        if each < limit["amount"] - 5e-3:
            yield Issue(
                part.place,
                f"{part.name} comes to {s.money(each)} at target each time variable is paid.",
                {"amount": each},
            )


@functools.cache
def _control() -> dict[str, tuple[float, float]]:
    """Controllability of a measure for who owns the motion and for who does not."""
    return {
        row["measure"]: (float(row["owned"]), float(row["not_owned"] or row["owned"]))
        for row in facts.table("controllability")
    }


def _in_hand(s: Subject, part: ReviewComponent, limit: Thresholds) -> float | None:
    """Which share of a result is in one person's hands; None where the table does not say."""
    known, people = part.data.controllability, s.context.team_size
    if known is None and part.component.level == "team" and part.family == COMPANY:  # the team's own result
        return None if people is None else max(limit["company"], 1.0 / max(people, 1))
    if known is None and (part.component.level == "company" or part.family == COMPANY):
        return limit["company"]
    if known is None:
        pair = _control().get(part.measure.key)
        if pair is None:
            return None
        owned = _owned(s, part)
        if owned is None:
            return None
        known = pair[0] if owned else pair[1]
    if part.component.level == "team":
        return None if people is None else known / max(people, 1)
    return known


def _owned(s: Subject, part: ReviewComponent) -> bool | None:
    """Whether the person owns the motion behind a measure; None where it has not been said."""
    if part.family == RETENTION:
        owner = s.context.renewal_owner
    elif part.family == EXPANSION:
        owner = s.context.expansion_owner
    elif part.family == ONBOARDING:
        return s.plan.role == "onboarding"
    else:
        return s.is_csm or s.plan.role in LEADERS
    return None if owner is None else owner == _OWNS.get(s.plan.role, "csm")


def _asked(s: Subject, part: ReviewComponent) -> str:
    """What has to be known of a component before its controllability is."""
    if part.data.controllability is None and part.family != COMPANY:
        if part.measure.key not in _control():
            return part.question("controllability")
        if _owned(s, part) is None:
            return "renewal_owner" if part.family == RETENTION else "expansion_owner"
    return "team_size"


@rule(
    "GEN-05", "What is paid is in people's hands", "warning",
    source="ecsell-weights", evidence="C",
    reads=(
        "components.measure", "components.level", "context.renewal_owner", "context.expansion_owner",
        "context.team_size", "context.measures.controllability",
    ),
    dissent="Totango's survey (2021) has the company's result, in nobody's hands, as the first factor.",
)  # fmt: skip
def line_of_sight(s: Subject, limit: Thresholds) -> RuleResults:
    """Pay on what one cannot move is a lottery."""
    total, known = 0.0, True
    for part in s.paid:
        share = _in_hand(s, part, limit)
        if share is None:
            known = False
            yield Question(_asked(s, part))
            continue
        total += part.share * share
        if part.individual and share < limit["least"] and part.share >= limit["weight"]:
            yield Issue(
                part.place,
                f"{part.name} carries {formats.percent(part.share)} as one's own result, and some "
                f"{formats.percent(share)} of it is in one person's hands.",
                {"controllability": share, "share": part.share},
                "error",
                _felt_less(s, part, limit["weight"]),
            )
    if known and s.paid and total < limit["plan"] - 1e-9:
        yield Issue(
            "components",
            f"Some {formats.percent(total, 0)} of target variable is on what is in one person's hands, less than "
            f"{formats.percent(limit['plan'])}. The shares are our judgement, to be set for each measure.",
            {"controllability": total},
        )


def _felt_less(s: Subject, part: ReviewComponent, below: float) -> Fix | None:
    """A weight just below the one from which what is not in one's hands is felt as unfair."""
    share = round(below - 0.01, 9)
    return fixes.weights(f"Lower {part.name} to {formats.percent(share)}", s.plan, {part.id: share})


@rule(
    "GEN-06", "One dollar is not paid for twice", "warning",
    source="compplan", evidence="J", reads=("components.measure",),
)  # fmt: skip
def counted_once(s: Subject, limit: Thresholds) -> RuleResults:
    """NRR is gross retention plus growth: beside either, a churned or an added dollar counts twice."""
    net, gross, growth = s.on("nrr"), s.on(*sorted(GROSS)), s.of(EXPANSION)
    twice = [found for found in (gross, growth) if found]
    if not net or not twice:
        return
    names = listed([net[0].name, *(found[0].name for found in twice)])
    yield Issue(
        f"{net[0].place}.measure",
        f"{names} are paid side by side, and net retention is gross retention with growth added: what "
        f"{listed([found[0].name for found in twice])} "
        f"{'counts, it counts' if len(twice) == 1 else 'count, it counts'} again.",
        {"measures": 1 + len(twice)},
        "error" if len(twice) == limit["all"] else "warning",
        fixes.without(f"Take {net[0].name} out", s.plan, net[0].id),
    )


@rule(
    "GEN-07", "Money and logos kept are not the same thing twice", "info",
    source="compplan", evidence="J", reads=("components.measure", "components.weight", "context.correlations"),
)  # fmt: skip
def alike(s: Subject, limit: Thresholds) -> RuleResults:
    """Where accounts are alike, revenue and logos kept go together, and one of them will do."""
    for a in s.on(*sorted(GROSS)):
        for b in s.on("logo_retention", "renewal_rate"):
            if min(a.share, b.share) <= limit["share"]:
                continue
            known = s.context.correlations or {}
            r = known.get(f"{a.id},{b.id}", known.get(f"{b.id},{a.id}"))
            if r is None:
                yield Question("correlations")
            elif r > limit["correlation"]:
                told = (
                    f"{a.name} and {b.name} go together by {formats.plain_number(r, 2)}: they are paid as two things."
                )
                yield Issue(b.place, told, {"correlation": r})


@rule(
    "GEN-08", "Something moves before the year is decided", "info",
    source="drury-2020", evidence="S", reads=("components.measure", "frequency", "context.cycle_months"),
)  # fmt: skip
def leading(s: Subject, limit: Thresholds) -> RuleResults:
    """Renewals and growth lag the work by a renewal's length; paid often, they say little of what was just done."""
    days = limit["year_days"] / s.plan.periods
    if (
        s.paid
        and days < s.motion_days(limit["days"], limit["year_days"]) - 1e-9
        and all(p.family in {RETENTION, EXPANSION} for p in s.paid)
    ):
        yield Issue(
            "components",
            f"Everything that is paid lags the work, and it is paid {s.plan.frequency}: nothing shows early.",
            {"days": days},
        )


@rule(
    "GEN-09", "Who persuades nobody has little at risk", "warning",
    source="alexander-group", evidence="B", reads=("role", "pay"),
)  # fmt: skip
def persuades(s: Subject, limit: Thresholds) -> RuleResults:
    """Variable pay is for who meets customers, persuades them and moves the result."""
    share = round(s.plan.pay.mix, 9)
    if s.plan.role in _WITHOUT_CUSTOMERS and share > limit["share"]:
        yield Issue(
            "pay",
            f"Variable is {formats.percent(share)} of OTE in a role without customers.",
            {"share": share},
            fix=fixes.mix(f"Lower variable to {formats.percent(limit['share'])} of OTE", s.plan, limit["share"]),
        )


@functools.cache
def _mixes() -> dict[str, tuple[float, float]]:
    return {row["role"]: (float(row["low"]), float(row["high"])) for row in facts.table("mix_ranges")}


@rule(
    "GEN-10", "The pay mix suits the role", "warning",
    source="compplan", evidence="J", reads=("role", "pay"),
    dissent="The guides differ: 15% to 20% (ResumeGeni), 20% to 30% (Russ Drury), some 19% to 22% (KnowUp's bands).",
)  # fmt: skip
def suits(s: Subject, limit: Thresholds) -> RuleResults:
    """The closer to a sale, the more at risk; the range of each role gathers what its sources say."""
    share, known = round(s.plan.pay.mix, 9), _mixes().get(s.plan.role)
    if known is None or s.variable <= 0 or known[0] <= share <= known[1]:
        return
    to = known[0] if share < known[0] else known[1]
    yield Issue(
        "pay",
        f"Variable is {formats.percent(share)} of OTE; the range for the role is {formats.percent(known[0])} to "
        f"{formats.percent(known[1])}.",
        {"share": share, "low": known[0], "high": known[1]},
        fix=fixes.mix(f"Set variable to {formats.percent(to)} of OTE, at the same OTE", s.plan, to),
    )


@rule(
    "GEN-11", "The best earn 1.2 to 2 times target", "warning",
    source="salesglobe-2014", evidence="C", reads=("role", "components.curve"),
    dissent="Two to three times target incentive is a norm of sales.",
)  # fmt: skip
def upside(s: Subject, limit: Thresholds) -> RuleResults:
    """Too little upside leaves nothing to reach for; too much makes pay a gamble on one large account."""
    if not s.is_csm or s.variable <= 0:
        return
    top = leverage(s.plan)
    endless = any(math.isinf(p.curve.highest) for p in s.paid)
    if top is None or limit["low"] - 1e-9 <= top <= limit["high"] + 1e-9:
        return
    if endless and top < limit["low"]:
        names = listed([p.name for p in s.paid if math.isinf(p.curve.highest)])
        told = f"{names} {'pays' if names.count(' and ') == 0 else 'pay'} on without an end beyond the last point"
        yield Issue("components", f"{told}, so the plan does not tell what the best earn.", {"leverage": top}, "info")
        return
    severity: Severity = "info" if top < limit["low"] else "error" if top > limit["far"] + 1e-9 else "warning"
    yield Issue(
        "components",
        f"At the last point of every curve the plan pays {formats.plain_number(top, 2)} times what it pays at target.",
        {"leverage": top},
        severity,
    )


@rule(
    "GEN-12", "The mechanics can be told in a minute", "warning",
    source="alexander-linked", evidence="B", reads=("components", "gates", "modifiers", "kickers"),
)  # fmt: skip
def simple(s: Subject, limit: Thresholds) -> RuleResults:
    """Linked components force balance, with care: each gate and modifier costs as much to explain as two measures."""
    jumps = sum(len(p.cliffs) for p in s.paid)
    linked = len(s.plan.gates) + len(s.plan.modifiers)
    score = len(s.paid) + limit["linked"] * linked + jumps + len(s.plan.kickers)
    if score > limit["warning"]:
        yield Issue(
            "components",
            f"{len(s.paid)} components, {linked} gates and modifiers, {jumps} jumps and {len(s.plan.kickers)} one-off "
            f"bonuses make {score:.0f} points of mechanics; above {limit['warning']:.0f} people stop following.",
            {"score": score},
            "error" if score > limit["error"] else "warning",
        )


@rule(
    "GEN-13", "Little is left to discretion", "warning",
    source="compplan", evidence="J", reads=("components.measure", "context.measures.discretionary"),
)  # fmt: skip
def discretion(s: Subject, limit: Thresholds) -> RuleResults:
    """What a manager scores is felt as favour."""
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
            f"{formats.percent(share)} of target variable is scored at a manager's discretion.",
            {"share": share},
        )


@rule(
    "GEN-14", "One-off bonuses stay small and short", "warning",
    source="compplan", evidence="J", reads=("kickers", "context.terms.spif_quarters"),
)  # fmt: skip
def one_offs(s: Subject, limit: Thresholds) -> RuleResults:
    """A bonus that never ends is a second plan that nobody designed."""
    if not s.plan.kickers or s.variable <= 0:
        return
    for i, kicker in enumerate(s.plan.kickers):
        if kicker.per_unit <= 0:
            continue
        most = math.inf if kicker.max_units is None else kicker.per_unit * kicker.max_units
        if most > limit["share"] * s.variable + 5e-3:
            allowed = math.floor(limit["share"] * s.variable / kicker.per_unit + 1e-9)
            told = "without an end" if math.isinf(most) else f"up to {s.money(most)} a year"
            place = f"kickers[{i}].max_units"
            yield Issue(
                place,
                f"{kicker.name} pays {told}, more than {formats.percent(limit['share'])} of target variable.",
                {"per_unit": kicker.per_unit},
                fix=fixes.edit(f"Limit it to {allowed} a year", s.plan, {place: float(allowed)}) if allowed else None,
            )
    running = s.context.terms.spif_quarters
    if running is None:
        yield Question("terms.spif_quarters")
    elif running > limit["quarters"]:
        yield Issue("kickers", f"One-off bonuses have run for {running} quarters.", {"quarters": running})


@rule(
    "GEN-15", "A manager's target is the sum of the team's", "warning",
    source="hrdailyadvisor-2011", evidence="B", reads=("role", "components.target", "context.team_targets"),
)  # fmt: skip
def adds_up(s: Subject, limit: Thresholds) -> RuleResults:
    """More than 5% between the two sets the manager against the team."""
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
                f"The manager's target on {part.name} is {s.money(part.component.target)}, and the team's add up to "
                f"{s.money(of_team)}.",
                {"target": part.component.target, "team": of_team},
                fix=fixes.edit("Set it to the team's sum", s.plan, {place: of_team}),
            )


@functools.cache
def _next_midpoint(role: str) -> tuple[str, float] | None:
    """The next role and the midpoint of its published base, where there is one."""
    after = next_role(role)
    found = bands(after, "base", source="knowup") if after else ()
    names = {row["key"]: row["name"] for row in facts.table("roles")}
    return (names[str(after)], found[0].midpoint) if found else None


@rule(
    "GEN-16", "The next role pays 5% to 40% more", "info",
    source="compplan", evidence="J", reads=("role", "pay.base"),
)  # fmt: skip
def next_step(s: Subject, limit: Thresholds) -> RuleResults:
    """A promotion that hardly pays is none, and one that pays half as much again leaves a gap that nobody crosses."""
    after = _next_midpoint(s.plan.role)
    if after is None or s.plan.currency != "USD" or s.plan.pay.base <= 0:
        return
    step = after[1] / s.plan.pay.base - 1.0
    if not limit["low"] <= round(step, 9) <= limit["high"]:
        yield Issue(
            "pay.base",
            f"The middle of the published band of base of the next role, {after[0]}, is {s.money(after[1])}: "
            f"{formats.percent(abs(step), 1)} {'above' if step >= 0 else 'below'} this plan's base.",
            {"step": step},
        )


@rule(
    "GEN-17", "A person's plan is not mostly the company's result", "warning",
    source="worldatwork-rules", evidence="B", reads=("role", "components.measure", "components.level"),
    dissent="Totango's survey (2021) has the team's and the company's result as the first factor; TSIA (2022) "
    "advises a corporate goal at an early stage.",
)  # fmt: skip
def not_the_company(s: Subject, limit: Thresholds) -> RuleResults:
    """What nobody can move by their own work rewards nobody's work."""
    parts = [p for p in s.paid if p.component.level == "company" or p.measure.key == "company_result"]
    share = round(math.fsum(p.share for p in parts), 9)
    if s.plan.role in LEADERS or share <= limit["share"]:
        return
    yield Issue(
        parts[0].place,
        f"{formats.percent(share)} of target variable follows the company's result.",
        {"share": share},
    )


@rule(
    "GEN-18", "Results are paid rather than activity", "warning",
    source="worldatwork-rules", evidence="B", reads=("components.measure",),
)  # fmt: skip
def results(s: Subject, limit: Thresholds) -> RuleResults:
    """Where the result can be measured, the way there need not be paid."""
    for part in s.of(ACTIVITY):
        yield Issue(
            f"{part.place}.measure",
            f"{part.name} earns {formats.percent(part.share)} of target variable: what is done is paid, not "
            "what comes of it.",
            {"share": part.share},
            fix=fixes.without(f"Take {part.name} out", s.plan, part.id),
        )
