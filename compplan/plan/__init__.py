"""A plan as data: what is paid, on what, by which curve. Frozen, checked once, the same in file and code."""

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
