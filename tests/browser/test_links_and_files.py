"""Links and files in a real browser: one link opens one plan anywhere, and what is hostile gets a sentence."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from compplan import templates
from compplan.plan import Plan
from compplan.plan.links import encode

pytestmark = pytest.mark.browser

FIRST = templates.load("knowup-csat-weighted")
EVIL = "https://evil.example/steal"


def packed(text: str) -> str:
    """A link of this version with a text of somebody's choice in it."""
    return "v1." + base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def open_popover(view: Any, name: str) -> None:
    view.page.locator(".st-key-header").get_by_role("button", name=name, exact=True).click()


def test_a_copied_link_opens_the_same_plan_in_another_browser(visit: Callable[..., Any]) -> None:
    view = visit()
    view.until_new_plan(lambda: view.slider("grr").press("PageUp"))
    open_popover(view, "Share")
    code = view.page.locator("code").filter(has_text="?plan=")
    expect(code).to_contain_text("?plan=")
    link = code.inner_text()
    assert link.startswith(f"{view.address}/?plan=v1.")
    view.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=view.address)
    code.hover()
    view.page.get_by_role("button", name="Copy to clipboard").first.click()
    assert view.page.evaluate("navigator.clipboard.readText()") == link

    other = visit(link.removeprefix(f"{view.address}/"), elsewhere=True)
    assert other.plan == view.plan
    assert other.figures == view.figures
    assert other.weights() == view.weights()
    assert other.plotted("waterfall") == view.plotted("waterfall")
    expect(other.page.locator("h1.cp-plan")).to_have_text(f"{FIRST.name} link")


def test_template_opens_and_downloads_as_a_file(visit: Callable[..., Any]) -> None:
    view = visit()
    open_popover(view, "Open")
    view.page.get_by_label("Start from a template").click()
    view.page.keyboard.type("FlowFuse")
    view.until_new_plan(lambda: view.page.keyboard.press("Enter"))
    expect(view.page.locator("h1.cp-plan")).to_contain_text(templates.load("flowfuse-csm").name)
    assert view.weights() == {"nrr": 100}
    # The only weight there is does not move, and says so.
    view.page.keyboard.press("Escape")
    view.slider("nrr").press("ArrowLeft")
    expect(view.row("nrr").locator(".cp-note")).to_have_text("The only component: it weighs 100%.")
    assert view.weights() == {"nrr": 100}

    # And comes down as a file.
    open_popover(view, "Export")
    with view.page.expect_download() as download:
        view.page.get_by_role("button", name="Plan file").click()
    assert download.value.suggested_filename == "plan.yaml"
    assert Plan.load(download.value.path().rename(download.value.path().with_suffix(".yaml"))) == templates.load(
        "flowfuse-csm"
    )


def test_valid_and_invalid_files_are_handled(visit: Callable[..., Any]) -> None:
    view = visit()
    plan = view.plan
    open_popover(view, "Open")
    upload = view.page.locator(".st-key-file input[type=file]")
    problem = view.page.locator(".cp-problem")
    upload.set_input_files({"name": "plan.yaml", "mimeType": "application/yaml", "buffer": b"\x89PNG\r\n\x1a\n"})
    expect(problem).to_contain_text("UTF-8")
    expect(view.page.get_by_text("Your open plan was not changed.")).to_be_visible()
    assert view.plan == plan

    # More than the server takes is stopped before it is read.
    upload.set_input_files({"name": "huge.yaml", "mimeType": "application/yaml", "buffer": b"x" * 6_000_000})
    expect(view.page.locator(".st-key-file")).to_contain_text("1.0MB")
    assert view.plan == plan

    text = templates.load("posthog-csm-v3").to_yaml().encode()
    sent = {"name": "plan.yaml", "mimeType": "application/yaml", "buffer": text}
    view.until_new_plan(lambda: upload.set_input_files(sent))
    expect(problem).to_have_count(0)
    expect(view.page.locator("h1.cp-plan")).to_contain_text("file")
    view.page.keyboard.press("Escape")
    view.undo()
    assert view.plan == plan


def test_broken_link_shows_an_error_on_a_working_page(visit: Callable[..., Any]) -> None:
    view = visit(f"?plan={packed(json.dumps(FIRST.to_dict() | {'currency': f'[win]({EVIL})'}))}")
    alert = view.page.get_by_role("alert")
    expect(alert).to_contain_text("The plan in this link is not valid. Currency must be a three-letter ISO 4217 code")
    expect(alert).to_contain_text(f"You entered '[win]({EVIL})'.")
    expect(alert.locator("a, img")).to_have_count(0)
    assert view.figures[0] == "$105k"
    view.until_new_plan(lambda: view.slider("grr").press("ArrowRight"))
    assert view.weights()["grr"] == 46


def test_name_in_a_link_is_shown_as_written(visit: Callable[..., Any]) -> None:
    """A link comes from anywhere: no text in it may become a link, a picture or a script of the page."""
    name = f"[a]({EVIL}) ![b]({EVIL}.png) <img src={EVIL}>"
    texts = [name, f"{EVIL} {EVIL}.png", f'<a href="{EVIL}">x</a><img src="{EVIL}.png">', "<script>owned = 1</script>"]
    data = FIRST.to_dict() | {"name": name, "about": {"source": name, "note": " ".join(texts)}}
    own = {"unit": "score", "kind": "level", "better": "more"}
    data["measures"] = {f"own_{i}": own | {"name": text[:80]} for i, text in enumerate(texts)}
    data["components"][0] |= {"measure": "own_0", "target": 8, "curve": {"kind": "goal", "at": 8}}
    data["components"][1] |= {"measure": "own_1", "target": 8, "axis": "actual", "curve": {"kind": "goal", "at": 8}}
    data["components"][2] |= {"measure": "own_2", "target": 8, "curve": {"kind": "goal", "at": 8}}
    data["gates"] = [{"measure": "own_3", "at_least": 5, "otherwise": {"factor": 0.5}}]
    data["kickers"] = [{"name": text, "measure": "multi_year_renewals", "per_unit": 500} for text in texts]

    view = visit(f"?plan={encode(Plan.from_dict(data))}").open_sections()
    view.page.get_by_role("tab", name="Source").click()
    expect(view.page.get_by_role("tabpanel", name="Source")).to_contain_text(name)
    found = view.page.evaluate(
        """() => [...document.querySelectorAll("a, img, image, script")]
          .filter((each) => [...each.attributes].some(({ value }) => value.includes("evil.example")))
          .map((each) => (each.closest("[data-testid], .cp-card, .cp-row") ?? each.parentElement)
            .outerHTML.slice(0, 300))"""
    )
    assert found == []
    assert view.page.evaluate("window.owned") is None
    expect(view.page.locator("h1.cp-plan")).to_contain_text(name)
