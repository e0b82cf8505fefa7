"""What an employer pays on top of wages, from rates and wage bases: US FICA, a flat rate, unemployment tax."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from compplan import facts
from compplan.arrays import FloatArray
from compplan.cost.errors import refuse
from compplan.money import to_minor

if TYPE_CHECKING:
    from compplan.cost.assumptions import Assumptions

Bands = tuple[tuple[float, float], ...]


@functools.cache
def us_fica(year: int) -> Bands:
    """Rates of the employer's half of US FICA and the wages that each is paid on.

    Parameters
    ----------
    year : int

    Returns
    -------
    tuple of (float, float) [fraction, USD a year]
        Social Security with its wage base, Medicare without one (infinite).

    Raises
    ------
    CostError
        If the table has no such year: a wage base is not guessed.

    References
    ----------
    Social Security Administration, Contribution and Benefit Base; Internal Revenue Service, Topic no. 751.

    Examples
    --------
    >>> us_fica(2026)
    ((0.062, 184500.0), (0.0145, inf))
    """
    rows = [row for row in facts.table("employer_taxes") if row["regime"] == "us_fica"]
    found = [row for row in rows if row["year"] == str(year)]
    if not found:
        years = ", ".join(dict.fromkeys(row["year"] for row in rows))
        refuse("year", f"the wage base of Social Security is known here for {years}; got {year}.")
    return tuple((float(r["rate"]), float(r["wage_base"]) if r["wage_base"] else math.inf) for r in found)


def employer_bands(assumptions: Assumptions) -> Bands:
    """Rates and wage bases of the employer tax that is assumed.

    Raises
    ------
    CostError
        If US FICA is asked for a year that is not in the table.
    """
    if assumptions.regime == "us_fica":
        return us_fica(assumptions.year)
    return ((assumptions.rate, math.inf),) if assumptions.rate else ()


def unemployment_bands(assumptions: Assumptions) -> Bands:
    """Rates and wage bases of federal and state unemployment tax, where they are given."""
    pairs = ((assumptions.futa_rate, assumptions.futa_base), (assumptions.suta_rate, assumptions.suta_base))
    return tuple((rate, base) for rate, base in pairs if rate and base is not None)


def tax(wages: Any, bands: Bands, digits: int = 2) -> FloatArray:
    """Tax of one person on the wages of a year, or of a year so far.

    Parameters
    ----------
    wages : array_like of float [currency]
        Any shape.
    bands : tuple of (float, float) [fraction, currency a year]
        Rates, and the wages that each is paid on.
    digits : int
        Decimals of the currency.

    Returns
    -------
    ndarray of float64 [minor units]

    Notes
    -----
    ``T(W) = r(sum of rate * min(W, wage base))``, rounded once a person. What a bonus adds is
    ``T(base + pay) - T(base)``.

    Examples
    --------
    >>> (tax([105000, 200000, 260000], us_fica(2026)) - tax([85000, 160000, 202500], us_fica(2026))).tolist()
    [153000.0, 209900.0, 83375.0]
    """
    paid = np.asarray(wages, dtype=np.float64)
    return to_minor(exact(paid, bands), digits)


def exact(wages: FloatArray, bands: Bands) -> FloatArray:
    """The same before rounding [currency]."""
    total = np.zeros(wages.shape)
    for rate, base in bands:
        total += rate * np.minimum(wages, base)
    return total
