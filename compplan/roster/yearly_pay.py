"""Pay of people in a year, and amounts as notes write them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from compplan.arrays import BoolArray, FloatArray
from compplan.formats import plain_number
from compplan.readers.columns import AmountColumn
from compplan.readers.currencies import Currencies


@dataclass(slots=True)
class YearlyPay:
    """Pay of the live rows.

    Attributes
    ----------
    base, variable, ote : ndarray of float, shape (rows,) [currency a year]
        NaN where unknown.
    currency : Currencies
    cells : dict of str to AmountColumn
        The columns of pay as written, by field.
    by_hour : ndarray of bool, shape (rows,)
        Whether base pay was made from an hourly rate, and so from the person's own hours.
    """

    base: FloatArray
    variable: FloatArray
    ote: FloatArray
    currency: Currencies
    cells: dict[str, AmountColumn] = field(default_factory=dict[str, AmountColumn])
    by_hour: BoolArray = field(default_factory=lambda: np.zeros(1, dtype=np.bool_))


def amount_text(value: float, currency: str) -> str:
    """Format an amount for a note.

    Examples
    --------
    >>> amount_text(95000, "USD"), amount_text(82500.5, "")
    ('95,000 USD', '82,500.5')
    """
    return f"{plain_number(value, 2)} {currency}".rstrip()
