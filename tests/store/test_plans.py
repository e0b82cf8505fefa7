"""Saving plans: versions are added, never changed, and a conflict loses nothing."""

from __future__ import annotations

import dataclasses
import re

import pytest
from store.actors import ANN, BEN, CFO, GUEST, HR, Clock

import compplan
from compplan import facts
from compplan.access import LOCAL, VISITOR
from compplan.errors import CompPlanError
from compplan.plan import Plan
from compplan.store import (
    Conflict,
    NotAllowed,
    NotFound,
    NotPossible,
    Store,
    StoreError,
    Version,
    difference,
)

PEOPLE = [
    {"id": "E1", "name": "Ada", "role": "csm", "base": 90000.0, "currency": "USD", "grr.target": None},
    {"id": "E2", "name": "Bo", "role": "csm", "base": 95000.5, "currency": "EUR", "grr.target": 0.91},
]


def other(plan: Plan, base: float) -> Plan:
    return plan.edit({"pay.base": base})


def test_version_has_everything_that_was_saved(store: Store, plan: Plan, clock: Clock) -> None:
    version = store.create(plan, name=" CSM, FY26 ", by=HR, note="first\ntry", cost={"benefits": 0.2}, people=PEOPLE)
    loaded = store.version(version.scenario_id, by=GUEST)
    assert loaded == version
    assert loaded.plan == plan
    assert (loaded.number, loaded.base, loaded.name, loaded.note) == (1, None, "Version 1", "first\ntry")
    assert (loaded.by.id, loaded.by.name) == (HR.id, HR.name)
    assert loaded.at.utcoffset() is not None
    assert loaded.at <= clock.now
    assert (loaded.plan_hash, loaded.engine, loaded.data) == (plan.hash, compplan.__version__, facts.version())
    assert (loaded.cost, loaded.people, loaded.people_saved, loaded.has_people) == ({"benefits": 0.2}, 2, 2, True)
    (scenario,) = store.scenarios(by=GUEST)
    assert (scenario.name, scenario.owner, scenario.head) == ("CSM, FY26", version.by, 1)
    assert scenario.id == version.scenario_id
    for key in (version.id, version.scenario_id):
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{15}", key)
    assert repr(version) == f"<Version 1 of {version.scenario_id}>"


def test_save_adds_a_version_and_changes_no_other(store: Store, plan: Plan) -> None:
    first = store.create(plan, name="A", by=HR, cost={"x": 1}, people=PEOPLE)
    second = store.save(first.scenario_id, other(plan, 90000.0), base=1, by=HR, name="More base", note="asked for")
    assert (second.number, second.base, second.name, second.note) == (2, 1, "More base", "asked for")
    assert second.cost == {"x": 1}, "assumptions are carried on"
    assert store.people(second, by=HR) == store.people(first, by=HR), "and so are people"
    third = store.save(first.scenario_id, other(plan, 90000.0), base=2, by=BEN, cost={}, people=())
    assert (third.cost, third.people, third.has_people) == ({}, 0, False)
    assert store.versions(first.scenario_id, by=ANN) == (third, second, first)


def test_people_rows_are_carried_over_only_with_the_right_to_personal_data(store: Store, plan: Plan) -> None:
    first = store.create(plan, name="A", by=HR, people=PEOPLE, cost={"x": 1})
    key = first.scenario_id
    assert store.save(key, plan, base=1, by=ANN) == first, "nothing changed"
    second = store.save(key, other(plan, 90000.0), base=1, by=ANN)
    assert (second.number, second.people, second.people_saved, second.cost) == (2, 0, 0, {"x": 1})
    assert store.save(key, other(plan, 90000.0), base=1, by=ANN) == second, "sent twice"
    assert store.save(key, other(plan, 90000.0), base=2, by=ANN, cost={"x": 2}).people == 0
    assert store.restore(key, 1, by=ANN).people == 0
    assert store.duplicate(key, 1, name="B", by=ANN).people == 0
    for action in (
        lambda: store.create(plan, name="C", by=ANN, people=PEOPLE),
        lambda: store.save(key, plan, base=4, by=ANN, people=PEOPLE),
    ):
        with pytest.raises(NotAllowed, match="may not see or save personal data"):
            action()
    assert store.restore(key, 1, by=HR).people == 2


def test_version_cannot_be_changed(store: Store, plan: Plan) -> None:
    version = store.create(plan, name="A", by=ANN)
    with pytest.raises(dataclasses.FrozenInstanceError):
        version.number = 2
    with pytest.raises(ValueError, match="cannot be changed"):
        version.plan.name = "B"


def test_conflicting_save_shows_both_versions_and_loses_nothing(store: Store, plan: Plan) -> None:
    first = store.create(plan, name="A", by=ANN)
    theirs = store.save(first.scenario_id, other(plan, 90000.0), base=1, by=BEN)
    mine = other(plan, 70000.0)
    with pytest.raises(Conflict, match=r"ben@example.com saved version 2 while you were editing version 1") as refused:
        store.save(first.scenario_id, mine, base=1, by=ANN)
    assert (refused.value.theirs, refused.value.base) == (theirs, first)
    assert isinstance(refused.value, CompPlanError)
    assert len(store.versions(first.scenario_id, by=ANN)) == 2
    saved = store.save(first.scenario_id, mine, base=refused.value.theirs.number, by=ANN)
    branch = store.create(mine, name="A, mine", by=ANN)
    assert (saved.number, branch.number, saved.plan, branch.plan) == (3, 1, mine, mine)


def test_repeated_save_adds_one_version(store: Store, plan: Plan) -> None:
    first = store.create(plan, name="A", by=HR, people=PEOPLE)
    assert store.save(first.scenario_id, plan, base=1, by=ANN) == first
    assert store.save(first.scenario_id, plan, base=1, by=HR, people=PEOPLE) == first
    second = store.save(first.scenario_id, other(plan, 90000.0), base=1, by=ANN, note="n")
    assert store.save(first.scenario_id, other(plan, 90000.0), base=1, by=ANN, note="n") == second
    assert store.save(first.scenario_id, plan, base=2, by=ANN).number == 3, "an older plan saved again is a change"
    assert store.save(first.scenario_id, plan, base=3, by=ANN, note="new").number == 4, "a note is a change"
    assert store.save(first.scenario_id, plan, base=4, by=HR, people=PEOPLE[:1]).number == 5


def test_restore_adds_a_new_version(store: Store, plan: Plan) -> None:
    first = store.create(plan, name="A", by=HR, people=PEOPLE, cost={"x": 1})
    store.save(first.scenario_id, other(plan, 90000.0), base=1, by=ANN, people=(), cost={})
    third = store.restore(first.scenario_id, 1, by=HR)
    assert (third.number, third.base, third.plan, third.cost, third.people) == (3, 1, plan, {"x": 1}, 2)
    with pytest.raises(NotPossible, match="Version 3 is already the newest version"):
        store.restore(first.scenario_id, 3, by=BEN)
    with pytest.raises(NotFound, match=r"has no version 9\. The newest is version 3"):
        store.restore(first.scenario_id, 9, by=BEN)


def test_plan_is_duplicated_renamed_and_archived(store: Store, plan: Plan) -> None:
    first = store.create(plan, name="A", by=HR, people=PEOPLE)
    store.save(first.scenario_id, other(plan, 90000.0), base=1, by=ANN)
    copy = store.duplicate(first.scenario_id, 1, name="B", by=HR)
    assert (copy.number, copy.base, copy.plan, copy.people) == (1, None, plan, 2)
    (event,) = store.audit_log(by=HR, event="duplicated")
    assert (event.scenario_id, event.version) == (copy.scenario_id, 1)
    assert dict(event.detail) == {"from": first.scenario_id, "version": 1}
    assert [s.name for s in store.scenarios(by=ANN)] == ["B", "A"]
    assert store.rename(copy.scenario_id, "C", by=ANN).name == "C"
    archived_plan = store.archive(copy.scenario_id, by=ANN)
    assert archived_plan.archived is not None
    assert [s.name for s in store.scenarios(by=ANN)] == ["A"]
    assert store.scenarios(by=ANN, archived=True) == (archived_plan,)
    assert store.version(copy.scenario_id, by=ANN) == copy
    for action in (
        lambda: store.save(copy.scenario_id, other(plan, 1.0), base=1, by=ANN),
        lambda: store.restore(copy.scenario_id, 1, by=ANN),
        lambda: store.submit(copy.scenario_id, 1, by=ANN),
    ):
        with pytest.raises(NotPossible, match=r"archived\. Unarchive it first"):
            action()
    assert store.unarchive(copy.scenario_id, by=ANN).archived is None
    assert store.save(copy.scenario_id, other(plan, 1.0), base=1, by=ANN).number == 2


@pytest.mark.parametrize("scenario", ["nothing-like-it", "", "x" * 99, "a b", "\0", "' OR 1=1 --", "☃"])
def test_unknown_plan_is_not_found(store: Store, plan: Plan, scenario: str) -> None:
    store.create(plan, name="A", by=ANN)
    for action in (
        lambda: store.version(scenario, by=ANN),
        lambda: store.versions(scenario, by=ANN),
        lambda: store.scenario(scenario, by=ANN),
        lambda: store.save(scenario, plan, base=1, by=ANN),
        lambda: store.links(scenario, by=ANN),
        lambda: store.archive(scenario, by=ANN),
        lambda: store.revoke(scenario, by=ANN),
    ):
        with pytest.raises(NotFound):
            action()
    assert store.audit_log(by=HR, scenario_id=scenario) == ()


@pytest.mark.parametrize("number", [0, -1, 2, 2**31, 2**63, 10**30])
def test_unknown_version_is_not_found(store: Store, plan: Plan, number: int) -> None:
    version = store.create(plan, name="A", by=ANN)
    with pytest.raises(NotFound, match="The newest is version 1"):
        store.version(version.scenario_id, number, by=ANN)
    with pytest.raises(NotFound):
        store.save(version.scenario_id, plan, base=number, by=ANN)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "a\nb", "a\0b", "\ud800", "a\x1b[31m"])
def test_invalid_name_is_refused(store: Store, plan: Plan, name: str) -> None:
    with pytest.raises(StoreError, match="one line of 1 to 120 characters"):
        store.create(plan, name=name, by=ANN)
    assert store.scenarios(by=ANN) == ()


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("note", ["x" * 4001, "\0", "\ud800"])
def test_invalid_note_is_refused(store: Store, plan: Plan, note: str) -> None:
    with pytest.raises(StoreError, match="A note can have at most 4,000 characters"):
        store.create(plan, name="A", by=ANN, note=note)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("cost", [{"x": float("nan")}, {"x": object()}, {"x": "y" * 200_001}, {1j: 2}])
def test_invalid_cost_assumptions_are_refused(store: Store, plan: Plan, cost: dict[str, object]) -> None:
    with pytest.raises(StoreError, match=r"[Cc]ost assumptions"):
        store.create(plan, name="A", by=ANN, cost=cost)


def test_names_are_saved_and_returned_only_on_request(store: Store, plan: Plan) -> None:
    bare = store.create(plan, name="A", by=HR, people=PEOPLE)
    assert [set(row) & {"name"} for row in store.people(bare, by=HR, names=True)] == [set(), set()]
    with_names = store.create(plan, name="B", by=HR, people=PEOPLE, names=True)
    assert [row["name"] for row in store.people(with_names, by=HR, names=True)] == ["Ada", "Bo"]
    assert store.people(with_names, by=HR) == store.people(bare, by=HR)
    assert list(store.people(with_names, by=HR, names=True)) == PEOPLE


def test_people_of_a_roster_are_saved_unchanged(store: Store, plan: Plan) -> None:
    from compplan import roster

    people = roster.read(roster.sample("csv"), "sample.csv").people
    rows = people.to_dict("records")
    version = store.create(plan, name="A", by=HR, people=rows)
    saved_rows = store.people(version, by=HR)
    assert [row["id"] for row in saved_rows] == people["id"].tolist()
    assert [row["base"] for row in saved_rows] == [None if base != base else base for base in people["base"].tolist()]
    assert not {"name", "manager"} & set().union(*saved_rows)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([{"base": 1}], "people[0]"),
        ([{"id": ""}], "people[0]"),
        ([{"id": True}], "people[0]"),
        ([{"id": "x" * 201}], "people[0]"),
        ([{"id": "a\0"}], "people[0]"),
        ([{"id": "a"}, {"id": "a"}], "people[1]"),
        ([{"id": 7}, {"id": 7.0}], "people[1]"),
        ([{"id": "a", "base": float("inf")}], "people[0]"),
        ([{"id": "a", "base": [1]}], "people[0]"),
        ([{"id": "a", "note": "secret" * 4000}], "people[0]"),
        ([{"id": "a", **{f"c{i}": 1 for i in range(300)}}], "people[0]"),
    ],
)
def test_invalid_people_are_refused_by_position_without_their_content(
    store: Store, plan: Plan, rows: list[dict[str, object]], where: str
) -> None:
    with pytest.raises(CompPlanError) as refused:
        store.create(plan, name="A", by=HR, people=rows)
    assert [p.where for p in refused.value.problems] == [where]
    assert "secret" not in str(refused.value)
    assert store.scenarios(by=ANN) == ()


def test_actions_without_their_right_are_refused(store: Store, plan: Plan) -> None:
    version = store.create(plan, name="A", by=HR, people=PEOPLE)
    key = version.scenario_id
    for action in (
        lambda: store.create(plan, name="B", by=CFO),
        lambda: store.save(key, other(plan, 1.0), base=1, by=GUEST),
        lambda: store.restore(key, 1, by=CFO),
        lambda: store.duplicate(key, name="B", by=GUEST),
        lambda: store.rename(key, "B", by=GUEST),
        lambda: store.archive(key, by=CFO),
        lambda: store.unarchive(key, by=CFO),
        lambda: store.scenarios(by=VISITOR),
        lambda: store.scenario(key, by=VISITOR),
        lambda: store.versions(key, by=VISITOR),
        lambda: store.version(key, by=VISITOR),
        lambda: store.people(version, by=ANN),
        lambda: store.people(version, by=CFO),
        lambda: store.share(version, by=GUEST, audience="anyone"),
        lambda: store.share(version, by=ANN, audience="anyone", people=True),
        lambda: store.links(key, by=VISITOR),
        lambda: store.revoke("x", by=CFO),
        lambda: store.submit(key, 1, by=CFO),
        lambda: store.withdraw(key, 1, by=CFO),
        lambda: store.approve(key, 1, by=ANN),
        lambda: store.reject(key, 1, "no", by=ANN),
        lambda: store.audit_log(by=ANN),
        lambda: store.erase("E1", by=ANN),
        lambda: store.apply_retention(30, now=version.at, by=CFO),
    ):
        with pytest.raises(NotAllowed, match=r"may not .*\. Ask the administrator of this server"):
            action()
    assert [event.event for event in store.audit_log(by=HR)] == ["saved"]
    assert store.people(version, by=LOCAL)


def test_plan_changed_by_another_program_is_refused(store: Store, plan: Plan) -> None:
    version = store.create(plan, name="A", by=ANN)
    forged = dataclasses.replace(version, plan_json=version.plan_json.replace("85000", "95000"))
    assert isinstance(forged, Version)
    with pytest.raises(StoreError, match="changed in the database by another program"):
        _ = forged.plan


def test_changes_of_cost_assumptions_are_in_words(store: Store, plan: Plan) -> None:
    juniors = {"name": "Juniors", "headcount": 1, "base": 70000, "variable": 9000.5, "arr": 2000000}
    seniors = {"name": "Seniors", "headcount": 4, "base": 110000, "variable": 25000}
    assumed = {"people": 5, "groups": [juniors, seniors], "roles": ["csm", "am"], "assumptions": {"overhead": 100}}
    first = store.create(plan, name="A", by=ANN, cost=assumed)
    changed = {"people": 5, "groups": [juniors | {"headcount": 2}], "roles": [], "assumptions": {}}
    second = store.save(first.scenario_id, plan, base=1, by=ANN, cost=changed)
    pay = "base $70,000, variable $9,000.50, ARR $2,000,000"
    assert [str(change) for change in difference(first, second).cost] == [
        f"Group Juniors: 1 person, {pay} → 2 people, {pay}",
        "Group Seniors: 4 people, base $110,000, variable $25,000 → none",
        "Cost assumption roles: csm, am → none",
        "Cost assumption assumptions overhead: 100 → none",
    ]
    for odd in ([7], 7, [{"name": "A", "headcount": "many"}], [seniors, seniors], [{**seniors, "base": "much"}]):
        third = dataclasses.replace(second, cost={**changed, "groups": odd})
        (change,) = difference(second, third).cost
        assert change.where == "Cost assumption groups"
