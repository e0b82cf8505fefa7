"""What the cost page reckons with: people and assumptions, as a session or a saved version keeps them."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
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
)
from compplan.errors import Problem
from compplan.models import FrozenModel
from compplan.plan import Plan
from compplan.plan.parts import Money
from compplan.ui.session import EditSession

if TYPE_CHECKING:
    import pandas as pd

_MOST_PEOPLE = 100_000
PEOPLE = 10  # to begin with, until somebody says how many
_KEYS = {"people", "who", "groups", "roles", "assumptions"}
_MOST_GROUPS = 200

Who = Literal["number", "groups", "people"]
WHO: tuple[Who, ...] = ("number", "groups", "people")


class Group(FrozenModel):
    """Some people who are paid alike."""

    error_class = CostError

    name: Annotated[str, Field(min_length=1, max_length=80, description="What tells the group from others.")]
    headcount: Annotated[int, Strict(), Field(ge=1, le=_MOST_PEOPLE)]
    base: Money = Field(description="Of one person, a year.")
    variable: Money = Field(description="Target variable of one person, a year.")
    arr: Money | None = Field(default=None, description="ARR that one person looks after.")

    @classmethod
    def of(cls, given: Any) -> Self:
        """Check plain data and make a group of it.

        Raises
        ------
        CostError
        """
        return cls.model_validate(given)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a cost report is made from beside the plan.

    Attributes
    ----------
    people : int
        How many are paid as the plan says.
    who : {'number', 'groups', 'people'}
        Who is costed: that many people, the groups, or the table of people where there is one.
    groups : tuple of Group
    roles : tuple of str
        Roles of the table that are paid under the plan; the plan's own where there are none.
    assumptions : Assumptions
    dropped : tuple of str
        What was kept and does not fit the plan, as sentences.
    """

    people: int
    who: Who
    groups: tuple[Group, ...]
    assumptions: Assumptions
    roles: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @classmethod
    def of(cls, plan: Plan, kept: Mapping[str, Any]) -> Inputs:
        """Read what a session or a version keeps.

        Raises
        ------
        CostError
            If it is not what `to_dict` gives.
        """
        people, who, groups = kept.get("people", PEOPLE), kept.get("who", "people"), kept.get("groups", [])
        listed = cast("list[Any]", groups) if isinstance(groups, list) else []
        sound = type(people) is int and 1 <= people <= _MOST_PEOPLE and who in WHO and isinstance(groups, list)
        if set(kept) - _KEYS or not sound or len(listed) > _MOST_GROUPS:
            raise CostError([Problem("", "these assumptions were not made by this program.")])
        roles: Any = kept.get("roles", [])
        known_roles = {row["key"] for row in facts.table("roles")}
        if not isinstance(roles, list) or not set(map(str, cast("list[Any]", roles))) <= known_roles:
            raise CostError([Problem("roles", "names a role that is not known here.")])
        given: Any = kept.get("assumptions")
        known = Assumptions.for_plan(plan) if given is None else Assumptions.from_dict(given)
        return cls(
            people, who, tuple(Group.of(one) for one in listed), known, tuple(cast("list[str]", roles))
        )._fitting(plan)

    def _fitting(self, plan: Plan) -> Inputs:
        """Without what is about parts that the plan no longer has."""
        told: list[str] = []
        changes: dict[str, Any] = {}
        for name in ("means", "spreads"):
            values = cast("dict[str, float]", getattr(self.assumptions, name))
            gone = sorted(set(values) - set(plan.by_id))
            if gone:
                told.append(f"{name.capitalize()} of {', '.join(gone)} are left out: the plan has no such part.")
                changes[name] = {key: value for key, value in values.items() if key in plan.by_id}
        if self.assumptions.regime == "us_fica" and plan.currency != "USD":
            told.append(f"US FICA is a tax in US dollars and the plan pays in {plan.currency}: none is counted.")
            changes["regime"] = "none"
        if not changes:
            return self
        return replace(self, assumptions=self.assumptions.edit(changes), dropped=tuple(told))

    def to_dict(self) -> dict[str, Any]:
        """Plain data from which `of` makes the same again."""
        return {
            "people": self.people,
            "who": self.who,
            "groups": [group.model_dump(exclude_none=True) for group in self.groups],
            "roles": list(self.roles),
            "assumptions": self.assumptions.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """A report that is asked for; two that would come out alike are equal.

    Attributes
    ----------
    mark : str
        Of everything that the report hangs on.
    plan : Plan
    inputs : Inputs
    table : DataFrame or None
        People, where the cost is by person.
    against : Plan or None
        Another plan for the same people.
    """

    mark: str
    plan: Plan = field(compare=False)
    inputs: Inputs = field(compare=False)
    table: pd.DataFrame | None = field(compare=False, default=None)
    against: Plan | None = field(compare=False, default=None)

    @classmethod
    def about(cls, plan: Plan, inputs: Inputs, table: pd.DataFrame | None = None, against: Plan | None = None) -> Asked:
        """Mark what is asked for."""
        people = table if inputs.who == "people" else None
        told = [plan.hash, inputs.to_dict(), None if people is None else _mark(people), against and against.hash]
        return cls(json.dumps(told, sort_keys=True), plan, inputs, people, against)

    def who(self) -> Headcount:
        """The people that are costed.

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


def _mark(table: pd.DataFrame) -> str:
    import pandas as pd

    hashed = pd.util.hash_pandas_object(table.astype(str), index=False)
    return f"{len(table)}:{int(hashed.sum())}:{','.join(map(str, table.columns))}"


@functools.lru_cache(maxsize=8)
def population(asked: Asked) -> Population:
    """The people of a report, checked once for the report and its months.

    Raises
    ------
    CostError
    """
    return Population.of(asked.plan, asked.who(), PlanYear.of(asked.inputs.assumptions))


@functools.lru_cache(maxsize=32)
def report(asked: Asked) -> CostReport:
    """What the plan costs; remembered, since a page is drawn more often than anything changes.

    Raises
    ------
    CostError
    """
    return cost(asked.plan, population(asked), asked.inputs.assumptions)


@functools.lru_cache(maxsize=32)
def months(asked: Asked) -> Schedule:
    """The year by month on expected pay.

    Raises
    ------
    CostError
    """
    return schedule(asked.plan, population(asked), asked.inputs.assumptions)


@functools.lru_cache(maxsize=16)
def beside(asked: Asked, on: float) -> SideBySide:
    """The other plan and this one on the same people.

    Raises
    ------
    CostError
    """
    other = asked.against or asked.plan
    alike = asked.table is None and asked.inputs.who != "groups"
    terms = "plan" if alike else "people"
    return side_by_side(other, asked.plan, asked.who(), asked.inputs.assumptions, on=on, terms=terms)


def table_of(rows: Sequence[Mapping[str, Any]] | None) -> pd.DataFrame | None:
    """Rows about people as a table; None where there are none."""
    import pandas as pd

    return pd.DataFrame(list(rows)) if rows else None


def by_person(session: EditSession) -> bool:
    """Whether the cost of the plan in hand is that of a table of people, where there is one."""
    return session.cost.get("who", "people") == "people"


def keep(session: EditSession, inputs: Inputs) -> None:
    """Let the session keep what was set."""
    session.cost = inputs.to_dict()
