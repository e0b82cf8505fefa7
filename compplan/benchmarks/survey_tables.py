"""The table in a survey file: CSV or a sheet of a workbook, read within limits, and its row of headings."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from compplan.benchmarks.errors import SurveyError
from compplan.benchmarks.survey_words import Heading, heading
from compplan.errors import Problem
from compplan.readers import Book, Limits, UploadError, kind_of, refuse

MOST_BYTES = 5_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 100
_LIMITS = Limits("survey", MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_ROWS * MOST_COLUMNS, unpacked=50_000_000)
_HEADINGS_WITHIN = 20
_WANTED = "one with a role or level, and percentiles such as P25, P50, P75 or a range such as min and max."

Table = Sequence[Sequence[object]]


def table_of(
    file: bytes | str | os.PathLike[str], name: str, sheet: str | None
) -> tuple[Table, str, tuple[Problem, ...]]:
    """The rows of a file, how people call the survey, and what is to be said of the file as a whole.

    Raises
    ------
    SurveyError
        If it cannot be read within the limits.
    """
    data, filename = (file, None) if isinstance(file, bytes) else _content(Path(file))
    called = name or filename or "Own survey"
    try:
        if kind_of(data, filename, _LIMITS) == "text":
            return _csv_rows(data), called, ()
        rows, remarks = _sheet_rows(data, sheet)
    except UploadError as error:
        raise SurveyError(Problem(filename or called, problem.message) for problem in error.problems) from None
    return rows, called, remarks


def check_rows(rows: Table) -> None:
    """Refuse a table that is larger than a survey can be.

    Raises
    ------
    SurveyError
    """
    if len(rows) > MOST_ROWS or max(map(len, rows), default=0) > MOST_COLUMNS:
        raise _unreadable(f"A survey may have {MOST_ROWS:,} rows and {MOST_COLUMNS} columns at most.")


def headings_of(rows: Table) -> tuple[int, Mapping[int, Heading]]:
    """The row of headings, and what stands in which column.

    Raises
    ------
    SurveyError
        If there is none among the first rows.
    """
    found = _headings(rows)
    if found is None:
        raise _unreadable(f"No row of headings was found: {_WANTED}")
    return found


def text_of(cell: object) -> str:
    """A cell as text on one line."""
    return "" if cell is None else " ".join(str(cell).split())


def _headings(rows: Table) -> tuple[int, dict[int, Heading]] | None:
    for top, row in enumerate(rows[:_HEADINGS_WITHIN]):
        found: dict[int, Heading] = {}
        for at, cell in enumerate(row):
            one = heading(text_of(cell))
            if one is not None and one not in found.values():
                found[at] = one
        kinds = {one.kind for one in found.values()}
        if kinds & {"role", "level"} and kinds & {"percentile", "low"}:
            return top, found
    return None


def _content(path: Path) -> tuple[bytes, str]:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1), path.name
    except OSError as error:
        raise SurveyError([Problem(str(path), f"cannot be read: {error.strerror}.")]) from None


def _sheet_rows(data: bytes, wanted: str | None) -> tuple[list[list[object]], tuple[Problem, ...]]:
    """The rows of the sheet that holds the survey, and what is to be said of the workbook."""
    book = Book(data, _LIMITS)
    for sheet in book.candidates(wanted):
        if _headings(book.rows(sheet.name, _HEADINGS_WITHIN)):
            break
    else:
        refuse(f"has no visible sheet with a row of headings: {_WANTED}")
    rows: list[list[object]] = book.rows(sheet.name)
    part = book.part(sheet.name)
    # What a spreadsheet shows as an error, or has not worked out, comes as an empty cell.
    told = {**part.errors, **dict.fromkeys(part.unsaved, "a formula without a saved result")}
    for (row, column), text in told.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    others = ", ".join(repr(other.name) for other in book.sheets if other != sheet)
    said = f"Only the sheet {sheet.name!r} was read; there is also {others}."
    return rows, (Problem("", said),) if others else ()


def _csv_rows(data: bytes) -> list[list[str]]:
    if b"\0" in data:
        raise _unreadable("The file is neither CSV nor an .xlsx workbook.")
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


def _unreadable(message: str) -> SurveyError:
    return SurveyError([Problem("", message)])
