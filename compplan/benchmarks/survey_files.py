"""Survey files such as Radford, Pave and Carta export, or people make: rows of roles, columns of percentiles."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from compplan.arrays import FloatArray
from compplan.benchmarks.amounts import PayBasis, as_basis
from compplan.benchmarks.bands import PayBand
from compplan.benchmarks.errors import BenchmarkError, SurveyError
from compplan.benchmarks.own_survey import Entry, OwnSurvey
from compplan.benchmarks.percentiles import FEW, Percentiles
from compplan.benchmarks.survey_roles import row_label, row_role
from compplan.benchmarks.survey_words import OEWS, SURVEY, Figure, basis_named, figure_of
from compplan.errors import Problem
from compplan.money import minor_digits
from compplan.readers import currencies, dates, files, headings
from compplan.readers.amounts import FORMS, MISSING
from compplan.readers.columns import FORM_NAMES, PERIODS, AmountColumn, note_habit, read_amounts, read_column, scaled
from compplan.readers.date_columns import read_dates
from compplan.readers.errors import TableError
from compplan.readers.heading_words import normal
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger
from compplan.readers.notes import BLANK, HEADING, REFUSED
from compplan.readers.rows import skip_outline
from compplan.readers.table import RawTable, last_column, texts_and_numbers

# Yearly pay outside these is pay for an hour or a month, or a mistake.
_LEAST_PAY, _MOST_PAY = 1_000.0, 1e8
_MOST_PROBLEMS = 20
# Remarks on what was not used come before remarks on how the rest was read.
_ORDER = {"set_aside": 0, "doubt": 0, "assumed": 1, "mended": 2}
# What surveys write in place of a figure that they do not show: too few answers, or above the highest that is shown.
_WITHHELD = re.compile(
    r"[#*†‡§.x~^+<>-]+|isd|ins\.?|insufficient(?: data)?|n/?d|ns|nr|dnr|s|d|\(s\)|\(d\)|suppressed|not available"
)
_FIELD_NAMES = {"n": "number of answers", "family": "job family"}


def read_survey(
    file: bytes | str | os.PathLike[str],
    name: str = "",
    *,
    basis: PayBasis | str | None = None,
    currency: str | None = None,
    as_of: str = "",
    place: str = "",
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> OwnSurvey:
    r"""Read a survey from a file.

    Parameters
    ----------
    file : bytes or path
        CSV in the usual encodings and delimiters, or an .xlsx workbook. Each row is a role or level; columns have
        percentiles (``P25``, ``50th percentile``, ``Base median``) or a range (``min``, ``max``).
    name : str
        Name of the survey; the name of the file by default.
    basis : PayBasis, optional
        Kind of pay, where the file does not name it.
    currency : str, optional
        Currency of three letters, where the file does not name it.
    as_of, place : str, optional
        Date and place, where the file does not name them.
    sheet : str, optional
        Sheet of a workbook; the first visible one with headings by default.
    mapping : Mapping of str to str, optional
        Field to heading, such as ``{"role": "Mkt job", "base p50": "Mkt 50"}``; overrides the match by name. Fields
        are ``role``, ``family``, ``level``, ``n``, ``basis``, ``currency``, ``date``, ``place``, and figures such as
        ``p50``, ``base p25``, ``ote p75``, ``low`` and ``base high``.

    Returns
    -------
    OwnSurvey

    Raises
    ------
    SurveyError
        If the file can't be read, is too large, is not a survey, or neither it nor the caller names the kind of pay
        and the currency.

    Examples
    --------
    >>> text = "Job title,N,Base P25,Base P50,Base P75\nSr. CSM,31,$98k,$110k,$121k\nCS Manager,6,,130000,\n"
    >>> mine = read_survey(text.encode(), "Ours", currency="USD", as_of="2026-04", place="US")
    >>> mine.entries[0].role, mine.entries[0].figure.at(0.5), mine.unmapped
    ('senior_csm', 110000.0, ('CS Manager',))
    """
    try:
        data, filename = (file, None) if isinstance(file, bytes) else files.content(file, SURVEY.limits)
        survey_name = name or filename or "Own survey"
        read = files.read_table(data, filename, SURVEY, sheet=sheet, mapping=mapping, default_name=survey_name)
    except TableError as error:
        raise SurveyError(error.problems) from None
    return _survey(read.ledger(), survey_name, _Defaults.of(basis, currency, as_of, place))


def survey_of(
    rows: Sequence[Sequence[object]],
    name: str,
    *,
    basis: PayBasis | str | None = None,
    currency: str | None = None,
    as_of: str = "",
    place: str = "",
    mapping: Mapping[str, str] | None = None,
) -> OwnSurvey:
    """Read a survey from the rows of a table; everything else is as in `read_survey`.

    Raises
    ------
    SurveyError
        As in `read_survey`.
    """
    try:
        SURVEY.limits.check_size(len(rows), max(map(len, rows), default=0))
        cells, numbers = texts_and_numbers(rows)
        top, known = headings.find(cells.to_numpy().tolist(), mapping, SURVEY)
        if not known:
            why = f"The table has no row of headings, such as {SURVEY.examples}.{headings.seen(rows)}"
            raise SurveyError([Problem(name, why)])
        lines = np.arange(1, len(cells) + 1, dtype=np.int64)
        table = RawTable(cells, lines, top, last_column(cells, top), numbers)
        matched = headings.match(table.headings[: table.width], mapping, SURVEY)
    except TableError as error:
        raise SurveyError(Problem(name, problem.message) for problem in error.problems) from None
    return _survey(Ledger(table, matched, SURVEY), name, _Defaults.of(basis, currency, as_of, place))


@dataclass(frozen=True, slots=True)
class _Defaults:
    """What the caller says where the file says nothing."""

    basis: PayBasis | None
    currency: str | None
    as_of: str
    place: str

    @classmethod
    def of(cls, basis: PayBasis | str | None, currency: str | None, as_of: str, place: str) -> _Defaults:
        if currency:
            try:
                minor_digits(currency.upper())
            except ValueError as error:
                raise SurveyError([Problem("currency", f"{error}.")]) from None
        return cls(as_basis(basis) if basis else None, currency.upper() if currency else None, as_of, place)


@dataclass(frozen=True, slots=True)
class _FigureColumn:
    """A column of figures, read as pay for a year."""

    heading: Heading
    figure: Figure
    values: FloatArray


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row says besides its figures; `place` is its position among the live rows."""

    place: int
    row: int
    line: int
    label: str
    role: str | None
    n: int | None
    origin: str
    currency: str
    as_of: str
    area: str
    basis: PayBasis | None


def _survey(ledger: Ledger, name: str, defaults: _Defaults) -> OwnSurvey:
    skip_outline(ledger)
    ledger.start()
    _skip_unreadable(ledger)
    columns = {h.field: figure_of(h.field) for h in ledger.headings if h.field and figure_of(h.field)}
    cells = [(heading, read_column(ledger, heading)) for heading in _figure_headings(ledger, columns)]
    currency = currencies.resolve(ledger, cells, defaults.currency).series().tolist()
    figures = [
        _figure_column(ledger, heading, columns[heading.field] or Figure(), amounts) for heading, amounts in cells
    ]
    entries: list[Entry] = []
    for row in _rows(ledger, currency, name, defaults):
        try:
            entries += _entries(ledger, row, figures)
        except BenchmarkError as error:
            ledger.skip(row.row, REFUSED, " ".join(problem.message for problem in error.problems))
    outline = set(ledger.table.lines[np.isin(ledger.states, (HEADING, BLANK))].tolist())
    notes = sorted((n for n in ledger.notes() if n.line not in outline), key=lambda note: _ORDER[note.kind])
    remarks = tuple(Problem(note.place, note.remark) for note in notes)
    if not entries:
        reasons = [Problem(note.place, note.remark) for note in notes if note.kind == "set_aside"]
        raise SurveyError(reasons[:_MOST_PROBLEMS] or [Problem("", "The survey has no row with a role and a figure.")])
    names = _FIELD_NAMES | {field: figure.label for field, figure in columns.items() if figure}
    labels = {h.heading: names.get(h.field, h.field) for h in ledger.headings if h.field}
    return OwnSurvey(name, tuple(entries), labels, remarks, ledger.counts())


def _figure_headings(ledger: Ledger, fields: Iterable[str]) -> list[Heading]:
    """Return the headings of the figures; those of the statistics of the United States mean USD."""
    found = [ledger.columns[field] for field in fields]
    wages = [h for h in found if OEWS.fullmatch(normal(h.heading))]
    if wages and "currency" not in ledger.columns:
        ledger.note_column("assumed", "The columns are those of the US wage statistics (OEWS), so pay is in USD.")
        return [replace(h, currency="USD") if h in wages else h for h in found]
    return found


def _skip_unreadable(ledger: Ledger) -> None:
    """Skip rows of a workbook with a cell that can't be read."""
    by_column = {h.column: h for h in ledger.headings if h.field}
    for (row, place), why in sorted(ledger.table.faults.items()):
        # VLOOKUP leaves #N/A where a survey has no figure.
        if place in by_column and ledger.table.text(row, place).strip().casefold() not in MISSING:
            ledger.skip(row, REFUSED, why, by_column[place])


def _figure_column(ledger: Ledger, heading: Heading, figure: Figure, amounts: AmountColumn) -> _FigureColumn:
    """Read a column of figures; rows with a figure that can't be pay for a year are skipped."""
    _note_faults(ledger, heading, amounts)
    for _, row in ledger.each(amounts.percents):
        ledger.skip(row, REFUSED, "The cell is a percent. Enter an amount of pay.", heading)
    short_periods = (amounts.periods != 0) & (amounts.periods != PERIODS.index("year"))
    values = scaled(ledger, heading, amounts.values, amounts, _LEAST_PAY)
    for _, row in ledger.each(short_periods | (values < _LEAST_PAY) | (values > _MOST_PAY)):
        ledger.skip(row, REFUSED, "The amount can't be pay for a year. Enter yearly pay.", heading)
    note_habit(ledger, heading, amounts)
    for place, row in ledger.each((amounts.forms > 0) & ~np.isnan(values)):
        ledger.correct(row, heading, f"{values[place]:,.10g}", FORMS[FORM_NAMES[int(amounts.forms[place])]])
    return _FigureColumn(heading, figure, values)


def _note_faults(ledger: Ledger, heading: Heading, amounts: AmountColumn) -> None:
    """Leave out cells without a number, such as # and *; rows with a number that can't be read are skipped."""
    texts, withheld = ledger.texts(heading), 0
    for place, row in ledger.each(amounts.faults > 0):
        text, fault = str(texts.iat[place]), amounts.fault_names[int(amounts.faults[place])]
        if re.search(r"\d", text):
            ledger.skip(row, REFUSED, fault, heading)
        elif _WITHHELD.fullmatch(text.casefold()):
            withheld += 1
        else:
            ledger.doubt(row, heading, f"{fault} The cell is treated as empty.")
    if withheld:
        cells = "1 cell has" if withheld == 1 else f"{withheld:,} cells have"
        why = f"{cells} a mark such as # or * because the survey does not show the figure."
        ledger.note_column("doubt", why, heading)


def _rows(ledger: Ledger, currency: list[str], name: str, defaults: _Defaults) -> Iterator[_Row]:
    """Iterate over the rows that have a role, a currency and a known kind of pay."""
    texts = {field: _texts(ledger, field) for field in ("role", "family", "level", "basis", "place")}
    counts = _counts(ledger)
    days = _dates(ledger)
    if "date" not in ledger.columns and not defaults.as_of:
        ledger.note_column("doubt", "The survey has no date, so its pay can't be aged.")
    for place, row in list(ledger.each(np.ones(len(ledger.live), dtype=np.bool_))):
        job = texts["role"][place], texts["family"][place], texts["level"][place]
        label = row_label(*job)
        stated = texts["basis"][place]
        basis = basis_named(stated) if stated else defaults.basis
        as_of = days[place] or defaults.as_of
        if not label:
            ledger.skip(row, REFUSED, "The row has no role or level.")
        elif stated and basis is None:
            why = f"The kind of pay is unknown. Use {', '.join(PayBasis)}, or a usual name of one."
            ledger.skip(row, REFUSED, why, ledger.columns["basis"])
        elif not currency[place]:
            ledger.skip(row, REFUSED, "The row has no currency. Add one to the file, or choose it.")
        else:
            if "date" in ledger.columns and not as_of and not ledger.texts(ledger.columns["date"]).iat[place]:
                ledger.doubt(row, ledger.columns["date"], "The row has no date, so its pay can't be aged.")
            line = int(ledger.table.lines[row])
            yield _Row(
                place, row, line, label, row_role(*job), counts[place], f"From {name}, line {line}.", currency[place],
                as_of, texts["place"][place] or defaults.place, basis,
            )  # fmt: skip


def _texts(ledger: Ledger, field: str) -> list[str]:
    heading = ledger.columns.get(field)
    if heading is None:
        return [""] * len(ledger.live)
    return [" ".join(str(text).split()) for text in ledger.texts(heading)]


def _counts(ledger: Ledger) -> list[int | None]:
    """Return the number of answers of each row; None where unknown."""
    heading = ledger.columns.get("n")
    if heading is None:
        return [None] * len(ledger.live)
    amounts = read_amounts(ledger.raw(heading), ledger.numbers(heading))
    counts = [None if np.isnan(value) else int(value) for value in amounts.values]
    cells = ledger.texts(heading)
    for place, row in ledger.each(amounts.faults > 0):
        counts[place], why = _at_least(str(cells.iat[place]))
        if counts[place] is None:
            ledger.doubt(row, heading, why)
        else:
            ledger.correct(row, heading, str(counts[place]), why)
    return counts


def _at_least(text: str) -> tuple[int | None, str]:
    """Return the number of answers that a range such as "<5" or "3-5" means, and why.

    A range that can mean fewer than eight answers counts as fewer than eight, so that no percentile of few people is
    shown.
    """
    numbers = [int(digits) for digits in re.findall(r"\d+", text.replace(",", ""))[:3]]
    if not numbers:
        return None, "The number of answers is unclear and is ignored."
    if re.search(r"[<≤]|\b(?:under|below|fewer|less|up to|at most|max)", text.casefold()):
        below = numbers[-1] if re.search(r"[≤=]|up to|at most|max", text.casefold()) else numbers[-1] - 1
        least, most = 1, max(below, 1)
    else:
        least, most = min(numbers), max(numbers)
    if most < FEW:
        return most, "The cell gives a range, and its highest number is used."
    if least >= FEW:
        return least, "The cell gives a range, and its lowest number is used."
    return FEW - 1, "The cell gives a range that can be fewer than eight answers, so only the median is used."


def _dates(ledger: Ledger) -> list[str]:
    """Return the date of each row as precisely as it is stated; empty where unknown."""
    heading = ledger.columns.get("date")
    if heading is None:
        return [""] * len(ledger.live)
    days = read_dates(ledger, heading, None, coarse=True)
    cells = ledger.texts(heading)
    return ["" if np.isnat(day) else dates.date_text(str(text), day) for text, day in zip(cells, days, strict=True)]


def _entries(ledger: Ledger, row: _Row, figures: Sequence[_FigureColumn]) -> list[Entry]:
    """Return one entry for each kind of pay of a row."""
    by_basis: dict[PayBasis, list[tuple[Figure, float]]] = {}
    for column in figures:
        value = float(column.values[row.place])
        if np.isnan(value):
            continue
        basis = column.figure.basis or row.basis
        if basis is None:
            raise BenchmarkError.at("", "The kind of pay is unknown. Name it in a heading or a column, or choose it.")
        by_basis.setdefault(basis, []).append((column.figure, value))
    if not by_basis:
        raise BenchmarkError.at("", "The row has no figure.")
    return [
        Entry(row.line, row.label, row.role, figure)
        for basis, values in by_basis.items()
        for figure in _figures(ledger, row, row.role or "", basis, values)
    ]


def _figures(
    ledger: Ledger, row: _Row, role: str, basis: PayBasis, values: list[tuple[Figure, float]]
) -> Iterator[Percentiles | PayBand]:
    """Return the percentiles and the range of a row, for one kind of pay."""
    points = tuple(sorted((figure.p, value) for figure, value in values if figure.p is not None))
    if points:
        percentiles = Percentiles(
            role, basis, points, row.currency, row.n, place=row.area, as_of=row.as_of, how="survey", note=row.origin
        )
        if percentiles.few and len(points) > 1:
            ledger.doubt(row.row, None, f"With {row.n} answers only the median is used, not the other percentiles.")
        yield percentiles
    ends = {figure.end: value for figure, value in values if figure.p is None}
    if not ends:
        return
    if len(ends) < 2:
        ledger.doubt(row.row, None, "The range has one end only and is not used. Add the other end.")
    elif row.n is not None and row.n < FEW:
        ledger.doubt(row.row, None, f"The range of {row.n} answers is not used, because it shows single people's pay.")
    else:
        note = f"{row.n} answers. {row.origin}" if row.n is not None else row.origin
        yield PayBand(
            role, basis, ends["low"], ends["high"], row.currency,
            place=row.area, as_of=row.as_of, how="survey", note=note,
        )  # fmt: skip
