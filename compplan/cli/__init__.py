"""The `compplan` command line: one module per command, named as the command is typed.

Belongs here: reading arguments, calling the library, printing text or JSON, and the exit status.
Does not belong here: anything that calculates. A command is a thin layer over functions that Python callers have too.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated

import typer

import compplan
from compplan.cli.terminal import app as app
from compplan.errors import MissingExtraError

# Importing a module adds its commands to `app`; the help lists them in this order.
from compplan.cli import plan as plan  # isort: skip
from compplan.cli import check as check  # isort: skip
from compplan.cli import rules as rules  # isort: skip
from compplan.cli import payout as payout  # isort: skip
from compplan.cli import diff as diff  # isort: skip
from compplan.cli import cost as cost  # isort: skip
from compplan.cli import workbook as workbook  # isort: skip
from compplan.cli import roster as roster  # isort: skip
from compplan.cli import bands as bands  # isort: skip
from compplan.cli import capacity as capacity  # isort: skip
from compplan.cli import store as store  # isort: skip
from compplan.cli import store_admin as store_admin  # isort: skip
from compplan.cli import serve as serve  # isort: skip


def main() -> None:
    """Run the command line, as the installed `compplan` does."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal whose encoding lacks a character, such as the minus sign, gets its escape code.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="compplan")
    except MissingExtraError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except OSError as error:  # Each command handles errors in what it reads, so this one is about the output.
        typer.echo(f"Can't write the output: {error.strerror}.", err=True)
        os._exit(1)  # A normal exit would flush the output, which fails again.


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(f"compplan {compplan.__version__}")
        raise typer.Exit


@app.callback()
def _global_options(  # pyright: ignore[reportUnusedFunction]
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Design variable pay plans for Customer Success teams: what they pay, what they cost and what to improve.

    PLAN is a plan file (.yaml, .yml or .json), template:KEY for a plan that comes with compplan, or - for standard
    input. Every command has its own help: compplan COMMAND --help.
    """
