"""The review as HTML: figures, findings, previews of fixes, measures by guide, rules."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence

from compplan import facts, formats
from compplan.measures import Stance
from compplan.plan import Plan
from compplan.plan.differences import changes
from compplan.plan.place_names import place_name
from compplan.review import (
    GUIDES,
    NOT_ADVICE,
    PROFILE_SUMMARIES,
    PROFILES,
    AppliedFix,
    Element,
    Finding,
    Profile,
    Review,
    Rule,
    Severity,
    evidence_text,
    rules,
    severity_under,
)
from compplan.review.profiles import guide
from compplan.review.reports import line_at, lines_of
from compplan.ui.widgets.findings import GRADE_MEANING, SEVERITY_WORDS, counts_text
from compplan.ui.widgets.html import KeyFigure

# Mark, CSS class and word of each stance.
_STANCES: dict[Stance | None, tuple[str, str, str]] = {
    "pay": ("✓", "recommend", "recommends"),
    "conditional": ("~", "conditional", "conditional"),
    "avoid": ("✕", "avoid", "avoids"),
    None: ("·", "silent", "no view"),
}
_CONTEXT_LINES = 2  # lines of the plan file before and after a place


def key_figures(review: Review) -> tuple[KeyFigure, ...]:
    """The figures at the top of the page."""
    counts, meaning = review.counts, GRADE_MEANING[review.grade]
    return (
        KeyFigure("Grade", review.grade, meaning, hint=meaning),
        KeyFigure("Errors", str(counts["error"]), "fix before launch", red=counts["error"] > 0),
        KeyFigure("Warnings", str(counts["warning"]), "change or explain", amber=counts["warning"] > 0),
        KeyFigure("Notes", str(counts["info"]), "good to know"),
        KeyFigure("Open questions", str(len(review.unanswered)), "not part of the grade"),
    )


def verdict(review: Review) -> str:
    """The grade in a sentence, with the day and the guide that it holds for."""
    day = f"{review.today:%B} {review.today.day}, {review.today.year}"
    return (
        f"Grade {review.grade} ({GRADE_MEANING[review.grade]}) on {day}, following {guide(GUIDES[review.profile])}. "
        "Open questions are not part of the grade."
    )


def finding_html(finding: Finding, plan: Plan) -> str:
    """A finding: what is wrong, what is recommended, who says so and who disagrees."""
    rule, source = rules()[finding.rule], facts.source(finding.source)
    label = html.escape(source.label)
    cited = f'<a href="{html.escape(source.url)}" rel="noreferrer">{label}</a>' if source.url else label
    care = f' title="{html.escape(source.care)}"' if source.care else ""
    extra = ""
    if finding.dissent:
        extra += f"<p><b>Other views:</b> {html.escape(finding.dissent)}</p>"
    if finding.as_of:
        extra += f"<p><b>Facts as of {html.escape(finding.as_of)}.</b> {NOT_ADVICE}</p>"
    return (
        f'<article class="cp-finding cp-is-{finding.severity}">'
        f"<h4><em>{SEVERITY_WORDS[finding.severity]}</em> {html.escape(finding.message)} "
        f"<code>{finding.rule}</code></h4>"
        f"<p><b>Recommended:</b> {html.escape(rule.title)}.</p>"
        f'<p class="cp-quiet"{care}>{html.escape(rule.why)} {cited}; '
        f"{html.escape(evidence_text(finding.rule))}.</p>{extra}{plan_lines_html(finding.place, plan)}</article>"
    )


def plan_lines_html(path: str, plan: Plan) -> str:
    """The lines of the plan file around a path, its own line marked; empty for the whole plan and for answers."""
    if not path or path.startswith("context"):
        return ""
    text = plan.to_yaml()
    index = line_at(lines_of(text), path) - 1
    lines = text.splitlines()
    first, last = max(0, index - _CONTEXT_LINES), min(len(lines), index + _CONTEXT_LINES + 1)
    shown = "\n".join(
        f"<mark>{html.escape(line)}</mark>" if n == index else html.escape(line)
        for n, line in enumerate(lines[first:last], start=first)
    )
    return (
        f'<details class="cp-place"><summary>{html.escape(place_name(path, plan))}, line {index + 1} of the plan file'
        f"</summary><pre>{shown}</pre></details>"
    )


def fix_table(review: Review, fixed: AppliedFix) -> str:
    """What a fix changes in the plan, and the review before and after it."""
    rows = [(change.where, change.before, change.now) for change in changes(review.plan, fixed.plan)]
    payouts = ("–" if each.at_target is None else formats.percent(each.at_target, 1) for each in (review, fixed.review))
    grades = (f"{each.grade}: {counts_text(each)}" for each in (review, fixed.review))
    rows += [("Payout at target", *payouts), ("Grade", *grades)]
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return (
        '<table class="cp-statement cp-words"><thead><tr><th>Setting</th><th>Before</th><th>After</th></tr></thead>'
        f'<tbody>{body}</tbody></table><p class="cp-quiet">{fix_effect(review, fixed)}</p>'
    )


def fix_effect(review: Review, fixed: AppliedFix) -> str:
    """Which rules a fix clears, and which find something only after it."""
    # Counted by rule: where a component is removed, the paths of the others change.
    before = Counter(finding.rule for finding in review.findings)
    after = Counter(finding.rule for finding in fixed.review.findings)
    cleared, added = (", ".join(sorted(rules)) for rules in (before - after, after - before))
    return f"Fixes {cleared or 'nothing'}; {f'adds {added}' if added else 'no new findings'}."


def applied_html(before: Review, fixed: AppliedFix) -> str:
    """A notice that a fix was applied, with what it changed."""
    title = html.escape(fixed.fix.title)
    return f'<p class="cp-notice" role="status">Applied: {title}.</p>{fix_table(before, fixed)}'


def compare_headline(grades: str) -> str:
    """The grades with two guides."""
    return f'<p class="cp-headline">{html.escape(grades[:1].upper() + grades[1:])}.</p>'


def profile_changes(review: Review, other: Review) -> str:
    """Findings that have another severity with another guide, as a table; a sentence if there are none."""
    severities: dict[tuple[str, str], Severity] = {(f.rule, f.place): f.severity for f in other.findings}
    rows = [
        f"<tr><td>{finding.rule}</td><td>{html.escape(finding.message)}</td>"
        f"<td>{SEVERITY_WORDS[severity]}</td><td>{SEVERITY_WORDS[finding.severity]}</td></tr>"
        for finding in review.findings
        if (severity := severities.get((finding.rule, finding.place))) is not None and severity != finding.severity
    ]
    name = html.escape(guide(GUIDES[other.profile]))
    if not rows:
        return f'<p class="cp-quiet">Every finding has the same severity with {name}.</p>'
    return (
        f'<table class="cp-statement cp-words"><thead><tr><th>Rule</th><th>Finding</th><th>{name}</th>'
        f"<th>{html.escape(guide(GUIDES[review.profile]))}</th></tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def profile_name(profile: Profile) -> str:
    """A profile by the guide it follows."""
    return f"{guide(GUIDES[profile])}: {profile.replace('_', ' ')}"


def profile_about(profile: Profile) -> str:
    """A sentence about a profile."""
    return PROFILE_SUMMARIES[profile]


def measures_table(elements: Sequence[Element], paid: set[str]) -> str:
    """What five guides say about paying on each measure, with their reasons; measures in `paid` are marked."""
    head = "".join(f"<th>{html.escape(guide(GUIDES[profile]))}</th>" for profile in PROFILES)
    rows: list[str] = []
    for element in elements:
        cells: list[str] = []
        for profile in PROFILES:
            mark, name, word = _STANCES[element.stance(profile)]
            view = next((view for view in element.views if view.source == GUIDES[profile]), None)
            title = f' title="{html.escape(view.condition)}"' if view and view.condition else ""
            cells.append(f'<td class="cp-stance-{name}"{title}><b aria-hidden="true">{mark}</b> {word}</td>')
        reasons = "".join(
            f"<li><b>{html.escape(guide(view.source))}</b> "
            f"{html.escape(' '.join(text for text in (view.condition, view.pro, view.con) if text))}</li>"
            for view in element.views
        )
        here = ' <span class="cp-here">in this plan</span>' if element.measure in paid else ""
        rows.append(
            f"<tr><td><details><summary>{html.escape(element.name)}{here}</summary><ul>{reasons}</ul></details></td>"
            f"{''.join(cells)}</tr>"
        )
    return (
        '<div class="cp-across"><table class="cp-statement cp-words cp-elements">'
        f"<thead><tr><th>Measure</th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def rules_table(chosen: Sequence[Rule], review: Review) -> str:
    """Rules with their result for the plan."""
    violated = {finding.rule for finding in review.findings}
    waiting = {rule for unanswered in review.unanswered for rule in unanswered.rules}

    def result(rule: Rule) -> str:
        if rule.on_reading:
            return "on reading"
        if rule.id in violated:
            return "finding"
        if rule.id in waiting:
            return "needs an answer"
        if rule.id in review.stale:
            return "facts too old"
        return "passes" if rule.id in review.clear else "not checked"

    rows = "".join(
        f'<tr><td>{rule.id}</td><td title="{html.escape(rule.why)}">{html.escape(rule.title)}</td>'
        f"<td>{SEVERITY_WORDS[severity_under(rule, review.profile)]}</td><td>{rule.evidence_level}</td>"
        f"<td>{html.escape(facts.source(rule.source).label)}</td><td>{result(rule)}</td></tr>"
        for rule in chosen
    )
    return (
        '<div class="cp-across"><table class="cp-statement cp-words"><thead><tr><th>Rule</th>'
        "<th>Recommendation</th><th>Severity</th><th>Evidence</th><th>Source</th><th>This plan</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
