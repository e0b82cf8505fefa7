"""compose.yaml as Compose reads it: variables put in, services by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
_VARIABLE = re.compile(r"\$\{(\w+)(?::(-|\?)([^}]*))?\}")


def read(given: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The file, with `given` for its variables; without, as it stands."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    data = YAML(typ="safe").load(text)
    return data if given is None else _filled(data, given)


def variables() -> dict[str, bool]:
    """The variables of the file, and whether each has to be set."""
    found = _VARIABLE.findall((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return {name: kind == "?" for name, kind, _ in found}


def _filled(value: Any, given: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(each, given) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, given) for each in value]
    return _VARIABLE.sub(lambda found: _one(found, given), value) if isinstance(value, str) else value


def _one(found: re.Match[str], given: Mapping[str, str]) -> str:
    name, kind, told = found.groups()
    if given.get(name):
        return given[name]
    assert kind == "-", f"{name} is not set: {told}"
    return str(told)
