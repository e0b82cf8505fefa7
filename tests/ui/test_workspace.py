"""The writer of drafts beside the pages, and the state that it writes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, cast

import pytest

from compplan import templates
from compplan.access import LOCAL
from compplan.plan import Plan
from compplan.store import DraftConflict, Store, StoreError
from compplan.ui.session import FIRST_TEMPLATE, EditSession
from compplan.ui.workspace import address
from compplan.ui.workspace.autosave import Autosave, DraftFile
from compplan.ui.workspace.state import DraftError, DraftState

PLAN = templates.load(FIRST_TEMPLATE)


class StoreDouble:
    """Stands for a store: notes what is kept, and can be slow, refuse, or find a newer draft."""

    def __init__(self, *answers: Exception | None) -> None:
        self.kept: list[tuple[str, int, Plan]] = []
        self.answers = list(answers)
        self.may_write = threading.Event()
        self.may_write.set()

    def keep_draft(self, draft_id: str, _name: str, state: Mapping[str, Any], *, base: int, **_more: object) -> int:
        assert self.may_write.wait(10)
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.kept.append((draft_id, base, DraftState.of(state["work"]).plan))
        return base + 1


def session_with(base: float) -> EditSession:
    session = EditSession(PLAN, PLAN, "template")
    assert session.edit({"pay.base": base})
    return session


def keep(autosave: Autosave, store: StoreDouble, file: DraftFile, base: float) -> None:
    state = DraftState.of_session(session_with(base))
    autosave.keep(cast("Store", store), file, state, page="", unsaved=True, actor=LOCAL)


def test_changes_gather_and_only_the_newest_is_written() -> None:
    autosave, store, file = Autosave(), StoreDouble(), DraftFile()
    for base in (90_000, 91_000, 92_000):
        keep(autosave, store, file, base)
    assert not store.kept, "nothing waits for the database"
    assert autosave.flush()
    assert [(base, plan.pay.base) for _, base, plan in store.kept] == [(0, 92_000)]
    keep(autosave, store, file, 93_000)
    assert autosave.flush()
    assert [(base, plan.pay.base) for _, base, plan in store.kept][1:] == [(1, 93_000)]
    assert autosave.settle(file)


def test_change_during_a_write_is_written_after_it() -> None:
    autosave, store, file = Autosave(delay=0.0), StoreDouble(), DraftFile()
    store.may_write.clear()
    keep(autosave, store, file, 90_000)
    assert not autosave.flush(timeout=0.05)
    keep(autosave, store, file, 91_000)
    store.may_write.set()
    assert autosave.flush()
    assert store.kept[-1][1:] == (len(store.kept) - 1, session_with(91_000).plan)


def test_what_another_session_has_on_its_way_is_written_before_a_draft_is_looked_at() -> None:
    autosave, store = Autosave(), StoreDouble()
    mine, theirs, strange = DraftFile("d1", 3), DraftFile("d1", 3), DraftFile("d2", 1)
    keep(autosave, store, strange, 90_000)
    assert autosave.settle(mine)
    assert not store.kept, "a draft of something else is not waited for"
    keep(autosave, store, theirs, 91_000)
    assert not autosave.settle(theirs), "its own change is still on its way"
    assert autosave.settle(mine)
    assert theirs.revision == 4


def test_newer_draft_of_another_tab_is_left_alone() -> None:
    autosave, store, file = Autosave(delay=0.0), StoreDouble(DraftConflict(5)), DraftFile("d1", 3)
    keep(autosave, store, file, 90_000)
    assert autosave.flush()
    ((written, base, _),) = store.kept
    assert (written, base) == (file.id, 0)
    assert (file.id != "d1", file.original, file.revision, file.copied is not None) == (True, "d1", 1, True)


@pytest.mark.parametrize("error", [StoreError("The database is locked."), RuntimeError("driver")])
def test_failed_write_is_told_and_tried_again_with_the_next_change(error: Exception) -> None:
    autosave, store, file = Autosave(delay=0.0), StoreDouble(error), DraftFile()
    keep(autosave, store, file, 90_000)
    assert autosave.flush()
    assert (file.problem != "", file.state, file.revision, store.kept) == (True, None, 0, [])
    keep(autosave, store, file, 91_000)
    assert autosave.flush()
    assert (file.problem, file.revision) == ("", 1)


def test_state_comes_back_as_it_was() -> None:
    session = session_with(90_000)
    session.what_if["grr"], session.locks["grr"], session.spreads["grr"] = 0.93, True, 0.02
    session.undo()
    session.edit({"pay.base": 91_000})
    state = DraftState.of_session(session)
    again = DraftState.of(state.to_dict())
    assert again == state
    restored = DraftState.of_session(again.restore())
    assert restored.model_copy(update={"field_version": state.field_version}) == state


def test_history_is_kept_as_far_as_it_fits() -> None:
    session = EditSession(PLAN, PLAN, "template")
    for i in range(120):
        session.edit({"pay.base": 90_000 + i})
    bases = [plan.pay.base for plan in DraftState.of(DraftState.of_session(session).to_dict()).past]
    assert bases == [90_000 + i for i in range(69, 119)]


def test_history_ends_where_another_plan_was_open() -> None:
    session = session_with(90_000)
    session.open(templates.load("flowfuse-csm"), "template")
    session.edit({"pay.base": 70_000})
    assert DraftState.of_session(session).past == (templates.load("flowfuse-csm"),)


@pytest.mark.parametrize(
    "change",
    [{"plan": "{"}, {"plan": 5}, {"version": 2}, {"what_if": {"grr": float("inf")}}, {"surprise": 1}, {"past": ["[]"]}],
)
def test_altered_draft_is_refused_with_a_sentence(change: dict[str, Any]) -> None:
    data = DraftState.of_session(session_with(90_000)).to_dict()
    with pytest.raises(DraftError, match="can't read the draft"):
        DraftState.of(data | change)


@pytest.mark.parametrize("text", ["template-flowfuse-csm", "saved-hT3_x--2-12", "draft-ab_c-d"])
def test_address_reads_what_it_writes(text: str) -> None:
    target = address.read(text)
    assert target is not None
    assert str(target) == text


@pytest.mark.parametrize(
    "text", ["", "draft-", "saved-x", "saved--1", "saved-x-1234567", "template-\u00e9", "draft-a\n"]
)
def test_address_that_names_nothing(text: str) -> None:
    assert address.read(text) is None
