"""The figures that ship: what sources state for a role, every source by itself."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from compplan import facts
from compplan.benchmarks.amounts import PayAmount, PayBasis, as_basis
from compplan.benchmarks.bands import PayBand
from compplan.benchmarks.errors import BenchmarkError
from compplan.benchmarks.percentiles import Percentiles
from compplan.errors import nearest

STATISTICS = {"p10": 0.10, "p25": 0.25, "median": 0.50, "p75": 0.75, "p90": 0.90}


@dataclass(frozen=True, slots=True)
class MeanPay:
    """An average that a source gives without the distribution around it.

    Attributes
    ----------
    role : str
        Key of a role; empty where the source speaks of a level that is none of ours, see `note`.
    amount : PayAmount
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


def bands(role: str, basis: PayBasis | str | None = None, source: str | None = None) -> tuple[PayBand, ...]:
    """The bands that sources state for a role, in the order of ``data/pay.csv``.

    Parameters
    ----------
    role : str
        Key of a role.
    basis : PayBasis, optional
        Only those of this basis.
    source : str, optional
        Only those of this source.

    Returns
    -------
    tuple of PayBand
        Empty where no source states one: nothing is invented.

    Raises
    ------
    BenchmarkError
        If there is no such role or basis.

    Examples
    --------
    >>> [(band.basis.value, band.low, band.high) for band in bands("csm")]
    [('base', 75000.0, 95000.0), ('ote', 90000.0, 120000.0)]
    >>> bands("csm", "base")[0].experience
    '2 to 4 years'
    >>> bands("cs_ops")
    ()
    """
    check_role(role)
    wanted = as_basis(basis) if basis is not None else None
    return tuple(
        band
        for band in _stated()
        if band.role == role and (wanted is None or band.basis is wanted) and (source is None or band.source == source)
    )


def distributions(
    role: str | None, basis: PayBasis | str | None = None, source: str | None = None
) -> tuple[Percentiles, ...]:
    """The distributions of pay that sources give for a role, in the order of ``data/pay.csv``.

    Parameters
    ----------
    role : str or None
        Key of a role; None for figures over all roles and levels together.
    basis, source : str, optional
        Only those of this basis, of this source.

    Returns
    -------
    tuple of Percentiles
        A lone median is one too. Empty where no source gives one.

    Raises
    ------
    BenchmarkError
        If there is no such role or basis.

    Examples
    --------
    >>> [(d.source, d.n, d.median) for d in distributions("csm", "base")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('ask-a-manager-2019', 19, 80000.0), ('ask-a-manager-2021', 40, 85250.0),
     ('ask-a-manager-2023', 21, 86800.0), ('ask-a-manager', 61, 85500.0)]
    """
    return tuple(one for one in _surveyed() if _asked(one.role, one.basis, one.source, role, basis, source))


def means(role: str | None, basis: PayBasis | str | None = None, source: str | None = None) -> tuple[MeanPay, ...]:
    """The averages that sources give for a role, in the order of ``data/pay.csv``.

    Parameters
    ----------
    role : str or None
        Key of a role; None for levels that are none of ours.
    basis, source : str, optional
        Only those of this basis, of this source.

    Raises
    ------
    BenchmarkError
        If there is no such role or basis.

    Examples
    --------
    >>> [(mean.source, str(mean.amount)) for mean in means("csm", "fully_loaded_cost")]
    [('tsia-2022', '$141,800.00 fully loaded cost')]
    """
    return tuple(one for one in _averages() if _asked(one.role, one.amount.basis, one.source, role, basis, source))


def check_role(role: str) -> None:
    """Refuse a role that is not in the catalogue.

    Raises
    ------
    BenchmarkError
        If it is not.
    """
    if role not in role_names():
        raise BenchmarkError.at("role", f"There is no role {role!r}; {nearest(role, tuple(role_names()))}")


@functools.cache
def role_names() -> Mapping[str, str]:
    """Names of the roles by key, in the order of the catalogue."""
    return {row["key"]: row["name"] for row in facts.table("roles")}


@functools.cache
def _stated() -> tuple[PayBand, ...]:
    years = {(row["role"], row["source"]): _years(row) for row in facts.table("role_levels")}
    return tuple(
        PayBand(
            role=row["role"],
            basis=PayBasis(row["basis"]),
            low=float(row["low"]),
            high=float(row["high"]),
            currency=row["unit"],
            segment=row["segment"],
            experience=years.get((row["role"], row["source"]), ""),
            place=row["place"],
            as_of=row["as_of"],
            source=row["source"],
            how=row["how"],
            note=row["note"],
            id=row["id"],
        )
        for row in facts.table("pay")
        if row["statistic"] == "range"
    )


def _years(row: Mapping[str, str]) -> str:
    low, high = row["experience_low"], row["experience_high"]
    if not low:
        return ""
    return f"{low} to {high} years" if high else f"{low} years or more"


def _asked(
    role: str,
    basis: PayBasis,
    source: str,
    asked_role: str | None,
    asked_basis: PayBasis | str | None,
    asked_source: str | None,
) -> bool:
    if asked_role is not None:
        check_role(asked_role)
    return (
        role == (asked_role or "")
        and (asked_basis is None or basis is as_basis(asked_basis))
        and asked_source in (None, source)
    )


@functools.cache
def _surveyed() -> tuple[Percentiles, ...]:
    series: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    keys = ("role", "segment", "basis", "unit", "place", "as_of", "source", "how")
    for row in facts.table("pay"):
        if row["statistic"] in STATISTICS:
            series.setdefault(tuple(row[key] for key in keys), []).append(row)
    return tuple(_distribution(rows) for rows in series.values())


def _distribution(rows: list[Mapping[str, str]]) -> Percentiles:
    # What is told of the whole is told with its median, where there is one.
    of = next((row for row in rows if row["statistic"] == "median"), rows[0])
    return Percentiles(
        role=of["role"],
        basis=PayBasis(of["basis"]),
        points=tuple(sorted((STATISTICS[row["statistic"]], float(row["value"])) for row in rows)),
        currency=of["unit"],
        n=int(of["n"]) if of["n"] else None,
        interval=(float(of["ci_low"]), float(of["ci_high"])) if of["ci_low"] else None,
        segment=of["segment"],
        place=of["place"],
        as_of=of["as_of"],
        source=of["source"],
        how=of["how"],
        note=of["note"],
    )


@functools.cache
def _averages() -> tuple[MeanPay, ...]:
    return tuple(
        MeanPay(
            role=row["role"],
            amount=PayAmount(float(row["value"]), PayBasis(row["basis"]), row["unit"]),
            segment=row["segment"],
            place=row["place"],
            as_of=row["as_of"],
            source=row["source"],
            how=row["how"],
            note=row["note"],
            id=row["id"],
        )
        for row in facts.table("pay")
        if row["statistic"] == "mean"
    )
