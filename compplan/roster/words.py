"""The words for the fields of a roster, and what a heading says beside its name: currency, period, unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from compplan.roster.limits import LIMITS
from compplan.uploads import Limits

# Field to the words for it, the most telling first.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "employee id", "employee no", "employee number", "employee nr", "emp id", "emp no", "emp number",
        "worker id", "person id", "person number", "staff id", "staff no", "staff number", "personnel number",
        "personnel no", "personalnummer", "personal nr", "matricule", "id", "ee id", "eeid", "associate id",
        "payroll id", "user id",
    ),
    "name": (
        "name", "full name", "employee name", "worker name", "person", "person name", "staff name", "team member",
        "preferred name", "display name", "legal name", "worker", "csm name", "nom", "nombre", "mitarbeiter",
        "mitarbeiterin", "employee",
    ),
    "first_name": ("first name", "given name", "forename", "vorname", "prenom"),
    "last_name": ("last name", "surname", "family name", "nachname", "nom de famille"),
    "title": (
        "job title", "title", "position title", "position", "business title", "job", "job name", "designation",
        "job profile", "funktion", "stelle", "poste", "intitule du poste", "puesto", "cargo",
    ),
    "role": ("role", "role key", "job role", "cs role", "rolle"),
    "level": (
        "level", "lvl", "job level", "grade", "job grade", "pay grade", "career level", "seniority", "ic level",
        "stufe", "niveau",
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
# A heading that means another field where its first one is taken by a better word.
SECOND = {"employee": "id", "worker": "id", "role": "title", "position": "level"}
# No heading says more in more characters.
_LONGEST = 200
PAY_FIELDS = ("base", "hourly", "variable", "variable_share", "ote")


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


PEOPLE = Vocabulary(FIELDS, SECOND, LIMITS, "person", "people", "pay", "Employee ID, Job title or Base salary")

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
    """A heading in words, and what it says beside its name; see `compplan.roster.headings.Heading`."""

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
