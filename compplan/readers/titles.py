"""Job titles as roles, and names of segments as segments: one matcher for people, surveys and accounts."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from compplan import facts
from compplan.readers.heading_words import normal

_SHORT: Mapping[str, str] = {
    "sr": "senior", "snr": "senior", "jr": "junior", "jnr": "junior", "assoc": "associate", "asst": "associate",
    "mgr": "manager", "mngr": "manager", "dir": "director", "vp": "vice president", "svp": "vice president",
    "evp": "vice president", "avp": "vice president", "rvp": "vice president", "cs": "customer success",
    "csm": "customer success manager", "csms": "customer success managers", "cse": "customer success engineer",
    "ops": "operations", "eng": "engineer", "tam": "technical account manager", "am": "account manager",
    "cco": "chief customer officer", "spec": "specialist", "rep": "representative", "strat": "strategic",
    "ent": "enterprise", "client": "customer", "renewal": "renewals", "implementations": "implementation",
    "csops": "customer success operations", "onboard": "onboarding", "mm": "mid market", "kam": "account manager",
    "rm": "renewals manager", "ae": "account executive",
}  # fmt: skip
_LONGEST = 200
_LEVELS = re.compile(r"\b(i{1,3}|iv|v|[lp]?\d)\b")

_SEGMENTS: Mapping[str, str] = {
    "smb": "smb", "small business": "smb", "small": "smb", "small and medium business": "smb", "sme": "smb",
    "small medium business": "smb", "startup": "smb", "startups": "smb", "digital": "digital", "scaled": "digital",
    "scale": "digital", "tech touch": "digital", "pooled": "digital", "mid market": "mid_market",
    "midmarket": "mid_market", "mm": "mid_market", "mid": "mid_market", "commercial": "mid_market",
    "enterprise": "enterprise", "ent": "enterprise", "large enterprise": "enterprise", "corporate": "enterprise",
    "strategic": "strategic", "strat": "strategic", "strategic accounts": "strategic", "key accounts": "strategic",
    "global": "strategic",
}  # fmt: skip
# Words that companies use for different segments.
_AMBIGUOUS_SEGMENTS = {"commercial", "corporate", "global", "mid", "small"}


@functools.cache
def _roles() -> Mapping[str, str]:
    by_key = {row["key"]: row["key"] for row in facts.table("roles")}
    return by_key | {normal(row["name"]): row["key"] for row in facts.table("roles")}


@functools.cache
def role_names() -> Mapping[str, str]:
    """Return the names of the roles by key."""
    return {row["key"]: row["name"] for row in facts.table("roles")}


@functools.lru_cache(maxsize=4096)
def role_of(title: str) -> tuple[str, bool]:
    """Return the role that a job title means.

    Parameters
    ----------
    title : str
        As a file has it; a level may follow, such as "CSM III".

    Returns
    -------
    role : str
        Key of a role; empty where the title means none of them.
    sure : bool
        False where companies use the title for more than one role.

    Examples
    --------
    >>> role_of("Sr. CSM"), role_of("Senior Manager, Customer Success"), role_of("CSM III")
    (('senior_csm', True), ('cs_manager', True), ('senior_csm', True))
    >>> role_of("Head of CS"), role_of("Account Executive")
    (('cs_director', False), ('', False))
    """
    if len(title) > _LONGEST:
        return "", False
    key = title.strip().casefold()
    if key in _roles():
        return _roles()[key], True
    words = " ".join(_SHORT.get(word, word) for word in normal(title.replace("'", "")).split())
    # "CSM" is a person with accounts; "CS Manager" may also lead a team.
    clear = re.search(r"\bcs manager\b", normal(title)) is None
    text = " ".join(_LEVELS.sub(" ", words).split())
    if text in _roles():
        role = _roles()[text]
        graded = _GRADES.get(_grade(words), role) if role == "csm" else role
        return graded, clear
    for pattern, role, sure in _COMPILED:
        if pattern.search(text):
            graded = _GRADES.get(_grade(words), role) if role == "csm" else role
            return graded, sure and clear
    return "", False


def segment_of(text: str) -> tuple[str, bool]:
    """Return the segment that a name means.

    Returns
    -------
    segment : str
        Key of a segment; empty where the name means none of them.
    sure : bool
        False where companies use the name for different segments.

    Examples
    --------
    >>> segment_of("Mid-Market"), segment_of("commercial"), segment_of("public sector")
    (('mid_market', True), ('mid_market', False), ('', False))
    """
    word = normal(text[:_LONGEST].replace("_", " "))
    key = _SEGMENTS.get(word, "")
    return key, bool(key) and word not in _AMBIGUOUS_SEGMENTS


# The level right after "Customer Success Manager". Company grades such as L3 or P3 say nothing across companies.
_GRADE = re.compile(r"\bcustomer success manager (i{1,3}|[123])\b")
_GRADES: Mapping[str, str] = {
    "i": "associate_csm", "1": "associate_csm", "ii": "csm", "2": "csm", "iii": "senior_csm", "3": "senior_csm",
}  # fmt: skip


def _grade(words: str) -> str:
    level = _GRADE.search(words)
    return level[1] if level else ""


_CS = r"(?=.*\b(?:customer|success|renewals)\b)"
# The first pattern that matches decides: pattern over the title with its abbreviations written out, role, sure.
_RULES: tuple[tuple[str, str, bool], ...] = (
    (rf"^{_CS}(?=.*\boperations\b)", "cs_ops", True),
    (rf"^{_CS}.*\bvice president\b", "cs_vp", True),
    (r"\bchief customer (?:success )?officer\b", "cs_vp", False),
    (rf"^{_CS}.*\bdirector\b", "cs_director", True),
    (rf"^(?:global )?head (?:of )?{_CS}", "cs_director", False),
    (r"\bcustomer success engineer\b", "cse", True),
    (r"\btechnical account manager\b|\bcustomer engineer\b|\bcustomer success architect\b", "cse", False),
    (r"\btechnical customer success manager\b|\bcustomer solutions? engineer\b", "cse", False),
    (r"\brenewals (?:manager|specialist|representative|account manager|executive|lead)\b", "renewals_manager", True),
    (r"\bmanager,? (?:of )?renewals\b|\brenewals\b", "renewals_manager", False),
    (r"\bonboarding\b", "onboarding", True),
    (r"\bimplementation (?:manager|specialist|consultant|lead|engineer)\b", "onboarding", False),
    # A manager OF customer success leads people; a customer success MANAGER has accounts.
    (r"\bcustomer success managers? manager\b", "cs_manager", True),
    (r"\bmanager (?:of )?(?:\w+ ){0,2}customer success(?! manager\b)", "cs_manager", True),
    (r"\bmanager (?:of )?customer success managers\b|\bcustomer success team (?:manager|leader)\b", "cs_manager", True),
    (r"\bcustomer success (?:manager )?(?:team )?lead(?:er)?\b", "cs_manager", False),
    (r"\bteam lead(?:er)? (?:of )?customer success", "cs_manager", False),
    (r"\b(?:associate|junior|entry level)\b.*\bcustomer success\b", "associate_csm", True),
    (r"\bcustomer success (?:manager )?(?:associate|junior)\b", "associate_csm", True),
    (r"\bstrategic\b.*\bcustomer success (?:manager|partner)\b", "strategic_csm", True),
    (r"\bcustomer success manager (?:for )?strategic\b", "strategic_csm", True),
    (r"\b(?:principal|staff|distinguished)\b.*\bcustomer success manager\b", "strategic_csm", False),
    (r"\bcustomer success manager principal\b", "strategic_csm", False),
    (r"\bsenior\b.*\bcustomer success manager\b|\bcustomer success manager senior\b", "senior_csm", True),
    (r"\blead customer success manager\b", "senior_csm", False),
    (r"\bcustomer success manager\b", "csm", True),
    (r"\bsenior customer success (?:partner|advisor|consultant)\b", "senior_csm", False),
    (r"\bcustomer success (?:partner|advisor|consultant|executive)\b", "csm", False),
    (r"\bcustomer (?:experience|relationship|engagement) manager\b", "csm", False),
    (r"\bcustomer success (?:specialist|representative|coordinator|agent)\b", "associate_csm", False),
    (r"\baccount manager\b", "account_manager", True),
)  # fmt: skip
_COMPILED = [(re.compile(pattern), role, sure) for pattern, role, sure in _RULES]
