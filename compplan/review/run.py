"""Run every rule of the rule book on one plan."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from compplan.errors import CompPlanError, Problem
from compplan.plan import Plan
from compplan.review.catalog import rules
from compplan.review.context import Context, question_text
from compplan.review.findings import SEVERITIES, Finding, Fix, Issue, Question, Severity, softer
from compplan.review.profiles import Profile
from compplan.review.registry import Rule
from compplan.review.settings import Settings
from compplan.review.subject import Subject

STALE = "LAW-10"
NOT_ADVICE = "Not legal, tax or accounting advice."


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An unanswered question of the context, and the rules waiting for it.

    Attributes
    ----------
    question : str
        Path into the context.
    text : str
        The question as people read it.
    rules : tuple of str
    """

    question: str
    text: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Review:
    """The result of a review.

    Attributes
    ----------
    plan : Plan
    context : Context
    settings : Settings
    today : date
    findings : tuple of Finding
        Most severe first; within a severity in the order of the rule book.
    unanswered : tuple of Unanswered
        Questions that rules need answered.
    clear : tuple of str
        Rules that found no issue.
    ignored, stale : tuple of str
        Rules that the settings ignore, and rules with facts that are too old.
    at_target : float or None
        Fraction of target variable that the plan pays at target.
    """

    plan: Plan
    context: Context
    settings: Settings
    today: dt.date
    findings: tuple[Finding, ...]
    unanswered: tuple[Unanswered, ...]
    clear: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    at_target: float | None = field(default=None)

    @property
    def profile(self) -> Profile:
        """Profile of the review."""
        return self.settings.profile

    @property
    def counts(self) -> Mapping[Severity, int]:
        """Number of findings by severity."""
        count = Counter(f.severity for f in self.findings)
        return {severity: count[severity] for severity in SEVERITIES}

    @property
    def grade(self) -> str:
        """Grade of the plan, A to E: A has no warnings, B one or two, C more, D one error, E more.

        Unanswered questions do not affect it.
        """
        counts = self.counts
        if counts["error"]:
            return "D" if counts["error"] == 1 else "E"
        warnings = counts["warning"]
        return "A" if not warnings else "B" if warnings <= 2 else "C"

    def fix(self, finding: Finding) -> AppliedFix | None:
        """Return the changed plan that clears a finding, or None if no fix works.

        A fix does not work if it adds an error, or a finding that would itself be fixed by returning to this plan.

        Raises
        ------
        LookupError
            If the finding is not part of this review.
        """
        if finding not in self.findings:
            raise LookupError(f"{finding.rule} at {finding.place!r} is not a finding of this review.")
        if finding.fix is None:
            return None
        try:
            changed = finding.fix.make()
        except CompPlanError:
            return None
        after = review(changed, self.context, self.settings, today=self.today)
        still = {(f.rule, f.place) for f in after.findings}
        errors = Counter(f.rule for f in after.findings if f.severity == "error")
        before = Counter(f.rule for f in self.findings if f.severity == "error")
        if (finding.rule, finding.place) in still or errors - before or self._comes_back(after):
            return None
        return AppliedFix(finding.fix, changed, after)

    def _comes_back(self, after: Review) -> bool:
        """Whether a new finding of the changed plan would be fixed by undoing the change."""
        before, here = {(f.rule, f.place) for f in self.findings}, _pays(self.plan)
        for finding in after.findings:
            if finding.fix is None or (finding.rule, finding.place) in before:
                continue
            try:
                if _pays(finding.fix.make()) == here:
                    return True
            except CompPlanError:
                continue
        return False


def _pays(plan: Plan) -> dict[str, Any]:
    """Return the data of a plan without its description."""
    return {key: value for key, value in plan.to_dict().items() if key != "about"}


@dataclass(frozen=True, slots=True)
class AppliedFix:
    """A fix with the changed plan and its review.

    Attributes
    ----------
    fix : Fix
    plan : Plan
    review : Review
    """

    fix: Fix
    plan: Plan
    review: Review


def review(plan: Plan, context: Context | None = None, settings: Settings | None = None, *, today: dt.date) -> Review:
    """Review a plan.

    Parameters
    ----------
    plan : Plan
        Left unchanged.
    context : Context, optional
        Answers about the organization; none if left out.
    settings : Settings, optional
        Profile, ignored rules, severities and thresholds.
    today : date
        Date for the age of facts and reviews.

    Returns
    -------
    Review

    Examples
    --------
    >>> from compplan import templates
    >>> result = review(templates.load("knowup-csat-weighted"), today=dt.date(2026, 6, 1))
    >>> result.counts["error"], result.grade
    (0, 'C')
    """
    context, settings = context or Context(), settings or Settings()
    subject = Subject(plan, context, today)
    findings: list[Finding] = []
    waiting: dict[str, dict[str, None]] = {}  # the rules waiting for each question
    clear: list[str] = []
    ignored: list[str] = []
    stale: list[Rule] = []
    for rule in rules().values():
        if settings.ignores(rule):
            ignored.append(rule.id)
        elif rule.as_of and _months(rule.as_of, today) >= settings.thresholds_of(STALE)["months"]:
            stale.append(rule)
        elif not rule.on_reading:
            is_clear = True
            for outcome in rule.check(subject, settings.thresholds_of(rule.id)):
                is_clear = False
                if isinstance(outcome, Question):
                    waiting.setdefault(outcome.question, {})[rule.id] = None
                else:
                    findings.append(_finding(rule, outcome, settings))
            if is_clear:
                clear.append(rule.id)
    if stale and not settings.ignores(rules()[STALE]):
        findings.append(_finding(rules()[STALE], _old(stale, today), settings))
        clear.remove(STALE)
    return Review(
        plan,
        context,
        settings,
        today,
        findings=tuple(sorted(findings, key=lambda f: SEVERITIES.index(f.severity))),
        unanswered=tuple(Unanswered(path, question_text(path), tuple(ids)) for path, ids in waiting.items()),
        clear=tuple(clear),
        ignored=tuple(ignored),
        stale=tuple(rule.id for rule in stale),
        at_target=subject.at_target,
    )


def severity_under(rule: Rule, profile: Profile, own: Severity | None = None) -> Severity:
    """Return the severity of a rule, or of one of its issues, under a profile.

    Examples
    --------
    >>> severity_under(rules()["KNW-01"], "commercial"), severity_under(rules()["KNW-01"], "charter")
    ('warning', 'info')
    """
    if own is None and profile in rule.under:
        return rule.under[profile]
    severity = own or rule.severity
    return softer(severity) if rule.profile and rule.profile != profile else severity


def findings_of_problems(problems: Iterable[Problem]) -> tuple[Finding, ...]:
    """Turn problems from reading a plan into findings; problems without a rule are left out.

    Examples
    --------
    >>> from compplan.errors import Problem
    >>> findings_of_problems(
    ...     [Problem("components", "weights must sum to 1.", "INT-01"), Problem("name", "is missing.")]
    ... )[0].rule
    'INT-01'
    """
    findings: list[Finding] = []
    for problem in problems:
        rule = rules().get(problem.rule)
        if rule is not None:
            finding = _finding(rule, Issue(problem.where, problem.message), Settings())
            findings.append(replace(finding, severity="error"))
    return tuple(findings)


def _finding(rule: Rule, issue: Issue, settings: Settings) -> Finding:
    severity = settings.forced(rule) or severity_under(rule, settings.profile, issue.severity)
    remark = " The limits are from your settings." if settings.thresholds.get(rule.id) else ""
    return Finding(
        rule.id, severity, issue.place, f"{issue.message}{remark}", issue.numbers, rule.source, rule.evidence_level,
        rule.dissent, rule.as_of.isoformat() if rule.as_of else "", issue.fix,
    )  # fmt: skip


def _months(since: dt.date, today: dt.date) -> int:
    """Return the whole months between two dates."""
    return (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)


def _old(stale: list[Rule], today: dt.date) -> Issue:
    oldest = min(rule.as_of for rule in stale if rule.as_of)
    names = ", ".join(rule.id for rule in stale)
    message = (
        f"The facts behind {names} date from {oldest.isoformat()} or later and are more than a year old on "
        f"{today.isoformat()}. These rules were skipped. Check the current law, or install a newer release."
    )
    return Issue("", message, {"months": float(_months(oldest, today))})
