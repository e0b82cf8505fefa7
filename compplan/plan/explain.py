"""What pydantic refuses, said as sentences for people."""

from __future__ import annotations

import re
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from compplan.curves import Goal, Linear, Retroactive, Step, Tiered
from compplan.errors import Problem, nearest
from compplan.measures import OwnMeasure
from compplan.plan import parts
from compplan.plan.paths import join

_KINDS: dict[str, type[BaseModel]] = {
    "linear": Linear, "step": Step, "tiered": Tiered, "retroactive": Retroactive, "goal": Goal,
}  # fmt: skip
_PARTS: dict[str, type[BaseModel]] = {
    "pay": parts.Pay, "components": parts.Component, "gates": parts.Gate, "otherwise": parts.Otherwise,
    "modifiers": parts.Modifier, "kickers": parts.Kicker, "caps": parts.Caps, "rounding": parts.Rounding,
    "effective": parts.Effective, "about": parts.About, "measures": OwnMeasure,
}  # fmt: skip
_WANTED = {
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "string_type": "must be text",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
    "finite_number": "must be a finite number",
}
MOST_TOLD = 100  # problems of one plan; more help nobody, and take long to say
_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "less_than_equal": ("at most", "le"),
    "greater_than": ("above", "gt"),
    "less_than": ("below", "lt"),
}
_PATTERNS = {
    r"^[A-Z]{2}$": "two capital letters, such as US or CA",
    r"^[A-Z]{3}$": "three capital letters of ISO 4217, such as USD",
    r"^[a-z][a-z0-9_]{0,39}$": "a short lower-case key, letters, digits and _, such as expansion_arr",
}

# Where target variable below nothing is refused: base and OTE were not taken from the same place of their bands.
_TARGET_PAY = (("pay", "variable"), ("pay", "variable_share"))


def explain(error: ValueError, data: Any, root: type[BaseModel]) -> list[Problem]:
    """Problems of a refused plan, each with its place.

    Parameters
    ----------
    error : ValueError
        What validation raised.
    data : object
        What was given, to show what was found.
    root : type
        The class that was validated.
    """
    if not isinstance(error, ValidationError):
        return [Problem("", f"{error}.")]
    problems: list[Problem] = []
    details = error.errors(include_url=False)[:MOST_TOLD]
    for detail in details:
        # A list whose entries are refused counts as empty; that is not what is wrong with it.
        if detail["type"] == "too_short" and any(
            len(d["loc"]) > len(detail["loc"]) and d["loc"][: len(detail["loc"])] == detail["loc"] for d in details
        ):
            continue
        if detail["type"] == "problems":
            problems += cast("dict[str, list[Problem]]", detail.get("ctx", {}))["problems"]
            continue
        steps = _place(detail["loc"], data)
        sentence = _sentence(cast("dict[str, Any]", detail), steps, root)
        problems.append(Problem(join(tuple(map(_legible, steps))), sentence, _rule(steps, str(detail["type"]))))
    return problems


def _rule(steps: tuple[int | str, ...], kind: str) -> str:
    """The rule of the review that a number out of its bounds breaks; empty where it breaks none."""
    if kind not in _BOUNDS:
        return ""
    if steps in _TARGET_PAY:
        return "INT-02"
    # A rate below nothing makes a curve go down.
    return "INT-04" if kind == "greater_than_equal" and steps[-3:-2] == ("tiers",) and steps[-1] == 1 else ""


def _place(location: tuple[int | str, ...], data: Any) -> tuple[int | str, ...]:
    """The location without the union tags that pydantic puts in: only steps that the data has, and the last."""
    steps: list[int | str] = []
    for i, step in enumerate(location):
        if steps and steps[-1] == "curve" and step in _KINDS:
            continue
        if step == "[key]":
            continue
        steps.append(step)
        if isinstance(data, dict):
            data = cast("dict[Any, Any]", data).get(step)
        elif isinstance(data, list) and isinstance(step, int):
            items = cast("list[Any]", data)
            data = items[step] if step < len(items) else None
        elif i + 1 < len(location):
            data = None
    return tuple(steps)


def _model(steps: tuple[int | str, ...], location: tuple[int | str, ...], root: type[BaseModel]) -> type[BaseModel]:
    tags = [s for s in location if s in _KINDS]
    if len(steps) > 1 and "curve" in steps and tags:
        return _KINDS[str(tags[-1])]
    names = [s for s in steps[:-1] if isinstance(s, str) and s in _PARTS]
    return _PARTS[names[-1]] if names else root


def _known(model: type[BaseModel]) -> list[str]:
    return [f.alias or name for name, f in model.model_fields.items()]


def _legible(step: int | str) -> int | str:
    """A step of a path as it may be shown: a key that is no word, such as one with a line break, quoted and short."""
    return step if isinstance(step, int) or re.fullmatch(r"\w{1,60}", step, re.ASCII) else _shown(step)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _sentence(detail: dict[str, Any], steps: tuple[int | str, ...], root: type[BaseModel]) -> str:
    kind, got = str(detail["type"]), _shown(detail["input"])
    context = cast("dict[str, Any]", detail.get("ctx", {}))
    model, last = _model(steps, detail["loc"], root), steps[-1] if steps else ""
    if kind == "missing":
        return _missing(model, last)
    if kind == "extra_forbidden":
        return f"is not a key that is known here; {nearest(str(last), _known(model))}"
    if kind in _WANTED:
        return f"{_WANTED[kind]}, got {got}."
    if kind in _BOUNDS:
        word, key = _BOUNDS[kind]
        return f"must be {word} {context[key]:g}, got {got}."
    if kind in ("too_short", "too_long"):
        return _length(kind, context, got)
    if kind.startswith("string"):
        return _text(kind, context, got)
    if kind == "literal_error":
        allowed = str(context["expected"]).replace(" or ", ", ").replace("'", "")
        return f"must be one of {allowed}; got {got}."
    if kind.startswith("union_tag"):
        found = f"got {context['tag']!r}" if "tag" in context else "it has none"
        return f"a curve's kind is one of {_kinds(context)}; {found}."
    if kind == "value_error":
        return f"{context.get('error', detail['msg'])}, got {got}."
    if kind.startswith("date"):
        return f"must be a date such as 2026-01-31, got {got}."
    return f"{str(detail['msg']).rstrip('.')}, got {got}."


def _missing(model: type[BaseModel], last: int | str) -> str:
    if isinstance(last, int):
        return "a pair needs two numbers, such as [0.92, 1.0]."
    field = next((f for name, f in model.model_fields.items() if (f.alias or name) == last), None)
    told = f" ({field.description.rstrip('.')})" if field is not None and field.description else ""
    return f"is missing{told}."


def _length(kind: str, context: dict[str, Any], got: str) -> str:
    if kind == "too_short":
        if context.get("actual_length") == 0:
            return f"must not be empty; it needs at least {context['min_length']}."
        return f"needs at least {context['min_length']} entries, got {context['actual_length']}."
    if context.get("max_length") == 2:
        return f"a pair has two numbers, such as [0.92, 1.0]; got {got}."
    return f"takes at most {context['max_length']} entries, got {context['actual_length']}."


def _text(kind: str, context: dict[str, Any], got: str) -> str:
    if kind == "string_too_long":
        return f"has more than {context['max_length']} characters."
    if kind == "string_too_short":
        return "must not be empty."
    if kind == "string_unicode":
        return f"has half of a character that needs two codes, got {got}."
    pattern = str(context["pattern"])
    return f"must be {_PATTERNS.get(pattern, f'of the form {pattern}')}; got {got}."


def _kinds(context: dict[str, Any]) -> str:
    return str(context.get("expected_tags", ", ".join(_KINDS))).replace("'", "")
