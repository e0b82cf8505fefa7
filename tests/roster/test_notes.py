"""Notes of a people file, whole: where, what was in the cell, what it became, and why."""

from __future__ import annotations

import pytest

from compplan import roster

HEADINGS = "Emp ID,Job title,Currency,Base salary\n"
TOO_LOW = (
    "The amount is too low for a year. Enter at least 1,000, write 95k or 95/hour if you mean that, or put the unit in "
    "the heading."
)


def noted(text: str, **options: str) -> list[tuple[str, int | None, str, str]]:
    """Kind, line, column and reason of each note."""
    notes = roster.read(text.encode(), "a.csv", **options).notes
    return [(note.kind, note.line, note.column, note.reason) for note in notes]


@pytest.mark.parametrize(
    ("rows", "options", "note"),
    [
        ("E1,CSM,,80000\n", {"currency": "CAD"},
         ("assumed", None, "", "1 person has no currency next to the pay; read as CAD, the currency that you chose.")),
        ("E1,CSM,,80000\nE2,CSM,,80000\n", {"currency": "CAD"},
         ("assumed", None, "", "2 people have no currency next to the pay; read as CAD, the currency that you chose.")),
        ("E1,CSM,,80000\n", {},
         ("doubt", None, "",
          "1 person has no currency next to the pay, and nothing in the file names one. Choose the currency.")),
        ("E1,CSM,USD,80000\nE2,CSM,,80000\n", {},
         ("mended", 3, "Currency", "The row has no currency, and all others in the file have this one.")),
        ("E1,CSM,USD,80000\nE2,CSM,EUR,80000\nE3,CSM,,80000\n", {},
         ("doubt", 4, "Currency", "The row has no currency, and the file has EUR, USD. Choose the currency.")),
    ],
)  # fmt: skip
def test_a_row_without_a_currency(rows: str, options: dict[str, str], note: tuple[str, int | None, str, str]) -> None:
    assert noted(HEADINGS + rows, **options) == [note]


@pytest.mark.parametrize(("default", "rows", "currencies"), [
    ("CAD", "E1,CSM,,80000\nE2,CSM,USD,80000\n", ["CAD", "USD"]),
    (None, "E1,CSM,,80000\nE2,CSM,USD,80000\n", ["USD", "USD"]),
    (None, "E1,CSM,,80000\n", [""]),
])  # fmt: skip
def test_the_currency_of_a_row_without_one(default: str | None, rows: str, currencies: list[str]) -> None:
    options = {} if default is None else {"currency": default}
    people = roster.read((HEADINGS + rows).encode(), "a.csv", **options).people
    assert people["currency"].tolist() == currencies


@pytest.mark.parametrize(("more", "note"), [
    (",x", "1 column has no heading and can't be matched to a field."),
    (",x,y", "2 columns have no heading and can't be matched to a field."),
])  # fmt: skip
def test_columns_without_a_heading(more: str, note: str) -> None:
    notes = noted(f"{HEADINGS}E1,CSM,USD,80000{more}\nE2,CSM,USD,80000{more}\n")
    assert ("assumed", None, "", note) in notes


def test_an_hourly_rate_that_is_too_high() -> None:
    headings = "Emp ID,Job title,Currency,Base salary,OTE\n"
    notes = noted(f"{headings}E1,CSM,USD,90000 per hour,\nE2,CSM,USD,90000,100000 per hour\n")
    assert [note for note in notes if "hourly rate" in note[3]] == [
        ("set_aside", 2, "Base salary", "The hourly rate is too high. Enter at most 1,000."),
        ("doubt", 3, "OTE", "The hourly rate is too high. Enter at most 1,000. The cell is treated as empty."),
    ]


CHECK = "Check the amount, its currency and its period."


@pytest.mark.parametrize(("pay", "note"), [
    ("0", "Base pay is zero. Enter an amount above 0."),
    ("999", TOO_LOW),
])  # fmt: skip
def test_pay_that_is_too_low_for_a_year(pay: str, note: str) -> None:
    assert noted(f"{HEADINGS}E1,CSM,USD,{pay}\nE2,CSM,USD,1000\nE3,CSM,USD,80000\n") == [
        ("set_aside", 2, "Base salary", note),
        ("doubt", 3, "Base salary", f"1,000 USD a year is implausibly low. {CHECK}"),
    ]


def test_options_that_are_refused() -> None:
    with pytest.raises(roster.RosterError) as caught:
        roster.read(f"{HEADINGS}E1,CSM,USD,80000\n".encode(), "a.csv", percent_of="pay")
    assert str(caught.value) == "percent_of: must be base or ote. You entered 'pay'."
