"""The command that writes a plan, and who is paid under it, as a workbook of live formulas."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compplan.cli.cost import read_assumptions, read_count
from compplan.cli.plan import PlanArgument, read_plan, read_results
from compplan.cli.terminal import app, columns, refuse, say, sentences, stop
from compplan.errors import Problem

if TYPE_CHECKING:
    from compplan.cost import Headcount
    from compplan.plan import Plan


@app.command()
def workbook(
    plan: PlanArgument,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="File to write, .xlsx.")],
    result: Annotated[
        list[str] | None,
        typer.Option(
            "--result",
            "-r",
            metavar="ID=VALUE",
            help="A result of the year by its id, such as grr=0.93; at target if left out. Once for each.",
        ),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="FILE", help="A people file; those of the plan's role get a row each."),
    ] = None,
    people: Annotated[
        str | None,
        typer.Option("--headcount", metavar="N", help="People who are paid as the plan says, and what they cost."),
    ] = None,
    assumptions: Annotated[
        Path | None,
        typer.Option("--assumptions", metavar="FILE", help="Taxes, benefits and budget, .yaml, .yml or .json."),
    ] = None,
    names: Annotated[bool, typer.Option("--names", help="Write the names of people too.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it exists.")] = False,
) -> None:
    """Write a plan as a workbook in which every figure is a live formula.

    compplan workbook plan.yaml --roster team.xlsx --assumptions cost.yaml --out plan.xlsx

    A plan alone gives one person's year. With --roster, --headcount or --assumptions the cost goes on it too.
    """
    problems: list[Problem] = []
    count = read_count(people, problems)
    if people is not None and roster is not None:
        problems.append(Problem("--headcount", "is a number of people and --roster names them; give one of them."))
    _check_output(out, roster, force, problems)
    if problems:
        refuse(problems)
    with sentences({"headcount": "--headcount"}):
        from compplan.documents.workbook import workbook as made

        read = read_plan(plan)
        results = read_results(read, result or [], problems)
        if problems:
            refuse(problems)
        who = _who(read, count if people is not None else None, roster)
        costed = who is not None or assumptions is not None
        terms = read_assumptions(assumptions, read) if costed else None
        today = dt.datetime.now(tz=dt.UTC).date()
        book = made(read, who, results=results, assumptions=terms, on=today, names=names)
    _write(book, out, force)
    if who is not None and len(who.set_aside):
        aside = who.set_aside
        rows = [(str(one), str(why)) for one, why in zip(aside["id"], aside["why"], strict=True)]
        say(columns([("SET ASIDE", "WHY"), *rows]))
    say(f"Wrote {out}.")


def _check_output(out: Path, roster: Path | None, force: bool, problems: list[Problem]) -> None:
    """Refuse what must not be written, before anything is read."""
    if out.suffix.lower() != ".xlsx":
        problems.append(Problem("--out", f"must end in .xlsx; got {str(out)!r}."))
    elif roster is not None and out.exists() and roster.exists() and out.samefile(roster):
        problems.append(Problem("--out", f"{out} is the file that is read; it is never overwritten."))
    elif out.exists() and not force:
        told = f"{out} exists already; take another name, or give --force to overwrite it."
        problems.append(Problem("--out", told))


def _who(plan: Plan, count: int | None, roster: Path | None) -> Headcount | None:
    from compplan.cost import from_people, headcount

    if roster is None:
        return None if count is None else headcount(plan, count)
    from compplan.roster import read_file

    return from_people(plan, read_file(roster).people)


def _write(book: bytes, out: Path, force: bool) -> None:
    try:
        with out.open("wb" if force else "xb") as file:
            file.write(book)
    except OSError as error:
        stop(f"{out}: cannot be written: {error.strerror}.")
