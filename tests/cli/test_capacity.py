"""`compplan capacity`: a guide's model, people needed, and books from a file of accounts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.commands import errors_of, output_of, run

FILE = "Account,CSM,ARR,Renewal date\nA,E1,300000,2026-02-20\nB,E1,200000,\nC,E2,100000,\nTotal,,600000,\n"


def test_guide_as_json() -> None:
    seen = json.loads(output_of("capacity", "--count", "100", "--hours", "110", "--json"))
    assert (seen["accounts_a_person"], seen["people_needed"], seen["hours_available"]) == (14, 8, 1560)
    leave = json.loads(output_of("capacity", "--hours", "110", "--leave", "--json"))
    assert (leave["accounts_a_person"], leave["hours_available"]) == (12, 1410)
    assert next(c for c in seen["contradictions"] if c["id"] == "arr")["numbers"]["low"] == 700_000


def test_books_and_suggested_moves(tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(FILE, encoding="utf-8")
    call = ("capacity", "--accounts", str(file), "--most-arr", "400000", "--rebalance", "--today", "2026-01-15")
    seen = json.loads(output_of(*call, "--json"))
    assert [(row["owner"], row["over_arr"], row["due_1"]) for row in seen["books"]] == [
        ("E1", 100_000, 1),
        ("E2", 0, None),  # none of E2's accounts has a renewal date
    ]
    assert [(m["account"], m["from"], m["to"]) for m in seen["rebalance"]["moves"]] == [("B", "E1", "E2")]
    text = output_of(*call)
    assert "\n\n1 of 3 accounts changes owner. This is the fewest possible.\n  B (line 3): E1 to E2\n\n" in text
    assert "Skipped (1):\n  Line 5, A5 (Account): 'Total': The row is a total, not an account.\n" in text
    assert "E1: 1 without a renewal date." in text


def test_answers_file_answers_review_questions(tmp_path: Path) -> None:
    file, told = tmp_path / "accounts.csv", tmp_path / "context.yaml"
    file.write_text(FILE, encoding="utf-8")
    call = ("capacity", "--accounts", str(file), "--today", "2026-01-15", "--answers", str(told))
    assert f"Wrote {told}: answers for a review, without names." in output_of(*call)
    assert "E1" not in told.read_text(encoding="utf-8")
    check = ("check", "template:knowup-csat-weighted", "--isolated", "--today", "2026-01-15", "--json")
    before, after = json.loads(output_of(*check)), json.loads(run(*check, "--context", str(told)).stdout)
    gone = {u["question"] for u in before["unanswered"]} - {u["question"] for u in after["unanswered"]}
    assert {"book.accounts", "book.arr", "book.mean_acv", "book.largest_share"} <= gone
    typed = told.read_text(encoding="utf-8")
    (said,) = errors_of(*call)
    assert said == f"{told} already exists. Choose another name, or add --force to overwrite it."
    assert told.read_text(encoding="utf-8") == typed
    output_of(*call, "--force")
    assert errors_of("capacity", "--answers", str(tmp_path / "other.yaml")) == [
        "--answers needs a file of accounts. Add --accounts FILE."
    ]


def test_own_model_and_mapped_headings(tmp_path: Path) -> None:
    model, file = tmp_path / "capacity.yaml", tmp_path / "kunden.csv"
    model.write_text(
        "tiers:\n  - {name: Enterprise, service: {ad_hoc: 520}, accounts: 6, acv: 100000}\n"
        "year: {hours_a_day: 7.5, weekdays: 260, overhead: 0.2}\npeople: 2\nslope: 0.1\n",
        encoding="utf-8",
    )
    seen = json.loads(output_of("capacity", "--model", str(model), "--json"))
    # 6 x 520 = 3,120 hours of twice 1,560.
    assert (seen["people_needed"], seen["utilisation"], seen["renewal"]) == (2, 1.0, 0.9)
    assert seen["tiers"][0]["accounts_a_person"] == 3
    file.write_text("Kunde;Betreuer;Umsatz;Segment\nA;E1;5;Enterprise\nB;E1;5;Enterprise\n", encoding="utf-8")
    call = (
        "capacity",
        "--model",
        str(model),
        "--accounts",
        str(file),
        "--map",
        "Umsatz=arr",
        "--within-hours",
        "--json",
    )
    (book,) = json.loads(output_of(*call))["books"]
    assert (book["hours"], book["utilisation"], book["over_hours"]) == (1040, pytest.approx(2 / 3), 0)


def test_options_without_effect_are_refused() -> None:
    assert errors_of("capacity", "--rebalance", "--most-accounts", "12") == [
        "--most-accounts needs a file of accounts. Add --accounts FILE.",
        "--rebalance needs a file of accounts. Add --accounts FILE.",
    ]
    assert errors_of("capacity", "--model", "m.yaml", "--leave") == [
        "--leave can't be used with --model. Change it in the model's file."
    ]
    assert errors_of("capacity", "--accounts", "a.csv", "--most-accounts", "2.5") == [
        "--most-accounts must be a whole number above 0, such as 14. You entered '2.5'."
    ]


def test_values_out_of_range_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(FILE, encoding="utf-8")
    assert "10000" in errors_of("capacity", "--hours", "20000")[0].replace(",", "")
    assert errors_of("capacity", "--accounts", str(file), "--today", "9999-12-31") == [
        "--today must be from 1950-01-01 to 2100-12-31. You entered 9999-12-31."
    ]


def test_invalid_options_and_files_are_refused(tmp_path: Path) -> None:
    assert errors_of("capacity", "--preset", "knowup")[0].startswith(
        "There is no preset 'knowup'; did you mean knowup-"
    )
    assert errors_of("capacity", "--count", "-3") == [
        "--count must be a plain number above 0, such as 14. You entered '-3'."
    ]
    assert errors_of("capacity", "--accounts", str(tmp_path / "none.csv")) == [
        f"Can't read {tmp_path / 'none.csv'}: No such file or directory."
    ]
    file = tmp_path / "a.csv"
    file.write_text("Account,ARR\nA,1\n", encoding="utf-8")
    assert errors_of("capacity", "--accounts", str(file)) == [
        "a.csv: The file has no owner column. Its headings are 'Account', 'ARR'. Choose the column to use."
    ]


def test_columns_rows_and_arr_left_out_are_always_printed(tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(
        "Account Name,Account Owner,Annual Revenue,Total ARR\nA,E1,950000000,300\nA,E1,950000000,300\nTotal,,,300\n",
        encoding="utf-8",
    )
    call = ("capacity", "--accounts", str(file), "--today", "2026-01-15")
    lines = (
        "Columns: account from 'Account Name', owner from 'Account Owner', ARR from 'Total ARR'. "
        "Not read: 'Annual Revenue'.\n"
        "accounts.csv: 4 rows = 1 heading + 1 read as is + 1 total + 1 duplicate.\n"
        "ARR: 600 without a currency in the file = 300 read + 300 left out.\n"
    )
    assert lines in output_of(*call)
    seen = json.loads(output_of(*call, "--json"))
    assert seen["account"]["money"] == {"of": "ARR", "kept": {"": 300}, "left_out": {"": 300}}
    assert seen["columns"] == {"account": "Account Name", "owner": "Account Owner", "arr": "Total ARR"}


def test_annual_revenue_alone_is_a_question(tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text("Account,CSM,Annual Revenue\nA,E1,950000000\n", encoding="utf-8")
    (error,) = errors_of("capacity", "--accounts", str(file))
    assert "'Annual Revenue' usually means what the customer earns; choose it only if it is ARR." in error
    assert "E1" in output_of("capacity", "--accounts", str(file), "--map", "Annual Revenue=arr")


def test_several_currencies_are_refused_with_their_list(tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text("Account,CSM,ARR,ARR Currency\nA,E1,5,EUR\nB,E1,5,GBP\n", encoding="utf-8")
    (error,) = errors_of("capacity", "--accounts", str(file))
    assert "Amounts in EUR, GBP can't be added. Use one file per currency." in error


def test_limit_of_rebalancing_is_checked_before_the_books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text("Account,CSM,ARR\n" + "".join(f"A{n},E{n},5\n" for n in range(300)), encoding="utf-8")
    monkeypatch.setattr("compplan.capacity.books", lambda *_, **__: pytest.fail("The books were calculated first."))
    (error,) = errors_of("capacity", "--accounts", str(file), "--most-arr", "100", "--rebalance")
    assert "300 accounts and 300 owners, too many to rebalance at once. Accounts times owners can be at most" in error
    assert "60,000" in output_of("capacity", "--help")
