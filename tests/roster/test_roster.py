"""People files: headings, encodings, rows that are not people, and pay."""

from __future__ import annotations

import csv
import io
import json
import logging
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pytest
import xlsxwriter

from compplan import roster
from compplan.documents import remarked_csv, remarked_xlsx

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "samples" / "roster.csv"
PLAIN = "Emp ID,Name,Job title,Currency,Base salary\nE1,Ann Example,CSM,USD,80000\nE2,Bo Example,CSM,USD,90000\n"


def read(text: str, **options: Any) -> roster.Reading:
    return roster.read(text.encode(), "team.csv", **options)


def notes_on(reading: roster.Reading, line: int | None) -> str:
    return " ".join(str(note) for note in reading.notes if note.line == line)


def workbook(*rows: list[Any], name: str = "Team", hidden: bool = False, **options: Any) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    if hidden:
        first = book.add_worksheet("Cover")
        first.write(0, 0, "Nothing here")
        old = book.add_worksheet("Last year")
        old.write_row(0, 0, ["Emp ID", "Base salary"])
        old.hide()
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


# --- headings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Employee-ID #", "id"),
        ("Base Salary (USD)", "base"),
        ("FY26 Base Salary", "base"),
        ("Annual Base Salary ($000)", "base"),
        ("Grundgehalt", "base"),
        ("Salaire de base (EUR)", "base"),
        ("Hourly rate ($)", "hourly"),
        ("Base pay per hour", "hourly"),
        ("Target Bonus", "variable"),
        ("Target Bonus %", "variable_share"),
        ("Variable (% OTE)", "variable_share"),
        ("Pay mix", "variable_share"),
        ("On-target earnings", "ote"),
        ("Total Target Cash", "ote"),
        ("Reports To", "manager"),
        ("Date of hire", "hired"),
        ("Eintrittsdatum", "hired"),
        ("Work Location", "place"),
        ("Währung", "currency"),
        ("Team song", ""),
    ],
)
def test_heading_is_matched_to_its_field(heading: str, field: str) -> None:
    other = "Job title" if field != "title" else "Emp ID"
    name = "Emp ID" if field != "id" else "Name"
    reading = read(f'{name},{other},"{heading}"\nE1,CSM,80000\n')
    match = reading.headings[2]
    assert match.field == field
    assert (match.confidence >= 0.7) == bool(field)
    assert match.letter == "C"


def test_close_heading_is_a_doubt() -> None:
    reading = read("Emp ID,Bse Salary\nE1,80000\n")
    assert reading.mapping == {"id": "Emp ID", "base": "Bse Salary"}
    assert reading.headings[1].confidence < 0.8
    assert "was read as base. Choose another field if it is not" in notes_on(reading, None)


def test_mapping_can_be_overridden() -> None:
    text = "Emp ID,Base salary,Base pay,Gage\nE1,80000,85000,90000\n"
    first = read(text, currency="USD")
    assert first.mapping == {"id": "Emp ID", "base": "Base salary"}
    assert "can mean the same as 'Base salary'" in notes_on(first, None)
    assert list(first.other.columns) == ["Base pay", "Gage"]
    assert read(text, mapping=first.mapping, currency="USD").people.equals(first.people)
    assert read(text, mapping={"base": "Gage"}).people["base"].tolist() == [90_000.0]
    assert read(text, mapping={"base": "c"}).people["base"].tolist() == [85_000.0]
    assert read(text, mapping={"base": ""}).people["base"].isna().all()
    unknown = "Wer,Was\nAnn,80000\n"
    with pytest.raises(roster.RosterError, match="no row of headings"):
        read(unknown)
    assert read(unknown, mapping={"name": "Wer", "base": "Was"}).people["base"].tolist() == [80_000.0]
    assert read(unknown, mapping={"name": "A", "base": "B"}).people["base"].tolist() == [80_000.0]


def test_headings_below_a_title_and_repeated_headings() -> None:
    reading = read(f"Team of Dana\n\n{PLAIN}Emp ID,Name,Job title,Currency,Base salary\nE3,Cy Example,CSM,USD,70000\n")
    assert reading.people["id"].tolist() == ["E1", "E2", "E3"]
    assert reading.counts.heading == 4
    assert "is above the headings" in notes_on(reading, 1)
    assert "repeats the headings" in notes_on(reading, 6)


def test_missing_and_duplicate_headings_get_a_letter() -> None:
    reading = read("Emp ID,Base salary,Score,,Score\nE1,80000,1,2,3\n")
    assert list(reading.other.columns) == ["Score", "Column (D)", "Score (E)"]
    assert reading.other.loc[2].tolist() == ["1", "2", "3"]


def test_file_without_headings_is_refused_without_quoting_it() -> None:
    with pytest.raises(roster.RosterError, match=r"^team\.csv: The file has no row of headings") as caught:
        read("E1,Ann Example,80000\nE2,Bo Example,90000\n")
    assert "Ann" not in str(caught.value)


# --- text ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends(encoding: str, delimiter: str, end: str) -> None:
    rows = [["Emp ID", "Name", "Base salary"], ["E1", "Zoë Müller", "€80,000"], ["E2", "Bo; Jr, | x", "90000"]]
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
    reading = roster.read(stream.getvalue().encode(encoding), "team.csv")
    assert reading.people["name"].tolist() == ["Zoë Müller", "Bo; Jr, | x"]
    assert reading.people["currency"].tolist() == ["EUR", "EUR"]
    assert reading.source.delimiter == delimiter
    assert ("Windows-1252" in notes_on(reading, None)) == (encoding == "cp1252")


def test_sep_line_sets_the_delimiter() -> None:
    reading = read("sep=;\nEmp ID;Base salary\nE1;80,5k\n")
    assert reading.people["base"].tolist() == [80_500.0]
    assert reading.counts.heading == 2


def test_notes_have_the_line_of_the_file_and_the_cell_of_a_spreadsheet() -> None:
    reading = read('Emp ID,Remark,Base salary\nE1,"one\ntwo\nthree",80000\nE2,,95k\n')
    assert reading.people.index.tolist() == [2, 5]
    (note,) = [note for note in reading.notes if note.kind == "mended"]
    assert (note.line, note.cell, note.column, note.found) == (5, "C3", "Base salary", "95k")
    assert note.became == "95,000"


def test_ids_keep_leading_zeros_and_text_stays_text() -> None:
    reading = read("Emp ID,Name,Level,Base salary\n007,None,01,80000\n1e5,NA,02,90000\n")
    assert reading.people["id"].tolist() == ["007", "1e5"]
    assert reading.people["name"].tolist() == ["None", "NA"]
    assert reading.people["level"].tolist() == ["01", "02"]


def test_column_with_a_number_as_heading_stays_text() -> None:
    reading = read("Emp ID,Base salary,2025,TRUE\n1,80000,007,TRUE\n2,80000,1.50,FALSE\n")
    assert reading.other.to_numpy().tolist() == [["007", "TRUE"], ["1.50", "FALSE"]]


def test_row_with_too_many_cells_is_skipped() -> None:
    reading = read(f"{PLAIN}E3,Cy Example,CSM,USD,$95,000\n")
    assert reading.people["id"].tolist() == ["E1", "E2"]
    assert "has 6 cells, but there are 5 headings" in notes_on(reading, 4)
    assert "quotation marks around" in notes_on(reading, 4)
    far = read(f"{PLAIN}E3,Cy Example,CSM,USD,70000,,,,,,x\nE4,Di Example,CSM,USD,70000\n")
    assert far.states[4] == "refused"
    assert far.people["id"].tolist() == ["E1", "E2", "E4"]


def test_short_row_has_empty_cells() -> None:
    reading = read("Emp ID,Base salary,Level,Place\nE1,80000\nE2,90000,L2,Austin\n")
    assert reading.people["place"].tolist() == ["", "Austin"]


def test_column_without_a_heading_is_kept() -> None:
    reading = read("Emp ID,Base salary\nE1,80000,x\nE2,90000,y\n")
    assert reading.other["Column (C)"].tolist() == ["x", "y"]
    assert "no heading" in notes_on(reading, None)


def test_open_quotation_mark_is_refused() -> None:
    for text in ('Emp ID,Base salary\nE1,"80000\nE2,90000\n', 'Emp ID,Base salary\nE1,1,2,3,4\nE1,"80000\nE2,90000\n'):
        with pytest.raises(roster.RosterError, match="quotation mark that is not closed"):
            read(text)


# --- rows ------------------------------------------------------------------------------------------------


def test_blank_rows_and_totals_are_skipped() -> None:
    text = (
        f"{PLAIN},,,,\n ,  ,,,\nTotal,,,,170000\n,Grand total:,,USD,170000\n,,,,170000\nAustin Total,,,,1\n"
        "Average,,,,85000\nSubtotal Dana,,,,2\n,Summer Total,CSM,USD,80000\n,Sum Ting,CSM,USD,80000\n"
    )
    reading = read(text)
    assert reading.states.tolist()[3:] == [
        "blank", "blank", "totals", "totals", "totals", "totals", "totals", "totals", "totals", "mended",
    ]  # fmt: skip
    assert reading.people["name"].tolist() == ["Ann Example", "Bo Example", "Sum Ting"]
    assert "The row is a total, not a person." in notes_on(reading, 6)
    assert "sum of the rows above" in notes_on(reading, 8)


def test_person_named_total_is_kept() -> None:
    reading = read(f"{PLAIN}E3,Total,CSM,USD,70000\n")
    assert reading.counts.people == 3


def test_rows_without_a_title_are_not_totals() -> None:
    rows = "".join(f"E{n},Person {n},,USD,{70_000 + n}\n" for n in range(2_000))
    reading = read(f"Emp ID,Name,Job title,Currency,Base salary\n{rows}Total,,,,1\n")
    assert (reading.counts.people, reading.counts.totals) == (2_000, 1)


def test_repeated_person_and_repeated_id_are_skipped() -> None:
    reading = read(f'{PLAIN}e1,Ann Example,CSM,USD,"80,000"\nE2,Bo Example,CSM,USD,95000\n')
    assert reading.states.tolist()[3:] == ["duplicate", "duplicate"]
    assert "same person as line 2" in notes_on(reading, 4) or "differs in id" in notes_on(reading, 4)
    assert "a different base" in notes_on(reading, 5)
    assert "Line 5 has the same id" in notes_on(reading, 3)
    assert reading.people["base"].tolist() == [80_000.0, 90_000.0]


def test_skipped_row_does_not_block_its_id() -> None:
    reading = read("Emp ID,Base salary\nE1,TBD\nE1,80000\n")
    assert reading.people["base"].tolist() == [80_000.0]
    assert reading.counts.duplicate == 0


def test_without_ids_only_equal_rows_are_duplicates() -> None:
    reading = read("Name,Job title,Base salary\nAnn,CSM,80000\nAnn,CSM,80000\nAnn,CSM,90000\n", currency="USD")
    assert reading.states.tolist()[1:] == ["kept", "duplicate", "kept"]
    assert reading.people["id"].tolist() == ["line 2", "line 4"]
    assert "identified by their line" in notes_on(reading, None)


def test_row_without_id_and_name_is_skipped() -> None:
    reading = read(f"{PLAIN},,CSM,USD,75000\n,Di Example,CSM,USD,70000\n")
    assert "needs one of them" in notes_on(reading, 4)
    assert reading.people["id"].tolist() == ["E1", "E2", "line 5"]


# --- pay -------------------------------------------------------------------------------------------------


def test_currencies_are_not_mixed() -> None:
    reading = read('Emp ID,Base salary\nE1,"$80,000"\nE2,€ 70.000\nE3,60000\n')
    assert reading.people["currency"].tolist() == ["USD", "EUR", ""]
    assert "the file has EUR, USD" in notes_on(reading, 4)
    only = read('Emp ID,Base salary\nE1,"$80,000"\nE3,60000\n')
    assert only.people["currency"].tolist() == ["USD", "USD"]
    assert "the only currency in the file" in notes_on(only, None)
    assert not any("amount" in str(column) for column in reading.people.columns)


def test_row_with_two_currencies_is_skipped() -> None:
    reading = read("Emp ID,Currency,Base salary,OTE\nE1,USD,€80000,\nE2,CAD,$80000,$90000\nE3,,£80000,$90000\n")
    assert reading.states.tolist()[1:] == ["refused", "kept", "refused"]
    assert reading.people["currency"].tolist() == ["CAD"]
    assert "different currencies" in notes_on(reading, 2)


def test_missing_base_variable_or_ote_is_computed() -> None:
    reading = read(
        "Emp ID,Currency,Base salary,Variable,OTE\n"
        "E1,USD,80000,20000,\nE2,USD,80000,,100000\nE3,USD,,20000,100000\nE4,USD,80000,,\nE5,USD,90000,,80000\n"
    )
    people = reading.people
    assert people["base"].tolist() == [80_000, 80_000, 80_000, 80_000, 90_000]
    assert people["variable"].tolist()[:3] == [20_000, 20_000, 20_000]
    assert people["ote"].tolist()[:3] == [100_000, 100_000, 100_000]
    assert people["variable"].isna().tolist() == [False, False, False, True, True]
    assert [reading.states[line] for line in (2, 3, 4, 5, 6)] == ["mended", "mended", "mended", "kept", "kept"]
    assert "OTE is less than its parts" in notes_on(reading, 6)


def test_pay_that_does_not_add_up_is_a_doubt() -> None:
    reading = read("Emp ID,Currency,Base salary,Variable,OTE\nE1,USD,80000,20000,110000\nE2,USD,80000,20000,100000.4\n")
    assert "add up to 100,000 USD, but OTE is 110,000 USD" in notes_on(reading, 2)
    assert notes_on(reading, 3) == ""
    assert reading.people["ote"].tolist() == [110_000.0, 100_000.4]


def test_base_and_ote_decide_what_percents_are_of() -> None:
    head = "Emp ID,Currency,Base salary,Variable %,OTE\n"
    of_base = read(f"{head}E1,USD,80000,25,100000\nE2,USD,80000,10,88000\n")
    of_ote = read(f"{head}E1,USD,80000,20,100000\nE2,USD,90000,10,100000\n")
    assert of_base.people["variable"].tolist() == [20_000.0, 8_000.0]
    assert of_ote.people["variable"].tolist() == [20_000.0, 10_000.0]
    assert "of base pay, which fits base and OTE of 2 people" in notes_on(of_base, None)
    assert "of OTE, which fits base and OTE of 2 people" in notes_on(of_ote, None)


def test_small_numbers_in_a_money_column_are_percents_with_a_doubt() -> None:
    reading = read("Emp ID,Base salary,Bonus\nE1,80000,20\nE2,80000,15\n")
    assert reading.people["variable"].tolist() == [16_000.0, 12_000.0]
    assert "read as percents" in notes_on(reading, None)
    mixed = read("Emp ID,Base salary,Bonus\nE1,80000,20\nE2,80000,15000\nE3,80000,20%\n")
    assert mixed.people["variable"].tolist() == [20.0, 15_000.0, 16_000.0]
    assert "If it is a percent" in notes_on(mixed, 2)


def test_hourly_rate_replaces_missing_base() -> None:
    reading = read("Emp ID,Currency,Base salary,Hourly rate\nE1,USD,80000,\nE2,USD,,40\n")
    assert reading.people["base"].tolist() == [80_000.0, 83_200.0]


def test_file_without_pay_columns_is_read() -> None:
    reading = read("Emp ID,Job title,GRR\nE1,CSM,0.93\n")
    assert reading.people["base"].isna().all()
    assert reading.other["GRR"].tolist() == ["0.93"]
    assert "has no column of base pay" in notes_on(reading, None)


def test_names_and_places_in_two_columns() -> None:
    reading = read(
        "Emp ID,First name,Last name,City,State,Salary\nE1,Ann,Example,Austin,TX,80000\nE2,Bo,,Reno,,80000\n"
    )
    assert reading.people["name"].tolist() == ["Ann Example", "Bo"]
    assert reading.people["place"].tolist() == ["Austin, TX", "Reno"]


def test_role_column_has_priority_over_title() -> None:
    reading = read("Emp ID,Job title,Role,Salary\nE1,Rockstar,cs_ops,80000\nE2,CSM,,80000\n")
    assert reading.people["role"].tolist() == ["cs_ops", "csm"]
    assert reading.people["title"].tolist() == ["Rockstar", "CSM"]


# --- workbooks -------------------------------------------------------------------------------------------


def test_first_visible_sheet_with_headings_is_read() -> None:
    data = workbook(
        ["Emp ID", "Level", "Base salary", "Bonus % of base"],
        [1001, 2, 82.505 * 1000, 0.2],
        ["E2", "L3", "95k", "20%"],
        hidden=True,
    )
    reading = roster.read(data, "team.xlsx")
    assert reading.source.sheet == "Team"
    assert "The file also has 'Cover', 'Last year'" in notes_on(reading, None)
    assert reading.people["id"].tolist() == ["1001", "E2"]
    assert reading.people["base"].tolist() == [82_505.0, 95_000.0]
    assert reading.people["variable"].tolist() == [16_501.0, 19_000.0]
    hidden = roster.read(data, "team.xlsx", sheet="Last year")
    assert hidden.counts.people == 0
    with pytest.raises(
        roster.RosterError, match="has no sheet 'Next year'; its sheets are 'Cover', 'Last year', 'Team'"
    ):
        roster.read(data, "team.xlsx", sheet="Next year")


def test_numbers_in_a_workbook_are_read_as_numbers() -> None:
    reading = roster.read(workbook(["Emp ID", "Hourly rate"], ["E1", 82.505], ["E2", 40]), "team.xlsx")
    assert reading.people["base"].tolist() == pytest.approx([82.505 * 2080, 83_200])


def test_formulas_give_saved_results_or_a_note() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Emp ID", "Currency", "Base salary", "OTE"])
    sheet.write_row(1, 0, ["E1", "USD"])
    sheet.write_formula(1, 2, "=40000*2", None, 80_000)
    sheet.write_row(2, 0, ["E2", "USD", "", 100_000])
    sheet.write_formula(2, 2, "=NOW()", None, "")
    sheet.write_row(3, 0, ["E3", "USD"])
    sheet.write_formula(3, 2, "=1/0", None, "#DIV/0!")
    sheet.merge_range("B5:B6", "USD")
    sheet.write_row(4, 0, ["E4"])
    sheet.write_number(4, 2, 70_000)
    sheet.write_row(5, 0, ["E5"])
    sheet.write_number(5, 2, 70_000)
    book.close()
    reading = roster.read(stream.getvalue(), "team.xlsx")
    assert reading.people["id"].tolist() == ["E1", "E2", "E4", "E5"]
    assert "2 formulas; the saved results are used" in notes_on(reading, None)
    assert "no saved result" in notes_on(reading, 3)
    assert "#DIV/0!" in notes_on(reading, 4)
    assert "merged with B5" in notes_on(reading, 6)


# --- results ---------------------------------------------------------------------------------------------


def test_reading_as_plain_data() -> None:
    reading = roster.read_file(SAMPLE)
    data = json.loads(json.dumps(reading.as_data()))
    assert data["counts"]["rows"] == reading.counts.rows
    assert len(data["people"]) == reading.counts.people
    assert set(data["people"][0]) == {"line", *roster.PEOPLE}
    assert any(person["hired"] is None for person in data["people"])
    assert {note["kind"] for note in data["notes"]} == {"assumed", "mended", "doubt", "set_aside"}


def test_pay_is_never_logged(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.DEBUG):
        reading = read(f"{PLAIN}E3,Cy Secret,CSM,USD,95k\nE4,Di Secret,CSM,USD,TBD\n")
        remarked_csv(reading)
        remarked_xlsx(reading)
    assert caplog.text == ""
    assert capsys.readouterr() == ("", "")
    shown = f"{reading!r} {reading.notes!r} {reading.table!r} {reading.counts!r}"
    assert "95k" not in shown
    assert "Secret" not in shown
    assert "95000" not in shown


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(roster.RosterError, match=r"none\.csv: cannot be read: No such file"):
        roster.read_file(tmp_path / "none.csv")


# --- the sample ------------------------------------------------------------------------------------------


def test_sample_is_messy() -> None:
    reading = roster.read_file(SAMPLE)
    people = reading.people
    assert 50 <= len(people) <= 60
    assert set(people["role"]) - {""} == {
        "associate_csm", "csm", "senior_csm", "strategic_csm", "cs_manager", "cs_director", "cs_vp",
        "renewals_manager", "onboarding", "cse", "cs_ops", "account_manager",
    }  # fmt: skip
    assert set(people["currency"]) == {"USD", "EUR", "GBP", "CHF"}
    assert people["place"].str.contains(", [A-Z]{2}$").sum() > 40
    assert len(set(people["manager"]) - {""}) == 2
    assert people["id"].str.fullmatch(r"E\d{3}").all()
    assert (reading.other["Note"] == "invented person").all()
    assert min(reading.counts.blank, reading.counts.totals, reading.counts.duplicate, reading.counts.refused) >= 1
    text = " ".join(str(note) for note in reading.notes)
    parts = "thousand|hours a year|decimal mark|counts days|different order|not a date|no number|add up to|same person"
    for part in f"{parts}|has the id of|none of the roles|apostrophes|as 20 or 20%".split("|"):
        assert part in text, part


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_sample_as_bytes(kind: Literal["csv", "xlsx"]) -> None:
    assert roster.sample(kind) == SAMPLE.with_suffix(f".{kind}").read_bytes()
    assert roster.read(roster.sample(kind), f"sample.{kind}").counts.people == 56


def test_other_samples_are_refused() -> None:
    with pytest.raises(roster.RosterError, match=r"^kind: must be csv or xlsx\. You entered 'pdf'\.$"):
        roster.sample("pdf")  # type: ignore[arg-type]


def test_sample_workbook_has_the_same_people() -> None:
    sheet = roster.read_file(SAMPLE.with_suffix(".xlsx"))
    pd.testing.assert_frame_equal(sheet.people, roster.read_file(SAMPLE).people)
    assert sheet.source.sheet == "People"


@pytest.mark.parametrize(("old", "new"), [("kept", "as_is"), ("mended", "corrected"), ("set_aside", "skipped")])
def test_counts_have_the_names_of_the_last_release(old: str, new: str) -> None:
    counts = roster.read(roster.sample(), "sample.csv").counts
    with pytest.warns(DeprecationWarning, match=f"Counts.{old} is now Counts.{new};"):
        assert getattr(counts, old) == getattr(counts, new) > 0


def test_notes_have_the_names_of_the_last_release() -> None:
    note = roster.read(roster.sample(), "sample.csv").notes[0]
    with pytest.warns(DeprecationWarning, match=r"Note\.said is now Note\.reason;"):
        assert note.said == note.reason
    assert list(note.as_data()) == ["kind", "said", "line", "column", "cell", "found", "became"]
