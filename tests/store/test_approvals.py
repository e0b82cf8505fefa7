"""The approval of a version: the steps that each state allows, and the ones it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from store.actors import ANN, BEN, CFO, HR

from compplan.access import LOCAL
from compplan.plan import Plan
from compplan.store import NotAllowed, NotPossible, Store, StoreError, Version

JAN, APR, JUL = dt.date(2026, 1, 1), dt.date(2026, 4, 1), dt.date(2026, 7, 1)
Step = Callable[[Store, str], Version]
STEPS: dict[str, Step] = {
    "submit": lambda store, key: store.submit(key, 1, by=ANN),
    "withdraw": lambda store, key: store.withdraw(key, 1, by=ANN),
    "approve": lambda store, key: store.approve(key, 1, by=CFO),
    "reject": lambda store, key: store.reject(key, 1, "too dear", by=CFO),
    "put_in_force": lambda store, key: store.put_in_force(key, 1, on=JAN, by=CFO),
}
WAYS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "withdrawn": ("submit", "withdraw"),
    "rejected": ("submit", "reject"),
    "submitted": ("submit",),
    "approved": ("submit", "approve"),
    "in force": ("submit", "approve", "put_in_force"),
}
AFTER = {
    "submit": "submitted",
    "withdraw": "draft",
    "approve": "approved",
    "reject": "draft",
    "put_in_force": "approved",
}
ALLOWED = {
    "draft": {"submit"},
    "withdrawn": {"submit"},
    "rejected": {"submit"},
    "submitted": {"withdraw", "approve", "reject"},
    "approved": {"put_in_force"},
    "in force": set[str](),
}
SENTENCES = {
    "draft": r"Version 1 is a draft and cannot be (withdrawn|approved|sent back|put in force)\. Submit it first\.",
    "submitted": r"Version 1 is already submitted and cannot be (submitted|put in force)\. Approve it, send",
    "approved": r"Version 1 is already approved and cannot be \w+.*\. Put it in force, or save a new version\.",
    "in force": r"already approved and cannot be|Version 1 is already in force from 2026-01-01\. To replace it",
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("start", WAYS)
def test_each_state_allows_only_its_own_steps(store: Store, plan: Plan, start: str, step: str) -> None:
    version = store.create(plan, name="A", by=ANN)
    for name in WAYS[start]:
        STEPS[name](store, version.scenario_id)
    before = store.version(version.scenario_id, by=ANN)
    events = len(store.audit_log(by=HR))
    if step in ALLOWED[start]:
        after = STEPS[step](store, version.scenario_id)
        assert after.lifecycle.state == AFTER[step]
        assert after == store.version(version.scenario_id, by=ANN)
        assert len(store.audit_log(by=HR)) == events + 1
    else:
        with pytest.raises(NotPossible, match=SENTENCES.get(start, SENTENCES["draft"])):
            STEPS[step](store, version.scenario_id)
        after = store.version(version.scenario_id, by=ANN)
        assert after.lifecycle == before.lifecycle
        assert len(store.audit_log(by=HR)) == events
    assert (after.plan_json, after.number, after.at, after.by) == (version.plan_json, 1, version.at, version.by)


def test_submitter_cannot_approve(store: Store, plan: Plan) -> None:
    version = store.create(plan, name="A", by=HR)
    store.submit(version.scenario_id, 1, by=HR)
    with pytest.raises(NotAllowed, match="You submitted this version"):
        store.approve(version.scenario_id, 1, by=HR)
    approved = store.approve(version.scenario_id, 1, by=CFO)
    assert approved.lifecycle.submitted is not None
    assert approved.lifecycle.approved is not None
    assert (approved.lifecycle.submitted.id, approved.lifecycle.approved.id) == (HR.id, CFO.id)
    assert approved.lifecycle.approved_at is not None


def test_author_cannot_approve_a_version_that_somebody_else_submitted(store: Store, plan: Plan) -> None:
    version = store.create(plan, name="A", by=HR)
    store.submit(version.scenario_id, 1, by=BEN)
    with pytest.raises(NotAllowed, match="You saved this version"):
        store.approve(version.scenario_id, 1, by=HR)
    assert store.approve(version.scenario_id, 1, by=CFO).lifecycle.state == "approved"


def test_person_working_alone_can_do_every_step(store: Store, plan: Plan) -> None:
    version = store.create(plan, name="A", by=LOCAL)
    store.submit(version.scenario_id, 1, by=LOCAL)
    assert store.approve(version.scenario_id, 1, by=LOCAL).lifecycle.state == "approved"


def test_rejection_needs_a_reason_that_resubmission_clears(store: Store, plan: Plan) -> None:
    version = store.create(plan, name="A", by=ANN)
    store.submit(version.scenario_id, 1, by=ANN)
    with pytest.raises(StoreError, match="Give a reason"):
        store.reject(version.scenario_id, 1, "  ", by=CFO)
    sent_back = store.reject(version.scenario_id, 1, "too dear", by=CFO)
    assert (sent_back.lifecycle.rejected, sent_back.lifecycle.submitted) == ("too dear", None)
    assert store.submit(version.scenario_id, 1, by=BEN).lifecycle.rejected == ""


def in_force(store: Store, key: str, number: int, on: dt.date) -> None:
    store.submit(key, number, by=ANN)
    store.approve(key, number, by=CFO)
    store.put_in_force(key, number, on=on, by=CFO)


@pytest.mark.parametrize(("first", "second"), [((1, JAN), (2, APR)), ((2, APR), (1, JAN))])
def test_version_is_superseded_from_the_first_day_of_the_next(
    store: Store, plan: Plan, first: tuple[int, dt.date], second: tuple[int, dt.date]
) -> None:
    key = store.create(plan, name="A", by=ANN).scenario_id
    store.save(key, plan.edit({"pay.base": 90000.0}), base=1, by=ANN)
    in_force(store, key, *first)
    in_force(store, key, *second)
    two, one = store.versions(key, by=ANN)
    before, between = dt.date(2025, 12, 31), dt.date(2026, 3, 31)
    assert [one.status(day) for day in (before, JAN, between, APR)] == [
        "approved",
        "in_force",
        "in_force",
        "superseded",
    ]
    assert [two.status(day) for day in (before, JAN, between, APR)] == ["approved", "approved", "approved", "in_force"]
    scenario = store.scenario(key, by=ANN)
    assert [scenario.in_force_on(day) for day in (before, JAN, between, APR)] == [None, 1, 1, 2]


def test_last_version_put_in_force_on_a_day_applies(store: Store, plan: Plan) -> None:
    key = store.create(plan, name="A", by=ANN).scenario_id
    store.save(key, plan.edit({"pay.base": 90000.0}), base=1, by=ANN)
    in_force(store, key, 2, JAN)
    in_force(store, key, 1, JAN)
    two, one = store.versions(key, by=ANN)
    assert (one.status(JUL), two.status(JUL)) == ("in_force", "superseded")
    assert store.scenario(key, by=ANN).in_force_on(JUL) == 1


@pytest.mark.parametrize("year", [1999, 2101])
def test_first_day_must_be_between_2000_and_2100(store: Store, plan: Plan, year: int) -> None:
    key = store.create(plan, name="A", by=ANN).scenario_id
    with pytest.raises(StoreError, match="between 2000 and 2100"):
        store.put_in_force(key, 1, on=dt.date(year, 1, 1), by=CFO)
