"""A workbook as a table of text: the first sheet that has the headings, with its saved results."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from compplan.arrays import FloatArray
from compplan.readers import Book, Part, headings
from compplan.readers.notes import Note, refuse
from compplan.readers.table import Table, letter
from compplan.readers.vocabulary import Vocabulary

Range = tuple[tuple[int, int], tuple[int, int]]


def read(
    data: bytes,
    mapping: Mapping[str, str] | None,
    sheet: str | None,
    vocabulary: Vocabulary,
) -> Table:
    """Read the bytes of an .xlsx workbook.

    Parameters
    ----------
    data : bytes
    mapping : Mapping of str to str, optional
        See `compplan.roster.read`.
    sheet : str, optional
        Name of the sheet; the first visible one with headings if left out.
    vocabulary : Vocabulary

    Raises
    ------
    UploadError, RosterError
        If it cannot be read within the limits, or no sheet has the headings.
    """
    return _read(Book(data, vocabulary.limits), mapping, sheet, vocabulary)


def _read(book: Book, mapping: Mapping[str, str] | None, wanted: str | None, vocabulary: Vocabulary) -> Table:
    name, heading = _choose(book, mapping, wanted, vocabulary)
    others = [sheet.name for sheet in book.sheets if sheet.name != name]
    rows = book.rows(name)
    wide = max((len(row) for row in rows), default=0)
    part = book.part(name)
    columns = [[row[column] for row in rows] for column in range(wide)]
    texts, numbers = _texts(columns, part)
    cells = pd.DataFrame(
        {column: pd.Series(text, dtype="str") for column, text in enumerate(texts)}, columns=pd.RangeIndex(wide)
    )
    width = max((c + 1 for c in range(wide) if bool((cells[c].iloc[heading:] != "").any())), default=0)
    faults = {place: f"The cell holds the error {text}; a figure is needed." for place, text in part.errors.items()}
    for place in part.unsaved:
        faults[place] = "The formula has no saved result; open the workbook in a spreadsheet and save it again."
    names = [str(text) for text in cells.iloc[heading]]
    return Table(
        cells,
        np.arange(1, len(rows) + 1, dtype=np.int64),
        heading,
        width,
        numbers,
        sheet=name,
        faults={**faults, **_merged(book.merged(name), heading, cells.shape)},
        remarks=(*_formulas(part, names), *_others(name, others)),
    )


def _choose(
    book: Book, mapping: Mapping[str, str] | None, wanted: str | None, vocabulary: Vocabulary
) -> tuple[str, int]:
    """The sheet to read and its row of headings."""
    for sheet in book.candidates(wanted):
        first = book.rows(sheet.name, headings.DEEPEST)
        place, known = headings.find([[str(cell) for cell in row] for row in first], mapping, vocabulary)
        if known:
            break
    else:
        refuse(
            f"has no visible sheet with headings in its first {headings.DEEPEST} rows: at least two columns need a "
            f"name that is known, such as {vocabulary.examples}."
        )
    return sheet.name, place


def _texts(columns: list[list[Any]], part: Part) -> tuple[list[list[str]], dict[int, FloatArray]]:
    """Every cell as text, and the cells that are numbers."""
    texts: list[list[str]] = []
    numbers: dict[int, FloatArray] = {}
    for column, cells in enumerate(columns):
        texts.append([_text(cell) for cell in cells])
        given = [float(c) if isinstance(c, int | float) and not isinstance(c, bool) else math.nan for c in cells]
        values = np.array(given, dtype=np.float64)
        if not bool(np.isnan(values).all()):
            numbers[column] = values
    for (row, column), text in part.errors.items():
        if column < len(texts) and row < len(texts[column]):
            texts[column][row] = text
    return texts, numbers


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return str(int(cell)) if float(cell).is_integer() and abs(cell) < 1e15 else repr(float(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ", timespec="seconds")
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def _merged(ranges: Iterable[Range], heading: int, shape: tuple[int, int]) -> dict[tuple[int, int], str]:
    """Cells below the first of a merged range: empty, and nobody knows whether they are meant to be."""
    faults: dict[tuple[int, int], str] = {}
    left_to_look_at = shape[0] * shape[1]
    for (top, left), (bottom, right) in ranges:
        rows = range(max(top, heading + 1), min(bottom + 1, shape[0]))
        columns = range(left, min(right + 1, shape[1]))
        left_to_look_at -= len(rows) * len(columns)
        if left_to_look_at < 0:
            break
        said = f"The cell is merged with {letter(left)}{top + 1}; unmerge it and fill it in."
        faults |= {(row, column): said for row in rows for column in columns if (row, column) != (top, left)}
    return faults


def _formulas(part: Part, names: list[str]) -> list[Note]:
    notes: list[Note] = []
    for column, count in sorted(part.formulas.items()):
        if column < len(names):
            said = f"{count:,} formula{'s' if count > 1 else ''}; the saved results are used."
            notes.append(Note("assumed", said, column=names[column], cell=letter(column)))
    return notes


def _others(name: str, others: list[str]) -> list[Note]:
    if not others:
        return []
    listed = ", ".join(repr(other) for other in others[:6]) + (", …" if len(others) > 6 else "")
    return [Note("assumed", f"Only the sheet {name!r} was read; there is also {listed}.")]
