"""Checked data is frozen, and refused with the project's own errors."""

from typing import Annotated

import pytest
from pydantic import Field

from compplan.errors import CompPlanError, PlanError, Problem
from compplan.models import FrozenModel, refuse_all, zero_or_at_least


class Line(FrozenModel):
    amount: Annotated[float, Field(ge=0), zero_or_at_least(0.01)]


class Budget(FrozenModel):
    error_class = PlanError
    lines: tuple[Line, ...] = ()
    currency: str = Field(default="USD", alias="curr")
    tags: dict[str, int] = Field(default_factory=dict[str, int])


def test_copy_with_a_change_is_checked_and_leaves_the_original() -> None:
    budget = Budget(lines=(Line(amount=5.0),))
    assert budget.model_copy(update={"currency": "EUR"}).currency == "EUR"
    assert budget.model_copy(update={"curr": "EUR"}).currency == "EUR"
    assert budget.currency == "USD"
    with pytest.raises(PlanError, match=r"^lines\[0\]\.amount: must be at least 0\. You entered -1"):
        budget.model_copy(update={"lines": [{"amount": -1.0}]})


def test_copy_without_a_change_is_equal_and_a_deep_one_shares_nothing() -> None:
    budget = Budget(lines=(Line(amount=5.0),), tags={"a": 1})
    assert budget.model_copy() == budget == budget.model_copy(deep=True)
    assert budget.model_copy().tags is budget.tags
    assert budget.model_copy(deep=True).tags is not budget.tags


def test_copy_keeps_what_was_set_apart_from_defaults() -> None:
    assert Budget(lines=()).model_copy(update={"currency": "EUR"}).model_fields_set == {"lines", "currency"}


def test_equal_models_have_equal_hashes() -> None:
    first, again = (Budget(lines=(Line(amount=5.0),), tags={"a": 1, "b": 2}) for _ in range(2))
    assert hash(first) == hash(again)
    assert len({first, again, Budget(tags={"a": 1})}) == 2


def test_field_cannot_be_set_or_deleted() -> None:
    budget = Budget()
    with pytest.raises(PlanError, match=r"^currency: cannot be changed; model_copy returns a changed copy\.$"):
        budget.currency = "EUR"  # type: ignore[misc]
    with pytest.raises(PlanError, match=r"^currency: cannot be changed"):
        del budget.currency
    assert budget.currency == "USD"


@pytest.mark.parametrize("amount", [0.0, 0.01, 3.0])
def test_zero_and_amounts_from_the_least_are_allowed(amount: float) -> None:
    assert Line(amount=amount).amount == amount


def test_amount_next_to_zero_is_refused() -> None:
    with pytest.raises(CompPlanError, match=r"^amount: must be 0 or at least 0\.01\. You entered 0\.009\.$"):
        Line(amount=0.009)


def test_refusal_without_problems_is_none() -> None:
    refuse_all([])
    with pytest.raises(ValueError, match="do not fit together"):
        refuse_all([Problem("x", "is wrong.")])
