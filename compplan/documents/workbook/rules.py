"""Rules of the calculation that are not plain arithmetic, each as one formula.

They equal those of `compplan.money` and `compplan.payout.engine` and use only functions that Excel 2016, LibreOffice
and Google Sheets share.
"""

from __future__ import annotations

import numpy as np

from compplan.curves import TOLERANCE
from compplan.documents.workbook.terms import Term, if_, most, power_of_ten, size, term
from compplan.money import SNAP


def to_money(amount: Term, digits: int) -> Term:
    """An amount in whole minor units of its currency, half away from zero, as `compplan.money.to_minor`.

    Examples
    --------
    >>> amount = to_money(term(-2.675), 2)
    >>> amount.text, amount.value.tolist()
    ('TRUNC((-2.675)*100+SIGN(-2.675)*0.5000005)/100', [-2.68])
    """
    scale = 10.0**digits
    units = amount.value * scale
    value = np.trunc(units + np.sign(amount.value) * (0.5 + SNAP / 2)) / scale + 0.0
    scaled, back = (f"*{scale:.0f}", f"/{scale:.0f}") if digits else ("", "")
    snap = f"{0.5 + SNAP / 2:.7f}"
    return Term(f"TRUNC({amount.tight}{scaled}+SIGN({amount.text})*{snap}){back}", value, loose=True)


def clean(amount: Term, digits: int) -> Term:
    """A sum of whole minor units, without the error of binary fractions."""
    scale = 10.0**digits
    value = np.rint(amount.value * scale) / scale + 0.0
    return Term(f"ROUND({amount.text},{digits})", value)


def half_up(x: Term, decimals: Term) -> Term:
    """A result rounded half up to some decimals; unchanged if the cell of the decimals is empty."""
    if bool(np.isnan(decimals.value).all()):
        value = x.value
    else:
        scale = 10.0**decimals.value
        scaled_value = x.value * scale
        slack = np.minimum(TOLERANCE * np.maximum(1.0, np.abs(scaled_value)), 1e-6)
        value = np.floor(scaled_value + 0.5 + slack) / scale
    scaled = f"{x.tight}*{power_of_ten(decimals).text}"
    slack = f"MIN({term(TOLERANCE).text}*MAX(1,ABS({scaled})),0.000001)"
    rounded = f"INT({scaled}+0.5+{slack})/{power_of_ten(decimals).text}"
    return Term(f"IF({decimals.empty.text},{x.text},{rounded})", value)


def slack_of(knot: Term) -> Term:
    """Distance from a limit within which a result counts as equal to it."""
    return term(TOLERANCE) * most(1, size(knot))


def reaches(value: Term, limit: Term, *, at_least: bool) -> Term:
    """1 if a result passes a limit, or is within the tolerance of it; else 0."""
    passed = value >= limit - slack_of(limit) if at_least else value <= limit + slack_of(limit)
    return if_(passed, 1, 0)
