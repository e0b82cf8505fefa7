"""The words and numbers of survey files: what a heading, a job title, an amount or a date in them means."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from compplan import facts
from compplan.benchmarks.ages import date_of
from compplan.benchmarks.amounts import Basis
from compplan.benchmarks.errors import BenchmarkError

# The longest first: "total target cash" is not "total cash".
_BASES = (
    (Basis.OTE, r"ote|on target earnings|(?:total target|target total) cash(?: compensation)?|target cash|ttcc?"),
    (Basis.TARGET_VARIABLE, r"target (?:variable|incentive|bonus)(?: pay)?|variable pay|tic"),
    (Basis.FULLY_LOADED_COST, r"fully loaded cost|loaded cost"),
    (Basis.ACTUAL_CASH, r"(?:actual )?total cash(?: compensation)?|actual cash|cash paid|tcc"),
    (Basis.TOTAL_COMPENSATION, r"total (?:direct )?comp(?:ensation)?|tdc"),
    (Basis.WAGE, r"wages?"),
    (Basis.BASE, r"(?:annual )?base(?: (?:salary|pay))?|(?:annual )?salary"),
)
_COLUMNS = {
    "role": r"role|job|job title|title|position|job name|survey job(?: title)?|benchmark(?: job)?|job role",
    "level": r"level|job level|career level|grade",
    "n": r"n|sample(?: size)?|count|headcount|(?:number of |num |no of )?(?:incumbents|incs|employees|answers)",
    "basis": r"basis|metric|measure|pay element|element|compensation type|pay type|comp type",
    "currency": r"currency|ccy|currency code",
    "date": r"date|as of(?: date)?|effective(?: date)?|(?:data |survey )?effective date|survey date|year|aged to",
    "place": r"place|location|geo(?:graphy)?|area|market|region|country|city",
    "low": r"min(?:imum)?|low|range min(?:imum)?|band min(?:imum)?",
    "high": r"max(?:imum)?|high|range max(?:imum)?|band max(?:imum)?",
}
_PERCENTILE = (
    r"p ?(\d\d)|(\d\d) ?(?:st|nd|rd|th)?(?: ?(?:percentile|pctl|pct|ile|perc))?|"
    r"(?:percentile|pctl|pct) ?(\d\d)|(median)"
)
_MONEY = r"(?:[a-z]{3}|[a-z]{0,2}[$€£¥₹₩₪₫₱₴₦฿])"
_SIGNS = {"€": {"EUR"}, "£": {"GBP"}, "¥": {"JPY", "CNY"}, "₹": {"INR"}}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

# Job titles, the surest first. What no line is sure of is left to the user.
_CSM = r"\b(?:customer success manager|csm)\b"
_TITLES = (
    ("cs_vp", r"\b(vp|svp|evp|vice president|head of customer success|chief customer officer)\b"),
    ("cs_director", r"\bdirector\b"),
    ("renewals_manager", r"\brenewals?\b"),
    ("onboarding", r"\b(onboarding|implementation)\b"),
    ("cse", r"\b(customer success engineer|cse|technical success)\b"),
    ("cs_ops", r"\b(customer success|cs) (operations|ops)\b"),
    ("cs_manager", r"\b(manager|mgr|head|lead) (of )?(customer success|cs)\b"),
    ("cs_manager", r"\bcustomer success team (lead|manager)\b"),
    ("strategic_csm", rf"\b(strategic|principal)\b.*{_CSM}"),
    ("senior_csm", rf"\b(senior|sr)\b.*{_CSM}|{_CSM} (iii|3|senior|sr)\b"),
    ("associate_csm", rf"\b(associate|junior|jr)\b.*{_CSM}|{_CSM} (i|1|associate|junior)\b"),
    ("csm", rf"{_CSM}( (ii|2))?$"),
    ("account_manager", r"^account manager$"),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a column holds.

    Attributes
    ----------
    kind : str
        ``role``, ``level``, ``n``, ``basis``, ``currency``, ``date``, ``place``, ``low``, ``high`` or ``percentile``.
    p : float or None
        The probability of a percentile.
    basis : Basis or None
        Where the heading says of what.
    """

    kind: str
    p: float | None = None
    basis: Basis | None = None


def heading(text: str) -> Heading | None:
    """What a heading means; None where it means nothing that is wanted.

    Examples
    --------
    >>> heading("Base Salary - 50th Percentile")
    Heading(kind='percentile', p=0.5, basis=<Basis.BASE: 'base'>)
    >>> heading("TTC P75").basis, heading("# Incumbents").kind, heading("Notes")
    (<Basis.OTE: 'ote'>, 'n', None)
    """
    words = _plain(text)
    for kind, pattern in _COLUMNS.items():
        if re.fullmatch(pattern, words):
            return Heading(kind)
    basis, rest = None, words
    for found, pattern in _BASES:
        match = re.search(rf"\b(?:{pattern})\b", words)
        if match:
            basis, rest = found, " ".join((words[: match.start()] + words[match.end() :]).split())
            break
    match = re.fullmatch(_PERCENTILE, rest)
    if match:
        digits = next((group for group in match.groups()[:3] if group), None)
        p = int(digits) / 100 if digits else 0.5
        return Heading("percentile", p, basis) if 0 < p < 1 else None
    if basis:
        for kind in ("low", "high"):
            if re.fullmatch(_COLUMNS[kind], rest):
                return Heading(kind, None, basis)
    return None


def basis_named(text: str) -> Basis | None:
    """The basis that a cell names; None where it names none that is known.

    Examples
    --------
    >>> basis_named("Total Target Cash"), basis_named("Base salary"), basis_named("equity")
    (<Basis.OTE: 'ote'>, <Basis.BASE: 'base'>, None)
    """
    words = _plain(text)
    if words.replace(" ", "_") in list(Basis):
        return Basis(words.replace(" ", "_"))
    return next((basis for basis, pattern in _BASES if re.fullmatch(pattern, words)), None)


def role_named(title: str) -> str | None:
    """The role that a job title most likely means; None where that is not sure.

    Examples
    --------
    >>> role_named("Sr. Customer Success Manager"), role_named("Manager, Customer Success"), role_named("CS Manager")
    ('senior_csm', 'cs_manager', None)
    """
    words = _plain(title)
    for row in facts.table("roles"):
        if title.strip().lower() == row["key"] or words == _plain(row["name"]):
            return row["key"]
    return next((role for role, pattern in _TITLES if re.search(pattern, words)), None)


def amount(cell: object) -> float | None:
    """The number in a cell, however it is written; None where there is none.

    Examples
    --------
    >>> [amount(cell) for cell in ("$95,000", "95k", "€ 82.500,00", "1.2M", "USD 82 500", "82.500", "n/a", 70000)]
    [95000.0, 95000.0, 82500.0, 1200000.0, 82500.0, 82500.0, None, 70000.0]
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return float(cell)
    text = re.sub(r"[\s\u00a0\u202f']", "", str(cell)).lower()
    match = re.fullmatch(rf"{_MONEY}?(\d[\d.,]*)([km])?{_MONEY}?", text)
    if not match:
        return None
    digits = match[1]
    mark = max(digits.rfind("."), digits.rfind(","))
    # The last mark is a decimal one unless three digits follow it, or it stands more than once.
    if mark >= 0 and (digits.count(digits[mark]) > 1 or (len(digits) - mark == 4 and not match[2])):
        whole, part = digits, ""
    else:
        whole, part = (digits[:mark], digits[mark + 1 :]) if mark >= 0 else (digits, "")
    groups = re.split(r"[.,]", whole)
    if any(len(group) != 3 for group in groups[1:]) or (part and not part.isdigit()):
        return None
    return float("".join(groups) + (f".{part}" if part else "")) * {"k": 1e3, "m": 1e6}.get(match[2], 1)


def in_another_currency(cell: object, currency: str) -> bool:
    """Whether an amount says of itself that it is in another currency than its row.

    Examples
    --------
    >>> [in_another_currency(cell, "USD") for cell in ("€ 82.500,00", "EUR 82.500", "$95,000", "95k")]
    [True, True, False, False]
    """
    text = str(cell).upper()
    signs = [codes for sign, codes in _SIGNS.items() if sign in text]
    letters = [{code} for code in re.findall(r"[A-Z]{3}", text)]
    return any(currency not in codes for codes in signs + letters)


def day(cell: object) -> str | None:
    """The date in a cell as ``2025``, ``2025-06`` or ``2025-06-01``; None where there is none that is sure.

    Examples
    --------
    >>> day("June 2025"), day(2025), day("2025-06-01"), day("1/6/2025")
    ('2025-06', '2025', '2025-06-01', None)
    """
    if isinstance(cell, dt.date):
        return cell.isoformat()[:10]
    text = str(cell).strip().lower()
    text = text.removesuffix(".0").removesuffix(" 00:00:00")
    named = re.fullmatch(r"(?:(\d{1,2})\.? )?([a-z]{3,9})\.?,? (\d{4})", text)
    if named and named[2][:3] in _MONTHS:
        text = f"{named[3]}-{_MONTHS.index(named[2][:3]) + 1:02}" + (f"-{int(named[1]):02}" if named[1] else "")
    try:
        date_of(text)
    except BenchmarkError:
        return None
    return text


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())
