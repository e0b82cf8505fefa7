"""The Capacity page without a browser: it shows the results of the library, and wrong entries stay with a reason."""

from __future__ import annotations

import pytest
from support.pages import PageSession

from compplan.capacity import capacity, contradictions, presets, usual_year
from compplan.ui.capacity.session import CapacitySession, tier_of
from compplan.ui.review_state import current_review

ACCOUNTS = (
    b"Account,CSM,ARR,Renewal date\nAcme,E1,300000,2099-01-01\nGlobex,E1,200000,\nInitech,E2,100000,\n<b>x</b>,E2,5,\n"
)


class CapacityPage(PageSession):
    """A session on the Capacity page."""

    def __init__(self) -> None:
        super().__init__("capacity", tab_key="capacity.tab")

    @property
    def model(self) -> CapacitySession:
        model: CapacitySession = self.at.session_state["compplan.capacity"]
        return model


@pytest.fixture
def page() -> CapacityPage:
    return CapacityPage()


def test_page_opens_with_the_enterprise_book_of_the_guide(page: CapacityPage) -> None:
    found = capacity([tier_of("knowup-enterprise")], usual_year())
    assert page.figures == {
        "Hours per account": "100",
        "Accounts per person": str(found.per_person),
        "People needed": "1",
        "Utilization": "90%",
        "ARR per person": "$1.05M",
    }
    for one in contradictions():
        assert one.sentence in page.text


def test_sliders_and_fields_change_the_model(page: CapacityPage) -> None:
    page.enter("slider", "tiers[0].accounts", 100)
    # 100 accounts of 100 hours over 1,560: 6.41 people.
    assert page.figures["People needed"] == "7"
    page.enter("slider", "tiers[0].ad_hoc", 64.0)
    assert page.figures["Accounts per person"] == "14"
    page.enter("text_input", "year.pto", "15").enter("text_input", "year.holidays", "10")
    assert page.model.year.available == 1410
    assert page.figures["Accounts per person"] == "12"
    page.enter("text_input", "tiers[0].touches[1].times", "26")
    assert page.figures["Hours per account"] == "112"


@pytest.mark.parametrize(
    ("path", "typed", "sentence"),
    [
        ("year.overhead", "120%", "Must be below 1. You entered 1.2."),
        ("year.overhead", "lots", "Must be a number such as 92% or 0.92. You entered 'lots'."),
        ("year.pto", "-1", "Must be at least 0. You entered -1.0."),
        ("loaded_cost", "-5", "Must be at least 0. You entered -5.0."),
        ("renewal", "101%", "Must be at most 1. You entered 1.01."),
        ("tiers[0].name", "", "Must not be empty."),
        ("tiers[0].touches[0].name", " ", "Must not be empty."),
        ("tiers[0].acv", "=1", "Must be a number such as 82,500 or 82.5k. You entered '=1'."),
        ("most_arr", "0", "Enter a limit above 0, or leave the field empty for no limit. You entered 0."),
    ],
)
def test_wrong_entry_stays_in_its_field_with_a_reason(page: CapacityPage, path: str, typed: str, sentence: str) -> None:
    before = page.figures
    page.enter("text_input", path, typed)
    assert page.problems == [sentence]
    assert page.field("text_input", path).value == typed
    assert page.figures == before


def test_leave_of_a_whole_year_is_refused(page: CapacityPage) -> None:
    page.enter("text_input", "year.pto", "260")
    assert page.problems == ["There are no hours left for accounts. Reduce leave or overhead."]
    assert page.enter("text_input", "year.pto", "0").problems == []


@pytest.mark.parametrize("key", list(presets()))
def test_every_template_starts_a_model(page: CapacityPage, key: str) -> None:
    page.enter("selectbox", "capacity.preset", key).press("capacity.begin")
    assert page.model.tiers == (tier_of(key),)
    page.press("capacity.add")
    assert [tier.name for tier in page.model.tiers] == [tier_of(key).name, f"{tier_of(key).name} 2"]
    assert page.tab("Tiers").text.count(tier_of(key).name) >= 2
    page.tab("Pay and cost")


def test_books_of_a_file_and_the_accounts_to_move(page: CapacityPage) -> None:
    assert "Upload a file of accounts to see each book of business" in page.tab("Books").text
    page.upload("capacity.file", "accounts.csv", ACCOUNTS)
    assert "4 accounts in 4 rows of accounts.csv" in page.text
    page.enter("text_input", "most_arr", "400k")
    assert "over limit: ARR" in page.text
    page.press("capacity.rebalance")
    assert "1 of 4 accounts changes owner. This is the fewest possible." in page.text
    assert "<b>x</b>" not in " ".join(page.pieces)


def test_hours_limit_follows_the_tiers(page: CapacityPage) -> None:
    page.upload("capacity.file", "accounts.csv", ACCOUNTS)
    assert "2 $500,000 60% 1.9 13%" in page.tab("Books").text  # two accounts of 100 hours in 1,560
    page.enter("toggle", "within_hours", value=True)
    assert "above in" not in page.text
    page.enter("text_input", "year.pto", "235")  # 25 days of 7.5 hours, a fifth of them for meetings: 150
    assert page.text.count("over limit: hours") == 2
    page.press("capacity.rebalance")
    assert "4 of 4 accounts" not in page.text.replace("4 accounts in 4 rows", "")
    assert (
        "The accounts take 400 hours, more than 2 people can have at 150 each. Add 1 person or raise the limit."
        in page.text
    )


def test_sample_accounts_can_be_used_and_removed(page: CapacityPage) -> None:
    page.press("capacity.sample")
    assert (
        "41 accounts in 44 rows of invented accounts.csv. This is sample data; no account or person in it exists."
        in page.tab("Books").text
    )
    page.enter("text_input", "most_accounts", "12").press("capacity.rebalance")
    assert "5 of 41 accounts change owner. This is the fewest possible." in page.text
    page.press("capacity.away")
    assert "Upload a file of accounts to see each book of business" in page.text


def test_columns_can_be_named(page: CapacityPage) -> None:
    page.upload("capacity.file", "k.csv", b"Kunde;Betreuer;Umsatz\nA;E1;5\nB;E1;7\n")
    assert page.problems == [
        "k.csv: The file has no ARR column. Its headings are 'Kunde', 'Betreuer', 'Umsatz'. Choose the column to use."
    ]
    page.enter("text_input", "capacity.column.arr", "Umsatz")
    assert page.problems == []
    assert "2 accounts in 2 rows of k.csv." in page.tab("Books").text
    page.enter("text_input", "capacity.column.owner", "Nobody's")
    assert "Nobody's" in page.problems[0]
    assert "2 accounts in 2 rows of k.csv." in page.text


def test_another_file_replaces_the_sample_and_its_columns(page: CapacityPage) -> None:
    page.press("capacity.sample")
    page.upload("capacity.file", "k.csv", b"Kunde;Betreuer;Umsatz\nA;E1;5\n")
    page.enter("text_input", "capacity.column.arr", "Umsatz")
    assert "1 account in 1 row of k.csv." in page.tab("Books").text
    page.upload("capacity.file", "accounts.csv", ACCOUNTS)
    assert (page.problems, page.model.mapping) == ([], {})
    assert "4 accounts in 4 rows of accounts.csv." in page.text


def test_wrong_entry_survives_an_added_tier(page: CapacityPage) -> None:
    page.enter("text_input", "year.overhead", "120%").press("capacity.add")
    assert page.problems == ["Must be below 1. You entered 1.2."]
    assert page.field("text_input", "year.overhead").value == "120%"


def test_review_uses_books_without_names(page: CapacityPage) -> None:
    asked = "How many accounts does one person manage?"
    edits = page.edit
    assert asked in {u.text for u in current_review(edits).unanswered}
    page.press("capacity.sample")
    page.tab("Books")
    page.press("capacity.tell")
    assert "The review uses these books." in page.text
    assert (edits.context["book"]["accounts"], len(edits.context["books"])) == (10, 4)
    assert "E020" not in str(edits.context)
    assert asked not in {u.text for u in current_review(edits).unanswered}


def test_work_is_added_named_and_removed(page: CapacityPage) -> None:
    page.press(next(b.key for b in page.at.button if b.label == "Add a kind of work"))
    page.enter("text_input", "tiers[0].touches[2].name", "Roadmap talks")
    page.enter("text_input", "tiers[0].touches[2].times", "4").enter("text_input", "tiers[0].touches[2].hours", "2.5")
    assert page.figures["Hours per account"] == "110"
    assert dict(page.model.tiers[0].service.lines())["Roadmap talks"] == 10
    page.enter("text_input", "tiers[0].touches[2].times", "0")
    page.press(next(b.key for b in page.at.button if b.label == "Remove work without hours"))
    assert [touch.name for touch in page.model.tiers[0].service.touches] == ["Business reviews", "Check-ins"]


def test_model_can_be_downloaded_and_uploaded(page: CapacityPage) -> None:
    page.enter("slider", "tiers[0].accounts", 40).enter("text_input", "slope", "0.5")
    written = page.model.model().to_yaml()
    other = CapacityPage()
    other.upload("capacity.model", "capacity.yaml", written.encode())
    assert other.model.model() == page.model.model()
    other.upload("capacity.model", "capacity.yaml", b"tiers: []")
    assert "tiers: " in other.problems[0]
    assert other.model.model() == page.model.model()


def test_missing_hours_cost_no_renewals_until_somebody_sets_it(page: CapacityPage) -> None:
    page.enter("slider", "tiers[0].accounts", 20)
    assert "Renewal rate, as assumed 90%" in page.tab("Pay and cost").text
    # 2,000 hours of 1,560: 22% are missing, a fifth of it is 4.4 points.
    page.enter("text_input", "slope", "0.2")
    assert "Renewal rate, as assumed 85.6%" in page.text


def test_guides_table_shows_the_hours_per_account(page: CapacityPage) -> None:
    told = page.tab("What guides say").text
    assert "Small business (ResumeGeni)" in told
    assert "7.8 to 31.2" in told


def test_books_in_another_currency_are_not_used_in_the_review(page: CapacityPage) -> None:
    page.upload("capacity.file", "a.csv", b"Account,CSM,ARR,Currency\nA,E1,5,EUR\n")
    assert "These books are in EUR and the plan pays in USD, so the review can't use them." in page.tab("Books").text


def test_refused_file_keeps_the_accounts(page: CapacityPage) -> None:
    page.upload("capacity.file", "accounts.csv", ACCOUNTS)
    page.upload("capacity.file", "accounts.csv", b"Account,ARR\nA,1\n")
    assert page.problems == [
        "accounts.csv: The file has no owner column. Its headings are 'Account', 'ARR'. Choose the column to use."
    ]
    assert "4 accounts in 4 rows" in page.tab("Books").text
