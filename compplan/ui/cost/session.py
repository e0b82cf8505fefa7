"""What the Cost page computes with: headcount, groups or people, assumptions, and who may see what."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, cast

from pydantic import Field, Strict

from compplan import facts
from compplan.cost import (
    Assumptions,
    CostError,
    CostReport,
    Headcount,
    PlanYear,
    Population,
    Schedule,
    SideBySide,
    cost,
    from_people,
    headcount,
    schedule,
    side_by_side,
    usual_footing,
)
from compplan.errors import Problem
from compplan.models import FrozenModel
from compplan.plan import Plan
from compplan.plan.parts import Money
from compplan.ui.session import EditSession
from compplan.ui.widgets.labels import measure_names

if TYPE_CHECKING:
    import pandas as pd

_MOST_PEOPLE = 100_000
DEFAULT_HEADCOUNT = 1  # the year of one person, until somebody says how many there are
FEWEST_PEOPLE = 5  # a total of fewer reveals what one of them earns
_KEYS = {"people", "who", "groups", "roles", "assumptions"}
_MOST_GROUPS = 200

Who = Literal["number", "groups", "people"]
WHO: tuple[Who, ...] = ("number", "groups", "people")


class PayGroup(FrozenModel):
    """People with the same pay."""

    error_class = CostError

    name: Annotated[str, Field(min_length=1, max_length=80, description="Name of the group.")]
    headcount: Annotated[int, Strict(), Field(ge=1, le=_MOST_PEOPLE)]
    base: Money = Field(description="Base salary of one person per year.")
    variable: Money = Field(description="Target variable of one person per year.")
    arr: Money | None = Field(default=None, description="ARR that one person manages.")

    @classmethod
    def of(cls, data: Any) -> Self:
        """Check plain data and build a group.

        Raises
        ------
        CostError
        """
        return cls.model_validate(data)


@dataclass(frozen=True, slots=True)
class CostInputs:
    """Everything that a cost report needs besides the plan.

    Attributes
    ----------
    people : int
        Headcount at the plan's pay.
    who : {'number', 'groups', 'people'}
        Who is costed: that headcount, the groups, or the people file if there is one.
    groups : tuple of PayGroup
    roles : tuple of str
        Roles of the people file that this plan pays; empty means the plan's own role.
    assumptions : Assumptions
    dropped : tuple of str
        Saved assumptions that do not fit the plan, as sentences.
    """

    people: int
    who: Who
    groups: tuple[PayGroup, ...]
    assumptions: Assumptions
    roles: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @classmethod
    def of(cls, plan: Plan, saved: Mapping[str, Any]) -> CostInputs:
        """Read the inputs of a session or of a saved version.

        Raises
        ------
        CostError
            If they are not what `to_dict` gives.
        """
        people, who, groups = (
            saved.get("people", DEFAULT_HEADCOUNT),
            saved.get("who", "people"),
            saved.get("groups", []),
        )
        listed = cast("list[Any]", groups) if isinstance(groups, list) else []
        sound = type(people) is int and 1 <= people <= _MOST_PEOPLE and who in WHO and isinstance(groups, list)
        if set(saved) - _KEYS or not sound or len(listed) > _MOST_GROUPS:
            raise CostError([Problem("", "These assumptions were not saved by compplan and can't be read.")])
        roles: Any = saved.get("roles", [])
        known_roles = {row["key"] for row in facts.table("roles")}
        if not isinstance(roles, list) or not set(map(str, cast("list[Any]", roles))) <= known_roles:
            raise CostError([Problem("roles", "The people file's roles include one that compplan does not know.")])
        saved_assumptions: Any = saved.get("assumptions")
        assumptions = (
            Assumptions.for_plan(plan) if saved_assumptions is None else Assumptions.from_dict(saved_assumptions)
        )
        return cls(
            people, who, tuple(PayGroup.of(one) for one in listed), assumptions, tuple(cast("list[str]", roles))
        )._fitting(plan)

    def _fitting(self, plan: Plan) -> CostInputs:
        """Without assumptions about components that the plan does not have."""
        dropped: list[str] = []
        changes: dict[str, Any] = {}
        names = measure_names(plan)
        for name in ("means", "spreads"):
            values = cast("dict[str, float]", getattr(self.assumptions, name))
            unknown = sorted(set(values) - set(plan.by_id))
            if unknown:
                measures = ", ".join(names.get(key, key) for key in unknown)
                what = "Expected results" if name == "means" else "Spreads"
                dropped.append(f"{what} of {measures} are not used: the plan does not pay on them.")
                changes[name] = {key: value for key, value in values.items() if key in plan.by_id}
        if self.assumptions.regime == "us_fica" and plan.currency != "USD":
            dropped.append(
                f"US FICA applies to US dollars. This plan pays in {plan.currency}, so no employer tax is included."
            )
            changes["regime"] = "none"
        if not changes:
            return self
        return replace(self, assumptions=self.assumptions.edit(changes), dropped=tuple(dropped))

    def to_dict(self) -> dict[str, Any]:
        """Plain data that `of` reads."""
        return {
            "people": self.people,
            "who": self.who,
            "groups": [group.model_dump(exclude_none=True) for group in self.groups],
            "roles": list(self.roles),
            "assumptions": self.assumptions.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class CostRequest:
    """A request for a cost report; requests with the same report are equal.

    Attributes
    ----------
    key : str
        Of everything that the report depends on.
    plan : Plan
    inputs : CostInputs
    table : DataFrame or None
        The people, if the cost is by person.
    against : Plan or None
        Another plan for the same people.
    """

    key: str
    plan: Plan = field(compare=False)
    inputs: CostInputs = field(compare=False)
    table: pd.DataFrame | None = field(compare=False, default=None)
    against: Plan | None = field(compare=False, default=None)

    @classmethod
    def of(
        cls, plan: Plan, inputs: CostInputs, table: pd.DataFrame | None = None, against: Plan | None = None
    ) -> CostRequest:
        """A request for a plan, with the people file if the inputs use it."""
        people = table if inputs.who == "people" else None
        parts = [plan.hash, inputs.to_dict(), None if people is None else _table_key(people), against and against.hash]
        return cls(json.dumps(parts, sort_keys=True), plan, inputs, people, against)

    def headcount(self) -> Headcount:
        """The people to cost.

        Raises
        ------
        CostError
        """
        if self.table is not None:
            return from_people(self.plan, self.table, roles=self.inputs.roles or None)
        if self.inputs.who == "groups" and self.inputs.groups:
            import pandas as pd

            return Headcount(self._groups(), pd.DataFrame(columns=pd.Index(["id", "role", "currency", "why"])))
        return headcount(self.plan, self.inputs.people)

    def _groups(self) -> pd.DataFrame:
        import pandas as pd

        frame = pd.DataFrame([group.model_dump() for group in self.inputs.groups]).rename(columns={"name": "id"})
        frame = frame.assign(role=self.plan.role, currency=self.plan.currency)
        return frame if frame["arr"].notna().any() else frame.drop(columns="arr")


def _table_key(table: pd.DataFrame) -> str:
    import pandas as pd

    hashed = pd.util.hash_pandas_object(table.astype(str), index=False)
    return f"{len(table)}:{int(hashed.sum())}:{','.join(map(str, table.columns))}"


@functools.lru_cache(maxsize=8)
def cost_population(request: CostRequest) -> Population:
    """The people to cost, checked once for the report and its months.

    Raises
    ------
    CostError
    """
    return Population.of(request.plan, request.headcount(), PlanYear.of(request.inputs.assumptions))


@functools.lru_cache(maxsize=32)
def cost_report(request: CostRequest) -> CostReport:
    """What the plan costs; cached, because a page is drawn more often than anything changes.

    Raises
    ------
    CostError
    """
    return cost(request.plan, cost_population(request), request.inputs.assumptions)


@functools.lru_cache(maxsize=32)
def monthly_schedule(request: CostRequest) -> Schedule:
    """Cost by month at expected pay; at target where the spread of a result is unknown.

    Raises
    ------
    CostError
    """
    assumptions = request.inputs.assumptions
    footing = usual_footing(request.plan, assumptions)
    return schedule(request.plan, cost_population(request), assumptions, footing=footing)


@functools.lru_cache(maxsize=16)
def plan_comparison(request: CostRequest, on: float) -> SideBySide:
    """The other plan and this one for the same people.

    Raises
    ------
    CostError
    """
    other = request.against or request.plan
    alike = request.table is None and request.inputs.who != "groups"
    terms = "plan" if alike else "people"
    return side_by_side(other, request.plan, request.headcount(), request.inputs.assumptions, on=on, terms=terms)


@dataclass(frozen=True, slots=True)
class CostVisibility:
    """What a viewer may see of a cost.

    Attributes
    ----------
    rows : bool
        Single people by id.
    small_totals : bool
        Totals of fewer than `FEWEST_PEOPLE` people.
    by_person : bool
        Whether the cost is of real people; otherwise nothing is withheld.
    check_access : callable
        Raises once the viewer's access has ended, for files that are made after the page was drawn.
    link_id : str or None
        The share link through which somebody looks.
    """

    rows: bool = True
    small_totals: bool = True
    by_person: bool = False
    check_access: Callable[[], object] = lambda: None
    link_id: str | None = None

    def withholds(self, people: int) -> bool:
        """Whether a total of some people is hidden."""
        return self.by_person and not self.small_totals and people < FEWEST_PEOPLE

    def shows_months(self, request: CostRequest) -> bool:
        """Whether the months are visible: no month, and no change between two, is of too few people."""
        return not self.by_person or self.small_totals or monthly_schedule(request).fewest >= FEWEST_PEOPLE


def save_inputs(session: EditSession, inputs: CostInputs) -> None:
    """Keep the inputs in the session."""
    session.cost = inputs.to_dict()
