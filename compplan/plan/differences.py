"""What changed from one plan to another: every place that differs, in words and in units that people read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compplan.plan.model import Plan
from compplan.plan.place_names import (
    NOTHING,
    Place,
    detail_of,
    label_of,
    part_name,
    part_of,
    place_name,
    places_of,
    text_of,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One place that differs.

    Attributes
    ----------
    where : str
        Name of the place.
    before, now : str
        The value, in units that people read; "none" where there is none.

    Examples
    --------
    >>> print(Change("GRR weight", "40%", "45%"))
    GRR weight: 40% → 45%
    """

    where: str
    before: str
    now: str

    def __str__(self) -> str:
        return f"{self.where}: {self.before} → {self.now}"


def changes(before: Plan, now: Plan) -> tuple[Change, ...]:
    """Every place that differs between two plans, in words.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("flowfuse-csm")
    >>> print(*changes(plan, plan.edit({"frequency": "annual"})))
    Pay frequency: quarterly → annual
    """
    return tuple(_words(before, now))


def _words(before: Plan, now: Plan) -> Iterator[Change]:
    old, new = places_of(before), places_of(now)
    named: set[Place] = set()
    for place in dict.fromkeys([*new, *old]):
        part = part_of(place)
        if part is not None and not (_has(old, part) and _has(new, part)):
            if part not in named:
                named.add(part)
                yield Change(
                    label_of(part, now if _has(new, part) else before),
                    _whole(old, part, before),
                    _whole(new, part, now),
                )
        elif old.get(place) != new.get(place):
            yield _change(place, old, new, before, now)
    if list(before.by_id) != list(now.by_id) and set(before.by_id) == set(now.by_id):
        yield Change("Order of the components", _order(before), _order(now))


def _order(plan: Plan) -> str:
    return ", ".join(part_name(("components", key), plan) for key in plan.by_id)


def _has(places: Mapping[Place, Any], part: Place) -> bool:
    return any(place[:2] == part for place in places)


def _whole(places: Mapping[Place, Any], part: Place, plan: Plan) -> str:
    """A part that only one of the two has, in one line; its name says the measure, and its values say the axis."""
    texts = [
        f"{detail_of(place).lower()} {text_of(place, value, plan)}"
        for place, value in places.items()
        if place[:2] == part and place[-1] not in {"id", "measure", "axis"}
    ]
    return "; ".join(texts) or NOTHING


def _change(place: Place, old: Mapping[Place, Any], new: Mapping[Place, Any], before: Plan, now: Plan) -> Change:
    old_value, new_value = old.get(place), new.get(place)
    if place == ("about", "assumed"):  # a long list; only what was added and removed is shown
        removed = [place_name(path, before) for path in old_value or () if path not in (new_value or ())]
        added = [place_name(path, now) for path in new_value or () if path not in (old_value or ())]
        parts = [f"{verb} {', '.join(names)}" for verb, names in (("added", added), ("removed", removed)) if names]
        count, old_count = (str(len(value or ())) for value in (new_value, old_value))
        return Change(label_of(place, now), old_count, "; ".join([count, *(parts or ["in another order"])]))
    texts = text_of(place, old_value, before), text_of(place, new_value, now)
    if texts[0] == texts[1]:  # they differ by less than is shown, or in their currency only
        texts = tuple(json.dumps(value, default=str) for value in (old_value, new_value))
    return Change(label_of(place, now if place in new else before), *texts)
