"""Capacity: hours per account, accounts per person, headcount, books of business, and the cost to serve.

Belongs here: the capacity model, its templates from published guides, account files and rebalancing of books.
Does not belong here: the cost of a pay plan (`compplan.cost`) and the Capacity page (`compplan.ui.capacity`).
"""

from typing import TYPE_CHECKING

from compplan._moved import forward_names
from compplan.capacity.answers import review_answers
from compplan.capacity.books import BookSpread, Ceiling, books, owned_books, quarters, spread
from compplan.capacity.contradictions import Contradiction, contradictions, loaded_cost
from compplan.capacity.errors import CapacityError
from compplan.capacity.model import CapacityModel
from compplan.capacity.money import CostToServe, UnitEconomics, cost_to_serve, retention_two_ways, unit_economics
from compplan.capacity.presets import Preset, StatedRange, implied_hours, levels, presets, spending, usual_year
from compplan.capacity.rebalance import AccountMove, RebalancePlan, rebalance
from compplan.capacity.samples import sample_accounts
from compplan.capacity.services import (
    Capacity,
    Service,
    Tier,
    Touchpoint,
    WorkYear,
    accounts_per_person,
    capacity,
    people_needed,
    renewal_under_load,
    utilisation,
)

if TYPE_CHECKING:
    from compplan.capacity.accounts import AccountsReading, read_accounts

__all__ = [
    "AccountMove",
    "AccountsReading",
    "BookSpread",
    "Capacity",
    "CapacityError",
    "CapacityModel",
    "Ceiling",
    "Contradiction",
    "CostToServe",
    "Preset",
    "RebalancePlan",
    "Service",
    "StatedRange",
    "Tier",
    "Touchpoint",
    "UnitEconomics",
    "WorkYear",
    "accounts_per_person",
    "books",
    "capacity",
    "contradictions",
    "cost_to_serve",
    "implied_hours",
    "levels",
    "loaded_cost",
    "owned_books",
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
__getattr__ = forward_names(__name__, _LAZY)
