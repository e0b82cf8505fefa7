"""The questions of the review as fields, each with the rules that need its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

import streamlit as st

from compplan import formats
from compplan.plan import files
from compplan.review import Context, Review, question_text
from compplan.review.context import answer_schema
from compplan.ui.review.session import FILE_PROBLEMS, answer, read_answers, refuse
from compplan.ui.review_state import current_review, fitting_answers
from compplan.ui.session import EditSession
from compplan.ui.widgets.fields import follow, number_field, problems_under
from compplan.ui.widgets.labels import component_names, table_names, verbatim

LITMUS_TEST = ("litmus.last_two_weeks", "litmus.reviewed", "litmus.lift")
QUESTION_GROUPS = {
    "Organization": (
        "charters", "maturity", "renewal_owner", "expansion_owner", "team_size", "roles", "also_paid", "credit",
        "level_change", "controls_timing", "controls_price", "cycle_months", "gross_margin", "segments", "correlations",
        "team_targets",
    ),
    "Book of business": ("book", "books"),
    "Data": ("measures",),
    "Pay and market": ("premiums", "benchmark", "loaded_cost"),
    "Plan document": ("terms",),
    "Law and accounting": ("country", "states", "exempt", "law"),
}  # fmt: skip
_NO_ANSWER = ""  # Streamlit shows no text for an option None
# A comma with three digits after it separates thousands and not numbers.
_BETWEEN_NUMBERS = r";|,(?!\d{3}(?!\d))"


def litmus_test(session: EditSession) -> None:
    """The three questions to ask each quarter."""
    review = current_review(session)
    st.caption("Three questions for each quarter: Can you measure it? Could it be gamed? Is it working?")
    names = component_names(session.plan)
    for component in session.plan.components:
        if component.weight or component.rate:
            label = f"{verbatim(names[component.key])}: can you measure it today?"
            _field(session, f"measures.{component.key}.available", label, ())
            if session.context.get("measures", {}).get(component.key, {}).get("available"):
                lag = f"measures.{component.key}.lag_days"
                _field(session, lag, question_text(lag), _rules_waiting(review, lag))
    for path in LITMUS_TEST:
        _field(session, path, question_text(path), _rules_waiting(review, path))


def questions(session: EditSession, review: Review) -> None:
    """Every question that a rule asks and every answer that was given, in groups."""
    open_paths = {unanswered.question for unanswered in review.unanswered}
    paths = dict.fromkeys([*(unanswered.question for unanswered in review.unanswered), *_answered(session)])
    shown = [path for path in paths if not _in_litmus_test(session, path)]
    names = component_names(session.plan)
    for title, heads in QUESTION_GROUPS.items():
        group = [path for path in shown if path.split(".")[0] in heads]
        if not group:
            continue
        open_count = sum(path in open_paths for path in group)
        with st.expander(f"{title} ({open_count} open)", key=f"review.group.{title}"):
            for path in group:
                steps = path.split(".")
                prefix = f"{verbatim(names.get(steps[1], steps[1]))}: " if steps[0] == "measures" else ""
                _field(session, path, f"{prefix}{question_text(path)}", _rules_waiting(review, path))


def _in_litmus_test(session: EditSession, path: str) -> bool:
    """Whether the litmus test asks a question; it asks for the lag of a measure once that can be measured."""
    if path.endswith(".available"):
        return True
    measures = session.context.get("measures", {})
    return path.endswith(".lag_days") and bool(measures.get(path.split(".")[1], {}).get("available"))


def _answered(session: EditSession) -> list[str]:
    """Paths of the questions that are answered."""
    paths: list[str] = []

    def walk(value: Any, path: str) -> None:
        try:
            is_answer = bool(path) and answer_schema(path).get("properties") is None
        except LookupError:
            return
        if isinstance(value, dict) and (not is_answer or path == "measures"):
            for key, entry in cast("dict[str, Any]", value).items():
                walk(entry, f"{path}.{key}" if path else str(key))
        else:
            paths.append(path)

    walk(fitting_answers(session.plan, session.context), "")
    return [path for path in paths if path]


def _rules_waiting(review: Review, path: str) -> tuple[str, ...]:
    return next((unanswered.rules for unanswered in review.unanswered if unanswered.question == path), ())


def _field(session: EditSession, path: str, label: str, rules: Sequence[str]) -> None:
    """One question, as the kind of field that its answer takes."""
    kind, key = answer_schema(path), f"{session.field_version}.context.{path}"
    help_text = f"Needed for: {', '.join(rules)}" if rules else None
    value = Context.of(fitting_answers(session.plan, session.context)).answer(path)
    if kind.get("type") == "boolean":
        _choice(session, path, label, {_NO_ANSWER: "Not answered", True: "Yes", False: "No"}, value, key, help_text)
    elif "enum" in kind:
        roles = table_names("roles")
        options: dict[Any, str] = {_NO_ANSWER: "Not answered"}
        options |= {option: roles.get(option, str(option).replace("_", " ").capitalize()) for option in kind["enum"]}
        _choice(session, path, label, options, value, key, help_text)
    elif kind.get("type") in {"number", "integer"}:
        _number(session, path, label, kind, value, help_text)
    elif kind.get("type") == "object" or (kind.get("type") == "array" and "$ref" in kind.get("items", {})):
        st.caption(f"{label} Answer this in an answers file.")
    else:
        _text(session, path, label, kind, value, key, help_text)


def _choice(
    session: EditSession, path: str, label: str, options: dict[Any, str], value: Any, key: str, help_text: str | None
) -> None:
    def chosen() -> None:
        choice = st.session_state[key]
        answer(session, path, None if choice == _NO_ANSWER else choice)

    st.session_state[key] = _NO_ANSWER if value is None or value not in options else value
    st.selectbox(label, list(options), format_func=options.__getitem__, key=key, on_change=chosen, help=help_text)
    problems_under(session, f"context.{path}")


def _number(
    session: EditSession, path: str, label: str, kind: dict[str, Any], value: Any, help_text: str | None
) -> None:
    share = kind.get("maximum") == 1 or kind.get("unit") == "share"
    money = kind.get("maximum") == 1e9

    def entered(number: float | None, text: str) -> None:
        if kind["type"] == "integer" and number is not None:
            if number != int(number):
                refuse(session, path, text, f"Enter a whole number. You entered {text}.")
                return
            answer(session, path, int(number), text)
            return
        answer(session, path, number, text)

    unit = "share" if share else "money" if money else ""
    number_field(
        session, label, f"context.{path}", None if value is None else float(value), unit, entered, help_text=help_text,
        placeholder="Not answered",
    )  # fmt: skip


def _text(
    session: EditSession, path: str, label: str, kind: dict[str, Any], value: Any, key: str, help_text: str | None
) -> None:
    """Words, a date, or several words or numbers separated by commas."""
    is_list = kind.get("type") == "array"
    of_numbers = is_list and kind.get("items", {}).get("type") == "number"

    def typed() -> None:
        text = str(st.session_state[key]).strip()
        if not text or not is_list:
            answer(session, path, text or None, text)
            return
        separator = _BETWEEN_NUMBERS if of_numbers else ","
        parts: list[Any] = [part.strip() for part in re.split(separator, text) if part.strip()]
        if of_numbers:
            try:
                parts = [formats.read_number(part, "", session.plan.currency) for part in parts]
            except ValueError:
                message = f"Enter numbers separated by commas, such as 0.02, -0.01. You entered {text}."
                refuse(session, path, text, message)
                return
        answer(session, path, parts, text)

    shown = "" if value is None else ", ".join(map(_plain, value)) if is_list else str(value)
    follow(session, key, f"context.{path}", shown)
    allowed = kind.get("items", {}).get("enum")
    example = "2026-01-31" if kind.get("format") == "date" else "Not answered"
    st.text_input(
        label, key=key, on_change=typed, help=help_text, placeholder=", ".join(allowed) if allowed else example
    )
    problems_under(session, f"context.{path}")


def _plain(value: Any) -> str:
    return formats.plain_number(value, 12) if isinstance(value, float) else str(value)


def answers_file(session: EditSession) -> None:
    """Upload and download of the answers."""

    def uploaded() -> None:
        file = st.session_state.get("review.context")
        if file is not None:
            read_answers(session, file.name, file.getvalue())

    st.file_uploader(
        "Upload answers (YAML or JSON)", type=["yaml", "yml", "json"], key="review.context", on_change=uploaded,
        max_upload_size=1, help="The same file that `compplan check --context` takes.",
    )  # fmt: skip
    problems_under(session, FILE_PROBLEMS)
    st.download_button(
        "Download answers", files.write_yaml(dict(session.context)) if session.context else "", "context.yaml",
        "application/yaml", disabled=not session.context, on_click="ignore",
    )  # fmt: skip
