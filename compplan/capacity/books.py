"""The book of each owner: how large, how concentrated, what comes due, and who is above a ceiling."""

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
NOBODY = ""  # who owns what has no owner
_Limit = Annotated[float, Strict(), Field(gt=0, le=1e12, allow_inf_nan=False)]
CEILINGS = {"accounts": "accounts", "arr": "ARR", "hours": "hours"}  # what may be limited, and how it is called


class Ceiling(CapacityInput):
    """The most that one person may look after; what is left out has no ceiling.

    Examples
    --------
    >>> Ceiling(accounts=14.0).of_kind("accounts"), Ceiling().of_kind("arr")
    (14.0, None)
    """

    accounts: _Limit | None = Field(default=None, description="Accounts.")
    arr: _Limit | None = Field(default=None, description="ARR a year.")
    hours: _Limit | None = Field(default=None, description="Hours a year.")

    def of_kind(self, kind: str) -> float | None:
        """The ceiling of a kind: ``accounts``, ``arr`` or ``hours``."""
        found: float | None = getattr(self, kind)
        return found


def one_currency(accounts: pd.DataFrame) -> str:
    """The currency of all accounts; empty where none is named.

    Raises
    ------
    CapacityError
        If there are several: they are never added.
    """
    named = sorted({str(code) for code in accounts["currency"] if code})
    if len(named) > 1:
        raise CapacityError(
            [Problem("currency", f"amounts of {', '.join(named)} are never added; give one file for each.")]
        )
    return named[0] if named else ""


def hours_of(accounts: pd.DataFrame, hours: Mapping[str, float] | None) -> pd.Series[float]:
    """Hours of each account by its segment; NaN where its segment has none.

    Parameters
    ----------
    hours : Mapping of str to float [hours a year], optional
        By segment; the entry ``""`` is for all others.
    """
    import pandas as pd

    known = hours or {}
    other = known.get("", math.nan)
    return pd.Series([known.get(str(s), other) for s in accounts["segment"]], index=accounts.index, dtype=float)


def books(
    accounts: pd.DataFrame,
    *,
    today: dt.date,
    ceiling: Ceiling | None = None,
    hours: Mapping[str, float] | None = None,
    available: float | None = None,
) -> pd.DataFrame:
    r"""One row for each owner, by owner.

    Parameters
    ----------
    accounts : DataFrame
        As `AccountsReading.accounts` has them.
    today : date
        The first day of the first of the four quarters of a year that are looked at.
    ceiling : Ceiling, optional
    hours : Mapping of str to float [hours a year], optional
        Of one account, by segment.
    available : float [hours a year], optional
        Of one person.

    Returns
    -------
    DataFrame
        ``accounts``, ``arr`` [currency a year], ``largest_share`` [fraction], ``hhi`` (sum of squared shares),
        ``effective`` (1 / hhi), ``due_1`` to ``due_4`` and ``due_arr_1`` to ``due_arr_4`` (accounts and ARR due in each
        quarter), ``cv_due`` (standard deviation over mean of ARR due), ``empty_quarters``, ``overdue``, ``later`` and
        ``undated`` (accounts with a renewal date before today, beyond the four quarters, and without one),
        ``first_year`` (accounts that began in the year before), ``unstarted`` (accounts without a start), ``hours``,
        ``utilisation``, and for each ceiling ``over_<kind>``, by how much it is exceeded. What is due is NaN in a book
        without any renewal date, ``first_year`` in one without any start. Accounts that nobody owns are in the row
        ``""``, which is above no ceiling.

    Raises
    ------
    CapacityError
        If the accounts are in several currencies.

    Notes
    -----
    With ``u_i`` the share of account i in the ARR of its book, ``HHI = sum(u_i ** 2)`` and the effective number of
    accounts is ``1 / HHI``.

    Examples
    --------
    >>> from compplan.capacity.accounts import read_accounts
    >>> data = b"Account,CSM,ARR\nA,E1,300\nB,E1,100\nC,E2,100\n"
    >>> found = books(read_accounts(data, "a.csv").accounts, today=dt.date(2026, 1, 1), ceiling=Ceiling(accounts=1.0))
    >>> found.loc["E1", ["accounts", "arr", "largest_share", "effective", "over_accounts"]].tolist()
    [2.0, 400.0, 0.75, 1.6, 1.0]
    """
    import pandas as pd

    one_currency(accounts)
    limits = ceiling or Ceiling()
    each = hours_of(accounts, hours)
    rows = {
        str(owner): _book(held, each.loc[held.index], today) for owner, held in accounts.groupby("owner", sort=True)
    }
    made = pd.DataFrame.from_dict(rows, orient="index")
    made.index.name = "owner"
    if made.empty:
        return made
    made["utilisation"] = made["hours"] / available if available else math.nan
    for kind in CEILINGS:
        most = limits.of_kind(kind)
        over = (made[kind] - most).clip(lower=0.0) if most is not None else 0.0
        made[f"over_{kind}"] = np.nan_to_num(over) if most is not None else 0.0
        made.loc[made.index == NOBODY, f"over_{kind}"] = 0.0
    return made


def owned_books(found: pd.DataFrame) -> pd.DataFrame:
    """The books that somebody has."""
    return found[found.index != NOBODY]


def quarters(today: dt.date) -> tuple[dt.date, ...]:
    """The first days of the four quarters of a year that are looked at.

    Examples
    --------
    >>> [day.isoformat() for day in quarters(dt.date(2026, 11, 27))]
    ['2026-11-27', '2027-02-27', '2027-05-27', '2027-08-27']
    """
    return tuple(_in_months(today, q * 12 // QUARTERS) for q in range(QUARTERS))


def _in_months(today: dt.date, months: int) -> dt.date:
    import pandas as pd

    return (pd.Timestamp(today) + pd.DateOffset(months=months)).date()


def _book(held: pd.DataFrame, hours: pd.Series[float], today: dt.date) -> dict[str, Any]:
    import pandas as pd

    arr = held["arr"].to_numpy(dtype=np.float64)
    total = float(arr.sum())
    shares = arr / total if total > 0 else np.zeros_like(arr)
    hhi = float((shares**2).sum())
    dated, begun = held["renewal"].notna(), held["start"].notna()
    quarter = _quarters(held["renewal"], today)
    due = [float(arr[quarter == q].sum()) if dated.any() else math.nan for q in range(QUARTERS)]
    mean = sum(due) / QUARTERS
    age = (pd.Timestamp(today) - held["start"]).dt.days
    return {
        "accounts": float(len(arr)),
        "arr": total,
        "largest_share": float(shares.max()),
        "hhi": hhi,
        "effective": 1.0 / hhi if hhi > 0 else math.nan,
        **{f"due_{q + 1}": float((quarter == q).sum()) if dated.any() else math.nan for q in range(QUARTERS)},
        **{f"due_arr_{q + 1}": due[q] for q in range(QUARTERS)},
        "cv_due": float(np.std(due)) / mean if mean > 0 else math.nan,
        "empty_quarters": float(sum(d == 0 for d in due)) if dated.any() else math.nan,
        "overdue": float((held["renewal"] < pd.Timestamp(today)).sum()),
        "later": float((dated & (held["renewal"] >= pd.Timestamp(today)) & (quarter < 0)).sum()),
        "undated": float((~dated).sum()),
        "first_year": float(((age >= 0) & (age < 365)).sum()) if begun.any() else math.nan,
        "unstarted": float((~begun).sum()),
        "hours": float(hours.sum(skipna=False)),
    }


def _quarters(renewals: pd.Series[Any], today: dt.date) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Which of the four quarters each renewal falls in, from 0; -1 where in none."""
    bounds = np.array([*quarters(today), _in_months(today, 12)], dtype="datetime64[D]")
    days: np.ndarray[Any, np.dtype[np.datetime64]] = np.asarray(renewals, dtype="datetime64[D]")
    # What has no date is sorted last.
    found: np.ndarray[Any, np.dtype[np.int64]] = np.asarray(np.searchsorted(bounds, days, side="right"), np.int64) - 1
    return np.where(np.isnat(days) | (found >= QUARTERS), -1, found)


@dataclass(frozen=True, slots=True)
class BookSpread:
    """How far books differ in something.

    Attributes
    ----------
    mean, sd, low, high : float
    ratio : float
        Highest over lowest; infinite where the lowest is nothing.
    """

    mean: float
    sd: float
    low: float
    high: float
    ratio: float


def spread(found: pd.DataFrame, column: str = "arr") -> BookSpread:
    """How far the books differ that somebody has; NaN where nothing is known of any.

    Examples
    --------
    >>> import pandas as pd
    >>> seen = spread(pd.DataFrame({"arr": [100.0, 300.0]}))
    >>> seen.mean, seen.sd, seen.ratio
    (200.0, 100.0, 3.0)
    """
    values = owned_books(found)[column].dropna().to_numpy(dtype=np.float64)
    if not len(values):
        return BookSpread(math.nan, math.nan, math.nan, math.nan, math.nan)
    low, high = float(values.min()), float(values.max())
    return BookSpread(float(values.mean()), float(values.std()), low, high, high / low if low > 0 else math.inf)
