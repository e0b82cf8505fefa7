"""Market figures, their charts and the workbook of people."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compplan import charts, facts
from compplan.benchmarks import (
    AreaError,
    Market,
    PayBasis,
    all_areas,
    bands,
    compression,
    distributions,
    find_area,
    local_bands,
    place_people,
    reference_bands,
    sheet,
)
from compplan.benchmarks.areas import area_of
from compplan.documents import people_workbook

ROLES = [row["key"] for row in facts.table("roles")]


def test_sheet_has_every_shipped_figure_once() -> None:
    rows = {row.role: row for row in sheet()}
    assert set(rows) == {*ROLES, ""}
    for role in ROLES:
        assert tuple(one.given for one in rows[role].bands) == bands(role)
        assert tuple(one.given for one in rows[role].distributions) == distributions(role)
    assert tuple(one.given for one in rows[""].distributions) == distributions(None)


@pytest.mark.slow
@given(exponent=st.floats(0, 2), specialism=st.floats(0, 0.5))
def test_sheet_figures_are_adjusted_by_the_market_factors(exponent: float, specialism: float) -> None:
    boston = find_area("Boston")
    market = Market(boston, exponent=exponent, specialism=specialism)
    assert boston.index is not None
    for row in sheet(market):
        for one in row.bands:
            assert one.figure.low == pytest.approx(one.given.low * boston.index**exponent * (1 + specialism))
            assert one.figure.compa_ratio(one.figure.amount(0.5)) == pytest.approx(1.0)


def test_survey_waves_are_hidden_beside_the_whole_survey() -> None:
    (row,) = [row for row in sheet() if row.role == "csm"]
    base = [one.given.source for one in row.first_sight if one.given.basis is PayBasis.BASE]
    assert base == ["ask-a-manager"]
    # Where there is no whole, the wave is what there is.
    (vp,) = [row for row in sheet() if row.role == "cs_vp"]
    assert [one.given.source for one in vp.first_sight] == ["ask-a-manager-2019"]


def test_bands_follow_the_wages_of_each_location() -> None:
    reference = reference_bands("base")
    found, unknown = local_bands(reference, ["New York, NY", "Atlantis", "  "], Market(find_area("Austin")))
    new_york, austin = find_area("New York"), find_area("Austin")
    assert new_york.index is not None
    assert austin.index is not None
    assert found["csm", "New York, NY"].low == pytest.approx(75_000 * new_york.index**0.67)
    assert found["csm"].low == pytest.approx(75_000 * austin.index**0.67), "everybody else by the market's own place"
    assert list(unknown) == ["Atlantis"]


def test_stated_premium_applies_only_to_its_location() -> None:
    market = Market(find_area("New York"), place_premium=0.2)
    found, _ = local_bands(reference_bands("base"), ["New York, NY", "Austin, TX"], market)
    assert found["csm", "New York, NY"].low == pytest.approx(90_000)
    assert found["csm"].low == pytest.approx(90_000)
    assert found["csm", "Austin, TX"].low == pytest.approx(75_000 * 0.956243, rel=1e-6)


def test_own_exponent_applies_without_a_market_location() -> None:
    found, _ = local_bands(reference_bands("base"), ["Austin, TX"], Market(), exponent=0)
    assert found["csm", "Austin, TX"].low == 75_000


@pytest.mark.parametrize(
    ("written", "area"),
    [
        ("Denver, CO, USA", "Denver"), ("Denver, Colorado, United States", "Denver"), ("denver co", "Denver"),
        ("Washington, D.C.", "Washington, DC"), ("NYC", "New York"), ("Remote, TX", "TX"), ("Remote (Texas)", "TX"),
        ("Colorado", "CO"), ("St. Louis, MO", "St. Louis"), ("New York, NY", "New York"),
    ],
)  # fmt: skip
def test_location_spellings_are_recognized(written: str, area: str) -> None:
    assert area_of(written) == find_area(area)


@pytest.mark.parametrize(
    "written", ["London", "London, UK", "India", "Mexico", "Jersey", "Hampshire", "Remote", "Bangalore", "US"]
)
def test_similar_sounding_locations_are_refused(written: str) -> None:
    with pytest.raises(AreaError):
        area_of(written)


def test_compression_uses_the_next_band_of_the_same_location() -> None:
    people = pd.DataFrame({"role": ["csm"] * 3 + ["senior_csm"], "currency": "USD", "place": "New York, NY",
                           "base": [96_000.0, 98_000.0, 100_000.0, 120_000.0]})  # fmt: skip
    found, _ = local_bands(reference_bands("base"), ["New York, NY"])
    assert compression(place_people(people, found), found)["reached"].tolist() == [0]
    assert compression(place_people(people, reference_bands("base")), reference_bands("base"))["reached"].tolist() == [
        3
    ]


@pytest.mark.parametrize("role", ["associate_csm", "csm", "cs_vp"])
def test_click_on_a_bar_finds_its_role(role: str) -> None:
    rows = sheet()
    chart = charts.market_bands(rows)
    (trace,) = [trace for trace in chart.spec["data"] if trace["name"] == "Base pay, KnowUp 2024"]
    band = bands(role, "base")[0]
    at = next(i for i, x in enumerate(trace["x"]) if x == band.low and (i == 0 or trace["x"][i - 1] is None))
    assert charts.role_at(rows, trace["y"][at]) == role
    assert band.source == "knowup"


def test_click_beside_all_rows_finds_nothing() -> None:
    rows = sheet()
    assert charts.role_at(rows, 3.0) is None
    assert charts.role_at(rows, -40.0) is None


def test_role_of_the_plan_has_a_row_without_figures() -> None:
    plan = charts.PlanMark("cs_ops", 90_000, 100_000, "USD")
    with_plan = charts.market_bands(sheet(), plan=plan)
    assert "Customer Success Operations" in with_plan.spec["layout"]["yaxis"]["ticktext"]
    assert "Customer Success Operations" not in charts.market_bands(sheet()).spec["layout"]["yaxis"]["ticktext"]


def test_dots_are_people_with_a_role_and_known_pay() -> None:
    people = charts.People(
        ["csm", "", "csm", "cse"], np.array([80_000.0, 1.0, np.nan, 5.0]), PayBasis.BASE, list("abcd")
    )
    (dots,) = [t for t in charts.market_bands(sheet(), people=people).spec["data"] if t["name"] == "Your people"]
    assert (dots["x"], dots["text"]) == ([80_000.0], ["a"])


def test_every_state_has_its_own_tile() -> None:
    states = {area.state for area in all_areas() if area.kind == "state"}
    names = {state: state for state in states}
    chart = charts.state_tiles(dict.fromkeys(states, 1.0), names)
    (tiles,) = chart.spec["data"]
    shown = [text.split("<br>")[0] for row in tiles["text"] for text in row if text]
    assert sorted(shown) == sorted(states)
    for y, row in zip(tiles["y"], tiles["text"], strict=True):
        for x, text in zip(tiles["x"], row, strict=True):
            assert charts.tile_at(x, y) == (text.split("<br>")[0] or None)


@given(st.lists(st.floats(-2, 4) | st.just(float("nan")), max_size=60))
def test_histogram_counts_each_known_value_once(values: list[float]) -> None:
    chart = charts.histogram(np.array(values, dtype=float), [0.8, 0.9, 1.0, 1.1, 1.2], {1.0: "x"}, "Compa-ratio")
    assert sum(chart.spec["data"][0]["y"]) == sum(value == value for value in values)


# The workbook


def team(**columns: Any) -> pd.DataFrame:
    people = {"id": ["1", "2"], "name": ["Ada", "Bo"], "role": ["csm", "senior_csm"], "currency": "USD",
              "base": [70_000.0, 118_000.0], **columns}  # fmt: skip
    return place_people(pd.DataFrame(people), reference_bands("base"))


def sheets(content: bytes) -> dict[str, pd.DataFrame]:
    return pd.read_excel(io.BytesIO(content), sheet_name=None, engine="calamine")


def test_workbook_text_is_never_a_formula() -> None:
    evil = ["=1+1", '=HYPERLINK("http://evil.example","x")']
    content = people_workbook(team(id=evil, place=["@SUM(A1)", "+1"]), reference_bands("base"),
                              market=["=2+2"], on=dt.date(2026, 9, 1))  # fmt: skip
    found = sheets(content)
    assert found["People"]["Id"].tolist() == evil
    assert "=2+2" in found["About"].iloc[:, 0].tolist()
    parts = zipfile.ZipFile(io.BytesIO(content))
    formulas = [cell for name in parts.namelist() if "worksheets/sheet" in name
                for cell in parts.read(name).decode().split("<f>")[1:]]  # fmt: skip
    assert formulas
    assert not any("HYPERLINK" in cell.split("</f>")[0] or "1+1" in cell.split("</f>")[0] for cell in formulas)


def test_workbook_has_names_only_on_request() -> None:
    on = dt.date(2026, 9, 1)
    without = people_workbook(team(), reference_bands("base"), market=[], on=on)
    given_names = people_workbook(team(), reference_bands("base"), market=[], on=on, names=True)
    assert "Name" not in sheets(without)["People"].columns
    assert sheets(given_names)["People"]["Name"].tolist() == ["Ada", "Bo"]


def test_workbook_without_people_has_headings() -> None:
    nobody = place_people(pd.DataFrame({"id": [], "role": [], "currency": [], "base": []}).astype({"base": float}),
                    reference_bands("base"))  # fmt: skip
    found = sheets(people_workbook(nobody, reference_bands("base"), market=[], on=dt.date(2026, 9, 1)))
    assert list(found["People"].columns)[:2] == ["Id", "Role"]
    assert len(found["Bands"]) == 6


def test_workbook_bands_name_their_source() -> None:
    found = sheets(people_workbook(team(), reference_bands("base"), market=[], on=dt.date(2026, 9, 1)))["Bands"]
    assert set(found["Source"]) == {facts.source("knowup").label}
    assert found["Midpoint"].tolist() == [
        (low + high) / 2 for low, high in zip(found["Low"], found["High"], strict=True)
    ]
