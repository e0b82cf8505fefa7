"""The command line: plans and what they pay, market bands, people files, and the pages.

Whatever a person gives and cannot be used ends with exit status 2 and one sentence a problem on stderr.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated

import typer

import compplan

# In the order in which the help lists them.
from compplan.cli import plan as plan  # isort: skip
from compplan.cli import check as check  # isort: skip
from compplan.cli import capacity as capacity  # isort: skip
from compplan.cli import bands as bands  # isort: skip
from compplan.cli import roster as roster  # isort: skip
from compplan.cli import cost as cost  # isort: skip
from compplan.cli import workbook as workbook  # isort: skip
from compplan.cli import store as store  # isort: skip
from compplan.cli import serve as serve  # isort: skip
from compplan.cli.terminal import app as app


def main() -> None:
    """Run the command line: what the installed `compplan` calls."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a minus sign shows its code; it does not stop the program, or drop the sign.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except OSError as error:  # what a command reads is seen to where it is read; this is what it prints
        typer.echo(f"the output cannot be written: {error.strerror}.", err=True)
        os._exit(1)  # without a last try to write it


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"compplan {compplan.__version__}")
        raise typer.Exit


@app.callback()
def _options(  # pyright: ignore[reportUnusedFunction]
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Design variable pay plans for customer success teams, and see what they pay."""
