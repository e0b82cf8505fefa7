"""Published pay figures of each role, separate for each source."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from compplan import facts
from compplan.benchmarks.amounts import PayAmount, PayBasis, as_basis
from compplan.benchmarks.bands import PayBand
from compplan.benchmarks.errors import BenchmarkError
from compplan.benchmarks.percentiles import Percentiles
from compplan.errors import nearest
from compplan.readers.titles import role_names

STATISTICS = {"p10": 0.10, "p25": 0.25, "median": 0.50, "p75": 0.75, "p90": 0.90}


@dataclass(frozen=True, slots=True)
class MeanPay:
    """Mean pay from a source that publishes no distribution.

    Attributes
    ----------
    role : str
        Key of a role; empty if the level in the source is not one of our roles. See `note`.
    amount : PayAmount
        Mean pay.
    segment, place, as_of, source, how, note, id : str
        As in `PayBand`.
    """

    role: str
    amount: PayAmount
    segment: str = ""
    place: str = ""
    as_of: str = ""
    source: str = ""
    how: str = ""
    note: str = ""
    id: str = ""

    @property
    def basis(self) -> PayBasis:
        """Kind of pay."""
        return self.amount.basis


_Figure = TypeVar("_Figure", PayBand, Percentiles, MeanPay)


def bands(role: str, basis: PayBasis | str | None = None, source: str | None = None) -> tuple[PayBand, ...]:
    """Return the published bands of a role, in the order of ``data/pay.csv``.

    Parameters
    ----------
    role : str
        Key of a role.
    basis : PayBasis, optional
        Return only figures with this basis.
    source : str, optional
        Return only figures from this source.

    Returns
    -------
    tuple of PayBand
        Empty if no source publishes a band.

    Raises
    ------
    BenchmarkError
        If the role or basis does not exist.

    Examples
    --------
    >>> [(band.basis.value, band.low, band.high) for band in bands("csm")]
    [('base', 75000.0, 95000.0), ('ote', 90000.0, 120000.0)]
    >>> bands("csm", "base")[0].experience
    '2 to 4 years'
    >>> bands("cs_ops")
    ()
    """
    return _select(_published_bands(), role, basis, source)


def distributions(
    role: str | None, basis: PayBasis | str | None = None, source: str | None = None
) -> tuple[Percentiles, ...]:
    """Return the published pay distributions of a role, in the order of ``data/pay.csv``.

    Parameters
    ----------
    role : str or None
        Key of a role; None for figures of all roles and levels together.
    basis, source : str, optional
        Return only figures with this basis, from this source.

    Returns
    -------
    tuple of Percentiles
        A median alone counts as a distribution. Empty if no source publishes one.

    Raises
    ------
    BenchmarkError
        If the role or basis does not exist.

    Examples
    --------
    >>> [(d.source, d.n, d.median) for d in distributions("csm", "base")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('ask-a-manager-2019', 19, 80000.0), ('ask-a-manager-2021', 40, 85250.0),
     ('ask-a-manager-2023', 21, 86800.0), ('ask-a-manager', 61, 85500.0)]
    """
    return _select(_distributions(), role, basis, source)


def means(role: str | None, basis: PayBasis | str | None = None, source: str | None = None) -> tuple[MeanPay, ...]:
    """Return the published mean pay of a role, in the order of ``data/pay.csv``.

    Parameters
    ----------
    role : str or None
        Key of a role; None for levels that are not one of our roles.
    basis, source : str, optional
        Return only figures with this basis, from this source.

    Raises
    ------
    BenchmarkError
        If the role or basis does not exist.

    Examples
    --------
    >>> [(mean.source, str(mean.amount)) for mean in means("csm", "fully_loaded_cost")]
    [('tsia-2022', '$141,800.00 fully loaded cost')]
    """
    return _select(_means(), role, basis, source)


def check_role(role: str) -> None:
    """Check that a role is in the catalog.

    Raises
    ------
    BenchmarkError
        If it is not.
    """
    if role not in role_names():
        raise BenchmarkError.at("role", f"There is no role {role!r}; {nearest(role, tuple(role_names()))}")


@functools.cache
def _published_bands() -> tuple[PayBand, ...]:
    years = {(row["role"], row["source"]): _years(row) for row in facts.table("role_levels")}
    return tuple(
        PayBand(
            role=row["role"],
            basis=PayBasis(row["basis"]),
            low=float(row["low"]),
            high=float(row["high"]),
            currency=row["unit"],
            experience=years.get((row["role"], row["source"]), ""),
            id=row["id"],
            **_origin(row),
        )
        for row in facts.table("pay")
        if row["statistic"] == "range"
    )


def _years(row: Mapping[str, str]) -> str:
    low, high = row["experience_low"], row["experience_high"]
    if not low:
        return ""
    return f"{low} to {high} years" if high else f"{low} years or more"


def _select(
    figures: tuple[_Figure, ...], role: str | None, basis: PayBasis | str | None, source: str | None
) -> tuple[_Figure, ...]:
    """Return the figures of a role, of one kind of pay or all, from one source or all."""
    if role is not None:
        check_role(role)
    bases = tuple(PayBasis) if basis is None else (as_basis(basis),)
    return tuple(
        figure
        for figure in figures
        if figure.role == (role or "") and figure.basis in bases and source in (None, figure.source)
    )


def _origin(row: Mapping[str, str]) -> dict[str, str]:
    """Return what a row of ``data/pay.csv`` says about any figure besides its amounts."""
    return {name: row[name] for name in ("segment", "place", "as_of", "source", "how", "note")}


@functools.cache
def _distributions() -> tuple[Percentiles, ...]:
    series: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    keys = ("role", "segment", "basis", "unit", "place", "as_of", "source", "how")
    for row in facts.table("pay"):
        if row["statistic"] in STATISTICS:
            series.setdefault(tuple(row[key] for key in keys), []).append(row)
    return tuple(_distribution(rows) for rows in series.values())


def _distribution(rows: list[Mapping[str, str]]) -> Percentiles:
    # The row of the median has the information about the whole distribution, such as the interval.
    main = next((row for row in rows if row["statistic"] == "median"), rows[0])
    return Percentiles(
        role=main["role"],
        basis=PayBasis(main["basis"]),
        points=tuple(sorted((STATISTICS[row["statistic"]], float(row["value"])) for row in rows)),
        currency=main["unit"],
        n=int(main["n"]) if main["n"] else None,
        interval=(float(main["ci_low"]), float(main["ci_high"])) if main["ci_low"] else None,
        **_origin(main),
    )


@functools.cache
def _means() -> tuple[MeanPay, ...]:
    return tuple(
        MeanPay(
            role=row["role"],
            amount=PayAmount(float(row["value"]), PayBasis(row["basis"]), row["unit"]),
            id=row["id"],
            **_origin(row),
        )
        for row in facts.table("pay")
        if row["statistic"] == "mean"
    )
