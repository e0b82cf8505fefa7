"""What goes wrong, as sentences for people: where it is, what was found, what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Parameters
    ----------
    where : str
        The place, as a path into the plan (``components[1].curve.points[2]``), the name of a result, or empty
        for the whole.
    message : str
        What is wrong there, what was found and what is allowed, as one sentence without the place.
    rule : str
        Id of the rule of the review that it breaks, such as ``INT-01``; empty where it breaks none.

    Examples
    --------
    >>> print(Problem("components[0].weight", "must be at most 1, got 1.2."))
    components[0].weight: must be at most 1, got 1.2.
    """

    where: str
    message: str
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message

    def under(self, place: str) -> Problem:
        """The same problem seen from one level further out."""
        joint = "" if not self.where or not place or self.where.startswith("[") else "."
        return Problem(f"{place}{joint}{self.where}", self.message, self.rule)


class CompPlanError(ValueError):
    """Something that a person gave cannot be used; every problem with it is listed.

    Attributes
    ----------
    problems : tuple of Problem
        At least one.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class PlanError(CompPlanError):
    """A plan that cannot be used."""


class CurveError(CompPlanError):
    """A payout curve that cannot be used; places are relative to the curve."""


class ResultError(CompPlanError):
    """Results that cannot be paid on: missing, unknown, impossible."""


class LinkError(CompPlanError):
    """A link that cannot be opened."""


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the closest known words, or all of them when few and none is close.

    Examples
    --------
    >>> nearest("gr", ["grr", "nrr", "csat"])
    'did you mean grr?'
    >>> nearest("x", ["a", "b"])
    'allowed: a, b.'
    """
    options: Sequence[str] = list(known)
    close = difflib.get_close_matches(word, options, n=3, cutoff=0.5)
    if close:
        return f"did you mean {' or '.join(close)}?"
    shown = ", ".join(options[:12]) + (", …" if len(options) > 12 else "")
    return f"allowed: {shown}." if options else "there are none."
