"""A workbook as a table of text: the first sheet that holds a roster, with its saved results."""

from __future__ import annotations

import datetime as dt
import functools
import io
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from compplan.roster import headings, package
from compplan.roster.limits import check_size
from compplan.roster.notes import Note, refuse
from compplan.roster.table import FloatArray, Table, letter

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

T = TypeVar("T")


def read(data: bytes, mapping: Mapping[str, str] | None = None, sheet: str | None = None) -> Table:
    """Read the bytes of an .xlsx workbook.

    Parameters
    ----------
    data : bytes
    mapping : Mapping of str to str, optional
        See `compplan.roster.read`.
    sheet : str, optional
        Name of the sheet; the first visible one with headings if left out.

    Raises
    ------
    RosterError
        If it cannot be read within the limits, or no sheet holds a roster.
    """
    return _read(data, package.vet(data), mapping, sheet)


def _guarded(call: Callable[[], T]) -> T:
    """Call the reader of workbooks; whatever it trips over becomes one sentence."""
    from python_calamine import CalamineError

    try:
        return call()
    except BaseException as error:
        # A fault inside the reader, which is written in Rust, does not come as an Exception.
        if isinstance(error, CalamineError | ValueError | OSError) or type(error).__name__ == "PanicException":
            refuse("is not a workbook that can be read; open it in a spreadsheet and save it anew as .xlsx.")
        raise


def _read(
    data: bytes, parts: Mapping[str, package.Part], mapping: Mapping[str, str] | None, wanted: str | None
) -> Table:
    from python_calamine import CalamineWorkbook

    book = _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
    sheet, heading, others = _choose(book, mapping, wanted)
    rows: list[list[Any]] = _guarded(lambda: sheet.to_python(skip_empty_area=False))
    wide = max((len(row) for row in rows), default=0)
    check_size(len(rows), wide)
    part = parts.get(sheet.name, package.Part())
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
        sheet=sheet.name,
        faults={**faults, **_merged(sheet, heading, cells.shape)},
        remarks=(*_formulas(part, names), *_others(sheet.name, others)),
    )


def _choose(
    book: CalamineWorkbook, mapping: Mapping[str, str] | None, wanted: str | None
) -> tuple[CalamineSheet, int, list[str]]:
    """The sheet to read, its row of headings, and the sheets that are left."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    usable = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    if wanted is not None and wanted not in [m.name for m in usable]:
        refuse(f"has no sheet {wanted!r}; there are {', '.join(repr(m.name) for m in usable[:12])}.")
    refusal = (
        f"has no visible sheet with headings in its first {headings.DEEPEST} rows: at least two columns need a name "
        "that is known, such as Employee ID, Job title or Base salary."
    )
    seen = [m for m in usable if (m.name == wanted if wanted else m.visible == SheetVisibleEnum.Visible)]
    place, known, sheet, name = 0, 0, None, ""
    for meta in seen:
        sheet, name = _guarded(functools.partial(book.get_sheet_by_name, meta.name)), meta.name
        first: list[list[Any]] = _guarded(
            functools.partial(sheet.to_python, skip_empty_area=False, nrows=headings.DEEPEST)
        )
        place, known = headings.find([[str(cell) for cell in row] for row in first], mapping)
        if known:
            break
    if sheet is None or not known:
        refuse(refusal)
    return sheet, place, [m.name for m in usable if m.name != name]


def _texts(columns: list[list[Any]], part: package.Part) -> tuple[list[list[str]], dict[int, FloatArray]]:
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


def _merged(sheet: CalamineSheet, heading: int, shape: tuple[int, int]) -> dict[tuple[int, int], str]:
    """Cells below the first of a merged range: empty, and nobody knows whether they are meant to be."""
    faults: dict[tuple[int, int], str] = {}
    left_to_look_at = shape[0] * shape[1]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        rows = range(max(top, heading + 1), min(bottom + 1, shape[0]))
        columns = range(left, min(right + 1, shape[1]))
        left_to_look_at -= len(rows) * len(columns)
        if left_to_look_at < 0:
            break
        said = f"The cell is merged with {letter(left)}{top + 1}; unmerge it and fill it in."
        faults |= {(row, column): said for row in rows for column in columns if (row, column) != (top, left)}
    return faults


def _formulas(part: package.Part, names: list[str]) -> list[Note]:
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
