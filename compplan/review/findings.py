"""What a rule says: a finding with its place, its numbers and its fix, or a question that it cannot do without."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from compplan.plan import Plan

Severity = Literal["error", "warning", "info"]
Grade = Literal["A", "B", "C", "S", "K", "J"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
GRADES: dict[Grade, str] = {
    "A": "statute, standard or peer-reviewed paper",
    "B": "recognised body of practitioners",
    "C": "vendor, blog or community",
    "S": "one of the five published guides that the rule book is drawn from",
    "K": "general professional knowledge, not confirmed by a source",
    "J": "our own judgement; the number is yours to set",
}


def softer(severity: Severity) -> Severity:
    """One level down; information stays information.

    Examples
    --------
    >>> softer("error"), softer("warning"), softer("info")
    ('warning', 'info', 'info')
    """
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]


@dataclass(frozen=True, slots=True)
class Fix:
    """The smallest change to a plan that clears a finding; `Review.fix` tries it before it is offered.

    Attributes
    ----------
    title : str
        What it does, as an order: "Set the weight of GRR to 40%".
    make : callable
        Makes the changed plan; called only when somebody wants it, since a plan is checked anew.
    """

    title: str
    make: Callable[[], Plan] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found in one place.

    Attributes
    ----------
    place : str
        Path into the plan (``components[0].weight``), into the context (``context.book``), or empty for the whole.
    message : str
        One sentence with this plan's own numbers.
    numbers : Mapping of str to float
        The same numbers for programs, by what they are.
    severity : Severity or None
        Where it is not the rule's own.
    fix : Fix or None
        Where one is clear.
    """

    place: str
    message: str
    numbers: Mapping[str, float] = field(default_factory=dict[str, float], hash=False)
    severity: Severity | None = None
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question of the context without whose answer a rule cannot tell.

    Attributes
    ----------
    question : str
        Path into the context: ``renewal_owner``, ``measures.grr.history``.
    """

    question: str


Outcome = Found | Ask
Outcomes = Iterator[Outcome]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a review has to say of a plan.

    Attributes
    ----------
    rule : str
        Id, such as ``KNW-01``.
    severity : {'error', 'warning', 'info'}
    place : str
        Path into the plan, or ``context.…``; empty for the whole.
    message : str
    numbers : Mapping of str to float
    source : str
        Key of the bibliography.
    grade : Grade
        How well the rule is supported, see `GRADES`.
    dissent : str
        Who disagrees, and how; empty where nobody does.
    as_of : str
        Date of the facts that it rests on, where they age; with it comes "not legal advice".
    fix : Fix or None
    """

    rule: str
    severity: Severity
    place: str
    message: str
    numbers: Mapping[str, float] = field(default_factory=dict[str, float], hash=False)
    source: str = ""
    grade: Grade = "J"
    dissent: str = ""
    as_of: str = ""
    fix: Fix | None = None
