"""What a plan is likely to pay when results scatter: a seeded simulation through the one path of payout."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

import compplan
from compplan.arrays import FloatArray
from compplan.payout import PlanCliff, at_target, ceiling, cliffs, leverage, results_at, totals
from compplan.plan import Plan

DRAWS = 8_192
SEED = 20260101


@dataclass(frozen=True, slots=True)
class Outlook:
    """Yearly variable pay of one person under scattered results, kickers left at nothing.

    Attributes
    ----------
    mean : float [currency a year]
    standard_error : float [currency a year]
        Of the mean, from the simulation.
    p10, p50, p90 : float [currency a year]
        One in ten earns less than `p10`, one in ten more than `p90`.
    draws, seed : int
    plan_hash, version : str
        What it was computed with.
    """

    mean: float
    standard_error: float
    p10: float
    p50: float
    p90: float
    draws: int
    seed: int
    plan_hash: str
    version: str


def illustrative_spreads(plan: Plan) -> dict[str, float]:
    """A standard deviation of each component's yearly result, to start from: an illustration, not a measurement.

    Returns
    -------
    dict of str to float [each measure's units]
        From the catalogue; a tenth of the target where it has none.

    Examples
    --------
    >>> from compplan import templates
    >>> illustrative_spreads(templates.load("knowup-csat-weighted"))["grr"]
    0.03
    """
    spreads: dict[str, float] = {}
    for component in plan.components:
        measure = plan.measure(component.measure)
        if measure.spread is None:
            spreads[component.key] = 0.1 * abs(component.target)
        elif measure.spread_kind == "of_target":
            spreads[component.key] = measure.spread * abs(component.target)
        else:
            spreads[component.key] = measure.spread
    return spreads


def outlook(plan: Plan, spreads: Mapping[str, float] | None = None, *, seed: int = SEED, draws: int = DRAWS) -> Outlook:
    """Simulate a year of results around target and pay them.

    Parameters
    ----------
    plan : Plan
    spreads : Mapping of str to float, optional [each measure's units]
        Standard deviation of each component's yearly result; `illustrative_spreads` if left out.
    seed : int
    draws : int
        Even; half are drawn and half are their mirror images.

    Returns
    -------
    Outlook

    Raises
    ------
    ValueError
        If a spread is negative, not finite, or of no component, or `draws` is odd.

    Notes
    -----
    Results are normal around target, independent of each other, and held within what each measure's definition
    allows. Real results of one person go together to some degree, and small books scatter more: the spread is the
    person's to set. PCG64DXSM, so the same numbers everywhere.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("flowfuse-csm")
    >>> still = outlook(plan, {"nrr": 0.0})
    >>> still.mean == plan.pay.target_variable, still.standard_error
    (True, 0.0)
    """
    if draws < 2 or draws % 2:
        raise ValueError(f"draws must be an even number of 2 or more, got {draws}")
    chosen = illustrative_spreads(plan) | dict(spreads or {})
    for key, sd in chosen.items():
        if key not in plan.by_id or not math.isfinite(sd) or sd < 0:
            raise ValueError(f"spread of {key!r} must be a finite number of 0 or more of a component, got {sd!r}")
    middle, _ = results_at(plan, 1.0)
    scatter = _normals(seed, draws, len(plan.components))
    results = {key: np.full(1, value) for key, value in middle.items()}
    for row, component in zip(scatter, plan.components, strict=True):
        measure = plan.measure(component.measure)
        low = 0.0 if measure.low is None and measure.kind == "flow" else measure.low
        drawn = component.target + chosen[component.key] * row
        results[component.key] = drawn if low is None and measure.high is None else np.clip(drawn, low, measure.high)
    pay = totals(plan, results)
    pairs = pay.reshape(2, -1).mean(axis=0)
    p10, p50, p90 = np.quantile(pay, [0.1, 0.5, 0.9]).tolist()
    return Outlook(
        mean=float(pay.mean()),
        standard_error=float(pairs.std(ddof=1) / math.sqrt(pairs.size)),
        p10=p10,
        p50=p50,
        p90=p90,
        draws=draws,
        seed=seed,
        plan_hash=plan.hash,
        version=compplan.__version__,
    )


@functools.lru_cache(maxsize=8)
def _normals(seed: int, draws: int, rows: int) -> FloatArray:
    half = np.random.Generator(np.random.PCG64DXSM(seed)).standard_normal((rows, draws // 2))
    both = np.concatenate([half, -half], axis=1)
    both.setflags(write=False)
    return both


@dataclass(frozen=True, slots=True)
class Overview:
    """The few figures by which a plan is judged at first sight; money a year.

    Attributes
    ----------
    ote, variable : float [currency]
    at_target : float or None [fraction of target variable]
        What the plan pays with everything at target; None where target variable is nothing.
    cash_at_target : float [currency]
        Base and what the plan pays at target.
    likely : Outlook
    cash_likely : float [currency]
        Base and the expected variable pay.
    ceiling : float [currency]
        The most variable pay; infinite where nothing stops it.
    cash_ceiling : float [currency]
    leverage : float or None
        Pay at the last point of the curves over pay at target.
    cliff : PlanCliff or None
        The largest one.
    """

    ote: float
    variable: float
    at_target: float | None
    cash_at_target: float
    likely: Outlook
    cash_likely: float
    ceiling: float
    cash_ceiling: float
    leverage: float | None
    cliff: PlanCliff | None

    @property
    def keeps_its_promise(self) -> bool:
        """Whether the plan pays 100% at target, to a ten-thousandth."""
        return self.at_target is None or abs(self.at_target - 1.0) < 1e-4


def overview(plan: Plan, spreads: Mapping[str, float] | None = None) -> Overview:
    """What a plan pays at target, likely and at most.

    Parameters
    ----------
    plan : Plan
    spreads : Mapping of str to float, optional
        As for `outlook`.

    Examples
    --------
    >>> from compplan import templates
    >>> seen = overview(templates.load("knowup-csat-weighted"))
    >>> seen.ote, seen.at_target, seen.ceiling, seen.cliff.component
    (105000.0, 1.0, 31500.0, 'grr')
    """
    base, variable = plan.pay.base, plan.pay.target_variable
    paid, likely, most = at_target(plan), outlook(plan, spreads), ceiling(plan)
    jumps = cliffs(plan)
    return Overview(
        ote=plan.pay.ote,
        variable=variable,
        at_target=paid,
        cash_at_target=base + variable * (paid or 0.0),
        likely=likely,
        cash_likely=base + likely.mean,
        ceiling=most,
        cash_ceiling=base + most,
        leverage=leverage(plan),
        cliff=jumps[0] if jumps else None,
    )
