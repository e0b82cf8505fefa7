"""The uploaded file with the status of each row and remarks, to correct and upload again."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from compplan.documents.cells import fitting, guard, new_workbook
from compplan.readers.notes import REMARKS, STATE_NAMES, STATUS
from compplan.readers.table import column_letter
from compplan.roster.words import PAY_FIELDS

if TYPE_CHECKING:
    from compplan.roster.reading import Reading

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,13})(?:\.\d{1,10})?")
_FILLS = {"refused": "#F8D7DA", "duplicate": "#F8D7DA", "mended": "#FFF3CD", "totals": "#EEEEEE", "blank": "#EEEEEE"}
_NOTE_FILLS = {"mended": "#FFF3CD", "doubt": "#FFE0B2", "set_aside": "#F8D7DA"}


def _columns(reading: Reading) -> list[int]:
    """List the columns of the file, without status and remarks from an earlier upload."""
    names = [str(text) for text in reading.table.cells.iloc[reading.table.heading]]
    used = [column for column, name in enumerate(names) if name.strip() not in (STATUS, REMARKS)]
    cells = reading.table.cells
    # The CSV reader looks one column too far.
    while used and used[-1] >= reading.table.width and bool((cells[used[-1]] == "").all()):
        used.pop()
    return used


def _remarks(reading: Reading) -> list[str]:
    """Return the remarks on each row; `whole_file` has those on the file."""
    by_line: dict[int, list[str]] = {}
    for note in reading.notes:
        if note.line is not None:
            place = f"{note.cell} ({note.column}): " if note.cell else ""
            by_line.setdefault(note.line, []).append(f"{place}{note.remark}")
    texts = [" ".join(by_line.get(line, ())) for line in reading.table.lines.tolist()]
    texts[reading.table.heading] = REMARKS
    return texts


def whole_file(reading: Reading) -> list[str]:
    """Return the remarks on the whole file and its columns, one sentence each."""
    return [str(note) for note in reading.notes if note.line is None]


def remarked_csv(reading: Reading) -> bytes:
    """Return the rows of the file as CSV with two more columns: status and remarks.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, which spreadsheets need, and the delimiter of the file. Cells that a
        spreadsheet would read as a formula start with an apostrophe. Reading it again gives the same people.
    """
    columns = _columns(reading)
    texts: dict[str, Any] = {column_letter(c): guard(cast("pd.Series[str]", reading.table.cells[c])) for c in columns}
    frame = pd.DataFrame(texts)
    states = reading.states.map(STATE_NAMES).reset_index(drop=True)
    states.iloc[reading.table.heading] = STATUS
    frame[STATUS] = states
    frame[REMARKS] = guard(pd.Series(_remarks(reading), dtype="str"))
    stream = io.StringIO()
    delimiter = reading.table.delimiter or ","
    frame.to_csv(stream, header=False, index=False, sep=delimiter, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    return stream.getvalue().encode("utf-8-sig")


def remarked_xlsx(reading: Reading) -> bytes:
    """Return the rows of the file as a workbook with status and remarks; cells with remarks are colored.

    Returns
    -------
    bytes
        An .xlsx workbook. Text cells never become formulas or links.
    """
    stream = io.BytesIO()
    book = new_workbook(stream)
    formats = {color: book.add_format({"bg_color": color}) for color in {*_FILLS.values(), *_NOTE_FILLS.values()}}
    bold = book.add_format({"bold": True})
    sheet: Any = book.add_worksheet("Roster")
    columns = _columns(reading)
    heading = reading.table.heading
    paid = {h.column for h in reading.headings if h.field in PAY_FIELDS}
    noted = {note.cell: note.kind for note in reading.notes if note.line is not None and note.cell}
    states, remarks = reading.states.tolist(), _remarks(reading)
    cells = [cast("list[str]", reading.table.cells[column].tolist()) for column in columns]
    for row in range(len(remarks)):
        state = str(states[row])
        for place, column in enumerate(columns):
            text = cells[place][row]
            kind = noted.get(f"{column_letter(column)}{row + 1}", "")
            color = _NOTE_FILLS.get(kind, _FILLS.get(state, "")) if row > heading else ""
            style = bold if row == heading else formats.get(color)
            if not text:
                if style is not None:
                    sheet.write_blank(row, place, None, style)
            elif row > heading and _is_number(reading, row, column, text, paid):
                sheet.write_number(row, place, float(text), style)
            else:
                sheet.write_string(row, place, fitting(text), style)
        style = bold if row == heading else formats.get(_FILLS.get(state, ""))
        sheet.write_string(row, len(columns), STATUS if row == heading else STATE_NAMES[state], style)
        sheet.write_string(row, len(columns) + 1, fitting(remarks[row]), bold if row == heading else None)
    sheet.freeze_panes(heading + 1, 0)
    sheet.set_column(0, len(columns), 16)
    sheet.set_column(len(columns) + 1, len(columns) + 1, 80)
    _about(book, reading, bold)
    book.close()
    return stream.getvalue()


def _is_number(reading: Reading, row: int, column: int, text: str, paid: set[int]) -> bool:
    """Whether to write a cell as a number: it was one in the workbook, or is one in a pay column."""
    numbers = reading.table.numbers.get(column)
    if numbers is not None and not np.isnan(numbers[row]):
        return bool(np.isfinite(numbers[row]))
    return column in paid and _NUMBER.fullmatch(text) is not None


def _about(book: Any, reading: Reading, bold: Any) -> None:
    """Write a sheet with the counts and the remarks on the whole file."""
    sheet = book.add_worksheet("How it was read")
    sheet.set_column(0, 0, 100)
    counts = reading.counts
    parts = ", ".join(f"{counts.as_data()[state]:,} {name}" for state, name in STATE_NAMES.items())
    summary = f"{counts.rows:,} rows: {parts}."
    sheet.write_string(0, 0, summary, bold)
    for row, sentence in enumerate(whole_file(reading), start=1):
        sheet.write_string(row, 0, fitting(sentence))
