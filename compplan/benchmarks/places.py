"""Effect of location on pay: local wages, how closely pay follows them, and published premiums."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

from compplan import facts
from compplan.benchmarks.areas import Area
from compplan.benchmarks.errors import BenchmarkError
from compplan.formats import plain_number

Index = Literal["index", "mgmt_index"]

# Half the width of a 95% interval, in standard errors.
_Z95 = 1.96


@dataclass(frozen=True, slots=True)
class WageExponent:
    """How closely pay in Customer Success follows local wages, measured by a regression.

    Attributes
    ----------
    value : float
        Slope of log pay on the log of the wage index: 1 follows wages fully, 0 not at all.
    se : float
        Standard error of the slope.
    n : int
        Number of people in the sample.
    sample : {'customer_success', 'with_adjacent'}
        Customer Success only, or together with adjacent roles.
    areas : {'metro', 'state'}
        Kind of area of the wages.
    index : {'ic_index', 'all_index'}
        Wage index of the regression.
    r2 : float
        Coefficient of determination.
    default : bool
        Whether this is the default of compplan.
    pay_source, index_source : str
        Keys of the sources.
    """

    value: float
    se: float
    n: int
    sample: str
    areas: str
    index: str
    r2: float
    default: bool
    pay_source: str
    index_source: str

    @property
    def interval(self) -> tuple[float, float]:
        """95% interval: ``value - 1.96 se`` to ``value + 1.96 se``."""
        return self.value - _Z95 * self.se, self.value + _Z95 * self.se


@functools.cache
def exponents() -> tuple[WageExponent, ...]:
    """Return every measured exponent, in the order of ``data/wage_elasticity.csv``.

    Examples
    --------
    >>> alone = exponents()[0]
    >>> alone.value, alone.n, [round(end, 2) for end in alone.interval]
    (0.69, 142, [0.32, 1.06])
    """
    return tuple(
        WageExponent(
            value=float(row["exponent"]),
            se=float(row["se"]),
            n=int(row["n"]),
            sample=row["sample"],
            areas=row["areas"],
            index=row["index"],
            r2=float(row["r2"]),
            default=row["default"] == "yes",
            pay_source=row["pay_source"],
            index_source=row["index_source"],
        )
        for row in facts.table("wage_elasticity")
    )


def default_exponent() -> WageExponent:
    """Return the default exponent.

    Examples
    --------
    >>> default_exponent().value, [round(end, 2) for end in default_exponent().interval]
    (0.67, [0.49, 0.85])
    """
    return next(one for one in exponents() if one.default)


@dataclass(frozen=True, slots=True)
class GeographicDifferential:
    """Factor by which pay in an area differs from the national level.

    Attributes
    ----------
    area : Area
    wages : float
        Wage index of the area; the national level is 1.
    exponent : float
        How closely pay follows wages.
    """

    area: Area
    wages: float
    exponent: float

    @property
    def factor(self) -> float:
        """``wages ** exponent``."""
        return self.wages**self.exponent

    @property
    def interval(self) -> tuple[float, float]:
        """Factor at both ends of the 95% interval of the measured exponent, lower end first."""
        low, high = sorted(self.wages**end for end in default_exponent().interval)
        return low, high


def differential(area: Area, exponent: float | None = None, index: Index = "index") -> GeographicDifferential:
    """Return the geographic differential of an area.

    Parameters
    ----------
    area : Area
    exponent : float, optional
        From 0 (pay is the same everywhere) to 2. Default: the measured 0.67.
    index : {'index', 'mgmt_index'}
        Wage index. The exponent was measured with the first.

    Raises
    ------
    BenchmarkError
        If too few wages are published for the area, or the exponent is out of bounds.

    Notes
    -----
    ``factor = index ** exponent``.

    Examples
    --------
    >>> from compplan.benchmarks import find_area
    >>> austin = differential(find_area("Austin"))
    >>> round(austin.factor, 4), [round(end, 4) for end in austin.interval]
    (0.9562, [0.945, 0.9676])
    """
    wages = area.mgmt_index if index == "mgmt_index" else area.index
    if wages is None:
        raise BenchmarkError.at(
            "place", f"Too few wages are published for {area.label} to adjust pay to it. Choose another place."
        )
    strength = default_exponent().value if exponent is None else exponent
    check_bounds("exponent", strength, 0, 2)
    return GeographicDifferential(area, wages, strength)


@dataclass(frozen=True, slots=True)
class PayPremium:
    """Pay premium that a source publishes.

    Attributes
    ----------
    key : str
    kind : {'specialism', 'place'}
    name : str
    areas : tuple of str
        Codes of the areas that the premium applies to.
    low, high : float
        Range of the premium [fraction].
    over : str
        Pay that the premium is added to.
    source, how, note : str
    """

    key: str
    kind: str
    name: str
    areas: tuple[str, ...]
    low: float
    high: float
    over: str
    source: str
    how: str
    note: str


@functools.cache
def premiums(kind: str | None = None) -> tuple[PayPremium, ...]:
    """Return the published premiums, of one kind or all.

    Examples
    --------
    >>> [(p.key, p.low, p.high) for p in premiums()]
    [('knowup-specialism', 0.15, 0.25), ('knowup-sf-ny', 0.15, 0.2)]
    """
    return tuple(
        PayPremium(
            key=row["key"],
            kind=row["kind"],
            name=row["name"],
            areas=tuple(row["areas"].split()),
            low=float(row["low"]),
            high=float(row["high"]),
            over=row["over"],
            source=row["source"],
            how=row["how"],
            note=row["note"],
        )
        for row in facts.table("premiums")
        if kind in (None, row["kind"])
    )


def check_bounds(name: str, value: float | None, low: float, high: float) -> None:
    """Check that a number is within its bounds.

    Raises
    ------
    BenchmarkError
        If it is not.
    """
    if value is not None and not low <= value <= high:
        raise BenchmarkError.at(
            name, f"must be from {plain_number(low)} to {plain_number(high)}. You entered {value!r}."
        )
