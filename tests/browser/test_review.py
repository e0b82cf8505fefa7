"""A leader reads the review, follows another guide, takes a fix and takes it back; a badge moves with the slider."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser.looks import FAINT, NAMELESS
from playwright.sync_api import expect

from compplan import templates
from compplan.review import Settings, review

pytestmark = pytest.mark.browser
PLAN = templates.load("knowup-csat-weighted")
TABS = ("Findings", "Questions", "Compare guides", "Measures by guide", "Rules")


def seen(plan: Any = PLAN, profile: Any = "commercial") -> Any:
    return review(plan, settings=Settings(profile=profile), today=dt.datetime.now(dt.UTC).date())


def review_page(visit: Callable[..., Any], **options: Any) -> Any:
    view = visit(**options)
    view.page.get_by_role("link", name="Review", exact=True).first.click()
    expect(view.page.locator("article.cp-finding").first).to_be_visible()
    return view


def figures(view: Any) -> Any:
    return view.page.locator(".cp-figure b")


def told(found: Any) -> list[str]:
    return [found.grade, *map(str, found.counts.values()), str(len(found.unanswered))]


def settled(page: Any) -> None:
    """Wait for the charts out of sight, too."""
    page.wait_for_function(
        "() => (({ rev, settledRev }) => rev === settledRev)(document.querySelector('.cp-board').dataset)"
    )


def test_leader_follows_a_guide_applies_a_fix_and_undoes_it(visit: Callable[..., Any]) -> None:
    view = review_page(visit)
    page, first = view.page, seen()
    assert urlsplit(page.url).path == "/review"
    expect(figures(view)).to_have_text(told(first))
    expect(page.locator("article.cp-finding")).to_have_count(len(first.findings))

    # The place in the plan, with its line marked.
    place = page.locator("article.cp-finding").first.locator(".cp-place")
    place.locator("summary").click()
    expect(place.locator("mark")).to_contain_text("curve:")

    # Another guide: the figures change, and a table says why.
    strict = seen(profile="adoption_first")
    page.get_by_role("combobox", name="Guide to follow").click()
    page.get_by_role("option", name="Russ Drury (2020): adoption first").click()
    expect(figures(view)).to_have_text(told(strict))
    page.get_by_role("tab", name="Compare guides").click()
    row = page.locator(".cp-statement tr").filter(has_text="DRU-02")
    expect(row.locator("td").last).to_have_text("Warning")
    expect(row.locator("td").nth(2)).to_have_text("Note")
    page.get_by_role("combobox", name="Guide to follow").click()
    page.get_by_role("option", name="KnowUp (2024): commercial").click()
    expect(figures(view)).to_have_text(told(first))
    page.get_by_role("tab", name="Findings").click()

    # What a fix would do, before it is done; then it is done, and is one step back.
    finding = next(f for f in first.findings if f.rule == "INT-11")
    fixed = first.fix(finding)
    page.get_by_role("button", name="Preview changes").first.click()
    expect(page.get_by_test_id("stPopoverBody").get_by_text("Fixes INT-11; no new findings.")).to_be_visible()
    page.keyboard.press("Escape")
    plan = view.plan
    page.get_by_role("button", name=fixed.fix.title, exact=True).click()
    expect(page.locator("[data-plan]")).not_to_have_attribute("data-plan", plan)
    expect(page.get_by_role("status").filter(has_text=f"Applied: {fixed.fix.title}.")).to_be_visible()
    expect(figures(view)).to_have_text(told(fixed.review))
    expect(page.locator("article.cp-finding")).to_have_count(len(fixed.review.findings))
    view.click(page.get_by_role("button", name="Undo", exact=True))
    expect(page.locator("[data-plan]")).to_have_attribute("data-plan", plan)
    expect(figures(view)).to_have_text(told(first))
    expect(page.get_by_text("Applied:")).to_have_count(0)
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()


def test_weight_label_follows_before_the_slider_is_released(visit: Callable[..., Any]) -> None:
    view = visit()
    page = view.page
    badge = page.locator(".cp-figure").nth(4)
    expect(badge.locator("dt")).to_have_text("Review")
    lines = page.locator(".st-key-worst p.cp-finding")
    first, said = badge.inner_text(), lines.all_inner_texts()
    tabs = page.get_by_role("tab", name="Statement").bounding_box()
    plan = view.plan
    box = view.slider("grr").bounding_box()
    x, y = box["x"] + 8 + 0.45 * (box["width"] - 16), box["y"] + box["height"] / 2
    charts = page.locator(".cp-card[data-id=curves]").bounding_box()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 150, y, steps=10)
    # The button is still down.
    page.wait_for_function("was => document.querySelectorAll('.cp-figure')[4].innerText !== was", arg=first)
    expect(lines.first).to_contain_text("Error")
    assert lines.all_inner_texts() != said
    hidden = page.locator(".st-key-worst_row_0 button")
    expect(hidden).to_have_css("visibility", "hidden")  # a fix of another finding than the one beside it
    assert view.plan == plan, "the session has not heard of it"
    assert page.locator(".cp-card[data-id=curves]").bounding_box() == charts, "nothing jumps"
    assert page.get_by_role("tab", name="Statement").bounding_box() == tabs, "nor does what stands under the findings"
    view.release()
    weights = view.weights()
    moved = PLAN.edit({f"components[{i}].weight": weights[c.key] / 100 for i, c in enumerate(PLAN.components)})
    counts = seen(moved).counts
    errors = f"{counts['error']} error{'' if counts['error'] == 1 else 's'}"
    expect(badge.locator("b")).to_have_text(errors)
    expect(badge.locator("small")).to_contain_text(f"{counts['warning']} warning")
    expect(badge.locator(".cp-was")).to_have_text("was 3 warnings")
    worst = [f for f in seen(moved).findings if f.severity != "info"][:3]
    expect(lines).to_contain_text([f.message for f in worst])
    assert page.get_by_role("tab", name="Statement").bounding_box() == tabs
    view.undo()
    expect(badge.locator("b")).to_have_text("3 warnings")
    expect(lines).to_have_text(said)


def test_a_fix_of_the_designer_redraws_sliders_and_charts(visit: Callable[..., Any]) -> None:
    view = visit()
    page = view.page
    worst = page.locator(".st-key-worst")
    expect(worst.locator("p.cp-finding")).to_have_count(3)
    first = view.plotted("curves")
    view.until_new_plan(lambda: worst.get_by_role("button", name="Start paying GRR at").click())
    settled(page)
    assert view.plotted("curves") != first
    expect(page.locator(".cp-figure b").nth(4)).to_have_text("2 warnings")
    view.undo()
    settled(page)
    assert view.plotted("curves") == first
    worst.get_by_role("link", name=re.compile("All of the review|See all findings")).click()
    expect(page.locator("article.cp-finding").first).to_be_visible()


def test_wrong_entry_stays_in_its_field_and_an_answer_counts(visit: Callable[..., Any]) -> None:
    view = review_page(visit)
    page = view.page
    day = page.get_by_role("textbox", name="Date of last plan review")
    day.fill("last spring")
    day.press("Enter")
    problem = page.locator(".cp-problem")
    expect(problem).to_contain_text("ust be a date such as 2026-01-31")
    expect(day).to_have_value("last spring")
    below = problem.bounding_box()["y"] - day.bounding_box()["y"]
    assert 0 < below < 80, "the sentence stands under its field"
    assert page.evaluate(NAMELESS) == []
    day.fill("2026-01-31")
    day.press("Enter")
    expect(problem).to_have_count(0)

    page.get_by_role("combobox", name="GRR: can you measure it today?").click()
    page.get_by_role("option", name="No", exact=True).click()
    expect(page.locator("article.cp-finding").filter(has_text="LIT-01")).to_have_count(1)
    page.get_by_role("link", name="Designer", exact=True).click()
    page.wait_for_selector(".cp-board[data-settled-rev]")
    expect(page.locator(".cp-figure b").nth(4)).not_to_have_text("3 warnings")


def test_the_review_can_be_read_and_used_by_everybody(visit: Callable[..., Any]) -> None:
    view = review_page(visit)
    page = view.page
    for name in TABS:
        page.get_by_role("tab", name=name, exact=True).click()
        expect(page.get_by_role("tab", name=name, exact=True)).to_have_attribute("aria-selected", "true")
        page.wait_for_timeout(600)
        for details in page.locator("[role=tabpanel] summary:visible").all()[:3]:
            details.click()
        assert page.evaluate(NAMELESS) == [], name
        for light, background in {"light": "rgb(253, 252, 250)", "dark": "rgb(21, 25, 27)"}.items():
            page.emulate_media(color_scheme=light)
            expect(page.locator(".stApp")).to_have_css("background-color", background)
            page.wait_for_function("() => document.getAnimations().every(({ playState }) => playState === 'finished')")
            assert page.evaluate(FAINT) == [], f"{name}, {light}"


def test_the_review_fits_a_phone(visit: Callable[..., Any]) -> None:
    view = review_page(visit, width=390, height=844)
    page = view.page
    for name in TABS:
        page.get_by_role("tab", name=name, exact=True).click()
        page.wait_for_timeout(600)
        wide = page.evaluate(
            """() => [document.scrollingElement, ...document.querySelectorAll(".stApp, .stMain, .st-key-controls")]
              .filter((each) => each.scrollWidth > each.clientWidth + 1)
              .map((each) => `${each.className}: ${each.scrollWidth} in ${each.clientWidth}`)"""
        )
        assert wide == [], name
