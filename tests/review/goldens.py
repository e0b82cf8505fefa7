"""Goldens: the review of every shipped plan under every profile on one day."""

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
    """The grade and the findings of a template, with one severity where all profiles agree."""
    reviews = {p: review(templates.load(key), settings=Settings(profile=p), today=TODAY) for p in PROFILES}
    # In the order of the rule book, so that a severity that differs by profile moves nothing.
    weights: dict[tuple[str, str, str], dict[str, str]] = {}
    for profile, result in reviews.items():
        for finding in result.findings:
            weights.setdefault((finding.rule, finding.place, finding.message), {})[profile] = finding.severity
    findings = [
        {"rule": rule, "severity": _short(severities), "place": place, "message": message}
        for (rule, place, message), severities in sorted(weights.items())
    ]
    return {"grade": _short({p: result.grade for p, result in reviews.items()}), "findings": findings}


def _short(by_profile: dict[str, str]) -> str | dict[str, str]:
    values = set(by_profile.values())
    return values.pop() if len(values) == 1 and len(by_profile) == len(PROFILES) else by_profile


def text_of(key: str) -> str:
    """The content of the golden of a template."""
    writer = cast("Any", YAML())
    writer.width = 4096
    stream = io.StringIO()
    writer.dump(of(key), stream)
    return HEAD + stream.getvalue()


def recorded(key: str) -> dict[str, Any]:
    """The golden of a template."""
    return YAML(typ="safe").load((FOLDER / f"{key}.yaml").read_text(encoding="utf-8"))
