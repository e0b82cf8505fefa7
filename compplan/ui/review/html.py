"""The review as HTML: figures, findings, previews of fixes, measures by guide, rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

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
from compplan.ui.templates import render
from compplan.ui.widgets.findings import GRADE_MEANING, SEVERITY_WORDS, counts_text
from compplan.ui.widgets.html import KeyFigure

# Mark, CSS class and word of each stance.
_STANCES: dict[Stance | None, tuple[str, str, str]] = {
    "pay": ("✓", "recommend", "recommends"),
    "conditional": ("~", "conditional", "conditional"),
    "avoid": ("✕", "avoid", "avoids"),
    None: ("·", "silent", "no view"),
}
_CONTEXT_LINES = 2  # lines of the plan before and after a place


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
    rule = rules()[finding.rule]
    return render(
        "review.finding",
        finding,
        SEVERITY_WORDS[finding.severity],
        rule.title,
        rule.why,
        facts.source(finding.source),
        evidence_text(finding.rule, meaning=False),
        NOT_ADVICE,
        plan_lines_html(finding.place, plan),
    )


def plan_lines_html(path: str, plan: Plan) -> str:
    """The lines of the plan as YAML around a path, its own line marked; empty for the whole plan and for answers."""
    if not path or path.startswith("context"):
        return ""
    text = plan.to_yaml()
    index = line_at(lines_of(text), path) - 1
    lines = text.splitlines(keepends=True)
    before = "".join(lines[max(0, index - _CONTEXT_LINES) : index])
    after = "".join(lines[index + 1 : index + 1 + _CONTEXT_LINES]).rstrip("\n")
    line = lines[index].rstrip("\n")
    return render("review.plan_lines", place_name(path, plan), before, line, f"\n{after}" if after else "")


def fix_table(review: Review, fixed: AppliedFix) -> str:
    """What a fix changes in the plan, and the review before and after it."""
    rows = [(change.where, change.before, change.now) for change in changes(review.plan, fixed.plan)]
    payouts = ("–" if each.at_target is None else formats.percent(each.at_target, 1) for each in (review, fixed.review))
    grades = (f"{each.grade}: {counts_text(each)}" for each in (review, fixed.review))
    rows += [("Payout at target", *payouts), ("Grade", *grades)]
    table = render("review.table", ("Setting", "Before", "After"), rows, across=False)
    return table + render("widgets.quiet", fix_effect(review, fixed))


def fix_effect(review: Review, fixed: AppliedFix) -> str:
    """Which rules a fix clears, and which find something only after it."""
    # Counted by rule: where a component is removed, the paths of the others change.
    before = Counter(finding.rule for finding in review.findings)
    after = Counter(finding.rule for finding in fixed.review.findings)
    cleared, added = (", ".join(sorted(rules)) for rules in (before - after, after - before))
    return f"Fixes {cleared or 'nothing'}; {f'adds {added}' if added else 'no new findings'}."


def applied_html(before: Review, fixed: AppliedFix) -> str:
    """A notice that a fix was applied, with what it changed."""
    return render("widgets.message", "notice", f"Applied: {fixed.fix.title}.", "status") + fix_table(before, fixed)


def compare_headline(grades: str) -> str:
    """The grades with two guides."""
    return render("review.headline", f"{grades[:1].upper()}{grades[1:]}.")


def profile_changes(review: Review, other: Review) -> str:
    """Findings that have another severity with another guide, as a table; a sentence if there are none."""
    severities: dict[tuple[str, str], Severity] = {(f.rule, f.place): f.severity for f in other.findings}
    rows = [
        (finding.rule, finding.message, SEVERITY_WORDS[severity], SEVERITY_WORDS[finding.severity])
        for finding in review.findings
        if (severity := severities.get((finding.rule, finding.place))) is not None and severity != finding.severity
    ]
    name = guide(GUIDES[other.profile])
    if not rows:
        return render("widgets.quiet", f"Every finding has the same severity with {name}.")
    return render("review.table", ("Rule", "Finding", name, guide(GUIDES[review.profile])), rows, across=False)


def profile_name(profile: Profile) -> str:
    """A profile by the guide it follows."""
    return f"{guide(GUIDES[profile])}: {profile.replace('_', ' ')}"


def profile_about(profile: Profile) -> str:
    """A sentence about a profile."""
    return PROFILE_SUMMARIES[profile]


def measures_table(elements: Sequence[Element], paid: set[str]) -> str:
    """What five guides say about paying on each measure, with their reasons; measures in `paid` are marked."""
    rows = [
        {
            "name": element.name,
            "paid": element.measure in paid,
            "stances": [_stance(element, profile) for profile in PROFILES],
            "reasons": [
                (guide(view.source), " ".join(text for text in (view.condition, view.pro, view.con) if text))
                for view in element.views
            ],
        }
        for element in elements
    ]
    return render("review.measures", [guide(GUIDES[profile]) for profile in PROFILES], rows)


def _stance(element: Element, profile: Profile) -> dict[str, str]:
    """What the guide of a profile says about a measure."""
    mark, kind, word = _STANCES[element.stance(profile)]
    view = next((view for view in element.views if view.source == GUIDES[profile]), None)
    return {"mark": mark, "kind": kind, "word": word, "condition": view.condition if view else ""}


def rules_table(chosen: Sequence[Rule], review: Review) -> str:
    """Rules with their result for the plan."""
    violated = {finding.rule for finding in review.findings}
    waiting = {rule for unanswered in review.unanswered for rule in unanswered.rules}

    def result(rule: Rule) -> str:
        if rule.on_reading:
            return "always enforced"
        if rule.id in violated:
            return "finding"
        if rule.id in waiting:
            return "needs an answer"
        if rule.id in review.stale:
            return "facts too old"
        return "passes" if rule.id in review.clear else "not checked"

    rows = [
        (
            rule.id,
            Markup(render("review.hint", rule.title, rule.why)),
            SEVERITY_WORDS[severity_under(rule, review.profile)],
            rule.evidence_level,
            facts.source(rule.source).label,
            result(rule),
        )
        for rule in chosen
    ]
    return render(
        "review.table", ("Rule", "Recommendation", "Severity", "Evidence", "Source", "This plan"), rows, across=True
    )
