"""What rules look at: a plan with what follows from it, worked out once for all of them."""

from __future__ import annotations

import datetime as dt
import functools
import math
from dataclasses import dataclass

from compplan import formats
from compplan.curves import Cliff, PayoutCurve
from compplan.measures import Measure
from compplan.payout import at_target, target_pays
from compplan.payout.engine import Compiled, compile_plan
from compplan.plan import Component, Plan
from compplan.review.context import Context, MeasureData

RETENTION, EXPANSION, SATISFACTION, ADOPTION = "retention", "expansion", "satisfaction", "adoption"
ONBOARDING, ACTIVITY, ADVOCACY, PIPELINE = "onboarding", "activity", "advocacy", "pipeline"
OBJECTIVE, OUTCOME, COMPANY = "objective", "outcome", "company"

CSM_ROLES = frozenset({"associate_csm", "csm", "senior_csm", "strategic_csm"})
GROSS = frozenset({"grr", "grr_opening"})
LEADERS = frozenset({"cs_manager", "cs_director", "cs_vp"})
_NO_DATA = MeasureData()


@dataclass(frozen=True, slots=True)
class ReviewComponent:
    """A component with what rules want to know of it.

    Attributes
    ----------
    id, place, name : str
        ``place`` is its path in the plan, ``name`` how it is called in a sentence.
    component : Component
    measure : Measure
    family : str
        Of the measure; empty for one of the plan's own.
    share : float [fraction of target variable]
        Its target pay over the plan's, whether it has a weight or a rate.
    pay : float [currency a year]
        Its target pay.
    curve : PayoutCurve
    target : float [the curve's axis]
        Where its target lies on the curve.
    data : MeasureData
        What the context says of it.
    """

    id: str
    place: str
    name: str
    component: Component
    measure: Measure
    family: str
    share: float
    pay: float
    curve: PayoutCurve
    target: float
    data: MeasureData

    @property
    def at_target(self) -> float:
        """Payout at its own target [fraction of target pay]."""
        return self.curve(self.target)

    @property
    def individual(self) -> bool:
        """Whether one person's result counts."""
        return self.component.level == "individual"

    @property
    def cliffs(self) -> tuple[Cliff, ...]:
        """Jumps of its curve, on the curve's axis."""
        return self.curve.cliffs()

    def question(self, name: str) -> str:
        """The path of a question about its data."""
        return f"measures.{self.id}.{name}"


class Subject:
    """A plan under review.

    Attributes
    ----------
    plan : Plan
    context : Context
    today : date
    parts : tuple of ReviewComponent
        Its components, in their order.

    Examples
    --------
    >>> from compplan import templates
    >>> s = Subject(templates.load("knowup-csat-weighted"), Context(), dt.date(2026, 1, 1))
    >>> s.weight("retention"), s.weight("expansion", "satisfaction"), s.is_csm
    (0.45, 0.55, True)
    """

    def __init__(self, plan: Plan, context: Context, today: dt.date) -> None:
        self.plan, self.context, self.today = plan, context, today
        self.compiled: Compiled = compile_plan(plan)
        self.variable = plan.pay.target_variable
        pays = target_pays(plan)
        self.parts: tuple[ReviewComponent, ...] = tuple(
            ReviewComponent(
                id=c.id,
                place=f"components[{i}]",
                name=c.measure.short if c.id == c.part.measure else f"{c.measure.short} ({c.id})",
                component=c.part,
                measure=c.measure,
                family=c.measure.family,
                share=_round(pays[c.id] / self.variable if self.variable else c.part.weight or 0.0),
                pay=pays[c.id],
                curve=c.curve,
                target=1.0 if c.part.axis == "attainment" else c.part.target,
                data=context.measures.get(c.id, _NO_DATA),
            )
            for i, c in enumerate(self.compiled.components)
        )

    @functools.cached_property
    def paid(self) -> tuple[ReviewComponent, ...]:
        """The components that earn anything."""
        return tuple(p for p in self.parts if p.share > 0)

    @property
    def is_csm(self) -> bool:
        """Whether the plan is for somebody who looks after a book of customers."""
        return self.plan.role in CSM_ROLES

    @property
    def leads_customers(self) -> bool:
        """Whether the role answers for customers after the sale: a CSM, a leader of them, or who renews and sells."""
        return self.is_csm or self.plan.role in LEADERS | {"renewals_manager", "account_manager"}

    @functools.cached_property
    def families(self) -> dict[str, float]:
        """Share of target variable by family of measures."""
        found: dict[str, float] = {}
        for part in self.parts:
            found[part.family] = _round(found.get(part.family, 0.0) + part.share)
        return found

    def weight(self, *families: str) -> float:
        """Share of target variable that some families of measures have [fraction]."""
        return _round(math.fsum(self.families.get(family, 0.0) for family in families))

    def of(self, *families: str) -> tuple[ReviewComponent, ...]:
        """The paid components of some families."""
        return tuple(p for p in self.paid if p.family in families)

    def on(self, *measures: str) -> tuple[ReviewComponent, ...]:
        """The paid components on some measures."""
        return tuple(p for p in self.paid if p.measure.key in measures)

    @functools.cached_property
    def at_target(self) -> float | None:
        """Fraction of target variable that the plan pays at target."""
        return at_target(self.plan)

    def motion_days(self, usual: float, year: float) -> float:
        """How long a renewal takes: as it was said, else as is usual [days].

        Parameters
        ----------
        usual, year : float [days]
            What is usual, and how long a year is.
        """
        months = self.context.cycle_months
        return usual if months is None else months * year / 12.0

    # How numbers stand in a sentence

    def money(self, amount: float) -> str:
        """An amount, without cents where there are none."""
        whole = abs(amount - round(amount)) < 5e-3
        return formats.money(amount, self.plan.currency, 0) if whole else formats.money(amount, self.plan.currency)

    def result(self, part: ReviewComponent, x: float) -> str:
        """A place on a component's curve, in words."""
        if part.component.axis == "attainment":
            return f"{formats.percent(x)} of target"
        return formats.result(x, part.measure, self.plan.currency)


def _round(share: float) -> float:
    """A share without the dust of floating point, so that 0.1 + 0.2 is not above 0.3."""
    return round(share, 9)


def listed(words: list[str] | tuple[str, ...]) -> str:
    """Words as they stand in a sentence.

    Examples
    --------
    >>> listed(["GRR"]), listed(["GRR", "NRR"]), listed(["GRR", "NRR", "CSAT"])
    ('GRR', 'GRR and NRR', 'GRR, NRR and CSAT')
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
