"""DRU: Russ Drury's guide to what to pay on, and when."""

from __future__ import annotations

from compplan import formats
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults, Severity
from compplan.review.profiles import dissent
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import (
    ACTIVITY,
    ADOPTION,
    ADVOCACY,
    EXPANSION,
    OBJECTIVE,
    ONBOARDING,
    OUTCOME,
    PIPELINE,
    SATISFACTION,
    ReviewComponent,
    Subject,
    names_of,
)

_DRURY = "drury-2020"
_SELLS = "account_manager"  # the guide leaves expansion and pipeline to Sales, which is this role


def _paid(s: Subject, part: ReviewComponent, why: str) -> Issue:
    """Report a component that is better not paid; the fix removes every component of its family."""
    alike = s.of(part.family)
    names = names_of(alike)
    return Issue(
        f"{part.place}.measure",
        f"{part.name} is {formats.percent(part.share)} of target variable, {s.money(part.pay)} a year. {why}",
        {"share": part.share},
        fix=fixes.without(
            f"Remove {names} and share {'its' if len(alike) == 1 else 'their'} weight among the others",
            s.plan,
            *(p.id for p in alike),
        ),
    )


@rule(
    "DRU-01", "Don't pay on activity, except once to start something new", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure", "context.measures.quarters_running"),
)  # fmt: skip
def activity(s: Subject, limit: Thresholds) -> RuleResults:
    """Paying on activity can start a new practice. Repeated, it rewards volume over quality."""
    for part in s.of(ACTIVITY):
        running = part.data.quarters_running
        issue = _paid(
            s, part, "Activity is only an early sign of results, and paying on it rewards quantity over quality."
        )
        if running is None:
            yield Question(part.question("quarters_running"))
        elif running > limit["quarters"]:
            numbers = {"share": part.share, "quarters": running}
            text = f"{part.name} has been paid for {running} quarters in a row. Pay on activity once at most."
            issue = Issue(issue.place, text, numbers, "error", issue.fix)
        yield issue


@rule(
    "DRU-02", "Track satisfaction scores instead of paying on them", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure", "components.level"),
    dissent=f"{dissent('csat', 'pay')} {dissent('nps', 'pay')}",
)  # fmt: skip
def satisfaction(s: Subject, limit: Thresholds) -> RuleResults:
    """Scores keep the focus on customers, but they need large, regular samples, and unhappy customers answer more."""
    for part in s.of(SATISFACTION):
        if part.measure.key == "nps" and part.individual:
            issue = _paid(s, part, "NPS reflects the product and the company more than any one person.")
            yield Issue(issue.place, issue.message, issue.numbers, "error", issue.fix)
        else:
            yield _paid(s, part, "Scores need large, regular samples, and unhappy customers answer more often.")


@rule(
    "DRU-03", "Reward pipeline with a capped SPIF at most", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("role", "components.measure", "kickers"),
)  # fmt: skip
def pipeline(s: Subject, limit: Thresholds) -> RuleResults:
    """CSMs see opportunities that sellers miss, but others are paid for pipeline, and turf wars follow."""
    if s.plan.role == _SELLS:
        return
    for part in s.of(PIPELINE):
        yield _paid(s, part, "Others are already paid for pipeline; a capped SPIF is enough.")
    for i, kicker in enumerate(s.plan.kickers):
        if s.plan.measure(kicker.measure).family == PIPELINE and kicker.max_units is None:
            yield Issue(
                f"kickers[{i}].max_units",
                f"{kicker.name} pays {s.money(kicker.per_unit)} per unit without a cap. A SPIF for pipeline needs one.",
                {"per_unit": kicker.per_unit},
                fix=fixes.edit("Remove the SPIF", s.plan, {f"kickers[{i}]": None}),
            )


@rule(
    "DRU-04", "Pay on revenue alongside logos", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure", "components.weight"),
)  # fmt: skip
def logos(s: Subject, limit: Thresholds) -> RuleResults:
    """A retained logo can grow again, but a customer who cuts spend by 95% still counts as retained."""
    parts = s.on("logo_retention", "renewal_rate")
    if parts and not s.on("grr", "grr_opening", "nrr"):
        part = parts[0]
        yield Issue(
            f"{part.place}.measure",
            f"{part.name} is {formats.percent(part.share)} of target variable, and nothing is paid on retained "
            "revenue. A customer who cuts spend by 95% still counts in full.",
            {"share": part.share},
            fix=fixes.edit("Pay on gross retention instead", s.plan, {f"{part.place}.measure": "grr"}),
        )


@rule(
    "DRU-05", "Don't pay CSMs on time to value", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("role", "components.measure"),
)  # fmt: skip
def onboarding(s: Subject, limit: Thresholds) -> RuleResults:
    """Earlier value leaves more time to grow, but it pulls people into work that should be automated."""
    if s.is_csm:
        for part in s.of(ONBOARDING):
            yield _paid(s, part, "It ignores users who join later; license utilization is steadier.")


@rule(
    "DRU-06", "Reward advocacy with SPIFs at most", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure",),
)  # fmt: skip
def advocacy(s: Subject, limit: Thresholds) -> RuleResults:
    """Advocates multiply everyone's work, but paid advocacy feels inauthentic and is hard to count each quarter."""
    for part in s.of(ADVOCACY):
        yield _paid(s, part, "Advocacy is hard to count each quarter, and paid advocacy feels inauthentic.")


@rule(
    "DRU-07", "Make MBOs testable and keep them to one or two quarters", "warning", profile="adoption_first",
    source=_DRURY, evidence="S",
    reads=("components.measure", "context.measures.testable", "context.measures.quarters_running"),
)  # fmt: skip
def objectives(s: Subject, limit: Thresholds) -> RuleResults:
    """MBOs reflect current priorities. Over time they turn vague and distract from the core of the role."""
    for part in s.of(OBJECTIVE):
        if part.data.testable is None:
            yield Question(part.question("testable"))
        elif not part.data.testable:
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} is {formats.percent(part.share)} of target variable, but there is no written test for "
                "when it is met.",
                {"share": part.share},
                "error",
                fixes.without(f"Remove {part.name} until it has a test", s.plan, part.id),
            )
        running = part.data.quarters_running
        if running is None:
            yield Question(part.question("quarters_running"))
        elif running > limit["quarters"]:
            yield Issue(
                part.place,
                f"{part.name} has been paid for {running} quarters in a row; the limit is {limit['quarters']:.0f}.",
                {"quarters": running},
                fix=fixes.without(f"Remove {part.name}", s.plan, part.id),
            )


@rule(
    "DRU-08", "Pay on adoption once its data is well understood", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure", "context.maturity", "context.measures.history"),
)  # fmt: skip
def adoption(s: Subject, limit: Thresholds) -> RuleResults:
    """Usage is a strong health signal, but without history it is hard to set the right level."""
    parts = s.on("adoption", "health_score")
    if parts and s.context.maturity is None:
        yield Question("maturity")
    for part in parts:
        history = part.data.history
        if history is None:
            yield Question(part.question("history"))
        young = s.context.maturity not in (None, "mature")
        if young or (history is not None and history < limit["periods"]):
            why = f"the organization is {s.context.maturity}" if young else f"it has only {history} periods of history"
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} is {formats.percent(part.share)} of target variable, but {why}. "
                "It is too early to know what a good level is and whether one person can change it.",
                {"share": part.share},
            )


@rule(
    "DRU-09", "Pay on license utilization in part, on active seats, with adoption", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure", "components.weight", "context.measures.seats"),
)  # fmt: skip
def licenses(s: Subject, limit: Thresholds) -> RuleResults:
    """Empty seats are a clear early sign of churn, but an assigned seat may not be used, and assigning is easy."""
    for part in s.on("licence_utilisation"):
        if part.data.seats is None:
            yield Question(part.question("seats"))
        elif part.data.seats == "assigned":
            yield Issue(
                f"context.{part.question('seats')}",
                f"{part.name} counts assigned seats, and assigned seats may not be used.",
                {"share": part.share},
            )
        if part.share > limit["share"]:
            shares = {part.id: limit["share"]}
            yield Issue(
                f"{part.place}.weight",
                f"{part.name} is {formats.percent(part.share)} of target variable; the guide suggests "
                f"{formats.percent(limit['share'])} at most.",
                {"share": part.share},
                fix=fixes.weights(f"Lower {part.name} to {formats.percent(limit['share'])}", s.plan, shares),
            )
        if not any(p.family == ADOPTION and p.id != part.id for p in s.paid):
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} is paid without a usage measure. Seats show who could use the product, not who does.",
                {"share": part.share},
            )


@rule(
    "DRU-10", "Pay on net or gross retention", "info", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure",),
)  # fmt: skip
def renewal(s: Subject, limit: Thresholds) -> RuleResults:
    """Everyone up to the CEO cares about retention. The ownership rules cover who is measured."""
    if s.variable > 0 and s.leads_customers and not s.on("grr", "grr_opening", "nrr", "renewal_rate"):
        yield Issue("components", "Nothing is paid on net or gross retention, the number the whole company follows.")


@rule(
    "DRU-11", "Leave expansion to Sales", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("role", "components.measure", "context.expansion_owner"),
    dissent=dissent("expansion_arr", "pay", "conditional"),
)  # fmt: skip
def growth(s: Subject, limit: Thresholds) -> RuleResults:
    """The return is obvious, but expansion crowds out everything else and pulls CSMs out of their role."""
    owner = s.context.expansion_owner
    parts = () if s.plan.role == _SELLS else s.of(EXPANSION)
    if parts and owner is None:
        yield Question("expansion_owner")
    for part in parts:
        issue = _paid(s, part, "Expansion crowds out the core work of the role.")
        if owner in ("ae", "am"):
            names = {"ae": "an account executive", "am": "an account manager"}
            issue = _paid(s, part, f"Expansion belongs to {names[owner]}, so two people are working on one deal.")
            issue = Issue(issue.place, issue.message, issue.numbers, "error", issue.fix)
        yield issue


@rule(
    "DRU-12", "Pay on customer outcomes where both sides are mature", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure", "context.maturity", "context.measures.signed"),
)  # fmt: skip
def outcomes(s: Subject, limit: Thresholds) -> RuleResults:
    """Nothing aligns better with customers, and nothing is harder to define, attribute and measure."""
    parts = s.of(OUTCOME)
    if parts and s.context.maturity is None:
        yield Question("maturity")
    for part in parts:
        if part.data.signed is None:
            yield Question(part.question("signed"))
        young = s.context.maturity not in (None, "mature")
        if young or part.data.signed is False:
            why = (
                f"the organization is {s.context.maturity}" if young else "customers have not signed off on the outcome"
            )
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} is {formats.percent(part.share)} of target variable, but {why}.",
                {"share": part.share},
            )


@rule(
    "DRU-13", "Set variable pay at 20% to 30% of OTE", "info", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("role", "pay"),
    dissent="ResumeGeni (2026) suggests 15% to 20%; Totango (2021) says salary alone neither rewards nor penalizes.",
)  # fmt: skip
def pay_mix(s: Subject, limit: Thresholds) -> RuleResults:
    """The usual pay mixes are 70/30 to 80/20. Salary alone is fine in theory, so it is not reported here."""
    if s.is_csm:
        yield from guide_pay_mix(s, limit["low"], limit["high"])


def guide_pay_mix(s: Subject, low: float, high: float, severity: Severity | None = None) -> RuleResults:
    """Report a pay mix outside the range that a guide suggests [fraction of OTE]."""
    share = round(s.plan.pay.mix, 9)
    if s.variable <= 0 or low <= share <= high:
        return
    to = low if share < low else high
    yield Issue(
        "pay",
        f"Variable pay is {formats.percent(share)} of OTE; the guide suggests {formats.percent(low)} to "
        f"{formats.percent(high)}.",
        {"share": share},
        severity,
        fixes.mix(f"Set variable to {formats.percent(to)} of OTE and keep OTE the same", s.plan, to),
    )
