"""What the cost of a plan is reckoned with beside the plan and its people: taxes, benefits, budget, uncertainty."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, Strict, model_validator

from compplan.curve_kinds import Number
from compplan.errors import Problem, nearest
from compplan.models import FrozenModel, refuse_all
from compplan.outcomes.distribution import DRAWS, SEED
from compplan.plan import Plan
from compplan.plan.parts import Date, Key, Money, Share
from compplan.settlement.errors import CostError

Regime = Literal["us_fica", "rate", "none"]
BudgetOf = Literal["variable", "cash", "loaded"]
Large = Annotated[float, Strict(), Field(gt=0, le=1e13, allow_inf_nan=False)]
Spread = Annotated[float, Strict(), Field(ge=0, le=1e12, allow_inf_nan=False)]
_US = "USD"


class Assumptions(FrozenModel):
    """Assumptions of a cost report; each has a bound and a default, and each default is said in the report.

    Examples
    --------
    >>> Assumptions(benefits_rate=0.2, overhead=6000).to_dict()
    {'benefits_rate': 0.2, 'overhead': 6000}
    >>> Assumptions.from_dict({"benefits": 0.2})
    Traceback (most recent call last):
    compplan.settlement.errors.CostError: benefits: is not a known key; did you mean benefits_rate?
    """

    error_class = CostError

    year: Annotated[int, Strict(), Field(ge=2000, le=2100)] = Field(
        default=2026, description="Tax year, whose rates and wage bases are taken."
    )
    starts: Date | None = Field(
        default=None, description="First day of the plan year, the first of a month; 1 January of `year` if left out."
    )
    pay_lag: Annotated[int, Strict(), Field(ge=0, le=6)] = Field(
        default=1, description="Months from the end of a pay period to the month in which its variable is paid."
    )
    regime: Regime = Field(default="us_fica", description="Employer tax: US FICA, one rate on all pay, or none.")
    rate: Share | None = Field(default=None, description="Employer tax as a share of base and variable paid.")
    futa_rate: Share = Field(default=0.0, description="Federal unemployment tax, a share of wages up to its base.")
    futa_base: Money | None = Field(default=None, description="Wages of a person a year that it is paid on.")
    suta_rate: Share = Field(default=0.0, description="State unemployment tax, a share of wages up to its base.")
    suta_base: Money | None = Field(default=None, description="Wages of a person a year that it is paid on.")
    benefits_rate: Annotated[float, Strict(), Field(ge=0, le=2, allow_inf_nan=False)] = Field(
        default=0.0, description="Benefits as a share of base."
    )
    overhead: Money = Field(default=0.0, description="Tools, space and the like: money a person a year.")
    budget: Large | None = Field(default=None, description="What may be spent in the year.")
    budget_of: BudgetOf = Field(default="variable", description="What the budget is of: variable, cash or loaded.")
    arr_managed: Large | None = Field(
        default=None, description="ARR that these people look after; the sum of theirs if left out."
    )
    arr_due: Large | None = Field(default=None, description="ARR of theirs that is due for renewal in the year.")
    stress: Annotated[float, Strict(), Field(ge=1, le=10, allow_inf_nan=False)] = Field(
        default=2.0, description="Attainment at which a plan without a cap is costed, in place of a most."
    )
    means: Annotated[dict[Key, Number], Field(max_length=50)] = Field(
        default_factory=dict[str, float], description="Expected result of a component; its target if left out."
    )
    spreads: Annotated[dict[Key, Spread], Field(max_length=50)] = Field(
        default_factory=dict[str, float],
        description="Standard deviation of one person's yearly result; an illustration if left out.",
    )
    correlation: Share = Field(
        default=0.0, description="How far the pay of two people goes together beyond what they share by the plan."
    )
    seed: Annotated[int, Strict(), Field(ge=0, le=2**63 - 1)] = Field(
        default=SEED, description="Of what is drawn at random."
    )
    draws: Annotated[int, Strict(), Field(ge=2, le=1_000_000, multiple_of=2)] = Field(
        default=DRAWS, description="Years that are drawn at random, an even number."
    )

    @model_validator(mode="after")
    def _sound(self) -> Self:
        refuse_all(self._problems())
        return self

    def _problems(self) -> list[Problem]:
        found: list[Problem] = []
        if self.regime == "rate" and self.rate is None:
            found.append(Problem("rate", "is missing; regime rate needs one, such as 0.21."))
        if self.regime != "rate" and self.rate is not None:
            found.append(
                Problem("rate", f"does nothing with regime {self.regime}; set regime to rate, or leave it out.")
            )
        for name in ("futa", "suta"):
            rate, base = getattr(self, f"{name}_rate"), getattr(self, f"{name}_base")
            if rate and base is None:
                told = "is missing: the wages of a person a year that the tax is paid on, such as 7000."
                found.append(Problem(f"{name}_base", told))
            if base is not None and not rate:
                found.append(Problem(f"{name}_base", f"does nothing without {name}_rate; give both or neither."))
        if self.starts is not None and self.starts.day != 1:
            found.append(Problem("starts", f"must be the first day of a month, got {self.starts}."))
        return found

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Check plain data and make assumptions of it.

        Raises
        ------
        CostError
            With every problem and its place.
        """
        return cls.model_validate(data)

    @classmethod
    def for_plan(cls, plan: Plan) -> Self:
        """The defaults for a plan: US FICA where it pays in US dollars, no employer tax elsewhere.

        Examples
        --------
        >>> from compplan import templates
        >>> plan = templates.load("flowfuse-csm")
        >>> Assumptions.for_plan(plan).regime, Assumptions.for_plan(plan.edit({"currency": "EUR"})).regime
        ('us_fica', 'none')
        """
        return cls() if plan.currency == _US else cls(regime="none")

    def to_dict(self) -> dict[str, Any]:
        """What differs from the defaults, as plain data; `from_dict` gives equal assumptions back."""
        dumped = self.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
        return {k: int(v) if isinstance(v, float) and v.is_integer() else v for k, v in dumped.items()}

    def edit(self, changes: dict[str, Any]) -> Self:
        """New assumptions with some fields changed, checked again; None takes a field back to its default.

        Raises
        ------
        CostError

        Examples
        --------
        >>> Assumptions(overhead=6000).edit({"overhead": None, "stress": 3}).to_dict()
        {'stress': 3}
        """
        merged = self.to_dict() | changes
        return type(self).from_dict({k: v for k, v in merged.items() if v is not None})

    def check(self, plan: Plan) -> None:
        """Refuse assumptions that do not fit a plan.

        Raises
        ------
        CostError
            If US tax is asked for in another currency, or a spread or mean is of no component or out of bounds.
        """
        found: list[Problem] = []
        if self.regime == "us_fica" and plan.currency != _US:
            told = f"us_fica is a tax in US dollars and the plan pays in {plan.currency}; take rate or none."
            found.append(Problem("regime", told))
        for field in ("means", "spreads"):
            for key, value in getattr(self, field).items():
                if key not in plan.by_id:
                    told = f"is no component of the plan; {nearest(key, plan.by_id)}"
                    found.append(Problem(f"{field}.{key}", told))
                elif field == "means":
                    found += _outside(plan, key, value)
        if found:
            raise CostError(found)


def _outside(plan: Plan, key: str, value: float) -> list[Problem]:
    measure = plan.measure(key)
    low, high = measure.low, measure.high
    if (low is not None and value < low) or (high is not None and value > high):
        edge = f"at least {low:g}" if low is not None and value < low else f"at most {high:g}"
        return [Problem(f"means.{key}", f"must be {edge}, which {measure.name} cannot pass; got {value:g}.")]
    return []
