"""What a plan costs a company: pay, taxes, benefits, months of the year, ratios, and contract costs.

Belongs here: assumptions, taxes and other loads, and the reports on them.
Does not belong here: who is paid for which days (`compplan.settlement`), how pay varies (`compplan.outcomes`).
"""

from compplan._moved import forward_names
from compplan.cost.amounts import PARTS, Cost
from compplan.cost.assumptions import Assumptions
from compplan.cost.compare import SideBySide, side_by_side
from compplan.cost.contracts import ContractCost, amortise, contract_costs
from compplan.cost.expected import Expected
from compplan.cost.ratios import Budget, PointValue, Ratios
from compplan.cost.report import AMOUNTS, GRID, CostReport, Most, cost
from compplan.cost.schedule import Schedule, schedule, usual_footing
from compplan.cost.taxes import tax, us_fica
from compplan.outcomes.portfolio import TeamRange
from compplan.settlement import COLUMNS, CostError, Headcount, HeldLevel, PlanYear, Population, from_people, headcount

__all__ = [
    "AMOUNTS",
    "COLUMNS",
    "GRID",
    "PARTS",
    "Assumptions",
    "Budget",
    "ContractCost",
    "Cost",
    "CostError",
    "CostReport",
    "Expected",
    "Headcount",
    "HeldLevel",
    "Most",
    "PlanYear",
    "PointValue",
    "Population",
    "Ratios",
    "Schedule",
    "SideBySide",
    "TeamRange",
    "amortise",
    "contract_costs",
    "cost",
    "from_people",
    "headcount",
    "schedule",
    "side_by_side",
    "tax",
    "us_fica",
    "usual_footing",
]

__getattr__ = forward_names(__name__)
