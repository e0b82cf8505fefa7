"""`compplan payout`: what one person is paid for a period, with every step of the calculation."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated

import typer

from compplan.cli.arguments import PlanArgument, ResultOption, read_number, read_plan, read_results
from compplan.cli.terminal import JsonOption, app, examples, print_json, print_text, refuse, user_errors
from compplan.errors import Problem

if TYPE_CHECKING:
    from compplan.payout.engine import Period

_OPTION_NAMES = {"period": "--period", "paid_before": "--paid-before", "year_starts": "--year-starts"}


@app.command(
    epilog=examples(
        "compplan payout plan.yaml --result grr=93% --result expansion_arr=61000 --result csat=4.6",
        "compplan payout template:flowfuse-csm -r nrr=1.075 --annual --json",
    )
)
def payout(
    plan: PlanArgument,
    result: ResultOption = None,
    annual: Annotated[bool, typer.Option("--annual", help="Pay the whole year as one period.")] = False,
    period: Annotated[
        str | None, typer.Option("--period", metavar="N", help="Period of the year, from 1, or year. Default: 1.")
    ] = None,
    paid_before: Annotated[
        str | None,
        typer.Option(
            "--paid-before",
            metavar="AMOUNT",
            help="Pay of earlier periods this year. Year-to-date plans need it after period 1.",
        ),
    ] = None,
    year_starts: Annotated[
        str | None,
        typer.Option(
            "--year-starts",
            metavar="DATE",
            help="First day of the year that periods are counted in, for a plan with effective dates. "
            "Default: January 1, or the plan's first day if it is in effect for exactly a year.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Calculate one person's variable pay for a period, step by step."""
    from compplan.payout import payout as pay

    with user_errors(_OPTION_NAMES):
        loaded = read_plan(plan)
        problems: list[Problem] = []
        results = read_results(loaded, result or [], problems)
        pay_period = _read_period(annual, period, problems)
        earlier_pay = _read_amount("--paid-before", paid_before, problems)
        first_day = _read_day("--year-starts", year_starts, problems)
        if problems:
            refuse(problems)
        statement = pay(loaded, results, pay_period, paid_before=earlier_pay, year_starts=first_day)
    if as_json:
        print_json(statement.to_dict())
    else:
        print_text(statement.text())


def _read_period(annual: bool, text: str | None, problems: list[Problem]) -> Period:
    if annual and text is not None:
        problems.append(Problem("", "Use either --period or --annual, not both."))
    if annual:
        return "year"
    if text is None:
        return 1
    if text.strip() == "year":
        return "year"
    if not re.fullmatch(r"\d{1,4}", text.strip(), re.ASCII):
        problems.append(Problem("--period", f"must be a whole number, such as 2, or year. You entered {text!r}."))
        return 1
    return int(text)


def _read_amount(option: str, text: str | None, problems: list[Problem]) -> float | None:
    if text is None:
        return None
    value = read_number(text.strip())
    if value is None:
        problems.append(Problem(option, f"must be a plain amount of money, such as 4500.50. You entered {text!r}."))
    return value


def _read_day(option: str, text: str | None, problems: list[Problem]) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text.strip())
    except ValueError:
        problems.append(Problem(option, f"must be a date, such as 2026-01-01. You entered {text!r}."))
        return None
