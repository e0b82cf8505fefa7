"""`compplan capacity`: accounts per person, people needed, and books of business that are too large."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compplan.cli.arguments import ForceOption, check_output, read_day, read_mapping, read_positive, write_file
from compplan.cli.capacity_output import books_dict, capacity_text, guide_dict, model_dict
from compplan.cli.terminal import JsonOption, app, examples, print_json, print_text, refuse, stop, user_errors
from compplan.clock import utc_today
from compplan.errors import Problem, nearest

if TYPE_CHECKING:
    import datetime as dt

    from compplan.capacity import AccountsReading, CapacityModel, Ceiling, WorkYear

_NEEDS_ACCOUNTS = "needs a file of accounts. Add --accounts FILE."
_DEFAULT_PRESET = "knowup-enterprise"


@app.command(
    epilog=examples(
        "compplan capacity --count 100",
        "compplan capacity --preset knowup-enterprise --hours 110 --leave",
        "compplan capacity --accounts accounts.csv --most-arr 400000 --rebalance",
    )
)
def capacity(
    preset: Annotated[
        str | None,
        typer.Option("--preset", metavar="KEY", help="A published guide to start from. Default: knowup-enterprise."),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option("--model", metavar="FILE", help="Your own model (YAML or JSON), as the Capacity page saves it."),
    ] = None,
    accounts: Annotated[str | None, typer.Option("--count", metavar="N", help="Number of accounts to cover.")] = None,
    hours: Annotated[
        str | None, typer.Option("--hours", metavar="HOURS", help="Hours per account a year, instead of the guide's.")
    ] = None,
    leave: Annotated[bool, typer.Option("--leave", help="Subtract leave and holidays from the working year.")] = False,
    file: Annotated[
        Path | None,
        typer.Option("--accounts", metavar="FILE", help="A file of accounts and their owners, CSV or .xlsx."),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="HEADING=FIELD", help="Read a field from this column, such as 'Umsatz=arr'. Repeatable."
        ),
    ] = None,
    most_accounts: Annotated[
        str | None, typer.Option("--most-accounts", metavar="N", help="Maximum accounts per person.")
    ] = None,
    most_arr: Annotated[
        str | None, typer.Option("--most-arr", metavar="AMOUNT", help="Maximum ARR per person.")
    ] = None,
    within_hours: Annotated[
        bool, typer.Option("--within-hours", help="Limit books to a person's available hours too.")
    ] = False,
    moves: Annotated[
        bool,
        typer.Option(
            "--rebalance",
            help="Suggest the fewest accounts to move so that nobody exceeds a maximum. Accounts times owners can be "
            "at most 60,000.",
        ),
    ] = False,
    answers: Annotated[
        Path | None,
        typer.Option("--answers", metavar="FILE", help="Write answers about the books for compplan check --context."),
    ] = None,
    force: ForceOption = False,
    on_day: Annotated[
        str | None, typer.Option("--today", metavar="DATE", help="First day of the next four quarters. Default: today.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Size teams and books of business.

    Estimates accounts per person and people needed, and finds books that are too large. Starts from a published guide
    (--preset) or your own model (--model). With --accounts, shows each person's book: accounts, ARR, renewals by
    quarter, and what exceeds a maximum.
    """
    problems: list[Problem] = []
    count = read_positive("--count", accounts, problems)
    account_hours = read_positive("--hours", hours, problems)
    maximums = {
        "accounts": read_positive("--most-accounts", most_accounts, problems, whole=True),
        "arr": read_positive("--most-arr", most_arr, problems),
    }
    fields = read_mapping(mapping or [], problems)
    if file is None:
        about_accounts = {
            "--map": mapping, "--most-accounts": most_accounts, "--most-arr": most_arr, "--within-hours": within_hours,
            "--rebalance": moves, "--answers": answers,
        }  # fmt: skip
        problems += [Problem(option, _NEEDS_ACCOUNTS) for option, value in about_accounts.items() if value]
    if model is not None:
        in_model = {"--preset": preset, "--count": accounts, "--hours": hours, "--leave": leave}
        problems += [
            Problem(option, "can't be used with --model. Change it in the model's file.")
            for option, value in in_model.items()
            if value
        ]
    day = read_day("--today", on_day, problems) or utc_today()
    if answers is not None:
        check_output("--answers", answers, (), file, force, problems)
    if problems:
        refuse(problems)
    with user_errors({f"mapping.{field}": f"--map {field}" for field in fields}):
        if model is not None:
            used, data = _own_model(model)
        else:
            used, data = _guide(preset or _DEFAULT_PRESET, count, account_hours, leave)
        if file is not None:
            ceiling = _ceiling(maximums, used.year if within_hours else None)
            data |= _books(_read_accounts(file, fields), used, ceiling, day, moves=moves, answers=answers)
    if as_json:
        print_json(data)
    else:
        print_text(capacity_text(data))


def _ceiling(maximums: dict[str, float | None], year: WorkYear | None) -> Ceiling:
    from compplan.capacity import Ceiling

    hours = year.available if year is not None else None
    return Ceiling.of({kind: most for kind, most in {**maximums, "hours": hours}.items() if most})


def _read_accounts(file: Path, fields: dict[str, str]) -> AccountsReading:
    from compplan.capacity import read_accounts
    from compplan.readers import limits

    try:
        with file.open("rb") as opened:
            data = opened.read(limits.MOST_BYTES + 1)
    except OSError as error:
        stop(f"Can't read {file}: {error.strerror}.")
    return read_accounts(data, file.name, mapping=fields)


def _guide(
    preset: str, count: float | None, account_hours: float | None, leave: bool
) -> tuple[CapacityModel, dict[str, Any]]:
    """The model of a published guide, and what it says as plain data."""
    from compplan.capacity import CapacityModel, Service, Tier, implied_hours, presets, usual_year

    guides = presets()
    if preset not in guides:
        refuse([Problem("", f"There is no preset {preset!r}; {nearest(preset, guides)}")])
    guide, year = guides[preset], usual_year(leave=leave)
    data = guide_dict(guide, year, key=preset, count=count, account_hours=account_hours)
    service = guide.service
    if service is None or account_hours is not None:
        implied = implied_hours(guide.accounts[0], year.available)[0] if guide.accounts else 0.0
        service = Service.of({"ad_hoc": account_hours or implied})
    return CapacityModel(tiers=(Tier(name=guide.name, service=service, segment=guide.segment),), year=year), data


def _own_model(path: Path) -> tuple[CapacityModel, dict[str, Any]]:
    from compplan.capacity import CapacityModel

    model = CapacityModel.load(path)
    return model, model_dict(model)


def _books(
    reading: AccountsReading, model: CapacityModel, ceiling: Ceiling, day: dt.date, *, moves: bool, answers: Path | None
) -> dict[str, Any]:
    """Books of a file of accounts, as plain data; answers for a review are written on the way."""
    from compplan.capacity import books, rebalance, review_answers
    from compplan.capacity.rebalance import check_size
    from compplan.plan import files

    if moves:
        check_size(reading.accounts)
    hours = model.hours_by_segment()
    table = books(reading.accounts, today=day, ceiling=ceiling, hours=hours, available=model.year.available)
    data = books_dict(reading, table, day)
    if answers is not None:
        write_file(answers, files.write_yaml(review_answers(table)).encode(), force=True)
        data["answers"] = str(answers)
    if moves:
        suggestion = rebalance(reading.accounts, ceiling, hours=hours)
        data["rebalance"] = {
            "possible": suggestion.possible,
            "least": suggestion.least,
            "sentence": suggestion.sentence,
            "moves": [
                {"line": m.line, "account": m.account, "from": m.source, "to": m.target, "arr": m.arr}
                for m in suggestion.moves
            ],
        }
    return data
