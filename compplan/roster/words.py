"""Headings of the fields of people files."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from compplan.readers.heading_words import HeadingWords
from compplan.readers.limits import Limits
from compplan.readers.vocabulary import Vocabulary

# Field to the headings that mean it, the clearest first.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "employee id", "employee no", "employee number", "employee nr", "emp id", "emp no", "emp number",
        "worker id", "person id", "person number", "staff id", "staff no", "staff number", "personnel number",
        "personnel no", "personalnummer", "personal nr", "matricule", "id", "ee id", "eeid", "associate id",
        "payroll id", "user id",
        "employee code", "emp code", "staff code", "person code", "worker number", "associate number", "file number",
        "position id", "personnel id", "employee identifier", "hris id", "hr id", "contact id", "team member id",
        "workday id", "adp id", "emplid", "empl id", "employee record number", "badge number", "identifiant",
        "numero d employe", "id empleado", "numero de empleado", "mitarbeiter id", "mitarbeiternummer", "pers nr",
        "persnr", "eecode", "ee number", "payee id", "participant id", "rep id", "unique id", "employeeno", "empnr",
        "teammate id", "rippling id", "employee rippling id", "assignment number",
    ),
    "name": (
        "name", "full name", "employee name", "worker name", "person", "person name", "staff name", "team member",
        "preferred name", "display name", "legal name", "worker", "csm name", "nom", "nombre", "mitarbeiter",
        "mitarbeiterin", "employee",
        "team member name", "legal full name", "employee full name", "payroll name",
        "last name first name", "full legal name", "participant name", "payee name", "rep name",
        "employee display name", "preferred full name", "nom complet", "nombre completo", "vollstandiger name",
        "staff member", "agent name", "emp name", "nom prenom", "apellidos y nombre", "participant", "payee", "rep",
    ),
    "first_name": (
        "first name", "given name", "forename", "vorname", "prenom", "legal first name", "preferred first name",
        "first", "nombre de pila",
    ),
    "last_name": (
        "last name", "surname", "family name", "nachname", "nom de famille", "legal last name", "preferred last name",
        "last", "apellido", "apellidos",
    ),
    "title": (
        "job title", "title", "position title", "position", "business title", "job", "job name", "designation",
        "job profile", "funktion", "stelle", "poste", "intitule du poste", "puesto", "cargo",
        "job profile name", "job title name", "job title description", "position description",
        "job description title", "position name", "role title", "work title", "business job title",
        "current job title", "current title", "stellenbezeichnung", "berufsbezeichnung", "jobtitel", "titre",
        "fonction", "titulo del puesto", "puesto de trabajo", "job code description", "home job title",
        "job function title", "occupation", "employee job title", "primary job title", "stellentitel", "emploi",
    ),
    "role": (
        "role", "role key", "job role", "cs role", "rolle",
    ),
    "level": (
        "level", "lvl", "job level", "grade", "job grade", "pay grade", "career level", "seniority", "ic level",
        "stufe", "niveau",
        "compensation grade", "salary grade", "management level", "job level name", "seniority level", "band",
        "job band", "compensation level", "gehaltsstufe", "career stage", "nivel",
    ),
    "manager": (
        "manager", "manager name", "reports to", "line manager", "supervisor", "reporting manager", "direct manager",
        "manager id", "reporting to", "boss", "vorgesetzter", "vorgesetzte", "responsable", "people manager",
        "manager full name", "direct manager name", "supervisor name", "reports to name", "manager legal name",
        "manager employee id", "fuhrungskraft", "manager s name", "superior", "jefe", "supervisor id",
        "reports to position", "team lead", "report to",
    ),
    "place": (
        "location", "work location", "place", "office", "office location", "site", "metro", "metro area", "work site",
        "location name", "standort", "ort", "lieu", "ubicacion", "area",
        "primary work location", "work location name", "location description", "home work location",
        "business location", "work address", "workplace", "arbeitsort", "niederlassung", "site de travail",
        "lieu de travail", "sede", "centro de trabajo", "office name", "work location description", "location code",
        "business site",
    ),
    "city": (
        "city", "work city", "town", "stadt", "ville", "ciudad", "location city",
    ),
    "state": (
        "state", "work state", "province", "state province", "region", "bundesland", "location state",
        "work location state",
    ),
    "currency": (
        "currency", "currency code", "pay currency", "salary currency", "ccy", "curr", "cur", "local currency",
        "wahrung", "devise", "moneda", "monnaie",
        "base salary currency", "base currency", "pay rate currency code", "pay rate currency",
        "compensation currency", "currency of pay", "base pay currency", "comp currency", "pay currency code",
        "salary currency code", "compensation currency code", "annual salary currency", "ote currency",
        "currency iso code", "iso currency", "local currency code", "payment currency", "payroll currency",
        "rate currency", "wahrungscode", "gehaltswahrung", "devise du salaire", "moneda del salario",
        "total base pay currency", "base salary currency code", "wages currency",
    ),
    "base": (
        "base salary", "base pay", "base", "annual base salary", "annual base", "annual salary", "salary",
        "base compensation", "base comp", "basic salary", "basic pay", "fixed pay", "fixed salary", "fixed", "fix",
        "annualized base", "base annual", "yearly salary", "pay rate", "grundgehalt", "jahresgehalt", "fixgehalt",
        "gehalt", "salaire de base", "salaire fixe", "salaire", "salario base", "salario",
        "annual base pay", "annualized salary", "annualized base salary", "annualized base pay", "base annual salary",
        "annual rate", "annual rt", "annualrt", "annual pay", "annual pay rate", "annual compensation", "annual wage",
        "yearly base", "yearly pay", "total base pay", "total base pay amount", "primary compensation basis amount",
        "primary compensation basis", "base rate", "base pay rate", "regular pay rate", "regular pay rate amount",
        "compensation rate", "comp rate", "comprate", "pay rate amount", "rate of pay", "compensation",
        "salary amount", "salary rate", "income", "pay", "wage", "wages", "contractual salary", "base wage",
        "fixed compensation", "fixed salary amount", "fixed pay amount", "gross salary", "gross pay",
        "gross annual salary", "annual gross salary", "bruttogehalt", "brutto", "bruttolohn", "lohn", "grundlohn",
        "jahresgehalt brutto", "fixum", "fix salary", "jahresfixum", "festgehalt", "salaire brut",
        "salaire annuel brut",
        "remuneration fixe", "salaire annuel", "salario bruto", "salario fijo", "salario anual", "sueldo",
        "sueldo base", "sueldo bruto", "base cash", "annual base rate", "full time salary", "fte salary",
        "salary annual", "current salary", "current base", "current base salary", "total annual salary",
        "target base", "target base salary", "target base pay", "base pay amount", "rate amount", "agreed salary",
        "fixed remuneration", "basic",
    ),
    "hourly": (
        "hourly rate", "hourly pay", "hourly wage", "rate per hour", "hourly base", "hourly base rate", "stundenlohn",
        "taux horaire",
        "hourly compensation", "hourly rt", "base hourly rate", "stundensatz", "salaire horaire", "tarifa por hora",
        "pay rate per hour", "rate hourly", "regular hourly rate", "hourly wages",
    ),
    "variable": (
        "target variable", "variable", "variable pay", "variable target", "target bonus", "bonus target", "bonus",
        "target incentive", "incentive", "incentive target", "target commission", "commission", "tic",
        "target incentive compensation", "variable compensation", "variable comp", "annual bonus", "on target bonus",
        "on target variable", "target variable pay", "at risk pay", "commissions", "variable vergutung", "bonus ziel",
        "zielbonus", "part variable", "salaire variable",
        "variable amount", "variable salary", "variable target amount", "target variable amount",
        "target variable compensation", "target variable comp", "annual target variable", "target incentive amount",
        "annual target incentive", "annual bonus target", "annual target bonus", "target bonus amount",
        "bonus amount", "bonus target amount", "target annual bonus", "short term incentive", "sti", "sti target",
        "target sti", "annual commission", "commission target", "annual commission target", "commission amount",
        "target commissions", "on target commission", "otc amount", "variable component", "variable bonus",
        "incentive pay", "incentive compensation", "quota bonus", "individual target amount",
        "additional monetary compensation", "bonus pay", "variable cash", "at target variable", "tvc", "target tic",
        "target variable cash", "annual variable", "variable at target", "variabler anteil", "variable gehalt",
        "variabel", "variables gehalt", "bonus jahrlich", "zielvariable", "provision", "zielprovision",
        "remuneration variable", "prime", "prime annuelle", "prime cible", "variable cible", "variable anual",
        "comision", "bono", "bono anual", "retribucion variable", "variable earnings", "on target incentive", "oti",
    ),
    "ote": (
        "ote", "on target earnings", "target earnings", "on target compensation", "otc", "total target cash",
        "target total cash", "ttc", "total target compensation", "target total compensation", "target cash",
        "total target pay", "total on target earnings", "total cash", "on target cash", "total target earnings",
        "zielgehalt", "zieleinkommen",
        "on target earning", "annual ote", "total ote", "ote amount", "on target income", "ote total",
        "on target salary", "total target annual cash", "annual target cash", "annual target earnings",
        "target annual earnings", "target annual compensation", "total target pay amount", "zieljahresgehalt",
        "ziel gesamtvergutung", "gesamtzielgehalt", "remuneration cible", "remuneration totale cible",
        "package cible", "retribucion total objetivo", "on target total", "total annual target cash", "ttcc",
        "target total cash compensation", "total target cash compensation",
    ),
    "variable_share": (
        "variable share", "pay mix", "mix", "split", "base variable split", "pay split", "base variable mix",
        "variable percent", "variable rate", "bonus rate", "bonus percent", "target bonus percent",
        "bonus target percent", "target bonus percentage", "sti percent",
        "incentive percent", "target incentive percent", "variable pay percent", "commission percent", "variable mix",
        "compensation mix", "comp mix", "ote split", "ote mix", "fixed variable", "fix variable",
        "fixed variable split", "base to variable", "base bonus split", "individual target percent",
        "bonus opportunity percent",
    ),
    "pay_basis": (
        "pay basis", "paid per", "pay period", "base salary pay period",
        "salary basis", "compensation basis",
        "pay unit", "rate unit", "comp basis",
        "per", "unit of pay",
        "pay per", "paid", "payment period", "pay rate unit", "compensation period", "compensation unit",
        "payment unit", "base pay period", "salary period", "salary pay period", "rate period", "pay rate period",
        "salary per", "rate per", "comp frequency", "compensation payment unit",
        "pay rate pay period", "base pay frequency type", "base salary unit",
        "periode", "periodo de pago", "base period",
        "frequency of pay",
    ),
    "pay_type": (
        "pay type", "rate type", "pay rate type", "salary type", "hourly salaried", "salaried hourly",
        "hourly or salaried", "salary or hourly", "pay class", "wage type", "exempt status", "flsa status",
        "gehaltsart", "vergutungsart", "type de salaire", "salaried or hourly", "employee pay type",
        "compensation type",
    ),
    "base_share": (
        "base share", "pay mix base", "base pay mix", "mix base", "pay mix base share", "pay mix fixed",
        "base percent", "fixed share", "fixed percent", "base pay share", "base salary share",
        "base percentage of ote", "share of base", "fixanteil", "part fixe", "base mix", "fixed pay share",
    ),
    "pay_frequency": (
        "pay frequency", "payment frequency", "pay schedule", "payroll frequency", "pay cycle",
        "compensation frequency",
        "salary frequency", "pay rate frequency", "frequency", "pay group frequency", "base salary frequency",
        "base salary pay frequency",
        "base pay frequency", "zahlungsrhythmus", "frequence de paie", "frecuencia de pago", "salary interval",
    ),
    "variable_basis": (
        "variable payment period", "variable pay period", "bonus frequency", "bonus period", "variable frequency",
        "variable period", "commission frequency", "commission period", "bonus payment period", "incentive frequency",
    ),
    "variable_currency": (
        "variable currency", "bonus currency", "commission currency", "variable pay currency", "incentive currency",
    ),
    "effective": (
        "effective date", "pay effective date", "salary effective date", "compensation effective date", "valid from",
        "effective from", "date effective", "eff date", "effdt", "eff dt", "pay rate effective date", "gultig ab",
        "date d effet",
        "base salary effective date", "job effective date", "fecha efectiva", "effective start date",
    ),
    "left": (
        "termination date", "date of termination", "left", "leave date", "leaving date", "end date", "last day",
        "last day of work", "last working day", "employment end date", "employment end", "contract termination date",
        "exit date", "separation date", "date left", "term date", "terminated on", "end of employment",
        "date of exit",
        "terminated date", "resignation date", "austritt", "austrittsdatum", "date de sortie", "date de depart",
        "fecha de baja", "fecha de salida", "last day of employment", "dismissal date", "offboarding date",
        "actual termination date", "final day", "contract end date", "last date worked", "effective end date",
        "departure date",
    ),
    "rehired": (
        "rehire date", "date of rehire", "last hire date", "latest hire date", "most recent hire date", "rehired on",
        "most recent start date", "wiedereintritt", "current hire date", "re hire date",
    ),
    "status": (
        "employment status", "employee status", "worker status", "status", "work status", "hr status",
        "payroll status",
        "job status", "position status", "empl status", "lifecycle status", "life cycle status", "assignment status",
        "active status", "employment state", "employee state", "staff status", "personnel status",
        "status description",
        "mitarbeiterstatus", "beschaftigungsstatus", "statut", "statut employe", "estado", "estado del empleado",
        "emp status", "current status", "employment lifecycle status", "employee status description",
    ),
    "terminated": (
        "termd", "terminated", "is terminated", "termed", "has left", "left company", "is former employee",
    ),
    "active": (
        "active", "is active", "currently employed", "currently active", "active employee", "employed", "aktiv",
        "actif",
        "activo", "active status flag", "isactive",
    ),
    "employment_type": (
        "employment type", "employee type", "worker type", "time type", "full part time", "full time part time",
        "full or part time", "ft pt", "contract type", "work schedule type", "employment category", "worker category",
        "work type", "part time", "beschaftigungsart", "type de contrat", "tipo de contrato",
        "worker category description",
        "position time", "full time or part time", "job type", "employment basis",
    ),
    "fte": (
        "fte", "fte percent", "full time equivalent", "fte value", "fte factor", "fte ratio", "working time percent",
        "time percent", "employment percent", "workload", "pensum", "beschaftigungsgrad", "stellenanteil",
        "quotite de travail", "temps de travail", "arbeitszeitanteil", "fulltime equivalent", "work percentage",
        "part time percent", "full time equivalency", "taux d activite", "jornada", "employment rate", "work percent",
    ),
    "weekly_hours": (
        "weekly hours", "scheduled weekly hours", "hours per week", "weekly working hours", "contracted hours",
        "contract hours", "work hours", "working hours", "hours week", "contractual hours", "contracted weekly hours",
        "wochenstunden", "wochenarbeitszeit", "heures hebdomadaires", "heures par semaine", "horas semanales",
        "weekly hours worked", "std hours week", "hours worked per week", "weekly scheduled hours",
    ),
    "standard_hours": (
        "standard hours", "default weekly hours", "full time hours", "standard weekly hours",
        "full time weekly hours",
        "std hours", "full time hours per week", "location weekly hours", "regelarbeitszeit", "company weekly hours",
        "fulltime weekly hours", "full time weekly working hours",
    ),
    "hired": (
        "hire date", "date of hire", "hired", "hired on", "original hire date", "start date", "started", "joined",
        "join date", "joining date", "date joined", "date of joining", "employment start", "employment start date",
        "start", "eintritt", "eintrittsdatum", "date d embauche", "fecha de ingreso",
        "date hired", "hiredate", "start of employment", "employment date", "first day", "first day of work",
        "date started", "commencement date", "original start date", "onboarding date", "seniority date",
        "continuous service date", "hire dt", "last start date", "company start date", "joined on",
        "employee start date", "einstellungsdatum", "eintritt am", "date d entree", "date d arrivee", "fecha de alta",
        "fecha de contratacion", "fecha de inicio", "original date of hire", "hire", "initial hire date",
        "original hire", "joining",
        "doj", "service date", "date of joining company", "work start date", "contract start date",
    ),
    "segment": (
        "segment", "customer segment", "market segment", "account segment", "customer tier", "segmento",
        "kundensegment",
    ),
}  # fmt: skip
# Headings that mean another field where a clearer heading has their first one.
SECOND = {
    "employee": "id",
    "worker": "id",
    "role": "title",
    "position": "level",
    "pay period": "pay_frequency",
}
PAY_FIELDS = ("base", "hourly", "variable", "variable_share", "base_share", "ote", "fte", "weekly_hours")

_FEW = frozenset(
    {
        "title", "role", "currency", "segment", "hired", "pay_basis", "pay_type", "variable_share", "base_share",
        "pay_frequency",
        "variable_basis", "variable_currency", "effective", "left", "rehired", "status", "terminated", "active",
        "employment_type", "fte", "weekly_hours", "standard_hours",
    }
)  # fmt: skip
# Fields of dates, and other fields with cells that their own reader checks.
DATES = ("hired", "left", "rehired", "effective")


def _by_unit(field: str, words: HeadingWords) -> str:
    """Tell a percent from an amount of variable, and an hourly rate from base pay."""
    if field == "variable" and (words.percent or words.of):
        return "variable_share"
    if field == "base" and words.percent:
        # "Base %" is the share of base in OTE; "% of base" belongs to a variable.
        return "" if words.of == "base" else "base_share"
    return "hourly" if field == "base" and words.per == "hour" else field


def _complete(fields: Collection[str]) -> bool:
    return bool({"id", "name", "first_name"} & set(fields)) and bool({"base", "hourly", "ote"} & set(fields))


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
    complete=_complete,
)
