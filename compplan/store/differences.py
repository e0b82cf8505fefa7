"""The difference between two versions: each changed setting, and the effect on pay."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from compplan import formats
from compplan.payout.comparison import PlanComparison, compare_plans
from compplan.plan.differences import Change
from compplan.plan.place_names import NOTHING, money_of
from compplan.store.records import Version

_OF_A_GROUP = {"base": "base", "variable": "variable", "arr": "ARR"}


@dataclass(frozen=True, slots=True)
class VersionDifference(PlanComparison):
    """The difference between two versions: a `PlanComparison`, and what differs beside the plan.

    Attributes
    ----------
    cost : tuple of Change
        Assumptions of the Cost page that differ, and groups of people with their pay. Only for people with the right
        to see costs.
    people : Change or None
        Number of people rows in each version, if it differs.
    """

    cost: tuple[Change, ...]
    people: Change | None

    def lines(self) -> list[str]:
        """Return the difference as lines of text."""
        texts = [str(change) for change in (*self.changes, *self.cost, *([self.people] if self.people else []))]
        return [*texts, *self.pay_lines()]


def difference(before: Version, now: Version) -> VersionDifference:
    """Compare two versions.

    Parameters
    ----------
    before, now : Version
        Versions of the same scenario or of two.

    Returns
    -------
    VersionDifference
    """
    plans = compare_plans(before.plan, now.plan)
    people = None
    if before.people != now.people:
        people = Change("People", str(before.people or NOTHING), str(now.people or NOTHING))
    return VersionDifference(
        changes=plans.changes,
        money=plans.money,
        currency=plans.currency,
        cost=tuple(_cost(before, now)),
        people=people,
    )


def _cost(before: Version, now: Version) -> Iterator[Change]:
    old, new = dict(_leaves(before.cost)), dict(_leaves(now.cost))
    for path in dict.fromkeys([*new, *old]):
        old_value, new_value = old.get(path), new.get(path)
        if old_value == new_value:
            continue
        groups = _groups(old_value, before), _groups(new_value, now)
        if path == "groups" and groups[0] is not None and groups[1] is not None:
            for name in dict.fromkeys([*groups[1], *groups[0]]):
                texts = groups[0].get(name, NOTHING), groups[1].get(name, NOTHING)
                if texts[0] != texts[1]:
                    yield Change(f"Group {name}", *texts)
        else:
            yield Change(f"Cost assumption {path}", _assumed(old_value), _assumed(new_value))


def _groups(value: Any, version: Version) -> dict[str, str] | None:
    """Describe groups of people by name; None if they are not in the form of the Cost page."""
    texts: dict[str, str] = {}
    for group in cast("list[Any]", [] if value is None else value if isinstance(value, list) else [value]):
        try:
            count, name = int(group["headcount"]), str(group["name"])
            pay = [(label, group[key]) for key, label in _OF_A_GROUP.items() if group.get(key) is not None]
            amounts = [f"{label} {money_of(amount, version.plan)}" for label, amount in pay]
        except (AttributeError, KeyError, TypeError, ValueError):
            return None
        if name in texts:
            return None
        texts[name] = ", ".join([f"{count:,} {'person' if count == 1 else 'people'}", *amounts])
    return texts


def _leaves(value: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, entry in value.items():
        where = f"{path} {key}".replace("_", " ").strip()
        if isinstance(entry, Mapping):
            yield from _leaves(cast("Mapping[str, Any]", entry), where)
        else:
            yield where, entry


def _assumed(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, float) and math.isfinite(value):
        return formats.plain_number(value, 6)
    if isinstance(value, list) and all(isinstance(one, str) for one in cast("list[Any]", value)):
        return ", ".join(cast("list[str]", value)) or NOTHING
    return value if isinstance(value, str) else json.dumps(value)
