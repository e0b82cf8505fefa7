"""What every command shares: the program itself, how it prints, and how it refuses."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn, cast

import typer

from compplan.errors import CompPlanError, Problem

UNUSABLE = 2
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_MOST = 1e15  # no result and no amount of money is larger
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")

app = typer.Typer(
    name="compplan",
    help="Design variable pay plans for customer success teams, and see what they pay.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


# What was given


def number(text: str) -> float | None:
    """A plain number as typed; None where it is none, or larger than anything here is."""
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    return value if abs(value) <= _MOST else None


def as_share(text: str) -> float | None:
    """A share as typed, 0.2 or 20%; None where it is neither."""
    bare = text.strip().removesuffix("%")
    value = number(bare.strip())
    return value if value is None or bare == text.strip() else float(f"{value / 100:.15g}")


_FIRST_DAY, _LAST_DAY = dt.date(1950, 1, 1), dt.date(2100, 12, 31)


def day_of(text: str | None, problems: list[Problem]) -> dt.date:
    """The day of ``--today``; today where it is left out."""
    if text is None:
        return dt.datetime.now(dt.UTC).date()
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        problems.append(Problem("--today", f"must be a date such as 2026-01-31, got {text!r}."))
        return _FIRST_DAY
    if not _FIRST_DAY <= day <= _LAST_DAY:
        problems.append(Problem("--today", f"must be from {_FIRST_DAY} to {_LAST_DAY}, got {text}."))
    return day


def fields_of(given: Iterable[str], problems: list[Problem]) -> dict[str, str]:
    """Fields and the headings that they are read from, as ``--map`` has them."""
    fields: dict[str, str] = {}
    for text in given:
        heading, equals, field = (part.strip() for part in text.rpartition("="))
        if not equals or not field:
            said = f"must be HEADING=FIELD, such as 'Comp rate=base', or =FIELD to leave it out; got {text!r}."
            problems.append(Problem("--map", said))
        elif field in fields:
            problems.append(Problem("--map", f"{field} is given twice; a field is read from one column."))
        else:
            fields[field] = heading
    return fields


# What is told


def columns(rows: list[tuple[str, ...]]) -> str:
    """Rows as text, each column as wide as its longest entry."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def print_json(value: Any) -> None:
    """Print for programs."""
    typer.echo(json.dumps(_finite(value), indent=2, allow_nan=False))


def _finite(value: Any) -> Any:
    """The same with null for what is infinite, which JSON cannot say."""
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_finite(entry) for entry in cast("list[Any]", value)]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def say(text: str, *, err: bool = False) -> None:
    """Print for people; a plan from elsewhere does not get to steer the terminal."""
    typer.echo(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text), err=err)


# What goes wrong


@contextmanager
def sentences(options: Mapping[str, str] | None = None) -> Generator[None]:
    """End with a sentence a problem where something that was given cannot be used.

    Parameters
    ----------
    options : Mapping of str to str, optional
        What an argument of the library is called on the command line.
    """
    try:
        yield
    except CompPlanError as error:
        refuse(error.problems, options)


def refuse(problems: Iterable[Problem], options: Mapping[str, str] | None = None) -> NoReturn:
    """End with a sentence a problem, and status 2."""
    for problem in problems:
        where = (options or {}).get(problem.where, problem.where)
        sentence = f"{where}: {problem.message}" if where else problem.message
        say(sentence.replace("\n", " "), err=True)
    raise typer.Exit(UNUSABLE)


def stop(sentence: str) -> NoReturn:
    """End with one sentence, and status 2."""
    say(sentence, err=True)
    raise typer.Exit(UNUSABLE)
