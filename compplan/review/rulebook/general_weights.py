"""GEN: number, weight and complexity of components."""

from __future__ import annotations

from compplan import formats
from compplan.review import fixes
from compplan.review.findings import Issue, RuleResults, Severity
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import Subject


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
    """People don't work for what pays little."""
    for part in s.paid:
        steps: tuple[tuple[str, Severity], ...] = (("error", "error"), ("warning", "warning"), ("info", "info"))
        for name, severity in steps:
            if part.share < limit[name]:
                enough = limit["info"]
                yield Issue(
                    f"{part.place}.weight",
                    f"{part.name} is only {formats.percent(part.share)} of target variable, "
                    f"{s.money(part.pay)} a year.",
                    {"share": part.share},
                    severity,
                    fixes.from_room(f"Raise {part.name} to {formats.percent(enough)}", s.plan, part.id, enough),
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
            yield Issue(part.place, f"{part.name} pays only {s.money(each)} per payment at target.", {"amount": each})


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
