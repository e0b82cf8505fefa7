"""The facts that are shipped: every one has a source, and what they say hangs together."""

from __future__ import annotations

import csv
import re
import zipfile
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from compplan import facts, roster, shipped
from compplan.review import rules

DATA = Path(__file__).resolve().parents[1] / "data"
MANIFEST = "manifest.csv"

MEASURES = {
    "grr",
    "grr_opening",
    "nrr",
    "logo_retention",
    "renewal_rate",
    "expansion_arr",
    "csat",
    "csat_top_box",
    "nps",
    "ces",
    "adoption",
    "licence_utilisation",
    "time_to_value",
    "pipeline",
    "advocacy",
    "activity",
    "mbo",
    "customer_outcome",
    "health_score",
    "team_result",
    "company_result",
    "multi_year_renewals",
}
ROLES = {
    "associate_csm",
    "csm",
    "senior_csm",
    "strategic_csm",
    "cs_manager",
    "cs_director",
    "cs_vp",
    "renewals_manager",
    "onboarding",
    "cse",
    "cs_ops",
    "account_manager",
}
SEGMENTS = {"smb", "digital", "mid_market", "enterprise", "strategic"}

# base from, base to, OTE from, OTE to
KNOWUP_BANDS = {
    "associate_csm": (55_000, 75_000, 70_000, 90_000),
    "csm": (75_000, 95_000, 90_000, 120_000),
    "senior_csm": (95_000, 120_000, 120_000, 155_000),
    "cs_manager": (100_000, 130_000, 125_000, 160_000),
    "cs_director": (130_000, 170_000, 165_000, 210_000),
    "cs_vp": (175_000, 230_000, 220_000, 300_000),
}


def read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


FILES = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file())
TABLES = [name for name in FILES if name.endswith(".csv") and "/" not in name]
KEYS = {row["key"] for row in read("sources.csv")}


def cited(name: str) -> set[str]:
    """Source keys that a file cites."""
    if name.startswith("samples/"):
        return {"compplan-sample"}
    if not name.endswith(".csv"):
        text = (DATA / name).read_text(encoding="utf-8")
        return set(re.findall(r"^ +source: *[\"']?([\w-]+)", text, re.MULTILINE))
    if name == MANIFEST:
        return set()
    return {
        text
        for row in read(name)
        for column, text in row.items()
        if text and (column == "source" or column.endswith("_source"))
    }


def rows_of(name: str) -> int:
    """How many rows a file has below its headings; a plan is one."""
    if name.startswith("samples/roster"):
        counts = roster.read_file(DATA / name).counts
        return counts.rows - counts.heading
    return len(read(name)) if name.endswith(".csv") else 1


def text_of(name: str) -> str:
    """All text of a file, of a workbook that of its parts."""
    if not name.endswith(".xlsx"):
        return (DATA / name).read_text(encoding="utf-8")
    with zipfile.ZipFile(DATA / name) as archive:
        return " ".join(archive.read(part).decode("utf-8") for part in archive.namelist())


def number(text: str) -> float | None:
    return float(text) if text else None


# --- files, manifest, bibliography -----------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_plain_csv(name: str) -> None:
    raw = (DATA / name).read_bytes()
    assert raw.endswith(b"\n")
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    header, *rows = list(csv.reader(raw.decode("utf-8").splitlines(keepends=True), strict=True))
    assert len(header) == len(set(header))
    assert [row for row in rows if len(row) != len(header)] == []
    assert [text for row in rows for text in row if text != text.strip()] == []


def test_the_manifest_and_the_folder_hold_the_same_files() -> None:
    listed = [row["file"] for row in read(MANIFEST)]
    assert sorted(listed) == FILES


@pytest.mark.parametrize("row", read(MANIFEST), ids=lambda row: row["file"])
def test_a_line_of_the_manifest_is_true(row: dict[str, str]) -> None:
    name = row["file"]
    assert row["title"]
    assert row["licence"]
    assert int(row["rows"]) == rows_of(name)
    assert row["sources"].split() == sorted(cited(name))


@pytest.mark.parametrize("name", FILES)
def test_every_source_is_in_the_bibliography(name: str) -> None:
    assert cited(name) - KEYS == set()


def test_every_source_is_cited_somewhere() -> None:
    by_rules = {rule.source for rule in rules().values()}
    assert by_rules - KEYS == set()
    assert KEYS - by_rules - set().union(*map(cited, FILES)) == set()


@pytest.mark.parametrize("row", read("sources.csv"), ids=lambda row: row["key"])
def test_a_source_can_be_looked_up(row: dict[str, str]) -> None:
    kinds = "survey blog glossary statistics handbook slides research law dataset judgement"
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["key"])
    assert row["kind"] in kinds.split()
    assert re.fullmatch(r"(\d{4})?", row["year"])
    assert row["publisher"]
    assert row["title"]
    assert row["licence"]
    assert row["care"]
    if row["kind"] == "judgement":
        assert row["url"] == ""
        return
    assert re.fullmatch(r"https://[^\s,;|<>\"']+", row["url"])
    assert row["url"].count("://") == 1
    assert "." in (urlsplit(row["url"]).hostname or "")


def test_keys_are_unique() -> None:
    for name in TABLES:
        rows = read(name)
        for column in {"key", "id", "file"} & set(rows[0]):
            keys = [row[column] for row in rows]
            assert len(keys) == len(set(keys)), name
    views = [(row["measure"], row["source"]) for row in read("measure_views.csv")]
    assert len(views) == len(set(views))
    mixes = [(row["role"], row["source"]) for row in read("pay_mix.csv")]
    assert len(mixes) == len(set(mixes))


@pytest.mark.parametrize("name", FILES)
def test_no_file_tells_how_the_work_was_organised(name: str) -> None:
    text = text_of(name)
    assert re.findall(r"\bseeds?\b|\b(?:theory|design|style)\.md|/work\b|\.txt\b", text, re.IGNORECASE) == []


def test_fractions_are_fractions() -> None:
    shares = [(row["variable_low"], row["variable_high"]) for row in read("pay_mix.csv")]
    assert all(0 < float(low) <= float(high) < 1 for low, high in shares)


# --- measures, roles, segments ---------------------------------------------------------------------------


def test_the_keys_that_plans_use_are_all_there() -> None:
    assert {row["key"] for row in read("measures.csv")} == MEASURES
    assert {row["key"] for row in read("roles.csv")} == ROLES
    assert {row["key"] for row in read("segments.csv")} == SEGMENTS


@pytest.mark.parametrize("row", read("measures.csv"), ids=lambda row: row["key"])
def test_a_measure_is_whole(row: dict[str, str]) -> None:
    families = "retention expansion satisfaction adoption onboarding activity advocacy pipeline objective outcome"
    assert row["family"] in [*families.split(), "company"]
    assert row["unit"] in ["share", "money", "count", "days", "score", "points", "ratio"]
    assert row["kind"] in {"level", "flow"}
    assert row["better"] in {"more", "less"}
    assert row["true_zero"] in {"yes", "no"}
    assert row["name"]
    assert row["short"]
    assert row["definition"].endswith(".")
    assert row["formula"]

    low, high = number(row["low"]), number(row["high"])
    usual_low, usual_high = number(row["usual_low"]), number(row["usual_high"])
    if low is not None and high is not None:
        assert low < high
    assert (usual_low is None) == (usual_high is None)
    if usual_low is not None and usual_high is not None:
        assert usual_low < usual_high
        assert row["usual_note"]
        assert low is None or low <= usual_low
        assert high is None or usual_high <= high
    assert bool(row["usual_note"]) == bool(row["usual_source"])

    # A flow is money or a count, and its spread goes with its target.
    assert (row["kind"] == "flow") == (row["unit"] in {"money", "count"})
    assert row["spread_kind"] == ("of_target" if row["kind"] == "flow" else "absolute")
    assert float(row["spread"]) > 0
    assert row["spread_source"]
    # Attainment needs a zero that means nothing, and more to be better.
    if row["true_zero"] == "yes":
        assert (low, row["better"]) == (0, "more")


def test_only_what_a_definition_bounds_is_bounded() -> None:
    above = {row["key"]: (row["low"], row["high"]) for row in read("measures.csv") if row["high"]}
    shares = ["grr", "grr_opening", "logo_retention", "renewal_rate", "licence_utilisation", "csat_top_box"]
    assert above == dict.fromkeys(shares, ("0", "1")) | {"csat": ("1", "5"), "nps": ("-100", "100")}


def test_views_speak_of_measures_that_exist() -> None:
    for row in read("measure_views.csv"):
        assert row["measure"] in MEASURES
        assert row["stance"] in {"pay", "conditional", "avoid"}
        assert row["for"] or row["against"]
        assert row["stance"] != "conditional" or row["condition"]


def test_the_sources_disagree_and_the_table_shows_it() -> None:
    stance = {(row["measure"], row["source"]): row["stance"] for row in read("measure_views.csv")}
    assert stance["expansion_arr", "knowup"] == "pay"
    assert stance["expansion_arr", "tsia-2022"] == "conditional"
    assert stance["expansion_arr", "drury-2020"] == "avoid"
    assert stance["nps", "totango-2021"] == "pay"
    assert stance["nps", "drury-2020"] == "avoid"


def test_a_ladder_goes_up_within_its_track() -> None:
    roles = {row["key"]: row for row in read("roles.csv")}
    for row in roles.values():
        assert row["track"] in {"individual", "management", "operations"}
        if row["next"]:
            above = roles[row["next"]]
            assert above["track"] == row["track"]
            assert int(above["rank"]) == int(row["rank"]) + 1
    off_the_ladder = {key for key, row in roles.items() if not row["rank"]}
    assert off_the_ladder == {"renewals_manager", "onboarding", "cse", "cs_ops", "account_manager"}


def test_levels_name_known_roles_and_ordered_ranges() -> None:
    for row in read("role_levels.csv"):
        assert row["role"] in ROLES
        assert row["segment"] in SEGMENTS | {""}
        ranges = [
            (number(row[f"{what}_low"]), number(row[f"{what}_high"])) for what in ("experience", "accounts", "people")
        ]
        assert any(end is not None for pair in ranges for end in pair)
        assert all(low <= high for low, high in ranges if low is not None and high is not None)


def test_every_account_of_a_role_keeps_its_row() -> None:
    found = {
        (row["role"], row["segment"], row["accounts_low"], row["accounts_high"])
        for row in read("role_levels.csv")
        if row["source"] == "resumegeni-2026"
    }
    assert {("strategic_csm", "strategic", "3", "8"), ("strategic_csm", "strategic", "1", "3")} <= found
    assert {("csm", "enterprise", "5", "12"), ("csm", "enterprise", "3", "8")} <= found
    spans = {
        row["source"]: (row["people_low"], row["people_high"])
        for row in read("role_levels.csv")
        if row["role"] == "cs_manager"
    }
    assert spans == {"knowup": ("5", "8"), "resumegeni-2026": ("4", "8")}


# --- pay -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", read("pay.csv"), ids=lambda row: row["id"])
def test_a_pay_figure_is_whole(row: dict[str, str]) -> None:
    bases = "base target_variable ote total_compensation fully_loaded_cost actual_cash wage"
    assert row["role"] in ROLES | {""}
    assert row["segment"] in SEGMENTS | {""}
    assert row["basis"] in bases.split()
    assert row["statistic"] in ["range", "median", "mean", "p10", "p25", "p75", "p90"]
    assert row["unit"] == "USD"
    assert row["how"] in {"reported", "survey", "computed", "illustrative"}
    assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", row["as_of"])
    assert row["source"]
    assert row["note"]
    if row["statistic"] == "range":
        assert float(row["low"]) < float(row["high"])
        assert row["value"] == ""
    else:
        assert float(row["value"]) > 0
        assert (row["low"], row["high"]) == ("", "")
    assert bool(row["ci_low"]) == bool(row["ci_high"])
    if row["ci_low"]:
        assert float(row["ci_low"]) < float(row["ci_high"])
    comparable = {"base", "target_variable", "ote"}
    assert row["like_ote"] in {"yes", "no"}
    assert row["like_ote"] == "no" or row["basis"] in comparable


def test_knowup_bands_are_as_published() -> None:
    found = {
        (row["role"], row["basis"]): (float(row["low"]), float(row["high"]))
        for row in read("pay.csv")
        if row["source"] == "knowup"
    }
    expected = {(role, "base"): band[:2] for role, band in KNOWUP_BANDS.items()}
    expected |= {(role, "ote"): band[2:] for role, band in KNOWUP_BANDS.items()}
    assert found == expected


def test_the_figures_that_are_no_ote_are_as_published_and_marked() -> None:
    found = {
        (row["source"], row["basis"], row["statistic"]): float(row["value"])
        for row in read("pay.csv")
        if row["like_ote"] == "no" and row["basis"] != "actual_cash"
    }
    assert found == {
        ("tsia-2022", "fully_loaded_cost", "mean"): 141_800,
        ("levels-fyi-2026", "total_compensation", "p25"): 87_000,
        ("levels-fyi-2026", "total_compensation", "median"): 132_000,
        ("levels-fyi-2026", "total_compensation", "p75"): 193_000,
        ("levels-fyi-2026", "total_compensation", "p90"): 247_387,
        ("bls-oews-2024-05", "wage", "median"): 42_830,
    }


def test_percentiles_of_one_distribution_rise() -> None:
    order = ["p10", "p25", "median", "p75", "p90"]
    series: dict[tuple[str, ...], dict[str, float]] = {}
    for row in read("pay.csv"):
        if row["statistic"] in order:
            key = (row["source"], row["role"], row["segment"], row["basis"], row["place"], row["as_of"])
            series.setdefault(key, {})[row["statistic"]] = float(row["value"])
    for points in series.values():
        values = [points[name] for name in order if name in points]
        assert all(low < high for low, high in pairwise(values))


@pytest.mark.parametrize("name", ["samples/roster.csv", "samples/roster.xlsx"])
def test_a_sample_says_on_every_row_that_nobody_in_it_exists(name: str) -> None:
    reading = roster.read_file(DATA / name)
    assert set(reading.other["Note"]) == {"invented person"}
    (line,) = (row for row in read(MANIFEST) if row["file"] == name)
    assert "invented" in line["title"]


def test_the_invented_accounts_say_so_on_every_row() -> None:
    assert {row["Note"] for row in read("samples/accounts.csv")} == {"invented account"}


def test_no_pay_is_invented_where_none_is_published() -> None:
    unpublished = {"renewals_manager", "onboarding", "cse", "cs_ops", "account_manager", "strategic_csm"}
    assert {row["role"] for row in read("pay.csv")} & unpublished == set()


def test_pay_mixes_are_whole() -> None:
    for row in read("pay_mix.csv"):
        assert row["role"] in ROLES
        assert row["of"] in {"ote", "base"}
        assert row["how"] in {"reported", "survey", "computed", "illustrative"}
        assert (row["how"] == "illustrative") == (row["source"] == "compplan")
        assert row["note"]


def test_computed_mixes_follow_from_the_bands() -> None:
    computed = {row["role"]: row for row in read("pay_mix.csv") if row["how"] == "computed"}
    assert set(computed) == set(KNOWUP_BANDS)
    for role, (base_low, base_high, ote_low, ote_high) in KNOWUP_BANDS.items():
        share = 1 - (base_low + base_high) / (ote_low + ote_high)
        assert float(computed[role]["variable_low"]) == pytest.approx(share, abs=5e-5)
        assert computed[role]["variable_low"] == computed[role]["variable_high"]


# --- the loader ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name.removesuffix(".csv") for name in TABLES])
def test_the_loader_reads_every_table(name: str) -> None:
    assert list(facts.table(name)) == read(f"{name}.csv")


def test_a_reader_cannot_change_the_facts() -> None:
    facts.table("roles")[0]["name"] = "changed"
    assert facts.table("roles")[0]["name"] != "changed"


@pytest.mark.parametrize(
    "name", ["pays", "../pyproject", "plans/knowup-csat-gate", "samples/roster", "roster", "", "pay.csv"]
)
def test_an_unlisted_table_is_refused_by_name(name: str) -> None:
    with pytest.raises(LookupError, match=re.escape(repr(name))):
        facts.table(name)


def test_a_refusal_says_what_there_is() -> None:
    with pytest.raises(LookupError, match=r"did you mean pay, pay_mix or "):
        facts.table("pays")
    with pytest.raises(
        LookupError, match=f"there are {', '.join(sorted(name.removesuffix('.csv') for name in TABLES))}"
    ):
        facts.table("x")
    with pytest.raises(LookupError, match=r"No source 'drury' .* did you mean drury-2020\?"):
        facts.source("drury")


def test_a_source_is_named_by_publisher_title_and_year() -> None:
    assert facts.source("drury-2020").label == "Russ Drury, How to Compensate Customer Success Managers (2020)"
    assert facts.source("sourcegraph-handbook").label.endswith(" (undated)")


def test_a_wheel_finds_its_files_inside_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert shipped.shipped("data", "pay.csv") == DATA / "pay.csv"
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path / "compplan")
    assert shipped.shipped("data", "pay.csv") == tmp_path / "compplan" / "_shipped" / "data" / "pay.csv"
