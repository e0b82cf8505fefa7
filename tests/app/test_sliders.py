"""What the browser's sliders may send: gestures that make sense are taken, anything else changes nothing."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from compplan import templates
from compplan.plan import PlanError
from compplan.plan.edits import set_weights
from compplan.ui.session import EditSession
from compplan.ui.widgets import browser_data

NOW = {"grr": 45, "expansion_arr": 35, "csat_top_box": 20}
OPEN = dict.fromkeys(NOW, False)
SOUND: dict[str, Any] = {"values": NOW, "locks": OPEN, "gesture": 1, "done": False, "rev": 0, "seq": 1}
HUGE = 10**400


def values(**changed: Any) -> dict[str, Any]:
    return SOUND | {"values": NOW | changed}


HOSTILE: dict[str, Any] = {
    "nothing": None,
    "text": "change",
    "a list": [SOUND],
    "a number": 1e308,
    "an empty mapping": {},
    **{f"no {key}": {name: value for name, value in SOUND.items() if name != key} for key in SOUND},
    "NaN": values(grr=math.nan),
    "infinite": values(grr=math.inf),
    "minus infinite": values(grr=-math.inf),
    "NaN everywhere": SOUND | {"values": dict.fromkeys(NOW, math.nan)},
    "negative": values(grr=-10, expansion_arr=90),
    "a sum of 101": values(grr=46),
    "a sum of 99": values(grr=44),
    "a sum of 100.00001": values(grr=45.00001),
    "a sum of nothing": SOUND | {"values": dict.fromkeys(NOW, 0)},
    "huge": values(grr=1e308),
    "too large for a float": values(grr=HUGE),
    "text for a number": values(grr="45"),
    "true for a number": values(grr=True),
    "null for a number": values(grr=None),
    "a list for a number": values(grr=[45]),
    "an unknown id": values(nps=0),
    "a missing id": SOUND | {"values": {"grr": 65, "expansion_arr": 35}},
    "another id": SOUND | {"values": {"grr": 45, "expansion_arr": 35, "csat": 20}},
    "an id of Python": SOUND | {"values": {"grr": 45, "expansion_arr": 35, "__class__": 20}},
    "values as a list": SOUND | {"values": [45, 35, 20]},
    "locks as a list": SOUND | {"locks": []},
    "a lock of text": SOUND | {"locks": OPEN | {"grr": "yes"}},
    "a lock of one": SOUND | {"locks": OPEN | {"grr": 1}},
    "a lock too many": SOUND | {"locks": OPEN | {"nps": False}},
    "a gesture of text": SOUND | {"gesture": "1"},
    "a gesture of true": SOUND | {"gesture": True},
    "a negative gesture": SOUND | {"gesture": -1},
    "a gesture and a half": SOUND | {"gesture": 1.5},
    "a huge seq": SOUND | {"seq": 2**53},
    "a huger seq": SOUND | {"seq": HUGE},
    "done as a number": SOUND | {"done": 0},
    "an old form": SOUND | {"rev": -1},
    "a form to come": SOUND | {"rev": 1},
    "a form of text": SOUND | {"rev": "0"},
}


def test_hostile_change_does_not_change_the_page(page: Any) -> None:
    plan, figures = page.plan, page.figures
    for name, change in HOSTILE.items():
        page.slide("weights", change)
        assert (page.plan, page.figures, page.problems) == (plan, figures, []), name
    page.weigh(grr=50, expansion_arr=30, csat_top_box=20)
    assert [component.weight for component in page.plan.components] == [0.5, 0.3, 0.2]


def test_numbers_of_the_browser_go_through_json(page: Any) -> None:
    """A browser says 50, JSON says 50.0 or 50: the plan's weights are the same fractions."""
    page.weigh(**json.loads('{"grr": 50.0, "expansion_arr": 30, "csat_top_box": 2e1}'))
    assert [component.weight for component in page.plan.components] == [0.5, 0.3, 0.2]
    assert "weight: 0.5" in page.plan.to_yaml()


# Gestures


def test_a_gesture_is_one_step_of_undo(page: Any) -> None:
    page.weigh(grr=60, expansion_arr=20, csat_top_box=20)
    page.weigh(grr=70, expansion_arr=10, csat_top_box=20)
    page.press("undo")
    assert page.plan.components[0].weight == 0.6
    page.press("undo")
    assert page.plan == templates.load("knowup-csat-weighted")
    assert page.at.button(key="undo").disabled
    page.press("redo").press("redo")
    assert page.plan.components[0].weight == 0.7
    assert page.component("weights")["rows"][0]["value"] == pytest.approx(70)


def test_change_sent_before_an_undo_is_ignored(page: Any) -> None:
    """Undo raises the number of the form; what a slider sent under the old one is not for these fields."""
    page.weigh(grr=60, expansion_arr=20, csat_top_box=20)
    page.press("undo")
    plan = page.plan
    page.slide("weights", SOUND | {"values": {"grr": 10, "expansion_arr": 10, "csat_top_box": 80}, "seq": 9})
    assert page.plan == plan


def test_lock_is_remembered_and_does_not_change_the_plan(page: Any) -> None:
    page.weigh(locks={"grr": True}, **NOW)
    assert page.plan == templates.load("knowup-csat-weighted")
    assert [row["lock"] for row in page.component("weights")["rows"]] == [True, False, False]
    assert page.at.button(key="undo").disabled, "there is nothing to undo"
    page.enter("pay.base", "90k")
    assert [row["lock"] for row in page.component("weights")["rows"]] == [True, False, False]


def test_opened_weights_do_not_change_until_one_moves(open_page: Any) -> None:
    page = open_page()
    page.open("open")
    page.at.selectbox(key="template").set_value("knowup-csat-modifier")
    page.run()
    assert [row["value"] for row in page.component("weights")["rows"]] == [56.25, 43.75]
    page.enter("pay.base", "90k")
    page.weigh(locks={"grr": True}, grr=56.25, expansion_arr=43.75)
    assert [component.weight for component in page.plan.components] == [0.5625, 0.4375]


# The editing session


def test_refused_change_keeps_the_plan_and_says_why() -> None:
    plan = templates.load("knowup-csat-weighted")
    session = EditSession(plan, plan, "template")
    wrong = {"grr": 50, "expansion_arr": 35, "csat_top_box": 20}
    with pytest.raises(PlanError):
        set_weights(plan, wrong)
    assert not session.change(lambda plan: set_weights(plan, wrong), field_path="weights")
    assert session.plan is plan
    assert session.past == []
    assert "They sum to 1.05" in session.problems["weights"][0].message


def test_undo_history_is_limited() -> None:
    plan = templates.load("knowup-csat-weighted")
    session = EditSession(plan, plan, "template")
    for base in range(150):
        session.edit({"pay.base": 80_000 + base})
    assert len(session.past) == 100
    for _ in range(200):
        session.undo()
    assert session.plan.pay.base == 80_000 + 49
    for _ in range(200):
        session.redo()
    assert session.plan.pay.base == 80_000 + 149


# Clicks on a chart


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        {"figure": "curves"},
        {"figure": "nowhere", "curve": 0, "index": [0], "x": 1, "y": 1},
        {"figure": "curves", "curve": -1, "index": [0], "x": 1, "y": 1},
        {"figure": "curves", "curve": 0, "index": "0", "x": 1, "y": 1},
        {"figure": "curves", "curve": 0, "index": [], "x": 1, "y": 1},
        {"figure": "curves", "curve": 0, "index": [0, 1, 2], "x": 1, "y": 1},
        {"figure": "curves", "curve": 0, "index": [1.5], "x": 1, "y": 1},
        {"figure": "curves", "curve": 0, "index": [HUGE], "x": 1, "y": 1},
    ],
)
def test_hostile_click_is_ignored(sent: object) -> None:
    assert browser_data.read_point(sent, {"curves", "total"}) is None


def test_clicked_values_are_limited() -> None:
    sent = {"figure": "curves", "curve": 1, "index": [4], "x": "x" * 5000, "y": math.nan}
    assert browser_data.read_point(sent, {"curves"}) == browser_data.ClickedPoint("curves", 1, (4,), "x" * 200, None)
