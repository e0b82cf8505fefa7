"""Check the package of a workbook byte by byte within limits, before any other reader opens it."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from compplan.readers.errors import refuse
from compplan.readers.limits import Limits

_CHUNK = 16_384
_STEP = 1 << 20

_DAMAGED = (
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


class _Scanner:
    """Reads the tags of a sheet while it is unpacked: where its cells are, and which of them are formulas."""

    def __init__(self, limits: Limits) -> None:
        self.scan = SheetScan()
        self._limits = limits
        self._rest = b""
        self._row = -1
        self._column = -1
        self._formula = self._value = self._error = False
        self._letters: dict[bytes, int] = {}

    def feed(self, piece: bytes) -> None:
        text = self._rest + piece
        cut = text.rfind(b"<")
        if cut < 0:
            cut = len(text)
        self._rest = text[cut:]
        if len(self._rest) > _STEP:
            refuse(_DAMAGED)
        self._read(text[:cut])

    def close(self) -> SheetScan:
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
            self._column = max(self._column, self._number(letters))
        self._row = max([self._row, *(int(row) - 1 for row in {*rows, *(row for _, row in cells)})])
        self._reach()
        if cells:
            # A later piece can have cells without an address, which follow the last one.
            letters, row = cells[-1]
            self._column, self._row = self._number(letters), int(row) - 1
        return True

    def _new_row(self, attributes: bytes) -> None:
        self._end_cell()
        self._row += 1
        self._column = -1
        reference = _REFERENCE.search(attributes)
        if reference:
            number = reference[1].strip()
            if not number.isdigit() or len(number) > 7 or int(number) < 1:
                refuse(_DAMAGED)
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
                refuse(_DAMAGED)
            self._row = int(address[2]) - 1
            self._column = self._number(address[1])
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

    def _number(self, letters: bytes) -> int:
        number = self._letters.get(letters)
        if number is None:
            number = 0
            for letter in letters.upper():
                number = number * 26 + letter - 64
            self._letters[letters] = number = number - 1
        return number

    def _end_cell(self) -> None:
        if self._formula and self._value:
            self.scan.formulas[self._column] = self.scan.formulas.get(self._column, 0) + 1
        elif self._formula:
            self.scan.unsaved.append((self._row, self._column))
        self._formula = self._value = self._error = False


def vet(data: bytes, limits: Limits) -> dict[str, SheetScan]:
    """Unpack a workbook in small steps and refuse what no table needs; nothing is stored.

    Parameters
    ----------
    data : bytes
    limits : Limits

    Returns
    -------
    dict of str to SheetScan
        Name of a sheet to what its XML contains, in the order of the workbook.

    Raises
    ------
    TableError
        If it is damaged, larger unpacked than declared or allowed, encrypted, holds macros, refers to other
        workbooks, or reaches further than the limits.

    Notes
    -----
    The reader of workbooks reserves memory for the rectangle between the first and the last cell, and for as many
    texts as the file claims to have; without enough memory the process ends. So both are checked before it is called.
    """
    # Counted before the directory is read, because an entry of 46 bytes becomes an object of ten times that size.
    if data.count(b"PK\x01\x02") > limits.parts:
        refuse(f"The file has more than {limits.parts:,} parts inside. Save the table as a new .xlsx workbook.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        refuse(_DAMAGED)
    _vet_names(parts, limits)
    small: dict[str, bytes] = {}
    sheets: dict[str, SheetScan] = {}
    total = 0
    for part in parts:
        scanner = _Scanner(limits)
        needed = part.filename.lower() in {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
        pieces: list[bytes] = []
        for piece in _unpacked(data, part):
            total += len(piece)
            if total > limits.unpacked:
                refuse(_too_large(total, limits))
            scanner.feed(piece)
            if needed:
                pieces.append(piece)
        scan = scanner.close()
        limits.check_size(scan.rows, scan.columns)
        sheets[part.filename] = scan
        if needed:
            small[part.filename.lower()] = b"".join(pieces)
    if sum(sheet.cells for sheet in sheets.values()) > limits.cells:
        refuse(f"The file has more than {limits.cells:,} cells, the most that a {limits.noun} may have.")
    return {name: sheets[target] for name, target in _sheet_parts(small) if target in sheets}


def _too_large(total: int, limits: Limits) -> str:
    most = f"a {limits.noun} may unpack to {limits.unpacked / 1e6:,.0f} MB"
    return f"The file would unpack to {total / 1e6:,.0f} MB or more; {most}."


def _vet_names(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & 0x1 for part in parts):
        refuse("The file is protected by a password. Save it without one.")
    if len(set(names)) != len(names):
        refuse(_DAMAGED)
    if "xl/workbook.xml" not in names:
        refuse("The file is a package, but not an .xlsx workbook. Save the table as .xlsx or CSV.")
    if any(re.search(r"vbaproject|/macrosheets/|/activex/|/embeddings/", name) for name in names):
        refuse("The file has macros or embedded objects. Save it as .xlsx without them.")
    if any(name.startswith("xl/externallinks/") for name in names):
        refuse("The file refers to other workbooks. Replace those formulas with their values and save it again.")
    declared = sum(part.file_size for part in parts)
    if declared > limits.unpacked:
        refuse(_too_large(declared, limits))


def _unpacked(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part in pieces of a megabyte, never more than it declares."""
    header = data[part.header_offset : part.header_offset + 30]
    if len(header) < 30 or header[:4] != b"PK\x03\x04" or part.compress_type not in (0, 8):
        refuse(_DAMAGED)
    start = part.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = memoryview(data)[start : start + part.compress_size]
    if len(packed) != part.compress_size:
        refuse(_DAMAGED)
    unpacked = 0
    checksum = 0
    for piece in _pieces(packed, deflated=part.compress_type == 8):
        unpacked += len(piece)
        if unpacked > part.file_size:
            refuse("The file unpacks to more than it declares, as a zip bomb does.")
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if unpacked != part.file_size or checksum != part.CRC:
        refuse(_DAMAGED)


def _pieces(packed: memoryview, deflated: bool) -> Iterator[bytes]:
    if not deflated:
        yield from (bytes(packed[at : at + _STEP]) for at in range(0, len(packed), _STEP))
        return
    stream = zlib.decompressobj(-15)
    try:
        for at in range(0, len(packed), _CHUNK):
            waiting = bytes(packed[at : at + _CHUNK])
            while waiting:
                yield stream.decompress(waiting, _STEP)
                waiting = stream.unconsumed_tail
        while rest := stream.decompress(b"", _STEP):
            yield rest
    except zlib.error:
        refuse(_DAMAGED)
    if not stream.eof or stream.unused_data:
        refuse(_DAMAGED)


def _sheet_parts(small: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Iterate over the names of the sheets and the parts of the package that contain them."""
    from xml.etree import ElementTree as ET

    if any(len(text) > _STEP for text in small.values()):
        refuse(_DAMAGED)
    try:
        book = ET.fromstring(small["xl/workbook.xml"])
        links = ET.fromstring(small["xl/_rels/workbook.xml.rels"])
    except (KeyError, ET.ParseError):
        refuse(_DAMAGED)
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter():
        if not sheet.tag.endswith("}sheet"):
            continue
        key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        target = targets.get(key, "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        yield sheet.get("name", ""), path
