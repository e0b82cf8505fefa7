"""Customer Success compensation: plans, payout curves, payouts and pay bands, with every sum in the open.

Examples
--------
>>> from compplan import Plan, templates
>>> from compplan.payout import payout
>>> plan = templates.load("knowup-csat-weighted")
>>> payout(plan, {"grr": 0.95, "expansion_arr": 310000, "csat_top_box": 0.93}, period="year").total
26083.33
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compplan.errors import CompPlanError as CompPlanError
    from compplan.errors import LinkError as LinkError
    from compplan.errors import PlanError as PlanError
    from compplan.errors import ResultError as ResultError
    from compplan.plan import Plan as Plan

__version__ = "0.1.0"

# Loaded when first asked for, so that ``import compplan`` costs next to nothing.
_HOMES = {
    "CompPlanError": "compplan.errors",
    "LinkError": "compplan.errors",
    "PlanError": "compplan.errors",
    "ResultError": "compplan.errors",
    "Plan": "compplan.plan",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'compplan' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
