"""The pay or cost of a whole team when results vary: mean, standard deviation and quantiles."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from compplan.arrays import FloatArray
from compplan.money import round_money
from compplan.outcomes.distribution import PayDistribution
from compplan.settlement.prorated import ProratedPay

_CHUNK = 128  # people whose drawn years are in memory at once
TENTH = NormalDist().inv_cdf(0.9)


@dataclass(frozen=True, slots=True)
class TeamRange:
    """Range of a yearly amount of the whole team [currency a year].

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
class PersonSpread:
    """How the yearly amount of one person of each row varies, shape (rows,) each [currency a year].

    Attributes
    ----------
    sd, least, p10, p50, p90, most : ndarray
        Of the drawn years.
    """

    sd: FloatArray
    least: FloatArray
    p10: FloatArray
    p50: FloatArray
    p90: FloatArray
    most: FloatArray


def person_spread(
    pay: PayDistribution,
    base: FloatArray | None = None,
    amount: Callable[[FloatArray, FloatArray], FloatArray] | None = None,
) -> PersonSpread:
    """Spread of pay, or of an amount that depends on it, for one person of each row.

    Parameters
    ----------
    pay : PayDistribution
    base : ndarray, shape (rows,), optional [currency a year]
        Base salary, where `amount` depends on it.
    amount : callable, optional
        From base and pay, both [currency a year], to an amount, such as pay with its tax; pay itself if left out.
    """
    base = np.zeros(pay.scale.shape) if base is None else base
    keys = np.column_stack([base, pay.scale, pay.profile.astype(np.float64)])
    different, row_of = np.unique(keys, axis=0, return_inverse=True)
    spread = np.empty((6, len(different)))
    for start in range(0, len(different), _CHUNK):
        part = different[start : start + _CHUNK]
        drawn: FloatArray = part[:, 1][:, None] * np.stack([pay.drawn[int(p)] for p in part[:, 2].tolist()])
        if amount is not None:
            drawn = amount(part[:, 0][:, None], drawn)
        at = slice(start, start + len(part))
        spread[0, at] = drawn.std(axis=1)
        spread[1:, at] = np.quantile(drawn, [0.0, 0.1, 0.5, 0.9, 1.0], axis=1)
    return PersonSpread(*spread[:, row_of.reshape(-1)])


def team_range(
    spread: PersonSpread, pay: ProratedPay, *, mean: float, fixed: float, error: float, correlation: float
) -> TeamRange:
    """Range of an amount of the whole team.

    Parameters
    ----------
    spread : PersonSpread
    pay : ProratedPay
        Its `count` has the people of each row.
    mean : float [currency a year]
        Expected amount of the team.
    fixed : float [currency a year]
        Part of the amount that does not vary, and that `spread` leaves out.
    error : float [currency a year]
        Standard error of the mean.
    correlation : float [fraction]
        Between the pay of two people.

    Notes
    -----
    ``Var = sum of sd_i^2 + sum over pairs of correlation * sd_i * sd_j``. P10, P50 and P90 are those of a normal
    distribution with that variance, within the least and the most that was drawn. For one person alone they are the
    quantiles of the drawn years.
    """

    def cents(amount: float) -> float:
        return round_money(amount, pay.digits)

    count = pay.count
    if count.sum() == 1:
        alone = (cents(fixed + float(q[0])) for q in (spread.p10, spread.p50, spread.p90))
        return TeamRange(mean, float(spread.sd[0]), error, *alone)
    own = float((count * spread.sd**2).sum())
    sd = math.sqrt(own + correlation * max(float((count * spread.sd).sum()) ** 2 - own, 0.0))
    low, high = (fixed + float((count * edge).sum()) for edge in (spread.least, spread.most))
    p10, p50, p90 = (cents(min(max(mean + z * sd, low), high)) for z in (-TENTH, 0.0, TENTH))
    return TeamRange(mean, sd, error, p10, p50, p90)
