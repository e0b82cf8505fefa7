"""A workbook as a table of text: the first sheet that has the headings, with its saved results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from compplan.arrays import IntArray
from compplan.readers import headings
from compplan.readers.amounts import code_of
from compplan.readers.errors import refuse
from compplan.readers.notes import Note
from compplan.readers.sheet_scan import SheetScan
from compplan.readers.sheets import WorkbookFile
from compplan.readers.table import RawTable, column_letter, last_column, texts_and_numbers
from compplan.readers.vocabulary import Vocabulary

CellRange = tuple[tuple[int, int], tuple[int, int]]
_MOST_NAMED = 6


def read(data: bytes, mapping: Mapping[str, str] | None, sheet: str | None, vocabulary: Vocabulary) -> RawTable:
    """Read the bytes of an .xlsx workbook.

    Parameters
    ----------
    data : bytes
    mapping : Mapping of str to str, optional
        Field to heading; see `compplan.readers.headings.match`.
    sheet : str, optional
        Name of the sheet; the first visible one with headings by default.
    vocabulary : Vocabulary

    Raises
    ------
    TableError
        If it can't be read within the limits, or no sheet has the headings.
    """
    book = WorkbookFile(data, vocabulary.limits)
    name, top = _choose(book, mapping, sheet, vocabulary)
    heading = top.place
    scan = book.scan(name)
    cells, numbers = texts_and_numbers(book.rows(name))
    for (row, column), text in scan.errors.items():
        if column < cells.shape[1] and row < len(cells):
            cells.iat[row, column] = text
    faults = {place: f"The cell has the error {text} and needs a value." for place, text in scan.errors.items()}
    for place in scan.unsaved:
        faults[place] = "The formula has no saved result. Open the workbook in a spreadsheet and save it again."
    names = [str(text) for text in cells.iloc[heading]]
    return RawTable(
        cells,
        np.arange(1, len(cells) + 1, dtype=np.int64),
        heading,
        last_column(cells, heading),
        numbers,
        sheet=name,
        heading_rows=top.rows,
        other_sheets=tuple(sheet.name for sheet in book.sheets if sheet.name != name),
        signs=_signs(book.number_formats(name), len(cells)),
        faults={**faults, **_merged(book.merged(name), heading, cells.shape)},
        remarks=(*_formula_notes(scan, names), *_sheet_notes(book, name)),
    )


def _choose(
    book: WorkbookFile, mapping: Mapping[str, str] | None, name: str | None, vocabulary: Vocabulary
) -> tuple[str, headings.HeadingRow]:
    """Return the sheet to read and its row of headings: the first with all that is needed, else the one with most."""
    best: tuple[str, headings.HeadingRow] | None = None
    first: list[list[object]] = []
    for sheet in book.candidates(name):
        first = book.rows(sheet.name, headings.DEEPEST)
        found = headings.locate([[str(cell) for cell in row] for row in first], mapping, vocabulary)
        if not found.known:
            continue
        if mapping or vocabulary.complete(found.fields):
            return sheet.name, found
        if best is None or found.known > best[1].known:
            best = sheet.name, found
    if best is None:
        refuse(
            f"The file has no visible sheet with headings in its first {headings.DEEPEST} rows. At least two columns "
            f"need a known name, such as {vocabulary.examples}.{headings.seen(first)}"
        )
    return best


def _signs(formats: Mapping[tuple[int, int], str], rows: int) -> dict[int, tuple[IntArray, list[tuple[str, ...]]]]:
    """Return the currencies that number formats show, by column."""
    signs: dict[int, tuple[IntArray, list[tuple[str, ...]]]] = {}
    for (row, column), symbol in formats.items():
        if row >= rows:
            continue
        codes, meanings = signs.setdefault(column, (np.zeros(rows, dtype=np.int64), [()]))
        meaning = code_of(symbol)
        if meaning not in meanings:
            meanings.append(meaning)
        codes[row] = meanings.index(meaning)
    return signs


def _merged(ranges: Iterable[CellRange], heading: int, shape: tuple[int, int]) -> dict[tuple[int, int], str]:
    """Report the cells of merged ranges other than the first: they are empty, and may not be meant to be."""
    faults: dict[tuple[int, int], str] = {}
    budget = shape[0] * shape[1]
    for (top, left), (bottom, right) in ranges:
        rows = range(max(top, heading + 1), min(bottom + 1, shape[0]))
        columns = range(left, min(right + 1, shape[1]))
        budget -= len(rows) * len(columns)
        if budget < 0:
            break
        why = f"The cell is merged with {column_letter(left)}{top + 1}. Unmerge it and fill it in."
        faults |= {(row, column): why for row in rows for column in columns if (row, column) != (top, left)}
    return faults


def _formula_notes(scan: SheetScan, names: list[str]) -> list[Note]:
    notes: list[Note] = []
    for column, count in sorted(scan.formulas.items()):
        if column < len(names):
            why = f"{count:,} formula{'s' if count > 1 else ''}; the saved results are used."
            notes.append(Note("assumed", why, column=names[column], cell=column_letter(column)))
    return notes


def _sheet_notes(book: WorkbookFile, name: str) -> list[Note]:
    others = [repr(sheet.name) for sheet in book.sheets if sheet.name != name]
    if not others:
        return []
    more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
    names = ", ".join(others[:_MOST_NAMED]) + more
    return [Note("assumed", f"Only the sheet {name!r} was read. The file also has {names}.")]
