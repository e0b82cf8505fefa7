"""The life of a version: every step that follows, and every one that does not."""

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
def test_each_step_from_each_place(store: Store, plan: Plan, start: str, step: str) -> None:
    made = store.create(plan, name="A", by=ANN)
    for name in WAYS[start]:
        STEPS[name](store, made.scenario_id)
    before = store.version(made.scenario_id, by=ANN)
    told = len(store.audit_log(by=HR))
    if step in ALLOWED[start]:
        after = STEPS[step](store, made.scenario_id)
        assert after.lifecycle.state == AFTER[step]
        assert after == store.version(made.scenario_id, by=ANN)
        assert len(store.audit_log(by=HR)) == told + 1
    else:
        with pytest.raises(NotPossible, match=SENTENCES.get(start, SENTENCES["draft"])):
            STEPS[step](store, made.scenario_id)
        after = store.version(made.scenario_id, by=ANN)
        assert after.lifecycle == before.lifecycle
        assert len(store.audit_log(by=HR)) == told
    assert (after.plan_json, after.number, after.at, after.by) == (made.plan_json, 1, made.at, made.by)


def test_who_submits_does_not_approve(store: Store, plan: Plan) -> None:
    made = store.create(plan, name="A", by=HR)
    store.submit(made.scenario_id, 1, by=HR)
    with pytest.raises(NotAllowed, match="You submitted this version"):
        store.approve(made.scenario_id, 1, by=HR)
    done = store.approve(made.scenario_id, 1, by=CFO)
    assert done.lifecycle.submitted is not None
    assert done.lifecycle.approved is not None
    assert (done.lifecycle.submitted.id, done.lifecycle.approved.id) == (HR.id, CFO.id)
    assert done.lifecycle.approved_at is not None


def test_who_saved_it_does_not_approve_what_another_submitted(store: Store, plan: Plan) -> None:
    made = store.create(plan, name="A", by=HR)
    store.submit(made.scenario_id, 1, by=BEN)
    with pytest.raises(NotAllowed, match="You saved this version"):
        store.approve(made.scenario_id, 1, by=HR)
    assert store.approve(made.scenario_id, 1, by=CFO).lifecycle.state == "approved"


def test_alone_one_person_is_everybody(store: Store, plan: Plan) -> None:
    made = store.create(plan, name="A", by=LOCAL)
    store.submit(made.scenario_id, 1, by=LOCAL)
    assert store.approve(made.scenario_id, 1, by=LOCAL).lifecycle.state == "approved"


def test_a_reason_is_given_and_kept_until_it_is_submitted_anew(store: Store, plan: Plan) -> None:
    made = store.create(plan, name="A", by=ANN)
    store.submit(made.scenario_id, 1, by=ANN)
    with pytest.raises(StoreError, match="Give a reason"):
        store.reject(made.scenario_id, 1, "  ", by=CFO)
    sent_back = store.reject(made.scenario_id, 1, "too dear", by=CFO)
    assert (sent_back.lifecycle.rejected, sent_back.lifecycle.submitted) == ("too dear", None)
    assert store.submit(made.scenario_id, 1, by=BEN).lifecycle.rejected == ""


def in_force(store: Store, key: str, number: int, on: dt.date) -> None:
    store.submit(key, number, by=ANN)
    store.approve(key, number, by=CFO)
    store.put_in_force(key, number, on=on, by=CFO)


@pytest.mark.parametrize(("first", "second"), [((1, JAN), (2, APR)), ((2, APR), (1, JAN))])
def test_one_version_follows_another_from_its_day_on(
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


def test_of_two_with_the_same_day_the_later_holds(store: Store, plan: Plan) -> None:
    key = store.create(plan, name="A", by=ANN).scenario_id
    store.save(key, plan.edit({"pay.base": 90000.0}), base=1, by=ANN)
    in_force(store, key, 2, JAN)
    in_force(store, key, 1, JAN)
    two, one = store.versions(key, by=ANN)
    assert (one.status(JUL), two.status(JUL)) == ("in_force", "superseded")
    assert store.scenario(key, by=ANN).in_force_on(JUL) == 1


@pytest.mark.parametrize("year", [1999, 2101])
def test_a_day_that_cannot_be_meant(store: Store, plan: Plan, year: int) -> None:
    key = store.create(plan, name="A", by=ANN).scenario_id
    with pytest.raises(StoreError, match="between 2000 and 2100"):
        store.put_in_force(key, 1, on=dt.date(year, 1, 1), by=CFO)
