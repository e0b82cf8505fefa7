"""Scan the XML of a sheet byte by byte: how far its cells reach, its formulas and its errors."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from compplan.readers.errors import refuse
from compplan.readers.limits import Limits

STEP = 1 << 20  # the largest piece that is read at once [bytes]
DAMAGED = (
    "The file is not a workbook that can be read: its package is damaged. Open it in a spreadsheet and save it again."
)
_ATTRIBUTE = rb"""\b%s\s*=\s*["']([^"']*)["']"""
_TAG = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:(row|c|f)(?=[\s/>])([^>]*)>|(v)>(?=[^<])([^<]{0,12})|(is)>)")
_REFERENCE = re.compile(rb"(?:\s)" + _ATTRIBUTE % b"r")
_TYPE = re.compile(rb"(?:\s)" + _ATTRIBUTE % b"t")
_CLAIM = re.compile(rb"""[cC]ount\s*=\s*["']\s*\+?(\d+)""")
_ADDRESS = re.compile(rb"([A-Za-z]{1,3})([0-9]{1,7})")
# The way that nearly every program writes a sheet, and signs that a sheet is written otherwise.
_PLAIN_ROW = re.compile(rb'<row r="([1-9][0-9]{0,6})"')
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"')
_NOT_PLAIN = re.compile(rb"""<c[>/\t\r\n]|:c[\s/>]|<row[>/\t\r\n]|:row[\s/>]|<f|:f[\s/>]|\st\s*=\s*["']e|<!""")


@functools.lru_cache(maxsize=1_024)
def column_number(letters: bytes) -> int:
    """Return the position of a column from its letters, from 0.

    Examples
    --------
    >>> column_number(b"A"), column_number(b"aa")
    (0, 26)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


@dataclass(slots=True)
class SheetScan:
    """What the XML of one sheet contains.

    Attributes
    ----------
    rows, columns : int
        Number of the last row and column with a cell.
    formulas : dict of int to int
        Column, from 0, to its number of formulas with a saved result.
    unsaved : list of (int, int)
        Cells, row and column from 0, with a formula and no saved result.
    errors : dict of (int, int) to str
        Cells with an error, such as ``#REF!``.
    """

    rows: int = 0
    columns: int = 0
    cells: int = 0
    formulas: dict[int, int] = field(default_factory=dict[int, int])
    unsaved: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    errors: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])


class Scanner:
    """Read the tags of a sheet while it is unpacked: where its cells are, and which of them are formulas.

    Parameters
    ----------
    limits : Limits

    Attributes
    ----------
    scan : SheetScan
        What was read so far.
    """

    def __init__(self, limits: Limits) -> None:
        self.scan = SheetScan()
        self._limits = limits
        self._rest = b""
        self._row = -1
        self._column = -1
        self._formula = self._value = self._error = False

    def feed(self, piece: bytes) -> None:
        """Read the next piece of the XML.

        Raises
        ------
        TableError
            If it is damaged, or reaches further than the limits.
        """
        text = self._rest + piece
        cut = text.rfind(b"<")
        if cut < 0:
            cut = len(text)
        self._rest = text[cut:]
        if len(self._rest) > STEP:
            refuse(DAMAGED)
        self._read(text[:cut])

    def close(self) -> SheetScan:
        """Read the rest and return what the sheet contains."""
        self._read(self._rest)
        self._end_cell()
        return self.scan

    def _read(self, text: bytes) -> None:
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            refuse("The file contains a document type definition. Open it in a spreadsheet and save it again.")
        # Readers reserve memory for the number of entries that a list claims to have.
        most, noun = self._limits.cells, self._limits.noun
        for claim in _CLAIM.findall(text):
            if len(claim) > 9 or int(claim) > most:
                refuse(f"The file claims to have {claim[:12].decode()} entries of a kind; a {noun} may have {most:,}.")
        if self._plain(text):
            return
        for match in _TAG.finditer(text):
            name, attributes, value, content, inline = match.groups()
            if name == b"c":
                self._cell(attributes)
            elif value is not None or inline is not None:
                self._value = True
                if self._error:
                    self.scan.errors[self._row, self._column] = content.decode("ascii", "replace") or "#ERROR"
            elif name == b"f":
                self._formula = True
            elif name == b"row":
                self._new_row(attributes)

    def _plain(self, text: bytes) -> bool:
        """Read a piece with addresses and without formulas, ten times as fast; False if it is not like that."""
        if self._formula or self._error or _NOT_PLAIN.search(text):
            return False
        rows = _PLAIN_ROW.findall(text)
        cells = _PLAIN_CELL.findall(text)
        if len(rows) != text.count(b"<row ") or len(cells) != text.count(b"<c "):
            return False
        self.scan.cells += len(cells)
        for letters in {letters for letters, _ in cells}:
            self._column = max(self._column, column_number(letters))
        self._row = max([self._row, *(int(row) - 1 for row in {*rows, *(row for _, row in cells)})])
        self._reach()
        if cells:
            # A later piece can have cells without an address, which follow the last one.
            letters, row = cells[-1]
            self._column, self._row = column_number(letters), int(row) - 1
        return True

    def _new_row(self, attributes: bytes) -> None:
        self._end_cell()
        self._row += 1
        self._column = -1
        reference = _REFERENCE.search(attributes)
        if reference:
            number = reference[1].strip()
            if not number.isdigit() or len(number) > 7 or int(number) < 1:
                refuse(DAMAGED)
            self._row = int(number) - 1
        self._reach()

    def _cell(self, attributes: bytes) -> None:
        self._end_cell()
        self.scan.cells += 1
        self._column += 1
        reference = _REFERENCE.search(attributes)
        if reference:
            address = _ADDRESS.fullmatch(reference[1])
            if address is None:
                refuse(DAMAGED)
            self._row = int(address[2]) - 1
            self._column = column_number(address[1])
        kind = _TYPE.search(attributes)
        self._error = kind is not None and kind[1] == b"e"
        self._reach()

    def _reach(self) -> None:
        scan, limits = self.scan, self._limits
        scan.rows = max(scan.rows, self._row + 1)
        scan.columns = max(scan.columns, self._column + 1)
        if scan.columns > limits.columns:
            refuse(f"The file has more than {limits.columns:,} columns, the most that a {limits.noun} may have.")
        if scan.rows > limits.rows:
            refuse(f"The file has more than {limits.rows:,} rows, the most that a {limits.noun} may have.")
        if scan.cells > limits.cells:
            refuse(f"The file has more than {limits.cells:,} cells, the most that a {limits.noun} may have.")

    def _end_cell(self) -> None:
        if self._formula and self._value:
            self.scan.formulas[self._column] = self.scan.formulas.get(self._column, 0) + 1
        elif self._formula:
            self.scan.unsaved.append((self._row, self._column))
        self._formula = self._value = self._error = False
