"""What the books of a file answer of a review's questions, without the name of anybody."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

from compplan.capacity.books import QUARTERS, owned_books

if TYPE_CHECKING:
    import pandas as pd

_WHOLE = ("accounts", "first_year")
_PLACES = {"arr": 0, "mean_acv": 0, "largest_share": 4, "utilisation": 4}


def review_answers(found: pd.DataFrame) -> dict[str, Any]:
    r"""What a review asks of books of accounts, as part of a context.

    Parameters
    ----------
    found : DataFrame
        As `books` has them.

    Returns
    -------
    dict
        ``book``, the mean of all books, and ``books``, one each, from the largest to the smallest ARR so that the order
        tells nobody's name. What the file does not tell whole is left out: what is due where a renewal date is missing
        or past, first years where a start is missing, utilisation without hours.

    Examples
    --------
    >>> import datetime as dt
    >>> from compplan.capacity import books, read_accounts
    >>> data = b"Account,CSM,ARR\nA,E1,300\nB,E1,100\nC,E2,100\n"
    >>> told = review_answers(books(read_accounts(data, "a.csv").accounts, today=dt.date(2026, 1, 1)))
    >>> told["book"]
    {'accounts': 2, 'arr': 250, 'mean_acv': 125, 'largest_share': 0.875}
    >>> [book["accounts"] for book in told["books"]]
    [2, 1]
    """
    known = owned_books(found).copy()
    if known.empty:
        return {}
    due = [f"due_arr_{q + 1}" for q in range(QUARTERS)]
    known.loc[(known["undated"] > 0) | (known["overdue"] > 0), due] = math.nan
    known.loc[known["unstarted"] > 0, "first_year"] = math.nan
    known["mean_acv"] = known["arr"] / known["accounts"]
    each = known.sort_values(["arr", "accounts"], ascending=False, kind="stable")
    mean = cast("pd.Series[float]", known.mean(skipna=False))
    mean["accounts"] = max(1, round(mean["accounts"]))
    mean["mean_acv"] = mean["arr"] / mean["accounts"]  # of so many, so that the two make the book
    return {"book": _book(mean), "books": [_book(row) for _, row in each.iterrows()]}


def _book(row: pd.Series[Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name in ("accounts", "arr", "mean_acv", "largest_share", "first_year", "utilisation"):
        value = float(row[name])
        if math.isnan(value):
            continue
        told[name] = round(value) if name in _WHOLE or not _PLACES[name] else round(value, _PLACES[name])
    due = [float(row[f"due_arr_{q + 1}"]) for q in range(QUARTERS)]
    if not any(map(math.isnan, due)):
        told["due"] = [round(amount) for amount in due]
    return told
