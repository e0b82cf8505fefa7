"""Ranges of amounts in few digits."""

from __future__ import annotations

import re

from compplan import formats

_DECIMALS = re.compile(r"(?<=\.)\d+(?=[kMB]?$)")
_UNIT = re.compile(r"[kMB]?$")


def money_range(low: float, high: float, currency: str) -> str:
    """Two amounts in brief with equally many decimals; more digits if they would look alike, one if they are equal.

    Examples
    --------
    >>> money_range(1_104_000, 1_131_000, "USD"), money_range(1_101_000, 1_102_000, "USD"), money_range(5, 5, "USD")
    ('$1.10M to $1.13M', '$1,101,000 to $1,102,000', '$5')
    """
    ends = [formats.brief_money(amount, currency) for amount in (low, high)]
    if ends[0] == ends[1]:
        ends = [formats.money(amount, currency, 0) for amount in (low, high)]
    elif _UNIT.findall(ends[0])[0] == _UNIT.findall(ends[1])[0] != "":
        places = max(_decimals(end) for end in ends)
        ends = [_padded(end, places) for end in ends]
    return " to ".join(dict.fromkeys(ends))


def _decimals(text: str) -> int:
    decimals = _DECIMALS.search(text)
    return len(decimals[0]) if decimals else 0


def _padded(text: str, places: int) -> str:
    """A brief amount with this many decimals."""
    missing = places - _decimals(text)
    point = "." if missing and not _decimals(text) else ""
    return f"{text[:-1]}{point}{'0' * missing}{text[-1]}"
