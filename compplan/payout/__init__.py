"""From a plan and results to pay: one calculation for one person, a million, and every chart."""

from compplan.payout.pay import at_target, ceiling, effects, payout, payouts, results_at
from compplan.payout.statement import Line, Statement

__all__ = ["Line", "Statement", "at_target", "ceiling", "effects", "payout", "payouts", "results_at"]
