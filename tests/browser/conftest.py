"""The app as it is served, in a real Chromium; every visit checks that the page kept quiet and to itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser.serving import PATIENCE, context_of, served
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from compplan.ui.session import FIRST_TEMPLATE

PROBES = re.compile(r"/(finance|benchmarks|saved|review|capacity)/_stcore/(health|host-config)$")

# The sections of the controls, and a field by which one sees that they are drawn
SECTIONS = {
    "Targets and curves": "Target",
    "Gates, modifiers, kickers, cap": "Total cap, % of target variable",
    "Expected pay": "standard deviation",
}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app on a laptop."""
    with served(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="session")
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """Shared by visits, so that the browser fetches the same scripts once; a page is a session of its own."""
    context = context_of(chromium)
    yield context
    context.close()


class Visit:
    """One visit of the page, and the ways to see what it shows."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", self._asked)

    def _heard(self, message: Any) -> None:
        # On a page that is opened by its address, Streamlit's client looks for its server below that address first.
        if PROBES.search(str(message.location.get("url", ""))):
            return
        if message.type in ("error", "warning"):
            self.complaints.append(f"console {message.type}: {message.text}")

    def _asked(self, request: Any) -> None:
        place = urlsplit(request.url)
        if place.scheme not in ("data", "blob") and place.netloc != urlsplit(self.address).netloc:
            self.complaints.append(f"request to {request.url}")

    def go(self, query: str = "") -> Visit:
        """Open the page and wait until every chart is drawn; without a plan in the query, with the first template."""
        if not re.search(r"[?&](p|plan|share)=", query):
            query += f"{'&' if '?' in query else '?'}p=template-{FIRST_TEMPLATE}"  # not the draft of a visit before
        self.page.goto(f"{self.address}/{query}")
        self.page.wait_for_selector(".cp-board[data-settled-rev]")
        return self

    # What is shown

    @property
    def figures(self) -> list[str]:
        return self.page.locator(".cp-figure b").all_inner_texts()

    @property
    def plan(self) -> str:
        """Mark of the plan that the page, not only its charts, was drawn for."""
        return str(self.page.locator("[data-plan]").get_attribute("data-plan"))

    @property
    def rev(self) -> str:
        """Mark of what the charts were drawn for."""
        return str(self.page.locator(".cp-board").get_attribute("data-rev"))

    def plotted(self, figure: str) -> list[Any]:
        """The numbers of a chart, as Plotly has them."""
        found: list[Any] = self.page.evaluate(
            """id => document.querySelector(`.cp-card[data-id=${id}] .cp-plot`).data
              .map(({ name, x, y, z }) => [name, [...(x ?? [])], [...(y ?? [])], z && z.length])""",
            figure,
        )
        return found

    def weights(self) -> dict[str, float]:
        return self.page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll(".st-key-weights .cp-row")].map(
              (row) => [row.dataset.id, Number(row.querySelector(".cp-range").value)]))"""
        )

    def row(self, name: str, panel: str = "weights") -> Locator:
        return self.page.locator(f".st-key-{panel} .cp-row[data-id={name}]")

    def slider(self, name: str, panel: str = "weights") -> Locator:
        return self.row(name, panel).locator(".cp-range")

    # What a person does

    def until_new_plan(self, act: Callable[[], object]) -> None:
        """Do something, and wait until the page shows another plan, with its charts."""
        plan, rev = self.plan, self.rev
        act()
        self.page.wait_for_function(
            """([plan, rev]) => document.querySelector("[data-plan]")?.dataset.plan !== plan
              && document.querySelector(".cp-board").dataset.rev !== rev""",
            arg=[plan, rev],
        )

    def release(self) -> None:
        """Let go of a slider, and wait until the session has heard of it; the charts are drawn already."""
        plan = self.plan
        self.page.mouse.up()
        expect(self.page.locator("[data-plan]")).not_to_have_attribute("data-plan", plan)

    def until_drawn(self, act: Callable[[], object]) -> None:
        """Do something, and wait until the charts have changed."""
        rev = self.rev
        act()
        self.page.wait_for_function("rev => document.querySelector('.cp-board').dataset.rev !== rev", arg=rev)

    def click(self, target: Locator) -> None:
        """Click as a hand does: what has the focus loses it when the button goes down, a moment before the click."""
        target.click(delay=60)

    def open_sections(self) -> Visit:
        """Open every section of the controls, one after the other; by key, since the page grows while it is drawn."""
        for section, field in SECTIONS.items():
            self.page.locator("summary").filter(has_text=section).press("Enter")
            expect(self.page.get_by_role("textbox", name=field).last).to_be_visible()
        return self

    def undo(self) -> None:
        self.until_new_plan(lambda: self.click(self.page.get_by_role("button", name="Undo")))

    def redo(self) -> None:
        self.until_new_plan(lambda: self.click(self.page.get_by_role("button", name="Redo")))


@pytest.fixture
def visit(context: BrowserContext, chromium: Browser, server: str) -> Iterator[Callable[..., Visit]]:
    """Open a page: `visit("?plan=…", width=390)`; with `elsewhere` in a browser that knows nothing of it."""
    expect.set_options(timeout=PATIENCE)
    visits: list[Visit] = []
    others: list[BrowserContext] = []

    def begin(query: str = "", *, width: int = 1280, height: int = 800, elsewhere: bool = False) -> Visit:
        if elsewhere:
            others.append(context_of(chromium))
        page = (others[-1] if elsewhere else context).new_page()
        page.set_viewport_size({"width": width, "height": height})
        visits.append(Visit(page, server))
        return visits[-1].go(query)

    yield begin
    complaints = [c for v in visits for c in [*v.complaints, *v.page.evaluate("window.violations")]]
    for each in visits:
        each.page.close()
    for other in others:
        other.close()
    assert complaints == []
