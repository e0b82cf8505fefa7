"""`compplan templates`, `compplan new` and `compplan schema`: plans to start from, and the format of plan files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from compplan.cli.arguments import TEMPLATE, ForceOption, check_output, write_file
from compplan.cli.plan_summary import fact_name
from compplan.cli.terminal import (
    JsonOption,
    app,
    examples,
    print_json,
    print_text,
    refuse,
    stop,
    text_table,
    user_errors,
)
from compplan.errors import Problem


@app.command()
def templates(as_json: JsonOption = False) -> None:
    """List the plans that come with compplan.

    Use a plan of the list as template:KEY in other commands, or copy it with compplan new KEY.
    """
    from compplan.templates import describe, keys

    with user_errors():
        described = [describe(key) for key in keys()]
    if as_json:
        print_json(
            [
                {
                    "key": template.key,
                    "name": template.name,
                    "role": template.role,
                    "source": template.source_label,
                    "assumed_count": template.assumed_count,
                }
                for template in described
            ]
        )
        return
    rows = [("KEY", "ROLE", "NAME", "SOURCE")]
    rows += [(t.key, fact_name("roles", t.role), t.name, t.source_label) for t in described]
    print_text(text_table(rows))


@app.command(epilog=examples("compplan new knowup-csat-weighted --output plan.yaml"))
def new(
    template: Annotated[
        str, typer.Argument(metavar="KEY", help="Key of a template. compplan templates lists them.", show_default=False)
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option("--output", "--out", "-o", metavar="FILE", help="File to write. Default: standard output."),
    ] = None,
    force: ForceOption = False,
) -> None:
    """Create a plan file from a template."""
    from compplan.templates import text as text_of

    if not template:
        stop("Which template? Use compplan new KEY. To list the keys, run compplan templates.")
    with user_errors():
        text = text_of(template.removeprefix(TEMPLATE))
    if output is None or str(output) == "-":
        typer.echo(text, nl=False)
        return
    problems: list[Problem] = []
    check_output("--output", output, (), None, force, problems)
    if problems:
        refuse(problems)
    write_file(output, text.encode(), force=force)
    print_text(f"Wrote {output}.")


@app.command()
def schema() -> None:
    """Print the JSON Schema of plan files.

    Editors and validators use it to complete and check plan files.
    """
    from compplan.plan import Plan

    described = Plan.model_json_schema(by_alias=True)
    for part in (described, *described["$defs"].values()):
        part["description"] = part["description"].partition("\n\n")[0]  # without the examples for Python
    print_json({"$schema": "https://json-schema.org/draft/2020-12/schema", **described})
