"""The options for reading a people file are the same for roster, cost and workbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.commands import errors_of, output_of
from xlsxwriter import Workbook

PLAN = "template:knowup-csat-weighted"
READING = {
    "--map", "--currency", "--hours-per-year", "--percent-of", "--day-first", "--month-first", "--sheet", "--per",
    "--months-per-year", "--role-map", "--plan-year",
}  # fmt: skip


@pytest.fixture
def team(tmp_path: Path) -> str:
    """A workbook of two sheets: pay under a heading that no vocabulary knows, hourly for one person."""
    file = tmp_path / "team.xlsx"
    with Workbook(file) as book:
        for name, pay in (("Last year", 70_000), ("Now", 80_000)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Emp ID", "Job title", "Zaster", "Variable", "Hired"])
            sheet.write_row(1, 0, ["E1", "CSM", pay, "20%", "03/04/2025"])
            sheet.write_row(2, 0, ["E2", "CSM", "40/hour", "20%", "05/06/2025"])
    return str(file)


OPTIONS = (
    "--sheet", "Now", "--map", "Zaster=base", "--currency", "USD", "--hours-per-year", "2000", "--percent-of", "base",
    "--day-first",
)  # fmt: skip


def help_options(command: str) -> set[str]:
    return {word.strip(",") for word in output_of(command, "--help").split() if word.startswith("--")}


@pytest.mark.parametrize("command", ["roster", "cost", "workbook"])
def test_every_command_with_a_people_file_has_the_options(command: str) -> None:
    assert help_options(command) >= READING


def test_cost_reads_a_file_as_roster_does(team: str) -> None:
    people = json.loads(output_of("roster", team, *OPTIONS, "--json"))["people"]
    assert [(p["base"], p["variable"], p["hired"]) for p in people] == [
        (80_000, 16_000, "2025-04-03"),
        (80_000, 16_000, "2025-06-05"),
    ]
    report: Any = json.loads(output_of("cost", PLAN, "--roster", team, *OPTIONS, "--json"))
    assert (report["headcount"], report["at_target"]["base"], report["at_target"]["pay"]) == (2, 160_000, 32_000)


def test_workbook_reads_a_file_as_roster_does(team: str, tmp_path: Path) -> None:
    import pandas as pd

    out = tmp_path / "plan.xlsx"
    output_of("workbook", PLAN, "--roster", team, *OPTIONS, "--out", str(out))
    summary = pd.read_excel(out, sheet_name="Summary", engine="calamine", header=None)
    cells = {str(row[0]): row[1] for row in summary.itertuples(index=False)}
    assert (cells["People"], cells["Variable pay at target"]) == (2, 32_000)


@pytest.mark.parametrize(
    "command", [("cost", PLAN), ("workbook", PLAN, "--out", "none.xlsx")], ids=["cost", "workbook"]
)
def test_reading_options_without_a_file_are_refused(command: tuple[str, ...]) -> None:
    assert errors_of(*command, "--sheet", "Now", "--map", "A=base", "--month-first") == [
        "--map needs a people file. Add --roster FILE.",
        "--month-first needs a people file. Add --roster FILE.",
        "--sheet needs a people file. Add --roster FILE.",
    ]


@pytest.mark.parametrize("command", ["cost", "workbook"])
def test_a_reading_option_that_does_not_fit_is_named(command: str, team: str, tmp_path: Path) -> None:
    call = (command, PLAN, *(("--out", str(tmp_path / "out.xlsx")) if command == "workbook" else ()), "--roster", team)
    assert errors_of(*call, "--sheet", "Next") == [
        "team.xlsx: The file has no sheet 'Next'; its sheets are 'Last year', 'Now'."
    ]
    assert errors_of(*call, "--map", "Zaster=bse")[0].startswith("--map bse is not")
    assert errors_of(*call, "--currency", "XXY")[0].startswith("--currency: 'XXY' is not")
    assert errors_of(*call, "--hours-per-year", "many")[0].startswith("--hours-per-year must be a plain number")


def test_cost_says_which_parts_have_no_assumption(tmp_path: Path) -> None:
    assumptions = tmp_path / "cost.yaml"
    assumptions.write_text("benefits_rate: 0.2\n", encoding="utf-8")
    lines = output_of("cost", PLAN, "--assumptions", str(assumptions)).splitlines()
    rows = {line.split("  ")[0]: line for line in lines if "  " in line}
    assert rows["Overhead"].split("  ", 1)[1].split() == ["not", "included"] * 3
    assert "$0.00" not in rows["Unemployment tax"]
    assert "$" in rows["Benefits"]


@pytest.mark.parametrize("option", ["--roster", "--people"])
def test_a_people_file_without_a_currency_names_the_option_to_add(tmp_path: Path, option: str) -> None:
    file = tmp_path / "team.csv"
    file.write_text("id,title,base,variable\nE1,CSM,80000,20000\n", encoding="utf-8")
    assert errors_of("cost", PLAN, option, str(file)) == [
        f"{file}: nobody has a currency, and the plan pays in USD. Add --currency USD."
    ]
    assert json.loads(output_of("cost", PLAN, option, str(file), "--currency", "USD", "--json"))["headcount"] == 1


DROPS = (
    "Employee ID,Job Title,Base Salary,Currency\nE1,CSM,80000,USD\nE2,CSM,90-95k,USD\nE3,CSM,TBD,USD\n"
    "E1,CSM,85000,USD\n"
)
ACCOUNT = (
    "drops.csv: 5 rows = 1 heading + 1 read as is + 1 duplicate + 2 not readable.",
    "Base pay: 165,000 USD in the file = 80,000 read + 85,000 left out.",
    "Base pay: 2 rows left out have no amount that can be read.",
)


def test_every_command_ends_with_the_same_account(tmp_path: Path) -> None:
    file = tmp_path / "drops.csv"
    file.write_text(DROPS, encoding="utf-8")
    out = str(tmp_path / "plan.xlsx")
    texts = [
        output_of("roster", str(file)),
        output_of("cost", PLAN, "--roster", str(file)),
        output_of("workbook", PLAN, "--roster", str(file), "--out", out),
    ]
    for text in texts:
        assert [line for line in text.splitlines() if line in ACCOUNT] == list(ACCOUNT)
        assert "Line 3, C3 (Base Salary): '90-95k': The cell has several numbers." in text
        assert "Line 5, A5 (Employee ID): 'E1': The row has the id of line 2 but a different base." in text
    data = json.loads(output_of("cost", PLAN, "--roster", str(file), "--json"))["file"]
    assert data == json.loads(output_of("roster", str(file), "--json"))["account"]
    assert data["money"] == {"of": "Base pay", "kept": {"USD": 80_000}, "left_out": {"USD": 85_000}}


def test_pay_period_months_roles_and_plan_year_are_read(tmp_path: Path) -> None:
    file = tmp_path / "team.csv"
    file.write_text("Emp ID,Job title,Base,Currency,End date\nE1,Hero,5000,EUR,\nE2,Hero,5000,EUR,2025-06-30\n")
    options = ("--per", "base=month", "--months-per-year", "13", "--role-map", "Hero=csm", "--plan-year", "2026")
    data = json.loads(output_of("roster", str(file), *options, "--json"))
    assert [(p["id"], p["role"], p["base"]) for p in data["people"]] == [("E1", "csm", 65_000)]
    assert data["counts"]["left"] == 1
    assert errors_of("roster", str(file), "--per", "base", "--plan-year", "soon", "--months-per-year", "x") == [
        "--months-per-year must be a number of months. You entered 'x'.",
        "--per must be FIELD=PERIOD, such as base=month. You entered 'base'.",
        "--plan-year must be a year, such as 2026. You entered 'soon'.",
    ]


def test_a_file_without_pay_says_so_first(tmp_path: Path) -> None:
    from support.commands import run

    file = tmp_path / "none.csv"
    file.write_text("JobTitle,Gender,Seniority,TotalComp\nCSM,Female,2,52301\nCSM,Male,5,119604\n")
    result = run("roster", str(file))
    assert result.exit_code == 1
    assert result.stdout.startswith("No column of pay was found")


def test_remarks_of_one_kind_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    rows = "".join(f"E{n},CSM,40/hour,USD\n" for n in range(1_000))
    file.write_text(f"Emp ID,Job title,Base,Currency\nX,CSM,80000,USD\n{rows}", encoding="utf-8")
    text = output_of("roster", str(file))
    assert "… and 997 more like this." in text
    assert text.count("An hourly rate, multiplied by") == 3
