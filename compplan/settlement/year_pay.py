"""Variable pay of a year, for each person: at some attainments, at most, and on their own results."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from compplan.arrays import BoolArray, FloatArray
from compplan.curves import PayoutCurve
from compplan.errors import Problem
from compplan.payout.analysis import paid_kickers, results_along
from compplan.payout.engine import Compiled, compile_plan
from compplan.payout.pay import year_totals
from compplan.plan import Plan
from compplan.settlement.errors import CostError
from compplan.settlement.headcount import floats
from compplan.settlement.prorated import ProratedPay

if TYPE_CHECKING:
    import pandas as pd

_FAR = 1e6  # fraction of target pay, beyond every total cap


@dataclass(frozen=True, slots=True)
class HeldLevel:
    """A level that cannot reach some attainments, and the result it is held at instead.

    Attributes
    ----------
    component, name : str
        Component id and name of the measure.
    from_attainment, to_attainment : float [fraction]
        Lowest and highest attainment of the grid at which it is held.
    result : float [the measure's units]
        The result it is held at.
    pays : float [fraction of target pay]
        Payout of its curve at that result.
    """

    component: str
    name: str
    from_attainment: float
    to_attainment: float
    result: float
    pays: float


def part_year(plan: Plan, share: float) -> Plan:
    """The plan of a person who is employed for part of the year.

    Parameters
    ----------
    plan : Plan
    share : float [fraction]
        Days employed over days of the year.

    Notes
    -----
    Target variable is prorated on the person's row. A commission's target and a kicker's count shrink with the time,
    which at yearly results equals a smaller rate. Targets of rates and scores do not change.
    """
    if not 0.0 < share < 1.0:
        return plan
    changes: dict[str, float | None] = {}
    for i, component in enumerate(plan.components):
        if component.rate is not None:
            changes[f"components[{i}].rate"] = component.rate * share
            changes["pay.variable"] = plan.pay.target_variable * share
            changes["pay.variable_share"] = None
    for i, kicker in enumerate(plan.kickers):
        changes[f"kickers[{i}].per_unit"] = kicker.per_unit * share
        if kicker.max_units is not None:
            changes[f"kickers[{i}].max_units"] = kicker.max_units / share
    return plan.edit(changes) if changes else plan


def paid(
    compiled: Compiled,
    prorated: ProratedPay,
    targets: Mapping[str, FloatArray],
    ids: Any,
    results: Mapping[str, FloatArray],
) -> FloatArray:
    """Variable pay and kickers of one person of each row.

    Parameters
    ----------
    compiled : Compiled
    prorated : ProratedPay
    targets : Mapping of str to ndarray, shape (rows,)
        Personal targets, see `personal_targets`.
    ids : ndarray of object, shape (rows,)
        Names the row in an error.
    results : Mapping of str to ndarray, shape (cases, rows) [each measure's units a year]
        Results of a part of the year are grossed up to a whole year.

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
    cases, rows = next(iter(results.values())).shape
    out = np.zeros((cases, rows))
    shares = prorated.share if _depends_on_time(compiled) else np.ones(rows)
    for share in np.unique(shares):
        at = np.flatnonzero((shares == share) & (prorated.share > 0))
        if not at.size:
            continue
        plan = part_year(compiled.plan, float(share))
        units = year_totals(
            compiled if plan is compiled.plan else compile_plan(plan),
            {key: value[:, at].reshape(-1) for key, value in results.items()},
            variable=np.tile(prorated.variable[at] / prorated.size, cases),
            targets={key: np.tile(target[at], cases) for key, target in targets.items()},
            ids=np.tile(ids[at], cases),
        )
        out[:, at] = units.reshape(cases, at.size)
    return out


def _depends_on_time(compiled: Compiled) -> bool:
    return bool(compiled.kickers) or any(c.part.rate for c in compiled.components)


def personal_targets(plan: Plan, people: pd.DataFrame) -> dict[str, FloatArray]:
    """Personal targets by component, from the ``<component id>.target`` columns.

    Parameters
    ----------
    plan : Plan
    people : DataFrame

    Returns
    -------
    dict of str to ndarray, shape (rows,) [each measure's units a year]
        The plan's target where a row has none.

    Raises
    ------
    CostError
        If a column belongs to no component with `axis` attainment, or a target is not above 0.
    """
    targets: dict[str, FloatArray] = {}
    for name in people.columns:
        key, dot, part = str(name).rpartition(".")
        if not dot or part != "target":
            continue
        component = plan.by_id.get(key)
        if component is None or component.axis != "attainment":
            why = "a personal target needs a component of the plan that is drawn over attainment (axis: attainment)."
            raise CostError([Problem(f"people.{name}", why)])
        values = floats(people, str(name))
        wrong = (values <= 0) | np.isinf(values)
        if wrong.any():
            at = int(wrong.argmax())
            why = f"must be above 0; row {str(people['id'].iloc[at])!r} has {values[at]:g}."
            raise CostError([Problem(f"people.{name}", why)])
        targets[key] = np.where(np.isnan(values), component.target, values)
    return targets


def results_at_attainments(
    compiled: Compiled, targets: Mapping[str, FloatArray], rows: int, attainments: FloatArray
) -> tuple[dict[str, FloatArray], dict[str, BoolArray]]:
    """Yearly results of everybody at some attainments.

    Parameters
    ----------
    compiled : Compiled
    targets : Mapping of str to ndarray, shape (rows,)
    rows : int
    attainments : ndarray, shape (cases,) [fraction]

    Returns
    -------
    results : dict of str to ndarray, shape (cases, rows) [each measure's units]
        A flow is the attainment times its target; a level is the result at which its own curve pays the attainment.
    held : dict of str to ndarray of bool, shape (cases,)
        Where a level cannot reach the attainment and is held at its measure's limit or its curve's last point.
    """
    along, held = results_along(compiled, attainments)
    results = {key: np.repeat(value[:, None], rows, axis=1) for key, value in along.items()}
    for key, target in targets.items():
        measure, component = compiled.plan.measure(key), compiled.plan.by_id[key]
        moved = along[key][:, None] * (target / component.target)[None, :]
        results[key] = moved if measure.kind == "flow" else np.clip(moved, measure.low, measure.high)
    return results, held


def held_levels(compiled: Compiled, attainments: FloatArray) -> tuple[HeldLevel, ...]:
    """Levels that cannot follow some attainments.

    Parameters
    ----------
    compiled : Compiled
    attainments : ndarray, shape (cases,) [fraction]
    """
    along, held = results_along(compiled, attainments)
    levels: list[HeldLevel] = []
    for c in compiled.components:
        for result in dict.fromkeys(along[c.id][held[c.id]].tolist()):
            at = attainments[held[c.id] & (along[c.id] == result)]
            x = result / c.part.target if c.part.axis == "attainment" else result
            levels.append(HeldLevel(c.id, c.measure.name, float(at.min()), float(at.max()), result, c.curve(float(x))))
    return tuple(levels)


def best_results(compiled: Compiled, targets: Mapping[str, FloatArray], rows: int) -> dict[str, FloatArray]:
    """Yearly results that earn the most under a plan whose pay is bounded.

    Parameters
    ----------
    compiled : Compiled
    targets : Mapping of str to ndarray, shape (rows,)
    rows : int

    Returns
    -------
    dict of str to ndarray, shape (1, rows) [each measure's units]
        Each component at the best result its measure allows, or at the flat end of its curve; conditions on other
        measures at their best.
    """
    results, _ = results_at_attainments(compiled, targets, rows, np.ones(1))
    plan = compiled.plan
    ids = {c.id for c in compiled.components}
    for c in compiled.components:
        unit = targets.get(c.id, c.part.target) if c.part.axis == "attainment" else 1.0
        best = c.measure.best
        results[c.id] = np.full((1, rows), _flat_end(c.curve) * unit if best is None else best)
    for kicker in paid_kickers(plan):
        key = plan.result_key(kicker.measure)
        if plan.measure(key).best is None and plan.measure(key).better == "more":
            results[key] = np.maximum(results[key], kicker.max_units or 0.0)
    for modifier in compiled.modifiers:
        if modifier.key not in ids:
            best = modifier.measure.best
            results[modifier.key] = np.full((1, rows), _flat_end(modifier.curve) if best is None else best)
    return results


def _flat_end(curve: PayoutCurve) -> float:
    """A result on the flat end of a curve; for a curve without one, a result far beyond every total cap."""
    far = None if math.isfinite(curve.highest) else curve.reach(_FAR)
    return curve.points()[-1][0] if far is None else far


def own_results(compiled: Compiled, people: pd.DataFrame, prorated: ProratedPay) -> dict[str, FloatArray]:
    """Yearly results from the columns of the table.

    Parameters
    ----------
    compiled : Compiled
    people : DataFrame
    prorated : ProratedPay

    Returns
    -------
    dict of str to ndarray, shape (1, rows) [each measure's units]
        A flow of part of a year is grossed up to a whole year.

    Raises
    ------
    CostError
        With every result that has no column.
    """
    missing = [key for key in compiled.keys if key not in people.columns]
    if missing:
        raise CostError(Problem(f"people.{key}", "is missing; the plan needs this result.") for key in missing)
    share = np.where(prorated.share > 0, prorated.share, 1.0)
    results: dict[str, FloatArray] = {}
    for key in compiled.keys:
        value = floats(people, key)
        # A flow of part of the year is measured against that part of the target.
        results[key] = (value / share if compiled.plan.measure(key).kind == "flow" else value)[None, :]
    return results
