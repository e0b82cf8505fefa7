"""Market figures as HTML: what moved them, the figures of a role, the ladder, postings, what raises cost."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from compplan import facts, formats
from compplan.benchmarks import (
    Adjusted,
    Band,
    Basis,
    Mean,
    Percentiles,
    Posting,
    RoleFigures,
    Rung,
    Statement,
    caveats,
)

if TYPE_CHECKING:
    pass

_ASKED = {
    "yes": "A posting has to give the range.",
    "no": "No law that we know of asks for the range.",
    "disputed": "Sources disagree on whether a law asks for the range.",
    "unknown": "We have no source on this state.",
}


def moved_by(steps: Sequence[Adjusted[Band]]) -> str:
    """What the market that is asked for does to a band, factor by factor."""
    if not steps or not steps[0].steps:
        return '<p class="cp-moved">As published: no place, specialism or date is set.</p>'
    first = steps[0]
    parts = [f"<b>× {formats.plain_number(first.factor, 4)}</b> on {_band_name(first.given)}"]
    for step in first.steps:
        factor = f"× {formats.plain_number(step.factor, 4)}" if step.factor != 1 else "not moved"
        if step.interval:
            low, high = (formats.plain_number(end, 3) for end in step.interval)
            factor += f" (95% interval {low} to {high})"
        parts.append(f"<span>{step.name.capitalize()} {factor}: {html.escape(step.why)}</span>")
    return f'<p class="cp-moved">{" ".join(parts)}</p>'


def _band_name(band: Band) -> str:
    made = facts.source(band.source).publisher if band.source else "your survey"
    return f"{html.escape(made)}’s bands"


def role_table(row: RoleFigures) -> str:
    """Every figure of a role: as published, moved, with n, date and source, and what it is not."""
    lines = [_line(one) for one in (*row.bands, *row.distributions)] + [_mean_line(mean) for mean in row.means]
    if not lines:
        return '<p class="cp-quiet">No source that we ship gives a figure for this role, and none is made up.</p>'
    heads = ("Figure", "As published", "Here", "n", "As of", "Place")
    return _table(heads, lines)


def _line(one: Adjusted[Band] | Adjusted[Percentiles]) -> tuple[str, ...]:
    given, figure = one.given, one.figure
    n = given.n if isinstance(given, Percentiles) else None
    notes = [*caveats(given.basis, given.source), *([given.note] if given.note else [])]
    if isinstance(given, Percentiles) and given.few:
        notes.append(f"Only {given.n} answered: the median and nothing else is told.")
    if isinstance(given, Percentiles) and given.interval:
        low, high = (formats.money(end, given.currency, 0) for end in given.interval)
        notes.append(f"Interval of the median: {low} to {high}.")
    why = " ".join(step.why for step in one.steps if step.factor == 1)
    steps = "".join(f"<li>{html.escape(note)}</li>" for note in (*notes, *([why] if why else [])))
    here = _amounts(figure) if one.factor != 1 else "the same"
    told = f"{_basis(given.basis)}, {_cited(given.source)}<ul>{steps}</ul>"
    return (told, _amounts(given), here, str(n or ""), html.escape(given.as_of), html.escape(given.place))


def _mean_line(mean: Mean) -> tuple[str, ...]:
    notes = [
        *caveats(mean.amount.basis, mean.source),
        *([mean.note] if mean.note else []),
        "An average, and not moved.",
    ]
    steps = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
    amount = f"mean {formats.money(mean.amount.value, mean.amount.currency, 0)}"
    told = f"{_basis(mean.amount.basis)}, {_cited(mean.source)}<ul>{steps}</ul>"
    return (told, amount, "", "", html.escape(mean.as_of), html.escape(mean.place))


def _basis(basis: Basis) -> str:
    name = "OTE" if basis is Basis.OTE else basis.words.capitalize()
    return f'<b title="{html.escape(basis.meaning)}">{name}</b>'


def _cited(source: str) -> str:
    if not source:
        return "your survey"
    known = facts.source(source)
    label = html.escape(known.label)
    return f'<a href="{html.escape(known.url)}" rel="noreferrer">{label}</a>' if known.url else label


def _amounts(figure: Band | Percentiles) -> str:
    if isinstance(figure, Band):
        return " to ".join(formats.money(end, figure.currency, 0) for end in (figure.low, figure.high))
    names = {0.5: "median"}
    return "<br>".join(
        f"{names.get(p, f'P{p * 100:g}')} {formats.money(value, figure.currency, 0)}" for p, value in figure.points
    )


def mix_table(role: str) -> str:
    """What sources say of the variable share of a role."""
    lines: list[tuple[str, ...]] = []
    for row in facts.table("pay_mix"):
        if row["role"] != role:
            continue
        ends = [formats.percent(float(row[name]), 2) for name in ("variable_low", "variable_high") if row[name]]
        share = " to ".join(dict.fromkeys(ends))
        if row["median"] and len(ends) == 2 and ends[0] != ends[1]:
            share += f", median {formats.percent(float(row['median']), 2)}"
        some = f"; {formats.percent(float(row['share_with_any']), 0)} have any" if row["share_with_any"] else ""
        of = "OTE" if row["of"] == "ote" else row["of"]
        note = f"<ul><li>{html.escape(row['note'])}</li></ul>" if row["note"] else ""
        lines.append((f"{_cited(row['source'])}{note}", f"{share} of {html.escape(of)}{some}", row["n"]))
    if not lines:
        return '<p class="cp-quiet">No source that we ship says how much of the pay of this role is variable.</p>'
    return _table(("Source", "Variable part", "n"), lines, {"Variable part"})


def wages_table() -> str:
    """Official wages of occupations in technology industries."""
    points = ("p10", "p25", "median", "p75", "p90")
    lines = [
        (
            f"{html.escape(row['occupation'])}<ul><li>{html.escape(row['industry_name'])}</li></ul>",
            html.escape(row["soc"]),
            *(
                formats.money(float(row[name]), row["unit"], 0) if row[name] else "above what is published"
                for name in points
            ),
        )
        for row in facts.table("oews_tech")
    ]
    return _table(("Occupation", "SOC", "P10", "P25", "Median", "P75", "P90"), lines)


def ladder_table(rungs: Sequence[Rung], names: Mapping[str, str]) -> str:
    """The steps of the ladder, with what is unusual about them."""
    lines: list[tuple[str, ...]] = []
    for rung in rungs:
        notes = ["<li>From the individual track to management: a change of work.</li>"] if rung.crosses else []
        notes += [f'<li class="cp-flag">{html.escape(rung.flag)}</li>'] if rung.flag else []
        step = f"{html.escape(names[rung.lower.role])} → {html.escape(names[rung.upper.role])}"
        low, high = (formats.money(band.midpoint, band.currency, 0) for band in (rung.lower, rung.upper))
        gap = formats.money(rung.gap, rung.lower.currency, 0) if rung.gap else "none"
        lines.append(
            (f"{step}<ul>{''.join(notes)}</ul>", low, high, formats.percent(rung.progression, 1),
             formats.percent(rung.overlap, 1), gap)
        )  # fmt: skip
    return _table(("Step", "Midpoint", "Next midpoint", "Progression", "Overlap", "Gap"), lines)


def posting_html(posting: Posting, on: dt.date) -> str:
    """What is known of the law of a state, source by source."""
    told = f"<p><b>{html.escape(posting.name)}.</b> {_ASKED[posting.asked(on)]}</p>"
    lines = [
        (f"{_cited(one.source)}<ul><li>{html.escape(one.note)}{_counted(one)}</li></ul>", _says(one),
         html.escape(one.as_of))
        for one in posting.statements
    ]  # fmt: skip
    return told + (_table(("Source", "Says", "As of"), lines, {"Says"}) if lines else "")


def _says(one: Statement) -> str:
    law = "A law asks for it" if one.law else "No law"
    since = f" since {html.escape(one.since)}" if one.since else ""
    return f"{law}{since}" + (f", employers of {one.employees_at_least} or more" if one.employees_at_least else "")


def _counted(one: Statement) -> str:
    if one.share_with_pay is None or not one.postings:
        return ""
    return f" {formats.percent(one.share_with_pay, 1)} of {one.postings:,} postings gave pay."


def _table(heads: Sequence[str], lines: Iterable[Sequence[str]], texts: Collection[str] = ()) -> str:
    """A table; columns named in `texts` read from the left, like the first one."""
    kinds = [" class=cp-text" if name in texts else "" for name in heads]
    head = "".join(f"<th{kind}>{html.escape(name)}</th>" for name, kind in zip(heads, kinds, strict=True))
    body = "".join(
        f"<tr>{''.join(f'<td{kind}>{cell}</td>' for cell, kind in zip(line, kinds, strict=True))}</tr>"
        for line in lines
    )
    return (
        '<div class="cp-scroll" tabindex="0"><table class="cp-statement cp-market">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
