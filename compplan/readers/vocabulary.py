"""Vocabularies: the headings that a kind of file uses for its fields, and what else a heading says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from compplan.readers.limits import Limits

_LONGEST = 200
_FEWEST_FIELDS = 2


@dataclass(frozen=True, slots=True)
class HeadingWords:
    """A heading in words, and what it says besides its name; see `compplan.readers.headings.Heading`.

    Attributes
    ----------
    whole : str
        All of its words.
    timed : str
        Without currency, scale and percent.
    bare : str
        Without the period too.
    currency, per : str
    scale : float
    percent : bool
    of : str
    """

    whole: str
    timed: str
    bare: str
    currency: str
    per: str
    scale: float
    percent: bool
    of: str


def _by_name(field: str, _: HeadingWords) -> str:
    return field


def _no_pattern(_: str) -> str:
    return ""


def _two_fields(fields: Collection[str]) -> bool:
    return len(fields) >= _FEWEST_FIELDS


def _always(_: Collection[str]) -> bool:
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The fields of a kind of file, and the words for them.

    Attributes
    ----------
    fields : Mapping of str to tuple of str
        Field to the headings that mean it, the clearest first.
    second : Mapping of str to str
        Headings that mean another field where a clearer heading has their first one.
    limits : Limits
        How large such a file may be, and what it is called.
    one, many, money : str
        What a row, rows and their amounts are called in notes.
    examples : str
        Some known headings, for files that have none.
    few : frozenset of str
        Fields with few different values, such as titles, which are read once per value.
    by_unit : callable
        Turns a field into another by what the heading says besides its name, such as a percent.
    complete : callable
        Whether these fields are enough for a sheet of a workbook to be the one that is read, without looking at others.
    pattern : callable
        Field of a heading by a pattern, for headings that are too many to list; empty where it means none.
    identifies : callable
        Whether a row with headings of these fields is the row of headings; at least two fields by default.
    """

    fields: Mapping[str, tuple[str, ...]]
    second: Mapping[str, str]
    limits: Limits
    one: str
    many: str
    money: str
    examples: str
    few: frozenset[str] = frozenset()
    by_unit: Callable[[str, HeadingWords], str] = _by_name
    pattern: Callable[[str], str] = _no_pattern
    identifies: Callable[[Collection[str]], bool] = _two_fields
    complete: Callable[[Collection[str]], bool] = _always


# Codes that count as a currency in a heading; other codes of three letters can be words.
_CURRENCIES = re.compile(
    r"\b(USD|EUR|GBP|CHF|CAD|AUD|NZD|INR|SGD|JPY|CNY|HKD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|ILS|ZAR|BRL|MXN|KRW|TWD|THB"
    r"|PHP|IDR|MYR|VND|AED|SAR|TRY|NGN|KES|EGP|ARS|CLP|COP|KWD|BHD)\b"
)
_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY", "C$": "CAD", "A$": "AUD"}
# A heading that names a year says so of its amounts, whatever else it mentions: "Annual salary (hourly staff too)".
_PERIODS = {
    "year": r"\b(annual|annually|annualized|annualised|yearly|per year|per annum|p ?a|a year|pro jahr|annuel|annuelle"
    r"|par an|jahrlich|jahrliche|jahrliches|jahres|anual|al ano|brut annuel|bruto anual)\b",
    "quarter": r"\b(quarterly|per quarter|a quarter|pro quartal|trimestriel|trimestral)\b",
    "semimonth": r"\b(semi ?monthly|twice a month|twice monthly)\b",
    "biweek": r"\b(bi ?weekly|fortnightly|per fortnight|every (two|2|other) weeks?|14 taglich)\b",
    "month": r"\b(monthly|per month|a month|/ ?month|pro monat|monats|monatlich|monatliche|monatliches|mensuel"
    r"|mensuelle|par mois|mensual|al mes)\b",
    "week": r"\b(weekly|per week|a week|wochen|pro woche|hebdomadaire|semanal)\b",
    "day": r"\b(daily|per day|a day|per diem|tages|pro tag|par jour|diario)\b",
    "hour": r"\b(hourly|per hour|per hr|an hour|hr|/ ?h|stunden|pro stunde|par heure|por hora)\b",
}
NOISE = re.compile(
    r"\b(fy ?\d{2,4}|20\d\d|current|gross|amount|amt|contractual|in|of|the|employee s|local"
    r"|fte|full ?time|equivalent|vollzeit|temps plein)\b"
)
# "Bruttomonatsgehalt" is pay for a month.
_COMPOUND = re.compile(
    r"\b(?:brutto)?(jahres|monats|wochen|tages|stunden)(brutto|grund|fix|ziel)?"
    r"(gehalt|lohn|einkommen|verdienst|vergutung|bonus)\b"
)
_WORDS_IN_ONE = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_OPENING = re.compile(
    r"^(?:please )?(?:what(?:['’]s| is| was| are)|how much|in what|which|what|please (?:enter|state|indicate|provide)"
    r"|enter|indicate)\s+(?:your |the |is your )?",
    re.IGNORECASE,
)
_ENDING = re.compile(r"\s+(?:do|are) you\b.*$", re.IGNORECASE)
_PERCENT = r"\b(pct|percent|percentage|prozent|pourcentage)\b"
_THOUSANDS = re.compile(
    r"[(\[,]\s*(?:in\s+)?(?:[$€£]|[a-z]{3})?\s*(?:k|['’]?000s?|thousands?|tsd)\s*(?:[$€£]|[a-z]{3})?\s*[)\]]?\s*$"
    r"|in thousands|(?:\bin\s+[$€£]?\s*)?\bthousands?\s*$|\s[$€£]?k\s*$"
    r"|\b[kt](?:usd|eur|gbp|chf)\b|[$€£]k\b|\bk[$€£]"
)
_UNIT = r"(?:[$€£]|usd|eur|gbp|chf|cad|aud)?"
_MILLIONS = re.compile(
    rf"[(\[,]\s*(?:in\s+)?{_UNIT}\s*(?:mm?|mn|mio\.?|millions?|['’]?000[,'’ ]?000s?)\s*{_UNIT}\s*[)\]]\s*$"
    r"|(?:\bin\s+[$€£]?\s*)?\bmillions?\s*$|[$€£]mm?\b|\bmm?[$€£]"
)


def normal(text: str) -> str:
    """Return the words of a text in lower case, without accents and signs.

    Examples
    --------
    >>> normal("  Währung / Employee-ID #")
    'wahrung employee id'
    """
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def subject(heading: str) -> str:
    """Return what a heading is about: a question without its frame, and words that are written as one apart.

    Examples
    --------
    >>> subject("What is your annual salary? (If you are paid hourly, enter an annualized equivalent.)")
    'annual salary'
    >>> subject("MonthlyIncome"), subject("What city do you work in?"), subject("Base (EUR)")
    ('Monthly Income', 'city', 'Base (EUR)')
    """
    text = heading[:_LONGEST].strip()
    if text.isalnum():
        return _WORDS_IN_ONE.sub(" ", text)
    opening = _OPENING.match(text)
    if "?" in text or (opening and len(text.split()) > _FEWEST_FIELDS):
        text = _ENDING.sub("", _OPENING.sub("", text.split("?")[0]))
        return text.strip(" :.")
    return text


def words_of(heading: str) -> HeadingWords:
    """Take a heading apart.

    Examples
    --------
    >>> words = words_of("Monthly base (EUR)")
    >>> words.bare, words.per, words.currency
    ('base', 'month', 'EUR')
    """
    heading = subject(heading)
    code = _CURRENCIES.search(heading)
    signs = re.findall(r"US\$|C\$|A\$|[$€£₹¥]", heading)
    currency = code[1] if code else next((_SIGNS[sign] for sign in signs), "")
    text = heading.replace("US$", "$").casefold()
    thousands = _THOUSANDS.search(text)
    scaled = thousands or _MILLIONS.search(text)
    if scaled and not currency:
        code = re.search(r"[ktm](usd|eur|gbp|chf)", scaled[0])
        currency = code[1].upper() if code else ""
    of = ""
    if re.search(r"(\b(of|vom|du)|%)\s+(the\s+)?(annual\s+)?(base|salary|grundgehalt)", text):
        of = "base"
    elif re.search(r"(\b(of|vom)|%)\s+(the\s+)?(ote|otc|ttc|total|target (earnings|cash)|package)", text):
        of = "ote"
    percent = re.search(rf"%|{_PERCENT}", text) is not None
    bare = text[: scaled.start()] + text[scaled.end() :] if scaled else text
    if of:
        bare = re.sub(r"(\b(of|vom|du)|%)\s+(?=[a-z]).*$", " ", bare)
    bare = _COMPOUND.sub(r" \1 \2\3", re.sub(_PERCENT, " ", normal(bare)))
    if currency:
        bare = re.sub(rf"\b{currency.lower()}\b", " ", bare)
    timed = normal(bare)
    per = ""
    for name, pattern in _PERIODS.items():
        if re.search(pattern, bare):
            per, bare = name, re.sub(pattern, " ", bare)
            break
    scale = 1e3 if thousands else 1e6 if scaled else 1.0
    return HeadingWords(normal(heading), timed, normal(bare), currency, per, scale, percent, of)
