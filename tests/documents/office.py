"""Recalculates workbooks in LibreOffice, and reads and changes their cells."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine
from support import requirements

# Recalculate on load, always: what a file says its formulas give is not to be believed here.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""
# Every sheet as text, numbers with all their digits: quicker than a workbook by half.
_EACH_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
_PRINTED = re.compile(rb"<sheetPr>.*?</sheetPr>|<pageMargins.*?(?=</worksheet>)", re.DOTALL)
_TITLES = re.compile(rb'<definedName name="_xlnm[^>]*>[^<]*</definedName>')
_CACHED = re.compile(rb"(<f>[^<]*</f>)<v>[^<]*</v>")

Sheets = dict[str, list[list[Any]]]


def stripped(book: bytes) -> bytes:
    """The same without what its formulas are said to give, nor how it is printed, which takes half of the time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = _CACHED.sub(rb"\1", content)
                assert b"</f><v>" not in content
                content = _PRINTED.sub(b"", content)
            elif name == "xl/workbook.xml":
                content = _TITLES.sub(b"", content)
            new.writestr(name, content)
    return stream.getvalue()


def recalculated(books: Mapping[str, bytes]) -> dict[str, Sheets]:
    """Every workbook as LibreOffice reckons it, all in one call.

    Parameters
    ----------
    books : Mapping of str to bytes
        By a name that can be that of a file.
    """
    soffice = shutil.which("soffice")
    if soffice is None:
        requirements.skip("LibreOffice")
    with tempfile.TemporaryDirectory(prefix="workbook-") as place:
        root = Path(place)
        user = root / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        (root / "in").mkdir()
        for name, book in books.items():
            (root / "in" / f"{name}.xlsx").write_bytes(stripped(book))
        done = subprocess.run(
            [soffice, "--headless", "--norestore", f"-env:UserInstallation=file://{root / 'profile'}",
             "--convert-to", _EACH_SHEET, "--outdir", root / "out", *sorted((root / "in").iterdir())],
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return {name: _sheets(root / "out", name, Names(book).sheets) for name, book in books.items()}


def _sheets(place: Path, name: str, sheets: list[str]) -> Sheets:
    found: Sheets = {}
    for sheet in sheets:
        text = (place / f"{name}-{sheet}.csv").read_text(encoding="utf-8")
        found[sheet] = [[_value(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]
    return found


def _value(cell: str) -> Any:
    """A number with every digit that it has, or a text."""
    bare = cell.removesuffix("%")
    try:
        return float(bare) / (100.0 if bare != cell else 1.0)
    except ValueError:
        return cell


def cells_of(book: bytes) -> Sheets:
    """What the cells of a file say they hold."""
    read = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book))
    return {name: read.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in read.sheet_names}


class Names:
    """Where the names of a workbook stand."""

    def __init__(self, book: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(book)) as packed:
            listed = packed.read("xl/workbook.xml").decode()
        self.sheets = re.findall(r'<sheet name="([^"]+)"', listed)
        found = re.findall(r'<definedName name="([^"]+)"[^>]*>([^<]+)</definedName>', listed)
        self.addresses = {name: address for name, address in found if not name.startswith("_xlnm")}

    def place(self, name: str) -> tuple[str, int, int]:
        """Sheet, row and column, from 0, of the first cell of a name."""
        sheet, _, address = self.addresses[name].partition("!")
        column, row = re.findall(r"[A-Z]+|\d+", address.replace("$", ""))[:2]
        return sheet, int(row) - 1, openpyxl.utils.column_index_from_string(column) - 1


class Changed:
    """A workbook whose inputs are written over in the file itself; its formulas lose what they are said to give."""

    def __init__(self, book: bytes) -> None:
        self.names = Names(book)
        with zipfile.ZipFile(io.BytesIO(stripped(book))) as packed:
            self.parts = {name: packed.read(name) for name in packed.namelist()}

    def put(self, name: str, value: float | None, down: int = 0, right: int = 0) -> None:
        """Write a number over an input, or empty it."""
        sheet, row, column = self.names.place(name)
        self.put_at(sheet, row + down, column + right, value)

    def put_at(self, sheet: str, row: int, column: int, value: float | None) -> None:
        part = f"xl/worksheets/sheet{self.names.sheets.index(sheet) + 1}.xml"
        cell = f"{openpyxl.utils.get_column_letter(column + 1)}{row + 1}"
        found = re.compile(rf'<c r="{cell}"( s="\d+")(?:/>|><v>[^<]*</v></c>)'.encode())
        filled = b"" if value is None else f"<v>{value!r}</v>".encode()
        self.parts[part], count = found.subn(rf'<c r="{cell}"\1>'.encode() + filled + b"</c>", self.parts[part])
        assert count == 1, f"{sheet}!{cell} is no input"

    def bytes(self) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in self.parts.items():
                packed.writestr(name, content)
        return stream.getvalue()


class Reckoned:
    """A recalculated workbook, read by names and by labels."""

    def __init__(self, book: bytes, sheets: Sheets) -> None:
        self.names, self.sheets = Names(book), sheets

    def __getitem__(self, name: str) -> Any:
        sheet, row, column = self.names.place(name)
        return self.sheets[sheet][row][column]

    def labelled(self, sheet: str, column: int = 1) -> dict[str, Any]:
        """The cells of a column by the text at the beginning of their row; the last of a text counts."""
        return {str(row[0]): row[column] for row in self.sheets[sheet] if len(row) > column}


def differences(book: bytes, sheets: Sheets) -> list[str]:
    """Cells that are not what the file says they are; also how many there were, as the first entry."""
    cells, count, found = cells_of(book), 0, list[str]()
    for name, rows in cells.items():
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                value = _value(value) if isinstance(value, str) else value
                value = value.isoformat() if isinstance(value, dt.date) else value
                reckoned = sheets[name][r][c] if r < len(sheets[name]) and c < len(sheets[name][r]) else ""
                count += value != ""
                near = isinstance(value, float) and isinstance(reckoned, float)
                if near and abs(value - reckoned) <= 1e-9 * max(1.0, abs(value)):
                    continue
                # Whether a line that ends at the cap meets it hangs on the last bit; what it pays does not.
                if value != reckoned and not (name == "Curves" and c == 7):
                    found.append(f"{name}!{openpyxl.utils.get_column_letter(c + 1)}{r + 1}: {value!r}, {reckoned!r}")
    return [str(count), *found]
