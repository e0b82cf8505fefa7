"""What a plan promises and pays, as the head of `compplan check`: plain data, and lines for people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from compplan.cli.terminal import text_table

if TYPE_CHECKING:
    from compplan.plan import Plan

_NEAR = 1e-4  # lines are paid in whole cents, so pay at target this close to 100% counts as 100%


def summary(plan: Plan) -> dict[str, Any]:
    """A plan's promise and what it pays, as plain data.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    dict
        Money in the plan's currency a year, shares as fractions.
    """
    from compplan.payout import at_target, ceiling, cliffs

    paid, most = at_target(plan), ceiling(plan)
    return {
        "valid": True,
        "plan": plan.name,
        "plan_hash": plan.hash,
        "role": plan.role,
        "segment": plan.segment,
        "currency": plan.currency,
        "frequency": plan.frequency,
        "base": plan.pay.base,
        "variable": plan.pay.target_variable,
        "ote": plan.pay.ote,
        "variable_share": plan.pay.mix,
        "at_target_fraction": paid,
        "most_variable": most,
        "cliffs": [
            {"id": c.component, "result": c.x, "before": c.before, "at": c.at, "jump": c.jump} for c in cliffs(plan)
        ],
        "assumed": list(plan.about.assumed),
        "warnings": _warnings(paid),
    }


def _warnings(paid: float | None) -> list[str]:
    from compplan import formats

    if paid is None or abs(paid - 1.0) < _NEAR:
        return []
    return [f"At target, this plan pays {formats.percent(paid)} of target variable, not 100%."]


def summary_text(plan: Plan) -> str:
    """The same as lines for people."""
    from compplan import formats

    data = summary(plan)
    paid, most = data["at_target_fraction"], data["most_variable"]

    def cash(amount: float) -> str:
        return formats.money(amount, plan.currency)

    limit = "no limit" if math.isinf(most) else cash(most) + (", without kickers" if plan.kickers else "")
    rows = [
        ("OTE", f"{cash(plan.pay.ote)} a year"),
        ("Base and variable", f"{cash(plan.pay.base)} and {cash(plan.pay.target_variable)}"),
        ("Pay mix", f"{formats.percent(1 - plan.pay.mix, 1)} base, {formats.percent(plan.pay.mix, 1)} variable"),
        ("Pays at target", "no target variable" if paid is None else f"{formats.percent(paid)} of target variable"),
        ("Maximum variable", limit),
    ]
    for i, cliff in enumerate(data["cliffs"]):
        measure = plan.measure(cliff["id"])
        at = formats.result(cliff["result"], measure, plan.currency)
        jump = f"{cash(cliff['jump'])} a year, from {cash(cliff['before'])} to {cash(cliff['at'])}"
        rows.append(("" if i else "Cliffs", f"{measure.short} at {at}: {jump}"))
    if not data["cliffs"]:
        rows.append(("Cliffs", "none"))
    count = len(plan.about.assumed)
    values = f"{count} value{'' if count == 1 else 's'} that the source does not give"
    rows.append(("Assumed", values if count else "nothing"))
    head = (
        f"{plan.name}: {fact_name('roles', plan.role)}, {fact_name('segments', plan.segment)}, paid {_frequency(plan)}"
    )
    return "\n".join([head, text_table(rows, header=False), *(f"Warning: {warning}" for warning in data["warnings"])])


def fact_name(table: str, key: str) -> str:
    """Name of a role or a segment, or the key itself where it has no name.

    Examples
    --------
    >>> fact_name("roles", "renewals_manager"), fact_name("segments", "our_own")
    ('Renewals Manager', 'our_own')
    """
    from compplan import facts

    return next((row["name"] for row in facts.table(table) if row["key"] == key), key)


def _frequency(plan: Plan) -> str:
    return {"annual": "annually", "semiannual": "every half-year"}.get(plan.frequency, plan.frequency)
