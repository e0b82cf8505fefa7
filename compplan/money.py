"""Money: decimals of a currency, and the only function that rounds amounts."""

from __future__ import annotations

from functools import cache
from typing import Any

import iso4217
import numpy as np

from compplan.arrays import FloatArray

# An amount this close to half a minor unit, in minor units, counts as the half: binary fractions of 0.005 are not
# exact, and that must not decide about a cent.
SNAP = 1e-6


@cache
def minor_digits(currency: str) -> int:
    """Decimals of the minor unit of a currency, from ISO 4217.

    Parameters
    ----------
    currency : str
        Three-letter code, such as ``"USD"``.

    Raises
    ------
    ValueError
        If the code is not a currency.

    Examples
    --------
    >>> minor_digits("USD"), minor_digits("JPY"), minor_digits("BHD")
    (2, 0, 3)
    """
    try:
        exponent: int | None = iso4217.Currency(currency).exponent
    except ValueError:
        raise ValueError(f"{currency!r} is not a currency code of ISO 4217, such as USD, EUR or JPY") from None
    return exponent or 0


def to_minor(amount: Any, digits: int) -> FloatArray:
    """Round amounts to whole minor units, half away from zero.

    Parameters
    ----------
    amount : array_like of float [currency]
        Any shape.
    digits : int
        Decimals of the currency, see `minor_digits`.

    Returns
    -------
    ndarray of float64 [minor units]
        Whole numbers, the shape of `amount`. Whole numbers add without error up to 2**53.

    Notes
    -----
    ``r(a) = sign(a) * floor(|s| + 1/2)`` with ``s`` the amount in minor units snapped to 1e-6.

    Examples
    --------
    >>> to_minor([2.675, -2.675, 0.004999999999], 2).tolist()
    [268.0, -268.0, 1.0]
    """
    amounts = np.asarray(amount, dtype=np.float64)
    units = np.multiply(amounts.reshape(-1), 10.0**digits)
    units += np.copysign(0.5 + SNAP / 2, units)
    return np.trunc(units, out=units).reshape(amounts.shape)


def round_money(amount: float, digits: int) -> float:
    """Round one amount to the minor unit, half away from zero [currency].

    Examples
    --------
    >>> round_money(5586.505, 2)
    5586.51
    """
    return float(to_minor(amount, digits)) / 10.0**digits + 0.0


def split_minor(amount: Any, parts: int, digits: int) -> list[FloatArray]:
    """Split a yearly amount over equal periods by cumulative rounding, so that the parts add up exactly.

    Parameters
    ----------
    amount : float or ndarray [currency]
    parts : int
        Periods in the year.
    digits : int
        Decimals of the currency.

    Returns
    -------
    list of ndarray [minor units]
        One entry for each period.

    Notes
    -----
    ``cum_k = r(amount * k / parts)`` and ``part_k = cum_k - cum_{k-1}``.

    Examples
    --------
    >>> [float(p) / 100 for p in split_minor(22346, 12, 2)][:3]
    [1862.17, 1862.16, 1862.17]
    """
    return [part_minor(amount, k, k, parts, digits) for k in range(1, parts + 1)]


def part_minor(amount: Any, first: int, last: int, parts: int, digits: int) -> FloatArray:
    """Part of a yearly amount that falls in some periods, split like `split_minor`.

    Parameters
    ----------
    amount : float or ndarray [currency]
    first, last : int
        Periods, counted from 1.
    parts : int
        Periods in the year.
    digits : int
        Decimals of the currency.

    Returns
    -------
    ndarray [minor units]

    Examples
    --------
    >>> float(part_minor(22346, 1, 3, 12, 2)) / 100
    5586.5
    """
    base = np.asarray(amount, dtype=np.float64)
    return to_minor(base * last / parts, digits) - to_minor(base * (first - 1) / parts, digits)
