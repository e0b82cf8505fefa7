"""KNW: KnowUp's guide to weights, anti-patterns, pay bands and books of business."""

from __future__ import annotations

from compplan import formats
from compplan.benchmarks import bands
from compplan.review import fixes
from compplan.review.findings import Fix, Issue, Question, RuleResults, Severity
from compplan.review.profiles import dissent
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import EXPANSION, GROSS, LEADERS, RETENTION, SATISFACTION, ReviewComponent, Subject, listed

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
    names = listed([p.name for p in parts])
    if not parts:
        text = f"Nothing is paid on {what[0].lower()}{what[1:]}"
    elif left == 1.0:
        text = f"{what} is {formats.percent(share)} of target variable ({names})"
    else:
        text = (
            f"{what} is {formats.percent(share / left)} of target variable ({names}), or {formats.percent(share, 1)} "
            f"after the {formats.percent(1.0 - left)} that satisfaction puts at stake"
        )
    # Weights add up to 100%, so each one is scaled by what satisfaction leaves.
    shares = fixes.into_range(s.plan, tuple(p.id for p in parts), low / left, min(1.0, high / left))
    to = (low if share < low else high) / left
    # Components without a range of their own give way first, so that fixing one range does not break another.
    beside = [p.id for p in s.paid if p.family not in {RETENTION, EXPANSION, SATISFACTION}]
    yield Issue(
        f"{parts[0].place}.weight" if parts else "components",
        f"{text}; the guide suggests {formats.percent(low)} to {formats.percent(high)}.",
        {"share": share, "low": low, "high": high},
        fix=fixes.weights(f"Set {names} to {formats.percent(to, 1)}", s.plan, shares, beside) if shares else None,
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
        kept = gate.part.otherwise.factor if gate.part.otherwise.factor is not None else gate.part.otherwise.limit
        most = max(most, max(0.0, 1.0 - (kept or 0.0)) * sum(p.share for p in covered))
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
    """The guide’s ranges add up to 85% to 115%, so not every choice within them adds up to 100%."""
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
    "KNW-05", "Don’t pay on renewals alone", "error",
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
    dissent="",
)  # fmt: skip
def expansion_alone(s: Subject, limit: Thresholds) -> RuleResults:
    """Pay mostly on expansion turns a CSM into a seller, and customers stop trusting the advice."""
    share = s.weight(EXPANSION)
    if share <= limit["share"] or not s.is_csm:
        return
    parts = s.of(EXPANSION)
    alone = share >= limit["alone"]
    shares = fixes.into_range(s.plan, tuple(p.id for p in parts), 0.0, limit["share"])
    yield Issue(
        f"{parts[0].place}.weight",
        f"Expansion is {formats.percent(share)} of target variable"
        + (", which makes the CSM a seller." if alone else ", more than everything else together."),
        {"share": share},
        "error" if alone else "warning",
        fixes.weights(f"Lower expansion to {formats.percent(limit['share'])}", s.plan, shares) if shares else None,
    )


@rule(
    "KNW-07", "Don’t make satisfaction the largest component", "error",
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
        _below_the_rest(s, parts, others, limit),
    )


def _below_the_rest(
    s: Subject, parts: tuple[ReviewComponent, ...], others: list[ReviewComponent], limit: Thresholds
) -> Fix | None:
    if not others:
        return None
    shares = fixes.into_range(s.plan, tuple(p.id for p in parts), 0.0, limit["high"])
    return fixes.weights(f"Lower satisfaction to {formats.percent(limit['high'])}", s.plan, shares) if shares else None


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
        yield Issue(
            gates[0],
            f"{weighted[0].name} has a weight of {formats.percent(sum(p.share for p in weighted))} and also affects "
            "other pay, so one result counts twice.",
            {"share": sum(p.share for p in weighted)},
            fix=fixes.edit("Remove the condition and keep the weight", s.plan, {gates[0]: None}),
        )
    elif not weighted and not gates:
        text = "Satisfaction is neither a weight nor a gate; the guide uses it as one of them."
        yield Issue("components", text, severity="info")  # KNW-03 reports the missing share


@rule(
    "KNW-09", "Measure individual gross retention on ARR up for renewal", "warning",
    source=_KNOWUP, evidence="S", reads=("components.measure", "components.level"),
)  # fmt: skip
def on_arr_due(s: Subject, limit: Thresholds) -> RuleResults:
    """On opening ARR, contracts that are not up for renewal count as retained.

    With 200 of 250 renewed in a book of 1,000, it shows 95% instead of 80%.
    """
    taken = {p.id for p in s.parts}
    for part in s.on("grr_opening"):
        if part.individual:
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} is measured on opening ARR; for individual pay the guide uses ARR up for renewal.",
                {"share": part.share},
                fix=fixes.edit(
                    "Measure gross retention on ARR up for renewal", s.plan, {f"{part.place}.measure": "grr"}
                )
                if "grr" not in taken
                else None,
            )


@rule(
    "KNW-10", "Credit expansion once, to the person who drove it", "warning",
    source=_KNOWUP, evidence="S", reads=("components.measure", "context.credit.primary_driver", "context.credit.total"),
)  # fmt: skip
def credit(s: Subject, limit: Thresholds) -> RuleResults:
    """Double crediting doubles the cost."""
    parts = s.of(EXPANSION)
    if not parts:
        return
    known = s.context.credit
    if known.primary_driver is None:
        yield Question("credit.primary_driver")
    elif not known.primary_driver:
        yield Issue(
            "context.credit.primary_driver",
            f"{parts[0].name} is credited without checking who mainly drove it.",
            {"share": s.weight(EXPANSION)},
        )
    if known.total is None:
        yield Question("credit.total")
    elif known.total > 1.0 + 1e-9:
        yield Issue(
            "context.credit.total",
            f"One deal gives {formats.plain_number(known.total, 2)} credits in total.",
            {"credit": known.total},
        )


@rule(
    "KNW-11", "Keep base and OTE within the pay band of the role", "warning",
    source=_KNOWUP, evidence="S", reads=("role", "pay", "context.premiums"),
    dissent="Other sources give different bands; see Benchmarks.",
)  # fmt: skip
def in_the_band(s: Subject, limit: Thresholds) -> RuleResults:
    """Pay far from the market costs money or people."""
    if s.plan.currency != "USD":
        return
    premium = _premium(s)
    unsaid = [f"premiums.{n}" for n in ("specialism", "place") if getattr(s.context.premiums, n) is None]
    for basis, amount, place in (("base", s.plan.pay.base, "pay.base"), ("ote", s.plan.pay.ote, "pay")):
        band = next((b for b in bands(s.plan.role, basis) if b.source == _KNOWUP), None)
        if band is None:
            continue
        low, high = band.low, band.high * premium
        if low <= amount <= high:
            continue
        if amount > high:  # a premium could explain it, unless the answer is that there is none
            yield from (Question(question) for question in unsaid)
        name = "Base" if basis == "base" else "OTE"
        yield Issue(
            place,
            f"{name} is {s.money(amount)}; the {band.as_of} band for this role is {s.money(band.low)} to "
            f"{s.money(band.high)}" + (f", or {s.money(high)} with premiums." if premium > 1 else "."),
            {"amount": amount, "low": low, "high": high},
        )


def _premium(s: Subject) -> float:
    known = s.context.premiums
    return (1.0 + (known.specialism or 0.0)) * (1.0 + (known.place or 0.0))


@rule(
    "KNW-12", "Keep combined premiums at 40% or less", "warning",
    source=_KNOWUP, evidence="S", reads=("context.premiums.specialism", "context.premiums.place"),
    dissent="The guide does not say whether its two premiums add (30% to 45%) or multiply (32% to 50%).",
)  # fmt: skip
def premiums_stack(s: Subject, limit: Thresholds) -> RuleResults:
    """Stacked premiums easily exceed what either source meant."""
    known = s.context.premiums
    for name in ("specialism", "place"):
        if getattr(known, name) is None:
            yield Question(f"premiums.{name}")
    product = round(_premium(s), 9)
    if product > limit["product"]:
        yield Issue(
            "context.premiums",
            f"Premiums of {formats.percent(known.specialism or 0.0)} and {formats.percent(known.place or 0.0)} "
            f"combine to {formats.percent(product - 1.0)}.",
            {"product": product},
        )


@rule(
    "KNW-13", "Pay a large-book premium only for a large book", "info",
    source=_KNOWUP, evidence="S", reads=("context.premiums.portfolio", "context.book.arr"),
)  # fmt: skip
def large_book(s: Subject, limit: Thresholds) -> RuleResults:
    """The guide gives a $10M book, compared with $3M, as a reason for pay higher in the band."""
    claimed, arr = s.context.premiums.portfolio, s.context.book.arr
    if claimed is None:
        yield Question("premiums.portfolio")
    elif claimed and arr is None:
        yield Question("book.arr")
    elif claimed and arr is not None and arr < limit["arr"]:
        yield Issue(
            "context.premiums.portfolio",
            f"Pay is higher because of a large book, but the book is {s.money(arr)}; the guide’s example is "
            f"{s.money(limit['arr'])}.",
            {"arr": arr},
        )


def _segment(s: Subject) -> str:
    return "enterprise" if s.plan.segment in {"enterprise", "strategic"} else s.plan.segment


@rule(
    "KNW-14", "Keep the number of accounts manageable", "warning",
    source=_KNOWUP, evidence="S", reads=("segment", "context.book.accounts"),
    dissent="ResumeGeni (2026) suggests 3 to 8 enterprise and 8 to 25 mid-market accounts; TSIA (2022) suggests 5.",
)  # fmt: skip
def accounts_per_person(s: Subject, limit: Thresholds) -> RuleResults:
    """With too many accounts, none gets enough attention, and churn costs more than the smaller team saves."""
    segment = _segment(s)
    if segment not in {"enterprise", "mid_market"} or not s.is_csm:
        return
    accounts = s.context.book.accounts
    if accounts is None:
        yield Question("book.accounts")
        return
    most, least = limit[f"{segment}_most"], limit.get(f"{segment}_least", 0.0)
    if accounts > most:
        yield Issue(
            "context.book.accounts",
            f"Each person has {accounts} accounts; the guide suggests at most {most:.0f} for this segment.",
            {"accounts": accounts, "most": most},
        )
    elif accounts < least:
        yield Issue(
            "context.book.accounts",
            f"Each person has {accounts} accounts; the guide suggests {least:.0f} to {most:.0f} for this segment.",
            {"accounts": accounts, "least": least},
            "info",
        )


@rule(
    "KNW-15", "Keep the ARR of a book below the ceiling", "warning",
    source=_KNOWUP, evidence="S", reads=("segment", "context.book.arr"),
    dissent="The guide contradicts itself: its own 14 accounts of $50,000 to $100,000 add up to $0.7M to $1.4M, "
    "not $8M to $15M.",
)  # fmt: skip
def arr_ceiling(s: Subject, limit: Thresholds) -> RuleResults:
    """The guide’s ceilings are $15M for enterprise and $5M for mid-market books."""
    segment = _segment(s)
    if segment not in {"enterprise", "mid_market"} or not s.is_csm or s.plan.currency != "USD":
        return
    arr = s.context.book.arr
    if arr is None:
        yield Question("book.arr")
        return
    most, least = limit[f"{segment}_most"], limit[f"{segment}_least"]
    if not least <= arr <= most:
        yield Issue(
            "context.book.arr",
            f"The book is {s.money(arr)}; the guide suggests {s.money(least)} to {s.money(most)} for this segment, "
            "though its own account sizes do not support that range.",
            {"arr": arr, "least": least, "most": most},
            "warning" if arr > most else "info",
        )


@rule(
    "KNW-16", "Check that accounts times average value equals the book", "error",
    source="compplan", evidence="J", reads=("context.book.accounts", "context.book.mean_acv", "context.book.arr"),
)  # fmt: skip
def book_adds_up(s: Subject, limit: Thresholds) -> RuleResults:
    """An error by a factor of ten in the book distorts every number based on it."""
    book = s.context.book
    for name in ("accounts", "mean_acv", "arr"):
        if getattr(book, name) is None:
            yield Question(f"book.{name}")
    if book.accounts is None or book.mean_acv is None or book.arr is None:
        return
    product = book.accounts * book.mean_acv
    if abs(product - book.arr) > limit["share"] * book.arr:
        ratio = book.arr / product if product else float("inf")
        yield Issue(
            "context.book",
            f"{book.accounts} accounts of {s.money(book.mean_acv)} add up to {s.money(product)}, but the book is "
            f"{s.money(book.arr)}" + (f", {formats.plain_number(ratio, 2)} times as much." if product else "."),
            {"product": product, "arr": book.arr},
        )


@rule(
    "KNW-17", "Fit the accounts into available hours", "warning",
    source=_KNOWUP, evidence="S", reads=("context.book.utilisation",),
)  # fmt: skip
def fits_the_hours(s: Subject, limit: Thresholds) -> RuleResults:
    """Overloaded books raise churn. Capacity calculates the share of hours."""
    used = s.context.book.utilisation
    if not s.is_csm:
        return
    if used is None:
        yield Question("book.utilisation")
    elif used > limit["share"] + 1e-9:
        yield Issue(
            "context.book.utilisation",
            f"The accounts take {formats.percent(used)} of available hours.",
            {"utilisation": used},
        )
