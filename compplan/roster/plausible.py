"""What pay for a year is plausible in a currency. Rough, and only for doubts: no amount is changed by these rates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from compplan.arrays import BoolArray, FloatArray
from compplan.readers.currencies import Currencies

# Units of a currency that buy about as much as a US dollar on the exchanges, to the nearest power of two or so.
_ROUGHLY: Mapping[str, float] = {
    "JPY": 150, "INR": 85, "KRW": 1_350, "IDR": 16_000, "VND": 25_000, "CLP": 950, "COP": 4_000, "HUF": 360, "PHP": 57,
    "TWD": 32, "THB": 35, "MXN": 18, "CZK": 23, "SEK": 10, "NOK": 10, "DKK": 7, "PLN": 4, "CNY": 7, "HKD": 8, "ZAR": 18,
    "TRY": 35, "RUB": 90, "NGN": 1_500, "KES": 130, "EGP": 50, "ARS": 1_000, "BRL": 5, "ILS": 4, "RON": 5, "AED": 4,
    "SAR": 4, "MYR": 4, "UAH": 40, "ISK": 140, "PKR": 280, "BDT": 120, "LKR": 300, "PYG": 7_500, "UGX": 3_700,
    "TZS": 2_600, "CRC": 510, "DOP": 60, "UYU": 40, "PEN": 4, "KZT": 500, "RSD": 110, "MAD": 10,
}  # fmt: skip
LEAST, MOST = 2_500.0, 1_500_000.0
# More than this a year, from an amount that is pay for a year already, is a period that was not meant.
_SURELY_TOO_MUCH, _SURELY_A_YEAR = 300_000.0, 12_000.0


def in_dollars(values: FloatArray, currency: Currencies) -> FloatArray:
    """Return amounts in US dollars, roughly; a currency that is not listed counts as dollars."""
    rates = np.array([_ROUGHLY.get(name, 1.0) for name in currency.names])
    return values / rates[currency.codes]


def is_pay_of_a_year(values: FloatArray, yearly: FloatArray, currency: Currencies) -> BoolArray:
    """Return where an amount is pay for a year, although its row says that people are paid more often."""
    return (in_dollars(yearly, currency) > _SURELY_TOO_MUCH) & (in_dollars(values, currency) >= _SURELY_A_YEAR)
