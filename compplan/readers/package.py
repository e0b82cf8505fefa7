"""Check the package of a workbook within limits, before any other reader opens it."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator

from compplan.readers import number_formats
from compplan.readers.errors import refuse
from compplan.readers.limits import Limits
from compplan.readers.sheet_scan import DAMAGED, STEP, Scanner, SheetScan

_CHUNK = 16_384
# The parts that name the sheets and say where they are.
_INDEX = frozenset({"xl/workbook.xml", "xl/_rels/workbook.xml.rels"})


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
        refuse(DAMAGED)
    _vet_names(parts, limits)
    small: dict[str, bytes] = {}
    sheets: dict[str, SheetScan] = {}
    total = 0
    for part in parts:
        scanner = Scanner(limits)
        needed = part.filename.lower() in _INDEX
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


def cell_currencies(data: bytes, sheet: str, limits: Limits) -> dict[tuple[int, int], str]:
    """Return the currency that the number format of each cell of a sheet shows, by row and column from 0.

    Parameters
    ----------
    data : bytes
        A workbook that `vet` has accepted.
    sheet : str
    limits : Limits

    Returns
    -------
    dict of (int, int) to str
        A code such as ``EUR``, or a sign such as ``$``; cells without a currency are left out.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {part.filename: part for part in archive.infolist()}
    styles = next((part for name, part in parts.items() if name.lower() == "xl/styles.xml"), None)
    if styles is None or styles.file_size > STEP:
        return {}
    shown = number_formats.currencies_of_styles(b"".join(_unpacked(data, styles)))
    if not shown:
        return {}
    small = {name.lower(): b"".join(_unpacked(data, part)) for name, part in parts.items() if name.lower() in _INDEX}
    target = dict(_sheet_parts(small)).get(sheet, "")
    if target not in parts:
        return {}
    return number_formats.cells_with(shown, _unpacked(data, parts[target]), limits)


def _too_large(total: int, limits: Limits) -> str:
    most = f"a {limits.noun} may unpack to {limits.unpacked / 1e6:,.0f} MB"
    return f"The file would unpack to {total / 1e6:,.0f} MB or more; {most}."


def _vet_names(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & 0x1 for part in parts):
        refuse("The file is protected by a password. Save it without one.")
    if len(set(names)) != len(names):
        refuse(DAMAGED)
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
        refuse(DAMAGED)
    start = part.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = memoryview(data)[start : start + part.compress_size]
    if len(packed) != part.compress_size:
        refuse(DAMAGED)
    unpacked = 0
    checksum = 0
    for piece in _pieces(packed, deflated=part.compress_type == 8):
        unpacked += len(piece)
        if unpacked > part.file_size:
            refuse("The file unpacks to more than it declares, as a zip bomb does.")
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if unpacked != part.file_size or checksum != part.CRC:
        refuse(DAMAGED)


def _pieces(packed: memoryview, deflated: bool) -> Iterator[bytes]:
    if not deflated:
        yield from (bytes(packed[at : at + STEP]) for at in range(0, len(packed), STEP))
        return
    stream = zlib.decompressobj(-15)
    try:
        for at in range(0, len(packed), _CHUNK):
            waiting = bytes(packed[at : at + _CHUNK])
            while waiting:
                yield stream.decompress(waiting, STEP)
                waiting = stream.unconsumed_tail
        while rest := stream.decompress(b"", STEP):
            yield rest
    except zlib.error:
        refuse(DAMAGED)
    if not stream.eof or stream.unused_data:
        refuse(DAMAGED)


def _sheet_parts(small: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Iterate over the names of the sheets and the parts of the package that contain them."""
    from xml.etree import ElementTree as ET

    if any(len(text) > STEP for text in small.values()):
        refuse(DAMAGED)
    try:
        book = ET.fromstring(small["xl/workbook.xml"])
        links = ET.fromstring(small["xl/_rels/workbook.xml.rels"])
    except (KeyError, ET.ParseError):
        refuse(DAMAGED)
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter():
        if not sheet.tag.endswith("}sheet"):
            continue
        key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        target = targets.get(key, "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        yield sheet.get("name", ""), path
