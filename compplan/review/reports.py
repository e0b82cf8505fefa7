"""Reports of a review: plain data, text, and Markdown for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeGuard, cast

import compplan
from compplan import facts
from compplan._moved import forward_names
from compplan.errors import DIRECTION_CONTROLS, CompPlanError, Problem
from compplan.plan import Plan, files, paths
from compplan.plan.files import lines_of
from compplan.plan.place_names import place_name, problem_text
from compplan.review.catalog import evidence_legend, evidence_text, rules
from compplan.review.findings import Finding, Severity
from compplan.review.profiles import GUIDES, guide
from compplan.review.run import NOT_ADVICE, Review

_MARKS = re.compile(r"[\\`*_{}\[\]()<>#+!|~]")
# Code hosts turn these into mentions and links.
_CALLS = re.compile(r"@|://|www(?=\.)", re.IGNORECASE)
_APART = "<!-- -->"
# Control characters and those that change the reading direction.
_UNSEEN = re.compile(rf"[\x00-\x1f\x7f-\x9f{DIRECTION_CONTROLS}]")
# Where YAML or JSON cannot be read: the line, and the column where it is known.
_LINE = re.compile(r"Line (\d+)(?:, column (\d+))?: ")
_WORDS: dict[Severity, str] = {"error": "Error", "warning": "Warning", "info": "Note"}


# Plain data


def to_dict(result: Review) -> dict[str, Any]:
    """Return a review as plain data, with every fix that works.

    Examples
    --------
    >>> import datetime as dt
    >>> from compplan import templates
    >>> from compplan.review import review
    >>> data = to_dict(review(templates.load("knowup-csat-weighted"), today=dt.date(2026, 6, 1)))
    >>> data["at_target_fraction"], data["review_grade"], data["findings"][0]["rule"]
    (1.0, 'C', 'INT-11')
    """
    return {
        "at_target_fraction": result.at_target,
        "findings": [finding_dict(finding, result) for finding in result.findings],
        "unanswered": [{"question": u.question, "text": u.text, "rules": list(u.rules)} for u in result.unanswered],
        "profile": result.profile,
        "review_grade": result.grade,
        "counts": dict(result.counts),
        "ignored": list(result.ignored),
        "stale": list(result.stale),
        "plan_hash": result.plan.hash,
        "version": compplan.__version__,
        "today": result.today.isoformat(),
    }


def finding_dict(finding: Finding, result: Review | None = None) -> dict[str, Any]:
    """Return a finding as plain data; with its review, also the fix if one works."""
    data: dict[str, Any] = {
        "rule": finding.rule,
        "severity": finding.severity,
        "place": finding.place,
        "message": finding.message,
        "source": finding.source,
        "grade": finding.evidence_level,
        "dissent": finding.dissent,
        "fix": None,
        "title": rules()[finding.rule].title,
        "source_label": facts.source(finding.source).label,
        "numbers": dict(finding.numbers),
    }
    if finding.as_of:
        data |= {"as_of": finding.as_of, "not_advice": NOT_ADVICE}
    fixed = result.fix(finding) if result else None
    if result and fixed:
        data["fix"] = {"title": fixed.fix.title, "changes": value_changes(result.plan, fixed.plan)}
    return data


def value_changes(before: Plan, now: Plan) -> list[dict[str, Any]]:
    """List the values in which two plans differ, by path.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("flowfuse-csm")
    >>> value_changes(plan, plan.edit({"pay.base": 90000}))[0]
    {'path': 'pay.base', 'before': 120000, 'after': 90000}
    """
    rows: list[dict[str, Any]] = []
    _compare(before.to_dict(), now.to_dict(), (), rows)
    return [change for change in rows if not str(change["path"]).startswith("about")]


def _compare(before: Any, now: Any, place: tuple[str | int, ...], rows: list[dict[str, Any]]) -> None:
    if before == now:
        return
    if isinstance(before or {}, dict) and isinstance(now or {}, dict):
        before, now = before or {}, now or {}  # an added or removed part is listed value by value
    if isinstance(before, dict) and isinstance(now, dict):
        old, new = cast("dict[str, Any]", before), cast("dict[str, Any]", now)
        for key in dict.fromkeys([*old, *new]):
            _compare(old.get(key), new.get(key), (*place, key), rows)
    elif _parts(before) and _parts(now) and len(before) == len(now):
        for i, (old, new) in enumerate(zip(before, now, strict=True)):
            _compare(old, new, (*place, i), rows)
    else:
        rows.append({"path": paths.join(place), "before": before, "after": now})


def _parts(value: Any) -> TypeGuard[list[dict[str, Any]]]:
    """Whether a value is a list of mappings, such as components, rather than curve points."""
    items = cast("list[Any]", value) if isinstance(value, list) else []
    return bool(items) and all(isinstance(item, dict) for item in items)


# For people


def to_text(result: Review, name: str = "", text: str = "", *, questions: bool = True) -> str:
    """Return a review as text for a terminal: the summary, the findings and the unanswered questions.

    Parameters
    ----------
    result : Review
    name, text : str, optional
        Path and content of the plan file. With them each finding starts with the file and line, as editors expect.
    questions : bool
        Whether to list the unanswered questions; the summary counts them in any case.
    """
    lines = [summary_line(result)]
    places = lines_of(text)
    for finding in result.findings:
        head, *rest = _finding_lines(finding, result)
        lines += [f"{at_line(name, places, finding.place)}{head}", *rest]
    if result.findings:
        lines.append(evidence_legend(result.findings))
    if result.unanswered and questions:
        lines.append("Unanswered questions, each with the rules that need the answer:")
        lines += [f"  {u.question}: {u.text} ({', '.join(u.rules)})" for u in result.unanswered]
    return "\n".join(lines)


def finding_line(finding: Finding, plan: Plan) -> str:
    """Return severity, rule, place and message of a finding as one line.

    Examples
    --------
    >>> from compplan import templates
    >>> finding_line(Finding("INT-11", "warning", "components[0].curve", "Pay jumps."), templates.load("flowfuse-csm"))
    'Warning INT-11 (NRR curve): Pay jumps.'
    """
    place = shown_place(finding.place, plan)
    return _line(f"{_WORDS[finding.severity]} {finding.rule}{f' ({place})' if place else ''}: {finding.message}")


def shown_place(place: str, plan: Plan) -> str:
    """Return the name that people know for a place of a plan; answers of a context keep their keys."""
    answer = place.removeprefix("context.")
    return f"answer to {answer}" if answer != place else place_name(place, plan) if place else ""


def _finding_lines(finding: Finding, result: Review) -> list[str]:
    rule = rules()[finding.rule]
    source = facts.source(finding.source)
    lines = [
        finding_line(finding, result.plan),
        f"    Recommended: {rule.title}. {source.label}; {evidence_text(rule.id, meaning=False)}.",
    ]
    if finding.dissent:
        lines.append(f"    Other views: {finding.dissent}")
    if finding.as_of:
        lines.append(f"    Facts as of {finding.as_of}. {NOT_ADVICE}")
    fixed = result.fix(finding)
    if fixed:
        lines.append(f"    Fix: {fixed.fix.title}.")
    return [
        " " * (len(line) - len(line.lstrip(" "))) + _line(line) for line in lines
    ]  # a line break in a name must not start a new line


def summary_line(result: Review) -> str:
    """Return grade, counts and profile in one line."""
    counts = [(_WORDS[severity].lower(), n) for severity, n in result.counts.items()]
    counts.append(("unanswered question", len(result.unanswered)))
    listed = ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for word, n in counts)
    return (
        f"Review: grade {result.grade} ({listed}), following {guide(GUIDES[result.profile])}, profile "
        f"{result.profile}, on {result.today.isoformat()}."
    )


def refused_text(problems: Iterable[Problem], name: str = "", text: str = "") -> list[str]:
    """Return problems of a plan that cannot be read, one line each: file and line, the place by name, and the rule."""
    places, data = lines_of(text), _data_of(text)
    lines: list[str] = []
    for problem in problems:
        rule = f" [{problem.rule}]" if problem.rule else ""
        line = _LINE.match(problem.message)
        if name and problem.where and Path(problem.where) == Path(name):
            lines.append(f"{name}: {problem.message}{rule}")
        elif name and not problem.where and line:
            lines.append(f"{name}:{line[1]}{f':{line[2]}' if line[2] else ''}: {problem.message[line.end() :]}{rule}")
        else:
            start = at_line(name, places, problem.where) if text else f"{name}: " if name else ""
            lines.append(f"{start}{problem_text(problem, data)}{rule}")
    return lines


def _data_of(text: str) -> dict[str, Any] | None:
    """Return the plain data of a plan's text; None if it is not readable."""
    try:
        data = files.read_yaml(text)
    except CompPlanError:
        return None
    return cast("dict[str, Any]", data) if isinstance(data, dict) else None


def at_line(name: str, places: Mapping[str, int], place: str) -> str:
    """Return the ``file:line: `` prefix, or nothing without a file."""
    return f"{name}:{line_at(places, place)}: " if name else ""


def markdown(name: str, result: Review) -> str:
    """Return a review as Markdown for a pull request comment. Text from the plan cannot become markup.

    Examples
    --------
    >>> import datetime as dt
    >>> from compplan import templates
    >>> from compplan.review import review
    >>> print(markdown("plan.yaml", review(templates.load("flowfuse-csm"), today=dt.date(2026, 6, 1))).splitlines()[0])
    ### Review of plan.yaml: grade C
    """
    lines = [f"### Review of {escaped(name)}: grade {result.grade}", "", f"{escaped(summary_line(result))}", ""]
    if result.findings:
        lines += ["| | Rule | Setting | Finding | Source | Fix |", "|---|---|---|---|---|---|"]
    for finding in result.findings:
        fixed = result.fix(finding)
        message = finding.message + (f" Other views: {finding.dissent}" if finding.dissent else "")
        if finding.as_of:
            message += f" Facts as of {finding.as_of}. {NOT_ADVICE}"
        source = f"{facts.source(finding.source).label}, {evidence_text(finding.rule, meaning=False)}"
        cells = (
            _WORDS[finding.severity], finding.rule, shown_place(finding.place, result.plan), message, source,
            fixed.fix.title if fixed else "",
        )  # fmt: skip
        lines.append(f"| {' | '.join(escaped(cell) for cell in cells)} |")
    if result.findings:
        lines += ["", escaped(evidence_legend(result.findings))]
    if result.unanswered:
        lines += ["", f"<details><summary>{len(result.unanswered)} questions unanswered</summary>", ""]
        lines += [f"- {escaped(u.question)}: {escaped(u.text)} ({', '.join(u.rules)})" for u in result.unanswered]
        lines += ["", "</details>"]
    return "\n".join(lines)


def escaped(text: str) -> str:
    r"""Escape text for Markdown: one line, no markup, no mentions, no links, no invisible characters.

    Examples
    --------
    >>> print(escaped("a|b <i> @all"))
    a\|b \<i\> @<!-- -->all
    """
    plain = _MARKS.sub(r"\\\g<0>", _line(text))
    return _CALLS.sub(lambda match: f"{match[0][:1]}{_APART}{match[0][1:]}", plain)


def _line(text: str) -> str:
    return _UNSEEN.sub("", " ".join(text.split()))


def line_at(lines: Mapping[str, int], place: str) -> int:
    """Return the line of a place or of its nearest parent; 1 if there is none."""
    try:
        steps = paths.parse(place) if place else ()
    except LookupError:
        return 1
    while steps:
        line = lines.get(paths.join(steps))
        if line:
            return line
        steps = steps[:-1]
    return 1


__getattr__ = forward_names(__name__)
