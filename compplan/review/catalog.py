"""Every rule of the rule book with its thresholds and the strength of its evidence."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from compplan import facts
from compplan.review import rulebook
from compplan.review.findings import EVIDENCE_LEVELS, Finding
from compplan.review.registry import Rule, Thresholds, registered


@functools.cache
def rules() -> Mapping[str, Rule]:
    """Return every rule by ID, in the order of the rule book. Every module in `rulebook` is imported.

    Examples
    --------
    >>> rules()["KNW-01"].title
    'Give gross retention 40% to 50% of target variable'
    """
    for module in pkgutil.iter_modules(rulebook.__path__, f"{rulebook.__name__}."):
        importlib.import_module(module.name)
    return MappingProxyType({rule.id: rule for rule in registered()})


@functools.cache
def default_thresholds() -> Mapping[str, Thresholds]:
    """Return the shipped thresholds by rule and name, in the units that `threshold_facts` lists.

    Examples
    --------
    >>> dict(default_thresholds()["KNW-03"])
    {'low': 0.15, 'high': 0.25}
    """
    values: dict[str, dict[str, float]] = {rule_id: {} for rule_id in rules()}
    for row in facts.table("review_limits"):
        values.setdefault(row["rule"], {})[row["name"]] = float(row["value"])
    return MappingProxyType({rule_id: MappingProxyType(by_name) for rule_id, by_name in values.items()})


def threshold_facts(rule: str) -> tuple[Mapping[str, str], ...]:
    """Return the thresholds of a rule with name, value, unit, source and how the value was obtained.

    Examples
    --------
    >>> threshold_facts("KNW-01")[0]["unit"]
    'fraction of target variable'
    """
    return tuple(row for row in facts.table("review_limits") if row["rule"] == rule)


@functools.cache
def evidence_text(rule: str, *, meaning: bool = True) -> str:
    """Describe the evidence behind a rule, and whether its thresholds come from the source or from us.

    Parameters
    ----------
    rule : str
        ID of the rule.
    meaning : bool
        Whether to say what the level means; `evidence_legend` says it once for a list of findings.

    Examples
    --------
    >>> evidence_text("KNW-01")
    'evidence level S, one of the five published guides behind this rule book'
    >>> evidence_text("CUR-08")
    'evidence level A, statute, standard or peer-reviewed paper; the limits are our own judgment'
    """
    level = rules()[rule].evidence_level
    text = f"evidence level {level}, {EVIDENCE_LEVELS[level]}" if meaning else f"evidence level {level}"
    ours = [row["how"] == "judgement" for row in threshold_facts(rule)]
    if level == "J" or not any(ours):
        return text
    return f"{text}; {'the limits' if all(ours) else 'some of the limits'} are our own judgment"


def evidence_legend(findings: Iterable[Finding]) -> str:
    """Say what the evidence levels of some findings mean, from the strongest; empty for no findings.

    Examples
    --------
    >>> from compplan.review import Finding
    >>> evidence_legend([Finding("GEN-10", "info", "", "", evidence_level="J")])
    'Evidence levels: J is our own judgment.'
    """
    used = {finding.evidence_level for finding in findings}
    meanings = "; ".join(f"{level} is {text}" for level, text in EVIDENCE_LEVELS.items() if level in used)
    return f"Evidence levels: {meanings}." if used else ""
