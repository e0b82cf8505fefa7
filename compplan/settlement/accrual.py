"""When pay of a year is earned and paid, as running totals by month.

All functions work on arrays with one row a person and one column a month or a period; amounts are running totals in
minor units, so that a month is the difference of two columns and the months add up to the year.
"""

from __future__ import annotations

import numpy as np

from compplan.arrays import FloatArray
from compplan.money import to_minor
from compplan.payout.engine import Compiled, payable
from compplan.plan import Plan
from compplan.plan.calendar import MONTHS


def earning_density(compiled: Compiled, variable: FloatArray) -> FloatArray:
    """Share of a full year's variable pay that is earned in each month.

    Parameters
    ----------
    compiled : Compiled
    variable : ndarray, shape (rows,) [currency a year]
        Target variable.

    Returns
    -------
    ndarray, shape (rows, 12) [fraction]
        The commission part follows the plan's seasonality, the rest is earned evenly.
    """
    plan = compiled.plan
    span = MONTHS // plan.periods
    seasonal = np.repeat([plan.season(k) / span for k in range(1, plan.periods + 1)], span)
    commissions = compiled.commissions
    part = np.where(variable > 0, np.minimum(commissions / np.where(variable > 0, variable, 1.0), 1.0), 0.0)
    return part[:, None] * seasonal + (1.0 - part)[:, None] / MONTHS


def running_share(density: FloatArray, worked: FloatArray) -> FloatArray:
    """Share of a person's year that is over at the end of each month.

    Parameters
    ----------
    density : ndarray, shape (12,) or (rows, 12) [fraction]
        Share of a full year that falls in each month.
    worked : ndarray, shape (rows, 12) [fraction]
        Share of each month that the person is employed.

    Returns
    -------
    ndarray, shape (rows, 12) [fraction]
        The last column is 1.
    """
    weights = density * worked
    total = weights.sum(axis=1, keepdims=True)
    running = np.cumsum(weights, axis=1) / np.where(total > 0, total, 1.0)
    running[:, -1] = 1.0
    return running


def spread_over(amount: FloatArray, running: FloatArray) -> FloatArray:
    """Spread a yearly amount over the months.

    Parameters
    ----------
    amount : ndarray, shape (rows,) [minor units]
    running : ndarray, shape (rows, 12) [fraction]
        See `running_share`.

    Returns
    -------
    ndarray, shape (rows, 12) [minor units]
        Running total by the end of each month, whole units.
    """
    return to_minor(amount[:, None] * running, 0)


def accrued_by_month(plan: Plan, estimates: FloatArray, running: FloatArray) -> FloatArray:
    """Variable pay that is earned by the end of each month.

    Parameters
    ----------
    plan : Plan
    estimates : ndarray, shape (rows, 12) [minor units]
        Variable pay of the whole year as it is estimated in each month.
    running : ndarray, shape (rows, 12) [fraction]

    Returns
    -------
    ndarray, shape (rows, 12) [minor units]

    Notes
    -----
    With ``C_m`` the running share and ``E_m`` the estimate of month m

        year to date   E_m * C_m
        discrete       earned by the last period's end + E_m * (C_m - C of the last period's end)

    Under year to date a new estimate changes what earlier months earned, so the next month catches up. Under
    discrete periods a period that has ended keeps its amount.
    """
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


def payable_by_period(plan: Plan, accrued: FloatArray) -> FloatArray:
    """Variable pay that has become payable by the end of each period.

    Parameters
    ----------
    plan : Plan
    accrued : ndarray, shape (rows, 12) [minor units]
        See `accrued_by_month`.

    Returns
    -------
    ndarray, shape (rows, periods) [minor units]
    """
    span = MONTHS // plan.periods
    earned = accrued[:, span - 1 :: span]
    settled = np.zeros(earned.shape)
    before = np.zeros(earned.shape[0])
    for period in range(plan.periods):
        before = payable(plan, earned[:, period], before)
        settled[:, period] = before
    return settled


def paid_by_month(plan: Plan, settled: FloatArray, lag: int) -> FloatArray:
    """Variable pay that is paid by the end of each month.

    Parameters
    ----------
    plan : Plan
    settled : ndarray, shape (rows, periods) [minor units]
        See `payable_by_period`.
    lag : int [months]
        From the end of a period to its payment.

    Returns
    -------
    ndarray, shape (rows, 12 + lag) [minor units]
    """
    span = MONTHS // plan.periods
    paid = np.zeros((settled.shape[0], MONTHS + lag))
    for period in range(plan.periods):
        paid[:, (period + 1) * span - 1 + lag :] = settled[:, period : period + 1]
    return paid


def extended(values: FloatArray, months: int) -> FloatArray:
    """Running totals with the months after the year, in which nothing more is earned.

    Parameters
    ----------
    values : ndarray, shape (rows, 12) [minor units]
    months : int
        Columns of the result, 12 or more.

    Returns
    -------
    ndarray, shape (rows, months) [minor units]
    """
    return np.concatenate([values, np.repeat(values[:, -1:], months - values.shape[1], axis=1)], axis=1)
