"""The difference between two plans: what changed in words, and what it does to pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from compplan import formats
from compplan.payout.analysis import at_target, ceiling, results_at, target_pays, totals
from compplan.payout.in_force import full_year
from compplan.payout.pay import payout
from compplan.plan import Plan
from compplan.plan.differences import Change, changes
from compplan.plan.place_names import NOTHING


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


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """What changed from one plan to another.

    Attributes
    ----------
    changes : tuple of Change
        Every place of the plan that differs, in words.
    money : tuple of Difference
        Pay before and now; empty where the plans are in different currencies, which are never compared.
    currency : str
        Of `money`.
    """

    changes: tuple[Change, ...]
    money: tuple[Difference, ...]
    currency: str

    @property
    def changed_amounts(self) -> tuple[Difference, ...]:
        """The amounts that differ."""
        return tuple(row for row in self.money if row.before != row.now)

    @property
    def note(self) -> str:
        """A sentence where pay is not compared; empty where it is."""
        return "" if self.money else "Pay is not compared, because the currencies differ."

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not self.lines()

    def lines(self) -> list[str]:
        """Every change, then every amount that differs or the note that pay is not compared, one line each.

        Examples
        --------
        >>> from compplan import templates
        >>> plan = templates.load("flowfuse-csm")
        >>> compare_plans(plan, plan.edit({"components[0].curve.cap": 1.5})).lines()
        ['NRR cap: none → 150% of target pay', 'Maximum variable: no limit → $60,000.00']
        """
        return [*map(str, self.changes), *self.pay_lines()]

    def pay_lines(self) -> list[str]:
        """Every amount that differs, one line each, or the note that pay is not compared."""
        amounts = [difference_line(row, self.currency) for row in self.changed_amounts]
        return [*amounts, self.note] if self.note else amounts


def difference_line(row: Difference, currency: str) -> str:
    """A figure before and now, as a line.

    Parameters
    ----------
    row : Difference
    currency : str
        ISO 4217 code of amounts.

    Examples
    --------
    >>> difference_line(Difference("Pays at target", "fraction", 1.0, 0.95), "USD")
    'Pays at target: 100% → 95%'
    """
    return f"{row.name}: {_figure(row, row.before, currency)} → {_figure(row, row.now, currency)}"


def _figure(row: Difference, value: float | None, currency: str) -> str:
    if value is None:
        return NOTHING
    return formats.money(value, currency) if row.kind == "money" else formats.percent(value)


def compare_plans(before: Plan, now: Plan, results: Mapping[str, float] | None = None) -> PlanComparison:
    """Compare two plans: what changed in words, and what it does to pay.

    Parameters
    ----------
    before, now : Plan
    results : Mapping of str to float, optional [each measure's units, a year]
        Results of `now` that both are paid on; every measure of `now` at its target if left out.

    Raises
    ------
    ResultError
        If `results` are not what `now` is paid on.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("flowfuse-csm")
    >>> print(*compare_plans(plan, plan.edit({"frequency": "annual"})).changes)
    Pay frequency: quarterly → annual
    """
    money: tuple[Difference, ...] = ()
    if before.currency == now.currency:
        money = pay_differences(before, now, results)
    return PlanComparison(changes(before, now), money, now.currency)


def pay_differences(before: Plan, now: Plan, results: Mapping[str, float] | None = None) -> tuple[Difference, ...]:
    """Compare the money of two plans.

    Parameters
    ----------
    before, now : Plan
    results : Mapping of str to float, optional [each measure's units, a year]
        Of `now`, at its targets if left out; `before` is paid on the results it shares, and at target in the rest.

    Returns
    -------
    tuple of Difference
        Base, target variable, OTE, pay at target, maximum pay, then target pay and pay on `results` of each component,
        and all variable pay; kickers are part of it only on `results` that are given.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("flowfuse-csm")
    >>> all(d.change in (0, None) for d in pay_differences(plan, plan, {"nrr": 1.1}) if d.name != "Maximum variable")
    True
    """
    at = "at the new plan's targets" if results is None else "at these results"
    ahead = results is None
    results = results_at(now, 1.0)[0] if results is None else results
    old_results = results_at(before, 1.0)[0]
    old_results |= {key: value for key, value in results.items() if key in old_results}
    old_statement = payout(full_year(before), old_results, "year")
    statement = payout(full_year(now), results, "year")
    rows = [
        Difference("Base salary", "money", before.pay.base, now.pay.base),
        Difference("Target variable", "money", before.pay.target_variable, now.pay.target_variable),
        Difference("OTE", "money", before.pay.ote, now.pay.ote),
        Difference("Pays at target", "fraction", at_target(before), at_target(now)),
        Difference("Maximum variable", "money", ceiling(before), ceiling(now)),
    ]
    pays, old_pays = target_pays(now), target_pays(before)
    lines = {line.id: line.amount for line in statement.lines if line.kind == "component"}
    old_lines = {line.id: line.amount for line in old_statement.lines if line.kind == "component"}
    for key in dict.fromkeys([*pays, *old_pays]):
        name = (now if key in pays else before).measure(key).short
        rows.append(Difference(f"{name}: target pay", "money", old_pays.get(key), pays.get(key)))
        rows.append(Difference(f"{name}: pay {at}", "money", old_lines.get(key), lines.get(key)))
    old_pay, pay = (
        float(totals(plan, {key: np.array([value]) for key, value in on.items()}, kickers=not ahead)[0])
        for plan, on in ((before, old_results), (now, results))
    )
    rows.append(Difference(f"Variable pay {at}", "money", old_pay, pay))
    return tuple(rows)
