"""What several forms share: names to choose from, and the callback that redraws them."""

from __future__ import annotations

from collections.abc import Callable

from compplan import facts
from compplan.measures import catalogue
from compplan.plan import Plan
from compplan.ui.state import Hand


def table_names(table: str) -> dict[str, str]:
    """Names by key of a table of facts."""
    return {row["key"]: row["name"] for row in facts.table(table)}


def measure_names(plan: Plan) -> dict[str, str]:
    """Names by key of every measure that a plan may use."""
    own = {key: measure.name for key, measure in plan.measures.items()}
    return {key: measure.name for key, measure in catalogue().items()} | own


def rebuild(hand: Hand, make: Callable[[Plan], Plan], field_path: str) -> None:
    """`Hand.rebuild` as a callback."""
    hand.rebuild(make, field_path=field_path)
