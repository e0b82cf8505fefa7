"""One walk through the designer with mouse and keys: pay moves while the pointer moves, every step can go back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

START = {"grr": 45, "expansion_arr": 35, "csat_top_box": 20}

# Looks at the page in every frame: are all charts there, the same elements as before, with something drawn in them?
# And at every move and painting: what do the sliders say, and what do the figures?
OBSERVE = """() => {
  const plots = [...document.querySelectorAll(".cp-plot")];
  const maximum = () => document.querySelectorAll(".cp-figure b")[3].textContent;
  const seen = { frames: 0, holes: [], sums: new Set(), paintings: 0, maxima: new Set([maximum()]), moves: [] };
  const sum = () => [...document.querySelectorAll(".st-key-weights .cp-range")]
    .reduce((total, range) => total + Number(range.value), 0);
  const look = () => {
    if (seen.over) return;
    seen.frames += 1;
    plots.forEach((plot, place) => {
      const box = plot.getBoundingClientRect();
      const drawn = plot.querySelectorAll(".main-svg .scatterlayer path, .main-svg .barlayer path").length;
      if (!plot.isConnected || !drawn || !box.width || !box.height)
        seen.holes.push(`frame ${seen.frames}, chart ${place}`);
    });
    seen.sums.add(sum());
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  addEventListener("compplan:move", ({ detail }) => {
    seen.moves.push(detail.values);
    seen.sums.add(Object.values(detail.values).reduce((total, value) => total + value, 0));
  });
  addEventListener("compplan:painted", () => {
    seen.paintings += 1;
    seen.maxima.add(maximum());
  });
  window.seen = seen;
}"""
SEEN = """() => { seen.over = true; return Object.fromEntries(
  Object.entries(seen).map(([name, value]) => [name, value instanceof Set ? [...value] : value])); }"""


def whole(weights: dict[str, float]) -> bool:
    return sum(weights.values()) == 100 and all(value == int(value) for value in weights.values())


def drag(view: Any, name: str, by: int, steps: int = 25) -> dict[str, Any]:
    """Drag a slider by some pixels, in small steps as a hand does; what was seen on the way, while it was held."""
    page = view.page
    box = view.slider(name).bounding_box()
    value = view.weights()[name]
    x, y = box["x"] + 8 + value / 100 * (box["width"] - 16), box["y"] + box["height"] / 2
    page.evaluate(OBSERVE)
    page.mouse.move(x, y)
    page.mouse.down()
    rev = view.rev
    for step in range(1, steps + 1):
        page.mouse.move(x + by * step / steps, y)
        page.wait_for_timeout(25)
    page.wait_for_function("rev => document.querySelector('.cp-board').dataset.rev !== rev", arg=rev)
    seen: dict[str, Any] = page.evaluate(SEEN)
    return seen


def test_pay_moves_while_the_pointer_moves(visit: Callable[..., Any]) -> None:
    view = visit()
    page = view.page
    assert view.weights() == START
    first_figures, first_curves, first_pay = view.figures, view.plotted("curves"), view.plotted("waterfall")
    plan = view.plan

    seen = drag(view, "grr", by=120)
    assert seen["holes"] == []
    assert seen["frames"] > 3
    assert len(seen["moves"]) > 3
    assert all(map(whole, seen["moves"]))
    assert seen["sums"] == [100], "the weights sum to 100% in every frame"
    assert seen["paintings"] > 0
    assert len(seen["maxima"]) > 1, "the figures moved too"
    # The button is still down: the charts have moved, the plan of the session has not.
    dragged = view.weights()
    assert whole(dragged)
    assert dragged["grr"] > 60
    assert view.plan == plan
    assert view.plotted("curves") != first_curves
    assert view.plotted("waterfall") != first_pay
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()

    view.release()
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    assert view.plan != plan
    assert view.weights() == dragged
    assert view.figures[0] == first_figures[0]
    assert view.figures[3] != first_figures[3]
    expect(page.locator(".cp-figure .cp-was").nth(3)).to_have_text(f"was {first_figures[3]}")
    expect(page.locator(".cp-statement").first).to_contain_text(f"weight {dragged['grr']:.0f}%")

    view.undo()
    assert view.weights() == START
    assert view.figures == first_figures
    assert view.plotted("curves") == first_curves

    # There and back in one gesture leaves the weights as they were.
    box = view.slider("csat_top_box").bounding_box()
    x, y = box["x"] + 8 + 0.2 * (box["width"] - 16), box["y"] + box["height"] / 2
    view.page.mouse.move(x, y)
    view.page.mouse.down()
    view.until_drawn(lambda: view.page.mouse.move(x + 200, y, steps=8))
    assert view.weights()["csat_top_box"] > 60
    view.page.mouse.move(x, y, steps=8)
    assert view.weights() == START
    view.page.mouse.up()
    expect(view.row("grr").locator(".cp-box")).to_have_value("45%")


def test_keys_move_a_weight_and_one_burst_is_one_step_back(visit: Callable[..., Any]) -> None:
    view = visit()
    slider, keys = view.slider("grr"), view.page.keyboard
    view.page.evaluate(OBSERVE)
    slider.focus()
    pressed = {"ArrowRight": 46, "ArrowUp": 47, "ArrowLeft": 46, "PageUp": 56, "PageDown": 46, "Home": 0, "End": 100}

    def burst() -> None:
        for key in pressed:
            keys.press(key)

    view.until_new_plan(burst)
    expect(slider).to_have_attribute("aria-valuetext", "100%")
    moves = view.page.evaluate(SEEN)["moves"]
    assert [move["grr"] for move in moves][: len(pressed)] == list(pressed.values())
    assert all(map(whole, moves))
    assert view.weights() == {"grr": 100, "expansion_arr": 0, "csat_top_box": 0}
    assert view.page.evaluate("document.activeElement.id") == slider.get_attribute("id"), "the focus stays"

    view.until_new_plan(lambda: view.slider("csat_top_box").press("ArrowRight"))
    after = view.weights()
    assert after == {"grr": 99, "expansion_arr": 0, "csat_top_box": 1}
    view.undo()
    assert view.weights() == {"grr": 100, "expansion_arr": 0, "csat_top_box": 0}
    view.undo()
    assert view.weights() == START
    expect(view.page.get_by_role("button", name="Undo")).to_be_disabled()
    view.redo()
    view.redo()
    assert view.weights() == after
    view.undo()
    view.undo()

    lock = view.row("expansion_arr").get_by_role("button", name="Lock Expansion")
    expect(lock).to_have_attribute("aria-pressed", "false")
    lock.click()
    expect(lock).to_have_attribute("aria-pressed", "true")
    view.until_new_plan(lambda: view.slider("grr").press("End"))
    assert view.weights() == {"grr": 65, "expansion_arr": 35, "csat_top_box": 0}
    view.slider("expansion_arr").press("ArrowRight")
    expect(view.row("expansion_arr").locator(".cp-note")).to_have_text("Expansion is locked. Unlock it to move it.")
    expect(view.slider("expansion_arr")).to_have_attribute("aria-disabled", "true")
    view.row("csat_top_box").get_by_role("button", name="Lock CSAT").click()
    expect(view.row("grr").locator(".cp-note")).to_have_text("All other weights are locked, so this one cannot move.")
    view.slider("grr").press("ArrowLeft")
    assert view.weights() == {"grr": 65, "expansion_arr": 35, "csat_top_box": 0}
    # A lock is no change of the plan: one step back undoes the one move, and the locks stay.
    view.undo()
    assert view.weights() == START
    expect(lock).to_have_attribute("aria-pressed", "true")


def test_values_are_typed_and_stay_as_they_were_typed(visit: Callable[..., Any]) -> None:
    view = visit()
    box = view.page.get_by_label("GRR, exact value").first
    box.fill("62 %")
    view.until_new_plan(lambda: box.press("Enter"))
    assert view.weights()["grr"] == 62
    assert whole(view.weights())

    plan = view.plan
    box.fill("a lot")
    box.press("Enter")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_value("a lot")
    expect(view.row("grr").locator(".cp-note")).to_have_text("Enter a value from 0% to 100%.")
    box.press("Escape")
    expect(box).to_have_value("62")
    expect(view.row("grr").locator(".cp-note")).to_have_text("")
    box.fill("101")
    box.blur()
    expect(box).to_have_attribute("aria-invalid", "true")
    assert view.plan == plan
    box.press("Escape")

    # A field of the page, with the charts watched: they outlive a run of the whole page.
    view.page.evaluate(OBSERVE)
    base = view.page.get_by_label("Base, USD per year")
    base.fill("90k")
    view.until_new_plan(lambda: base.press("Enter"))
    expect(base).to_have_value("90,000")
    assert view.figures[0] == "$110k"
    base.fill("plenty")
    base.press("Enter")
    problem = view.page.locator(".cp-problem")
    expect(problem).to_have_text("Must be a number such as 82,500 or 82.5k. You entered 'plenty'.")
    expect(base).to_have_value("plenty")
    assert view.figures[0] == "$110k"
    below = problem.bounding_box()["y"] - base.bounding_box()["y"]
    assert 0 < below < 80, "the sentence stands under its field"
    view.undo()
    expect(base).to_have_value("85,000")
    expect(problem).to_have_count(0)
    seen = view.page.evaluate(SEEN)
    assert seen["holes"] == []
    assert seen["paintings"] >= 2


def test_what_if_results_move_charts_numbers_and_statement(visit: Callable[..., Any]) -> None:
    view = visit()
    curves, total = view.plotted("curves"), view.page.locator(".cp-statement tfoot tr").last
    expect(total).to_have_text("Total pay$105,000.00")
    view.until_drawn(lambda: view.slider("grr", "whatif").press("PageUp"))
    expect(view.slider("grr", "whatif")).to_have_attribute("aria-valuetext", "93.0%")
    expect(total).to_have_text("Total pay$105,900.00")
    assert view.plotted("curves") != curves
    view.page.get_by_label("Expansion, exact value").last.fill("$300k")
    view.page.keyboard.press("Enter")
    expect(total).to_have_text("Total pay$108,700.00")
    view.click(view.page.get_by_role("button", name="Reset to target"))
    expect(total).to_have_text("Total pay$105,000.00")
    expect(view.slider("grr", "whatif")).to_have_attribute("aria-valuetext", "92.0%")

    # Every chart has its numbers, and they follow.
    for figure in ("curves", "waterfall", "total"):
        card = view.page.locator(f".cp-card[data-id={figure}]")
        card.locator("summary").click()
        expect(card.locator("tbody tr").first).to_be_visible()
    table = view.page.locator(".cp-card[data-id=waterfall] tbody")
    before = table.inner_text()
    view.until_drawn(lambda: view.slider("grr").press("PageUp"))
    expect(table).not_to_have_text(before)
    expect(table).to_contain_text("$11,000.00")

    # Another chart can be chosen.
    view.click(view.page.get_by_role("radio", name="Two measures"))
    view.page.wait_for_function("() => document.querySelector('.cp-card[data-id=pair]')?.dataset.state === 'ready'")
    assert view.page.locator(".cp-card").count() == 3
    heat_map = view.plotted("pair")
    assert any(z for *_, z in heat_map)
    view.until_drawn(lambda: view.slider("grr").press("PageUp"))
    assert view.page.locator(".cp-card[data-id=pair]").count() == 1
