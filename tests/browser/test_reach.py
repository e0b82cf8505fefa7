"""Who cannot use a mouse, cannot see the colors, or has only a phone: names, focus, contrast, room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browser.looks import FAINT, NAMELESS
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_text_can_be_read_and_controls_have_names_in_both_lights(visit: Callable[..., Any]) -> None:
    view = visit().open_sections()
    base = view.page.get_by_label("Base, USD per year")
    base.fill("much")
    base.press("Enter")
    expect(view.page.locator(".cp-problem")).to_be_visible()
    target = view.page.get_by_role("textbox", name="Target", exact=True)
    target.fill("90%")
    view.until_new_plan(lambda: target.press("Enter"))
    expect(view.page.locator(".cp-warning")).to_contain_text("At target this plan pays")
    assert view.page.evaluate(NAMELESS) == []

    # Background, and the ink of the first component: its charts follow the light.
    lights = {"light": ("rgb(253, 252, 250)", "rgb(29, 79, 180)"), "dark": ("rgb(21, 25, 27)", "rgb(77, 154, 255)")}
    curve = view.page.locator(".cp-card[data-id=curves] .scatterlayer .js-line")
    for light, (background, ink) in lights.items():
        view.page.emulate_media(color_scheme=light)
        expect(view.page.locator(".stApp")).to_have_css("background-color", background)
        expect(curve.and_(view.page.locator(f"[style*='{ink}']")).first).to_be_visible()
        # Streamlit fades from one light to the other.
        view.page.wait_for_function("() => document.getAnimations().every(({ playState }) => playState === 'finished')")
        assert view.page.evaluate(FAINT) == [], light


def test_first_screen_is_accessible(visit: Callable[..., Any]) -> None:
    view = visit()
    expect(view.page.get_by_role("group", name="Weights")).to_have_count(1)
    expect(view.page.get_by_role("group", name="Year-end results")).to_have_count(1)
    for name, value in {"GRR": "45%", "Expansion": "35%", "CSAT (share)": "20%"}.items():
        slider = view.page.get_by_role("group", name="Weights").get_by_role("slider", name=name, exact=True)
        expect(slider).to_have_attribute("aria-valuetext", value)
    for name, value in {"GRR": "92.0%", "Expansion": "$240,000", "CSAT (share)": "90.0%"}.items():
        slider = view.page.get_by_role("group", name="Year-end results").get_by_role("slider", name=name, exact=True)
        expect(slider).to_have_attribute("aria-valuetext", value)
    for name in ("Payout curve of each component", "Waterfall from base salary to total pay"):
        expect(view.page.get_by_role("img", name=name)).to_be_visible()
    expect(view.page.get_by_role("heading", level=1)).to_contain_text("KnowUp: CSAT as a weighted part")
    assert view.page.title() == "compplan"
    assert view.page.evaluate("document.documentElement.lang") == "en"

    # The first screen answers without a scroll: figures, payout curves, and the sliders of the weights.
    for selector in (".cp-figures", ".cp-card[data-id=curves] .cp-canvas", ".st-key-weights .cp-row:last-child"):
        box = view.page.locator(selector).bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800, selector
    widths = "[document.scrollingElement.scrollWidth, document.querySelector('.stMain').scrollWidth]"
    assert max(view.page.evaluate(widths)) <= 1280

    # Everything can be reached with the Tab key, in the order of the page, and the focus shows.
    slider = view.slider("grr")
    plain = slider.screenshot()
    view.page.mouse.click(640, 62)
    order: list[str] = []
    marked = b""
    while len(order) < 60 and order[-1:] != ["Numbers of Yearly payout by result"]:
        view.page.keyboard.press("Tab")
        order.append(
            view.page.evaluate(
                """() => {
                  const each = document.activeElement;
                  const name = each.getAttribute("aria-label") || each.labels?.[0]?.textContent || each.textContent;
                  return `${each.type === "range" ? "slider " : ""}${name.trim()}`;
                }"""
            )
        )
        if order[-1] == "slider GRR" and not marked:
            marked = slider.screenshot()
    sliders = [name for name in order if name.startswith("slider ")]
    assert sliders == [f"slider {name}" for name in ("GRR", "Expansion", "CSAT (share)")] * 2
    for name in ("Open", "Share", "Base, USD per year", "GRR, exact value", "Lock GRR", "Targets and curves"):
        assert any(name in told for told in order), f"{name} is not among {order}"
    assert marked != plain, "the focus shows"


def test_a_phone_shows_figures_and_the_main_chart_first(visit: Callable[..., Any]) -> None:
    view = visit(width=390, height=844)
    page = view.page

    def top(selector: str) -> float:
        return float(page.locator(selector).first.bounding_box()["y"])

    def across() -> list[str]:
        """What is wider than the window."""
        return page.evaluate(
            """() => [document.scrollingElement, ...document.querySelectorAll(".stApp, .stMain, .st-key-controls")]
              .filter((each) => each.scrollWidth > each.clientWidth + 1)
              .map((each) => `${each.className}: ${each.scrollWidth} in ${each.clientWidth}`)"""
        )

    assert across() == []
    sheet = page.locator(".st-key-controls")
    assert top(".cp-figures") < top(".cp-card[data-id=curves]") < top(".st-key-controls")
    assert top(".cp-card[data-id=curves]") < 0.5 * 844
    assert sheet.bounding_box()["y"] + sheet.bounding_box()["height"] == pytest.approx(844, abs=1)
    # Weights come first in the sheet, and moving one moves the chart above it.
    assert top(".st-key-weights_block") < top(".st-key-pay_block")
    view.until_drawn(lambda: view.slider("grr").press("PageUp"))
    view.page.get_by_role("button", name="Undo").wait_for()

    page.locator(".st-key-sheet label").click()
    expect(sheet).to_have_css("max-height", "43.5px")
    assert sheet.bounding_box()["height"] < 60
    assert across() == []
    page.locator(".st-key-sheet label").click()
    expect(sheet).not_to_have_css("max-height", "43.5px")
    view.open_sections()
    assert across() == []
