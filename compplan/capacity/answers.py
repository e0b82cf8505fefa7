"""Answers to the questions of a review from books of business, without names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

from compplan.capacity.books import QUARTERS, owned_books

if TYPE_CHECKING:
    import pandas as pd

# Decimals of each answer. Amounts of 1,000 or more are whole; smaller ones keep their cents, so that accounts times
# mean ACV is the book.
_DECIMALS = {"accounts": 0, "arr": 2, "mean_acv": 2, "largest_share": 4, "first_year": 0, "utilisation": 4}


def review_answers(table: pd.DataFrame) -> dict[str, Any]:
    r"""Return answers to a review's questions about books of business, for `compplan.review.Context`.

    Parameters
    ----------
    table : DataFrame
        The result of `compplan.capacity.books`.

    Returns
    -------
    dict
        ``book`` is the mean of all books. ``books`` has one entry per book, largest ARR first, so that the order
        doesn't reveal names. Answers that the file gives only in part are left out: ARR due if a renewal date is
        missing or past, first-year accounts if a start date is missing, utilization without hours.

    Examples
    --------
    >>> import datetime as dt
    >>> from compplan.capacity import books, read_accounts
    >>> data = b"Account,CSM,ARR\nA,E1,300\nB,E1,100\nC,E2,100\n"
    >>> answers = review_answers(books(read_accounts(data, "a.csv").accounts, today=dt.date(2026, 1, 1)))
    >>> answers["book"]
    {'accounts': 2, 'arr': 250, 'mean_acv': 125, 'largest_share': 0.875}
    >>> [book["accounts"] for book in answers["books"]]
    [2, 1]
    """
    owned = owned_books(table).copy()
    if owned.empty:
        return {}
    due = [f"due_arr_{q + 1}" for q in range(QUARTERS)]
    owned.loc[(owned["undated"] > 0) | (owned["overdue"] > 0), due] = math.nan
    owned.loc[owned["unstarted"] > 0, "first_year"] = math.nan
    owned["mean_acv"] = owned["arr"] / owned["accounts"]
    ordered = owned.sort_values(["arr", "accounts"], ascending=False, kind="stable")
    mean = cast("pd.Series[float]", owned.mean(skipna=False))
    mean["accounts"] = max(1, round(mean["accounts"]))
    mean["mean_acv"] = mean["arr"] / mean["accounts"]  # so that accounts times mean ACV is the ARR
    return {"book": _book(mean), "books": [_book(row) for _, row in ordered.iterrows()]}


def _book(row: pd.Series[Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for name, decimals in _DECIMALS.items():
        value = float(row[name])
        if not math.isnan(value):
            rounded = round(value, 0 if abs(value) >= 1_000 else decimals)
            answers[name] = int(rounded) if rounded.is_integer() else rounded
    due = [float(row[f"due_arr_{q + 1}"]) for q in range(QUARTERS)]
    if not any(map(math.isnan, due)):
        answers["due"] = [round(amount) for amount in due]
    return answers
