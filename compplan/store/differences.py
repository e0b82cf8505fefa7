"""The difference between two versions: each changed setting, and the effect on pay."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from compplan import formats
from compplan.payout import Difference, compare, results_at
from compplan.plan.differences import Change, changes
from compplan.plan.place_names import NOTHING, money_of
from compplan.store.records import Version

_OF_A_GROUP = {"base": "base", "variable": "variable", "arr": "ARR"}


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """The difference between two versions.

    Attributes
    ----------
    changes : tuple of Change
        Settings of the plan that differ.
    money : tuple of Difference
        Amounts of `compplan.payout.compare` with every measure of the later plan at target. Empty if the plans have
        different currencies.
    cost : tuple of Change
        Assumptions of the Cost page that differ, and groups of people with their pay. Only for people with the right
        to see costs.
    people : Change or None
        Number of people rows in each version, if it differs.
    currency : str
        Currency of `money`.
    """

    changes: tuple[Change, ...]
    money: tuple[Difference, ...]
    cost: tuple[Change, ...]
    people: Change | None
    currency: str

    @property
    def changed_amounts(self) -> tuple[Difference, ...]:
        """The amounts that differ."""
        return tuple(row for row in self.money if row.before != row.now)

    @property
    def is_empty(self) -> bool:
        """Whether the two versions are the same."""
        return not self.changes and not self.cost and self.people is None

    def lines(self) -> list[str]:
        """Return the difference as lines of text."""
        texts = [str(change) for change in (*self.changes, *self.cost, *([self.people] if self.people else []))]
        return [*texts, *(f"{row.name}: {self._figure(row, row.before)} → {self._figure(row, row.now)}"
                         for row in self.changed_amounts)]  # fmt: skip

    def _figure(self, row: Difference, value: float | None) -> str:
        if value is None:
            return NOTHING
        return formats.money(value, self.currency) if row.kind == "money" else formats.percent(value)


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
    money: tuple[Difference, ...] = ()
    if before.plan.currency == now.plan.currency:
        money = compare(before.plan, now.plan, results_at(now.plan, 1.0)[0])
    people = None
    if before.people != now.people:
        people = Change("People", str(before.people or NOTHING), str(now.people or NOTHING))
    return VersionDifference(
        changes=changes(before.plan, now.plan),
        money=money,
        cost=tuple(_cost(before, now)),
        people=people,
        currency=now.plan.currency,
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
