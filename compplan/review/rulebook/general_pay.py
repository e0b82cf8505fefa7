"""GEN: pay mix, upside, SPIFs and the step to the next role."""

from __future__ import annotations

import functools
import math

from compplan import facts, formats
from compplan.benchmarks import bands
from compplan.benchmarks.ladders import next_role
from compplan.payout import leverage
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults, Severity
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import Subject, listed

_WITHOUT_CUSTOMERS = frozenset({"cs_ops"})


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
    dissent="The guides differ: 15% to 20% (ResumeGeni), 20% to 30% (Russ Drury), about 19% to 22% (KnowUp's bands).",
)  # fmt: skip
def suits(s: Subject, limit: Thresholds) -> RuleResults:
    """The closer a role is to a sale, the more pay is at risk. The ranges combine what the sources say."""
    share, usual = round(s.plan.pay.mix, 9), _mixes().get(s.plan.role)
    if usual is None or s.variable <= 0 or usual[0] <= share <= usual[1]:
        return
    to = usual[0] if share < usual[0] else usual[1]
    yield Issue(
        "pay",
        f"Variable pay is {formats.percent(share)} of OTE; the range for this role is {formats.percent(usual[0])} to "
        f"{formats.percent(usual[1])}.",
        {"share": share, "low": usual[0], "high": usual[1]},
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


@functools.cache
def _next_midpoint(role: str) -> tuple[str, float] | None:
    """Return the next role and the midpoint of its published base band, if there is one."""
    after = next_role(role)
    published = bands(after, "base", source="knowup") if after else ()
    names = {row["key"]: row["name"] for row in facts.table("roles")}
    return (names[str(after)], published[0].midpoint) if published else None


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
