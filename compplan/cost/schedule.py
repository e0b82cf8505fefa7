"""The year by month: what is earned, what is paid, the tax on it as wage bases fill up, and what is still owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

import compplan
from compplan.arrays import FloatArray
from compplan.cost.amounts import Basis, Cost, basis_of
from compplan.cost.assumptions import Assumptions
from compplan.cost.errors import refuse
from compplan.cost.expected import Expected, expected, expected_tax
from compplan.cost.headcount import Headcount, checked
from compplan.cost.pays import paid, results_for
from compplan.cost.taxes import Bands, tax
from compplan.cost.year import MONTHS, PlanYear
from compplan.money import to_minor
from compplan.payout.engine import compile_plan
from compplan.plan import Plan

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
    """A year by month; amounts of everybody in the plan's currency.

    Attributes
    ----------
    plan_hash, version, currency : str
    footing : float or 'expected'
        The attainment that is costed, or expected pay.
    months : DataFrame
        One row a month, and one each after the year in which something is still paid: ``month`` from 1, ``starts``,
        ``label``, ``quarter`` (0 after the year); then `SUMS`: ``employer_tax`` and ``unemployment_tax`` are those on
        what is earned, ``total_cost`` is earned, ``tax_paid`` and ``cash_paid`` are paid; then `BALANCES` at the end
        of the month: what is earned and not yet paid, and the tax on it.
    quarters : DataFrame
        The same by quarter of the plan year.
    year : Cost
        The sums of what is earned.
    fewest : int
        The least number of people whom a figure of the table is about: people employed in a month that has anybody,
        and people whose time differs between two months. Below five, a month tells what one of them earns.
    """

    plan_hash: str
    version: str
    currency: str
    footing: Footing
    months: pd.DataFrame
    quarters: pd.DataFrame
    year: Cost
    fewest: int

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data for JSON."""
        return {
            "plan_hash": self.plan_hash,
            "version": self.version,
            "currency": self.currency,
            "footing": self.footing,
            "months": self.months.to_dict("records"),
            "quarters": self.quarters.to_dict("records"),
            "year": self.year.to_dict(),
        }


def schedule(
    plan: Plan,
    people: Headcount | pd.DataFrame,
    assumptions: Assumptions | None = None,
    *,
    footing: Footing = "expected",
    revised: Mapping[int, float] | None = None,
) -> Schedule:
    """What a plan costs by month and quarter, with the accrual for what is earned and not yet paid.

    Parameters
    ----------
    plan : Plan
    people : Headcount or DataFrame
        As for `cost`.
    assumptions : Assumptions, optional
    footing : float or 'expected'
        An attainment, or expected pay.
    revised : Mapping of int to float, optional
        From a month on (1 to 12), the attainment that the year, or what is left of it, is then estimated at.

    Returns
    -------
    Schedule

    Raises
    ------
    CostError

    Notes
    -----
    Base, benefits and overhead fall evenly over the months by cumulative rounding. Variable is earned evenly over its
    period; a commission by the plan's seasonality. It is paid `pay_lag` months after the end of its period. With
    ``C_m`` the share of the year's pay that is earned by month m and ``E_m`` the estimate of that month

        year to date   accrued to m = E_m * C_m                      catches up when the estimate changes
        discrete       accrued to m = ended periods as they ended + E_m * (C_m - C of the last period's end)

    Tax earned to m is ``T(base so far + accrued so far)`` and tax paid ``T(base so far + paid so far)``, so a wage
    base that is reached during the year stops both. The tax on the last period's pay counts towards this year's
    wages, although it may be paid in the next: in a steady state the last payment of the year before takes its place.

    Examples
    --------
    >>> from compplan import templates
    >>> from compplan.cost import headcount, schedule
    >>> plan = templates.load("knowup-csat-weighted")
    >>> seen = schedule(plan, headcount(plan), footing=1.0).months
    >>> seen[["label", "variable_accrued", "variable_paid", "accrual"]].iloc[[2, 3, 12]]
           label  variable_accrued  variable_paid  accrual
    2   Mar 2026           1666.67            0.0  5382.50
    3   Apr 2026           1666.67         5000.0  1794.17
    12  Jan 2027              0.00         5000.0     0.00
    """
    known = assumptions or Assumptions.for_plan(plan)
    known.check(plan)
    frame = checked(plan, people).people
    basis = basis_of(plan, frame, known)
    year = PlanYear.of(known)
    likely = expected(plan, frame, basis, known) if footing == "expected" else None
    estimates = _estimates(plan, frame, basis, footing, likely, revised or {})
    worked = basis.days / year.month_days()
    even = _running(np.full(MONTHS, 1.0 / MONTHS), worked)
    season = _running(_density(plan, frame), worked)
    accrued = _accrued(plan, estimates, season)
    settled = _settled(plan, accrued)
    if plan.negative == "forgive" and plan.accumulation == "year_to_date":
        accrued[:, -1] = np.maximum(accrued[:, -1], settled[:, -1])
    base = _spread(basis.base, even)
    flat = {"base": base, "benefits": _spread(basis.benefits, even), "overhead": _spread(basis.overhead, even)}
    months = MONTHS + known.pay_lag
    long = {name: _longer(values, months) for name, values in {**flat, "variable_accrued": accrued}.items()}
    long["variable_paid"] = _paid(plan, settled, known.pay_lag)
    taxes = _taxes(basis, long, likely if not revised else None)
    return _made(plan, basis, year, long | taxes, footing)


def _estimates(
    plan: Plan,
    frame: pd.DataFrame,
    basis: Basis,
    footing: Footing,
    likely: Expected | None,
    revised: Mapping[int, float],
) -> FloatArray:
    """Pay of the whole year as it is estimated in each month, shape (rows, 12) [minor units]."""
    for month, k in revised.items():
        if type(month) is not int or not 1 <= month <= MONTHS:
            refuse("revised", f"an estimate is revised from a month from 1 to {MONTHS} on, got {month!r}.")
        if not 0 <= k <= 10:
            refuse("revised", f"an attainment is a share of target from 0 to 10, got {k!r}.")
    if footing != "expected" and not 0 <= footing <= 10:
        refuse("footing", f"must be expected or a share of target from 0 to 10, got {footing!r}.")
    ks = [footing, *(revised[m] for m in sorted(revised))]
    known = [1.0 if k == "expected" else float(k) for k in ks]
    pays = paid(plan, frame, basis, results_for(plan, frame, np.array(known))[0])
    if likely is not None:
        pays[0] = likely.pay
    starts = [1, *sorted(revised)]
    which = [sum(start <= month for start in starts) - 1 for month in range(1, MONTHS + 1)]
    return pays[which].T


def _density(plan: Plan, frame: pd.DataFrame) -> FloatArray:
    """Share of a full year's pay that is earned in each month, shape (rows, 12)."""
    span = MONTHS // plan.periods
    seasonal = np.repeat([plan.season(k) / span for k in range(1, plan.periods + 1)], span)
    variable = frame["variable"].to_numpy(dtype=np.float64)
    commissions = compile_plan(plan).commissions
    part = np.where(variable > 0, np.minimum(commissions / np.where(variable > 0, variable, 1.0), 1.0), 0.0)
    return part[:, None] * seasonal + (1.0 - part)[:, None] / MONTHS


def _running(density: FloatArray, worked: FloatArray) -> FloatArray:
    """Share of a person's year that is over at the end of each month, shape (rows, 12); the last is 1."""
    weights = density * worked
    total = weights.sum(axis=1, keepdims=True)
    running = np.cumsum(weights, axis=1) / np.where(total > 0, total, 1.0)
    running[:, -1] = 1.0
    return running


def _spread(amount: FloatArray, running: FloatArray) -> FloatArray:
    """An amount of the year as it has run up by the end of each month [minor units]."""
    return to_minor(amount[:, None] * running, 0)


def _accrued(plan: Plan, estimates: FloatArray, running: FloatArray) -> FloatArray:
    """Variable that is earned by the end of each month, shape (rows, 12) [minor units]."""
    if plan.accumulation == "year_to_date":
        return to_minor(estimates * running, 0)
    span = MONTHS // plan.periods
    exact = np.zeros(estimates.shape)
    ended = np.zeros(estimates.shape[0])
    before = np.zeros(estimates.shape[0])
    for month in range(MONTHS):
        exact[:, month] = ended + estimates[:, month] * (running[:, month] - before)
        if (month + 1) % span == 0:
            ended, before = exact[:, month], running[:, month]
    return to_minor(exact, 0)


def _settled(plan: Plan, accrued: FloatArray) -> FloatArray:
    """What has become payable by the end of each period, shape (rows, periods) [minor units]."""
    span = MONTHS // plan.periods
    ends = accrued[:, span - 1 :: span]
    return ends.copy() if plan.negative == "recover" else np.maximum.accumulate(np.maximum(ends, 0.0), axis=1)


def _paid(plan: Plan, settled: FloatArray, lag: int) -> FloatArray:
    """Variable that is paid by the end of each month [minor units]."""
    span = MONTHS // plan.periods
    out = np.zeros((settled.shape[0], MONTHS + lag))
    for period in range(plan.periods):
        out[:, (period + 1) * span - 1 + lag :] = settled[:, period : period + 1]
    return out


def _longer(values: FloatArray, months: int) -> FloatArray:
    """The same with the months after the year, in which nothing more is earned."""
    return np.concatenate([values, np.repeat(values[:, -1:], months - values.shape[1], axis=1)], axis=1)


def _taxes(basis: Basis, long: dict[str, FloatArray], likely: Expected | None) -> dict[str, FloatArray]:
    """Tax on what is earned and on what is paid, by the end of each month [minor units]."""
    found: dict[str, FloatArray] = {}
    for kind, bands in (("employer_tax", basis.employer), ("unemployment_tax", basis.unemployment)):
        for name, column in ((kind, "variable_accrued"), (f"{kind}_paid", "variable_paid")):
            found[name] = _tax_on(bands, basis, long["base"], long[column], likely)
    return found


def _tax_on(bands: Bands, basis: Basis, base: FloatArray, pay: FloatArray, likely: Expected | None) -> FloatArray:
    if likely is None:
        return tax((base + pay) / basis.size, bands, basis.digits)
    # Expected tax is below the tax on expected pay where a wage base may or may not be reached.
    made = np.empty(base.shape)
    scatter = likely.scatter
    mean = likely.exact_pay
    for month in range(base.shape[1]):
        done = np.where(likely.pay > 0, pay[:, month] / np.where(likely.pay > 0, likely.pay, 1.0), 0.0)
        exact = expected_tax(bands, base[:, month] / basis.size, likely.scale * done, mean * done, scatter)
        made[:, month] = to_minor(exact, basis.digits)
    return made


def _made(plan: Plan, basis: Basis, year: PlanYear, long: dict[str, FloatArray], footing: Footing) -> Schedule:
    import pandas as pd

    months = long["base"].shape[1]
    team = {name: basis.count @ np.diff(values, prepend=0.0, axis=1) for name, values in long.items()}
    owed = {name: basis.count @ values for name, values in long.items()}
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
            **{name: team[name] / basis.size + 0.0 for name in (*SUMS, *BALANCES)},
        }
    )
    sums = {name: float(team[name].sum()) / basis.size for name in (*SUMS,)}
    parts = {name: sums[name] for name in ("base", *taxed, "benefits", "overhead")}
    return Schedule(
        plan.hash, compplan.__version__, plan.currency, footing, table,
        _quarters(table, basis), Cost(pay=sums["variable_accrued"], **parts), _fewest(basis, year),
    )  # fmt: skip


def _fewest(basis: Basis, year: PlanYear) -> int:
    """See `Schedule.fewest`; 0 where nobody is employed in the year."""
    share = basis.days / year.month_days()
    employed = basis.count @ (share > 0)
    earlier, later = np.triu_indices(MONTHS, k=1)
    moved = basis.count @ (np.abs(share[:, later] - share[:, earlier]) > 1e-9)
    told = np.concatenate([employed[employed > 0], moved[moved > 0]])
    return int(told.min()) if told.size else 0


def _quarters(table: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    grouped = table.groupby("quarter", sort=False)
    made = grouped[list(SUMS)].sum().round(basis.digits)
    return made.join(grouped[list(BALANCES)].last()).reset_index()
