"""Compare the pay of two plans on the same results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compplan.payout.analysis import at_target, ceiling, results_at, target_pays
from compplan.payout.pay import payout
from compplan.plan import Plan


@dataclass(frozen=True, slots=True)
class Difference:
    """One amount of two plans; None where a plan does not have it.

    Attributes
    ----------
    name : str
        Label of the row, such as ``OTE``.
    kind : {'money', 'fraction'}
        Unit of the amounts: currency a year, or a fraction of target variable.
    before, now : float or None
    """

    name: str
    kind: str
    before: float | None
    now: float | None

    @property
    def change(self) -> float | None:
        """`now` - `before`; None where either is None."""
        return None if self.before is None or self.now is None else self.now - self.before


def compare(before: Plan, now: Plan, results: Mapping[str, float]) -> tuple[Difference, ...]:
    """Compare the money of two plans.

    Parameters
    ----------
    before, now : Plan
    results : Mapping of str to float [each measure's units, a year]
        Of `now`; `before` is paid on the results it shares, and at target in the rest.

    Returns
    -------
    tuple of Difference
        Base, target variable, OTE, pay at target, maximum pay, then target pay and pay on `results` of each component.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("flowfuse-csm")
    >>> all(d.change in (0, None) for d in compare(plan, plan, {"nrr": 1.1}) if d.name != "Most it can pay")
    True
    """
    earlier = results_at(before, 1.0)[0]
    earlier |= {key: value for key, value in results.items() if key in earlier}
    was, now_is = payout(before, earlier, "year"), payout(now, results, "year")
    rows = [
        Difference("Base salary", "money", before.pay.base, now.pay.base),
        Difference("Target variable", "money", before.pay.target_variable, now.pay.target_variable),
        Difference("OTE", "money", before.pay.ote, now.pay.ote),
        Difference("Pays at target", "fraction", at_target(before), at_target(now)),
        Difference("Most it can pay", "money", ceiling(before), ceiling(now)),
    ]
    pays, old_pays = target_pays(now), target_pays(before)
    lines = {line.id: line.amount for line in now_is.lines if line.kind == "component"}
    old_lines = {line.id: line.amount for line in was.lines if line.kind == "component"}
    for key in dict.fromkeys([*pays, *old_pays]):
        name = (now if key in pays else before).measure(key).short
        rows.append(Difference(f"{name}: target pay", "money", old_pays.get(key), pays.get(key)))
        rows.append(Difference(f"{name}: pays on these results", "money", old_lines.get(key), lines.get(key)))
    rows.append(Difference("Variable on these results", "money", was.total, now_is.total))
    return tuple(rows)
