"""Headings of survey files: the fields of a row, and figures such as "Base P50" or "OTE max"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from compplan.benchmarks.amounts import PayBasis
from compplan.readers.heading_words import HeadingWords, normal
from compplan.readers.limits import Limits
from compplan.readers.vocabulary import Vocabulary

# Longer names first: "total target cash" is not "total cash".
_BASES = (
    (
        PayBasis.OTE,
        (
            r"ote|on target earnings|(?:total target|target total) (?:annual )?cash(?: compensation)?|target cash|"
            r"ttcc?|total target compensation|target total annual compensation|ttac"
        ),
    ),
    (PayBasis.TARGET_VARIABLE, r"target (?:variable|incentive|bonus)(?: pay)?|variable pay|tic"),
    (PayBasis.FULLY_LOADED_COST, r"fully loaded cost|loaded cost"),
    (PayBasis.ACTUAL_CASH, r"(?:actual )?total cash(?: compensation)?|actual cash|cash paid|tcc"),
    (PayBasis.TOTAL_COMPENSATION, r"total (?:direct )?comp(?:ensation)?|tdc"),
    (PayBasis.WAGE, r"wages?"),
    (PayBasis.BASE, r"(?:annual(?:ized)? )?base(?: (?:salary|pay|compensation))?|(?:annual )?salary"),
)
_COUNTED = ("incumbents", "incs", "inc", "employees", "ees", "answers", "observations", "obs", "data points")
# Field to the headings that mean it, the clearest first.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "role": (
        "job title", "role", "title", "position", "job", "job name", "survey job", "survey job title", "benchmark job",
        "benchmark", "job role", "position title", "survey position title", "occ title", "occupation", "specialization",
    ),
    "family": (
        "job family", "family", "job function", "function", "job sub family", "job subfamily", "sub family", "job area",
        "focus", "job family group",
    ),
    "level": ("level", "job level", "career level", "survey level", "grade", "global grade", "job grade", "level code"),
    "n": (
        "n", "sample size", "sample", "count", "headcount", "tot emp", "inc count", "incumbent count", *_COUNTED,
        *(f"{count} {what}" for what in _COUNTED for count in ("number of", "num", "no of")),
    ),
    "basis": (
        "basis", "metric", "measure", "pay element", "element", "compensation type", "pay type", "comp type",
    ),
    "currency": ("currency", "currency code", "ccy"),
    "date": (
        "effective date", "as of date", "as of", "date", "effective", "data effective date", "survey effective date",
        "survey date", "year", "aged to",
    ),
    "place": ("location", "place", "geo", "geography", "area", "market", "region", "country", "city",
        "area title", "metro", "survey location", "scope"),
}  # fmt: skip
_ENDS = {
    "low": r"min(?:imum)?|low|range min(?:imum)?|band min(?:imum)?",
    "high": r"max(?:imum)?|high|range max(?:imum)?|band max(?:imum)?",
}
_WEIGHTED = re.compile(r"\b(?:inc(?:umbent)?|org(?:anization)?) ?(?:wtd|weighted)\b|\b(?:weighted|wtd)\b")
# Wages a year as the Occupational Employment and Wage Statistics of the United States name them.
OEWS = re.compile(r"a (?:pct(\d\d)|median)")
_PERCENTILE = re.compile(
    r"p ?(\d\d)|(\d\d) ?(?:st|nd|rd|th)?(?: ?(?:percentile|pctl|pct|ile|perc))?|"
    r"(?:percentile|pctl|pct) ?(\d\d)|(median)"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a column of figures holds.

    Attributes
    ----------
    end : str
        ``low`` or ``high`` for an end of a range; empty for a percentile.
    p : float or None
        Probability of a percentile, 0.5 for the median.
    basis : PayBasis or None
        Kind of pay, where the heading names it.
    """

    end: str = ""
    p: float | None = None
    basis: PayBasis | None = None

    @property
    def field(self) -> str:
        """Its name as a field of the vocabulary, such as ``base p50``."""
        what = self.end or f"p{(self.p or 0) * 100:02.0f}"
        return f"{self.basis} {what}" if self.basis else what

    @property
    def label(self) -> str:
        """Its name as people read it.

        Examples
        --------
        >>> Figure(p=0.5, basis=PayBasis.OTE).label, Figure("low").label
        ('P50 of on-target earnings', 'low end')
        """
        what = f"{self.end} end" if self.end else f"P{(self.p or 0) * 100:g}"
        return f"{what} of {self.basis.words}" if self.basis else what


def figure_of(heading: str) -> Figure | None:
    """Return the figure that a heading means; None where it means none.

    Examples
    --------
    >>> figure_of("Base Salary - 50th Percentile")
    Figure(end='', p=0.5, basis=<PayBasis.BASE: 'base'>)
    >>> figure_of("OTE max"), figure_of("Notes")
    (Figure(end='high', p=None, basis=<PayBasis.OTE: 'ote'>), None)
    """
    rest = " ".join(_WEIGHTED.sub(" ", normal(heading)).split())
    wage = OEWS.fullmatch(rest)
    if wage:
        return Figure("", int(wage[1] or 50) / 100, PayBasis.WAGE)
    basis = None
    for kind, pattern in _BASES:
        name = re.search(rf"\b(?:{pattern})\b", rest)
        if name:
            basis, rest = kind, " ".join((rest[: name.start()] + rest[name.end() :]).split())
            break
    percentile = _PERCENTILE.fullmatch(rest)
    if percentile:
        digits = next((group for group in percentile.groups()[:3] if group), "50")
        return Figure("", int(digits) / 100, basis) if int(digits) else None
    return next((Figure(end, None, basis) for end, pattern in _ENDS.items() if re.fullmatch(pattern, rest)), None)


def basis_named(text: str) -> PayBasis | None:
    """Return the kind of pay that a cell names; None where it names none.

    Examples
    --------
    >>> basis_named("Total Target Cash"), basis_named("Base salary"), basis_named("equity")
    (<PayBasis.OTE: 'ote'>, <PayBasis.BASE: 'base'>, None)
    """
    words = normal(text)
    if words.replace(" ", "_") in list(PayBasis):
        return PayBasis(words.replace(" ", "_"))
    return next((basis for basis, pattern in _BASES if re.fullmatch(pattern, words)), None)


def _figure_field(heading: str) -> str:
    figure = figure_of(heading)
    return figure.field if figure else ""


def _yearly_only(field: str, words: HeadingWords) -> str:
    """Leave out figures for an hour, a week or a month."""
    return field if field in FIELDS or words.per in ("", "year") else ""


def _has_role_and_figure(fields: Collection[str]) -> bool:
    figures = {field.rpartition(" ")[2] for field in fields} - FIELDS.keys() - {"high"}
    return bool({"role", "family", "level"} & set(fields)) and any(f == "low" or f[1:].isdigit() for f in figures)


SURVEY = Vocabulary(
    FIELDS,
    {},
    Limits("survey", bytes=5_000_000, rows=5_000, columns=100, cells=500_000, unpacked=50_000_000),
    "row",
    "rows",
    "pay",
    "Job title, and P25, P50 and P75 or Min and Max",
    few=frozenset({"role", "family", "level", "basis", "currency", "date", "place"}),
    by_unit=_yearly_only,
    pattern=_figure_field,
    identifies=_has_role_and_figure,
)
