"""Places in a plan, as paths: ``components[1].curve.points[2]``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, cast

from compplan.errors import join

__all__ = ["get", "join", "parse", "prune", "put", "take_out"]

_STEP = re.compile(r"\.?([A-Za-z_][A-Za-z0-9_]*)|\[(\d{1,6})\]")


def parse(path: str) -> tuple[str | int, ...]:
    """The steps of a path.

    Raises
    ------
    LookupError
        If it is not a path.

    Examples
    --------
    >>> parse("components[1].curve.points[2]")
    ('components', 1, 'curve', 'points', 2)
    """
    steps: list[str | int] = []
    position = 0
    while position < len(path):
        match = _STEP.match(path, position)
        if not match or (path[position] == "." and not steps):
            raise LookupError(f"{path!r} is not a path such as components[1].target")
        steps.append(match[1] if match[1] is not None else int(match[2]))
        position = match.end()
    if not steps:
        raise LookupError("the path is empty")
    return tuple(steps)


def _child(data: Any, step: str | int) -> Any:
    if isinstance(step, int) and isinstance(data, list):
        items = cast("list[Any]", data)
        if step < len(items):
            return items[step]
    elif isinstance(step, str) and isinstance(data, dict):
        entries = cast("dict[str, Any]", data)
        if step in entries:
            return entries[step]
    raise LookupError(f"nothing at {step!r}")


def get(data: Any, path: str) -> Any:
    """The value at a path of plain data.

    Raises
    ------
    LookupError
        If there is nothing.
    """
    for step in parse(path):
        data = _child(data, step)
    return data


def put(data: Any, path: str, value: Any) -> None:
    """Set the value at a path of plain data; None removes it. Creates missing mappings in between.

    Raises
    ------
    LookupError
        If a list or value on the path does not exist.

    Examples
    --------
    >>> plan = {"components": [{"target": 1}]}
    >>> put(plan, "components[0].curve.cap", 2.0)
    >>> plan
    {'components': [{'target': 1, 'curve': {'cap': 2.0}}]}
    """
    *parents, last = parse(path)
    for step in parents:
        if isinstance(step, str) and isinstance(data, dict):
            data = cast("dict[str, Any]", data).setdefault(step, {})
        else:
            data = _child(data, step)
    if isinstance(last, int):
        if not isinstance(data, list) or last > len(cast("list[Any]", data)):
            raise LookupError(f"nothing at {last!r}")
        items = cast("list[Any]", data)
        if value is None:
            del items[last : last + 1]
        else:
            items[last : last + 1] = [value]
    elif not isinstance(data, dict):
        raise LookupError(f"nothing at {last!r}")
    elif value is None:
        cast("dict[str, Any]", data).pop(last, None)
    else:
        cast("dict[str, Any]", data)[last] = value


def prune(data: dict[str, Any], changed: tuple[str, ...]) -> None:
    """Remove changed and missing places from ``about.assumed``.

    Examples
    --------
    >>> plan = {"pay": {"base": 1}, "caps": {}, "about": {"assumed": ["pay.base", "caps.total", "pay"]}}
    >>> prune(plan, ("pay.base",))
    >>> plan["about"]["assumed"]
    ['pay']
    """
    about = data.get("about", {})
    edited = [parse(path) for path in changed]
    if "assumed" in about:
        about["assumed"] = [
            path
            for path in about["assumed"]
            if not any(parse(path)[: len(steps)] == steps for steps in edited) and _exists(data, path)
        ]


def take_out(data: dict[str, Any], removed: Mapping[str, Collection[int]]) -> None:
    """Remove entries from lists of a plan, and their places from ``about.assumed``; later places move up.

    Parameters
    ----------
    data : dict
        A plan as plain data.
    removed : Mapping of str to collection of int
        Places by list, such as ``{"gates": [0]}``.

    Examples
    --------
    >>> plan = {"gates": ["a", "b"], "about": {"assumed": ["gates[0].at_least", "gates[1].at_least"]}}
    >>> take_out(plan, {"gates": [0]})
    >>> plan
    {'gates': ['b'], 'about': {'assumed': ['gates[0].at_least']}}
    """
    for name, places in removed.items():
        data[name] = [part for i, part in enumerate(data.get(name, [])) if i not in places]
    about = data.get("about", {})
    if "assumed" in about:
        remaining = (_place_after(parse(path), removed) for path in about["assumed"])
        about["assumed"] = [join(steps) for steps in remaining if steps]


def _place_after(steps: tuple[str | int, ...], removed: Mapping[str, Collection[int]]) -> tuple[str | int, ...] | None:
    """The path of a place after some parts are removed; None if the place was in one of them."""
    if len(steps) < 2 or steps[0] not in removed or not isinstance(steps[1], int):
        return steps
    places, place = removed[str(steps[0])], steps[1]
    return None if place in places else (steps[0], place - sum(other < place for other in places), *steps[2:])


def _exists(data: Any, path: str) -> bool:
    try:
        get(data, path)
    except LookupError:
        return False
    return True
