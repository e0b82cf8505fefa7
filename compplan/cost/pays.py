"""What people are paid under a plan: at shares of target, at most, on their own results; every cent by the engine."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from compplan.arrays import BoolArray, FloatArray
from compplan.cost.errors import CostError
from compplan.cost.headcount import floats
from compplan.curves import PayoutCurve
from compplan.errors import Problem
from compplan.money import to_minor
from compplan.payout import ceiling, payouts, results_along
from compplan.payout.engine import compile_plan
from compplan.plan import Kicker, Plan

if TYPE_CHECKING:
    import pandas as pd

    from compplan.cost.amounts import Basis

_FAR = 1e6  # fraction of target pay, beyond every total cap


@dataclass(frozen=True, slots=True)
class Held:
    """A level that cannot follow a share of target, and where it is held.

    Attributes
    ----------
    component, name : str
    from_attainment, to_attainment : float [fraction]
        The shares of target of the grid at which it is held, the least and the most.
    result : float [the measure's units]
        Where it is held.
    pays : float [fraction of target pay]
        What its curve pays there.
    """

    component: str
    name: str
    from_attainment: float
    to_attainment: float
    result: float
    pays: float


def part_year(plan: Plan, share: float) -> Plan:
    """The plan of somebody who is there for a part of the year.

    Target variable is prorated on the person's row; a commission's target and a kicker's count shrink with the time,
    which at yearly results is the same as a smaller rate. Targets of rates and scores stay.
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


def paid(plan: Plan, people: pd.DataFrame, basis: Basis, results: dict[str, FloatArray]) -> FloatArray:
    """Variable pay and kickers of one person of each row.

    Parameters
    ----------
    plan : Plan
    people : DataFrame
        Checked, one row a person or group.
    basis : Basis
    results : dict of str to ndarray, shape (cases, rows)
        Yearly results; those of a part of the year grossed up to a whole one.

    Returns
    -------
    ndarray, shape (cases, rows) [minor units]

    Notes
    -----
    Each line of pay is rounded to the cent by the engine, once a person.
    """
    import pandas as pd

    cases, rows = next(iter(results.values())).shape
    out = np.zeros((cases, rows))
    parts = basis.share if _hangs_on_time(plan) else np.ones(rows)
    for share in np.unique(parts):
        at = np.flatnonzero((parts == share) & (basis.share > 0))
        if not at.size:
            continue
        columns = {key: value[:, at].reshape(-1) for key, value in results.items()}
        columns["base"] = np.tile(basis.base[at] / basis.size, cases)
        columns["variable"] = np.tile(basis.variable[at] / basis.size, cases)
        for name, target in personal_targets(plan, people).items():
            columns[f"{name}.target"] = np.tile(target[at], cases)
        frame = pd.DataFrame(columns, index=pd.Index(np.tile(people["id"].to_numpy()[at], cases)))
        total = payouts(part_year(plan, float(share)), frame, "year")["total"].to_numpy()
        out[:, at] = to_minor(total, basis.digits).reshape(cases, at.size)
    return out


def _hangs_on_time(plan: Plan) -> bool:
    return bool(plan.kickers) or any(c.rate for c in plan.components)


def personal_targets(plan: Plan, people: pd.DataFrame) -> dict[str, FloatArray]:
    """Personal yearly targets by component, where the table has them; the plan's where one is missing.

    Raises
    ------
    CostError
        If a column of targets is of no component that is drawn over attainment, or holds what is no target.
    """
    found: dict[str, FloatArray] = {}
    for name in people.columns:
        key, dot, part = str(name).rpartition(".")
        if not dot or part != "target":
            continue
        component = plan.by_id.get(key)
        if component is None or component.axis != "attainment":
            told = "a personal target needs a component of the plan that is drawn over attainment (axis: attainment)."
            raise CostError([Problem(f"people.{name}", told)])
        values = floats(people, str(name))
        wrong = (values <= 0) | np.isinf(values)
        if wrong.any():
            at = int(wrong.argmax())
            told = f"must be above 0; row {str(people['id'].iloc[at])!r} has {values[at]:g}."
            raise CostError([Problem(f"people.{name}", told)])
        found[key] = np.where(np.isnan(values), component.target, values)
    return found


def results_for(
    plan: Plan, people: pd.DataFrame, attainments: FloatArray
) -> tuple[dict[str, FloatArray], dict[str, BoolArray]]:
    """Results of everybody at shares of target.

    Parameters
    ----------
    plan : Plan
    people : DataFrame
    attainments : ndarray, shape (cases,) [fraction]

    Returns
    -------
    results : dict of str to ndarray, shape (cases, rows)
        A flow at that share of its target; a level at the result at which its own curve pays that share.
    held : dict of str to ndarray of bool, shape (cases,)
        Where a level cannot get there and is held at its measure's limit or its curve's last point.
    """
    rows = len(people)
    along, held = results_along(plan, attainments)
    results = {key: np.repeat(value[:, None], rows, axis=1) for key, value in along.items()}
    for key, target in personal_targets(plan, people).items():
        measure = plan.measure(key)
        moved = along[key][:, None] * (target / plan.by_id[key].target)[None, :]
        results[key] = moved if measure.kind == "flow" else np.clip(moved, measure.low, measure.high)
    return results, held


def held_at(plan: Plan, attainments: FloatArray) -> tuple[Held, ...]:
    """Every level that cannot follow a grid of attainments, and where it is held."""
    along, held = results_along(plan, attainments)
    found: list[Held] = []
    for c in compile_plan(plan).components:
        for result in dict.fromkeys(along[c.id][held[c.id]].tolist()):
            at = attainments[held[c.id] & (along[c.id] == result)]
            x = result / c.part.target if c.part.axis == "attainment" else result
            found.append(Held(c.id, c.measure.name, float(at.min()), float(at.max()), result, c.curve(float(x))))
    return tuple(found)


def best_results(plan: Plan, people: pd.DataFrame) -> dict[str, FloatArray]:
    """The results that earn the most under a plan whose pay is bounded, shape (1, rows) each.

    Each component at the best that its measure's definition allows, or at the flat end of its curve; conditions on
    other measures at their best.
    """
    rows = len(people)
    results, _ = results_for(plan, people, np.ones(1))
    compiled = compile_plan(plan)
    targets = personal_targets(plan, people)
    ids = {c.id for c in compiled.components}
    for c in compiled.components:
        unit = targets.get(c.id, c.part.target) if c.part.axis == "attainment" else 1.0
        best = c.measure.best
        results[c.id] = np.full((1, rows), _flat(c.curve) * unit if best is None else best)
    for kicker in paid_kickers(plan):
        key = plan.result_key(kicker.measure)
        if plan.measure(key).best is None and plan.measure(key).better == "more":
            results[key] = np.maximum(results[key], kicker.max_units or 0.0)
    for modifier in compiled.modifiers:
        if modifier.key not in ids:
            best = modifier.measure.best
            results[modifier.key] = np.full((1, rows), _flat(modifier.curve) if best is None else best)
    return results


def _flat(curve: PayoutCurve) -> float:
    """A result on the flat end of a curve; where only the total cap stops it, one far beyond that."""
    far = None if math.isfinite(curve.highest) else curve.reach(_FAR)
    return curve.points()[-1][0] if far is None else far


def bounded(plan: Plan) -> bool:
    """Whether something stops what the plan pays."""
    return math.isfinite(ceiling(plan)) and all(k.max_units is not None for k in paid_kickers(plan))


def paid_kickers(plan: Plan) -> tuple[Kicker, ...]:
    """Kickers on a result that a component measures; the counts of the others are not known ahead."""
    return tuple(k for k in plan.kickers if plan.result_key(k.measure) in plan.by_id)


def own_results(plan: Plan, people: pd.DataFrame, basis: Basis) -> dict[str, FloatArray]:
    """Everybody's own yearly results, from the columns of the table, shape (1, rows) each.

    Raises
    ------
    CostError
        Naming every result that the table has no column for.
    """
    compiled = compile_plan(plan)
    missing = [key for key in compiled.keys if key not in people.columns]
    if missing:
        raise CostError(Problem(f"people.{key}", "is missing; the plan needs this result.") for key in missing)
    share = np.where(basis.share > 0, basis.share, 1.0)
    results: dict[str, FloatArray] = {}
    for key in compiled.keys:
        value = floats(people, key)
        # What was brought in during a part of the year stands against that part of the target.
        results[key] = (value / share if plan.measure(key).kind == "flow" else value)[None, :]
    return results
