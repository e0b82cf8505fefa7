"""The people who are paid under one plan in one plan year: checked once, and paid on any results."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from compplan import formats
from compplan.arrays import BoolArray, FloatArray
from compplan.curves import PayoutCurve
from compplan.errors import Problem
from compplan.payout.analysis import paid_kickers, results_along
from compplan.payout.engine import Compiled, compile_plan
from compplan.payout.pay import year_totals
from compplan.plan import Plan
from compplan.plan.calendar import PlanYear
from compplan.plan.parts import Effective
from compplan.settlement.errors import CostError, refuse
from compplan.settlement.headcount import Headcount, checked, floats
from compplan.settlement.prorated import ProratedPay, prorate
from compplan.settlement.year_pay import HeldLevel, held_levels, part_year, personal_targets

if TYPE_CHECKING:
    import pandas as pd

_FAR = 1e6  # fraction of target pay, beyond every total cap


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
        Base, target variable and days of one person of each row, while employed and the plan is in effect.
    targets : dict of str to ndarray, shape (rows,) [each measure's units a year]
        Personal targets by component id, for components that have a column of them.

    Examples
    --------
    >>> import datetime as dt
    >>> from compplan import templates
    >>> from compplan.settlement import PlanYear, Population, headcount
    >>> plan = templates.load("knowup-csat-weighted")
    >>> team = Population.of(plan, headcount(plan, 10), PlanYear(dt.date(2026, 1, 1)))
    >>> team.pay.total(team.paid_at(np.array([1.0]))[0])
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
    def of_checked(cls, plan: Plan, people: Headcount, year: PlanYear, dates: Effective | None = None) -> Population:
        """The same for a headcount that `headcount.checked` has returned.

        Parameters
        ----------
        plan : Plan
        people : Headcount
        year : PlanYear
        dates : Effective, optional
            Days that are paid; those on which the plan is in effect if left out.

        Raises
        ------
        CostError
            If a column of personal targets does not fit the plan, or the plan is not in effect in the year.
        """
        frame = people.people
        dates = plan.effective if dates is None else dates
        if not year.in_force(dates).any():
            refuse(
                "year",
                f"runs from {year.first} to {year.last}, and the plan is in effect "
                f"{formats.span(dates.since, dates.until)}. Choose a plan year that meets these "
                "dates, or change the effective dates of the plan.",
            )
        pay = prorate(plan.currency, frame, year, dates)
        return cls(compile_plan(plan), people, year, pay, personal_targets(plan, frame))

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
        """Yearly results of everyone at some attainments.

        Parameters
        ----------
        attainments : ndarray, shape (cases,) [fraction]

        Returns
        -------
        results : dict of str to ndarray, shape (cases, rows) [each measure's units]
            A flow is the attainment times its target; a level is the result at which its own curve pays the attainment.
        held : dict of str to ndarray of bool, shape (cases,)
            Where a level cannot reach the attainment and is held at its measure's limit or its curve's last point.
        """
        plan = self.plan
        along, held = results_along(self.compiled, attainments)
        results = {key: np.repeat(value[:, None], len(self.frame), axis=1) for key, value in along.items()}
        for key, target in self.targets.items():
            measure, component = plan.measure(key), plan.by_id[key]
            scaled = along[key][:, None] * (target / component.target)[None, :]
            results[key] = scaled if measure.kind == "flow" else np.clip(scaled, measure.low, measure.high)
        return results, held

    def held_levels(self, attainments: FloatArray) -> tuple[HeldLevel, ...]:
        """Levels that cannot follow some attainments, see `compplan.settlement.year_pay.held_levels`."""
        return held_levels(self.compiled, attainments)

    def best_results(self) -> dict[str, FloatArray]:
        """Yearly results that earn the most under a plan with bounded pay.

        Returns
        -------
        dict of str to ndarray, shape (1, rows) [each measure's units]
            Each component at the best result its measure allows, or at the flat end of its curve; conditions on other
            measures at their best.
        """
        results, _ = self.results_at(np.ones(1))
        plan, row = self.plan, (1, len(self.frame))
        for c in self.compiled.components:
            unit = self.targets.get(c.id, c.part.target) if c.part.axis == "attainment" else 1.0
            best = c.measure.best
            results[c.id] = np.full(row, _flat_end(c.curve) * unit if best is None else best)
        for kicker in paid_kickers(plan):
            key = plan.result_key(kicker.measure)
            if plan.measure(key).best is None and plan.measure(key).better == "more":
                results[key] = np.maximum(results[key], kicker.max_units or 0.0)
        for modifier in self.compiled.modifiers:
            if modifier.key not in plan.by_id:
                best = modifier.measure.best
                results[modifier.key] = np.full(row, _flat_end(modifier.curve) if best is None else best)
        return results

    def own_results(self) -> dict[str, FloatArray]:
        """Yearly results from the columns of the table.

        Returns
        -------
        dict of str to ndarray, shape (1, rows) [each measure's units]
            A flow of part of a year is grossed up to a whole year, since it is measured against part of the target.

        Raises
        ------
        CostError
            With every result that has no column.
        """
        keys, frame = self.compiled.keys, self.frame
        missing = [key for key in keys if key not in frame.columns]
        if missing:
            raise CostError(Problem(f"people.{key}", "is missing; the plan needs this result.") for key in missing)
        share = np.where(self.pay.share > 0, self.pay.share, 1.0)
        flows = {key for key in keys if self.plan.measure(key).kind == "flow"}
        return {key: (floats(frame, key) / (share if key in flows else 1.0))[None, :] for key in keys}

    def paid_at(self, attainments: FloatArray) -> FloatArray:
        """Variable pay of one person of each row at some attainments, kickers left out.

        Parameters
        ----------
        attainments : ndarray, shape (cases,) [fraction]
            1 is everything at target, see `results_at`.

        Returns
        -------
        ndarray, shape (cases, rows) [minor units]
            0 for people outside the plan year.

        Raises
        ------
        ResultError
            If a result or target is outside its measure's limits.
        """
        return self.paid(self.results_at(attainments)[0], kickers=False)

    def paid(self, results: Mapping[str, FloatArray], *, kickers: bool = True) -> FloatArray:
        """Variable pay and kickers of one person of each row.

        Parameters
        ----------
        results : Mapping of str to ndarray, shape (cases, rows) [each measure's units a year]
            Results of a part of the year are grossed up to a whole year.
        kickers : bool
            Whether kickers are paid; False for results that are not known but follow from attainments.

        Returns
        -------
        ndarray, shape (cases, rows) [minor units]
            0 for people outside the plan year.

        Raises
        ------
        ResultError
            If a result or target is outside its measure's limits.

        Notes
        -----
        The engine rounds each line of pay to the cent, once a person.
        """
        compiled, pay, ids = self.compiled, self.pay, self.frame["id"].to_numpy()
        cases, rows = next(iter(results.values())).shape
        units = np.zeros((cases, rows))
        depends_on_time = (kickers and bool(compiled.kickers)) or any(c.part.rate for c in compiled.components)
        shares = pay.share if depends_on_time else np.ones(rows)
        for share in np.unique(shares):
            at = np.flatnonzero((shares == share) & (pay.share > 0))
            if not at.size:
                continue
            plan = part_year(compiled.plan, float(share))
            totals = year_totals(
                compiled if plan is compiled.plan else compile_plan(plan),
                {key: value[:, at].reshape(-1) for key, value in results.items()},
                variable=np.tile(pay.variable[at] / pay.size, cases),
                targets={key: np.tile(target[at], cases) for key, target in self.targets.items()},
                ids=np.tile(ids[at], cases),
                kickers=kickers,
            )
            units[:, at] = totals.reshape(cases, at.size)
        return units


def _flat_end(curve: PayoutCurve) -> float:
    """A result on the flat end of a curve; for a curve without one, a result far beyond every total cap."""
    far = None if math.isfinite(curve.highest) else curve.reach(_FAR)
    return curve.points()[-1][0] if far is None else far
