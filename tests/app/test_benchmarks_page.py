"""The Benchmarks page without a browser: it shows the figures of the library, and no file breaks it."""

from __future__ import annotations

import io
import re
from typing import Any

import pandas as pd
import pytest
from support.pages import PageSession

from compplan import facts, formats, roster
from compplan.benchmarks import (
    Market,
    bands,
    differential,
    find_area,
    local_bands,
    outliers,
    place_people,
    posting_rules,
    posting_text,
    raise_costs,
    reference_bands,
    sheet,
)
from compplan.documents import people_workbook

AUSTIN, NEW_YORK = find_area("Austin").code, find_area("New York").code
SURVEY = (
    b"Job,Base P25,Base P50,Base P75,n,As of,Currency\n"
    b"CSM,$80000,$90000,$101000,44,2026-03,USD\n"
    b"Guru,$70000,$75000,$80000,20,2026-03,USD\n"
)
TEAM = "ID,Name,Title,Manager,Location,Base salary,Sex\n" + "".join(
    f"E{i:02},Person {i},CSM,{'Ada' if i % 2 else 'Bob'},Austin TX,${70_000 + 2_000 * i},{'f' if i < 6 else 'm'}\n"
    for i in range(1, 13)
)


class BenchmarksPage(PageSession):
    """A session on the Benchmarks page."""

    def __init__(self) -> None:
        super().__init__("benchmarks", tab_key="market.tab")

    def choose(self, key: str, value: Any) -> BenchmarksPage:
        return self.enter("selectbox", key, value)

    def type(self, key: str, text: str) -> BenchmarksPage:
        return self.enter("text_input", key, text)


@pytest.fixture
def page() -> BenchmarksPage:
    return BenchmarksPage()


def ends(trace: dict[str, Any]) -> list[tuple[float, float]]:
    """Low and high of each bar of a trace."""
    bars: list[list[float]] = [[]]
    for x in trace["x"]:
        if x is None:
            bars.append([])
        else:
            bars[-1].append(x)
    return [(bar[0], bar[-1]) for bar in bars if bar]


# The market


def test_chart_shows_every_published_band(page: BenchmarksPage) -> None:
    drawn = page.traces("market")
    for basis, name in (("base", "Base pay, KnowUp 2024"), ("ote", "OTE, KnowUp 2024")):
        stated = [(band.low, band.high) for row in sheet() if row.role for band in bands(row.role, basis)]
        assert ends(drawn[name]) == stated
    assert "As published" in page.text
    plan = page.edit.plan
    assert drawn["This plan"]["x"] == [plan.pay.base, plan.pay.ote]
    assert {"Total compensation, levels.fyi 2026", "Wages, US Bureau of Labor Statistics 2024"} <= set(drawn)


def test_place_adjusts_every_band_and_shows_the_factor(page: BenchmarksPage) -> None:
    page.choose("market.place", AUSTIN)
    moved = [one.figure for row in sheet(Market(find_area("Austin"))) if row.role for one in row.bands]
    wanted = [(band.low, band.high) for band in moved if band.basis == "base"]
    for drawn, exact in zip(ends(page.traces("market")["Base pay, KnowUp 2024"]), wanted, strict=True):
        assert drawn == pytest.approx(exact, rel=1e-9)
    assert "Place × 0.9562 (95% interval 0.945 to 0.968): Wages in Austin-Round Rock-San Marcos, TX" in page.text
    assert "$71,718 to $90,843" in page.text


def test_location_adjustment_can_be_set_and_wrong_values_change_nothing(page: BenchmarksPage) -> None:
    page.choose("market.place", AUSTIN).type("market.exponent", "1")
    assert "× 0.9354" in page.text
    for wrong, said in (("seven", "seven"), ("3", "0 to 2")):
        page.type("market.exponent", wrong)
        (problem,) = page.problems
        assert said in problem
        assert page.at.text_input(key="market.exponent").value == wrong, "what was typed stays"
        assert "× 0.9354" in page.text
    page.type("market.exponent", "")
    assert page.problems == []
    assert "× 0.9562" in page.text


def test_location_premium_replaces_the_wage_adjustment(page: BenchmarksPage) -> None:
    page.choose("market.place", NEW_YORK)
    page.type("market.place_premium", "18%")
    assert not [field for field in page.at.text_input if field.key == "market.exponent"]
    assert "Place × 1.18: 18% for New York" in page.text
    page.choose("market.place", AUSTIN)
    assert not [field for field in page.at.text_input if field.key == "market.place_premium"]
    assert "Place × 0.9562" in page.text


def test_specialism_premium_and_data_age(page: BenchmarksPage) -> None:
    page.type("market.specialism", "20%")
    assert "Specialty × 1.2: 20% for a specialty" in page.text
    page.type("market.rate", "3%")
    assert "Enter a date to age the data." in page.captions
    page.at.date_input(key="market.date").set_value(pd.Timestamp("2026-07-01").date())
    page.run()
    assert "730 days from 2024-07-01 to 2026-07-01 at 3% a year." in page.text
    assert "× 1.273" in page.text


def test_role_data_shows_sources_and_limits(page: BenchmarksPage) -> None:
    page.choose("market.role", "csm")
    rows = page.table("$75,000 to $95,000")
    assert rows[1][1:] == ["$75,000 to $95,000", "no change", "", "2024", "US"]
    assert [row[3] for row in rows if "several years together" in row[0] and "Base" in row[0]] == ["61"]
    assert "Cash and equity together." in page.text, "what levels.fyi counts"
    assert "43-4051" in page.text
    page.choose("market.role", "cs_ops")
    assert "None of our sources has a figure for this role." in page.text


def test_role_data_shows_the_variable_share(page: BenchmarksPage) -> None:
    page.choose("market.role", "csm")
    rows = {row[0]: row[1:] for row in page.table("Variable share")}
    (gitlab,) = [cells for name, cells in rows.items() if name.startswith("GitLab")]
    assert gitlab == ["25% of OTE", ""]
    (readers,) = [cells for name, cells in rows.items() if "several years together" in name]
    assert readers[0].startswith("9.7% to 19.7%, median 14% of base; ")
    assert readers[1] == "61"


def test_official_wages_are_shown_with_their_limits(page: BenchmarksPage) -> None:
    rows = page.table("<th>SOC</th>")
    assert len(rows) == 1 + len(facts.table("oews_tech"))
    assert any("No occupation is Customer Success" in caption for caption in page.captions)


def test_ladder(page: BenchmarksPage) -> None:
    page.tab("Ladder")
    rows = page.table("Progression")
    assert rows[1][1:] == ["$65,000", "$85,000", "30.8%", "0%", "none"]
    assert len(rows) == 6


def test_posting_states_the_range_and_the_law(page: BenchmarksPage) -> None:
    page.tab("Job posting").choose("market.state", "CO")
    colorado = Market(find_area("CO"))
    base, ote = (colorado.adjust(bands("csm", basis)[0]).figure for basis in ("base", "ote"))
    assert page.at.code[0].value == posting_text(base, ote)
    # With a place in the state it is the place's.
    page.choose("market.place", find_area("Denver").code)
    denver = Market(find_area("Denver")).adjust(bands("csm", "base")[0]).figure
    assert page.at.selectbox(key="market.state").value == "CO"
    assert page.at.code[0].value.startswith(posting_text(denver).rstrip("."))
    assert "State law requires the pay range in job postings." in page.text
    assert any(posting_rules("CO").caution in caption for caption in page.captions)


def test_states_show_the_factor_of_each_state(page: BenchmarksPage) -> None:
    page.choose("market.place", AUSTIN).tab("States")
    (tiles,) = page.traces("states").values()
    shown = {told.split("<br>")[0]: z for texts, row in zip(tiles["text"], tiles["z"], strict=True)
             for told, z in zip(texts, row, strict=True) if told}  # fmt: skip
    for code in ("CA", "TX", "NY"):
        assert shown[code] == differential(find_area(code)).factor


# People


def with_team(page: BenchmarksPage, content: bytes = TEAM.encode(), name: str = "team.csv") -> BenchmarksPage:
    return page.upload("market.people", name, content).tab("People")


def test_people_are_dots_with_ids_until_names_are_shown(page: BenchmarksPage) -> None:
    with_team(page)
    dots = page.traces("market")["Your people"]
    assert dots["x"] == [70_000 + 2_000 * i for i in range(1, 13)]
    assert dots["text"] == [f"E{i:02}" for i in range(1, 13)]
    assert "Person" not in page.text
    page.at.toggle(key="people.names").set_value(True)
    page.run()
    assert page.traces("market")["Your people"]["text"][0] == "Person 1"


def test_outliers_and_raises_match_the_library(page: BenchmarksPage) -> None:
    with_team(page)
    people = roster.read(TEAM.encode(), "team.csv").people
    local, _ = local_bands(reference_bands("base"), people["place"])
    team = place_people(people, local)
    far = outliers(team)
    assert [row[0] for row in page.table("Compa-ratio")[1:]] == list(far["id"])
    assert [row[-2] for row in page.table("Compa-ratio")[1:]] == [f"{ratio:.3f}" for ratio in far["compa_ratio"]]
    page.tab("Raises")
    wanted = [formats.money(cost, "USD") for cost in raise_costs(team)["cost"]]
    assert [row[4] for row in page.table("Raised")[1:]] == wanted
    page.at.toggle(key="people.local").set_value(False)
    page.run()
    national = raise_costs(place_people(people, reference_bands("base")))
    assert [row[4] for row in page.table("Raised")[1:]] == [formats.money(cost, "USD") for cost in national["cost"]]


def test_manager_filter(page: BenchmarksPage) -> None:
    with_team(page)
    page.at.multiselect(key="people.manager").set_value(["Ada"])
    page.run()
    assert "group compa-ratio" in page.text
    assert "6 people" in page.text


def test_field_can_be_read_from_another_column(page: BenchmarksPage) -> None:
    content = b"ID,Title,Base salary,Wished\nE1,CSM,$80000,$99000\nE2,CSM,$82000,$99000\n"
    with_team(page, content)
    page.at.session_state["people.notes"] = True
    page.run()
    assert page.at.selectbox(key="people.map.base").value == "Base salary"
    assert page.traces("market")["Your people"]["x"] == [80_000.0, 82_000.0]
    page.choose("people.map.base", "Wished")
    assert page.traces("market")["Your people"]["x"] == [99_000.0, 99_000.0]


def test_currency_of_the_people_file_can_be_set(page: BenchmarksPage) -> None:
    with_team(page, b"ID,Title,Base salary\nE1,CSM,80000\nE2,CSM,82000\n")
    assert "The currency is missing; the band is in USD." in page.text
    page.at.session_state["people.notes"] = True
    page.run().choose("people.option.currency", "USD")
    assert page.traces("market")["Your people"]["x"] == [80_000.0, 82_000.0]
    page.choose("people.option.currency", "")
    assert "Your people" not in page.traces("market")


def test_pay_equity_hides_groups_of_fewer_than_five(page: BenchmarksPage) -> None:
    with_team(page).tab("Raises").choose("people.equity", "Sex")
    rows = page.table("Ratio")[1:]
    assert [row[2:4] for row in rows] == [["f", "5"], ["m", "7"]]
    few = TEAM.replace(",f\n", ",x\n", 1)
    other = with_team(BenchmarksPage(), few.encode()).tab("Raises").choose("people.equity", "Sex")
    assert {row[2]: row[3:6] for row in other.table("Ratio")[1:]}["a small group"] == ["fewer than 5", "–", "–"]


def test_sample_team(page: BenchmarksPage) -> None:
    page.at.button(key="market.sample").click()
    page.run().tab("People")
    reading = roster.read(roster.sample("csv"), "invented-team.csv")
    assert f"{reading.counts.people} people" in page.text
    assert all(line in page.text for line in reading.account().lines())
    assert "Not compared with a band" in " ".join(heading.value for heading in page.at.subheader)


def test_workbook_contains_what_the_page_shows(page: BenchmarksPage) -> None:
    with_team(page)
    state = page.at.session_state["compplan.benchmarks"]
    team = state.team()
    on = pd.Timestamp("2026-09-01").date()
    book = pd.read_excel(
        io.BytesIO(people_workbook(team.people, team.bands, market=["x"], on=on)), sheet_name=None, engine="calamine"
    )
    assert list(book) == ["People", "Outliers", "Raises", "Compression", "Roles", "Bands", "About"]
    assert "Name" not in book["People"].columns
    assert book["People"]["Pay"].tolist() == team.people["pay"].tolist()
    assert book["Raises"]["Cost"].tolist() == raise_costs(team.people)["cost"].tolist()
    assert book["People"]["Compa-ratio"].tolist() == pytest.approx(team.people["compa_ratio"].tolist())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("team.csv", b""),
        ("team.csv", b"%PDF-1.7 nothing"),
        ("team.xlsx", b"PK\x03\x04 not a workbook"),
        ("team.csv", b"a,b,c\n1,2,3\n"),
        ("team.csv", b",".join(b"c" for _ in range(16_384)) + b"\n"),
        ("../../etc/passwd<script>.csv", b"\x00\x01\x02"),
    ],
)
def test_unreadable_people_file_gets_a_sentence_and_keeps_the_people(
    page: BenchmarksPage, name: str, content: bytes
) -> None:
    with_team(page)
    before = page.traces("market")["Your people"]
    page.upload("market.people", name, content)
    (problem,) = page.problems
    assert problem.endswith(".")
    assert page.traces("market")["Your people"] == before
    assert not any("<script>" in element.proto.body for element in page.at.get("html"))


def test_formulas_and_markup_in_a_roster_stay_text(page: BenchmarksPage) -> None:
    evil = '[win](http://evil.example) <img src=x onerror="alert(1)"> ![x](http://evil.example/y.png)'
    content = f'ID,Title,Location,Base salary,Team\n"{evil}",CSM,"{evil}",70000,"{evil}"\nE2,CSM,Austin,71000,a\n'
    with_team(page, content.encode()).tab("Raises")
    bodies = [element.proto.body for element in page.at.get("html")]
    assert not any("<img" in body or 'href="http://evil' in body for body in bodies)
    told = page.captions
    assert not any(re.search(r"(?<!\\)\]\(http", one) for one in told)


# A survey of one's own


def test_survey_is_shown_and_replaces_published_bands_by_role(page: BenchmarksPage) -> None:
    page.upload("market.survey", "radford.csv", SURVEY)
    assert page.problems == []
    assert page.at.selectbox(key="survey.role.0").value == "csm"
    assert page.at.selectbox(key="survey.role.1").value is None
    assert any("Your survey" in name for name in page.traces("market"))
    page.choose("survey.role.1", "senior_csm")
    page.at.multiselect(key="survey.holds").set_value(["csm"])
    page.run().tab("Ladder")
    assert page.table("Progression")[1][2] == "$90,500", "the middle of its P25 and P75"


def test_options_of_a_survey_can_be_set(page: BenchmarksPage) -> None:
    page.upload("market.survey", "ours.csv", SURVEY.replace(b",USD", b",").replace(b"Base ", b""))
    assert page.problems
    page.choose("survey.option.currency", "USD").choose("survey.option.basis", "base")
    assert page.problems == []
    assert any("Your survey" in name for name in page.traces("market"))


def test_columns_of_a_survey_can_be_named(page: BenchmarksPage) -> None:
    content = b"Survey match,Currency,Mkt 25,Mkt 50,Mkt 75\nCSM,USD,86000,95000,108000\n"
    page.upload("market.survey", "ours.csv", content)
    assert any("The first row with several cells has 'Survey match', 'Currency'" in text for text in page.problems)
    lines = "Survey match = role\nMkt 25 = base p25\nMkt 50 = base p50\nMkt 75 = base p75"
    page.at.text_area(key="survey.option.columns").set_value(lines)
    page.run()
    assert page.at.selectbox(key="survey.role.0").value == "csm"


def test_unreadable_survey_gets_a_sentence(page: BenchmarksPage) -> None:
    page.upload("market.survey", "x.csv", b"hello\n")
    assert len(page.problems) == 1
    page.upload("market.survey", "radford.csv", SURVEY)
    assert page.problems == []


def test_a_survey_of_base_pay_alone_leaves_the_published_ote(page: BenchmarksPage) -> None:
    with_team(page.upload("market.survey", "radford.csv", SURVEY))
    page.at.multiselect(key="survey.holds").set_value(["csm"])
    page.run()
    page.at.segmented_control(key="people.basis").set_value("ote")
    page.run()
    told = page.captions
    assert any("no single band of OTE for Customer Success Manager" in one for one in told)
    page.tab("Job posting")
    assert "Base pay: $" in page.at.code[0].value


def test_role_off_the_ladder_adds_no_step(page: BenchmarksPage) -> None:
    content = b"Job,Base P25,Base P50,Base P75,n,As of,Currency\nCS Ops,$70000,$75000,$80000,20,2026-03,USD\n"
    page.upload("market.survey", "ours.csv", content).choose("survey.role.0", "cs_ops")
    page.at.multiselect(key="survey.holds").set_value(["cs_ops"])
    page.run().tab("Ladder")
    assert len(page.table("Progression")) == 6
    assert "Operations" not in "".join(row[0] for row in page.table("Progression"))


# Privacy


def test_names_are_hidden_on_the_page_and_in_the_workbook(page: BenchmarksPage) -> None:
    row = b"Ada Lovelace,CSM,Grace Hopper,USD,80000\n"
    with_team(page, b"Employee,Job Title,Reports to,Currency,Base\n" + row + row)
    page.at.session_state["people.notes"] = True
    for tab in ("People", "Raises"):
        page.run().tab(tab)
        shown = page.text + "".join(str(option) for field in page.at.multiselect for option in field.options)
        assert "Lovelace" not in shown, tab
        assert "Hopper" not in shown, tab
    team = page.at.session_state["compplan.benchmarks"].team()
    on = pd.Timestamp("2026-09-01").date()
    book = pd.read_excel(
        io.BytesIO(people_workbook(team.people, team.bands, market=["x"], on=on)), sheet_name=None, engine="calamine"
    )
    assert not any("Hopper" in frame.to_csv() or "Lovelace" in frame.to_csv() for frame in book.values())
    page.at.toggle(key="people.names").set_value(True)
    page.run()
    assert any("Grace Hopper" in str(field.options) for field in page.at.multiselect)


# From page to page


def test_settings_survive_a_visit_of_another_page(page: BenchmarksPage) -> None:
    with_team(page.choose("market.place", AUSTIN).type("market.specialism", "20%"))
    page.at.switch_page("../../../pages/designer.py")
    page.run()
    page.at.switch_page("../../../pages/benchmarks.py")
    page.run()
    assert page.at.selectbox(key="market.place").value == AUSTIN
    assert page.at.text_input(key="market.specialism").value == "20%"
    assert len(page.traces("market")["Your people"]["x"]) == 12


def test_people_file_ends_with_its_account(page: BenchmarksPage) -> None:
    with_team(page, b"ID,Title,Base salary\nE1,CSM,$80000\nE2,CSM,TBD\nE1,CSM,$82000\n")
    assert "4 rows = 1 heading + 1 read as is + 1 duplicate + 1 not readable." in page.text
    assert "Base pay: 162,000 USD in the file = 80,000 read + 82,000 left out." in page.text


def test_period_of_pay_and_roles_of_titles_can_be_chosen(page: BenchmarksPage) -> None:
    with_team(page, b"ID,Title,Base salary,Currency\nE1,Hero,6500,USD\nE2,CSM,7000,USD\n")
    page.at.session_state["people.notes"] = True
    page.run().choose("people.per.base", "month")
    assert page.traces("market")["Your people"]["x"] == [84_000.0]
    page.at.session_state["people.notes"] = True
    page.run().choose("people.role.Hero", "csm")
    assert page.traces("market")["Your people"]["x"] == [78_000.0, 84_000.0]
    page.at.session_state["people.notes"] = True
    page.run().choose("people.role.Hero", "")
    assert page.traces("market")["Your people"]["x"] == [84_000.0]
