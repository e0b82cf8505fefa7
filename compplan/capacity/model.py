"""The capacity model: tiers, working year, cost and team, as saved in a file."""

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
    """Return the segment of a tier, or the segment that has the tier's name; empty if there is none.

    Examples
    --------
    >>> segment_of(Tier.of({"name": "Mid-market", "service": {}})), segment_of(Tier.of({"name": "Ours", "service": {}}))
    ('mid_market', '')
    """
    return tier.segment or next((row["key"] for row in facts.table("segments") if row["name"] == tier.name), "")


class CapacityModel(CapacityInput):
    """Tiers of accounts, the working year, the cost of a person and the size of the team.

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
        description="Groups of accounts that get the same service."
    )
    year: WorkYear = Field(description="Working year of one person.")
    loaded_cost: Annotated[float, Strict(), Field(ge=0, le=1e9, allow_inf_nan=False)] = Field(
        default_factory=loaded_cost, description="Fully loaded cost of one person per year."
    )
    people: Annotated[int, Strict(), Field(ge=1, le=100_000)] = Field(default=1, description="Team size.")
    renewal: Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False)] = Field(
        default=0.9, description="Renewal rate at a utilization of 100% or less; an assumption."
    )
    slope: Annotated[float, Strict(), Field(ge=0, le=10, allow_inf_nan=False)] = Field(
        default=0.0, description="Loss of renewal rate per share of the hours that is missing; an assumption."
    )

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a model from a file that ends in ``.yaml``, ``.yml`` or ``.json``.

        Raises
        ------
        CompPlanError
            If the file can't be read or has invalid values.
        """
        return cls.of(files.read_file(Path(path)))

    def to_yaml(self) -> str:
        """Return the model as YAML that `load` can read."""
        return files.write_yaml(self.model_dump(mode="json"))

    def hours_by_segment(self) -> dict[str, float]:
        """Return the hours of one account by segment, for `books`.

        Each segment has the hours of its first tier. The entry ``""`` has the mean of all tiers.

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
        by_segment = {key: tier.each for tier in reversed(self.tiers) if (key := segment_of(tier))}
        return {**dict(reversed(by_segment.items())), "": mean}

    @property
    def capacity(self) -> Capacity:
        """Hours, people and ARR of the tiers.

        Raises
        ------
        CapacityError
            If a person has no hours for accounts.
        """
        return capacity(self.tiers, self.year)

    @property
    def utilisation(self) -> float:
        """Share of the team's hours that the accounts take [fraction].

        Raises
        ------
        CapacityError
            If a person has no hours for accounts.
        """
        return utilisation(self.tiers, self.year.available, self.people)

    @property
    def renewal_probability(self) -> float:
        """Renewal rate with this team; see `renewal_under_load` [fraction].

        Raises
        ------
        CapacityError
            If a person has no hours for accounts.
        """
        return renewal_under_load(self.renewal, self.utilisation, self.slope)
