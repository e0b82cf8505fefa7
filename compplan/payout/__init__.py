"""From a plan and results to pay: one calculation for one person, a million, and every chart."""

from compplan.payout.analysis import (
    PlanCliff,
    at_target,
    ceiling,
    cliffs,
    effects,
    leverage,
    results_along,
    results_at,
    target_pays,
    totals,
)
from compplan.payout.compare import Difference, compare
from compplan.payout.comparison import PlanComparison, compare_plans
from compplan.payout.pay import payout, payouts
from compplan.payout.statement import Line, Statement

__all__ = [
    "Difference",
    "Line",
    "PlanCliff",
    "PlanComparison",
    "Statement",
    "at_target",
    "ceiling",
    "cliffs",
    "compare",
    "compare_plans",
    "effects",
    "leverage",
    "payout",
    "payouts",
    "results_along",
    "results_at",
    "target_pays",
    "totals",
]
