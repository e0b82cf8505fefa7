"""KNW: KnowUp's guide to crediting, pay bands and books of business."""

from __future__ import annotations

from compplan import formats
from compplan.benchmarks import bands
from compplan.review import fixes
from compplan.review.findings import Issue, Question, RuleResults
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import EXPANSION, Subject

_KNOWUP = "knowup"


@rule(
    "KNW-09", "Measure individual gross retention on ARR up for renewal", "warning",
    source=_KNOWUP, evidence="S", reads=("components.measure", "components.level"),
)  # fmt: skip
def on_arr_due(s: Subject, limit: Thresholds) -> RuleResults:
    """On opening ARR, contracts that are not up for renewal count as retained.

    With 200 of 250 renewed in a book of 1,000, it shows 95% instead of 80%.
    """
    ids = {p.id for p in s.parts}
    for part in s.on("grr_opening"):
        if part.individual:
            yield Issue(
                f"{part.place}.measure",
                f"{part.name} is measured on opening ARR; for individual pay the guide uses ARR up for renewal.",
                {"share": part.share},
                fix=fixes.edit(
                    "Measure gross retention on ARR up for renewal", s.plan, {f"{part.place}.measure": "grr"}
                )
                if "grr" not in ids
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
    answers = s.context.credit
    if answers.primary_driver is None:
        yield Question("credit.primary_driver")
    elif not answers.primary_driver:
        yield Issue(
            "context.credit.primary_driver",
            f"{parts[0].name} is credited without checking who mainly drove it.",
            {"share": s.weight(EXPANSION)},
        )
    if answers.total is None:
        yield Question("credit.total")
    elif answers.total > 1.0 + 1e-9:
        yield Issue(
            "context.credit.total",
            f"One deal gives {formats.plain_number(answers.total, 2)} credits in total.",
            {"credit": answers.total},
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
    open_questions = [f"premiums.{n}" for n in ("specialism", "place") if getattr(s.context.premiums, n) is None]
    for basis, amount, place in (("base", s.plan.pay.base, "pay.base"), ("ote", s.plan.pay.ote, "pay")):
        band = next((b for b in bands(s.plan.role, basis) if b.source == _KNOWUP), None)
        if band is None:
            continue
        low, high = band.low, band.high * premium
        if low <= amount <= high:
            continue
        if amount > high:  # a premium could explain it, unless the answer is that there is none
            yield from (Question(question) for question in open_questions)
        name = "Base" if basis == "base" else "OTE"
        yield Issue(
            place,
            f"{name} is {s.money(amount)}; the {band.as_of} band for this role is {s.money(band.low)} to "
            f"{s.money(band.high)}" + (f", or {s.money(high)} with premiums." if premium > 1 else "."),
            {"amount": amount, "low": low, "high": high},
        )


def _premium(s: Subject) -> float:
    premiums = s.context.premiums
    return (1.0 + (premiums.specialism or 0.0)) * (1.0 + (premiums.place or 0.0))


@rule(
    "KNW-12", "Keep combined premiums at 40% or less", "warning",
    source=_KNOWUP, evidence="S", reads=("context.premiums.specialism", "context.premiums.place"),
    dissent="The guide does not say whether its two premiums add (30% to 45%) or multiply (32% to 50%).",
)  # fmt: skip
def premiums_stack(s: Subject, limit: Thresholds) -> RuleResults:
    """Stacked premiums easily exceed what either source meant."""
    premiums = s.context.premiums
    for name in ("specialism", "place"):
        if getattr(premiums, name) is None:
            yield Question(f"premiums.{name}")
    product = round(_premium(s), 9)
    if product > limit["product"]:
        yield Issue(
            "context.premiums",
            f"Premiums of {formats.percent(premiums.specialism or 0.0)} and {formats.percent(premiums.place or 0.0)} "
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
            f"Pay is higher because of a large book, but the book is {s.money(arr)}; the guide's example is "
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
    """The guide's ceilings are $15M for enterprise and $5M for mid-market books."""
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
