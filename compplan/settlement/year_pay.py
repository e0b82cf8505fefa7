"""Parts of a year's pay: the plan for part of a year, personal targets, and levels that cannot reach an attainment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from compplan.arrays import FloatArray
from compplan.errors import Problem
from compplan.payout.analysis import results_along
from compplan.payout.engine import Compiled
from compplan.payout.results import TARGET_NEEDS_ATTAINMENT, bad_rows
from compplan.plan import Plan
from compplan.settlement.errors import CostError
from compplan.settlement.headcount import floats, unfit_targets

if TYPE_CHECKING:
    import pandas as pd


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
    unfit = unfit_targets(plan, people)
    if unfit:
        raise CostError([Problem(f"people.{name}", TARGET_NEEDS_ATTAINMENT) for name in unfit])
    problems: list[Problem] = []
    targets: dict[str, FloatArray] = {}
    for key, component in plan.by_id.items():
        name = f"{key}.target"
        if name in people.columns:
            values = floats(people, name)
            bad = (values <= 0) | np.isinf(values)
            problems += bad_rows(f"people.{name}", values, bad, list(map(str, people["id"])), "must be above 0")
            targets[key] = np.where(np.isnan(values), component.target, values)
    if problems:
        raise CostError(problems)
    return targets


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
            pays = c.curve(float(result / c.part.axis_unit))
            levels.append(HeldLevel(c.id, c.measure.name, float(at.min()), float(at.max()), result, pays))
    return tuple(levels)
