"""HR on the Benchmarks page, in a real browser: place, a roster, a click on a band, the workbook."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from browser.looks import FAINT, NAMELESS
from playwright.sync_api import TimeoutError as OutOfTime
from playwright.sync_api import expect

from compplan import roster
from compplan.benchmarks import Market, find_area, local_bands, place_people, raise_costs, reference_bands

pytestmark = pytest.mark.browser

# Where a point of a chart lies on the screen.
AT = """([id, x, y]) => {
  const plot = document.querySelector(`.cp-card[data-id=${id}] .cp-plot`);
  plot.scrollIntoView({ block: "center" });
  const box = plot.getBoundingClientRect();
  const { xaxis, yaxis } = plot._fullLayout;
  return [box.left + xaxis._offset + xaxis.l2p(x), box.top + yaxis._offset + yaxis.l2p(y)];
}"""


def arrive(visit: Callable[..., Any], **how: Any) -> Any:
    """Come to the page as people do, from the designer."""
    view = visit(**how)
    view.page.get_by_role("link", name="Benchmarks").click()
    expect(view.page.locator(".cp-card[data-id=bands][data-state=ready]")).to_have_count(1)
    return view


def bring(view: Any, name: str, content: bytes) -> None:
    view.page.locator(
        ".st-key-market\\.people input[type=file], .st-key-market-people input[type=file]"
    ).set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def test_hr_sets_a_place_uploads_people_and_downloads_a_workbook(visit: Callable[..., Any], tmp_path: Path) -> None:
    view = arrive(visit)
    place = view.page.get_by_role("combobox", name="Place")
    place.click()
    place.fill("Austin")
    place.press("Enter")
    expect(view.page.locator(".cp-moved")).to_contain_text("× 0.9562")

    bring(view, "team.csv", roster.sample("csv"))
    expect(view.page.locator(".cp-card[data-id=bands] .legendtext", has_text="Your people")).to_have_count(1)

    # A click on the picture takes the role of its row.
    view.page.mouse.click(*view.page.evaluate(AT, ["bands", 200_000, -5]))
    expect(view.page.get_by_role("combobox", name="Role", exact=True)).to_have_value(
        "Vice President of Customer Success"
    )

    view.page.get_by_role("tab", name="Raises").click()
    people = roster.read(roster.sample("csv"), "team.csv").people
    bands, _ = local_bands(reference_bands("base"), people["place"], Market(find_area("Austin")))
    with view.page.expect_download() as saved:
        view.page.get_by_role("button", name="Workbook of everything").click()
    saved.value.save_as(tmp_path / "book.xlsx")
    book = pd.read_excel(io.BytesIO((tmp_path / "book.xlsx").read_bytes()), sheet_name=None, engine="calamine")
    assert len(book["People"]) == len(people)
    assert "Name" not in book["People"].columns
    wanted = raise_costs(place_people(people, bands))
    assert book["Raises"]["To"].tolist() == wanted["to"].tolist()
    assert book["Raises"]["Cost"].tolist() == wanted["cost"].tolist()

    # The map of the states sets the place too.
    view.page.get_by_role("tab", name="States").click()
    expect(view.page.locator(".cp-card[data-id=states][data-state=ready]")).to_have_count(1)
    view.page.mouse.click(*view.page.evaluate(AT, ["states", 3, -4]))
    expect(view.page.locator(".cp-moved")).to_contain_text("Colorado")

    # And the plan is as it was.
    view.page.get_by_role("link", name="Designer").click()
    expect(view.page.locator(".cp-figure b").first).to_have_text("$105k")


def test_wrong_file_shows_a_sentence(visit: Callable[..., Any]) -> None:
    view = arrive(visit)
    bring(view, "team.csv", b"\x89PNG\r\n\x1a\n" + bytes(64))
    alert = view.page.get_by_role("alert")
    expect(alert).to_have_count(1)
    expect(alert).to_contain_text("team.csv")
    bring(view, "team.csv", roster.sample("csv"))
    expect(alert).to_have_count(0)


def test_benchmarks_page_is_readable_in_light_and_dark(visit: Callable[..., Any]) -> None:
    view = arrive(visit)
    view.page.get_by_role("button", name="Try sample data").click()
    for tab in ("Role data", "People", "Raises", "Ladder", "States", "Job posting"):
        view.page.get_by_role("tab", name=tab).click()
        expect(view.page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        if tab == "People":
            view.page.locator("summary").filter(has_text="Columns and").press("Enter")
            expect(view.page.get_by_role("button", name="File with remarks (XLSX)")).to_be_visible()
        assert view.page.evaluate(NAMELESS) == [], tab
        for light in ("light", "dark"):
            view.page.emulate_media(color_scheme=light)
            background = "rgb(253, 252, 250)" if light == "light" else "rgb(21, 25, 27)"
            expect(view.page.locator(".stApp")).to_have_css("background-color", background)
            # The page fades from one light to the other, and charts are drawn anew.
            with suppress(OutOfTime):
                view.page.wait_for_function(f"() => ({FAINT})().length === 0", timeout=5_000)
            assert view.page.evaluate(FAINT) == [], (tab, light)


def test_benchmarks_page_fits_a_phone(visit: Callable[..., Any]) -> None:
    view = arrive(visit, width=390, height=844)
    view.page.get_by_role("button", name="Try sample data").click()
    view.page.locator(".st-key-sheet label").click()
    for tab in ("Role data", "People", "Raises", "Ladder", "States", "Job posting"):
        view.page.get_by_role("tab", name=tab).click()
        expect(view.page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        widths = "[document.scrollingElement.scrollWidth, document.querySelector('.stMain').scrollWidth]"
        assert max(view.page.evaluate(widths)) <= 390, tab
