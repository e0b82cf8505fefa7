"""Messy cells of a people file, each read through a whole file."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ruamel.yaml import YAML

from compplan import roster

TABLE = Path(__file__).resolve().parents[1] / "cases" / "roster_cells.yaml"
CASES: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(TABLE.read_text(encoding="utf-8"))
KEYS = {"text", "kind", "becomes", "remark", "beside", "heading", "base", "currency"}
HEADINGS = {
    "base": "Base salary",
    "share": "Bonus % of base",
    "date": "Hire date",
    "title": "Job title",
    "segment": "Segment",
    "currency": "Currency",
    "basis": "Pay type",
}


def read(case: dict[str, Any]) -> tuple[roster.Reading, str]:
    """Read a file with the cell in its first row; return the reading and the heading of the column."""
    kind = case["kind"]
    heading = case.get("heading", HEADINGS[kind])
    columns = ["Emp ID"] + (["Base salary"] if kind != "base" else []) + [heading]
    rows = [
        [f"E{n:03}"] + ([case.get("base", "80000")] if kind != "base" else []) + [text]
        for n, text in enumerate([case["text"], *case.get("beside", [])], start=1)
    ]
    stream = io.StringIO()
    csv.writer(stream).writerows([columns, *rows])
    return roster.read(stream.getvalue().encode(), "cells.csv"), heading


def result_of(reading: roster.Reading, kind: str) -> str | None:
    """Return what the first person has, in the form of the table."""
    if reading.states[2] not in ("kept", "mended"):
        return "aside"
    person = reading.people.loc[2]
    if kind == "date":
        return None if pd.isna(person["hired"]) else person["hired"].date().isoformat()
    if kind in ("base", "basis", "share"):
        figure = person["variable" if kind == "share" else "base"]
        amount = None if pd.isna(figure) else f"{figure:.10g}"
        return f"{amount} {person['currency']}".rstrip() if amount and kind == "base" else amount
    return person["role" if kind == "title" else kind] or None


def test_cases_are_complete_and_unique() -> None:
    assert len(CASES) >= 40
    assert all(set(case) <= KEYS and {"text", "kind", "becomes"} <= set(case) for case in CASES)
    kinds = {case["kind"] for case in CASES}
    assert kinds == set(HEADINGS)
    assert len({(c["kind"], c["text"], str(c.get("beside")), c.get("heading"), c.get("base")) for c in CASES}) == len(
        CASES
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}-{case['text'][:20]}")
def test_cell_of_a_people_file(case: dict[str, Any]) -> None:
    reading, heading = read(case)
    expected = case["becomes"]
    if case["kind"] == "base" and case.get("currency"):
        expected = f"{expected} {case['currency']}"
    assert result_of(reading, case["kind"]) == expected

    # Notes on the whole column have no line.
    notes = [str(note) for note in reading.notes if note.line == 2]
    if "remark" not in case:
        assert notes == []
        return
    assert any(case["remark"].casefold() in note.casefold() for note in notes), notes
    cells = [note for note in reading.notes if note.line == 2 and note.column == heading]
    assert all(note.cell.endswith("2") for note in cells)
    state = reading.states[2]
    assert state in ("mended", "kept") if expected != "aside" else state == "refused"


def test_usual_form_of_a_column_has_one_note() -> None:
    amounts = "".join(f'E{n},"{n}0.500,00"\n' for n in range(3, 9))
    reading = roster.read(f"Emp ID,Grundgehalt (EUR)\n{amounts}".encode(), "team.csv")
    assert [note.line for note in reading.notes] == [None]
    assert reading.counts.as_is == 6
    assert reading.people["base"].tolist() == [n * 10_000 + 500.0 for n in range(3, 9)]


def test_hours_per_year_can_be_set() -> None:
    data = b"Emp ID,Base salary\nE1,$50/hr\n"
    assert roster.read(data, "a.csv").people["base"].tolist() == [104_000.0]
    reading = roster.read(data, "a.csv", hours_per_year=1_950)
    assert reading.people["base"].tolist() == [97_500.0]
    assert any("1,950 hours" in str(note) for note in reading.notes)


def test_options_decide_what_a_file_leaves_open() -> None:
    data = b"Emp ID,Base salary,Variable %,Start\nE1,80000,20,03/04/2025\n"
    unanswered = roster.read(data, "a.csv")
    assert unanswered.people["variable"].tolist() == [16_000.0]
    assert {note.kind for note in unanswered.notes if note.column == "Variable %"} == {"doubt"}
    assert unanswered.people["hired"].isna().all()
    assert unanswered.people["currency"].tolist() == [""]
    answered = roster.read(data, "a.csv", day_first=True, percent_of="ote", currency="EUR")
    assert answered.people["variable"].tolist() == [20_000.0]
    assert answered.people["hired"].dt.strftime("%Y-%m-%d").tolist() == ["2025-04-03"]
    assert answered.people["currency"].tolist() == ["EUR"]
    assert {note.kind for note in answered.notes} == {"assumed"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hours_per_year": 0}, "hours_per_year: must be above 0"),
        ({"hours_per_year": float("nan")}, "hours_per_year: must be above 0"),
        ({"currency": "DOLLAR"}, "currency: 'DOLLAR' is not a currency code"),
        ({"percent_of": "sales"}, "percent_of: must be base or ote"),
        ({"mapping": {"pay": "Base salary"}}, r"mapping.pay: is not a field of a roster; did you mean"),
        ({"mapping": {"ote": "Total"}}, "mapping.ote: there is no heading 'Total'"),
        ({"mapping": {"ote": "B", "base": "B"}}, "is named for two fields"),
    ],
)
def test_wrong_argument_is_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(roster.RosterError, match=message):
        roster.read(b"Emp ID,Base salary\nE1,80000\n", "a.csv", **options)
