"""Headings of the fields of people files."""

from __future__ import annotations

from collections.abc import Mapping

from compplan.readers.limits import Limits
from compplan.readers.vocabulary import HeadingWords, Vocabulary

# Field to the headings that mean it, the clearest first.
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
# Headings that mean another field where a clearer heading has their first one.
SECOND = {"employee": "id", "worker": "id", "role": "title", "position": "level"}
PAY_FIELDS = ("base", "hourly", "variable", "variable_share", "ote")

_FEW = frozenset({"title", "role", "currency", "segment", "hired", "pay_basis", "variable_share"})


def _by_unit(field: str, words: HeadingWords) -> str:
    """Tell a percent from an amount of variable, and an hourly rate from base pay."""
    if field == "variable" and (words.percent or words.of):
        return "variable_share"
    return "hourly" if field == "base" and words.per == "hour" else field


PEOPLE = Vocabulary(
    FIELDS,
    SECOND,
    Limits("roster"),
    "person",
    "people",
    "pay",
    "Employee ID, Job title or Base salary",
    few=_FEW,
    by_unit=_by_unit,
)
