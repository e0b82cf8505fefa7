"""Python code that reproduces a number shown on a page."""

from __future__ import annotations

from collections.abc import Mapping

from compplan.payout.engine import Period
from compplan.plan import Plan


def python_lines(plan: Plan, results: Mapping[str, float], period: Period = "year") -> str:
    """Return a program that prints the statement for some results under a plan.

    Parameters
    ----------
    plan : Plan
    results : Mapping of str to float [each measure's units]
    period : int or 'year'

    Examples
    --------
    >>> from compplan import templates
    >>> print(python_lines(templates.load("flowfuse-csm"), {"nrr": 1.15}).splitlines()[-1])
    print(payout(plan, results, period='year').text())
    """
    text = plan.to_yaml().replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    entries = "".join(f"    {key!r}: {value!r},\n" for key, value in results.items())
    return (
        "from compplan import Plan\nfrom compplan.payout import payout\n\n"
        f'plan = Plan.from_yaml("""\\\n{text}""")\nresults = {{\n{entries}}}\n'
        f"print(payout(plan, results, period={period!r}).text())\n"
    )
