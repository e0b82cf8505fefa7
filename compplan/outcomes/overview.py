"""The key figures of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compplan.outcomes.distribution import Outlook, outlook
from compplan.outcomes.spreads import spread_text, unknown_spreads
from compplan.payout import PlanCliff, at_target, ceiling, cliffs, leverage
from compplan.payout.engine import Compiled, as_compiled
from compplan.plan import Plan


@dataclass(frozen=True, slots=True)
class Overview:
    """Key figures of a plan for one person and a year.

    Attributes
    ----------
    ote, variable : float [currency]
        On-target earnings and target variable.
    at_target : float or None [fraction of target variable]
        Pay with everything at target; None where target variable is 0.
    cash_at_target : float [currency]
        Base and pay at target.
    likely : Outlook or None
        Expected pay and its range; None where the spread of a result is unknown.
    cash_likely : float or None [currency]
        Base and expected pay.
    spread : str
        The spreads in use, as a sentence; or the request for one that is unknown.
    ceiling : float [currency]
        Maximum variable pay; infinite where nothing limits it.
    cash_ceiling : float [currency]
        Base and maximum variable pay.
    leverage : float or None
        Pay at the last point of the curves over pay at target.
    cliff : PlanCliff or None
        The largest one.
    """

    ote: float
    variable: float
    at_target: float | None
    cash_at_target: float
    likely: Outlook | None
    cash_likely: float | None
    spread: str
    ceiling: float
    cash_ceiling: float
    leverage: float | None
    cliff: PlanCliff | None

    @property
    def keeps_its_promise(self) -> bool:
        """Whether the plan pays 100% at target, to a ten-thousandth."""
        return self.at_target is None or abs(self.at_target - 1.0) < 1e-4


def overview(plan: Plan | Compiled, spreads: Mapping[str, float] | None = None) -> Overview:
    """Compute the key figures of a plan.

    Parameters
    ----------
    plan : Plan or Compiled
    spreads : Mapping of str to float, optional [each measure's units]
        See `outlook`.

    Examples
    --------
    >>> from compplan import templates
    >>> figures = overview(templates.load("knowup-csat-weighted"))
    >>> figures.ote, figures.at_target, figures.ceiling, figures.cliff.component
    (105000.0, 1.0, 31500.0, 'grr')
    """
    compiled = as_compiled(plan)
    pay = compiled.plan.pay
    paid, most = at_target(compiled), ceiling(compiled)
    expected = None if unknown_spreads(compiled.plan, spreads) else outlook(compiled, spreads)
    jumps = cliffs(compiled)
    return Overview(
        ote=pay.ote,
        variable=pay.target_variable,
        at_target=paid,
        cash_at_target=pay.base + pay.target_variable * (paid or 0.0),
        likely=expected,
        cash_likely=None if expected is None else pay.base + expected.mean,
        spread=spread_text(compiled.plan, spreads),
        ceiling=most,
        cash_ceiling=pay.base + most,
        leverage=leverage(compiled),
        cliff=jumps[0] if jumps else None,
    )
