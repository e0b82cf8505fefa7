"""What a rule yields: an issue with its place, numbers and fix, or a question it needs answered first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from compplan.plan import Plan

Severity = Literal["error", "warning", "info"]
EvidenceLevel = Literal["A", "B", "C", "S", "K", "J"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
EVIDENCE_LEVELS: dict[EvidenceLevel, str] = {
    "A": "statute, standard or peer-reviewed paper",
    "B": "recognized professional body",
    "C": "vendor, blog or community",
    "S": "one of the five published guides behind this rule book",
    "K": "general professional knowledge without a confirming source",
    "J": "our own judgment",
}


def softer(severity: Severity) -> Severity:
    """Lower a severity by one level; information stays information.

    Examples
    --------
    >>> softer("error"), softer("warning"), softer("info")
    ('warning', 'info', 'info')
    """
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]


@dataclass(frozen=True, slots=True)
class Fix:
    """The smallest change to a plan that clears a finding. `Review.fix` tries it before it is offered.

    Attributes
    ----------
    title : str
        What the change does, as an imperative: "Set the weight of GRR to 40%".
    make : callable
        Builds the changed plan. It is called on demand, since every new plan is validated.
    """

    title: str
    make: Callable[[], Plan] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Issue:
    """What a rule found in one place.

    Attributes
    ----------
    place : str
        Path into the plan (``components[0].weight``) or the context (``context.book``); empty for the whole plan.
    message : str
        One sentence with the numbers of this plan.
    numbers : Mapping of str to float
        The same numbers for programs, by name.
    severity : Severity or None
        Set where it differs from the rule's own severity.
    fix : Fix or None
        Set where one change is clearly right.
    """

    place: str
    message: str
    numbers: Mapping[str, float] = field(default_factory=dict[str, float], hash=False)
    severity: Severity | None = None
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """An unanswered question of the context that a rule depends on.

    Attributes
    ----------
    question : str
        Path into the context: ``renewal_owner``, ``measures.grr.history``.
    """

    question: str


RuleResult = Issue | Question
RuleResults = Iterator[RuleResult]


@dataclass(frozen=True, slots=True)
class Finding:
    """An issue in a plan together with the rule that found it.

    Attributes
    ----------
    rule : str
        ID, such as ``KNW-01``.
    severity : {'error', 'warning', 'info'}
    place : str
        Path into the plan, or ``context.…``; empty for the whole plan.
    message : str
    numbers : Mapping of str to float
    source : str
        Key of the bibliography.
    evidence_level : EvidenceLevel
        How strong the source is, see `EVIDENCE_LEVELS`.
    dissent : str
        Sources that disagree, and what they say; empty where none does.
    as_of : str
        Date of the facts behind the finding, where facts age. Such a finding carries "not legal advice".
    fix : Fix or None
    """

    rule: str
    severity: Severity
    place: str
    message: str
    numbers: Mapping[str, float] = field(default_factory=dict[str, float], hash=False)
    source: str = ""
    evidence_level: EvidenceLevel = "J"
    dissent: str = ""
    as_of: str = ""
    fix: Fix | None = None
