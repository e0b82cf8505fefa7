"""The Typer app, and how every command prints results and errors."""

from __future__ import annotations

import io
import json
import math
import re
import shutil
import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn, TypeVar, cast

import typer
from typer.core import TyperArgument, TyperCommand

from compplan.errors import CompPlanError, Problem

UNUSABLE = 2
"""Exit status where an argument, an option or a file cannot be used."""

Command = TypeVar("Command", bound=Callable[..., Any])
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_NUMBER_CELL = re.compile(
    r"[−+-]?(?:[A-Z]{1,3}\s?)?[^\w\s]?\d[\d,.]*[%kM×]?|-|no limit|none|not included|added|removed|capped|uncapped",
    re.ASCII,
)
_PREDICATE = re.compile(r"(?:must|is|has|needs|takes|goes|can|cannot|was|already|applies|changes|belongs)\b")
_NARROWEST_TEXT = 16  # columns of text wrap on a small terminal, but never below this width


class PlainCommand(TyperCommand):
    """A command whose help names arguments as people type them: PLAN, not {PLAN} and PLAN <str>."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Options and arguments of the usage line."""
        return [piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments and options."""
        for param in self.get_params(ctx):
            if isinstance(param, TyperArgument):
                vars(param)["display_type_rich"] = _no_type
        super().format_options(ctx, formatter)


def _no_type(**_context: Any) -> None:
    """The type of an argument, which its help says in words."""


class App(typer.Typer):
    """A Typer app with plain commands."""

    def command(self, name: str | None = None, **options: Any) -> Callable[[Command], Command]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Add a command; `options` as in `typer.Typer.command`."""
        return super().command(name, cls=PlainCommand, **options)


app = App(
    name="compplan",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def examples(*lines: str) -> str:
    """The end of a command's help: examples on lines of their own."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


# Output


def text_table(rows: Sequence[tuple[str, ...]], *, header: bool = True) -> str:
    """Lay out rows in aligned columns: numbers to the right, text to the left, no lines and no color.

    In a pipe or a file, each row is one line of any length. On a terminal, long texts wrap to its width; numbers never
    wrap and nothing is cut.

    Parameters
    ----------
    rows : sequence of tuple of str
        At least one; all of the same length.
    header : bool
        Whether the first row holds headings.

    Examples
    --------
    >>> print(text_table([("ROLE", "PEOPLE"), ("CSM", "12"), ("Senior CSM", "3")]))
    ROLE        PEOPLE
    CSM             12
    Senior CSM       3
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    texts = [[Text(_printable(cell.replace("\n", " "))) for cell in row] for row in rows]
    body = rows[1:] if header else rows
    numeric = [
        i > 0 and any(row[i] for row in body) and all(not row[i] or _NUMBER_CELL.fullmatch(row[i]) for row in body)
        for i in range(len(rows[0]))
    ]
    widths = [max(row[i].cell_len for row in texts) for i in range(len(rows[0]))]
    least = [width if number else min(width, _NARROWEST_TEXT) for width, number in zip(widths, numeric, strict=True)]
    gaps = 2 * (len(widths) - 1)
    room = max(shutil.get_terminal_size().columns, sum(least) + gaps) if sys.stdout.isatty() else sum(widths) + gaps
    table = Table(box=None, show_header=False, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    for number, width in zip(numeric, least, strict=True):
        table.add_column(justify="right" if number else "left", no_wrap=number, min_width=width, overflow="fold")
    for row in texts:
        table.add_row(*row)
    output = io.StringIO()
    Console(file=output, width=room, color_system=None, force_terminal=False, legacy_windows=False).print(table)
    return "\n".join(line.rstrip() for line in output.getvalue().splitlines())


def print_json(value: Any) -> None:
    """Print a value as JSON, with null for infinite and unknown numbers."""
    typer.echo(json.dumps(_finite(value), indent=2, allow_nan=False))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_finite(entry) for entry in cast("list[Any]", value)]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_text(text: str, *, err: bool = False) -> None:
    """Print text without control characters, so that a plan from elsewhere can't steer the terminal."""
    typer.echo(_printable(text), err=err)


def _printable(text: str) -> str:
    return _CONTROL_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", text)


# Errors


@contextmanager
def user_errors(option_names: Mapping[str, str] | None = None) -> Generator[None]:
    """Turn a `CompPlanError` into one sentence per problem and exit status 2.

    Parameters
    ----------
    option_names : Mapping of str to str, optional
        Argument of a library function to the option that sets it.
    """
    try:
        yield
    except CompPlanError as error:
        refuse(error.problems, option_names)


def refuse(problems: Iterable[Problem], option_names: Mapping[str, str] | None = None) -> NoReturn:
    """Print one sentence per problem and exit with status 2."""
    for problem in problems:
        where = (option_names or {}).get(problem.where, problem.where)
        print_text(sentence(Problem(where, problem.message)).replace("\n", " "), err=True)
    raise typer.Exit(UNUSABLE)


def sentence(problem: Problem) -> str:
    """A problem as people read it: the place is the subject where the message is a predicate.

    Examples
    --------
    >>> sentence(Problem("--period", "must be a whole number, such as 2."))
    '--period must be a whole number, such as 2.'
    >>> sentence(Problem("plan.yaml", "there is no such file."))
    'plan.yaml: there is no such file.'
    """
    if problem.where and _PREDICATE.match(problem.message):
        return f"{problem.where} {problem.message}"
    return str(problem)


def stop(message: str) -> NoReturn:
    """Print one sentence and exit with status 2."""
    print_text(message, err=True)
    raise typer.Exit(UNUSABLE)
