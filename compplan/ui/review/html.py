"""Pieces of the review that are only shown: cards, findings, places in the plan, the element table."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence

from compplan import facts, formats
from compplan.measures import Stance
from compplan.plan import Plan
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
from compplan.store import changes
from compplan.ui.widgets.html import KeyFigure

MEANING = {
    "A": "no error and no warning",
    "B": "one or two warnings",
    "C": "more than two warnings",
    "D": "one error",
    "E": "more than one error",
}
_WORDS: dict[Severity, str] = {"error": "Error", "warning": "Warning", "info": "Note"}
_STANCE: dict[Stance | None, tuple[str, str]] = {
    "pay": ("✓", "recommend"),
    "conditional": ("~", "conditional"),
    "avoid": ("✕", "avoid"),
    None: ("·", "silent"),
}
WORST = 3
_AROUND = 2  # lines of the plan shown before and after a place


def counted(seen: Review) -> str:
    """Errors, warnings and notes in words; what there is none of is left out.

    Examples
    --------
    >>> import datetime as dt
    >>> from compplan import templates
    >>> from compplan.review import review
    >>> counted(review(templates.load("posthog-csm-v3"), today=dt.date(2026, 6, 1)))
    '3 warnings'
    """
    told = [
        f"{count} {severity}{'' if count == 1 else 's'}"
        for severity, count in seen.counts.items()
        if count and severity != "info"
    ]
    return ", ".join(told) or "no errors, no warnings"


def card(seen: Review, before: Review | None = None) -> KeyFigure:
    """The review as the fifth figure of the designer."""
    worst = next((f for f in seen.findings if f.severity != "info"), None)
    value, *rest = counted(seen).split(", ")  # the worst in large, the rest beneath it: a figure has one short line
    title = worst.message.rstrip(".") if worst else f"{len(seen.unanswered)} questions open"
    told = f"{', '.join(rest)} · {title}" if rest else title
    earlier = counted(before) if before else ""
    was = f"was {earlier.split(', ')[0]}" if earlier and earlier.split(", ")[0] != value else ""
    hint = (
        f"{counted(seen)}{f', was {earlier}' if earlier and earlier != counted(seen) else ''}. {title}. "
        f"Grade {seen.grade}: {MEANING[seen.grade]}, following {guide(GUIDES[seen.profile])}. "
        f"{len(seen.unanswered)} questions are open; the grade says nothing of them. See Review."
    )
    return KeyFigure("Review", value, told, was, seen.counts["warning"] > 0, hint, red=seen.counts["error"] > 0)


def cards(seen: Review) -> tuple[KeyFigure, ...]:
    """The figures at the head of the review page."""
    counts = seen.counts
    return (
        KeyFigure("Grade", seen.grade, MEANING[seen.grade], hint=MEANING[seen.grade]),
        KeyFigure("Errors", str(counts["error"]), "not as it is meant", red=counts["error"] > 0),
        KeyFigure("Warnings", str(counts["warning"]), "worth a change or a reason", amber=counts["warning"] > 0),
        KeyFigure("Notes", str(counts["info"]), "to know of"),
        KeyFigure("Questions open", str(len(seen.unanswered)), "the grade says nothing of them"),
    )


def verdict(seen: Review) -> str:
    """The grade in a sentence, with the day and the guide that it holds for."""
    day = f"{seen.today.day} {seen.today:%B %Y}"
    return (
        f"Grade {seen.grade}: {MEANING[seen.grade]}, on {day}, following {guide(GUIDES[seen.profile])}. "
        "It says nothing of what is unanswered."
    )


def finding_html(finding: Finding, plan: Plan) -> str:
    """A finding: what is wrong, with whom, and who disagrees."""
    rule, source = rules()[finding.rule], facts.source(finding.source)
    label = html.escape(source.label)
    cited = f'<a href="{html.escape(source.url)}" rel="noreferrer">{label}</a>' if source.url else label
    care = f' title="{html.escape(source.care)}"' if source.care else ""
    extra = ""
    if finding.dissent:
        extra += f"<p><b>Others</b> {html.escape(finding.dissent)}</p>"
    if finding.as_of:
        extra += f"<p><b>Facts of {html.escape(finding.as_of)}</b> {NOT_ADVICE}</p>"
    return (
        f'<article class="cp-finding cp-is-{finding.severity}">'
        f"<h4><em>{_WORDS[finding.severity]}</em> {html.escape(finding.message)} <code>{finding.rule}</code></h4>"
        f"<p><b>Should be</b> {html.escape(rule.title)}.</p>"
        f'<p class="cp-quiet"{care}>{html.escape(rule.why)} {cited}; '
        f"{html.escape(evidence_text(finding.rule))}.</p>{extra}{place_html(finding.place, plan)}</article>"
    )


def worst(seen: Review) -> tuple[Finding, ...]:
    """The findings that the designer shows: errors and warnings, the worst first."""
    return tuple(f for f in seen.findings if f.severity != "info")[:WORST]


def brief(finding: Finding) -> tuple[str, str, str, str]:
    """A finding in one line: how it weighs, in a word too; what is wrong; its rule."""
    return finding.severity, _WORDS[finding.severity], finding.message, finding.rule


def brief_html(finding: Finding | None, turn: int) -> str:
    """A finding in one line, its reasons one hover away; the room of one where there is none.

    The browser writes other words into it while a slider moves; `turn` makes it new to the page each time it is sent.
    """
    if finding is None:
        return f'<p class="cp-finding cp-is-none" data-turn="{turn}"><b></b> <span></span> <code></code></p>'
    rule = rules()[finding.rule]
    title = html.escape(f"{rule.title}. {rule.why} {facts.source(finding.source).label}. {finding.dissent}".strip())
    severity, word, message, name = brief(finding)
    return (
        f'<p class="cp-finding cp-is-{severity}" title="{title}" data-turn="{turn}"><b>{word}</b> '
        f"<span>{html.escape(message)}</span> <code>{name}</code></p>"
    )


def place_html(place: str, plan: Plan) -> str:
    """The lines of the plan about a place, with its own line marked; nothing for the whole plan or the context."""
    if not place or place.startswith("context"):
        return ""
    text = plan.to_yaml()
    at = line_at(lines_of(text), place) - 1
    lines = text.splitlines()
    first, last = max(0, at - _AROUND), min(len(lines), at + _AROUND + 1)
    shown = "\n".join(
        f"<mark>{html.escape(line)}</mark>" if n == at else html.escape(line)
        for n, line in enumerate(lines[first:last], start=first)
    )
    return (
        f'<details class="cp-place"><summary>In the plan: <code>{html.escape(place)}</code>, line {at + 1}</summary>'
        f"<pre>{shown}</pre></details>"
    )


def fixed_html(seen: Review, fixed: AppliedFix) -> str:
    """What a fix changes, and what the review says then."""
    rows = "".join(
        f"<tr><td>{html.escape(change.where)}</td><td>{html.escape(change.before)}</td>"
        f"<td>{html.escape(change.now)}</td></tr>"
        for change in changes(seen.plan, fixed.plan)
    )
    before, after = seen.at_target, fixed.review.at_target
    pays = [formats.percent(x, 1) if x is not None else "–" for x in (before, after)]
    return (
        '<table class="cp-statement cp-words"><thead><tr><th>Place</th><th>Before</th><th>After</th></tr></thead>'
        f"<tbody>{rows}<tr><td>Pays at target</td><td>{pays[0]}</td><td>{pays[1]}</td></tr>"
        f"<tr><td>Review</td><td>{seen.grade}: {counted(seen)}</td>"
        f"<td>{fixed.review.grade}: {counted(fixed.review)}</td></tr></tbody></table>"
        f'<p class="cp-quiet">{effect(seen, fixed)}</p>'
    )


def effect(seen: Review, fixed: AppliedFix) -> str:
    """Which rules a fix clears, and which find something only after it."""
    # By rule, not by place: where a component goes, the places of the others move up.
    was, now = Counter(f.rule for f in seen.findings), Counter(f.rule for f in fixed.review.findings)
    return f"Clears {_named(was - now)}. Raises {_named(now - was)}."


def _named(found: Counter[str]) -> str:
    return ", ".join(sorted(found)) or "nothing"


def profile_changes(seen: Review, other: Review) -> str:
    """What weighs otherwise under another profile, as a table; a sentence where nothing does."""
    before: dict[tuple[str, str], Severity] = {(f.rule, f.place): f.severity for f in other.findings}
    rows = [
        f"<tr><td>{f.rule}</td><td>{html.escape(f.message)}</td><td>{_WORDS[old]}</td>"
        f"<td>{_WORDS[f.severity]}</td></tr>"
        for f in seen.findings
        if (old := before.get((f.rule, f.place))) is not None and old != f.severity
    ]
    name = html.escape(guide(GUIDES[other.profile]))
    if not rows:
        return f'<p class="cp-quiet">Nothing weighs otherwise than under {name}.</p>'
    return (
        f'<table class="cp-statement cp-words"><thead><tr><th>Rule</th><th></th><th>{name}</th>'
        f"<th>{html.escape(guide(GUIDES[seen.profile]))}</th></tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def profile_name(profile: Profile) -> str:
    """A profile by its guide."""
    return f"{guide(GUIDES[profile])}: {profile.replace('_', ' ')}"


def profile_about(profile: Profile) -> str:
    """A line about a profile."""
    return PROFILE_SUMMARIES[profile]


def elements_html(elements: Sequence[Element], paid: set[str]) -> str:
    """What the five guides say of each element, the reasons one step further; what the plan pays on is marked."""
    head = "".join(f"<th>{html.escape(guide(GUIDES[p]))}</th>" for p in PROFILES)
    rows: list[str] = []
    for element in elements:
        cells: list[str] = []
        for profile in PROFILES:
            mark, word = _STANCE[element.stance(profile)]
            said = next((v for v in element.views if v.source == GUIDES[profile]), None)
            title = f' title="{html.escape(said.condition)}"' if said and said.condition else ""
            cells.append(f'<td class="cp-stance-{word}"{title}><b aria-hidden="true">{mark}</b> {word}</td>')
        reasons = "".join(
            f"<li><b>{html.escape(guide(v.source))}</b> "
            f"{html.escape(' '.join(x for x in (v.condition, v.pro, v.con) if x))}</li>"
            for v in element.views
        )
        here = ' <span class="cp-here">in this plan</span>' if element.measure in paid else ""
        rows.append(
            f"<tr><td><details><summary>{html.escape(element.name)}{here}</summary><ul>{reasons}</ul></details></td>"
            f"{''.join(cells)}</tr>"
        )
    return (
        '<div class="cp-across"><table class="cp-statement cp-words cp-elements">'
        f"<thead><tr><th>Element</th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def rules_html(chosen: Sequence[Rule], seen: Review) -> str:
    """Rules as a table, each with what it said of the plan."""
    found = {f.rule for f in seen.findings}
    waiting = {rule for u in seen.unanswered for rule in u.rules}

    def said(rule: Rule) -> str:
        if rule.on_reading:
            return "on reading"
        if rule.id in found:
            return "found"
        if rule.id in waiting:
            return "not answered"
        if rule.id in seen.stale:
            return "facts too old"
        return "clear" if rule.id in seen.clear else "left out"

    rows = "".join(
        f'<tr><td>{r.id}</td><td title="{html.escape(r.why)}">{html.escape(r.title)}</td>'
        f"<td>{_WORDS[severity_under(r, seen.profile)]}</td><td>{r.evidence_level}</td>"
        f"<td>{html.escape(facts.source(r.source).label)}</td><td>{said(r)}</td></tr>"
        for r in chosen
    )
    return (
        '<div class="cp-across"><table class="cp-statement cp-words"><thead><tr><th>Rule</th>'
        "<th>A plan should be like this</th><th>Weighs</th><th>Evidence</th><th>Source</th><th>Here</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
