"""Base salary and target variable for the days that each person is employed while the plan is in effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from compplan.arrays import FloatArray
from compplan.money import minor_digits, to_minor
from compplan.plan.calendar import PlanYear
from compplan.plan.parts import Effective

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class ProratedPay:
    """Base and target variable of one person of each row; arrays have one entry a row.

    Attributes
    ----------
    digits : int
        Decimals of the currency.
    count : ndarray of float
        People of the row.
    share : ndarray [fraction]
        Days employed while the plan is in effect, over days of the plan year.
    base, variable : ndarray [minor units]
        Base and target variable of the year times `share`.
    days : ndarray, shape (rows, 12) [days]
        Days employed in each month while the plan is in effect.
    """

    digits: int
    count: FloatArray
    share: FloatArray
    base: FloatArray
    variable: FloatArray
    days: FloatArray

    @property
    def size(self) -> float:
        """Minor units in one unit of the currency."""
        return 10.0**self.digits

    def total(self, units: FloatArray) -> float:
        """Sum an amount over all people of all rows.

        Parameters
        ----------
        units : ndarray, shape (rows,) [minor units]
            Of one person of each row.

        Returns
        -------
        float [currency]
        """
        return float((units * self.count).sum()) / self.size


def prorate(currency: str, people: pd.DataFrame, year: PlanYear, dates: Effective) -> ProratedPay:
    """Prorate base and target variable by days employed while the plan is in effect.

    Parameters
    ----------
    currency : str
    people : DataFrame
        A checked headcount table, see `headcount.checked`.
    year : PlanYear
    dates : Effective
        Of the plan.

    Notes
    -----
    ``prorated = r(yearly amount * days / days of the year)``,
    with the days that are within both spans, rounded to the minor unit once a person.
    """
    digits = minor_digits(currency)

    def column(name: str) -> FloatArray:
        return people[name].to_numpy(dtype=np.float64)

    def days_of(name: str) -> pd.Series[Any] | None:
        return people[name] if name in people.columns else None

    days = year.employed(days_of("hired"), days_of("left"), len(people), dates)
    share = days.sum(axis=1) / year.days
    return ProratedPay(
        digits=digits,
        count=column("headcount"),
        share=share,
        base=to_minor(column("base") * share, digits),
        variable=to_minor(column("variable") * share, digits),
        days=days,
    )
