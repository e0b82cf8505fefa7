"""A survey of the user's own: read from the files that people have, mapped, laid beside what ships."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from compplan.benchmarks import (
    Band,
    Basis,
    BenchmarkError,
    OwnSurvey,
    Percentiles,
    SurveyError,
    beside,
    placed,
    read_survey,
    reference_bands,
    survey_of,
)
from compplan.benchmarks.survey_words import amount, basis_named, day, heading, role_named

RADFORD = """\
Radford Global Sales Survey,,,,,,,
,,,,,,,
Survey Job Title,# Incumbents,Currency,Effective Date,Base Salary 25th,Base Salary 50th,Base Salary 75th,TTC 50th
Customer Success Manager II,412,USD,2026-04-01,"78,400","86,000","95,100","104,900"
Customer Success Manager III,265,USD,2026-04-01,"97,000","108,300","121,800","137,000"
"Director, Customer Success",6,USD,2026-04-01,"140,000","155,000","171,000",
Customer Success Analyst,33,USD,2026-04-01,"60,000","68,000","75,500",
"""
PAVE = """\
Job Family;Level;P25;P50;P75;P90;Geo
CS;CSM;€ 62.500,00;€ 70k;€ 78 000;€ 84.000;Berlin
"""
CARTA = "Role\tMetric\tMedian\tP75\nSenior CSM\tBase salary\t$110k\t$120k\nSenior CSM\tOTE\t$140k\t$155k\n"
HOME_MADE = "role,n,min,max,as of\ncsm,12,80000,100000,May 2026\ncs_ops,,70000,90000,2026\n"


def usd(text: str, **rest: Any) -> OwnSurvey:
    return read_survey(text.encode(), "Ours", currency="USD", as_of="2026-04", **rest)


def said(survey: OwnSurvey) -> list[str]:
    return [str(remark) for remark in survey.remarks]


def test_a_survey_like_radfords() -> None:
    survey = usd(RADFORD, place="US")
    csm, csm_ote, senior, _, director, _ = survey.entries
    assert (csm.role, csm.line, csm.label) == ("csm", 4, "Customer Success Manager II")
    assert isinstance(csm.figure, Percentiles)
    assert csm.figure.basis is Basis.BASE
    assert csm.figure.points == ((0.25, 78_400), (0.5, 86_000), (0.75, 95_100))
    assert (csm.figure.n, csm.figure.currency, csm.figure.as_of, csm.figure.place) == (412, "USD", "2026-04-01", "US")
    assert csm.figure.source == ""
    assert csm.figure.note == "From Ours, line 4."
    assert csm_ote.figure.basis is Basis.OTE
    assert senior.role == "senior_csm"
    assert director.role == "cs_director"
    assert survey.unmapped == ("Customer Success Analyst",)
    assert survey.columns["# Incumbents"] == "number of answers"
    assert survey.columns["TTC 50th"] == "P50 of on-target earnings"


def test_a_range_of_few_answers_is_not_used() -> None:
    rows = (
        b"Job,N,Currency,Basis,As of,Min,Max\nCSM,3,USD,base,2026,71000,93000\nSr CSM,30,USD,base,2026,90000,120000\n"
    )
    survey = read_survey(rows, "Ours")
    assert [entry.role for entry in survey.entries] == ["senior_csm"]
    assert "line 2: A range of 3 answers is not used: it would be single persons' pay." in said(survey)
    assert survey.entries[0].figure.note.startswith("30 answers.")


def test_few_answers_give_the_median_and_a_remark() -> None:
    survey = usd(RADFORD)
    (director,) = survey.figures("cs_director", "base")
    assert isinstance(director, Percentiles)
    assert director.points == ((0.5, 155_000),)
    assert "line 6: With 6 answers the median is used and the other percentiles are not." in said(survey)
    assert survey.band("cs_director", "base") is None


def test_a_survey_like_paves() -> None:
    survey = read_survey(PAVE.encode("cp1252"), "Pave", basis="base", currency="EUR", as_of="2026")
    (entry,) = survey.entries
    assert isinstance(entry.figure, Percentiles)
    assert entry.figure.points == ((0.25, 62_500), (0.5, 70_000), (0.75, 78_000), (0.9, 84_000))
    assert (entry.label, entry.role, entry.figure.place, entry.figure.currency) == ("CSM", "csm", "Berlin", "EUR")


def test_a_survey_like_cartas() -> None:
    survey = usd(CARTA)
    assert [one.basis for one in survey.figures("senior_csm")] == [Basis.BASE, Basis.OTE]
    assert said(survey) == []


def test_a_home_made_table() -> None:
    survey = usd(HOME_MADE, basis="base")
    band = survey.band("csm", "base")
    assert isinstance(band, Band)
    assert (band.low, band.high, band.as_of) == (80_000, 100_000, "2026-05")
    assert survey.band("cs_ops", "base") is not None


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "carta 2026.tsv"
    path.write_text(CARTA, encoding="utf-8-sig")
    assert read_survey(path, currency="USD").name == "carta 2026.tsv"


def workbook(*sheets: tuple[str, list[list[Any]]], hidden: str = "") -> bytes:
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
            if name == hidden:
                sheet.hide()
    return memory.getvalue()


HEADINGS = ["Job title", "n", "Base P25", "Base P50", "Base P75", "As of"]
SENIOR = ["Senior CSM", 31, 98_000, 110_000, 121_000, dt.date(2026, 4, 30)]


def test_a_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ours.xlsx"
    path.write_bytes(workbook(("Cover", [["A survey"]]), ("Pay", [["2026"], HEADINGS, SENIOR])))
    survey = read_survey(path, currency="USD")
    (entry,) = survey.entries
    assert isinstance(entry.figure, Percentiles)
    assert entry.figure.points == ((0.25, 98_000), (0.5, 110_000), (0.75, 121_000))
    assert (entry.figure.as_of, entry.figure.n, entry.role, entry.line) == ("2026-04-30", 31, "senior_csm", 3)
    assert survey.name == "ours.xlsx"
    assert said(survey) == ["Only the sheet 'Pay' was read; there is also 'Cover'."]


def test_a_sheet_is_taken_by_its_name_and_a_hidden_one_only_so() -> None:
    old = [HEADINGS, [*SENIOR[:3], 100_000, *SENIOR[4:]]]
    data = workbook(("Now", [HEADINGS, SENIOR]), ("Old", old), hidden="Old")
    read = [read_survey(data, "Ours", currency="USD", sheet=name) for name in (None, "Old")]
    figures = [survey.entries[0].figure for survey in read]
    assert [one.median for one in figures if isinstance(one, Percentiles)] == [110_000, 100_000]
    with pytest.raises(SurveyError, match=r"^Ours: has no sheet 'Later'; there are 'Now', 'Old'\.$"):
        read_survey(data, "Ours", currency="USD", sheet="Later")


def test_a_cell_of_a_workbook_that_is_an_error_is_told() -> None:
    data = workbook(("Pay", [HEADINGS, SENIOR, ["CSM", 20, 70_000, 80_000, 90_000, "2026"]]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'<c r="D3"><v>80000</v>', b'<c r="D3" t="e"><f>1/0</f><v>#DIV/0!</v>')
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    survey = read_survey(memory.getvalue(), currency="USD")
    assert [entry.role for entry in survey.entries] == ["senior_csm"]
    assert said(survey) == ["line 3: '#DIV/0!' is no amount of pay."]


# --- what cannot be used is told -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "remark"),
    [
        ("CSM,20,USD,base,2026,n/a,80000,90000", "line 3: 'n/a' is no amount of pay."),
        ("CSM,20,USD,base,2026,38.50,41,44", "line 3: '38.50' is no pay for a year"),
        (
            "CSM,20,USD,base,2026,90000,80000,95000",
            "line 3: Percentiles must rise, got P25: 90,000 before P50: 80,000.",
        ),
        ("CSM,20,USD,perks,2026,70000,80000,90000", "line 3: 'perks' is no basis; allowed are base,"),
        ("CSM,20,XXY,base,2026,70000,80000,90000", "line 3: 'XXY' is not a currency code of ISO 4217"),
        ("CSM,20,USD,base,2026,€70k,€80k,€90k", "line 3: '€70k' is not in USD, which the rest of it is in."),
        (",20,USD,base,2026,70000,80000,90000", "line 3: There is no role or level in it."),
        ("CSM,20,USD,base,2026,,,", "line 3: There is no figure in it."),
        ("CSM,5,USD,base,2026,70000,,90000", "line 3: With 5 answers only the median may be told, and none is given."),
        ("CSM,20,USD,base,1/6/2026,70000,80000,90000", "line 3: '1/6/2026' is no date like 2026-04-30 or April 2026."),
    ],
)
def test_a_row_that_cannot_be_used_is_told_by_its_line(row: str, remark: str) -> None:
    text = f"Role,n,Currency,Basis,Date,P25,P50,P75\nSenior CSM,20,USD,base,2026,95000,105000,115000\n{row}\n"
    survey = read_survey(text.encode(), "Ours")
    assert len(said(survey)) == 1
    assert said(survey)[0].startswith(remark)
    assert survey.entries[0].role == "senior_csm"


def test_blank_rows_are_no_fault() -> None:
    assert said(usd("role,base p50\ncsm,80000\n,\n\ncs_vp,200000\n")) == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "^Ours: is empty"),
        (b"name,pay\nAnn,90000\n", "No row of headings was found"),
        (b"role,base p50\n", "There is no row with a role and a figure in it"),
        (b"role,p50\ncsm,80000\n", "Neither the file nor you say what its figures are of"),
        (b"\x00\x01\x02", "neither CSV nor an .xlsx workbook"),
        (b"PK\x03\x04rest", "^Ours: is not a workbook that can be read: its package is damaged"),
        (b"x" * 5_000_001, "^Ours: has 5.0 MB; a survey may have 5 MB at most"),
        (b"role,base p50\n" + b"csm,80000\n" * 5_001, "5,000 rows and 100 columns at most"),
        (b"," * 200, "5,000 rows and 100 columns at most"),
        (b'role,base p50\n"' + b"x" * 200_000, "not CSV that can be read"),
    ],
)
def test_a_file_that_is_no_survey_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        read_survey(data, "Ours", currency="USD")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SurveyError, match=r"none\.csv: cannot be read: No such file"):
        read_survey(tmp_path / "none.csv")


def test_without_a_currency_nothing_is_read() -> None:
    with pytest.raises(SurveyError, match="Neither the file nor you say in which currency it is"):
        read_survey(b"role,base p50\ncsm,80000\n", "Ours")


# --- mapped, and laid beside -----------------------------------------------------------------------------


def test_the_user_says_which_role_a_label_is() -> None:
    survey = usd(RADFORD).mapped({"Customer Success Analyst": "associate_csm", "Director, Customer Success": None})
    assert survey.unmapped == ("Director, Customer Success",)
    (figure,) = survey.figures("associate_csm")
    assert figure.role == "associate_csm"
    assert survey.figures("cs_director") == ()
    with pytest.raises(SurveyError, match="There is no role or level 'Analyst' in Ours"):
        survey.mapped({"Analyst": "csm"})
    with pytest.raises(BenchmarkError, match="There is no role 'cms'"):
        survey.mapped({"Customer Success Analyst": "cms"})


def test_it_is_laid_beside_what_ships() -> None:
    survey = usd(RADFORD)
    found = beside("csm", "base", survey)
    assert [one.source for one in found[:1]] == ["knowup"]
    assert found[-1] in survey.figures("csm", "base")
    assert found[:-1] == beside("csm", "base")


def test_it_holds_where_the_user_says_so() -> None:
    survey = usd(RADFORD)
    plain = reference_bands("base")
    chosen = reference_bands("base", survey=survey, override=["csm"])
    assert (chosen["csm"].low, chosen["csm"].high) == (78_400, 95_100)
    assert {role: band for role, band in chosen.items() if role != "csm"} == {
        role: band for role, band in plain.items() if role != "csm"
    }
    import pandas as pd

    people = placed(pd.DataFrame({"role": ["csm"], "currency": "USD", "base": [78_000]}), chosen)
    assert people["stands"].tolist() == ["below"]


def test_it_cannot_hold_where_it_says_nothing_sure() -> None:
    survey = usd(RADFORD)
    with pytest.raises(SurveyError, match="Ours states no band of base pay for cs_director"):
        reference_bands("base", survey=survey, override=["cs_director"])
    with pytest.raises(SurveyError, match="states no band of base pay for csm"):
        reference_bands("base", override=["csm"])
    twice = usd("role,base p25,base p75\ncsm,80000,90000\ncsm,82000,93000\n")
    with pytest.raises(SurveyError, match="more than one row of base pay for csm: lines 2, 3"):
        reference_bands("base", survey=twice, override=["csm"])


# --- words and numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "p", "basis"),
    [
        ("P50", "percentile", 0.5, None),
        ("p 25", "percentile", 0.25, None),
        ("50th Percentile", "percentile", 0.5, None),
        ("75th %ile", "percentile", 0.75, None),
        ("Percentile 90", "percentile", 0.9, None),
        ("Median", "percentile", 0.5, None),
        ("Base Salary: 10th", "percentile", 0.1, "base"),
        ("Total Target Cash 50th Percentile", "percentile", 0.5, "ote"),
        ("Target Total Cash P50", "percentile", 0.5, "ote"),
        ("Actual Total Cash - P50", "percentile", 0.5, "actual_cash"),
        ("Total Cash P50", "percentile", 0.5, "actual_cash"),
        ("Total Compensation P50", "percentile", 0.5, "total_compensation"),
        ("TDC P50", "percentile", 0.5, "total_compensation"),
        ("Target bonus P50", "percentile", 0.5, "target_variable"),
        ("OTE median", "percentile", 0.5, "ote"),
        ("Salary min", "low", None, "base"),
        ("OTE max", "high", None, "ote"),
        ("Minimum", "low", None, None),
        ("No. of Incumbents", "n", None, None),
        ("Sample size", "n", None, None),
        ("Job Title", "role", None, None),
        ("Career Level", "level", None, None),
        ("Effective date", "date", None, None),
        ("Region", "place", None, None),
    ],
)
def test_a_heading_in_other_words(text: str, kind: str, p: float | None, basis: str | None) -> None:
    found = heading(text)
    assert found is not None
    assert (found.kind, found.p, found.basis) == (kind, p, Basis(basis) if basis else None)


@pytest.mark.parametrize(
    "text", ["", "Notes", "P5", "P100", "Mean", "Base mean", "Average", "Orgs", "Equity P50 value"]
)
def test_a_heading_that_means_nothing_wanted(text: str) -> None:
    assert heading(text) is None


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("$95,000", 95_000),
        ("95k", 95_000),
        ("95.5K", 95_500),
        ("95,5k", 95_500),
        ("€ 82.500,00", 82_500),
        ("82.500", 82_500),
        ("82,500.00", 82_500),
        ("1,250,000", 1_250_000),
        ("1.250.000", 1_250_000),
        ("82 500", 82_500),
        ("82\u00a0500", 82_500),
        ("82'500", 82_500),
        ("USD 95,000", 95_000),
        ("95,000 USD", 95_000),
        ("£95k", 95_000),
        ("1.2m", 1_200_000),
        ("41.25", 41.25),
        (95_000, 95_000),
        (95_000.5, 95_000.5),
        ("", None),
        ("n/a", None),
        ("-", None),
        ("-95,000", None),
        ("95,00,0", None),
        ("9,5,0", None),
        ("1.2.3", None),
        ("95000-105000", None),
        ("20%", None),
        (None, None),
        (True, None),
    ],
)
def test_an_amount_however_it_is_written(cell: object, value: float | None) -> None:
    assert amount(cell) == value


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("2026", "2026"),
        (2026, "2026"),
        (2026.0, "2026"),
        ("2026-04", "2026-04"),
        ("2026-04-30", "2026-04-30"),
        ("2026-04-30 00:00:00", "2026-04-30"),
        (dt.date(2026, 4, 30), "2026-04-30"),
        (dt.datetime(2026, 4, 30, 12, tzinfo=dt.UTC), "2026-04-30"),
        ("April 2026", "2026-04"),
        ("Apr 2026", "2026-04"),
        ("30 April 2026", "2026-04-30"),
        ("4/5/2026", None),
        ("soon", None),
        ("2026-02-30", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_however_it_is_written(cell: object, text: str | None) -> None:
    assert day(cell) == text


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Customer Success Manager", "csm"),
        ("Customer Success Manager II", "csm"),
        ("CSM", "csm"),
        ("csm", "csm"),
        ("Associate Customer Success Manager", "associate_csm"),
        ("Customer Success Manager I", "associate_csm"),
        ("Sr. Customer Success Manager", "senior_csm"),
        ("Customer Success Manager III", "senior_csm"),
        ("Principal CSM", "strategic_csm"),
        ("Manager, Customer Success", "cs_manager"),
        ("Customer Success Team Lead", "cs_manager"),
        ("cs_manager", "cs_manager"),
        ("Sr Director of Customer Success", "cs_director"),
        ("VP Customer Success", "cs_vp"),
        ("Renewals Manager", "renewals_manager"),
        ("Renewal Specialist", "renewals_manager"),
        ("Implementation Manager", "onboarding"),
        ("Customer Success Engineer", "cse"),
        ("CS Operations Analyst", "cs_ops"),
        ("Account Manager", "account_manager"),
        # Either a manager of people or of accounts: the user knows.
        ("CS Manager", None),
        ("Enterprise CSM Lead", None),
        ("Technical Account Manager", None),
        ("Customer Service Representative", None),
        ("", None),
    ],
)
def test_a_job_title_in_other_words(title: str, role: str | None) -> None:
    assert role_named(title) == role


def test_a_basis_in_other_words() -> None:
    assert basis_named("total_compensation") is Basis.TOTAL_COMPENSATION
    assert basis_named("On-target earnings") is Basis.OTE
    assert basis_named("pension") is None


def test_rows_may_come_from_anywhere() -> None:
    survey = survey_of([["Role", "OTE P50"], ["csm", 104_000]], "A page", currency="USD")
    (entry,) = survey.entries
    assert entry.figure.basis is Basis.OTE
    assert said(survey) == ["line 2: Without a date the figure cannot be aged."]
