"""Profiles: the five published guides a review can follow, since they disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from compplan import facts
from compplan.measures import Stance, View, catalog, views

Profile = Literal["commercial", "charter", "survey", "adoption_first", "quota_bearing"]
PROFILES: tuple[Profile, ...] = get_args(Profile)
DEFAULT_PROFILE: Profile = "commercial"

GUIDES: dict[Profile, str] = {
    "commercial": "knowup",
    "charter": "tsia-2022",
    "survey": "totango-2021",
    "adoption_first": "drury-2020",
    "quota_bearing": "resumegeni-2026",
}
PROFILE_SUMMARIES: dict[Profile, str] = {
    "commercial": "Retention, expansion and satisfaction in fixed shares of variable pay.",
    "charter": "Pay follows the charters of Customer Success and the maturity of the organization.",
    "survey": "The four factors that shape pay most, according to a survey.",
    "adoption_first": "Pay on usage and renewals. Expansion belongs to Sales, and surveys are tracked but not paid.",
    "quota_bearing": "Net retention as the quota, a pay mix of 80/20 or 85/15, and written terms.",
}


@dataclass(frozen=True, slots=True)
class Element:
    """A measure with the view of each guide.

    Attributes
    ----------
    measure, name : str
    views : tuple of View
        One for each guide that covers it, in the order of the profiles.
    """

    measure: str
    name: str
    views: tuple[View, ...]

    def stance(self, profile: Profile) -> Stance | None:
        """Return the view of a profile's guide; None if it is silent."""
        return next((v.stance for v in self.views if v.source == GUIDES[profile]), None)


def elements() -> tuple[Element, ...]:
    """List the measures that at least one guide covers, in the order of the catalog.

    Examples
    --------
    >>> len(elements())
    19
    >>> expansion = next(e for e in elements() if e.measure == "expansion_arr")
    >>> expansion.stance("commercial"), expansion.stance("adoption_first"), expansion.stance("charter")
    ('pay', 'avoid', 'conditional')
    """
    guides = list(GUIDES.values())
    covered: list[Element] = []
    for key, measure in catalog().items():
        opinions = sorted((v for v in views(key) if v.source in guides), key=lambda v: guides.index(v.source))
        if opinions:
            covered.append(Element(key, measure.name, tuple(opinions)))
    return tuple(covered)


_SAYS: dict[Stance, str] = {
    "pay": "recommends paying on it",
    "conditional": "recommends paying on it under conditions",
    "avoid": "advises against paying on it",
}


def dissent(measure: str, *against: Stance) -> str:
    """Return the guides with other views of a measure, as a sentence.

    Parameters
    ----------
    measure : str
        Key of the catalog.
    *against : {'pay', 'conditional', 'avoid'}
        Views that disagree with the rule.

    Examples
    --------
    >>> dissent("nps", "pay")
    'Totango (2021) recommends paying on it.'
    >>> dissent("grr", "avoid")
    ''
    """
    others = [
        f"{guide(view.source)} {_SAYS[view.stance]}"
        for view in views(measure)
        if view.stance in against and view.source in GUIDES.values()
    ]
    return "; ".join(others) + "." if others else ""


def guide(source: str) -> str:
    """Return a guide by publisher and year, for use in a sentence.

    Examples
    --------
    >>> guide("drury-2020")
    'Russ Drury (2020)'
    """
    entry = facts.source(source)
    return f"{entry.publisher} ({entry.year})"
