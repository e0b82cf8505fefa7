"""Periods of a plan that is in effect for only part of its year."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np

from compplan import formats
from compplan.arrays import FloatArray
from compplan.errors import Problem, ResultError
from compplan.payout.engine import PartYear, Period, PeriodSpan
from compplan.plan import Plan
from compplan.plan.calendar import MONTHS, PlanYear, part_year_text
from compplan.plan.parts import Effective


def full_year(plan: Plan) -> Plan:
    """The plan as if it were in effect for whole years: without its dates.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("flowfuse-csm")
    >>> full_year(plan) is plan
    True
    """
    return plan if plan.effective == Effective() else plan.edit({"effective": None})


def plan_year(plan: Plan, year_starts: dt.date | None) -> PlanYear:
    """The year that periods are counted in: the stated one, or the plan's usual one.

    Raises
    ------
    ResultError
        If the first day is not the first of a month.
    """
    if year_starts is None:
        return PlanYear.usual(plan.effective)
    if year_starts.day != 1:
        raise ResultError([Problem("year_starts", f"must be the first day of a month. You entered {year_starts}.")])
    return PlanYear(year_starts)


def in_force(
    plan: Plan, span: PeriodSpan, period: Period, year: PlanYear, employed: Effective | None = None
) -> PeriodSpan:
    """Reduce the target pay of a period to the days on which the plan is in effect.

    Parameters
    ----------
    plan : Plan
    span : PeriodSpan
        Periods that the results cover.
    period : int or 'year'
    year : PlanYear
    employed : Effective, optional
        Days on which a person is employed; no limit if left out.

    Returns
    -------
    PeriodSpan
        `span` itself where the plan is in effect for the whole year.

    Raises
    ------
    ResultError
        If the plan is not in effect on any day of the period.

    Notes
    -----
    A year pays ``yearly amount * days in effect / days of the year``. It is earned evenly over the days of a month and
    the months in effect; flows and commissions follow the plan's seasonality.
    """
    dates = plan.effective if employed is None else both(plan.effective, employed)
    days = year.in_force(dates)
    if days.sum() == year.days:
        return span
    months = MONTHS // plan.periods
    by_period = days.reshape(plan.periods, months).sum(axis=1)
    if not (days.any() if period == "year" else by_period[period - 1]):
        raise ResultError(
            [Problem("period", _outside(plan, period, year, by_period, dates, person=employed is not None))]
        )
    worked = days / year.month_days()
    even = _running(worked)
    seasons = _running(worked * np.repeat([plan.season(k) / months for k in range(1, plan.periods + 1)], months))
    share = float(days.sum()) / year.days
    start, end = (span.first - 1) * months, span.last * months
    return dataclasses.replace(
        span,
        share=share * float(seasons[end] - seasons[start]),
        part=PartYear(share, float(even[start]), float(even[end])),
    )


def both(one: Effective, other: Effective) -> Effective:
    """The days that two spans share; the first day is after the last where they share none."""
    since = max((day for day in (one.since, other.since) if day is not None), default=None)
    until = min((day for day in (one.until, other.until) if day is not None), default=None)
    return Effective.model_construct(since=since, until=until)


def part_note(plan: Plan, period: Period, year: PlanYear) -> str:
    """Say how many days of a period a plan is in effect; empty where it is in effect for the whole year."""
    if period == "year" or not part_year_text(plan, year):
        return part_year_text(plan, year)
    months = MONTHS // plan.periods
    at = slice((period - 1) * months, period * months)
    days, most = int(year.in_force(plan.effective)[at].sum()), int(year.month_days()[at].sum())
    return (
        f"The plan is in effect {formats.span(plan.effective.since, plan.effective.until)}: {days} of {most} days of "
        f"this period, {_dates(plan, period, year)}. Pay and targets that add up are prorated."
    )


def _running(weights: FloatArray) -> FloatArray:
    """Running share by the end of each month, from 0 before the first."""
    running = np.concatenate([[0.0], np.cumsum(weights)]) / weights.sum()
    last = int(np.flatnonzero(weights)[-1])
    running[last + 1 :] = 1.0
    return running


def _dates(plan: Plan, period: int, year: PlanYear) -> str:
    months = MONTHS // plan.periods
    first, after = year.month((period - 1) * months + 1), year.month(period * months + 1)
    return f"{first} to {after - dt.timedelta(days=1)}"


def _outside(plan: Plan, period: Period, year: PlanYear, days: FloatArray, span: Effective, *, person: bool) -> str:
    """Why a period cannot be paid, and which can."""
    never = span.since is not None and span.until is not None and span.since > span.until
    dates = "on none of the person's days" if never else formats.span(span.since, span.until)
    what = "the person is employed and the plan in effect" if person else "the plan is in effect"
    paid = (np.flatnonzero(days) + 1).tolist()
    if not paid:
        return (
            f"has no paid days: {what} {dates}. The year runs from {year.first} to "
            f"{year.last}; choose another first day of the year."
        )
    which = f"period {paid[0]}" if len(paid) == 1 else f"periods {paid[0]} to {paid[-1]}"
    return (
        f"{period} runs from {_dates(plan, int(period), year)}, and {what} {dates}. "
        f"In the year from {year.first} to {year.last} it pays {which}."
    )
