"""Pay gaps between groups at the same level, without figures for small groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from compplan.benchmarks.errors import BenchmarkError
from compplan.benchmarks.placement import floats, groups

if TYPE_CHECKING:
    import pandas as pd

# Figures for fewer people could reveal the pay of one person.
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
    """Compare the mean pay of groups within each level.

    Parameters
    ----------
    roster : DataFrame
        One row per person, with ``currency`` and the columns named by the parameters below.
    by : str
        Column with the groups, such as ``sex``.
    level : str
        Column with the level. Groups are compared only within a level.
    pay : str
        Column with pay [currency a year]. People without pay are not counted.
    reference : str, optional
        Group that the others are compared with. Default: the largest group with a figure, in each level.
    least : int
        Minimum group size for a figure; at least 5.

    Returns
    -------
    DataFrame
        One row per level, currency and group: ``level``, ``currency``, ``group``, ``people``, ``mean_pay``, ``ratio``,
        ``reference`` and ``withheld``. A group that is too small has a name and no figures. A level without the
        reference group has no ratios.

    Raises
    ------
    BenchmarkError
        If a column is missing, pay is not a number, or `least` is below 5.

    Notes
    -----
    ``ratio = mean pay of the group / mean pay of the reference``. The ratio is adjusted for level only:
    differences in tenure, location and performance remain in it.

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
    reference_rows = _references(keys, counts, shown, reference)
    reference_mean = np.array([mean[one] if one is not None else np.nan for one in reference_rows], dtype=np.float64)
    return pd.DataFrame(
        {
            "level": [key[0] for key in keys],
            "currency": [key[1] for key in keys],
            "group": [key[2] or NOT_GIVEN for key in keys],
            "people": pd.array([int(n) if show else None for n, show in zip(counts, shown, strict=True)], "Int64"),
            "mean_pay": np.where(shown, mean, np.nan),
            "ratio": np.where(shown, mean / reference_mean, np.nan),
            "reference": [keys[one][2] or NOT_GIVEN if one is not None else "" for one in reference_rows],
            "withheld": ~shown,
        }
    )


def _references(
    keys: list[tuple[str, ...]], counts: np.ndarray, shown: np.ndarray, reference: str | None
) -> list[int | None]:
    """Return the number of the reference group for each group; None if its level has none."""
    chosen: dict[tuple[str, ...], int] = {}
    for number, (*level, group) in enumerate(keys):
        if not shown[number] or (reference is not None and (group or NOT_GIVEN) != reference):
            continue
        best = chosen.get(tuple(level))
        if best is None or counts[number] > counts[best]:
            chosen[tuple(level)] = number
    return [chosen.get(key[:-1]) for key in keys]
