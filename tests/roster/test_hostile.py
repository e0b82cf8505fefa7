"""Harmful files and files that are not people files: each is refused with one message, in bounded memory and time."""

from __future__ import annotations

import io
import re
import sys
import time
import zipfile
from collections.abc import Callable

import pytest
from support.hostile import (
    GOOD,
    HOSTILE,
    SHEET,
    in_sheet,
    many_columns,
    message_in_limited_memory,
    repacked,
    same,
)
from support.soak import kinds

from compplan import roster

read = roster.read
HARMLESS = b"Emp ID,Base salary\nE1,80000\n"
FILES: dict[str, tuple[str, Callable[[], bytes], str]] = HOSTILE | {
    "macros by name": ("a.xlsm", lambda: GOOD, "can hold macros"),
    "binary workbook": ("a.xlsb", lambda: GOOD, "can hold macros"),
    "16,384 columns in a workbook": ("a.xlsx", many_columns, "has more than 256 columns"),
    "16,384 columns in a CSV": ("a.csv", lambda: b"Emp ID,Base salary" + b",x" * 16_382, "has 16,384 columns"),
    "a far cell": ("a.xlsx", lambda: in_sheet(b'r="B2"', b'r="XFD1048576"'), "has more than 256 columns"),
    "a far cell in small letters": ("a.xlsx", lambda: in_sheet(b'r="B2"', b"r='b900000'"), "more than 200,000 rows"),
    "a far row": ("a.xlsx", lambda: in_sheet(b'<row r="2"', b'<row r="9000000"'), "more than 200,000 rows"),
    "a row beyond numbers": ("a.xlsx", lambda: in_sheet(b'<row r="2"', b'<row r="4294967290"'), "damaged"),
    "a cell beyond letters": ("a.xlsx", lambda: in_sheet(b'r="B2"', b'r="ZZZZZZ99999999999"'), "damaged"),
    "a hollow rectangle": (
        "a.xlsx",
        lambda: in_sheet(b'r="B2"', b'r="IV150000"'),
        "has 150,000 rows and 256 columns; a roster may have at most 4,000,000 cells",
    ),
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


@pytest.mark.parametrize("kind", FILES)
def test_hostile_file_is_refused(kind: str) -> None:
    filename, build, message = FILES[kind]
    data = build()
    start = time.perf_counter()
    with pytest.raises(roster.RosterError, match=message) as caught:
        read(data, filename)
    assert time.perf_counter() - start < 20
    text = str(caught.value)
    assert text.startswith(f"{filename}: ")
    assert text.endswith(".")
    assert "\n" not in text
    assert len(caught.value.problems) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="memory limits need Linux")
@pytest.mark.parametrize(
    "kind",
    kinds(
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
        HOSTILE,
    ),
)
def test_memory_is_bounded(kind: str) -> None:
    assert re.search(FILES[kind][2], message_in_limited_memory(__file__, kind, 700_000_000))


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
