"""Saving: versions are added, never changed, and nobody's work is lost."""

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


def test_a_version_carries_what_it_was_made_of(store: Store, plan: Plan, clock: Clock) -> None:
    made = store.create(plan, name=" CSM, FY26 ", by=HR, note="first\ntry", cost={"benefits": 0.2}, people=PEOPLE)
    seen = store.version(made.scenario_id, by=GUEST)
    assert seen == made
    assert seen.plan == plan
    assert (seen.number, seen.base, seen.name, seen.note) == (1, None, "Version 1", "first\ntry")
    assert (seen.by.id, seen.by.name) == (HR.id, HR.name)
    assert seen.at.utcoffset() is not None
    assert seen.at <= clock.now
    assert (seen.plan_hash, seen.engine, seen.data) == (plan.hash, compplan.__version__, facts.version())
    assert (seen.cost, seen.people, seen.people_saved, seen.has_people) == ({"benefits": 0.2}, 2, 2, True)
    (scenario,) = store.scenarios(by=GUEST)
    assert (scenario.name, scenario.owner, scenario.head, scenario.id) == ("CSM, FY26", made.by, 1, made.scenario_id)
    for key in (made.id, made.scenario_id):
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{15}", key)
    assert repr(made) == f"<Version 1 of {made.scenario_id}>"


def test_versions_are_added_and_those_before_stay(store: Store, plan: Plan) -> None:
    first = store.create(plan, name="A", by=HR, cost={"x": 1}, people=PEOPLE)
    second = store.save(first.scenario_id, other(plan, 90000.0), base=1, by=HR, name="More base", note="asked for")
    assert (second.number, second.base, second.name, second.note) == (2, 1, "More base", "asked for")
    assert second.cost == {"x": 1}, "assumptions are carried on"
    assert store.people(second, by=HR) == store.people(first, by=HR), "and so are people"
    third = store.save(first.scenario_id, other(plan, 90000.0), base=2, by=BEN, cost={}, people=())
    assert (third.cost, third.people, third.has_people) == ({}, 0, False)
    assert store.versions(first.scenario_id, by=ANN) == (third, second, first)


def test_rows_about_people_are_carried_on_only_by_who_may_handle_them(store: Store, plan: Plan) -> None:
    first = store.create(plan, name="A", by=HR, people=PEOPLE, cost={"x": 1})
    key = first.scenario_id
    assert store.save(key, plan, base=1, by=ANN) == first, "nothing changed"
    second = store.save(key, other(plan, 90000.0), base=1, by=ANN)
    assert (second.number, second.people, second.people_saved, second.cost) == (2, 0, 0, {"x": 1})
    assert store.save(key, other(plan, 90000.0), base=1, by=ANN) == second, "sent twice"
    assert store.save(key, other(plan, 90000.0), base=2, by=ANN, cost={"x": 2}).people == 0
    assert store.restore(key, 1, by=ANN).people == 0
    assert store.duplicate(key, 1, name="B", by=ANN).people == 0
    for deed in (
        lambda: store.create(plan, name="C", by=ANN, people=PEOPLE),
        lambda: store.save(key, plan, base=4, by=ANN, people=PEOPLE),
    ):
        with pytest.raises(NotAllowed, match="may not see or save personal data"):
            deed()
    assert store.restore(key, 1, by=HR).people == 2


def test_nothing_of_a_version_can_be_changed(store: Store, plan: Plan) -> None:
    made = store.create(plan, name="A", by=ANN)
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.number = 2
    with pytest.raises(ValueError, match="frozen"):
        made.plan.name = "B"


def test_the_second_to_save_is_told_and_shown_and_loses_nothing(store: Store, plan: Plan) -> None:
    first = store.create(plan, name="A", by=ANN)
    theirs = store.save(first.scenario_id, other(plan, 90000.0), base=1, by=BEN)
    mine = other(plan, 70000.0)
    with pytest.raises(Conflict, match=r"ben@example.com saved version 2 while you were editing version 1") as refused:
        store.save(first.scenario_id, mine, base=1, by=ANN)
    assert (refused.value.theirs, refused.value.base) == (theirs, first)
    assert isinstance(refused.value, CompPlanError)
    assert len(store.versions(first.scenario_id, by=ANN)) == 2
    again = store.save(first.scenario_id, mine, base=refused.value.theirs.number, by=ANN)
    branch = store.create(mine, name="A, mine", by=ANN)
    assert (again.number, branch.number, again.plan, branch.plan) == (3, 1, mine, mine)


def test_the_same_save_twice_is_one_version(store: Store, plan: Plan) -> None:
    first = store.create(plan, name="A", by=HR, people=PEOPLE)
    assert store.save(first.scenario_id, plan, base=1, by=ANN) == first
    assert store.save(first.scenario_id, plan, base=1, by=HR, people=PEOPLE) == first
    second = store.save(first.scenario_id, other(plan, 90000.0), base=1, by=ANN, note="n")
    assert store.save(first.scenario_id, other(plan, 90000.0), base=1, by=ANN, note="n") == second
    assert store.save(first.scenario_id, plan, base=2, by=ANN).number == 3, "an older plan again is a change"
    assert store.save(first.scenario_id, plan, base=3, by=ANN, note="said").number == 4, "a note is a change"
    assert store.save(first.scenario_id, plan, base=4, by=HR, people=PEOPLE[:1]).number == 5


def test_restore_makes_a_new_version_of_an_old_one(store: Store, plan: Plan) -> None:
    first = store.create(plan, name="A", by=HR, people=PEOPLE, cost={"x": 1})
    store.save(first.scenario_id, other(plan, 90000.0), base=1, by=ANN, people=(), cost={})
    third = store.restore(first.scenario_id, 1, by=HR)
    assert (third.number, third.base, third.plan, third.cost, third.people) == (3, 1, plan, {"x": 1}, 2)
    with pytest.raises(NotPossible, match="Version 3 is already the newest version"):
        store.restore(first.scenario_id, 3, by=BEN)
    with pytest.raises(NotFound, match=r"has no version 9\. The newest is version 3"):
        store.restore(first.scenario_id, 9, by=BEN)


def test_duplicate_rename_archive(store: Store, plan: Plan) -> None:
    first = store.create(plan, name="A", by=HR, people=PEOPLE)
    store.save(first.scenario_id, other(plan, 90000.0), base=1, by=ANN)
    copy = store.duplicate(first.scenario_id, 1, name="B", by=HR)
    assert (copy.number, copy.base, copy.plan, copy.people) == (1, None, plan, 2)
    assert [s.name for s in store.scenarios(by=ANN)] == ["B", "A"]
    assert store.rename(copy.scenario_id, "C", by=ANN).name == "C"
    gone = store.archive(copy.scenario_id, by=ANN)
    assert gone.archived is not None
    assert [s.name for s in store.scenarios(by=ANN)] == ["A"]
    assert store.scenarios(by=ANN, archived=True) == (gone,)
    assert store.version(copy.scenario_id, by=ANN) == copy
    for deed in (
        lambda: store.save(copy.scenario_id, other(plan, 1.0), base=1, by=ANN),
        lambda: store.restore(copy.scenario_id, 1, by=ANN),
        lambda: store.submit(copy.scenario_id, 1, by=ANN),
    ):
        with pytest.raises(NotPossible, match=r"archived\. Unarchive it first"):
            deed()
    assert store.unarchive(copy.scenario_id, by=ANN).archived is None
    assert store.save(copy.scenario_id, other(plan, 1.0), base=1, by=ANN).number == 2


@pytest.mark.parametrize("scenario", ["nothing-like-it", "", "x" * 99, "a b", "\0", "' OR 1=1 --", "☃"])
def test_what_is_not_there_is_not_found(store: Store, plan: Plan, scenario: str) -> None:
    store.create(plan, name="A", by=ANN)
    for deed in (
        lambda: store.version(scenario, by=ANN),
        lambda: store.versions(scenario, by=ANN),
        lambda: store.scenario(scenario, by=ANN),
        lambda: store.save(scenario, plan, base=1, by=ANN),
        lambda: store.links(scenario, by=ANN),
        lambda: store.archive(scenario, by=ANN),
        lambda: store.revoke(scenario, by=ANN),
    ):
        with pytest.raises(NotFound):
            deed()
    assert store.audit_log(by=HR, scenario_id=scenario) == ()


@pytest.mark.parametrize("number", [0, -1, 2, 2**31, 2**63, 10**30])
def test_a_version_that_is_not_there(store: Store, plan: Plan, number: int) -> None:
    made = store.create(plan, name="A", by=ANN)
    with pytest.raises(NotFound, match="The newest is version 1"):
        store.version(made.scenario_id, number, by=ANN)
    with pytest.raises(NotFound):
        store.save(made.scenario_id, plan, base=number, by=ANN)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "a\nb", "a\0b", "\ud800", "a\x1b[31m"])
def test_names_that_are_refused(store: Store, plan: Plan, name: str) -> None:
    with pytest.raises(StoreError, match="one line of 1 to 120 characters"):
        store.create(plan, name=name, by=ANN)
    assert store.scenarios(by=ANN) == ()


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("note", ["x" * 4001, "\0", "\ud800"])
def test_notes_that_are_refused(store: Store, plan: Plan, note: str) -> None:
    with pytest.raises(StoreError, match="A note can have at most 4,000 characters"):
        store.create(plan, name="A", by=ANN, note=note)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("cost", [{"x": float("nan")}, {"x": object()}, {"x": "y" * 200_001}, {1j: 2}])
def test_assumptions_that_are_refused(store: Store, plan: Plan, cost: dict[str, object]) -> None:
    with pytest.raises(StoreError, match=r"[Cc]ost assumptions"):
        store.create(plan, name="A", by=ANN, cost=cost)


def test_people_go_by_id_unless_names_are_asked_for(store: Store, plan: Plan) -> None:
    bare = store.create(plan, name="A", by=HR, people=PEOPLE)
    assert [set(row) & {"name"} for row in store.people(bare, by=HR, names=True)] == [set(), set()]
    named = store.create(plan, name="B", by=HR, people=PEOPLE, names=True)
    assert [row["name"] for row in store.people(named, by=HR, names=True)] == ["Ada", "Bo"]
    assert store.people(named, by=HR) == store.people(bare, by=HR)
    assert list(store.people(named, by=HR, names=True)) == PEOPLE


def test_people_from_a_roster_are_kept_as_they_are(store: Store, plan: Plan) -> None:
    from compplan import roster

    people = roster.read(roster.sample("csv"), "sample.csv").people
    rows = people.to_dict("records")
    made = store.create(plan, name="A", by=HR, people=rows)
    kept = store.people(made, by=HR)
    assert [row["id"] for row in kept] == people["id"].tolist()
    assert [row["base"] for row in kept] == [None if base != base else base for base in people["base"].tolist()]
    assert not {"name", "manager"} & set().union(*kept)


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
def test_people_that_are_refused_by_their_place_alone(
    store: Store, plan: Plan, rows: list[dict[str, object]], where: str
) -> None:
    with pytest.raises(CompPlanError) as refused:
        store.create(plan, name="A", by=HR, people=rows)
    assert [p.where for p in refused.value.problems] == [where]
    assert "secret" not in str(refused.value)
    assert store.scenarios(by=ANN) == ()


def test_who_may_not(store: Store, plan: Plan) -> None:
    made = store.create(plan, name="A", by=HR, people=PEOPLE)
    key = made.scenario_id
    for deed in (
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
        lambda: store.people(made, by=ANN),
        lambda: store.people(made, by=CFO),
        lambda: store.share(made, by=GUEST, audience="anyone"),
        lambda: store.share(made, by=ANN, audience="anyone", people=True),
        lambda: store.links(key, by=VISITOR),
        lambda: store.revoke("x", by=CFO),
        lambda: store.submit(key, 1, by=CFO),
        lambda: store.withdraw(key, 1, by=CFO),
        lambda: store.approve(key, 1, by=ANN),
        lambda: store.reject(key, 1, "no", by=ANN),
        lambda: store.audit_log(by=ANN),
        lambda: store.erase("E1", by=ANN),
        lambda: store.apply_retention(30, now=made.at, by=CFO),
    ):
        with pytest.raises(NotAllowed, match=r"may not .*\. Ask the administrator of this server"):
            deed()
    assert [event.event for event in store.audit_log(by=HR)] == ["saved"]
    assert store.people(made, by=LOCAL)


def test_a_plan_that_was_changed_behind_the_program_is_not_believed(store: Store, plan: Plan) -> None:
    made = store.create(plan, name="A", by=ANN)
    forged = dataclasses.replace(made, plan_json=made.plan_json.replace("85000", "95000"))
    assert isinstance(forged, Version)
    with pytest.raises(StoreError, match="changed in the database by another program"):
        _ = forged.plan


def test_what_changed_of_the_assumptions_on_cost_in_words(store: Store, plan: Plan) -> None:
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
        (told,) = difference(second, third).cost
        assert told.where == "Cost assumption groups"
