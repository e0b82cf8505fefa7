"""Rows of people leave the store without names, and those for totals without anything that tells people apart."""

import json

from compplan.store.records import cost_rows_of, rows_of

TEXTS = [
    json.dumps({"id": "e-17", "name": "Ada", "base": 90_000, "hired": "2026-01-01", "grr.target": 0.92}),
    json.dumps({"id": "e-18", "first_name": "Bo", "variable": 20_000, "currency": "USD", "location": "Austin"}),
]


def test_rows_for_totals_have_numbers_from_1_in_place_of_ids() -> None:
    assert cost_rows_of(TEXTS) == (
        {"id": "1", "base": 90_000, "hired": "2026-01-01", "grr.target": 0.92},
        {"id": "2", "variable": 20_000, "currency": "USD"},
    )
    assert cost_rows_of([]) == ()


def test_names_are_in_rows_only_if_asked_for() -> None:
    assert [row.get("name", row.get("first_name")) for row in rows_of(TEXTS, names=True)] == ["Ada", "Bo"]
    assert [{"name", "first_name"} & row.keys() for row in rows_of(TEXTS, names=False)] == [set(), set()]
    assert [row["id"] for row in rows_of(TEXTS, names=False)] == ["e-17", "e-18"]
