"""Vocabularies: the headings by which a kind of file names its fields, and what a heading says beside its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from compplan.readers.vetting import Limits

# No heading says more in more characters.
_LONGEST = 200


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """What a kind of file speaks of, and in which words.

    Attributes
    ----------
    fields : Mapping of str to tuple of str
        Field to the words for it, the most telling first.
    second : Mapping of str to str
        A heading that means another field where its first one is taken by a better word.
    limits : Limits
        How large such a file may be, and what it is called.
    one, many, money : str
        What a row is, what rows are, and what their amounts are.
    examples : str
        Some headings that are known, for whoever has none of them.
    """

    fields: Mapping[str, tuple[str, ...]]
    second: Mapping[str, str]
    limits: Limits
    one: str
    many: str
    money: str
    examples: str


# Codes that are taken for a currency where they stand in a heading; others may be words.
_CURRENCIES = re.compile(
    r"\b(USD|EUR|GBP|CHF|CAD|AUD|NZD|INR|SGD|JPY|CNY|HKD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|ILS|ZAR|BRL|MXN|KRW|TWD|THB"
    r"|PHP|IDR|MYR|VND|AED|SAR|TRY|NGN|KES|EGP|ARS|CLP|COP|KWD|BHD)\b"
)
_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY", "C$": "CAD", "A$": "AUD"}
_PERIODS = {
    "hour": r"\b(hourly|per hour|per hr|an hour|hr|/ ?h|pro stunde)\b",
    "month": r"\b(monthly|per month|a month|/ ?month|pro monat|mensuel)\b",
    "week": r"\b(weekly|per week|a week)\b",
    "year": r"\b(annual|annually|annualized|annualised|yearly|per year|per annum|p ?a|a year|pro jahr|annuel)\b",
}
NOISE = re.compile(r"\b(fy ?\d{2,4}|20\d\d|current|gross|amount|amt|contractual|in|of|the|employee s|local)\b")


@dataclass(frozen=True, slots=True)
class Words:
    """A heading in words, and what it says beside its name; see `compplan.readers.headings.Heading`."""

    whole: str
    timed: str
    bare: str
    currency: str
    per: str
    scale: float
    percent: bool
    of: str


def normal(text: str) -> str:
    """Words in small letters without accents and signs.

    Examples
    --------
    >>> normal("  Währung / Employee-ID #")
    'wahrung employee id'
    """
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def words_of(heading: str) -> Words:
    """Take a heading apart."""
    heading = heading[:_LONGEST]
    code = _CURRENCIES.search(heading)
    signs = re.findall(r"US\$|C\$|A\$|[$€£₹¥]", heading)
    currency = code[1] if code else next((_SIGNS[s] for s in signs), "")
    text = heading.casefold()
    scale = (
        r"[(\[,]\s*(?:in\s+)?(?:[$€£]|[a-z]{3})?\s*(?:k|['’]?000s?|thousands?|tsd)\s*(?:[$€£]|[a-z]{3})?\s*[)\]]?\s*$"
    )
    thousands = re.search(scale + r"|in thousands|\b[kt](?:usd|eur|gbp|chf)\b|[$€£]k\b|\bk[$€£]", text)
    if thousands and not currency:
        code = re.search(r"[kt](usd|eur|gbp|chf)", thousands[0])
        currency = code[1].upper() if code else ""
    of = ""
    if re.search(r"(\b(of|vom|du)|%)\s+(the\s+)?(annual\s+)?(base|salary|grundgehalt)", text):
        of = "base"
    elif re.search(r"(\b(of|vom)|%)\s+(the\s+)?(ote|otc|ttc|total|target (earnings|cash)|package)", text):
        of = "ote"
    percent = re.search(r"%|\b(pct|percent|percentage|prozent|pourcentage)\b", text) is not None
    bare = text[: thousands.start()] + text[thousands.end() :] if thousands else text
    if of:
        bare = re.sub(r"(\b(of|vom|du)|%)\s+(?=[a-z]).*$", " ", bare)
    bare = re.sub(r"\b(pct|percent|percentage|prozent|pourcentage)\b", " ", normal(bare))
    if currency:
        bare = re.sub(rf"\b{currency.lower()}\b", " ", bare)
    timed = normal(bare)
    per = ""
    for name, pattern in _PERIODS.items():
        if re.search(pattern, bare):
            per, bare = name, re.sub(pattern, " ", bare)
            break
    return Words(normal(heading), timed, normal(bare), currency, per, 1000.0 if thousands else 1.0, percent, of)
