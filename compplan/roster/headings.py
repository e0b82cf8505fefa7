"""Headings in other words and another order, matched to the fields of a roster, with how sure that is."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from compplan.errors import Problem, nearest
from compplan.roster.notes import RosterError
from compplan.roster.table import letter

DEEPEST = 30
_FEWEST = 2
_CLOSE = 0.88
_LONGEST = 80

# Field to the words for it, the most telling first.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "employee id", "employee no", "employee number", "employee nr", "emp id", "emp no", "emp number", "employee",
        "worker id", "person id", "person number", "staff id", "staff no", "staff number", "personnel number",
        "personnel no", "personalnummer", "personal nr", "matricule", "id", "ee id", "eeid", "associate id",
        "payroll id", "user id",
    ),
    "name": (
        "name", "full name", "employee name", "worker name", "person", "person name", "staff name", "team member",
        "preferred name", "display name", "legal name", "worker", "csm name", "nom", "nombre", "mitarbeiter",
        "mitarbeiterin",
    ),
    "first_name": ("first name", "given name", "forename", "vorname", "prenom"),
    "last_name": ("last name", "surname", "family name", "nachname", "nom de famille"),
    "title": (
        "job title", "title", "position title", "position", "business title", "job", "job name", "designation",
        "job profile", "funktion", "stelle", "poste", "intitule du poste", "puesto", "cargo",
    ),
    "role": ("role", "role key", "job role", "cs role", "rolle"),
    "level": (
        "level", "job level", "grade", "job grade", "pay grade", "career level", "seniority", "ic level", "stufe",
        "niveau",
    ),
    "manager": (
        "manager", "manager name", "reports to", "line manager", "supervisor", "reporting manager", "direct manager",
        "manager id", "reporting to", "boss", "vorgesetzter", "vorgesetzte", "responsable", "people manager",
    ),
    "place": (
        "location", "work location", "place", "office", "office location", "site", "metro", "metro area", "work site",
        "location name", "standort", "ort", "lieu", "ubicacion", "area",
    ),
    "city": ("city", "work city", "town", "stadt", "ville"),
    "state": ("state", "work state", "province", "state province", "region", "bundesland"),
    "currency": (
        "currency", "currency code", "pay currency", "salary currency", "ccy", "curr", "cur", "local currency",
        "wahrung", "devise", "moneda", "monnaie",
    ),
    "base": (
        "base salary", "base pay", "base", "annual base salary", "annual base", "annual salary", "salary",
        "base compensation", "base comp", "basic salary", "basic pay", "fixed pay", "fixed salary", "fixed", "fix",
        "annualized base", "base annual", "yearly salary", "pay rate", "grundgehalt", "jahresgehalt", "fixgehalt",
        "gehalt", "salaire de base", "salaire fixe", "salaire", "salario base", "salario",
    ),
    "hourly": (
        "hourly rate", "hourly pay", "hourly wage", "rate per hour", "hourly base", "hourly base rate", "stundenlohn",
        "taux horaire",
    ),
    "variable": (
        "target variable", "variable", "variable pay", "variable target", "target bonus", "bonus target", "bonus",
        "target incentive", "incentive", "incentive target", "target commission", "commission", "tic",
        "target incentive compensation", "variable compensation", "variable comp", "annual bonus", "on target bonus",
        "on target variable", "target variable pay", "at risk pay", "commissions", "variable vergutung", "bonus ziel",
        "zielbonus", "part variable", "salaire variable",
    ),
    "ote": (
        "ote", "on target earnings", "target earnings", "on target compensation", "otc", "total target cash",
        "target total cash", "ttc", "total target compensation", "target total compensation", "target cash",
        "total target pay", "total on target earnings", "total cash", "on target cash", "total target earnings",
        "zielgehalt", "zieleinkommen",
    ),
    "variable_share": (
        "variable share", "pay mix", "mix", "split", "base variable split", "pay split", "base variable mix",
        "variable percent", "variable rate", "bonus rate", "bonus percent",
    ),
    "pay_basis": (
        "pay basis", "pay type", "rate type", "pay rate type", "salary basis", "compensation basis", "salary type",
        "hourly salaried", "salaried hourly", "pay unit", "rate unit", "comp basis", "hourly or salaried",
        "salary or hourly", "per", "unit of pay",
    ),
    "hired": (
        "hire date", "date of hire", "hired", "hired on", "original hire date", "start date", "started", "joined",
        "join date", "joining date", "date joined", "date of joining", "employment start", "employment start date",
        "start", "eintritt", "eintrittsdatum", "date d embauche", "fecha de ingreso",
    ),
    "segment": (
        "segment", "customer segment", "market segment", "account segment", "customer tier", "segmento",
        "kundensegment",
    ),
}  # fmt: skip
PAY_FIELDS = ("base", "hourly", "variable", "variable_share", "ote")

_CURRENCIES = (
    "USD EUR GBP CHF CAD AUD NZD INR SGD JPY CNY HKD SEK NOK DKK PLN CZK HUF RON BGN ILS ZAR BRL MXN KRW TWD THB "
    "PHP IDR MYR VND AED SAR TRY NGN KES EGP ARS CLP COP KWD BHD"
).split()
_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY", "C$": "CAD", "A$": "AUD"}
_PERIODS = {
    "hour": r"\b(hourly|per hour|per hr|an hour|hr|/ ?h|pro stunde)\b",
    "month": r"\b(monthly|per month|a month|/ ?month|pro monat|mensuel)\b",
    "week": r"\b(weekly|per week|a week)\b",
    "year": r"\b(annual|annually|annualized|annualised|yearly|per year|per annum|p ?a|a year|pro jahr|annuel)\b",
}
_NOISE = re.compile(r"\b(fy ?\d{2,4}|20\d\d|current|gross|amount|amt|contractual|in|of|the|employee s|local)\b")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the file and the field that it was taken for.

    Attributes
    ----------
    field : str
        A key of `FIELDS`, or empty for a column that is carried along.
    heading, letter : str
        Its text and the letter that a spreadsheet gives to it.
    column : int
        From 0.
    confidence : float
        1 where the caller said so or the words are known, less where they had to be cut or come close only,
        0 without a field.
    currency : str
        Code that the heading names, as in "Base (EUR)".
    per : str
        ``hour``, ``week``, ``month``, ``year`` or empty.
    scale : float
        1000 where the heading says thousands, else 1.
    percent : bool
        Whether it says percent.
    of : str
        ``base`` or ``ote`` where the heading says what a percent is of.
    """

    field: str
    heading: str
    letter: str
    column: int
    confidence: float = 0.0
    currency: str = ""
    per: str = ""
    scale: float = 1.0
    percent: bool = False
    of: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
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


def _words(heading: str) -> _Words:
    found = re.findall(r"\b([A-Z]{3})\b", heading)
    signs = re.findall(r"US\$|C\$|A\$|[$€£₹¥]", heading)
    currency = next((c for c in found if c in _CURRENCIES), "") or next((_SIGNS[s] for s in signs), "")
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
    return _Words(normal(heading), timed, normal(bare), currency, per, 1000.0 if thousands else 1.0, percent, of)


@cache
def _ranks() -> Mapping[str, tuple[str, int]]:
    return {word: (field, rank) for field, words in FIELDS.items() for rank, word in enumerate(words)}


def _guess(heading: str, *, close: bool = True) -> tuple[str, float, int]:
    """Field, confidence and rank among the words for the field; a text that only comes close counts if `close`."""
    if len(heading) > _LONGEST:
        return "", 0.0, 0
    words = _words(heading)
    known = _ranks()
    tries = [(words.whole, 1.0), (words.timed, 1.0), (words.bare, 1.0), (normal(_NOISE.sub(" ", words.bare)), 0.9)]
    for text, confidence in tries:
        if text in known:
            field, rank = known[text]
            return _by_unit(field, words), confidence, rank
    text = tries[-1][0]
    if close and len(text) > 4:
        near = difflib.get_close_matches(text, known, n=1, cutoff=_CLOSE)
        if near:
            field, rank = known[near[0]]
            return _by_unit(field, words), 0.7, rank
    return "", 0.0, 0


def _by_unit(field: str, words: _Words) -> str:
    if field == "variable" and (words.percent or words.of):
        return "variable_share"
    return "hourly" if field == "base" and words.per == "hour" else field


def find(rows: Sequence[Sequence[str]], mapping: Mapping[str, str] | None = None) -> tuple[int, int]:
    """The row of headings among the first rows, and how many fields it has; 0 fields if there is none.

    Examples
    --------
    >>> find([["Our team", ""], ["Emp ID", "Base salary (USD)"], ["E001", "80000"]])
    (1, 2)
    """
    named = {normal(text) for text in (mapping or {}).values() if text}
    best = place = 0
    for index, row in enumerate(rows[:DEEPEST]):
        texts = [text for text in row if text.strip() and not text.strip()[0].isdigit()]
        if len(texts) < _FEWEST:
            continue
        fields = {_guess(text, close=False)[0] or normal(text) * (normal(text) in named) for text in texts}
        known = len(fields - {""})
        if known > best:
            best, place = known, index
            if known > len(texts) / 2:
                break
    return (place, best) if best >= _FEWEST else (place, 0)


def match(names: Sequence[str], mapping: Mapping[str, str] | None = None) -> tuple[Heading, ...]:
    """Take each heading for a field, at most one heading a field.

    Parameters
    ----------
    names : sequence of str
        Headings, all different.
    mapping : Mapping of str to str, optional
        Field to heading, or to the letter of a column; an empty text leaves the field out. What it does not
        name is proposed.

    Returns
    -------
    tuple of Heading
        In the order of the file.

    Raises
    ------
    RosterError
        If the mapping names a field or a heading that is not there.

    Examples
    --------
    >>> [(h.field, h.currency) for h in match(["Salary (EUR)", "Emp. ID", "Team song", "Bonus % of base"])]
    [('base', 'EUR'), ('id', ''), ('', ''), ('variable_share', '')]
    """
    taken: dict[int, tuple[str, float]] = {}
    fixed = _fixed(names, mapping or {})
    for field, column in fixed.items():
        if column is not None:
            taken[column] = field, 1.0
    guesses = [(*_guess(name), name, column) for column, name in enumerate(names)]
    # By words, not by place: another order of the columns gives the same mapping.
    for field, confidence, _, _, column in sorted(guesses, key=lambda g: (-g[1], g[2], g[3].casefold(), g[4])):
        if field and column not in taken and field not in fixed and all(field != f for f, _ in taken.values()):
            taken[column] = field, confidence
    made: list[Heading] = []
    for column, name in enumerate(names):
        field, confidence = taken.get(column, ("", 0.0))
        words = _words(name)
        made.append(
            Heading(
                field, name, letter(column), column, confidence,
                words.currency, words.per, words.scale, words.percent, words.of,
            )
        )  # fmt: skip
    return tuple(made)


def rivals(found: Sequence[Heading]) -> list[tuple[Heading, Heading]]:
    """Headings that were left out although they have words for a field, each with the one that was taken."""
    by_field = {h.field: h for h in found if h.field}
    pairs: list[tuple[Heading, Heading]] = []
    for heading in found:
        guess, confidence, _ = _guess(heading.heading)
        if not heading.field and confidence >= 0.9 and guess in by_field:
            pairs.append((heading, by_field[guess]))
    return pairs


def _fixed(names: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int | None]:
    fixed: dict[str, int | None] = {}
    problems: list[Problem] = []
    for field, wanted in mapping.items():
        if field not in FIELDS:
            problems.append(Problem(f"mapping.{field}", f"is not a field of a roster; {nearest(field, FIELDS)}"))
            continue
        column = _column_of(names, wanted) if wanted else None
        if wanted and column is None:
            problems.append(Problem(f"mapping.{field}", f"there is no heading {wanted!r}; {nearest(wanted, names)}"))
        elif column is not None and column in fixed.values():
            problems.append(Problem(f"mapping.{field}", f"{wanted!r} is named for two fields; a column has one."))
        fixed[field] = column
    if problems:
        raise RosterError(problems)
    return fixed


def _column_of(names: Sequence[str], wanted: str) -> int | None:
    for column, name in enumerate(names):
        if name == wanted:
            return column
    for column, name in enumerate(names):
        if normal(name) == normal(wanted) and normal(wanted):
            return column
    return next((c for c in range(len(names)) if letter(c) == wanted.strip().upper()), None)
