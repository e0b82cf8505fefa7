"""Workbooks that are meant to do harm, made from a good one."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

ROOT = Path(__file__).resolve().parents[2]
SHEET = "xl/worksheets/sheet1.xml"


def workbook() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Emp ID", "Base salary"])
    sheet.write_row(1, 0, ["E1", 80_000])
    book.close()
    return stream.getvalue()


GOOD = workbook()


def repacked(change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """The good workbook with its parts changed, and parts added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in more.items():
            new.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def in_sheet(old: bytes, new: bytes) -> bytes:
    """The good workbook with a piece of its sheet replaced."""

    def change(name: str, content: bytes) -> bytes:
        if name == SHEET:
            assert old in content
            return content.replace(old, new)
        return content

    return repacked(change)


def same(_: str, content: bytes) -> bytes:
    return content


def bomb() -> bytes:
    """A sheet of 400 MB of spaces in a file of 400 kB, honest about its size."""
    return repacked(lambda name, content: content + b" " * 400_000_000 if name == SHEET else content)


def lying_bomb() -> bytes:
    """The same size under a directory that claims a kilobyte."""
    inflated = b"<worksheet>" + b" " * 60_000_000
    packed = zlib.compress(inflated, 9)[2:-4]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new, zipfile.ZipFile(io.BytesIO(GOOD)) as old:
        for name in old.namelist():
            if name != SHEET:
                new.writestr(name, old.read(name))
    body = stream.getvalue()
    end = body.rindex(b"PK\x05\x06")
    start = struct.unpack("<I", body[end + 16 : end + 20])[0]
    name = SHEET.encode()
    crc = zlib.crc32(inflated[:1000])
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), 1000, len(name), 0)
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(packed), 1000, len(name), 0, 0, 0, 0, 0, start
    )
    directory = body[start:end] + entry + name
    count = struct.unpack("<H", body[end + 10 : end + 12])[0] + 1
    offset = start + len(local) + len(name) + len(packed)
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), offset, 0)
    return body[:start] + local + name + packed + directory + tail


def claiming(size: int) -> bytes:
    """The good workbook with a directory that claims a size for its sheet."""
    data = bytearray(GOOD)
    at = data.index(b"PK\x01\x02")
    while True:
        length = struct.unpack("<H", data[at + 28 : at + 30])[0]
        if data[at + 46 : at + 46 + length] == SHEET.encode():
            data[at + 24 : at + 28] = struct.pack("<I", size)
            return bytes(data)
        at = data.index(b"PK\x01\x02", at + 1)


def encrypted() -> bytes:
    data = bytearray(GOOD)
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.index(mark)
        data[at + offset] |= 1
    return bytes(data)


def many_columns() -> bytes:
    cells = b"".join(b'<c r="%s1"><v>1</v></c>' % name(column) for column in range(16_384))
    return in_sheet(b"<sheetData>", b'<sheetData><row r="1">' + cells + b"</row>")


def name(column: int) -> bytes:
    from compplan.readers.table import column_letter

    return column_letter(column).encode()


def macro_book() -> bytes:
    return repacked(same, xl__vbaProject=b"", **{"xl__vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def zipped(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", content)
    return stream.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

# Kind: a name of such a file, the file, and a pattern of the one message with which every reader refuses it.
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": ("a.xlsx", bomb, "would unpack to 4\\d\\d MB or more"),
    "zip bomb that lies": ("a.xlsx", lying_bomb, "unpacks to more than it declares"),
    "claim of 2 GB": ("a.xlsx", lambda: claiming(2_000_000_000), "would unpack to 2,0\\d\\d MB or more"),
    "claim of less": ("a.xlsx", lambda: claiming(10), "unpacks to more than it declares"),
    "claim of more": ("a.xlsx", lambda: claiming(1_000_000), "its package is damaged"),
    "PDF named .xlsx": ("a.xlsx", lambda: b"%PDF-1.7\n%\xe2\xe3", "The file is a PDF"),
    "picture named .csv": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "The file is a picture"),
    "web page named .xls": ("a.xls", lambda: b"<html><table>", "The file is a web page or XML"),
    "program named .csv": ("a.csv", lambda: b"MZ\x90\x00\x03" + bytes(100), "The file is not text"),
    "old .xls": ("a.xls", lambda: OLE, "The file is in the old Office format"),
    "encrypted by Office": (
        "a.xlsx",
        lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
        "is protected by a password",
    ),
    "encrypted zip": ("a.xlsx", encrypted, "is protected by a password"),
    "zip that is no workbook": ("a.zip", lambda: zipped(b"x"), "not an .xlsx workbook"),
    "truncated": ("a.xlsx", lambda: GOOD[: len(GOOD) // 2], "its package is damaged"),
    "macros inside": ("a.xlsx", macro_book, "has macros or embedded objects"),
    "links to other workbooks": (
        "a.xlsx",
        lambda: repacked(same, **{"xl__externalLinks__externalLink1.xml": b"<externalLink/>"}),
        "refers to other workbooks",
    ),
    "many parts": ("a.xlsx", lambda: repacked(same, **{f"p{n}": b"" for n in range(2_100)}), "more than 2,000 parts"),
    "a cell in disguise": ("a.xlsx", lambda: in_sheet(b'r="B2"', b'r="&#66;900000"'), "damaged"),
    "a claim of texts": (
        "a.xlsx",
        lambda: repacked(lambda n, c: re.sub(rb'ount="\d+"', b'ount="4000000000"', c) if "sharedS" in n else c),
        "claims to have 4000000000 entries",
    ),
    "a document type": (
        "a.xlsx",
        lambda: in_sheet(b"<worksheet", b'<!DOCTYPE a [<!ENTITY x "y">]><worksheet'),
        "contains a document type definition",
    ),
    "a text that is not there": ("a.xlsx", lambda: in_sheet(b"<v>0</v>", b"<v>9999</v>"), "not a workbook that can"),
    "XML that breaks off": ("a.xlsx", lambda: repacked(lambda n, c: c[:200] if n == SHEET else c), "not a workbook"),
    "empty": ("a.csv", lambda: b" \n\n", "is empty"),
}

_LIMITED = """
import resource, sys
sys.path[:0] = [{folder!r}, {tests!r}]
import {module} as hostile
import pandas, python_calamine, xlsxwriter
from compplan.errors import CompPlanError
hostile.read(hostile.HARMLESS, "a.csv")
filename, build, _ = hostile.FILES[{kind!r}]
data = build()
import gc; gc.collect()
limit = int(open("/proc/self/statm").read().split()[0]) * 4096 + {memory}
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    hostile.read(data, filename)
except CompPlanError as error:
    print(error)
"""


def message_in_limited_memory(test: str, kind: str, memory: int) -> str:
    """The message that refuses a hostile file in a process that may take so many more bytes to read it.

    The test file of that path has `FILES`, a table as `HOSTILE`, `read(data, filename)`, and a HARMLESS CSV file.
    """
    path = Path(test)
    code = _LIMITED.format(
        folder=str(path.parent), tests=str(ROOT / "tests"), module=path.stem, kind=kind, memory=memory
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
