"""Check results against the ones a plan needs: nothing missing, unknown or impossible."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from compplan.arrays import BoolArray, FloatArray
from compplan.errors import Problem, ResultError, nearest
from compplan.measures import Measure
from compplan.payout.engine import Compiled, CompiledComponent, Period, PeriodSpan, span_of
from compplan.plan import Plan
from compplan.plan.validation import limits

if TYPE_CHECKING:
    import pandas as pd

_MOST_NAMED = 5
TARGET_NEEDS_ATTAINMENT = "a personal target needs a component with attainment as its axis."
PERSONAL = ("base", "variable", "paid_before")


def from_mapping(compiled: Compiled, results: Mapping[str, Any]) -> dict[str, FloatArray]:
    """Check the results of one person.

    Parameters
    ----------
    compiled : Compiled
    results : Mapping of str to float
        By component id, in each measure's units; a rate or a mean may come as ``<id>.numerator`` and
        ``<id>.denominator``.

    Returns
    -------
    dict of str to ndarray, shape (1,)

    Raises
    ------
    ResultError
        With every result that is missing, unknown, not a number or impossible.
    """
    allowed = [*compiled.keys, *(f"{k}.{part}" for k in compiled.keys for part in ("numerator", "denominator"))]
    problems = [
        Problem(str(key), f"is not a result of this plan; {nearest(str(key), compiled.keys)}")
        for key in results
        if key not in allowed
    ]
    columns: dict[str, FloatArray] = {}
    for key, value in results.items():
        try:
            columns[key] = np.array([as_number(value)])
        except ValueError as error:
            problems.append(Problem(str(key), f"{error}."))
    if problems:
        raise ResultError(problems)
    return _resolve(compiled, columns, None)


def as_number(value: Any) -> float:
    """Read a number.

    Raises
    ------
    ValueError
        If the value is not a number, or too large.
    """
    if not is_number(value):
        raise ValueError(f"must be a number. You entered {value!r}")
    try:
        return float(value)
    except OverflowError:
        raise ValueError("is too large to calculate with") from None


def is_number(value: Any) -> bool:
    """Whether a value is a real number; true and false are not."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def from_frame(compiled: Compiled, frame: pd.DataFrame) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Check the results and personal targets of many people.

    Parameters
    ----------
    compiled : Compiled
    frame : DataFrame
        One row a person, see `payouts`.

    Returns
    -------
    results, targets : dict of str to ndarray, shape (rows,)

    Raises
    ------
    ResultError
        With every column that is missing or unusable, and its first wrong rows.
    """
    names = [str(c) for c in frame.columns]
    problems = [
        Problem(name, "several columns have this name.")
        for name in sorted({n for n in names if names.count(n) > 1})
        if name.partition(".")[0] in compiled.keys or name in PERSONAL
    ]
    targets: dict[str, FloatArray] = {}
    columns: dict[str, FloatArray] = {}
    components = {c.id: c for c in compiled.components}
    for name in names:
        key, dot, part = name.partition(".")
        if key not in compiled.keys:
            if dot and part in {"target", "numerator", "denominator"}:
                problems.append(Problem(name, f"{key!r} is not a result of this plan; {nearest(key, compiled.keys)}"))
            continue
        if not dot or part in {"numerator", "denominator"}:
            if not any(p.where == name for p in problems):
                columns[name] = column(frame, name, problems)
        elif part == "target":
            if not any(p.where == name for p in problems):
                values = _targets(frame, name, components.get(key), problems)
                if values is not None:
                    targets[key] = values
        else:
            problems.append(
                Problem(name, "unknown suffix; allowed after a result: .target, .numerator and .denominator.")
            )
    if problems:
        raise ResultError(problems)
    return _resolve(compiled, columns, frame.index), targets


def _targets(
    frame: pd.DataFrame, name: str, component: CompiledComponent | None, problems: list[Problem]
) -> FloatArray | None:
    """A column of personal targets; a cell that cannot be one becomes a problem."""
    if component is None or component.part.axis != "attainment":
        problems.append(Problem(name, TARGET_NEEDS_ATTAINMENT))
        return None
    values = column(frame, name, problems)
    if any(p.where == name for p in problems):
        return None
    _check_target(problems, component, values, frame.index)
    return values


def _check_target(
    problems: list[Problem], component: CompiledComponent, values: FloatArray, index: Sequence[Any] | pd.Index[Any]
) -> None:
    name = f"{component.id}.target"
    if values.size and not (float(values.min()) > 0 and math.isfinite(float(values.max()))):
        problems += bad_rows(name, values, ~(values > 0) | ~np.isfinite(values), index, "must be above 0")
    if component.measure.high is not None:
        most = component.measure.high + 1e-9
        problems += bad_rows(name, values, values > most, index, _limits_text(component.measure))


def check_inputs(
    compiled: Compiled, results: Mapping[str, FloatArray], targets: Mapping[str, FloatArray], index: Sequence[Any]
) -> None:
    """Check results and personal targets that are arrays already.

    Parameters
    ----------
    compiled : Compiled
    results : Mapping of str to ndarray, shape (rows,) [each measure's units]
        One for each of `Compiled.keys`.
    targets : Mapping of str to ndarray, shape (rows,) [each measure's units a year]
    index : sequence, shape (rows,)
        Names the rows in an error.

    Raises
    ------
    ResultError
    """
    problems: list[Problem] = []
    components = {c.id: c for c in compiled.components}
    for key, values in targets.items():
        _check_target(problems, components[key], values, index)
    for key in compiled.keys:
        _check(problems, compiled, key, results[key], index)
    if problems:
        raise ResultError(problems)


def column(frame: pd.DataFrame, name: str, problems: list[Problem]) -> FloatArray:
    """A column as numbers; a cell that is not a number becomes a problem."""
    values = frame[name]
    if values.dtype.kind in "iuf":
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    missing = values.isna().to_numpy()
    bad = [i for i, value in enumerate(values) if not missing[i] and not is_number(value)]
    if bad:
        problems.append(
            Problem(
                name, f"must be numbers. You entered {values.iloc[bad[0]]!r} in row {row_name(frame.index, bad[0])}."
            )
        )
        return np.zeros(len(frame))
    return values.astype("object").to_numpy(dtype=np.float64, na_value=np.nan)


def _resolve(
    compiled: Compiled, columns: dict[str, FloatArray], index: Sequence[Any] | pd.Index[Any] | None
) -> dict[str, FloatArray]:
    problems: list[Problem] = []
    resolved: dict[str, FloatArray] = {}
    for key in compiled.keys:
        parts = [columns.get(f"{key}.{part}") for part in ("numerator", "denominator")]
        value = columns.get(key)
        if compiled.plan.measure(key).kind == "flow" and any(p is not None for p in parts):
            problems.append(Problem(key, "is a sum over the period; give the sum, not a numerator and a denominator."))
            continue
        if value is not None and any(p is not None for p in parts):
            problems.append(Problem(key, "has both a value and a numerator or denominator; give only one of them."))
        elif value is None and parts[0] is not None and parts[1] is not None:
            problems += bad_rows(f"{key}.denominator", parts[1], ~(parts[1] > 0), index, "must be above 0")
            with np.errstate(all="ignore"):
                value = parts[0] / parts[1]
        elif value is None and any(p is not None for p in parts):
            lacking = "numerator" if parts[0] is None else "denominator"
            problems.append(Problem(f"{key}.{lacking}", "is missing; a ratio needs both parts."))
            continue
        if value is None:
            problems.append(Problem(key, f"is missing; the plan needs {', '.join(compiled.keys)}."))
            continue
        _check(problems, compiled, key, value, index)
        resolved[key] = value
    if problems:
        raise ResultError(problems)
    return resolved


def _check(
    problems: list[Problem],
    compiled: Compiled,
    key: str,
    value: FloatArray,
    index: Sequence[Any] | pd.Index[Any] | None,
) -> None:
    measure = compiled.plan.measure(key)
    # Minimum and maximum answer all three questions in two passes; both are NaN where one value is.
    least, most = (float(value.min()), float(value.max())) if value.size else (0.0, 0.0)
    if not (math.isfinite(least) and math.isfinite(most)):
        problems += bad_rows(key, value, np.isnan(value), index, "is missing (not a number)")
        infinite = np.isinf(value) & ~np.isnan(value)
        if bool(infinite.any()) and not _bounded_pay(compiled, key):
            problems += bad_rows(key, value, infinite, index, "must be finite, because nothing caps its pay")
    low, high = measure.low, measure.high
    if (low is not None and not least >= low - 1e-9) or (high is not None and not most <= high + 1e-9):
        outside = np.less(value, -math.inf if low is None else low - 1e-9)
        outside |= np.greater(value, math.inf if high is None else high + 1e-9)
        problems += bad_rows(key, value, outside, index, _limits_text(measure))


def _limits_text(measure: Measure) -> str:
    hint = "; for 95% enter 0.95" if measure.unit == "share" and measure.high is not None else ""
    return f"{limits(measure)}{hint}"


def _bounded_pay(compiled: Compiled, key: str) -> bool:
    component = next((c for c in compiled.components if c.id == key), None)
    if component is not None and not math.isfinite(component.curve.highest):
        return False
    return all(k.part.max_units is not None for k in compiled.kickers if k.key == key)


def bad_rows(
    where: str, values: FloatArray, bad: BoolArray, index: Sequence[Any] | pd.Index[Any] | None, why: str
) -> list[Problem]:
    """One problem that names the first bad rows; none if no row is bad.

    Parameters
    ----------
    where : str
        Place of the problem.
    values : ndarray, shape (rows,)
    bad : ndarray of bool, shape (rows,)
    index : sequence, shape (rows,), optional
        Names the rows; without it, the values are of one person.
    why : str
        What is wrong, without a full stop.
    """
    places = np.flatnonzero(bad).tolist()
    if not places:
        return []
    if index is None:
        value = float(values[places[0]])
        return [Problem(where, f"{why}." if math.isnan(value) else f"{why}. You entered {value:g}.")]
    shown = ", ".join(
        f"{row_name(index, i)} ({'missing' if math.isnan(values[i]) else f'{values[i]:g}'})"
        for i in places[:_MOST_NAMED]
    )
    more = f" and {len(places) - _MOST_NAMED:,} more" if len(places) > _MOST_NAMED else ""
    return [Problem(where, f"{why}. Rows: {shown}{more}.")]


def row_name(index: Sequence[Any] | pd.Index[Any], i: int) -> str:
    """Label of a row as text: 102, not np.int64(102)."""
    label: Any = index[i]
    return repr(cast("Any", label).item() if isinstance(label, np.generic) else label)


def checked_span(plan: Plan, period: Period) -> PeriodSpan:
    """`span_of` for a period that a caller gives.

    Raises
    ------
    ResultError
        If the plan has no such period.
    """
    if period != "year" and (type(period) is not int or not 1 <= period <= plan.periods):
        message = f"must be 1 to {plan.periods} for {plan.frequency} pay, or 'year'. You entered {period!r}."
        raise ResultError([Problem("period", message)])
    return span_of(plan, period)
