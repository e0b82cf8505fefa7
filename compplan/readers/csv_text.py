"""CSV in any usual encoding and delimiter, as a table of text that keeps every row."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import pandas as pd

from compplan.arrays import IntArray
from compplan.readers import headings
from compplan.readers.errors import refuse
from compplan.readers.limits import Limits
from compplan.readers.notes import Note
from compplan.readers.table import RawTable
from compplan.readers.vocabulary import Vocabulary

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 65_536
_MOST_LINE = 1_000_000
_MOST_DELIMITERS = 1.5  # times the most cells, because quoted texts have commas too
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_NOT_CLOSED = "The file has a cell that does not end. Look for a quotation mark that is not closed."
_NOT_TEXT = "The file is not text. Save the table as CSV or as an .xlsx workbook."


def decode(data: bytes) -> tuple[bytes, str, tuple[Note, ...]]:
    r"""Return the text of a file as UTF-8 without a byte order mark.

    Returns
    -------
    data : bytes
    encoding : str
        What the file has: ``utf-8``, ``utf-8-sig``, ``utf-16`` or ``cp1252``.
    notes : tuple of Note
        What was assumed.

    Raises
    ------
    TableError
        If it is not text.

    Examples
    --------
    >>> decode("Grundgehalt €".encode("utf-16"))[:2]
    (b'Grundgehalt \xe2\x82\xac', 'utf-16')
    """
    name = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else _utf16_without_mark(data)
    if name:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            refuse("The file is not text: it begins as UTF-16 but has other bytes later. Save it as CSV in UTF-8.")
        if "\0" in text:
            refuse(_NOT_TEXT)
        return text.encode("utf-8", "replace"), "utf-16", ()
    if b"\0" in data:
        refuse(_NOT_TEXT)
    has_mark = data.startswith(codecs.BOM_UTF8)
    body = data[3:] if has_mark else data
    try:
        if not body.isascii():
            body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return body, "utf-8-sig" if has_mark else "utf-8", ()
    try:
        text = body.decode("cp1252")
    except UnicodeDecodeError:
        refuse("The encoding of the file is neither UTF-8, UTF-16 nor Windows-1252. Save it as CSV in UTF-8.")
    note = Note(
        "assumed", "The text is not UTF-8 and was read as Windows-1252. Check accented letters and currency signs."
    )
    return text.encode("utf-8"), "cp1252", (note,)


def _utf16_without_mark(data: bytes) -> str:
    start = data[:4096]
    if len(start) < 4 or len(data) % 2:
        return ""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > 0.4 * len(start) / 2 and not even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * len(start) / 2 and not odd else ""


def read(data: bytes, mapping: Mapping[str, str] | None, vocabulary: Vocabulary) -> RawTable:
    """Read the bytes of a text file.

    Parameters
    ----------
    data : bytes
    mapping : Mapping of str to str, optional
        Field to heading; see `compplan.readers.headings.match`.
    vocabulary : Vocabulary

    Raises
    ------
    TableError
        If it is not text, has no known headings, or is larger than the limits.
    """
    body, encoding, notes = decode(data)
    delimiter, top, width, widest = _layout(body, mapping, vocabulary)
    heading = top.place
    cells, lines = _cells(body, delimiter, widest, vocabulary.limits)
    vocabulary.limits.check_size(*cells.shape)
    width, stray = _stray(cells, heading, width)
    if stray:
        notes = (*notes, stray)
    return RawTable(
        cells,
        lines,
        heading,
        width,
        encoding=encoding,
        delimiter=delimiter,
        remarks=notes,
        heading_rows=top.rows,
        equals=b"=" in body,
        apostrophes=b"'" in body,
    )


def _layout(
    body: bytes, mapping: Mapping[str, str] | None, vocabulary: Vocabulary
) -> tuple[str, headings.HeadingRow, int, int]:
    """Return delimiter, row of headings, number of headings, and the most cells of the first rows."""
    sample = body[:_SAMPLE]
    if len(body) > _SAMPLE:
        cut = max(sample.rfind(b"\n"), sample.rfind(b"\r"))
        # A first row that is longer than the sample is read whole, within the most that a line may have.
        sample = sample[: cut + 1] if cut > 0 else _first_line(body)
    text = sample.decode("utf-8", "replace")
    declared = re.match(r"sep=(.)\r?\n", text)
    best: tuple[tuple[int, int], str, headings.HeadingRow, list[list[str]]] | None = None
    most_cells: list[list[str]] = []
    for delimiter in (declared[1],) if declared else DELIMITERS:
        if delimiter not in text:
            continue
        rows = _first_rows(text, delimiter)
        # Cut before headings are matched, which takes long for thousands of columns.
        found = headings.locate([row[: vocabulary.limits.columns] for row in rows], mapping, vocabulary)
        most_cells = max(most_cells, rows, key=lambda table: max(map(len, table), default=0))
        rank = (found.known, len(rows[found.place]) if rows else 0)
        if found.known and (best is None or rank > best[0]):
            best = rank, delimiter, found, rows
    if best is None:
        refuse(
            f"The file has no row of headings among its first {headings.DEEPEST} rows. At least two columns need a "
            f"known name, such as {vocabulary.examples}. Rename them, or choose the column of each field."
            f"{headings.seen(most_cells)}"
        )
    _, delimiter, found, rows = best
    widest = max(map(len, rows))
    vocabulary.limits.check_size(1, widest)
    names = headings.joined_headings(rows[found.place - found.rows + 1], rows[found.place])
    width = len(names)
    while not names[width - 1].strip():
        width -= 1
    return delimiter, found, width, widest


def _first_line(body: bytes) -> bytes:
    ends = [place for mark in (b"\n", b"\r") if (place := body.find(mark, 0, _MOST_LINE)) >= 0]
    return body[: min(ends, default=_MOST_LINE)]


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 100))
    except csv.Error:
        return []


def _cells(body: bytes, delimiter: str, widest: int, limits: Limits) -> tuple[pd.DataFrame, IntArray]:
    """Return all cells, and the line on which each row begins."""
    # Every kind of line ending makes a row, and every delimiter a cell, so nothing larger reaches a parser.
    count = body.count(b"\n") + body.count(b"\r") - body.count(b"\r\n")
    limits.check_size(count, widest)
    if _has_long_line(body):
        refuse(f"The file has a line of more than {_MOST_LINE:,} characters. Save the table as CSV again.")
    if body.count(delimiter.encode()) > _MOST_DELIMITERS * limits.cells:
        refuse(f"The file has more than {limits.cells:,} cells, the most that a {limits.noun} may have.")
    frame = _quick(body, delimiter, widest + 1, limits.rows + 1)
    if frame is not None:
        ended = body.endswith((b"\n", b"\r"))
        if len(frame) == count + (not ended):
            return frame, np.arange(1, len(frame) + 1, dtype=np.int64)
    return _exact(body, delimiter, limits)


def _has_long_line(body: bytes) -> bool:
    """Return whether a line is too long, by a look at the last line ending within every allowed length."""
    end = -1
    while len(body) - end > _MOST_LINE:
        first, last = end + 1, end + 1 + _MOST_LINE
        end = max(body.rfind(b"\n", first, last), body.rfind(b"\r", first, last))
        if end < 0:
            return True
    return False


def _quick(body: bytes, delimiter: str, width: int, rows: int) -> pd.DataFrame | None:
    """Read with pandas, which is fast; None if it can't tell which row a cell is in."""
    options: dict[str, Any] = {
        "sep": delimiter,
        "header": None,
        "names": range(width),
        "index_col": False,
        "na_filter": False,
        "low_memory": False,
        "skip_blank_lines": False,
        "nrows": rows,
        "encoding": "utf-8",
    }
    read_csv = cast("Any", pd.read_csv)
    try:
        frame: pd.DataFrame = read_csv(io.BytesIO(body), **options)
        # pandas reads a column of numbers as numbers, but the text is needed.
        typed = {name: "str" for name, kind in frame.dtypes.items() if not isinstance(kind, pd.StringDtype)}
        if typed:
            frame = read_csv(io.BytesIO(body), dtype=typed, **options)
    except pd.errors.ParserError as error:
        if "EOF inside string" in str(error):
            refuse(_NOT_CLOSED)
        return None
    return frame


def _exact(body: bytes, delimiter: str, limits: Limits) -> tuple[pd.DataFrame, IntArray]:
    """Read with the csv module, which knows the line of each row and accepts rows of any length."""
    text = body.decode("utf-8")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    lines: list[int] = []
    widest = before = 0
    try:
        for row in reader:
            rows.append(row)
            lines.append(before + 1)
            before = reader.line_num
            if len(row) > widest:
                widest = len(row)
            if widest > limits.columns or len(rows) > limits.rows or len(rows) * widest > limits.cells:
                limits.check_size(len(rows), widest)
    except csv.Error:
        refuse(_NOT_CLOSED)
    if lines and before > lines[-1]:
        _closed(text, lines[-1], delimiter)
    padded = [row + [""] * (widest - len(row)) for row in rows]
    return pd.DataFrame(padded, columns=pd.RangeIndex(widest), dtype="str"), np.array(lines, dtype=np.int64)


def _closed(text: str, line: int, delimiter: str) -> None:
    """Refuse a last row that runs to the end of the file because a quotation mark is not closed."""
    rest = io.StringIO(text, newline="").readlines()[line - 1 :]
    try:
        for _ in csv.reader(rest, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        if "unexpected end" in str(error):
            refuse(_NOT_CLOSED)


def _stray(cells: pd.DataFrame, heading: int, width: int) -> tuple[int, Note | None]:
    """Count columns without a heading as columns if most rows fill them; otherwise those rows are too long."""
    wide = cells.shape[1]
    filled = [column for column in range(width, wide) if bool((cells[column].iloc[heading + 1 :] != "").any())]
    if not filled:
        return width, None
    rows = (cells.iloc[heading + 1 :, width:] != "").any(axis=1)
    if int(rows.sum()) * 2 <= len(rows):
        return width, None
    columns = "1 column has" if len(filled) == 1 else f"{len(filled)} columns have"
    return filled[-1] + 1, Note("assumed", f"{columns} no heading and can't be matched to a field.")


def delimiter_name(delimiter: str) -> str:
    """Return what people call a delimiter."""
    return _NAMES.get(delimiter, delimiter)
