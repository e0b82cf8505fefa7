"""The rule book: what a rule is, how one registers itself, and the limits that it reads."""

from __future__ import annotations

import datetime as dt
import functools
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from compplan import facts
from compplan.review.findings import GRADES, Grade, Outcomes, Severity
from compplan.review.profiles import Profile

if TYPE_CHECKING:
    from compplan.review.subject import Subject

Limits = Mapping[str, float]
Check = Callable[["Subject", Limits], Outcomes]

# In this order rules are listed; within a module in the order in which they stand.
_MODULES = (
    "integrity", "knowup", "drury", "ownership", "litmus", "tsia", "totango", "resumegeni", "general", "curves",
    "administration", "finance", "law",
)  # fmt: skip
_BOOK: dict[str, Rule] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the review.

    Attributes
    ----------
    id, title : str
        The title says what a plan should be like.
    severity : Severity
        What it weighs by default; what it finds may say otherwise.
    source : str
        Key of the bibliography.
    grade : Grade
    reads : tuple of str
        Places of the plan and of the context that it reads.
    check : callable
        Gives what it finds, and what it would have to know.
    profile : Profile or None
        Under any other profile it weighs one level less.
    under : Mapping of Profile to Severity
        What it weighs under certain profiles.
    dissent : str
        Who disagrees.
    why : str
        What the rule is for, from its docstring.
    as_of : date or None
        Of the facts that it rests on, where they age.
    on_reading : bool
        Whether a plan that breaks it is refused when it is read, so that a review never meets one.
    """

    id: str
    title: str
    severity: Severity
    source: str
    grade: Grade
    reads: tuple[str, ...]
    check: Check = field(repr=False)
    profile: Profile | None = None
    under: Mapping[Profile, Severity] = field(default_factory=dict[Profile, Severity], hash=False)
    dissent: str = ""
    why: str = ""
    as_of: dt.date | None = None
    on_reading: bool = False

    @property
    def family(self) -> str:
        """The letters of its id."""
        return self.id.partition("-")[0]


def rule(
    id: str,  # noqa: A002 - the word that everybody uses for it
    title: str,
    severity: Severity,
    *,
    source: str,
    grade: Grade,
    reads: tuple[str, ...],
    profile: Profile | None = None,
    under: Mapping[Profile, Severity] | None = None,
    dissent: str = "",
    as_of: dt.date | None = None,
    on_reading: bool = False,
) -> Callable[[Check], Check]:
    """Enter a function into the rule book; see `Rule` for the parameters.

    The first paragraph of its docstring says why the rule is there.
    """

    def enter(check: Check) -> Check:
        if id in _BOOK:
            raise ValueError(f"two rules are called {id}")
        why = " ".join((check.__doc__ or "").partition("\n\n")[0].split())
        _BOOK[id] = Rule(
            id,
            title,
            severity,
            source,
            grade,
            reads,
            check,
            profile,
            dict(under or {}),
            dissent,
            why,
            as_of,
            on_reading,
        )
        return check

    return enter


@functools.cache
def rules() -> Mapping[str, Rule]:
    """Every rule by id, in the order of the rule book.

    Examples
    --------
    >>> rules()["KNW-01"].title
    'Gross retention carries 40% to 50% of target variable'
    """
    for module in _MODULES:
        importlib.import_module(f"compplan.review.rulebook.{module}")
    # One of the modules may have been imported before the others; within a module the order is that of its rules.
    order = {f"compplan.review.rulebook.{module}": place for place, module in enumerate(_MODULES)}
    in_order = sorted(_BOOK.values(), key=lambda rule: order[rule.check.__module__])
    return MappingProxyType({rule.id: rule for rule in in_order})


@functools.cache
def limits() -> Mapping[str, Limits]:
    """The thresholds of each rule as shipped, by rule and name: fractions, counts, money or days as their table says.

    Examples
    --------
    >>> dict(limits()["KNW-03"])
    {'low': 0.15, 'high': 0.25}
    """
    found: dict[str, dict[str, float]] = {id_: {} for id_ in rules()}
    for row in facts.table("review_limits"):
        found.setdefault(row["rule"], {})[row["name"]] = float(row["value"])
    return MappingProxyType({id_: MappingProxyType(named) for id_, named in found.items()})


def thresholds(rule: str) -> tuple[Mapping[str, str], ...]:
    """The thresholds of a rule as facts: name, value, unit, source, how they were got.

    Examples
    --------
    >>> thresholds("KNW-01")[0]["unit"]
    'fraction of target variable'
    """
    return tuple(row for row in facts.table("review_limits") if row["rule"] == rule)


@functools.cache
def evidence(rule: str) -> str:
    """How well a rule is supported, and whether the numbers in it are those of its source, in words.

    Examples
    --------
    >>> evidence("KNW-01")
    'grade S, one of the five published guides that the rule book is drawn from'
    >>> evidence("CUR-08")
    'grade A, statute, standard or peer-reviewed paper; its limits are our own judgement'
    """
    grade = rules()[rule].grade
    told = f"grade {grade}, {GRADES[grade]}"
    ours = [row["how"] == "judgement" for row in thresholds(rule)]
    if grade == "J" or not any(ours):
        return told
    return f"{told}; {'its limits' if all(ours) else 'some of its limits'} are our own judgement"
