"""The plans that ship with compplan: one file per template, with its source and its assumed values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from compplan import facts
from compplan.errors import CompPlanError, Problem, nearest
from compplan.plan import Plan, paths
from compplan.shipped import shipped


class TemplateError(CompPlanError, LookupError):
    """No template has that key."""


@dataclass(frozen=True, slots=True)
class Template:
    """Summary of a template.

    Attributes
    ----------
    key : str
        Key for `load`; also the name of its file.
    name : str
        Name of the plan.
    role : str
        Key of the role that it is for.
    source_label : str
        Publisher, title and year of its source.
    assumed_count : int
        How many of its values are our assumptions because the source gives none.
    """

    key: str
    name: str
    role: str
    source_label: str
    assumed_count: int


@cache
def keys() -> tuple[str, ...]:
    """The keys of all templates, sorted.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> keys()[:2]
    ('drury-adoption-first', 'flowfuse-csm')
    """
    return tuple(sorted(file.stem for file in shipped("data", "plans").glob("*.yaml")))


@cache
def text(key: str) -> str:
    """The YAML of a template as shipped, with its comments.

    Parameters
    ----------
    key : str
        One of `keys`.

    Raises
    ------
    TemplateError
        If there is no such template; the message names the nearest that exist.

    Examples
    --------
    >>> text("posthog-csm-v3").splitlines()[1]
    'compplan: 1'
    >>> text("posthog-csm")
    Traceback (most recent call last):
    compplan.templates.TemplateError: There is no template 'posthog-csm'; did you mean posthog-csm-v1, ...?
    """
    if key not in keys():
        raise TemplateError([Problem("", f"There is no template {key!r}; {nearest(key, keys())}")])
    return shipped("data", "plans", f"{key}.yaml").read_text(encoding="utf-8")


@cache
def load(key: str) -> Plan:
    """Read a template as a plan.

    Parameters
    ----------
    key : str
        One of `keys`.

    Raises
    ------
    TemplateError
        If there is no such template; the message names the nearest that exist.

    Examples
    --------
    >>> plan = load("posthog-csm-v3")
    >>> plan.pay.variable_share, plan.components[0].target
    (0.2, 1.1)
    """
    return Plan.from_yaml(text(key))


@cache
def describe(key: str) -> Template:
    """Summarize a template: name, role, source and number of assumed values.

    Parameters
    ----------
    key : str
        One of `keys`.

    Raises
    ------
    TemplateError
        If there is no such template; the message names the nearest that exist.

    Examples
    --------
    >>> describe("posthog-csm-v3").assumed_count
    1
    """
    plan = load(key)
    assumed = [paths.parse(path) for path in plan.about.assumed]
    count = sum(any(place[: len(a)] == a for a in assumed) for place in _figures(plan.to_dict()))
    label = facts.source(plan.about.source).label if plan.about.source else ""
    return Template(key, plan.name, plan.role, label, count)


def _figures(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Places of all numbers in plain data, the version of the format left out."""
    if isinstance(value, dict):
        for name, entry in cast("dict[str, Any]", value).items():
            if place or name != "compplan":
                yield from _figures(entry, (*place, name))
    elif isinstance(value, list):
        for number, entry in enumerate(cast("list[Any]", value)):
            yield from _figures(entry, (*place, number))
    elif isinstance(value, int | float):
        yield place
