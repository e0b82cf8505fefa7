"""The state of a session as checked data: what a draft keeps, and the session that is made of it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import takewhile
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PlainSerializer, PlainValidator

from compplan.benchmarks import PayBasis
from compplan.capacity import CapacityModel
from compplan.errors import CompPlanError, Problem
from compplan.models import FrozenModel
from compplan.plan import Plan
from compplan.review import DEFAULT_PROFILE, Profile
from compplan.ui import people
from compplan.ui.benchmarks import session as benchmarks
from compplan.ui.capacity import session as capacity
from compplan.ui.session import EditSession, OpenVersion, Snapshot

_MOST_STEPS = 50  # of undo, and of redo
_LONGEST_HISTORY = 500_000  # characters

Finite = Annotated[float, Field(allow_inf_nan=False)]
Entries = Annotated[dict[str, Any], Field(default_factory=dict[str, Any])]


def _plan(value: Any) -> Plan:
    return value if isinstance(value, Plan) else Plan.from_json(value)


# A plan is sound already: to check each step of the history again would take longer than the rest of a state.
PlanText = Annotated[Plan, PlainValidator(_plan), PlainSerializer(Plan.to_json)]


class DraftError(CompPlanError):
    """A draft that cannot be read by this release."""


class _Part(FrozenModel):
    error_class = DraftError


class OpenedVersion(_Part):
    """The saved version that was open; see `compplan.ui.session.OpenVersion`."""

    scenario_id: str
    name: str
    number: int
    cost: Entries
    unseen: int = 0


class CapacityState(_Part):
    """What was set on the Capacity page."""

    model: CapacityModel
    most_accounts: Finite | None = None
    most_arr: Finite | None = None
    within_hours: bool = False


class MarketState(_Part):
    """What was set on the Benchmarks page."""

    place: str = ""
    exponent: Finite | None = None
    place_premium: Finite | None = None
    specialism: Finite | None = None
    date: dt.date | None = None
    rate: Finite | None = None
    role: str = ""
    basis: PayBasis = PayBasis.BASE
    local: bool = True


class DraftState(_Part):
    """What a draft keeps of a session; fields named as in `compplan.ui.session.EditSession` mean the same.

    Attributes
    ----------
    past, future : tuple of Plan
        The plans for undo and redo, as far back as the same plan was open.
    capacity : CapacityState or None
        What was set on the Capacity page; None where nothing was.
    market : MarketState or None
        What was set on the Benchmarks page; None where nothing was.
    files : tuple of str
        The files that the session had, in words: they hold people's data or are large, so no draft keeps them.
    """

    version: Literal[1] = 1
    plan: PlanText
    reference: PlanText
    origin: str
    open_version: OpenedVersion | None = None
    cost: Entries
    what_if: Annotated[dict[str, Finite], Field(default_factory=dict[str, float])]
    spreads: Annotated[dict[str, Finite], Field(default_factory=dict[str, float])]
    locks: Annotated[dict[str, bool], Field(default_factory=dict[str, bool])]
    context: Entries
    profile: Profile = DEFAULT_PROFILE
    past: tuple[PlanText, ...] = ()
    future: tuple[PlanText, ...] = ()
    field_version: int = 0
    capacity: CapacityState | None = None
    market: MarketState | None = None
    files: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Read the state of a draft.

        Raises
        ------
        DraftError
            If this release can't read it.
        """
        try:
            return cls.model_validate(dict(data))
        except CompPlanError as error:
            raise DraftError([Problem("", f"This version of compplan can't read the draft. {error}")]) from None

    @classmethod
    def of_session(cls, session: EditSession) -> Self:
        """Take the state of a session, and of the pages that it opened."""
        opened = session.open_version
        return cls(
            plan=session.plan,
            reference=session.reference,
            origin=session.origin,
            open_version=opened and OpenedVersion(
                scenario_id=opened.scenario_id, name=opened.name, number=opened.number, cost=dict(opened.cost),
                unseen=opened.unseen,
            ),
            cost=dict(session.cost),
            what_if=dict(session.what_if),
            spreads=dict(session.spreads),
            locks=dict(session.locks),
            context=dict(session.context),
            profile=session.profile,
            past=_same_plan(session, session.past),
            future=_same_plan(session, session.future),
            field_version=session.field_version,
            capacity=_capacity(),
            market=_market(),
            files=_files(),
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """The state as plain data, without what is left at its default."""
        data = self.model_dump(mode="json", exclude_defaults=True)
        for steps in ("past", "future"):
            # The oldest steps go first, where a long history would make the draft too large.
            kept, room = list[str](), _LONGEST_HISTORY
            for text in reversed(data.get(steps, ())):
                room -= len(text)
                if room < 0:
                    break
                kept.append(text)
            if steps in data:
                data[steps] = kept[::-1]
        return data

    def restore(self) -> EditSession:
        """Make a session of the state, with everything but the people of its saved version."""
        opened = self.open_version
        version = opened and OpenVersion(
            opened.scenario_id, opened.name, opened.number, dict(opened.cost), opened.unseen
        )
        session = EditSession(
            self.plan, self.reference, self.origin, version, dict(self.cost), profile=self.profile,
            context=dict(self.context), what_if=dict(self.what_if), spreads=dict(self.spreads), locks=dict(self.locks),
            # A browser that was open before sends what its fields held under their old keys.
            field_version=self.field_version + 1,
        )  # fmt: skip
        session.past = [session.step(plan) for plan in self.past]
        session.future = [session.step(plan) for plan in self.future]
        if self.capacity is not None:
            model = capacity.capacity_session()
            model.use_model(self.capacity.model)
            model.most_accounts, model.most_arr = self.capacity.most_accounts, self.capacity.most_arr
            model.within_hours = self.capacity.within_hours
        if self.market is not None:
            market, known = benchmarks.benchmarks_session(), self.market
            market.role, market.basis, market.local = known.role, known.basis, known.local
            for name in ("place", "exponent", "place_premium", "specialism", "date", "rate"):
                market.change_setting(name, getattr(known, name))
        return session


def _same_plan(session: EditSession, steps: list[Snapshot]) -> tuple[Plan, ...]:
    """The plans of the latest steps, as far back as the same plan was open."""
    same = takewhile(
        lambda step: (step.reference, step.open_version) == (session.reference, session.open_version), reversed(steps)
    )
    return tuple(step.plan for step in same)[:_MOST_STEPS][::-1]


def _capacity() -> CapacityState | None:
    session = capacity.opened()
    if session is None:
        return None
    state = CapacityState(
        model=session.model(), most_accounts=session.most_accounts, most_arr=session.most_arr,
        within_hours=session.within_hours,
    )  # fmt: skip
    return None if state == CapacityState(model=capacity.first_session().model()) else state


def _market() -> MarketState | None:
    session = benchmarks.opened()
    if session is None:
        return None
    settings = session.settings
    state = MarketState(
        place=settings.place, exponent=settings.exponent, place_premium=settings.place_premium,
        specialism=settings.specialism, date=settings.date, rate=settings.rate, role=session.role,
        basis=session.basis, local=session.local,
    )  # fmt: skip
    return None if state == MarketState(role=session.role) else state


def _files() -> tuple[str, ...]:
    market, model = benchmarks.opened(), capacity.opened()
    held = {
        "people": people.opened() is not None,
        "salary survey": market is not None and market.survey is not None,
        "accounts": model is not None and model.reading is not None,
    }
    return tuple(name for name, is_open in held.items() if is_open)
