"""CUR: the shape of payout curves, as far as it can be told without knowing how results scatter."""

from __future__ import annotations

import math

from compplan import formats
from compplan.review import fixes
from compplan.review.findings import Fix, Issue, Question, RuleResults, Severity, softer
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import EXPANSION, RETENTION, ReviewComponent, Subject

_AT_THE_END = 1e-7  # how far short of target the slope below it is read, relative to target


@rule(
    "CUR-04", "No single step decides over much of the pay", "warning",
    source="larkin-2014", evidence="A",
    reads=("components.curve", "components.weight", "context.controls_timing", "context.controls_price"),
    dissent="Steenburgh (2008) found that lump sums raised effort and changed timing little.",
)  # fmt: skip
def cliffs(s: Subject, limit: Thresholds) -> RuleResults:
    """At a jump the last bit of a result is worth more than all before it: deals are moved, prices given away."""
    known = (s.context.controls_timing, s.context.controls_price)
    found: list[Issue] = []
    for part in s.paid:
        if not part.cliffs:
            continue
        cliff = max(part.cliffs, key=lambda c: c.jump)
        stake = round(part.share * cliff.jump, 9)
        if stake <= limit["warning"]:
            continue
        severity: Severity = "error" if stake > limit["error"] else "warning"
        if known == (False, False):
            severity = softer(severity)
        found.append(
            Issue(
                f"{part.place}.curve",
                f"At {s.result(part, cliff.x)} {part.name} jumps by {s.money(cliff.jump * part.pay)} a year, "
                f"{formats.percent(stake, 1)} of target variable.",
                {"jump": cliff.jump * part.pay, "stake": stake},
                severity,
                _sloped(s, part),
            )
        )
    if found and True not in known:
        for name, value in zip(("controls_timing", "controls_price"), known, strict=True):
            if value is None:
                yield Question(name)
    yield from found


def _sloped(s: Subject, part: ReviewComponent) -> Fix | None:
    """A first jump turned into a slope that begins as far below as target lies above, where there is room."""
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
        f"Pay from {part.name} of {s.result(part, begins)} on, and reach {formats.percent(y)} of its pay at "
        f"{s.result(part, x)}",
        s.plan,
        {f"{part.place}.curve.points": points},
    )


@rule(
    "CUR-05", "Tiers do not reach back to the first dollar", "warning",
    source="sparrowgenie-tiers", evidence="C", reads=("components.curve", "context.controls_price"),
)  # fmt: skip
def retroactive(s: Subject, limit: Thresholds) -> RuleResults:
    """Where a tier reprices everything before it, one more cent of result is worth thousands."""
    for part in s.paid:
        if part.component.curve.kind != "retroactive":
            continue
        control = s.context.controls_price
        if control is None:
            yield Question("controls_price")
        jump = max((c.jump for c in part.cliffs), default=0.0)
        yield Issue(
            f"{part.place}.curve",
            f"Each tier of {part.name} pays for all of the result: the largest step is "
            f"{s.money(jump * part.pay)} a year"
            + (", and people can give the discount that reaches it." if control else "."),
            {"jump": jump * part.pay},
            "error" if control else "warning",
            fixes.edit("Let each tier pay for its own slice", s.plan, {f"{part.place}.curve.kind": "tiered"}),
        )


@rule(
    "CUR-07", "What has no end is not capped", "info",
    source="misra-nair-2011", evidence="A", reads=("components.curve", "components.measure", "caps.total"),
    dissent="A cap is bearable where targets are not reliable.",
)  # fmt: skip
def capped(s: Subject, limit: Thresholds) -> RuleResults:
    """At one firm revenue rose by some 9% when the ceiling and the ratchet went; what a definition ends is no cap."""
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
            f"{part.name} pays no more above {s.result(part, last)}, where it pays {formats.percent(most)}.",
            {"cap": most},
            fix=fixes.edit("Let the last slope go on", s.plan, change),
        )
    if s.plan.caps.total is not None and any(p.measure.best is None for p in s.paid):
        yield Issue(
            "caps.total",
            f"The whole plan pays no more than {formats.percent(s.plan.caps.total)} of target variable.",
            {"cap": s.plan.caps.total},
            fix=fixes.edit("Take the cap on the plan away", s.plan, {"caps.total": None}),
        )


@rule(
    "CUR-08", "Above target pay rises as fast as below, and not three times as fast", "warning",
    source="chung-2014", evidence="A", reads=("components.curve", "components.target"),
)  # fmt: skip
def bends(s: Subject, limit: Thresholds) -> RuleResults:
    """Pay beyond target keeps the best going once they are there; much steeper it makes a gamble of the year."""
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
            told = f"rises {formats.plain_number(ratio, 1)} times as fast above target as below"
        elif ratio < limit["least"] - 1e-9:
            told = (
                "stops at target" if above == 0 else f"rises {formats.percent(ratio, 0)} as fast above target as below"
            )
        else:
            continue
        yield Issue(f"{part.place}.curve", f"{part.name} {told}.", {"ratio": ratio})


@rule(
    "CUR-09", "A dollar of growth does not cost more than it brings", "warning",
    source="compplan", evidence="J",
    reads=("components.curve", "components.weight", "context.gross_margin", "context.book.arr"),
)  # fmt: skip
def affordable(s: Subject, limit: Thresholds) -> RuleResults:
    """Pay on one more dollar, from all that see it, above its first year's margin is paid out of somebody else's."""
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
    told = f"At its steepest a dollar of growth pays {s.money(round(rate, 2))}"
    if rate > limit["dollar"] + 1e-9:
        yield Issue(place, f"{told}, more than it brings.", numbers, "error")
    elif s.context.gross_margin is None:
        yield Question("gross_margin")
    elif rate > s.context.gross_margin + 1e-9:
        margin = formats.percent(s.context.gross_margin)
        yield Issue(place, f"{told}, and its first year's margin is {margin}.", numbers)


def _per_dollar(part: ReviewComponent) -> float:
    """The most that one more unit of a result pays: a dollar of a flow, a whole of a rate [currency a unit]."""
    steepest = float(part.curve.slopes.max())
    return part.pay * steepest / (part.component.target if part.component.axis == "attainment" else 1.0)


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
        unit = part.component.target if part.component.axis == "attainment" else 1.0
        points = part.curve.points()
        first, last = points[0][0] * unit, points[-1][0] * unit
        width, whole = round(part.component.target - first, 9), round(last - first, 9)
        if largest > width >= 0:
            all_of_it = largest > whole > 0 and not math.isinf(part.curve.highest)
            if all_of_it:
                span = "from above its last point to below its first"
            else:
                span = "from target to below its first point" if width else "from all of its pay to none"
            yield Issue(
                f"{part.place}.curve",
                f"The largest account is {formats.percent(largest)} of the book: losing it takes {part.name} {span}.",
                {"largest": largest, "width": whole if all_of_it else width},
                "error" if all_of_it else "warning",
                fixes.counted(s, "team", [part]),
            )


@rule(
    "CUR-14", "It is told what is paid where nothing falls due", "error",
    source="gaingrowretain-renewals", evidence="C",
    reads=("components.measure", "components.level", "context.book.due", "context.measures.no_event"),
)  # fmt: skip
def nothing_due(s: Subject, limit: Thresholds) -> RuleResults:
    """A rate of nothing is no rate: with contracts of several years whole quarters have no renewal in them."""
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
                f"In {empty} of the next periods nothing falls due, and the plan does not say what {part.name} pays "
                "then.",
                {"quarters": empty},
            )


def _empty(due: tuple[float, ...], s: Subject) -> int:
    """Periods of the coming year for which a rate has nothing to be a rate of."""
    halves = (due[0] + due[1], due[2] + due[3])
    periods = halves if s.plan.periods == len(halves) else due
    if s.plan.accumulation == "year_to_date":
        return sum(math.fsum(periods[: n + 1]) == 0 for n in range(len(periods)))
    return sum(amount == 0 for amount in periods)


@rule(
    "CUR-15", "A share of a goal needs a goal of some size", "warning",
    source="cygnal-thresholds", evidence="C", reads=("components.axis", "components.target", "frequency"),
)  # fmt: skip
def goal_size(s: Subject, limit: Thresholds) -> RuleResults:
    """Of a goal of two, one is 50%: a curve over attainment makes noise of small numbers."""
    for part in s.paid:
        if part.component.axis != "attainment" or part.measure.kind != "flow":
            continue
        each = part.component.target / s.plan.periods
        money = part.measure.unit == "money"
        least = limit["money"] if money else limit["count"]
        if (money and s.plan.currency != "USD") or each >= least:
            continue
        told = s.money(each) if money else formats.plain_number(each, 2)
        yield Issue(
            f"{part.place}.target",
            f"The target of {part.name} is {told} a period; a share of so small a goal says little.",
            {"target": each},
        )
