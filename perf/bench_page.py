"""How fast the designer answers, against a bare Streamlit page in the same run, in real Chromium.

    python perf/bench_page.py

1. From a key press on a weight slider to the painted frame with all charts, 60 moves each, in turns with the same key
   on a bare page (one slider, one text, stock settings). Goals: 1.4 times at p50, 1.8 times at p95.
2. While a weight is dragged: chart updates a second (goal 5), and frames without a chart (goal none).
3. First visit to a freshly started server until figures and sliders are there (goal: 1.5 times the bare page), and
   until every chart is drawn.

Before timing it checks that the figure on the page is what the library computes.
"""

from __future__ import annotations

import datetime as dt
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page
from serving import BARE, ROOT, Chromium, both, browser, quantile, served

from compplan import formats, templates
from compplan.outcomes import overview
from compplan.plan.edits import percents, set_weights
from compplan.review import review
from compplan.ui.session import FIRST_TEMPLATE

MOVES, ROUNDS = 10, 6
VIEW = {"width": 1280, "height": 900}

# From the key press to two animation frames after the last chart was handed to Plotly, or after the text changed
WATCH_OURS = """() => { window.times = []; let from = 0;
  document.addEventListener("keydown", () => { from = performance.now(); }, true);
  window.addEventListener("compplan:painted", () => {
    if (from) { times.push(performance.now() - from); from = 0; }
  }); }"""
WATCH_BARE = """() => { window.times = []; let from = 0;
  const text = () => document.querySelector("[data-testid=stMain] [data-testid=stMarkdownContainer] p").textContent;
  const value = () => [...document.querySelectorAll("[data-testid=stMarkdownContainer] p")].map((e) => e.textContent)
    .find((t) => t.startsWith("value"));
  let last = value();
  document.addEventListener("keydown", () => { from = performance.now(); }, true);
  new MutationObserver(() => { if (value() === last) return; last = value(); const since = from;
    requestAnimationFrame(() => requestAnimationFrame(() => times.push(performance.now() - since)));
  }).observe(document.querySelector("[data-testid=stMain]"),
    {subtree: true, characterData: true, childList: true}); }"""
WATCH_DRAG = """() => { window.seen = {updates: 0, frames: 0, holes: 0}; let last = "";
  const board = document.querySelector(".cp-board");
  const look = () => { seen.frames += 1;
    const plots = [...board.querySelectorAll(".cp-plot")];
    if (plots.length < 3 || plots.some((plot) => !plot.querySelector(".main-svg .trace"))) seen.holes += 1;
    if (board.dataset.rev !== last) { if (last) seen.updates += 1; last = board.dataset.rev; }
    window.looking = requestAnimationFrame(look); };
  look(); }"""


OURS_STANDS = {
    "figures": "document.querySelector('.cp-figure b')",
    "sliders": "document.querySelector('.st-key-whatif input[type=range]')",
    "charts": "document.querySelectorAll('.cp-card[data-state=ready]').length >= 3",
}
BARE_STANDS = {
    "text": "[...document.querySelectorAll('p')].some((e) => e.textContent.startsWith('value 50'))",
    "slider": "document.querySelector('[role=slider], input[type=range]')",
}


def open_ours(chromium: Browser, address: str) -> Page:
    """A new visitor on the designer, ready."""
    page = chromium.new_context(viewport=VIEW).new_page()
    page.goto(address)
    page.wait_for_function("() => document.querySelectorAll('.cp-card[data-state=ready]').length >= 3", timeout=60_000)
    page.wait_for_timeout(1500)
    return page


def check(page: Page) -> None:
    """The page shows what the library computes, before and after a move."""
    plan = templates.load(FIRST_TEMPLATE)
    slider = page.locator(".st-key-weights input[type=range]").first
    for moved in (False, True):
        if moved:
            slider.focus()
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(2500)
            shown = page.locator(".st-key-weights .cp-box").evaluate_all(
                "boxes => boxes.map((b) => parseFloat(b.value))"
            )
            plan = set_weights(plan, dict(zip(percents(plan), shown, strict=True)))
        figures = page.locator(".cp-figure b").all_text_contents()
        now = overview(plan)
        wanted = formats.brief_money(now.cash_likely, plan.currency)
        assert figures[2] == wanted, (figures, wanted)
        counts = review(plan, today=dt.datetime.now(dt.UTC).date()).counts
        assert f"{counts['warning']} warning" in figures[4], (figures, counts)
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(2000)


def latency(chromium: Browser, ours: str, stock: str) -> None:
    """Key press to painted charts, in turns with the bare page."""
    mine = open_ours(chromium, ours)
    check(mine)
    mine.evaluate(WATCH_OURS)
    bare = chromium.new_context(viewport=VIEW).new_page()
    bare.goto(stock)
    bare.wait_for_selector("text=value 50")
    bare.wait_for_timeout(1500)
    bare.evaluate(WATCH_BARE)
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for turn in range(ROUNDS):
        for name, page, slider in (
            ("ours", mine, ".st-key-weights input[type=range]"),
            ("bare", bare, "input[type=range]"),
        ):
            page.bring_to_front()
            page.locator(slider).first.focus()
            for _move in range(MOVES + 1):
                before = page.evaluate("times.length")
                page.keyboard.press("ArrowRight" if turn % 2 else "ArrowLeft")
                page.wait_for_function("n => times.length > n", arg=before, timeout=20_000)
                page.wait_for_timeout(150)
            times[name] += page.evaluate("times.splice(0)")[1:]
            page.wait_for_timeout(1500)
    for q, name, goal in ((0.5, "p50", 1.4), (0.95, "p95", 1.8)):
        a, b = quantile(times["ours"], q), quantile(times["bare"], q)
        print(f"key press to paint {name}: ours {a:.0f} ms, bare page {b:.0f} ms, ratio {a / b:.2f} (goal {goal}), "
              f"{len(times['ours'])} moves each")  # fmt: skip
    mine.close()
    bare.close()


def drag(chromium: Browser, ours: str) -> None:
    """Chart updates and missing charts while a weight is dragged for three seconds."""
    page = open_ours(chromium, ours)
    box = page.locator(".st-key-weights input[type=range]").first.bounding_box()
    assert box is not None
    y, left, right = box["y"] + box["height"] / 2, box["x"] + box["width"] * 0.46, box["x"] + box["width"] * 0.9
    page.mouse.move(left, y)
    page.mouse.down()
    page.evaluate(WATCH_DRAG)
    began = time.perf_counter()
    steps = 150
    for step in range(steps):
        page.mouse.move(left + (right - left) * (step + 1) / steps, y)
        page.wait_for_timeout(20)
    lasted = time.perf_counter() - began
    seen = page.evaluate("(cancelAnimationFrame(looking), seen)")
    page.mouse.up()
    print(f"dragging {lasted:.1f} s: {seen['updates'] / lasted:.1f} chart updates a second (goal 5), "
          f"{seen['holes']} of {seen['frames']} frames without a chart (goal 0)")  # fmt: skip
    page.close()


def cold() -> None:
    """First visitor of a fresh server, from opening the address until the page stands; medians of five."""
    spent: dict[str, list[float]] = {"bare": [], "answers": [], "drawn": []}
    with tempfile.TemporaryDirectory() as folder, Chromium() as browser:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE, encoding="utf-8")
        for _ in range(5):
            with served(ROOT / "app.py", "/healthz") as address:
                seen = browser.first_visit(address, OURS_STANDS)
                spent["answers"].append(max(seen["figures"], seen["sliders"]))
                spent["drawn"].append(max(seen.values()))
            with served(bare, "/_stcore/health") as address:
                spent["bare"].append(max(browser.first_visit(address, BARE_STANDS).values()))
    answers, drawn, stock = (statistics.median(spent[name]) / 1000 for name in ("answers", "drawn", "bare"))
    print(f"first visit, figures and sliders there: ours {answers:.2f} s, bare page {stock:.2f} s, "
          f"ratio {answers / stock:.2f} (goal 1.5)")  # fmt: skip
    print(f"first visit, every chart drawn: ours {drawn:.2f} s, ratio {drawn / stock:.2f}")


if __name__ == "__main__":
    with browser() as chromium, both() as (ours, stock):
        latency(chromium, ours, stock)
        drag(chromium, ours)
    cold()
