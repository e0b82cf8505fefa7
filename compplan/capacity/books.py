"""Books of business by owner: their size, concentration and renewals, and what exceeds a limit."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import Field, Strict

from compplan.capacity.errors import CapacityError
from compplan.capacity.services import CapacityInput
from compplan.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

QUARTERS = 4
NO_OWNER = ""  # stands for the owner of accounts without one
_Limit = Annotated[float, Strict(), Field(gt=0, le=1e12, allow_inf_nan=False)]
CEILINGS = {"accounts": "accounts", "arr": "ARR", "hours": "hours"}  # kinds of limits, with their names


class Ceiling(CapacityInput):
    """Limits of one person's book; a kind that is left out has no limit.

    Examples
    --------
    >>> Ceiling(accounts=14.0).of_kind("accounts"), Ceiling().of_kind("arr")
    (14.0, None)
    """

    accounts: _Limit | None = Field(default=None, description="Most accounts.")
    arr: _Limit | None = Field(default=None, description="Most ARR [currency a year].")
    hours: _Limit | None = Field(default=None, description="Most hours [hours a year].")

    def of_kind(self, kind: str) -> float | None:
        """Return the limit of a kind: ``accounts``, ``arr`` or ``hours``; None if there is no limit."""
        limit: float | None = getattr(self, kind)
        return limit


def one_currency(accounts: pd.DataFrame) -> str:
    """Return the currency of all accounts; empty if the file names none.

    Raises
    ------
    CapacityError
        If there are several, because amounts in different currencies can't be added.
    """
    codes = sorted({str(code) for code in accounts["currency"] if code})
    if len(codes) > 1:
        raise CapacityError(
            [Problem("currency", f"Amounts in {', '.join(codes)} can't be added. Use one file per currency.")]
        )
    return codes[0] if codes else ""


def hours_of(accounts: pd.DataFrame, hours: Mapping[str, float] | None) -> pd.Series[float]:
    """Return the hours of each account by its segment; NaN if there are none for the segment.

    Parameters
    ----------
    accounts : DataFrame
    hours : Mapping of str to float [hours a year], optional
        By segment; the entry ``""`` is for all other segments.
    """
    import pandas as pd

    by_segment = hours or {}
    other = by_segment.get("", math.nan)
    values = [by_segment.get(str(segment), other) for segment in accounts["segment"]]
    return pd.Series(values, index=accounts.index, dtype=float)


def books(
    accounts: pd.DataFrame,
    *,
    today: dt.date,
    ceiling: Ceiling | None = None,
    hours: Mapping[str, float] | None = None,
    available: float | None = None,
) -> pd.DataFrame:
    r"""Return the book of business of each owner.

    Parameters
    ----------
    accounts : DataFrame
        The accounts of an `AccountsReading`.
    today : date
        First day of the four quarters in which renewals are counted.
    ceiling : Ceiling, optional
    hours : Mapping of str to float [hours a year], optional
        Hours of one account, by segment.
    available : float [hours a year], optional
        Hours of one person for accounts.

    Returns
    -------
    DataFrame
        One row per owner, sorted by owner: ``accounts``, ``arr`` [currency a year], ``largest_share`` [fraction],
        ``hhi`` (sum of squared shares), ``effective`` (1 / hhi), ``due_1`` to ``due_4`` and ``due_arr_1`` to
        ``due_arr_4`` (accounts and ARR due in each quarter), ``cv_due`` (standard deviation over mean of ARR due),
        ``empty_quarters``, ``overdue``, ``later`` and ``undated`` (accounts with a renewal date before today, after
        the four quarters, and without one), ``first_year`` (accounts that started in the year before ``today``),
        ``unstarted`` (accounts without a start date), ``hours``, ``utilisation``, and for each kind of limit
        ``over_<kind>``, the excess. The columns of renewals are NaN in a book without renewal dates, and
        ``first_year`` in one without start dates. The row ``""`` has the accounts without an owner and never
        exceeds a limit.

    Raises
    ------
    CapacityError
        If the accounts are in several currencies.

    Notes
    -----
    With ``u_i`` as the share of account i in the ARR of its book, ``HHI = sum(u_i ** 2)``, the Herfindahl-Hirschman
    index. The effective number of accounts is ``1 / HHI``.

    Examples
    --------
    >>> from compplan.capacity.accounts import read_accounts
    >>> data = b"Account,CSM,ARR\nA,E1,300\nB,E1,100\nC,E2,100\n"
    >>> table = books(read_accounts(data, "a.csv").accounts, today=dt.date(2026, 1, 1), ceiling=Ceiling(accounts=1.0))
    >>> table.loc["E1", ["accounts", "arr", "largest_share", "effective", "over_accounts"]].tolist()
    [2.0, 400.0, 0.75, 1.6, 1.0]
    """
    import pandas as pd

    one_currency(accounts)
    limits = ceiling or Ceiling()
    account_hours = hours_of(accounts, hours)
    rows = {
        str(owner): _book(book, account_hours.loc[book.index], today)
        for owner, book in accounts.groupby("owner", sort=True)
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index.name = "owner"
    if table.empty:
        return table
    table["utilisation"] = table["hours"] / available if available else math.nan
    for kind in CEILINGS:
        limit = limits.of_kind(kind)
        excess = (table[kind] - limit).clip(lower=0.0) if limit is not None else 0.0
        table[f"over_{kind}"] = np.nan_to_num(excess) if limit is not None else 0.0
        table.loc[table.index == NO_OWNER, f"over_{kind}"] = 0.0
    return table


def owned_books(table: pd.DataFrame) -> pd.DataFrame:
    """Return the books that have an owner.

    Parameters
    ----------
    table : DataFrame
        The result of `books`.
    """
    return table[table.index != NO_OWNER]


def quarters(today: dt.date) -> tuple[dt.date, ...]:
    """Return the first days of four quarters that start today.

    Examples
    --------
    >>> [day.isoformat() for day in quarters(dt.date(2026, 11, 27))]
    ['2026-11-27', '2027-02-27', '2027-05-27', '2027-08-27']
    """
    return tuple(_in_months(today, q * 12 // QUARTERS) for q in range(QUARTERS))


def _in_months(today: dt.date, months: int) -> dt.date:
    import pandas as pd

    return (pd.Timestamp(today) + pd.DateOffset(months=months)).date()


def _book(accounts: pd.DataFrame, hours: pd.Series[float], today: dt.date) -> dict[str, Any]:
    import pandas as pd

    arr = accounts["arr"].to_numpy(dtype=np.float64)
    total = float(arr.sum())
    shares = arr / total if total > 0 else np.zeros_like(arr)
    hhi = float((shares**2).sum())
    dated, started = accounts["renewal"].notna(), accounts["start"].notna()
    quarter = _quarters(accounts["renewal"], today)
    due = [float(arr[quarter == q].sum()) if dated.any() else math.nan for q in range(QUARTERS)]
    mean = sum(due) / QUARTERS
    age = (pd.Timestamp(today) - accounts["start"]).dt.days
    return {
        "accounts": float(len(arr)),
        "arr": total,
        "largest_share": float(shares.max()),
        "hhi": hhi,
        "effective": 1.0 / hhi if hhi > 0 else math.nan,
        **{f"due_{q + 1}": float((quarter == q).sum()) if dated.any() else math.nan for q in range(QUARTERS)},
        **{f"due_arr_{q + 1}": due[q] for q in range(QUARTERS)},
        "cv_due": float(np.std(due)) / mean if mean > 0 else math.nan,
        "empty_quarters": float(sum(amount == 0 for amount in due)) if dated.any() else math.nan,
        "overdue": float((accounts["renewal"] < pd.Timestamp(today)).sum()),
        "later": float((dated & (accounts["renewal"] >= pd.Timestamp(today)) & (quarter < 0)).sum()),
        "undated": float((~dated).sum()),
        "first_year": float(((age >= 0) & (age < 365)).sum()) if started.any() else math.nan,
        "unstarted": float((~started).sum()),
        "hours": float(hours.sum(skipna=False)),
    }


def _quarters(renewals: pd.Series[Any], today: dt.date) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the quarter of each renewal, from 0; -1 if it is in none of the four."""
    bounds = np.array([*quarters(today), _in_months(today, 12)], dtype="datetime64[D]")
    days: np.ndarray[Any, np.dtype[np.datetime64]] = np.asarray(renewals, dtype="datetime64[D]")
    # numpy sorts a missing date after all others.
    places: np.ndarray[Any, np.dtype[np.int64]] = np.asarray(np.searchsorted(bounds, days, side="right"), np.int64) - 1
    return np.where(np.isnat(days) | (places >= QUARTERS), -1, places)


@dataclass(frozen=True, slots=True)
class BookSpread:
    """Differences between books in one column.

    Attributes
    ----------
    mean, sd, low, high : float
        Mean, standard deviation, lowest and highest value.
    ratio : float
        Highest over lowest; infinite if the lowest is 0.
    """

    mean: float
    sd: float
    low: float
    high: float
    ratio: float


def spread(table: pd.DataFrame, column: str = "arr") -> BookSpread:
    """Return how much the books with an owner differ in a column; NaN if no book has a value.

    Parameters
    ----------
    table : DataFrame
        The result of `books`.
    column : str

    Examples
    --------
    >>> import pandas as pd
    >>> differences = spread(pd.DataFrame({"arr": [100.0, 300.0]}))
    >>> differences.mean, differences.sd, differences.ratio
    (200.0, 100.0, 3.0)
    """
    values = owned_books(table)[column].dropna().to_numpy(dtype=np.float64)
    if not len(values):
        return BookSpread(math.nan, math.nan, math.nan, math.nan, math.nan)
    low, high = float(values.min()), float(values.max())
    return BookSpread(float(values.mean()), float(values.std()), low, high, high / low if low > 0 else math.inf)
