"""Expected cost of a year when results vary, and how far the year may end from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

import compplan
from compplan.arrays import FloatArray
from compplan.cost.amounts import Cost, LoadedPay
from compplan.cost.assumptions import Assumptions, BudgetOf
from compplan.cost.taxes import Bands, exact
from compplan.money import to_minor
from compplan.outcomes.distribution import PayDistribution, pay_distribution
from compplan.outcomes.portfolio import PersonSpread, TeamRange, person_spread, team_range
from compplan.settlement.population import Population


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """Expected cost of a year when results vary.

    Attributes
    ----------
    cost : Cost
        Of everyone; the parts of each person are rounded to the cent.
    pay, tax, loaded : ndarray, shape (rows,) [minor units]
        Expected variable pay, employer taxes and fully loaded cost of one person of each row.
    variable, cash, fully_loaded : TeamRange
        Of the whole team.
    payout_fraction : float or None
        Expected pay over target variable; None where target variable is 0.
    method : {'closed form', 'simulation'}
        How the mean is computed; quantiles are always from the simulation.
    shared : float [fraction]
        Share of the variance of pay that people have in common, since the plan pays on team or company results.
    correlation : float [fraction]
        Between the pay of two people: ``shared + (1 - shared) * rho``.
    means, spreads : dict of str to float [each measure's units]
        Mean and standard deviation of each component's yearly result.
    illustrative : tuple of str
        Components with an illustrative spread, since the assumptions give none.
    draws, seed : int
    plan_hash, version : str
        Plan and version of compplan that it was computed with.
    distribution : PayDistribution
        Distribution of variable pay, with the drawn years.
    """

    cost: Cost
    pay: FloatArray
    tax: FloatArray
    loaded: FloatArray
    variable: TeamRange
    cash: TeamRange
    fully_loaded: TeamRange
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
    distribution: PayDistribution = field(repr=False)

    def range_of(self, of: BudgetOf) -> TeamRange:
        """Range of one kind of cost of the whole team."""
        return {"variable": self.variable, "cash": self.cash, "loaded": self.fully_loaded}[of]

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data for JSON, without single people and drawn years."""
        return {
            **self.cost.to_dict(),
            "payout_fraction": self.payout_fraction,
            "method": self.method,
            "range": {
                "variable": asdict(self.variable),
                "cash": asdict(self.cash),
                "loaded": asdict(self.fully_loaded),
            },
            "correlation": self.correlation,
            "means": self.means,
            "spreads": self.spreads,
            "illustrative": list(self.illustrative),
            "draws": self.draws,
            "seed": self.seed,
        }


def expected(population: Population, loads: LoadedPay, assumptions: Assumptions) -> Expected:
    """Compute the expected cost of a year, and its range.

    Parameters
    ----------
    population : Population
    loads : LoadedPay
    assumptions : Assumptions

    Raises
    ------
    OutcomeError
        If the spread of a result is unknown.

    Notes
    -----
    Pay is that of `compplan.outcomes.pay_distribution`. Tax is the mean over the drawn years, since the tax on
    expected pay is too high where a wage base may be reached: ``E[T(W)] <= T(E[W])``. For the range of the team see
    `compplan.outcomes.portfolio.team_range`.
    """
    prorated, plan = population.pay, population.plan
    distribution = pay_distribution(
        population.compiled,
        population.variable,
        prorated.share,
        means=assumptions.means,
        spreads=assumptions.spreads,
        seed=assumptions.seed,
        draws=assumptions.draws,
    )
    mean = distribution.mean()
    pay = to_minor(mean, prorated.digits)
    base = prorated.base / prorated.size

    def expected_units(bands: Bands) -> FloatArray:
        return to_minor(expected_tax(bands, base, distribution.scale, mean, distribution), prorated.digits)

    employer, unemployment = expected_units(loads.employer), expected_units(loads.unemployment)
    parts = (prorated.base, pay, employer, unemployment, loads.benefits, loads.overhead)
    total = Cost(*map(prorated.total, parts))
    correlation = distribution.shared + (1.0 - distribution.shared) * assumptions.correlation
    error = distribution.standard_error(prorated.count)
    of_pay = person_spread(distribution)
    of_loaded = person_spread(distribution, base, _with_tax((*loads.employer, *loads.unemployment)))
    fixed = prorated.total(prorated.base + loads.benefits + loads.overhead)
    target = prorated.total(prorated.variable)

    def ranged(spread: PersonSpread, amount: float, constant: float) -> TeamRange:
        return team_range(spread, prorated, mean=amount, fixed=constant, error=error, correlation=correlation)

    return Expected(
        cost=total,
        pay=pay,
        tax=employer + unemployment,
        loaded=np.sum(parts, axis=0),
        variable=ranged(of_pay, total.pay, 0.0),
        cash=ranged(of_pay, total.cash, total.base),
        fully_loaded=ranged(of_loaded, total.loaded, fixed),
        payout_fraction=total.pay / target if target else None,
        method=distribution.method,
        shared=distribution.shared,
        correlation=correlation,
        means=distribution.means,
        spreads=distribution.spreads,
        illustrative=tuple(key for key in plan.by_id if key not in assumptions.spreads),
        draws=assumptions.draws,
        seed=assumptions.seed,
        plan_hash=plan.hash,
        version=compplan.__version__,
        distribution=distribution,
    )


def _with_tax(bands: Bands) -> Callable[[FloatArray, FloatArray], FloatArray] | None:
    """Pay with the tax on base and pay; None where there is no tax."""
    return (lambda base, pay: pay + exact(base + pay, bands)) if bands else None


def expected_tax(
    bands: Bands, base: FloatArray, scale: FloatArray, mean: FloatArray, distribution: PayDistribution
) -> FloatArray:
    """Expected tax of one person of each row.

    Parameters
    ----------
    bands : tuple of (float, float) [fraction, currency a year]
        Rates, and the wages that each is paid on.
    base : ndarray, shape (rows,) [currency]
        Base salary so far.
    scale : ndarray, shape (rows,)
        `PayDistribution.scale`, for the part of the year so far.
    mean : ndarray, shape (rows,) [currency]
        Expected pay so far.
    distribution : PayDistribution

    Returns
    -------
    ndarray, shape (rows,) [currency]
        ``E[sum of rate * min(base + pay, wage base)]``.
    """
    total = np.zeros(base.shape)
    for rate, most in bands:
        # Only rows that may end on either side of the wage base need the drawn years.
        below = base + scale * distribution.highest <= most
        above = base + scale * distribution.lowest >= most
        total += rate * np.where(above, most, base + mean)
        for i in np.flatnonzero(~below & ~above).tolist():
            drawn: FloatArray = distribution.drawn[int(distribution.profile[i])] * float(scale[i])
            excess = np.maximum(base[i] + drawn - most, 0.0).mean()
            total[i] -= rate * excess
    return total
