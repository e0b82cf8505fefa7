"""The fields of a plan, and what follows from them alone."""

from __future__ import annotations

import functools
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from compplan.curve_kinds import Number
from compplan.measures import Measure, OwnMeasure, catalog
from compplan.plan.parts import (
    PERIODS,
    About,
    Accumulation,
    Caps,
    Component,
    Effective,
    Frequency,
    Gate,
    Key,
    Kicker,
    Modifier,
    Name,
    Negative,
    Part,
    Pay,
    Rounding,
)


def _no_boolean(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be 1")
    return value


class PlanFields(Part):
    """The fields of a `Plan`: each within its own limits, but not checked against the others."""

    compplan: Annotated[Literal[1], BeforeValidator(_no_boolean)] = Field(description="Version of the plan format.")
    name: Name = Field(description="Name of the plan.")
    role: Key = Field(description="Key of the role that the plan is for.")
    segment: Key = Field(description="Key of the customer segment.")
    currency: Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{3}$")] = Field(
        description="ISO 4217 code of the currency of every amount."
    )
    pay: Pay
    frequency: Frequency = Field(default="quarterly", description="How often variable pay is paid.")
    accumulation: Accumulation = Field(
        default="discrete", description="Results count by period (discrete), or for the year so far (year_to_date)."
    )
    negative: Negative = Field(default="carry", description="Treatment of a negative year-to-date difference.")
    components: Annotated[tuple[Component, ...], Field(min_length=1, max_length=50)]
    gates: Annotated[tuple[Gate, ...], Field(max_length=50)] = ()
    modifiers: Annotated[tuple[Modifier, ...], Field(max_length=50)] = ()
    kickers: Annotated[tuple[Kicker, ...], Field(max_length=50)] = ()
    caps: Caps = Caps()
    rounding: Rounding = Rounding()
    seasonality: Annotated[tuple[Number, ...], Field(min_length=1, max_length=12)] | None = Field(
        default=None,
        description="Share of the yearly target in each period, for measures that add up. Default: equal shares.",
    )
    measures: Annotated[dict[Key, OwnMeasure], Field(max_length=50)] = Field(
        default_factory=dict[str, OwnMeasure], description="Measures that the plan declares."
    )
    effective: Effective = Effective()
    about: About = About()

    @property
    def periods(self) -> int:
        """Pay periods in a year."""
        return PERIODS[self.frequency]

    @functools.cached_property
    def by_id(self) -> dict[str, Component]:
        """The components by id, in their order."""
        return {c.key: c for c in self.components}

    def measure(self, key: str) -> Measure:
        """The measure behind a key of the catalog, one that the plan declares, or a component's id.

        Raises
        ------
        KeyError
            If it is none of them.
        """
        for component in self.components:
            if component.key == key:
                key = component.measure
                break
        if key in self.measures:
            return self.measures[key].as_measure(key)
        return catalog()[key]

    def result_key(self, reference: str) -> str:
        """The name under which a gate, modifier or kicker finds its result: a component's id, or its own key."""
        if any(component.key == reference for component in self.components):
            return reference
        using = [component.key for component in self.components if component.measure == reference]
        return using[0] if len(using) == 1 else reference

    def season(self, period: int) -> float:
        """Share of a flow's yearly target in one period, counted from 1."""
        return self.seasonality[period - 1] if self.seasonality else 1.0 / self.periods
