"""Answers that are typed or uploaded on the Review page."""

from __future__ import annotations

from typing import Any

from compplan.errors import CompPlanError, Problem
from compplan.plan import files
from compplan.ui.review_state import checked_answers, plain_answers
from compplan.ui.session import EditSession

FILE_PROBLEMS = "context.file"


def answer(session: EditSession, question: str, value: Any, typed: str = "") -> None:
    """Take an answer to a question, or withdraw it with None; an invalid one is kept with the reason."""
    answers = plain_answers(session.context)
    part = answers
    *parents, last = question.split(".")
    for parent in parents:
        part = part.setdefault(parent, {})
    if value is None:
        part.pop(last, None)
    else:
        part[last] = value
    try:
        session.context = checked_answers(answers)
    except CompPlanError as error:
        refuse(session, question, typed, *(problem.message for problem in error.problems))
        return
    session.problems.pop(f"context.{question}", None)


def refuse(session: EditSession, question: str, typed: str, *messages: str) -> None:
    """Keep what was typed for a question, with the reasons why it is not an answer."""
    session.problems[f"context.{question}"] = tuple(Problem("", message) for message in messages)
    session.invalid_entries[f"context.{question}"] = typed


def read_answers(session: EditSession, name: str, content: bytes) -> None:
    """Replace the answers of the session by those of a file; if it cannot be read, keep them and the reasons."""
    suffix = ".json" if name.lower().endswith(".json") else ".yaml"
    try:
        answers = checked_answers(files.read_bytes(content, suffix))
    except CompPlanError as error:
        problems = (Problem("", f"The file was not read. {problem}") for problem in error.problems[:5])
        session.problems[FILE_PROBLEMS] = tuple(problems)
        return
    session.problems.pop(FILE_PROBLEMS, None)
    session.context = answers
    session.drawn_values.clear()
