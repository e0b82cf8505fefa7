"""`compplan workbook`: a plan, and optionally the people under it, as an Excel workbook of live formulas."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from compplan.cli.arguments import (
    ForceOption,
    PlanArgument,
    ResultOption,
    check_output,
    read_headcount,
    read_plan,
    read_results,
    write_file,
)
from compplan.cli.cost import (
    AssumptionsOption,
    HeadcountOption,
    RoleOption,
    RosterOption,
    check_people_options,
    read_assumptions,
    read_people,
    skipped_people,
)
from compplan.cli.people_file import PeopleFileOptions, takes_people_file
from compplan.cli.terminal import app, examples, print_text, refuse, user_errors
from compplan.clock import utc_today


@app.command(
    epilog=examples(
        "compplan workbook plan.yaml --out plan.xlsx",
        "compplan workbook plan.yaml --roster team.xlsx --assumptions cost.yaml --out plan.xlsx",
    )
)
@takes_people_file
def workbook(
    plan: PlanArgument,
    out: Annotated[Path, typer.Option("--out", "--output", "-o", metavar="FILE", help="Workbook to write (.xlsx).")],
    result: ResultOption = None,
    people: HeadcountOption = None,
    roster: RosterOption = None,
    roles: RoleOption = None,
    *,
    file_options: PeopleFileOptions,
    assumptions: AssumptionsOption = None,
    names: Annotated[bool, typer.Option("--names", help="Include names of people.")] = False,
    force: ForceOption = False,
) -> None:
    """Export a plan to Excel, with every figure as a live formula.

    A plan alone gives one person's year; measures without --result are at target. With --headcount, --roster or
    --assumptions, the workbook has the cost too.
    """
    problems = list(file_options.problems)
    count = read_headcount(people, problems)
    check_people_options(people, roster, roles, file_options, problems)
    check_output("--out", out, (".xlsx",), roster, force, problems)
    if problems:
        refuse(problems)
    with user_errors({"headcount": "--headcount"}):
        from compplan.documents.workbook import workbook as build_workbook

        loaded = read_plan(plan)
        results = read_results(loaded, result or [], problems)
        if problems:
            refuse(problems)
        alone = people is None and roster is None
        has_cost = not alone or assumptions is not None
        terms = read_assumptions(assumptions, loaded) if has_cost else None
        headcount, account = (None, None) if alone else read_people(loaded, count, roster, roles, file_options, terms)
        content = build_workbook(loaded, headcount, results=results, assumptions=terms, on=utc_today(), names=names)
    write_file(out, content, force=force)
    if headcount is not None and len(headcount.set_aside):
        print_text(skipped_people(headcount.set_aside))
    if account is not None:
        print_text(account.text())
    print_text(f"Wrote {out}.")
