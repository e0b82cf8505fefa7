"""Findings of the review in short form: the Designer's figure and its list of the worst."""

from __future__ import annotations

from compplan import facts
from compplan.review import GUIDES, Finding, Review, Severity, rules
from compplan.review.profiles import guide
from compplan.ui.templates import render
from compplan.ui.widgets.html import KeyFigure

GRADE_MEANING = {
    "A": "no errors and no warnings",
    "B": "one or two warnings",
    "C": "more than two warnings",
    "D": "one error",
    "E": "more than one error",
}
SEVERITY_WORDS: dict[Severity, str] = {"error": "Error", "warning": "Warning", "info": "Note"}
WORST_COUNT = 3


def counts_text(review: Review) -> str:
    """Errors and warnings in words.

    Examples
    --------
    >>> import datetime as dt
    >>> from compplan import templates
    >>> from compplan.review import review
    >>> counts_text(review(templates.load("posthog-csm-v3"), today=dt.date(2026, 6, 1)))
    '3 warnings'
    """
    counts = [
        f"{count} {severity}{'' if count == 1 else 's'}"
        for severity, count in review.counts.items()
        if count and severity != "info"
    ]
    return ", ".join(counts) or "no errors, no warnings"


def review_card(review: Review, before: Review | None = None) -> KeyFigure:
    """The review as the fifth figure of the Designer, with what it was for the plan as opened."""
    worst = next((finding for finding in review.findings if finding.severity != "info"), None)
    open_questions = len(review.unanswered)
    # The figure has room for one short line: the worst count is large, the rest is below it.
    value, *rest = counts_text(review).split(", ")
    title = worst.message.rstrip(".") if worst else f"{open_questions} open questions"
    note = f"{', '.join(rest)} · {title}" if rest else title
    earlier = counts_text(before) if before else ""
    was = f"was {earlier.split(', ')[0]}" if earlier and earlier.split(", ")[0] != value else ""
    changed = f", was {earlier}" if earlier and earlier != counts_text(review) else ""
    hint = (
        f"{counts_text(review)}{changed}. {title}. "
        f"Grade {review.grade} ({GRADE_MEANING[review.grade]}), following {guide(GUIDES[review.profile])}. "
        f"{open_questions} open questions are not part of the grade. See Review."
    )
    return KeyFigure("Review", value, note, was, review.counts["warning"] > 0, hint, red=review.counts["error"] > 0)


def worst_findings(review: Review) -> tuple[Finding, ...]:
    """The findings that the Designer shows: errors and warnings, the worst first."""
    return tuple(finding for finding in review.findings if finding.severity != "info")[:WORST_COUNT]


def finding_line(finding: Finding) -> tuple[str, str, str, str]:
    """Severity, its word, the message and the rule of a finding."""
    return finding.severity, SEVERITY_WORDS[finding.severity], finding.message, finding.rule


def finding_line_html(finding: Finding | None, run: int) -> str:
    """A finding in one line with its reasons as a tooltip; an empty line of the same height for None.

    The browser replaces the words while a slider moves. `run` makes the element new to the page in each run.
    """
    if finding is None:
        return render("review.line", "none", "", "", "", "", run)
    rule = rules()[finding.rule]
    title = f"{rule.title}. {rule.why} {facts.source(finding.source).label}. {finding.dissent}".strip()
    return render("review.line", *finding_line(finding), title, run)
