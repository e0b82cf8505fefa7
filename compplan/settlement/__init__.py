"""Who is paid under a plan for which days, what they earn in a year, and when it accrues and is paid.

Belongs here: the headcount, the plan year, prorated pay, pay by month.
Does not belong here: taxes, benefits and other costs of pay (`compplan.cost`), how results vary (`compplan.outcomes`).
"""

from compplan.plan.calendar import MONTHS, PlanYear
from compplan.settlement.errors import CostError
from compplan.settlement.headcount import COLUMNS, Headcount, from_people, headcount
from compplan.settlement.population import Population
from compplan.settlement.prorated import ProratedPay
from compplan.settlement.year_pay import HeldLevel

__all__ = [
    "COLUMNS",
    "MONTHS",
    "CostError",
    "Headcount",
    "HeldLevel",
    "PlanYear",
    "Population",
    "ProratedPay",
    "from_people",
    "headcount",
]
