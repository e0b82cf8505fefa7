"""INT: consistency of the plan itself. Rules that reading enforces are listed so that each has an ID and a reason."""

from __future__ import annotations

from compplan import formats
from compplan.curves import Goal, PayoutCurve
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import ACTIVITY, OBJECTIVE, ReviewComponent, Subject


def _enforced_on_reading(rule_id: str, title: str, why: str, *reads: str) -> None:
    """List a rule that no plan can break, because reading refuses a plan that does."""

    def check(s: Subject, limit: Thresholds) -> RuleResults:
        yield from ()

    check.__doc__ = why
    rule(rule_id, title, "error", source="compplan", evidence="J", reads=reads, on_reading=True)(check)


_enforced_on_reading(
    "INT-01", "Weights add up to 100%", "Otherwise the plan does not pay OTE at target.", "components.weight"
)
_enforced_on_reading(
    "INT-02", "Target variable is not negative and covers all commissions",
    "If base is high in its band and OTE low, nothing is left for variable pay.", "pay", "components.rate",
)  # fmt: skip
_enforced_on_reading(
    "INT-04", "Curves never go down", "A better result must never pay less.", "components.curve", "modifiers.curve"
)
_enforced_on_reading(
    "INT-05", "Curve points are in order, without repeats",
    "Unordered or repeated points leave the payout of a result undefined.", "components.curve", "modifiers.curve",
)  # fmt: skip


@rule(
    "INT-06", "Give every measure an owner, a system of record and a denominator", "error",
    source="drury-2020", evidence="S",
    reads=(
        "components.measure", "measures", "context.measures.system", "context.measures.owner",
        "context.measures.denominator",
    ),
)  # fmt: skip
def is_recorded(s: Subject, limit: Thresholds) -> RuleResults:
    """People can't follow a result during the quarter without a system of record and an owner."""
    for part in s.paid:
        missing = {"system": "no system of record", "owner": "no owner"}
        if part.measure.key in s.plan.measures and part.measure.unit in {"share", "ratio"}:
            missing["denominator"] = "no denominator"
        for name, what in missing.items():
            answer = getattr(part.data, name)
            if answer is None:
                yield Question(part.question(name))
            elif answer.casefold() == "none":
                yield Issue(
                    f"context.{part.question(name)}", f"{part.name} is paid but has {what}.", {"share": part.share}
                )


@rule(
    "INT-07", "Don't pay individual results on an empty book", "error",
    source="compplan", evidence="J", reads=("components.level", "context.book.accounts"),
)  # fmt: skip
def has_a_book(s: Subject, limit: Thresholds) -> RuleResults:
    """Without accounts there is no individual result. MBOs and activity measures need no accounts."""
    own = [p for p in s.paid if p.individual and p.family not in {OBJECTIVE, ACTIVITY}]
    accounts = s.context.book.accounts
    if not own:
        return
    if accounts is None:
        yield Question("book.accounts")
    elif accounts == 0:
        yield Issue(
            f"{own[0].place}.level",
            f"{own[0].name} is measured individually, but the book has no accounts.",
            {"accounts": 0.0},
            fix=fixes.counted(s, "team", own),
        )


@rule(
    "INT-08", "Set threshold below target, top point above target and cap at 100% or more", "error",
    source="compplan", evidence="J", reads=("components.curve", "components.target", "caps.total"),
)  # fmt: skip
def points_in_order(s: Subject, limit: Thresholds) -> RuleResults:
    """A plan pays something below target, 100% at target, and more above it."""
    for part in s.paid:
        if isinstance(part.component.curve, Goal) or _all_or_nothing(part):
            continue
        yield from _cap(s, part, limit)
        yield from _ends(s, part)
    total = s.plan.caps.total
    if total is not None and total < limit["least_cap"]:
        yield Issue(
            "caps.total",
            f"The total cap is {formats.percent(total)}, less than pay at target.",
            {"cap": total},
            fix=fixes.edit("Raise the total cap to 100%", s.plan, {"caps.total": limit["least_cap"]}),
        )


def _cap(s: Subject, part: ReviewComponent, limit: Thresholds) -> RuleResults:
    cap = part.component.curve.cap
    if cap is not None and cap < limit["least_cap"]:
        place = f"{part.place}.curve.cap"
        yield Issue(
            place,
            f"{part.name} is capped at {formats.percent(cap)}, less than its pay at target.",
            {"cap": cap},
            fix=fixes.edit(f"Raise the cap of {part.name} to 100%", s.plan, {place: limit["least_cap"]}),
        )


def _all_or_nothing(part: ReviewComponent) -> bool:
    """Whether the curve is a single step to 100%, the same as a goal."""
    curve = part.curve
    return curve.knots.size == 1 and curve.below == 0 and curve.values[0] == 1.0 and curve.slopes[0] == 0


def _ends(s: Subject, part: ReviewComponent) -> RuleResults:
    sign = part.curve.sign
    first, last = _begins(part.curve), part.curve.points()[-1][0]
    at = s.result(part, part.target)
    if first is not None and (part.target - first) * sign <= 1e-9 and part.curve.below == 0:
        bound = part.component.curve.threshold
        cause = f"{part.place}.curve.threshold" if bound is not None and abs(bound - first) <= 1e-9 else ""
        yield Issue(
            f"{part.place}.curve",
            f"{part.name} pays nothing below {s.result(part, first)}, and its target is {at}. People earn nothing on "
            "the way to target.",
            {"threshold": first, "target": part.target},
            fix=fixes.edit(f"Remove the threshold of {part.name}", s.plan, {cause: None}) if cause else None,
        )
    elif part.curve.highest <= 1.0 and (last - part.target) * sign < -1e-9:
        yield Issue(
            f"{part.place}.curve",
            f"Pay for {part.name} stops rising at {s.result(part, last)}, before its target of {at}.",
            {"excellence": last, "target": part.target},
        )


def _begins(curve: PayoutCurve) -> float | None:
    """Return the result at which a curve starts to pay; None if it never does."""
    for (x, value), slope in zip(curve.points(), curve.slopes.tolist(), strict=True):
        if value > 0 or slope > 0:
            return x
    return None


@rule(
    "INT-09", "Keep targets and curve points within reach", "error",
    source="drury-2020", evidence="S", reads=("components.target", "components.curve", "gates"),
)  # fmt: skip
def can_be_reached(s: Subject, limit: Thresholds) -> RuleResults:
    """Gross and logo retention end at 100%. A target there has no upside and allows no loss."""
    for part in s.paid:
        best = part.measure.best
        if part.measure.high is not None and best is not None and part.component.target == best:
            yield Issue(
                f"{part.place}.target",
                f"The target of {part.name} is {s.result(part, part.target)}, the highest possible result.",
                {"target": part.component.target, "most": best},
            )
        elif best is not None and part.component.axis == "attainment":
            reached = best / part.component.target
            beyond = [x for _, x in part.component.curve.results() if (x - reached) * part.curve.sign > 1e-9]
            if beyond:
                yield Issue(
                    f"{part.place}.curve",
                    f"{part.name} has a point at {formats.percent(beyond[0])} of target, which means "
                    f"{formats.result(beyond[0] * part.component.target, part.measure, s.plan.currency)}.",
                    {"point": beyond[0], "most": reached},
                )


@rule(
    "INT-10", "State whether caps apply before or after modifiers", "warning",
    source="compplan", evidence="J", reads=("components.curve.cap", "caps.total", "modifiers", "context.terms.order"),
)  # fmt: skip
def order_is_stated(s: Subject, limit: Thresholds) -> RuleResults:
    """Capping before a modifier gives a different amount than capping after it.

    In this engine, component caps come first and the total cap last. A document that is silent can be read both ways.
    """
    met = [(i, text) for i in range(len(s.compiled.modifiers)) if (text := _meets_a_cap(s, i))]
    if met and s.context.terms.order is None:
        yield Question("terms.order")
    elif not s.context.terms.order:
        for i, text in met:
            yield Issue(f"modifiers[{i}]", f"{text} The plan document does not say which comes first.")


def _meets_a_cap(s: Subject, i: int) -> str:
    """Describe how a modifier and a cap interact; empty if their order makes no difference."""
    modifier = s.compiled.modifiers[i]
    curve = modifier.curve
    factor = curve.highest if curve.highest > 1.0 else min(curve.below, float(curve.values[0]))
    covered = [p for p in s.paid if modifier.part.covers is None or p.id in modifier.part.covers]
    part = next((p for p in covered if p.component.curve.cap is not None and p.component.curve.cap > 0), None)
    if factor == 1.0 or not covered:
        return ""
    by = f"by {formats.plain_number(factor)}"
    if part is not None:
        cap = part.component.curve.cap or 0.0
        first, last = cap * factor, cap if factor > 1.0 else min(part.curve.highest, cap)
        return (
            f"{part.name} is capped at {formats.percent(cap)} and then multiplied {by}, which gives "
            f"{formats.percent(first)}. Multiplied first, it gives at most {formats.percent(last)}."
        )
    cap = s.plan.caps.total
    if cap is None:
        return ""
    return (
        f"Pay is multiplied {by} and then capped at {formats.percent(cap)} in total. Capped first, it gives at most "
        f"{formats.percent(cap * factor)}."
    )


@rule(
    "INT-11", "State how results are rounded wherever pay jumps", "warning",
    source="compplan", evidence="J", reads=("components.curve", "rounding.attainment"),
)  # fmt: skip
def rounding_is_stated(s: Subject, limit: Thresholds) -> RuleResults:
    """If pay jumps at 95%, a result of 94.996% leads to a dispute."""
    if s.plan.rounding.attainment is not None:
        return
    jumps = [(p, cliff) for p in s.paid for cliff in p.cliffs]
    if jumps:
        part, cliff = max(jumps, key=lambda jump: jump[1].jump * jump[0].pay)
        decimals = int(limit["decimals"])
        yield Issue(
            f"{part.place}.curve",
            f"Pay for {part.name} jumps by {s.money(cliff.jump * part.pay)} a year at {s.result(part, cliff.x)}, but "
            "the plan does not say how results are rounded.",
            {"jump": cliff.jump * part.pay},
            fix=fixes.edit(f"Round results to {decimals} decimals", s.plan, {"rounding.attainment": decimals}),
        )


@rule(
    "INT-12", "Pool numerators and denominators across periods", "error",
    source="compplan", evidence="J", reads=("accumulation", "components.measure", "context.measures.mean_of_rates"),
)  # fmt: skip
def rates_are_pooled(s: Subject, limit: Thresholds) -> RuleResults:
    """Averaging a good small quarter and a bad large one overstates the year."""
    over_periods = s.plan.accumulation == "year_to_date" and s.plan.periods > 1
    for part in s.paid:
        if part.measure.kind == "flow":
            continue
        if part.data.mean_of_rates is None:
            if over_periods:
                yield Question(part.question("mean_of_rates"))
        elif part.data.mean_of_rates:
            yield Issue(
                f"context.{part.question('mean_of_rates')}",
                f"{part.name} over several periods is the average of the periods' rates. Divide the sum of the "
                "numerators by the sum of the denominators instead.",
                {"share": part.share},
            )
