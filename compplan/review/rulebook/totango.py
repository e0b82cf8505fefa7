"""TOT: what Totango's survey says of the factors that shape pay."""

from __future__ import annotations

from compplan import formats
from compplan.review import fixes
from compplan.review.findings import Issue, RuleResults
from compplan.review.profiles import dissent
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import COMPANY, EXPANSION, LEADERS, PIPELINE, RETENTION, Subject, listed

_TOTANGO = "totango-2021"


@rule(
    "TOT-01", "Pay is not salary alone", "warning", profile="survey",
    source=_TOTANGO, evidence="S", reads=("pay.variable",),
    dissent="Russ Drury (2020) likes salary alone, in theory; TSIA (2022) accepts it at an early stage.",
)  # fmt: skip
def not_salary_alone(s: Subject, limit: Thresholds) -> RuleResults:
    """Salary alone neither rewards who does more nor tells who does less."""
    if s.variable <= 0:
        yield Issue("pay", "There is no variable pay: more is not rewarded, and less is not felt.")


@rule(
    "TOT-02", "Some pay follows the team or the company", "info",
    source=_TOTANGO, evidence="S", reads=("role", "components.measure", "components.level"),
    dissent="WorldatWork (Breaking the Rules of Sales Compensation) would have no corporate measures in a "
    "person's plan.",
)  # fmt: skip
def shared(s: Subject, limit: Thresholds) -> RuleResults:
    """Of everything that shapes their bonus, people named the team's and the company's result first."""
    if s.plan.role in LEADERS:  # their own result is their team's
        return
    if s.paid and s.variable > 0 and s.weight(COMPANY) <= 0 and all(p.individual for p in s.paid):
        yield Issue("components", "Nothing is paid on the team's or the company's result.")


@rule(
    "TOT-03", "Revenue growth stays below 40%", "warning",
    source=_TOTANGO, evidence="S", reads=("role", "components.weight"),
    dissent="KnowUp (2024) goes up to 40%; ResumeGeni (2026) has NRR as the usual quota.",
)  # fmt: skip
def not_too_much_revenue(s: Subject, limit: Thresholds) -> RuleResults:
    """Too much weight on revenue turns the team to selling, which puts customers off."""
    parts = s.of(EXPANSION, PIPELINE)
    share = s.weight(EXPANSION, PIPELINE)
    if share <= limit["share"] or s.plan.role == "account_manager":
        return
    shares = fixes.into_range(s.plan, tuple(p.id for p in parts), 0.0, limit["share"])
    title = f"Lower {listed([p.name for p in parts])} to {formats.percent(limit['share'])}"
    yield Issue(
        f"{parts[0].place}.weight",
        f"{listed([p.name for p in parts])} {'carries' if len(parts) == 1 else 'carry'} {formats.percent(share)} of "
        f"target variable; above {formats.percent(limit['share'])} customers take the CSM for a seller.",
        {"share": share},
        fix=fixes.weights(title, s.plan, shares) if shares else None,
    )


@rule(
    "TOT-04", "Renewals are paid", "warning",
    source=_TOTANGO, evidence="S", reads=("role", "components.measure"),
)  # fmt: skip
def renewals(s: Subject, limit: Thresholds) -> RuleResults:
    """Renewals are one of the four factors: pay on them gives a reason to deal with trouble before it is too late."""
    if s.leads_customers and s.variable > 0 and s.weight(RETENTION) <= 0:
        yield Issue("components", "Nothing is paid on renewals or retention.")


@rule(
    "TOT-05", "NPS is not one person's", "warning",
    source=_TOTANGO, evidence="S", reads=("components.measure", "components.level"),
    dissent=f"{dissent('nps', 'pay')} {dissent('nps', 'avoid')}",
)  # fmt: skip
def nps_is_shared(s: Subject, limit: Thresholds) -> RuleResults:
    """The survey has NPS among its four factors; others hold that it is about the product and the company."""
    for part in s.on("nps"):
        if part.individual:
            yield Issue(
                f"{part.place}.level",
                f"{part.name} earns {formats.percent(part.share)} of target variable and counts as one "
                "person's own; of the guides one pays on it, and one never would.",
                {"share": part.share},
                fix=fixes.counted(s, "team", [part]),
            )
