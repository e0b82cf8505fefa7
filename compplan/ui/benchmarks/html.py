"""Market pay as HTML: adjustments, role data, the ladder, job postings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from compplan import facts, formats
from compplan.benchmarks import (
    AdjustedFigure,
    LadderStep,
    LawStatement,
    MeanPay,
    PayBand,
    PayBasis,
    Percentiles,
    PostingRules,
    RoleFigures,
    caveats,
)
from compplan.ui.templates import render
from compplan.ui.widgets.tables import text_table

if TYPE_CHECKING:
    pass

_REQUIRED = {
    "yes": "State law requires the pay range in job postings.",
    "no": "We know of no law that requires the pay range.",
    "disputed": "Sources disagree on whether a law requires the pay range.",
    "unknown": "We have no source for this state.",
}


def adjustment(steps: Sequence[AdjustedFigure[PayBand]]) -> str:
    """How the chosen market changes a band, factor by factor."""
    if not steps or not steps[0].steps:
        return render("benchmarks.adjustment", "", "", [])
    first = steps[0]
    texts: list[str] = []
    for step in first.steps:
        factor = f"× {formats.plain_number(step.factor, 4)}" if step.factor != 1 else "no change"
        if step.interval:
            low, high = (formats.plain_number(end, 3) for end in step.interval)
            factor += f" (95% interval {low} to {high})"
        name = "Specialty" if step.name == "specialism" else step.name.capitalize()
        texts.append(f"{name} {factor}: {step.why}")
    band = f"{_publisher(first.given)} bands"
    return render("benchmarks.adjustment", formats.plain_number(first.factor, 4), band, texts)


def _publisher(band: PayBand) -> str:
    return facts.source(band.source).publisher if band.source else "your survey's"


def role_table(row: RoleFigures) -> str:
    """Every figure of a role: as published, adjusted, with n, date and source, and its limits."""
    rows = [_line(each) for each in (*row.bands, *row.distributions)] + [_mean_line(mean) for mean in row.means]
    if not rows:
        return render("widgets.quiet", "None of our sources has a figure for this role.")
    return text_table(("Figure", "As published", "Adjusted", "n", "As of", "Place"), rows, ())


def _line(adjusted: AdjustedFigure[PayBand] | AdjustedFigure[Percentiles]) -> tuple[str, ...]:
    published, figure = adjusted.given, adjusted.figure
    n = published.n if isinstance(published, Percentiles) else None
    notes = [*caveats(published.basis, published.source), *([published.note] if published.note else [])]
    if isinstance(published, Percentiles) and published.few:
        notes.append(f"Only {published.n} people answered, so only the median is shown.")
    if isinstance(published, Percentiles) and published.interval:
        low, high = (formats.money(end, published.currency, 0) for end in published.interval)
        notes.append(f"Interval of the median: {low} to {high}.")
    why = " ".join(step.why for step in adjusted.steps if step.factor == 1)
    adjusted_text = _amounts(figure) if adjusted.factor != 1 else "no change"
    lead = _figure_name(published.basis, published.source)
    return (
        _cell(lead, [*notes, *([why] if why else [])]),
        _amounts(published),
        adjusted_text,
        str(n or ""),
        published.as_of,
        published.place,
    )


def _mean_line(mean: MeanPay) -> tuple[str, ...]:
    notes = [*caveats(mean.amount.basis, mean.source), *([mean.note] if mean.note else []), "Mean, not adjusted."]
    amount = f"mean {formats.money(mean.amount.value, mean.amount.currency, 0)}"
    return (_cell(_figure_name(mean.amount.basis, mean.source), notes), amount, "", "", mean.as_of, mean.place)


def _cell(lead: str, notes: Sequence[str], flag: str = "") -> Markup:
    """A cell with notes under it; the note `flag` stands out."""
    return Markup(render("benchmarks.cell", lead, notes, flag))


def _figure_name(basis: PayBasis, source: str) -> Markup:
    name = "OTE" if basis is PayBasis.OTE else basis.words.capitalize()
    return Markup("{}, {}").format(Markup(render("benchmarks.basis", name, basis.meaning)), _cited(source))


def _cited(source: str) -> str:
    return Markup(render("benchmarks.source", facts.source(source))) if source else "your survey"


def _amounts(figure: PayBand | Percentiles) -> str:
    if isinstance(figure, PayBand):
        return " to ".join(formats.money(end, figure.currency, 0) for end in (figure.low, figure.high))
    names = {0.5: "median"}
    lines = [
        f"{names.get(p, f'P{p * 100:g}')} {formats.money(value, figure.currency, 0)}" for p, value in figure.points
    ]
    return Markup(render("benchmarks.lines", lines))


def mix_table(role: str) -> str:
    """The variable share of pay of a role, by source."""
    rows: list[tuple[str, ...]] = []
    for row in facts.table("pay_mix"):
        if row["role"] != role:
            continue
        ends = [formats.percent(float(row[name]), 1) for name in ("variable_low", "variable_high") if row[name]]
        share = " to ".join(dict.fromkeys(ends))
        if row["median"] and len(ends) == 2 and ends[0] != ends[1]:
            share += f", median {formats.percent(float(row['median']), 1)}"
        some = f"; {formats.percent(float(row['share_with_any']), 0)} have any" if row["share_with_any"] else ""
        of = "OTE" if row["of"] == "ote" else row["of"]
        notes = [row["note"]] if row["note"] else []
        rows.append((_cell(_cited(row["source"]), notes), f"{share} of {of}{some}", row["n"]))
    if not rows:
        return render("widgets.quiet", "None of our sources gives the variable share of this role.")
    return text_table(("Source", "Variable share", "n"), rows, {"Variable share"})


def wages_table() -> str:
    """Official wages of occupations in technology industries."""
    points = ("p10", "p25", "median", "p75", "p90")
    rows = [
        (
            _cell(row["occupation"], [row["industry_name"]]),
            row["soc"],
            *(
                formats.money(float(row[name]), row["unit"], 0) if row[name] else "above the published range"
                for name in points
            ),
        )
        for row in facts.table("oews_tech")
    ]
    return text_table(("Occupation", "SOC", "P10", "P25", "Median", "P75", "P90"), rows, ())


def ladder_table(rungs: Sequence[LadderStep], names: Mapping[str, str]) -> str:
    """The steps of the ladder, with what is unusual about them."""
    rows: list[tuple[str, ...]] = []
    for rung in rungs:
        notes = ["From the individual track to management: a different job."] if rung.crosses else []
        notes += [rung.flag] if rung.flag else []
        step = f"{names[rung.lower.role]} → {names[rung.upper.role]}"
        low, high = (formats.money(band.midpoint, band.currency, 0) for band in (rung.lower, rung.upper))
        gap = formats.money(rung.gap, rung.lower.currency, 0) if rung.gap else "none"
        rows.append(
            (_cell(step, notes, rung.flag), low, high, formats.percent(rung.progression, 1),
             formats.percent(rung.overlap, 1), gap)
        )  # fmt: skip
    return text_table(("Step", "Midpoint", "Next midpoint", "Progression", "Overlap", "Gap"), rows, ())


def posting_html(posting: PostingRules, on: dt.date) -> str:
    """What the sources say about the law of a state."""
    lead = render("benchmarks.posting", posting.name, _REQUIRED[posting.requirement(on)])
    rows = [
        (_cell(_cited(each.source), [f"{each.note}{_counted(each)}"]), _law(each), each.as_of)
        for each in posting.statements
    ]
    return lead + (text_table(("Source", "Law", "As of"), rows, {"Law"}) if rows else "")


def _law(one: LawStatement) -> str:
    law = "Range required" if one.law else "Not required"
    since = f" since {one.since}" if one.since else ""
    return f"{law}{since}" + (
        f", for employers with {one.employees_at_least} or more people" if one.employees_at_least else ""
    )


def _counted(one: LawStatement) -> str:
    if one.share_with_pay is None or not one.postings:
        return ""
    return f" {formats.percent(one.share_with_pay, 1)} of {one.postings:,} postings stated pay."
