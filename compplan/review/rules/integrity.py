"""INT: whether a plan holds together. What reading refuses is listed here too, so that it has an id and a reason."""

from __future__ import annotations

from compplan import formats
from compplan.curves import Goal
from compplan.plan import Plan
from compplan.review import fixes
from compplan.review.book import Limits, rule
from compplan.review.findings import Ask, Fix, Found, Outcomes
from compplan.review.subject import Subject, Weighed


@rule(
    "INT-01", "The weights sum to 100%", "error",
    source="compplan", grade="J", reads=("components.weight",), on_reading=True,
)  # fmt: skip
def weights_sum(s: Subject, limit: Limits) -> Outcomes:
    """On-target earnings would not be paid at target."""
    yield from ()


@rule(
    "INT-02", "Target variable is not negative, and commissions fit into it", "error",
    source="compplan", grade="J", reads=("pay", "components.rate"), on_reading=True,
)  # fmt: skip
def pay_adds_up(s: Subject, limit: Limits) -> Outcomes:
    """Base and OTE taken from different places of their bands leave less than nothing for variable pay."""
    yield from ()


@rule(
    "INT-03", "At target the plan pays 100%", "error",
    source="compplan", grade="J", reads=("components.curve", "components.target", "modifiers"),
)  # fmt: skip
def pays_at_target(s: Subject, limit: Limits) -> Outcomes:
    """On-target earnings are a promise: everything at target pays all of it."""
    paid = s.at_target
    if paid is None or abs(paid - 1.0) <= limit["tolerance"]:
        return
    off = [p for p in s.paid if abs(p.at_target - 1.0) > limit["tolerance"]]
    where = off[0] if len(off) == 1 else None
    blame = f" {where.name} pays {formats.percent(where.at_target)} at its target." if where else ""
    yield Found(
        f"{where.place}.curve" if where else "components",
        f"At target this plan pays {formats.percent(paid)} of target variable, not 100%.{blame}",
        {"at_target": paid},
        fix=_to_the_curve(s.plan, off),
    )


def _to_the_curve(plan: Plan, off: list[Weighed]) -> Fix | None:
    """Targets moved to where their curves pay 100%, where every one of them does somewhere."""
    changes: dict[str, float] = {}
    for part in off:
        x = part.curve.reach(1.0)
        if x is None or abs(part.curve(x) - 1.0) > 1e-9:
            return None
        target = x * part.part.target if part.part.axis == "attainment" else x
        changes[f"{part.place}.target"] = float(f"{target:.12g}")
    if not changes:
        return None
    names = ", ".join(part.name for part in off)
    return fixes.edit(f"Move the target of {names} to where the curve pays 100%", plan, changes)


@rule(
    "INT-04", "No curve goes down", "error",
    source="compplan", grade="J", reads=("components.curve", "modifiers.curve"), on_reading=True,
)  # fmt: skip
def curves_rise(s: Subject, limit: Limits) -> Outcomes:
    """A better result must never pay less."""
    yield from ()


@rule(
    "INT-05", "The points of a curve are in order, each once", "error",
    source="compplan", grade="J", reads=("components.curve", "modifiers.curve"), on_reading=True,
)  # fmt: skip
def curves_are_defined(s: Subject, limit: Limits) -> Outcomes:
    """Points out of order or repeated leave open what a result pays."""
    yield from ()


@rule(
    "INT-06", "Every measure has an owner and a system of record", "error",
    source="drury-2020", grade="S", reads=("components.measure", "context.measures.owner", "context.measures.system"),
)  # fmt: skip
def is_recorded(s: Subject, limit: Limits) -> Outcomes:
    """What cannot be looked up in a system that somebody answers for cannot be followed during the quarter."""
    for part in s.paid:
        for name in ("system", "owner"):
            if getattr(part.data, name) is None:
                yield Ask(part.ask(name))
            elif str(getattr(part.data, name)).lower() == "none":
                what = "no system of record" if name == "system" else "nobody who answers for it"
                yield Found(f"context.{part.ask(name)}", f"{part.name} is paid and has {what}.", {"share": part.share})
        if part.data.available is False:
            yield Found(
                f"{part.place}.measure",
                f"{part.name} is paid and cannot be measured with the data at hand.",
                {"share": part.share},
                fix=fixes.without(f"Take {part.name} out until it can be measured", s.plan, part.id),
            )


@rule(
    "INT-07", "Nobody is paid on a book without accounts", "error",
    source="compplan", grade="J", reads=("components.level", "context.book.accounts"),
)  # fmt: skip
def has_a_book(s: Subject, limit: Limits) -> Outcomes:
    """An individual result of no accounts is no result."""
    own = [p for p in s.paid if p.individual]
    accounts = s.context.book.accounts
    if not own:
        return
    if accounts is None:
        yield Ask("book.accounts")
    elif accounts == 0:
        changes = {f"{p.place}.level": "team" for p in own}
        yield Found(
            f"{own[0].place}.level",
            f"{own[0].name} is paid on one person's own result, and the book has no accounts.",
            {"accounts": 0.0},
            fix=fixes.edit("Pay on the team's results", s.plan, changes),
        )


@rule(
    "INT-08", "Threshold below target, excellence above it, no cap below 100%", "error",
    source="compplan", grade="J", reads=("components.curve", "components.target", "caps.total"),
)  # fmt: skip
def points_in_order(s: Subject, limit: Limits) -> Outcomes:
    """A plan pays something below target, all of it at target, and more beyond."""
    for part in s.paid:
        if isinstance(part.part.curve, Goal):
            continue
        yield from _cap(s, part, limit)
        yield from _ends(s, part)
    total = s.plan.caps.total
    if total is not None and total < limit["least_cap"]:
        yield Found(
            "caps.total",
            f"The cap on the whole plan is {formats.percent(total)}, less than what it owes at target.",
            {"cap": total},
            fix=fixes.edit("Raise the cap to 100%", s.plan, {"caps.total": limit["least_cap"]}),
        )


def _cap(s: Subject, part: Weighed, limit: Limits) -> Outcomes:
    cap = part.part.curve.cap
    if cap is not None and cap < limit["least_cap"]:
        place = f"{part.place}.curve.cap"
        yield Found(
            place,
            f"{part.name} is capped at {formats.percent(cap)}, less than what it owes at target.",
            {"cap": cap},
            fix=fixes.edit(f"Raise the cap of {part.name} to 100%", s.plan, {place: limit["least_cap"]}),
        )


def _ends(s: Subject, part: Weighed) -> Outcomes:
    sign = part.curve.sign
    points = part.curve.points()
    first, last = points[0][0], points[-1][0]
    begins = (part.target - first) * sign
    at = s.result(part, part.target)
    if begins <= 0 and part.curve.below == 0:
        yield Found(
            f"{part.place}.curve",
            f"{part.name} pays nothing short of {s.result(part, first)}, and its target is {at}: nothing is earned on "
            "the way there.",
            {"threshold": first, "target": part.target},
        )
    elif part.curve.highest <= 1.0 and (last - part.target) * sign < 0:
        yield Found(
            f"{part.place}.curve",
            f"{part.name} is flat from {s.result(part, last)} on, which is short of its target of {at}.",
            {"excellence": last, "target": part.target},
        )


@rule(
    "INT-09", "No target and no point of a curve lies beyond what can be", "error",
    source="drury-2020", grade="S", reads=("components.target", "components.curve", "gates"),
)  # fmt: skip
def can_be_reached(s: Subject, limit: Limits) -> Outcomes:
    """Gross and logo retention end at 100%: a target there leaves nothing above it, and forgives no loss."""
    for part in s.paid:
        best = part.measure.best
        if part.measure.high is not None and best is not None and part.part.target == best:
            yield Found(
                f"{part.place}.target",
                f"The target of {part.name} is {s.result(part, part.target)}, the most that there can be.",
                {"target": part.part.target, "most": best},
            )
        elif best is not None and part.part.axis == "attainment":
            reached = best / part.part.target
            beyond = [x for x, _ in part.curve.points() if (x - reached) * part.curve.sign > 1e-9]
            if beyond:
                yield Found(
                    f"{part.place}.curve",
                    f"{part.name} has a point at {formats.percent(beyond[0])} of target, which would be "
                    f"{formats.result(beyond[0] * part.part.target, part.measure, s.plan.currency)}.",
                    {"point": beyond[0], "most": reached},
                )


@rule(
    "INT-10", "Where a cap and a modifier meet, the plan document tells the order", "warning",
    source="compplan", grade="J", reads=("components.curve.cap", "caps.total", "modifiers"),
)  # fmt: skip
def order_is_told(s: Subject, limit: Limits) -> Outcomes:
    """Capping and then multiplying pays another amount than the other way round; here a component's cap comes first."""
    for i, modifier in enumerate(s.compiled.modifiers):
        most = modifier.curve.highest
        covered = modifier.part.covers or [p.id for p in s.paid]
        capped = [p for p in s.paid if p.id in covered and p.part.curve.cap is not None]
        if capped and most > 1.0:
            part = capped[0]
            first = min(part.curve.highest, part.part.curve.cap or 0.0) * most
            yield Found(
                f"modifiers[{i}]",
                f"{part.name} is capped at {formats.percent(part.part.curve.cap or 0.0)} and then multiplied by up to "
                f"{formats.plain_number(most)}: it may pay {formats.percent(first)}. Say so in the plan document.",
                {"cap": part.part.curve.cap or 0.0, "modifier": most},
            )


@rule(
    "INT-11", "Where pay jumps, it is told how results are rounded", "warning",
    source="compplan", grade="J", reads=("components.curve", "rounding.attainment"),
)  # fmt: skip
def rounding_is_told(s: Subject, limit: Limits) -> Outcomes:
    """94.996% against 95% is a dispute in waiting wherever pay jumps at 95%."""
    if s.plan.rounding.attainment is not None:
        return
    jumps = [(p, cliff) for p in s.paid for cliff in p.cliffs]
    if jumps:
        part, cliff = max(jumps, key=lambda found: found[1].jump * found[0].pay)
        decimals = int(limit["decimals"])
        yield Found(
            f"{part.place}.curve",
            f"{part.name} jumps by {s.money(cliff.jump * part.pay)} a year at {s.result(part, cliff.x)}, and the plan "
            "does not say how results are rounded.",
            {"jump": cliff.jump * part.pay},
            fix=fixes.edit(f"Round results to {decimals} decimals", s.plan, {"rounding.attainment": decimals}),
        )


@rule(
    "INT-12", "A rate over several periods is the sum over the sum", "error",
    source="compplan", grade="J", reads=("accumulation", "components.measure", "context.measures.mean_of_rates"),
)  # fmt: skip
def rates_are_pooled(s: Subject, limit: Limits) -> Outcomes:
    """The mean of a good small quarter and a bad large one is better than the year was."""
    if s.plan.accumulation != "year_to_date":
        return
    for part in s.paid:
        if part.measure.kind == "flow" or part.measure.unit not in {"share", "score"}:
            continue
        if part.data.mean_of_rates is None:
            yield Ask(part.ask("mean_of_rates"))
        elif part.data.mean_of_rates:
            yield Found(
                f"context.{part.ask('mean_of_rates')}",
                f"{part.name} over several periods is told as the mean of the periods' rates; it is the sum of "
                "what was "
                "kept over the sum of what was due.",
                {"share": part.share},
            )
