"""Save, Share, Saved and Cost without a browser: what is kept, who sees it, and the figures on the pages."""

from __future__ import annotations

import datetime as dt
import functools
import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from support.pages import FRAME, PageSession

from compplan import formats, roster, templates
from compplan.access import LOCAL, Actor, Role
from compplan.cost import Assumptions, cost, from_people, headcount, side_by_side
from compplan.store import LinkClosed, Unavailable
from compplan.store.throttle import Throttle
from compplan.ui.cost import html as cost_views
from compplan.ui.host import deployment, sign_in
from compplan.ui.session import FIRST_TEMPLATE, OpenVersion

PLAN = templates.load("knowup-csat-weighted")
PAGES = {
    "finance": "../../../pages/cost.py",
    "saved": "../../../pages/saved.py",
    "benchmarks": "../../../pages/benchmarks.py",
}


class Session(PageSession):
    """A session on a page; menus and tabs are opened by their key."""

    def __init__(self, page: str = "", **query: str) -> None:
        self.at = AppTest.from_file(FRAME, default_timeout=60)
        self.at.query_params["p"] = f"template-{FIRST_TEMPLATE}"  # not the draft of another session
        if page:
            self.at.run()
        self.at.query_params.update(query)
        if page:
            self.at.switch_page(PAGES[page])
        self.run()

    def press(self, key: str) -> Session:
        (button,) = [b for b in self.at.button if b.key == key or (b.key or "").endswith(f".{key}")]
        assert not button.disabled
        button.click()
        return self.run()

    def enter(self, path: str, text: str) -> Session:
        (field,) = [t for t in self.at.text_input if t.key and re.fullmatch(rf"(\d+\.)?{re.escape(path)}", t.key)]
        field.set_value(text)
        return self.run()

    def choose(self, path: str, value: Any) -> Session:
        (field,) = [s for s in self.at.selectbox if s.key and re.fullmatch(rf"(\d+\.)?{re.escape(path)}", s.key)]
        field.set_value(value)
        return self.run()

    def check(self, path: str) -> Session:
        (box,) = [c for c in self.at.checkbox if path in (c.key or "")]
        box.check()
        return self.run()

    def disabled(self, key: str) -> bool:
        return bool(self.at.button(key=key).disabled)

    @property
    def session(self) -> Any:
        return self.at.session_state["compplan.edit_session"]

    @property
    def text(self) -> str:
        told = " ".join([*self.pieces, *(c.value for c in self.at.caption), *(t.value for t in self.at.text)])
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", told)))

    @property
    def problems(self) -> list[str]:
        shown = (re.search(r'role="alert">(.*?)</p>', body, re.DOTALL) for body in self.pieces)
        return [html.unescape(found[1]) for found in shown if found]

    @property
    def title(self) -> str:
        (body,) = [b for b in self.pieces if '<h1 class="cp-plan"' in b]
        return html.unescape(" · ".join(re.search(r"<h1[^>]*>(.*?) <span>(.*?)</span>", body).groups()))  # type: ignore[union-attr]

    @property
    def figures(self) -> dict[str, str]:
        (body,) = [b for b in self.pieces if 'class="cp-figures"' in b]
        return {html.unescape(n): html.unescape(v) for n, v in re.findall(r"<dt>(.*?)</dt><dd><b>(.*?)</b>", body)}

    @property
    def link(self) -> str:
        (found,) = [code.value for code in self.at.code if "share=" in code.value]
        return str(found).partition("share=")[2]

    def save(self, name: str = "") -> Session:
        self.set(save=True)
        if name:
            self.enter("save.name", name)
        return self.press("save.version" if self.session.open_version and not name else "save.new")


def person(role: Role, name: str = "x@example.com") -> Actor:
    return Actor(f"https://id.example|{name}", name, frozenset({role}))


# Saving


def test_saved_plan_opens_as_it_was() -> None:
    page = Session().enter("pay.base", "91,234.50").save("FY27 plan")
    assert page.title == "FY27 plan · version 1"
    assert "Saved: FY27 plan, version 1." in page.text
    (scenario,) = deployment.store().scenarios(by=LOCAL)
    version = deployment.store().version(scenario.id, 1, by=LOCAL)
    assert version.plan == page.session.plan == PLAN.edit({"pay.base": 91_234.5, "name": "FY27 plan"})
    assert version.plan_hash == version.plan.hash

    other = Session().set(open=True).choose("saved", scenario.id)
    assert other.session.plan == version.plan
    assert other.title == "FY27 plan · version 1"


def test_second_save_adds_a_version_and_keeps_the_first() -> None:
    page = Session().save("FY27")
    assert page.disabled("save.version"), "nothing has changed"
    page.enter("pay.base", "90k").set(save__note="More base").press("save.version")
    (scenario,) = deployment.store().scenarios(by=LOCAL)
    versions = deployment.store().versions(scenario.id, by=LOCAL)
    assert [(v.number, v.plan.pay.base, v.note) for v in versions] == [(2, 90_000, "More base"), (1, 85_000, "")]


def test_slower_saver_sees_the_difference_and_loses_nothing() -> None:
    first = Session().save("Shared")
    key = first.session.open_version.scenario_id
    second = Session().set(open=True).choose("saved", key)
    first.enter("pay.base", "90k").set(save=True).press("save.version")
    second.enter("pay.base", "95k").set(save=True).press("save.version")
    assert "saved version 2 while you were editing version 1" in second.problems[0]
    assert "Base salary: $85,000 → $90,000" in second.text
    assert "Base salary: $85,000 → $95,000" in second.text
    assert second.session.plan.pay.base == 95_000
    second.press("conflict.mine")
    versions = deployment.store().versions(key, by=LOCAL)
    assert [v.plan.pay.base for v in versions] == [95_000, 90_000, 85_000]


@pytest.mark.parametrize(("key", "base", "scenarios"), [("conflict.own", 95_000, 2), ("conflict.theirs", 90_000, 1)])
def test_save_conflict_can_be_resolved_three_ways(key: str, base: float, scenarios: int) -> None:
    first = Session().save("Shared")
    second = Session().set(open=True).choose("saved", first.session.open_version.scenario_id)
    first.enter("pay.base", "90k").set(save=True).press("save.version")
    second.enter("pay.base", "95k").set(save=True).press("save.version").press(key)
    assert second.session.plan.pay.base == base
    assert len(deployment.store().scenarios(by=LOCAL)) == scenarios
    if key == "conflict.theirs":
        assert second.press("undo").session.plan.pay.base == 95_000


def test_unreachable_store_keeps_unsaved_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "no-folder").write_text("a file")
    monkeypatch.setenv("COMPPLAN_DATABASE_URL", f"sqlite:///{tmp_path}/no-folder/kept.db")
    page = Session().enter("pay.base", "90k").save("Mine")
    assert page.problems
    assert page.session.plan.pay.base == 90_000
    assert "Your changes are still here" in page.text


def test_people_are_kept_only_when_asked_and_without_names() -> None:
    page = Session("benchmarks")
    page.at.file_uploader(key="market.people").upload("team.csv", roster.sample())
    page.run()
    page.at.switch_page("../../../pages/cost.py")
    page.run().save("Without")
    (scenario,) = deployment.store().scenarios(by=LOCAL)
    assert not deployment.store().version(scenario.id, 1, by=LOCAL).has_people
    page.check("keep_people").press("save.version")
    version = deployment.store().version(scenario.id, 2, by=LOCAL)
    rows = deployment.store().people(version, by=LOCAL)
    assert version.people == len(rows) == 56
    assert not any({"name", "manager"} & set(row) for row in rows)


# Sharing


def test_finance_sees_the_same_cents_until_the_link_is_turned_off() -> None:
    leader = Session("finance").enter("cost.benefits_rate", "22%").enter("cost.budget", "1.2m").set(share=True)
    leader.press("share.make")
    report = cost(PLAN, headcount(PLAN, 1), Assumptions(benefits_rate=0.22, budget=1_200_000))
    finance = Session("finance", share=leader.link)
    assert finance.figures == leader.figures == {c.name: c.value for c in cost_views.key_figures(report)}
    assert formats.money(report.at_target.loaded, "USD") == "$131,732.50"
    assert not list(finance.at.text_input)
    assert leader.set(share=True).text.count("opened once") == 1
    (scenario,) = deployment.store().scenarios(by=LOCAL)
    (link,) = deployment.store().links(scenario.id, by=LOCAL)
    leader.press(f"turn_off.{link.id}")
    finance.run()
    assert "link was turned off" in finance.problems[0]
    assert "1,317" not in finance.text.replace("$1.32M", "")


def test_sharing_a_change_saves_it_first() -> None:
    page = Session().save("FY27").enter("pay.base", "90k").set(share=True)
    page.press("share.make")
    opened = Session("finance", share=page.link)
    assert "version 2" in opened.title
    assert opened.figures["At target"] == "$118.4k"


def test_link_keeps_its_version_and_mentions_a_newer_one() -> None:
    page = Session().set(share=True).press("share.make")
    token = page.link
    assert "is newer" not in Session("finance", share=token).text
    page.enter("pay.base", "120k").set(save=True).press("save.version")
    seen = Session("finance", share=token)
    assert "Version 2 is newer" in seen.text
    assert seen.figures["At target"] == "$113k"


@pytest.mark.parametrize("token", ["x" * 32, "", "../../etc", "é", "a" * 5_000, "%00", "<script>"])
def test_wrong_link_shows_an_error_on_a_working_page(token: str) -> None:
    page = Session("finance", share=token)
    if token:
        assert "isn't valid" in page.problems[0]
        assert page.figures["At target"] == "$113k", "the page of the plan in hand"


def test_too_many_wrong_links_are_refused_and_then_a_right_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    throttle = Throttle(clock=lambda: 0.0)  # so that no tries come back on a slow machine
    monkeypatch.setattr(deployment, "throttle", functools.cache(lambda: throttle))
    page = Session().set(share=True).press("share.make")
    told = [Session("finance", share=f"{i:032}").problems[0] for i in range(12)]
    assert "isn't valid" in told[0]
    assert "many wrong links" in told[-1]
    assert "many wrong links" in Session("finance", share=page.link).problems[0]


def test_shared_plan_can_be_opened_as_a_copy() -> None:
    page = Session().enter("pay.base", "90k").set(share=True).press("share.make")
    seen = Session("finance", share=page.link)
    seen.at.button[-1].click()
    seen.run()
    assert seen.session.plan.pay.base == 90_000


# Small teams and single people


def shared_team(rows: int, **options: bool) -> str:
    """A link to a version with people, half of whom have names that must not show."""
    store = deployment.store()
    people = [{"id": f"E{i:02}", "role": "csm", "currency": "USD", "base": 80_000.0 + i, "variable": 20_000.0}
              for i in range(rows)]  # fmt: skip
    version = store.create(PLAN, name="Team", by=LOCAL, people=people, cost={"people": 3})
    return store.share(version, by=LOCAL, audience="anyone", **options)[1]


def test_totals_of_few_people_are_hidden_unless_the_owner_shares_them() -> None:
    seen = Session("finance", share=shared_team(4))
    assert "Fewer than five people" in seen.text
    assert not [body for body in seen.pieces if 'class="cp-figures"' in body]
    assert not re.search(r"\$\d{3},\d{3}|\$\d+\.?\d*[kM]", seen.text)
    assert Session("finance", share=shared_team(4, small_teams=True)).figures
    assert Session("finance", share=shared_team(5)).figures


def test_people_are_shown_only_if_the_owner_allows_it() -> None:
    veiled = Session("finance", share=shared_team(6)).set(shared__tab="People")
    assert "E03" not in veiled.text
    assert "$80,003" not in veiled.text
    assert "does not share the rows of single people" in veiled.text
    open_ = Session("finance", share=shared_team(6, people=True)).set(shared__tab="People")
    assert "E03" in open_.text
    assert veiled.figures == open_.figures


# Who may do what


def test_viewer_can_read_but_not_save(signed_in: Callable[[Actor], None]) -> None:
    signed_in(person(Role.VIEWER))
    page = Session().set(save=True, share=True)
    assert "Your role can view plans but not save them" in page.text
    assert not [b for b in page.at.button if b.key in ("save.new", "share.make")]
    at = AppTest.from_file(FRAME, default_timeout=60).run()
    at.switch_page(PAGES["finance"]).run()
    assert "no role that opens this page" in " ".join(e.proto.body for e in at.get("html"))


def test_submitter_cannot_approve(signed_in: Callable[[Actor], None]) -> None:
    hr = person(Role.HR, "hr@example.com")
    signed_in(hr)
    Session().save("FY27")
    page = Session("saved")
    (scenario,) = deployment.store().scenarios(by=hr)
    version = deployment.store().version(scenario.id, 1, by=hr)
    page.press(f"do.Submit.{version.id}").press(f"do.Approve.{version.id}")
    assert "another person has to approve it" in page.problems[0]
    signed_in(person(Role.FINANCE, "cfo@example.com"))
    page = Session("saved").press(f"do.Approve.{version.id}")
    assert deployment.store().version(scenario.id, 1, by=hr).status(dt.date(2026, 1, 1)) == "approved"
    page.press(f"do.force.{version.id}")
    assert "In force from" in page.text


# Saved


def test_saved_page_lists_restores_and_archives_plans() -> None:
    assert "No saved plans yet" in Session("saved").text
    page = Session().save("FY27").enter("pay.base", "90k").set(save=True).press("save.version")
    key = page.session.open_version.scenario_id
    library = Session("saved").set(library__tab="Differences")
    assert "Base salary $85,000 $90,000" in library.text
    library.set(library__tab="Versions").choose(f"library.version.{key}", 1)
    old = deployment.store().version(key, 1, by=LOCAL)
    library.press(f"do.Restore.{old.id}")
    assert deployment.store().version(key, 3, by=LOCAL).plan == PLAN.edit({"name": "FY27"})
    library.set(library__tab="Activity")
    assert library.text.count("saved") >= 3
    library.press(f"do.archive.{key}")
    assert "Every saved plan is archived" in library.text
    assert "FY27 (archived)" in library.set(library__archived=True).at.radio(key="library.plan").options[0]


# Cost


def test_page_shows_the_figures_of_the_library() -> None:
    page = (
        Session("finance").enter("cost.people", "12").enter("cost.overhead", "6,000").enter("cost.arr_managed", "30m")
    )
    known = Assumptions(overhead=6_000, arr_managed=30_000_000)
    report = cost(PLAN, headcount(PLAN, 12), known)
    assert page.figures == {c.name: c.value for c in cost_views.key_figures(report)}
    page.set(cost__tab="By attainment")
    assert formats.money(report.at(1.5).loaded, "USD") in page.text
    assert formats.money(report.most.cost.loaded, "USD") in page.text
    page.set(cost__tab="Budget and ratios")
    assert formats.percent(report.ratios.comp_of_arr or 0, 2) in page.text
    page.set(cost__tab="Assumptions")
    assert all(note in page.text for note in (*report.notes, *report.not_modelled))


@pytest.mark.parametrize(
    ("path", "typed", "reason"),
    [
        ("cost.people", "0", "whole number of people"),
        ("cost.people", "2.5", "whole number of people"),
        ("cost.people", "many", "number"),
        ("cost.benefits_rate", "300%", "at most"),
        ("cost.overhead", "-5", "at least"),
        ("cost.budget", "0", "above 0"),
        ("cost.spreads.grr", "x", "number"),
    ],
)
def test_invalid_entry_stays_in_its_field_with_the_reason(path: str, typed: str, reason: str) -> None:
    page = Session("finance")
    before = page.figures
    page.enter(path, typed)
    assert reason in page.problems[0]
    assert page.figures == before
    (field,) = [t for t in page.at.text_input if (t.key or "").endswith(path)]
    assert field.value == typed
    page.enter(path, "")
    assert page.figures == before


def test_unemployment_tax_counts_once_rate_and_base_are_entered() -> None:
    page = Session("finance")
    before = page.figures
    page.enter("cost.futa_rate", "0.6%")
    assert page.figures == before
    assert "Enter both to include federal unemployment tax." in page.text
    page.enter("cost.futa_base", "7000")
    assert page.session.cost["assumptions"]["futa_base"] == 7000
    page.choose("cost.regime", "rate").enter("cost.rate", "13.8%")
    assert page.session.cost["assumptions"]["rate"] == 0.138
    page.choose("cost.regime", "none")
    assert page.session.cost["assumptions"]["regime"] == "none"


def test_two_plans_on_the_same_people() -> None:
    page = Session("finance").set(cost__tab="Compare plans").choose("cost.against", "flowfuse-csm")
    seen = side_by_side(templates.load("flowfuse-csm"), PLAN, headcount(PLAN, 1), terms="plan")
    assert f"{seen.gains:,} people gain, {seen.loses:,} lose" in page.text
    assert formats.money(abs(seen.change["loaded"]), "USD", 0) in page.text


def test_people_file_is_costed_person_by_person() -> None:
    page = Session("benchmarks")
    page.at.file_uploader(key="market.people").upload("team.csv", roster.sample())
    page.run()
    page.at.switch_page("../../../pages/cost.py")
    page.run()
    people = roster.read(roster.sample(), "team.csv").people
    report = cost(PLAN, from_people(PLAN, people))
    assert page.figures == {c.name: c.value for c in cost_views.key_figures(report)}
    page.set(cost__tab="People")
    assert str(report.each["id"].iloc[0]) in page.text


def test_assumptions_of_another_plan_are_dropped_with_a_note() -> None:
    page = Session("finance").enter("cost.spreads.grr", "5%")
    page.set(open=True).choose("template", "flowfuse-csm")
    page.set(cost__tab="Assumptions")
    assert "the plan does not pay on them" in page.text


@pytest.mark.parametrize(
    "cost",
    [
        {"people": "3"},
        {"people": 0},
        {"x": 1},
        {"assumptions": {"year": 1}},
        {"assumptions": [1]},
        {"who": "all"},
        {"groups": [{"name": "", "headcount": 1, "base": 1, "variable": 1}]},
        {"groups": "x"},
        {"groups": [7]},
    ],
)
def test_version_with_unreadable_assumptions_shows_a_message(cost: dict[str, Any]) -> None:
    store = deployment.store()
    version = store.create(PLAN, name="Odd", by=LOCAL, cost=cost)
    token = store.share(version, by=LOCAL, audience="anyone")[1]
    assert "cannot be read" in Session("finance", share=token).problems[0]


def test_unknown_link_stays_closed_when_it_is_opened_again() -> None:
    with pytest.raises(LinkClosed):
        deployment.store().open_link("x" * 32, who=LOCAL, now=dt.datetime.now(dt.UTC), already_opened=True)


def test_every_template_has_a_cost_page() -> None:
    page = Session("finance")
    for key in templates.keys():  # noqa: SIM118
        page.set(open=True).choose("template", key)
        plan = templates.load(key)
        report = cost(plan, headcount(plan, 1))
        assert page.figures["At target"] == formats.brief_money(report.at_target.loaded, plan.currency)
        board = next(e for e in page.at.get("bidi_component") if e.key == "cost.charts")
        assert len(json.loads(board.proto.json)["figures"]) == 3


def test_people_files_are_for_hr(signed_in: Callable[[Actor], None]) -> None:
    signed_in(person(Role.DESIGNER))
    page = Session("benchmarks")
    assert "not people's pay" in page.text
    assert not [u for u in page.at.get("file_uploader") if u.key == "market.people"]
    signed_in(person(Role.HR))
    assert [u for u in Session("benchmarks").at.get("file_uploader") if u.key == "market.people"]


def test_exports_are_recorded(signed_in: Callable[[Actor], None]) -> None:
    hr = person(Role.HR)
    signed_in(hr)
    version = deployment.store().create(PLAN, name="FY27", by=hr)
    sign_in.note_export(hr, "workbook", open_version=OpenVersion(version.scenario_id, "FY27", 1))
    (event,) = deployment.store().audit_log(by=hr, event="exported", scenario_id=version.scenario_id)
    assert (event.detail, event.version) == ({"what": "workbook"}, 1)
    sign_in.note_export(LOCAL, "workbook")
    assert len(deployment.store().audit_log(by=hr, event="exported")) == 1


def test_groups_of_people_are_costed_as_the_table_says() -> None:
    page = Session("finance").choose("cost.who", "groups")
    (table,) = [t for t in page.at.data_editor if "cost.groups" in (t.key or "")]
    added = [{"name": "Seniors", "headcount": "4", "base": "110k", "variable": "25k", "arr": "3m"}]
    states = page.at._tree.get_widget_states()
    state = states.widgets.add()
    state.id = table.proto.id
    edits = {"edited_rows": {"0": {"headcount": "6", "arr": "2m"}}, "added_rows": added, "deleted_rows": []}
    state.string_value = json.dumps(edits)
    page.at._run(states)
    page.run()
    people = pd.DataFrame(
        {"id": ["csm", "Seniors"], "headcount": [6, 4], "base": [85_000.0, 110_000], "variable": [20_000.0, 25_000],
         "arr": [2e6, 3e6]}
    )  # fmt: skip
    report = cost(PLAN, people)
    assert page.figures == {c.name: c.value for c in cost_views.key_figures(report)}
    page.set(cost__tab="People")
    assert "Seniors" in page.text


# People, from a file to a link and back


def with_people() -> Session:
    page = Session("benchmarks")
    page.at.file_uploader(key="market.people").upload("team.csv", roster.sample())
    page.run()
    page.at.switch_page(PAGES["finance"])
    return page.run()


def test_share_link_shows_the_same_cost_as_the_page() -> None:
    page = with_people().set(share=True).press("share.make")
    assert "the file isn't saved with the plan" in page.problems[0]
    page.check("keep_people").press("share.make")
    seen = Session("finance", share=page.link)
    assert seen.figures == page.figures
    assert "13 people" in seen.text

    other = with_people().choose("cost.who", "number").set(share=True).press("share.make")
    assert Session("finance", share=other.link).figures == other.figures


def test_version_opens_with_its_people_only_for_permitted_roles(signed_in: Callable[[Actor], None]) -> None:
    hr = person(Role.HR, "hr@example.com")
    signed_in(hr)
    saved = with_people()
    saved.set(save=True).check("keep_people").press("save.new")
    again = Session("finance").set(open=True).choose("saved", saved.session.open_version.scenario_id)
    assert again.figures == saved.figures
    signed_in(person(Role.DESIGNER))
    other = Session("finance").set(open=True).choose("saved", saved.session.open_version.scenario_id)
    assert "Your role does not include their rows" in other.text
    assert other.session.people is None


# What belongs together stays together


def test_undo_brings_back_a_plan_with_its_own_assumptions() -> None:
    page = Session("finance").enter("cost.budget", "300k").save("Mine")
    mine = page.session.open_version
    page.enter("cost.budget", "400k")
    other = Session().save("Other").session.open_version
    page.set(open=True).choose("saved", other.scenario_id)
    assert page.session.cost == {}
    page.press("undo")
    assert page.session.open_version == mine
    assert page.session.cost["assumptions"]["budget"] == 400_000


def test_assumptions_do_not_change_currency() -> None:
    page = Session("finance").enter("cost.budget", "300k").save("Dollars")
    yen = PLAN.edit({"currency": "JPY"})
    page.session.open(yen, "file")
    assert page.session.cost == {}
    page.session.undo()
    assert page.session.cost["assumptions"]["budget"] == 300_000


def test_after_a_save_undo_goes_back_within_the_saved_plan() -> None:
    page = Session().enter("pay.base", "90k").save("FY27")
    page.press("undo")
    assert page.session.plan.pay.base == 85_000
    assert page.title.endswith("version 1, changed")
    page.set(save=True).press("save.version")
    (scenario,) = deployment.store().scenarios(by=LOCAL)
    assert scenario.head == 2


def test_link_and_messages_of_one_plan_are_not_shown_for_another() -> None:
    page = Session().set(share=True).press("share.make")
    first = page.link
    page.set(open=True).choose("template", "flowfuse-csm").set(share=True, save=True)
    assert not [code for code in page.at.code if first in code.value]
    assert "Saved:" not in page.text


def test_plans_with_the_same_name_can_both_be_opened() -> None:
    keys = [
        Session().enter("pay.base", base).save("Twin").session.open_version.scenario_id for base in ("111k", "222k")
    ]
    page = Session().set(open=True)
    (box,) = [s for s in page.at.selectbox if s.key == "saved"]
    assert len(set(box.options)) == len(box.options) == 2
    assert [Session().set(open=True).choose("saved", key).session.plan.pay.base for key in keys] == [111_000, 222_000]


def test_removed_choice_opens_nothing() -> None:
    Session().save("FY27")
    page = Session().set(open=True)
    plan = page.session.plan
    (box,) = [s for s in page.at.selectbox if s.key == "saved"]
    states = page.at._tree.get_widget_states()
    state = states.widgets.add()
    state.id, state.string_value = box.proto.id, "FY27 · version 9, 01 Jan 2020"
    page.at._run(states)
    page.run()
    assert page.session.plan == plan


# Access that has ended


def test_no_file_is_created_after_access_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, Any] = {}
    real = st.download_button

    def heard(label: str, data: Any, **options: Any) -> Any:
        made[label] = data
        return real(label, data, **options)

    monkeypatch.setattr(st, "download_button", heard)
    page = Session("finance").set(share=True).press("share.make")
    Session("finance", share=page.link)
    (months,) = [data for label, data in made.items() if "CSV" in label]
    assert "variable_accrued" in months()
    (scenario,) = deployment.store().scenarios(by=LOCAL)
    (link,) = deployment.store().links(scenario.id, by=LOCAL)
    deployment.store().revoke(link.id, by=LOCAL)
    with pytest.raises(LinkClosed):
        months()


def test_unavailable_database_shows_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Session().set(share=True).press("share.make")
    seen = Session("finance", share=page.link)

    def down() -> Any:
        raise Unavailable("the database does not answer.")

    monkeypatch.setattr(deployment, "store", down)
    seen.run()
    assert "database does not answer" in seen.problems[0]
    assert [b for b in seen.at.button if b.key == "share.again"]


def test_months_with_few_people_are_hidden() -> None:
    store = deployment.store()
    people = [{"id": f"E{i}", "role": "csm", "currency": "USD", "base": 80_000.0 + 1_000 * i, "variable": 20_000.0,
               "hired": f"2026-0{i + 1}-01"} for i in range(6)]  # fmt: skip
    version = store.create(PLAN, name="Team", by=LOCAL, people=people)
    seen = Session("finance", share=store.share(version, by=LOCAL, audience="anyone")[1])
    assert "Months are hidden" in seen.text
    board = next(e for e in seen.at.get("bidi_component") if e.key == "shared.charts")
    assert [figure["id"] for figure in json.loads(board.proto.json)["figures"]] == ["grid", "loaded"]
    later = [row | {"hired": "2031-01-01"} if i else row for i, row in enumerate(people)]
    version = store.create(PLAN, name="One", by=LOCAL, people=later)
    assert (
        "Fewer than five people" in Session("finance", share=store.share(version, by=LOCAL, audience="anyone")[1]).text
    )
