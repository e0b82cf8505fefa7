"""The capacity page without a browser: what it shows is what the library reckons, and what is typed wrong is kept."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import compplan.ui
from compplan.capacity import capacity, contradictions, presets, usual_year
from compplan.ui.capacity.session import Sizing, tier_of
from compplan.ui.review import session

FRAME = Path(compplan.ui.__path__[0]) / "shell" / "frame.py"
ACCOUNTS = (
    b"Account,CSM,ARR,Renewal date\nAcme,E1,300000,2099-01-01\nGlobex,E1,200000,\nInitech,E2,100000,\n<b>x</b>,E2,5,\n"
)


class Desk:
    """A session on the capacity page."""

    def __init__(self) -> None:
        self.at = AppTest.from_file(FRAME, default_timeout=60)
        self.at.run()
        self.at.switch_page("../../../pages/capacity.py")
        self.run()

    def run(self) -> Desk:
        self.at.run()
        assert [error.message for error in self.at.exception] == []
        return self

    @property
    def model(self) -> Sizing:
        held: Sizing = self.at.session_state["compplan.capacity"]
        return held

    def field(self, kind: str, path: str) -> Any:
        (found,) = [one for one in self.at.get(kind) if re.fullmatch(rf"(\d+\.)?{re.escape(path)}", one.key or "")]
        return found

    def enter(self, kind: str, path: str, value: Any) -> Desk:
        self.field(kind, path).set_value(value)
        return self.run()

    def press(self, key: str) -> Desk:
        (button,) = [b for b in self.at.button if b.key == key]
        button.click()
        return self.run()

    def tab(self, name: str) -> str:
        self.at.session_state["capacity.tab"] = name
        return self.run().text

    @property
    def pieces(self) -> list[str]:
        return [element.proto.body for element in self.at.get("html")]

    @property
    def text(self) -> str:
        captions = (re.sub(r"\\(.)", r"\1", caption.value) for caption in self.at.caption)
        told = " ".join([*self.pieces, *captions])
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", told)))

    @property
    def problems(self) -> list[str]:
        shown = (re.search(r'role="alert">(.*?)</p>', body, re.DOTALL) for body in self.pieces)
        return [html.unescape(found[1]) for found in shown if found]

    @property
    def figures(self) -> dict[str, str]:
        (body,) = [body for body in self.pieces if 'class="cp-figures"' in body]
        return dict(re.findall(r"<dt>(.*?)</dt><dd><b>(.*?)</b>", body))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_it_opens_on_the_guides_enterprise_book(desk: Desk) -> None:
    found = capacity([tier_of("knowup-enterprise")], usual_year())
    assert desk.figures == {
        "Hours an account": "100",
        "Accounts a person": str(found.per_person),
        "People needed": "1",
        "Used": "90%",
        "ARR a person": "$1.05M",
    }
    for one in contradictions():
        assert one.sentence in desk.text


def test_sliders_and_fields_reach_the_model(desk: Desk) -> None:
    desk.enter("slider", "tiers[0].accounts", 100)
    # 100 accounts of 100 hours over 1,560: 6.41 people.
    assert desk.figures["People needed"] == "7"
    desk.enter("slider", "tiers[0].ad_hoc", 64.0)
    assert desk.figures["Accounts a person"] == "14"
    desk.enter("text_input", "year.pto", "15").enter("text_input", "year.holidays", "10")
    assert desk.model.year.available == 1410
    assert desk.figures["Accounts a person"] == "12"
    desk.enter("text_input", "tiers[0].touches[1].times", "26")
    assert desk.figures["Hours an account"] == "112"


@pytest.mark.parametrize(
    ("path", "typed", "sentence"),
    [
        ("year.overhead", "120%", "Must be below 1, got 1.2."),
        ("year.overhead", "lots", "Must be a number such as 92% or 0.92, got 'lots'."),
        ("year.pto", "-1", "Must be at least 0, got -1.0."),
        ("loaded_cost", "-5", "Must be at least 0, got -5.0."),
        ("renewal", "101%", "Must be at most 1, got 1.01."),
        ("tiers[0].name", "", "Must not be empty."),
        ("tiers[0].touches[0].name", " ", "Must not be empty."),
        ("tiers[0].acv", "=1", "Must be a number such as 82,500 or 82.5k, got '=1'."),
        ("most_arr", "0", "A ceiling is above 0; left empty there is none."),
    ],
)
def test_what_is_typed_wrong_is_kept_with_its_reason(desk: Desk, path: str, typed: str, sentence: str) -> None:
    before = desk.figures
    desk.enter("text_input", path, typed)
    assert desk.problems == [sentence]
    assert desk.field("text_input", path).value == typed
    assert desk.figures == before


def test_leave_that_takes_the_whole_year_gets_a_sentence(desk: Desk) -> None:
    desk.enter("text_input", "year.pto", "260")
    assert desk.problems == ["Leave and overhead take all the hours; there are none for accounts."]
    assert desk.enter("text_input", "year.pto", "0").problems == []


@pytest.mark.parametrize("key", list(presets()))
def test_every_preset_begins_a_model(desk: Desk, key: str) -> None:
    desk.enter("selectbox", "capacity.preset", key).press("capacity.begin")
    assert desk.model.tiers == (tier_of(key),)
    desk.press("capacity.add")
    assert [tier.name for tier in desk.model.tiers] == [tier_of(key).name, f"{tier_of(key).name} 2"]
    assert desk.tab("Tiers").count(tier_of(key).name) >= 2
    desk.tab("Pay and cost")


def test_books_of_a_file(desk: Desk) -> None:
    assert "No file of accounts has been read" in desk.tab("Books")
    desk.at.file_uploader(key="capacity.file").upload("accounts.csv", ACCOUNTS)
    desk.run()
    assert "4 accounts of 4 rows of accounts.csv" in desk.text
    desk.enter("text_input", "most_arr", "400k")
    assert "above in ARR" in desk.text
    desk.press("capacity.rebalance")
    assert "1 account of 4 change hands. Fewer will not do." in desk.text
    assert "<b>x</b>" not in " ".join(desk.pieces)


def test_hours_are_a_ceiling_too_and_follow_the_tiers(desk: Desk) -> None:
    desk.at.file_uploader(key="capacity.file").upload("accounts.csv", ACCOUNTS)
    desk.run()
    assert "2 $500,000 60% 1.9 13%" in desk.tab("Books")  # two accounts of 100 hours in 1,560
    desk.enter("toggle", "within_hours", value=True)
    assert "above in" not in desk.text
    desk.enter("text_input", "year.pto", "235")  # 25 days of 7.5 hours, a fifth of them for meetings: 150
    assert desk.text.count("above in hours") == 2
    desk.press("capacity.rebalance")
    assert "4 accounts of 4" not in desk.text.replace("4 accounts of 4 rows", "")
    assert "400 hours are more than 2 people may have at 150 each: 1 more is needed." in desk.text


def test_invented_books_to_try_with_and_away(desk: Desk) -> None:
    desk.press("capacity.sample")
    assert "41 accounts of 44 rows of invented accounts.csv. Nobody and nothing in it exists." in desk.tab("Books")
    desk.enter("text_input", "most_accounts", "12").press("capacity.rebalance")
    assert "5 accounts of 41 change hands. Fewer will not do." in desk.text
    desk.press("capacity.away")
    assert "No file of accounts has been read" in desk.text


def test_headings_of_ones_own_can_be_named(desk: Desk) -> None:
    desk.at.file_uploader(key="capacity.file").upload("k.csv", b"Kunde;Betreuer;Umsatz\nA;E1;5\nB;E1;7\n")
    desk.run()
    assert desk.problems == ["k.csv: has no column of arr; its headings are 'Kunde', 'Betreuer', 'Umsatz'."]
    desk.enter("text_input", "capacity.column.arr", "Umsatz")
    assert desk.problems == []
    assert "2 accounts of 2 rows of k.csv." in desk.tab("Books")
    desk.enter("text_input", "capacity.column.owner", "Nobody's")
    assert "Nobody's" in desk.problems[0]
    assert "2 accounts of 2 rows of k.csv." in desk.text


def test_a_real_file_after_the_invented_one_and_another_after_that(desk: Desk) -> None:
    desk.press("capacity.sample")
    desk.at.file_uploader(key="capacity.file").upload("k.csv", b"Kunde;Betreuer;Umsatz\nA;E1;5\n")
    desk.run()
    desk.enter("text_input", "capacity.column.arr", "Umsatz")
    assert "1 accounts of 1 rows of k.csv." in desk.tab("Books")
    desk.at.file_uploader(key="capacity.file").upload("accounts.csv", ACCOUNTS)
    desk.run()
    assert (desk.problems, desk.model.mapping) == ([], {})
    assert "4 accounts of 4 rows of accounts.csv." in desk.text


def test_what_was_typed_wrong_elsewhere_stays_when_a_tier_is_added(desk: Desk) -> None:
    desk.enter("text_input", "year.overhead", "120%").press("capacity.add")
    assert desk.problems == ["Must be below 1, got 1.2."]
    assert desk.field("text_input", "year.overhead").value == "120%"


def test_the_review_is_told_of_books_without_a_name(desk: Desk) -> None:
    asked = "How many accounts does one person look after?"
    hand = desk.at.session_state["compplan.hand"]
    assert asked in {u.text for u in session.seen(hand).unanswered}
    desk.press("capacity.sample")
    desk.tab("Books")
    desk.press("capacity.tell")
    assert "The review knows these books." in desk.text
    assert (hand.context["book"]["accounts"], len(hand.context["books"])) == (10, 4)
    assert "E020" not in str(hand.context)
    assert asked not in {u.text for u in session.seen(hand).unanswered}


def test_work_is_added_named_and_taken_out(desk: Desk) -> None:
    desk.press(next(b.key for b in desk.at.button if b.label == "Add a kind of work"))
    desk.enter("text_input", "tiers[0].touches[2].name", "Roadmap talks")
    desk.enter("text_input", "tiers[0].touches[2].times", "4").enter("text_input", "tiers[0].touches[2].hours", "2.5")
    assert desk.figures["Hours an account"] == "110"
    assert dict(desk.model.tiers[0].service.lines())["Roadmap talks"] == 10
    desk.enter("text_input", "tiers[0].touches[2].times", "0")
    desk.press(next(b.key for b in desk.at.button if b.label == "Take out what takes no hours"))
    assert [touch.name for touch in desk.model.tiers[0].service.touches] == ["Business reviews", "Check-ins"]


def test_a_model_goes_out_and_comes_back_as_a_file(desk: Desk) -> None:
    desk.enter("slider", "tiers[0].accounts", 40).enter("text_input", "slope", "0.5")
    written = desk.model.model().to_yaml()
    other = Desk()
    other.at.file_uploader(key="capacity.model").upload("capacity.yaml", written.encode())
    other.run()
    assert other.model.model() == desk.model.model()
    other.at.file_uploader(key="capacity.model").upload("capacity.yaml", b"tiers: []")
    other.run()
    assert "tiers: " in other.problems[0]
    assert other.model.model() == desk.model.model()


def test_an_assumption_on_missing_hours_begins_at_nothing_and_is_shown(desk: Desk) -> None:
    desk.enter("slider", "tiers[0].accounts", 20)
    assert "Accounts that renew, as assumed 90%" in desk.tab("Pay and cost")
    # 2,000 hours of 1,560: 22% are missing, a fifth of it is 4.4 points.
    desk.enter("text_input", "slope", "0.2")
    assert "Accounts that renew, as assumed 85.6%" in desk.text


def test_what_guides_leave_to_an_account_is_shown(desk: Desk) -> None:
    told = desk.tab("What guides say")
    assert "Small business, as ResumeGeni has it" in told
    assert "7.8 to 31.2" in told


def test_books_in_another_currency_are_not_told(desk: Desk) -> None:
    desk.at.file_uploader(key="capacity.file").upload("a.csv", b"Account,CSM,ARR,Currency\nA,E1,5,EUR\n")
    desk.run()
    assert "These books are in EUR and the plan pays in USD: the review is not told." in desk.tab("Books")


def test_a_wrong_file_keeps_what_was_there(desk: Desk) -> None:
    desk.at.file_uploader(key="capacity.file").upload("accounts.csv", ACCOUNTS)
    desk.run()
    desk.at.file_uploader(key="capacity.file").upload("accounts.csv", b"Account,ARR\nA,1\n")
    desk.run()
    assert desk.problems == ["accounts.csv: has no column of owner; its headings are 'Account', 'ARR'."]
    assert "4 accounts of 4 rows" in desk.tab("Books")
