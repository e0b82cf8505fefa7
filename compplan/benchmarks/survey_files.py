"""Survey files such as Radford, Pave and Carta give, or people make: rows of roles, columns of percentiles."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from compplan.benchmarks.amounts import Basis, as_basis
from compplan.benchmarks.bands import Band
from compplan.benchmarks.errors import BenchmarkError, SurveyError
from compplan.benchmarks.own_survey import Entry, OwnSurvey
from compplan.benchmarks.percentiles import FEW, Percentiles
from compplan.benchmarks.survey_tables import Table, check_rows, headings_of, table_of, text_of
from compplan.benchmarks.survey_words import (
    Heading,
    amount,
    basis_named,
    day,
    in_another_currency,
    role_named,
)
from compplan.errors import Problem
from compplan.money import minor_digits

# Yearly pay outside these is pay for an hour or a month, or a slip.
_LEAST_PAY, _MOST_PAY = 1_000, 1e8


def read_survey(
    file: bytes | str | os.PathLike[str],
    name: str = "",
    *,
    basis: Basis | str | None = None,
    currency: str | None = None,
    as_of: str = "",
    place: str = "",
    sheet: str | None = None,
) -> OwnSurvey:
    r"""Read a survey from a file.

    Parameters
    ----------
    file : bytes or path
        CSV, separated by commas, semicolons or tabs, or an .xlsx workbook. Every row is a role or level; percentiles
        (``P25``, ``50th percentile``, ``Base median``) or a range (``min``, ``max``) stand in columns.
    name : str
        How people call the survey; the name of the file unless said otherwise.
    basis : Basis, optional
        What the figures are of, where the file does not say.
    currency : str, optional
        Three letters, where the file does not say.
    as_of, place : str, optional
        Where the file does not say.
    sheet : str, optional
        Sheet of a workbook; the first visible one with headings if left out.

    Returns
    -------
    OwnSurvey

    Raises
    ------
    SurveyError
        If the file cannot be read, is too large, no survey, or does not say what its figures are of and neither does
        the user.

    Examples
    --------
    >>> text = "Job title,N,Base P25,Base P50,Base P75\nSr. CSM,31,$98k,$110k,$121k\nCS Manager,6,,130000,\n"
    >>> mine = read_survey(text.encode(), "Ours", currency="USD", as_of="2026-04", place="US")
    >>> mine.entries[0].role, mine.entries[0].figure.at(0.5), mine.unmapped
    ('senior_csm', 110000.0, ('CS Manager',))
    """
    rows, called, remarks = table_of(file, name, sheet)
    survey = survey_of(rows, called, basis=basis, currency=currency, as_of=as_of, place=place)
    return replace(survey, remarks=(*remarks, *survey.remarks))


def survey_of(
    rows: Table,
    name: str,
    *,
    basis: Basis | str | None = None,
    currency: str | None = None,
    as_of: str = "",
    place: str = "",
) -> OwnSurvey:
    """Read a survey from the rows of a table, see `read_survey`.

    Raises
    ------
    SurveyError
        As `read_survey`.
    """
    check_rows(rows)
    top, headings = headings_of(rows)
    defaults = _Defaults(as_basis(basis) if basis else None, currency, as_of, place)
    remarks: list[Problem] = []
    entries: list[Entry] = []
    for line, row in enumerate(rows[top + 1 :], start=top + 2):
        cells = _Cells(row, headings)
        if not any(text_of(cell) for cell in row):
            continue
        try:
            entries += _entries(line, cells, defaults, name, remarks)
        except BenchmarkError as error:
            remarks += [Problem(f"line {line}", problem.message) for problem in error.problems]
    if not entries:
        said = remarks or [Problem("", "There is no row with a role and a figure in it.")]
        raise SurveyError(said[:20])
    taken = {text_of(rows[top][at]): _taken_for(one) for at, one in headings.items()}
    return OwnSurvey(name, tuple(entries), taken, tuple(remarks))


@dataclass(frozen=True, slots=True)
class _Defaults:
    basis: Basis | None
    currency: str | None
    as_of: str
    place: str


@dataclass(frozen=True, slots=True)
class _Origin:
    currency: str
    as_of: str
    place: str
    note: str


class _Cells:
    """The cells of a row by what their column holds."""

    def __init__(self, row: Sequence[object], headings: Mapping[int, Heading]) -> None:
        self._found = [(one, row[at] if at < len(row) else None) for at, one in headings.items()]

    def text(self, kind: str) -> str:
        return next((text_of(cell) for one, cell in self._found if one.kind == kind), "")

    def cell(self, kind: str) -> object:
        return next((cell for one, cell in self._found if one.kind == kind), None)

    def figures(self) -> Iterable[tuple[Heading, object]]:
        return [(one, cell) for one, cell in self._found if one.kind in ("percentile", "low", "high") and text_of(cell)]


def _entries(line: int, cells: _Cells, defaults: _Defaults, name: str, remarks: list[Problem]) -> list[Entry]:
    label = " ".join(filter(None, [cells.text("role"), cells.text("level")]))
    if not label:
        raise BenchmarkError.at("", "There is no role or level in it.")
    stated = cells.text("basis")
    row_basis = basis_named(stated) if stated else defaults.basis
    if stated and row_basis is None:
        raise BenchmarkError.at("", f"{stated!r} is no basis; allowed are {', '.join(Basis)}, or their usual names.")
    origin = _origin(line, cells, defaults, name, remarks)
    by_basis: dict[Basis, list[tuple[Heading, float]]] = {}
    for one, cell in cells.figures():
        kind = one.basis or row_basis
        if kind is None:
            raise BenchmarkError.at("", "Neither the file nor you say what its figures are of, such as base or OTE.")
        by_basis.setdefault(kind, []).append((one, _pay(cell, origin.currency)))
    if not by_basis:
        raise BenchmarkError.at("", "There is no figure in it.")
    count = amount(cells.cell("n"))
    n = int(count) if count is not None else None
    return [
        Entry(line, label, role_named(label), figure)
        for kind, given in by_basis.items()
        for figure in _figures(role_named(label) or "", kind, given, n, origin, line, remarks)
    ]


def _figures(
    role: str,
    basis: Basis,
    given: list[tuple[Heading, float]],
    n: int | None,
    origin: _Origin,
    line: int,
    remarks: list[Problem],
) -> list[Percentiles | Band]:
    points = sorted((one.p, value) for one, value in given if one.p is not None)
    ends = {one.kind: value for one, value in given if one.p is None}
    found: list[Percentiles | Band] = []
    if points:
        one = Percentiles(
            role,
            basis,
            tuple(points),
            origin.currency,
            n,
            place=origin.place,
            as_of=origin.as_of,
            how="survey",
            note=origin.note,
        )
        if one.few and len(points) > 1:
            said = f"With {n} answers the median is used and the other percentiles are not."
            remarks.append(Problem(f"line {line}", said))
        found.append(one)
    if len(ends) == 2 and n is not None and n < FEW:
        said = f"A range of {n} answers is not used: it would be single persons' pay."
        remarks.append(Problem(f"line {line}", said))
    elif len(ends) == 2:
        found.append(
            Band(
                role,
                basis,
                ends["low"],
                ends["high"],
                origin.currency,
                place=origin.place,
                as_of=origin.as_of,
                how="survey",
                note=f"{n} answers. {origin.note}".rstrip() if n is not None else origin.note,
            )
        )
    elif ends:
        remarks.append(Problem(f"line {line}", "A range needs both ends; the one that is given is not used."))
    return found


def _origin(line: int, cells: _Cells, defaults: _Defaults, name: str, remarks: list[Problem]) -> _Origin:
    currency = (cells.text("currency") or defaults.currency or "").upper()
    if not currency:
        raise BenchmarkError.at("", "Neither the file nor you say in which currency it is.")
    try:
        minor_digits(currency)
    except ValueError as error:
        raise BenchmarkError.at("", f"{error}.") from None
    date = cells.cell("date")
    as_of = (day(date) if text_of(date) else None) or defaults.as_of
    if text_of(date) and day(date) is None:
        remarks.append(Problem(f"line {line}", f"{text_of(date)[:40]!r} is no date like 2026-04-30 or April 2026."))
    elif not as_of:
        remarks.append(Problem(f"line {line}", "Without a date the figure cannot be aged."))
    place = cells.text("place") or defaults.place
    return _Origin(currency, as_of, place, f"From {name}, line {line}.")


def _pay(cell: object, currency: str) -> float:
    value = amount(cell)
    if value is None:
        raise BenchmarkError.at("", f"{text_of(cell)[:40]!r} is no amount of pay.")
    if in_another_currency(cell, currency):
        raise BenchmarkError.at("", f"{text_of(cell)[:40]!r} is not in {currency}, which the rest of it is in.")
    if not _LEAST_PAY <= value <= _MOST_PAY:
        raise BenchmarkError.at(
            "", f"{text_of(cell)[:40]!r} is no pay for a year; pay for an hour or a month is not taken."
        )
    return value


def _taken_for(one: Heading) -> str:
    if one.kind == "percentile" and one.p is not None:
        what = f"P{one.p * 100:g}"
    else:
        what = {"n": "number of answers", "low": "low end", "high": "high end"}.get(one.kind, one.kind)
    return f"{what} of {one.basis.words}" if one.basis else what
