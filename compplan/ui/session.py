"""The plan in hand: one a session, with its history, and everything that pages keep about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from compplan import templates
from compplan.errors import CompPlanError, Problem
from compplan.outcomes import illustrative_spreads
from compplan.payout import results_at
from compplan.plan import Plan
from compplan.review import DEFAULT_PROFILE, Profile

if TYPE_CHECKING:
    import pandas as pd

FIRST_TEMPLATE = "knowup-csat-weighted"
_KEY = "compplan.edit_session"
_MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class OpenVersion:
    """The saved version that the plan in hand was made from.

    Attributes
    ----------
    scenario_id, name : str
        Of the scenario.
    number : int
        Of the version.
    cost : Mapping of str to object
        Its assumptions of the cost page.
    unseen : int
        Rows about people that came with it and are not for whoever has it in hand.
    """

    scenario_id: str
    name: str
    number: int
    cost: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """A plan as it was in hand, with what belonged to it."""

    plan: Plan
    reference: Plan
    origin: str
    open_version: OpenVersion | None
    cost: Mapping[str, Any]
    people: pd.DataFrame | None
    touched: Mapping[str, float]
    spreads: Mapping[str, float]
    locks: Mapping[str, bool]
    context: Mapping[str, Any]


# What a review is told of one plan; the rest is about the organisation, and holds for the next plan too.
_OF_ONE_PLAN = frozenset({"measures", "team_targets", "correlations", "terms", "level_change", "litmus"})


@dataclass
class EditSession:
    """What a session holds.

    Attributes
    ----------
    plan : Plan
        The last one that was sound; charts show it whatever is being typed.
    reference : Plan
        The plan as it was opened: what "before" means.
    origin : str
        Where it came from, for people.
    kept : Kept or None
        The saved version that it was made from, if there is one.
    cost : Mapping of str to object
        Assumptions of the cost page, as a version keeps them.
    people : DataFrame or None
        Rows about people that came with the version, for who may see them.
    keep_people : bool
        Whether the people file of the session is to be kept with the next version.
    profile : Profile
        The guide that the review follows.
    context : Mapping of str to object
        What the review was told beside the plan, as plain data of a `compplan.review.Context`.
    past, future : list of Step
        What undo and redo bring back.
    form : int
        Part of the key of every field; a new number makes the fields take their values from the plan.
    problems : dict of str to tuple of Problem
        By the path of the field in which they were typed.
    touched : dict of str to float
        What-if results that somebody set.
    spreads : dict of str to float
        Scatter of results that somebody set.
    turn : int
        Counts the runs of the page.
    locks : dict of str to bool
        Weights that are held still, by component.
    typed : dict of str to str
        What was typed in a field and refused.
    shown : dict of str to str
        What each field showed of the plan when it was last drawn.
    """

    plan: Plan
    reference: Plan
    origin: str
    open_version: OpenVersion | None = None
    cost: Mapping[str, Any] = field(default_factory=dict[str, Any])
    people: pd.DataFrame | None = None
    keep_people: bool = False
    profile: Profile = DEFAULT_PROFILE
    context: Mapping[str, Any] = field(default_factory=dict[str, Any])
    past: list[Step] = field(default_factory=list["Step"])
    future: list[Step] = field(default_factory=list["Step"])
    form: int = 0
    problems: dict[str, tuple[Problem, ...]] = field(default_factory=dict[str, tuple[Problem, ...]])
    touched: dict[str, float] = field(default_factory=dict[str, float])
    spreads: dict[str, float] = field(default_factory=dict[str, float])
    typed: dict[str, str] = field(default_factory=dict[str, str])
    shown: dict[str, str] = field(default_factory=dict[str, str])
    turn: int = 0
    locks: dict[str, bool] = field(default_factory=dict[str, bool])

    def open(
        self, plan: Plan, origin: str, open_version: OpenVersion | None = None, people: pd.DataFrame | None = None
    ) -> None:
        """Take another plan in hand, with the assumptions and people it was kept with; undo brings back what was.

        Assumptions stay where a plan comes without any, if it pays the same role in the same currency. Of what the
        review was told, what is about one plan is forgotten, unless this is another version of it.
        """
        if plan != self.plan or open_version != self.open_version:
            self._remember()
        alike = (plan.currency, plan.role) == (self.plan.currency, self.plan.role)
        self.cost = dict(open_version.cost) if open_version else dict(self.cost) if alike else {}
        same = (
            open_version is not None
            and self.open_version is not None
            and open_version.scenario_id == self.open_version.scenario_id
        )
        if plan != self.plan and not same:
            self.context = {key: value for key, value in self.context.items() if key not in _OF_ONE_PLAN}
        self.plan, self.reference, self.origin, self.open_version, self.people = (
            plan,
            plan,
            origin,
            open_version,
            people,
        )
        self.touched, self.spreads, self.locks = {}, {}, {}
        st.session_state.pop("link_problem", None)
        self._fresh()

    def saved(self, open_version: OpenVersion) -> None:
        """The plan in hand is a saved version now, and so is what undo leads to; it stays on the page as it is."""
        was = self.reference, self.open_version
        self.reference, self.origin, self.open_version = self.plan, f"version {open_version.number}", open_version
        for steps in (self.past, self.future):
            for place, step in enumerate(steps):
                if (step.reference, step.open_version) == was:
                    steps[place] = replace(
                        step, reference=self.reference, origin=self.origin, open_version=open_version
                    )

    def _now(self) -> Step:
        """What there is, with copies of what may change."""
        return Step(
            self.plan,
            self.reference,
            self.origin,
            self.open_version,
            dict(self.cost),
            self.people,
            dict(self.touched),
            dict(self.spreads),
            dict(self.locks),
            dict(self.context),
        )

    def _remember(self) -> None:
        self.past.append(self._now())
        del self.past[:-_MOST_STEPS]
        self.future.clear()

    def _back_to(self, step: Step) -> None:
        opened_here = step.reference == self.reference and step.open_version == self.open_version
        self.plan, self.reference, self.origin, self.open_version = (
            step.plan,
            step.reference,
            step.origin,
            step.open_version,
        )
        if not opened_here:
            self.cost, self.people = dict(step.cost), step.people
            self.touched, self.spreads, self.locks = dict(step.touched), dict(step.spreads), dict(step.locks)
            self.context = dict(step.context)
        self._fresh()

    def change(self, make: Callable[[Plan], Plan], *, field_path: str = "") -> bool:
        """Replace the plan by what `make` makes of it; if that is refused, keep the plan and the reasons."""
        try:
            changed = make(self.plan)
        except CompPlanError as error:
            self.problems[field_path] = error.problems
            return False
        self.problems.pop(field_path, None)
        if changed != self.plan:
            self._remember()
            self.plan = changed
        return True

    def edit(self, changes: Mapping[str, Any], *, field_path: str = "") -> bool:
        """Change places of the plan, see `Plan.edit`."""
        return self.change(lambda plan: plan.edit(dict(changes)), field_path=field_path)

    def rebuild(self, make: Callable[[Plan], Plan], *, field_path: str = "") -> bool:
        """A change after which every field is drawn anew, since components came or went."""
        done = self.change(make, field_path=field_path)
        if done:
            self._fresh()
        return done

    def undo(self) -> None:
        """Back by one change."""
        if self.past:
            self.future.append(self._now())
            self._back_to(self.past.pop())

    def redo(self) -> None:
        """Forward again by one change."""
        if self.future:
            self.past.append(self._now())
            self._back_to(self.future.pop())

    def _fresh(self) -> None:
        self.form += 1
        self.problems.clear()
        self.shown.clear()

    @property
    def changed(self) -> bool:
        """Whether the plan, or what it costs with, differs from what was opened."""
        return self.plan != self.reference or (
            self.open_version is not None and dict(self.cost) != dict(self.open_version.cost)
        )

    def results(self) -> dict[str, float]:
        """What-if results of the year: what somebody set, within what is possible now; the rest at target."""
        results, _ = results_at(self.plan, 1.0)
        for key, value in self.touched.items():
            if key in results:
                measure = self.plan.measure(key)
                low = measure.low if measure.low is not None else value
                high = measure.high if measure.high is not None else value
                results[key] = min(max(value, low), high)
        return results

    def scatter(self) -> dict[str, float]:
        """Spread of each component's result: what somebody set, the rest an illustration."""
        return {key: self.spreads.get(key, sd) for key, sd in illustrative_spreads(self.plan).items()}


def edit_session() -> EditSession:
    """The plan in hand of this session; a real published plan to begin with."""
    if _KEY not in st.session_state:
        plan = templates.load(FIRST_TEMPLATE)
        st.session_state[_KEY] = EditSession(plan, plan, "template")
    held: EditSession = st.session_state[_KEY]
    return held
