"""Pay of people in a year, and amounts as notes write them."""

from __future__ import annotations

from dataclasses import dataclass, field

from compplan.arrays import FloatArray
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
    """

    base: FloatArray
    variable: FloatArray
    ote: FloatArray
    currency: Currencies
    cells: dict[str, AmountColumn] = field(default_factory=dict[str, AmountColumn])


def amount_text(value: float, currency: str) -> str:
    """Format an amount for a note.

    Examples
    --------
    >>> amount_text(95000, "USD"), amount_text(82500.5, "")
    ('95,000 USD', '82,500.5')
    """
    return f"{plain_number(value, 2)} {currency}".rstrip()
