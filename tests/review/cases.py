"""The table of cases of the review: for each rule a plan that fires it, and one that just does not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from compplan import templates
from compplan.plan import Plan
from compplan.review import Context, Review, Settings, review

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "review"
TODAY = dt.date(2026, 6, 1)
USUAL = "knowup-csat-weighted"
# The answers of all cases except those of rules that ask: nobody can move deals or prices, so a jump is less severe.
# Otherwise removing a component of the usual plan would turn GRR's jump into an error, and no fix may add one.
USUAL_ANSWERS = {"controls_timing": False, "controls_price": False}
RULES_THAT_ASK = {"CUR-04", "CUR-05", "POL-03"}


def all_cases() -> list[dict[str, Any]]:
    """Every case of every file, each with the name of its file."""
    cases: list[dict[str, Any]] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        cases += [dict(case, file=path.stem) for case in YAML(typ="safe").load(path.read_text(encoding="utf-8"))]
    return cases


def plan_of(case: dict[str, Any], side: dict[str, Any]) -> Plan:
    """The plan of one side of a case: a template with some places changed."""
    plan = templates.load(side.get("plan") or case.get("plan") or USUAL)
    changes = {**case.get("change", {}), **side.get("change", {})}
    return plan.edit(changes) if changes else plan


def context_of(case: dict[str, Any], side: dict[str, Any]) -> Context:
    """The context of one side: what both share with what is its own over it, one level deep."""
    shared, own = case.get("context", {}), side.get("context", {})
    merged: dict[str, Any] = {
        **({} if case["rule"] in RULES_THAT_ASK or case.get("unsaid") else USUAL_ANSWERS),
        **shared,
    }
    for key, value in own.items():
        both = isinstance(value, dict) and isinstance(shared.get(key), dict)
        merged[key] = {**shared[key], **value} if both else value
    return Context.of(merged)


def reviewed(case: dict[str, Any], side: dict[str, Any]) -> Review:
    """The review of one side of a case."""
    settings = {"profile": side.get("profile") or case.get("profile") or "commercial"}
    if "thresholds" in case:
        settings["thresholds"] = case["thresholds"]
    today = side.get("today") or case.get("today") or TODAY
    return review(plan_of(case, side), context_of(case, side), Settings.of(settings), today=today)
