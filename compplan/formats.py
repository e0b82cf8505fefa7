"""Format and read numbers: money, percents, days, results; used by tables, charts, statements and pages."""

from __future__ import annotations

import datetime as dt
import functools
import math
import re

from babel.numbers import get_currency_symbol

from compplan.measures import Measure
from compplan.money import minor_digits

MINUS = "\u2212"


@functools.cache
def symbol(currency: str) -> str:
    """The symbol of a currency, followed by a space where it is made of letters.

    Examples
    --------
    >>> symbol("USD"), symbol("EUR"), symbol("CHF")
    ('$', '€', 'CHF ')
    """
    sign = get_currency_symbol(currency, locale="en_US")
    return f"{sign} " if sign[-1:].isalpha() else sign


def _signed(text: str, value: float) -> str:
    return f"{MINUS}{text}" if value < 0 and any(c in "123456789" for c in text) else text


def money(amount: float, currency: str, digits: int | None = None) -> str:
    """An amount to the minor unit.

    Examples
    --------
    >>> money(82500, "USD"), money(-0.5, "USD"), money(82500.4, "JPY")
    ('$82,500.00', '−$0.50', '¥82,500')
    """
    if not math.isfinite(amount):
        return "no limit"
    places = minor_digits(currency) if digits is None else digits
    return _signed(f"{symbol(currency)}{abs(amount):,.{places}f}", amount)


def brief_money(amount: float, currency: str, digits: int | None = None) -> str:
    """A short amount, for headlines and axes; thousands have at most one decimal and millions two, or `digits`.

    Examples
    --------
    >>> (
    ...     brief_money(82500, "USD"),
    ...     brief_money(1437000, "USD"),
    ...     brief_money(950, "USD"),
    ...     brief_money(105000, "EUR"),
    ... )
    ('$82.5k', '$1.44M', '$950', '€105k')
    """
    if not math.isfinite(amount):
        return "no limit"
    size = abs(amount)
    for floor, unit, suffix, places in ((999_950, 1e6, "M", 2), (1_000, 1e3, "k", 1)):
        if size >= floor:
            text = f"{size / unit:.{places if digits is None else digits}f}"
            text = text.rstrip("0").removesuffix(".") if "." in text else text
            return _signed(f"{symbol(currency)}{text}{suffix}", amount)
    return _signed(f"{symbol(currency)}{size:,.0f}", amount)


def plain_number(value: float, places: int = 4) -> str:
    """A number without false decimals.

    Examples
    --------
    >>> plain_number(4.5), plain_number(61000), plain_number(0.123456), plain_number(-3)
    ('4.5', '61,000', '0.1235', '−3')
    """
    text = f"{abs(value):,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return _signed(text, value)


def percent(fraction: float, places: int = 2) -> str:
    """A fraction as a percent without false decimals.

    Examples
    --------
    >>> percent(0.45), percent(0.5625), percent(1.483333), percent(-0.125)
    ('45%', '56.25%', '148.33%', '−12.5%')
    """
    if not math.isfinite(fraction):
        return "no limit"
    return f"{plain_number(fraction * 100, places)}%"


def result(value: float, measure: Measure, currency: str, *, exact: bool = False) -> str:
    """A result in the units of its measure; `exact` keeps the digits that set it apart from a nearby curve point.

    Examples
    --------
    >>> from compplan.measures import catalog
    >>> measures = catalog()
    >>> result(0.925, measures["grr"], "USD"), result(61000, measures["expansion_arr"], "USD")
    ('92.5%', '$61,000')
    >>> result(45, measures["time_to_value"], "USD"), result(4.6, measures["csat"], "USD")
    ('45 days', '4.6')
    """
    if not math.isfinite(value):
        return "any result"
    if exact and measure.unit == "money" and abs(value * 100 - round(value * 100)) > 1e-6:
        return f"{symbol(currency)}{plain_number(value, 8)}"
    places = 8 if exact else 4
    if measure.unit == "share":
        return percent(value, places - 2)
    if measure.unit == "money":
        cents = 0 if abs(value - round(value)) < 5e-3 else minor_digits(currency)
        return money(value, currency, cents)
    if measure.unit == "days":
        return f"{plain_number(value, places)} day{'' if value == 1 else 's'}"
    return plain_number(value, places)


def span(since: dt.date | None, until: dt.date | None) -> str:
    """A span of days; a missing date sets no limit.

    Examples
    --------
    >>> span(dt.date(2026, 9, 1), dt.date(2026, 12, 31)), span(dt.date(2026, 9, 1), None)
    ('from 2026-09-01 to 2026-12-31', 'from 2026-09-01')
    """
    parts = (("from", since), ("to" if since else "until", until))
    return " ".join(f"{word} {day.isoformat()}" for word, day in parts if day is not None) or "at all times"


def decimals_of(step: float) -> int:
    """Number of decimals that a step size needs.

    Examples
    --------
    >>> decimals_of(0.05), decimals_of(0.2), decimals_of(5)
    (2, 1, 0)
    """
    return max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0


_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:[,']\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)([km]?)(%?)", re.IGNORECASE | re.ASCII)
LARGEST = 1e12
_SCALE = {"": 1.0, "k": 1e3, "m": 1e6}


def read_number(text: str, unit: str = "", currency: str = "") -> float:
    """Read a number as a person types it.

    Parameters
    ----------
    text : str
        Such as ``"92%"``, ``"$82,500"``, ``"82.5k"`` or ``"45 days"``.
    unit : str
        Unit of the number. For a ``share``, ``92``, ``92%`` and ``0.92`` are the same; a bare ``4``, which could be
        a percent or a multiple, is an error.
    currency : str
        ISO 4217 code of the symbol that may come before the number.

    Raises
    ------
    ValueError
        If it is no such number; the message says what is allowed.

    Examples
    --------
    >>> read_number("92%", "share"), read_number("0.92", "share"), read_number("92", "share")
    (0.92, 0.92, 0.92)
    >>> read_number("$82.5k", "money", "USD"), read_number("45 days", "days"), read_number("−3")
    (82500.0, 45.0, -3.0)
    """
    bare = text.strip().replace(MINUS, "-").replace("\u00a0", " ")
    for sign in (symbol(currency).strip(), currency) if currency else ():
        bare = bare.replace(sign, "")
    bare = re.sub(r"\s*(days?|d)$", "", bare) if unit == "days" else bare
    match = _NUMBER.fullmatch(bare.replace(" ", ""))
    example = {"share": "92% or 0.92", "money": "82,500 or 82.5k", "days": "45"}.get(unit, "4.5")
    if not match:
        raise ValueError(f"must be a number such as {example}. You entered {text.strip()!r}.")
    sign, digits, scale, per_cent = match.groups()
    bare_value = float(digits.replace(",", "").replace("'", ""))
    value = bare_value * _SCALE[scale.lower()]
    if per_cent and unit != "share":
        raise ValueError(f"must not be a percent here; write a number such as {example}.")
    if scale and unit == "share":
        raise ValueError(f"must be a share such as {example}. You entered {text.strip()!r}.")
    if unit == "share" and not per_cent and bare_value not in (0, 1) and not ("." in digits and bare_value < 3):
        if bare_value < 20:
            whole = plain_number(bare_value), plain_number(bare_value * 100)
            raise ValueError(f"could be {whole[0]}% or {whole[1]}%; write it with the percent sign.")
        per_cent = "%"
    if per_cent:
        value = float(f"{value / 100:.15g}")
    if not value <= LARGEST:
        raise ValueError("must be at most 1,000,000,000,000.")
    return -value if sign == "-" else value
