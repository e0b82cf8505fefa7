"""A whole model of capacity as data: tiers, a person's year, cost and team, as a file keeps them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, Strict

from compplan import facts
from compplan.capacity.contradictions import loaded_cost
from compplan.capacity.services import (
    Capacity,
    CapacityInput,
    Tier,
    WorkYear,
    capacity,
    renewal_under_load,
    utilisation,
)
from compplan.plan import files

MOST_TIERS = 6


def segment_of(tier: Tier) -> str:
    """The segment that a tier says it is of, else the one that it is called after; empty where there is none.

    Examples
    --------
    >>> segment_of(Tier.of({"name": "Mid-market", "service": {}})), segment_of(Tier.of({"name": "Ours", "service": {}}))
    ('mid_market', '')
    """
    return tier.segment or next((row["key"] for row in facts.table("segments") if row["name"] == tier.name), "")


class CapacityModel(CapacityInput):
    """What is served, with which hours, by how many people, at what cost.

    Examples
    --------
    >>> model = CapacityModel.of(
    ...     {
    ...         "tiers": [{"name": "Enterprise", "service": {"renewal": 110.0}, "accounts": 100, "acv": 75000.0}],
    ...         "year": {"hours_a_day": 7.5, "weekdays": 260.0, "overhead": 0.2},
    ...         "people": 7,
    ...     }
    ... )
    >>> model.capacity.people, round(model.utilisation, 4), model.renewal_probability
    (8, 1.0073, 0.9)
    """

    tiers: Annotated[tuple[Tier, ...], Field(min_length=1, max_length=MOST_TIERS)] = Field(
        description="Accounts by how they are served."
    )
    year: WorkYear = Field(description="What one person has.")
    loaded_cost: Annotated[float, Strict(), Field(ge=0, le=1e9, allow_inf_nan=False)] = Field(
        default_factory=loaded_cost, description="What one person costs a year, all in."
    )
    people: Annotated[int, Strict(), Field(ge=1, le=100_000)] = Field(default=1, description="People there are.")
    renewal: Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False)] = Field(
        default=0.9, description="Share of accounts that renew where the hours suffice; an assumption."
    )
    slope: Annotated[float, Strict(), Field(ge=0, le=10, allow_inf_nan=False)] = Field(
        default=0.0, description="How much of it is lost for each share of the hours that is missing; an assumption."
    )

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a model from a file that ends in ``.yaml``, ``.yml`` or ``.json``.

        Raises
        ------
        CompPlanError
        """
        return cls.of(files.read_file(Path(path)))

    def to_yaml(self) -> str:
        """The model as a file that `load` reads back."""
        return files.write_yaml(self.model_dump(mode="json"))

    def hours_by_segment(self) -> dict[str, float]:
        """Hours of one account by segment, for `books`: those of the first tier of that segment, or the mean of all.

        Examples
        --------
        >>> service = {"ad_hoc": 100.0}
        >>> tiers = [{"name": "Enterprise", "service": service}, {"name": "Pooled", "service": {"ad_hoc": 20.0}}]
        >>> year = {"hours_a_day": 7.5, "weekdays": 260.0, "overhead": 0.2}
        >>> CapacityModel.of({"tiers": tiers, "year": year}).hours_by_segment()
        {'enterprise': 100.0, '': 60.0}
        """
        accounts = sum(tier.accounts for tier in self.tiers)
        if accounts:
            mean = math.fsum(tier.hours for tier in self.tiers) / accounts
        else:
            mean = math.fsum(tier.each for tier in self.tiers) / len(self.tiers)
        known = {key: tier.each for tier in reversed(self.tiers) if (key := segment_of(tier))}
        return {**dict(reversed(known.items())), "": mean}

    @property
    def capacity(self) -> Capacity:
        """What the tiers take.

        Raises
        ------
        CapacityError
        """
        return capacity(self.tiers, self.year)

    @property
    def utilisation(self) -> float:
        """Share of the hours of all people that the accounts take.

        Raises
        ------
        CapacityError
        """
        return utilisation(self.tiers, self.year.available, self.people)

    @property
    def renewal_probability(self) -> float:
        """Share of accounts that renew with these people; see `renewal_under_load`.

        Raises
        ------
        CapacityError
        """
        return renewal_under_load(self.renewal, self.utilisation, self.slope)
