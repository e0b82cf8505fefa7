"""Published results, such as median GRR and NRR, by measure: what to compare a target with."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from compplan import facts, formats
from compplan.benchmarks.errors import BenchmarkError
from compplan.errors import nearest
from compplan.measures import Measure, catalog
from compplan.plan.starters import starting_target

STATISTIC_NAMES: Mapping[str, str] = {
    "p25": "25th percentile",
    "median": "Median",
    "p75": "75th percentile",
    "p90": "90th percentile",
    "mean": "Mean",
    "best_in_class": "Best in class",
    "world_class": "World class",
    "top_performers": "Top performers",
    "share": "Share of companies",
}
# Measures with one name and another denominator or scale. Publishers rarely say which one they mean.
_RELATED: Mapping[str, tuple[str, str]] = {
    "grr": (
        "grr_opening",
        "On opening ARR, which is a different figure: contracts that are not yet due count as retained.",
    ),
    "grr_opening": ("grr", "On ARR due, which is a different figure: only contracts up for renewal count."),
    "csat": ("csat_top_box", "The share of satisfied customers, which is a different figure from the mean score."),
}


@dataclass(frozen=True, slots=True)
class PublishedResult:
    """A result that a source publishes.

    Attributes
    ----------
    id : str
    measure : str
        Key of a measure; empty if the figure is of none.
    what : str
        What the figure is of, in words.
    statistic : str
        A key of `STATISTIC_NAMES`.
    segment_by, segment : str
        What the source groups by, and the group; the group alone where the source does not divide its figures.
    value : float [fraction, or points]
    high : float or None
        Upper end where the source states a range; `value` is the lower end.
    over : bool
        Whether the source says "over" the value.
    unit : str
        ``share`` or ``points``.
    year, n, source, grade, note : str
        Year of the results, sample in words, key of the source, and how it was read: ``primary`` at its publisher,
        ``secondary`` quoted by someone else, ``vendor`` on a vendor's page, ``opinion`` one person's experience.
    """

    id: str
    measure: str
    what: str
    statistic: str
    segment_by: str
    segment: str
    value: float
    high: float | None
    over: bool
    unit: str
    year: str
    n: str
    source: str
    grade: str
    note: str

    @property
    def amount(self) -> str:
        """The figure in words.

        Examples
        --------
        >>> [one.amount for one in published_results("nrr") if one.source in ("drury-2020", "resumegeni-2026")]
        ['over 120%', '110% to 130%']
        """
        low = _amount(self.value, self.unit)
        if self.high is not None:
            return f"{low} to {_amount(self.high, self.unit)}"
        return f"over {low}" if self.over else low

    @property
    def statistic_name(self) -> str:
        """The statistic in words."""
        return STATISTIC_NAMES[self.statistic]

    @property
    def group(self) -> str:
        """The group that the figure is of, in words.

        Examples
        --------
        >>> published_results("nrr")[0].group
        'contract value <$12k'
        """
        return f"{self.segment_by} {self.segment}".strip()


@dataclass(frozen=True, slots=True)
class UsualLevel:
    """The level of a measure that a source calls usual, or what it says instead.

    Attributes
    ----------
    low, high : float or None [the measure's units]
        None if the source gives no level; `note` then says why.
    text : str
        The level in words; empty if there is none.
    note, source : str
    """

    low: float | None
    high: float | None
    text: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class ResultBenchmarks:
    """What is published on the results of one measure.

    Attributes
    ----------
    measure, name : str
        Key and name; the key is empty for figures that no plan measures.
    unit : str
        Unit of the measure, as in `compplan.measures.Measure`.
    usual : UsualLevel or None
        None if no source says anything.
    starts_at : float or None [the measure's units]
        Target that a new component starts with: the middle of the usual level, or our assumption without one.
    start_text : str
        The same in words.
    figures : tuple of PublishedResult
    related : str
        Key of a measure with the same name and another denominator; empty if there is none.
    related_note : str
        How it differs.
    """

    measure: str
    name: str
    unit: str
    usual: UsualLevel | None
    starts_at: float | None
    start_text: str
    figures: tuple[PublishedResult, ...]
    related: str = ""
    related_note: str = ""

    @property
    def start_is_assumed(self) -> bool:
        """Whether a new component starts at our own assumption, since no source gives a usual level."""
        return self.starts_at is not None and (self.usual is None or self.usual.low is None)


def published_results(measure: str | None = None) -> tuple[PublishedResult, ...]:
    """Return the published results of a measure, in the order of ``data/retention_benchmarks.csv``.

    Parameters
    ----------
    measure : str, optional
        Key of a measure. Default: all figures, also those that are of no measure.

    Returns
    -------
    tuple of PublishedResult
        Empty if no source publishes one.

    Raises
    ------
    BenchmarkError
        If compplan has no such measure.

    Examples
    --------
    >>> [(one.statistic, one.value) for one in published_results("grr_opening") if one.year == "2025"]
    [('p25', 0.76), ('median', 0.84), ('p75', 0.91)]
    """
    if measure is not None:
        _check_measure(measure)
    return tuple(one for one in _results() if measure in (None, one.measure))


def result_benchmarks(measure: str) -> ResultBenchmarks:
    """Return what is published on the results of a measure.

    Parameters
    ----------
    measure : str
        Key of a measure.

    Raises
    ------
    BenchmarkError
        If compplan has no such measure.

    Examples
    --------
    >>> gross = result_benchmarks("grr_opening")
    >>> gross.usual.text, gross.usual.source, gross.start_text
    ('90% to 93%', 'saas-capital-2023', '91.5%')
    >>> result_benchmarks("grr").related
    'grr_opening'
    """
    _check_measure(measure)
    entry = catalog()[measure]
    start = starting_target(entry)
    related, note = _RELATED.get(measure, ("", ""))
    return ResultBenchmarks(
        measure, entry.name, entry.unit, _usual(entry), start, _in_units(start, entry), published_results(measure),
        related, note,
    )  # fmt: skip


def result_sheet() -> tuple[ResultBenchmarks, ...]:
    """Return what is published on the results of every measure.

    Returns
    -------
    tuple of ResultBenchmarks
        All measures in the order of the catalog, also those without a figure; then the figures of no measure.

    Examples
    --------
    >>> rows = result_sheet()
    >>> rows[0].measure, rows[-1].measure, rows[-1].name
    ('grr', '', 'Other figures')
    """
    others = tuple(one for one in _results() if not one.measure)
    return (
        *(result_benchmarks(measure) for measure in catalog()),
        ResultBenchmarks("", "Other figures", "", None, None, "", others),
    )


def _check_measure(measure: str) -> None:
    if measure not in catalog():
        raise BenchmarkError.at("measure", f"There is no measure {measure!r}; {nearest(measure, tuple(catalog()))}")


def _usual(measure: Measure) -> UsualLevel | None:
    if not measure.usual_source:
        return None
    low, high = measure.usual
    ends = list(dict.fromkeys(_in_units(end, measure) for end in (low, high) if end is not None))
    # "60 to 180 days" states its unit once.
    text = " to ".join([*(end.partition(" ")[0] for end in ends[:-1]), *ends[-1:]])
    return UsualLevel(low, high, text, measure.usual_note, measure.usual_source)


def _in_units(value: float, measure: Measure) -> str:
    if measure.unit == "money":  # in the currency of the plan
        return formats.plain_number(value)
    text = formats.result(value, measure, "")
    return f"{text} points" if measure.unit == "points" else text


def _amount(value: float, unit: str) -> str:
    return formats.percent(value) if unit == "share" else f"{formats.plain_number(value)} points"


@functools.cache
def _results() -> tuple[PublishedResult, ...]:
    return tuple(
        PublishedResult(
            value=float(row["value"]),
            high=float(row["value_high"]) if row["value_high"] else None,
            over=row["reading"] == "over",
            **{name: row[name] for name in _TEXTS},
        )
        for row in facts.table("retention_benchmarks")
    )


_TEXTS = (
    "id", "measure", "what", "statistic", "segment_by", "segment", "unit", "year", "n", "source", "grade", "note",
)  # fmt: skip
