"""Drafts: kept, listed and discarded by their owner alone, and never overwritten by an older tab."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from store.actors import ANN, BEN, GUEST, HR, Clock

from compplan.store import DraftConflict, NotAllowed, NotFound, Store, StoreError
from compplan.store.drafts import MOST_DRAFTS

STATE = {"plan": {"name": "A"}, "what_if": {"grr": 0.9}}


def test_draft_is_kept_revision_by_revision(store: Store, clock: Clock) -> None:
    assert store.keep_draft("d1", "Plan A", STATE, base=0, by=ANN) == 1
    clock.forward(minutes=5)
    assert store.keep_draft("d1", "Plan B", STATE | {"what_if": {}}, base=1, by=ANN) == 2
    draft = store.draft("d1", by=ANN)
    assert (draft.name, draft.revision, draft.state) == ("Plan B", 2, STATE | {"what_if": {}})
    (listed,) = store.drafts(by=ANN)
    assert (listed.id, listed.name, listed.revision, listed.at, listed.state) == ("d1", "Plan B", 2, draft.at, {})


def test_older_tab_does_not_overwrite_a_draft(store: Store) -> None:
    store.keep_draft("d1", "A", STATE, base=0, by=ANN)
    store.keep_draft("d1", "B", STATE, base=1, by=ANN)
    for base in (0, 1, 3):
        with pytest.raises(DraftConflict, match="changed in another tab") as conflict:
            store.keep_draft("d1", "C", STATE, base=base, by=ANN)
        assert conflict.value.revision == 2
    assert store.draft("d1", by=ANN).name == "B"


def test_of_two_tabs_that_keep_a_draft_at_once_one_is_told(store: Store) -> None:
    store.keep_draft("d1", "A", STATE, base=0, by=ANN)

    def keep(name: str) -> str:
        try:
            store.keep_draft("d1", name, STATE, base=1, by=ANN)
        except StoreError:
            return ""
        return name

    with ThreadPoolExecutor(8) as threads:
        kept = [name for name in threads.map(keep, "BCDEFGHI") if name]
    assert len(kept) == 1
    assert (store.draft("d1", by=ANN).name, store.draft("d1", by=ANN).revision) == (kept[0], 2)


def test_drafts_are_seen_by_their_owner_alone(store: Store) -> None:
    store.keep_draft("d1", "A", STATE, base=0, by=ANN)
    assert store.drafts(by=BEN) == ()
    for attempt in (
        lambda: store.draft("d1", by=BEN),
        lambda: store.keep_draft("d1", "B", STATE, base=1, by=BEN),
        lambda: store.discard_draft("d1", by=HR),
        lambda: store.drafts(by=GUEST),
        lambda: store.keep_draft("d2", "A", STATE, base=0, by=GUEST),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert store.draft("d1", by=ANN).name == "A"
    assert store.audit_log(by=HR) == (), "a draft is its owner's affair"


def test_discarded_draft_is_gone_and_an_open_tab_can_keep_it_again(store: Store) -> None:
    store.keep_draft("d1", "A", STATE, base=0, by=ANN)
    for _ in range(2):
        store.discard_draft("d1", by=ANN)
    for unknown in ("d1", "", "x" * 33, "a b"):
        with pytest.raises(NotFound):
            store.draft(unknown, by=ANN)
    assert store.keep_draft("d1", "A", STATE, base=1, by=ANN) == 2


def test_oldest_drafts_make_room(store: Store, clock: Clock) -> None:
    store.keep_draft("of-ben", "B", STATE, base=0, by=BEN)
    for i in range(MOST_DRAFTS + 2):
        store.keep_draft(f"d{i}", f"Plan {i}", STATE, base=0, by=ANN)
    kept = [draft.id for draft in store.drafts(by=ANN)]
    assert (len(kept), kept[0], kept[-1]) == (MOST_DRAFTS, f"d{MOST_DRAFTS + 1}", "d2")
    assert [draft.id for draft in store.drafts(by=BEN)] == ["of-ben"]


def test_draft_without_unsaved_changes_makes_room_first(store: Store, clock: Clock) -> None:
    store.keep_draft("mine", "A", STATE, base=0, by=ANN)
    for i in range(MOST_DRAFTS):
        clock.forward(minutes=1)
        store.keep_draft(f"d{i}", "B", STATE, base=0, by=ANN, unsaved=i < 5)
    drafts = {draft.id: draft.unsaved for draft in store.drafts(by=ANN)}
    assert (len(drafts), drafts["mine"], sum(drafts.values())) == (MOST_DRAFTS, True, 6)
    assert "d5" not in drafts, "the oldest of those without unsaved changes"


def test_revision_of_a_draft_can_be_read_alone(store: Store) -> None:
    assert store.draft_revision("d1", by=ANN) is None
    store.keep_draft("d1", "A", STATE, base=0, by=ANN)
    assert store.draft_revision("d1", by=ANN) == 1
    with pytest.raises(NotAllowed):
        store.draft_revision("d1", by=BEN)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"spread": float("nan")}, "must be plain data"),
        ({"plan": object()}, "must be plain data"),
        ({"note": "x" * 2_000_000}, "2,000,011 characters, at most 2,000,000 are allowed"),
    ],
)
def test_state_that_cannot_be_kept_is_refused(store: Store, state: dict[str, object], sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        store.keep_draft("d1", "A", state, base=0, by=ANN)
    assert store.drafts(by=ANN) == ()


def test_name_of_a_draft_is_never_a_reason_to_lose_it(store: Store) -> None:
    store.keep_draft("d1", "A\nplan\u202e" + "x" * 200, STATE, base=0, by=ANN)
    (draft,) = store.drafts(by=ANN)
    assert (len(draft.name), draft.name[:7]) == (120, "A\N{REPLACEMENT CHARACTER}plan\N{REPLACEMENT CHARACTER}")


def test_retention_removes_drafts_that_were_left_alone(store: Store, clock: Clock) -> None:
    store.keep_draft("old", "A", STATE, base=0, by=ANN)
    clock.forward(days=31)
    store.keep_draft("new", "B", STATE, base=0, by=ANN)
    assert store.apply_retention(30, now=clock.now, by=HR, dry_run=True).drafts == 1
    assert store.apply_retention(30, now=clock.now, by=HR).drafts == 1
    assert [draft.id for draft in store.drafts(by=ANN)] == ["new"]
