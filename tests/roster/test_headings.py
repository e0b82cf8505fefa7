"""Headings of the systems that people files come from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from compplan.readers.headings import match
from compplan.roster.words import FIELDS, PEOPLE

CASES: list[dict[str, Any]] = [
    case
    for case in yaml.safe_load((Path(__file__).parents[1] / "cases" / "headings.yaml").read_text(encoding="utf-8"))
    if case["kind"] == "people"
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['system']}: {case['heading']}")
def test_heading_of_a_system_is_known(case: dict[str, Any]) -> None:
    (heading,) = match([case["heading"]], None, PEOPLE)
    assert heading.field == case["field"]
    # Known by its words, and not only because they are close.
    assert not heading.field or heading.confidence >= 0.9


def test_table_has_every_system() -> None:
    assert len(CASES) >= 150
    assert min(Counter(case["system"] for case in CASES).values()) >= 10


def test_every_heading_means_one_field() -> None:
    words = [word for several in FIELDS.values() for word in several]
    assert [word for word, count in Counter(words).items() if count > 1] == []
