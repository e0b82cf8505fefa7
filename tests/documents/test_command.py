"""The command that writes a workbook."""

from __future__ import annotations

from pathlib import Path

import pytest
from documents.office import Reckoned, cells_of, recalculated
from support.commands import errors_of, output_of

from compplan import templates
from compplan.payout import payout, results_at

TEAM = (
    "Emp ID,Job title,Base,Variable,Currency\nE1,CSM,80000,16000,USD\nE2,CSM,90000,18000,USD\n"
    "E3,VP Customer Success,180000,60000,USD\n"
)
PLAN = "template:knowup-csat-weighted"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where a workbook is written."""
    return tmp_path / "plan.xlsx"


def test_workbook_without_people_shows_one_person(out: Path) -> None:
    said = output_of("workbook", PLAN, "--out", str(out), "--result", "grr=95%", "-r", "expansion_arr=310000")
    assert said == f"Wrote {out}.\n"
    book = out.read_bytes()
    plan = templates.load("knowup-csat-weighted")
    results = results_at(plan, 1.0, "year")[0] | {"grr": 0.95, "expansion_arr": 310_000.0}
    read = Reckoned(book, recalculated({"plan": book})["plan"])
    assert read["total_pay"] == pytest.approx(payout(plan, results, "year").total, abs=1e-7)
    assert list(cells_of(book)) == ["Summary", "Inputs", "Curves", "Calculation", "About"]


def test_people_of_a_file_are_paid_and_costed_and_skipped_people_are_listed(out: Path, tmp_path: Path) -> None:
    team = tmp_path / "team.csv"
    team.write_text(TEAM, encoding="utf-8")
    terms = tmp_path / "terms.yaml"
    terms.write_text("benefits_rate: 0.2\nbudget: 50000\ndraws: 2\n", encoding="utf-8")
    said = output_of("workbook", PLAN, "--roster", str(team), "--assumptions", str(terms), "--out", str(out))
    assert "NOT INCLUDED" in said
    assert "E3" in said
    sheets = cells_of(out.read_bytes())
    assert list(sheets) == ["Summary", "Inputs", "Assumptions", "People", "Curves", "Calculation", "Scenarios", "Reach",
                            "Cost", "CostRows", "Months", "About"]  # fmt: skip
    summary = {str(row[0]): row[1] for row in sheets["Summary"]}
    assert summary["People"] == 2
    assert summary["Variable pay at target"] == 34_000
    assert summary["Remaining budget at target"] == 16_000


def test_a_headcount_is_costed_with_the_pay_of_the_plan(out: Path) -> None:
    output_of("workbook", PLAN, "--headcount", "12", "--out", str(out))
    summary = {str(row[0]): row[1] for row in cells_of(out.read_bytes())["Summary"]}
    assert (summary["People"], summary["Variable pay at target"]) == (12, 240_000)


def test_an_existing_file_is_overwritten_only_with_force(out: Path) -> None:
    out.write_bytes(b"mine")
    said = errors_of("workbook", PLAN, "--out", str(out))
    assert said == [f"{out} already exists. Choose another name, or add --force to overwrite it."]
    assert out.read_bytes() == b"mine"
    output_of("workbook", PLAN, "--out", str(out), "--force")
    assert out.read_bytes()[:2] == b"PK"


def test_unusable_input_is_an_error_in_one_sentence(out: Path, tmp_path: Path) -> None:
    assert errors_of("workbook", PLAN, "--out", "plan.xls") == ["--out must end in .xlsx. You entered 'plan.xls'."]
    assert "--headcount must be a whole number of people" in errors_of(
        "workbook", PLAN, "--headcount", "few", "--out", str(out)
    )[0]  # fmt: skip
    both = errors_of("workbook", PLAN, "--headcount", "2", "--roster", "x.csv", "--out", str(out))
    assert both == ["Use either --headcount or --roster, not both."]
    assert "is not a result of this plan" in errors_of("workbook", PLAN, "-r", "gr=0.9", "--out", str(out))[0]
    assert "must be between 0 and 1" in errors_of("workbook", PLAN, "-r", "grr=95", "--out", str(out))[0]
    assert "cannot be read" in errors_of("workbook", PLAN, "--roster", str(tmp_path / "no.csv"), "--out", str(out))[0]
    nowhere = errors_of("workbook", PLAN, "--out", str(tmp_path / "no" / "plan.xlsx"))
    assert nowhere == [f"Can't write {tmp_path / 'no' / 'plan.xlsx'}: No such file or directory."]
    team = tmp_path / "team.xlsx"
    team.write_bytes(b"x")
    same = errors_of("workbook", PLAN, "--roster", str(team), "--out", str(team), "--force")
    assert same == [f"--out can't be {team}, which is the input file."]
    assert not out.exists()
