"""The plan under review, with values that several rules need, computed once."""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Iterable
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
    """A component with the values that rules need.

    Attributes
    ----------
    id, place, name : str
        ``place`` is the path in the plan, ``name`` the name used in sentences.
    component : Component
    measure : Measure
    family : str
        Family of the measure; empty for a custom measure.
    share : float [fraction of target variable]
        Target pay of the component over that of the plan, with a weight or a rate.
    pay : float [currency a year]
        Target pay.
    curve : PayoutCurve
    target : float [the curve's axis]
        Target on the curve's axis.
    data : MeasureData
        Answers about its data.
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
        """Whether the component is measured individually."""
        return self.component.level == "individual"

    @property
    def cliffs(self) -> tuple[Cliff, ...]:
        """Jumps of the curve, on its axis."""
        return self.curve.cliffs()

    def question(self, name: str) -> str:
        """Return the path of a question about the data of the component."""
        return f"measures.{self.id}.{name}"


class Subject:
    """A plan under review.

    Attributes
    ----------
    plan : Plan
    context : Context
    today : date
    parts : tuple of ReviewComponent
        Components in plan order.

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
                target=c.part.axis_target,
                data=context.measures.get(c.id, _NO_DATA),
            )
            for i, c in enumerate(self.compiled.components)
        )

    @functools.cached_property
    def paid(self) -> tuple[ReviewComponent, ...]:
        """Components with pay at target."""
        return tuple(p for p in self.parts if p.share > 0)

    @property
    def is_csm(self) -> bool:
        """Whether the role manages a book of customers."""
        return self.plan.role in CSM_ROLES

    @property
    def leads_customers(self) -> bool:
        """Whether the role owns customers after the sale: CSM, CS leader, renewals or account manager."""
        return self.is_csm or self.plan.role in LEADERS | {"renewals_manager", "account_manager"}

    @functools.cached_property
    def families(self) -> dict[str, float]:
        """Share of target variable by family of measures."""
        shares: dict[str, float] = {}
        for part in self.parts:
            shares[part.family] = _round(shares.get(part.family, 0.0) + part.share)
        return shares

    def weight(self, *families: str) -> float:
        """Return the share of target variable on some families of measures [fraction]."""
        return _round(math.fsum(self.families.get(family, 0.0) for family in families))

    def of(self, *families: str) -> tuple[ReviewComponent, ...]:
        """Return the paid components of some families."""
        return tuple(p for p in self.paid if p.family in families)

    def on(self, *measures: str) -> tuple[ReviewComponent, ...]:
        """Return the paid components on some measures."""
        return tuple(p for p in self.paid if p.measure.key in measures)

    @functools.cached_property
    def at_target(self) -> float | None:
        """Fraction of target variable that the plan pays at target."""
        return at_target(self.plan)

    def segments_apart(self, spread: float) -> tuple[str, str] | None:
        """Return the segments with the lowest and highest retention; None if they differ by no more than a spread."""
        retention = self.context.segments
        if not retention:
            return None
        low, high = min(retention, key=retention.__getitem__), max(retention, key=retention.__getitem__)
        return (low, high) if retention[high] - retention[low] > spread + 1e-9 else None

    def motion_days(self, usual: float, year: float) -> float:
        """Return the length of a renewal: the answer, or the usual length [days].

        Parameters
        ----------
        usual, year : float [days]
            Usual length of a renewal, and length of a year.
        """
        months = self.context.cycle_months
        return usual if months is None else months * year / 12.0

    # Numbers in sentences

    def money(self, amount: float) -> str:
        """Format an amount, without cents if it is whole."""
        whole = abs(amount - round(amount)) < 5e-3
        return formats.money(amount, self.plan.currency, 0) if whole else formats.money(amount, self.plan.currency)

    def result(self, part: ReviewComponent, x: float) -> str:
        """Format a result on the axis of a component's curve."""
        if part.component.axis == "attainment":
            return f"{formats.percent(x)} of target"
        return formats.result(x, part.measure, self.plan.currency)


def _round(share: float) -> float:
    """Round a share so that 0.1 + 0.2 is not above 0.3."""
    return round(share, 9)


def names_of(parts: Iterable[ReviewComponent]) -> str:
    """Join the names of components for use in a sentence."""
    return listed([part.name for part in parts])


def listed(words: list[str] | tuple[str, ...]) -> str:
    """Join words for use in a sentence.

    Examples
    --------
    >>> listed(["GRR"]), listed(["GRR", "NRR"]), listed(["GRR", "NRR", "CSAT"])
    ('GRR', 'GRR and NRR', 'GRR, NRR and CSAT')
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
