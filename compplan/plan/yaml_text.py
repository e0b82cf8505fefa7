"""YAML as plain data with the line of each place, and plain data as YAML. Nothing else makes a YAML parser."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from compplan.errors import PlanError
from compplan.plan import paths
from compplan.plan.bounds import MOST_DIGITS, check_depth, check_entries, check_length, refuse

_VERSION = (1, 2)
_END = re.compile(r"but (?:got|found) '<stream end>'")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.()/+%-]*( [A-Za-z0-9_.()/+%-]+)*")


def read_yaml(text: str) -> Any:
    """Read YAML 1.2 as plain data, without aliases, tags, repeated keys, deep nesting or very long numbers.

    Raises
    ------
    PlanError
        With the line of the error.

    Examples
    --------
    >>> read_yaml("pay: {base: 80000}")
    {'pay': {'base': 80000}}
    >>> read_yaml("a: &x [*x]")
    Traceback (most recent call last):
    compplan.errors.PlanError: Line 1: YAML aliases (*name) are not allowed. Enter the value itself.
    """
    loader = _loader()
    try:
        node = _compose(loader, text)
        return None if node is None else loader.constructor.construct_document(node)
    except MarkedYAMLError as error:
        mark = cast("Any", error).problem_mark or cast("Any", error).context_mark
        place = f"Line {mark.line + 1}, column {mark.column + 1}: not" if mark else "Not"
        problem = str(cast("Any", error).problem or error).splitlines()[0]
        problem = _END.sub("but the file ends", problem)
        if "duplicate key" in problem:
            problem = f"the key {problem.split('duplicate key')[1].split(' with value')[0].strip()} is repeated"
        refuse(f"{place} valid YAML: {problem}.")
    except PlanError:
        raise
    except (YAMLError, ValueError, RecursionError, OverflowError) as error:
        refuse(f"Not valid YAML: {str(error).splitlines()[0] if str(error) else type(error).__name__}.")


def lines_of(text: str) -> Mapping[str, int]:
    r"""Return the line of each place in a YAML or JSON text, counted from 1; empty if the text can't be read.

    Examples
    --------
    >>> lines_of("name: x\npay:\n  base: 1\n")["pay.base"]
    3
    """
    try:
        node = _compose(_loader(), text)
    except (YAMLError, ValueError, RecursionError):
        return {}
    return dict(_lines(node, ()))


def write_yaml(data: dict[str, Any]) -> str:
    """Write plain data as YAML, with short mappings and points on one line."""
    writer = cast("Any", YAML())
    writer.width = 110
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.allow_unicode = True
    stream = io.StringIO()
    writer.dump(_styled(data, top=True), stream)
    return stream.getvalue()


def _loader() -> Any:
    return YAML(typ="safe", pure=True)


def _compose(loader: Any, text: str) -> Any:
    """Build the nodes of the one document of a text; None if it is empty.

    Everything is checked while events come in, before anything is built that could grow beyond the text.
    """
    check_length(text)
    roots: list[Any] = []
    # Each open collection with its children: a mapping has its keys and values in turn.
    collections: list[tuple[Any, list[Any]]] = []
    entries = 0
    for event in cast("Iterator[Any]", loader.parse(io.StringIO(text))):
        _check_event(event)
        if _is(event, DocumentStartEvent) and roots:
            refuse(f"{_line(event)}: there is a second YAML document (---). Keep one in the file.")
        if _is(event, CollectionEndEvent):
            node, children = collections.pop()
            if _is(node, MappingNode):
                children = list(zip(children[::2], children[1::2], strict=True))
            node.value = children
            continue
        if not _is(event, ScalarEvent, CollectionStartEvent):
            continue
        node = _node(loader, event)
        if collections:
            parent, siblings = collections[-1]
            siblings.append(node)
            is_key = _is(parent, MappingNode) and len(siblings) % 2 == 1
            if is_key and not _is(node, ScalarNode):
                refuse(f"{_line(event)}: a key must be text, not a list or a mapping.")
            entries += not is_key
            check_entries(len(siblings) // (2 if _is(parent, MappingNode) else 1), entries)
        else:
            roots.append(node)
        if _is(event, CollectionStartEvent):
            collections.append((node, []))
            check_depth(len(collections))
    return roots[0] if roots else None


def _is(thing: Any, *kinds: type) -> bool:
    """Like isinstance, but leaves the type open: the library declares few of its own."""
    return isinstance(thing, kinds)


def _line(event: Any) -> str:
    return f"Line {event.start_mark.line + 1}"


def _check_event(event: Any) -> None:
    """Refuse what plain data does not need."""
    if _is(event, AliasEvent):
        refuse(f"{_line(event)}: YAML aliases (*name) are not allowed. Enter the value itself.")
    if getattr(event, "tag", None):
        refuse(f"{_line(event)}: YAML tags (!name) are not allowed. Remove the tag.")
    if _is(event, ScalarEvent) and event.value == "<<" and event.style is None:
        refuse(f"{_line(event)}: YAML merge keys (<<) are not allowed. Enter the keys themselves.")
    if _is(event, DocumentStartEvent) and (event.version or _VERSION) != _VERSION:
        refuse(f"{_line(event)}: the file must be YAML 1.2. Remove the %YAML line.")


def _node(loader: Any, event: Any) -> Any:
    """Return the node of a scalar, or of a collection that has no children yet."""
    marks = (event.start_mark, event.end_mark)
    if _is(event, ScalarEvent):
        value = event.value
        tag = loader.resolver.resolve(ScalarNode, value, event.implicit)
        if str(tag).endswith(":int") and len(value) > MOST_DIGITS:
            refuse(f"{_line(event)}: a whole number can have at most {MOST_DIGITS} digits.")
        return cast("Any", ScalarNode)(tag, value, *marks, style=event.style)
    kind = SequenceNode if _is(event, SequenceStartEvent) else MappingNode
    tag = loader.resolver.resolve(kind, None, event.implicit)
    return cast("Any", kind)(tag, [], *marks, flow_style=event.flow_style)


def _lines(node: Any, place: tuple[str | int, ...]) -> Iterator[tuple[str, int]]:
    """Iterate over the places below a node and their lines."""
    if _is(node, MappingNode):
        children = [(str(key.value), key, value) for key, value in node.value]
    elif _is(node, SequenceNode):
        children = [(i, value, value) for i, value in enumerate(node.value)]
    else:
        return
    for step, marked, value in children:
        yield paths.join((*place, step)), marked.start_mark.line + 1
        yield from _lines(value, (*place, step))


def _styled(value: Any, top: bool = False) -> Any:
    """Mark the innermost mappings and lists to be written on one line."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value)
        styled = CommentedMap({k: _styled(v) for k, v in entries.items()})
        if not top and len(str(entries)) < 120 and "measure" not in entries:
            cast("Any", styled).fa.set_flow_style()
        return styled
    if isinstance(value, list):
        items = cast("list[Any]", value)
        styled = CommentedSeq([_styled(v) for v in items])
        if not any(isinstance(v, dict) for v in items) and len(str(items)) < 200:
            cast("Any", styled).fa.set_flow_style()
        return styled
    if isinstance(value, dt.date):
        return value.isoformat()
    # ruamel folds and leaves bare more than it reads back: two spaces at a fold, a leading colon, U+0085.
    return DoubleQuotedScalarString(value) if isinstance(value, str) and not _PLAIN.fullmatch(value) else value
