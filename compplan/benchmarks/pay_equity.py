"""Pay of groups side by side, within one level, and never of so few that a person shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from compplan.benchmarks.errors import BenchmarkError
from compplan.benchmarks.placement import floats, groups

if TYPE_CHECKING:
    import pandas as pd

# No figure is shown for fewer people than this.
LEAST = 5

NOT_GIVEN = "not given"


def pay_gaps(
    roster: pd.DataFrame,
    by: str,
    level: str = "role",
    pay: str = "base",
    reference: str | None = None,
    least: int = LEAST,
) -> pd.DataFrame:
    """Mean pay of groups within each level, and its ratio to one of them.

    Parameters
    ----------
    roster : DataFrame
        One row a person, with ``currency`` and the columns named here.
    by : str
        The column that makes the groups.
    level : str
        The column within which they are compared.
    pay : str
        The column of pay [currency a year]. People without pay are not counted.
    reference : str, optional
        The group that the others are set against; in each level the largest that is shown, unless said otherwise.
    least : int
        Fewest people for whom a figure is shown; not less than five.

    Returns
    -------
    DataFrame
        One row a level, currency and group: ``level``, ``currency``, ``group``, ``people``, ``mean_pay``, ``ratio``,
        ``reference`` and ``withheld``. Of a group that is too small everything but its name is missing; there is no
        ratio in a level without the reference.

    Raises
    ------
    BenchmarkError
        If a column is missing, pay is no number, or `least` is below five.

    Notes
    -----
    ``ratio = mean pay of the group / mean pay of the reference``. It compares like with like only as far as the level
    does: length of service, place and performance stay in it.

    Examples
    --------
    >>> import pandas as pd
    >>> team = pd.DataFrame(
    ...     {
    ...         "role": "csm",
    ...         "currency": "USD",
    ...         "sex": ["f"] * 5 + ["m"] * 6 + ["x"],
    ...         "base": [81_000] * 5 + [90_000] * 7,
    ...     }
    ... )
    >>> pay_gaps(team, by="sex")[["group", "people", "ratio", "withheld"]]
      group people  ratio  withheld
    0     f      5    0.9     False
    1     m      6    1.0     False
    2     x   <NA>    NaN      True
    """
    import pandas as pd

    if least < LEAST:
        raise BenchmarkError.at(
            "least", f"must be at least {LEAST}, so that nobody's pay can be identified. You entered {least}."
        )
    amounts = floats(roster, pay)
    known, amounts = roster[~np.isnan(amounts)], amounts[~np.isnan(amounts)]
    keys, row_of = groups(known, [level, "currency", by])
    counts = np.bincount(row_of, minlength=len(keys))
    mean = np.bincount(row_of, weights=amounts, minlength=len(keys)) / np.maximum(counts, 1)
    shown = counts >= least
    against = _references(keys, counts, shown, reference)
    base = np.array([mean[one] if one is not None else np.nan for one in against], dtype=np.float64)
    return pd.DataFrame(
        {
            "level": [key[0] for key in keys],
            "currency": [key[1] for key in keys],
            "group": [key[2] or NOT_GIVEN for key in keys],
            "people": pd.array([int(n) if show else None for n, show in zip(counts, shown, strict=True)], "Int64"),
            "mean_pay": np.where(shown, mean, np.nan),
            "ratio": np.where(shown, mean / base, np.nan),
            "reference": [keys[one][2] or NOT_GIVEN if one is not None else "" for one in against],
            "withheld": ~shown,
        }
    )


def _references(
    keys: list[tuple[str, ...]], counts: np.ndarray, shown: np.ndarray, reference: str | None
) -> list[int | None]:
    """For each group, which one it is set against."""
    chosen: dict[tuple[str, ...], int] = {}
    for number, (*level, group) in enumerate(keys):
        if not shown[number] or (reference is not None and (group or NOT_GIVEN) != reference):
            continue
        best = chosen.get(tuple(level))
        if best is None or counts[number] > counts[best]:
            chosen[tuple(level)] = number
    return [chosen.get(key[:-1]) for key in keys]
