"""What it costs to raise people to a point of their bands, and how close the pay of two roles has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from compplan.arrays import FloatArray
from compplan.benchmarks.bands import PayBand
from compplan.benchmarks.errors import BenchmarkError
from compplan.benchmarks.ladders import SMALL, next_role
from compplan.benchmarks.placement import Bands, floats, groups
from compplan.money import minor_digits, to_minor

if TYPE_CHECKING:
    import pandas as pd

Target = Literal["minimum", "midpoint"] | float


def raised_pay(people: pd.DataFrame, to: Target) -> FloatArray:
    """Everybody's pay once nobody is below a point of the band.

    Parameters
    ----------
    people : DataFrame
        From `placed`.
    to : {'minimum', 'midpoint'} or float
        The low end, the middle, or a compa-ratio such as 0.90.

    Returns
    -------
    ndarray of float64 [currency a year]
        Pay as it is for whoever is there already or has no place in a band; for the others the point, rounded up
        where the minor unit of the currency does not hit it.
    """
    pay, aim = floats(people, "pay"), _aim(people, to)
    keys, row_of = groups(people, ["currency"])
    digits = np.array([_digits(currency) for (currency,) in keys], dtype=np.int64)[row_of]
    for places in np.unique(digits):
        here = digits == places
        exact = aim[here]
        rounded = to_minor(exact, int(places)) / 10.0**places
        aim[here] = np.where(rounded < exact, (to_minor(exact, int(places)) + 1) / 10.0**places, rounded)
    return np.where(pay < aim, aim, pay)


def raise_costs(people: pd.DataFrame, targets: Sequence[Target] = ("minimum", 0.90, "midpoint")) -> pd.DataFrame:
    """What it costs to raise everybody to a point of the band.

    Parameters
    ----------
    people : DataFrame
        From `placed`.
    targets : sequence
        As in `raised_pay`.

    Returns
    -------
    DataFrame
        One row a target and currency: ``to``, ``currency``, ``people`` placed, ``raised``, ``cost``, ``payroll``
        [currency a year] and ``share``, the cost over the payroll.

    Examples
    --------
    >>> import pandas as pd
    >>> from compplan.benchmarks import bands
    >>> from compplan.benchmarks.placement import place_people
    >>> team = pd.DataFrame({"role": "csm", "currency": "USD", "base": [70_000, 76_000, 90_000]})
    >>> raise_costs(place_people(team, {"csm": bands("csm", "base")[0]}))[["to", "raised", "cost"]]
                     to  raised     cost
    0           minimum       1   5000.0
    1  compa-ratio 0.90       2   7000.0
    2          midpoint       2  24000.0
    """
    import pandas as pd

    known = people[people["stands"] != ""]
    keys, row_of = groups(known, ["currency"])
    pay = floats(known, "pay")
    rows: list[dict[str, object]] = []
    for to in targets:
        more = raised_pay(known, to) - pay
        for number, (currency,) in enumerate(keys):
            here = row_of == number
            digits = _digits(currency)
            cost = float(to_minor(more[here].sum(), digits)) / 10.0**digits
            payroll = float(pay[here].sum())
            rows.append(
                {
                    "to": to if isinstance(to, str) else f"compa-ratio {to:.2f}",
                    "currency": currency,
                    "people": int(here.sum()),
                    "raised": int((more[here] > 0).sum()),
                    "cost": cost,
                    "payroll": payroll,
                    "share": cost / payroll if payroll else 0.0,
                }
            )
    columns = ["to", "currency", "people", "raised", "cost", "payroll", "share"]
    return pd.DataFrame(rows, columns=pd.Index(columns))


def compression(people: pd.DataFrame, bands: Bands) -> pd.DataFrame:
    """How close the pay of a role has come to that of the role above it.

    Parameters
    ----------
    people : DataFrame
        From `placed`.
    bands : Mapping
        Role to band, or (role, place) to band, as for `placed`.

    Returns
    -------
    DataFrame
        One row a role and currency with people in it and in the role above: ``role``, ``next_role``, ``currency``,
        ``people``, ``next_people``, ``mean_pay``, ``next_mean_pay`` [currency a year], ``progression``, ``reached``
        (how many are paid at least the low end of the next band, that of their own place where there is one; missing
        where there is no such band),
        ``overtaken`` (how many are paid more than somebody in the role above) and ``compressed``: whether the means
        lie less than 5% apart.

    Notes
    -----
    ``progression = next_mean_pay / mean_pay - 1``.
    """
    import pandas as pd

    known = people[people["stands"] != ""]
    keys, row_of = groups(known, ["role", "currency"])
    pay = floats(known, "pay")
    at = {key: pay[row_of == number] for number, key in enumerate(keys)}
    places = known["place"].astype(str).tolist() if "place" in known.columns else [""] * len(known)
    ends = cast("Mapping[str | tuple[str, str], PayBand]", bands)
    rows: list[dict[str, object]] = []
    for (role, currency), mine in at.items():
        above = next_role(role)
        theirs = at.get((above or "", currency))
        if above is None or theirs is None:
            continue
        here = np.flatnonzero(row_of == keys.index((role, currency))).tolist()
        next_bands = [ends.get((above, places[i]), ends.get(above)) for i in here]
        lows = np.array([band.low if band and band.currency == currency else np.nan for band in next_bands])
        progression = float(theirs.mean() / mine.mean() - 1)
        rows.append(
            {
                "role": role,
                "next_role": above,
                "currency": currency,
                "people": len(mine),
                "next_people": len(theirs),
                "mean_pay": float(mine.mean()),
                "next_mean_pay": float(theirs.mean()),
                "progression": progression,
                "reached": None if np.isnan(lows).all() else int((mine >= lows).sum()),
                "overtaken": int((mine > theirs.min()).sum()),
                "compressed": progression < SMALL,
            }
        )
    columns = ["role", "next_role", "currency", "people", "next_people", "mean_pay", "next_mean_pay"]
    frame = pd.DataFrame(rows, columns=pd.Index([*columns, "progression", "reached", "overtaken", "compressed"]))
    return frame.astype({"reached": "Int64"})


def _aim(people: pd.DataFrame, to: Target) -> FloatArray:
    if to == "minimum":
        return floats(people, "low").copy()
    if to == "midpoint":
        return floats(people, "midpoint").copy()
    if isinstance(to, str) or not 0 < to <= 2:
        raise BenchmarkError.at(
            "to", f"must be 'minimum', 'midpoint' or a compa-ratio above 0 and at most 2, got {to!r}."
        )
    return floats(people, "midpoint") * to


def _digits(currency: str) -> int:
    try:
        return minor_digits(currency)
    except ValueError:
        return 2
