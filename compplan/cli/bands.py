"""`compplan bands`: market pay of a role, as published and adjusted; and published results, such as median GRR."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from compplan.cli.arguments import read_day, read_share
from compplan.cli.bands_output import BandsText, market_dict, role_dict
from compplan.cli.terminal import JsonOption, app, examples, print_json, print_text, refuse, user_errors
from compplan.errors import Problem

if TYPE_CHECKING:
    from compplan.benchmarks import AdjustedFigure, MeanPay, RoleFigures

_OPTION_NAMES = {
    "role": "--role",
    "basis": "--basis",
    "area": "--area",
    "place": "--area",
    "exponent": "--exponent",
    "specialism": "--specialty",
    "date": "--date",
    "rate": "--rate",
}


@app.command(
    epilog=examples(
        "compplan bands --role csm --basis base --area Austin",
        "compplan bands --role csm --date 2026-07-01 --rate 3% --json",
        "compplan bands --results --measure grr_opening",
    )
)
def bands(
    role: Annotated[
        str | None, typer.Option("--role", metavar="KEY", help="Key of a role, such as csm. Default: all roles.")
    ] = None,
    basis: Annotated[
        str | None,
        typer.Option(
            "--basis",
            metavar="KEY",
            help="Only this kind of pay: base, target_variable, ote, actual_cash, total_compensation, "
            "fully_loaded_cost or wage.",
        ),
    ] = None,
    area: Annotated[
        str | None,
        typer.Option(
            "--area",
            metavar="NAME",
            help="Adjust to a place in the United States: a town, a metropolitan area or a state. If places "
            "share a name, the metropolitan area is used; for the state, enter NY or 'New York state'.",
        ),
    ] = None,
    exponent: Annotated[
        str | None,
        typer.Option(
            "--exponent",
            metavar="NUMBER",
            help="Location adjustment strength: pay varies with local wages to this power. Default: 0.67, as measured.",
        ),
    ] = None,
    specialism: Annotated[
        str | None,
        typer.Option(
            "--specialty", "--specialism", metavar="SHARE", help="Premium for a specialty, such as 20% or 0.2."
        ),
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="Age data to this date, such as 2026-07-01, by --rate.")
    ] = None,
    rate: Annotated[
        str | None, typer.Option("--rate", metavar="SHARE", help="Annual pay growth, such as 3% or 0.03.")
    ] = None,
    results: Annotated[
        bool,
        typer.Option(
            "--results", help="List published results instead of pay, such as median GRR, to compare targets."
        ),
    ] = False,
    measure: Annotated[
        str | None,
        typer.Option("--measure", metavar="KEY", help="With --results, only this measure, such as nrr."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Look up market pay for a role, or published results of measures, with sources.

    Every figure has its source, date and kind of pay. docs/benchmarks.md describes the fields of --json.
    """
    if results:
        options = {"--role": role, "--basis": basis, "--area": area, "--exponent": exponent, "--specialty": specialism,
                   "--date": date, "--rate": rate}  # fmt: skip
        _print_results(measure, [name for name, value in options.items() if value is not None], as_json)
        return
    if measure is not None:
        refuse([Problem("--measure", "needs --results. Market pay has no measure; add --results.")])
    from compplan.benchmarks import Market, find_area, sheet
    from compplan.benchmarks.amounts import as_basis
    from compplan.benchmarks.figures import check_role

    problems: list[Problem] = []
    power = _read_share("--exponent", exponent, problems)
    premium = _read_share("--specialty", specialism, problems)
    growth = _read_share("--rate", rate, problems)
    day = read_day("--date", date, problems)
    if problems:
        refuse(problems)
    with user_errors(_OPTION_NAMES):
        if role is not None:
            check_role(role)
        pay_basis = as_basis(basis) if basis is not None else None
        market = Market(find_area(area) if area is not None else None, power, premium, day, growth)
        rows = [row for row in sheet(market) if role in (None, row.role)]
    figures = [(row, _figures(row, pay_basis)) for row in rows]
    if as_json:
        print_json({"market": market_dict(market), "roles": [role_dict(row, some) for row, some in figures]})
        return
    adjusted = any(part is not None for part in (market.place, market.specialism, market.date))
    text = BandsText(adjusted, pay_basis)
    # A role without figures is printed only where it was asked for.
    parts = [text.role(row, some) for row, some in figures if some or role is not None]
    if not parts:
        parts = ["No source has figures of this kind."]
    print_text("\n\n".join([*parts, *text.notes()]))


def _print_results(measure: str | None, unfit: list[str], as_json: bool) -> None:
    """Print published results; options of market pay are refused, since they would change nothing."""
    from compplan.benchmarks import result_benchmarks, result_sheet
    from compplan.cli.results_output import result_dict, results_text

    if unfit:
        refuse([Problem(name, "applies to market pay and not to results. Leave it out.") for name in unfit])
    with user_errors({"measure": "--measure"}):
        rows = result_sheet() if measure is None else (result_benchmarks(measure),)
    if as_json:
        print_json({"measures": [result_dict(row) for row in rows]})
    else:
        print_text(results_text(rows))


def _read_share(option: str, text: str | None, problems: list[Problem]) -> float | None:
    value = None if text is None else read_share(text)
    if text is not None and value is None:
        allowed = "must be a plain number or a percent, such as 0.2 or 20%"
        problems.append(Problem(option, f"{allowed}. You entered {text!r}."))
    return value


def _figures(row: RoleFigures, basis: str | None) -> list[AdjustedFigure[Any] | MeanPay]:
    adjusted: list[AdjustedFigure[Any]] = [*row.bands, *row.distributions]
    chosen: list[AdjustedFigure[Any] | MeanPay] = [one for one in adjusted if basis in (None, one.given.basis)]
    return chosen + [one for one in row.means if basis in (None, one.amount.basis)]
