"""Books sized so that targets can be met: hours an account takes, accounts a person can carry, and what that costs."""

import importlib
from typing import TYPE_CHECKING, Any

from compplan.capacity.answers import review_answers
from compplan.capacity.books import Ceiling, Spread, books, owned, quarters, spread
from compplan.capacity.contradictions import Contradiction, contradictions, loaded_cost
from compplan.capacity.errors import CapacityError
from compplan.capacity.model import Model
from compplan.capacity.money import CostToServe, UnitEconomics, cost_to_serve, retention_two_ways, unit_economics
from compplan.capacity.presets import Preset, Range, implied_hours, levels, presets, spending, usual_year
from compplan.capacity.rebalance import Move, Rebalance, rebalance
from compplan.capacity.samples import sample_accounts
from compplan.capacity.services import (
    Capacity,
    Service,
    Tier,
    Touch,
    Year,
    accounts_per_person,
    capacity,
    people_needed,
    renewal_under_load,
    utilisation,
)

if TYPE_CHECKING:
    from compplan.capacity.accounts import AccountsReading, read_accounts

__all__ = [
    "AccountsReading",
    "Capacity",
    "CapacityError",
    "Ceiling",
    "Contradiction",
    "CostToServe",
    "Model",
    "Move",
    "Preset",
    "Range",
    "Rebalance",
    "Service",
    "Spread",
    "Tier",
    "Touch",
    "UnitEconomics",
    "Year",
    "accounts_per_person",
    "books",
    "capacity",
    "contradictions",
    "cost_to_serve",
    "implied_hours",
    "levels",
    "loaded_cost",
    "owned",
    "people_needed",
    "presets",
    "quarters",
    "read_accounts",
    "rebalance",
    "renewal_under_load",
    "retention_two_ways",
    "review_answers",
    "sample_accounts",
    "spending",
    "spread",
    "unit_economics",
    "usual_year",
    "utilisation",
]

# Reading files needs pandas, which checking a plan does not.
_LAZY = {"AccountsReading": "accounts", "read_accounts": "accounts"}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_LAZY[name]}"), name)
