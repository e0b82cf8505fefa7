"""A run of the Cost page and of a share link compiles its plan once."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from support.pages import FRAME, PageSession

from compplan import templates
from compplan.payout import engine
from compplan.plan import Plan
from compplan.ui.cost import session as cost_session

COST = "../../../pages/cost.py"


def clear_caches() -> None:
    """Forget what earlier runs of a page have computed."""
    engine.compile_plan.cache_clear()
    for value in vars(cost_session).values():
        getattr(value, "cache_clear", lambda: None)()


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each plan was compiled since the fixture, by hash."""
    counts: Counter[str] = Counter()

    class Counted(engine.Compiled):
        __slots__ = ()

        def __init__(self, plan: Plan, *parts: Any) -> None:
            counts[plan.hash] += 1
            super().__init__(plan, *parts)

    monkeypatch.setattr(engine, "Compiled", Counted)
    clear_caches()
    return counts


@pytest.fixture(autouse=True)
def no_shared_state() -> Any:
    yield
    clear_caches()


def test_cost_page_compiles_its_plan_once(compilations: Counter[str]) -> None:
    plan = templates.load("knowup-csat-gate").edit({"name": "Opened on Cost"})
    page = PageSession("cost", plan)
    assert page.figures
    assert compilations[plan.hash] == 1


def test_share_link_compiles_its_plan_once(compilations: Counter[str]) -> None:
    owner = AppTest.from_file(FRAME, default_timeout=60).run()
    owner.session_state["share"] = True
    owner.run()
    next(button for button in owner.button if button.key == "share.make").click()
    owner.run()
    (link,) = [code.value for code in owner.code if "share=" in code.value]
    plan = owner.session_state["compplan.edit_session"].plan
    visitor = AppTest.from_file(FRAME, default_timeout=60).run()
    visitor.query_params["share"] = link.partition("share=")[2]
    visitor.switch_page(COST)
    clear_caches()
    compilations.clear()
    visitor.run()
    assert not visitor.exception
    shown = " ".join(element.proto.body for element in visitor.get("html"))
    assert re.search(r"version 1", shown)
    assert compilations[plan.hash] == 1
