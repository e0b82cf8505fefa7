"""One cell as an amount of money: "$95,000", "95k", "€ 82.500,00", "82'500", "45/hr"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from compplan.money import minor_digits

# What a form is called where it is not plain: a note says it, unless most cells of the column are in that form.
FORMS: Mapping[str, str] = {
    "plain": "",
    "continental": "The comma is the decimal mark, and a dot stands between thousands.",
    "dotted": "Three digits after a dot are thousands, since money has no third decimal.",
    "spaced": "Spaces or apostrophes stand between thousands.",
    "short": "The letter after the number stands for thousand, million or lakh.",
    "scientific": "A spreadsheet wrote the number with a power of ten.",
    "about": "The word for about is left out.",
    "odd": "A mark beside the number is left out.",
}
MISSING = frozenset({"", "-", "–", "—", "--", ".", "n/a", "na", "#n/a", "n.a.", "null", "none", "nil", "nan"})
# A cell of more characters is no amount, percent or date, and is not searched for one.
LONGEST = 100
# No pay of anybody in any currency comes near it.
MOST = 1e12
ALLOWED = "allowed is one amount, such as 95000, $95,000, 95k, 82.500,00 € or 45/hour"
_TOO_MUCH = f"It is more than any pay; {ALLOWED}."

_SIGNS: Mapping[str, tuple[str, ...]] = {
    "us$": ("USD",), "c$": ("CAD",), "ca$": ("CAD",), "a$": ("AUD",), "au$": ("AUD",), "nz$": ("NZD",),
    "hk$": ("HKD",), "s$": ("SGD",), "mx$": ("MXN",), "r$": ("BRL",), "nt$": ("TWD",),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "COP", "CLP", "ARS", "TWD"),
    "€": ("EUR",), "£": ("GBP", "EGP"), "¥": ("JPY", "CNY"), "₹": ("INR",), "rs.": ("INR",), "rs": ("INR",),
    "₪": ("ILS",), "₩": ("KRW",), "zł": ("PLN",), "zl": ("PLN",), "kč": ("CZK",), "fr.": ("CHF",), "sfr.": ("CHF",),
    "kr.": ("DKK", "SEK", "NOK"), "kr": ("SEK", "NOK", "DKK"), "₺": ("TRY",), "₱": ("PHP",), "฿": ("THB",),
    "us dollars": ("USD",), "us dollar": ("USD",), "dollars": ("USD",), "dollar": ("USD",), "euros": ("EUR",),
    "euro": ("EUR",), "pounds sterling": ("GBP",), "pound sterling": ("GBP",), "pounds": ("GBP",), "pound": ("GBP",),
    "british pound": ("GBP",), "swiss francs": ("CHF",), "swiss franc": ("CHF",), "canadian dollar": ("CAD",),
    "canadian dollars": ("CAD",), "australian dollar": ("AUD",), "indian rupee": ("INR",), "rupees": ("INR",),
    "yen": ("JPY",), "japanese yen": ("JPY",),
}  # fmt: skip
_SIGN = re.compile("|".join(rf"(?<!\w){re.escape(sign)}(?!\w)" for sign in sorted(_SIGNS, key=len, reverse=True)))
_PER = {
    "hour": r"(?:/|\bper|\ba|\ban|\bpro|\bpar)\s*(?:hours?|hrs?|h|std|stunde|heure)\b\.?|\bhourly\b|\bp\.?h\.?(?!\w)",
    "week": r"(?:/|\bper|\ba|\bpro)\s*(?:weeks?|wks?|woche)\b\.?|\bweekly\b|\bp\.?w\.?(?!\w)",
    "month": r"(?:/|\bper|\ba|\bpro|\bpar)\s*(?:months?|mths?|mo|monat|mois)\b\.?|\bmonthly\b"
    r"|\bp\.?(?:c\.?)?m\.?(?!\w)",
    "year": r"(?:/|\bper|\ba|\bpro|\bpar)\s*(?:years?|yrs?|y|annum|jahr|an)\b\.?|\b(?:annually|annual|yearly|gross)\b"
    r"|\bp\.?\s?a\.?(?!\w)",
}
_SCALES = {
    1e3: r"(?:k|tsd\.?|thousand|tausend|grand)(?![^\W\d])",
    1e6: r"(?:mio\.?|mn|million|m)(?![^\W\d])",
    1e5: r"(?:lakhs?|lacs?|lpa|l)(?![^\W\d])",
}
_SCALE_OF = [(factor, re.compile(rf"\s*{pattern}")) for factor, pattern in _SCALES.items()]
_PER_OF = [(name, re.compile(pattern)) for name, pattern in _PER.items()]
_NUMBER = re.compile(r"\d(?:[\d.,'’ ]*\d)?")
_THREES = re.compile(r"\d{1,3}(?:[.,'’ ]\d{3})+")
_LAKHS = re.compile(r"\d{1,2}(?:,\d{2})*,\d{3}")


@dataclass(frozen=True, slots=True)
class Amount:
    """What a cell says.

    Attributes
    ----------
    value : float
        As written, in the unit of `per`.
    signs : tuple of str
        Codes that its sign or word may stand for, the likeliest first; empty where it names none.
    per : str
        ``hour``, ``week``, ``month``, ``year`` or empty.
    form : str
        A key of `FORMS`.
    fault : str
        Why it cannot be read, as one sentence; empty where it can.
    percent : bool
        Whether it is a percent, for whoever expects one.
    """

    value: float = 0.0
    signs: tuple[str, ...] = ()
    per: str = ""
    form: str = "plain"
    fault: str = ""
    percent: bool = False


def code_of(text: str) -> tuple[str, ...]:
    """The codes that a text may mean as a currency; none if it means none.

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
    found = re.fullmatch(r"([a-z]{3})(?:\s*[-(:].*)?", word)
    if found:
        try:
            minor_digits(found[1].upper())
        except ValueError:
            return ()
        return (found[1].upper(),)
    return ()


def parse(text: str) -> Amount:
    """Read one cell.

    Parameters
    ----------
    text : str
        Not one of `MISSING`.

    Returns
    -------
    Amount
        With its `fault` where it cannot be read; nothing is guessed.

    Examples
    --------
    >>> parse("$95,000").value, parse("95k").value, parse("€ 82.500,00").value, parse("CHF 82'500.-").value
    (95000.0, 95000.0, 82500.0, 82500.0)
    >>> parse("45.50/hr").per, parse("85-95k").fault
    ('hour', 'It holds several numbers; allowed is one amount, such as 95000, $95,000, 95k, 82.500,00 € or 45/hour.')
    """
    if len(text) > LONGEST:
        return Amount(fault=f"It is longer than any amount; {ALLOWED}.")
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace("\u200b", "").replace("\ufeff", "")
    plain = " ".join(plain.split()).casefold()
    plain = plain.removeprefix("'")
    if plain.startswith("="):
        return Amount(fault="It is a formula; allowed are values only.")
    if plain.startswith("#"):
        return Amount(fault=f"It is an error of a spreadsheet; {ALLOWED}.")
    science = re.fullmatch(r"(\d+(?:[.,]\d+)?)e\+?(\d{1,2})", plain)
    if science:
        value = float(f"{science[1].replace(',', '.')}e{science[2]}")
        return Amount(value, form="scientific") if value < MOST else Amount(fault=_TOO_MUCH)
    numbers = _NUMBER.findall(plain)
    if not numbers:
        return Amount(fault=f"It holds no number; {ALLOWED}.")
    if len(numbers) > 1:
        return Amount(fault=f"It holds several numbers; {ALLOWED}.")
    start = plain.index(numbers[0])
    return _around(numbers[0], plain[:start], plain[start + len(numbers[0]) :])


def _around(number: str, before: str, after: str) -> Amount:
    """Read the words before and after the number; one that is not understood is a fault."""
    tail = re.match(r"[.,]\s?[-–—]{1,2}", after)
    if tail:
        after = after[tail.end() :]
    percent = after.lstrip().startswith("%")
    scale, after = _take_scale(after)
    per, before, after = _take_period(before, after)
    signs, before = _take_sign(before)
    other, after = _take_sign(after)
    if signs and other and not set(signs) & set(other):
        return Amount(fault="It names two currencies; allowed is one.")
    signs = tuple(c for c in signs if c in other) if signs and other else signs or other
    about = re.search(r"~|≈|\b(?:ca|circa|approx|about)\b\.?", before)
    rest = before.replace(about[0], " ") if about else before
    if "-" in rest or (rest.strip().endswith("(") and after.strip().startswith(")")):
        return Amount(fault="It is negative; allowed is an amount of 0 or more.")
    left = re.sub(r"[\s+*:()\"%]|\+/-", "", f"{rest} {after}")
    if left:
        return Amount(fault=f"What stands beside the number is not understood; {ALLOWED}.")
    value, form = _number(number, short=scale > 1, fine=per == "hour" or percent)
    if value is not None and value * scale >= MOST:
        return Amount(fault=_TOO_MUCH)
    if value is None:
        return Amount(fault=f"The marks between digits are in no usual place; {ALLOWED}.")
    if scale > 1:
        form = "short"
    elif about:
        form = "about"
    elif form == "plain" and re.search(r"[*+:\"]", f"{rest}{after}"):
        form = "odd"
    return Amount(value * scale, signs, per, form, percent=percent)


def _take_scale(after: str) -> tuple[float, str]:
    """What a letter or word after the number multiplies it by, and what is left."""
    for factor, pattern in _SCALE_OF if after else ():
        found = pattern.match(after)
        if found:
            # LPA is lakh a year.
            return factor, (" /year" if "lpa" in found[0] else "") + after[found.end() :]
    return 1.0, after


def _take_period(before: str, after: str) -> tuple[str, str, str]:
    """What the pay is for, and what is left on both sides."""
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
    """The currency that is named in a piece of text, and what is left of it."""
    word = text.strip()
    if not word:
        return (), word
    codes = code_of(word)
    if codes:
        return codes, ""
    found = _SIGN.search(word)
    if found:
        rest = f"{word[: found.start()]} {word[found.end() :]}"
        # "USD $" and "$ CAD" name one currency twice, and the code decides.
        more = next((code_of(part) for part in rest.split() if code_of(part)), ())
        if set(more) & set(_SIGNS[found[0]]):
            return more, " ".join(part for part in rest.split() if not code_of(part))
        return _SIGNS[found[0]], rest
    for part in word.split():
        if code_of(part):
            return code_of(part), word.replace(part, " ", 1)
    return (), text


def _number(text: str, *, short: bool, fine: bool) -> tuple[float | None, str]:
    """The value of digits and the marks between them, and the form; `fine` where a third decimal is possible."""
    body, decimals, form = text, "", "plain"
    last = max(text.rfind("."), text.rfind(","))
    if last >= 0:
        mark, head, tail = text[last], text[:last], text[last + 1 :]
        other = "," if mark == "." else "."
        mixed = other in head or bool(re.search(r"['’ ]", head))
        single = head.count(mark) == 0
        thousands = len(tail) == 3 and re.fullmatch(r"[1-9]\d{0,2}", head) and not mixed and not fine
        thousands = thousands and not (short and mark == ".")
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
