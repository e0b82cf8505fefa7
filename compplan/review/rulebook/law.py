"""LAW: what the law asks, by place and by its date. Not legal advice."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from compplan import formats
from compplan.benchmarks import AreaError, posting
from compplan.review import fixes
from compplan.review.commission import PayKind, pay_kind
from compplan.review.findings import Issue, Question, RuleResults
from compplan.review.legal import FEDERAL, Floor, as_of, floors_of, highest_floor, provision, provisions
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import ReviewComponent, Subject, listed


def _in_the_us(s: Subject) -> bool | None:
    """Whether people work in the US: by the country, else by states or the currency; None where nothing tells."""
    if s.context.country is not None:
        return s.context.country == FEDERAL
    return True if s.context.states or s.plan.currency == "USD" else None


def _where(s: Subject) -> Question:
    """What has to be told before the law of a state can be looked up."""
    return Question("states" if _in_the_us(s) else "country")


@rule(
    "LAW-01", "In California commissions are agreed in a signed contract", "error",
    source="ca-labor-2751", evidence="A", as_of=as_of("LAW-01"),
    reads=(
        "components.rate", "components.curve", "context.states", "context.country", "context.law.signed",
        "context.measures.sale",
    ),
    dissent="Short-term bonuses and pure bonus or profit-share plans are excluded: ask counsel what a component is.",
)  # fmt: skip
def signed_in_california(s: Subject, limit: Thresholds) -> RuleResults:
    """Labor Code 2751: a commission, a rate of the value of sales, is agreed in writing with a signed receipt."""
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
            f"{_told(commissions[0])}, which may be a commission in California ({law}), and there is no signed "
            "contract with a signed receipt. Ask counsel.",
            {"share": sum(part.share for part in commissions)},
        )


def _told(part: ReviewComponent) -> str:
    if part.component.rate is not None and part.measure.unit == "money":
        return f"{part.name} pays {formats.percent(part.component.rate)} of the value sold"
    if (part.curve.slopes > 0).any():
        return f"{part.name} pays in proportion to what is sold"
    return f"{part.name} pays by how much is sold"


@rule(
    "LAW-02", "In New York the terms of commission are in writing, leaving included", "error",
    source="ny-labor-191", evidence="A", as_of=as_of("LAW-02"),
    reads=(
        "components.rate", "components.curve", "context.states", "context.country", "context.law.principally_sales",
        "context.terms.termination", "context.measures.sale",
    ),
    dissent="It is for people whose principal activity is selling; a CSM's may not be: ask counsel.",
)  # fmt: skip
def terms_in_new_york(s: Subject, limit: Thresholds) -> RuleResults:
    """Labor Law 191(1)(c): who sells on commission has the terms in writing, with what is paid when it ends."""
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
            "The plan document does not say what is paid on leaving; New York has the terms of who sells on commission "
            f"in writing ({law.name}). Ask counsel.",
        )


@rule(
    "LAW-03", "Job postings state the pay range where the law asks for it", "warning",
    source="forgeapply-2026", evidence="C", as_of=as_of("LAW-03"),
    reads=(
        "pay", "context.states", "context.country", "context.law.posting_range", "context.law.posting_variable",
        "context.law.employees", "context.measures.sale",
    ),
    dissent="Sources disagree on some states, and cities and counties have laws of their own.",
)  # fmt: skip
def postings(s: Subject, limit: Thresholds) -> RuleResults:
    """Many states ask for the range of pay in a posting; some for a word on bonus and commission too."""
    if _in_the_us(s) is False:
        return
    if s.context.states is None:
        yield _where(s)
        return
    asking = [asked for state in s.context.states if (asked := _asked(state, s.today))]
    employees = s.context.law.employees
    bound = [known for known in asking if known.least <= (1 if employees is None else employees)]
    unsure = [known for known in asking if employees is None and known not in bound]
    yield from _range(s, bound, unsure)
    yield from _variable(s, {known.state for known in bound}, {known.state for known in unsure})


@dataclass(frozen=True, slots=True)
class _Asked:
    """A state whose law asks for the range: its letters, how it is told, and the smallest employer that it covers."""

    state: str
    name: str
    least: int


@functools.lru_cache(maxsize=1024)
def _asked(state: str, day: dt.date) -> _Asked | None:
    """Whether a state asks for the range on a day; where sources disagree it is taken to, and said."""
    try:
        known = posting(state)
    except AreaError:
        return None
    said = known.asked(day)
    if said not in {"yes", "disputed"}:
        return None
    name = f"{known.name} (sources disagree)" if said == "disputed" else known.name
    return _Asked(state, name, min(one.employees_at_least or 1 for one in known.statements if one.holds(day)))


def _range(s: Subject, bound: list[_Asked], unsure: list[_Asked]) -> RuleResults:
    stated = s.context.law.posting_range
    if stated or not (bound or unsure):
        return
    if stated is None:
        yield Question("law.posting_range")
        return
    if bound:
        one = len(bound) == 1
        base_only = provision("LAW-03", "base_only").place
        yield Issue(
            "context.law.posting_range",
            f"Job postings do not state the pay range, which the law{'' if one else 's'} of "
            f"{listed([known.name for known in bound])} ask{'s' if one else ''} for."
            + (
                " California's is the range of base pay, without bonus and commission."
                if base_only in {known.state for known in bound}
                else ""
            ),
            {"states": len(bound)},
        )
    if unsure:
        yield Question("law.employees")


def _variable(s: Subject, bound: set[str], unsure: set[str]) -> RuleResults:
    """Some states want bonus and commission described, New York a word where there is nothing but commission."""
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
            f"Job postings do not describe bonus or commission, here {s.money(s.variable)} at target; "
            f"{listed(names)} ask{'s' if len(names) == 1 else ''} for it.",
            {"variable": s.variable},
        )
    if described is False and places & unsure:
        yield Question("law.employees")


@rule(
    "LAW-05", "Who is not exempt has overtime recomputed with the bonus", "error",
    source="cfr-29-778", evidence="A", as_of=as_of("LAW-05"),
    reads=("pay.variable", "context.exempt", "context.law.overtime_true_up", "context.country", "context.states"),
)  # fmt: skip
def overtime(s: Subject, limit: Thresholds) -> RuleResults:
    """A promised bonus is part of the regular rate (29 CFR 778.208 to .211), so it raises what overtime is worth."""
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
                f"Target variable is {s.money(s.variable)} for people who are not exempt, and overtime is not "
                f"recomputed with it, as {provision('LAW-05', 'overtime').name} ask.",
                {"variable": s.variable},
            )


@rule(
    "LAW-06", "Who is exempt has a base above the floor", "error",
    source="exempt-2026", evidence="A", as_of=as_of("LAW-06"),
    reads=("pay.base", "context.exempt", "context.states", "context.country", "context.law.new_york_city"),
)  # fmt: skip
def above_the_floor(s: Subject, limit: Thresholds) -> RuleResults:
    """Base counts, not OTE: a bonus cannot usually fill the gap. The floor is one of the tests, beside the duties."""
    base, states = s.plan.pay.base, s.context.states
    if not _in_the_us(s) or s.plan.currency != "USD" or s.context.exempt is False or base >= highest_floor():
        if _in_the_us(s) is None and s.context.exempt is not False:
            yield Question("country")
        return
    here = [floors_of(state, s.today) for state in states or (FEDERAL,)]
    certain = [found.everywhere for found in here if base < (found.everywhere.amount or 0.0)]
    in_part = [floor for found in here for floor in found.higher if base < (floor.amount or 0.0)]
    missing = [found.missing for found in here if found.missing]
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
            f"The floor of {listed(missing)} on this day is not among the facts here, and base is {s.money(base)}: "
            "look it up.",
            {"base": base},
            "info",
        )


def _too_low(s: Subject, low: list[Floor]) -> Issue:
    floors = sorted(set(low), key=lambda floor: floor.amount or 0.0)
    wanted = floors[-1].amount or 0.0
    told = listed([f"{s.money(floor.amount or 0.0)} in {floor.name}" for floor in floors])
    return Issue(
        "pay.base",
        f"Base is {s.money(s.plan.pay.base)}; people exempt from overtime are paid at least {told}.",
        {"base": s.plan.pay.base, "floor": wanted},
        # What is variable stays the amount that it is, also where the plan gives it as a share.
        fix=fixes.edit(
            f"Raise base to {s.money(wanted)}",
            s.plan,
            {"pay.base": wanted, "pay.variable": s.variable, "pay.variable_share": None},
        ),
    )


@rule(
    "LAW-10", "The facts of law and accounting are not older than a year", "warning",
    source="compplan", evidence="J", reads=(),
)  # fmt: skip
def facts_are_fresh(s: Subject, limit: Thresholds) -> RuleResults:
    """Law changes every January, and a rule on old facts is worse than none; the review tells it of all at once."""
    yield from ()
