"""The plan reviews itself: one rule, one function, one source; what is wrong, who says so, who disagrees, and a fix."""

from compplan.review.context import Context, ContextError, question
from compplan.review.findings import GRADES, SEVERITIES, Finding, Fix, Grade, Severity
from compplan.review.profiles import ABOUT, DEFAULT, GUIDES, PROFILES, Element, Profile, elements
from compplan.review.registry import Rule, evidence, limits, rules, thresholds
from compplan.review.run import NOT_ADVICE, Fixed, Review, Unanswered, of_problems, review, weight_of
from compplan.review.settings import Settings, SettingsError

__all__ = [
    "ABOUT",
    "DEFAULT",
    "GRADES",
    "GUIDES",
    "NOT_ADVICE",
    "PROFILES",
    "SEVERITIES",
    "Context",
    "ContextError",
    "Element",
    "Finding",
    "Fix",
    "Fixed",
    "Grade",
    "Profile",
    "Review",
    "Rule",
    "Settings",
    "SettingsError",
    "Severity",
    "Unanswered",
    "elements",
    "evidence",
    "limits",
    "of_problems",
    "question",
    "review",
    "rules",
    "thresholds",
    "weight_of",
]
