"""What the browser sends is checked before anyone sees it; what is sent to it is valid JSON."""

import json
from typing import Any

import numpy as np
import pytest
import streamlit as st

from compplan.ui.host import security
from compplan.ui.widgets import components
from compplan.ui.widgets.components import SliderRow, live_sliders, to_json

ROWS: list[SliderRow] = [
    {"id": "grr", "label": "GRR", "value": 60},
    {"id": "csat", "label": "CSAT", "value": 40},
]
GOOD: dict[str, Any] = {
    "values": {"grr": 55, "csat": 45},
    "locks": {"grr": False, "csat": True},
    "gesture": 3,
    "done": True,
    "rev": 7,
    "seq": 12,
}


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The session state that the browser writes; the component itself is not mounted."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(components, "_mount", lambda name: lambda **arguments: None)
    return state


def test_valid_slider_change_is_applied(browser: dict[str, Any]) -> None:
    browser["w"] = {"change": GOOD}
    change = live_sliders(ROWS, key="w", mode="weights", rev=7)
    assert change is not None
    assert change.values == {"grr": 55, "csat": 45}
    assert (change.locks, change.gesture, change.done, change.seq) == ({"grr": False, "csat": True}, 3, True, 12)


@pytest.mark.parametrize(
    "wrong",
    [
        {"values": {"grr": 55}},
        {"values": {"grr": 55, "csat": 45, "evil": 0}},
        {"values": {"grr": 55, "csat": 46}},
        {"values": {"grr": float("nan"), "csat": 45}},
        {"values": {"grr": float("inf"), "csat": 45}},
        {"values": {"grr": 10**400, "csat": 45}},
        {"values": {"grr": "55", "csat": 45}},
        {"values": {"grr": True, "csat": 99}},
        {"values": {"grr": 155, "csat": -55}},
        {"values": [55, 45]},
        {"values": None},
        {"locks": {"grr": 0, "csat": True}},
        {"locks": {}},
        {"gesture": -1},
        {"gesture": 2**60},
        {"gesture": 1.5},
        {"seq": True},
        {"seq": None},
        {"done": 1},
        {"rev": 6},
    ],
    ids=str,
)
def test_malformed_slider_data_is_ignored(browser: dict[str, Any], wrong: dict[str, Any]) -> None:
    browser["w"] = {"change": GOOD | wrong}
    assert live_sliders(ROWS, key="w", mode="weights", rev=7) is None


@pytest.mark.parametrize("raw", [None, 5, "x", [], [GOOD], {}, {"change": None}, {"change": []}], ids=str)
def test_other_data_shapes_are_ignored(browser: dict[str, Any], raw: object) -> None:
    browser["w"] = raw
    assert live_sliders(ROWS, key="w", mode="weights", rev=7) is None


def test_free_slider_values_are_kept_within_bounds(browser: dict[str, Any]) -> None:
    browser["w"] = {"change": GOOD | {"values": {"grr": 500, "csat": -1}}}
    change = live_sliders([{**row, "min": 0, "max": 100} for row in ROWS], key="w", mode="free", rev=7)
    assert change is not None
    assert change.values == {"grr": 100, "csat": 0}


def test_numbers_without_a_json_form_become_null() -> None:
    spec = {"z": np.array([[1.0, np.nan], [np.inf, 2.0]]), "n": np.int64(3), "y": (0.1, float("nan"))}
    assert json.loads(to_json(spec)) == {"z": [[1.0, None], [None, 2.0]], "n": 3, "y": [0.1, None]}


def test_inline_scripts_of_the_page_are_named_by_their_hash() -> None:
    policy = security.content_security_policy("<script>a()</script><script src='x'></script><script>\n b\n</script>")
    assert policy.count("'sha256-") == 2
    assert "'unsafe-eval'" not in policy
