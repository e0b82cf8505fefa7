"""A reload, a new tab or a new server shows the same plan, and two tabs never overwrite each other."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compplan import templates
from compplan.access import LOCAL, Actor, Role
from compplan.plan.links import decode, encode
from compplan.ui.host import deployment
from compplan.ui.session import FIRST_TEMPLATE, EditSession
from compplan.ui.workspace.autosave import autosave

VIEWER = Actor("viewer", "Vera", frozenset({Role.VIEWER}))
ANN = Actor("ann", "Ann", frozenset({Role.DESIGNER}))
BEN = Actor("ben", "Ben", frozenset({Role.DESIGNER}))
BASE = "pay.base"


def session_of(page: Any) -> EditSession:
    session: EditSession = page.at.session_state["compplan.edit_session"]
    return session


def address_of(page: Any) -> dict[str, str]:
    return {name: value if isinstance(value, str) else value[0] for name, value in page.at.query_params.items()}


def reload(page: Any) -> Any:
    """What the browser shows at the same address in a new session, once everything is written."""
    assert autosave.flush()
    return type(page)(**address_of(page))


def notices(page: Any) -> str:
    bodies = (body for body in page.html if not body.startswith("<style>"))
    return html.unescape(" ".join(body for body in bodies if "cp-notice" in body or "cp-broken" in body))


def press(page: Any, label: str) -> Any:
    next(button for button in page.at.button if button.label == label).click()
    return page.run()


def test_untouched_template_is_named_by_the_address_and_kept_nowhere(page: Any) -> None:
    assert address_of(page) == {"p": f"template-{FIRST_TEMPLATE}"}
    assert autosave.flush()
    assert deployment.store().drafts(by=LOCAL) == ()


def test_reload_shows_the_same_plan_results_and_undo_history(page: Any) -> None:
    page.enter(BASE, "91,000").enter(BASE, "92,000")
    measure = next(iter(page.plan.by_id))
    page.what_if(**{measure: page.component("whatif")["rows"][0]["value"]})
    results = session_of(page).what_if
    (name, _), again = next(iter(address_of(page).items())), reload(page)
    assert name == "p"
    assert address_of(page)["p"].startswith("draft-")
    assert (again.plan, session_of(again).what_if) == (page.plan, results)
    assert again.plan.pay.base == 92_000
    assert address_of(again) == address_of(page)
    assert again.title.endswith("template, changed")
    assert "Draft restored." in notices(again)
    again.press("undo").press("undo")
    assert again.plan == templates.load(FIRST_TEMPLATE)
    assert reload(again).press("redo").press("redo").plan.pay.base == 92_000


def test_fields_of_a_restored_draft_show_the_plan(page: Any) -> None:
    again = reload(page.enter(BASE, "91,000"))
    assert again.entered(BASE) == "91,000"
    assert session_of(again).field_version > session_of(page).field_version


def test_bare_address_shows_the_last_draft_on_its_page(page: Any, open_page: Callable[..., Any]) -> None:
    page.enter(BASE, "91,000")
    page.at.switch_page("../../../pages/review.py")
    page.at.run()
    assert autosave.flush()
    (draft,) = deployment.store().drafts(by=LOCAL)
    assert (draft.name, draft.unsaved) == (page.at.session_state["compplan.edit_session"].plan.name, True)
    assert deployment.store().draft(draft.id, by=LOCAL).state["page"] == "review"
    again = open_page(bare=True)
    assert session_of(again).plan.pay.base == 91_000
    assert [text.value for text in again.at.subheader if text.value == "Litmus test"]


def test_change_that_is_still_on_its_way_is_not_missed(page: Any, open_page: Callable[..., Any]) -> None:
    page.enter(BASE, "91,000")
    assert open_page(bare=True).plan.pay.base == 91_000


def test_discarded_draft_is_the_plan_as_it_was_opened_and_undo_brings_the_changes_back(page: Any) -> None:
    again = press(reload(page.enter(BASE, "91,000")), "Discard draft")
    assert again.plan == templates.load(FIRST_TEMPLATE)
    assert "Draft restored." not in notices(again)
    assert address_of(again)["p"] == f"template-{FIRST_TEMPLATE}"
    assert again.press("undo").plan.pay.base == 91_000


def test_dismissed_message_leaves_the_draft(page: Any) -> None:
    again = press(reload(page.enter(BASE, "91,000")), "Dismiss")
    assert ("Draft restored." in notices(again), again.plan.pay.base) == (False, 91_000)


def test_saved_version_is_named_by_the_address(page: Any, open_page: Callable[..., Any]) -> None:
    page.enter(BASE, "91,000").open("save").press("save.new")
    (scenario,) = deployment.store().scenarios(by=LOCAL)
    assert address_of(page)["p"] == f"saved-{scenario.id}-1"
    assert page.title.endswith("version 1")
    again = reload(page)
    assert (again.plan, again.title.endswith("version 1"), notices(again)) == (page.plan, True, "")
    assert session_of(again).open_version == session_of(page).open_version
    assert open_page(p=f"saved-{scenario.id}-1").plan == page.plan
    assert deployment.store().drafts(by=LOCAL)[0].unsaved is False


def test_draft_of_a_plan_that_is_not_open_any_more_stays(page: Any, open_page: Callable[..., Any]) -> None:
    page.enter(BASE, "91,000").open("open")
    first = address_of(page)["p"]
    page.at.selectbox(key="template").set_value("flowfuse-csm")
    page.run().enter(BASE, "70,000")
    assert address_of(page)["p"] not in (first, "template-flowfuse-csm")
    assert autosave.flush()
    drafts = deployment.store().drafts(by=LOCAL)
    assert [draft.unsaved for draft in drafts] == [True, True]
    assert open_page(p=first).plan.pay.base == 91_000
    # Undo leads back to the first plan, and its own draft goes on.
    page.press("undo").press("undo")
    assert (page.plan.pay.base, address_of(page)["p"]) == (91_000, first)


def test_second_tab_goes_on_in_a_copy(page: Any) -> None:
    page.enter(BASE, "91,000")
    other = reload(page)
    other.enter(BASE, "92,000")
    assert autosave.flush()
    page.at.session_state["compplan.work"].looked = 0.0
    page.enter(BASE, "93,000")
    assert "Nothing was overwritten" in notices(page)
    assert address_of(page)["p"] != address_of(other)["p"]
    assert (reload(page).plan.pay.base, reload(other).plan.pay.base) == (93_000, 92_000)
    assert press(page, "Open the other tab's version").plan.pay.base == 92_000


def test_two_tabs_that_write_at_once_keep_both(page: Any) -> None:
    page.enter(BASE, "91,000")
    other = reload(page)
    for tab, base in ((page, "92,000"), (other, "93,000")):  # neither looks before it writes
        tab.at.session_state["compplan.work"].looked = float("inf")
        tab.enter(BASE, base)
    assert autosave.flush()
    bases = {draft.id: deployment.store().draft(draft.id, by=LOCAL) for draft in deployment.store().drafts(by=LOCAL)}
    assert sorted('"base":92000' in str(draft.state["work"]["plan"]) for draft in bases.values()) == [False, True]
    assert "Nothing was overwritten" in notices(page.run()) + notices(other.run())


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("template-none", "There is no template"),
        ("draft-none", "There is no such draft."),
        ("saved-none-3", "There is no such saved plan."),
        ("saved-none-99999999999999999999", "names no plan"),
        ("<script>", "names no plan"),
        ("draft-" + "x" * 400, "names no plan"),
    ],
)
def test_address_that_names_nothing_is_told_on_a_working_page(
    address: str, sentence: str, open_page: Callable[..., Any]
) -> None:
    page = open_page(p=address)
    assert sentence in notices(page)
    assert page.plan == templates.load(FIRST_TEMPLATE)
    page.enter(BASE, "91,000")
    assert reload(page).plan.pay.base == 91_000


def test_draft_of_somebody_else_is_never_opened(
    signed_in: Callable[[Actor], None], open_page: Callable[..., Any]
) -> None:
    signed_in(ANN)
    page = open_page().enter(BASE, "91,000")
    address = address_of(page)
    assert autosave.flush()
    signed_in(BEN)
    other = open_page(**address)
    assert "belongs to somebody else" in notices(other)
    assert open_page(bare=True).plan == other.plan == templates.load(FIRST_TEMPLATE)


def test_who_may_not_save_keeps_changes_in_the_address(
    signed_in: Callable[[Actor], None], open_page: Callable[..., Any]
) -> None:
    signed_in(VIEWER)
    page = open_page().enter(BASE, "91,000")
    assert decode(address_of(page)["plan"]) == page.plan
    assert deployment.store().drafts(by=ANN) == ()
    assert reload(page).plan == page.plan


def test_changes_are_in_the_address_while_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, open_page: Callable[..., Any]
) -> None:
    deployment.close()
    monkeypatch.setenv("COMPPLAN_DATABASE_URL", f"sqlite:///{tmp_path}")  # a folder
    page = open_page().enter(BASE, "91,000")
    page.run()
    assert "Your changes aren't being kept." in notices(page)
    assert decode(address_of(page)["plan"]) == page.plan


def test_plan_link_becomes_a_draft_with_the_first_change(open_page: Callable[..., Any]) -> None:
    link = encode(templates.load("flowfuse-csm"))
    page = open_page(plan=link)
    assert address_of(page) == {"plan": link}
    page.enter(BASE, "91,000")
    assert address_of(page)["p"].startswith("draft-")
    assert "plan" not in address_of(page)
    again = reload(page)
    assert (again.plan, again.press("undo").plan) == (page.plan, templates.load("flowfuse-csm"))


def test_people_rows_are_in_no_draft(page: Any) -> None:
    from compplan.ui.people import PeopleFile

    file = PeopleFile()
    file.read_sample()
    assert file.reading is not None
    page.at.session_state["compplan.people_file"] = file
    page.enter(BASE, "91,000")
    again = reload(page)
    assert "Upload again: people." in notices(again)
    (draft,) = deployment.store().drafts(by=LOCAL)
    text = str(deployment.store().draft(draft.id, by=LOCAL).state)
    assert not [name for name in file.reading.people["name"] if str(name) in text]


def test_draft_that_this_release_cannot_read_is_told(page: Any, open_page: Callable[..., Any]) -> None:
    deployment.store().keep_draft("d1", "A", {"work": {"version": 9}, "page": ""}, base=0, by=LOCAL)
    other = open_page(p="draft-d1")
    assert "can't read the draft" in notices(other)
    assert other.plan == page.plan
    assert dt.datetime.now(dt.UTC) - deployment.store().draft("d1", by=LOCAL).at < dt.timedelta(minutes=1)


def test_drafts_are_listed_and_opened_from_the_menu_and_the_saved_page(
    page: Any, open_page: Callable[..., Any]
) -> None:
    page.enter(BASE, "91,000")
    assert autosave.flush()
    (draft,) = deployment.store().drafts(by=LOCAL)
    other = open_page(p=f"template-{FIRST_TEMPLATE}").open("open")
    other.at.selectbox(key="open.draft").set_value(draft.id)
    assert other.run().plan.pay.base == 91_000
    saved = open_page(p=f"template-{FIRST_TEMPLATE}")
    saved.at.switch_page("../../../pages/saved.py")
    saved.at.run()
    assert "Unsaved drafts" in [each.value for each in saved.at.subheader]
    saved.at.button(key=f"do.draft.discard.{draft.id}").click()
    saved.at.run()
    assert "Unsaved drafts" not in [each.value for each in saved.at.subheader]
    assert deployment.store().drafts(by=LOCAL) == ()


def test_settings_of_capacity_and_benchmarks_come_back(page: Any) -> None:
    from compplan.ui.benchmarks.session import BenchmarksSession
    from compplan.ui.capacity.session import first_session

    model, market = first_session(), BenchmarksSession()
    model.team, model.most_accounts = 7, 40.0
    assert market.change_setting("specialism", 0.1)
    page.at.session_state["compplan.capacity"] = model
    page.at.session_state["compplan.benchmarks"] = market
    again = reload(page.run())
    restored = again.at.session_state["compplan.capacity"]
    assert (restored.team, restored.most_accounts, restored.tiers) == (7, 40.0, model.tiers)
    assert again.at.session_state["compplan.benchmarks"].settings == market.settings


def test_name_in_the_header_is_what_the_list_of_saved_plans_shows(page: Any) -> None:
    page.open("rename").enter("name", "Acme CSM FY27").open("save").press("save.new")
    (scenario,) = deployment.store().scenarios(by=LOCAL)
    assert (page.title, scenario.name) == ("Acme CSM FY27 · version 1", "Acme CSM FY27")
    page.enter("name", "Acme CSM FY28").press("save.version")
    (scenario,) = deployment.store().scenarios(by=LOCAL)
    assert (page.title, scenario.name) == ("Acme CSM FY28 · version 2", "Acme CSM FY28")
    assert session_of(page).open_version.name == "Acme CSM FY28"


def test_name_that_is_refused_stays_in_its_field(page: Any) -> None:
    page.open("rename").enter("name", " ")
    assert page.problems
    assert page.plan.name == templates.load(FIRST_TEMPLATE).name
    assert page.enter("name", "Acme").problems == []


def test_name_typed_under_save_is_the_name_of_the_plan(page: Any) -> None:
    page.open("save")
    page.at.text_input(key=f"{session_of(page).field_version}.save.name").set_value("Acme")
    page.press("save.new")
    assert page.title == "Acme · version 1"
