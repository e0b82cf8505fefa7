"""KNW: KnowUp's guide to weights and anti-patterns."""

from __future__ import annotations

from compplan import formats
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults, Severity
from compplan.review.profiles import dissent
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import (
    EXPANSION,
    GROSS,
    LEADERS,
    RETENTION,
    SATISFACTION,
    ReviewComponent,
    Subject,
    names_of,
)

_KNOWUP = "knowup"


def _gross(s: Subject) -> tuple[ReviewComponent, ...]:
    return tuple(p for p in s.of(RETENTION) if p.measure.key in GROSS | {"renewal_rate"})


def _out_of_range(
    s: Subject, parts: tuple[ReviewComponent, ...], what: str, limit: Thresholds, left: float = 1.0
) -> RuleResults:
    """Report a share outside its range, after the part that satisfaction puts at stake."""
    share = round(sum(p.share for p in parts) * left, 9)
    low, high = limit["low"], limit["high"]
    if low <= share <= high:
        return
    names = names_of(parts)
    if not parts:
        text = f"Nothing is paid on {what[0].lower()}{what[1:]}"
    elif left == 1.0:
        text = f"{what} is {formats.percent(share)} of target variable ({names})"
    else:
        text = (
            f"{what} is {formats.percent(share / left)} of target variable ({names}), or {formats.percent(share, 1)} "
            f"after the {formats.percent(1.0 - left)} that satisfaction puts at stake"
        )
    to = (low if share < low else high) / left
    # Components without a range of their own give way first, so that fixing one range does not break another.
    beside = [p.id for p in s.paid if p.family not in {RETENTION, EXPANSION, SATISFACTION}]
    yield Issue(
        f"{parts[0].place}.weight" if parts else "components",
        f"{text}; the guide suggests {formats.percent(low)} to {formats.percent(high)}.",
        {"share": share, "low": low, "high": high},
        # Weights add up to 100%, so each one is scaled by what satisfaction leaves.
        fix=fixes.into_range(
            f"Set {names} to {formats.percent(to, 1)}", s.plan, parts, low / left, min(1.0, high / left), beside
        ),
    )


def left_by_satisfaction(s: Subject, limit: Thresholds) -> float:
    """Return the share of the other weights that satisfaction leaves: all of it if it has a weight [fraction].

    A gate or modifier has no weight, and the other weights add up to 100%. Then the pay at stake counts as its share,
    within the guide's range.
    """
    if s.of(SATISFACTION) or not _conditions(s):
        return 1.0
    return 1.0 - min(max(at_stake(s), limit["satisfaction_low"]), limit["satisfaction_high"])


@rule(
    "KNW-01", "Give gross retention 40% to 50% of target variable", "warning", profile="commercial",
    source=_KNOWUP, evidence="S", reads=("role", "components.weight"),
    dissent="TSIA (2022) and Totango (2021) pay on it without naming a share; Russ Drury (2020) pays it as a team "
    "result if someone else owns the renewal; ResumeGeni (2026) names NRR as the usual quota.",
)  # fmt: skip
def gross_retention(s: Subject, limit: Thresholds) -> RuleResults:
    """Retaining existing revenue is the core commercial goal of Customer Success."""
    left = left_by_satisfaction(s, limit)
    if s.is_csm:
        yield from _out_of_range(s, _gross(s), "Gross retention", limit, left)


@rule(
    "KNW-02", "Give expansion 30% to 40% of target variable", "warning", profile="commercial",
    source=_KNOWUP, evidence="S", reads=("role", "components.weight"),
    dissent=dissent("expansion_arr", "avoid", "conditional"),
)  # fmt: skip
def expansion(s: Subject, limit: Thresholds) -> RuleResults:
    """With pay on retention alone, no one has a reason to look for growth that helps the customer."""
    left = left_by_satisfaction(s, limit)
    if s.is_csm:
        yield from _out_of_range(s, s.of(EXPANSION), "Expansion", limit, left)


@rule(
    "KNW-03", "Give satisfaction 15% to 25% of target variable, as a weight or a gate", "warning",
    profile="commercial", source=_KNOWUP, evidence="S", reads=("role", "components.weight", "gates"),
    dissent=dissent("csat", "avoid"),
)  # fmt: skip
def satisfaction(s: Subject, limit: Thresholds) -> RuleResults:
    """Satisfaction sets a minimum quality for all other pay."""
    if not s.is_csm:
        return
    if s.of(SATISFACTION) or not _conditions(s):
        yield from _out_of_range(s, s.of(SATISFACTION), "Satisfaction", limit)
        return
    share, low, high = at_stake(s), limit["low"], limit["high"]
    if not low <= share <= high:
        text = f"puts {formats.percent(share)} of target variable at stake" if share else "puts no pay at stake"
        yield Issue(
            _conditions(s)[0],
            f"Satisfaction {text}; the guide suggests {formats.percent(low)} to {formats.percent(high)}.",
            {"share": share, "low": low, "high": high},
        )


def _conditions(s: Subject) -> list[str]:
    """List the places of gates and modifiers on satisfaction."""
    return [
        f"{kind}[{i}]"
        for kind in ("gates", "modifiers")
        for i, part in enumerate(getattr(s.plan, kind))
        if s.plan.measure(part.measure).family == SATISFACTION
    ]


def at_stake(s: Subject) -> float:
    """Return the share of pay at target that gates and modifiers on satisfaction put at stake [fraction]."""
    most = 0.0
    for gate in s.compiled.gates:
        if s.plan.measure(gate.part.measure).family != SATISFACTION:
            continue
        covered = [p for p in s.paid if gate.part.covers is None or p.id in gate.part.covers]
        rest = gate.part.otherwise.factor if gate.part.otherwise.factor is not None else gate.part.otherwise.limit
        most = max(most, max(0.0, 1.0 - (rest or 0.0)) * sum(p.share for p in covered))
    for modifier in s.compiled.modifiers:
        if modifier.measure.family == SATISFACTION:
            covered = [p for p in s.paid if modifier.part.covers is None or p.id in modifier.part.covers]
            most = max(most, max(0.0, 1.0 - modifier.curve.below) * sum(p.share for p in covered))
    return round(most, 9)


@rule(
    "KNW-04", "Split weights within all three ranges", "info", profile="commercial",
    source=_KNOWUP, evidence="S", reads=("role", "components.weight"),
)  # fmt: skip
def projection(s: Subject, limit: Thresholds) -> RuleResults:
    """The guide's ranges add up to 85% to 115%, so not every choice within them adds up to 100%."""
    groups = (_gross(s), s.of(EXPANSION), s.of(SATISFACTION))
    if not s.is_csm or not all(groups) or abs(sum(p.share for g in groups for p in g) - 1.0) > 1e-9:
        return
    now = [round(sum(p.share for p in g), 9) for g in groups]
    box = [(limit[f"{n}_low"], limit[f"{n}_high"]) for n in ("retention", "expansion", "satisfaction")]
    if all(low <= share <= high for share, (low, high) in zip(now, box, strict=True)):
        return
    near = nearest_split(now, box)
    shares = {p.id: p.share * to / share for g, share, to in zip(groups, now, near, strict=True) for p in g}
    split = " / ".join(formats.percent(share, 1) for share in near)
    yield Issue(
        "components",
        f"Retention, expansion and satisfaction are {' / '.join(formats.percent(share, 1) for share in now)}. The "
        f"nearest split within all three ranges of the guide is {split}.",
        {"retention": near[0], "expansion": near[1], "satisfaction": near[2]},
        fix=fixes.weights(f"Set the three to {split}", s.plan, {k: round(v, 6) for k, v in shares.items()}),
    )


def nearest_split(shares: list[float], box: list[tuple[float, float]]) -> list[float]:
    """Return the split nearest to some shares that adds up to 1, with each part within its range.

    Parameters
    ----------
    shares : list of float, length n [fraction]
    box : list of (float, float), length n [fraction]
        Ranges whose low ends sum to at most 1 and whose high ends to at least 1.

    Returns
    -------
    list of float, length n

    Notes
    -----
    Least squares: ``clip(share + t, low, high)`` for the one shift t with which they sum to 1, found by halving.

    Examples
    --------
    >>> nearest_split([0.5, 0.4, 0.25], [(0.4, 0.5), (0.3, 0.4), (0.15, 0.25)])
    [0.45, 0.35, 0.2]
    """

    def at(shift: float) -> list[float]:
        return [min(max(share + shift, low), high) for share, (low, high) in zip(shares, box, strict=True)]

    low, high = -2.0, 2.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(at(middle)) < 1.0 else (low, middle)
    return [round(share, 9) for share in at(high)]


@rule(
    "KNW-05", "Don't pay on renewals alone", "error",
    source=_KNOWUP, evidence="S", reads=("role", "components.weight", "context.expansion_owner"),
    dissent="Russ Drury (2020) leaves expansion to Sales; so does TSIA (2022) unless expansion is a charter.",
)  # fmt: skip
def renewals_alone(s: Subject, limit: Thresholds) -> RuleResults:
    """With pay on renewals alone, people make renewing easy and have no reason to look for growth."""
    share = round(sum(p.share for p in s.of(RETENTION) if p.measure.key != "nrr"), 9)
    grows = s.of(EXPANSION) or s.on("nrr")
    if share < limit["share"] or grows or not (s.is_csm or s.plan.role in LEADERS):
        return
    owner = s.context.expansion_owner
    if owner is None:
        yield Question("expansion_owner")
        return
    severity: Severity = "error" if owner == "csm" else "info"
    yield Issue(
        "components",
        f"{formats.percent(share)} of target variable is on renewals, and nothing is on expansion"
        + (", which the CSM owns." if owner == "csm" else "."),
        {"share": share},
        severity,
    )


@rule(
    "KNW-06", "Keep expansion at half of target variable or less", "warning",
    source=_KNOWUP, evidence="S", reads=("components.weight", "role"),
)  # fmt: skip
def expansion_alone(s: Subject, limit: Thresholds) -> RuleResults:
    """Pay mostly on expansion turns a CSM into a seller, and customers stop trusting the advice."""
    share = s.weight(EXPANSION)
    if share <= limit["share"] or not s.is_csm:
        return
    parts = s.of(EXPANSION)
    alone = share >= limit["alone"]
    yield Issue(
        f"{parts[0].place}.weight",
        f"Expansion is {formats.percent(share)} of target variable"
        + (", which makes the CSM a seller." if alone else ", more than everything else together."),
        {"share": share},
        "error" if alone else "warning",
        fixes.into_range(f"Lower expansion to {formats.percent(limit['share'])}", s.plan, parts, 0.0, limit["share"]),
    )


@rule(
    "KNW-07", "Don't make satisfaction the largest component", "error",
    source=_KNOWUP, evidence="S", reads=("role", "components.weight"),
)  # fmt: skip
def satisfaction_first(s: Subject, limit: Thresholds) -> RuleResults:
    """As the main driver, it rewards pleasing customers over being honest about limits and risks."""
    parts = s.of(SATISFACTION)
    if not parts:
        return
    largest = max(s.paid, key=lambda p: p.share)
    top = max(parts, key=lambda p: p.share)
    others = [p for p in s.paid if p.family != SATISFACTION]
    if top.share < largest.share or any(p.share >= top.share for p in others):
        return
    yield Issue(
        f"{top.place}.weight",
        f"{top.name} is the largest component, {formats.percent(top.share)} of target variable.",
        {"share": top.share},
        "error" if s.is_csm or s.plan.role in LEADERS else "warning",
        fixes.into_range(f"Lower satisfaction to {formats.percent(limit['high'])}", s.plan, parts, 0.0, limit["high"])
        if others
        else None,
    )


@rule(
    "KNW-08", "Use satisfaction as a weight or a gate, not both", "error",
    source=_KNOWUP, evidence="S", reads=("components.measure", "gates", "modifiers"),
    dissent=dissent("csat", "avoid"),
)  # fmt: skip
def one_reading(s: Subject, limit: Thresholds) -> RuleResults:
    """The guide can mean a weight, a gate or a modifier. They pay differently, so choose one."""
    if not s.is_csm:
        return
    weighted, gates = s.of(SATISFACTION), _conditions(s)
    if weighted and gates:
        share = sum(p.share for p in weighted)
        yield Issue(
            gates[0],
            f"{weighted[0].name} has a weight of {formats.percent(share)} and also affects other pay, so one result "
            "counts twice.",
            {"share": share},
            fix=fixes.edit("Remove the condition and keep the weight", s.plan, {gates[0]: None}),
        )
    elif not weighted and not gates:
        text = "Satisfaction is neither a weight nor a gate; the guide uses it as one of them."
        yield Issue("components", text, severity="info")  # KNW-03 reports the missing share
