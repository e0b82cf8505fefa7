"""Harmful files and files that are not people files: each is refused with one message, in bounded memory and time."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support.hostile import (
    GOOD,
    OLE,
    SHEET,
    bomb,
    claiming,
    encrypted,
    in_sheet,
    lying_bomb,
    macro_book,
    many_columns,
    repacked,
    same,
    zipped,
)

from compplan import roster

ROOT = Path(__file__).resolve().parents[2]

HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": ("a.xlsx", bomb, "would unpack to 4\\d\\d MB or more"),
    "zip bomb that lies": ("a.xlsx", lying_bomb, "unpacks to more than it declares"),
    "claim of 2 GB": ("a.xlsx", lambda: claiming(2_000_000_000), "would unpack to 2,0\\d\\d MB or more"),
    "claim of less": ("a.xlsx", lambda: claiming(10), "unpacks to more than it declares"),
    "claim of more": ("a.xlsx", lambda: claiming(1_000_000), "its package is damaged"),
    "PDF named .xlsx": ("a.xlsx", lambda: b"%PDF-1.7\n%\xe2\xe3", "The file is a PDF"),
    "picture named .csv": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "The file is a picture"),
    "web page named .xls": ("a.xls", lambda: b"<html><table>", "The file is a web page or XML"),
    "program named .csv": ("a.csv", lambda: b"MZ\x90\x00\x03" + bytes(100), "is not text"),
    "old .xls": ("a.xls", lambda: OLE, "The file is in the old Office format"),
    "encrypted by Office": (
        "a.xlsx",
        lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
        "is protected by a password",
    ),
    "encrypted zip": ("a.xlsx", encrypted, "is protected by a password"),
    "zip that is no workbook": ("a.zip", lambda: zipped(b"x"), "not an .xlsx workbook"),
    "truncated": ("a.xlsx", lambda: GOOD[: len(GOOD) // 2], "its package is damaged"),
    "macros by name": ("a.xlsm", lambda: GOOD, "can hold macros"),
    "binary workbook": ("a.xlsb", lambda: GOOD, "can hold macros"),
    "macros inside": ("a.xlsx", macro_book, "has macros or embedded objects"),
    "links to other workbooks": (
        "a.xlsx",
        lambda: repacked(same, **{"xl__externalLinks__externalLink1.xml": b"<externalLink/>"}),
        "refers to other workbooks",
    ),
    "many parts": ("a.xlsx", lambda: repacked(same, **{f"p{n}": b"" for n in range(2_100)}), "more than 2,000 parts"),
    "16,384 columns in a workbook": ("a.xlsx", many_columns, "has more than 256 columns"),
    "16,384 columns in a CSV": ("a.csv", lambda: b"Emp ID,Base salary" + b",x" * 16_382, "has 16,384 columns"),
    "a far cell": ("a.xlsx", lambda: in_sheet(b'r="B2"', b'r="XFD1048576"'), "has more than 256 columns"),
    "a far cell in small letters": ("a.xlsx", lambda: in_sheet(b'r="B2"', b"r='b900000'"), "more than 200,000 rows"),
    "a far row": ("a.xlsx", lambda: in_sheet(b'<row r="2"', b'<row r="9000000"'), "more than 200,000 rows"),
    "a row beyond numbers": ("a.xlsx", lambda: in_sheet(b'<row r="2"', b'<row r="4294967290"'), "damaged"),
    "a cell beyond letters": ("a.xlsx", lambda: in_sheet(b'r="B2"', b'r="ZZZZZZ99999999999"'), "damaged"),
    "a cell in disguise": ("a.xlsx", lambda: in_sheet(b'r="B2"', b'r="&#66;900000"'), "damaged"),
    "a hollow rectangle": (
        "a.xlsx",
        lambda: in_sheet(b'r="B2"', b'r="IV150000"'),
        "has 150,000 rows and 256 columns; a roster may have at most 4,000,000 cells",
    ),
    "a claim of texts": (
        "a.xlsx",
        lambda: repacked(lambda n, c: re.sub(rb'ount="\d+"', b'ount="4000000000"', c) if "sharedS" in n else c),
        "claims to have 4000000000 entries",
    ),
    "a document type": (
        "a.xlsx",
        lambda: in_sheet(b"<worksheet", b'<!DOCTYPE a [<!ENTITY x "y">]><worksheet'),
        "has a document type of its own",
    ),
    "a text that is not there": ("a.xlsx", lambda: in_sheet(b"<v>0</v>", b"<v>9999</v>"), "not a workbook that can"),
    "XML that breaks off": ("a.xlsx", lambda: repacked(lambda n, c: c[:200] if n == SHEET else c), "not a workbook"),
    "empty": ("a.csv", lambda: b" \n\n", "is empty"),
    "nothing but a heading of one": ("a.csv", lambda: b"Name\nAnn\n", "has no row of headings"),
    "an unknown ending": ("a.docx", lambda: b"Emp ID,Base salary\n", "ends in .docx"),
    "too many bytes": ("a.csv", lambda: b"x" * (roster.MOST_BYTES + 1), "has 25.0 MB"),
    "too many rows": ("a.csv", lambda: b"Emp ID,Salary\n" + b"1,2\n" * 250_000, "has 250,001 rows"),
    "too many cells": (
        "a.csv",
        lambda: b"Emp ID,Salary" + b",x" * 98 + b"\n" + (b"1,2" + b"," * 98 + b"\n") * 50_000,
        "a roster may have at most 4,000,000 cells",
    ),
    "an endless line": ("a.csv", lambda: b"Emp ID,Salary\n1,2\n" + b"," * 20_000_000, "a line of more than"),
    "an endless cell": ("a.csv", lambda: b'Emp ID,Salary\n1,2,3,4,5,6\n1,"' + b"9\n" * 500_000, "has 500,002 rows"),
    "not UTF-16 after all": ("a.csv", lambda: b"\xff\xfeE\x00\xd8\xd8", "is not text"),
    "no encoding that is known": ("a.csv", lambda: b"Emp ID,Salary\n\x81\x8d,1\n", "neither UTF-8, UTF-16 nor"),
}


def test_harmless_workbook_is_read() -> None:
    assert roster.read(GOOD, "a.xlsx").people["base"].tolist() == [80_000.0]
    assert roster.read(repacked(same), "a.xlsx").people["base"].tolist() == [80_000.0]


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_file_is_refused(kind: str) -> None:
    filename, build, message = HOSTILE[kind]
    data = build()
    start = time.perf_counter()
    with pytest.raises(roster.RosterError, match=message) as caught:
        roster.read(data, filename)
    assert time.perf_counter() - start < 20
    text = str(caught.value)
    assert text.startswith(f"{filename}: ")
    assert text.endswith(".")
    assert "\n" not in text
    assert len(caught.value.problems) == 1


MEMORY = """
import resource, sys
sys.path[:0] = [{root!r} + "/tests/roster", {root!r} + "/tests"]
import test_hostile as hostile
from compplan import roster
import pandas, python_calamine, xlsxwriter
roster.read(hostile.GOOD, "a.xlsx")
filename, build, _ = hostile.HOSTILE[{kind!r}]
data = build()
import gc; gc.collect()
used = int(open("/proc/self/statm").read().split()[0]) * 4096
resource.setrlimit(resource.RLIMIT_AS, (used + 700_000_000, used + 700_000_000))
try:
    roster.read(data, filename)
except roster.RosterError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory limits need Linux")
@pytest.mark.parametrize(
    "kind",
    [
        "zip bomb",
        "zip bomb that lies",
        "claim of 2 GB",
        "a far cell",
        "a far row",
        "a hollow rectangle",
        "a claim of texts",
        "16,384 columns in a workbook",
        "an endless line",
        "too many cells",
    ],
)
def test_memory_is_bounded(kind: str) -> None:
    code = MEMORY.format(root=str(ROOT), kind=kind)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    assert re.search(HOSTILE[kind][2], done.stdout)


def test_folder_of_a_file_is_not_shown() -> None:
    with pytest.raises(roster.RosterError, match=r"^people\.csv: The file is empty"):
        roster.read(b"", "C:\\secret\\people.csv")
    with pytest.raises(roster.RosterError, match=r"^people\.csv: The file is empty"):
        roster.read(b"", "/var/lib/people.csv")


def test_text_named_as_a_workbook_is_read() -> None:
    assert roster.read(b"Emp ID\tSalary\nE1\t80000\n", "export.xls").people["base"].tolist() == [80_000.0]


def test_sheet_without_cell_addresses_is_read() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        sheet = archive.read(SHEET)
    bare = re.sub(rb'(<c|<row) r="[A-Z]*\d+"', rb"\1", sheet)
    assert bare != sheet
    reading = roster.read(repacked(lambda n, c: bare if n == SHEET else c), "a.xlsx")
    assert reading.people["base"].tolist() == [80_000.0]
