"""Spreads of results for plans that pay on a measure of their own, whose spread nobody knows."""

from compplan.outcomes import unknown_spreads
from compplan.plan import Plan


def own_spreads(plan: Plan) -> dict[str, float]:
    """A tenth of the target, for each component without a known spread; 0.1 for a target of 0."""
    return {key: 0.1 * abs(plan.by_id[key].target) or 0.1 for key in unknown_spreads(plan)}
