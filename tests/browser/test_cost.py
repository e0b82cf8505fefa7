"""A leader saves and shares; finance opens the link in a browser of its own, and sees the same cents."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from browser.looks import FAINT, NAMELESS
from playwright.sync_api import TimeoutError as OutOfTime
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from compplan import formats, templates
from compplan.cost import Assumptions, cost, headcount

pytestmark = pytest.mark.browser
TABS = ("Year", "By attainment", "People", "Budget and ratios", "Accounting", "Assumptions")


def menu(view: Any, name: str) -> None:
    view.page.get_by_role("button", name=name, exact=True).first.click()


def share(view: Any) -> str:
    """Make a link in the Share menu; its query."""
    menu(view, "Share")
    view.page.locator(".st-key-share-make button").click()
    code = view.page.locator("code").filter(has_text="share=")
    expect(code).to_be_visible()
    found = code.inner_text()
    view.page.keyboard.press("Escape")
    return str(found).partition("/finance")[2]


def cost_page(visit: Callable[..., Any], **options: Any) -> Any:
    view = visit(**options)
    view.page.get_by_role("link", name="Cost", exact=True).click()
    expect(view.page.locator(".cp-headline")).to_be_visible()
    expect(view.page.locator(".cp-card[data-state=ready]")).to_have_count(3)
    return view


def test_finance_sees_the_same_cents_until_the_link_is_turned_off(visit: Callable[..., Any], tmp_path: Path) -> None:
    leader = cost_page(visit)
    leader.page.get_by_role("textbox", name="Headcount").fill("10")
    leader.page.get_by_role("textbox", name="Headcount").press("Enter")
    expect(leader.page.locator(".cp-figure b").first).to_have_text("$1.13M")
    leader.page.get_by_role("textbox", name="Benefits, % of base").fill("22%")
    leader.page.get_by_role("textbox", name="Benefits, % of base").press("Enter")
    expect(leader.page.locator(".cp-figure b").first).to_have_text("$1.32M")
    query = share(leader)

    finance = visit(f"finance{query}", elsewhere=True)
    plan = templates.load("knowup-csat-weighted")
    report = cost(plan, headcount(plan, 10), Assumptions(benefits_rate=0.22))
    assert finance.figures == leader.figures
    expect(finance.page.locator(".cp-card[data-state=ready]")).to_have_count(3)
    finance.page.get_by_role("tab", name="By attainment").click()
    loaded = formats.money(report.at_target.loaded, "USD")
    expect(finance.page.locator(".cp-statement").first).to_contain_text(loaded)
    assert finance.page.get_by_role("textbox").count() == 0, "nothing is left to set"
    with finance.page.expect_download() as saved:
        finance.page.get_by_role("button", name="Workbook").click()
    saved.value.save_as(tmp_path / "cost.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "cost.xlsx"))
    cells = [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    assert any(isinstance(cell, float) and abs(cell - report.at_target.loaded) < 0.005 for cell in cells)

    menu(leader, "Share")
    leader.page.get_by_role("button", name="Turn off link", exact=True).last.click()
    # Nobody touches finance's page: it looks by itself whether its link still is.
    expect(finance.page.get_by_role("alert")).to_contain_text("was turned off")
    # The alert is drawn first; the browser takes away what stood there once the run has ended.
    expect(finance.page.locator(".stApp")).not_to_contain_text(loaded)


def test_two_leaders_on_one_plan_lose_no_change(visit: Callable[..., Any]) -> None:
    def open_saved(view: Any) -> None:
        menu(view, "Open")
        view.page.get_by_role("combobox", name="A saved plan").fill("Two leaders")
        view.page.get_by_role("option").first.click()
        expect(view.page.locator("h1.cp-plan span")).to_have_text("version 1")
        view.page.keyboard.press("Escape")

    def rebase(view: Any, amount: str) -> None:
        base = view.page.get_by_label("Base, USD per year")
        base.fill(amount)
        view.until_new_plan(lambda: base.press("Enter"))

    first = visit()
    menu(first, "Save")
    first.page.get_by_label("Name", exact=True).fill("Two leaders")
    first.page.get_by_label("Name", exact=True).press("Enter")
    first.page.locator(".st-key-save-new button").click()
    expect(first.page.get_by_role("status").filter(has_text="Saved: Two leaders, version 1.")).to_be_visible()
    first.page.keyboard.press("Escape")
    second = visit(elsewhere=True)
    open_saved(second)
    rebase(first, "90000")
    rebase(second, "95000")
    for view in (first, second):
        menu(view, "Save")
        view.page.locator(".st-key-save-version button").click()
    expect(second.page.get_by_role("alert")).to_contain_text("saved version 2 while you were editing version 1")
    expect(second.page.get_by_text("Base salary: $85,000 → $90,000")).to_be_visible()
    expect(second.page.get_by_text("Base salary: $85,000 → $95,000")).to_be_visible()
    second.page.get_by_role("button", name="Save mine as version 3").click()
    expect(second.page.locator("h1.cp-plan span")).to_have_text("version 3")


def test_cost_page_is_readable_in_light_and_dark(visit: Callable[..., Any]) -> None:
    view = cost_page(visit)
    for tab in (*TABS, "Compare plans"):
        view.page.get_by_role("tab", name=tab).click()
        expect(view.page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        assert view.page.evaluate(NAMELESS) == [], tab
        for light in ("light", "dark"):
            view.page.emulate_media(color_scheme=light)
            background = "rgb(253, 252, 250)" if light == "light" else "rgb(21, 25, 27)"
            expect(view.page.locator(".stApp")).to_have_css("background-color", background)
            with suppress(OutOfTime):
                view.page.wait_for_function(f"() => ({FAINT})().length === 0", timeout=5_000)
            assert view.page.evaluate(FAINT) == [], (tab, light)


def test_cost_page_fits_a_phone_and_paper(visit: Callable[..., Any]) -> None:
    leader = visit()
    query = share(leader)
    phone = visit(f"finance{query}", width=390, height=844, elsewhere=True)
    for tab in TABS[:-1]:  # a link has its assumptions under the tables
        phone.page.get_by_role("tab", name=tab).click()
        expect(phone.page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        widths = "[document.scrollingElement.scrollWidth, document.querySelector('.stMain').scrollWidth]"
        assert max(phone.page.evaluate(widths)) <= 390, tab
    # A figure that is cut short says nothing.
    cut = "() => [...document.querySelectorAll('.cp-figure b')].filter((e) => e.scrollWidth > e.clientWidth + 1).length"
    assert phone.page.evaluate(cut) == 0

    paper = visit(f"finance{query}", elsewhere=True)
    paper.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    widths = "() => [...document.querySelectorAll('.cp-plot .main-svg')].map((e) => e.getBoundingClientRect().width)"
    assert max(paper.page.evaluate(widths)) <= 700
    paper.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert max(paper.page.evaluate(widths)) > 1000
    pages = len(re.findall(rb"/Type\s*/Page[^s]", paper.page.pdf(format="A4")))
    assert 2 <= pages <= 6, "all of the page is printed, not what a screen shows of it"


@pytest.mark.parametrize("query", ["?share=", f"?share={'x' * 32}", "?share=<script>alert(1)</script>"])
def test_wrong_link_shows_a_sentence_and_a_working_page(visit: Callable[..., Any], query: str) -> None:
    view = visit(f"finance{query}")
    if query != "?share=":
        expect(view.page.get_by_role("alert")).to_contain_text("isn't valid")
    expect(view.page.locator(".cp-headline")).to_be_visible()
