"""What a plan costs a company: people, taxes, benefits, the year by month, ratios, and which costs an asset may be."""

from compplan.cost.amounts import PARTS, Cost
from compplan.cost.assumptions import Assumptions
from compplan.cost.compare import SideBySide, side_by_side
from compplan.cost.contracts import ContractCost, amortise, contract_costs
from compplan.cost.errors import CostError
from compplan.cost.expected import Expected, Range
from compplan.cost.headcount import COLUMNS, Headcount, from_people, headcount
from compplan.cost.pays import Held
from compplan.cost.ratios import Budget, Point, Ratios
from compplan.cost.report import AMOUNTS, GRID, CostReport, Most, cost
from compplan.cost.schedule import Schedule, schedule
from compplan.cost.taxes import tax, us_fica
from compplan.cost.year import PlanYear

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
    "Held",
    "Most",
    "PlanYear",
    "Point",
    "Range",
    "Ratios",
    "Schedule",
    "SideBySide",
    "amortise",
    "contract_costs",
    "cost",
    "from_people",
    "headcount",
    "schedule",
    "side_by_side",
    "tax",
    "us_fica",
]
