"""TOT: Totango's survey of the factors that shape pay."""

from __future__ import annotations

from compplan import formats
from compplan.review import fixes
from compplan.review.findings import Issue, RuleResults
from compplan.review.profiles import dissent
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import COMPANY, EXPANSION, LEADERS, PIPELINE, RETENTION, Subject, names_of

_TOTANGO = "totango-2021"


@rule(
    "TOT-01", "Offer variable pay", "warning", profile="survey",
    source=_TOTANGO, evidence="S", reads=("pay.variable",),
    dissent="Russ Drury (2020) likes salary alone in theory; TSIA (2022) accepts it at an early stage.",
)  # fmt: skip
def not_salary_alone(s: Subject, limit: Thresholds) -> RuleResults:
    """Salary alone neither rewards strong results nor penalizes weak ones."""
    if s.variable <= 0:
        yield Issue("pay", "There is no variable pay, so pay does not depend on results.")


@rule(
    "TOT-02", "Tie some pay to team or company results", "info",
    source=_TOTANGO, evidence="S", reads=("role", "components.measure", "components.level"),
    dissent="WorldatWork (Breaking the Rules of Sales Compensation) advises against corporate measures in individual "
    "plans.",
)  # fmt: skip
def shared(s: Subject, limit: Thresholds) -> RuleResults:
    """Asked what shapes their bonus, people named team and company results first."""
    if s.plan.role in LEADERS:  # leaders are already measured on their team
        return
    if s.paid and s.variable > 0 and s.weight(COMPANY) <= 0 and all(p.individual for p in s.paid):
        yield Issue("components", "Nothing is paid on team or company results.")


@rule(
    "TOT-03", "Keep expansion and pipeline at 40% or less", "warning",
    source=_TOTANGO, evidence="S", reads=("role", "components.weight"),
    dissent="KnowUp (2024) goes up to 40%; ResumeGeni (2026) names NRR as the usual quota.",
)  # fmt: skip
def not_too_much_revenue(s: Subject, limit: Thresholds) -> RuleResults:
    """Too much weight on revenue turns the team into sellers, which puts customers off."""
    parts = s.of(EXPANSION, PIPELINE)
    share = s.weight(EXPANSION, PIPELINE)
    if share <= limit["share"] or s.plan.role == "account_manager":
        return
    title = f"Lower {names_of(parts)} to {formats.percent(limit['share'])}"
    yield Issue(
        f"{parts[0].place}.weight",
        f"{names_of(parts)} {'is' if len(parts) == 1 else 'are'} {formats.percent(share)} of "
        f"target variable. Above {formats.percent(limit['share'])}, customers see the CSM as a seller.",
        {"share": share},
        fix=fixes.into_range(title, s.plan, parts, 0.0, limit["share"]),
    )


@rule(
    "TOT-04", "Pay on renewals", "warning",
    source=_TOTANGO, evidence="S", reads=("role", "components.measure"),
)  # fmt: skip
def renewals(s: Subject, limit: Thresholds) -> RuleResults:
    """Renewals are one of the four factors. Paying on them motivates people to solve problems early."""
    if s.leads_customers and s.variable > 0 and s.weight(RETENTION) <= 0:
        yield Issue("components", "Nothing is paid on renewals or retention.")


@rule(
    "TOT-05", "Don't measure NPS individually", "warning",
    source=_TOTANGO, evidence="S", reads=("components.measure", "components.level"),
    dissent=f"{dissent('nps', 'pay')} {dissent('nps', 'avoid')}",
)  # fmt: skip
def nps_is_shared(s: Subject, limit: Thresholds) -> RuleResults:
    """NPS is one of the survey's four factors. Others say that it reflects the product and the company."""
    for part in s.on("nps"):
        if part.individual:
            yield Issue(
                f"{part.place}.level",
                f"{part.name} is {formats.percent(part.share)} of target variable and is measured "
                "individually. One guide recommends paying on it, and one advises against it.",
                {"share": part.share},
                fix=fixes.counted(s, "team", [part]),
            )
