"""What a plan is expected to pay when results vary, and how far a year may end from that.

Belongs here: the one distribution of pay, the range of a team, and the key figures of a plan.
Does not belong here: the calculation of pay (`compplan.payout`), taxes and other costs (`compplan.cost`).
"""

from compplan.outcomes.distribution import (
    DRAWS,
    SEED,
    OutcomeError,
    Outlook,
    PayDistribution,
    outlook,
    pay_distribution,
)
from compplan.outcomes.overview import Overview, overview
from compplan.outcomes.portfolio import TeamRange
from compplan.outcomes.spreads import illustrative_spreads, spread_request, spread_text, unknown_spreads

__all__ = [
    "DRAWS",
    "SEED",
    "OutcomeError",
    "Outlook",
    "Overview",
    "PayDistribution",
    "TeamRange",
    "illustrative_spreads",
    "outlook",
    "overview",
    "pay_distribution",
    "spread_request",
    "spread_text",
    "unknown_spreads",
]
