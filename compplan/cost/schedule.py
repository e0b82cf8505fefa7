"""Cost and accrual by month and quarter: earned, paid, taxed as wage bases fill up, and owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

import compplan
from compplan.arrays import FloatArray
from compplan.cost.amounts import Cost, LoadedPay, loaded_pay
from compplan.cost.assumptions import Assumptions
from compplan.cost.expected import Expected, expected, expected_tax
from compplan.cost.taxes import Bands, tax
from compplan.money import to_minor
from compplan.outcomes import unknown_spreads
from compplan.plan import Plan
from compplan.settlement import MONTHS, Headcount, PlanYear, Population
from compplan.settlement.accrual import (
    accrued_by_month,
    earning_density,
    extended,
    paid_by_month,
    payable_by_period,
    running_share,
    spread_over,
)
from compplan.settlement.errors import refuse
from compplan.settlement.prorated import ProratedPay

if TYPE_CHECKING:
    import pandas as pd

Footing = float | Literal["expected"]

SUMS = (
    "base", "variable_accrued", "variable_paid", "employer_tax", "unemployment_tax", "benefits", "overhead",
    "total_cost", "tax_paid", "cash_paid",
)  # fmt: skip
BALANCES = ("accrual_pay", "accrual_tax", "accrual")


@dataclass(frozen=True, eq=False)
class Schedule:
    """Cost of a year by month; amounts of everyone in the plan's currency.

    Attributes
    ----------
    plan_hash, version, currency : str
    footing : float or 'expected'
        The attainment that is costed [fraction], or expected pay.
    months : DataFrame
        One row for each month, and for each month after the year in which pay is still due; columns below.
    quarters : DataFrame
        ``quarter``, and the same amounts by quarter of the plan year.
    year : Cost
        Sums of the amounts earned.
    fewest : int
        The smallest group of people behind a figure of the table: people employed in a month, or people with
        different days in two months. Below five, a month can reveal the pay of one of them.

    Notes
    -----
    Columns of `months`:

    ==================== ========== ====================================================
    column               unit       meaning
    ==================== ========== ====================================================
    ``month``            number     month of the plan year, from 1; above 12 after it
    ``starts``           date       first day of the month, such as 2026-03-01
    ``label``            text       name of the month, such as Mar 2026
    ``quarter``          number     quarter of the plan year, from 1; 0 after it
    ``base``             currency   base salary of the month
    ``variable_accrued`` currency   variable pay earned in the month
    ``variable_paid``    currency   variable pay paid in the month
    ``employer_tax``     currency   employer tax on amounts earned
    ``unemployment_tax`` currency   unemployment tax on amounts earned
    ``benefits``         currency   benefits of the month
    ``overhead``         currency   overhead of the month
    ``total_cost``       currency   base, variable_accrued, both taxes, benefits, overhead
    ``tax_paid``         currency   employer and unemployment tax on amounts paid
    ``cash_paid``        currency   base, variable_paid, tax_paid, benefits, overhead
    ``accrual_pay``      currency   variable pay earned and not paid, at the month's end
    ``accrual_tax``      currency   tax on ``accrual_pay``, at the month's end
    ``accrual``          currency   accrual_pay + accrual_tax
    ==================== ========== ====================================================
    """

    plan_hash: str
    version: str
    currency: str
    footing: Footing
    months: pd.DataFrame
    quarters: pd.DataFrame
    year: Cost
    fewest: int

    @staticmethod
    def employer_taxes(periods: pd.DataFrame) -> pd.Series[float]:
        """All taxes that the employer owes on the amounts earned in each row of `months` or `quarters` [currency]."""
        return periods["employer_tax"] + periods["unemployment_tax"]

    def to_dict(self) -> dict[str, Any]:
        """The schedule as plain data for JSON."""
        return {
            "plan_hash": self.plan_hash,
            "version": self.version,
            "currency": self.currency,
            "footing": self.footing,
            "months": self.months.to_dict("records"),
            "quarters": self.quarters.to_dict("records"),
            "year": self.year.to_dict(),
        }


def usual_footing(plan: Plan, assumptions: Assumptions) -> Footing:
    """Expected pay, or pay at target where the spread of a result is unknown.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("flowfuse-csm")
    >>> usual_footing(plan, Assumptions.for_plan(plan))
    'expected'
    """
    return 1.0 if unknown_spreads(plan, assumptions.spreads) else "expected"


def schedule(
    plan: Plan,
    people: Headcount | pd.DataFrame | Population,
    assumptions: Assumptions | None = None,
    *,
    footing: Footing = "expected",
    revised: Mapping[int, float] | None = None,
) -> Schedule:
    """Compute the cost of a plan by month and quarter, with the accrual for pay that is earned and not yet paid.

    Parameters
    ----------
    plan : Plan
    people : Headcount, DataFrame or Population
        As for `cost`.
    assumptions : Assumptions, optional
    footing : float or 'expected'
        An attainment [fraction], or expected pay.
    revised : Mapping of int to float, optional
        By month (1 to 12): the attainment [fraction] that the year is estimated at from that month on.

    Returns
    -------
    Schedule

    Raises
    ------
    CostError
    OutcomeError
        If the footing is expected pay and the spread of a result is unknown, see `usual_footing`.

    Notes
    -----
    Base, benefits and overhead fall evenly over the months by cumulative rounding. Variable is earned evenly over its
    period, a commission by the plan's seasonality, and paid `pay_lag` months after the end of its period; see
    `compplan.settlement.accrual`.

    Tax earned to m is ``T(base so far + accrued so far)`` and tax paid ``T(base so far + paid so far)``, so a wage
    base that is reached during the year stops both. Pay of the last period counts towards this year's wages even if
    it is paid in the next year: in a steady state, the last payment of the year before takes its place.

    Examples
    --------
    >>> from compplan import templates
    >>> from compplan.cost import headcount, schedule
    >>> plan = templates.load("knowup-csat-weighted")
    >>> months = schedule(plan, headcount(plan), footing=1.0).months
    >>> months[["label", "variable_accrued", "variable_paid", "accrual"]].iloc[[2, 3, 12]]
           label  variable_accrued  variable_paid  accrual
    2   Mar 2026           1666.67            0.0  5382.50
    3   Apr 2026           1666.67         5000.0  1794.17
    12  Jan 2027              0.00         5000.0     0.00
    """
    assumptions = assumptions or Assumptions.for_plan(plan)
    assumptions.check(plan)
    population = Population.of(plan, people, PlanYear.of(assumptions))
    pay, year = population.pay, population.year
    loads = loaded_pay(pay, assumptions)
    likely = expected(population, loads, assumptions) if footing == "expected" else None
    estimates = _estimates(population, footing, likely, revised or {})
    worked = pay.days / year.month_days()
    even = running_share(np.full(MONTHS, 1.0 / MONTHS), worked)
    season = running_share(earning_density(population.compiled, population.variable), worked)
    accrued = accrued_by_month(plan, estimates, season)
    settled = payable_by_period(plan, accrued)
    if plan.negative == "forgive" and plan.accumulation == "year_to_date":
        accrued[:, -1] = np.maximum(accrued[:, -1], settled[:, -1])
    flat = {"base": pay.base, "benefits": loads.benefits, "overhead": loads.overhead}
    monthly = {name: spread_over(amount, even) for name, amount in flat.items()}
    months = MONTHS + assumptions.pay_lag
    totals = {name: extended(values, months) for name, values in {**monthly, "variable_accrued": accrued}.items()}
    totals["variable_paid"] = paid_by_month(plan, settled, assumptions.pay_lag)
    taxes = _taxes(loads, totals, likely if not revised else None)
    return _schedule(population, totals | taxes, footing)


def _estimates(
    population: Population, footing: Footing, likely: Expected | None, revised: Mapping[int, float]
) -> FloatArray:
    """Pay of the whole year as it is estimated in each month, shape (rows, 12) [minor units]."""
    for month, k in revised.items():
        if type(month) is not int or not 1 <= month <= MONTHS:
            refuse("revised", f"must start from a month from 1 to {MONTHS}. You entered {month!r}.")
        if not 0 <= k <= 10:
            refuse("revised", f"must be an attainment from 0 to 10. You entered {k!r}.")
    if footing != "expected" and not 0 <= footing <= 10:
        refuse("footing", f"must be expected or an attainment from 0 to 10. You entered {footing!r}.")
    ks = [footing, *(revised[m] for m in sorted(revised))]
    attainments = [1.0 if k == "expected" else float(k) for k in ks]
    pays = population.paid_at(np.array(attainments))
    if likely is not None:
        pays[0] = likely.pay
    starts = [1, *sorted(revised)]
    which = [sum(start <= month for start in starts) - 1 for month in range(1, MONTHS + 1)]
    return pays[which].T


def _taxes(loads: LoadedPay, totals: dict[str, FloatArray], likely: Expected | None) -> dict[str, FloatArray]:
    """Tax on amounts earned and on amounts paid, by the end of each month [minor units]."""
    taxes: dict[str, FloatArray] = {}
    for kind, bands in (("employer_tax", loads.employer), ("unemployment_tax", loads.unemployment)):
        for name, column in ((kind, "variable_accrued"), (f"{kind}_paid", "variable_paid")):
            taxes[name] = _tax_on(bands, loads.pay, totals["base"], totals[column], likely)
    return taxes


def _tax_on(
    bands: Bands, prorated: ProratedPay, base: FloatArray, pay: FloatArray, likely: Expected | None
) -> FloatArray:
    if likely is None:
        return tax((base + pay) / prorated.size, bands, prorated.digits)
    # Expected tax is below the tax on expected pay where a wage base may or may not be reached.
    units = np.empty(base.shape)
    distribution = likely.distribution
    mean = distribution.mean()
    for month in range(base.shape[1]):
        share = np.where(likely.pay > 0, pay[:, month] / np.where(likely.pay > 0, likely.pay, 1.0), 0.0)
        wages = base[:, month] / prorated.size
        amount = expected_tax(bands, wages, distribution.scale * share, mean * share, distribution)
        units[:, month] = to_minor(amount, prorated.digits)
    return units


def _schedule(population: Population, totals: dict[str, FloatArray], footing: Footing) -> Schedule:
    import pandas as pd

    plan, pay, year = population.plan, population.pay, population.year
    months = totals["base"].shape[1]
    team = {name: pay.count @ np.diff(values, prepend=0.0, axis=1) for name, values in totals.items()}
    owed = {name: pay.count @ values for name, values in totals.items()}
    taxed = ("employer_tax", "unemployment_tax")
    team["total_cost"] = sum(
        (team[n] for n in ("benefits", "overhead", *taxed)), team["base"] + team["variable_accrued"]
    )
    team["tax_paid"] = team["employer_tax_paid"] + team["unemployment_tax_paid"]
    team["cash_paid"] = sum((team[n] for n in ("variable_paid", "tax_paid", "benefits", "overhead")), team["base"])
    team["accrual_pay"] = owed["variable_accrued"] - owed["variable_paid"]
    team["accrual_tax"] = (
        owed["employer_tax"] + owed["unemployment_tax"] - (owed["employer_tax_paid"] + owed["unemployment_tax_paid"])
    )
    team["accrual"] = team["accrual_pay"] + team["accrual_tax"]
    numbers = range(1, months + 1)
    table = pd.DataFrame(
        {
            "month": list(numbers),
            "starts": [year.month(m).isoformat() for m in numbers],
            "label": [year.label(m) for m in numbers],
            "quarter": [(m + 2) // 3 if m <= MONTHS else 0 for m in numbers],
            **{name: team[name] / pay.size + 0.0 for name in (*SUMS, *BALANCES)},
        }
    )
    sums = {name: float(team[name].sum()) / pay.size for name in SUMS}
    parts = {name: sums[name] for name in ("base", *taxed, "benefits", "overhead")}
    return Schedule(
        plan.hash, compplan.__version__, plan.currency, footing, table,
        _quarters(table, pay), Cost(pay=sums["variable_accrued"], **parts), _fewest(pay, year),
    )  # fmt: skip


def _fewest(pay: ProratedPay, year: PlanYear) -> int:
    """`Schedule.fewest`; 0 where nobody is employed in the year."""
    share = pay.days / year.month_days()
    employed = pay.count @ (share > 0)
    earlier, later = np.triu_indices(MONTHS, k=1)
    changed = pay.count @ (np.abs(share[:, later] - share[:, earlier]) > 1e-9)
    groups = np.concatenate([employed[employed > 0], changed[changed > 0]])
    return int(groups.min()) if groups.size else 0


def _quarters(table: pd.DataFrame, pay: ProratedPay) -> pd.DataFrame:
    grouped = table.groupby("quarter", sort=False)
    sums = grouped[list(SUMS)].sum().round(pay.digits)
    return sums.join(grouped[list(BALANCES)].last()).reset_index()
