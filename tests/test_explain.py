"""Errors of checked data name the place, what is allowed, and what was entered."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from compplan.errors import CompPlanError
from compplan.models import FrozenModel


class Gate(FrozenModel):
    kind: Literal["gate"]
    at_least: float = 0.0


class Cap(FrozenModel):
    kind: Literal["cap"]
    total: Annotated[int, Field(ge=1, le=5)] = 1


class Rules(FrozenModel):
    name: Annotated[str, Field(min_length=2, max_length=5)] = "plan"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    active: bool = True
    share: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] = 0.5
    parts: tuple[Annotated[Gate | Cap, Field(discriminator="kind")], ...] = ()
    weights: dict[str, float] = Field(default_factory=dict[str, float])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"curency": "EUR"}, "curency: is not a known key; did you mean currency?"),
        ({"share": 1.0}, "share: must be below 1. You entered 1.0."),
        ({"share": 0}, "share: must be above 0. You entered 0."),
        ({"share": float("inf")}, "share: must be a finite number"),
        ({"share": "half"}, "share: must be a number. You entered 'half'."),
        ({"active": "maybe"}, "active: must be true or false. You entered 'maybe'."),
        ({"currency": "usd"}, "currency: must be a three-letter ISO 4217 code in capitals, such as USD"),
        ({"weights": {"grr": "much"}}, "weights.grr: must be a number. You entered 'much'."),
        ({"weights": 3}, "weights: must be fields and values"),
        ({"parts": 3}, "parts: must be a list"),
        ({"parts": [{"kind": "gate", "at_lest": 1}]}, "parts[0].at_lest: is not a known key; did you mean at_least?"),
        ({"parts": [{"kind": "cap", "total": 9}]}, "parts[0].total: must be at most 5. You entered 9."),
        ({"parts": [{"kind": "cap", "total": 1.5}]}, "parts[0].total: must be a whole number. You entered 1.5."),
        ({"parts": [{"kind": "cup"}]}, "parts[0]: needs a kind, one of gate, cap. You entered 'cup'."),
    ],
)
def test_fault_is_a_sentence_at_its_place(data: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CompPlanError) as refused:
        Rules(**data)
    assert str(refused.value).startswith(sentence)
    assert "pydantic" not in str(refused.value)


def test_every_fault_is_named() -> None:
    with pytest.raises(CompPlanError) as refused:
        Rules.model_validate({"share": 2, "active": "maybe", "parts": [{"kind": "gate", "x": 1}]})
    assert [problem.where for problem in refused.value.problems] == ["active", "share", "parts[0].x"]
