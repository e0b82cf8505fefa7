"""Read plans from YAML and JSON with size limits and the line of each error; write them as YAML without loss."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from pathlib import Path
from typing import Any, NoReturn, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, ScalarEvent

from compplan.errors import PlanError, Problem
from compplan.plan.fields import PlanFields

MOST_CHARACTERS = 200_000
DEEPEST = 20
MOST_IN_ONE = 500  # entries of one list or mapping; no part of a plan takes more
MOST_ENTRIES = 40_000
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.()/+%-]*( [A-Za-z0-9_.()/+%-]+)*")


def _fail(message: str, where: str = "") -> NoReturn:
    raise PlanError([Problem(where, message)])


def read_file(path: Path) -> Any:
    """Read a plan file as plain data.

    Raises
    ------
    PlanError
    """
    suffix = path.suffix.lower()
    if suffix not in {".yaml", ".yml", ".json"}:
        _fail("the file name must end in .yaml, .yml or .json.", str(path))
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_CHARACTERS * 4 + 1)
    except FileNotFoundError:
        _fail("there is no such file.", str(path))
    except OSError as error:
        _fail(f"cannot be read: {error.strerror}.", str(path))
    return read_bytes(raw, suffix)


def read_bytes(raw: bytes, suffix: str) -> Any:
    """Read the bytes of a plan file as plain data.

    Raises
    ------
    PlanError
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _fail(f"The file must be UTF-8 text. Byte {error.start + 1} is not. Save the file as UTF-8 and try again.")
    return read_json(text) if suffix.lower() == ".json" else read_yaml(text)


def _within_limit(data: Any) -> Any:
    """Return the data if it has no more entries than a plan can have, so that problems stay few enough to read."""
    waiting, entries = [data], 0
    while waiting:
        value = waiting.pop()
        if not isinstance(value, dict | list):
            continue
        inside = cast("list[Any]", list(value.values()) if isinstance(value, dict) else value)
        if len(inside) > MOST_IN_ONE:
            _fail(f"A list or mapping can have at most {MOST_IN_ONE} entries. This one has {len(inside):,}.")
        entries += len(inside)
        if entries > MOST_ENTRIES:
            _fail(f"A plan can have at most {MOST_ENTRIES:,} entries.")
        waiting += inside
    return data


def _check_length(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        _fail(f"A plan can have at most {MOST_CHARACTERS:,} characters. This one has {len(text):,}.")


def check_structure(text: str) -> None:
    """Refuse a long text, aliases, merge keys and deep nesting, before anything is built from the text.

    Raises
    ------
    PlanError
        If the text has one of these.
    YAMLError
        If it is not YAML.
    """
    _check_length(text)
    depth = 0
    for event in cast("Any", YAML(typ="safe", pure=True)).parse(io.StringIO(text)):
        if isinstance(event, AliasEvent):
            line = cast("Any", event).start_mark.line + 1
            _fail(f"Line {line}: YAML aliases (*name) are not allowed. Enter the value itself.")
        if isinstance(event, ScalarEvent) and cast("Any", event).value == "<<" and cast("Any", event).style is None:
            line = cast("Any", event).start_mark.line + 1
            _fail(f"Line {line}: YAML merge keys (<<) are not allowed. Enter the keys themselves.")
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            _fail(f"A plan can be nested at most {DEEPEST} levels deep.")


def read_yaml(text: str) -> Any:
    """Read YAML 1.2 as plain data, without aliases, repeated keys or deep nesting.

    Raises
    ------
    PlanError
        With the line of the error.
    """
    try:
        check_structure(text)
        return _within_limit(cast("Any", YAML(typ="safe", pure=True)).load(io.StringIO(text)))
    except MarkedYAMLError as error:
        mark = cast("Any", error).problem_mark or cast("Any", error).context_mark
        place = f"Line {mark.line + 1}, column {mark.column + 1}: not" if mark else "Not"
        error_text = str(cast("Any", error).problem or error).splitlines()[0]
        if "duplicate key" in error_text:
            error_text = f"the key {error_text.split('duplicate key')[1].split(' with value')[0].strip()} is repeated"
        _fail(f"{place} valid YAML: {error_text}.")
    except YAMLError as error:
        _fail(f"Not valid YAML: {str(error).splitlines()[0]}.")
    except (ValueError, RecursionError, OverflowError) as error:
        if isinstance(error, PlanError):
            raise
        _fail(f"Not valid YAML: {str(error).splitlines()[0] if str(error) else type(error).__name__}.")


def _quoted(key: str) -> str:
    """Quote a key, shortened to one line."""
    return json.dumps(key if len(key) <= 60 else f"{key[:57]}…", ensure_ascii=not key.isprintable())


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for key, value in pairs:
        if key in entries:
            _fail(f"Not valid JSON: the key {_quoted(key)} is repeated.")
        entries[key] = value
    return entries


def _no_constant(name: str) -> NoReturn:
    _fail(f"Not valid JSON: {name} is not a finite number.")


def read_json(text: str) -> Any:
    """Read JSON as plain data, without repeated keys.

    Raises
    ------
    PlanError
    """
    _check_length(text)
    try:
        return _within_limit(json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_no_constant))
    except json.JSONDecodeError as error:
        _fail(f"Line {error.lineno}, column {error.colno}: not valid JSON: {error.msg}.")
    except RecursionError:
        _fail("Not valid JSON: nested too deeply.")
    except ValueError as error:
        if isinstance(error, PlanError):
            raise
        _fail(f"Not valid JSON: {error}.")


def plain(plan: PlanFields) -> dict[str, Any]:
    """Return the fields of a plan that differ from their defaults, as plain data in the order of the format."""
    return _canonical(plan.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True))


def _canonical(value: Any) -> Any:
    """Put the kind of a curve first and its limits last, and write whole numbers without a decimal point."""
    if isinstance(value, dict):
        entries = {key: _canonical(each) for key, each in cast("dict[str, Any]", value).items()}
        if "kind" in entries:
            limits = {key: entries.pop(key) for key in ("cap", "floor", "threshold") if key in entries}
            entries = {"kind": entries.pop("kind"), **entries, **limits}
        return entries
    if isinstance(value, list):
        return [_canonical(each) for each in cast("list[Any]", value)]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def write_yaml(data: dict[str, Any]) -> str:
    """Write plain data as YAML, with short mappings and points on one line."""
    writer = cast("Any", YAML())
    writer.width = 110
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.allow_unicode = True
    stream = io.StringIO()
    writer.dump(_styled(data, top=True), stream)
    return stream.getvalue()


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
