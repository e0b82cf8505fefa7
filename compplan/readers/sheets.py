"""The sheets of an .xlsx workbook as rows of cells, read after its package is vetted."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from compplan.readers import package
from compplan.readers.errors import refuse
from compplan.readers.limits import Limits
from compplan.readers.notes import listed, shown
from compplan.readers.sheet_scan import SheetScan

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """Name of a sheet, and whether it is hidden."""

    name: str
    hidden: bool


class WorkbookFile:
    """An .xlsx workbook, within limits.

    Parameters
    ----------
    data : bytes
        Its content; see `compplan.readers.vetting.kind_of`.
    limits : Limits

    Attributes
    ----------
    sheets : tuple of SheetInfo
        In the order of the workbook, without chart sheets.

    Raises
    ------
    TableError
        If it is damaged, beyond the limits, encrypted, holds macros or refers to other workbooks.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits = limits
        self._data = data
        self._scans = package.vet(data, limits)
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        self._book = _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
        self.sheets = tuple(
            SheetInfo(sheet.name, sheet.visible != SheetVisibleEnum.Visible)
            for sheet in self._book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        )

    def scan(self, name: str) -> SheetScan:
        """Return what the XML of a sheet says besides its values: formulas, and cells that are errors."""
        return self._scans.get(name, SheetScan())

    def number_formats(self, name: str) -> dict[tuple[int, int], str]:
        """Return the currency that the number format of each cell shows, by row and column from 0."""
        return package.cell_currencies(self._data, name, self._limits)

    def candidates(self, name: str | None) -> tuple[SheetInfo, ...]:
        """Return the sheets to look for a table in: the one with a name, or all that are visible.

        Raises
        ------
        TableError
            If no sheet has the name.
        """
        if name is None:
            return tuple(sheet for sheet in self.sheets if not sheet.hidden)
        matches = tuple(sheet for sheet in self.sheets if sheet.name == name)
        if not matches:
            names = listed([sheet.name for sheet in self.sheets])
            refuse(f"The file has no sheet {shown(name)!r}; its sheets are {names}.")
        return matches

    def rows(self, name: str, first: int | None = None) -> list[list[Any]]:
        """Return the rows of a sheet as numbers, dates and text: all, or the first few.

        Raises
        ------
        TableError
            If they can't be read.
        """
        sheet = self._sheet(name)
        rows: list[list[Any]] = _guarded(lambda: sheet.to_python(skip_empty_area=False, nrows=first))
        self._limits.check_size(len(rows), max((len(row) for row in rows), default=0))
        return rows

    def merged(self, name: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Iterate over merged ranges: first row and column, last row and column, from 0."""
        yield from self._sheet(name).merged_cell_ranges or []

    def _sheet(self, name: str) -> CalamineSheet:
        return _guarded(lambda: self._book.get_sheet_by_name(name))


def _guarded(call: Callable[[], T]) -> T:
    """Call the reader of workbooks, and turn any fault of it into one message."""
    from python_calamine import CalamineError

    try:
        return call()
    except BaseException as error:
        # The reader is written in Rust; a fault inside it is not an Exception.
        if isinstance(error, CalamineError | ValueError | OSError) or type(error).__name__ == "PanicException":
            refuse("The file is not a workbook that can be read. Open it in a spreadsheet and save it as .xlsx again.")
        raise
