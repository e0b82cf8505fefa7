"""The plan review: rules with sources that find problems in a plan, say who disagrees, and suggest fixes.

Belongs here: rules, the questions they ask about the organization, review settings, and reports of a review.
Does not belong here: refusing invalid plans (`compplan.plan`), pay formulas (`compplan.payout`), pages (`compplan.ui`).
"""

from compplan._moved import forward_names
from compplan.review.catalog import default_thresholds, evidence_legend, evidence_text, rules, threshold_facts
from compplan.review.context import Context, ContextError, question_text
from compplan.review.findings import EVIDENCE_LEVELS, SEVERITIES, EvidenceLevel, Finding, Fix, Severity
from compplan.review.profiles import DEFAULT_PROFILE, GUIDES, PROFILE_SUMMARIES, PROFILES, Element, Profile, elements
from compplan.review.registry import FAMILIES, Rule
from compplan.review.run import NOT_ADVICE, AppliedFix, Review, Unanswered, findings_of_problems, review, severity_under
from compplan.review.settings import Settings, SettingsError

__all__ = [
    "DEFAULT_PROFILE",
    "EVIDENCE_LEVELS",
    "FAMILIES",
    "GUIDES",
    "NOT_ADVICE",
    "PROFILES",
    "PROFILE_SUMMARIES",
    "SEVERITIES",
    "AppliedFix",
    "Context",
    "ContextError",
    "Element",
    "EvidenceLevel",
    "Finding",
    "Fix",
    "Profile",
    "Review",
    "Rule",
    "Settings",
    "SettingsError",
    "Severity",
    "Unanswered",
    "default_thresholds",
    "elements",
    "evidence_legend",
    "evidence_text",
    "findings_of_problems",
    "question_text",
    "review",
    "rules",
    "severity_under",
    "threshold_facts",
]

__getattr__ = forward_names(__name__)
