"""The sheets of a workbook: how a cell of each kind looks, and the names that cells go by."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from typing import Any, Literal

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from compplan import formats
from compplan.arrays import FloatArray
from compplan.documents.cells import fitting
from compplan.documents.workbook.terms import CASE, ColumnRange, Term
from compplan.measures import Unit
from compplan.money import minor_digits

Style = Literal[
    "title",
    "section",
    "head",
    "head_right",
    "text",
    "wrap",
    "note",
    "key",
    "label",
    "input",
    "figure",
    "strong",
    "total",
]
Shown = Literal[
    "money",
    "share",
    "fraction",
    "factor",
    "plain",
    "whole",
    "date",
    "best",
    "held",
    "limit",
    "exact",
    "position",
    "slope",
    "slack",
    "edge",
    "yes",
    "text",
]

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
_BEYOND = "900000000000000000"  # numbers beyond this stand for no limit
_HEIGHT, _LINE = 15.75, 115  # of a row, in points; characters of a line of wrapped text
# Letters, figures and underscores; what could be the address of a cell is refused too.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,254}")
_ADDRESS = re.compile(r"[a-z]{1,3}\d+|[rc]|r\d*c\d*")


def shown_as(unit: Unit) -> Shown:
    """How the numbers of a measure are shown."""
    return "share" if unit == "share" else "money" if unit == "money" else "plain"


def plain_text(text: str) -> str:
    """A text as a cell can hold it: of a length that fits, and of characters that a file can carry."""
    return fitting(text.encode("utf-8", "replace").decode("utf-8"))


class WorkbookWriter:
    """A workbook that is being made, in memory."""

    def __init__(self, currency: str, on: dt.date) -> None:
        import xlsxwriter

        self._stream = io.BytesIO()
        options = {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        }  # fmt: skip
        self._book: Any = xlsxwriter.Workbook(self._stream, options)
        made = dt.datetime.combine(on, dt.time())
        self._book.set_properties({"title": "compplan", "created": made})  # so that the same is made twice alike
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
        """A new sheet."""
        from compplan.documents.workbook.quick import QuickSheet

        self._pages.append(SheetWriter(self, self._book.add_worksheet(name, worksheet_class=QuickSheet), name))
        return self._pages[-1]

    def format(self, style: Style, shown: Shown) -> Any:
        """How a cell looks, each made once."""
        key = (style, shown)
        if key not in self._formats:
            code = {} if shown == "text" else {"num_format": self._codes[shown]}
            look = {"font_color": _INK, "valign": "vcenter", "locked": True, **_STYLES[style], **code}
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]

    def loose(self, look: dict[str, Any]) -> Any:
        """A format for what depends on a condition."""
        return self._book.add_format(look)

    def chart(self, kind: str, subtype: str) -> Any:
        """A chart to be placed on a sheet."""
        return self._book.add_chart({"type": kind, "subtype": subtype})

    def name(self, name: str, address: str) -> str:
        """Give a cell or a range a name throughout the workbook.

        Raises
        ------
        ValueError
            If a spreadsheet could not use the name, or two cells would share it.
        """
        if not _NAME.fullmatch(name) or _ADDRESS.fullmatch(name) or name in self._names:
            raise ValueError(f"{name!r} cannot be the name of {address}")
        self._names.add(name)
        self._book.define_name(name, f"={address}")
        return name

    def close(self) -> bytes:
        """The finished file."""
        for page in self._pages:
            page.settle()
        self._book.set_calc_mode("auto")
        self._book.close()
        return self._stream.getvalue()


class SheetWriter:
    """A sheet that is being written; rows and columns count from 0."""

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
        """Where a cell is, as formulas of any sheet speak of it."""
        return f"{self.title}!${xl_col_to_name(column)}${row + 1}"

    def text(self, row: int, column: int, text: str, style: Style = "text") -> None:
        """Text, which stays text whatever it begins with."""
        self.last = max(self.last, row)
        if style == "wrap":
            lines = sum(1 + len(line) // _LINE for line in text.split("\n"))
            self.heights[row] = _HEIGHT * min(lines, 25)
        self.sheet.write_string(row, column, plain_text(text), self.book.format(style, "text"))

    def heads(self, row: int, heads: tuple[str, ...], texts: int = 1, also: tuple[int, ...] = ()) -> None:
        """A row of headings; all but the first few, and some more, stand over numbers."""
        self.heights[row] = 32 if any(len(head) > 15 for head in heads[texts:]) else 18
        for place, head in enumerate(heads):
            self.text(row, place, head, "head" if place < texts or place in also else "head_right")

    def input(self, row: int, column: int, value: float | None, shown: Shown, name: str = "") -> Term:
        """A number that a reader may change; None leaves the cell empty, for no limit."""
        look = self.book.format("input", shown)
        if value is None:
            self.sheet.write_blank(row, column, None, look)
        else:
            self.sheet.write_number(row, column, value, look)
        return self._known(row, column, np.array([np.nan if value is None else value]), name)

    def value(self, row: int, column: int, value: float, shown: Shown) -> None:
        """A number that is neither an input nor a formula."""
        self.sheet.write_number(row, column, value, self.book.format("figure", shown))

    def choice(self, row: int, column: int, value: str, allowed: tuple[str, ...], name: str = "") -> str:
        """A word that a reader may change to another of a list; gives its address."""
        self.sheet.write_string(row, column, value, self.book.format("input", "text"))
        self.sheet.data_validation(row, column, row, column, {"validate": "list", "source": list(allowed)})
        address = self.address(row, column)
        return self.book.name(name, address) if name else address

    def formula(self, row: int, column: int, made: Term, shown: Shown, name: str = "", style: Style = "figure") -> Term:
        """A formula with the number that it gives."""
        value = float(made.value[0])
        self.put(row, column, made.text, "" if math.isnan(value) else value, shown, style)
        return self._known(row, column, made.value, name)

    def put(self, row: int, column: int, text: str, value: float | str, shown: Shown, style: Style = "figure") -> None:
        """Write a formula as it stands."""
        self.last = max(self.last, row)
        own = text.replace(f"{self.title}!", "")
        self.sheet.write_formula(row, column, f"={own}", self.book.format(style, shown), value)

    def _known(self, row: int, column: int, value: FloatArray, name: str) -> Term:
        address = self.address(row, column)
        return Term(self.book.name(name, address) if name else address, value)

    def column(self, row: int, column: int, terms: list[Term], name: str = "") -> ColumnRange:
        """The range of cells that were written under each other from a place on."""
        last = f"${xl_col_to_name(column)}${row + len(terms)}"
        address = f"{self.address(row, column)}:{last}"
        values = np.array([float(t.value[0]) for t in terms])
        return ColumnRange(self.book.name(name, address) if name else address, values)

    def widths(self, *widths: float) -> None:
        """How wide the first columns are, in characters."""
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)

    def settle(self) -> None:
        """Give every row its height: a program that finds none measures the text of every cell as it opens the file."""
        for row in range(self.last + 1):
            self.sheet.set_row(row, self.heights.get(row, _HEIGHT))

    def wide(self, scale: int = 55) -> None:
        """Too many columns for one page: print them over several, each with the first column."""
        self.sheet.set_print_scale(scale)
        self.sheet.repeat_columns(0, 0)

    def freeze(self, rows: int, columns: int) -> None:
        """Keep the first rows and columns in sight, on paper too."""
        self.sheet.freeze_panes(rows, columns)
        if rows:
            self.sheet.repeat_rows(0, rows - 1)


def each(text: str, case: str) -> str:
    """The formula of one case."""
    return text.replace(CASE, case)
