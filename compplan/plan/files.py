"""Read plan files, in YAML or JSON, with size limits and the line of each error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn, cast

from compplan.errors import PlanError
from compplan.plan.bounds import MOST_CHARACTERS, MOST_DIGITS, check_length, refuse, within_bounds
from compplan.plan.fields import PlanFields
from compplan.plan.yaml_text import lines_of, read_yaml, write_yaml

__all__ = ["lines_of", "plain", "read_bytes", "read_file", "read_json", "read_yaml", "write_yaml"]


def read_file(path: Path) -> Any:
    """Read a plan file as plain data.

    Raises
    ------
    PlanError
    """
    suffix = path.suffix.lower()
    if suffix not in {".yaml", ".yml", ".json"}:
        refuse("the file name must end in .yaml, .yml or .json.", str(path))
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_CHARACTERS * 4 + 1)
    except FileNotFoundError:
        refuse("there is no such file.", str(path))
    except OSError as error:
        refuse(f"cannot be read: {error.strerror}.", str(path))
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
        refuse(f"The file must be UTF-8 text. Byte {error.start + 1} is not. Save the file as UTF-8 and try again.")
    return read_json(text) if suffix.lower() == ".json" else read_yaml(text)


def _quoted(key: str) -> str:
    """Quote a key, shortened to one line."""
    return json.dumps(key if len(key) <= 60 else f"{key[:57]}…", ensure_ascii=not key.isprintable())


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for key, value in pairs:
        if key in entries:
            refuse(f"Not valid JSON: the key {_quoted(key)} is repeated.")
        entries[key] = value
    return entries


def _no_constant(name: str) -> NoReturn:
    refuse(f"Not valid JSON: {name} is not a finite number.")


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        refuse(f"Not valid JSON: a whole number can have at most {MOST_DIGITS} digits.")
    return int(digits)


def read_json(text: str) -> Any:
    """Read JSON as plain data, without repeated keys.

    Raises
    ------
    PlanError
    """
    check_length(text)
    try:
        return within_bounds(
            json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_no_constant, parse_int=_whole_number)
        )
    except json.JSONDecodeError as error:
        refuse(f"Line {error.lineno}, column {error.colno}: not valid JSON: {error.msg}.")
    except RecursionError:
        refuse("Not valid JSON: nested too deeply.")
    except ValueError as error:
        if isinstance(error, PlanError):
            raise
        refuse(f"Not valid JSON: {error}.")


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
