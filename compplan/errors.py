"""Errors about what a person passes in: each lists problems by place, with what was found and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_SIMILAR = 50  # percent of letters in common, from which a word counts as close to what was typed

# Characters that change the reading direction, as the inside of a character class; names and reports refuse them.
DIRECTION_CONTROLS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"


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
    >>> print(Problem("components[0].weight", "must be at most 1. You entered 1.2."))
    components[0].weight: must be at most 1. You entered 1.2.
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
    """Input that cannot be used, with every problem in it.

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


class MissingExtraError(CompPlanError, ModuleNotFoundError):
    """A dependency that only some jobs need is not installed.

    Parameters
    ----------
    module : str
        Name of the missing module.
    extra : str
        The extra of compplan that installs it.

    Examples
    --------
    >>> print(MissingExtraError("pandas", "scale"))
    This needs pandas, which is not installed. Install it with: pip install 'compplan[scale]'
    """

    def __init__(self, module: str, extra: str) -> None:
        command = f"pip install 'compplan[{extra}]'"
        super().__init__([Problem("", f"This needs {module}, which is not installed. Install it with: {command}")])
        self.name = module


def expect(
    value: Any, kind: type | tuple[type, ...], where: str, needed: str, error: type[CompPlanError] = CompPlanError
) -> Any:
    """Return an argument, or refuse it if it is not of the right kind.

    Parameters
    ----------
    value : object
    kind : type or tuple of types
    where : str
        Name of the argument.
    needed : str
        What it must be, in words.
    error : type
        Class of the error.

    Raises
    ------
    CompPlanError
        Of the class `error`.

    Examples
    --------
    >>> expect(3, str, "key", "the key of a template")
    Traceback (most recent call last):
    compplan.errors.CompPlanError: key: must be the key of a template. You entered 3.
    """
    if isinstance(value, kind):
        return value
    shown = repr(value) if isinstance(value, str | int | float | None) else f"a value of type {type(value).__name__}"
    raise error([Problem(where, f"must be {needed}. You entered {shown if len(shown) <= 60 else f'{shown[:57]}…'}.")])


def join(steps: Sequence[str | int]) -> str:
    """The path that `Problem.where` has for some steps.

    Parameters
    ----------
    steps : sequence of str or int
        Keys and zero-based list positions.

    Examples
    --------
    >>> join(("components", 1, "target"))
    'components[1].target'
    """
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def closest(word: str, known: Iterable[str]) -> list[str]:
    """Up to three known words close to a word, the closest first.

    Examples
    --------
    >>> closest("gr", ["csat", "grr"])
    ['grr']
    """
    from rapidfuzz import fuzz, process

    matches = process.extract(word, list(known), scorer=fuzz.ratio, limit=3, score_cutoff=_SIMILAR)
    return [match for match, *_ in matches]


def one_of(words: Sequence[str]) -> str:
    """Words as a choice.

    Examples
    --------
    >>> one_of(["grr", "nrr", "csat"])
    'grr, nrr or csat'
    """
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names up to three known words close to a word, or the known words where none is close.

    Examples
    --------
    >>> nearest("gr", ["grr", "nrr", "csat"])
    'did you mean grr?'
    >>> nearest("x", ["a", "b"])
    'allowed: a, b.'
    """
    options: Sequence[str] = list(known)
    close = closest(word, options)
    if close:
        return f"did you mean {one_of(close)}?"
    shown = ", ".join(options[:12]) + (", …" if len(options) > 12 else "")
    return f"allowed: {shown}." if options else "there are none."
