"""One cell as an amount of money: "$95,000", "95k", "€ 82.500,00", "82'500", "45/hr"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from compplan.money import minor_digits

# Ways to write an amount, and the note on each; a column that is mostly written in one way has one note.
FORMS: Mapping[str, str] = {
    "plain": "",
    "continental": "The comma is the decimal mark, and a dot separates thousands.",
    "dotted": "Three digits after a dot are thousands, because money has no third decimal.",
    "spaced": "Spaces or apostrophes separate thousands.",
    "short": "The letter next to the number stands for thousand, million, lakh or crore.",
    "scientific": "A spreadsheet wrote the number as a power of ten.",
    "about": "The sign or word for about is ignored.",
    "odd": "A mark next to the number is ignored.",
}
MISSING = frozenset({"", "-", "–", "—", "--", ".", "n/a", "na", "#n/a", "n.a.", "null", "none", "nil", "nan"})
# A longer cell is not an amount, percent or date, and is not parsed.
LONGEST = 100
# More than any pay in any currency.
MOST = 1e12
ALLOWED = "Enter one amount, such as 95000, $95,000, 95k, 82.500,00 € or 45/hour."
_TOO_MUCH = f"The amount is too large. {ALLOWED}"

_SIGNS: Mapping[str, tuple[str, ...]] = {
    "us$": ("USD",), "c$": ("CAD",), "ca$": ("CAD",), "a$": ("AUD",), "au$": ("AUD",), "nz$": ("NZD",),
    "hk$": ("HKD",), "s$": ("SGD",), "mx$": ("MXN",), "r$": ("BRL",), "nt$": ("TWD",),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "COP", "CLP", "ARS", "TWD"),
    "€": ("EUR",), "£": ("GBP", "EGP"), "¥": ("JPY", "CNY"), "₹": ("INR",), "rs.": ("INR",), "rs": ("INR",),
    "₪": ("ILS",), "₩": ("KRW",), "zł": ("PLN",), "zl": ("PLN",), "kč": ("CZK",), "fr.": ("CHF",), "sfr.": ("CHF",),
    "kr.": ("DKK", "SEK", "NOK"), "kr": ("SEK", "NOK", "DKK"), "r": ("ZAR",), "rm": ("MYR",), "rp": ("IDR",),
    "₺": ("TRY",), "₱": ("PHP",), "฿": ("THB",),
    "us dollars": ("USD",), "us dollar": ("USD",), "dollars": ("USD",), "dollar": ("USD",), "euros": ("EUR",),
    "euro": ("EUR",), "pounds sterling": ("GBP",), "pound sterling": ("GBP",), "pounds": ("GBP",), "pound": ("GBP",),
    "british pound": ("GBP",), "swiss francs": ("CHF",), "swiss franc": ("CHF",), "canadian dollar": ("CAD",),
    "canadian dollars": ("CAD",), "australian dollar": ("AUD",), "indian rupee": ("INR",), "rupees": ("INR",),
    "yen": ("JPY",), "japanese yen": ("JPY",),
}  # fmt: skip
_SIGN = re.compile("|".join(rf"(?<!\w){re.escape(sign)}(?!\w)" for sign in sorted(_SIGNS, key=len, reverse=True)))
_EACH = r"(?:/|\b(?:per|an?|pro|par|al|por|pr\.?)\b)\s*"
_PER = {
    "biweek": rf"\b(?:bi-?\s?weekly|fortnightly|every (?:two|other) weeks)\b|{_EACH}fortnight\b",
    "semimonth": r"\bsemi-?\s?monthly\b|\btwice (?:a|per) month\b",
    "quarter": rf"{_EACH}(?:quarter|qtr|quartal|trimestre)\b\.?|\bquarterly\b",
    "day": rf"{_EACH}(?:days?|diem|tag|jour|d[ií]a|dag)\b\.?|\bdaily\b",
    "hour": rf"{_EACH}(?:hours?|hrs?|h|std|stunde|heure|hora|uur)\b\.?|\bhourly\b|\bp\.?/?h\.?(?!\w)",
    "week": rf"{_EACH}(?:weeks?|wks?|woche|semaine|semana)\b\.?|\bweekly\b|\bp\.?w\.?(?!\w)",
    "month": rf"{_EACH}(?:months?|mths?|mo|monat|mois|mes|mese|maand|m[åa]n(?:ad)?|m[åa]ned|md)\b\.?"
    r"|\bmonthly\b|\b(?:mensuels?|mensuales?|monatlich|mensili?)\b|\bp\.?/?(?:c\.?)?m\.?(?!\w)",
    "year": rf"{_EACH}(?:years?|yrs?|y|annum|jahr|an|a[ñn]o|anno|jaar|[åa]r)\b\.?"
    r"|\b(?:annually|annual|yearly|annuels?|anual(?:es)?|j[äa]hrlich|annui?)\b|\bp\.?/?\s?a\.?(?!\w)",
}
# Words that say what every amount here is: pay before tax.
_GROSS = re.compile(r"\b(?:gross|brutto|bruts?|brutos?|lord[io])\b")
_CODES_GLUED = r"(?:usd|eur|gbp|chf|inr|cad|aud)"
_SCALES = {
    1e3: rf"(?:(?:k|tsd\.?|thousand|tausend|grand|tys\.?)(?=\s*{_CODES_GLUED}\b|[^\w]|\d|$)"
    r"|t(?=\s?€|\s?(?:eur|chf|kr)\b))",
    1e6: r"(?:mio\.?|mn|million|m)(?![^\W\d])",
    1e5: r"(?:lakhs?|lacs?|lpa|l)(?![^\W\d])",
    1e7: r"(?:crores?|cr\.?)(?![^\W\d])",
}
# "T€ 85", "k$ 85" and "$k 85"
_SCALE_BEFORE = re.compile(rf"(?<![^\W\d])[kt](?=[$€£]|{_CODES_GLUED}\b)|(?<=[$€£])[kt](?=\s*$)")
_SCALE_OF = [(factor, re.compile(rf"\s*{pattern}")) for factor, pattern in _SCALES.items()]
_PER_OF = [(name, re.compile(pattern)) for name, pattern in _PER.items()]
_NUMBER = re.compile(r"\d(?:[\d.,'’ ]*\d)?")
_THREES = re.compile(r"\d{1,3}(?:[.,'’ ]\d{3})+")
_LAKHS = re.compile(r"\d{1,2}(?:,\d{2})*,\d{3}")


@dataclass(frozen=True, slots=True)
class ParsedAmount:
    """One cell, read as an amount.

    Attributes
    ----------
    value : float
        As written, in the unit of `per`.
    signs : tuple of str
        Codes that its currency sign or word can mean, the likeliest first; empty where it has none.
    per : str
        ``hour``, ``day``, ``week``, ``biweek``, ``semimonth``, ``month``, ``quarter``, ``year`` or empty.
    form : str
        A key of `FORMS`.
    fault : str
        Why it can't be read and what to enter, in sentences; empty where it can be read.
    percent : bool
        Whether it is a percent.
    """

    value: float = 0.0
    signs: tuple[str, ...] = ()
    per: str = ""
    form: str = "plain"
    fault: str = ""
    percent: bool = False


def code_of(text: str) -> tuple[str, ...]:
    """Return the currency codes that a text can mean; none if it is not a currency.

    Examples
    --------
    >>> code_of("usd"), code_of("€"), code_of("Pound sterling"), code_of("gold")
    (('USD',), ('EUR',), ('GBP',), ())
    """
    if len(text) > LONGEST:
        return ()
    word = " ".join(text.casefold().split())
    if word in _SIGNS:
        return _SIGNS[word]
    code = re.fullmatch(r"([a-z]{3})(?:\s*[-(:].*)?", word)
    if code:
        try:
            minor_digits(code[1].upper())
        except ValueError:
            return ()
        return (code[1].upper(),)
    return ()


def parse(text: str) -> ParsedAmount:
    """Read one cell as an amount.

    Parameters
    ----------
    text : str
        Not one of `MISSING`.

    Returns
    -------
    ParsedAmount
        With a `fault` where it can't be read; nothing is guessed.

    Examples
    --------
    >>> parse("$95,000").value, parse("95k").value, parse("€ 82.500,00").value, parse("CHF 82'500.-").value
    (95000.0, 95000.0, 82500.0, 82500.0)
    >>> parse("45.50/hr").per, parse("85-95k").fault
    ('hour', 'The cell has several numbers. Enter one amount, such as 95000, $95,000, 95k, 82.500,00 € or 45/hour.')
    """
    if len(text) > LONGEST:
        return ParsedAmount(fault=f"The cell is too long for an amount. {ALLOWED}")
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace("\u200b", "").replace("\ufeff", "")
    plain = " ".join(plain.split()).casefold()
    plain = plain.removeprefix("'")
    if plain.startswith("="):
        return ParsedAmount(fault="The cell is a formula. Enter a value.")
    if plain.startswith("#"):
        return ParsedAmount(fault=f"The cell is a spreadsheet error. {ALLOWED}")
    science = re.fullmatch(r"(\d+(?:[.,]\d+)?)e\+?(\d{1,2})", plain)
    if science:
        value = float(f"{science[1].replace(',', '.')}e{science[2]}")
        return ParsedAmount(value, form="scientific") if value < MOST else ParsedAmount(fault=_TOO_MUCH)
    numbers = _NUMBER.findall(plain)
    if not numbers:
        return ParsedAmount(fault=f"The cell has no number. {ALLOWED}")
    if len(numbers) > 1:
        return ParsedAmount(fault=f"The cell has several numbers. {ALLOWED}")
    start = plain.index(numbers[0])
    return _around(numbers[0], plain[:start], plain[start + len(numbers[0]) :])


def _around(number: str, before: str, after: str) -> ParsedAmount:
    """Read the words before and after the number; an unknown one is a fault."""
    tail = re.match(r"[.,]\s?[-–—]{1,2}|/-", after)
    if tail:
        after = after[tail.end() :]
    percent = after.lstrip().startswith("%")
    before, after = (_GROSS.sub(" ", re.sub(r"\(([a-z ]+)\)", r" \1 ", text)) for text in (before, after))
    scale, after = _take_scale(after)
    letter = _SCALE_BEFORE.search(before)
    if letter and scale == 1:
        scale, before = 1e3, f"{before[: letter.start()]} {before[letter.end() :]}"
    per, before, after = _take_period(before, after)
    signs, before = _take_sign(before)
    other, after = _take_sign(after)
    if signs and other and not set(signs) & set(other):
        return ParsedAmount(fault="The cell has two currencies. Keep one.")
    signs = tuple(c for c in signs if c in other) if signs and other else signs or other
    about = re.search(r"~|≈|\b(?:ca|circa|approx|about)\b\.?", before)
    rest = before.replace(about[0], " ") if about else before
    if "-" in rest or (rest.strip().endswith("(") and after.strip().startswith(")")):
        return ParsedAmount(fault="The amount is negative. Enter 0 or more.")
    left = re.sub(r"[\s+*:()\"%]|\+/-", "", f"{rest} {after}")
    if left:
        return ParsedAmount(fault=f"The text next to the number is unclear. {ALLOWED}")
    value, form = _number(number, short=scale > 1, fine=per == "hour" or percent)
    if value is not None and value * scale >= MOST:
        return ParsedAmount(fault=_TOO_MUCH)
    if value is None:
        return ParsedAmount(fault=f"The dots or commas are in unusual places. {ALLOWED}")
    if scale > 1:
        form = "short"
    elif about:
        form = "about"
    elif form == "plain" and re.search(r"[*+:\"]", f"{rest}{after}"):
        form = "odd"
    return ParsedAmount(value * scale, signs, per, form, percent=percent)


def _take_scale(after: str) -> tuple[float, str]:
    """Return the factor of a letter or word after the number, and the rest of the text."""
    for factor, pattern in _SCALE_OF if after else ():
        word = pattern.match(after)
        if word:
            # LPA is lakh per annum.
            return factor, (" /year" if "lpa" in word[0] else "") + after[word.end() :]
    return 1.0, after


def _take_period(before: str, after: str) -> tuple[str, str, str]:
    """Return the period of the pay, and the rest of the text on both sides."""
    per = ""
    if not before.strip() and not after.strip():
        return per, before, after
    for name, pattern in _PER_OF:
        after, count = pattern.subn(" ", after)
        before, more = pattern.subn(" ", before)
        if count or more:
            per = per or name
    return per, before, after


def _take_sign(text: str) -> tuple[tuple[str, ...], str]:
    """Return the currency in a piece of text, and the rest of it."""
    # "$CAD" and "CAD$"
    word = re.sub(r"(?<=[$€£¥])(?=[a-z]{3}\b)|(?<=\b[a-z]{3})(?=[$€£¥])", " ", text.strip())
    if not word:
        return (), word
    codes = code_of(word)
    if codes:
        return codes, ""
    sign = _SIGN.search(word)
    if sign:
        rest = f"{word[: sign.start()]} {word[sign.end() :]}"
        # "USD $" and "$ CAD" name one currency twice; the code decides.
        more = next((code_of(part) for part in rest.split() if code_of(part)), ())
        if set(more) & set(_SIGNS[sign[0]]):
            return more, " ".join(part for part in rest.split() if not code_of(part))
        return _SIGNS[sign[0]], rest
    for part in word.split():
        if code_of(part):
            return code_of(part), word.replace(part, " ", 1)
    return (), text


def _number(text: str, *, short: bool, fine: bool) -> tuple[float | None, str]:
    """Return the value of digits and separators, and the form; `fine` where a third decimal is possible."""
    body, decimals, form = text, "", "plain"
    last = max(text.rfind("."), text.rfind(","))
    if last >= 0:
        mark, head, tail = text[last], text[:last], text[last + 1 :]
        other = "," if mark == "." else "."
        mixed = other in head or bool(re.search(r"['’ ]", head))
        single = head.count(mark) == 0
        thousands = len(tail) == 3 and re.fullmatch(r"[1-9]\d{0,2}", head) and not mixed and not fine
        thousands = thousands and not (short and mark == ".")
        if mark == "," and len(tail) > 3 and not fine:
            return None, form
        if single and tail.isdigit() and not thousands:
            decimals = tail
        elif short:
            return None, form
        if decimals:
            body = head
            form = "continental" if mark == "," else form
        elif mark == ".":
            form = "dotted" if single else "continental"
    if re.search(r"['’ ]", body):
        form = "spaced"
    elif decimals and "." in body:
        form = "continental"
    grouped = _THREES.fullmatch(body) and len(set(re.findall(r"[.,'’ ]", body))) == 1
    if not (body.isdigit() or grouped or _LAKHS.fullmatch(body)):
        return None, form
    return float(re.sub(r"[.,'’ ]", "", body) + (f".{decimals}" if decimals else "")), form
