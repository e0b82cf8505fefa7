"""One reader of files: people, surveys and accounts read the same cells, encodings and delimiters alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import xlsxwriter
from ruamel.yaml import YAML

from compplan import roster
from compplan.benchmarks import SurveyError, read_survey
from compplan.capacity import read_accounts

TABLE = Path(__file__).resolve().parents[1] / "cases" / "cells.yaml"
CASES: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(TABLE.read_text(encoding="utf-8"))


class Answer(NamedTuple):
    """What a reader makes of the cell on line 2."""

    value: float | None
    currency: str
    notes: list[str]


def people(data: bytes, name: str) -> Answer:
    reading = roster.read(data, name)
    notes = [str(note) for note in reading.notes]
    if 2 not in reading.people.index:
        return Answer(None, "", notes)
    return Answer(reading.people.loc[2, "base"], reading.people.loc[2, "currency"], notes)


def survey(data: bytes, name: str) -> Answer:
    del name
    try:
        read = read_survey(data, "Ours")
    except SurveyError as error:
        return Answer(None, "", [str(problem) for problem in error.problems])
    notes = [str(remark) for remark in read.remarks]
    first = [entry.figure for entry in read.entries if entry.line == 2]
    return Answer(first[0].median, first[0].currency, notes) if first else Answer(None, "", notes)


def accounts(data: bytes, name: str) -> Answer:
    reading = read_accounts(data, name)
    notes = [str(note) for note in reading.notes]
    if 2 not in reading.accounts.index:
        return Answer(None, "", notes)
    return Answer(reading.accounts.loc[2, "arr"], reading.accounts.loc[2, "currency"], notes)


class Kind(NamedTuple):
    """A kind of file: headings, the cells before and after the amount, and its reader."""

    headings: list[str]
    before: list[str]
    read: Callable[[bytes, str], Answer]


# In surveys a row needs a currency; the others can do without.
KINDS = {
    "people": Kind(["Emp ID", "Currency", "Base salary"], ["E1"], people),
    "survey": Kind(["Job title", "Currency", "Base P50"], ["CSM"], survey),
    "accounts": Kind(["Account", "CSM", "Currency", "ARR"], ["Acme", "E1"], accounts),
}


def rows(kind: Kind, text: str, currency: str = "USD") -> list[list[str]]:
    second = ["E2" if cell == "E1" else "Globex" if cell == "Acme" else "Senior CSM" for cell in kind.before]
    return [kind.headings, [*kind.before, currency, text], [*second, currency, "70000"]]


def as_csv(table: list[list[str]], delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(table)
    return stream.getvalue()


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_cell_is_read_alike(case: dict[str, Any], name: str) -> None:
    kind = KINDS[name]
    answer = kind.read(as_csv(rows(kind, case["text"], case.get("currency", "USD"))).encode(), "a.csv")
    if case["value"] is None:
        assert answer.value is None
        assert any(case["fault"] in note for note in answer.notes)
    else:
        assert answer.value == case["value"]
        assert answer.currency == case.get("currency", "USD")


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("currency", ["EUR", "CAD"])
def test_cell_in_another_currency_than_its_row_is_not_read(name: str, currency: str) -> None:
    kind = KINDS[name]
    assert kind.read(as_csv(rows(kind, "£95k", currency)).encode(), "a.csv").value is None


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_file_is_read_alike(name: str, encoding: str, delimiter: str) -> None:
    kind = KINDS[name]
    answer = kind.read(as_csv(rows(kind, "€ 82.500,00", "EUR"), delimiter).encode(encoding), "a.csv")
    assert answer[:2] == (82_500.0, "EUR")


@pytest.mark.parametrize("name", KINDS)
def test_workbook_is_read_alike(name: str) -> None:
    kind = KINDS[name]
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet("Cover").write(0, 0, "Nothing here")
        sheet = book.add_worksheet("Data")
        for number, row in enumerate([["A title"], *rows(kind, "€ 82.500,00", "EUR")]):
            sheet.write_row(number, 0, row)
        sheet.write_number(3, len(kind.before) + 1, 70_000)
    read = {"people": roster.read, "survey": None, "accounts": read_accounts}[name]
    if read is None:
        figures = [entry.figure for entry in read_survey(stream.getvalue(), "Ours").entries]
        assert [figure.median for figure in figures] == [82_500.0, 70_000.0]
    else:
        table = read(stream.getvalue(), "a.xlsx")
        amounts = table.people["base"] if name == "people" else table.accounts["arr"]
        assert amounts.tolist() == [82_500.0, 70_000.0]


@pytest.mark.parametrize("name", KINDS)
def test_heading_in_thousands_is_read_alike(name: str) -> None:
    kind = KINDS[name]
    table = rows(kind, "95")
    table[0] = [*table[0][:-1], f"{table[0][-1]} ($000s)"]
    assert kind.read(as_csv(table).encode(), "a.csv").value == 95_000.0
