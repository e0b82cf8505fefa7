"""The role of a row of a survey: from its job title, or from its job family and level."""

from __future__ import annotations

import re

from compplan.readers.heading_words import normal
from compplan.readers.titles import role_of

# Levels that surveys number alike: P1 entry, P2 developing, P3 career, P4 advanced, P5 expert, P6 principal.
_CODE = re.compile(r"(?:p|ic|m)\d")
_CAREER = frozenset({"p3", "ic3"})
_OF_CSM = {
    "p1": "associate_csm", "ic1": "associate_csm", "p2": "csm", "ic2": "csm", "p3": "csm", "ic3": "csm",
    "p4": "senior_csm", "ic4": "senior_csm", "m3": "cs_manager", "m4": "cs_manager",
}  # fmt: skip
_GRADED = re.compile(r"\b(?:i{1,3}|iv|v|\d)$")


def row_label(title: str, family: str, level: str) -> str:
    """Return what a row is called: its title, or its job family, and its level.

    Examples
    --------
    >>> row_label("", "Account Management", "P3"), row_label("", "CS", "CSM")
    ('Account Management P3', 'CSM')
    """
    if not title and family and role_of(level)[1]:
        return level
    return " ".join(filter(None, [title or family, level]))


def row_role(title: str, family: str, level: str) -> str | None:
    """Return the role of a row; None where the user has to choose it.

    Examples
    --------
    >>> row_role("", "Customer Success", "P4"), row_role("", "Account Management", "P3")
    ('senior_csm', 'account_manager')
    >>> row_role("Customer Success Manager", "", "P1"), row_role("", "Account Management", "P5")
    ('associate_csm', None)
    """
    label = row_label(title, family, level)
    code = normal(level)
    if title:
        role, sure = role_of(label)
        plain = role == "csm" and not _GRADED.search(normal(title))
        if plain and _CODE.fullmatch(code):
            role, sure = _OF_CSM.get(code, ""), code in _OF_CSM
        return role if role and sure else None
    role, sure = role_of(label)
    if family and not sure:
        # "Customer Success Management" and "Account Management" are the work of managers of customers.
        name = re.sub(r"\bmanagement$", "manager", normal(family))
        name = f"{name} manager" if re.fullmatch(r"(?:customer|client) success", name) else name
        role, sure = role_of(f"{name} {level}")
        if _CODE.fullmatch(code):
            if role == "csm":
                role = _OF_CSM.get(code, "")
            elif code not in _CAREER:
                return None
    return role if role and sure else None
