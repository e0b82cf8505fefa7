"""A heading taken apart: its name, and the currency, period, scale and percent that it says besides."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

_LONGEST = 200
_FEWEST_WORDS = 2
_REMEMBERED = 4096


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


# Codes that count as a currency in a heading; other codes of three letters can be words.
_CODES = (
    "USD|EUR|GBP|CHF|CAD|AUD|NZD|INR|SGD|JPY|CNY|HKD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|ILS|ZAR|BRL|MXN|KRW|TWD|THB"
    "|PHP|IDR|MYR|VND|AED|SAR|TRY|NGN|KES|EGP|ARS|CLP|COP|KWD|BHD"
)
_CODE = re.compile(rf"(?<![A-Za-z])(?:{_CODES})(?![A-Za-z])")
# Small letters name a currency where the code is no word.
_SMALL_CODE = re.compile(
    r"(?<![a-z])(?:usd|eur|gbp|chf|cad|aud|nzd|inr|sgd|jpy|cny|hkd|sek|nok|dkk|pln|czk|huf|brl|mxn|zar|aed|ils)(?![a-z])"
)
_SIGN = re.compile(r"US\$|C\$|A\$|R\$|NZ\$|S\$|HK\$|[$€£₹¥]|zł")
_SIGN_LETTERS = re.compile(r"(?<![a-z])(?:us|c|a|r|nz|s|hk)(?=\$)")
_SIGNS = {
    "$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY", "C$": "CAD", "A$": "AUD", "R$": "BRL",
    "NZ$": "NZD", "S$": "SGD", "HK$": "HKD", "zł": "PLN",
}  # fmt: skip
_NAMES = re.compile(
    r"(?:\bin|[(\[,])\s*(us dollars?|dollars?|euros?|pounds?(?: sterling)?|swiss francs?|rupees?|rs\b\.?)"
    r"(?=\s*(?:[)\],]|$|in\b|lakh|lac|cr))"
)
_NAMED = {"us ": "USD", "dol": "USD", "eur": "EUR", "pou": "GBP", "swi": "CHF", "rup": "INR", "rs": "INR", "rs.": "INR"}
_MONEY = rf"(?:(?:us|c|a|r|nz|s|hk)\$|[$€£₹¥]|zł|{_CODES.lower()}|us dollars?|dollars?|euros?|rs\.?|rupees?|kr)"
_SCALES: Mapping[float, str] = {
    1e6: r"mm?|mn|mio\.?|millions?|millionen|millones|mill\.|(?:1[.,'’ ])?['’]?000[.,'’ ]?000s?",
    1e3: r"k|t|tsd\.?|thousands?|tausend|milliers?|tys\.?|(?:1[.,'’ ]?|['’])?000s?",
    1e5: r"l|lakhs?|lacs?|lpa",
    1e7: r"crores?|cr\.?",
}
_UNITS = [(factor, re.compile(words)) for factor, words in _SCALES.items()]
_UNIT = re.compile(
    rf"(?:all\s+)?(?:in\s+)?[x×*]?\s*(?P<before>{_MONEY})?[\s,]*(?:in\s+)?(?P<unit>{'|'.join(_SCALES.values())})"
    rf"[\s,]*(?:of\s+)?(?P<after>{_MONEY})?(?P<period>(?:\s*/|\s+per\s|\s*,?\s+(?:annual|monthly|yearly|p\.?a)).*)?"
)
# Where a heading can name a scale: in brackets, behind a comma or "in", in its last words, or in its first one; and
# the letters that mean a scale there although no currency is next to them.
_PLACES = (
    (re.compile(r"[(\[]([^()\[\]]*)[)\]]\s*$"), r"k|mm?|cr\.?|(?:1[.,'’ ]?)?000"),
    (re.compile(r"(?:[,;:–-]|\bin\b|(?<=\s)[x×])\s*((?:[^,;:(]|,\s*000)+)$"), "k|(?:1[.,'’ ]?)?000"),
    (re.compile(r"[\s_](\S+[\s_]\S+)$"), ""),
    (re.compile(r"[\s_]([^\s_]+)$"), "k"),
    (re.compile(r"^([^\s_]+)[\s_]"), ""),
)
_LONE = re.compile(r"[ktlm]|mm|(?:1[.,'’ ]?)?000|cr\.?")

# A heading that names a year says so of its amounts, whatever else it mentions: "Annual salary (hourly staff too)".
_PERIODS: Mapping[str, str] = {
    "year": r"annual|annually|annualized|annualised|yearly|per (?:year|yr|annum|jahr|an|anno|ano|jaar|ar)|p ?a|a year"
    r"|annuels?|annuelles?|jahr|jahrlich|jahrliche[rs]?|jahres|jhrl|anual|anuales|al ano|annuo|annua|annuale|jaarlijks"
    r"|arlig|(?:brut|bruto) (?:annuel|anual)",
    "quarter": r"quarterly|per (?:quarter|qtr|quartal|trimestre)|a quarter|quartalsweise|trimestriel|trimestral",
    "semimonth": r"semi ?monthly|twice (?:a month|monthly)",
    "biweek": r"bi ?weekly|fortnightly|per fortnight|every (?:two|2|other) weeks?|14 taglich",
    "month": r"monthly|per (?:month|mo|mth|monat|mois|mes|mese|maand|manad|maned|md)|a month|pcm$|p c m$|p ?m$|monats"
    r"|monatlich|monatliche[rs]?|mtl|mensuels?|mensuelles?|mensual|mensuales|al mes|mensile|mensal|maandelijks",
    "week": r"weekly|per (?:week|wk|woche|semaine|semana|settimana)|a week|wochen|wochentlich|hebdomadaire|semanal",
    "day": r"daily|per (?:day|diem|tag|jour|dia|giorno|dag)|a day|tages|diario",
    "hour": r"hourly|per (?:hour|hr|h|stunde|std|heure|hora|ora|uur)|an hour|hr|stunden|p ?h$",
}
_PERIOD_OF = [(name, re.compile(rf"\b(?:{words})(?!\w)")) for name, words in _PERIODS.items()]
_EACH = (
    r"(?:hours?|hrs?|h|std|stunde|heure|hora|ora|days?|diem|tag|jour|dia|giorno|weeks?|wk|woche|semaine|semana"
    r"|months?|mo|mth|monat|mois|mes|mese|maand|m[åa]nad|md|quarter|qtr|quartal|trimestre|years?|yr|annum|jahr|an|anno"
    r"|a[ñn]o|jaar)"
)
# "/month", "par mois", "al mes" and "(yr)" are "per month" and "per yr".
_PER = re.compile(
    rf"(?:\s*/\s*|(?<!\w)(?:pro|par|por|pr|je|al)\s+)({_EACH})(?![^\W\d])\.?"
    r"|[(\[]\s*(month|mo|mth|monat|mois|mes|year|yr|jahr|hr|hour|week|wk)\.?\s*[)\]]"
)
# "Bruttomonatsgehalt" is pay for a month.
_COMPOUND = re.compile(
    r"\b(?:brutto|bruto)?(jahres|monats|wochen|tages|stunden)(brutto|grund|fix|ziel|fest|basis)?"
    r"(gehalt|lohn|entgelt|einkommen|verdienst|vergutung|bonus)\b"
)
_OTHER_COMPOUND = re.compile(r"\b(?:(jaar|ars|ar)|(maand|manads|maneds)|(uur|tim))(?:salaris|loon|lon)\b")
_WORDS_IN_ONE = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_OPENING = re.compile(
    r"^(?:please )?(?:what(?:['’]s| is| was| are)|how much|in what|which|what|please (?:enter|state|indicate|provide)"
    r"|enter|indicate)\s+(?:your |the |is your )?",
    re.IGNORECASE,
)
_ENDING = re.compile(r"\s+(?:do|are) you\b.*$", re.IGNORECASE)
_PERCENT = r"\b(pct|percent|percentage|prozent|pourcentage)\b"
# What currency is meant is in another column.
_IN_LOCAL = re.compile(
    r"[(\[]\s*(?:in\s+)?(?:local|corporate|company|reporting|account|own)\s+(?:currency|ccy|wahrung)\s*[)\]]"
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
    if "?" in text or (opening and len(text.split()) > _FEWEST_WORDS):
        text = _ENDING.sub("", _OPENING.sub("", text.split("?")[0]))
        return text.strip(" :.")
    return text


@functools.lru_cache(_REMEMBERED)
def words_of(heading: str) -> HeadingWords:
    """Take a heading apart.

    Examples
    --------
    >>> words = words_of("Monthly base (EUR)")
    >>> words.bare, words.per, words.currency
    ('base', 'month', 'EUR')
    >>> [(words_of(text).scale, words_of(text).currency) for text in ("ARR (T€)", "base_usd_k", "Fixed (INR lakhs)")]
    [(1000.0, 'EUR'), (1000.0, 'USD'), (100000.0, 'INR')]
    """
    heading = subject(heading)
    text = _IN_LOCAL.sub(" ", heading.casefold())
    currency, name = _currency(heading, text)
    bare, scale, unit = _without_scale(_SIGN_LETTERS.sub("", text))
    of = ""
    if re.search(r"(\b(of|vom|du)|%)\s+(the\s+)?(annual\s+)?(base|salary|grundgehalt)", text):
        of = "base"
    elif re.search(r"(\b(of|vom)|%)\s+(the\s+)?(ote|otc|ttc|total|target (earnings|cash)|package)", text):
        of = "ote"
    percent = re.search(rf"%|{_PERCENT}", text) is not None
    if of:
        bare = re.sub(r"(\b(of|vom|du)|%)\s+(?=[a-z]).*$", " ", bare)
    bare = _PER.sub(lambda found: f" per {found[1] or found[2]} ", bare)
    if name:
        bare = re.sub(rf"(?<![a-z]){re.escape(name)}(?![a-z])", " ", bare)
    bare = normal(bare)
    bare = _COMPOUND.sub(r" \1 \2\3", re.sub(_PERCENT, " ", bare))
    bare = _OTHER_COMPOUND.sub(_pay_for, bare)
    timed = normal(bare)
    per = "year" if "lpa" in unit else ""
    for period, pattern in _PERIOD_OF:
        if pattern.search(timed):
            per, bare = period, pattern.sub(" ", timed)
            break
    return HeadingWords(normal(heading), timed, normal(bare), currency, per, scale, percent, of)


def _currency(heading: str, text: str) -> tuple[str, str]:
    """Return the currency that a heading names, and the word for it in lower case, which is not part of its name."""
    code = _CODE.search(heading)
    if code:
        return code[0], code[0].lower()
    sign = _SIGN.search(heading)
    if sign:
        return _SIGNS[sign[0]], ""
    code = _SMALL_CODE.search(text)
    if code and code[0] != text.strip():
        return code[0].upper(), code[0]
    named = _NAMES.search(text)
    if named:
        return _NAMED[named[1][:3]], named[1]
    glued = re.search(r"(?<![a-z])[ktm](usd|eur|gbp|chf|inr)(?![a-z])", text)
    return (glued[1].upper(), glued[0]) if glued else ("", "")


def _without_scale(text: str) -> tuple[str, float, str]:
    """Return a heading without the scale that it names, the scale, and the word for it."""
    for place, letters in _PLACES:
        part = place.search(text)
        found = _UNIT.fullmatch(part[1].strip(" ._") if part else "")
        if part is None or found is None:
            continue
        unit, money = found["unit"], found["before"] or found["after"]
        if _LONE.fullmatch(unit) and not money and not (letters and re.fullmatch(letters, unit)):
            continue
        factor = next(factor for factor, words in _UNITS if words.fullmatch(unit))
        return f"{text[: part.start()]} {found['period'] or ''} {text[part.end() :]}", factor, unit
    return text, 1.0, ""


def _pay_for(found: re.Match[str]) -> str:
    """Return "Maandsalaris" and "Årslön" as the words for pay and its period."""
    period = "per year" if found[1] else "per month" if found[2] else "per hour"
    return f" salaris {period} "
