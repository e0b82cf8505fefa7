"""Two plans compared: what changed in words, and what it does to pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compplan import formats
from compplan.payout.analysis import results_at
from compplan.payout.compare import Difference, compare
from compplan.plan import Plan
from compplan.plan.differences import Change, changes
from compplan.plan.place_names import NOTHING


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
    def moved(self) -> tuple[Difference, ...]:
        """The figures of `money` that differ."""
        return tuple(row for row in self.money if row.before != row.now)

    @property
    def same(self) -> bool:
        """Whether the plans do not differ."""
        return not self.changes

    def lines(self) -> list[str]:
        """Every change, then every figure that moved, one line each.

        Examples
        --------
        >>> from compplan import templates
        >>> plan = templates.load("flowfuse-csm")
        >>> compare_plans(plan, plan.edit({"components[0].curve.cap": 1.5})).lines()
        ['NRR cap: none → 150% of target pay', 'Most it can pay: no limit → $60,000.00']
        """
        return [*map(str, self.changes), *(difference_line(row, self.currency) for row in self.moved)]


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
    Paid: quarterly → annual
    """
    money: tuple[Difference, ...] = ()
    if before.currency == now.currency:
        money = compare(before, now, results_at(now, 1.0)[0] if results is None else results)
    return PlanComparison(changes(before, now), money, now.currency)
