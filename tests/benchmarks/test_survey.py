"""The user's own survey: read from a file, matched to roles, and compared with the published figures."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from compplan.benchmarks import (
    BenchmarkError,
    OwnSurvey,
    PayBand,
    PayBasis,
    Percentiles,
    SurveyError,
    beside,
    place_people,
    read_survey,
    reference_bands,
    survey_of,
)
from compplan.benchmarks.survey_words import basis_named, figure_of

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


def remarks(survey: OwnSurvey) -> list[str]:
    return [str(remark) for remark in survey.remarks]


def test_survey_in_the_form_of_radford() -> None:
    survey = usd(RADFORD, place="US")
    csm, csm_ote, senior, _, director, _ = survey.entries
    assert (csm.role, csm.line, csm.label) == ("csm", 4, "Customer Success Manager II")
    assert isinstance(csm.figure, Percentiles)
    assert csm.figure.basis is PayBasis.BASE
    assert csm.figure.points == ((0.25, 78_400), (0.5, 86_000), (0.75, 95_100))
    assert (csm.figure.n, csm.figure.currency, csm.figure.as_of, csm.figure.place) == (412, "USD", "2026-04-01", "US")
    assert csm.figure.source == ""
    assert csm.figure.note == "From Ours, line 4."
    assert csm_ote.figure.basis is PayBasis.OTE
    assert senior.role == "senior_csm"
    assert director.role == "cs_director"
    assert survey.unmapped == ("Customer Success Analyst",)
    assert survey.columns["# Incumbents"] == "number of answers"
    assert survey.columns["TTC 50th"] == "P50 of on-target earnings"


def test_range_of_few_answers_is_not_used() -> None:
    rows = (
        b"Job,N,Currency,Basis,As of,Min,Max\nCSM,3,USD,base,2026,71000,93000\nSr CSM,30,USD,base,2026,90000,120000\n"
    )
    survey = read_survey(rows, "Ours")
    assert [entry.role for entry in survey.entries] == ["senior_csm"]
    assert "Line 2: The range of 3 answers is not used, because it shows single people's pay." in remarks(survey)
    assert survey.entries[0].figure.note.startswith("30 answers.")


def test_few_answers_give_the_median_only() -> None:
    survey = usd(RADFORD)
    (director,) = survey.figures("cs_director", "base")
    assert isinstance(director, Percentiles)
    assert director.points == ((0.5, 155_000),)
    assert "Line 6: With 6 answers only the median is used, not the other percentiles." in remarks(survey)
    assert survey.band("cs_director", "base") is None


def test_survey_in_the_form_of_pave() -> None:
    survey = read_survey(PAVE.encode("cp1252"), "Pave", basis="base", currency="EUR", as_of="2026")
    (entry,) = survey.entries
    assert isinstance(entry.figure, Percentiles)
    assert entry.figure.points == ((0.25, 62_500), (0.5, 70_000), (0.75, 78_000), (0.9, 84_000))
    assert (entry.label, entry.role, entry.figure.place, entry.figure.currency) == ("CSM", "csm", "Berlin", "EUR")


def test_survey_in_the_form_of_carta() -> None:
    survey = usd(CARTA)
    assert [one.basis for one in survey.figures("senior_csm")] == [PayBasis.BASE, PayBasis.OTE]
    assert remarks(survey) == ["A sign that several currencies share was read as USD (2 rows)."] + [
        f"Line {line}, {cell} ({column}): '{text}' was read as {amount}. The letter next to the number stands for "
        "thousand, million, lakh or crore."
        for line, cell, column, text, amount in (
            (2, "C2", "Median", "$110k", "110,000"),
            (2, "D2", "P75", "$120k", "120,000"),
            (3, "C3", "Median", "$140k", "140,000"),
            (3, "D3", "P75", "$155k", "155,000"),
        )
    ]


def test_simple_table_of_ranges() -> None:
    survey = usd(HOME_MADE, basis="base")
    band = survey.band("csm", "base")
    assert isinstance(band, PayBand)
    assert (band.low, band.high, band.as_of) == (80_000, 100_000, "2026-05")
    assert survey.band("cs_ops", "base") is not None


def test_survey_is_read_from_a_path(tmp_path: Path) -> None:
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


def test_survey_is_read_from_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "ours.xlsx"
    path.write_bytes(workbook(("Cover", [["A survey"]]), ("Pay", [["2026"], HEADINGS, SENIOR])))
    survey = read_survey(path, currency="USD")
    (entry,) = survey.entries
    assert isinstance(entry.figure, Percentiles)
    assert entry.figure.points == ((0.25, 98_000), (0.5, 110_000), (0.75, 121_000))
    assert (entry.figure.as_of, entry.figure.n, entry.role, entry.line) == ("2026-04-30", 31, "senior_csm", 3)
    assert survey.name == "ours.xlsx"
    assert remarks(survey) == [
        "Only the sheet 'Pay' was read. The file also has 'Cover'.",
        "1 row has no currency next to the pay; read as USD, the currency that you chose.",
    ]


def test_hidden_sheet_is_read_only_by_name() -> None:
    old = [HEADINGS, [*SENIOR[:3], 100_000, *SENIOR[4:]]]
    data = workbook(("Now", [HEADINGS, SENIOR]), ("Old", old), hidden="Old")
    read = [read_survey(data, "Ours", currency="USD", sheet=name) for name in (None, "Old")]
    figures = [survey.entries[0].figure for survey in read]
    assert [one.median for one in figures if isinstance(one, Percentiles)] == [110_000, 100_000]
    with pytest.raises(SurveyError, match=r"^Ours: The file has no sheet 'Later'; its sheets are 'Now', 'Old'\.$"):
        read_survey(data, "Ours", currency="USD", sheet="Later")


def test_error_in_a_cell_of_a_workbook_skips_its_row() -> None:
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
    assert remarks(survey)[0] == "Line 3, D3 (Base P50): '#DIV/0!': The cell has the error #DIV/0! and needs a value."


# --- what is not used ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "remark"),
    [
        ("CSM,20,USD,base,2026,TBD,80000,90000", "Line 3, F3 (P25): 'TBD': The cell has no number."),
        ("CSM,20,USD,base,2026,38.50,41,44", "Line 3, F3 (P25): '38.50': The amount can't be pay for a year."),
        ("CSM,20,USD,base,2026,$38/hr,41,44", "Line 3, F3 (P25): '$38/hr': The amount can't be pay for a year."),
        ("CSM,20,USD,base,2026,20%,41,44", "Line 3, F3 (P25): '20%': The cell is a percent. Enter an amount of pay."),
        (
            "CSM,20,USD,base,2026,90000,80000,95000",
            "Line 3: Percentiles must increase: P25 is 90,000 and P50 is 80,000.",
        ),
        (
            "CSM,20,USD,perks,2026,70000,80000,90000",
            "Line 3, D3 (Basis): 'perks': The kind of pay is unknown. Use base,",
        ),
        ("CSM,20,XXY,base,2026,70000,80000,90000", "Line 3, C3 (Currency): 'XXY': The currency is unknown."),
        (
            "CSM,20,USD,base,2026,€70k,€80k,€90k",
            "Line 3, C3 (Currency): 'USD': The cells and headings of the row name different currencies.",
        ),
        (",20,USD,base,2026,70000,80000,90000", "Line 3: The row has no role or level."),
        ("CSM,20,USD,base,2026,,,", "Line 3: The row has no figure."),
        ("CSM,20,USD,base,2026,n/a,-,", "Line 3: The row has no figure."),
        (
            "CSM,5,USD,base,2026,70000,,90000",
            "Line 3: With 5 answers only the median can be shown, and the source gives no median.",
        ),
        ("CSM,20,USD,base,1/6/2026,70000,80000,90000", "Line 3, E3 (Date): '1/6/2026': The date can be"),
        ("CSM,few,USD,base,2026,70000,80000,90000", "Line 3, B3 (n): 'few': The number of answers is unclear"),
        ("CSM,<5,USD,base,2026,70000,80000,90000", "Line 3: With 4 answers only the median is used"),
    ],
)
def test_remark_says_what_is_not_used_and_where(row: str, remark: str) -> None:
    text = f"Role,n,Currency,Basis,Date,P25,P50,P75\nSenior CSM,20,USD,base,2026,95000,105000,115000\n{row}\n"
    survey = read_survey(text.encode(), "Ours")
    assert remarks(survey)[0].startswith(remark)
    assert survey.entries[0].role == "senior_csm"


def test_missing_cells_leave_the_other_figures() -> None:
    survey = usd("role,base p25,base p50,base p75\ncsm,n/a,80000,#N/A\n")
    assert [entry.figure.points for entry in survey.entries if isinstance(entry.figure, Percentiles)] == [
        ((0.5, 80_000),)
    ]


def points(survey: OwnSurvey) -> list[tuple[tuple[float, float], ...]]:
    return [entry.figure.points for entry in survey.entries if isinstance(entry.figure, Percentiles)]


@pytest.mark.parametrize("mark", ["#", "*", "**", "--", "N/A", "ISD", "n/d", "†", "Insufficient data", "#N/A", "TBD"])
def test_mark_in_place_of_a_figure_leaves_the_other_figures(mark: str) -> None:
    survey = usd(f"role,base p25,base p50,base p75\ncsm,70000,80000,{mark}\n")
    assert points(survey) == [((0.25, 70_000), (0.5, 80_000))]


def test_missing_mark_in_a_workbook_leaves_the_other_figures() -> None:
    data = workbook(("Pay", [HEADINGS, ["CSM", 20, 70_000, 80_000, "#N/A", "2026"]]))
    assert points(read_survey(data, currency="USD")) == [((0.25, 70_000), (0.5, 80_000))]


@pytest.mark.parametrize(
    ("cell", "n"),
    [
        ("<5", 4),
        ("3-5", 5),
        ("3 – 5", 5),
        ("≤5", 5),
        ("fewer than 5", 4),
        ("up to 5", 5),
        ("5+", 5),
        ("<10", 7),
        ("5-9", 7),
        ("10-20", 10),
        ("30+", 30),
        (">30", 30),
        ("31 incs", 31),
        ("1,112,900", 1_112_900),
    ],
)
def test_range_of_answers_withholds_percentiles_of_fewer_than_eight(cell: str, n: int) -> None:
    survey = usd(f'Job title,N,Base P25,Base P50,Base P75\nCSM,"{cell}",86000,95000,108000\n')
    (figure,) = survey.figures("csm")
    assert isinstance(figure, Percentiles)
    assert figure.n == n
    assert [p for p, _ in figure.points] == ([0.5] if n < 8 else [0.25, 0.5, 0.75])


def test_survey_in_the_form_of_the_us_wage_statistics() -> None:
    survey = read_survey(
        b"OCC_CODE,OCC_TITLE,O_GROUP,TOT_EMP,A_MEAN,H_PCT10,A_PCT10,A_PCT25,A_MEDIAN,A_PCT75,A_PCT90\n"
        b'41-3091,Sales Representatives,detailed,"1,145,510","77,090",18.2,"37,920","46,930","64,250","88,510",#\n',
        "OEWS",
    )
    (entry,) = survey.entries
    assert isinstance(entry.figure, Percentiles)
    assert entry.figure.basis is PayBasis.WAGE
    assert entry.figure.points == ((0.1, 37_920), (0.25, 46_930), (0.5, 64_250), (0.75, 88_510))
    assert (entry.figure.n, entry.figure.currency) == (1_145_510, "USD")
    assert "Column K (A_PCT90): 1 cell has a mark such as # or *" in " ".join(remarks(survey))


@pytest.mark.parametrize(
    ("family", "level", "role"),
    [
        ("Customer Success Manager", "P3", "csm"),
        ("Customer Success", "P1", "associate_csm"),
        ("Customer Success Management", "P4", "senior_csm"),
        ("Customer Success", "P5", None),
        ("Customer Success", "M3", "cs_manager"),
        ("Customer Success", "Director", "cs_director"),
        ("Account Management", "P3", "account_manager"),
        ("Account Management", "P5", None),
        ("Finance", "P3", None),
        ("CS", "CSM", "csm"),
    ],
)
def test_job_family_with_level_gives_the_role(family: str, level: str, role: str | None) -> None:
    survey = usd(f"Job Family,Level,Base 50\n{family},{level},110000\n")
    assert [entry.role for entry in survey.entries] == [role]


@pytest.mark.parametrize("level", ["P3", "P4"])
def test_level_beside_a_graded_title_changes_nothing(level: str) -> None:
    survey = usd(f"Job title,Level,Base 50\nCustomer Success Manager II,{level},110000\n")
    assert [entry.role for entry in survey.entries] == ["csm"]


def test_mapping_names_the_columns_of_a_survey() -> None:
    text = "Survey match,Incs,Mkt 25,Mkt 50,Mkt 75\nCSM,40,86000,95000,108000\n"
    mapping = {"role": "Survey match", "n": "Incs", "base p25": "Mkt 25", "base p50": "Mkt 50", "base p75": "E"}
    (figure,) = usd(text, mapping=mapping).figures("csm", "base")
    assert isinstance(figure, Percentiles)
    assert figure.points == ((0.25, 86_000), (0.5, 95_000), (0.75, 108_000))
    table = survey_of([row.split(",") for row in text.splitlines()], "Ours", currency="USD", mapping=mapping)
    assert points(table) == [figure.points]
    with pytest.raises(SurveyError, match=r"mapping\.p150: is not a field of a survey"):
        usd(text, mapping={**mapping, "p150": "Mkt 75"})


def test_refused_survey_names_the_headings_that_were_seen() -> None:
    for data in (b"Our pay\nname,pay\nAnn,90000\n", workbook(("Pay", [["Our pay"], ["name", "pay"], ["Ann", 90_000]]))):
        with pytest.raises(SurveyError, match="The first row with several cells has 'name', 'pay'"):
            read_survey(data, "Ours", currency="USD")


def test_blank_rows_have_no_remark() -> None:
    assert remarks(usd("role,currency,base p50\ncsm,USD,80000\n,,\n\ncs_vp,USD,200000\n")) == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "^Ours: The file is empty"),
        (b"name,pay\nAnn,90000\n", "^Ours: The file has no row of headings"),
        (b"role,base p50\n", "The survey has no row with a role and a figure"),
        (
            b"role,p50\ncsm,80000\n",
            "^Line 2: The kind of pay is unknown. Name it in a heading or a column, or choose it",
        ),
        (b"\x00\x01\x02", "The file is not text"),
        (b"PK\x03\x04rest", "^Ours: The file is not a workbook that can be read: its package is damaged"),
        (b"x" * 5_000_001, "^Ours: The file has 5.0 MB; a survey may have at most 5 MB"),
        (b"role,base p50\n" + b"csm,80000\n" * 5_001, "has 5,002 rows; a survey may have at most 5,000"),
        (b"role,base p50" + b"," * 200, "has 202 columns; a survey may have at most 100"),
        (b'role,base p50\n"' + b"x" * 200_000, "^Ours: The file has a cell that does not end"),
    ],
)
def test_file_that_is_not_a_survey_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        read_survey(data, "Ours", currency="USD")


def test_missing_survey_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SurveyError, match=r"none\.csv: cannot be read: No such file"):
        read_survey(tmp_path / "none.csv")


def test_without_a_currency_nothing_is_read() -> None:
    with pytest.raises(SurveyError, match=r"^Line 2: The row has no currency\. Add one to the file, or choose it\.$"):
        read_survey(b"role,base p50\ncsm,80000\n", "Ours")


def test_currency_must_be_a_code() -> None:
    with pytest.raises(SurveyError, match=r"^currency: 'DOLLARS' is not a currency code"):
        read_survey(b"role,base p50\ncsm,80000\n", "Ours", currency="dollars")


def test_chosen_currency_decides_what_a_shared_sign_means() -> None:
    survey = read_survey(b"role,base p50\ncsm,$80000\ncs_vp,C$200000\n", "Ours", currency="CAD")
    assert {entry.figure.currency for entry in survey.entries} == {"CAD"}


# --- roles and comparison ---------------------------------------------------------------------------------


def test_user_maps_labels_to_roles() -> None:
    survey = usd(RADFORD).mapped({"Customer Success Analyst": "associate_csm", "Director, Customer Success": None})
    assert survey.unmapped == ("Director, Customer Success",)
    (figure,) = survey.figures("associate_csm")
    assert figure.role == "associate_csm"
    assert survey.figures("cs_director") == ()
    with pytest.raises(SurveyError, match="Ours has no role or level 'Analyst'"):
        survey.mapped({"Analyst": "csm"})
    with pytest.raises(BenchmarkError, match="There is no role 'cms'"):
        survey.mapped({"Customer Success Analyst": "cms"})


def test_survey_follows_published_figures() -> None:
    survey = usd(RADFORD)
    found = beside("csm", "base", survey)
    assert [one.source for one in found[:1]] == ["knowup"]
    assert found[-1] in survey.figures("csm", "base")
    assert found[:-1] == beside("csm", "base")


def test_survey_replaces_the_bands_of_chosen_roles() -> None:
    survey = usd(RADFORD)
    plain = reference_bands("base")
    chosen = reference_bands("base", survey=survey, override=["csm"])
    assert (chosen["csm"].low, chosen["csm"].high) == (78_400, 95_100)
    assert {role: band for role, band in chosen.items() if role != "csm"} == {
        role: band for role, band in plain.items() if role != "csm"
    }
    import pandas as pd

    people = place_people(pd.DataFrame({"role": ["csm"], "currency": "USD", "base": [78_000]}), chosen)
    assert people["stands"].tolist() == ["below"]


def test_survey_without_one_clear_band_is_refused() -> None:
    survey = usd(RADFORD)
    with pytest.raises(SurveyError, match="Ours has no band of base pay for Director of Customer Success"):
        reference_bands("base", survey=survey, override=["cs_director"])
    with pytest.raises(SurveyError, match="The survey has no band of base pay for Customer Success Manager"):
        reference_bands("base", override=["csm"])
    twice = usd("role,base p25,base p75\ncsm,80000,90000\ncsm,82000,93000\n")
    with pytest.raises(SurveyError, match="more than one row of base pay for Customer Success Manager: lines 2, 3"):
        reference_bands("base", survey=twice, override=["csm"])


# --- headings and dates ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "end", "p", "basis"),
    [
        ("P50", "", 0.5, None),
        ("p 25", "", 0.25, None),
        ("50th Percentile", "", 0.5, None),
        ("75th %ile", "", 0.75, None),
        ("Percentile 90", "", 0.9, None),
        ("Median", "", 0.5, None),
        ("Base Salary: 10th", "", 0.1, "base"),
        ("Total Target Cash 50th Percentile", "", 0.5, "ote"),
        ("Target Total Cash P50", "", 0.5, "ote"),
        ("Actual Total Cash - P50", "", 0.5, "actual_cash"),
        ("Total Cash P50", "", 0.5, "actual_cash"),
        ("Total Compensation P50", "", 0.5, "total_compensation"),
        ("TDC P50", "", 0.5, "total_compensation"),
        ("Target bonus P50", "", 0.5, "target_variable"),
        ("OTE median", "", 0.5, "ote"),
        ("Salary min", "low", None, "base"),
        ("OTE max", "high", None, "ote"),
        ("Minimum", "low", None, None),
    ],
)
def test_heading_of_a_figure(text: str, end: str, p: float | None, basis: str | None) -> None:
    figure = figure_of(text)
    assert figure is not None
    assert (figure.end, figure.p, figure.basis) == (end, p, PayBasis(basis) if basis else None)
    assert figure_of(figure.field) == figure


@pytest.mark.parametrize(
    "text", ["", "Notes", "P5", "P100", "P00", "Mean", "Base mean", "Average", "Orgs", "Equity P50 value"]
)
def test_other_headings_are_not_figures(text: str) -> None:
    assert figure_of(text) is None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("No. of Incumbents", "number of answers"),
        ("Sample size", "number of answers"),
        ("Job Title", "role"),
        ("Career Level", "level"),
        ("Effective date", "date"),
        ("Region", "place"),
        ("Base Salary 50th ($000s)", "P50 of base pay"),
        ("Base P50 (USD)", "P50 of base pay"),
        ("Hourly base P75", ""),
        ("Notes", ""),
    ],
)
def test_heading_of_a_column(text: str, label: str) -> None:
    role = "Position" if text != "Job Title" else "Grade"
    cell = "80000" if "Base" in text or "base" in text else "2026"
    survey = read_survey(f'{role},"{text}",OTE P25\nCSM,{cell},80000\n'.encode(), "Ours", currency="USD")
    assert survey.columns.get(text, "") == label


@pytest.mark.parametrize(
    ("cell", "date"),
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
        ("30.4.2026", "2026-04-30"),
        ("31/4/2026", ""),
        ("4/5/2026", ""),
        ("soon", ""),
        ("2026-02-30", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_date_is_as_precise_as_its_cell(cell: object, date: str) -> None:
    survey = survey_of([["Role", "As of", "Currency", "OTE P50"], ["csm", cell, "USD", 104_000]], "A page")
    assert survey.entries[0].figure.as_of == date


def test_kind_of_pay_by_its_usual_names() -> None:
    assert basis_named("total_compensation") is PayBasis.TOTAL_COMPENSATION
    assert basis_named("On-target earnings") is PayBasis.OTE
    assert basis_named("pension") is None


def test_survey_of_plain_rows() -> None:
    survey = survey_of([["Role", "OTE P50"], ["csm", 104_000]], "A page", currency="USD")
    (entry,) = survey.entries
    assert entry.figure.basis is PayBasis.OTE
    assert remarks(survey) == [
        "The survey has no date, so its pay can't be aged.",
        "1 row has no currency next to the pay; read as USD, the currency that you chose.",
    ]
    with pytest.raises(SurveyError, match=r"^A page: The table has no row of headings"):
        survey_of([["Name", "Pay"]], "A page")


def test_currency_of_a_survey_can_be_in_its_number_formats() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as file:
        sheet = file.add_worksheet()
        sheet.write_row(0, 0, ["Job title", "Base P25", "Base P50"])
        sheet.write(1, 0, "CSM")
        for column, amount in enumerate((60_000, 70_000), start=1):
            sheet.write(1, column, amount, file.add_format({"num_format": "[$€-407]#,##0"}))
    (entry,) = read_survey(stream.getvalue(), "Ours").entries
    assert (entry.figure.currency, entry.figure.at(0.5)) == ("EUR", 70_000.0)
