"""Plans as checked, frozen data, the same in a file and in code.

Belongs here: the fields and checks of a plan, reading and writing it, links, edits, comparisons and names of places.
Does not belong here: calculating pay (`compplan.payout`), judging a plan (`compplan.review`).
"""

from compplan.errors import PlanError, Problem
from compplan.plan.model import (
    About,
    Caps,
    Component,
    Effective,
    Gate,
    Kicker,
    Modifier,
    Otherwise,
    Pay,
    Plan,
    Rounding,
)

__all__ = [
    "About",
    "Caps",
    "Component",
    "Effective",
    "Gate",
    "Kicker",
    "Modifier",
    "Otherwise",
    "Pay",
    "Plan",
    "PlanError",
    "Problem",
    "Rounding",
]
