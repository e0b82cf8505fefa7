"""Arguments and options that several commands share, and how their text becomes values."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compplan.cli.terminal import stop
from compplan.errors import CompPlanError, PlanError, Problem, one_of

if TYPE_CHECKING:
    from compplan.plan import Plan

TEMPLATE = "template:"

PlanArgument = Annotated[
    str,
    typer.Argument(metavar="PLAN", help="A plan file (.yaml, .yml or .json), template:KEY, or - for standard input."),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite the output file if it exists.")]
ResultOption = Annotated[
    list[str] | None,
    typer.Option(
        "--result",
        "-r",
        metavar="ID=VALUE",
        help="A result by the id of its measure: grr=0.93, grr=93% or grr.numerator=850. Repeat for each result.",
    ),
]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_LARGEST = 1e15  # no result and no amount of money is larger
_FIRST_DAY, _LAST_DAY = dt.date(1950, 1, 1), dt.date(2100, 12, 31)
_UNIT_WORDS = {"count": "a count", "score": "a score", "ratio": "a ratio", "days": "a number of days"}


# Plans


def is_file(argument: str) -> bool:
    """Whether a PLAN argument names a file, rather than a template or standard input."""
    return argument != "-" and not argument.startswith(TEMPLATE)


def plan_text(argument: str) -> str | None:
    """Text of the plan that a PLAN argument names; None where it isn't readable as text.

    Standard input can be read only once, so pass its text on to `load_plan`.

    Raises
    ------
    CompPlanError
        If standard input cannot be read.
    """
    from compplan.plan import files
    from compplan.templates import TemplateError, text

    try:
        if argument.startswith(TEMPLATE):
            return text(argument.removeprefix(TEMPLATE))
        if argument == "-":
            return _read_standard_input().decode("utf-8-sig")
        with Path(argument).open("rb") as file:
            return file.read(files.MOST_CHARACTERS * 4 + 1).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, TemplateError):
        return None


def read_plan(argument: str) -> Plan:
    """The plan that a PLAN argument names.

    Raises
    ------
    PlanError
        If there is no such plan, or it is invalid. Problems have the file, the line and the name of the place in their
        messages, ready to print.
    """
    text: str | None = None
    try:
        text = plan_text(argument)
        return load_plan(argument, text)
    except CompPlanError as error:
        from compplan.review.reports import refused_text

        lines = refused_text(error.problems, argument if is_file(argument) else "", text or "")
        raise PlanError([Problem("", line) for line in lines]) from None


def load_plan(argument: str, text: str | None = None) -> Plan:
    """The plan that a PLAN argument names.

    Parameters
    ----------
    argument : str
        A file, template:KEY, or - for standard input.
    text : str, optional
        Text of standard input, where `plan_text` has read it already.

    Raises
    ------
    CompPlanError
        If there is no such plan, or it is invalid.
    """
    from compplan.plan import Plan, files
    from compplan.templates import keys, load

    if argument.startswith(TEMPLATE):
        return load(argument.removeprefix(TEMPLATE))
    if argument == "-":
        data = _read_standard_input() if text is None else text.encode()
        if not data.strip():
            raise PlanError([Problem("", "Standard input is empty. Send a plan to it.")])
        return Plan.from_dict(files.read_bytes(data, ".json" if data.lstrip()[:1] == b"{" else ".yaml"))
    if argument in keys() and not Path(argument).exists():
        raise PlanError([Problem(argument, f"there is no such file. For the template, use {TEMPLATE}{argument}.")])
    return Plan.load(argument)


def _read_standard_input() -> bytes:
    from compplan.plan import files

    try:
        return typer.get_binary_stream("stdin").read(files.MOST_CHARACTERS * 4 + 1)
    except (OSError, RuntimeError):  # Typer raises RuntimeError where standard input is closed.
        raise PlanError([Problem("", "Can't read standard input.")]) from None


# Results


def read_results(plan: Plan, arguments: list[str], problems: list[Problem]) -> dict[str, float]:
    """Results of ``--result ID=VALUE``, by id, in the units of each measure.

    Parameters
    ----------
    plan : Plan
    arguments : list of str
        As typed.
    problems : list of Problem
        What cannot be read is added here.
    """
    results: dict[str, float] = {}
    for text in arguments:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name:
            problems.append(Problem("--result", f"must be ID=VALUE, such as grr=0.93. You entered {text!r}."))
        elif name in results:
            problems.append(Problem(name, "is given twice. Give one result for each id."))
        else:
            results[name] = _read_result(plan, name, value, problems)
    return results


def _read_result(plan: Plan, name: str, text: str, problems: list[Problem]) -> float:
    """A plain number, or a percent where the measure is a share."""
    bare = text.removesuffix("%").rstrip()
    value = read_number(bare)
    if value is None and _unit_of(plan, name) == "money":
        value = _read_amount(plan, text)
    if value is None:
        allowed = "must be a number of at most 1e15, such as 0.93, 61000 or 61k for money"
        problems.append(Problem(name, f"{allowed}. You entered {text!r}."))
        return 0.0
    if bare == text:
        return value
    unit = _unit_of(plan, name)
    if unit not in {"share", None}:
        problems.append(Problem(name, f"is {unit}, so it can't be a percent. You entered {text!r}."))
    return float(f"{value / 100:.15g}")


def _read_amount(plan: Plan, text: str) -> float | None:
    """An amount in the currency of a plan as people files write it, such as $310k; None where it is not clear."""
    from compplan.readers.amounts import parse

    amount = parse(text)
    unclear = amount.fault or amount.per or amount.percent or (amount.signs and plan.currency not in amount.signs)
    return None if unclear else amount.value


def _unit_of(plan: Plan, name: str) -> str | None:
    """Unit of a result in words; None where the plan has no such result."""
    if name.endswith((".numerator", ".denominator")):
        return "one part of a ratio"
    try:
        unit = plan.measure(name).unit
    except KeyError:
        return None
    return _UNIT_WORDS.get(unit, unit)


# Numbers, shares and days


def read_number(text: str) -> float | None:
    """A plain number as typed; None where it isn't one, or is larger than 1e15."""
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    return value if abs(value) <= _LARGEST else None


def read_share(text: str) -> float | None:
    """A share as typed, as a fraction: 0.2 for both "0.2" and "20%"; None where it is neither."""
    bare = text.strip().removesuffix("%")
    value = read_number(bare.strip())
    return value if value is None or bare == text.strip() else float(f"{value / 100:.15g}")


def read_positive(option: str, text: str | None, problems: list[Problem], *, whole: bool = False) -> float | None:
    """A number above 0; None where the option is not given or cannot be read."""
    if text is None:
        return None
    value = read_number(text.replace(",", "").strip())
    if value is None or value <= 0 or (whole and value != int(value)):
        kind = "a whole" if whole else "a plain"
        problems.append(Problem(option, f"must be {kind} number above 0, such as 14. You entered {text!r}."))
        return None
    return value


def read_headcount(text: str | None, problems: list[Problem]) -> int:
    """The number of people of ``--headcount``; 1 where it is not given."""
    if text is None:
        return 1
    if not re.fullmatch(r"\d{1,7}", text.strip(), re.ASCII):
        allowed = "must be a whole number of people, such as 12"
        problems.append(Problem("--headcount", f"{allowed}. You entered {text!r}."))
        return 1
    return int(text)


def read_day(option: str, text: str | None, problems: list[Problem]) -> dt.date | None:
    """A date between 1950 and 2100; None where the option is not given or cannot be read."""
    if text is None:
        return None
    try:
        day = dt.datetime.strptime(text.strip(), "%Y-%m-%d").date()  # noqa: DTZ007  (a date has no time zone)
    except ValueError:
        problems.append(Problem(option, f"must be a date such as 2026-01-31. You entered {text!r}."))
        return None
    if not _FIRST_DAY <= day <= _LAST_DAY:
        problems.append(Problem(option, f"must be from {_FIRST_DAY} to {_LAST_DAY}. You entered {text}."))
        return None
    return day


def read_mapping(arguments: Iterable[str], problems: list[Problem]) -> dict[str, str]:
    """Field to heading, as ``--map HEADING=FIELD`` states them; an empty heading leaves the field out."""
    fields: dict[str, str] = {}
    for text in arguments:
        heading, equals, field = (part.strip() for part in text.rpartition("="))
        if not equals or not field:
            allowed = "must be HEADING=FIELD, such as 'Comp rate=base', or =FIELD to leave it out"
            problems.append(Problem("--map", f"{allowed}. You entered {text!r}."))
        elif field in fields:
            problems.append(Problem("--map", f"has {field} twice. Each field is read from one column."))
        else:
            fields[field] = heading
    return fields


def read_pairs(option: str, arguments: Iterable[str], form: str, problems: list[Problem]) -> dict[str, str]:
    """Name to value, as an option of the form ``NAME=VALUE`` states them."""
    pairs: dict[str, str] = {}
    for text in arguments:
        name, equals, value = (part.strip() for part in text.rpartition("="))
        if equals and name and value:
            pairs[name] = value
        else:
            problems.append(Problem(option, f"must be {form}. You entered {text!r}."))
    return pairs


# Output files


def check_output(
    option: str, output: Path, endings: tuple[str, ...], source: Path | None, force: bool, problems: list[Problem]
) -> None:
    """Refuse an output file that must not be written, before anything is read.

    Parameters
    ----------
    option : str
        The option that names the output, for the message.
    output : Path
    endings : tuple of str
        Allowed endings, such as ".xlsx"; empty where any will do.
    source : Path or None
        The input file, which is never overwritten.
    force : bool
        Whether another existing file may be overwritten.
    problems : list of Problem
        A problem is added here.
    """
    if endings and output.suffix.lower() not in endings:
        problems.append(Problem(option, f"must end in {one_of(endings)}. You entered {str(output)!r}."))
    elif source is not None and output.exists() and source.exists() and output.samefile(source):
        problems.append(Problem(option, f"can't be {output}, which is the input file."))
    elif output.exists() and not force:
        problems.append(Problem(str(output), "already exists. Choose another name, or add --force to overwrite it."))


def write_file(output: Path, content: bytes, *, force: bool) -> None:
    """Write a file, or end with a sentence that says why that isn't possible."""
    try:
        with output.open("wb" if force else "xb") as file:
            file.write(content)
    except FileExistsError:
        stop(f"{output} already exists. Choose another name, or add --force to overwrite it.")
    except OSError as error:
        stop(f"Can't write {output}: {error.strerror}.")
