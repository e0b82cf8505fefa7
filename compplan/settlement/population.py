"""The people who are paid under one plan in one plan year, compiled and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from compplan.arrays import BoolArray, FloatArray
from compplan.payout.engine import Compiled, compile_plan
from compplan.plan import Plan
from compplan.settlement import year_pay
from compplan.settlement.calendar import PlanYear
from compplan.settlement.headcount import Headcount, checked
from compplan.settlement.prorated import ProratedPay, prorate
from compplan.settlement.year_pay import HeldLevel

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """People who are paid under a plan in a plan year. Build one per request and pass it on.

    Attributes
    ----------
    compiled : Compiled
        The plan, ready to be calculated.
    headcount : Headcount
        The checked table, the rows that are left out, and notes.
    year : PlanYear
    pay : ProratedPay
        Base, target variable and days employed of one person of each row.
    targets : dict of str to ndarray, shape (rows,) [each measure's units a year]
        Personal targets by component id, for components that have a column of them.

    Examples
    --------
    >>> import datetime as dt
    >>> from compplan import templates
    >>> from compplan.settlement import PlanYear, Population, headcount
    >>> plan = templates.load("knowup-csat-weighted")
    >>> team = Population.of(plan, headcount(plan, 10), PlanYear(dt.date(2026, 1, 1)))
    >>> results, _ = team.results_at(np.array([1.0]))
    >>> team.pay.total(team.paid(results)[0])
    200000.0
    """

    compiled: Compiled
    headcount: Headcount
    year: PlanYear
    pay: ProratedPay
    targets: dict[str, FloatArray]

    @classmethod
    def of(cls, plan: Plan, people: Headcount | pd.DataFrame | Population, year: PlanYear) -> Population:
        """Check people and prorate their pay.

        Parameters
        ----------
        plan : Plan
        people : Headcount, DataFrame or Population
            A population of this plan and year is returned as it is.
        year : PlanYear

        Raises
        ------
        CostError
            If the table cannot be paid under the plan.
        """
        if isinstance(people, Population):
            if people.plan.hash == plan.hash and people.year == year:
                return people
            people = people.headcount
        return cls.of_checked(plan, checked(plan, people), year)

    @classmethod
    def of_checked(cls, plan: Plan, people: Headcount, year: PlanYear) -> Population:
        """The same for a headcount that `headcount.checked` has returned.

        Raises
        ------
        CostError
            If a column of personal targets does not fit the plan.
        """
        frame = people.people
        return cls(
            compile_plan(plan),
            people,
            year,
            prorate(plan.currency, frame, year),
            year_pay.personal_targets(plan, frame),
        )

    @property
    def plan(self) -> Plan:
        """The plan that the people are paid under."""
        return self.compiled.plan

    @property
    def frame(self) -> pd.DataFrame:
        """The headcount table, one row a person or group."""
        return self.headcount.people

    @property
    def variable(self) -> FloatArray:
        """Target variable of one person of each row for a full year, shape (rows,) [currency]."""
        return self.frame["variable"].to_numpy(dtype=np.float64)

    def results_at(self, attainments: FloatArray) -> tuple[dict[str, FloatArray], dict[str, BoolArray]]:
        """Yearly results of everybody at some attainments, see `year_pay.results_at_attainments`."""
        return year_pay.results_at_attainments(self.compiled, self.targets, len(self.frame), attainments)

    def best_results(self) -> dict[str, FloatArray]:
        """Yearly results that earn the most, see `year_pay.best_results`."""
        return year_pay.best_results(self.compiled, self.targets, len(self.frame))

    def own_results(self) -> dict[str, FloatArray]:
        """Yearly results from the columns of the table, see `year_pay.own_results`."""
        return year_pay.own_results(self.compiled, self.frame, self.pay)

    def paid(self, results: Mapping[str, FloatArray]) -> FloatArray:
        """Variable pay and kickers of one person of each row, see `year_pay.paid`."""
        return year_pay.paid(self.compiled, self.pay, self.targets, self.frame["id"].to_numpy(), results)

    def held_levels(self, attainments: FloatArray) -> tuple[HeldLevel, ...]:
        """Levels that cannot follow some attainments, see `year_pay.held_levels`."""
        return year_pay.held_levels(self.compiled, attainments)
