"""Headings of account files and surveys of common systems: each means the field that the table says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from compplan.benchmarks.survey_words import SURVEY
from compplan.capacity.account_words import ACCOUNTS
from compplan.readers.headings import match

TABLE = Path(__file__).resolve().parents[1] / "cases" / "headings.yaml"
CASES: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(TABLE.read_text(encoding="utf-8"))
VOCABULARIES = {"accounts": ACCOUNTS, "survey": SURVEY}


def test_each_heading_of_a_system_is_listed_once() -> None:
    assert len({(case["kind"], case["system"], case["heading"]) for case in CASES}) == len(CASES)


def test_table_has_accounts_and_surveys_of_each_system() -> None:
    systems = {(case["kind"], case["system"]) for case in CASES}
    for name in ("Salesforce", "HubSpot", "Gainsight", "ChurnZero", "Totango", "Vitally", "Planhat"):
        assert ("accounts", name) in systems
    for name in ("BLS OEWS", "Mercer", "Radford", "Pave", "Carta", "WTW"):
        assert ("survey", name) in systems


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case["kind"] in VOCABULARIES],
    ids=lambda case: f"{case['system']}: {case['heading']}",
)
def test_heading_means_its_field(case: dict[str, Any]) -> None:
    (heading,) = match([case["heading"]], None, VOCABULARIES[case["kind"]])
    assert heading.field == case["field"]
