"""Pay one person as a statement, and many people as a table."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np

import compplan
from compplan.arrays import FloatArray
from compplan.errors import Problem, ResultError
from compplan.money import split_minor, to_minor
from compplan.payout.analysis import at_target
from compplan.payout.engine import (
    Calculation,
    Compiled,
    PayInputs,
    Period,
    PeriodSpan,
    calculate,
    compile_plan,
    payable,
    span_of,
)
from compplan.payout.in_force import in_force, part_note, plan_year
from compplan.payout.lines import component_lines, other_lines
from compplan.payout.results import (
    bad_rows,
    check_inputs,
    checked_span,
    column,
    from_frame,
    from_mapping,
    is_number,
    row_name,
)
from compplan.payout.statement import Line, Statement
from compplan.plan import Plan
from compplan.plan.calendar import PlanYear
from compplan.plan.parts import Effective

if TYPE_CHECKING:
    import pandas as pd

_CHUNK = 16_384  # rows whose arrays stay in a core's cache
_NOT_ALLOWED = Problem("paid_before", "only a year-to-date plan has this, from its second period on.")


def _needs_paid_before(plan: Plan, period: Period) -> bool:
    return plan.accumulation == "year_to_date" and period not in ("year", 1)


def payout(
    plan: Plan,
    results: Mapping[str, float],
    period: Period = 1,
    *,
    paid_before: float | None = None,
    year_starts: dt.date | None = None,
) -> Statement:
    """Pay one person for one period, period 1 by default; pass ``"year"`` for results of a whole year.

    Parameters
    ----------
    plan : Plan
    results : Mapping of str to float [each measure's units]
        By component id, and by measure for gates, modifiers and kickers on other measures. Of the period; for a
        year-to-date plan, of the year so far. A rate or mean may come as ``<id>.numerator`` and
        ``<id>.denominator``.
    period : int or 'year'
        Counted from 1, or the whole year as one period.
    paid_before : float, optional [currency]
        Paid in earlier periods of the year, kickers included. Required for a year-to-date plan after period 1.
    year_starts : date, optional
        First day of the year that periods are counted in, for a plan with effective dates; `PlanYear.usual` if left
        out. A period in which the plan is in effect for some of the days pays for these days.

    Returns
    -------
    Statement

    Raises
    ------
    ResultError
        With each result that is missing, unknown or impossible, or if the plan is not in effect in the period.

    Examples
    --------
    >>> from compplan import templates
    >>> statement = payout(
    ...     templates.load("knowup-csat-weighted"),
    ...     {"grr": 0.95, "expansion_arr": 310000, "csat_top_box": 0.93},
    ...     period="year",
    ... )
    >>> statement.total, [line.amount for line in statement.lines]
    (26083.33, [11700.0, 10383.33, 4000.0])
    """
    compiled, year = compile_plan(plan), plan_year(plan, year_starts)
    span = in_force(plan, checked_span(plan, period), period, year)
    inputs = PayInputs(from_mapping(compiled, results), np.array([plan.pay.target_variable]), {})
    calculation = calculate(compiled, inputs, span)
    size = 10.0**compiled.digits
    lines = [*component_lines(compiled, calculation, inputs, span), *other_lines(compiled, calculation, inputs, span)]
    earned = total = float(calculation.total[0])
    carried = 0.0
    if _needs_paid_before(plan, period):
        if paid_before is None or not is_number(paid_before) or not math.isfinite(paid_before):
            why = f"is missing; period {period} of a year-to-date plan needs the pay of earlier periods."
            raise ResultError([Problem("paid_before", why)])
        before = float(to_minor(paid_before, compiled.digits))
        lines.append(Line("paid_before", "paid_before", "Paid in earlier periods of the year", -before / size))
        total = float(payable(plan, calculation.total, np.array([before]))[0]) - before
        shortfall = total - (earned - before)
        if shortfall > 0:
            forgiven = plan.negative == "forgive" and period == plan.periods
            effect = "forgiven at year end" if forgiven else "carried forward"
            lines.append(Line("carried", "carried", f"Negative difference, {effect}", shortfall / size))
            carried = 0.0 if forgiven else -shortfall / size
    elif paid_before:
        raise ResultError([_NOT_ALLOWED])
    kickers = float(sum((k[0] for k in calculation.kicker_lines), start=0.0))
    target = float(calculation.period_target[0])
    return Statement(
        plan_name=plan.name,
        plan_hash=plan.hash,
        version=compplan.__version__,
        currency=plan.currency,
        period=_label(plan, period, span),
        base=_base(compiled, period, year) / size,
        period_target=target / size,
        lines=tuple(lines),
        total=total / size + 0.0,
        payout_fraction=(earned - kickers) / target if target else None,
        at_target_fraction=at_target(compiled),
        carried=carried,
        notes=_notes(plan, period, year),
    )


def _base(compiled: Compiled, period: Period, year: PlanYear) -> float:
    """Base salary of a period [minor units]."""
    plan = compiled.plan
    alone = PeriodSpan(1, plan.periods, 1.0) if period == "year" else PeriodSpan(period, period, 1.0)
    part = in_force(plan, alone, period, year).part
    if part is not None:
        prorated = to_minor(plan.pay.base * part.share, compiled.digits) / 10.0**compiled.digits
        return float(
            to_minor(prorated * part.after, compiled.digits) - to_minor(prorated * part.before, compiled.digits)
        )
    if period == "year":
        return float(to_minor(plan.pay.base, compiled.digits))
    return float(split_minor(plan.pay.base, plan.periods, compiled.digits)[period - 1])


def _label(plan: Plan, period: Period, span: PeriodSpan) -> str:
    if period == "year":
        return "year"
    if span.first < span.last:
        return f"periods {span.first} to {span.last} of {plan.periods}"
    return f"period {span.last} of {plan.periods}"


def _notes(plan: Plan, period: Period, year: PlanYear) -> tuple[str, ...]:
    """Sentences that a reader needs beside the amounts."""
    partly = part_note(plan, period, year)
    return (*([partly] if partly else []), *_limit_notes(plan, period))


def _limit_notes(plan: Plan, period: Period) -> tuple[str, ...]:
    limited = [kicker.name for kicker in plan.kickers if kicker.max_units is not None]
    if not limited or period == "year" or plan.accumulation == "year_to_date":
        return ()
    names = ", ".join(limited)
    return (f"The unit limit of {names} is for the whole year. Units paid in earlier periods are not included here.",)


def payouts(plan: Plan, frame: pd.DataFrame, period: Period = 1, *, year_starts: dt.date | None = None) -> pd.DataFrame:
    """Pay many people for one period, period 1 by default; pass ``"year"`` for results of a whole year.

    Parameters
    ----------
    plan : Plan
    frame : DataFrame
        One row a person. Columns by result as in `payout`; optionally ``base`` and ``variable`` [currency a year],
        ``<id>.target`` (a year) for components with attainment as their axis, ``<id>.numerator`` and
        ``<id>.denominator``, and ``paid_before`` [currency] for a year-to-date plan. With ``hired`` or ``left``, the
        first and last day employed, pay and the targets of measures that add up are prorated to the days employed,
        as in a cost report. Other columns are ignored.
    period : int or 'year'
    year_starts : date, optional
        As in `payout`.

    Returns
    -------
    DataFrame [currency]
        The index of `frame`; one column a component, then ``modifiers``, ``total_cap``, ``kickers``,
        ``paid_before`` and ``carried`` where the plan has them, then ``total``, their sum.

    Raises
    ------
    ResultError
        With the columns at fault and their first wrong rows, or if the plan is not in effect, or a person
        not employed, in the period.

    Examples
    --------
    >>> import pandas as pd
    >>> from compplan import templates
    >>> team = pd.DataFrame(
    ...     {
    ...         "grr": [0.95, 0.88],
    ...         "expansion_arr": [310000, 150000],
    ...         "expansion_arr.target": [240000, 120000],
    ...         "csat_top_box": [0.93, 0.85],
    ...     },
    ...     index=["ana", "ben"],
    ... )
    >>> payouts(templates.load("knowup-csat-weighted"), team, period="year")
              grr  expansion_arr  csat_top_box     total
    ana  11700.00       10383.33        4000.0  26083.33
    ben   6428.57        9800.00           0.0  16228.57
    """
    year = plan_year(plan, year_starts)
    if {"hired", "left"} & set(frame.columns):
        return _by_employment(plan, frame, period, year)
    return _table(plan, frame, period, in_force(plan, checked_span(plan, period), period, year))


def _by_employment(plan: Plan, frame: pd.DataFrame, period: Period, year: PlanYear) -> pd.DataFrame:
    """Pay everyone for the days employed, those with the same dates together."""
    import pandas as pd

    span = checked_span(plan, period)
    dates = {name: _dates(frame, name) for name in ("hired", "left")}
    keys = pd.DataFrame({name: days.to_numpy() for name, days in dates.items()})
    if not len(frame):
        return _table(plan, frame, period, span)
    groups: list[tuple[Any, PeriodSpan]] = []
    problems: list[Problem] = []
    for places in keys.groupby(["hired", "left"], dropna=False, sort=False).indices.values():
        hired, left = (None if pd.isna(day := keys[name].iloc[places[0]]) else day.date() for name in keys)
        try:
            employed = Effective.model_construct(since=hired, until=left)
            groups.append((places, in_force(plan, span, period, year, employed)))
        except ResultError as error:
            name = row_name(frame.index, int(places[0]))
            problems += [Problem(one.where, f"{one.message} Row {name}.") for one in error.problems]
    if problems:
        raise ResultError(problems)
    tables = [_table(plan, cast("pd.DataFrame", frame.iloc[places]), period, part) for places, part in groups]
    order = np.argsort(np.concatenate([places for places, _ in groups]))
    return pd.concat(tables).iloc[order]


def _dates(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """A column of dates; missing where the table has none."""
    import pandas as pd

    if name not in frame.columns:
        return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns]")
    try:
        return pd.to_datetime(frame[name])
    except (ValueError, TypeError) as error:
        raise ResultError([Problem(name, "must be a date in every row, such as 2026-01-31, or empty.")]) from error


def _table(plan: Plan, frame: pd.DataFrame, period: Period, span: PeriodSpan) -> pd.DataFrame:
    """`payouts` for one span of days."""
    import pandas as pd

    compiled = compile_plan(plan)
    results, targets = from_frame(compiled, frame)
    rows = len(frame)
    base = _personal(frame, "base", plan.pay.base)
    variable = _personal(frame, "variable", plan.pay.variable_for(base))
    if not _needs_paid_before(plan, period) and _personal(frame, "paid_before", 0.0).any():
        raise ResultError([_NOT_ALLOWED])
    _check_variable(compiled, variable, frame.index)
    before = _paid_before(frame, compiled.digits) if _needs_paid_before(plan, period) else None
    names = _columns(compiled, before is not None)
    size = 10.0**compiled.digits
    out = np.empty((len(names), rows))  # one block, which the system allocates in large pages
    for part, calculation in _chunks(compiled, results, variable, targets, span, rows):
        amounts = _amounts(compiled, calculation, None if before is None else before[part])
        for shown, units in zip(out[:, part], amounts, strict=True):
            np.divide(units, size, out=shown)  # here, while the chunk is in the cache
            shown += 0.0  # -0 becomes 0
    return pd.DataFrame(out.T, index=frame.index, columns=names, copy=False)


def year_totals(
    compiled: Compiled,
    results: Mapping[str, FloatArray],
    *,
    variable: FloatArray,
    targets: Mapping[str, FloatArray],
    ids: Any,
    kickers: bool = True,
) -> FloatArray:
    """Variable pay and kickers of a year, on arrays.

    Parameters
    ----------
    compiled : Compiled
    results : Mapping of str to ndarray, shape (rows,) [each measure's units]
    variable : ndarray, shape (rows,) [currency a year]
        Target variable.
    targets : Mapping of str to ndarray, shape (rows,) [each measure's units a year]
        Personal targets by component id.
    ids : sequence, shape (rows,)
        Names the rows in an error.
    kickers : bool
        Whether kickers are paid.

    Returns
    -------
    ndarray, shape (rows,) [minor units]
        The ``total`` of `payouts`, without its ``kickers`` where they are not paid.

    Raises
    ------
    ResultError
    """
    check_inputs(compiled, results, targets, ids)
    _check_variable(compiled, variable, ids)
    out = np.empty(variable.size)
    span = span_of(compiled.plan, "year")
    for part, calculation in _chunks(compiled, results, variable, targets, span, variable.size, kickers=kickers):
        out[part] = calculation.total
    return out


def _chunks(
    compiled: Compiled,
    results: Mapping[str, FloatArray],
    variable: FloatArray,
    targets: Mapping[str, FloatArray],
    span: PeriodSpan,
    rows: int,
    *,
    kickers: bool = True,
) -> Iterator[tuple[slice, Calculation]]:
    """Calculate some rows at a time, so that the arrays of a step stay in the cache."""
    for start in range(0, rows, _CHUNK):
        part = slice(start, min(start + _CHUNK, rows))
        inputs = PayInputs(
            {k: v[part] for k, v in results.items()},
            variable if variable.size == 1 else variable[part],
            {k: v[part] for k, v in targets.items()},
            kickers=kickers,
        )
        yield part, calculate(compiled, inputs, span)


def _check_variable(compiled: Compiled, variable: FloatArray, index: Any) -> None:
    """Refuse a target variable that is below the commission at target."""
    commissions = compiled.commissions
    short = np.flatnonzero(variable < commissions - 0.005)
    if commissions and short.size:
        name = row_name(index, int(short[0]))
        why = f"is less than the commission at target, {commissions:,.2f}; row {name}."
        raise ResultError([Problem("variable", why)])


def _paid_before(frame: pd.DataFrame, digits: int) -> FloatArray:
    problems: list[Problem] = []
    if "paid_before" not in frame.columns:
        why = "is missing; a year-to-date plan needs a column with the pay of earlier periods."
        raise ResultError([Problem("paid_before", why)])
    before = to_minor(column(frame, "paid_before", problems), digits)
    if problems or not np.isfinite(before).all():
        raise ResultError(problems or [Problem("paid_before", "must be a number in every row.")])
    return before


def _personal(frame: pd.DataFrame, name: str, default: float | FloatArray) -> FloatArray:
    """A column of money, or the default where the table has no such column [currency]."""
    if name not in frame.columns:
        return np.atleast_1d(np.asarray(default, dtype=np.float64))
    problems: list[Problem] = []
    values = column(frame, name, problems)
    if not problems:
        bad = ~(values >= 0) | ~np.isfinite(values)
        problems = bad_rows(name, values, bad, frame.index, "must be money of 0 or more")
    if problems:
        raise ResultError(problems)
    return values


def _columns(compiled: Compiled, paid_before: bool) -> list[str]:
    names = [c.id for c in compiled.components]
    names += ["modifiers"] if compiled.plan_modifiers else []
    names += ["total_cap"] if compiled.plan.caps.total is not None else []
    names += ["kickers"] if compiled.kickers else []
    return [*names, *(["paid_before", "carried"] if paid_before else []), "total"]


def _amounts(compiled: Compiled, calculation: Calculation, before: FloatArray | None) -> list[FloatArray]:
    """Amounts in the order of `_columns` [minor units]."""
    amounts = [part.line for part in calculation.components]
    if compiled.plan_modifiers:
        amounts.append(sum(calculation.modifier_lines[1:], start=calculation.modifier_lines[0]))
    if compiled.plan.caps.total is not None:
        amounts.append(calculation.cap_line)
    if compiled.kickers:
        amounts.append(sum(calculation.kicker_lines[1:], start=calculation.kicker_lines[0]))
    total = calculation.total
    if before is not None:
        due = payable(compiled.plan, total, before)
        amounts += [0.0 - before, due - total]
        total = due - before
    return [*amounts, total]
