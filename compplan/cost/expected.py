"""What a plan is expected to cost when results scatter, and how far from that the year may end."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from compplan.arrays import FloatArray
from compplan.cost.amounts import Basis, Cost
from compplan.cost.scatter import Scatter, scatter_of
from compplan.cost.taxes import Bands, exact
from compplan.money import to_minor
from compplan.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

    from compplan.cost.assumptions import Assumptions

_CHUNK = 128  # rows of people whose drawn years are held at once
TENTH = NormalDist().inv_cdf(0.9)


@dataclass(frozen=True, slots=True)
class Range:
    """How an amount of the whole team may come out [currency a year].

    Attributes
    ----------
    mean, sd : float
    standard_error : float
        Of the mean, from the simulation; 0 where the mean is exact.
    p10, p50, p90 : float
        One year in ten ends below `p10`, one in ten above `p90`.
    """

    mean: float
    sd: float
    standard_error: float
    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """Cost under scattered results.

    Attributes
    ----------
    cost : Cost
        Expected, everybody; each person's parts rounded to the cent.
    pay, tax, loaded : ndarray, shape (rows,) [minor units]
        Expected for one person of each row: variable pay, all employer taxes, everything.
    variable, cash, fully_loaded : Range
        Of the whole team.
    payout_fraction : float or None
        Expected pay over target variable.
    method : {'closed form', 'simulation'}
        How the mean was got; the spread is always from the simulation.
    shared : float [fraction]
        Of the variance of a person's pay, what all share because the plan measures a team or the company.
    correlation : float [fraction]
        Between the pay of two people: ``shared + (1 - shared) * rho``.
    means, spreads : dict of str to float [each measure's units]
        By component, as they were used.
    illustrative : tuple of str
        Components whose spread nobody gave, so that an illustration stands in.
    draws, seed : int
    plan_hash, version : str
        What it was computed with.
    exact_pay, scale : ndarray, shape (rows,) [currency]
        Expected pay of one person before rounding; the target variable that a drawn fraction is of.
    scatter : Scatter
        The drawn years.
    """

    cost: Cost
    pay: FloatArray
    tax: FloatArray
    loaded: FloatArray
    variable: Range
    cash: Range
    fully_loaded: Range
    payout_fraction: float | None
    method: str
    shared: float
    correlation: float
    means: dict[str, float]
    spreads: dict[str, float]
    illustrative: tuple[str, ...]
    draws: int
    seed: int
    plan_hash: str
    version: str
    exact_pay: FloatArray = field(repr=False)
    scale: FloatArray = field(repr=False)
    scatter: Scatter = field(repr=False)


def expected(plan: Plan, people: pd.DataFrame, basis: Basis, assumptions: Assumptions) -> Expected:
    """Expected cost of a year, and its range.

    Parameters
    ----------
    plan : Plan
    people : DataFrame
        Checked, one row a person or group.
    basis : Basis
    assumptions : Assumptions

    Notes
    -----
    Results are normal around their means and held within what each measure's definition allows; kickers are left at
    nothing. The mean is ``sum of target pay * E[f]`` in closed form where components do not touch each other (no
    gate, modifier, total cap or rounding of results), otherwise that of a seeded simulation. Tax is that of each
    drawn year, since ``E[T(W)] <= T(E[W])``. For the team

        Var = sum of sd_i^2 + sum over pairs of rho_ij * sd_i * sd_j

    and P10, P50 and P90 are those of a normal distribution with that variance, held within the least and the most
    that was drawn; those of one person alone are read off the drawn years.
    """
    import compplan

    scatter = scatter_of(plan, people, assumptions)
    scale = basis.share * people["variable"].to_numpy(dtype=np.float64)
    profiles = scatter.profile
    means = np.array([f.mean() if m is None else m for f, m in zip(scatter.fractions, scatter.means, strict=True)])
    mean = scale * means[profiles]
    pay = to_minor(mean, basis.digits)
    wages = basis.base / basis.size
    employer = to_minor(expected_tax(basis.employer, wages, scale, mean, scatter), basis.digits)
    unemployment = to_minor(expected_tax(basis.unemployment, wages, scale, mean, scatter), basis.digits)
    parts = {
        "base": basis.base, "pay": pay, "employer_tax": employer, "unemployment_tax": unemployment,
        "benefits": basis.benefits, "overhead": basis.overhead,
    }  # fmt: skip
    total = Cost(**{name: float((part * basis.count).sum()) / basis.size for name, part in parts.items()})
    loaded = basis.base + pay + employer + unemployment + basis.benefits + basis.overhead
    rho = scatter.shared + (1.0 - scatter.shared) * assumptions.correlation
    error = _standard_error(scale, basis.count, scatter) if scatter.means[0] is None else 0.0
    spread_pay = _spread((), wages, scale, scatter)
    spread_loaded = _spread((*basis.employer, *basis.unemployment), wages, scale, scatter)
    fixed = float(((basis.base + basis.benefits + basis.overhead) * basis.count).sum()) / basis.size
    variable = _team(spread_pay, total.pay, 0.0, error, rho, basis)
    target = float((basis.variable * basis.count).sum()) / basis.size
    return Expected(
        cost=total,
        pay=pay,
        tax=employer + unemployment,
        loaded=loaded,
        variable=variable,
        cash=_team(spread_pay, total.cash, total.base, error, rho, basis),
        fully_loaded=_team(spread_loaded, total.loaded, fixed, error, rho, basis),
        payout_fraction=total.pay / target if target else None,
        method="simulation" if scatter.means[0] is None else "closed form",
        shared=scatter.shared,
        correlation=rho,
        means=scatter.centres,
        spreads=scatter.spreads,
        illustrative=tuple(key for key in plan.by_id if key not in assumptions.spreads),
        draws=assumptions.draws,
        seed=assumptions.seed,
        plan_hash=plan.hash,
        version=compplan.__version__,
        exact_pay=mean,
        scale=scale,
        scatter=scatter,
    )


def expected_tax(bands: Bands, base: FloatArray, scale: FloatArray, mean: FloatArray, scatter: Scatter) -> FloatArray:
    """``E[sum of rate * min(base + pay, wage base)]`` of one person of each row [currency]."""
    total = np.zeros(base.shape)
    for rate, most in bands:
        # Only who may end on either side of the wage base needs the drawn years.
        below = base + scale * scatter.highest <= most
        above = base + scale * scatter.lowest >= most
        total += rate * np.where(above, most, base + mean)
        for i in np.flatnonzero(~below & ~above).tolist():
            drawn: FloatArray = scatter.fractions[int(scatter.profile[i])] * float(scale[i])
            excess = np.maximum(base[i] + drawn - most, 0.0).mean()
            total[i] -= rate * excess
    return total


def _spread(bands: Bands, base: FloatArray, scale: FloatArray, scatter: Scatter) -> tuple[FloatArray, ...]:
    """Of pay and the tax on it, one person of each row: sd, least, P10, P50, P90 and most [currency]."""
    keys = np.column_stack([base if bands else np.zeros(base.shape), scale, scatter.profile])
    different, row_of = np.unique(keys, axis=0, return_inverse=True)
    found = np.empty((6, len(different)))
    for start in range(0, len(different), _CHUNK):
        part = different[start : start + _CHUNK]
        drawn: FloatArray = part[:, 1][:, None] * np.stack([scatter.fractions[int(p)] for p in part[:, 2].tolist()])
        if bands:
            drawn = drawn + exact(part[:, 0][:, None] + drawn, bands)
        at = slice(start, start + len(part))
        found[0, at] = drawn.std(axis=1)
        found[1:, at] = np.quantile(drawn, [0.0, 0.1, 0.5, 0.9, 1.0], axis=1)
    return tuple(found[:, row_of.reshape(-1)])


def _standard_error(scale: FloatArray, count: FloatArray, scatter: Scatter) -> float:
    """Of the team's mean pay: all people are paid on the same drawn years."""
    drawn = np.zeros(scatter.fractions[0].size)
    for p, fraction in enumerate(scatter.fractions):
        drawn += fraction * float((scale * count)[scatter.profile == p].sum())
    pairs = drawn.reshape(2, -1).mean(axis=0)
    return float(pairs.std(ddof=1) / math.sqrt(pairs.size)) if pairs.size > 1 else 0.0


def _team(spread: tuple[FloatArray, ...], mean: float, fixed: float, error: float, rho: float, basis: Basis) -> Range:
    sd, least, p10, p50, p90, most = spread
    count = basis.count
    if count.sum() == 1:
        return Range(mean, float(sd[0]), error, *(_cents(fixed + float(q[0]), basis) for q in (p10, p50, p90)))
    own = float((count * sd**2).sum())
    team = math.sqrt(own + rho * max(float((count * sd).sum()) ** 2 - own, 0.0))
    low, high = (fixed + float((count * edge).sum()) for edge in (least, most))
    quantiles = (min(max(mean + z * team, low), high) for z in (-TENTH, 0.0, TENTH))
    return Range(mean, team, error, *(_cents(q, basis) for q in quantiles))


def _cents(amount: float, basis: Basis) -> float:
    return float(to_minor(amount, basis.digits)) / basis.size + 0.0
