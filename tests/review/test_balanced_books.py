"""OWN-04 with half an answer: it tells what it can tell, and what is not known of every book is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from review.cases import TODAY, USUAL

from compplan import templates
from compplan.review import Context, Review, review

EVEN = [100.0, 100.0, 100.0, 100.0]
WHOLE = {"accounts": 10, "largest_share": 0.1, "due": EVEN}


def seen(books: list[dict[str, Any]]) -> Review:
    return review(templates.load(USUAL), Context.of({"books": books}), today=TODAY)


def asks(reviewed: Review) -> bool:
    return any(u.question == "books" and "OWN-04" in u.rules for u in reviewed.unanswered)


@pytest.mark.parametrize("missing", ["accounts", "largest_share", "due"])
def test_what_one_book_leaves_open_is_asked_and_not_passed(missing: str) -> None:
    reviewed = seen([WHOLE, {k: v for k, v in WHOLE.items() if k != missing}])
    assert asks(reviewed)
    assert "OWN-04" not in reviewed.clear


@pytest.mark.parametrize("books", [[], [{}], [{}, {}]])
def test_no_answer_is_no_answer(books: list[dict[str, Any]]) -> None:
    assert asks(seen(books))


def test_what_can_be_told_is_told_without_the_rest() -> None:
    reviewed = seen([{"largest_share": 0.1}, {"largest_share": 0.5}])
    (found,) = [f for f in reviewed.findings if f.rule == "OWN-04"]
    assert found.numbers == pytest.approx({"largest_gap": 0.4})
    assert not asks(reviewed)


@pytest.mark.parametrize(
    ("accounts", "largest", "told"),
    [
        (1, 1.0, "another is worth 1"),
        (10, 0.02, "another is worth 10"),  # less than a tenth cannot be the largest of ten
        (0, 0.0, ""),  # an empty book counts as nothing
    ],
)
def test_ends_of_what_a_book_can_be(accounts: int, largest: float, told: str) -> None:
    books = [
        {"accounts": 100, "largest_share": 0.01, "due": EVEN},
        WHOLE | {"accounts": accounts, "largest_share": largest},
    ]
    found = [f for f in seen(books).findings if f.rule == "OWN-04" and "effective_ratio" in f.numbers]
    assert bool(found) == bool(accounts)
    if found:
        assert found[0].numbers["effective_ratio"] == pytest.approx(100 / accounts)
        assert told in found[0].message
