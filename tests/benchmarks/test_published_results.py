"""Published results: every figure has its source, and ranges are told as ranges."""

from __future__ import annotations

import pytest

from compplan import facts
from compplan.benchmarks import BenchmarkError, published_results, result_benchmarks, result_sheet
from compplan.measures import catalog
from compplan.plan.starters import starter


def test_gross_retention_has_the_quartiles_of_2025() -> None:
    quartiles = {one.statistic: one for one in published_results("grr_opening") if one.year == "2025"}
    assert {name: one.value for name, one in quartiles.items()} == {"p25": 0.76, "median": 0.84, "p75": 0.91}
    assert {one.n for one in quartiles.values()} == {"342 companies"}
    assert {facts.source(one.source).publisher for one in quartiles.values()} == {"Aleph and Benchmarkit"}


@pytest.mark.parametrize(
    ("measure", "source", "amount"),
    [
        ("grr", "drury-2020", "over 90%"),
        ("nrr", "drury-2020", "over 120%"),
        ("nrr", "resumegeni-2026", "110% to 130%"),
        ("csat_top_box", "happysupport-2026", "78%"),
        ("nps", "happysupport-2026", "36 points"),
    ],
)
def test_figure_is_told_as_its_source_states_it(measure: str, source: str, amount: str) -> None:
    assert amount in [one.amount for one in published_results(measure) if one.source == source]


def test_every_row_of_the_table_is_on_the_sheet_once() -> None:
    shown = [one.id for row in result_sheet() for one in row.figures]
    assert sorted(shown) == sorted(row["id"] for row in facts.table("retention_benchmarks"))


def test_sheet_has_every_measure_with_the_target_that_a_component_starts_with() -> None:
    rows = {row.measure: row for row in result_sheet() if row.measure}
    assert list(rows) == list(catalog())
    for key, measure in catalog().items():
        row = rows[key]
        assert row.starts_at == starter(measure)["target"]
        assert row.start_is_assumed == (measure.usual[0] is None)
        assert (row.usual is None) == (not measure.usual_source)


@pytest.mark.parametrize(
    ("measure", "text"),
    [("grr_opening", "90% to 93%"), ("nrr", "100% to 110%"), ("nps", "36 to 50 points"),
     ("time_to_value", "60 to 180 days"), ("ces", "5.5 to 6"), ("grr", "")],
)  # fmt: skip
def test_usual_level_states_its_unit_once(measure: str, text: str) -> None:
    usual = result_benchmarks(measure).usual
    assert usual is not None
    assert usual.text == text


def test_retention_on_arr_due_points_to_retention_on_opening_arr() -> None:
    due = result_benchmarks("grr")
    assert due.related == "grr_opening"
    assert "different figure" in due.related_note


def test_misspelled_measure_gets_the_nearest_name() -> None:
    with pytest.raises(BenchmarkError, match="did you mean nrr"):
        published_results("nr")
