"""Harmful files and files that are not surveys: each is refused with one message, in bounded memory."""

from __future__ import annotations

import re
import subprocess
import sys
import time
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

from compplan.benchmarks import SurveyError, read_survey

ROOT = Path(__file__).resolve().parents[2]
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb": (bomb, "would unpack to 4\\d\\d MB or more; a survey may unpack to 50 MB"),
    "zip bomb that lies": (lying_bomb, "unpacks to more than it declares"),
    "claim of 2 GB": (lambda: claiming(2_000_000_000), "would unpack to 2,0\\d\\d MB or more"),
    "claim of less": (lambda: claiming(10), "unpacks to more than it declares"),
    "claim of more": (lambda: claiming(1_000_000), "its package is damaged"),
    "PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3", "The file is a PDF"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "The file is a picture"),
    "web page": (lambda: b"<html><table>", "The file is a web page or XML"),
    "program": (lambda: b"MZ\x90\x00\x03" + bytes(100), "The file is not text"),
    "old .xls": (lambda: OLE, "The file is in the old Office format"),
    "encrypted by Office": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
    "encrypted zip": (encrypted, "is protected by a password"),
    "zip that is no workbook": (lambda: zipped(b"x"), "not an .xlsx workbook"),
    "truncated": (lambda: GOOD[: len(GOOD) // 2], "its package is damaged"),
    "macros inside": (macro_book, "has macros or embedded objects"),
    "links to other workbooks": (
        lambda: repacked(same, **{"xl__externalLinks__externalLink1.xml": b"<externalLink/>"}),
        "refers to other workbooks",
    ),
    "many parts": (lambda: repacked(same, **{f"p{n}": b"" for n in range(2_100)}), "more than 2,000 parts"),
    "16,384 columns in a workbook": (many_columns, "has more than 100 columns, the most that a survey may have"),
    "16,384 columns in a CSV": (
        lambda: b"role,base p50" + b",x" * 16_382,
        "has 16,384 columns; a survey may have at most 100",
    ),
    "a far cell": (lambda: in_sheet(b'r="B2"', b'r="XFD1048576"'), "has more than 100 columns"),
    "a far row": (lambda: in_sheet(b'<row r="2"', b'<row r="9000000"'), "more than 5,000 rows"),
    "a cell in disguise": (lambda: in_sheet(b'r="B2"', b'r="&#66;900000"'), "damaged"),
    "a claim of texts": (
        lambda: repacked(lambda n, c: re.sub(rb'ount="\d+"', b'ount="4000000000"', c) if "sharedS" in n else c),
        "claims to have 4000000000 entries of a kind; a survey may have 500,000",
    ),
    "a document type": (
        lambda: in_sheet(b"<worksheet", b'<!DOCTYPE a [<!ENTITY x "y">]><worksheet'),
        "has a document type of its own",
    ),
    "a text that is not there": (lambda: in_sheet(b"<v>0</v>", b"<v>9999</v>"), "not a workbook that can"),
    "XML that breaks off": (lambda: repacked(lambda n, c: c[:200] if n == SHEET else c), "not a workbook"),
    "a workbook without a survey": (lambda: GOOD, "has no visible sheet with headings in its first 30 rows"),
    "empty": (lambda: b" \n\n", "is empty"),
    "too many bytes": (lambda: b"x" * 5_100_000, "has 5.1 MB; a survey may have at most 5 MB"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_survey_is_refused(kind: str) -> None:
    build, message = HOSTILE[kind]
    data = build()
    start = time.perf_counter()
    with pytest.raises(SurveyError, match=message) as caught:
        read_survey(data, "Ours", basis="base", currency="USD")
    assert time.perf_counter() - start < 20
    assert len(caught.value.problems) == 1
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsm", GOOD, "can hold macros"),
        ("a.xlsb", GOOD, "can hold macros"),
        ("a.docx", b"role,base p50\ncsm,80000\n", "ends in .docx; a survey must end in .csv"),
    ],
)
def test_survey_is_refused_by_its_ending(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SurveyError, match=message) as caught:
        read_survey(path, "Ours", currency="USD")
    assert str(caught.value).startswith(f"{name}: ")


MEMORY = """
import resource, sys
sys.path[:0] = [{root!r} + "/tests/benchmarks", {root!r} + "/tests"]
import test_survey_hostile as hostile
from compplan.benchmarks import SurveyError, read_survey
import python_calamine
build, _ = hostile.HOSTILE[{kind!r}]
data = build()
import gc; gc.collect()
used = int(open("/proc/self/statm").read().split()[0]) * 4096
resource.setrlimit(resource.RLIMIT_AS, (used + 300_000_000, used + 300_000_000))
try:
    read_survey(data, "Ours", currency="USD")
except SurveyError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory limits need Linux")
@pytest.mark.parametrize("kind", ["zip bomb", "zip bomb that lies", "claim of 2 GB", "a far cell", "a claim of texts"])
def test_memory_is_bounded(kind: str) -> None:
    code = MEMORY.format(root=str(ROOT), kind=kind)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    assert re.search(HOSTILE[kind][1], done.stdout)
