"""The questions of the review as fields: each with the widget that its answer takes, and the rules that wait for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

import streamlit as st

from compplan import formats
from compplan.errors import CompPlanError, Problem
from compplan.plan import files
from compplan.review import Context, Review, question_text
from compplan.review.context import answer_schema
from compplan.ui.review import session as review_session
from compplan.ui.session import EditSession
from compplan.ui.widgets.fields import follow, number_field, problems_under
from compplan.ui.widgets.labels import component_names, verbatim

LITMUS = ("litmus.last_two_weeks", "litmus.reviewed", "litmus.lift")
GROUPS = {
    "The organisation": (
        "charters", "maturity", "renewal_owner", "expansion_owner", "team_size", "roles", "also_paid", "credit",
        "level_change", "controls_timing", "controls_price", "cycle_months", "gross_margin", "segments", "correlations",
        "team_targets",
    ),
    "The book of accounts": ("book", "books"),
    "The data": ("measures",),
    "Pay and market": ("premiums", "benchmark", "loaded_cost"),
    "The plan document": ("terms",),
    "Law and accounting": ("country", "states", "exempt", "law"),
}  # fmt: skip
_UNSAID = ""  # a choice of its own: a list shows nothing at all for None
_IN_A_FILE = {"object"}


def litmus(session: EditSession) -> None:
    """The three questions to ask before every quarter."""
    seen = review_session.seen(session)
    st.caption("Can you measure it? What would happen in the last two weeks? Is it working?")
    names = component_names(session.plan)
    for component in session.plan.components:
        if component.weight or component.rate:
            label = f"{verbatim(names[component.key])}: can it be measured now?"
            _field(session, f"measures.{component.key}.available", label, ())
            if session.context.get("measures", {}).get(component.key, {}).get("available"):
                lag = f"measures.{component.key}.lag_days"
                _field(session, lag, question_text(lag), _waiting(seen, lag))
    for path in LITMUS:
        _field(session, path, question_text(path), _waiting(seen, path))


def questions(session: EditSession, seen: Review) -> None:
    """Every question that a rule wants answered, and every answer that was given, in groups."""
    asked = {u.question for u in seen.unanswered} | set(_answered(session))
    # What the litmus test asks is not asked twice; how late a figure is, it asks where there is a figure.
    measured = {k for k, v in session.context.get("measures", {}).items() if v.get("available")}
    wanted = {
        path for path in asked
        if not path.endswith(".available") and not (path.endswith(".lag_days") and path.split(".")[1] in measured)
    }  # fmt: skip
    names = component_names(session.plan)
    for title, heads in GROUPS.items():
        paths = [p for p in _ordered(session, seen) if p in wanted and p.split(".")[0] in heads]
        if not paths:
            continue
        open_ones = sum(p in {u.question for u in seen.unanswered} for p in paths)
        with st.expander(f"{title} ({open_ones} open)", key=f"review.group.{title}"):
            for path in paths:
                steps = path.split(".")
                whose = f"{verbatim(names.get(steps[1], steps[1]))}: " if steps[0] == "measures" else ""
                _field(session, path, f"{whose}{question_text(path)}", _waiting(seen, path))


def _ordered(session: EditSession, seen: Review) -> list[str]:
    return list(dict.fromkeys([*(u.question for u in seen.unanswered), *_answered(session)]))


def _answered(session: EditSession) -> list[str]:
    """Paths of what was answered."""
    found: list[str] = []

    def walk(value: Any, way: str) -> None:
        try:
            leaf = not way or answer_schema(way).get("properties") is None
        except LookupError:
            return
        if isinstance(value, dict) and (not way or not leaf or way == "measures"):
            for key, entry in cast("dict[str, Any]", value).items():
                walk(entry, f"{way}.{key}" if way else str(key))
        else:
            found.append(way)

    walk(review_session.fitting(session.plan, session.context), "")
    return [path for path in found if path]


def _waiting(seen: Review, path: str) -> tuple[str, ...]:
    return next((u.rules for u in seen.unanswered if u.question == path), ())


def _field(session: EditSession, path: str, label: str, rules: Sequence[str]) -> None:
    """One question with the widget of its answer."""
    kind, key = answer_schema(path), f"{session.form}.context.{path}"
    told = f"Waiting for it: {', '.join(rules)}" if rules else None
    value = Context.of(review_session.fitting(session.plan, session.context)).answer(path)
    if kind.get("type") == "boolean":
        _choice(session, path, label, {_UNSAID: "Not said", True: "Yes", False: "No"}, value, key, told)
    elif "enum" in kind:
        options: dict[Any, str] = {_UNSAID: "Not said"} | {o: str(o).replace("_", " ") for o in kind["enum"]}
        _choice(session, path, label, options, value, key, told)
    elif kind.get("type") in {"number", "integer"}:
        _number(session, path, label, kind, value, told)
    elif kind.get("type") in _IN_A_FILE or _of_parts(kind):
        st.caption(f"{label} This is given in a context file.")
    else:
        _text(session, path, label, kind, value, key, told)


def _of_parts(kind: dict[str, Any]) -> bool:
    return kind.get("type") == "array" and "$ref" in kind.get("items", {})


def _choice(
    session: EditSession, path: str, label: str, options: dict[Any, str], value: Any, key: str, told: str | None
) -> None:
    def chosen() -> None:
        wanted = st.session_state[key]
        review_session.answer(session, path, None if wanted == _UNSAID else wanted)

    st.session_state[key] = _UNSAID if value is None or value not in options else value
    st.selectbox(label, list(options), format_func=options.__getitem__, key=key, on_change=chosen, help=told)
    problems_under(session, f"context.{path}")


def _number(session: EditSession, path: str, label: str, kind: dict[str, Any], value: Any, told: str | None) -> None:
    share = kind.get("maximum") == 1 or kind.get("unit") == "share"
    money = kind.get("maximum") == 1e9

    def entered(found: float | None, text: str) -> None:
        if kind["type"] == "integer" and found is not None:
            if found != int(found):
                session.problems[f"context.{path}"] = (Problem("", "Enter a whole number."),)
                session.typed[f"context.{path}"] = text
                return
            review_session.answer(session, path, int(found), text)
            return
        review_session.answer(session, path, found, text)

    unit = "share" if share else "money" if money else ""
    number_field(
        session, label, f"context.{path}", None if value is None else float(value), unit, entered, help_text=told,
        placeholder="not said",
    )  # fmt: skip


def _text(
    session: EditSession, path: str, label: str, kind: dict[str, Any], value: Any, key: str, told: str | None
) -> None:
    """Words, a date, or several of them with commas."""
    several = kind.get("type") == "array"
    numbers = several and kind.get("items", {}).get("type") == "number"

    def typed() -> None:
        text = str(st.session_state[key]).strip()
        if not text:
            review_session.answer(session, path, None)
            return
        if not several:
            review_session.answer(session, path, text, text)
            return
        # Numbers may have commas between thousands: what three digits follow parts nothing.
        apart = r";|,(?!\d{3}(?!\d))" if numbers else ","
        parts: list[Any] = [part.strip() for part in re.split(apart, text) if part.strip()]
        if numbers:
            try:
                parts = [formats.read_number(part, "", session.plan.currency) for part in parts]
            except ValueError:
                said = "Numbers with commas between them, such as 0.02, -0.01."
                session.problems[f"context.{path}"] = (Problem("", said),)
                session.typed[f"context.{path}"] = text
                return
        review_session.answer(session, path, parts, text)

    shown = "" if value is None else ", ".join(map(_plain, value)) if several else str(value)
    follow(session, key, f"context.{path}", shown)
    example = "2026-01-31" if kind.get("format") == "date" else "not said"
    allowed = kind.get("items", {}).get("enum")
    example = ", ".join(allowed) if allowed else example
    st.text_input(label, key=key, on_change=typed, help=told, placeholder=example)
    problems_under(session, f"context.{path}")


def _plain(value: Any) -> str:
    return formats.plain_number(value, 12) if isinstance(value, float) else str(value)


def file(session: EditSession) -> None:
    """The answers as a file, out and in."""

    def read() -> None:
        found = st.session_state.get("review.context")
        if found is None:
            return
        try:
            raw: bytes = found.getvalue()
            data = files.read_bytes(raw, ".json" if found.name.lower().endswith(".json") else ".yaml")
            known = review_session.sound(data)
        except CompPlanError as error:
            session.problems["context.file"] = tuple(Problem("", f"Not read: {p}") for p in error.problems[:5])
            return
        session.problems.pop("context.file", None)
        session.context = known
        session.shown.clear()

    st.file_uploader(
        "Read a context file", type=["yaml", "yml", "json"], key="review.context", on_change=read, max_upload_size=1,
        help="What `compplan check --context` takes: the answers to these questions.",
    )  # fmt: skip
    problems_under(session, "context.file")
    st.download_button(
        "Download the answers", files.write_yaml(dict(session.context)) if session.context else "", "context.yaml",
        "application/yaml", disabled=not session.context, on_click="ignore",
    )  # fmt: skip
