"""Survey files such as Radford, Pave and Carta give, or people make: rows of roles, columns of percentiles."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from compplan.benchmarks.amounts import Basis, as_basis
from compplan.benchmarks.bands import Band
from compplan.benchmarks.errors import BenchmarkError, SurveyError
from compplan.benchmarks.own_survey import Entry, OwnSurvey
from compplan.benchmarks.percentiles import Percentiles
from compplan.benchmarks.survey_words import (
    Heading,
    amount,
    basis_named,
    day,
    heading,
    in_another_currency,
    role_named,
)
from compplan.errors import Problem
from compplan.money import minor_digits

MOST_BYTES = 5_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 100
# Yearly pay outside these is pay for an hour or a month, or a slip.
_LEAST_PAY, _MOST_PAY = 1_000, 1e8
_HEADINGS_WITHIN = 20

Table = Sequence[Sequence[object]]


def read_survey(
    file: bytes | str | os.PathLike[str],
    name: str = "",
    *,
    basis: Basis | str | None = None,
    currency: str | None = None,
    as_of: str = "",
    place: str = "",
    open_workbook: Callable[[bytes], Table] | None = None,
) -> OwnSurvey:
    r"""Read a survey from a file.

    Parameters
    ----------
    file : bytes or path
        CSV, separated by commas, semicolons or tabs, or a workbook. Every row is a role or level; percentiles
        (``P25``, ``50th percentile``, ``Base median``) or a range (``min``, ``max``) stand in columns.
    name : str
        How people call the survey; the name of the file unless said otherwise.
    basis : Basis, optional
        What the figures are of, where the file does not say.
    currency : str, optional
        Three letters, where the file does not say.
    as_of, place : str, optional
        Where the file does not say.
    open_workbook : callable, optional
        Gives the rows of the first sheet of a workbook, within limits of its own. Without one a workbook is refused.

    Returns
    -------
    OwnSurvey

    Raises
    ------
    SurveyError
        If the file is too large, no survey, or does not say what its figures are of and neither does the user.

    Examples
    --------
    >>> text = "Job title,N,Base P25,Base P50,Base P75\nSr. CSM,31,$98k,$110k,$121k\nCS Manager,6,,130000,\n"
    >>> mine = read_survey(text.encode(), "Ours", currency="USD", as_of="2026-04", place="US")
    >>> mine.entries[0].role, mine.entries[0].figure.at(0.5), mine.unmapped
    ('senior_csm', 110000.0, ('CS Manager',))
    """
    if isinstance(file, bytes):
        data = file
    else:
        path = Path(file)
        if path.stat().st_size > MOST_BYTES:
            raise _unreadable(f"A survey may have {MOST_BYTES / 1e6:.0f} MB at most.")
        data, name = path.read_bytes(), name or path.name
    if len(data) > MOST_BYTES:
        raise _unreadable(f"A survey may have {MOST_BYTES / 1e6:.0f} MB at most, got {len(data) / 1e6:,.1f} MB.")
    if data.startswith(b"PK\x03\x04"):
        if open_workbook is None:
            raise _unreadable("This is a workbook; save the table as CSV.")
        rows = open_workbook(data)
    else:
        rows = _csv_rows(data)
    return survey_of(rows, name or "Own survey", basis=basis, currency=currency, as_of=as_of, place=place)


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
    if len(rows) > MOST_ROWS or max(map(len, rows), default=0) > MOST_COLUMNS:
        raise _unreadable(f"A survey may have {MOST_ROWS:,} rows and {MOST_COLUMNS} columns at most.")
    top, headings = _headings(rows)
    defaults = _Defaults(as_basis(basis) if basis else None, currency, as_of, place)
    remarks: list[Problem] = []
    entries: list[Entry] = []
    for line, row in enumerate(rows[top + 1 :], start=top + 2):
        cells = _Cells(row, headings)
        if not any(_text(cell) for cell in row):
            continue
        try:
            entries += _entries(line, cells, defaults, name, remarks)
        except BenchmarkError as error:
            remarks += [Problem(f"line {line}", problem.message) for problem in error.problems]
    if not entries:
        said = remarks or [Problem("", "There is no row with a role and a figure in it.")]
        raise SurveyError(said[:20])
    taken = {_text(rows[top][at]): _taken_for(one) for at, one in headings.items()}
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
        return next((_text(cell) for one, cell in self._found if one.kind == kind), "")

    def cell(self, kind: str) -> object:
        return next((cell for one, cell in self._found if one.kind == kind), None)

    def figures(self) -> Iterable[tuple[Heading, object]]:
        return [(one, cell) for one, cell in self._found if one.kind in ("percentile", "low", "high") and _text(cell)]


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
    if len(ends) == 2:
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
                note=origin.note,
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
    as_of = (day(date) if _text(date) else None) or defaults.as_of
    if _text(date) and day(date) is None:
        remarks.append(Problem(f"line {line}", f"{_text(date)[:40]!r} is no date like 2026-04-30 or April 2026."))
    elif not as_of:
        remarks.append(Problem(f"line {line}", "Without a date the figure cannot be aged."))
    place = cells.text("place") or defaults.place
    return _Origin(currency, as_of, place, f"From {name}, line {line}.")


def _pay(cell: object, currency: str) -> float:
    value = amount(cell)
    if value is None:
        raise BenchmarkError.at("", f"{_text(cell)[:40]!r} is no amount of pay.")
    if in_another_currency(cell, currency):
        raise BenchmarkError.at("", f"{_text(cell)[:40]!r} is not in {currency}, which the rest of it is in.")
    if not _LEAST_PAY <= value <= _MOST_PAY:
        raise BenchmarkError.at(
            "", f"{_text(cell)[:40]!r} is no pay for a year; pay for an hour or a month is not taken."
        )
    return value


def _headings(rows: Table) -> tuple[int, dict[int, Heading]]:
    for top, row in enumerate(rows[:_HEADINGS_WITHIN]):
        found: dict[int, Heading] = {}
        for at, cell in enumerate(row):
            one = heading(_text(cell))
            if one is not None and one not in found.values():
                found[at] = one
        kinds = {one.kind for one in found.values()}
        if kinds & {"role", "level"} and kinds & {"percentile", "low"}:
            return top, found
    raise _unreadable(
        "No row of headings was found: one with a role or level, and percentiles such as P25, P50, P75 or a "
        "range such as min and max."
    )


def _csv_rows(data: bytes) -> list[list[str]]:
    if b"\0" in data:
        raise _unreadable("This is neither a CSV file nor a workbook.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    head = text[:10_000]
    separator = max(",;\t", key=head.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            rows.append(row)
            if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS:
                break
    except csv.Error:
        raise _unreadable("The file is not CSV that can be read; save the table anew.") from None
    return rows


def _taken_for(one: Heading) -> str:
    if one.kind == "percentile" and one.p is not None:
        what = f"P{one.p * 100:g}"
    else:
        what = {"n": "number of answers", "low": "low end", "high": "high end"}.get(one.kind, one.kind)
    return f"{what} of {one.basis.words}" if one.basis else what


def _text(cell: object) -> str:
    return "" if cell is None else " ".join(str(cell).split())


def _unreadable(message: str) -> SurveyError:
    return SurveyError([Problem("", message)])
