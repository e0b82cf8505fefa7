"""Limits are checked before work: each of these files is refused at once, in little memory, with a short message."""

from __future__ import annotations

import io
import re
import sys
import time
from collections.abc import Callable

import pytest
import xlsxwriter
from support.hostile import message_in_limited_memory

from compplan.capacity import CapacityError, read_accounts

HARMLESS = b"Account,CSM,ARR\nAcme,Jo,5\n"
MOST_MEMORY = 300 * 2**20
MOST_SECONDS = 2.0
MOST_REPEATED = 200  # characters of the file in a message


def read(data: bytes, filename: str) -> None:
    read_accounts(data, filename)


def wide_workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for number in range(40):
            sheet = book.add_worksheet(f"{'x' * 28}{number:03}")
            sheet.write_row(0, 0, [f"{'long heading ' * 20}{column}" for column in range(250)])
    return stream.getvalue()


# Kind: the name of a file, the file, and the message that refuses it.
FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "bare carriage returns": ("a.csv", lambda: HARMLESS + b"\r" * 24_000_000, "has 24,000,002 rows"),
    "carriage returns only": ("a.csv", lambda: HARMLESS.replace(b"\n", b"\r") + b"\r" * 24_000_000, "24,000,002 rows"),
    "both line endings": ("a.csv", lambda: HARMLESS + b"a,b,1\r\n" * 300_000, "has 300,002 rows"),
    "rows with one cell more": (
        "a.csv",
        lambda: HARMLESS + b"a,b,1,2,3\n" + b"\r\n" * 1_000_000,
        "has 1,000,003 rows",
    ),
    "delimiters in a late row": (
        "a.csv",
        lambda: HARMLESS * 5_000 + (b"," * 900_000 + b"\n") * 26,
        "more than 4,000,000 cells",
    ),
    "an endless line": ("a.csv", lambda: HARMLESS * 5_000 + b"x" * 20_000_000, "a line of more than 1,000,000"),
    "other line separators": (
        "a.csv",
        lambda: HARMLESS * 5_000 + b"a,b,1,2,3\n" + "ab\u2028".encode() * 4_000_000,
        "a line of more than 1,000,000",
    ),
    "60,000 headings": ("a.csv", lambda: b"Account,CSM,ARR" + b",x" * 30_000 + b"\nA,B,1\n", "has 30,003 columns"),
    "long headings": (
        "a.csv",
        lambda: b",".join(b"heading %d " % n + b"x" * 200 for n in range(250)) + b"\n1,2\n",
        "no row of headings",
    ),
    "long headings without ARR": (
        "a.csv",
        lambda: b"Account,CSM," + b",".join(b"heading %d " % n + b"x" * 200 for n in range(250)) + b"\nA,B,1\n",
        "no ARR column",
    ),
    "long names of sheets": ("a.xlsx", wide_workbook, "no visible sheet with headings"),
}


@pytest.mark.parametrize("kind", FILES)
def test_refusal_is_quick_and_short(kind: str) -> None:
    filename, build, message = FILES[kind]
    data = build()
    read(HARMLESS, "a.csv")
    start = time.process_time()
    with pytest.raises(CapacityError, match=message) as caught:
        read(data, filename)
    assert time.process_time() - start < MOST_SECONDS
    repeated = re.findall(r"'[^']*'", str(caught.value))
    assert sum(map(len, repeated)) <= MOST_REPEATED


@pytest.mark.skipif(sys.platform != "linux", reason="memory limits need Linux")
@pytest.mark.parametrize("kind", FILES)
def test_refusal_takes_little_memory(kind: str) -> None:
    assert re.search(FILES[kind][2], message_in_limited_memory(__file__, kind, MOST_MEMORY))


def test_missing_sheet_repeats_little_of_the_names() -> None:
    with pytest.raises(CapacityError, match="has no sheet 'People'; its sheets are 'xxx") as caught:
        read_accounts(wide_workbook(), "a.xlsx", sheet="People")
    assert len(str(caught.value)) < MOST_REPEATED + 100


def test_unknown_heading_and_notes_repeat_little_of_long_headings() -> None:
    headings = b",".join(b"heading %d " % n + b"x" * 5_000 for n in range(20))
    data = b"Account,CSM,ARR," + headings + b"\nA,B,soon\n"
    with pytest.raises(CapacityError, match="there is no heading 'Pay'; its headings are 'Account'") as caught:
        read_accounts(data, "a.csv", mapping={"arr": "Pay"})
    assert len(str(caught.value)) < MOST_REPEATED + 100
    reading = read_accounts(b"Account,CSM,ARR" + b"x" * 5_000 + b"\nA,B,soon\n", "a.csv", mapping={"arr": "C"})
    assert max(len(str(note)) for note in reading.notes) < MOST_REPEATED + 300
