"""The colors of the theme: text can be read and lines can be seen, in both lights."""

from __future__ import annotations

import tomllib
from itertools import combinations

import pytest

from compplan.shipped import shipped

THEME = tomllib.loads(shipped(".streamlit", "config.toml").read_text(encoding="utf-8"))["theme"]
LIGHTS = {light: THEME | THEME[light] for light in ("light", "dark")}
SURFACES = ("backgroundColor", "secondaryBackgroundColor")
HUES = ("red", "orange", "yellow", "green", "blue")


def luminance(color: str) -> float:
    """Relative luminance of ``#rrggbb`` as WCAG 2 defines it."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def faded(color: str, behind: str, share: float) -> str:
    """A color at some opacity over another."""
    mixed = [share * int(color[i : i + 2], 16) + (1 - share) * int(behind[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(c):02x}" for c in mixed)


def test_contrast_is_computed_as_in_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("light", LIGHTS)
def test_text_has_enough_contrast(light: str) -> None:
    theme = LIGHTS[light]
    pairs = [("textColor", surface) for surface in SURFACES]
    pairs += [("linkColor", surface) for surface in SURFACES]
    pairs += [("codeTextColor", "codeBackgroundColor"), ("textColor", "dataframeHeaderBackgroundColor")]
    pairs += [(f"{hue}TextColor", ground) for hue in HUES for ground in (*SURFACES, f"{hue}BackgroundColor")]
    low = {pair: round(contrast(theme[pair[0]], theme[pair[1]]), 2) for pair in pairs}
    assert {pair: found for pair, found in low.items() if found < 4.5} == {}


@pytest.mark.parametrize("light", LIGHTS)
def test_quiet_text_is_quiet_and_can_be_read(light: str) -> None:
    """The style sheets and charts fade text to 72% at the least."""
    theme = LIGHTS[light]
    for surface in SURFACES:
        assert contrast(faded(theme["textColor"], theme[surface], 0.72), theme[surface]) >= 4.5


@pytest.mark.parametrize("light", LIGHTS)
def test_chart_lines_and_marks_have_enough_contrast(light: str) -> None:
    theme = LIGHTS[light]
    marks = [*theme["chartCategoricalColors"], theme["primaryColor"], theme["redColor"], theme["orangeColor"]]
    assert {mark: contrast(mark, theme["backgroundColor"]) for mark in marks} == {
        mark: found for mark in marks if (found := contrast(mark, theme["backgroundColor"])) >= 3
    }


def test_component_colors_differ_from_each_other_and_from_findings() -> None:
    lists = [LIGHTS[light]["chartCategoricalColors"] for light in LIGHTS]
    assert {len(colors) for colors in lists} == {8}
    for colors in lists:
        assert len(set(colors)) == 8
        # Amber and red are kept for findings.
        assert not set(colors) & {LIGHTS[light][f"{hue}Color"] for light in LIGHTS for hue in ("red", "orange")}
        assert all(contrast(one, other) > 1 for one, other in combinations(colors, 2))
