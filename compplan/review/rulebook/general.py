"""GEN: general design: number of measures, weights, line of sight, pay mix and upside."""

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
_SCORED = frozenset({"score", "points", "share"})  # units that a manager can score
_OWNS = {"renewals_manager": "renewals", "account_manager": "am"}  # names of roles as owners; all others are CSMs


@rule(
    "GEN-01", "Use three measures, four at most", "warning",
    source="worldatwork-rules", evidence="B", reads=("components",),
)  # fmt: skip
def few(s: Subject, limit: Thresholds) -> RuleResults:
    """Each extra measure takes attention from the others. Seven in ten companies use three or fewer."""
    count = len(s.paid)
    steps: tuple[tuple[float, Severity], ...] = (
        (limit["error"], "error"), (limit["warning"], "warning"), (limit["info"], "info"),
    )  # fmt: skip
    for most, severity in steps:
        if count > most:
            smallest = min(s.paid, key=lambda p: p.share)
            yield Issue(
                "components",
                f"The plan pays on {count} measures; people can keep {limit['info']:.0f} in mind.",
                {"components": count},
                severity,
                fixes.without(f"Remove the smallest, {smallest.name}", s.plan, smallest.id)
                if count - 1 <= limit["info"]
                else None,
            )
            return


@rule(
    "GEN-02", "Give every component enough weight to matter", "warning",
    source="performio-overweight", evidence="C", reads=("components.weight",),
    dissent="Sources put the smallest useful weight at 10%, 15% (KnowUp, for satisfaction) or 20% (Performio).",
)  # fmt: skip
def large_enough(s: Subject, limit: Thresholds) -> RuleResults:
    """People don’t work for what pays little."""
    for part in s.paid:
        steps: tuple[tuple[str, Severity], ...] = (("error", "error"), ("warning", "warning"), ("info", "info"))
        for name, severity in steps:
            if part.share < limit[name]:
                wanted = limit["info"]
                yield Issue(
                    f"{part.place}.weight",
                    f"{part.name} is only {formats.percent(part.share)} of target variable, "
                    f"{s.money(part.pay)} a year.",
                    {"share": part.share},
                    severity,
                    fixes.from_room(f"Raise {part.name} to {formats.percent(wanted)}", s.plan, part.id, wanted),
                )
                break


@rule(
    "GEN-03", "Keep every component at 70% or less", "warning",
    source="compplan", evidence="J", reads=("components.weight",),
)  # fmt: skip
def not_too_large(s: Subject, limit: Thresholds) -> RuleResults:
    """Next to a component above 70%, the others hardly matter."""
    if len(s.paid) < 2:
        return
    part = max(s.paid, key=lambda p: p.share)
    if part.share > limit["share"]:
        yield Issue(
            f"{part.place}.weight",
            f"{part.name} is {formats.percent(part.share)} of target variable, so the others hardly matter.",
            {"share": part.share},
            fix=fixes.weights(
                f"Lower {part.name} to {formats.percent(limit['share'])}", s.plan, {part.id: limit["share"]}
            ),
        )


@rule(
    "GEN-04", "Make every payment large enough to matter", "info",
    source="compplan", evidence="J", reads=("components.weight", "frequency", "pay.variable"),
)  # fmt: skip
def felt(s: Subject, limit: Thresholds) -> RuleResults:
    """People hardly notice a component that pays less than $500 at a time."""
    if s.plan.currency != "USD":
        return
    for part in s.paid:
        each = part.pay / s.plan.periods
        if each < limit["amount"] - 5e-3:
            yield Issue(
                part.place,
                f"{part.name} pays only {s.money(each)} per payment at target.",
                {"amount": each},
            )


@functools.cache
def _control() -> dict[str, tuple[float, float]]:
    """Return the controllability of each measure for owners of the motion and for others."""
    return {
        row["measure"]: (float(row["owned"]), float(row["not_owned"] or row["owned"]))
        for row in facts.table("controllability")
    }


def _controlled_share(s: Subject, part: ReviewComponent, limit: Thresholds) -> float | None:
    """Return the share of a result that one person controls; None if the table does not say."""
    known, people = part.data.controllability, s.context.team_size
    if (
        known is None and part.component.level == "team" and part.family == COMPANY
    ):  # a company result at team level is the team's own
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
    dissent="Totango’s survey (2021) names company results, which no one controls alone, as the first factor.",
)  # fmt: skip
def line_of_sight(s: Subject, limit: Thresholds) -> RuleResults:
    """Pay on results that people can’t change is a lottery."""
    total, known = 0.0, True
    for part in s.paid:
        share = _controlled_share(s, part, limit)
        if share is None:
            known = False
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
                _lower_weight(s, part, limit["weight"]),
            )
    if known and s.paid and total < limit["plan"] - 1e-9:
        yield Issue(
            "components",
            f"One person controls about {formats.percent(total, 0)} of target variable; the minimum is "
            f"{formats.percent(limit['plan'])}. The shares per measure are our judgment, and you can change them.",
            {"controllability": total},
        )


def _lower_weight(s: Subject, part: ReviewComponent, below: float) -> Fix | None:
    """Lower a weight to just below the limit for results that one person can’t control."""
    share = round(below - 0.01, 9)
    return fixes.weights(f"Lower {part.name} to {formats.percent(share)}", s.plan, {part.id: share})


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
    "GEN-07", "Don’t pay for revenue and logos if they move together", "info",
    source="compplan", evidence="J", reads=("components.measure", "components.weight", "context.correlations"),
)  # fmt: skip
def alike(s: Subject, limit: Thresholds) -> RuleResults:
    """If accounts are similar, retained revenue and retained logos move together, and one is enough."""
    for a in s.on(*sorted(GROSS)):
        for b in s.on("logo_retention", "renewal_rate"):
            if min(a.share, b.share) <= limit["share"]:
                continue
            known = s.context.correlations or {}
            r = known.get(f"{a.id},{b.id}", known.get(f"{b.id},{a.id}"))
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
    "GEN-09", "Keep variable pay low in roles without customers", "warning",
    source="alexander-group", evidence="B", reads=("role", "pay"),
)  # fmt: skip
def persuades(s: Subject, limit: Thresholds) -> RuleResults:
    """Variable pay suits people who meet customers, persuade them and change results."""
    share = round(s.plan.pay.mix, 9)
    if s.plan.role in _WITHOUT_CUSTOMERS and share > limit["share"]:
        yield Issue(
            "pay",
            f"Variable pay is {formats.percent(share)} of OTE in a role without customers.",
            {"share": share},
            fix=fixes.mix(f"Lower variable pay to {formats.percent(limit['share'])} of OTE", s.plan, limit["share"]),
        )


@functools.cache
def _mixes() -> dict[str, tuple[float, float]]:
    return {row["role"]: (float(row["low"]), float(row["high"])) for row in facts.table("mix_ranges")}


@rule(
    "GEN-10", "Match the pay mix to the role", "warning",
    source="compplan", evidence="J", reads=("role", "pay"),
    dissent="The guides differ: 15% to 20% (ResumeGeni), 20% to 30% (Russ Drury), about 19% to 22% (KnowUp’s bands).",
)  # fmt: skip
def suits(s: Subject, limit: Thresholds) -> RuleResults:
    """The closer a role is to a sale, the more pay is at risk. The ranges combine what the sources say."""
    share, known = round(s.plan.pay.mix, 9), _mixes().get(s.plan.role)
    if known is None or s.variable <= 0 or known[0] <= share <= known[1]:
        return
    to = known[0] if share < known[0] else known[1]
    yield Issue(
        "pay",
        f"Variable pay is {formats.percent(share)} of OTE; the range for this role is {formats.percent(known[0])} to "
        f"{formats.percent(known[1])}.",
        {"share": share, "low": known[0], "high": known[1]},
        fix=fixes.mix(f"Set variable pay to {formats.percent(to)} of OTE and keep OTE the same", s.plan, to),
    )


@rule(
    "GEN-11", "Let top performers earn 1.2 to 2 times target", "warning",
    source="salesglobe-2014", evidence="C", reads=("role", "components.curve"),
    dissent="In sales, two to three times target incentive is common.",
)  # fmt: skip
def upside(s: Subject, limit: Thresholds) -> RuleResults:
    """Too little upside leaves nothing to aim for. Too much makes pay a gamble on one large account."""
    if not s.is_csm or s.variable <= 0:
        return
    top = leverage(s.plan)
    endless = any(math.isinf(p.curve.highest) for p in s.paid)
    if top is None or limit["low"] - 1e-9 <= top <= limit["high"] + 1e-9:
        return
    if endless and top < limit["low"]:
        names = listed([p.name for p in s.paid if math.isinf(p.curve.highest)])
        text = f"{names} {'has' if names.count(' and ') == 0 else 'have'} no cap above the top point"
        yield Issue(
            "components", f"{text}, so the plan does not show what top performers earn.", {"leverage": top}, "info"
        )
        return
    severity: Severity = "info" if top < limit["low"] else "error" if top > limit["far"] + 1e-9 else "warning"
    yield Issue(
        "components",
        f"At the top point of every curve, the plan pays {formats.plain_number(top, 2)} times its pay at target.",
        {"leverage": top},
        severity,
    )


@rule(
    "GEN-12", "Keep the mechanics simple enough to explain in a minute", "warning",
    source="alexander-linked", evidence="B", reads=("components", "gates", "modifiers", "kickers"),
)  # fmt: skip
def simple(s: Subject, limit: Thresholds) -> RuleResults:
    """Linked components force balance but need care. A gate or modifier takes as much explaining as two measures."""
    jumps = sum(len(p.cliffs) for p in s.paid)
    linked = len(s.plan.gates) + len(s.plan.modifiers)
    score = len(s.paid) + limit["linked"] * linked + jumps + len(s.plan.kickers)
    if score > limit["warning"]:
        yield Issue(
            "components",
            f"{len(s.paid)} components, {linked} gates and modifiers, {jumps} jumps and {len(s.plan.kickers)} SPIFs "
            f"add up to {score:.0f} complexity points. Above {limit['warning']:.0f}, people lose track.",
            {"score": score},
            "error" if score > limit["error"] else "warning",
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
            f"{formats.percent(share)} of target variable is scored at the manager’s discretion.",
            {"share": share},
        )


@rule(
    "GEN-14", "Keep SPIFs small and short", "warning",
    source="compplan", evidence="J", reads=("kickers", "context.terms.spif_quarters"),
)  # fmt: skip
def one_offs(s: Subject, limit: Thresholds) -> RuleResults:
    """A SPIF that never ends is a second plan that no one designed."""
    if not s.plan.kickers or s.variable <= 0:
        return
    for i, kicker in enumerate(s.plan.kickers):
        if kicker.per_unit <= 0:
            continue
        most = math.inf if kicker.max_units is None else kicker.per_unit * kicker.max_units
        if most > limit["share"] * s.variable + 5e-3:
            allowed = math.floor(limit["share"] * s.variable / kicker.per_unit + 1e-9)
            amount = "an unlimited amount" if math.isinf(most) else f"up to {s.money(most)} a year"
            place = f"kickers[{i}].max_units"
            yield Issue(
                place,
                f"{kicker.name} pays {amount}, more than {formats.percent(limit['share'])} of target variable.",
                {"per_unit": kicker.per_unit},
                fix=fixes.edit(f"Limit it to {allowed} per year", s.plan, {place: float(allowed)}) if allowed else None,
            )
    running = s.context.terms.spif_quarters
    if running is None:
        yield Question("terms.spif_quarters")
    elif running > limit["quarters"]:
        yield Issue("kickers", f"SPIFs have run for {running} quarters in a row.", {"quarters": running})


@rule(
    "GEN-15", "Set the manager’s target to the sum of the team’s targets", "warning",
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
                f"The manager’s target for {part.name} is {s.money(part.component.target)}, but the team’s targets "
                f"add up to {s.money(of_team)}.",
                {"target": part.component.target, "team": of_team},
                fix=fixes.edit("Set it to the sum of the team’s targets", s.plan, {place: of_team}),
            )


@functools.cache
def _next_midpoint(role: str) -> tuple[str, float] | None:
    """Return the next role and the midpoint of its published base band, if there is one."""
    after = next_role(role)
    found = bands(after, "base", source="knowup") if after else ()
    names = {row["key"]: row["name"] for row in facts.table("roles")}
    return (names[str(after)], found[0].midpoint) if found else None


@rule(
    "GEN-16", "Leave a step of 5% to 40% to the next role", "info",
    source="compplan", evidence="J", reads=("role", "pay.base"),
)  # fmt: skip
def next_step(s: Subject, limit: Thresholds) -> RuleResults:
    """A promotion needs a noticeable raise, but a gap of 50% is too wide to cross."""
    after = _next_midpoint(s.plan.role)
    if after is None or s.plan.currency != "USD" or s.plan.pay.base <= 0:
        return
    step = after[1] / s.plan.pay.base - 1.0
    if not limit["low"] <= round(step, 9) <= limit["high"]:
        yield Issue(
            "pay.base",
            f"The midpoint of the published base band for the next role, {after[0]}, is {s.money(after[1])}, "
            f"{formats.percent(abs(step), 1)} {'above' if step >= 0 else 'below'} base in this plan.",
            {"step": step},
        )


@rule(
    "GEN-17", "Limit company results in individual plans", "warning",
    source="worldatwork-rules", evidence="B", reads=("role", "components.measure", "components.level"),
    dissent="Totango’s survey (2021) names team and company results as the first factor; TSIA (2022) "
    "advises a corporate goal at an early stage.",
)  # fmt: skip
def not_the_company(s: Subject, limit: Thresholds) -> RuleResults:
    """A result that no one can change alone rewards no one’s work."""
    parts = [p for p in s.paid if p.component.level == "company" or p.measure.key == "company_result"]
    share = round(math.fsum(p.share for p in parts), 9)
    if s.plan.role in LEADERS or share <= limit["share"]:
        return
    yield Issue(
        parts[0].place,
        f"{formats.percent(share)} of target variable depends on company results.",
        {"share": share},
    )


@rule(
    "GEN-18", "Pay on results instead of activity", "warning",
    source="worldatwork-rules", evidence="B", reads=("components.measure",),
)  # fmt: skip
def results(s: Subject, limit: Thresholds) -> RuleResults:
    """If you can measure the result, you don’t need to pay for the activity behind it."""
    for part in s.of(ACTIVITY):
        yield Issue(
            f"{part.place}.measure",
            f"{part.name} is {formats.percent(part.share)} of target variable. It pays for activity, not for results.",
            {"share": part.share},
            fix=fixes.without(f"Remove {part.name}", s.plan, part.id),
        )
