"""Cost ratios: cost over ARR, pay for a point of retention, and headroom under a budget."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from compplan.cost.amounts import Cost
from compplan.cost.assumptions import Assumptions
from compplan.cost.expected import Expected
from compplan.cost.plain import without_noise
from compplan.settlement import Population

if TYPE_CHECKING:
    import pandas as pd


_POINT = 0.01
_GRR = ("grr", "grr_opening")


@dataclass(frozen=True, slots=True)
class PointValue:
    """Change of the team's pay for one percentage point of a measure, from target.

    Attributes
    ----------
    component, name : str
        Component id and short name of the measure.
    up, down : float or None [currency a year]
        Pay that one point more adds, and that one point less removes; None where the measure cannot go there.
    """

    component: str
    name: str
    up: float | None
    down: float | None


@dataclass(frozen=True, slots=True)
class Ratios:
    """Cost ratios; None where an amount that a ratio needs is unknown.

    Attributes
    ----------
    arr : float or None [currency]
        ARR that these people manage. Who is not employed in the plan year manages none.
    comp_of_arr : float or None [fraction]
        Base, expected variable and employer taxes over ARR.
    loaded_of_arr : float or None [fraction]
        Expected fully loaded cost over ARR.
    arr_per_person : float or None [currency]
        Over the people who are employed in the plan year.
    arr_per_ote : float or None [currency per currency]
    effective_cost : float or None [fraction]
        Expected variable over target variable.
    points : tuple of PointValue
        One for each component with a share as its measure, such as GRR.
    on_grr : bool
        Whether a component is paid on gross revenue retention.
    grr_up, grr_down : float or None [currency a year]
        Pay for a point of gross revenue retention, all components on it together; None without `on_grr`, or where the
        target is at the limit of the measure.
    arr_per_point : float or None [currency]
        One percent of the ARR that is up for renewal in the year.
    pay_per_arr_kept : float or None [currency per currency]
        ``grr_up / arr_per_point``: pay for each dollar of ARR that is retained beyond target.
    """

    arr: float | None
    comp_of_arr: float | None
    loaded_of_arr: float | None
    arr_per_person: float | None
    arr_per_ote: float | None
    effective_cost: float | None
    points: tuple[PointValue, ...]
    on_grr: bool
    grr_up: float | None
    grr_down: float | None
    arr_per_point: float | None
    pay_per_arr_kept: float | None


@dataclass(frozen=True, slots=True)
class Budget:
    """Headroom under a budget; negative where the cost is over it.

    Attributes
    ----------
    amount : float [currency]
    of : {'variable', 'cash', 'loaded'}
    at_target, most : float [currency]
        Budget minus that cost.
    expected, p90 : float or None [currency]
        The same; None where the spread of a result is unknown.
    breaks_between : tuple of (float or None, float), or None [fraction]
        The last attainment of the grid within the budget (None where there is none) and the first one over it; None
        where the whole grid is within the budget.
    """

    amount: float
    of: str
    at_target: float
    expected: float | None
    p90: float | None
    most: float
    breaks_between: tuple[float | None, float] | None

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)


def ratios(population: Population, assumptions: Assumptions, at_target: Cost, likely: Expected | None) -> Ratios:
    """Compute cost over ARR, and the value of a point of retention.

    Parameters
    ----------
    population : Population
    assumptions : Assumptions
    at_target : Cost
        Of everyone at target.
    likely : Expected or None
        None where the spread of a result is unknown; so are the ratios at expected pay.
    """
    pay = population.pay
    arr = assumptions.arr_managed or _arr(population)
    ote = pay.total(pay.base + pay.variable)
    count = float(pay.count[pay.share > 0].sum())
    points = _points(population, at_target)
    on_grr = [p for p in points if population.plan.by_id[p.component].measure in _GRR]
    up, down = _sum([p.up for p in on_grr]), _sum([p.down for p in on_grr])
    each = assumptions.arr_due * _POINT if assumptions.arr_due else None
    return Ratios(
        arr=arr,
        comp_of_arr=(likely.cost.cash + likely.cost.tax) / arr if arr and likely else None,
        loaded_of_arr=likely.cost.loaded / arr if arr and likely else None,
        arr_per_person=arr / count if arr else None,
        arr_per_ote=arr / ote if arr and ote else None,
        effective_cost=None if likely is None else likely.payout_fraction,
        points=points,
        on_grr=bool(on_grr),
        grr_up=up,
        grr_down=down,
        arr_per_point=each,
        pay_per_arr_kept=up / each if up is not None and each else None,
    )


def _arr(population: Population) -> float | None:
    """ARR of everyone who is employed in the plan year; None where one person's is unknown."""
    frame = population.frame
    if "arr" not in frame.columns:
        return None
    arr = frame["arr"].to_numpy(dtype=np.float64, na_value=np.nan)
    employed = population.pay.share > 0
    total = float((arr[employed] * population.pay.count[employed]).sum())
    return total if total > 0 else None


def _sum(values: list[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) if known and len(known) == len(values) else None


def _points(population: Population, at_target: Cost) -> tuple[PointValue, ...]:
    plan, prorated = population.plan, population.pay
    values: list[PointValue] = []
    middle, _ = population.results_at(np.ones(1))
    for component in plan.components:
        measure = plan.measure(component.measure)
        if measure.unit != "share" or measure.kind != "level":
            continue
        changes: list[float | None] = []
        for step in (_POINT, -_POINT):
            target = middle[component.key]
            result = target + step
            low = -np.inf if measure.low is None else measure.low
            high = np.inf if measure.high is None else measure.high
            if ((result < low - 1e-9) | (result > high + 1e-9)).any():
                changes.append(None)
                continue
            pay = population.paid({**middle, component.key: result}, kickers=False)
            changes.append(round(abs(prorated.total(pay[0]) - at_target.pay), prorated.digits))
        # Up is the better direction, which is down for a measure where less is better.
        up, down = changes if measure.better == "more" else changes[::-1]
        values.append(PointValue(component.key, measure.short, up, down))
    return tuple(values)


def budget(
    assumptions: Assumptions, at_target: Cost, likely: Expected | None, most: Cost, grid: pd.DataFrame
) -> Budget | None:
    """Compute the headroom under the assumed budget; None where there is none."""
    if assumptions.budget is None:
        return None
    amount, of = assumptions.budget, assumptions.budget_of
    column = {"variable": "pay", "cash": "cash", "loaded": "loaded"}[of]
    attainments = grid["attainment"].tolist()
    over = np.flatnonzero(grid[column].to_numpy() > amount + 1e-9).tolist()
    first = over[0] if over else None

    def left(spent: float) -> float:
        return without_noise(amount - spent)

    return Budget(
        amount=amount,
        of=of,
        at_target=left(at_target.of(of)),
        expected=None if likely is None else left(likely.cost.of(of)),
        p90=None if likely is None else left(likely.range_of(of).p90),
        most=left(most.of(of)),
        breaks_between=None if first is None else (attainments[first - 1] if first else None, attainments[first]),
    )
