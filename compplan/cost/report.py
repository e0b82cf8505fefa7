"""The cost of a plan in a year: at target, by attainment, at most, and expected."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import compplan
from compplan.arrays import FloatArray
from compplan.cost.amounts import PARTS, Cost, LoadedPay, loaded_pay
from compplan.cost.assumptions import Assumptions
from compplan.cost.expected import Expected, expected
from compplan.cost.notes import NOT_MODELLED, notes
from compplan.cost.plain import records
from compplan.cost.ratios import Budget, Ratios, budget, ratios
from compplan.outcomes import spread_text, unknown_spreads
from compplan.payout import bounded
from compplan.plan import Plan
from compplan.settlement import Headcount, HeldLevel, PlanYear, Population
from compplan.settlement.errors import refuse
from compplan.settlement.prorated import ProratedPay

if TYPE_CHECKING:
    import pandas as pd


GRID = tuple(round(0.50 + 0.05 * i, 2) for i in range(21))
# Amounts in `CostReport.each` and `CostReport.rows`, in the order of their columns.
AMOUNTS = (
    "base", "variable", "ote", "pay", "employer_tax", "unemployment_tax", "benefits", "overhead", "loaded",
    "expected_pay", "expected_tax", "expected_loaded", "most_pay", "most_loaded",
)  # fmt: skip
_MOST_GRID = 200


@dataclass(frozen=True, slots=True)
class Most:
    """Maximum cost of a plan, or its cost at a stated stress where nothing limits its pay.

    Attributes
    ----------
    kind : {'cap', 'stress'}
    attainment : float or None [fraction]
        Attainment of the stress, in every measure; None for a capped plan.
    cost : Cost
        Of everyone.
    """

    kind: str
    attainment: float | None
    cost: Cost


@dataclass(frozen=True, eq=False)
class CostReport:
    """Cost of a plan in a year; amounts in the plan's currency.

    Attributes
    ----------
    plan_name, plan_hash, version, currency : str
    assumptions : Assumptions
    year : PlanYear
    headcount : int
        People in the table.
    employed : int
        People who are employed for at least a day of the plan year.
    each : DataFrame
        One person of each row; columns below.
    rows : DataFrame
        Everybody of each row: amounts of `each` times ``headcount``.
    by_role : DataFrame
        ``role``, and the sums of ``headcount`` and of the amounts of `rows`.
    variable, ote : float [currency]
        Target variable and on-target earnings of everyone.
    at_target : Cost
        Of everyone.
    grid : DataFrame
        Everybody, one row for each attainment; columns below.
    held : tuple of HeldLevel
        Levels that cannot reach some attainments of the grid.
    most : Most
    expected : Expected or None
        None where the spread of a result is unknown; then the columns of expected amounts are missing values.
    needs_spread : tuple of str
        Components whose spread is unknown.
    spread : str
        The spreads in use, as a sentence; the request for one that is unknown.
    ratios : Ratios
    budget : Budget or None
        None where the assumptions have no budget.
    set_aside : DataFrame
        People who are not costed: ``id``, ``role``, ``currency``, and ``why`` as a sentence.
    notes, not_modelled : tuple of str
        Assumptions, and what the report leaves out, one sentence each.

    Notes
    -----
    Columns of `each` and `rows`:

    ==================== ========== ====================================================
    column               unit       meaning
    ==================== ========== ====================================================
    ``id``               text       person or group
    ``role``             text       role
    ``headcount``        people     people of the row
    ``share``            fraction   days employed over days of the plan year
    ``base``             currency   base salary for the days employed
    ``variable``         currency   target variable for the days employed
    ``ote``              currency   base + variable
    ``pay``              currency   variable pay at target
    ``employer_tax``     currency   employer tax on base and pay at target
    ``unemployment_tax`` currency   unemployment tax on base and pay at target
    ``benefits``         currency   benefits for the days employed
    ``overhead``         currency   overhead for the days employed
    ``loaded``           currency   base, pay, taxes, benefits and overhead at target
    ``expected_pay``     currency   expected variable pay
    ``expected_tax``     currency   expected employer and unemployment tax
    ``expected_loaded``  currency   expected fully loaded cost
    ``most_pay``         currency   variable pay at `most`
    ``most_loaded``      currency   fully loaded cost at `most`
    ==================== ========== ====================================================

    Columns of `grid`:

    ==================== ========== ====================================================
    column               unit       meaning
    ==================== ========== ====================================================
    ``attainment``       fraction   attainment in every measure
    ``base``             currency   base salary
    ``pay``              currency   variable pay
    ``employer_tax``     currency   employer tax on base and pay
    ``unemployment_tax`` currency   unemployment tax on base and pay
    ``benefits``         currency   benefits
    ``overhead``         currency   overhead
    ``cash``             currency   base + pay
    ``tax``              currency   employer_tax + unemployment_tax
    ``loaded``           currency   cash + tax + benefits + overhead
    ==================== ========== ====================================================
    """

    plan_name: str
    plan_hash: str
    version: str
    currency: str
    assumptions: Assumptions
    year: PlanYear
    headcount: int
    employed: int
    each: pd.DataFrame
    rows: pd.DataFrame
    by_role: pd.DataFrame
    variable: float
    ote: float
    at_target: Cost
    grid: pd.DataFrame
    held: tuple[HeldLevel, ...]
    most: Most
    expected: Expected | None
    needs_spread: tuple[str, ...]
    spread: str
    ratios: Ratios
    budget: Budget | None
    set_aside: pd.DataFrame
    notes: tuple[str, ...]
    not_modelled: tuple[str, ...] = NOT_MODELLED

    def at(self, attainment: float) -> Cost:
        """Cost of everyone at an attainment of the grid.

        Raises
        ------
        CostError
            If the grid has no such attainment.
        """
        rows = self.grid[np.isclose(self.grid["attainment"], attainment, rtol=0, atol=1e-9)]
        if not len(rows):
            refuse("attainment", f"must be on the grid of this report. You entered {attainment:g}.")
        row = rows.iloc[0]
        return Cost(**{name: float(row[name]) for name in PARTS})

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data for JSON; an unknown figure is None."""
        likely = self.expected
        return {
            "plan": self.plan_name,
            "plan_hash": self.plan_hash,
            "version": self.version,
            "currency": self.currency,
            "assumptions": self.assumptions.to_dict(),
            "year": {"first": self.year.first.isoformat(), "last": self.year.last.isoformat()},
            "headcount": self.headcount,
            "employed": self.employed,
            "variable": self.variable,
            "ote": self.ote,
            "at_target": self.at_target.to_dict(),
            "grid": records(self.grid),
            "held": [asdict(one) for one in self.held],
            "most": {"kind": self.most.kind, "attainment": self.most.attainment, **self.most.cost.to_dict()},
            "expected": None if likely is None else likely.to_dict(),
            "needs_spread": list(self.needs_spread),
            "ratios": asdict(self.ratios),
            "budget": None if self.budget is None else self.budget.to_dict(),
            "rows": records(self.rows),
            "by_role": records(self.by_role),
            "set_aside": records(self.set_aside),
            "notes": list(self.notes),
            "not_modelled": list(self.not_modelled),
        }


def cost(
    plan: Plan,
    people: Headcount | pd.DataFrame | Population,
    assumptions: Assumptions | None = None,
    *,
    attainments: Sequence[float] = GRID,
) -> CostReport:
    """Compute the cost of a plan in a year.

    Parameters
    ----------
    plan : Plan
    people : Headcount, DataFrame or Population
        From `headcount` or `from_people`, or a table with their columns; a population of this plan and the plan year
        of the assumptions is used as it is.
    assumptions : Assumptions, optional
        `Assumptions.for_plan` if left out.
    attainments : sequence of float [fraction]
        Of the grid; 50% to 150% in steps of 5 points by default.

    Returns
    -------
    CostReport

    Raises
    ------
    CostError
        If people or assumptions do not fit the plan, or people are paid in several currencies.

    Notes
    -----
    ``loaded = base + pay + T(base + pay) + U(base + pay) + benefits rate * base + overhead``, each part rounded to
    the cent for one person and multiplied by the people of the row. Pay is that of `compplan.payout`.

    Examples
    --------
    >>> from compplan import templates
    >>> from compplan.cost import Assumptions, cost, headcount
    >>> plan = templates.load("knowup-csat-weighted")
    >>> report = cost(plan, headcount(plan, 10), Assumptions(benefits_rate=0.2))
    >>> report.at_target.cash, report.at_target.employer_tax, report.at_target.loaded
    (1050000.0, 80325.0, 1300325.0)
    >>> report.at(1.5).pay, report.most.kind, report.most.cost.pay
    (308000.0, 'cap', 315000.0)
    """
    assumptions = assumptions or Assumptions.for_plan(plan)
    assumptions.check(plan)
    return report_on(Population.of(plan, people, PlanYear.of(assumptions)), assumptions, attainments)


def report_on(population: Population, assumptions: Assumptions, attainments: Sequence[float] = GRID) -> CostReport:
    """`cost` of a population.

    Raises
    ------
    CostError
    """
    plan, pay = population.plan, population.pay
    grid = _checked_grid(attainments)
    loads = loaded_pay(pay, assumptions)
    pays = population.paid_at(np.array([1.0, *grid]))
    at_target = loads.total(pays[0])
    capped = bounded(population.compiled)
    top = population.best_results() if capped else population.results_at(np.array([assumptions.stress]))[0]
    highest = population.paid(top)[0]
    most = Most("cap" if capped else "stress", None if capped else assumptions.stress, loads.total(highest))
    unknown = unknown_spreads(plan, assumptions.spreads)
    likely = None if unknown else expected(population, loads, assumptions)
    table = _grid(grid, pays[1:], loads)
    each = _each(population.frame, loads, pays[0], highest, likely)
    rows = _times(each, each["headcount"].to_numpy(), pay)
    return CostReport(
        plan_name=plan.name,
        plan_hash=plan.hash,
        version=compplan.__version__,
        currency=plan.currency,
        assumptions=assumptions,
        year=population.year,
        headcount=population.headcount.count,
        employed=int(pay.count[pay.share > 0].sum()),
        each=each,
        rows=rows,
        by_role=_by_role(rows, pay),
        variable=pay.total(pay.variable),
        ote=pay.total(pay.base + pay.variable),
        at_target=at_target,
        grid=table,
        held=population.held_levels(np.array(grid)),
        most=most,
        expected=likely,
        needs_spread=unknown,
        spread=spread_text(plan, assumptions.spreads),
        ratios=ratios(population, assumptions, at_target, likely),
        budget=budget(assumptions, at_target, likely, most.cost, table),
        set_aside=population.headcount.set_aside,
        notes=notes(population, assumptions, likely),
    )


def _checked_grid(attainments: Sequence[float]) -> tuple[float, ...]:
    grid = tuple(float(k) for k in attainments)
    if not 1 <= len(grid) <= _MOST_GRID or not all(math.isfinite(k) and 0 <= k <= 10 for k in grid):
        refuse("attainments", f"must be 1 to {_MOST_GRID} attainments from 0 to 10, such as 0.5 and 1.")
    if list(grid) != sorted(set(grid)):
        refuse("attainments", "must be in ascending order, each once.")
    return grid


def _grid(grid: tuple[float, ...], pays: FloatArray, loads: LoadedPay) -> pd.DataFrame:
    import pandas as pd

    costs = [loads.total(pay) for pay in pays]
    return pd.DataFrame([{"attainment": k, **one.to_dict()} for k, one in zip(grid, costs, strict=True)])


def _each(
    frame: pd.DataFrame, loads: LoadedPay, pay: FloatArray, most: FloatArray, likely: Expected | None
) -> pd.DataFrame:
    import pandas as pd

    prorated = loads.pay
    at_target, at_most = loads.parts(pay), loads.parts(most)
    unknown = np.full(pay.shape, np.nan)
    units = {
        "base": prorated.base,
        "variable": prorated.variable,
        "ote": prorated.base + prorated.variable,
        **{name: at_target[name] for name in PARTS if name != "base"},
        "loaded": sum(at_target.values()),
        "expected_pay": unknown if likely is None else likely.pay,
        "expected_tax": unknown if likely is None else likely.tax,
        "expected_loaded": unknown if likely is None else likely.loaded,
        "most_pay": most,
        "most_loaded": sum(at_most.values()),
    }
    names = pd.DataFrame(
        {"id": frame["id"], "role": frame["role"], "headcount": frame["headcount"], "share": prorated.share}
    )
    return names.assign(**{name: units[name] / prorated.size for name in AMOUNTS})


def _units(frame: pd.DataFrame, pay: ProratedPay) -> dict[str, FloatArray]:
    """The amounts of a table in whole minor units, which add up and multiply without rounding errors."""
    return {name: np.round(frame[name].to_numpy(dtype=np.float64) * pay.size) for name in AMOUNTS}


def _times(each: pd.DataFrame, count: FloatArray, pay: ProratedPay) -> pd.DataFrame:
    return each.assign(**{name: units * count / pay.size for name, units in _units(each, pay).items()})


def _by_role(rows: pd.DataFrame, pay: ProratedPay) -> pd.DataFrame:
    summed = (
        rows.assign(**_units(rows, pay))
        .groupby("role", sort=True)[["headcount", *AMOUNTS]]
        .sum(min_count=1)
        .reset_index()
    )
    return summed.assign(**{name: summed[name] / pay.size for name in AMOUNTS})
