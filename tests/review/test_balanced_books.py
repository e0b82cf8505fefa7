"""OWN-04 with incomplete answers: it reports the differences it can see, and asks for the rest."""

from __future__ import annotations

from typing import Any

import pytest
from review.cases import TODAY, USUAL

from compplan import templates
from compplan.review import Context, Review, review

EVEN = [100.0, 100.0, 100.0, 100.0]
WHOLE = {"accounts": 10, "largest_share": 0.1, "due": EVEN}


def review_of(books: list[dict[str, Any]]) -> Review:
    return review(templates.load(USUAL), Context.of({"books": books}), today=TODAY)


def asks(reviewed: Review) -> bool:
    return any(u.question == "books" and "OWN-04" in u.rules for u in reviewed.unanswered)


@pytest.mark.parametrize("missing", ["accounts", "largest_share", "due"])
def test_missing_answer_of_one_book_leaves_a_question(missing: str) -> None:
    reviewed = review_of([WHOLE, {k: v for k, v in WHOLE.items() if k != missing}])
    assert asks(reviewed)
    assert "OWN-04" not in reviewed.clear


@pytest.mark.parametrize("books", [[], [{}], [{}, {}]])
def test_empty_books_leave_a_question(books: list[dict[str, Any]]) -> None:
    assert asks(review_of(books))


def test_difference_is_found_without_the_other_answers() -> None:
    reviewed = review_of([{"largest_share": 0.1}, {"largest_share": 0.5}])
    (finding,) = [f for f in reviewed.findings if f.rule == "OWN-04"]
    assert finding.numbers == pytest.approx({"largest_gap": 0.4})
    assert not asks(reviewed)


@pytest.mark.parametrize(
    ("accounts", "largest", "words"),
    [
        (1, 1.0, "another is worth 1"),
        (10, 0.02, "another is worth 10"),  # less than a tenth cannot be the largest of ten
        (0, 0.0, ""),  # an empty book counts as nothing
    ],
)
def test_effective_accounts_at_the_limits(accounts: int, largest: float, words: str) -> None:
    books = [
        {"accounts": 100, "largest_share": 0.01, "due": EVEN},
        WHOLE | {"accounts": accounts, "largest_share": largest},
    ]
    findings = [f for f in review_of(books).findings if f.rule == "OWN-04" and "effective_ratio" in f.numbers]
    assert bool(findings) == bool(accounts)
    if findings:
        assert findings[0].numbers["effective_ratio"] == pytest.approx(100 / accounts)
        assert words in findings[0].message
