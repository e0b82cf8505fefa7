"""Cost of raising pay to a point of the band, and pay compression between roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from compplan.arrays import FloatArray
from compplan.benchmarks.bands import PayBand
from compplan.benchmarks.errors import BenchmarkError
from compplan.benchmarks.ladders import SMALL, next_role
from compplan.benchmarks.placement import Bands, floats, groups, worked
from compplan.money import minor_digits, to_minor

if TYPE_CHECKING:
    import pandas as pd

Target = Literal["minimum", "midpoint"] | float


def raised_pay(people: pd.DataFrame, to: Target) -> FloatArray:
    """Return the pay of each person after raises to a point of the band.

    Parameters
    ----------
    people : DataFrame
        From `place_people`.
    to : {'minimum', 'midpoint'} or float
        Point of the band: low end, midpoint, or a compa-ratio such as 0.90.

    Returns
    -------
    ndarray of float64 [currency a year]
        Current pay for people who are at the point or above it, or have no band. For the others, the point, rounded
        up to the minor unit of the currency.
    """
    pay, target = floats(people, "pay"), _target_pay(people, to)
    keys, row_of = groups(people, ["currency"])
    digits = np.array([_digits(currency) for (currency,) in keys], dtype=np.int64)[row_of]
    for places in np.unique(digits):
        here = digits == places
        exact = target[here]
        rounded = to_minor(exact, int(places)) / 10.0**places
        target[here] = np.where(rounded < exact, (to_minor(exact, int(places)) + 1) / 10.0**places, rounded)
    return np.where(pay < target, target, pay)


def raise_costs(people: pd.DataFrame, targets: Sequence[Target] = ("minimum", 0.90, "midpoint")) -> pd.DataFrame:
    """Return the cost of raising everyone to a point of the band.

    Parameters
    ----------
    people : DataFrame
        From `place_people`.
    targets : sequence
        Points of the band, as in `raised_pay`.

    Returns
    -------
    DataFrame
        One row per target and currency: ``to``, ``currency``, ``people`` (with a band), ``raised``, ``cost``,
        ``payroll`` [currency a year] and ``share`` (cost divided by payroll).

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
    pay, share = floats(known, "pay"), worked(known)
    rows: list[dict[str, object]] = []
    for to in targets:
        # A raise costs part-time people's part of it.
        raises = (raised_pay(known, to) - pay) * share
        for number, (currency,) in enumerate(keys):
            here = row_of == number
            digits = _digits(currency)
            cost = float(to_minor(raises[here].sum(), digits)) / 10.0**digits
            payroll = float((pay * share)[here].sum())
            rows.append(
                {
                    "to": to if isinstance(to, str) else f"compa-ratio {to:.2f}",
                    "currency": currency,
                    "people": int(here.sum()),
                    "raised": int((raises[here] > 0).sum()),
                    "cost": cost,
                    "payroll": payroll,
                    "share": cost / payroll if payroll else 0.0,
                }
            )
    columns = ["to", "currency", "people", "raised", "cost", "payroll", "share"]
    return pd.DataFrame(rows, columns=pd.Index(columns))


def compression(people: pd.DataFrame, bands: Bands) -> pd.DataFrame:
    """Compare the pay of each role with the pay of the role above it.

    Parameters
    ----------
    people : DataFrame
        From `place_people`.
    bands : Mapping
        Role to band, or (role, place) to band, as in `place_people`.

    Returns
    -------
    DataFrame
        One row per role and currency with people in the role and in the one above: ``role``, ``next_role``,
        ``currency``, ``people``, ``next_people``, ``mean_pay``, ``next_mean_pay`` [currency a year], ``progression``,
        ``reached`` (number of people paid at least the low end of the next band, in their own place if it has a band;
        missing if there is no such band), ``overtaken`` (number of people paid more than someone in the role above) and
        ``compressed`` (whether the progression is below 5%).

    Notes
    -----
    ``progression = next_mean_pay / mean_pay - 1``.
    """
    import pandas as pd

    known = people[people["stands"] != ""]
    keys, row_of = groups(known, ["role", "currency"])
    pay = floats(known, "pay")
    pay_by_group = {key: pay[row_of == number] for number, key in enumerate(keys)}
    places = known["place"].astype(str).tolist() if "place" in known.columns else [""] * len(known)
    bands_by_key = cast("Mapping[str | tuple[str, str], PayBand]", bands)
    rows: list[dict[str, object]] = []
    for (role, currency), role_pay in pay_by_group.items():
        above = next_role(role)
        next_pay = pay_by_group.get((above or "", currency))
        if above is None or next_pay is None:
            continue
        here = np.flatnonzero(row_of == keys.index((role, currency))).tolist()
        next_bands = [bands_by_key.get((above, places[i]), bands_by_key.get(above)) for i in here]
        lows = np.array([band.low if band and band.currency == currency else np.nan for band in next_bands])
        progression = float(next_pay.mean() / role_pay.mean() - 1)
        rows.append(
            {
                "role": role,
                "next_role": above,
                "currency": currency,
                "people": len(role_pay),
                "next_people": len(next_pay),
                "mean_pay": float(role_pay.mean()),
                "next_mean_pay": float(next_pay.mean()),
                "progression": progression,
                "reached": None if np.isnan(lows).all() else int((role_pay >= lows).sum()),
                "overtaken": int((role_pay > next_pay.min()).sum()),
                "compressed": progression < SMALL,
            }
        )
    columns = ["role", "next_role", "currency", "people", "next_people", "mean_pay", "next_mean_pay"]
    frame = pd.DataFrame(rows, columns=pd.Index([*columns, "progression", "reached", "overtaken", "compressed"]))
    return frame.astype({"reached": "Int64"})


def _target_pay(people: pd.DataFrame, to: Target) -> FloatArray:
    if to == "minimum":
        return floats(people, "low").copy()
    if to == "midpoint":
        return floats(people, "midpoint").copy()
    if isinstance(to, str) or not 0 < to <= 2:
        raise BenchmarkError.at(
            "to", f"must be 'minimum', 'midpoint' or a compa-ratio above 0 and at most 2. You entered {to!r}."
        )
    return floats(people, "midpoint") * to


def _digits(currency: str) -> int:
    try:
        return minor_digits(currency)
    except ValueError:
        return 2
