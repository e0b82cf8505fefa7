"""LAW: legal requirements by place and date. Not legal advice."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from compplan import formats
from compplan.benchmarks import AreaError, posting_rules
from compplan.review import fixes
from compplan.review.commission import PayKind, pay_kind
from compplan.review.findings import Issue, Question, RuleResults
from compplan.review.legal import FEDERAL, Floor, as_of, floors_of, highest_floor, provision, provisions
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import ReviewComponent, Subject, listed


def _in_the_us(s: Subject) -> bool | None:
    """Whether people work in the US, by country, states or currency; None if unknown."""
    if s.context.country is not None:
        return s.context.country == FEDERAL
    return True if s.context.states or s.plan.currency == "USD" else None


def _where(s: Subject) -> Question:
    """Return the question to answer before looking up state law."""
    return Question("states" if _in_the_us(s) else "country")


@rule(
    "LAW-01", "Sign commission contracts in California", "error",
    source="ca-labor-2751", evidence="A", as_of=as_of("LAW-01"),
    reads=(
        "components.rate", "components.curve", "context.states", "context.country", "context.law.signed",
        "context.measures.sale",
    ),
    dissent="Short-term bonuses and pure bonus or profit-share plans are excluded: ask counsel what a component is.",
)  # fmt: skip
def signed_in_california(s: Subject, limit: Thresholds) -> RuleResults:
    """Labor Code 2751 requires a written contract with a signed receipt for commissions on sales."""
    kinds: dict[str, PayKind] = {part.id: pay_kind(part) for part in s.paid}
    if _in_the_us(s) is False or not {"commission", "unclear"} & set(kinds.values()):
        return
    if s.context.states is None:
        yield _where(s)
    elif provision("LAW-01", "contract").place in s.context.states:
        yield from _signed(s, kinds)


def _signed(s: Subject, kinds: dict[str, PayKind]) -> RuleResults:
    if s.context.law.signed:
        return
    commissions = [part for part in s.paid if kinds[part.id] == "commission"]
    for part in s.paid:
        if kinds[part.id] == "unclear":
            yield Question(part.question("sale"))
    if s.context.law.signed is None:
        yield Question("law.signed")
    elif commissions:
        law = provision("LAW-01", "contract").name
        yield Issue(
            commissions[0].place,
            f"{_sales_pay(commissions[0])}, which may be a commission in California ({law}), but there is no signed "
            "contract with a signed receipt. Ask counsel.",
            {"share": sum(part.share for part in commissions)},
        )


def _sales_pay(part: ReviewComponent) -> str:
    if part.component.rate is not None and part.measure.unit == "money":
        return f"{part.name} pays {formats.percent(part.component.rate)} of sales value"
    if (part.curve.slopes > 0).any():
        return f"{part.name} pays in proportion to sales"
    return f"{part.name} pays by sales volume"


@rule(
    "LAW-02", "Put commission terms in writing in New York, including termination", "error",
    source="ny-labor-191", evidence="A", as_of=as_of("LAW-02"),
    reads=(
        "components.rate", "components.curve", "context.states", "context.country", "context.law.principally_sales",
        "context.terms.termination", "context.measures.sale",
    ),
    dissent="The law covers people whose principal activity is selling, which may not include CSMs. Ask counsel.",
)  # fmt: skip
def terms_in_new_york(s: Subject, limit: Thresholds) -> RuleResults:
    """Labor Law 191(1)(c) requires written terms for commission salespeople, including pay on termination."""
    kinds = {part.id: pay_kind(part) for part in s.paid}
    if _in_the_us(s) is False or not {"commission", "unclear"} & set(kinds.values()):
        return
    law = provision("LAW-02", "terms")
    if s.context.states is None:
        yield _where(s)
        return
    if law.place not in s.context.states or s.context.terms.termination:
        return
    if "commission" not in kinds.values():
        yield from (Question(part.question("sale")) for part in s.paid if kinds[part.id] == "unclear")
        return
    selling, settled = s.context.law.principally_sales, s.context.terms.termination
    if selling is None:
        yield Question("law.principally_sales")
    if settled is None:
        yield Question("terms.termination")
    if selling and settled is False:
        yield Issue(
            "context.terms.termination",
            "The plan document does not say what is paid on termination. New York requires written terms for "
            f"commission salespeople ({law.name}). Ask counsel.",
        )


@rule(
    "LAW-03", "State the pay range in job postings where required", "warning",
    source="forgeapply-2026", evidence="C", as_of=as_of("LAW-03"),
    reads=(
        "pay", "context.states", "context.country", "context.law.posting_range", "context.law.posting_variable",
        "context.law.employees", "context.measures.sale",
    ),
    dissent="Sources disagree on some states, and cities and counties have their own laws.",
)  # fmt: skip
def postings(s: Subject, limit: Thresholds) -> RuleResults:
    """Many states require a pay range in job postings; some also require a description of bonus and commission."""
    if _in_the_us(s) is False:
        return
    if s.context.states is None:
        yield _where(s)
        return
    laws = [law for state in s.context.states if (law := _posting_law(state, s.today))]
    employees = s.context.law.employees
    bound = [law for law in laws if law.least <= (1 if employees is None else employees)]
    unsure = [law for law in laws if employees is None and law not in bound]
    yield from _range(s, bound, unsure)
    yield from _variable(s, {law.state for law in bound}, {law.state for law in unsure})


@dataclass(frozen=True, slots=True)
class _PostingLaw:
    """A state that requires pay ranges in postings, with the smallest employer covered."""

    state: str
    name: str
    least: int


@functools.lru_cache(maxsize=1024)
def _posting_law(state: str, day: dt.date) -> _PostingLaw | None:
    """Return the law of a state on a date; disputed states count as requiring the range, and say so."""
    try:
        rules = posting_rules(state)
    except AreaError:
        return None
    status = rules.requirement(day)
    if status not in {"yes", "disputed"}:
        return None
    name = f"{rules.name} (sources disagree)" if status == "disputed" else rules.name
    return _PostingLaw(state, name, min(one.employees_at_least or 1 for one in rules.statements if one.holds(day)))


def _range(s: Subject, bound: list[_PostingLaw], unsure: list[_PostingLaw]) -> RuleResults:
    has_range = s.context.law.posting_range
    if has_range or not (bound or unsure):
        return
    if has_range is None:
        yield Question("law.posting_range")
        return
    if bound:
        one = len(bound) == 1
        base_only = provision("LAW-03", "base_only").place
        yield Issue(
            "context.law.posting_range",
            f"Job postings do not state the pay range, which {listed([law.name for law in bound])} "
            f"require{'s' if one else ''}."
            + (
                " California means the range of base pay, without bonus and commission."
                if base_only in {law.state for law in bound}
                else ""
            ),
            {"states": len(bound)},
        )
    if unsure:
        yield Question("law.employees")


def _variable(s: Subject, bound: set[str], unsure: set[str]) -> RuleResults:
    """Check states that require a description of bonus and commission, or a note on commission-only pay."""
    described = s.context.law.posting_variable
    duties = [one for one in provisions("LAW-03") if one.duty == "describe"] if s.variable > 0 else []
    if s.plan.pay.base == 0 and s.paid and all(pay_kind(part) == "commission" for part in s.paid):
        duties += [one for one in provisions("LAW-03") if one.duty == "commission_only"]
    places = {duty.place for duty in duties}
    if described or not places & (bound | unsure):
        return
    if described is None:
        yield Question("law.posting_variable")
    elif places & bound:
        names = [duty.name for duty in duties if duty.place in bound]
        yield Issue(
            "context.law.posting_variable",
            f"Job postings do not describe bonus or commission ({s.money(s.variable)} at target), as required by "
            f"{listed(names)}.",
            {"variable": s.variable},
        )
    if described is False and places & unsure:
        yield Question("law.employees")


@rule(
    "LAW-05", "Recalculate overtime with the bonus for nonexempt employees", "error",
    source="cfr-29-778", evidence="A", as_of=as_of("LAW-05"),
    reads=("pay.variable", "context.exempt", "context.law.overtime_true_up", "context.country", "context.states"),
)  # fmt: skip
def overtime(s: Subject, limit: Thresholds) -> RuleResults:
    """A promised bonus is part of the regular rate (29 CFR 778.208 to .211), so it raises overtime pay."""
    if _in_the_us(s) is False or s.variable <= 0 or s.context.law.overtime_true_up:
        return
    if _in_the_us(s) is None:
        yield Question("country")
    elif s.context.exempt is None:
        yield Question("exempt")
    elif not s.context.exempt:
        if s.context.law.overtime_true_up is None:
            yield Question("law.overtime_true_up")
        else:
            yield Issue(
                "pay.variable",
                f"Target variable is {s.money(s.variable)} for nonexempt employees, but overtime is not "
                f"recalculated with it, as {provision('LAW-05', 'overtime').name} require.",
                {"variable": s.variable},
            )


@rule(
    "LAW-06", "Pay exempt employees a base above the salary floor", "error",
    source="exempt-2026", evidence="A", as_of=as_of("LAW-06"),
    reads=("pay.base", "context.exempt", "context.states", "context.country", "context.law.new_york_city"),
)  # fmt: skip
def above_the_floor(s: Subject, limit: Thresholds) -> RuleResults:
    """Base salary counts, not OTE; a bonus usually cannot fill the gap. Duties are a separate test."""
    base, states = s.plan.pay.base, s.context.states
    if not _in_the_us(s) or s.plan.currency != "USD" or s.context.exempt is False or base >= highest_floor():
        if _in_the_us(s) is None and s.context.exempt is not False:
            yield Question("country")
        return
    here = [floors_of(state, s.today) for state in states or (FEDERAL,)]
    certain = [floors.everywhere for floors in here if base < (floors.everywhere.amount or 0.0)]
    in_part = [floor for floors in here for floor in floors.higher if base < (floor.amount or 0.0)]
    missing = [floors.missing for floors in here if floors.missing]
    if states is None:
        yield Question("states")
    if s.context.exempt is None:
        if certain or in_part or missing or states is None:
            yield Question("exempt")
        return
    if in_part and s.context.law.new_york_city is None:
        yield Question("law.new_york_city")
    low = [*certain, *(in_part if s.context.law.new_york_city else ())]
    if low:
        yield _too_low(s, low)
    if missing:
        yield Issue(
            "context.states",
            f"The salary floor of {listed(missing)} on this date is not in our data, and base is {s.money(base)}. "
            "Check the current floor.",
            {"base": base},
            "info",
        )


def _too_low(s: Subject, low: list[Floor]) -> Issue:
    floors = sorted(set(low), key=lambda floor: floor.amount or 0.0)
    least = floors[-1].amount or 0.0
    amounts = listed([f"{s.money(floor.amount or 0.0)} in {floor.name}" for floor in floors])
    return Issue(
        "pay.base",
        f"Base is {s.money(s.plan.pay.base)}; employees exempt from overtime must be paid at least {amounts}.",
        {"base": s.plan.pay.base, "floor": least},
        # Variable pay keeps its amount, even if the plan gives it as a share.
        fix=fixes.edit(
            f"Raise base to {s.money(least)}",
            s.plan,
            {"pay.base": least, "pay.variable": s.variable, "pay.variable_share": None},
        ),
    )


@rule(
    "LAW-10", "Use legal and accounting facts from the last year", "warning",
    source="compplan", evidence="J", reads=(),
)  # fmt: skip
def facts_are_fresh(s: Subject, limit: Thresholds) -> RuleResults:
    """Laws change every January, and a rule with outdated facts is worse than none. One finding lists all of them."""
    yield from ()
