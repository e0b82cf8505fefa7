"""Market data files: complete, with sources, and equal to their sources."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest

from compplan import facts
from compplan.benchmarks.published_results import STATISTIC_NAMES

DATA = Path(__file__).resolve().parents[2] / "data"
KEYS = {row["key"] for row in facts.table("sources")}
MARKET = [
    "wage_index",
    "wage_elasticity",
    "oews_tech",
    "retention_benchmarks",
    "book_dispersion",
    "pay_transparency",
    "premiums",
]
PAY = {row["id"]: row for row in facts.table("pay")}


def number(text: str) -> float | None:
    return float(text) if text else None


@pytest.mark.parametrize("name", [*MARKET, "pay", "pay_mix"])
def test_every_row_has_a_source(name: str) -> None:
    rows = facts.table(name)
    assert rows
    columns = [column for column in rows[0] if column == "source" or column.endswith("_source")]
    assert columns
    assert {row[column] for row in rows for column in columns} <= KEYS


@pytest.mark.parametrize("name", MARKET)
def test_every_table_is_in_the_manifest(name: str) -> None:
    (line,) = (row for row in facts.table("manifest") if row["file"] == f"{name}.csv")
    assert int(line["rows"]) == len(facts.table(name))
    assert line["sources"]


def test_unreliable_sources_are_not_cited() -> None:
    text = " ".join(path.read_text(encoding="utf-8") for path in DATA.rglob("*") if path.suffix in {".csv", ".yaml"})
    assert re.findall(r"pulserevops|careerclimb", text, re.IGNORECASE) == []


# --- pay -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [row for row in PAY.values() if row["n"]], ids=lambda row: row["id"])
def test_few_answers_have_only_the_median(row: dict[str, str]) -> None:
    # A median of one or two people would reveal the pay of one person.
    assert int(row["n"]) >= 3
    if int(row["n"]) < 8:
        assert row["statistic"] == "median"
        assert (row["ci_low"], row["ci_high"]) == ("", "")
        assert "median only" in row["note"]


@pytest.mark.parametrize(
    ("of", "n", "values", "interval"),
    [
        ("ask-a-manager-2019-csm-base", 19, (52_600, 56_125, 80_000, 112_500, 128_000), (69_000, 107_000)),
        ("ask-a-manager-2021-csm-base", 40, (60_000, 68_000, 85_250, 111_250, 128_700), (77_500, 92_500)),
        ("ask-a-manager-2023-csm-base", 21, (60_000, 70_000, 86_800, 105_000, 130_000), (72_000, 100_000)),
        ("ask-a-manager-csm-base", 61, (60_000, 69_000, 85_500, 110_000, 130_000), (80_000, 90_300)),
        ("ask-a-manager-senior_csm-base", 20, (79_131, 85_000, 101_875, 127_000, 135_500), (94_500, 117_500)),
        ("ask-a-manager-cs_director-actual_cash", 19, (82_800, 115_000, 139_000, 185_000, 205_200), (122_000, 176_000)),
        ("ask-a-manager-all-actual_cash", 129, (63_600, 78_000, 108_000, 148_000, 180_050), (98_000, 115_000)),
    ],
)
def test_survey_percentiles_match_their_computation(
    of: str, n: int, values: tuple[int, ...], interval: tuple[int, int]
) -> None:
    rows = [PAY[f"{of}-{statistic}"] for statistic in ("p10", "p25", "median", "p75", "p90")]
    assert [float(row["value"]) for row in rows] == list(values)
    assert {int(row["n"]) for row in rows} == {n}
    median = rows[2]
    assert (float(median["ci_low"]), float(median["ci_high"])) == interval


def test_published_means_match_their_sources() -> None:
    values = {row_id: float(row["value"]) for row_id, row in PAY.items() if row_id.startswith(("gainsight-", "glide-"))}
    assert values == {
        "gainsight-2015-specialist-base": 61_000,
        "gainsight-2015-specialist-target_variable": 8_000,
        "gainsight-2015-associate-base": 52_000,
        "gainsight-2015-associate-target_variable": 15_000,
        "gainsight-2015-manager-base": 92_000,
        "gainsight-2015-manager-target_variable": 22_000,
        "gainsight-2015-director-base": 128_000,
        "gainsight-2015-director-target_variable": 37_000,
        "gainsight-2015-vp-base": 177_000,
        "gainsight-2015-vp-target_variable": 41_000,
        "gainsight-2015-cxo-base": 265_000,
        "gainsight-2015-cxo-target_variable": 94_000,
        "glide-2016-csm-cash-median": 69_000,
    }


def test_variable_shares_have_the_number_of_answers() -> None:
    rows = [row for row in facts.table("pay_mix") if row["source"].startswith("ask-a-manager")]
    assert rows
    for row in rows:
        n, share = int(row["n"]), float(row["share_with_any"])
        low, median, high = (float(row[name]) for name in ("variable_low", "median", "variable_high"))
        assert (row["of"], row["how"]) == ("base", "survey")
        assert low <= median <= high
        assert 0 < share <= 1
        if round(n * share) < 8:
            assert low == median == high
            assert "the median only" in row["note"]
    csm = next(row for row in rows if (row["role"], row["source"]) == ("csm", "ask-a-manager"))
    assert [csm[name] for name in ("n", "share_with_any", "variable_low", "median", "variable_high")] == [
        "61",
        "0.705",
        "0.097",
        "0.14",
        "0.197",
    ]


# --- wages -----------------------------------------------------------------------------------------------


def test_wage_index_has_every_area_once() -> None:
    rows = facts.table("wage_index")
    assert len({row["code"] for row in rows}) == len({(row["kind"], row["name"]) for row in rows}) == len(rows) == 583
    kinds = [row["kind"] for row in rows]
    assert {kind: kinds.count(kind) for kind in kinds} == {"national": 1, "state": 54, "metro": 393, "nonmetro": 135}


@pytest.mark.parametrize("kind", ["national", "state", "metro", "nonmetro"])
def test_wage_index_rows_are_complete(kind: str) -> None:
    for row in facts.table("wage_index"):
        if row["kind"] != kind:
            continue
        assert re.fullmatch(r"\d{7}", row["code"])
        assert re.fullmatch(r"[A-Z]{2}" if kind != "national" else "", row["state"])
        assert 0 <= float(row["ic_coverage"]) <= 1
        assert 0 <= float(row["mgmt_coverage"]) <= 1
        # An area needs wages for at least half of the index weights.
        assert bool(row["ic_index"]) == (float(row["ic_coverage"]) >= 0.5)
        for name in ("ic_index", "mgmt_index", "all_index"):
            value = number(row[name])
            assert value is None or 0.3 < value < 2
        rse = number(row["rse"])
        assert rse is None or 0 < rse < 0.5
        assert int(row["employment"]) > 1_000


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("United States", "1"),
        ("San Jose-Sunnyvale-Santa Clara, CA", "1.5499"),
        ("San Francisco-Oakland-Fremont, CA", "1.3543"),
        ("New York-Newark-Jersey City, NY-NJ", "1.268"),
        ("Austin-Round Rock-San Marcos, TX", "0.9354"),
        ("Mississippi", "0.7212"),
    ],
)
def test_wage_index_of_an_area(name: str, index: str) -> None:
    (row,) = (row for row in facts.table("wage_index") if row["name"] == name)
    assert row["ic_index"] == index


def test_places_of_premiums_are_known_areas() -> None:
    codes = {row["code"]: row["name"] for row in facts.table("wage_index")}
    for row in facts.table("premiums"):
        assert 0 < float(row["low"]) < float(row["high"]) < 1
        assert row["kind"] in {"place", "specialism"}
        assert bool(row["areas"]) == (row["kind"] == "place")
        assert set(row["areas"].split()) <= set(codes)


def test_exponents_match_their_measurement() -> None:
    rows = facts.table("wage_elasticity")
    exponents = {(row["sample"], row["areas"], row["index"]): (row["exponent"], row["se"], row["n"]) for row in rows}
    assert exponents == {
        ("customer_success", "metro", "ic_index"): ("0.69", "0.19", "142"),
        ("customer_success", "metro", "all_index"): ("0.39", "0.21", "142"),
        ("customer_success", "state", "ic_index"): ("0.41", "0.22", "174"),
        ("customer_success", "state", "all_index"): ("0.13", "0.19", "174"),
        ("with_adjacent", "metro", "ic_index"): ("0.67", "0.09", "951"),
        ("with_adjacent", "metro", "all_index"): ("0.6", "0.09", "951"),
        ("with_adjacent", "state", "ic_index"): ("0.48", "0.09", "1291"),
        ("with_adjacent", "state", "all_index"): ("0.34", "0.08", "1291"),
    }
    assert [row["exponent"] for row in rows if row["default"] == "yes"] == ["0.67"]


def test_technology_wages_are_complete_and_increase() -> None:
    rows = facts.table("oews_tech")
    assert len({(row["industry"], row["soc"]) for row in rows}) == len(rows)
    for row in rows:
        assert re.fullmatch(r"\d{6}", row["industry"])
        assert re.fullmatch(r"\d\d-\d{4}", row["soc"])
        assert (row["basis"], row["unit"], row["as_of"]) == ("wage", "USD", "2025-05")
        values = [float(row[name]) for name in ("p10", "p25", "median", "p75", "p90") if row[name]]
        assert values
        assert all(low < high for low, high in pairwise(values))
        assert row["topcoded"] in {"yes", "no"}
        # Call center work must not be used as a level of Customer Success.
        assert ("not a level for Customer Success" in row["note"]) == (row["soc"] == "43-4051")


# --- retention -------------------------------------------------------------------------------------------


def test_retention_figures_are_complete() -> None:
    measures = {row["key"] for row in facts.table("measures")}
    rows = facts.table("retention_benchmarks")
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["measure"] in measures | {""}
        assert row["what"]
        assert row["statistic"] in STATISTIC_NAMES
        assert row["unit"] in {"share", "points"}
        assert 0 < float(row["value"]) <= (1.5 if row["unit"] == "share" else 100)
        assert row["reading"] in {"", "over"}
        assert re.fullmatch(r"20\d\d", row["year"])
        assert row["grade"] in {"primary", "secondary", "vendor", "opinion"}
        assert not row["value_high"] or float(row["value"]) < float(row["value_high"])


def test_medians_by_contract_value_match_their_sources() -> None:
    def by_value(source: str, measure: str) -> list[float]:
        return [
            float(row["value"])
            for row in facts.table("retention_benchmarks")
            if (row["source"], row["measure"], row["statistic"]) == (source, measure, "median")
        ]

    assert by_value("saas-capital-2023", "nrr") == [1, 1.02, 1.03, 1.05, 1.07, 1.10]
    assert by_value("saas-capital-2023", "grr_opening") == [0.90, 0.90, 0.92, 0.93, 0.93, 0.93]
    assert by_value("saas-capital-2022", "nrr") == [1, 1.01, 1.05, 1.05, 1.06, 1.06]
    assert by_value("saas-capital-2022", "grr_opening") == [0.90, 0.92, 0.92, 0.92, 0.95, 0.95]


def test_larger_books_vary_less() -> None:
    for accounts in ("all", "established"):
        rows = [row for row in facts.table("book_dispersion") if row["accounts"] == accounts]
        assert [int(row["book_size"]) for row in rows] == [10, 20, 30, 50, 100, 200]
        for what in ("grr", "nrr"):
            spreads = [float(row[f"{what}_sd"]) for row in rows]
            assert all(small > large for small, large in pairwise(spreads))
            for row in rows:
                assert float(row[f"{what}_p10"]) < float(row[f"{what}_p50"]) < float(row[f"{what}_p90"])
        assert all(0 < float(row["corr_grr_nrr"]) < 1 for row in rows)


# --- laws ------------------------------------------------------------------------------------------------


def test_posting_laws_are_complete() -> None:
    postal = {row["state"] for row in facts.table("wage_index") if row["kind"] == "state"}
    rows = facts.table("pay_transparency")
    assert len({(row["state"], row["source"]) for row in rows}) == len(rows)
    for row in rows:
        assert row["state"] in postal
        assert row["law"] in {"yes", "no"}
        assert (row["law"] == "yes") == bool(row["since"])
        assert not row["since"] or re.fullmatch(r"20\d\d(-\d\d(-\d\d)?)?", row["since"])
        if row["postings"]:
            share = int(row["with_pay"]) / int(row["postings"])
            assert float(row["share_with_pay"]) == pytest.approx(share, abs=6e-4)
    states_with_law = sorted(row["state"] for row in rows if row["law"] == "yes" and row["source"] == "forgeapply-2026")
    assert states_with_law == ["CA", "CO", "DC", "HI", "IL", "MA", "MD", "MN", "NJ", "NY", "VT", "WA"]


def test_tables_are_plain_csv() -> None:
    for name in MARKET:
        raw = (DATA / f"{name}.csv").read_text(encoding="utf-8")
        header, *rows = list(csv.reader(raw.splitlines(), strict=True))
        assert all(len(row) == len(header) for row in rows)
