"""What the review says of every plan that ships, under every profile, on one day: worked out, written and read."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML

from compplan import templates
from compplan.review import PROFILES, Settings, review

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "review_goldens"
TODAY = dt.date(2026, 6, 1)
HEAD = "# Recorded by tests/review/record.py; read what changed before it is committed.\n"


def of(key: str) -> dict[str, Any]:
    """The grade and the findings of one template; what a finding weighs stands once where all profiles agree."""
    seen = {p: review(templates.load(key), settings=Settings(profile=p), today=TODAY) for p in PROFILES}
    # In the order of the rule book, so that what weighs more under one profile does not move.
    weights: dict[tuple[str, str, str], dict[str, str]] = {}
    for profile, reviewed in seen.items():
        for found in reviewed.findings:
            weights.setdefault((found.rule, found.place, found.message), {})[profile] = found.severity
    findings = [
        {"rule": rule, "severity": _short(weighs), "place": place, "message": message}
        for (rule, place, message), weighs in sorted(weights.items())
    ]
    return {"grade": _short({p: reviewed.grade for p, reviewed in seen.items()}), "findings": findings}


def _short(by_profile: dict[str, str]) -> str | dict[str, str]:
    values = set(by_profile.values())
    return values.pop() if len(values) == 1 and len(by_profile) == len(PROFILES) else by_profile


def text_of(key: str) -> str:
    """One template as its file has it."""
    writer = cast("Any", YAML())
    writer.width = 4096
    stream = io.StringIO()
    writer.dump(of(key), stream)
    return HEAD + stream.getvalue()


def recorded(key: str) -> dict[str, Any]:
    """One template as it was recorded."""
    return YAML(typ="safe").load((FOLDER / f"{key}.yaml").read_text(encoding="utf-8"))
