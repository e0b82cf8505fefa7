"""Names of `compplan`, for type checkers and for the loader that imports each when it is first used."""

from . import templates as templates
from .errors import CompPlanError as CompPlanError
from .errors import CurveError as CurveError
from .errors import LinkError as LinkError
from .errors import MissingExtraError as MissingExtraError
from .errors import PlanError as PlanError
from .errors import ResultError as ResultError
from .jobs import build_workbook as build_workbook
from .jobs import compare as compare
from .jobs import estimate_cost as estimate_cost
from .jobs import expected_pay as expected_pay
from .jobs import list_templates as list_templates
from .jobs import load_plan as load_plan
from .jobs import load_template as load_template
from .jobs import open_plan_link as open_plan_link
from .jobs import pay as pay
from .jobs import pay_team as pay_team
from .jobs import plan_link as plan_link
from .jobs import review_plan as review_plan
from .plan import Plan as Plan

__version__: str
