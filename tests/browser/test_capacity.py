"""A leader sizes a book of business, uploads accounts, and gets a suggestion of accounts to move."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from browser.looks import FAINT, NAMELESS
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
THUMB = re.compile(r"^1\.00 [\d.,]+ <P>$")
ACCOUNTS = b"Account,CSM,ARR,Renewal date\nAcme,E1,300000,\nGlobex,E1,200000,\nInitech,E2,100000,\n"


def capacity_page(visit: Callable[..., Any], **options: Any) -> Any:
    view = visit(**options)
    view.page.get_by_role("link", name="Capacity", exact=True).first.click()
    expect(view.page.locator(".cp-card[data-state=ready]")).to_have_count(2)
    return view


def test_leader_sizes_a_book_and_moves_accounts(visit: Callable[..., Any]) -> None:
    page = capacity_page(visit).page
    figures = page.locator(".cp-figure b")
    expect(figures).to_have_text(["100", "15", "1", "90%", "$1.05M"])

    # One more account by the keyboard: 15 x 100 over 1,560 hours.
    accounts = page.get_by_test_id("stSlider").filter(has_text="Accounts").locator("input[type=range]").first
    accounts.focus()
    page.keyboard.press("ArrowRight")
    expect(figures.nth(3)).to_have_text("96%")
    page.get_by_role("textbox", name="Paid leave, days").fill("25")
    page.get_by_role("textbox", name="Paid leave, days").press("Enter")
    expect(figures.nth(1)).to_have_text("14")

    page.locator(".st-key-capacity-file input[type=file]").set_input_files(
        {"name": "accounts.csv", "mimeType": "text/csv", "buffer": ACCOUNTS}
    )
    page.get_by_role("tab", name="Books").click()
    expect(page.get_by_text("3 accounts in 3 rows of accounts.csv.")).to_be_visible()
    page.get_by_role("textbox", name="Most ARR per person").fill("400k")
    page.get_by_role("textbox", name="Most ARR per person").press("Enter")
    expect(page.get_by_text("over limit: ARR")).to_be_visible()
    page.get_by_role("button", name="Suggest which accounts to move").click()
    expect(page.get_by_text("1 of 3 accounts changes owner. This is the fewest possible.")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_capacity_page_is_readable_and_fits_the_screen(visit: Callable[..., Any], width: int, height: int) -> None:
    page = capacity_page(visit, width=width, height=height).page
    for scheme, background in {"light": "rgb(253, 252, 250)", "dark": "rgb(21, 25, 27)"}.items():
        page.emulate_media(color_scheme=scheme)
        expect(page.locator(".stApp")).to_have_css("background-color", background)
        page.wait_for_function("() => document.getAnimations().every(({ playState }) => playState === 'finished')")
        faint = page.evaluate(FAINT)
        # The script sees the page behind a label that stands in a bar, and the thumb behind the value above it.
        assert [one for one in faint if not one.endswith(("<tspan>", "<text>")) and not THUMB.search(one)] == []
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")
