"""One matcher of job titles: people files and surveys give a title the same role."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from compplan import roster
from compplan.benchmarks import read_survey
from compplan.readers.titles import role_of

TABLE = Path(__file__).resolve().parents[1] / "cases" / "titles.yaml"
CASES: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(TABLE.read_text(encoding="utf-8"))


def lines(*rows: list[str]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def test_each_title_is_listed_once() -> None:
    assert len(CASES) >= 60
    assert len({case["title"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_title_means_the_same_role_everywhere(case: dict[str, Any]) -> None:
    title, role = case["title"], case["role"]
    sure = bool(role) and case.get("sure", True)
    assert role_of(title) == (role, sure)

    people = roster.read(lines(["Emp ID", "Job title", "Base salary"], ["E1", title, "80000"]), "team.csv")
    assert people.people["role"].tolist() == [role]
    doubts = [str(note) for note in people.notes if note.kind == "doubt" and note.line == 2]
    assert any("more than one role" in doubt for doubt in doubts) == (bool(role) and not sure)

    survey = read_survey(lines(["Job title", "Base P50"], [title, "80000"]), "Ours", currency="USD")
    assert [entry.role for entry in survey.entries] == [role if sure else None]
    assert survey.unmapped == (() if sure else (title,))
