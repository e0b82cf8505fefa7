"""INT: pay of exactly 100% at target."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compplan import formats
from compplan.curves import PayoutCurve
from compplan.plan import Plan
from compplan.review import fixes
from compplan.review.findings import Fix, Issue, RuleResults
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import Subject, listed


@rule(
    "INT-03", "At target the plan pays 100%", "error",
    source="compplan", evidence="J", reads=("components.curve", "components.target", "modifiers"),
)  # fmt: skip
def pays_at_target(s: Subject, limit: Thresholds) -> RuleResults:
    """OTE is a promise: if every result is at target, the plan pays all of it."""
    paid = s.at_target
    if paid is None or abs(paid - 1.0) <= limit["tolerance"]:
        return
    off = list(_off(s, limit["tolerance"]))
    one = off[0] if len(off) == 1 else None
    cause = f" {one.message}" if one else f" Check {listed([cause.name for cause in off])}." if off else ""
    yield Issue(
        one.place if one else "components",
        f"At target this plan pays {formats.percent(paid)} of target variable, not 100%.{cause}",
        {"at_target": paid},
        fix=_all_of(s.plan, off),
    )


@dataclass(frozen=True, slots=True)
class _Off:
    """One reason why a plan does not pay 100% at target, and the changes that fix it; None if none are clear."""

    place: str
    name: str
    message: str
    changes: Mapping[str, Any] | None
    fix: str


def _off(s: Subject, tolerance: float) -> Iterator[_Off]:
    for part in s.paid:
        if abs(part.at_target - 1.0) > tolerance:
            x = _paying_all(part.curve)
            target = x and (x * part.component.target if part.component.axis == "attainment" else x)
            yield _Off(
                f"{part.place}.curve",
                part.name,
                f"{part.name} pays {formats.percent(part.at_target)} at its target.",
                {f"{part.place}.target": float(f"{target:.12g}")} if target else None,
                f"move the target of {part.name} to where the curve pays 100%",
            )
    for i, modifier in enumerate(s.compiled.modifiers):
        part = s.plan.by_id.get(modifier.key)
        target = part.target if part else modifier.part.target
        factor = 1.0 if target is None else modifier.curve(target)
        if abs(factor - 1.0) > tolerance:
            x = None if part else _paying_all(modifier.curve)
            yield _Off(
                f"modifiers[{i}].curve",
                f"the modifier for {modifier.measure.short}",
                f"The modifier for {modifier.measure.short} is × {formats.plain_number(factor)} at its target.",
                None if x is None else {f"modifiers[{i}].target": float(f"{x:.12g}")},
                f"move the target of the modifier for {modifier.measure.short} to where it multiplies by 1",
            )
    cap, paid = s.plan.caps.total, math.fsum(part.pay for part in s.paid)
    if cap is not None and cap < 1.0 - tolerance:
        message = f"The total cap is {formats.percent(cap)}."
        yield _Off("caps.total", "the total cap", message, {"caps.total": 1.0}, "raise the total cap to 100%")
    if s.variable - paid > tolerance * s.variable:
        yield _Off(
            "pay",
            "target variable",
            f"The components pay {s.money(paid)} of {s.money(s.variable)}.",
            {"pay.variable": round(paid, 2), "pay.variable_share": None},
            f"lower target variable to the {s.money(paid)} that the components pay",
        )


def _paying_all(curve: PayoutCurve) -> float | None:
    """Return the result at which a curve pays exactly 100%."""
    x = curve.reach(1.0)
    return x if x is not None and math.isfinite(x) and abs(curve(x) - 1.0) <= 1e-9 else None


def _all_of(plan: Plan, off: list[_Off]) -> Fix | None:
    """Combine all fixes into one, if each reason has one."""
    changes: dict[str, Any] = {}
    for cause in off:
        if cause.changes is None:
            return None
        changes |= cause.changes
    if not changes:
        return None
    title = listed([cause.fix for cause in off])
    return fixes.edit(title[0].upper() + title[1:], plan, changes)
