"""`compplan cost`: what a plan costs in a year, for one person, a headcount or a people file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compplan.cli.arguments import PlanArgument, read_headcount, read_plan, read_share
from compplan.cli.people_file import PeopleFileOptions, takes_people_file
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

if TYPE_CHECKING:
    import pandas as pd

    from compplan.cost import Assumptions, Cost, CostReport, Headcount, SideBySide
    from compplan.plan import Plan
    from compplan.readers.account import FileAccount
    from compplan.roster import Reading

HeadcountOption = Annotated[
    str | None,
    typer.Option("--headcount", metavar="N", help="Number of people, each with the plan's base and target variable."),
]
RosterOption = Annotated[
    Path | None,
    typer.Option(
        "--roster", "--people", metavar="FILE", help="A people file instead: everyone in the plan's role is included."
    ),
]
RoleOption = Annotated[
    list[str] | None,
    typer.Option("--role", metavar="ROLE", help="With --roster: include this role, by key, such as csm. Repeatable."),
]
AssumptionsOption = Annotated[
    Path | None,
    typer.Option(
        "--assumptions", metavar="FILE", help="Taxes, benefits, overhead, budget and spread of results (YAML or JSON)."
    ),
]

_OPTION_NAMES = {"headcount": "--headcount", "attainment": "--attainment", "on": "--attainment"}
_PARTS = {
    "base": "Base salary",
    "pay": "Variable pay",
    "employer_tax": "Employer tax",
    "unemployment_tax": "Unemployment tax",
    "benefits": "Benefits",
    "overhead": "Overhead",
    "loaded": "Fully loaded cost",
}


@app.command(
    epilog=examples(
        "compplan cost plan.yaml --headcount 12 --assumptions cost.yaml --attainment 120%",
        "compplan cost plan.yaml --roster team.xlsx --sheet Now --against last-year.yaml",
    )
)
@takes_people_file
def cost(
    plan: PlanArgument,
    people: HeadcountOption = None,
    roster: RosterOption = None,
    roles: RoleOption = None,
    *,
    file_options: PeopleFileOptions,
    assumptions: AssumptionsOption = None,
    attainment: Annotated[
        str | None,
        typer.Option(
            "--attainment", metavar="SHARE", help="Show the cost at this attainment too, such as 1.2 or 120%."
        ),
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", metavar="PLAN", help="An earlier plan, to see who gains and who loses.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Estimate what a plan costs in a year.

    Adds employer tax, benefits and overhead to pay. Shows the cost at target, the expected cost with its likely range,
    and the maximum. Without --headcount and --roster, for one person.
    """
    problems = list(file_options.problems)
    count = read_headcount(people, problems)
    share = _read_attainment(attainment, problems)
    check_people_options(people, roster, roles, file_options, problems)
    if problems:
        refuse(problems)
    with user_errors(_OPTION_NAMES):
        from compplan.cost import GRID, PlanYear, Population, schedule, side_by_side, usual_footing
        from compplan.cost import cost as estimate

        loaded = read_plan(plan)
        terms = read_assumptions(assumptions, loaded)
        headcount, account = read_people(loaded, count, roster, roles, file_options, terms)
        grid: list[float] = sorted(set(GRID) | (set() if share is None else {share}))
        population = Population.of(loaded, headcount, PlanYear.of(terms))
        report = estimate(loaded, population, terms, attainments=grid)
        comparison = None
        if against is not None:
            comparison = side_by_side(
                read_plan(against),
                loaded,
                headcount,
                terms,
                on=1.0 if share is None else share,
                terms="people" if roster is not None else "plan",
            )
        months = schedule(loaded, population, terms, footing=usual_footing(loaded, terms))
    if as_json:
        data: dict[str, Any] = {**report.to_dict(), "schedule": months.to_dict()}
        if account is not None:
            data["file"] = account.as_data()
        print_json(data if comparison is None else {**data, "against": comparison.to_dict()})
        return
    print_text(_report_text(report, share))
    if comparison is not None:
        print_text(f"\n{_comparison_text(comparison)}")
    if account is not None:
        print_text(f"\n{account.text()}")


# Options


def check_people_options(
    people: str | None,
    roster: Path | None,
    roles: list[str] | None,
    options: PeopleFileOptions,
    problems: list[Problem],
) -> None:
    """Refuse options about people that contradict each other or would do nothing."""
    if people is not None and roster is not None:
        problems.append(Problem("", "Use either --headcount or --roster, not both."))
    if roles and roster is None:
        problems.append(Problem("--role", "needs a people file. Add --roster FILE."))
    options.require_file(roster, problems)


def read_assumptions(file: Path | None, plan: Plan) -> Assumptions:
    """Assumptions of a file, or the defaults for a plan.

    Raises
    ------
    CompPlanError
        If the file cannot be read.
    """
    from compplan.cost import Assumptions
    from compplan.plan import files

    return Assumptions.for_plan(plan) if file is None else Assumptions.from_dict(files.read_file(file) or {})


def _read_attainment(text: str | None, problems: list[Problem]) -> float | None:
    if text is None:
        return None
    share = read_share(text)
    if share is None or not 0 <= share <= 10:
        allowed = "must be a share of target from 0% to 1000%, such as 1.2 or 120%"
        problems.append(Problem("--attainment", f"{allowed}. You entered {text!r}."))
        return None
    return share


def read_people(
    plan: Plan,
    count: int,
    roster: Path | None,
    roles: list[str] | None,
    options: PeopleFileOptions,
    terms: Assumptions | None,
) -> tuple[Headcount, FileAccount | None]:
    """The people of a file with its account, or a number of people with the pay of the plan."""
    from compplan.cost import CostError, PlanYear, from_people, headcount

    if roster is None:
        return headcount(plan, count), None
    reading = options.read(roster, PlanYear.of(terms).first if terms is not None else None)
    people = reading.people
    if len(people) and options.currency is None and not any(people["currency"].fillna("")):
        stop(f"{roster}: nobody has a currency, and the plan pays in {plan.currency}. Add --currency {plan.currency}.")
    try:
        return from_people(plan, people, roles=roles or None), reading.account()
    except CostError as error:
        raise CostError([*error.problems, *_advice(reading)]) from None


def _advice(reading: Reading) -> list[Problem]:
    """What to do about a file in which nobody is paid under the plan, and what became of its rows."""
    advice: list[Problem] = []
    if not reading.has_pay:
        advice.append(Problem("", str(reading.notes[0])))
    if reading.roleless:
        title = next(iter(reading.roleless))
        advice.append(Problem("--role-map", f"gives titles a role, as in --role-map {title + '=csm'!r}."))
    return [*advice, *(Problem("", line) for line in reading.account().lines())]


# Output


def skipped_people(people: pd.DataFrame) -> str:
    """People of a file who are left out, each with the reason."""
    rows = [(str(person), str(reason)) for person, reason in zip(people["id"], people["why"], strict=True)]
    return text_table([("NOT INCLUDED", "REASON"), *rows])


def _report_text(report: CostReport, share: float | None) -> str:
    from compplan import formats

    likely = report.expected

    def cash(amount: float) -> str:
        return formats.money(amount, report.currency)

    cases: list[tuple[str, Cost]] = [("AT TARGET", report.at_target)]
    cases += [] if share is None else [(f"AT {formats.percent(share)}", report.at(share))]
    cases += [] if likely is None else [("EXPECTED", likely.cost)]
    stress = f"AT {formats.percent(report.most.attainment or 0)} (NO CAP)"
    cases += [("MAXIMUM" if report.most.kind == "cap" else stress, report.most.cost)]
    table = [("PER YEAR", *(name for name, _ in cases))]
    unset = report.assumptions.not_included
    table += [
        (label, *("not included" if part in unset else cash(case.to_dict()[part]) for _, case in cases))
        for part, label in _PARTS.items()
    ]
    people = "1 person" if report.headcount == 1 else f"{report.headcount:,} people"
    lines = [
        f"{report.plan_name}: {people}, {report.year.first} to {report.year.last}",
        text_table(table),
        _range_text(report),
        *_ratios(report),
    ]
    if len(report.set_aside):
        lines.append(skipped_people(report.set_aside))
    lines.append("\n".join(["Assumptions", *report.notes]))
    lines.append("\n".join(["Not included", *report.not_modelled]))
    return "\n\n".join(lines)


def _range_text(report: CostReport) -> str:
    """The range of the cost with the spreads in use; or the request for a spread that is unknown."""
    from compplan import formats

    if report.expected is None:
        entries = ", ".join(f"{key}: …" for key in report.needs_spread)
        return (
            f"{report.spread} Write it in the file of --assumptions, as "
            f"spreads: {{{entries}}}, in units of the measure."
        )
    spread = report.expected.fully_loaded
    ends = (formats.money(amount, report.currency) for amount in (spread.p10, spread.p90))
    return f"Fully loaded cost, 80% likely between {' and '.join(ends)}. {report.spread}"


def _ratios(report: CostReport) -> list[str]:
    from compplan import formats

    def cash(amount: float) -> str:
        return formats.money(amount, report.currency)

    ratios = report.ratios
    rows: list[tuple[str, str]] = []
    if ratios.effective_cost is not None:
        rows.append(("Expected variable, % of target", formats.percent(ratios.effective_cost)))
    if ratios.loaded_of_arr is not None and ratios.comp_of_arr is not None:
        rows.append(("Fully loaded cost, % of ARR", formats.percent(ratios.loaded_of_arr)))
        rows.append(("Pay and employer tax, % of ARR", formats.percent(ratios.comp_of_arr)))
    if ratios.arr_per_person is not None:
        rows.append(("ARR per person", cash(ratios.arr_per_person)))
    if ratios.arr_per_ote is not None:
        rows.append(("ARR per unit of OTE", f"{ratios.arr_per_ote:.1f}"))
    if ratios.grr_up is not None and ratios.grr_down is not None:
        change = f"+1 point costs {cash(ratios.grr_up)}, −1 point saves {cash(ratios.grr_down)}"
        rows.append(("GRR", change))
    if report.budget is not None:
        left = report.budget
        rows.append(("Budget left at target", cash(left.at_target)))
        if left.expected is not None and left.p90 is not None:
            rows.append(("Budget left, expected", cash(left.expected)))
            rows.append(("Budget left, 1 year in 10", cash(left.p90)))
    return [text_table(rows, header=False)] if rows else []


def _comparison_text(comparison: SideBySide) -> str:
    from compplan import formats

    def cash(amount: float) -> str:
        return f"{'+' if amount > 0 else ''}{formats.money(amount, comparison.now.currency)}"

    results = f"{formats.percent(comparison.on)} of target" if isinstance(comparison.on, float) else "their own results"
    table = [("ROLE", "PEOPLE", "GAIN", "LOSE", "CHANGE IN PAY", "LARGEST LOSS", "LARGEST GAIN")]
    table += [
        (
            str(row["role"]), str(row["headcount"]), str(row["gains"]), str(row["loses"]),
            cash(float(row["change"])), cash(-float(row["most_lost"])), cash(float(row["most_gained"])),
        )
        for row in comparison.by_role.to_dict("records")
    ]  # fmt: skip
    head = (
        f"Compared with {comparison.before.plan_name}, at {results}: {cash(comparison.change['loaded'])} fully loaded. "
        f"{comparison.gains:,} gain, {comparison.loses:,} lose, {comparison.same:,} stay the same."
    )
    return f"{head}\n{text_table(table)}"
