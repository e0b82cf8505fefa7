"""The five profiles: which of the published guides a review follows, since they do not agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from compplan import facts
from compplan.measures import Stance, View, catalogue, views

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
    "commercial": "Retention, growth and satisfaction in fixed shares of variable pay.",
    "charter": "Pay follows what the organisation says Customer Success is for, and how mature it is.",
    "survey": "The four factors that people said shape their pay most.",
    "adoption_first": "Pay on use and renewal; growth belongs to Sales, surveys are tracked and not paid.",
    "quota_bearing": "Net retention as the quota, 80/20 or 85/15, terms stated.",
}


@dataclass(frozen=True, slots=True)
class Element:
    """Something that plans pay on, with what each guide says of it.

    Attributes
    ----------
    measure, name : str
    views : tuple of View
        One for each guide that speaks of it, in the order of the profiles.
    """

    measure: str
    name: str
    views: tuple[View, ...]

    def stance(self, profile: Profile) -> Stance | None:
        """What the guide of a profile says; None where it is silent."""
        return next((v.stance for v in self.views if v.source == GUIDES[profile]), None)


def elements() -> tuple[Element, ...]:
    """Everything that at least one of the five guides speaks of, in the order of the catalogue.

    Examples
    --------
    >>> len(elements())
    19
    >>> expansion = next(e for e in elements() if e.measure == "expansion_arr")
    >>> expansion.stance("commercial"), expansion.stance("adoption_first"), expansion.stance("charter")
    ('pay', 'avoid', 'conditional')
    """
    guides = list(GUIDES.values())
    found: list[Element] = []
    for key, measure in catalogue().items():
        told = sorted((v for v in views(key) if v.source in guides), key=lambda v: guides.index(v.source))
        if told:
            found.append(Element(key, measure.name, tuple(told)))
    return tuple(found)


_SAYS: dict[Stance, str] = {
    "pay": "pays on it",
    "conditional": "pays on it under a condition",
    "avoid": "would not pay on it",
}


def dissent(measure: str, *against: Stance) -> str:
    """Which guides hold another view of a measure, as a sentence.

    Parameters
    ----------
    measure : str
        Key of the catalogue.
    *against : {'pay', 'conditional', 'avoid'}
        The stances that disagree with the rule.

    Examples
    --------
    >>> dissent("nps", "pay")
    'Totango (2021) pays on it.'
    >>> dissent("grr", "avoid")
    ''
    """
    told = [
        f"{guide(view.source)} {_SAYS[view.stance]}"
        for view in views(measure)
        if view.stance in against and view.source in GUIDES.values()
    ]
    return "; ".join(told) + "." if told else ""


def guide(source: str) -> str:
    """A guide by publisher and year, as it stands in a sentence.

    Examples
    --------
    >>> guide("drury-2020")
    'Russ Drury (2020)'
    """
    known = facts.source(source)
    return f"{known.publisher} ({known.year})"
