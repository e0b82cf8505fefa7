"""The commands on plans: templates, and paying somebody under one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compplan.cli.terminal import JsonOption, app, columns, number, print_json, refuse, say, sentences, stop
from compplan.errors import PlanError, Problem

if TYPE_CHECKING:
    from compplan.payout.engine import Period
    from compplan.plan import Plan

TEMPLATE = "template:"
_OPTIONS = {"period": "--period", "paid_before": "--paid-before"}

PlanArgument = Annotated[
    str,
    typer.Argument(metavar="PLAN", help="A plan file (.yaml, .yml or .json), - for standard input, or template:KEY."),
]


@app.command()
def templates(as_json: JsonOption = False) -> None:
    """List the plans that come with the program."""
    from compplan.templates import describe, keys

    with sentences():
        found = [describe(key) for key in keys()]
    if as_json:
        print_json(
            [
                {
                    "key": t.key,
                    "name": t.name,
                    "role": t.role,
                    "source": t.source_label,
                    "assumed_count": t.assumed_count,
                }
                for t in found
            ]
        )
        return
    rows = [("KEY", "ROLE", "NAME", "SOURCE"), *((t.key, t.role, t.name, t.source_label) for t in found)]
    say(columns(rows))


@app.command()
def new(
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help="A key of `compplan templates`.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; standard output if left out.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it exists.")] = False,
) -> None:
    """Write a template's YAML, to begin a plan of one's own."""
    from compplan.templates import text as text_of

    with sentences():
        text = text_of(template.removeprefix(TEMPLATE))
    if output is None or str(output) == "-":
        typer.echo(text, nl=False)
        return
    try:
        with output.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        stop(f"{output}: exists already; take another name, or give --force to overwrite it.")
    except OSError as error:
        stop(f"{output}: cannot be written: {error.strerror}.")
    say(f"Wrote {output}.")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a plan, for editors and validators."""
    from compplan.plan import Plan

    described = Plan.model_json_schema(by_alias=True)
    for part in (described, *described["$defs"].values()):
        part["description"] = part["description"].partition("\n\n")[0]  # without the examples for Python
    print_json({"$schema": "https://json-schema.org/draft/2020-12/schema", **described})


@app.command()
def payout(
    plan: PlanArgument,
    result: Annotated[
        list[str] | None,
        typer.Option(
            "--result",
            "-r",
            metavar="ID=VALUE",
            help="A result by its id, such as grr=0.93, grr=93% or grr.numerator=850. Once for each.",
        ),
    ] = None,
    annual: Annotated[bool, typer.Option("--annual", help="Pay the year as one period.")] = False,
    period: Annotated[
        str | None, typer.Option("--period", metavar="N", help="Which period of the year; 1 if left out.")
    ] = None,
    paid_before: Annotated[
        str | None,
        typer.Option(
            "--paid-before",
            metavar="AMOUNT",
            help="What earlier periods of the year paid; needed after period 1 of a year-to-date plan.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Pay one person for one period, and show every step of the sum.

    compplan payout plan.yaml --result grr=0.93 --result expansion_arr=61000 --result csat=4.6
    """
    from compplan.payout import payout as pay

    with sentences(_OPTIONS):
        read = read_plan(plan)
        problems: list[Problem] = []
        results = read_results(read, result or [], problems)
        which = _period(annual, period, problems)
        before = _amount("--paid-before", paid_before, problems)
        if problems:
            refuse(problems)
        statement = pay(read, results, which, paid_before=before)
    if as_json:
        print_json(statement.to_dict())
    else:
        say(statement.text())


# What was given


def plan_text(place: str) -> str | None:
    """What stands in the file, template or standard input that an argument names; None where it is no text.

    Standard input can be read once only, so what reads it passes this on to `read_plan`.

    Raises
    ------
    CompPlanError
        If standard input cannot be read.
    """
    from compplan.plan import files
    from compplan.templates import TemplateError, text

    try:
        if place.startswith(TEMPLATE):
            return text(place.removeprefix(TEMPLATE))
        if place == "-":
            return _standard_input().decode("utf-8-sig")
        with Path(place).open("rb") as file:
            return file.read(files.MOST_CHARACTERS * 4 + 1).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, TemplateError):
        return None


def read_plan(place: str, text: str | None = None) -> Plan:
    """The plan that an argument names.

    Parameters
    ----------
    text : str, optional
        What standard input said, where it was read already.

    Raises
    ------
    CompPlanError
    """
    from compplan.plan import Plan, files
    from compplan.templates import keys, load

    if place.startswith(TEMPLATE):
        return load(place.removeprefix(TEMPLATE))
    if place == "-":
        raw = _standard_input() if text is None else text.encode()
        return Plan.from_dict(files.read_bytes(raw, ".json" if raw.lstrip()[:1] == b"{" else ".yaml"))
    if place in keys() and not Path(place).exists():
        raise PlanError([Problem(place, f"there is no such file; the template is {TEMPLATE}{place}.")])
    return Plan.load(place)


def _standard_input() -> bytes:
    from compplan.plan import files

    try:
        return typer.get_binary_stream("stdin").read(files.MOST_CHARACTERS * 4 + 1)
    except (OSError, RuntimeError):  # typer says RuntimeError where it is closed
        raise PlanError([Problem("-", "standard input cannot be read.")]) from None


def read_results(plan: Plan, given: list[str], problems: list[Problem]) -> dict[str, float]:
    """Results as typed, ID=VALUE; what cannot be read is added to `problems`."""
    results: dict[str, float] = {}
    for text in given:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name:
            problems.append(Problem("--result", f"must be ID=VALUE, such as grr=0.93; got {text!r}."))
        elif name in results:
            problems.append(Problem(name, "is given twice; give one result for each id."))
        else:
            results[name] = _result(plan, name, value, problems)
    return results


def _result(plan: Plan, name: str, text: str, problems: list[Problem]) -> float:
    """A result as typed: a plain number, or a percent where the measure is a share."""
    bare = text.removesuffix("%").rstrip()
    value = number(bare)
    if value is None:
        problems.append(Problem(name, f"must be a plain number of at most 1e15, such as 0.93 or 61000; got {text!r}."))
        return 0.0
    if bare == text:
        return value
    unit = _unit(plan, name)
    if unit not in {"share", None}:
        problems.append(Problem(name, f"takes a percent only where it is a share, and this is {unit}; got {text!r}."))
    return float(f"{value / 100:.15g}")


def _unit(plan: Plan, name: str) -> str | None:
    """What the numbers of a result are, in words; None where the plan knows no such result."""
    if name.endswith((".numerator", ".denominator")):
        return "one part of a ratio"
    try:
        unit = plan.measure(name).unit
    except KeyError:
        return None
    return {"count": "a count", "score": "a score", "ratio": "a ratio", "days": "a number of days"}.get(unit, unit)


def _period(annual: bool, text: str | None, problems: list[Problem]) -> Period:
    if annual and text is not None:
        problems.append(Problem("--period", "is one period of the year and --annual all of it; give one of them."))
    if annual:
        return "year"
    if text is None:
        return 1
    if not re.fullmatch(r"\d{1,4}", text.strip(), re.ASCII):
        problems.append(Problem("--period", f"must be a whole number, such as 2; got {text!r}."))
        return 1
    return int(text)


def _amount(name: str, text: str | None, problems: list[Problem]) -> float | None:
    if text is None:
        return None
    value = number(text.strip())
    if value is None:
        problems.append(Problem(name, f"must be a plain amount of money, such as 4500.50; got {text!r}."))
    return value
