"""Pay of one person as a statement, and of many as a table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

import compplan
from compplan.arrays import FloatArray
from compplan.errors import Problem, ResultError
from compplan.money import split_minor, to_minor
from compplan.payout.analysis import at_target
from compplan.payout.engine import (
    Case,
    Compiled,
    Period,
    Work,
    calculate,
    compile_plan,
)
from compplan.payout.lines import component_lines, other_lines
from compplan.payout.results import checked_frame, column, from_frame, from_mapping, is_number
from compplan.payout.statement import Line, Statement
from compplan.plan import Plan

if TYPE_CHECKING:
    import pandas as pd


_CHUNK = 16_384
_NO_PLACE = Problem("paid_before", "only a year-to-date plan takes what was paid before, from its second period on.")


def _needs_paid_before(plan: Plan, period: Period) -> bool:
    return plan.accumulation == "year_to_date" and period not in ("year", 1)


def payout(
    plan: Plan, results: Mapping[str, float], period: Period = 1, *, paid_before: float | None = None
) -> Statement:
    """Pay one person for one period.

    Parameters
    ----------
    plan : Plan
    results : Mapping of str to float [each measure's units]
        By component id, and by measure for gates, modifiers and kickers on something else. Of the period; for a
        year-to-date plan, of the year so far. A rate or mean may come as ``<id>.numerator`` and
        ``<id>.denominator``.
    period : int or 'year'
        Counted from 1, or the whole year as one period.
    paid_before : float, optional [currency]
        What earlier periods of the year paid, kickers included; a year-to-date plan needs it after period 1.

    Returns
    -------
    Statement

    Raises
    ------
    ResultError
        Naming each result that is missing, unknown or impossible.

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
    compiled, frame = compile_plan(plan), checked_frame(plan, period)
    case = Case(from_mapping(compiled, results), np.array([plan.pay.target_variable]), {})
    work = calculate(compiled, case, frame)
    size = 10.0**compiled.digits
    lines = [*component_lines(compiled, work, case, frame), *other_lines(compiled, work, case, frame)]
    total = float(work.total[0])
    carried = 0.0
    earned = total
    if _needs_paid_before(plan, period):
        if paid_before is None or not is_number(paid_before) or not math.isfinite(paid_before):
            raise ResultError(
                [Problem("paid_before", f"what earlier periods paid is needed for period {period} of a "
                         "year-to-date plan.")]
            )  # fmt: skip
        before = float(to_minor(paid_before, compiled.digits))
        lines.append(Line("paid_before", "paid_before", "Paid in earlier periods of the year", -before / size))
        total -= before
        if total < 0 and plan.negative != "recover":
            forgiven = plan.negative == "forgive" and period == plan.periods
            told = "forgiven at year end" if forgiven else "carried forward"
            lines.append(Line("carried", "carried", f"Negative difference, {told}", -total / size))
            carried = 0.0 if forgiven else total / size
            total = 0.0
    elif paid_before:
        raise ResultError([_NO_PLACE])
    kickers = float(sum((k[0] for k in work.kicker_lines), start=0.0))
    target = float(work.period_target[0])
    bases = split_minor(plan.pay.base, plan.periods, compiled.digits)
    base = float(to_minor(plan.pay.base, compiled.digits)) if period == "year" else float(bases[period - 1])
    label = "year" if period == "year" else f"period {frame.last} of {plan.periods}"
    if frame.first < frame.last and period != "year":
        label = f"periods {frame.first} to {frame.last} of {plan.periods}"
    return Statement(
        plan_name=plan.name,
        plan_hash=plan.hash,
        version=compplan.__version__,
        currency=plan.currency,
        period=label,
        base=base / size,
        period_target=target / size,
        lines=tuple(lines),
        total=total / size + 0.0,
        payout_fraction=(earned - kickers) / target if target else None,
        at_target_fraction=at_target(plan),
        carried=carried,
        notes=_notes(plan, period),
    )


def _notes(plan: Plan, period: Period) -> tuple[str, ...]:
    """What a reader has to know beside the sums."""
    limited = [kicker.name for kicker in plan.kickers if kicker.max_units is not None]
    if not limited or period == "year" or plan.accumulation == "year_to_date":
        return ()
    return (f"The most units of {', '.join(limited)} are a year's: what earlier periods paid is not known here.",)


def payouts(plan: Plan, frame: pd.DataFrame, period: Period = 1) -> pd.DataFrame:
    """Pay many people for one period.

    Parameters
    ----------
    plan : Plan
    frame : DataFrame
        One row a person. Columns named by result as in `payout`; optionally ``base`` and ``variable`` (a year,
        currency), ``<id>.target`` (a year) for components drawn over attainment, ``<id>.numerator`` and
        ``<id>.denominator``, and ``paid_before`` for a year-to-date plan. Other columns are left alone.
    period : int or 'year'

    Returns
    -------
    DataFrame [currency]
        The index of `frame`; one column a component, then ``modifiers``, ``total_cap``, ``kickers``,
        ``paid_before`` and ``carried`` where the plan has them, then ``total``, their sum.

    Raises
    ------
    ResultError
        Naming the columns and the first rows at fault.

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
    import pandas as pd

    compiled, span = compile_plan(plan), checked_frame(plan, period)
    results, targets = from_frame(compiled, frame)
    rows = len(frame)
    base = _personal(frame, "base", plan.pay.base)
    share = plan.pay.variable_share
    usual = np.array([plan.pay.target_variable]) if share is None else base * share / (1.0 - share)
    variable = _personal(frame, "variable", usual)
    if not _needs_paid_before(plan, period) and _personal(frame, "paid_before", 0.0).any():
        raise ResultError([_NO_PLACE])
    commissions = compiled.commissions
    short = np.flatnonzero(variable < commissions - 0.005)
    if commissions and short.size:
        raise ResultError(
            [
                Problem(
                    "variable",
                    f"less than the commission at target, {commissions:,.2f}; row {frame.index[short[0]]!r}.",
                )
            ]
        )
    before = _paid_before(frame, compiled.digits) if _needs_paid_before(plan, period) else None
    names = _columns(compiled, before is not None)
    size = 10.0**compiled.digits
    out = np.empty((len(names), rows))  # one block, which the system hands out in large pages
    for start in range(0, rows, _CHUNK):
        part = slice(start, min(start + _CHUNK, rows))
        case = Case(
            {k: v[part] for k, v in results.items()},
            variable if variable.size == 1 else variable[part],
            {k: v[part] for k, v in targets.items()},
        )
        work = calculate(compiled, case, span)
        amounts = _amounts(compiled, work, None if before is None else before[part])
        for shown, units in zip(out[:, part], amounts, strict=True):
            np.divide(units, size, out=shown)  # here, while they are in the cache
            shown += 0.0  # minus nothing is nothing
    return pd.DataFrame(out.T, index=frame.index, columns=names, copy=False)


def _paid_before(frame: pd.DataFrame, digits: int) -> FloatArray:
    problems: list[Problem] = []
    if "paid_before" not in frame.columns:
        raise ResultError(
            [Problem("paid_before", "what earlier periods paid is needed as a column for a year-to-date plan.")]
        )
    before = to_minor(column(frame, "paid_before", problems), digits)
    if problems or not np.isfinite(before).all():
        raise ResultError(problems or [Problem("paid_before", "must be a number in every row.")])
    return before


def _personal(frame: pd.DataFrame, name: str, default: float | FloatArray) -> FloatArray:
    if name not in frame.columns:
        return np.atleast_1d(np.asarray(default, dtype=np.float64))
    problems: list[Problem] = []
    values = column(frame, name, problems)
    if problems:
        raise ResultError(problems)
    bad = np.flatnonzero(~(values >= 0) | ~np.isfinite(values))
    if bad.size:
        problems.append(
            Problem(name, f"must be money of 0 or more; row {frame.index[bad[0]]!r} has {values[bad[0]]:g}.")
        )
    if problems:
        raise ResultError(problems)
    return values


def _columns(compiled: Compiled, paid_before: bool) -> list[str]:
    names = [c.id for c in compiled.components]
    names += ["modifiers"] if compiled.plan_modifiers else []
    names += ["total_cap"] if compiled.plan.caps.total is not None else []
    names += ["kickers"] if compiled.kickers else []
    return [*names, *(["paid_before", "carried"] if paid_before else []), "total"]


def _amounts(compiled: Compiled, work: Work, before: FloatArray | None) -> list[FloatArray]:
    amounts = [w.line for w in work.components]
    if compiled.plan_modifiers:
        amounts.append(sum(work.modifier_lines[1:], start=work.modifier_lines[0]))
    if compiled.plan.caps.total is not None:
        amounts.append(work.cap_line)
    if compiled.kickers:
        amounts.append(sum(work.kicker_lines[1:], start=work.kicker_lines[0]))
    total = work.total
    if before is not None:
        total = total - before
        carried = np.maximum(0.0 - total, 0.0) if compiled.plan.negative != "recover" else np.zeros(1)
        amounts += [0.0 - before, carried]
        total = total + carried
    return [*amounts, total]
