"""The file with remarks: the same rows, two more columns, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from compplan import roster
from compplan.documents import remarked_csv, remarked_xlsx, remarks
from compplan.readers.notes import STATE_NAMES

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "samples" / "roster.csv"


def test_file_with_remarks_has_two_more_columns() -> None:
    reading = roster.read_file(SAMPLE)
    rows = list(csv.reader(io.StringIO(remarked_csv(reading).decode("utf-8-sig"))))
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        original = list(csv.reader(file))
    assert [row[:-2] for row in rows] == original
    assert rows[0][-2:] == [remarks.STATUS, remarks.REMARKS] == ["compplan status", "compplan remarks"]
    assert [row[-2] for row in rows[1:]] == reading.states.map(STATE_NAMES).tolist()[1:]
    noted = {note.line for note in reading.notes if note.line}
    assert {number for number, row in enumerate(rows, start=1) if row[-1] and number > 1} == noted


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["roster.csv", "roster.xlsx"])
def test_file_with_remarks_reads_as_the_same_people_and_counts(kind: str, name: str) -> None:
    reading = roster.read_file(SAMPLE.with_name(name))
    data = remarked_csv(reading) if kind == "csv" else remarked_xlsx(reading)
    again = roster.read(data, f"again.{kind}")
    pd.testing.assert_frame_equal(again.people, reading.people)
    assert again.counts == reading.counts
    twice = roster.read(remarked_csv(again), "twice.csv")
    assert [h.heading for h in twice.headings] == [h.heading for h in again.headings]


def test_file_with_remarks_has_no_formulas() -> None:
    texts = [
        "=1+1",
        "+1-800",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "=cmd|' /C calc'!A0",
        "-5",
        "http://example.invalid",
        "\uff1d1",
    ]
    stream = io.StringIO()
    csv.writer(stream).writerows(
        [["Emp ID", "Salary", "=Remark"], *([f"E{n}", 80_000, t] for n, t in enumerate(texts))]
    )
    reading = roster.read(stream.getvalue().encode(), "team.csv")
    rows = list(csv.reader(io.StringIO(remarked_csv(reading).decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d")) and cell != "-5"] == []
    data = remarked_xlsx(reading)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert [row[2] for row in book.get_sheet_by_index(0).to_python()][1:] == texts
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet
