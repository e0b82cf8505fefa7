"""Options for reading a people file, the same for every command that takes one: roster, cost and workbook."""

from __future__ import annotations

import datetime as dt
import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compplan.cli.arguments import read_mapping, read_number, read_pairs
from compplan.cli.terminal import user_errors
from compplan.errors import Problem

if TYPE_CHECKING:
    from compplan.roster import Reading

MappingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="HEADING=FIELD",
        help="Read a field from a column, by heading or letter: 'Comp rate=base'; '=level' ignores a field. "
        "Repeatable.",
    ),
]
CurrencyOption = Annotated[
    str | None, typer.Option("--currency", metavar="CODE", help="Currency of amounts without one, such as EUR.")
]
HoursOption = Annotated[
    str | None,
    typer.Option("--hours-per-year", metavar="HOURS", help="Hours per year, for hourly pay. Default: 2080."),
]
PercentOfOption = Annotated[
    str | None,
    typer.Option(
        "--percent-of", metavar="base|ote", help="What a variable percent refers to, where the file doesn't say."
    ),
]
DayFirstOption = Annotated[
    bool | None,
    typer.Option(
        "--day-first/--month-first",
        help="Read 03/04/2025 as April 3 (day first) or March 4 (month first). Default: decided per column.",
    ),
]
SheetOption = Annotated[
    str | None,
    typer.Option("--sheet", metavar="NAME", help="Sheet of an Excel workbook. Default: the first with people and pay."),
]
PerOption = Annotated[
    list[str] | None,
    typer.Option(
        "--per",
        metavar="FIELD=PERIOD",
        help="What the amounts of base, variable or ote are for: hour, day, week, biweek, semimonth, month, quarter or "
        "year, as in base=month. Repeatable.",
    ),
]
MonthsOption = Annotated[
    str | None,
    typer.Option(
        "--months-per-year", metavar="MONTHS", help="Months per year, for monthly pay, such as 13. Default: 12."
    ),
]
RoleMapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--role-map",
        metavar="TITLE=ROLE",
        help="Role of a job title that means none, as in 'Customer Hero=csm'. Repeatable.",
    ),
]
PlanYearOption = Annotated[
    str | None,
    typer.Option(
        "--plan-year",
        metavar="YEAR",
        help="Set people aside who left before this year. Default: the year of the cost, or this year.",
    ),
]

_HOURS_PER_YEAR = 2080.0
_MONTHS_PER_YEAR = 12.0
_OPTION_NAMES = {
    "hours_per_year": "--hours-per-year", "currency": "--currency", "percent_of": "--percent-of", "per": "--per",
    "months_per_year": "--months-per-year", "role_map": "--role-map", "plan_year": "--plan-year",
}  # fmt: skip


@dataclass(frozen=True)
class PeopleFileOptions:
    """How to read a people file, as a command's options say.

    Attributes
    ----------
    mapping : dict of str to str
        Field to heading.
    hours_per_year : float [hours]
    day_first : bool or None
    percent_of, currency, sheet : str or None
    per, role_map : dict of str to str
        Field to period, and title to role.
    months_per_year : float [months]
    plan_year : int or None
    given : tuple of str
        The options that were typed.
    problems : tuple of Problem
        What cannot be read.
    """

    mapping: dict[str, str] = field(default_factory=dict[str, str])
    hours_per_year: float = _HOURS_PER_YEAR
    day_first: bool | None = None
    percent_of: str | None = None
    currency: str | None = None
    sheet: str | None = None
    per: dict[str, str] = field(default_factory=dict[str, str])
    months_per_year: float = _MONTHS_PER_YEAR
    role_map: dict[str, str] = field(default_factory=dict[str, str])
    plan_year: int | None = None
    given: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def read(self, file: Path | str, year_start: dt.date | None = None) -> Reading:
        """Read a people file; a file or an option that cannot be used ends the command with status 2.

        Parameters
        ----------
        file : Path or str
        year_start : date, optional
            First day of the plan year of a command that has one; `plan_year` overrides it.
        """
        from compplan.roster import read_file

        arguments: dict[str, Any] = {
            "mapping": self.mapping,
            "hours_per_year": self.hours_per_year,
            "day_first": self.day_first,
            "percent_of": self.percent_of,
            "currency": self.currency,
            "sheet": self.sheet,
            "per": self.per,
            "months_per_year": self.months_per_year,
            "role_map": self.role_map,
            "plan_year": year_start if self.plan_year is None else self.plan_year,
        }
        with user_errors(_OPTION_NAMES | {f"mapping.{name}": f"--map {name}" for name in self.mapping}):
            return read_file(file, **arguments)

    def require_file(self, file: Path | None, problems: list[Problem]) -> None:
        """Refuse options for reading a file where there is none."""
        if file is None:
            problems += [Problem(option, "needs a people file. Add --roster FILE.") for option in self.given]


def people_file_options(
    mapping: MappingOption = None,
    currency: CurrencyOption = None,
    hours_per_year: HoursOption = None,
    percent_of: PercentOfOption = None,
    day_first: DayFirstOption = None,
    sheet: SheetOption = None,
    per: PerOption = None,
    months_per_year: MonthsOption = None,
    role_map: RoleMapOption = None,
    plan_year: PlanYearOption = None,
) -> PeopleFileOptions:
    """The options as typed, as values."""
    problems: list[Problem] = []
    fields = read_mapping(mapping or [], problems)
    hours = _HOURS_PER_YEAR if hours_per_year is None else read_number(hours_per_year.strip())
    if hours is None:
        allowed = "must be a plain number of hours, such as 2080"
        problems.append(Problem("--hours-per-year", f"{allowed}. You entered {hours_per_year!r}."))
        hours = _HOURS_PER_YEAR
    months = _MONTHS_PER_YEAR if months_per_year is None else read_number(months_per_year.strip())
    if months is None:
        problems.append(Problem("--months-per-year", f"must be a number of months. You entered {months_per_year!r}."))
        months = _MONTHS_PER_YEAR
    periods = read_pairs("--per", per or [], "FIELD=PERIOD, such as base=month", problems)
    roles = read_pairs("--role-map", role_map or [], "TITLE=ROLE, such as 'Customer Hero=csm'", problems)
    year = None if plan_year is None else int(plan_year) if plan_year.strip().isdecimal() else 0
    if year == 0:
        problems.append(Problem("--plan-year", f"must be a year, such as 2026. You entered {plan_year!r}."))
        year = None
    typed = {
        "--map": mapping or None,
        "--currency": currency,
        "--hours-per-year": hours_per_year,
        "--percent-of": percent_of,
        "--day-first" if day_first else "--month-first": day_first,
        "--sheet": sheet,
        "--per": per or None,
        "--months-per-year": months_per_year,
        "--role-map": role_map or None,
        "--plan-year": plan_year,
    }
    given = tuple(option for option, value in typed.items() if value is not None)
    return PeopleFileOptions(
        fields, hours, day_first, percent_of, currency, sheet, periods, months, roles, year, given, tuple(problems)
    )


def takes_people_file(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of `people_file_options`, in place of its parameter `file_options`."""
    options = inspect.signature(people_file_options, eval_str=True).parameters
    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command, eval_str=True).parameters.values():
        parameters += options.values() if parameter.name == "file_options" else [parameter]

    @functools.wraps(command)
    def run(**values: Any) -> None:
        command(file_options=people_file_options(**{name: values.pop(name) for name in options}), **values)

    run.__signature__ = inspect.Signature(parameters)  # pyright: ignore[reportAttributeAccessIssue]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
