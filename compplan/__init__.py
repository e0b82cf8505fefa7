"""Design variable pay plans for Customer Success: what they pay, cost and reward.

Plans
    load_plan        Read a plan from a YAML or JSON file.
    load_template    Open a plan that ships with compplan; `list_templates` describes all of them.
    Plan             A plan as checked data: read, write and edit it.
    compare          What changed from one plan to another, in words and in money.
    plan_link        Put a plan into a link; `open_plan_link` reads it back.

Pay
    pay              Pay one person: a statement that shows every step.
    pay_team         Pay many people from a table, one row a person.
    expected_pay     What a plan is expected to pay when results vary.

Design and cost
    review_plan      Check a plan against the review rules, with fixes.
    estimate_cost    What a plan costs in a year, with taxes, benefits and overhead.
    build_workbook   An Excel workbook with live formulas.

Errors
    CompPlanError    Base class of every error about what you pass in: PlanError, CurveError, ResultError, LinkError.

The packages hold the details: `compplan.plan`, `payout`, `outcomes`, `cost`, `capacity`, `benchmarks`, `roster`,
`review`, `store` and `documents`. The command line is `compplan`.

Examples
--------
>>> import compplan
>>> plan = compplan.load_template("knowup-csat-weighted")
>>> compplan.pay(plan, {"grr": 0.95, "expansion_arr": 310000, "csat_top_box": 0.93}, period="year").total
26083.33
"""

import lazy_loader

from compplan import _extras, _moved

__version__ = "0.2.0"

# Each name is imported when it is first used, so that `import compplan` costs next to nothing.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)  # pyright: ignore[reportUnknownVariableType]

_moved.install()
_extras.install()
