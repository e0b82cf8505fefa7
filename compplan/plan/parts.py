"""The parts of a plan, one class each, with their own limits."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, Strict, StringConstraints

from compplan.curve_kinds import Curve, Fraction, ModifierCurve, Number
from compplan.errors import DIRECTION_CONTROLS, PlanError
from compplan.models import FrozenModel, zero_or_at_least

# A name with them can look like another one.
_DIRECTIONS = re.compile(f"[{DIRECTION_CONTROLS}]")


def _readable_in_one_direction(text: str) -> str:
    if _DIRECTIONS.search(text):
        raise ValueError("must not contain characters that change the reading direction")
    return text


Key = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Text = Annotated[str, StringConstraints(strict=True, max_length=4000)]
Name = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=120, strip_whitespace=True),
    AfterValidator(_readable_in_one_direction),
]
Money = Annotated[float, Strict(), Field(ge=0, le=1e9, allow_inf_nan=False), zero_or_at_least(0.01)]
# Money or a share of a result, for each unit of it; it may be far less than a cent.
PerUnit = Annotated[float, Strict(), Field(ge=0, le=1e9, allow_inf_nan=False), zero_or_at_least(1e-9)]
Share = Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False), zero_or_at_least(1e-9)]
VariableShare = Annotated[float, Strict(), Field(ge=0, le=0.9, allow_inf_nan=False), zero_or_at_least(1e-9)]
Keys = Annotated[tuple[Key, ...], Field(min_length=1, max_length=50)]
Level = Literal["individual", "team", "company"]
Axis = Literal["actual", "attainment"]
Frequency = Literal["monthly", "quarterly", "semiannual", "annual"]
Accumulation = Literal["discrete", "year_to_date"]
Negative = Literal["carry", "recover", "forgive"]

PERIODS: dict[Frequency, int] = {"monthly": 12, "quarterly": 4, "semiannual": 2, "annual": 1}


def _iso_date(value: Any) -> Any:
    text = isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) is not None
    if isinstance(value, dt.datetime) or not (text or isinstance(value, dt.date)):
        raise ValueError("must be a date such as 2026-01-31")
    return value


Date = Annotated[dt.date, BeforeValidator(_iso_date)]


class Part(FrozenModel):
    """Base class of a plan and its parts: frozen, strict about keys, and refused with a `PlanError`."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)
    error_class = PlanError


class Pay(Part):
    """Base salary and target variable pay, a year.

    Examples
    --------
    >>> pay = Pay(base=80000, variable_share=0.2)
    >>> pay.target_variable, pay.ote
    (20000.0, 100000.0)
    """

    base: Money = Field(description="Base salary per year.")
    variable: Money | None = Field(
        default=None, description="Target variable (TIC) per year. Give this or variable_share."
    )
    variable_share: VariableShare | None = Field(
        default=None, description="Target variable as a share of OTE. Give this or variable."
    )

    @classmethod
    def broken_rule(cls, steps: tuple[int | str, ...], kind: str) -> str:
        """Negative target variable: base and OTE come from different points of their bands."""
        del kind
        return "INT-02" if steps in (("variable",), ("variable_share",)) else ""

    def variable_for(self, base: Any) -> Any:
        """Target variable a year of people with a base of their own [currency]: as given, or ``base * v / (1 - v)``.

        Parameters
        ----------
        base : float or ndarray [currency a year]
        """
        if self.variable is not None:
            return self.variable
        share = self.variable_share or 0.0
        return base * share / (1.0 - share)

    @property
    def target_variable(self) -> float:
        """Target variable a year (TIC) [currency]."""
        return self.variable_for(self.base)

    @property
    def ote(self) -> float:
        """On-target earnings a year [currency]: base + target variable."""
        return self.base + self.target_variable

    @property
    def mix(self) -> float:
        """Target variable as a share of OTE [fraction]; 0 where there is no pay."""
        return self.target_variable / self.ote if self.ote else 0.0


class Component(Part):
    """A measure that earns variable pay."""

    id: Key | None = Field(default=None, description="Name of the component in results. Default: the measure.")
    measure: Key = Field(description="Key of a measure in the catalog or declared under measures.")
    weight: Share | None = Field(default=None, description="Share of target variable. Give this or rate.")
    rate: PerUnit | None = Field(
        default=None, description="Commission: money per unit of the measure. Give this or weight."
    )
    level: Level = Field(default="individual", description="Measured on the person, the team or the company.")
    target: Number = Field(description="Result that earns 100%, per year.")
    axis: Axis = Field(
        default="actual",
        description="Horizontal axis of the curve: the result (actual), or result / target (attainment).",
    )
    curve: Curve = Field(description="Payout as a fraction of the component's target pay.")

    @property
    def key(self) -> str:
        """The id, or the measure where there is none."""
        return self.id or self.measure

    @property
    def axis_unit(self) -> float:
        """Size of one unit of the curve's axis [the measure's units]: the target for attainment, else 1."""
        return self.target if self.axis == "attainment" else 1.0

    @property
    def axis_target(self) -> float:
        """The target on the curve's axis: 1 for attainment."""
        return 1.0 if self.axis == "attainment" else self.target

    def target_pay(self, pool: float) -> float:
        """Target pay a year before rounding [currency]: ``rate * target``, or the weight's share of `pool`.

        Parameters
        ----------
        pool : float [currency a year]
            Target variable without commissions.
        """
        return self.rate * self.target if self.rate is not None else (self.weight or 0.0) * pool


class Otherwise(Part):
    """Pay when a gate is not passed."""

    factor: Annotated[float, Strict(), Field(ge=0, lt=1, allow_inf_nan=False)] | None = Field(
        default=None, description="Multiplies the payout that the gate covers. Give this or limit."
    )
    limit: Fraction | None = Field(
        default=None, description="Most that is paid, as a fraction of target pay. Give this or factor."
    )


class Gate(Part):
    """A condition on one measure for the pay on others."""

    measure: Key = Field(description="Component id, a measure that one component uses, or a separate result.")
    at_least: Number | None = Field(default=None, description="Passed at or above this result. Give this or at_most.")
    at_most: Number | None = Field(default=None, description="Passed at or below this result. Give this or at_least.")
    otherwise: Otherwise = Field(description="Pay when the gate is not passed.")
    covers: Keys | None = Field(default=None, description="Component ids. Default: all components.")


class Modifier(Part):
    """A result that multiplies the pay on others."""

    measure: Key = Field(description="Component id, a measure that one component uses, or a separate result.")
    curve: ModifierCurve = Field(description="Factor by result, linear or step; flat beyond both ends.")
    target: Number | None = Field(
        default=None, description="Result that counts as on target, if no component uses the measure."
    )
    covers: Keys | None = Field(default=None, description="Component ids. Default: the whole plan.")


class Kicker(Part):
    """A bonus per unit outside target variable."""

    name: Name = Field(description="Name for people.")
    measure: Key = Field(description="Measure that is counted.")
    per_unit: PerUnit = Field(description="Money per unit.")
    max_units: PerUnit | None = Field(default=None, description="Most units paid per year.")


class Caps(Part):
    """Limits on what a plan pays."""

    total: Annotated[float, Strict(), Field(gt=0, le=1000, allow_inf_nan=False)] | None = Field(
        default=None, description="Most that components and modifiers pay together, as a multiple of target variable."
    )


class Rounding(Part):
    """Rounding of results before the curve applies."""

    attainment: Annotated[int, Strict(), Field(ge=0, le=10)] | None = Field(
        default=None,
        description="Decimals to which attainment, or the result, is rounded, half up. Default: no rounding.",
    )


class Effective(Part):
    """Days on which a plan is in effect; pay and cost of a year are prorated to them."""

    model_config = ConfigDict(validate_by_name=False)

    since: Date | None = Field(default=None, alias="from", description="First day.")
    until: Date | None = Field(default=None, alias="to", description="Last day.")


class About(Part):
    """Source of a plan, and which of its values are assumed."""

    source: Annotated[str, StringConstraints(strict=True, max_length=300)] | None = Field(
        default=None, description="Key of the bibliography, or any reference."
    )
    note: Text | None = Field(default=None, description="What the source says, and what the plan makes of it.")
    assumed: Annotated[
        tuple[Annotated[str, StringConstraints(strict=True, max_length=200)], ...], Field(max_length=500)
    ] = Field(default=(), description="Paths of every number that the source does not give.")
