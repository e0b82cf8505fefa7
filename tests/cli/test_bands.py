"""`compplan bands`: market pay with sources, adjusted in explained steps."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from support.commands import errors_of, output_of

from compplan import facts
from compplan.benchmarks import Market, bands, find_area, sheet
from compplan.measures import catalog

PORTLANDS = "Portland-Vancouver-Hillsboro, OR-WA (metropolitan area); Portland-South Portland, ME (metropolitan area)"
KEYS = {
    "kind", "basis", "currency", "amounts", "interval", "n", "segment", "experience", "place", "date", "how", "note",
    "source", "source_name", "url", "care", "factor", "steps", "adjusted",
}  # fmt: skip


def data(*arguments: str) -> Any:
    return json.loads(output_of("bands", "--json", *arguments))


def test_bands_of_a_role_as_published() -> None:
    text = output_of("bands", "--role", "csm", "--basis", "base")
    lines = [re.split(r"  +", line) for line in text.splitlines()]
    assert lines[0] == ["Customer Success Manager (csm)"]
    assert lines[1] == ["BASIS", "PUBLISHED", "N", "DATE", "PLACE", "SOURCE", "NOTE"]
    assert lines[2] == ["base", "$75,000 to $95,000", "2024", "US", "knowup", "1"]
    surveyed = next(line for line in lines if "ask-a-manager" in line)
    assert surveyed[1] == "P10 $60,000, P25 $69,000, P50 $85,500, P75 $110,000, P90 $130,000"
    assert surveyed[2:5] == ["61", "2022", "US"]
    assert "Steps" not in text
    assert f"knowup: {facts.source('knowup').label}, {facts.source('knowup').url}" in text
    assert facts.source("knowup").care in text
    assert "1  2 to 4 years. For 2024-2025. The page does not say" in text


def test_adjusted_bands_explain_each_step() -> None:
    asked = ["--role", "csm", "--area", "Austin", "--specialism", "20%", "--date", "2026-07-01", "--rate", "0.03"]
    text = output_of("bands", *asked)
    row = next(line for line in text.splitlines() if line.startswith("base") and "knowup" in line)
    assert re.split(r"  +", row)[:5] == ["base", "$75,000 to $95,000", "$91,299 to $115,646", "1.2173", "1 2 3"]
    assert "  1  Wages in Austin-Round Rock-San Marcos, TX are 0.9354 times the national level. Pay follows" in text
    assert "95% interval of the factor: 0.9450 to 0.9676." in text
    assert "  2  20% for a specialty, as you entered. KnowUp states 15% to 25%." in text
    assert "  3  730 days from 2024-07-01 to 2026-07-01 at 3% a year." in text
    assert "bls-oews-2025-05: US Bureau of Labor Statistics" in text
    cost = next(line for line in text.splitlines() if line.startswith("fully_loaded_cost") and "tsia-2022" in line)
    assert "not adjusted" in cost


def test_all_roles_are_listed_without_a_role() -> None:
    roles = data()["roles"]
    assert [row["role"] for row in roles] == [row.role or None for row in sheet()]
    text = output_of("bands")
    assert text.count("BASIS") == sum(bool(row["figures"]) for row in roles)
    assert "All roles together" in text
    assert "cs_ops" not in text


def test_role_without_figures_says_so() -> None:
    said = "no source has a figure."
    assert output_of("bands", "--role", "cs_ops") == f"Customer Success Operations (cs_ops): {said}\n"
    assert data("--role", "cs_ops")["roles"][0]["figures"] == []


def test_every_figure_has_the_same_json_keys() -> None:
    found = data("--area", "Austin", "--date", "2026-07-01", "--rate", "3%")
    assert found["market"] == {
        "place": {
            "code": "0012420",
            "name": "Austin-Round Rock-San Marcos, TX",
            "kind": "metro",
            "state": "TX",
            "wages": 0.9354,
            "source": "bls-oews-2025-05",
        },
        "exponent": 0.67,
        "specialism": None,
        "date": "2026-07-01",
        "rate": 0.03,
    }
    figures = [figure for row in found["roles"] for figure in row["figures"]]
    assert {figure["kind"] for figure in figures} == {"band", "percentiles", "mean"}
    for figure in figures:
        assert set(figure) == KEYS
        assert figure["basis"] in {"base", "target_variable", "ote", "actual_cash", "total_compensation",
                                   "fully_loaded_cost", "wage"}  # fmt: skip
        assert figure["source_name"] == facts.source(figure["source"]).label
        assert figure["url"].startswith("https://")
        assert figure["date"]
        assert all(isinstance(value, float) for value in figure["amounts"].values())
        assert (figure["adjusted"] is None) == (figure["kind"] == "mean")
        if figure["adjusted"]:
            moved = {name: value * figure["factor"] for name, value in figure["amounts"].items()}
            assert figure["adjusted"]["amounts"] == pytest.approx(moved)
            assert [step["name"] for step in figure["steps"]] == ["place", "date"]


def test_json_matches_the_library() -> None:
    (row,) = data("--role", "senior_csm", "--basis", "ote", "--area", "Denver", "--exponent", "1")["roles"]
    (band,) = bands("senior_csm", "ote")
    moved = Market(find_area("Denver"), exponent=1).adjust(band)
    (figure,) = row["figures"]
    assert figure["amounts"] == {"low": band.low, "high": band.high}
    assert figure["factor"] == moved.factor == find_area("Denver").index
    assert figure["adjusted"]["amounts"] == {"low": moved.figure.low, "high": moved.figure.high}
    assert figure["adjusted"]["place"] == "Denver-Aurora-Centennial, CO"
    assert (figure["steps"][0]["name"], figure["steps"][0]["why"]) == ("place", moved.steps[0].why)


def test_metropolitan_area_wins_over_a_state_of_the_same_name() -> None:
    def kind(name: str) -> str:
        return data("--role", "csm", "--area", name)["market"]["place"]["kind"]

    assert (kind("New York"), kind("NY"), kind("New York state"), kind("Portland, ME")) == (
        "metro",
        "state",
        "state",
        "metro",
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--area", "Portland"],
            f"--area: 'Portland' matches more than one area: {PORTLANDS}. Enter one of these names.",
        ),
        (["--area", "Atlantis"], "--area: No US area is called 'Atlantis'. "),
        (["--role", "cms"], "--role: There is no role 'cms'; did you mean csm"),
        (["--basis", "bse"], "--basis: There is no basis 'bse'; did you mean base?"),
        (["--basis", "x"], "--basis: There is no basis 'x'; allowed: base, target_variable, ote, actual_cash, total"),
        (["--area", "Austin", "--exponent", "3"], "--exponent must be from 0 to 2. You entered 3.0."),
        (["--exponent", "0.5"], "--area: An exponent needs a place. Enter one, or leave out the exponent."),
        (
            ["--specialism", "lots"],
            "--specialty must be a plain number or a percent, such as 0.2",
        ),
        (["--specialism", "20"], "--specialty must be from 0 to 1. You entered 20.0."),
        (["--rate", "nan"], "--rate must be a plain number or a percent, such as 0.2 or 20%. You entered 'nan'."),
        (["--rate", "3%"], "--date: Annual pay growth needs a date. Enter a date, or leave out the rate."),
        (["--date", "July 2026"], "--date must be a date such as 2026-01-31. You entered 'July 2026'."),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_invalid_options_are_refused_in_a_sentence(arguments: list[str], sentence: str, form: list[str]) -> None:
    (said,) = errors_of("bands", *arguments, *form)
    assert said.startswith(sentence)


def test_every_unreadable_number_is_named() -> None:
    said = errors_of("bands", "--rate", "x", "--exponent", "y", "--date", "z")
    assert [line.split()[0] for line in said] == ["--exponent", "--rate", "--date"]


def test_date_without_a_rate_changes_no_figure() -> None:
    (row,) = data("--role", "cs_vp", "--basis", "ote", "--date", dt.date(2026, 7, 1).isoformat())["roles"]
    assert [figure["factor"] for figure in row["figures"]] == [1.0]
    assert "730 days from 2024-07-01 to 2026-07-01 at 0% a year." in row["figures"][0]["steps"][0]["why"]


def test_results_list_every_measure_with_its_sources() -> None:
    text = output_of("bands", "--results")
    for measure in catalog().values():
        assert f"{measure.name} ({measure.key})" in text
    row = next(line for line in text.splitlines() if "aleph-benchmarkit-2026" in line and "Median" in line)
    assert re.split(r"  +", row)[:5] == [
        "Median",
        "84%",
        "B2B software and AI-native companies",
        "2025",
        "342 companies",
    ]
    for key in {row["source"] for row in facts.table("retention_benchmarks")}:
        assert f"{key}: {facts.source(key).label}" in text


def test_results_as_json_have_the_figures_of_the_table() -> None:
    rows = json.loads(output_of("bands", "--results", "--json"))["measures"]
    assert [row["measure"] for row in rows] == [*catalog(), None]
    table = facts.table("retention_benchmarks")
    figures = [figure for row in rows for figure in row["figures"]]
    assert len(figures) == len(table)
    assert all(figure["url"] and figure["source_name"] and figure["year"] for figure in figures)
    (net,) = json.loads(output_of("bands", "--results", "--measure", "nrr", "--json"))["measures"]
    stated = {(one["source"], one["low"], one["high"], one["over"]) for one in net["figures"]}
    assert {("drury-2020", 1.2, None, True), ("resumegeni-2026", 1.1, 1.3, False)} <= stated
    assert (net["usual"]["low"], net["usual"]["high"], net["usual"]["source"]) == (1.0, 1.1, "saas-capital-2023")
    assert (net["starts_at"], net["start_is_assumed"]) == (1.05, False)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--results", "--measure", "nr"], "--measure: There is no measure 'nr'; did you mean nrr?"),
        (["--results", "--role", "csm"], "--role applies to market pay and not to results. Leave it out."),
        (["--measure", "nrr"], "--measure needs --results. Market pay has no measure; add --results."),
    ],
)
def test_options_that_do_not_fit_results_are_refused(arguments: list[str], sentence: str) -> None:
    assert errors_of("bands", *arguments) == [sentence]
