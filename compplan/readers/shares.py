"""One cell as a share of pay: 20, 20%, 0.2 or 80/20, and what it is a share of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from compplan.readers.amounts import LONGEST
from compplan.readers.amounts import parse as parse_amount

ALLOWED = "Enter a percent such as 20, 20% or 0.2, or a mix such as 80/20."
_MOST = 3.0


@dataclass(frozen=True, slots=True)
class ParsedShare:
    """One cell, read as a share of pay.

    Attributes
    ----------
    value : float
        A fraction: 0.2 for 20%.
    written : str
        ``percent`` (20%), ``points`` (20), ``fraction`` (0.2), ``either`` (a number from 1 to 2, which can be
        points or a fraction; `value` is as points) or ``mix`` (80/20).
    of : str
        ``base`` or ``ote`` where the cell says it, as a mix does; otherwise empty.
    fault : str
        Why it can't be read; empty where it can be read.
    """

    value: float = 0.0
    written: str = "percent"
    of: str = ""
    fault: str = ""


def parse(text: str) -> ParsedShare:
    """Read one cell as a share of pay.

    Examples
    --------
    >>> [parse(text).value for text in ("20", "20%", "0.2", "20,5 %", "80/20")]
    [0.2, 0.2, 0.2, 0.205, 0.2]
    >>> parse("1").written, parse("70/20").fault
    ('either', 'The two parts do not add up to 100. Enter a percent such as 20, 20% or 0.2, or a mix...')
    """
    if len(text) > LONGEST:
        return ParsedShare(fault=f"The cell is not a percent. {ALLOWED}")
    plain = " ".join(text.split())
    mix = re.fullmatch(r"(\d{1,3}(?:[.,]\d+)?)\s*%?\s*[/:|–-]\s*(\d{1,3}(?:[.,]\d+)?)\s*%?", plain)
    if mix:
        base, variable = (float(part.replace(",", ".")) for part in mix.groups())
        if abs(base + variable - 100) > 1e-9:
            return ParsedShare(fault=f"The two parts do not add up to 100. {ALLOWED}")
        return ParsedShare(round(variable / 100, 9), "mix", "ote")
    basis = re.search(r"%\s*of (?:the )?(?:(ote|ttc|total)|(base|salary))\b", plain.casefold())
    of = "" if basis is None else "ote" if basis[1] else "base"
    body = plain[: basis.start() + 1] if basis else plain
    body = re.sub(r"\s*(?:pct|percent)\.?$", "%", body, flags=re.IGNORECASE)
    amount = parse_amount(body)
    if amount.fault or amount.signs or amount.per or amount.form not in {"plain", "continental", "about"}:
        return ParsedShare(fault=f"The cell is not a percent. {ALLOWED}")
    value = amount.value
    if amount.percent:
        share = ParsedShare(round(value / 100, 9), "percent", of)
    elif value < 1:
        share = ParsedShare(value, "fraction")
    else:
        share = ParsedShare(round(value / 100, 9), "points" if value >= 2 else "either")
    if share.value > _MOST or (of == "ote" and share.value >= 1):
        return ParsedShare(fault=f"The percent is too large. {ALLOWED}")
    return share
