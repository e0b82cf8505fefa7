"""Compare the cost of two plans on the same people: who gains, who loses, and by how much."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from compplan.arrays import BoolArray, FloatArray
from compplan.cost.amounts import Cost, loaded_pay
from compplan.cost.assumptions import Assumptions
from compplan.cost.plain import records, without_noise
from compplan.cost.report import CostReport, report_on
from compplan.plan import Plan
from compplan.plan.parts import Effective
from compplan.settlement import Headcount, PlanYear, Population
from compplan.settlement.errors import refuse
from compplan.settlement.headcount import checked, unfit_targets

if TYPE_CHECKING:
    import pandas as pd

On = float | Literal["results"]
Terms = Literal["people", "plan"]


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Two plans on the same people.

    Attributes
    ----------
    before, now : CostReport
        Cost report of each plan.
    on : float or 'results'
        The attainment [fraction] that people are paid on below, or their own results.
    cost_before, cost_now : Cost
        Of everyone, on that attainment or those results.
    people : DataFrame
        One person of each row of the headcount, the largest loss first; columns below.
    by_role : DataFrame
        Everybody of each role; columns below.
    gains, loses, same : int
        People.

    Notes
    -----
    Columns of `people`; ``_before`` and ``_now`` stand for the two plans:

    ==================== ========== ====================================================
    column               unit       meaning
    ==================== ========== ====================================================
    ``id``               text       person or group
    ``role``             text       role
    ``headcount``        people     people of the row
    ``base_before``      currency   base salary for the days employed
    ``base_now``
    ``variable_before``  currency   target variable for the days employed
    ``variable_now``
    ``pay_before``       currency   variable pay
    ``pay_now``
    ``cash_before``      currency   base and variable pay
    ``cash_now``
    ``change``           currency   cash_now - cash_before
    ``change_fraction``  fraction   change over cash_before; NaN where that is 0
    ``loaded_change``    currency   change of the fully loaded cost
    ``outcome``          text       gains, loses or same, by ``change``
    ==================== ========== ====================================================

    Columns of `by_role`:

    ==================== ========== ====================================================
    column               unit       meaning
    ==================== ========== ====================================================
    ``role``             text       role
    ``headcount``        people     people of the role
    ``gains``            people     people with more cash
    ``loses``            people     people with less cash
    ``same``             people     people with the same cash
    ``cash_before``      currency   base and variable pay of everyone, first plan
    ``cash_now``         currency   the same, second plan
    ``change``           currency   cash_now - cash_before
    ``mean_change``      currency   change per person
    ``most_lost``        currency   largest loss of one person
    ``most_gained``      currency   largest gain of one person
    ``loaded_change``    currency   change of the fully loaded cost of everyone
    ==================== ========== ====================================================
    """

    before: CostReport
    now: CostReport
    on: On
    cost_before: Cost
    cost_now: Cost
    people: pd.DataFrame
    by_role: pd.DataFrame
    gains: int
    loses: int
    same: int

    @property
    def change(self) -> dict[str, float]:
        """Change of each part of the cost of everyone, on the attainment or results of `on` [currency]."""
        return _change(self.cost_before, self.cost_now)

    @property
    def changes(self) -> dict[str, dict[str, float] | None]:
        """Change of each part of the cost of everyone: at target, expected and at most [currency].

        None where the spread of a result is unknown in one of the plans.
        """
        likely = self.before.expected, self.now.expected
        expected = None if likely[0] is None or likely[1] is None else (likely[0].cost, likely[1].cost)
        pairs = {
            "at_target": (self.before.at_target, self.now.at_target),
            "expected": expected,
            "most": (self.before.most.cost, self.now.most.cost),
        }
        return {where: None if pair is None else _change(*pair) for where, pair in pairs.items()}

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data for JSON."""
        return {
            "on": self.on,
            "before": self.before.to_dict(),
            "now": self.now.to_dict(),
            "cost_before": asdict(self.cost_before),
            "cost_now": asdict(self.cost_now),
            "change": self.change,
            "changes": self.changes,
            "gains": self.gains,
            "loses": self.loses,
            "same": self.same,
            "people": records(self.people),
            "by_role": records(self.by_role),
        }


def _change(before: Cost, now: Cost) -> dict[str, float]:
    old, new = before.to_dict(), now.to_dict()
    return {name: without_noise(new[name] - old[name]) for name in old}


def side_by_side(
    before: Plan,
    now: Plan,
    people: Headcount | pd.DataFrame,
    assumptions: Assumptions | None = None,
    *,
    on: On = 1.0,
    terms: Terms = "people",
) -> SideBySide:
    """Compare the cost of two plans on the same people.

    Parameters
    ----------
    before, now : Plan
        In the same currency.
    people : Headcount or DataFrame
        As for `cost`; with the columns of results for ``on="results"``.
    assumptions : Assumptions, optional
        Used for both plans.
    on : float or 'results'
        An attainment [fraction], or each person's own yearly results.
    terms : {'people', 'plan'}
        Whether people keep the base and target variable of the table, or each plan sets its own.

    Returns
    -------
    SideBySide

    Raises
    ------
    CostError
        If the plans pay in different currencies, or results are missing.

    Examples
    --------
    >>> from compplan import templates
    >>> from compplan.cost import headcount, side_by_side
    >>> gate, part = templates.load("knowup-csat-gate"), templates.load("knowup-csat-weighted")
    >>> comparison = side_by_side(gate, part, headcount(gate, 10), on=1.2)
    >>> comparison.people[["pay_before", "pay_now", "change", "outcome"]].values.tolist()
    [[24875.0, 23900.0, -975.0, 'loses']]
    """
    if before.currency != now.currency:
        refuse("currency", f"must be the same in both plans. You entered {before.currency} and {now.currency}.")
    assumptions = assumptions or Assumptions.for_plan(now)
    headcount = checked(before, people)
    old, new = (_side(plan, headcount, assumptions, on, terms, now.effective) for plan in (before, now))
    table = _people(old, new)
    counts = {name: int(table["headcount"][table["outcome"] == name].sum()) for name in ("gains", "loses", "same")}
    return SideBySide(old.report, new.report, on, old.cost, new.cost, table, _by_role(table), **counts)


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One plan: its report, the pay and loaded cost of one person of each row [currency], and the cost of everyone."""

    report: CostReport
    pay: FloatArray
    loaded: FloatArray
    cost: Cost


def _side(plan: Plan, headcount: Headcount, assumptions: Assumptions, on: On, terms: Terms, dates: Effective) -> _Side:
    """One plan on the days of the new one: the earlier plan may have ended before them."""
    frame = headcount.people
    if terms == "plan":
        frame = frame.assign(base=plan.pay.base, variable=plan.pay.target_variable)
    # Personal targets of components that only the other plan has.
    own = Headcount(frame.drop(columns=unfit_targets(plan, frame)), headcount.set_aside, headcount.notes)
    assumptions.check(plan)
    population = Population.of_checked(plan, own, PlanYear.of(assumptions), dates)
    report = report_on(population, assumptions)
    loads = loaded_pay(population.pay, assumptions)
    if on == "results":
        pay = population.paid(population.own_results())[0]
    elif 0 <= on <= 10:
        pay = population.paid_at(np.array([float(on)]))[0]
    else:
        refuse("on", f"must be results or an attainment from 0 to 10. You entered {on!r}.")
    loaded: FloatArray = np.sum(list(loads.parts(pay).values()), axis=0)
    size = population.pay.size
    return _Side(report, pay / size, loaded / size, loads.total(pay))


def _people(old: _Side, new: _Side) -> pd.DataFrame:
    before, now = old.report.each, new.report.each
    table = now[["id", "role", "headcount"]].assign(
        base_before=before["base"],
        base_now=now["base"],
        variable_before=before["variable"],
        variable_now=now["variable"],
        pay_before=old.pay,
        pay_now=new.pay,
        cash_before=(before["base"] + old.pay).round(6),
        cash_now=(now["base"] + new.pay).round(6),
    )
    change = (table["cash_now"] - table["cash_before"]).round(6) + 0.0
    table = table.assign(
        change=change,
        change_fraction=change / table["cash_before"].where(table["cash_before"] > 0),
        loaded_change=np.round(new.loaded - old.loaded, 6) + 0.0,
        outcome=np.select([change > 0, change < 0], ["gains", "loses"], "same").astype(object),
    )
    return table.sort_values("change", kind="stable").reset_index(drop=True)


def _by_role(people: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    def column(name: str) -> FloatArray:
        return people[name].to_numpy(dtype=np.float64)

    roles, outcome = people["role"].to_numpy(dtype=object), people["outcome"].to_numpy(dtype=object)
    count, change = column("headcount"), column("change")
    rows: list[dict[str, Any]] = []
    for role in sorted(set(roles.tolist())):
        in_role = roles == role

        def total(name: str, in_role: BoolArray = in_role) -> float:
            return without_noise(float((column(name) * count)[in_role].sum()))

        rows.append(
            {
                "role": role,
                "headcount": int(count[in_role].sum()),
                **{name: int(count[in_role & (outcome == name)].sum()) for name in ("gains", "loses", "same")},
                **{name: total(name) for name in ("cash_before", "cash_now", "change")},
                "mean_change": total("change") / float(count[in_role].sum()),
                "most_lost": max(-float(change[in_role].min()), 0.0),
                "most_gained": max(float(change[in_role].max()), 0.0),
                "loaded_change": total("loaded_change"),
            }
        )
    return pd.DataFrame(rows)
