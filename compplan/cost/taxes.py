"""Taxes that an employer pays on top of wages: US FICA, a flat rate, unemployment tax."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from compplan import facts
from compplan.arrays import FloatArray
from compplan.cost.assumptions import Assumptions
from compplan.money import to_minor
from compplan.settlement.errors import refuse

Bands = tuple[tuple[float, float], ...]


@functools.cache
def fica_year(year: int) -> int:
    """The tax year whose US FICA is used: the year itself, or the last one known where `year` is later.

    Raises
    ------
    CostError
        If the year is before the first one known, or between two.

    Examples
    --------
    >>> fica_year(2026), fica_year(2031)
    (2026, 2026)
    """
    years = sorted({int(row["year"]) for row in facts.table("employer_taxes") if row["regime"] == "us_fica"})
    if year not in years and year < years[-1]:
        known = ", ".join(map(str, years))
        refuse(
            "year", f"must be a year with a known Social Security wage base ({known}), or later. You entered {year}."
        )
    return min(year, years[-1])


@functools.cache
def us_fica(year: int) -> Bands:
    """Rates of the employer's half of US FICA, and the wages that each is paid on.

    Parameters
    ----------
    year : int
        For a year that is later than the table, the last one known counts.

    Returns
    -------
    tuple of (float, float) [fraction, USD a year]
        Social Security with its wage base, Medicare without one (infinite).

    Raises
    ------
    CostError
        If the table begins after the year.

    References
    ----------
    Social Security Administration, Contribution and Benefit Base; Internal Revenue Service, Topic no. 751.

    Examples
    --------
    >>> us_fica(2026)
    ((0.062, 184500.0), (0.0145, inf))
    """
    known = str(fica_year(year))
    bands = [row for row in facts.table("employer_taxes") if (row["regime"], row["year"]) == ("us_fica", known)]
    return tuple((float(r["rate"]), float(r["wage_base"]) if r["wage_base"] else math.inf) for r in bands)


def employer_bands(assumptions: Assumptions) -> Bands:
    """Rates and wage bases of the assumed employer tax.

    Raises
    ------
    CostError
        If the regime is US FICA and the table begins after the year.
    """
    if assumptions.regime == "us_fica":
        security, *others = us_fica(assumptions.year)
        own = assumptions.wage_base
        return (security if own is None else (security[0], own), *others)
    return ((assumptions.rate, math.inf),) if assumptions.rate else ()


def unemployment_bands(assumptions: Assumptions) -> Bands:
    """Rates and wage bases of federal and state unemployment tax, where the assumptions have them."""
    pairs = ((assumptions.futa_rate, assumptions.futa_base), (assumptions.suta_rate, assumptions.suta_base))
    return tuple((rate, base) for rate, base in pairs if rate and base is not None)


def tax(wages: Any, bands: Bands, digits: int = 2) -> FloatArray:
    """Compute the tax of one person on the wages of a year, or of a year so far.

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
    ``T(W) = r(sum of rate * min(W, wage base))``, rounded once a person. The tax on a
    bonus is ``T(base + pay) - T(base)``.

    Examples
    --------
    >>> (tax([105000, 200000, 260000], us_fica(2026)) - tax([85000, 160000, 202500], us_fica(2026))).tolist()
    [153000.0, 209900.0, 83375.0]
    """
    return to_minor(exact(np.asarray(wages, dtype=np.float64), bands), digits)


def exact(wages: FloatArray, bands: Bands) -> FloatArray:
    """Tax before rounding, the shape of `wages` [currency]."""
    total = np.zeros(wages.shape)
    for rate, base in bands:
        total += rate * np.minimum(wages, base)
    return total
