"""Published results of a measure as HTML, for the Designer and the Benchmarks page."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from compplan import facts
from compplan.benchmarks import PublishedResult, ResultBenchmarks, result_benchmarks
from compplan.ui.templates import render
from compplan.ui.widgets.tables import text_table

_GRADES = {
    "primary": "Read at its publisher.",
    "secondary": "Quoted by someone else.",
    "vendor": "A vendor's page.",
    "opinion": "One person's experience.",
}


def usual_line(benchmarks: ResultBenchmarks) -> str:
    """The usual level of a measure in one line, with publisher and year."""
    usual = benchmarks.usual
    if usual is None or not usual.text:
        return "No usual level"
    source = facts.source(usual.source)
    return f"Usual: {usual.text} ({source.publisher}, {source.year})"


def results_html(benchmarks: ResultBenchmarks) -> str:
    """Usual level, published figures of a measure, and those of a measure with the same name, each with its source."""
    parts: list[str] = []
    usual = benchmarks.usual
    if usual is not None:
        level = usual.text or "no source gives one."
        parts.append(render("widgets.usual", "Usual level:", level, usual.note, facts.source(usual.source)))
    if benchmarks.starts_at is not None:
        origin = "our assumption" if benchmarks.start_is_assumed else "the middle of the usual level"
        parts.append(render("widgets.quiet", f"A new component starts at {benchmarks.start_text}: {origin}."))
    if benchmarks.figures:
        parts.append(_table(benchmarks.figures))
    elif usual is None:
        parts.append(render("widgets.quiet", "No source publishes a figure."))
    if benchmarks.related:
        related = result_benchmarks(benchmarks.related)
        parts.append(render("benchmarks.lead", related.name, benchmarks.related_note))
        parts.append(_table(related.figures) if related.figures else render("widgets.quiet", "No figure."))
    return "".join(parts)


def _table(figures: Iterable[PublishedResult]) -> str:
    rows = [
        (
            figure.amount,
            Markup(render("benchmarks.cell", _label(figure), _notes(figure), "")),
            figure.year,
            figure.n or "not stated",
            Markup(render("benchmarks.source", facts.source(figure.source))),
        )
        for figure in figures
    ]
    return text_table(("Result", "Figure", "Year", "Sample", "Source"), rows, {"Figure", "Sample", "Source"})


def _label(figure: PublishedResult) -> str:
    what = "" if figure.measure else f"{figure.what}: "
    return f"{what}{figure.statistic_name.lower() if what else figure.statistic_name}, {figure.group}"


def _notes(figure: PublishedResult) -> list[str]:
    return [_GRADES[figure.grade], *([figure.note] if figure.note else [])]
