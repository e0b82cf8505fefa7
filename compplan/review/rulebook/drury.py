"""DRU: what Russ Drury says of each element, for and against."""

from __future__ import annotations

from compplan import formats
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults
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
    listed,
)

_DRURY = "drury-2020"
_SELLS = "account_manager"  # growth and pipeline are this role's work: he would leave them to Sales


def _paid(s: Subject, part: ReviewComponent, why: str) -> Issue:
    """A finding on an element that is better not paid; the fix takes out what the plan pays of its kind."""
    alike = s.of(part.family)
    names = listed([p.name for p in alike])
    return Issue(
        f"{part.place}.measure",
        f"{part.name} earns {formats.percent(part.share)} of target variable, {s.money(part.pay)} a year: {why}",
        {"share": part.share},
        fix=fixes.without(
            f"Take {names} out; the others share {'its' if len(alike) == 1 else 'their'} weight",
            s.plan,
            *(p.id for p in alike),
        ),
    )


@rule(
    "DRU-01", "Activity is not paid, or once to get something started", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure", "context.measures.quarters_running"),
)  # fmt: skip
def activity(s: Subject, limit: Thresholds) -> RuleResults:
    """Counting can start a new practice; repeated, volume beats quality and work turns transactional."""
    for part in s.of(ACTIVITY):
        running = part.data.quarters_running
        found = _paid(s, part, "it is an early sign of what matters, and counting invites quantity over quality.")
        if running is None:
            yield Question(part.question("quarters_running"))
        elif running > limit["quarters"]:
            numbers = {"share": part.share, "quarters": running}
            told = f"{part.name} is paid for {running} quarters running: it may start something, once."
            found = Issue(found.place, told, numbers, "error", found.fix)
        yield found


@rule(
    "DRU-02", "Satisfaction scores are tracked, not paid", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure", "components.level"),
    dissent=f"{dissent('csat', 'pay')} {dissent('nps', 'pay')}",
)  # fmt: skip
def satisfaction(s: Subject, limit: Thresholds) -> RuleResults:
    """A score sharpens the eye for the customer; it needs large regular samples, and the unhappy answer first."""
    for part in s.of(SATISFACTION):
        if part.measure.key == "nps" and part.individual:
            found = _paid(s, part, "it is about the product and the company more than about any one person.")
            yield Issue(found.place, found.message, found.numbers, "error", found.fix)
        else:
            yield _paid(s, part, "it needs large, regular samples, and unhappy customers answer more readily.")


@rule(
    "DRU-03", "Pipeline is rewarded with a capped one-off at most", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("role", "components.measure", "kickers"),
)  # fmt: skip
def pipeline(s: Subject, limit: Thresholds) -> RuleResults:
    """CSMs see openings that sellers do not; but others are paid for them, and turf wars follow."""
    if s.plan.role == _SELLS:
        return
    for part in s.of(PIPELINE):
        yield _paid(s, part, "others are paid for it already; a capped one-off bonus will do.")
    for i, kicker in enumerate(s.plan.kickers):
        if s.plan.measure(kicker.measure).family == PIPELINE and kicker.max_units is None:
            yield Issue(
                f"kickers[{i}].max_units",
                f"{kicker.name} pays {s.money(kicker.per_unit)} a unit without an end; a one-off bonus for pipeline "
                "has a cap.",
                {"per_unit": kicker.per_unit},
                fix=fixes.edit("Take the bonus away", s.plan, {f"kickers[{i}]": None}),
            )


@rule(
    "DRU-04", "Logos are paid beside what they are worth", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure", "components.weight"),
)  # fmt: skip
def logos(s: Subject, limit: Thresholds) -> RuleResults:
    """A name that stays opens doors and may grow again; but who stays for a twentieth of the money counts as kept."""
    parts = s.on("logo_retention", "renewal_rate")
    if parts and not s.on("grr", "grr_opening", "nrr"):
        part = parts[0]
        yield Issue(
            f"{part.place}.measure",
            f"{formats.percent(part.share)} of target variable is on {part.name}, and nothing on revenue kept: a "
            "customer who stays for a twentieth of the money counts in full.",
            {"share": part.share},
            fix=fixes.edit("Pay on gross retention instead", s.plan, {f"{part.place}.measure": "grr"}),
        )


@rule(
    "DRU-05", "A CSM is not paid on time to value", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("role", "components.measure"),
)  # fmt: skip
def onboarding(s: Subject, limit: Thresholds) -> RuleResults:
    """Value sooner leaves more time to grow; but it draws people into what should be automated."""
    if s.is_csm:
        for part in s.of(ONBOARDING):
            yield _paid(s, part, "it neglects users who join later; licence utilisation is the steadier choice.")


@rule(
    "DRU-06", "Advocacy is rewarded with one-offs at most", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure",),
)  # fmt: skip
def advocacy(s: Subject, limit: Thresholds) -> RuleResults:
    """An advocate multiplies the work of many; collected for money in a quarter it becomes hollow."""
    for part in s.of(ADVOCACY):
        yield _paid(s, part, "it is hard to count in a quarter, and collected for money it becomes hollow.")


@rule(
    "DRU-07", "An objective is testable, and set for a quarter or two", "warning", profile="adoption_first",
    source=_DRURY, evidence="S",
    reads=("components.measure", "context.measures.testable", "context.measures.quarters_running"),
)  # fmt: skip
def objectives(s: Subject, limit: Thresholds) -> RuleResults:
    """Objectives follow what matters now; kept on they turn vague, and distract from the core of the role."""
    for part in s.of(OBJECTIVE):
        if part.data.testable is None:
            yield Question(part.question("testable"))
        elif not part.data.testable:
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} earns {formats.percent(part.share)} of target variable, and it is not written down "
                "how to tell whether it is met.",
                {"share": part.share},
                "error",
                fixes.without(f"Take {part.name} out until it can be told", s.plan, part.id),
            )
        running = part.data.quarters_running
        if running is None:
            yield Question(part.question("quarters_running"))
        elif running > limit["quarters"]:
            yield Issue(
                part.place,
                f"{part.name} is paid for {running} quarters running; it is meant for {limit['quarters']:.0f} at most.",
                {"quarters": running},
                fix=fixes.without(f"Take {part.name} out", s.plan, part.id),
            )


@rule(
    "DRU-08", "Adoption is paid once its data is well understood", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure", "context.maturity", "context.measures.history"),
)  # fmt: skip
def adoption(s: Subject, limit: Thresholds) -> RuleResults:
    """Use is a strong sign of health; what moves it, and the level to pay at, are hard to know without history."""
    parts = s.on("adoption", "health_score")
    if parts and s.context.maturity is None:
        yield Question("maturity")
    for part in parts:
        history = part.data.history
        if history is None:
            yield Question(part.question("history"))
        young = s.context.maturity not in (None, "mature")
        if young or (history is not None and history < limit["periods"]):
            why = f"the organisation is {s.context.maturity}" if young else f"{history} periods of it are known"
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} earns {formats.percent(part.share)} of target variable, and {why}: "
                "whether a person moves it, and what a good level is, cannot be known yet.",
                {"share": part.share},
            )


@rule(
    "DRU-09", "Licence utilisation is a part, on active seats, beside adoption", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure", "components.weight", "context.measures.seats"),
)  # fmt: skip
def licences(s: Subject, limit: Thresholds) -> RuleResults:
    """Empty seats are a clear early sign of churn; but a seat that is assigned is not used, and assigning is easy."""
    for part in s.on("licence_utilisation"):
        if part.data.seats is None:
            yield Question(part.question("seats"))
        elif part.data.seats == "assigned":
            yield Issue(
                f"context.{part.question('seats')}",
                f"{part.name} counts assigned seats, which can be assigned to nobody who uses them.",
                {"share": part.share},
            )
        if part.share > limit["share"]:
            shares = {part.id: limit["share"]}
            yield Issue(
                f"{part.place}.weight",
                f"{part.name} earns {formats.percent(part.share)} of target variable; it is meant to be a part of it, "
                f"{formats.percent(limit['share'])} at most.",
                {"share": part.share},
                fix=fixes.weights(f"Lower {part.name} to {formats.percent(limit['share'])}", s.plan, shares),
            )
        if not any(p.family == ADOPTION and p.id != part.id for p in s.paid):
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} is paid without a measure of use beside it: seats say who could, not who does.",
                {"share": part.share},
            )


@rule(
    "DRU-10", "Net or gross renewal is paid", "info", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure",),
)  # fmt: skip
def renewal(s: Subject, limit: Thresholds) -> RuleResults:
    """Everybody up to the chief executive cares for this figure; whose result counts is for the rules on ownership."""
    if s.variable > 0 and s.leads_customers and not s.on("grr", "grr_opening", "nrr", "renewal_rate"):
        yield Issue("components", "Nothing is paid on net or gross renewal, the figure that the whole company goes by.")


@rule(
    "DRU-11", "Growth is left to Sales", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("role", "components.measure", "context.expansion_owner"),
    dissent=dissent("expansion_arr", "pay", "conditional"),
)  # fmt: skip
def growth(s: Subject, limit: Thresholds) -> RuleResults:
    """Its return is plain; but it crowds out everything else and pulls the CSM out of the role."""
    owner = s.context.expansion_owner
    parts = () if s.plan.role == _SELLS else s.of(EXPANSION)
    if parts and owner is None:
        yield Question("expansion_owner")
    for part in parts:
        found = _paid(s, part, "it crowds out what the role is there for.")
        if owner in ("ae", "am"):
            names = {"ae": "an account executive", "am": "an account manager"}
            found = _paid(s, part, f"{names[owner]} owns growth here, so two people work for one deal.")
            found = Issue(found.place, found.message, found.numbers, "error", found.fix)
        yield found


@rule(
    "DRU-12", "Customers' outcomes are paid where both sides are mature", "warning", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("components.measure", "context.maturity", "context.measures.signed"),
)  # fmt: skip
def outcomes(s: Subject, limit: Thresholds) -> RuleResults:
    """Nothing is better aligned with the customer, and nothing is harder to define, attribute and measure."""
    parts = s.of(OUTCOME)
    if parts and s.context.maturity is None:
        yield Question("maturity")
    for part in parts:
        if part.data.signed is None:
            yield Question(part.question("signed"))
        young = s.context.maturity not in (None, "mature")
        if young or part.data.signed is False:
            why = (
                f"the organisation is {s.context.maturity}"
                if young
                else "customers have not signed what the outcome is"
            )
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} earns {formats.percent(part.share)} of target variable, and {why}.",
                {"share": part.share},
            )


@rule(
    "DRU-13", "Variable is 20% to 30% of OTE", "info", profile="adoption_first",
    source=_DRURY, evidence="S", reads=("role", "pay"),
    dissent="ResumeGeni (2026) has 15% to 20%; Totango (2021) holds that salary alone neither rewards nor penalises.",
)  # fmt: skip
def pay_mix(s: Subject, limit: Thresholds) -> RuleResults:
    """The usual mixes are 70/30 to 80/20; no variable at all is liked, in theory, and is left alone."""
    share, low, high = round(s.plan.pay.mix, 9), limit["low"], limit["high"]
    if not s.is_csm or s.variable <= 0 or low <= share <= high:
        return
    to = low if share < low else high
    yield Issue(
        "pay",
        f"Variable is {formats.percent(share)} of OTE; the usual mixes are {formats.percent(low)} to "
        f"{formats.percent(high)}.",
        {"share": share},
        fix=fixes.mix(f"Set variable to {formats.percent(to)} of OTE, at the same OTE", s.plan, to),
    )
