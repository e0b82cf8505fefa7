"""A workbook whose package was vetted: its sheets as rows of cells."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from compplan.readers import package
from compplan.readers.vetting import Limits, refuse

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of cells: its name, and whether it is hidden."""

    name: str
    hidden: bool


class Book:
    """The sheets of an .xlsx workbook, within limits.

    Parameters
    ----------
    data : bytes
        Its content; see `compplan.readers.kind_of`.
    limits : Limits

    Attributes
    ----------
    sheets : tuple of Sheet
        In the order of the workbook; charts and the like left out.

    Raises
    ------
    UploadError
        If it is damaged, beyond the limits, encrypted, holds macros or refers to other workbooks.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits = limits
        self._parts = package.vet(data, limits)
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        self._book = _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
        self.sheets = tuple(
            Sheet(sheet.name, sheet.visible != SheetVisibleEnum.Visible)
            for sheet in self._book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        )

    def part(self, name: str) -> package.Part:
        """What the XML of a sheet holds beside its values: formulas, and cells that are errors."""
        return self._parts.get(name, package.Part())

    def candidates(self, wanted: str | None) -> tuple[Sheet, ...]:
        """The sheets to look for a table in: the one that is wanted, or all that are visible.

        Raises
        ------
        UploadError
            If there is none of the name.
        """
        if wanted is None:
            return tuple(sheet for sheet in self.sheets if not sheet.hidden)
        found = tuple(sheet for sheet in self.sheets if sheet.name == wanted)
        if not found:
            refuse(f"has no sheet {wanted!r}; there are {', '.join(repr(sheet.name) for sheet in self.sheets[:12])}.")
        return found

    def rows(self, name: str, first: int | None = None) -> list[list[Any]]:
        """The rows of a sheet from its first cell on, all or the first few, as numbers, dates and text.

        Raises
        ------
        UploadError
            If they cannot be read.
        """
        sheet = self._sheet(name)
        rows: list[list[Any]] = _guarded(lambda: sheet.to_python(skip_empty_area=False, nrows=first))
        self._limits.check_size(len(rows), max((len(row) for row in rows), default=0))
        return rows

    def merged(self, name: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Ranges of cells that are merged, each from its first to its last row and column, from 0."""
        yield from self._sheet(name).merged_cell_ranges or []

    def _sheet(self, name: str) -> CalamineSheet:
        return _guarded(lambda: self._book.get_sheet_by_name(name))


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
