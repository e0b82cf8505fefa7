"""LAW: what the law asks, by place and by its date. Not legal advice."""

from __future__ import annotations

from compplan import formats
from compplan.benchmarks import AreaError, posting
from compplan.review.book import Limits, rule
from compplan.review.findings import Ask, Found, Outcomes
from compplan.review.legal import Floor, as_of, floors
from compplan.review.subject import Subject, listed


def _in_the_us(s: Subject) -> bool:
    """Whether people may work in the US: nobody says that they do not."""
    return s.context.country in (None, "US")


@rule(
    "LAW-01", "In California commissions are agreed in a signed contract", "error",
    source="ca-labor-2751", grade="A", as_of=as_of("LAW-01"),
    reads=("components.rate", "components.curve", "context.states", "context.law.signed"),
    dissent="Short-term bonuses and pure bonus or profit-share plans are excluded: ask counsel what a component is.",
)  # fmt: skip
def signed_in_california(s: Subject, limit: Limits) -> Outcomes:
    """Labor Code 2751: a commission, a rate of the value of sales, is agreed in writing with a signed receipt."""
    if not _in_the_us(s):
        return
    rates = [p for p in s.paid if p.part.rate is not None and p.measure.unit == "money"]
    tiers = [p for p in s.paid if p.part.rate is None and p.measure.unit == "money" and _by_value(p.part.curve.kind)]
    if not rates and not tiers:
        return
    if s.context.states is None:
        yield Ask("states")
    elif "CA" in s.context.states:
        if s.context.law.signed is None:
            yield Ask("law.signed")
        elif not s.context.law.signed:
            part = (rates or tiers)[0]
            told = (
                f"{part.name} pays {formats.percent(part.part.rate or 0.0)} of the value sold, a commission"
                if rates
                else f"{part.name} pays a share of the value sold, tier by tier, which may be read as a commission"
            )
            yield Found(
                part.place,
                f"{told}, and in California no contract and receipt are signed.",
                {"share": part.share},
                "error" if rates else "warning",
            )


def _by_value(kind: str) -> bool:
    return kind in {"tiered", "retroactive"}


@rule(
    "LAW-03", "Job postings state the pay range where the law asks for it", "warning",
    source="forgeapply-2026", grade="C", as_of=as_of("LAW-03"),
    reads=(
        "pay.variable", "context.states", "context.law.posting_range", "context.law.posting_variable",
        "context.law.employees",
    ),
)  # fmt: skip
def postings(s: Subject, limit: Limits) -> Outcomes:
    """Many states ask for the range of pay in a posting; some for a word on bonus and commission too."""
    if not _in_the_us(s):
        return
    if s.context.states is None:
        yield Ask("states")
        return
    asking = [state for state in s.context.states if _asks(state, s)]
    known = s.context.law
    if not asking:
        return
    for name in ("posting_range", "employees"):
        if getattr(known, name) is None:
            yield Ask(f"law.{name}")
    if known.posting_range is False and known.employees is not None:
        bound = [state for state in asking if known.employees >= _least(state)]
        if bound:
            yield Found(
                "context.law.posting_range",
                f"Job postings do not state the pay range, which {listed(bound)} "
                f"ask{'s' if len(bound) == 1 else ''} of an "
                f"employer of {known.employees:,} people.",
                {"states": len(bound)},
            )
    if "CO" in asking and s.variable > 0:
        if known.posting_variable is None:
            yield Ask("law.posting_variable")
        elif not known.posting_variable:
            yield Found(
                "context.law.posting_variable",
                "Job postings do not describe bonus or commission, which Colorado asks for.",
            )


def _asks(state: str, s: Subject) -> bool:
    """Whether a state asks for the range today; where sources disagree it is taken to."""
    try:
        return posting(state).asked(s.today) in {"yes", "disputed"}
    except AreaError:
        return False


def _least(state: str) -> int:
    """The smallest employer that the law of a state covers."""
    return min((one.employees_at_least or 1 for one in posting(state).statements if one.law), default=1)


@rule(
    "LAW-05", "Who is not exempt has overtime recomputed with the bonus", "error",
    source="cfr-29-778", grade="A", as_of=as_of("LAW-05"),
    reads=("pay.variable", "context.exempt", "context.law.overtime_true_up", "context.country"),
)  # fmt: skip
def overtime(s: Subject, limit: Limits) -> Outcomes:
    """A promised bonus is part of the regular rate (29 CFR 778.208 to .211), so it raises what overtime is worth."""
    if not _in_the_us(s) or s.variable <= 0:
        return
    if s.context.exempt is None:
        yield Ask("exempt")
    elif not s.context.exempt:
        if s.context.law.overtime_true_up is None:
            yield Ask("law.overtime_true_up")
        elif not s.context.law.overtime_true_up:
            yield Found(
                "pay.variable",
                f"Target variable is {s.money(s.variable)} for people who are not exempt, and overtime is not "
                "recomputed "
                "with it.",
                {"variable": s.variable},
            )


@rule(
    "LAW-06", "Who is exempt has a base above the floor", "error",
    source="exempt-2026", grade="A", as_of=as_of("LAW-06"),
    reads=("pay.base", "context.exempt", "context.states", "context.country"),
)  # fmt: skip
def above_the_floor(s: Subject, limit: Limits) -> Outcomes:
    """Base counts, not OTE: a bonus cannot usually fill the gap."""
    if not _in_the_us(s) or s.plan.currency != "USD":
        return
    if s.context.exempt is None:
        yield Ask("exempt")
        return
    if not s.context.exempt:
        return
    if s.context.states is None:
        yield Ask("states")
    places = {"US", *(s.context.states or ())} if s.context.states or s.context.country == "US" else set[str]()
    holding = [f for f in floors() if f.state in places and f.since <= s.today]
    low = [f for f in holding if s.plan.pay.base < f.amount]
    if low:
        worst = max(low, key=lambda f: (f.everywhere, f.amount))
        yield _too_low(s, worst)


def _too_low(s: Subject, floor: Floor) -> Found:
    return Found(
        "pay.base",
        f"Base is {s.money(s.plan.pay.base)}, below the floor of {s.money(floor.amount)} for exempt people in "
        f"{floor.name}: who works there is owed overtime.",
        {"base": s.plan.pay.base, "floor": floor.amount},
        "error" if floor.everywhere else "warning",
    )


@rule(
    "LAW-10", "The facts of law and accounting are not older than a year", "warning",
    source="compplan", grade="J", reads=(),
)  # fmt: skip
def facts_are_fresh(s: Subject, limit: Limits) -> Outcomes:
    """Law changes every January, and a rule on old facts is worse than none; the review tells it of all at once."""
    yield from ()
