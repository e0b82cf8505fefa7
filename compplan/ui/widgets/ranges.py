"""Ranges of amounts in few digits."""

from __future__ import annotations

import re

from compplan import formats

_DECIMALS = re.compile(r"(?<=\.)\d+(?=[kMB]?$)")
_UNIT = re.compile(r"[kMB]?$")


def money_range(low: float, high: float, currency: str) -> str:
    """Two amounts in brief with equally many decimals; more digits if they would look alike, one if both are the same.

    Examples
    --------
    >>> money_range(1_104_000, 1_131_000, "USD"), money_range(1_101_000, 1_102_000, "USD"), money_range(5, 5, "USD")
    ('$1.10M to $1.13M', '$1,101,000 to $1,102,000', '$5')
    """
    ends = [formats.brief_money(amount, currency) for amount in (low, high)]
    if ends[0] == ends[1] and round(low) != round(high):
        ends = [formats.money(amount, currency, 0) for amount in (low, high)]
    return " to ".join(dict.fromkeys(_aligned(*ends)))


def compact_range(low: float, high: float, currency: str) -> str:
    """Two amounts as a key figure: the currency sign and the unit appear once, with enough decimals to tell them apart.

    Examples
    --------
    >>> compact_range(1_104_000, 1_131_000, "USD"), compact_range(1_101_000, 1_102_000, "USD")
    ('$1.10–1.13M', '$1.101–1.102M')
    >>> compact_range(950_000, 1_100_000, "CHF"), compact_range(5, 5, "USD")
    ('CHF 950k–1.1M', '$5')
    """
    for digits in (None, 2, 3, 4, 5, 6):
        first, last = (formats.brief_money(amount, currency, digits) for amount in (low, high))
        if first != last:
            break
    else:
        return first
    first, last = _aligned(first, last)
    if low < 0:
        return f"{first} to {last}"
    unit = _UNIT.findall(last)[0]
    return f"{first.removesuffix(unit) if unit else first}–{last.removeprefix(formats.symbol(currency))}"


def _aligned(first: str, last: str) -> tuple[str, str]:
    """Two brief amounts with equally many decimals if their unit is the same."""
    if not _UNIT.findall(first)[0] == _UNIT.findall(last)[0] != "":
        return first, last
    places = max(_decimals(first), _decimals(last))
    return _padded(first, places), _padded(last, places)


def _decimals(text: str) -> int:
    decimals = _DECIMALS.search(text)
    return len(decimals[0]) if decimals else 0


def _padded(text: str, places: int) -> str:
    """A brief amount with this many decimals."""
    missing = places - _decimals(text)
    point = "." if missing and not _decimals(text) else ""
    return f"{text[:-1]}{point}{'0' * missing}{text[-1]}"
