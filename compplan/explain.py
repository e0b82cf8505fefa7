"""Turn the errors of a pydantic model, of whatever kind, into problems: the place and a sentence for people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError

from compplan.errors import Problem, join, nearest

PROBLEMS = "problems"  # type of the errors that a model's own validator raises, with the problems in their context
MAX_PROBLEMS = 100  # of one document; a longer list helps nobody and takes long to write
BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "less_than_equal": ("at most", "le"),
    "greater_than": ("above", "gt"),
    "less_than": ("below", "lt"),
}
_EXPECTED = {
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "tuple_type": "must be a list",
    **dict.fromkeys(
        ("dict_type", "model_type", "model_attributes_type"), "must be fields and values, such as name: value"
    ),
    "finite_number": "must be a finite number",
}
_PATTERNS = {
    r"^https?://": "an address that begins with https://",
    r"^[A-Z]{2}$": "two capital letters, such as US or CA",
    r"^[A-Z]{3}$": "a three-letter ISO 4217 code in capitals, such as USD",
    r"^[a-z][a-z0-9_]{0,39}$": "a short lower-case key of letters, digits and _, such as expansion_arr",
}


@dataclass(frozen=True, slots=True)
class _Location:
    """Where an error is.

    Attributes
    ----------
    steps : tuple
        From the root of the data, without the tags that pydantic adds.
    model : type
        The innermost model on the way, which has the last key or lacks it.
    inside : tuple
        The steps within `model`.
    tags : tuple of str
        What the discriminator of the value at the place may be; empty where it is no union of models.
    """

    steps: tuple[int | str, ...]
    model: type[BaseModel]
    inside: tuple[int | str, ...]
    tags: tuple[str, ...]


def explain(error: ValueError, root: type[BaseModel]) -> list[Problem]:
    """Problems of refused data, each with its place.

    Parameters
    ----------
    error : ValueError
        The error that validation raised.
    root : type
        The model that the data was validated against. Hints come from the fields of this model and of the models
        inside it.

    Examples
    --------
    >>> from pydantic import BaseModel, ConfigDict
    >>> class Account(BaseModel):
    ...     model_config = ConfigDict(extra="forbid")
    ...     renewal: int = 0
    >>> class Book(BaseModel):
    ...     accounts: tuple[Account, ...] = ()
    >>> try:
    ...     Book.model_validate({"accounts": [{"renewel": 3}]})
    ... except ValueError as error:
    ...     print(*explain(error, Book))
    accounts[0].renewel: is not a known key; did you mean renewal?
    """
    if not isinstance(error, ValidationError):
        return [Problem("", f"{error}.")]
    problems: list[Problem] = []
    details = error.errors(include_url=False)[:MAX_PROBLEMS]
    for detail in details:
        # A list with refused entries counts as empty, which is not what is wrong with it.
        if detail["type"] == "too_short" and any(
            len(d["loc"]) > len(detail["loc"]) and d["loc"][: len(detail["loc"])] == detail["loc"] for d in details
        ):
            continue
        location = _locate(detail["loc"], root)
        place = join(tuple(map(_legible, location.steps)))
        if detail["type"] == PROBLEMS:
            own = cast("dict[str, list[Problem]]", detail.get("ctx", {}))[PROBLEMS]
            problems += [problem.under(place) for problem in own] if place else own
        else:
            problems.append(
                Problem(place, _sentence(cast("dict[str, Any]", detail), location), _rule(detail, location))
            )
    return problems


def _rule(detail: Any, location: _Location) -> str:
    broken = getattr(location.model, "broken_rule", None)
    return broken(location.inside, str(detail["type"])) if broken and detail["type"] in BOUNDS else ""


def _locate(loc: tuple[int | str, ...], root: type[BaseModel]) -> _Location:
    """Follow a pydantic location through the fields of a model and of the models inside it."""
    steps: list[int | str] = []
    model, start, kind = root, 0, cast("Any", root)
    for step in loc:
        kind, members = _parts(kind)
        tagged = next((m for m in members if step in _tags_of(m)), None)
        if tagged is not None:
            kind = model = tagged
            start = len(steps)
            continue
        if step == "[key]":
            continue
        if _is_model(kind) and kind is not model:
            model, start = kind, len(steps)
        steps.append(step)
        kind = _child(kind, step)
    members = _parts(kind)[1]
    return _Location(
        tuple(steps), model, tuple(steps[start:]), tuple(tag for member in members for tag in _tags_of(member))
    )


def _parts(kind: Any) -> tuple[Any, tuple[type[BaseModel], ...]]:
    """A type without None and its annotations, and the models of a union of several."""
    while get_origin(kind) is not None and hasattr(kind, "__metadata__"):
        kind = kind.__origin__
    options = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    options = [option for option in options if option is not type(None)]
    if len(options) == 1 and options[0] is not kind:
        return _parts(options[0])
    models = tuple(option for option in options if _is_model(option))
    return kind, models if len(models) > 1 else ()


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _tags_of(model: type[BaseModel]) -> list[str]:
    """Values of the literal field that tells a model from the others of its union."""
    return [
        str(tag)
        for field in model.model_fields.values()
        if get_origin(field.annotation) is Literal and field.is_required()
        for tag in get_args(field.annotation)
    ]


def _child(kind: Any, step: int | str) -> Any:
    """The type of an entry, field or item; None where it is not known."""
    if _is_model(kind):
        fields = cast("type[BaseModel]", kind).model_fields
        field = next((f for name, f in fields.items() if step in (name, f.alias)), None)
        return field.annotation if field else None
    arguments = get_args(kind)
    if isinstance(step, int) and arguments:
        if arguments[-1] is Ellipsis or step >= len(arguments):
            return arguments[0]
        return arguments[step] if get_origin(kind) is tuple else arguments[0]
    return arguments[1] if len(arguments) == 2 else None


def _known_keys(model: type[BaseModel]) -> list[str]:
    return [f.alias or name for name, f in model.model_fields.items()]


def _legible(step: int | str) -> int | str:
    """A step of a path for display: a key that is no plain word, such as one with a line break, is quoted and cut."""
    return step if isinstance(step, int) or re.fullmatch(r"\w{1,60}", step, re.ASCII) else _shown(step)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _sentence(detail: dict[str, Any], location: _Location) -> str:
    kind, entered = str(detail["type"]), _shown(detail["input"])
    context = cast("dict[str, Any]", detail.get("ctx", {}))
    last = location.steps[-1] if location.steps else ""
    if kind == "missing":
        return _missing(location.model, last)
    if kind == "extra_forbidden":
        return f"is not a known key; {nearest(str(last), _known_keys(location.model))}"
    if kind in _EXPECTED:
        return f"{_EXPECTED[kind]}. You entered {entered}."
    if kind in BOUNDS:
        word, key = BOUNDS[kind]
        return f"must be {word} {context[key]:g}. You entered {entered}."
    if kind in ("too_short", "too_long"):
        return _length(kind, context, entered)
    if kind.startswith("string"):
        return _text(kind, context, entered)
    if kind in ("literal_error", "enum"):
        allowed = str(context["expected"]).replace(" or ", ", ").replace("'", "")
        return f"must be one of {allowed}. You entered {entered}."
    if kind.startswith("union_tag"):
        entered = f"You entered {context['tag']!r}." if "tag" in context else "It is missing."
        return f"needs a kind, one of {', '.join(location.tags)}. {entered}"
    if kind == "value_error":
        return f"{context.get('error', detail['msg'])}. You entered {entered}."
    if kind.startswith("date"):
        return f"must be a date such as 2026-01-31. You entered {entered}."
    return f"{str(detail['msg']).rstrip('.')}. You entered {entered}."


def _missing(model: type[BaseModel], last: int | str) -> str:
    if isinstance(last, int):
        return "a pair needs two numbers, such as [0.92, 1.0]."
    field = next((f for name, f in model.model_fields.items() if (f.alias or name) == last), None)
    meaning = f" ({field.description.rstrip('.')})" if field is not None and field.description else ""
    return f"is missing{meaning}."


def _length(kind: str, context: dict[str, Any], entered: str) -> str:
    if kind == "too_short":
        if context.get("actual_length") == 0:
            return f"must not be empty; it needs at least {context['min_length']}."
        return f"needs at least {context['min_length']} entries. You entered {context['actual_length']}."
    if context.get("max_length") == 2:
        return f"a pair has two numbers, such as [0.92, 1.0]. You entered {entered}."
    return f"takes at most {context['max_length']} entries. You entered {context['actual_length']}."


def _text(kind: str, context: dict[str, Any], entered: str) -> str:
    if kind == "string_too_long":
        return f"has more than {context['max_length']} characters."
    if kind == "string_too_short":
        return "must not be empty."
    if kind == "string_unicode":
        return f"has a broken character; type it again. You entered {entered}."
    pattern = str(context["pattern"])
    return f"must be {_PATTERNS.get(pattern, f'of the form {pattern}')}. You entered {entered}."
