"""Harmful files and files that are not surveys: each is refused with one message, in bounded memory."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.hostile import (
    GOOD,
    HOSTILE,
    bomb,
    in_sheet,
    many_columns,
    message_in_limited_memory,
)
from support.soak import kinds

from compplan.benchmarks import SurveyError, read_survey


def read(data: bytes, filename: str) -> None:
    """Read a survey, which is recognized by its content: the name is not used."""
    del filename
    read_survey(data, "Ours", basis="base", currency="USD")


HARMLESS = b"role,base p50\ncsm,80000\n"
FILES: dict[str, tuple[str, Callable[[], bytes], str]] = HOSTILE | {
    "zip bomb": ("a.xlsx", bomb, "would unpack to 4\\d\\d MB or more; a survey may unpack to 50 MB"),
    "a claim of texts": (
        "a.xlsx",
        HOSTILE["a claim of texts"][1],
        "claims to have 4000000000 entries of a kind; a survey may have 500,000",
    ),
    "16,384 columns in a workbook": (
        "a.xlsx",
        many_columns,
        "has more than 100 columns, the most that a survey may have",
    ),
    "16,384 columns in a CSV": (
        "a.csv",
        lambda: b"role,base p50" + b",x" * 16_382,
        "has 16,384 columns; a survey may have at most 100",
    ),
    "a far cell": ("a.xlsx", lambda: in_sheet(b'r="B2"', b'r="XFD1048576"'), "has more than 100 columns"),
    "a far row": ("a.xlsx", lambda: in_sheet(b'<row r="2"', b'<row r="9000000"'), "more than 5,000 rows"),
    "a workbook without a survey": ("a.xlsx", lambda: GOOD, "has no visible sheet with headings in its first 30 rows"),
    "too many bytes": ("a.csv", lambda: b"x" * 5_100_000, "has 5.1 MB; a survey may have at most 5 MB"),
}


@pytest.mark.parametrize("kind", FILES)
def test_hostile_survey_is_refused(kind: str) -> None:
    filename, build, message = FILES[kind]
    data = build()
    start = time.perf_counter()
    with pytest.raises(SurveyError, match=message) as caught:
        read(data, filename)
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


@pytest.mark.skipif(sys.platform != "linux", reason="memory limits need Linux")
@pytest.mark.parametrize(
    "kind", kinds(["zip bomb", "zip bomb that lies", "claim of 2 GB", "a far cell", "a claim of texts"], HOSTILE)
)
def test_memory_is_bounded(kind: str) -> None:
    assert re.search(FILES[kind][2], message_in_limited_memory(__file__, kind, 300_000_000))
