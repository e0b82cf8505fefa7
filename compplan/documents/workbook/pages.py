"""Writers of a workbook and its sheets: formats of cells, and their names."""

from __future__ import annotations

import datetime as dt
import functools
import io
import math
import re
from typing import Any, Literal

import numpy as np
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from compplan import formats
from compplan.arrays import FloatArray
from compplan.documents.cells import fitting, new_workbook
from compplan.documents.workbook.terms import CASE, ColumnRange, Term
from compplan.measures import Unit
from compplan.money import minor_digits

Style = Literal[
    "title", "section", "head", "head_right", "text", "wrap", "note", "key", "label", "input", "figure", "strong",
    "total",
]  # fmt: skip
Shown = Literal[
    "money", "share", "fraction", "factor", "plain", "whole", "date", "best", "held", "limit", "exact", "position",
    "slope", "slack", "edge", "yes", "text",
]  # fmt: skip

_INK, _QUIET, _ACCENT, _RULE = "#1f2430", "#667085", "#1d4ed8", "#d0d5dd"
_STYLES: dict[Style, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 18},
    "section": {"bold": True, "font_size": 12, "font_color": _ACCENT},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "bg_color": "#f2f4f7"},
    "head_right": {
        "bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "align": "right", "bg_color": "#f2f4f7",
    },
    "text": {},
    "wrap": {"text_wrap": True, "valign": "top"},
    "note": {"font_color": _QUIET, "italic": True},
    "key": {"font_color": _QUIET, "indent": 1},
    "label": {"font_color": _QUIET, "valign": "top"},
    "input": {"font_color": _ACCENT, "bg_color": "#fff9e5", "border": 1, "border_color": "#ead9a0", "align": "right",
              "locked": False},
    "figure": {"align": "right"},
    "strong": {"align": "right", "bold": True},
    "total": {"align": "right", "bold": True, "top": 1},
}  # fmt: skip
_BEYOND = "900000000000000000"  # larger numbers mean no limit
_HEIGHT, _LINE = 15.75, 115  # of a row, in points; characters of a line of wrapped text
# Letters, digits and underscores, but nothing that could be the address of a cell.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,254}")
_ADDRESS = re.compile(r"[a-z]{1,3}\d+|[rc]|r\d*c\d*")


def shown_as(unit: Unit) -> Shown:
    """Format for the results of a measure."""
    return "share" if unit == "share" else "money" if unit == "money" else "plain"


def plain_text(text: str) -> str:
    """Cut a text to what a cell can hold, and replace characters that UTF-8 cannot encode."""
    return fitting(text.encode("utf-8", "replace").decode("utf-8"))


class WorkbookWriter:
    """A workbook in memory."""

    def __init__(self, currency: str, on: dt.date) -> None:
        self._stream = io.BytesIO()
        self._book: Any = new_workbook(self._stream)
        # A fixed date, so that the same input gives the same file.
        self._book.set_properties({"title": "compplan", "created": dt.datetime.combine(on, dt.time())})
        self._formats: dict[tuple[str, str], Any] = {}
        self._names: set[str] = set()
        self._pages: list[SheetWriter] = []
        self.digits = minor_digits(currency)
        sign = formats.symbol(currency)
        cash = f'"{sign}"#,##0' + (f".{'0' * self.digits}" if self.digits else "")
        self._codes: dict[Shown, str] = {
            "money": f"{cash};-{cash}",
            "share": "0.00%",
            "fraction": "0.0000%",
            "factor": "0.000000",
            "exact": f'"{sign}"#,##0.{"0" * self.digits + "#" * 4 if self.digits else "0000"}',
            "plain": "General",
            "position": f'[>{_BEYOND}]"none";[<-{_BEYOND}]"none";#,##0.0000##',
            "edge": f'[>{_BEYOND}]"none";[<-{_BEYOND}]"none";#,##0.000000000',
            "slack": f'[>{_BEYOND}]"none";0.0E+00',
            "limit": f'[>{_BEYOND}]"none";{cash}',
            "slope": "#,##0.0000##",
            "yes": '"yes";"no";"no"',
            "whole": "0",
            "date": "yyyy-mm-dd",
            "best": '"best"',
            "held": f'[>{_BEYOND}]"none";[<-{_BEYOND}]"none";0.00%',
            "text": "@",
        }

    def page(self, name: str) -> SheetWriter:
        """Add a sheet."""
        self._pages.append(SheetWriter(self, self._book.add_worksheet(name, worksheet_class=_FastSheet), name))
        return self._pages[-1]

    def format(self, style: Style, shown: Shown) -> Any:
        """Format of a cell, cached."""
        key = (style, shown)
        if key not in self._formats:
            code = {} if shown == "text" else {"num_format": self._codes[shown]}
            base = {"font_color": _INK, "valign": "vcenter", "locked": True}
            self._formats[key] = self._book.add_format({**base, **_STYLES[style], **code})
        return self._formats[key]

    @functools.cached_property
    def alert(self) -> Any:
        """Format of cells that need attention, for conditional formats."""
        return self._book.add_format({"bg_color": "#fbeceb", "font_color": "#a01f18", "bold": True})

    def chart(self, kind: str, subtype: str) -> Any:
        """Create a chart for a sheet."""
        return self._book.add_chart({"type": kind, "subtype": subtype})

    def name(self, name: str, address: str) -> str:
        """Give a cell or a range a name throughout the workbook.

        Raises
        ------
        ValueError
            If a spreadsheet does not allow the name, or another cell has it.
        """
        if not _NAME.fullmatch(name) or _ADDRESS.fullmatch(name) or name in self._names:
            raise ValueError(f"{name!r} cannot be the name of {address}")
        self._names.add(name)
        self._book.define_name(name, f"={address}")
        return name

    def close(self) -> bytes:
        """Finish the workbook and return the content of the file."""
        for page in self._pages:
            page.set_heights()
        self._book.set_calc_mode("auto")
        self._book.close()
        return self._stream.getvalue()


class SheetWriter:
    """Writes a sheet; rows and columns are counted from 0."""

    def __init__(self, book: WorkbookWriter, sheet: Any, title: str) -> None:
        self.book, self.sheet, self.title = book, sheet, title
        sheet.hide_gridlines(2)
        self.heights: dict[int, float] = {0: 28}
        self.last = 0
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&8compplan&C&8&A&R&8&P / &N")

    def address(self, row: int, column: int) -> str:
        """Address of a cell, for formulas on any sheet."""
        return f"{self.title}!${xl_col_to_name(column)}${row + 1}"

    def text(self, row: int, column: int, text: str, style: Style = "text") -> None:
        """Write text, which never becomes a formula."""
        self.last = max(self.last, row)
        if style == "wrap":
            lines = sum(1 + len(line) // _LINE for line in text.split("\n"))
            self.heights[row] = _HEIGHT * min(lines, 25)
        self.sheet.write_string(row, column, plain_text(text), self.book.format(style, "text"))

    def heads(self, row: int, heads: tuple[str, ...], texts: int = 1, also: tuple[int, ...] = ()) -> None:
        """Write a row of headings: the first `texts` and those in `also` over text, the others over numbers."""
        self.heights[row] = 32 if any(len(head) > 15 for head in heads[texts:]) else 18
        for place, head in enumerate(heads):
            self.text(row, place, head, "head" if place < texts or place in also else "head_right")

    def input(self, row: int, column: int, value: float | None, shown: Shown, name: str = "") -> Term:
        """Write an input; None leaves the cell empty, which means no limit."""
        cell_format = self.book.format("input", shown)
        if value is None:
            self.sheet.write_blank(row, column, None, cell_format)
        else:
            self.sheet.write_number(row, column, value, cell_format)
        return self._term(row, column, np.array([np.nan if value is None else value]), name)

    def value(self, row: int, column: int, value: float, shown: Shown) -> None:
        """Write a number that is neither an input nor a formula."""
        self.sheet.write_number(row, column, value, self.book.format("figure", shown))

    def choice(self, row: int, column: int, value: str, allowed: tuple[str, ...], name: str = "") -> str:
        """Write an input with a list of allowed words, and return its address."""
        self.sheet.write_string(row, column, value, self.book.format("input", "text"))
        self.sheet.data_validation(row, column, row, column, {"validate": "list", "source": list(allowed)})
        address = self.address(row, column)
        return self.book.name(name, address) if name else address

    def formula(self, row: int, column: int, term: Term, shown: Shown, name: str = "", style: Style = "figure") -> Term:
        """Write a formula with its value."""
        value = float(term.value[0])
        self.put(row, column, term.text, "" if math.isnan(value) else value, shown, style)
        return self._term(row, column, term.value, name)

    def put(self, row: int, column: int, text: str, value: float | str, shown: Shown, style: Style = "figure") -> None:
        """Write the text of a formula, with its value."""
        self.last = max(self.last, row)
        formula = text.replace(f"{self.title}!", "")
        self.sheet.write_formula(row, column, f"={formula}", self.book.format(style, shown), value)

    def _term(self, row: int, column: int, value: FloatArray, name: str) -> Term:
        address = self.address(row, column)
        return Term(self.book.name(name, address) if name else address, value)

    def column(self, row: int, column: int, terms: list[Term], name: str = "") -> ColumnRange:
        """Range of the cells of a column, from a row on."""
        last = f"${xl_col_to_name(column)}${row + len(terms)}"
        address = f"{self.address(row, column)}:{last}"
        values = np.array([float(t.value[0]) for t in terms])
        return ColumnRange(self.book.name(name, address) if name else address, values)

    def widths(self, *widths: float) -> None:
        """Set the widths of the first columns, in characters."""
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)

    def set_heights(self) -> None:
        """Set the height of every row; without it, a program measures the text of every cell when it opens the file."""
        for row in range(self.last + 1):
            self.sheet.set_row(row, self.heights.get(row, _HEIGHT))

    def wide(self, scale: int = 55) -> None:
        """Print many columns over several pages, each with the first column."""
        self.sheet.set_print_scale(scale)
        self.sheet.repeat_columns(0, 0)

    def freeze(self, rows: int, columns: int) -> None:
        """Keep the first rows and columns in view, also on paper."""
        self.sheet.freeze_panes(rows, columns)
        if rows:
            self.sheet.repeat_rows(0, rows - 1)

    def alert(self, row: int, columns: tuple[int, int], criteria: str, value: float | str, last: int = 0) -> None:
        """Highlight cells that meet a condition, from a row to `last` or in that row alone."""
        rule = {"type": "cell", "criteria": criteria, "value": value, "format": self.book.alert}
        self.sheet.conditional_format(row, columns[0], last or row, columns[1], rule)


class _FastSheet(Worksheet):
    """A sheet that does not look for newer functions in every formula, which takes most of the time; ours have none."""

    def _prepare_formula(self, formula: str, *_: Any, **__: Any) -> str:
        return formula.removeprefix("=")


def each(text: str, case: str) -> str:
    """The formula of one case."""
    return text.replace(CASE, case)
