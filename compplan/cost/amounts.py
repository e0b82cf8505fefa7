"""What people cost in a year: base, pay, taxes, benefits and overhead, to the cent and never more than once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from compplan.arrays import FloatArray
from compplan.cost.taxes import Bands, employer_bands, tax, unemployment_bands
from compplan.cost.year import PlanYear
from compplan.money import minor_digits, to_minor
from compplan.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

    from compplan.cost.assumptions import Assumptions


PARTS = ("base", "pay", "employer_tax", "unemployment_tax", "benefits", "overhead")


@dataclass(frozen=True, slots=True)
class Cost:
    """A year's cost of some people [currency].

    Attributes
    ----------
    base : float
    pay : float
        Variable pay.
    employer_tax, unemployment_tax : float
    benefits, overhead : float
    """

    base: float
    pay: float
    employer_tax: float
    unemployment_tax: float
    benefits: float
    overhead: float

    @property
    def cash(self) -> float:
        """Base and variable pay."""
        return _cents(self.base + self.pay)

    @property
    def tax(self) -> float:
        """Employer and unemployment tax."""
        return _cents(self.employer_tax + self.unemployment_tax)

    @property
    def loaded(self) -> float:
        """Fully loaded cost: everything."""
        return _cents(self.cash + self.tax + self.benefits + self.overhead)

    def of(self, what: str) -> float:
        """Variable, cash or loaded, as a budget may be of.

        Examples
        --------
        >>> Cost(80000, 20000, 7650, 42, 0, 0).of("loaded")
        107692.0
        """
        return {"variable": self.pay, "cash": self.cash, "loaded": self.loaded}[what]

    def to_dict(self) -> dict[str, float]:
        """The parts and their sums."""
        return {**asdict(self), "cash": self.cash, "tax": self.tax, "loaded": self.loaded}


def _cents(amount: float) -> float:
    """A sum without the noise of binary fractions; no currency has more than four decimals."""
    return round(amount, 6) + 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """What of each row's cost does not hang on results, for one person; arrays with one entry a row.

    Attributes
    ----------
    digits : int
    count : ndarray of int
        People of the row.
    share : ndarray [fraction]
        Of the plan year that they are employed: days over days of the year.
    base, variable : ndarray [minor units]
        Base and target variable of the year, prorated.
    benefits, overhead : ndarray [minor units]
    employer, unemployment : tuple of (float, float)
        Rates and wage bases.
    days : ndarray, shape (rows, 12) [days]
        Employed in each month.
    """

    digits: int
    count: FloatArray
    share: FloatArray
    base: FloatArray
    variable: FloatArray
    benefits: FloatArray
    overhead: FloatArray
    employer: Bands
    unemployment: Bands
    days: FloatArray

    @property
    def size(self) -> float:
        """Minor units in one of the currency."""
        return 10.0**self.digits

    def loads(self, pay: FloatArray) -> dict[str, FloatArray]:
        """The parts of the cost of one person of each row, on some pay.

        Parameters
        ----------
        pay : ndarray, shape (..., rows) [minor units]

        Returns
        -------
        dict of str to ndarray, each broadcast to the shape of `pay` [minor units]
            By `PARTS`.
        """
        wages = (self.base + pay) / self.size
        parts = {
            "base": self.base,
            "pay": pay,
            "employer_tax": tax(wages, self.employer, self.digits),
            "unemployment_tax": tax(wages, self.unemployment, self.digits),
            "benefits": self.benefits,
            "overhead": self.overhead,
        }
        return {name: np.broadcast_to(parts[name], pay.shape) for name in PARTS}

    def total(self, pay: FloatArray) -> Cost:
        """The cost of everybody on some pay, shape (rows,) [minor units]."""
        sums = {name: float((part * self.count).sum()) / self.size for name, part in self.loads(pay).items()}
        return Cost(**sums)


def basis_of(plan: Plan, people: pd.DataFrame, assumptions: Assumptions) -> Basis:
    """What of the cost does not hang on results.

    Parameters
    ----------
    plan : Plan
    people : DataFrame
        Checked, see `headcount.checked`.
    assumptions : Assumptions

    Raises
    ------
    CostError
        If the tax year is not in the table.
    """
    digits = minor_digits(plan.currency)
    year = PlanYear.of(assumptions)

    def column(name: str) -> FloatArray:
        return people[name].to_numpy(dtype=np.float64)

    def dates(name: str) -> pd.Series[Any] | None:
        return people[name] if name in people.columns else None

    days = year.employed(dates("hired"), dates("left"), len(people))
    share = days.sum(axis=1) / year.days
    base = to_minor(column("base") * share, digits)
    return Basis(
        digits=digits,
        count=column("headcount"),
        share=share,
        base=base,
        variable=to_minor(column("variable") * share, digits),
        benefits=to_minor(base / 10.0**digits * assumptions.benefits_rate, digits),
        overhead=to_minor(assumptions.overhead * share, digits),
        employer=employer_bands(assumptions),
        unemployment=unemployment_bands(assumptions),
        days=days,
    )
