"""The register of rules: what a rule is, and the decorator that adds one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from compplan.review.findings import EvidenceLevel, RuleResults, Severity
from compplan.review.profiles import Profile
from compplan.review.subject import Subject

Thresholds = Mapping[str, float]
Check = Callable[[Subject, Thresholds], RuleResults]

# Rules are listed family by family in this order, then by ID; a family that is not named here comes last.
FAMILIES: Mapping[str, str] = {
    "INT": "Consistency of the plan itself.",
    "KNW": "KnowUp's guide: weights, anti-patterns, pay bands and books of business.",
    "DRU": "Russ Drury's guide: what to pay on, and when.",
    "OWN": "Who owns renewals and growth, and which results are paid.",
    "LIT": "Three questions to ask before every quarter.",
    "TSI": "TSIA's guide: charters, segments and maturity.",
    "TOT": "Totango's survey: the factors that shape pay.",
    "RSG": "ResumeGeni's guide: quotas, pay mix, levels and books of business.",
    "GEN": "General design: number of measures, weights, line of sight, pay mix and upside.",
    "CUR": "Shape of the payout curves, without assuming how results vary.",
    "POL": "Terms the plan document must settle.",
    "FIN": "Questions an accountant will ask. Not accounting advice.",
    "LAW": "Legal requirements by place and date. Not legal advice.",
}
_registered: dict[str, Rule] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the review.

    Attributes
    ----------
    id, title : str
        The title is a short sentence about what a good plan does.
    severity : Severity
        Default severity; a single issue can have another one.
    source : str
        Key of the bibliography.
    evidence_level : EvidenceLevel
        How strong the source is.
    reads : tuple of str
        Places of the plan and the context that the rule reads.
    check : callable
        Yields issues and unanswered questions.
    profile : Profile or None
        Under any other profile the rule is one level less severe.
    under : Mapping of Profile to Severity
        Severity under certain profiles.
    dissent : str
        Sources that disagree, and what they say.
    why : str
        Purpose of the rule, from the docstring of its function.
    as_of : date or None
        Date of the facts behind the rule, where facts age.
    on_reading : bool
        Whether reading already refuses a plan that breaks the rule, so that a review never finds it.
    """

    id: str
    title: str
    severity: Severity
    source: str
    evidence_level: EvidenceLevel
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
        """The letters of the ID, such as ``KNW``."""
        return self.id.partition("-")[0]


def rule(
    rule_id: str,
    title: str,
    severity: Severity,
    *,
    source: str,
    evidence: EvidenceLevel,
    reads: tuple[str, ...],
    profile: Profile | None = None,
    under: Mapping[Profile, Severity] | None = None,
    dissent: str = "",
    as_of: dt.date | None = None,
    on_reading: bool = False,
) -> Callable[[Check], Check]:
    """Register a function as a rule. The first paragraph of its docstring explains why the rule exists.

    Parameters
    ----------
    rule_id, title, severity, source, evidence, reads, profile, under, dissent, as_of, on_reading
        See `Rule`.

    Raises
    ------
    ValueError
        If another rule has the same ID.
    """

    def register(check: Check) -> Check:
        if rule_id in _registered:
            raise ValueError(f"Two rules have the ID {rule_id}.")
        why = " ".join((check.__doc__ or "").partition("\n\n")[0].split())
        _registered[rule_id] = Rule(
            rule_id,
            title,
            severity,
            source,
            evidence,
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

    return register


def registered() -> tuple[Rule, ...]:
    """Return the rules of all modules imported so far, by family and ID."""
    families = list(FAMILIES)

    def position(rule: Rule) -> tuple[int, str]:
        return (families.index(rule.family) if rule.family in FAMILIES else len(families), rule.id)

    return tuple(sorted(_registered.values(), key=position))
