"""`compplan roster`: counts, remarks, the copy with remarks, and refusals."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from support.commands import errors_of, output_of, run

from compplan import roster
from compplan.documents import remarked_csv

TEAM = (
    "Emp ID,Employee,Job title,Reports to,Base,Comp rate,Hired\n"
    "E1,Ann Example,CSM,Dee Sample,80000,95k,03/04/2025\n"
    "E2,Bo Example,Sr CSM,Dee Sample,TBD,91000,04/05/2025\n"
    "\n"
    "E3,Cy Example,CSM,Dee Sample,45/hour,93000,05/06/2025\n"
    "Total,,,,80000,,\n"
)


@pytest.fixture
def team(tmp_path: Path) -> str:
    """Path of a people file."""
    file = tmp_path / "team.csv"
    file.write_text(TEAM, encoding="utf-8")
    return str(file)


def test_counts_headings_people_and_remarks(team: str) -> None:
    text = output_of("roster", team)
    lines = [re.split(r"  +", line) for line in text.splitlines()]
    assert lines[0] == ["team.csv: text in utf-8, comma separated"]
    counts = {line[0]: line[1] for line in lines[1:7]}
    assert counts == {
        "Read as is": "1",
        "Corrected": "1",
        "Skipped": "1",
        "Ignored": "2",
        "Headings": "1",
        "Total": "6",
    }
    assert lines[4][2] == "1 blank, 1 totals"
    assert ["A", "Emp ID", "id", "100%"] in lines
    assert ["F", "Comp rate", "not used"] in lines
    assert ["LINE", "ID", "ROLE", "PLACE", "CURRENCY", "BASE", "VARIABLE", "OTE"] in lines
    assert ["5", "E3", "Customer Success Manager", "93,600"] in lines
    assert "Line 3, E3 (Base): 'TBD': The cell has no number. Enter one amount, such as 95000, $95,000, 95k" in text
    assert "Line 5, E5 (Base): '45/hour' was read as 93,600. An hourly rate, multiplied by 2,080 hours a year." in text


def test_names_are_printed_only_on_request(team: str) -> None:
    hidden = output_of("roster", team)
    assert "Ann" not in hidden
    assert "Dee" not in hidden
    shown = output_of("roster", team, "--names")
    assert "Ann Example" in shown
    assert "Dee Sample" in shown


def test_remarks_hide_names_by_default(tmp_path: Path) -> None:
    file = tmp_path / "twice.csv"
    row = "Ann Example,CSM,80000\n"
    file.write_text(f"Name,Job title,Base\n{row}{row}", encoding="utf-8")
    hidden, shown = output_of("roster", str(file)), output_of("roster", str(file), "--names")
    assert "(Name): '…': The row" in hidden
    assert "Ann" not in hidden
    assert "(Name): 'Ann Example': The row" in shown


def test_json_matches_the_library(team: str) -> None:
    assert json.loads(output_of("roster", team, "--json")) == roster.read_file(team).as_data()


def test_options_match_the_library(team: str) -> None:
    given = ["--map", "Comp rate=base", "--map", "=manager", "--currency", "EUR", "--month-first"]
    found = json.loads(output_of("roster", team, "--json", *given))
    options = {"mapping": {"base": "Comp rate", "manager": ""}, "currency": "EUR", "day_first": False}
    assert found == roster.read_file(team, **options).as_data()
    assert [person["base"] for person in found["people"]] == [95_000, 91_000, 93_000]
    assert {person["currency"] for person in found["people"]} == {"EUR"}
    hours = json.loads(output_of("roster", team, "--json", "--hours-per-year", "1800", "--day-first"))
    assert hours == roster.read_file(team, hours_per_year=1800, day_first=True).as_data()
    assert [person["hired"] for person in hours["people"]] == ["2025-04-03", "2025-06-05"]


def test_sheet_of_a_workbook_is_chosen_by_name(tmp_path: Path) -> None:
    import xlsxwriter

    file = tmp_path / "team.xlsx"
    with xlsxwriter.Workbook(file) as book:
        for name, pay in (("Now", 80_000), ("Last year", 70_000)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Emp ID", "Base"])
            sheet.write_row(1, 0, ["E1", pay])
    assert "team.xlsx: sheet 'Last year' of a workbook" in output_of("roster", str(file), "--sheet", "Last year")
    assert errors_of("roster", str(file), "--sheet", "Next") == [
        "team.xlsx: The file has no sheet 'Next'; its sheets are 'Now', 'Last year'."
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_remarks_write_a_copy(team: str, tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"remarks.{kind}"
    assert output_of("roster", team, "--remarks", str(out)).endswith(f"\nWrote {out}.\n")
    reading = roster.read_file(team)
    assert roster.read_file(out).counts == reading.counts
    if kind == "csv":
        assert out.read_bytes() == remarked_csv(reading)
    written = out.read_bytes()
    assert errors_of("roster", team, "--remarks", str(out)) == [
        f"{out} already exists. Choose another name, or add --force to overwrite it."
    ]
    assert out.read_bytes() == written
    out.write_bytes(b"old")
    json.loads(output_of("roster", team, "--remarks", str(out), "--force", "--json"))
    assert roster.read_file(out).counts == reading.counts


def test_input_file_is_never_overwritten(team: str, tmp_path: Path) -> None:
    link = tmp_path / "same.csv"
    link.symlink_to(team)
    for out in (team, str(link), str(tmp_path / "." / "team.csv")):
        (said,) = errors_of("roster", team, "--remarks", out, "--force")
        assert said == f"--remarks can't be {Path(out)}, which is the input file."
    assert Path(team).read_text(encoding="utf-8") == TEAM


def test_unwritable_output_is_reported(team: str, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "out.csv"
    assert errors_of("roster", team, "--remarks", str(out)) == [f"Can't write {out}: No such file or directory."]


def test_skipped_rows_fail_only_with_strict(team: str, tmp_path: Path) -> None:
    assert run("roster", team).exit_code == 0
    strict = run("roster", team, "--strict")
    assert (strict.exit_code, strict.stderr) == (1, "")
    assert strict.stdout == output_of("roster", team)
    clean = tmp_path / "clean.csv"
    clean.write_text("Emp ID,Base\nE1,80000\n\n", encoding="utf-8")
    assert run("roster", str(clean), "--strict").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "sentences"),
    [
        (["--map", "Base"], ["--map must be HEADING=FIELD, such as 'Comp rate=base', or =FIELD to leave it out. You"]),
        (["--map", "Base="], ["--map must be HEADING=FIELD"]),
        (["--map", "A=base", "--map", "B=base"], ["--map has base twice. Each field is read from one column."]),
        (["--map", "Pay=base"], ["--map base: there is no heading 'Pay'; allowed: Emp ID, Employee, Job title,"]),
        (["--map", "Base=bse"], ["--map bse is not a field of a roster; did you mean base"]),
        (["--currency", "XXY"], ["--currency: 'XXY' is not a currency code of ISO 4217"]),
        (
            ["--hours-per-year", "many"],
            ["--hours-per-year must be a plain number of hours"],
        ),
        (["--hours-per-year", "0"], ["--hours-per-year must be above 0 and at most 8,784. You entered 0."]),
        (["--percent-of", "pay"], ["--percent-of must be base or ote. You entered 'pay'."]),
        (["--remarks", "out.pdf"], ["--remarks must end in .csv or .xlsx. You entered 'out.pdf'."]),
        (["--map", "x", "--remarks", "out"], ["--map must be HEADING=FIELD", "--remarks must end in"]),
    ],
)
def test_invalid_options_are_refused(team: str, arguments: list[str], sentences: list[str]) -> None:
    said = errors_of("roster", team, *arguments)
    assert len(said) == len(sentences)
    assert all(line.startswith(sentence) for line, sentence in zip(said, sentences, strict=True))


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    none = tmp_path / "none.csv"
    assert errors_of("roster", str(none)) == [f"{none} cannot be read: No such file or directory."]
    pdf = tmp_path / "team.csv"
    pdf.write_bytes(b"%PDF-1.7")
    assert errors_of("roster", str(pdf), "--json") == [
        "team.csv: The file is a PDF. Save the table as CSV or as an .xlsx workbook."
    ]
    assert not (tmp_path / "out.csv").exists()


def test_file_text_cannot_control_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "team.csv"
    file.write_text("Emp ID,Base,\x1b[2JNote\nE\x1b[2J1,80000,x\n", encoding="utf-8")
    assert "\x1b" not in output_of("roster", str(file))
