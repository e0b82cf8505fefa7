"""Published results as `compplan bands --results` prints them: plain data for programs, tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from compplan.cli.terminal import text_table

if TYPE_CHECKING:
    from compplan.benchmarks import PublishedResult, ResultBenchmarks, UsualLevel


def result_dict(row: ResultBenchmarks) -> dict[str, Any]:
    """What is published on a measure, as plain data."""
    return {
        "measure": row.measure or None,
        "name": row.name,
        "unit": row.unit or None,
        "usual": _usual_dict(row.usual) if row.usual else None,
        "starts_at": row.starts_at,
        "start_is_assumed": row.start_is_assumed,
        "figures": [_figure_dict(one) for one in row.figures],
        "related": {"measure": row.related, "note": row.related_note} if row.related else None,
    }


def _usual_dict(usual: UsualLevel) -> dict[str, Any]:
    return {"low": usual.low, "high": usual.high, "note": usual.note or None, **_source(usual.source)}


def _figure_dict(figure: PublishedResult) -> dict[str, Any]:
    return {
        "what": figure.what,
        "statistic": figure.statistic,
        "segment_by": figure.segment_by or None,
        "segment": figure.segment or None,
        "low": figure.value,
        "high": figure.value if figure.high is None and not figure.over else figure.high,
        "over": figure.over,
        "unit": figure.unit,
        "year": figure.year,
        "n": figure.n or None,
        "grade": figure.grade,
        "note": figure.note or None,
        **_source(figure.source),
    }


def _source(key: str) -> dict[str, Any]:
    from compplan import facts

    source = facts.source(key)
    return {"source": source.key, "source_name": source.label, "url": source.url or None, "care": source.care}


def results_text(rows: Sequence[ResultBenchmarks]) -> str:
    """Published results as tables; notes are numbered, and notes and sources are printed once, below."""
    from compplan import facts

    notes: dict[str, int] = {}
    sources: dict[str, None] = {}
    parts: list[str] = []
    unpublished: list[ResultBenchmarks] = []
    for row in rows:
        if not row.figures and not row.usual and not row.related and len(rows) > 1:
            unpublished.append(row)
            continue
        lines = [f"{row.name} ({row.measure})" if row.measure else row.name]
        if row.usual:
            sources[row.usual.source] = None
            lines.append(
                f"Usual level: {row.usual.text or 'no source gives one'}. {row.usual.note} [{row.usual.source}]"
            )
        if row.measure:
            lines.append(_start(row))
        if row.figures:
            lines.append(text_table([_HEADINGS, *(_cells(one, notes) for one in row.figures)]))
            sources |= dict.fromkeys(one.source for one in row.figures)
        else:
            lines.append("No other figure is published." if row.usual else "No source publishes a figure.")
        if row.related:
            lines.append(f"See also {row.related}. {row.related_note}")
        parts.append("\n".join(lines))
    if unpublished:
        starts = [(f"  {row.name} ({row.measure})", row.start_text) for row in unpublished]
        parts.append(
            "No source gives a figure; a new component starts at our assumption\n" + text_table(starts, header=False)
        )
    if notes:
        parts.append("\n".join(["Notes", *(f"{number:>3}  {text}" for text, number in notes.items())]))
    if sources:
        cited = [facts.source(key) for key in sources]
        parts.append(
            "\n".join(
                [
                    "Sources",
                    *(f"{one.key}: {one.label}{f', {one.url}' if one.url else ''}\n     {one.care}" for one in cited),
                ]
            )
        )
    return "\n\n".join(parts)


_HEADINGS = ("STATISTIC", "RESULT", "OF", "YEAR", "SAMPLE", "SOURCE", "READ", "NOTE")


def _start(row: ResultBenchmarks) -> str:
    origin = "our assumption" if row.start_is_assumed else "the middle of the usual level"
    return f"A new component starts at {row.start_text}: {origin}."


def _cells(figure: PublishedResult, notes: dict[str, int]) -> tuple[str, ...]:
    note = str(notes.setdefault(figure.note, len(notes) + 1)) if figure.note else ""
    of = figure.group if figure.measure else f"{figure.what}, {figure.group}"
    return (
        figure.statistic_name,
        figure.amount,
        of,
        figure.year,
        figure.n or "not stated",
        figure.source,
        figure.grade,
        note,
    )
