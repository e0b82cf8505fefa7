"""Calculate pay from a plan and results, for one person, for many, and for every chart.

Belongs here: the engine, statements, and what follows from the plan alone (pay at target, maximum, cliffs).
Does not belong here: people and days of a year (`compplan.settlement`), how results vary (`compplan.outcomes`).
"""

from compplan._moved import forward_names
from compplan.payout.analysis import (
    PlanCliff,
    at_target,
    bounded,
    ceiling,
    cliffs,
    effects,
    leverage,
    paid_kickers,
    results_along,
    results_at,
    target_pays,
    totals,
)
from compplan.payout.comparison import Difference, PlanComparison, compare_plans, pay_differences
from compplan.payout.pay import payout, payouts
from compplan.payout.statement import Line, Statement

__all__ = [
    "Difference",
    "Line",
    "PlanCliff",
    "PlanComparison",
    "Statement",
    "at_target",
    "bounded",
    "ceiling",
    "cliffs",
    "compare_plans",
    "effects",
    "leverage",
    "paid_kickers",
    "pay_differences",
    "payout",
    "payouts",
    "results_along",
    "results_at",
    "target_pays",
    "totals",
]

__getattr__ = forward_names(__name__)
