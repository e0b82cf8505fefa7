"""CUR: shape of the payout curves, without assuming how results vary."""

from __future__ import annotations

import math

from compplan import formats
from compplan.review import fixes
from compplan.review.findings import Fix, Issue, Question, RuleResults, Severity, softer
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import EXPANSION, RETENTION, ReviewComponent, Subject

_AT_THE_END = 1e-7  # distance below target at which the slope is read, relative to target


@rule(
    "CUR-04", "Keep jumps in pay small", "warning",
    source="larkin-2014", evidence="A",
    reads=("components.curve", "components.weight", "context.controls_timing", "context.controls_price"),
    dissent="Steenburgh (2008) found that lump sums raised effort with little change in timing.",
)  # fmt: skip
def cliffs(s: Subject, limit: Thresholds) -> RuleResults:
    """At a jump, a tiny result is worth a lot of pay, so people move deals or discount to reach it."""
    controls = (s.context.controls_timing, s.context.controls_price)
    issues: list[Issue] = []
    for part in s.paid:
        if not part.cliffs:
            continue
        cliff = max(part.cliffs, key=lambda c: c.jump)
        stake = round(part.share * cliff.jump, 9)
        if stake <= limit["warning"]:
            continue
        severity: Severity = "error" if stake > limit["error"] else "warning"
        if controls == (False, False):
            severity = softer(severity)
        issues.append(
            Issue(
                f"{part.place}.curve",
                f"Pay for {part.name} jumps by {s.money(cliff.jump * part.pay)} a year at {s.result(part, cliff.x)}, "
                f"{formats.percent(stake, 1)} of target variable.",
                {"jump": cliff.jump * part.pay, "stake": stake},
                severity,
                _sloped(s, part),
            )
        )
    if issues and True not in controls:
        for name, value in zip(("controls_timing", "controls_price"), controls, strict=True):
            if value is None:
                yield Question(name)
    yield from issues


def _sloped(s: Subject, part: ReviewComponent) -> Fix | None:
    """Turn the first jump into a slope that starts as far below the jump as target is above it, if there is room."""
    curve = part.component.curve
    first = part.cliffs[0]
    if curve.kind != "linear" or len(part.cliffs) > 1 or first.before > 0 or curve.threshold is not None or curve.floor:
        return None
    x, y = curve.points[0]
    begins = x - (part.target - x)
    low = part.measure.low if part.component.axis == "actual" else 0.0
    if x == part.target or (part.curve.sign > 0 and low is not None and begins < low):
        return None
    points = [[float(f"{begins:.12g}"), 0.0], *([a, b] for a, b in curve.points)]
    return fixes.edit(
        f"Start paying {part.name} at {s.result(part, begins)} and reach {formats.percent(y)} of its target pay at "
        f"{s.result(part, x)}",
        s.plan,
        {f"{part.place}.curve.points": points},
    )


@rule(
    "CUR-05", "Use tiers that pay only for their own slice", "warning",
    source="sparrowgenie-tiers", evidence="C", reads=("components.curve", "context.controls_price"),
)  # fmt: skip
def retroactive(s: Subject, limit: Thresholds) -> RuleResults:
    """A retroactive tier reprices the whole result, so one more dollar can be worth thousands."""
    for part in s.paid:
        if part.component.curve.kind != "retroactive":
            continue
        control = s.context.controls_price
        if control is None:
            yield Question("controls_price")
        jump = max((c.jump for c in part.cliffs), default=0.0)
        yield Issue(
            f"{part.place}.curve",
            f"Each tier of {part.name} applies to the whole result. The largest jump is "
            f"{s.money(jump * part.pay)} a year" + (", and people can discount to reach it." if control else "."),
            {"jump": jump * part.pay},
            "error" if control else "warning",
            fixes.edit("Pay each tier for its own slice only", s.plan, {f"{part.place}.curve.kind": "tiered"}),
        )


@rule(
    "CUR-07", "Leave unlimited measures uncapped", "info",
    source="misra-nair-2011", evidence="A", reads=("components.curve", "components.measure", "caps.total"),
    dissent="A cap can be acceptable where targets are unreliable.",
)  # fmt: skip
def capped(s: Subject, limit: Thresholds) -> RuleResults:
    """At one company revenue rose about 9% without cap and ratchet. A natural limit, such as 100% GRR, is not a cap."""
    for part in s.paid:
        most = part.curve.highest
        if (
            part.measure.best is not None
            or math.isinf(most)
            or most <= 1.0
            or part.component.curve.kind in {"goal", "step"}
        ):
            continue
        last = part.curve.points()[-1][0]
        curve = part.component.curve
        change = {f"{part.place}.curve.cap": None} if curve.cap is not None else {f"{part.place}.curve.above": "extend"}
        yield Issue(
            f"{part.place}.curve",
            f"{part.name} is capped at {formats.percent(most)} of target pay from {s.result(part, last)}.",
            {"cap": most},
            fix=fixes.edit("Remove the cap", s.plan, change),
        )
    if s.plan.caps.total is not None and any(p.measure.best is None for p in s.paid):
        yield Issue(
            "caps.total",
            f"Total pay is capped at {formats.percent(s.plan.caps.total)} of target variable.",
            {"cap": s.plan.caps.total},
            fix=fixes.edit("Remove the total cap", s.plan, {"caps.total": None}),
        )


@rule(
    "CUR-08", "Set the slope above target at one to three times the slope below", "warning",
    source="chung-2014", evidence="A", reads=("components.curve", "components.target"),
)  # fmt: skip
def bends(s: Subject, limit: Thresholds) -> RuleResults:
    """Upside keeps top performers motivated past target. A much steeper slope turns the year into a gamble."""
    for part in s.paid:
        best = part.measure.best
        if part.component.curve.kind in {"goal", "step"} or (best is not None and part.component.target == best):
            continue
        just_below = part.target - part.curve.sign * _AT_THE_END * max(1.0, abs(part.target))
        below, above = abs(part.curve.slope(just_below)), abs(part.curve.slope(part.target))
        if below <= 0:
            continue
        ratio = above / below
        if ratio > limit["most"] + 1e-9:
            text = f"rises {formats.plain_number(ratio, 1)} times as fast above target as below"
        elif ratio < limit["least"] - 1e-9:
            text = (
                "stops rising at target"
                if above == 0
                else f"rises only {formats.percent(ratio, 0)} as fast above target as below"
            )
        else:
            continue
        yield Issue(f"{part.place}.curve", f"Pay for {part.name} {text}.", {"ratio": ratio})


@rule(
    "CUR-09", "Pay less for a dollar of expansion than it earns", "warning",
    source="compplan", evidence="J",
    reads=("components.curve", "components.weight", "context.gross_margin", "context.book.arr"),
)  # fmt: skip
def affordable(s: Subject, limit: Thresholds) -> RuleResults:
    """Pay on one more dollar, across all components, should stay below its first-year margin."""
    parts = [p for p in s.of(EXPANSION) if p.measure.unit == "money"]
    net, book = s.on("nrr"), s.context.book.arr
    if not parts and not net:
        return
    if net and book is None:
        yield Question("book.arr")
    rate = math.fsum(_per_dollar(p) for p in parts)
    if net and book:
        rate += math.fsum(_per_dollar(p) / book for p in net)
    numbers = {"rate": rate}
    place = f"{(parts or net)[0].place}.curve"
    text = f"At the steepest point, a dollar of expansion pays {s.money(round(rate, 2))}"
    if rate > limit["dollar"] + 1e-9:
        yield Issue(place, f"{text}, more than it brings in.", numbers, "error")
    elif s.context.gross_margin is None:
        yield Question("gross_margin")
    elif rate > s.context.gross_margin + 1e-9:
        margin = formats.percent(s.context.gross_margin)
        yield Issue(place, f"{text}, but its first-year margin is {margin}.", numbers)


def _per_dollar(part: ReviewComponent) -> float:
    """Return the most that one more unit of a result pays: a dollar of a flow, or 100% of a rate [currency a unit]."""
    steepest = float(part.curve.slopes.max())
    return part.pay * steepest / part.component.axis_unit


@rule(
    "CUR-10", "One account does not decide over a curve", "warning",
    source="compplan", evidence="J",
    reads=("components.curve", "components.level", "context.book.largest_share", "context.renewal_owner"),
)  # fmt: skip
def granular(s: Subject, limit: Thresholds) -> RuleResults:
    """In a small book results come in lumps: losing the largest account falls from target through the threshold."""
    parts = [p for p in s.of(RETENTION) if p.individual and p.measure.unit == "share"]
    if parts and s.context.book.largest_share is None:
        yield Question("book.largest_share")
        return
    largest = s.context.book.largest_share or 0.0
    for part in parts:
        unit = part.component.axis_unit
        points = part.curve.points()
        first, last = points[0][0] * unit, points[-1][0] * unit
        width, whole = round(part.component.target - first, 9), round(last - first, 9)
        if largest > width >= 0:
            all_of_it = largest > whole > 0 and not math.isinf(part.curve.highest)
            if all_of_it:
                span = "from above the last point of its curve to below the first"
            else:
                span = "from target to below the first point of its curve" if width else "from full pay to none"
            yield Issue(
                f"{part.place}.curve",
                f"The largest account is {formats.percent(largest)} of the book. Losing it takes {part.name} {span}.",
                {"largest": largest, "width": whole if all_of_it else width},
                "error" if all_of_it else "warning",
                fixes.counted(s, "team", [part]),
            )


@rule(
    "CUR-14", "State what is paid when nothing is up for renewal", "error",
    source="gaingrowretain-renewals", evidence="C",
    reads=("components.measure", "components.level", "context.book.due", "context.measures.no_event"),
)  # fmt: skip
def nothing_due(s: Subject, limit: Thresholds) -> RuleResults:
    """With multiyear contracts, whole quarters can pass without a renewal, and the rate is undefined."""
    parts = [p for p in s.on("grr", "renewal_rate", "logo_retention") if p.individual]
    if not parts or s.plan.periods < limit["periods"]:
        return
    due = s.context.book.due
    if due is None:
        yield Question("book.due")
        return
    empty = _empty(due, s)
    for part in parts if empty else ():
        if part.data.no_event is None:
            yield Question(part.question("no_event"))
        elif not part.data.no_event:
            yield Issue(
                part.place,
                f"Nothing is up for renewal in {empty} of the next periods, and the plan does not say what {part.name} "
                "pays then.",
                {"quarters": empty},
            )


def _empty(due: tuple[float, ...], s: Subject) -> int:
    """Count the periods of the coming year in which a rate has no denominator."""
    halves = (due[0] + due[1], due[2] + due[3])
    periods = halves if s.plan.periods == len(halves) else due
    if s.plan.accumulation == "year_to_date":
        return sum(math.fsum(periods[: n + 1]) == 0 for n in range(len(periods)))
    return sum(amount == 0 for amount in periods)


@rule(
    "CUR-15", "Pay on percent of goal only for larger goals", "warning",
    source="cygnal-thresholds", evidence="C", reads=("components.axis", "components.target", "frequency"),
)  # fmt: skip
def goal_size(s: Subject, limit: Thresholds) -> RuleResults:
    """With a goal of two, one is 50%. An attainment curve amplifies small numbers."""
    for part in s.paid:
        if part.component.axis != "attainment" or part.measure.kind != "flow":
            continue
        each = part.component.target / s.plan.periods
        money = part.measure.unit == "money"
        least = limit["money"] if money else limit["count"]
        if (money and s.plan.currency != "USD") or each >= least:
            continue
        size = s.money(each) if money else formats.plain_number(each, 2)
        yield Issue(
            f"{part.place}.target",
            f"The target of {part.name} is {size} per period. Attainment of such a small goal says little.",
            {"target": each},
        )
