"""Who is employed in the plan year, for how much of a full-time job, and what pay is for."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import numpy as np
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from compplan import roster, templates
from compplan.benchmarks import bands, place_people, raise_costs
from compplan.settlement import PlanYear, Population, from_people


def read(text: str, **options: Any) -> roster.Reading:
    return roster.read(text.encode(), "team.csv", **{"plan_year": 2026, **options})


def said(reading: roster.Reading, line: int | None = None) -> str:
    return " ".join(note.reason for note in reading.notes if note.line == line)


def pays(reading: roster.Reading, name: str = "base") -> list[float]:
    return reading.people[name].tolist()


# --- who is employed -------------------------------------------------------------------------------------


def test_people_who_left_before_the_plan_year_are_set_aside() -> None:
    reading = read(
        "Name,EmpID,Salary,Currency,Termd,Position,DateofHire,DateofTermination,TermReason,EmploymentStatus\n"
        "Ann Example,1,90000,USD,0,CSM,05-07-2021,,N/A-StillEmployed,Active\n"
        "Bo Example,2,100000,USD,1,CSM,30-03-2015,16-06-2016,career change,Voluntarily Terminated\n"
        "Cy Example,3,80000,USD,1,CSM,05-07-2011,24-09-2012,hours,Voluntarily Terminated\n"
    )
    assert reading.people["id"].tolist() == ["1"]
    assert reading.counts == roster.Counts(rows=4, heading=1, as_is=1, left=2)
    assert "left before the plan year, which begins on 2026-01-01" in said(reading, 3)
    assert "2 left before and are set aside" in said(reading)
    assert reading.money.left_out == {"USD": 180_000.0}
    assert [note.line for note in reading.account().skipped] == [3, 4]


def test_people_who_leave_within_the_year_are_costed_to_their_last_day() -> None:
    reading = read(
        "Emp ID,Job title,Base salary,Currency,Variable,Termination date\n"
        "E1,CSM,80000,USD,20000,\nE2,CSM,80000,USD,20000,2026-06-30\nE3,CSM,80000,USD,20000,2025-12-31\n"
    )
    assert reading.people["id"].tolist() == ["E1", "E2"]
    assert reading.people["left"].iloc[1] == np.datetime64("2026-06-30")
    plan = templates.load("knowup-csat-weighted")
    team = Population.of(plan, from_people(plan, reading.people), PlanYear(dt.date(2026, 1, 1)))
    assert team.pay.share.tolist() == pytest.approx([1.0, 181 / 365])
    assert "1 to be costed to the last day within it" in said(reading)
    assert "2027-01-01" in said(read("Emp ID,Base,End date\nE1,80000,2026-06-30\n", plan_year=2027), 2)
    july = read("Emp ID,Base,End date\nE1,80000,2026-06-30\nE2,80000,2026-07-01\n", plan_year=dt.date(2026, 7, 1))
    assert july.people["id"].tolist() == ["E2"]


@pytest.mark.parametrize(
    ("heading", "cell", "employed"),
    [
        ("Employment status", "Active", True),
        ("Status", "Exited", False),
        ("Status", "On leave", True),
        ("Employee Status", "Terminated", False),
        ("Worker Status", "T", False),
        ("HR Status", "A", True),
        ("Status", "Leave of Absence", True),
        ("Mitarbeiterstatus", "ausgetreten", False),
        ("Statut", "Sorti", False),
        ("Estado", "Inactivo", False),
        ("Status", "Part-time employee", True),
        ("Termd", "1", False),
        ("Terminated", "No", True),
        ("Active", "No", False),
        ("Active", "Yes", True),
        ("Is Active", "0", False),
        ("Active", "Inactive", False),
        ("Active", "Active", True),
        ("Terminated", "2019-03-01", False),
        ("Terminated", "2031-03-01", True),
        ("Status", "No longer employed", False),
        ("Status", "Not active", False),
        ("Status", "Not terminated", True),
        ("Status", "Pending termination", True),
        ("Status", "Serving notice, resigned", True),
        ("Status", "purple", True),
    ],
)
def test_status_says_who_is_employed(heading: str, cell: str, employed: bool) -> None:
    reading = read(f"Emp ID,Base,Currency,{heading}\nE1,80000,USD,{cell}\nE2,90000,USD,{cell}\n")
    assert reading.counts.people == (2 if employed else 0)
    assert reading.counts.left == (0 if employed else 2)
    assert ("not known whether 'purple' means employed" in said(reading)) == (cell == "purple")
    assert ("2 on leave" in said(reading)) == ("eave" in cell)


def test_status_is_not_the_hire_date_and_a_rehire_is_employed() -> None:
    reading = read("Emp ID,Job Title,Salary,Employment status,Rehire date\nE1,CSM,80000,Full-time employee,\n")
    assert reading.people["hired"].isna().all()
    assert "hired" not in reading.mapping
    back = read("Emp ID,Base,Hire date,End date,Rehire date\nE1,80000,2015-01-01,2016-02-01,2020-03-01\n")
    assert back.people["left"].isna().tolist() == [True]
    assert "was hired on 2020-03-01, after that day" in said(back, 2)


def test_of_several_rows_the_newest_that_is_in_force_counts() -> None:
    rows = [
        "E1,CSM,80000,2021-01-01",
        "E1,Sr CSM,95000,2024-01-01",
        "E1,Sr CSM,99000,2098-01-01",
        "E2,CSM,70000,2020-05-01",
    ]
    reading = read("Emp ID,Job title,Base,Effective date\n" + "\n".join(rows) + "\n")
    assert dict(zip(reading.people["id"], pays(reading), strict=True)) == {"E1": 95_000.0, "E2": 70_000.0}
    assert reading.counts.duplicate == 2
    assert "Earlier entry from 2021-01-01: line 3 is in force now" in said(reading, 2)
    assert "takes effect on 2098-01-01" in said(reading, 4)
    turned = read("Emp ID,Job title,Base,Effective date\n" + "\n".join(reversed(rows)) + "\n")
    assert sorted(pays(turned)) == sorted(pays(reading))


# --- part-time -------------------------------------------------------------------------------------------


def test_part_time_pay_is_compared_as_full_time_and_costed_as_paid() -> None:
    band = bands("csm", "base")[0]
    reading = read("Emp ID,Job Title,FTE,Annual Salary,Currency\nE1,CSM,1.0,90000,USD\nE2,CSM,0.5,50000,USD\n")
    assert pays(reading) == [90_000.0, 50_000.0]
    assert pays(reading, "fte") == [1.0, 0.5]
    assert "doesn't say whether the pay is for full time" in said(reading, 3)
    assert "full time" not in said(reading, 2)
    placed = place_people(reading.people, {"csm": band})
    assert (band.low, band.high) == (75_000, 95_000)
    assert placed["compa_ratio"].round(3).tolist() == [1.059, 1.176]
    assert raise_costs(placed)["raised"].tolist() == [0, 0, 0]
    half = place_people(reading.people.assign(base=[90_000.0, 35_000.0]), {"csm": band})
    assert raise_costs(half, ["minimum"])["cost"].tolist() == [2_500.0]


@pytest.mark.parametrize(
    ("headings", "cells", "fte"),
    [
        ("FTE", "0.8", 0.8),
        ("FTE %", "80%", 0.8),
        ("FTE", "80", 0.8),
        ("Weekly hours", "20", 0.5),
        ("Scheduled Weekly Hours,Default Weekly Hours", "30,37.5", 0.8),
        ("Hours per week,Standard hours", "20,40", 0.5),
        ("FTE,Weekly hours", "0.6,40", 0.6),
        ("StandardHours", "80", float("nan")),
        ("FTE", "lots", float("nan")),
    ],
)
def test_fte_and_hours(headings: str, cells: str, fte: float) -> None:
    reading = read(f"Emp ID,Base,Currency,{headings}\nE1,80000,USD,{cells}\n")
    assert pays(reading, "fte") == pytest.approx([fte], nan_ok=True)


def test_heading_can_say_that_pay_is_for_full_time() -> None:
    reading = read("Emp ID,Full-time base salary,FTE,Currency\nE1,100000,0.8,USD\n")
    assert pays(reading) == [80_000.0]
    assert "The heading says pay for full time" in said(reading, 2)


def test_hourly_pay_of_part_time_people() -> None:
    reading = read("Emp ID,Hourly rate,Weekly hours,Currency\nE1,40,20,USD\nE2,40,40,USD\n")
    assert pays(reading) == [41_600.0, 83_200.0]
    typed = read("Emp ID,Pay rate,Pay type,Weekly hours,Currency\nE1,40,Hourly,20,USD\n")
    assert pays(typed) == [41_600.0]
    assert "doesn't say whether" not in said(typed, 2)
    assert "part-time" in said(read("Emp ID,Base,Status\nE1,80000,Part-time employee\n"), 2)


# --- per what --------------------------------------------------------------------------------------------

PERIODS = {
    "Annual": 1, "Monthly": 12, "Semi-monthly": 24, "Bi-weekly": 26, "Biweekly": 26, "Weekly": 52, "Daily": 260,
    "Per month": 12, "Year": 1, "every two weeks": 26, "Twice a month": 24, "Quarterly": 4,
    "26": 26, "24": 24, "monatlich": 12, "Mensuel": 12,
}  # fmt: skip


@pytest.mark.parametrize(
    "heading", ["Pay Frequency", "Paid per", "Pay period", "Base salary pay period", "Pay type", "Pay basis"]
)
@pytest.mark.parametrize(("word", "times"), PERIODS.items())
def test_a_column_says_what_pay_is_for(heading: str, word: str, times: int) -> None:
    amount = 52_000 / times if times > 4 else 52_000
    reading = read(f"Emp ID,Base salary,Currency,{heading}\nE1,{amount:.2f},USD,{word}\n")
    assert pays(reading) == pytest.approx([round(amount, 2) * times])


def test_how_often_people_are_paid_does_not_multiply_pay_of_a_year() -> None:
    reading = read("Emp ID,Salary,Currency,Pay Frequency\nE1,90000,USD,Bi-weekly\nE2,3461.54,USD,Bi-weekly\n")
    assert pays(reading) == [90_000.0, 3461.54 * 26]
    assert "too high for that and is read as a year's" in said(reading, 2)
    bamboo = read("Employee #,Pay rate,Currency,Pay type,Pay per\n1,5000,USD,Salary,Month\n2,40,USD,Hourly,Hour\n")
    assert pays(bamboo) == [60_000.0, 83_200.0]
    named = read("Emp ID,Annual Salary,Currency,Pay Frequency\nE1,12000,USD,Monthly\n")
    assert pays(named) == [12_000.0]
    salaried = read(
        "Emp ID,Pay rate,Currency,Pay type,Pay schedule\nE1,90000,USD,Salary,Monthly\nE2,45,USD,Hourly,Weekly\n"
    )
    assert pays(salaried) == [90_000.0, 93_600.0]


@pytest.mark.parametrize(
    ("heading", "amount", "expected"),
    [
        ("What is your annual salary? (If you are hourly, please enter an annualized equivalent.)", 85_000, 85_000),
        ("MonthlyIncome", 5_993, 71_916),
        ("Bi-weekly salary", 3_000, 78_000),
        ("Semi-monthly pay", 3_000, 72_000),
        ("Daily rate of pay", 400, 104_000),
        ("Bruttomonatsgehalt", 5_000, 60_000),
        ("Jahresgehalt", 60_000, 60_000),
        ("Salaire mensuel", 4_000, 48_000),
        ("Stundenlohn", 30, 62_400),
    ],
)
def test_headings_say_what_pay_is_for(heading: str, amount: int, expected: float) -> None:
    assert pays(read(f'Emp ID,"{heading}",Currency\nE1,{amount},EUR\n')) == [expected]


def test_pay_of_a_year_or_month_beats_hourly_rates() -> None:
    text = "EmployeeNumber,HourlyRate,JobRole,MonthlyIncome,MonthlyRate,StandardHours\n1,94,CSM,5993,19479,80\n"
    reading = read(text, currency="USD")
    assert pays(reading) == [71_916.0]
    assert "Hourly rates are not used" in said(reading)
    both = read("Emp ID,Monthly base salary,Annual salary\nE1,7000,90000\n")
    assert pays(both) == [90_000.0]


def test_period_and_months_can_be_chosen() -> None:
    text = "Emp ID,Base,Variable,Currency\nE1,5000,3000,EUR\n"
    reading = read(text, per={"base": "month", "variable": "quarter"}, months_per_year=14)
    assert (pays(reading), pays(reading, "variable")) == ([70_000.0], [12_000.0])
    with pytest.raises(roster.RosterError, match="must be one of hour, week, month"):
        read(text, per={"base": "moon"})
    with pytest.raises(roster.RosterError, match="must be for base, variable or ote"):
        read(text, per={"level": "month"})
    with pytest.raises(roster.RosterError, match="must be from 1 to 16"):
        read(text, months_per_year=40)


def test_variable_has_a_period_and_a_currency_of_its_own() -> None:
    head = (
        "Employee ID,Base salary,Base salary currency,Base salary pay period,"
        "Variable amount,Variable currency,Variable payment period\n"
    )
    reading = read(head + "1,90000,USD,Annual,20000,USD,Annual\n2,5000,GBP,Monthly,3000,GBP,Quarterly\n")
    assert (pays(reading), pays(reading, "variable")) == ([90_000.0, 60_000.0], [20_000.0, 12_000.0])
    other = read(head + "1,90000,USD,Annual,20000,EUR,Annual\n")
    assert np.isnan(pays(other, "variable")[0])
    assert "Variable pay in another currency" in said(other, 2)


def test_implausible_pay_is_a_doubt() -> None:
    reading = read("Emp ID,Base,Currency\nE1,8500000,USD\nE2,8500000,JPY\nE3,85000,JPY\nE4,85000,USD\n")
    assert "8,500,000 USD a year is implausibly high" in said(reading, 2)
    assert said(reading, 3) == said(reading, 5) == ""
    assert "85,000 JPY a year is implausibly low" in said(reading, 4)


# --- pay mix ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mix", ["80%", "80/20", "0.8", "80"])
def test_a_pay_mix_is_the_share_of_base(mix: str) -> None:
    reading = read(f"Employee ID,Job Title,OTE,Pay Mix,Currency\nE1,CSM,100000,{mix},USD\nE2,CSM,120000,{mix},USD\n")
    assert pays(reading) == [80_000.0, 96_000.0]


def test_shares_on_both_sides_of_a_half_are_one_question() -> None:
    text = "Employee ID,OTE,Pay Mix,Currency\nE1,100000,80%,USD\nE2,100000,30%,USD\n"
    reading = read(text)
    assert np.isnan(pays(reading)).all()
    assert "Some shares are above 50% and some below" in said(reading)
    assert pays(read(text, mapping={"base_share": "Pay Mix"})) == [80_000.0, 30_000.0]
    assert pays(read(text, mapping={"variable_share": "Pay Mix"})) == [20_000.0, 70_000.0]
    assert pays(read("Employee ID,OTE,Pay Mix (base %)\nE1,100000,40%\nE2,100000,70\n")) == [40_000.0, 70_000.0]
    assert pays(read("Employee ID,OTE,Base %\nE1,100000,30%\n")) == [30_000.0]
    assert pays(read("Employee ID,OTE,Pay mix\nE1,100000,20%\n")) == [80_000.0]


def test_two_bonuses_that_disagree_are_a_doubt() -> None:
    reading = read("Emp ID,Base Salary,Bonus,Bonus %,Currency\nE1,80000,12000,20%,USD\nE2,80000,16000,20%,USD\n")
    assert pays(reading, "variable") == [12_000.0, 16_000.0]
    assert "It would be 16,000 a year, but the row also says 12,000" in said(reading, 2)
    assert "It would be" not in said(reading, 3)


# --- files -----------------------------------------------------------------------------------------------


def test_two_rows_of_headings_are_joined() -> None:
    reading = read("Employee,Job,Base,Target,Hire\nID,Title,Salary,Bonus,Date\nE1,CSM,80000,20000,2022-01-05\n")
    person = reading.people.iloc[0]
    assert (person["id"], person["role"], person["base"], person["variable"]) == ("E1", "csm", 80_000, 20_000)
    assert person["hired"] == np.datetime64("2022-01-05")
    assert reading.counts == roster.Counts(rows=3, heading=2, as_is=1)


def book(*sheets: tuple[str, list[list[Any]]], formats: dict[tuple[int, int], str] | None = None) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as file:
        for name, rows in sheets:
            sheet = file.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    form = (formats or {}).get((number, column))
                    sheet.write(number, column, cell, file.add_format({"num_format": form}) if form else None)
    return stream.getvalue()


def test_sheet_with_people_wins_over_a_list_before_it() -> None:
    people = [["Employee ID", "Job Title", "Base Salary"], ["E1", "CSM", 80_000]]
    reading = roster.read(book(("Lookups", [["Level", "Title"], ["L1", "CSM"]]), ("People", people)), "a.xlsx")
    assert reading.source.sheet == "People"
    assert reading.account().sheets == ("Lookups",)


def test_currency_of_number_formats() -> None:
    rows = [["Employee ID", "Job Title", "Base Salary", "Bonus"], ["E1", "CSM", 60_000, 0.1],
            ["E2", "CSM", 80_000, 0.2], ["E3", "CSM", 90_000, 0.1]]  # fmt: skip
    formats = {(1, 2): "[$€-407]#,##0", (2, 2): '"$"#,##0', (3, 2): "[$CHF] #,##0", (1, 3): "0%"}
    reading = roster.read(book(("S", rows), formats=formats), "a.xlsx")
    assert reading.people["currency"].tolist() == ["EUR", "USD", "CHF"]
    assert pays(reading, "variable") == [6_000.0, 16_000.0, 9_000.0]


def test_local_currency_beside_amounts_in_dollars() -> None:
    reading = read("Emp ID,Salary (USD),Local Currency\nE1,80000,EUR\nE2,90000,GBP\n")
    assert reading.people[["currency", "base"]].values.tolist() == [["USD", 80_000.0], ["USD", 90_000.0]]
    assert "Not used where a heading names the currency" in said(reading)
    local = read("Emp ID,Salary,Local Currency\nE1,80000,EUR\nE2,90000,GBP\n")
    assert local.people["currency"].tolist() == ["EUR", "GBP"]
    for heading in ("Salary Currency", "Pay rate - Currency code", "Base salary currency", "Currency"):
        assert read(f"Emp ID,Salary,{heading}\nE1,80000,CHF\n").people["currency"].tolist() == ["CHF"]
    assert read("Emp ID,Base (EUR)\nE1,80000\n").people["currency"].tolist() == ["EUR"]


def test_columns_that_matter_and_were_not_read_are_named() -> None:
    reading = read('Emp ID,Base,Currency,Zaster,Feier,Team\nE1,80000,USD,"$12,000",2027-03-01,blue\n')
    assert "The column looks like money and was not read. To use it, choose its field, as in 'Zaster=" in said(reading)
    assert "The column looks like dates" in said(reading)
    assert "Team" not in " ".join(note.column for note in reading.notes)


def test_no_column_of_pay_is_said_first() -> None:
    reading = read("JobTitle,Gender,Seniority,TotalComp\nCSM,Female,2,52301\nCSM,Male,5,119604\n")
    assert not reading.has_pay
    assert str(reading.notes[0]).startswith("No column of pay was found")
    assert "'TotalComp' might be it" in str(reading.notes[0])


def test_titles_can_be_given_a_role() -> None:
    text = "Emp ID,Job title,Base\nE1,Customer Hero,80000\nE2,Customer Hero,90000\nE3,CSM,70000\n"
    assert read(text).roleless == {"Customer Hero": 2}
    reading = read(text, role_map={"customer hero": "senior_csm"})
    assert reading.people["role"].tolist() == ["senior_csm", "senior_csm", "csm"]
    assert reading.roleless == {}
    assert "No one has the title 'Nobody'" in said(read(text, role_map={"Nobody": "csm"}))
    with pytest.raises(roster.RosterError, match="has no role 'hero'"):
        read(text, role_map={"Customer Hero": "hero"})


CELLS = st.sampled_from(["80000", "95k", "TBD", "", "50", "€70.000,00", "90-95k"])
ROWS = st.lists(
    st.tuples(st.sampled_from(["E1", "E2", "E3", "", "Total"]), CELLS,
              st.sampled_from(["", "2019-05-01", "2026-05-01", "x"]),
              st.sampled_from(["Active", "Terminated", ""]), st.sampled_from(["", "0.5", "1"])),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(deadline=None, max_examples=30)
@given(ROWS, st.permutations(range(5)))
def test_rows_and_money_add_up_in_any_order_of_columns(rows: list[tuple[str, ...]], order: list[int]) -> None:
    head = ("Emp ID", "Base", "Termination date", "Status", "FTE")
    text, turned = (
        "\n".join(",".join(f'"{row[i]}"' for i in places) for row in (head, *rows)) for places in (range(5), order)
    )
    one, other = read(text), read(turned)
    assert one.counts.rows == sum(one.counts.as_data().values()) - one.counts.rows == len(rows) + 1
    assert (one.counts, one.money) == (other.counts, other.money)
    read_pay = one.people["base"].sum()
    assert sum(one.money.kept.values()) == pytest.approx(read_pay)
    alone = [read(f"Emp ID,Base\nE1,{cell!r}\n".replace("'", '"')) for _, cell, *_ in rows]
    everything = sum(sum(a.money.kept.values()) + sum(a.money.left_out.values()) for a in alone)
    totals = sum(
        sum(a.money.kept.values()) + sum(a.money.left_out.values())
        for a, line in zip(alone, range(2, len(rows) + 2), strict=True)
        if one.states.loc[line] in ("totals", "blank")
    )
    assert sum(one.money.kept.values()) + sum(one.money.left_out.values()) == pytest.approx(everything - totals)
