"""The editing session: the open plan, its undo history, and what the pages remember about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, cast

import streamlit as st

from compplan import templates
from compplan.errors import CompPlanError, Problem
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
    """The saved version that is open.

    Attributes
    ----------
    scenario_id, name : str
        Of the scenario.
    number : int
        Of the version.
    cost : Mapping of str to object
        The cost assumptions that were saved with it.
    unseen : int
        Number of its people that this person may not see.
    """

    scenario_id: str
    name: str
    number: int
    cost: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of the session, for undo and redo."""

    plan: Plan
    reference: Plan
    origin: str
    open_version: OpenVersion | None
    cost: Mapping[str, Any]
    people: pd.DataFrame | None
    what_if: Mapping[str, float]
    spreads: Mapping[str, float]
    locks: Mapping[str, bool]
    context: Mapping[str, Any]


# Undo changes only these as long as the same plan stays open; cost, people and what-if results belong to the open plan.
_IDENTITY = ("plan", "reference", "origin", "open_version")
# Answers that are about one plan. The others are about the organization and hold for the next plan too.
_OF_ONE_PLAN = frozenset({"measures", "team_targets", "correlations", "terms", "level_change", "litmus"})


@dataclass
class EditSession:
    """One person editing one plan.

    Attributes
    ----------
    plan : Plan
        The last valid plan; charts show it while a field holds an invalid entry.
    reference : Plan
        The plan as it was opened; "before" in comparisons.
    origin : str
        Where it came from, in words.
    open_version : OpenVersion or None
        The saved version that is open, if there is one.
    cost : Mapping of str to object
        Assumptions of the Cost page, as plain data.
    people : DataFrame or None
        The people of the saved version, for roles that may see them.
    keep_people : bool
        Whether the next save includes the uploaded people file.
    profile : Profile
        The guide that the review follows.
    context : Mapping of str to object
        Answers to the review's questions, as plain data of a `compplan.review.Context`.
    past, future : list of Snapshot
        The states for undo and redo.
    field_version : int
        Part of the key of every field; a new number makes all fields take their values from the plan.
    problems : dict of str to tuple of Problem
        Problems by the path of the field.
    what_if : dict of str to float
        Year-end results that the person set.
    spreads : dict of str to float
        Standard deviations that the person set.
    run : int
        Number of runs of the page.
    locks : dict of str to bool
        Locked weights, by component.
    invalid_entries : dict of str to str
        Invalid entries by field.
    drawn_values : dict of str to str
        The value of the plan in each field when it was last drawn.
    shown : Snapshot or None
        The last state that a page showed without an error.
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
    past: list[Snapshot] = field(default_factory=list["Snapshot"])
    future: list[Snapshot] = field(default_factory=list["Snapshot"])
    field_version: int = 0
    problems: dict[str, tuple[Problem, ...]] = field(default_factory=dict[str, tuple[Problem, ...]])
    what_if: dict[str, float] = field(default_factory=dict[str, float])
    spreads: dict[str, float] = field(default_factory=dict[str, float])
    invalid_entries: dict[str, str] = field(default_factory=dict[str, str])
    drawn_values: dict[str, str] = field(default_factory=dict[str, str])
    run: int = 0
    locks: dict[str, bool] = field(default_factory=dict[str, bool])
    shown: Snapshot | None = None

    def open(
        self, plan: Plan, origin: str, open_version: OpenVersion | None = None, people: pd.DataFrame | None = None
    ) -> None:
        """Open another plan with its saved cost assumptions and people; undo brings the previous one back.

        A plan without cost assumptions takes over those of the session if it pays the same role in the same currency.
        Review answers about a single plan are dropped unless the new plan is another version of the same one.
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
        self.plan = self.reference = plan
        self.origin, self.open_version, self.people = origin, open_version, people
        self.what_if, self.spreads, self.locks = {}, {}, {}
        self._redraw_fields()

    def saved(self, open_version: OpenVersion) -> None:
        """Record that the open plan was saved as a version, also in the undo history."""
        was = self.reference, self.open_version
        self.reference, self.origin, self.open_version = self.plan, f"version {open_version.number}", open_version
        for steps in (self.past, self.future):
            for place, step in enumerate(steps):
                if (step.reference, step.open_version) == was:
                    steps[place] = replace(
                        step, reference=self.reference, origin=self.origin, open_version=open_version
                    )

    def _snapshot(self) -> Snapshot:
        """The current state, with copies of what may change."""
        return Snapshot(**{each.name: _copy(getattr(self, each.name)) for each in fields(Snapshot)})

    def _remember(self) -> None:
        self.past.append(self._snapshot())
        del self.past[:-_MOST_STEPS]
        self.future.clear()

    def _opened_here(self, step: Snapshot) -> bool:
        """Whether the same plan was open in a step."""
        return step.reference == self.reference and step.open_version == self.open_version

    def _restore(self, step: Snapshot) -> None:
        names = _IDENTITY if self._opened_here(step) else tuple(each.name for each in fields(Snapshot))
        for name in names:
            setattr(self, name, _copy(getattr(step, name)))
        self._redraw_fields()

    def change(self, make: Callable[[Plan], Plan], *, field_path: str = "") -> bool:
        """Replace the plan by ``make(plan)``; if that is refused, keep the plan and record the problems."""
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
        """Change values of the plan by path, see `Plan.edit`."""
        return self.change(lambda plan: plan.edit(dict(changes)), field_path=field_path)

    def rename(self, name: str, *, field_path: str = "") -> bool:
        """Give the plan its name for good: undo does not bring the old one back."""
        old = self.plan.name
        try:
            self.plan = self.plan.edit({"name": name})
        except CompPlanError as error:
            self.problems[field_path] = error.problems
            return False
        self.problems.pop(field_path, None)
        for steps in (self.past, self.future):
            for place, step in enumerate(steps):
                if self._opened_here(step) and step.plan.name == old:
                    steps[place] = replace(step, plan=step.plan.edit({"name": name}))
        return True

    def rebuild(self, make: Callable[[Plan], Plan], *, field_path: str = "") -> bool:
        """Like `change`, and redraw every field, since components were added or removed."""
        done = self.change(make, field_path=field_path)
        if done:
            self._redraw_fields()
        return done

    def undo(self) -> None:
        """Undo one change."""
        if self.past:
            self.future.append(self._snapshot())
            self._restore(self.past.pop())

    def redo(self) -> None:
        """Redo one change."""
        if self.future:
            self.past.append(self._snapshot())
            self._restore(self.future.pop())

    def step(self, plan: Plan) -> Snapshot:
        """A step of the undo history in which the same plan was open."""
        return replace(self._snapshot(), plan=plan)

    def note_shown(self) -> None:
        """Remember the state that a page has just shown without an error."""
        self.shown = self._snapshot()

    def back_to_shown(self) -> bool:
        """Return to the last state that a page showed; False if the plan is still the same."""
        if self.shown is None or self.shown.plan == self.plan:
            return False
        self.future.append(self._snapshot())
        self._restore(self.shown)
        return True

    def _redraw_fields(self) -> None:
        self.field_version += 1
        self.problems.clear()
        self.drawn_values.clear()

    @property
    def changed(self) -> bool:
        """Whether the plan or its cost assumptions differ from what was opened."""
        return self.plan != self.reference or (
            self.open_version is not None and dict(self.cost) != dict(self.open_version.cost)
        )

    def results(self) -> dict[str, float]:
        """Year-end results: those that were set, within the limits of their measures; the rest at target."""
        results, _ = results_at(self.plan, 1.0)
        for key, value in self.what_if.items():
            if key in results:
                measure = self.plan.measure(key)
                low = measure.low if measure.low is not None else value
                high = measure.high if measure.high is not None else value
                results[key] = min(max(value, low), high)
        return results

    def scatter(self) -> dict[str, float]:
        """Standard deviation of each component's result that the person set."""
        return {key: sd for key, sd in self.spreads.items() if key in self.plan.by_id}


def _copy(value: Any) -> Any:
    return dict(cast("dict[str, Any]", value)) if isinstance(value, dict) else value


def open_session() -> EditSession | None:
    """The editing session of this browser session, if it has one."""
    return cast("EditSession | None", st.session_state.get(_KEY))


def start_session(session: EditSession) -> None:
    """Let this browser session go on with another editing session."""
    st.session_state[_KEY] = session


def edit_session() -> EditSession:
    """The editing session of this browser session; it starts with a published plan."""
    if _KEY not in st.session_state:
        plan = templates.load(FIRST_TEMPLATE)
        st.session_state[_KEY] = EditSession(plan, plan, "template")
    session: EditSession = st.session_state[_KEY]
    return session
