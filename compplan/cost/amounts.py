"""What people cost in a year: base, variable pay, taxes, benefits and overhead, rounded once a person."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from compplan.arrays import FloatArray
from compplan.cost.assumptions import Assumptions
from compplan.cost.plain import without_noise
from compplan.cost.taxes import Bands, employer_bands, tax, unemployment_bands
from compplan.money import to_minor
from compplan.settlement.prorated import ProratedPay

PARTS = ("base", "pay", "employer_tax", "unemployment_tax", "benefits", "overhead")


@dataclass(frozen=True, slots=True)
class Cost:
    """A year's cost of some people [currency].

    Attributes
    ----------
    base : float
        Base salary.
    pay : float
        Variable pay.
    employer_tax, unemployment_tax : float
        Taxes that the employer pays on top of wages.
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
        return without_noise(self.base + self.pay)

    @property
    def tax(self) -> float:
        """Employer and unemployment tax."""
        return without_noise(self.employer_tax + self.unemployment_tax)

    @property
    def loaded(self) -> float:
        """Fully loaded cost: cash, tax, benefits and overhead."""
        return without_noise(self.cash + self.tax + self.benefits + self.overhead)

    def of(self, what: str) -> float:
        """Cost of one kind: ``variable``, ``cash`` or ``loaded``, as in `Assumptions.budget_of`.

        Examples
        --------
        >>> Cost(80000, 20000, 7650, 42, 0, 0).of("loaded")
        107692.0
        """
        return {"variable": self.pay, "cash": self.cash, "loaded": self.loaded}[what]

    def to_dict(self) -> dict[str, float]:
        """The parts and their sums as plain data."""
        return {**asdict(self), "cash": self.cash, "tax": self.tax, "loaded": self.loaded}


@dataclass(frozen=True, slots=True, eq=False)
class LoadedPay:
    """Pay of a population with the costs that come on top of it; arrays have one entry a row.

    Attributes
    ----------
    pay : ProratedPay
    benefits, overhead : ndarray [minor units]
        Of one person for the days employed.
    employer, unemployment : tuple of (float, float)
        Tax rates [fraction] and the wages that each is paid on [currency a year].
    """

    pay: ProratedPay
    benefits: FloatArray
    overhead: FloatArray
    employer: Bands
    unemployment: Bands

    def parts(self, variable_pay: FloatArray) -> dict[str, FloatArray]:
        """Parts of the cost of one person of each row.

        Parameters
        ----------
        variable_pay : ndarray, shape (..., rows) [minor units]

        Returns
        -------
        dict of str to ndarray, each with the shape of `variable_pay` [minor units]
            By `PARTS`.
        """
        wages = (self.pay.base + variable_pay) / self.pay.size
        parts = {
            "base": self.pay.base,
            "pay": variable_pay,
            "employer_tax": tax(wages, self.employer, self.pay.digits),
            "unemployment_tax": tax(wages, self.unemployment, self.pay.digits),
            "benefits": self.benefits,
            "overhead": self.overhead,
        }
        return {name: np.broadcast_to(parts[name], variable_pay.shape) for name in PARTS}

    def total(self, variable_pay: FloatArray) -> Cost:
        """Cost of everyone.

        Parameters
        ----------
        variable_pay : ndarray, shape (rows,) [minor units]
        """
        return Cost(**{name: self.pay.total(part) for name, part in self.parts(variable_pay).items()})


def loaded_pay(pay: ProratedPay, assumptions: Assumptions) -> LoadedPay:
    """Add benefits, overhead and tax rates to prorated pay.

    Parameters
    ----------
    pay : ProratedPay
    assumptions : Assumptions

    Raises
    ------
    CostError
        If the tax year is not in the table.
    """
    return LoadedPay(
        pay=pay,
        benefits=to_minor(pay.base / pay.size * assumptions.benefits_rate, pay.digits),
        overhead=to_minor(assumptions.overhead * pay.share, pay.digits),
        employer=employer_bands(assumptions),
        unemployment=unemployment_bands(assumptions),
    )
