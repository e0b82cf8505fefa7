"""RSG: ResumeGeni's guide to benchmarks, quotas and pay mix."""

from __future__ import annotations

from compplan import formats
from compplan.plan.parts import PERIODS
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults
from compplan.review.registry import Thresholds, rule
from compplan.review.rulebook.drury import guide_pay_mix
from compplan.review.subject import EXPANSION, GROSS, RETENTION, Subject, names_of

_GUIDE = "resumegeni-2026"
_CALL_CENTRE = frozenset({"bls-oews-2024-05", "43-4051", "SOC 43-4051"})


@rule(
    "RSG-01", "Don't benchmark pay against customer service representatives", "error",
    source=_GUIDE, evidence="S", reads=("context.benchmark.source",),
)  # fmt: skip
def right_occupation(s: Subject, limit: Thresholds) -> RuleResults:
    """SOC 43-4051 covers call centers, retail and front-line work, at a third of the pay the guide quotes."""
    source = s.context.benchmark.source
    if source is None:
        yield Question("benchmark.source")
    elif source in _CALL_CENTRE or "43-4051" in source:
        yield Issue(
            "context.benchmark.source",
            "Pay was benchmarked against SOC 43-4051, customer service representatives, which is not a Customer "
            "Success role.",
        )


@rule(
    "RSG-02", "Compare OTE with OTE, not total compensation", "warning",
    source=_GUIDE, evidence="S", reads=("pay", "context.benchmark.basis"),
)  # fmt: skip
def like_with_like(s: Subject, limit: Thresholds) -> RuleResults:
    """Total compensation includes equity and OTE does not. levels.fyi reports total compensation."""
    basis = s.context.benchmark.basis
    if basis is None:
        yield Question("benchmark.basis")
    elif basis in {"total_compensation", "loaded_cost"}:
        words = {
            "total_compensation": "total compensation, which includes equity",
            "loaded_cost": "fully loaded cost, which includes benefits and overhead",
        }
        yield Issue(
            "context.benchmark.basis",
            f"OTE of {s.money(s.plan.pay.ote)} was compared with {words[basis]}.",
            {"ote": s.plan.pay.ote},
        )


@rule(
    "RSG-03", "Set variable pay at 15% to 20% of OTE", "info",
    source=_GUIDE, evidence="S", reads=("role", "pay"),
    dissent="Russ Drury (2020) suggests 20% to 30%; KnowUp's bands come to about 19% to 22%.",
)  # fmt: skip
def pay_mix(s: Subject, limit: Thresholds) -> RuleResults:
    """80/20 and 85/15 are the usual pay mixes of CSMs in enterprise software."""
    if s.is_csm:
        far = not limit["far_low"] <= round(s.plan.pay.mix, 9) <= limit["far_high"]
        yield from guide_pay_mix(s, limit["low"], limit["high"], "warning" if far else "info")


@rule(
    "RSG-04", "Pay quota carriers on retention or expansion", "warning", profile="quota_bearing",
    source=_GUIDE, evidence="S", reads=("role", "components.measure"),
)  # fmt: skip
def quota(s: Subject, limit: Thresholds) -> RuleResults:
    """The usual quota is NRR, along with gross retention or expansion."""
    if s.is_csm and s.variable > 0 and not s.on("nrr", *GROSS) and not s.of(EXPANSION):
        yield Issue("components", "Nothing is paid on gross retention, net retention or expansion.")


@rule(
    "RSG-05", "State the cap if pay can exceed 100%", "warning",
    source=_GUIDE, evidence="S", reads=("components.curve", "caps.total", "context.terms.cap"),
)  # fmt: skip
def cap_is_stated(s: Subject, limit: Thresholds) -> RuleResults:
    """People negotiate over accelerators and caps, so the plan document should state both."""
    above = [p for p in s.paid if p.curve.highest > 1.0 + 1e-9]
    if not above:
        return
    if s.context.terms.cap is None:
        yield Question("terms.cap")
    elif not s.context.terms.cap:
        part = above[0]
        most = part.curve.highest
        extent = "without a cap" if most == float("inf") else f"up to {formats.percent(most)}"
        yield Issue(
            f"{part.place}.curve",
            f"{part.name} pays {extent}, but the plan document does not state the cap.",
            {} if most == float("inf") else {"most": most},
        )


@rule(
    "RSG-07", "Don't pay CS operations on individual renewals or expansion", "error",
    source=_GUIDE, evidence="S", reads=("role", "components.measure", "components.level"),
)  # fmt: skip
def operations(s: Subject, limit: Thresholds) -> RuleResults:
    """A role without customers can't change individual renewals or expansion."""
    if s.plan.role != "cs_ops":
        return
    parts = [p for p in s.of(RETENTION, EXPANSION) if p.individual]
    if parts:
        yield Issue(
            f"{parts[0].place}.level",
            f"{parts[0].name} is measured individually in a role without customers.",
            {"share": sum(p.share for p in parts)},
            fix=fixes.counted(s, "team", parts)
            or fixes.without(f"Remove {names_of(parts)}", s.plan, *(p.id for p in parts)),
        )


@rule(
    "RSG-08", "Keep expansion small for engineers", "warning",
    source=_GUIDE, evidence="S", reads=("role", "components.weight"),
)  # fmt: skip
def engineers(s: Subject, limit: Thresholds) -> RuleResults:
    """The engineer owns the technical side, and the CSM owns the commercial side."""
    share = s.weight(EXPANSION)
    if s.plan.role != "cse" or share <= limit["share"]:
        return
    parts = s.of(EXPANSION)
    yield Issue(
        f"{parts[0].place}.weight",
        f"Expansion is {formats.percent(share)} of target variable in a technical role.",
        {"share": share},
        fix=fixes.into_range(
            f"Lower expansion to {formats.percent(limit['share'])}", s.plan, parts, 0.0, limit["share"]
        ),
    )


@rule(
    "RSG-09", "Pay account managers on renewals and expansion", "warning",
    source=_GUIDE, evidence="S", reads=("role", "components.weight"),
)  # fmt: skip
def account_managers(s: Subject, limit: Thresholds) -> RuleResults:
    """An account manager's work is commercial."""
    share = s.weight(RETENTION, EXPANSION)
    if s.plan.role != "account_manager" or s.variable <= 0 or share >= limit["share"]:
        return
    parts = s.of(RETENTION, EXPANSION)
    yield Issue(
        f"{parts[0].place}.weight" if parts else "components",
        f"Renewals and expansion are {formats.percent(share)} of target variable; the guide suggests at least "
        f"{formats.percent(limit['share'])}.",
        {"share": share},
        fix=fixes.into_range(f"Raise them to {formats.percent(limit['share'])}", s.plan, parts, limit["share"], 1.0),
    )


@rule(
    "RSG-14", "Don't pay on renewals more often than a renewal takes", "info",
    source=_GUIDE, evidence="S", reads=("frequency", "accumulation", "components.measure", "context.cycle_months"),
)  # fmt: skip
def not_faster(s: Subject, limit: Thresholds) -> RuleResults:
    """A renewal takes 90 to 180 days, so monthly pay rewards work from two quarters ago."""
    parts = s.of(RETENTION)
    takes, quarter = s.motion_days(limit["days"], limit["year_days"]), limit["year_days"] / PERIODS["quarterly"]
    days = limit["year_days"] / s.plan.periods
    over_the_year = (
        s.plan.accumulation == "year_to_date" and days >= quarter
    )  # late results still count within the year
    if not parts or over_the_year or days >= takes - 1e-9:
        return
    slower = fixes.edit("Pay quarterly", s.plan, {"frequency": "quarterly"})
    over = {"frequency": "quarterly", "accumulation": "year_to_date"}
    yield Issue(
        "frequency",
        f"{parts[0].name} is paid {s.plan.frequency}, every {days:.0f} days, but a renewal takes {takes:.0f}"
        f"{' or more' if s.context.cycle_months is None else ''} days.",
        {"days": days, "takes": takes},
        fix=slower if takes <= quarter else fixes.edit("Measure year to date and pay quarterly", s.plan, over),
    )


@rule(
    "RSG-15", "Don't pay on forecast accuracy", "warning",
    source=_GUIDE, evidence="J", reads=("measures", "components.measure"),
)  # fmt: skip
def forecasts(s: Subject, limit: Thresholds) -> RuleResults:
    """Forecasters can hold back deals to make a forecast come true."""
    for part in s.paid:
        if "forecast" in f"{part.measure.key} {part.measure.name} {part.id}".lower():
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} is {formats.percent(part.share)} of target variable and pays for forecast accuracy.",
                {"share": part.share},
                fix=fixes.without(f"Remove {part.name}", s.plan, part.id),
            )
