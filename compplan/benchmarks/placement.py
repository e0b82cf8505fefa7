"""Position of each person in the pay band of the role, and outliers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from compplan.arrays import FloatArray, IntArray
from compplan.benchmarks.amounts import PayBasis
from compplan.benchmarks.bands import PayBand
from compplan.benchmarks.errors import BasisError, BenchmarkError
from compplan.errors import one_of
from compplan.readers.titles import role_names

if TYPE_CHECKING:
    import pandas as pd

# Compa-ratios outside these are outliers.
LOW, HIGH = 0.80, 1.20

# Columns that `place_people` adds.
STANDING = ("pay", "low", "midpoint", "high", "compa_ratio", "penetration", "stands", "outlier", "remark")

Bands = Mapping[str, PayBand] | Mapping[str | tuple[str, str], PayBand]


def place_people(roster: pd.DataFrame, bands: Bands) -> pd.DataFrame:
    """Compare the pay of each person with the band of the role.

    Parameters
    ----------
    roster : DataFrame
        One row per person, with ``role``, ``currency`` and ``base`` [currency a year]. Bands of OTE need ``ote``, or
        ``base`` and ``variable`` where it is missing. Pay of people with an ``fte`` is divided by it, so that part-time
        people are compared as if they worked full time. Other columns stay unchanged.
    bands : Mapping
        Role to band, or (role, place) to band if the roster has a ``place``. All bands must be of base pay, or all of
        OTE.

    Returns
    -------
    DataFrame
        The same rows with ``pay``, ``low``, ``midpoint``, ``high``, ``compa_ratio``, ``penetration``, ``stands``
        (``below``, ``within`` or ``above`` the range), ``outlier`` (the reason, or empty) and ``remark`` (why a person
        could not be compared, or empty). The result has every person of the roster.

    Raises
    ------
    BenchmarkError
        If a column is missing or not a number, or there are no bands.
    BasisError
        If the bands are not all of base pay or all of OTE.

    Notes
    -----
    ``compa_ratio = pay / midpoint``; ``penetration = (pay - low) / (high - low)``. An outlier has a compa-ratio below
    0.80 or above 1.20, or pay outside the range.

    Examples
    --------
    >>> import pandas as pd
    >>> from compplan.benchmarks import bands
    >>> team = pd.DataFrame({"role": ["csm", "csm"], "currency": "USD", "base": [85_000, 64_000]})
    >>> place_people(team, {"csm": bands("csm", "base")[0]})[["compa_ratio", "stands", "outlier"]]
       compa_ratio  stands                                       outlier
    0     1.000000  within
    1     0.752941   below  below the range; compa-ratio under 0.80
    """
    basis = _one_basis(bands)
    pay = _pay(roster, basis) / worked(roster)
    place = ["place"] if any(isinstance(key, tuple) for key in bands) else []
    keys, row_of = groups(roster, ["role", "currency", *place])
    matches = [_band_for(key, bands) for key in keys]
    ends = np.array([(band.low, band.high) if band else (np.nan, np.nan) for band, _ in matches]).reshape(-1, 2)
    low, high = ends[row_of, 0], ends[row_of, 1]
    midpoint = (low + high) / 2
    compa = pay / midpoint
    remarks = np.array([remark for _, remark in matches], dtype=object)[row_of]
    known = ~np.isnan(pay) & ~np.isnan(low)
    remarks = np.where(np.isnan(pay) & (remarks == ""), f"The amount of {basis.words} is missing.", remarks)
    stands = np.select([~known, pay < low, pay > high], ["", "below", "above"], "within")
    outside = np.select([stands == "below", stands == "above"], ["below the range", "above the range"], "")
    far = np.select([compa < LOW, compa > HIGH], [f"compa-ratio under {LOW:.2f}", f"compa-ratio over {HIGH:.2f}"], "")
    both = np.where((outside != "") & (far != ""), "; ", "")
    return roster.assign(
        pay=pay,
        low=low,
        midpoint=midpoint,
        high=high,
        compa_ratio=compa,
        penetration=(pay - low) / (high - low),
        stands=stands.astype(object),
        outlier=np.char.add(np.char.add(outside, both), far).astype(object),
        remark=remarks.astype(object),
    )


def outliers(people: pd.DataFrame) -> pd.DataFrame:
    """Return the people outside the range or far from its midpoint, lowest compa-ratio first.

    Parameters
    ----------
    people : DataFrame
        From `place_people`.
    """
    return people[people["outlier"] != ""].sort_values("compa_ratio", kind="stable")


def group_compa_ratio(people: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return the compa-ratio of groups of people.

    Parameters
    ----------
    people : DataFrame
        From `place_people`.
    by : sequence of str
        Columns to group by, such as ``role`` or ``manager``. Currencies always form separate groups.

    Returns
    -------
    DataFrame
        One row per group: its columns, ``currency``, ``people``, ``pay``, ``midpoint`` [currency a year] and
        ``compa_ratio``. People without a band are left out.

    Notes
    -----
    ``sum of pay / sum of midpoints``, which differs from the mean of the individual compa-ratios.

    Examples
    --------
    >>> import pandas as pd
    >>> from compplan.benchmarks import bands
    >>> pair = {role: bands(role, "base")[0] for role in ("csm", "cs_vp")}
    >>> team = pd.DataFrame({"role": ["csm", "cs_vp"], "currency": "USD", "base": [85_000, 250_000]})
    >>> group_compa_ratio(place_people(team, pair))["compa_ratio"].round(6).tolist()
    [1.165217]
    """
    import pandas as pd

    known = people[people["stands"] != ""]
    columns = list(dict.fromkeys([*by, "currency"]))
    keys, row_of = groups(known, columns)
    pay, midpoint = (
        np.bincount(row_of, floats(known, name), len(keys)).astype(np.float64) for name in ("pay", "midpoint")
    )
    frame = pd.DataFrame(keys, columns=pd.Index(columns))
    return frame.assign(
        people=np.bincount(row_of, minlength=len(keys)), pay=pay, midpoint=midpoint, compa_ratio=pay / midpoint
    )


def groups(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[list[tuple[str, ...]], IntArray]:
    """Return the distinct combinations of some columns as sorted text, and the number of the combination of each row.

    Raises
    ------
    BenchmarkError
        If a column is missing.
    """
    import pandas as pd

    require(frame, columns)
    combined = np.zeros(len(frame), dtype=np.int64)
    parts: list[list[str]] = []
    for name in columns:
        column = pd.Categorical(frame[name])
        texts = [str(category) for category in column.categories]
        # A missing value has the code -1, which selects the empty text at the end. 1 and "1" count as one value.
        distinct = sorted({"", *texts})
        position_of = {text: position for position, text in enumerate(distinct)}
        positions = np.array([position_of[text] for text in [*texts, ""]], dtype=np.int64)
        combined = combined * len(distinct) + positions[column.codes]
        parts.append(distinct)
    combinations, row_of = np.unique(combined, return_inverse=True)
    keys: list[tuple[str, ...]] = []
    for combination in combinations:
        code, texts = int(combination), list[str]()
        for part in reversed(parts):
            code, position = divmod(code, len(part))
            texts.append(part[position])
        keys.append(tuple(reversed(texts)))
    return keys, row_of.astype(np.int64)


def require(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Check that a table has some columns.

    Raises
    ------
    BenchmarkError
        If columns are missing. The message names them.
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        columns_text = ", ".join(str(name) for name in frame.columns[:20])
        raise BenchmarkError.at(
            "roster",
            f"The table has no column {one_of([repr(name) for name in missing])}. Its columns are {columns_text}.",
        )


def _one_basis(bands: Bands) -> PayBasis:
    bases = {band.basis for band in bands.values()}
    if not bases:
        raise BenchmarkError.at("bands", "There are no bands to compare people with. Give at least one band.")
    if len(bases) > 1 or not bases <= {PayBasis.BASE, PayBasis.OTE}:
        words = ", ".join(sorted(basis.words for basis in bases))
        raise BasisError.at("bands", f"All bands must be of base pay, or all of OTE. You gave {words}.")
    return bases.pop()


def _pay(roster: pd.DataFrame, basis: PayBasis) -> FloatArray:
    if basis is PayBasis.BASE:
        return floats(roster, "base")
    parts = {"base", "variable"} <= set(roster.columns)
    if "ote" not in roster.columns:
        return floats(roster, "base") + floats(roster, "variable")
    ote = floats(roster, "ote")
    return np.where(np.isnan(ote), floats(roster, "base") + floats(roster, "variable"), ote) if parts else ote


def floats(frame: pd.DataFrame, name: str) -> FloatArray:
    """Return a column as numbers, with NaN for missing values.

    Raises
    ------
    BenchmarkError
        If the column is missing or has a value that is not a number.
    """
    require(frame, [name])
    try:
        return frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise BenchmarkError.at("roster", f"The column {name!r} has a value that is not a number.") from None


def worked(frame: pd.DataFrame) -> FloatArray:
    """Return the part of a full-time job that each person works; 1 where it is unknown."""
    if "fte" not in frame.columns:
        return np.ones(len(frame))
    fte = floats(frame, "fte")
    return np.where(fte > 0, fte, 1.0)


def _band_for(key: tuple[str, ...], bands: Bands) -> tuple[PayBand | None, str]:
    role, currency, *place = key
    by_key = cast("Mapping[str | tuple[str, str], PayBand]", bands)
    band = by_key.get((role, place[0]), by_key.get(role)) if place else by_key.get(role)
    if band is None:
        return None, f"There is no band for {role_names().get(role, repr(role))}." if role else "The role is missing."
    if band.currency != currency:
        paid = f"Paid in {currency}" if currency else "The currency is missing"
        return None, f"{paid}; the band is in {band.currency}."
    return band, ""
