"""Assumptions of a cost report: taxes, benefits, budget, and how results vary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, Strict, model_validator

from compplan.curve_kinds import Number
from compplan.errors import Problem, expect, nearest
from compplan.models import FrozenModel, refuse_all
from compplan.outcomes.distribution import DRAWS, SEED
from compplan.plan import Plan
from compplan.plan.calendar import DEFAULT_YEAR, PlanYear
from compplan.plan.parts import Date, Key, Money, Share
from compplan.settlement.errors import CostError

Regime = Literal["us_fica", "rate", "none"]
BudgetOf = Literal["variable", "cash", "loaded"]
Large = Annotated[float, Strict(), Field(gt=0, le=1e13, allow_inf_nan=False)]
Spread = Annotated[float, Strict(), Field(ge=0, le=1e12, allow_inf_nan=False)]
_US = "USD"


class Assumptions(FrozenModel):
    """Assumptions of a cost report. Each has bounds and a default, and the report states each default it uses.

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
        default=DEFAULT_YEAR, description="Tax year: its tax rates and wage bases apply."
    )
    starts: Date | None = Field(
        default=None, description="First day of the plan year, the first of a month; January 1 of `year` by default."
    )
    pay_lag: Annotated[int, Strict(), Field(ge=0, le=6)] = Field(
        default=1, description="Months from the end of a pay period to the month in which it is paid."
    )
    regime: Regime = Field(default="us_fica", description="Employer tax: us_fica, rate (one rate on all pay) or none.")
    wage_base: Money | None = Field(
        default=None,
        description="Wages per person per year that Social Security is paid on, currency; the published ones of the "
        "year by default, or the last published ones.",
    )
    rate: Share | None = Field(
        default=None, description="Employer tax, as a fraction of base and variable pay; needs regime rate."
    )
    futa_rate: Share = Field(
        default=0.0, description="Federal unemployment tax, as a fraction of wages up to `futa_base`."
    )
    futa_base: Money | None = Field(
        default=None, description="Wages per person per year that `futa_rate` applies to, currency."
    )
    suta_rate: Share = Field(
        default=0.0, description="State unemployment tax, as a fraction of wages up to `suta_base`."
    )
    suta_base: Money | None = Field(
        default=None, description="Wages per person per year that `suta_rate` applies to, currency."
    )
    benefits_rate: Annotated[float, Strict(), Field(ge=0, le=2, allow_inf_nan=False)] = Field(
        default=0.0, description="Benefits, as a fraction of base salary."
    )
    overhead: Money = Field(
        default=0.0, description="Overhead such as tools and office space, currency per person per year."
    )
    budget: Large | None = Field(default=None, description="Budget of the year, currency.")
    budget_of: BudgetOf = Field(
        default="variable", description="Cost that the budget is for: variable, cash or loaded."
    )
    arr_managed: Large | None = Field(
        default=None, description="ARR that these people manage, currency; the sum of the column `arr` by default."
    )
    arr_due: Large | None = Field(default=None, description="ARR that is up for renewal in the year, currency.")
    stress: Annotated[float, Strict(), Field(ge=1, le=10, allow_inf_nan=False)] = Field(
        default=2.0,
        description="Attainment at which a plan without a limit is costed instead of its maximum, as a fraction.",
    )
    means: Annotated[dict[Key, Number], Field(max_length=50)] = Field(
        default_factory=dict[str, float],
        description="Mean yearly result by component, in its measure's units; the target by default.",
    )
    spreads: Annotated[dict[Key, Spread], Field(max_length=50)] = Field(
        default_factory=dict[str, float],
        description="Standard deviation of one person's yearly result by component, in its measure's units; "
        "illustrative by default. A measure that the plan declares needs one.",
    )
    correlation: Share = Field(
        default=0.0,
        description="Correlation of the pay of two people beyond the results that they share, as a fraction.",
    )
    seed: Annotated[int, Strict(), Field(ge=0, le=2**63 - 1)] = Field(
        default=SEED, description="Seed of the simulation."
    )
    draws: Annotated[int, Strict(), Field(ge=2, le=1_000_000, multiple_of=2)] = Field(
        default=DRAWS, description="Simulated years, an even number."
    )

    @property
    def not_included(self) -> frozenset[str]:
        """Parts of a `Cost` that have no assumption.

        Examples
        --------
        >>> sorted(Assumptions(overhead=6000).not_included)
        ['benefits', 'unemployment_tax']
        """
        rates = {
            "employer_tax": self.regime != "none",
            "unemployment_tax": self.futa_rate or self.suta_rate,
            "benefits": self.benefits_rate,
            "overhead": self.overhead,
        }
        return frozenset(part for part, rate in rates.items() if not rate)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        refuse_all(self._problems())
        return self

    def _problems(self) -> list[Problem]:
        problems: list[Problem] = []
        if self.regime == "rate" and self.rate is None:
            problems.append(Problem("rate", "is missing; regime rate needs it, such as 0.21."))
        if self.regime != "rate" and self.rate is not None:
            problems.append(
                Problem("rate", f"has no effect with regime {self.regime}; set regime to rate, or remove it.")
            )
        if self.regime != "us_fica" and self.wage_base is not None:
            problems.append(
                Problem("wage_base", f"has no effect with regime {self.regime}; set regime to us_fica, or remove it.")
            )
        for name in ("futa", "suta"):
            rate, base = getattr(self, f"{name}_rate"), getattr(self, f"{name}_base")
            if rate and base is None:
                why = f"is missing; {name}_rate needs the wages per person per year that it applies to, such as 7000."
                problems.append(Problem(f"{name}_base", why))
            if base is not None and not rate:
                problems.append(Problem(f"{name}_base", f"has no effect without {name}_rate; give both or neither."))
        if self.starts is not None and self.starts.day != 1:
            problems.append(Problem("starts", f"must be the first day of a month. You entered {self.starts}."))
        return problems

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Build assumptions from plain data.

        Raises
        ------
        CostError
            With every problem and its place.
        """
        return cls.model_validate(data)

    @classmethod
    def for_plan(cls, plan: Plan) -> Self:
        """The defaults for a plan: US FICA where it pays in US dollars, no employer tax elsewhere.

        A plan that is in effect for exactly a year has that year as its plan year, and a plan for a later year the
        calendar year in which it begins.

        Examples
        --------
        >>> from compplan import templates
        >>> plan = templates.load("flowfuse-csm")
        >>> Assumptions.for_plan(plan).regime, Assumptions.for_plan(plan.edit({"currency": "EUR"})).regime
        ('us_fica', 'none')
        """
        first, regime = PlanYear.usual(plan.effective).first, "us_fica" if plan.currency == _US else "none"
        # A plan that ended before the default year is not moved: its cost in that year is refused.
        later = first > dt.date(DEFAULT_YEAR, 1, 1)
        return cls(regime=regime, starts=first if later else None)

    def to_dict(self) -> dict[str, Any]:
        """The values that differ from the defaults, as plain data; `from_dict` builds equal assumptions from it."""
        dumped = self.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
        return {k: int(v) if isinstance(v, float) and v.is_integer() else v for k, v in dumped.items()}

    def edit(self, changes: Mapping[str, Any]) -> Self:
        """New assumptions with some fields changed and checked; None resets a field to its default.

        Raises
        ------
        CostError

        Examples
        --------
        >>> Assumptions(overhead=6000).edit({"overhead": None, "stress": 3}).to_dict()
        {'stress': 3}
        """
        expect(changes, Mapping, "assumptions", 'values by name, such as {"overhead": 6000}', CostError)
        merged = self.to_dict() | dict(changes)
        return type(self).from_dict({k: v for k, v in merged.items() if v is not None})

    def check(self, plan: Plan) -> None:
        """Raise an error for assumptions that do not fit a plan.

        Raises
        ------
        CostError
            If US FICA is used with another currency, or a mean or spread belongs to no component or is out of bounds.
        """
        problems: list[Problem] = []
        if self.regime == "us_fica" and plan.currency != _US:
            why = f"us_fica is a tax in US dollars and the plan pays in {plan.currency}; use rate or none."
            problems.append(Problem("regime", why))
        for field in ("means", "spreads"):
            for key, value in getattr(self, field).items():
                if key not in plan.by_id:
                    why = f"is not a component of the plan; {nearest(key, plan.by_id)}"
                    problems.append(Problem(f"{field}.{key}", why))
                elif field == "means":
                    problems += _outside(plan, key, value)
        if problems:
            raise CostError(problems)


def _outside(plan: Plan, key: str, value: float) -> list[Problem]:
    measure = plan.measure(key)
    low, high = measure.low, measure.high
    if (low is not None and value < low) or (high is not None and value > high):
        edge = f"at least {low:g}" if low is not None and value < low else f"at most {high:g}"
        return [Problem(f"means.{key}", f"must be {edge}, the limit of {measure.name}. You entered {value:g}.")]
    return []
