"""What cannot be is told under its field; what was typed stays, and so does the last plan that was sound."""

from __future__ import annotations

import re
from typing import Any

import pytest

SECTIONS = ("section.curves", "section.conditions", "section.likely")

# Field, what is typed into it, what the sentence says
ENTRIES = [
    ("pay.base", "a lot", "Must be a number such as 82,500 or 82.5k. You entered 'a lot'."),
    ("pay.base", "", "Enter a number. The plan still uses 85,000."),
    ("pay.base", "-5", "Must be at least 0"),
    ("pay.base", "9" * 400, "Must be at most 1,000,000,000,000."),
    ("pay.base", "85%", "Must not be a percent here"),
    ("pay.base", "1e3", "Must be a number such as"),
    ("pay.base", "nan", "Must be a number such as"),
    ("pay.base", "inf", "Must be a number such as"),
    ("pay.base", "=1+1", "Must be a number such as"),
    ("pay.base", "<b>1</b>", "Must be a number such as 82,500 or 82.5k. You entered '<b>1</b>'."),
    ("pay.variable", "2bn", "Must be a number such as"),
    ("pay.variable_share", "95%", "Must be at most"),
    ("components[0].target", "150%", "must be between"),
    ("components[0].target", "", "Enter a number. The plan still uses 92%."),
    ("components[0].curve.cap", "-1", "Must be at least 0"),
    ("components[0].curve.floor", "x", "Must be a number such as 92% or 0.92. You entered 'x'."),
    ("caps.total", "0", "Must be above 0"),
    ("spread.grr", "-1", "Enter 0 or more."),
    ("spread.grr", "wide", "Must be a number"),
]


@pytest.mark.parametrize(("path", "typed", "said"), ENTRIES)
def test_an_invalid_entry(page: Any, path: str, typed: str, said: str) -> None:
    page.open(*SECTIONS)
    plan, figures, table, charts = page.plan, page.figures, page.table(), page.component("charts")
    page.enter(path, typed)
    (sentence,) = page.problems
    assert said in sentence
    assert sentence.endswith(".")
    assert page.entered(path) == typed
    assert (page.plan, page.figures, page.table(), page.component("charts")) == (plan, figures, table, charts)

    # It stays through whatever else is done, and goes when it is mended.
    page.enter("components[0].curve.threshold", "86%").weigh(grr=60, expansion_arr=20, csat_top_box=20)
    assert page.entered(path) == typed
    assert page.problems == [sentence]
    page.enter(path, "0.9")
    assert page.problems == []


def test_error_is_shown_right_below_its_field(page: Any) -> None:
    page.enter("pay.variable", "x")
    field = page.widget("text_input", "pay.variable")
    column = [list(column) for column in page.at.columns if any(e is field for e in column)][-1]
    place = next(i for i, element in enumerate(column) if element is field)
    assert "cp-problem" in column[place + 1].proto.body


def test_markup_that_was_typed_is_shown_as_text(page: Any) -> None:
    page.enter("pay.base", "<img src=x>")
    assert [body for body in page.html if "<img" in body] == []
    assert "You entered '<img src=x>'" in page.problems[0]


def test_two_invalid_entries_each_show_an_error(page: Any) -> None:
    page.enter("pay.base", "x").enter("pay.variable", "y")
    assert len(page.problems) == 2
    page.enter("pay.variable", "25k")
    assert len(page.problems) == 1
    assert page.entered("pay.base") == "x"
    assert page.plan.pay.variable == 25_000


def test_error_about_another_field_names_it(page: Any) -> None:
    """Whoever types a cap below the floor reads of the floor, not of a path in a file."""
    page.open("section.curves").enter("components[0].curve.floor", "50%").enter("components[0].curve.cap", "40%")
    (sentence,) = page.problems
    assert "floor" in sentence.lower()
    assert re.search(r"\w\[\d", sentence) is None


ROWS = [
    ({"edited_rows": {"0": {"pays": "half"}}}, "Row 1: must be a number"),
    ({"edited_rows": {"0": {"result": ""}}}, "Row 1: must be a number"),
    ({"added_rows": [{}]}, "Row 4: must be a number"),
    ({"edited_rows": {"0": {"result": "99%"}}}, "must rise from one point to the next"),
    ({"edited_rows": {"2": {"pays": "40%"}}}, ""),
    ({"edited_rows": {"2": {"result": "120%"}}}, ""),
    ({"deleted_rows": [0, 1, 2]}, "at least 1"),
]


@pytest.mark.parametrize(("changes", "said"), ROWS)
def test_invalid_curve_points_show_the_reason(page: Any, changes: dict[str, Any], said: str) -> None:
    page.open("section.curves")
    plan, figures, key = page.plan, page.figures, page.at.data_editor[0].key
    page.edit_table("components[0].curve.points", **changes)
    assert said in " ".join(page.problems)
    assert page.problems
    assert (page.plan, page.figures) == (plan, figures)
    assert page.at.data_editor[0].key == key, "the table that the person edits stays, with what was typed"

    page.edit_table("components[0].curve.points", edited_rows={"0": {"pays": "60%"}})
    assert page.problems == []
    assert page.plan.components[0].curve.points[0] == (0.85, 0.6)


def test_refused_kicker_shows_the_reason_at_its_field(page: Any) -> None:
    page.open("section.conditions")
    page.at.selectbox(key="add_kind").set_value("kickers")
    page.at.selectbox(key="add_on").set_value("nps")
    plan = page.plan
    page.run()
    assert page.plan == plan
    assert len(page.problems) == 1


def test_fifty_components_are_enough(page: Any) -> None:
    page.open("section.curves")
    held = page.at.session_state["compplan.edit_session"]
    data = held.plan.to_dict()
    extra = [data["components"][2] | {"id": f"csat_{i}", "weight": 0} for i in range(47)]
    held.edit({"components": data["components"] + extra})
    page.at.selectbox(key="add").set_value("nps")
    page.run()
    assert len(page.plan.components) == 50
    assert page.problems == ["Takes at most 50 entries. You entered 51."]


def test_undo_replaces_an_invalid_entry_with_the_plan_value(page: Any) -> None:
    page.enter("pay.base", "90k").enter("pay.base", "x")
    assert page.entered("pay.base") == "x"
    page.press("undo")
    assert page.problems == []
    assert page.entered("pay.base") == "85,000"
