"""Answers of every kind to the questions of a review, drawn from a `random.Random` as the plans are.

Which questions there are, and what an answer may be, is read off the context itself: a new question is drawn too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any

from compplan.plan import Plan, paths
from compplan.review import Context
from compplan.review.context import BookAnswers, MeasureData, answer_schema

FIRST, DAYS = dt.date(2024, 1, 1), 900
# Where any word would do, words that rules tell apart; and numbers about as large as they are.
WORDS: dict[str, Sequence[str]] = {
    "roles": ["csm", "senior_csm", "strategic_csm", "renewals_manager", "account_manager"],
    "country": ["US", "US", "DE"],
    "states": ["CA", "NY", "WA", "CO", "TX", "AK"],
    "benchmark.source": ["knowup", "our own survey"],
}
SIZES: dict[str, float] = {
    "team_size": 20, "cycle_months": 24, "loaded_cost": 400_000, "accounts": 120, "arr": 30_000_000,
    "mean_acv": 300_000, "first_year": 60, "due": 5_000_000, "utilisation": 2, "total": 4, "lag_days": 60,
    "history": 12, "quarters_running": 6, "spif_quarters": 6, "employees": 80, "team_targets": 4_000_000, "lift": 3,
}  # fmt: skip


def questions(plan: Plan) -> list[str]:
    """Paths of all questions that can be asked about a plan."""
    found: list[str] = []
    for name, field in Context.model_fields.items():
        inner = field.annotation
        if name == "measures":
            found += [f"measures.{key}.{leaf}" for key in plan.by_id for leaf in MeasureData.model_fields]
        elif isinstance(inner, type) and hasattr(inner, "model_fields"):
            found += [f"{name}.{leaf}" for leaf in inner.model_fields]
        else:
            found.append(name)
    return found


def answer(rng: Random, plan: Plan, question: str) -> Any:
    """Something that may be answered."""
    ids = list(plan.by_id)
    if question == "segments":
        return {
            name: rng.randint(60, 100) / 100 for name in rng.sample(["EMEA", "Americas", "Asia"], rng.randint(1, 3))
        }
    if question == "correlations":
        pairs = [f"{a},{b}" for i, a in enumerate(ids) for b in ids[i + 1 :]] or [f"{ids[0]},{ids[0]}"]
        return {pair: rng.randint(-100, 100) / 100 for pair in pairs}
    if question == "team_targets":
        return {key: float(rng.randint(0, 400) * 10_000) for key in ids}
    if question == "books":
        return [
            {leaf: answer(rng, plan, f"book.{leaf}") for leaf in BookAnswers.model_fields}
            for _ in range(rng.randint(1, 4))
        ]
    return _draw(rng, question, answer_schema(question))


def _draw(rng: Random, question: str, kind: dict[str, Any]) -> Any:
    leaf = question.rpartition(".")[2]
    if "enum" in kind:
        return rng.choice(kind["enum"])
    if kind["type"] == "boolean":
        return rng.random() < 0.5
    if kind["type"] == "array":
        least, most = kind.get("minItems", 0), min(kind["maxItems"], 4)
        items = [_draw(rng, question, kind["items"]) for _ in range(rng.randint(least, most))]
        return items if least else list(dict.fromkeys(items))
    if kind["type"] == "string":
        if kind.get("format") == "date":
            return (FIRST + dt.timedelta(days=rng.randint(0, DAYS))).isoformat()
        return rng.choice(WORDS.get(question, ["none", "CRM", "Asks for renewals to be signed early."]))
    return _number(rng, leaf, kind)


def _number(rng: Random, leaf: str, kind: dict[str, Any]) -> float:
    low, high = kind["minimum"], kind["maximum"]
    if leaf == "lift":
        low, high = -SIZES[leaf], SIZES[leaf]
    elif leaf in SIZES:
        high = SIZES[leaf]
    elif leaf == "year":
        low, high = 2018, 2027
    value = low + (high - low) * rng.randint(0, 100) / 100
    return round(value) if kind["type"] == "integer" else float(value)


def make_context(rng: Random, plan: Plan, asked: Sequence[str] | None = None, share: float = 0.5) -> Context:
    """A context that answers some questions.

    Parameters
    ----------
    asked : sequence of str, optional
        The questions to answer; any if left out.
    share : float
        How many of them, about.
    """
    data: dict[str, Any] = {}
    for question in questions(plan) if asked is None else asked:
        if rng.random() < share:
            paths.put(data, question, answer(rng, plan, question))
    return Context.of(data)
