"""The distribution of a person's yearly variable pay when results vary.

This is the only place that decides how expected pay is computed: in closed form where the parts of a plan do not
affect each other, otherwise as the mean of a seeded simulation. Every page, report and file reads it here.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

import compplan
from compplan.arrays import FloatArray, IntArray
from compplan.errors import CompPlanError, Problem, nearest
from compplan.money import round_money
from compplan.outcomes.closed_form import expected_fraction, result_limits, separable
from compplan.outcomes.spreads import illustrative_spreads, spread_request, unknown_spreads
from compplan.payout.analysis import results_at
from compplan.payout.engine import Compiled, PayInputs, as_compiled, calculate, span_of
from compplan.payout.results import is_number
from compplan.plan import Plan

DRAWS = 8_192
SEED = 20260101
_NOMINAL = 1e8  # target variable on which a fraction is drawn, so large that rounding to cents does not show
_LEAST_DRAWS = 2


class OutcomeError(CompPlanError):
    """Spreads or draws that a distribution of pay cannot be computed with."""


@dataclass(frozen=True, eq=False)
class PayDistribution:
    """Distribution of the yearly variable pay of one person of each row.

    Rows with the same profile have the same distribution up to their scale: pay of a row in a drawn year is
    ``scale * drawn[profile]``.

    Attributes
    ----------
    compiled : Compiled
    profile : ndarray of int, shape (rows,)
        Profile of each row.
    scale : ndarray, shape (rows,)
        Prorated target variable [currency a year]; where the plan pays an amount for each unit, the share of the
        year that the person is employed [fraction].
    drawn : list of ndarray, shape (draws,)
        By profile: pay of drawn years as a fraction of target variable, or as an amount [currency a year] where the
        plan pays an amount for each unit. The second half of the years mirrors the first.
    exact_means : tuple of float, or None
        By profile: the mean in closed form, in the unit of `drawn`; None where the mean is that of the drawn years.
    means, spreads : dict of str to float [each measure's units]
        Mean and standard deviation of each component's yearly result.
    draws, seed : int
    """

    compiled: Compiled
    profile: IntArray
    scale: FloatArray
    drawn: list[FloatArray]
    exact_means: tuple[float, ...] | None
    means: dict[str, float]
    spreads: dict[str, float]
    draws: int
    seed: int
    _last_variable: float = field(repr=False, default=_NOMINAL)

    @property
    def method(self) -> str:
        """How the mean is computed: ``closed form`` or ``simulation``."""
        return "simulation" if self.exact_means is None else "closed form"

    @property
    def lowest(self) -> FloatArray:
        """Least value that was drawn for each row, in the unit of `drawn`."""
        return np.array([values.min() for values in self.drawn])[self.profile]

    @property
    def highest(self) -> FloatArray:
        """Greatest value that was drawn for each row, in the unit of `drawn`."""
        return np.array([values.max() for values in self.drawn])[self.profile]

    def mean(self) -> FloatArray:
        """Expected pay of one person of each row, before rounding, shape (rows,) [currency a year]."""
        means = [values.mean() for values in self.drawn] if self.exact_means is None else self.exact_means
        return self.scale * np.array(means)[self.profile]

    def standard_error(self, count: FloatArray) -> float:
        """Standard error of the mean pay of a team [currency a year]; 0 in closed form.

        Parameters
        ----------
        count : ndarray, shape (rows,)
            People of each row. They are all paid on the same drawn years.
        """
        if self.exact_means is not None:
            return 0.0
        team = np.zeros(self.draws)
        for p, values in enumerate(self.drawn):
            team += values * float((self.scale * count)[self.profile == p].sum())
        pairs = team.reshape(2, -1).mean(axis=0)
        return float(pairs.std(ddof=1) / math.sqrt(pairs.size)) if pairs.size > 1 else 0.0

    @functools.cached_property
    def shared(self) -> float:
        """Share of the variance of pay that people have in common, since a team or company result is paid on.

        Two sets of years are drawn in which only results of teams and the company are the same; this is the
        correlation of their pay.
        """
        parts = self.compiled.components
        if all(c.part.level == "individual" for c in parts):
            return 0.0
        both = _normals(self.seed, self.draws, 2 * len(parts))
        other = both[len(parts) :].copy()
        for i, component in enumerate(parts):
            if component.part.level != "individual":
                other[i] = both[i]
        first, second = self.drawn[-1], _draw(self.compiled, other, self.means, self.spreads, self._last_variable)
        spread = float(first.std() * second.std())
        if spread <= 1e-12:
            return 0.0
        together = float(((first - first.mean()) * (second - second.mean())).mean()) / spread
        return min(max(together, 0.0), 1.0)


def pay_distribution(
    plan: Plan | Compiled,
    variable: FloatArray,
    share: FloatArray,
    *,
    means: Mapping[str, float] | None = None,
    spreads: Mapping[str, float] | None = None,
    seed: int = SEED,
    draws: int = DRAWS,
) -> PayDistribution:
    """Compute the distribution of yearly variable pay.

    Parameters
    ----------
    plan : Plan or Compiled
    variable : ndarray, shape (rows,) [currency a year]
        Target variable of a full year.
    share : ndarray, shape (rows,) [fraction]
        Share of the year that each person is employed.
    means : Mapping of str to float, optional [each measure's units]
        Mean yearly result by component; the target where it has none.
    spreads : Mapping of str to float, optional [each measure's units]
        Standard deviation by component; `illustrative_spreads` where it has none. A measure that the plan declares
        needs one.
    seed : int
    draws : int
        Years to draw; even, since half of them mirror the other half.

    Raises
    ------
    OutcomeError
        If a spread is negative, not finite, unknown or of no component, or `draws` is odd.

    Notes
    -----
    Results are normal, independent of each other, and held within what each measure allows; kickers are left out.
    Where the plan is `separable`

        E[pay] = sum over components of target pay * E[f(result)]

    in closed form, see `expected_fraction`; otherwise E[pay] is the mean of the drawn years. Quantiles are always
    those of the drawn years. PCG64DXSM with antithetic halves: the same numbers on every machine.
    """
    compiled = as_compiled(plan)
    plan = compiled.plan
    sds = _checked_spreads(plan, spreads or {}, draws)
    centers = {c.id: c.part.target for c in compiled.components} | dict(means or {})
    fixed = any(c.part.rate for c in compiled.components)
    if fixed:
        # Pay for each unit does not grow with target variable, so each target variable has its own distribution.
        variables, row_profile = np.unique(variable, return_inverse=True)
        profile, scale = row_profile.reshape(-1).astype(np.int64), share
    else:
        variables, profile, scale = np.array([_NOMINAL]), np.zeros(variable.size, np.int64), share * variable
    normals = _normals(seed, draws, 2 * len(compiled.components))
    unit = 1.0 if fixed else _NOMINAL
    return PayDistribution(
        compiled=compiled,
        profile=profile,
        scale=scale,
        drawn=[_draw(compiled, normals, centers, sds, float(v)) / unit for v in variables],
        exact_means=_closed_form(compiled, centers, sds, variables / unit) if separable(plan) else None,
        means=centers,
        spreads={key: sds[key] for key in plan.by_id},
        draws=draws,
        seed=seed,
        _last_variable=float(variables[-1]),
    )


def _checked_spreads(plan: Plan, spreads: Mapping[str, float], draws: int) -> dict[str, float]:
    problems: list[Problem] = []
    if draws < _LEAST_DRAWS or draws % 2:
        problems.append(Problem("draws", f"must be an even number of 2 or more. You entered {draws}."))
    for key, sd in spreads.items():
        if key not in plan.by_id:
            problems.append(
                Problem(f"spreads.{key}", f"is not a component of the plan; {nearest(key, list(plan.by_id))}")
            )
        elif not is_number(sd) or not math.isfinite(sd) or sd < 0:
            problems.append(Problem(f"spreads.{key}", f"must be a finite number of 0 or more. You entered {sd!r}."))
    unknown = unknown_spreads(plan, spreads)
    if unknown:
        problems.append(Problem("spreads", f"are not complete. {spread_request(plan, unknown)}"))
    if problems:
        raise OutcomeError(problems)
    return illustrative_spreads(plan) | dict(spreads)


def _closed_form(
    compiled: Compiled, centers: Mapping[str, float], spreads: Mapping[str, float], variables: FloatArray
) -> tuple[float, ...]:
    """Expected pay by profile, in the unit of `variables`."""
    expected = {c.id: expected_fraction(c, centers[c.id], spreads[c.id]) for c in compiled.components}
    means: list[float] = []
    for variable in variables.tolist():
        pool = max(variable - compiled.commissions, 0.0)
        means.append(sum(c.part.target_pay(pool) * expected[c.id] for c in compiled.components))
    return tuple(means)


def _draw(
    compiled: Compiled,
    normals: FloatArray,
    centers: Mapping[str, float],
    spreads: Mapping[str, float],
    variable: float,
) -> FloatArray:
    """Variable pay of drawn years for one target variable, shape (draws,) [currency a year]."""
    results = {key: np.full(1, value) for key, value in results_at(compiled, 1.0)[0].items()}
    for row, c in zip(normals, compiled.components, strict=False):
        low, high = result_limits(c)
        # A drawn number is a good year in every measure, so retention and churn are drawn as one.
        drawn: FloatArray = centers[c.id] + c.curve.sign * spreads[c.id] * row
        results[c.id] = drawn if low is None and high is None else np.clip(drawn, low, high)
    inputs = PayInputs(results, np.array([variable]), {}, kickers=False)
    pay: FloatArray = calculate(compiled, inputs, span_of(compiled.plan, "year")).total / 10.0**compiled.digits
    return pay if pay.size > 1 else np.full(normals.shape[-1:], float(pay[0]))


@functools.lru_cache(maxsize=8)
def _normals(seed: int, draws: int, rows: int) -> FloatArray:
    """Standard normal numbers, shape (rows, draws); the second half mirrors the first."""
    half = np.random.Generator(np.random.PCG64DXSM(seed)).standard_normal((rows, draws // 2))
    both = np.concatenate([half, -half], axis=1)
    both.setflags(write=False)
    return both


@dataclass(frozen=True, slots=True)
class Outlook:
    """Yearly variable pay of one person on the plan's own target variable when results vary, kickers left out.

    Attributes
    ----------
    mean : float [currency a year]
        Expected pay, to the cent: the same as in a cost report for one person.
    standard_error : float [currency a year]
        Of the mean; 0 in closed form.
    p10, p50, p90 : float [currency a year]
        One year in ten pays less than `p10`, one in ten more than `p90`.
    method : {'closed form', 'simulation'}
        How the mean is computed.
    draws, seed : int
    plan_hash, version : str
        Plan and version of compplan that it was computed with.
    """

    mean: float
    standard_error: float
    p10: float
    p50: float
    p90: float
    method: str
    draws: int
    seed: int
    plan_hash: str
    version: str


def outlook(
    plan: Plan | Compiled, spreads: Mapping[str, float] | None = None, *, seed: int = SEED, draws: int = DRAWS
) -> Outlook:
    """Estimate the yearly variable pay of one person with results that vary around target.

    Parameters
    ----------
    plan : Plan or Compiled
    spreads : Mapping of str to float, optional [each measure's units]
        Standard deviation of each component's yearly result; `illustrative_spreads` where it has none. A measure that
        the plan declares needs one.
    seed : int
    draws : int

    Raises
    ------
    OutcomeError

    Notes
    -----
    See `pay_distribution`. Real results of one person depend on each other to some degree, and small books vary
    more, so the spread is for the user to set.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("flowfuse-csm")
    >>> steady = outlook(plan, {"nrr": 0.0})
    >>> steady.mean == plan.pay.target_variable, steady.standard_error
    (True, 0.0)
    """
    compiled = as_compiled(plan)
    variable = np.array([compiled.plan.pay.target_variable])
    pay = pay_distribution(compiled, variable, np.ones(1), spreads=spreads, seed=seed, draws=draws)
    quantiles = np.quantile(pay.drawn[0] * float(pay.scale[0]), [0.1, 0.5, 0.9]).tolist()
    p10, p50, p90 = (round_money(amount, compiled.digits) for amount in quantiles)
    return Outlook(
        mean=round_money(float(pay.mean()[0]), compiled.digits),
        standard_error=pay.standard_error(np.ones(1)),
        p10=p10,
        p50=p50,
        p90=p90,
        method=pay.method,
        draws=draws,
        seed=seed,
        plan_hash=compiled.plan.hash,
        version=compplan.__version__,
    )
