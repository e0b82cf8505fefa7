"""Fixes: changed plans that clear findings, with new weights, removed components or other settings."""

from __future__ import annotations

import functools
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from compplan.plan import Plan
from compplan.plan.edits import remove_component
from compplan.plan.parts import Level
from compplan.review.findings import Fix
from compplan.review.subject import RETENTION, ReviewComponent, Subject


def edit(title: str, plan: Plan, changes: Mapping[str, Any]) -> Fix:
    """Return a fix that sets places of a plan."""
    return Fix(title, lambda: plan.edit(dict(changes)))


_COUNT = {
    "individual": "Measure it individually",
    "team": "Measure it for the team",
    "company": "Measure it for the company",
}


def counted(s: Subject, level: Level, parts: Sequence[ReviewComponent]) -> Fix | None:
    """Return a fix that measures components individually, for the team or for the company.

    Returns
    -------
    Fix or None
        None if it would not help: a team needs a different target for a flow, which is unknown; and renewals that
        the CSM owns stay individual.
    """
    flows = any(part.measure.kind == "flow" for part in parts)
    own = level != "individual" and s.is_csm and s.context.renewal_owner == "csm"
    if flows or (own and any(part.family == RETENTION for part in parts)):
        return None
    return edit(_COUNT[level], s.plan, {f"{part.place}.level": level for part in parts})


def without(title: str, plan: Plan, *components: str) -> Fix | None:
    """Return a fix that removes components; None if no weighted component would remain."""
    others = [c for c in plan.components if c.key not in components]
    if not any(c.weight for c in others):
        return None
    return Fix(title, lambda: functools.reduce(remove_component, components, plan))


def weights(title: str, plan: Plan, shares: Mapping[str, float], first: Collection[str] = ()) -> Fix | None:
    """Return a fix that gives components a share of target variable and scales the others in proportion.

    Parameters
    ----------
    shares : Mapping of str to float [fraction of target variable]
        By component id.
    first : collection of str
        Components that give way before all others, if they have enough weight.

    Returns
    -------
    Fix or None
        None if it is impossible: a component has a rate instead of a weight, the shares do not fit, or no other
        component is left to give way.
    """
    unchanged = {c.key: c.weight or 0.0 for c in plan.components if c.key not in shares and c.key not in first}
    changes = (new_weights(plan, {**shares, **unchanged}) if first else None) or new_weights(plan, shares)
    return edit(title, plan, changes) if changes else None


def into_range(
    title: str,
    plan: Plan,
    parts: Sequence[ReviewComponent],
    low: float,
    high: float,
    first: Collection[str] = (),
) -> Fix | None:
    """Return a fix that brings the sum of some weights to the nearest end of a range, in proportion.

    Parameters
    ----------
    low, high : float [fraction of target variable]
    first : collection of str
        As in `weights`.

    Returns
    -------
    Fix or None
        None if the sum is within the range, or the fix is impossible.

    Examples
    --------
    >>> import datetime as dt
    >>> from compplan import templates
    >>> from compplan.review.context import Context
    >>> s = Subject(templates.load("knowup-csat-weighted"), Context(), dt.date(2026, 6, 1))
    >>> fix = into_range("Set GRR to 50%", s.plan, s.on("grr"), 0.5, 0.6)
    >>> fix.make().components[0].weight
    0.5
    """
    now = {part.id: plan.by_id[part.id].weight or 0.0 for part in parts}
    total = math.fsum(now.values())
    nearest = min(max(total, low), high)
    if total <= 0 or abs(nearest - total) <= 1e-9:
        return None
    return weights(title, plan, {key: round(weight * nearest / total, 9) for key, weight in now.items()}, first)


def new_weights(plan: Plan, shares: Mapping[str, float]) -> dict[str, float] | None:
    """Return the changes of `weights` by place, or None if they are impossible.

    Examples
    --------
    >>> from compplan import templates
    >>> new_weights(templates.load("knowup-csat-weighted"), {"grr": 0.5})
    {'components[0].weight': 0.5, 'components[1].weight': 0.318182, 'components[2].weight': 0.181818}
    """
    if any(c.weight is None for c in plan.components):
        return None
    fixed = math.fsum(shares.values())
    others = [c.key for c in plan.components if c.key not in shares]
    left = math.fsum(plan.by_id[key].weight or 0.0 for key in others)
    if not -1e-9 <= 1.0 - fixed <= 1.0 or (abs(1.0 - fixed) > 1e-9 and left <= 0):
        return None
    new = dict(shares) | {
        key: round((plan.by_id[key].weight or 0.0) * (1.0 - fixed) / left, 6) if left else 0.0 for key in others
    }
    # The rounding remainder goes to the largest component that gives way, or to the largest of all.
    last = max(others or list(shares), key=lambda key: new[key])
    new[last] = round(new[last] + 1.0 - math.fsum(new.values()), 9)
    return {f"components[{i}].weight": new[c.key] for i, c in enumerate(plan.components)}


def from_room(title: str, plan: Plan, component: str, least: float) -> Fix | None:
    """Return a fix that raises a component to a share, taken from components above that share.

    Each gives way in proportion to its excess, so that none falls below the same share and repeated fixes come to an
    end.

    Returns
    -------
    Fix or None
        None if a component has a rate instead of a weight, or the others have too little excess.
    """
    shares = {c.key: c.weight for c in plan.components if c.weight is not None}
    room = {key: weight - least for key, weight in shares.items() if weight > least}
    missing, total = least - shares.get(component, least), math.fsum(room.values())
    if len(shares) < len(plan.components) or not 0.0 < missing <= total + 1e-9:
        return None
    shares |= {key: round(shares[key] - missing * above / total, 6) for key, above in room.items()} | {component: least}
    # The rounding remainder goes to the component with the largest excess.
    last = max(room, key=lambda key: room[key])
    shares[last] = round(shares[last] + 1.0 - math.fsum(shares.values()), 9)
    return edit(title, plan, {f"components[{i}].weight": shares[c.key] for i, c in enumerate(plan.components)})


def mix(title: str, plan: Plan, share: float) -> Fix:
    """Return a fix that moves pay between base and variable at the same OTE, in whole units of currency.

    Parameters
    ----------
    share : float [fraction of OTE]
        Share of variable pay; exceeded by less than one unit.
    """
    ote = plan.pay.ote
    now = plan.pay.target_variable
    exact = share * ote
    variable = math.floor(exact + 1e-6) if now > exact else math.ceil(exact - 1e-6)
    return edit(title, plan, {"pay.base": ote - variable, "pay.variable": float(variable), "pay.variable_share": None})
