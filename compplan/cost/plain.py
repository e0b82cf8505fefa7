"""Plain data for JSON from the tables and sums of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as dictionaries; a missing value is None."""
    table = frame.astype(object).where(frame.notna(), None)
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


def without_noise(amount: float) -> float:
    """A sum of amounts without the error of binary fractions; no currency has more than four decimals.

    Examples
    --------
    >>> without_noise(0.1 + 0.2), without_noise(-0.0)
    (0.3, 0.0)
    """
    return round(amount, 6) + 0.0
