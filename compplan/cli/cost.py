"""The command on what a plan costs: a team or a people file, at target, likely and at most; two plans side by side."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compplan.cli.plan import PlanArgument, read_plan
from compplan.cli.terminal import JsonOption, app, columns, number, print_json, refuse, say, sentences
from compplan.errors import Problem

if TYPE_CHECKING:
    from compplan.cost import Assumptions, Cost, CostReport, Headcount, SideBySide
    from compplan.plan import Plan

_OPTIONS = {"headcount": "--headcount", "attainment": "--attainment", "on": "--attainment"}


@app.command()
def cost(
    plan: PlanArgument,
    people: Annotated[
        str | None,
        typer.Option("--headcount", metavar="N", help="People who are paid as the plan says; 1 if left out."),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="FILE", help="A people file; those of the plan's role are costed."),
    ] = None,
    roles: Annotated[
        list[str] | None,
        typer.Option(
            "--role", metavar="ROLE", help="With --roster: a role that is paid under the plan. Once for each."
        ),
    ] = None,
    assumptions: Annotated[
        Path | None,
        typer.Option(
            "--assumptions", metavar="FILE", help="Taxes, benefits, budget and spreads, .yaml, .yml or .json."
        ),
    ] = None,
    attainment: Annotated[
        str | None, typer.Option("--attainment", metavar="K", help="Also at this share of target, such as 1.2 or 120%.")
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", metavar="PLAN", help="The plan before, for who gains and who loses.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a plan costs in a year: pay, employer tax, benefits; at target, likely and at most.

    compplan cost plan.yaml --headcount 12 --assumptions cost.yaml --attainment 120%
    """
    problems: list[Problem] = []
    count = read_count(people, problems)
    share = _share(attainment, problems)
    if people is not None and roster is not None:
        problems.append(Problem("--headcount", "is a number of people and --roster names them; give one of them."))
    if roles and roster is None:
        problems.append(Problem("--role", "needs a people file; give --roster too."))
    if problems:
        refuse(problems)
    with sentences(_OPTIONS):
        from compplan.cost import GRID, schedule, side_by_side
        from compplan.cost import cost as reckon

        now = read_plan(plan)
        known = read_assumptions(assumptions, now)
        who = _who(now, count, roster, roles)
        grid: list[float] = sorted(set(GRID) | (set() if share is None else {share}))
        seen = reckon(now, who, known, attainments=grid)
        other = None
        if against is not None:
            terms = "people" if roster is not None else "plan"
            other = side_by_side(read_plan(against), now, who, known, on=1.0 if share is None else share, terms=terms)
        months = schedule(now, who, known)
    if as_json:
        found: dict[str, Any] = {**seen.to_dict(), "schedule": months.to_dict()}
        print_json(found if other is None else {**found, "against": other.to_dict()})
        return
    say(_told(seen, share))
    if other is not None:
        say(f"\n{_compared(other)}")


# What was given


def read_count(text: str | None, problems: list[Problem]) -> int:
    """A number of people as typed, one if left out."""
    if text is None:
        return 1
    if not re.fullmatch(r"\d{1,7}", text.strip(), re.ASCII):
        problems.append(Problem("--headcount", f"must be a whole number of people, such as 12; got {text!r}."))
        return 1
    return int(text)


def _share(text: str | None, problems: list[Problem]) -> float | None:
    if text is None:
        return None
    bare = text.strip().removesuffix("%").rstrip()
    value = number(bare)
    share = None if value is None else float(f"{value / 100:.15g}") if bare != text.strip() else value
    if share is None or not 0 <= share <= 10:
        problems.append(Problem("--attainment", f"must be a share of target, such as 1.2 or 120%; got {text!r}."))
        return None
    return share


def read_assumptions(file: Path | None, plan: Plan) -> Assumptions:
    """Assumptions of a file; those for the plan without one.

    Raises
    ------
    CompPlanError
    """
    from compplan.cost import Assumptions
    from compplan.plan import files

    return Assumptions.for_plan(plan) if file is None else Assumptions.from_dict(files.read_file(file) or {})


def _who(plan: Plan, count: int, roster: Path | None, roles: list[str] | None) -> Headcount:
    from compplan.cost import from_people, headcount

    if roster is None:
        return headcount(plan, count)
    from compplan.roster import read_file

    return from_people(plan, read_file(roster).people, roles=roles or None)


# What is told


def _told(seen: CostReport, share: float | None) -> str:
    from compplan import formats

    likely = seen.expected

    def cash(amount: float) -> str:
        return formats.money(amount, seen.currency)

    cases: list[tuple[str, Cost]] = [("AT TARGET", seen.at_target)]
    cases += [] if share is None else [(f"AT {formats.percent(share)}", seen.at(share))]
    cases += [("LIKELY", likely.cost)]
    most = "AT MOST" if seen.most.kind == "cap" else f"AT {formats.percent(seen.most.attainment or 0)} (NO CAP)"
    cases += [(most, seen.most.cost)]
    names = ("base", "pay", "employer_tax", "unemployment_tax", "benefits", "overhead", "loaded")
    shown = {"pay": "Variable", "loaded": "Fully loaded"}
    table = [("A YEAR", *(name for name, _ in cases))]
    for name in names:
        label = shown.get(name, name.replace("_", " ").capitalize())
        table.append((label, *(cash(case.to_dict()[name]) for _, case in cases)))
    people = "1 person" if seen.headcount == 1 else f"{seen.headcount:,} people"
    spread = likely.fully_loaded
    lines = [
        f"{seen.plan_name}: {people}, {seen.year.first} to {seen.year.last}",
        columns(table),
        f"Eight years in ten end between {cash(spread.p10)} and {cash(spread.p90)}, fully loaded.",
        *_ratios(seen),
    ]
    if len(seen.set_aside):
        lines.append(columns([("SET ASIDE", "WHY"), *_aside(seen)]))
    assumed = "\n".join(["Assumed", *seen.notes])
    left_out = "\n".join(["Not modelled", *seen.not_modelled])
    return "\n\n".join([*lines, assumed, left_out])


def _aside(seen: CostReport) -> list[tuple[str, str]]:
    return [(str(one), str(why)) for one, why in zip(seen.set_aside["id"], seen.set_aside["why"], strict=True)]


def _ratios(seen: CostReport) -> list[str]:
    from compplan import formats

    def cash(amount: float) -> str:
        return formats.money(amount, seen.currency)

    r = seen.ratios
    rows: list[tuple[str, str]] = []
    if r.effective_cost is not None:
        rows.append(("Expected variable over target", formats.percent(r.effective_cost)))
    if r.loaded_of_arr is not None and r.comp_of_arr is not None:
        rows.append(("Loaded cost, share of ARR", formats.percent(r.loaded_of_arr)))
        rows.append(("Pay and tax, share of ARR", formats.percent(r.comp_of_arr)))
    if r.arr_per_person is not None:
        rows.append(("ARR a person", cash(r.arr_per_person)))
    if r.arr_per_ote is not None:
        rows.append(("ARR over OTE", f"{r.arr_per_ote:.1f}"))
    if r.grr_up is not None and r.grr_down is not None:
        rows.append(("A point of GRR", f"{cash(r.grr_up)} more for one up, {cash(r.grr_down)} less for one down"))
    if seen.budget is not None:
        left = seen.budget
        rows.append(("Left of the budget at target", cash(left.at_target)))
        rows.append(("Left of it as expected", cash(left.expected)))
        rows.append(("Left of it one year in ten", cash(left.p90)))
    return [columns(rows)] if rows else []


def _compared(seen: SideBySide) -> str:
    from compplan import formats

    def cash(amount: float) -> str:
        return f"{'+' if amount > 0 else ''}{formats.money(amount, seen.now.currency)}"

    on = formats.percent(seen.on) if isinstance(seen.on, float) else "own results"
    table = [("ROLE", "PEOPLE", "GAIN", "LOSE", "CHANGE OF PAY", "MOST LOST", "MOST GAINED")]
    table += [
        (
            str(row["role"]), str(row["headcount"]), str(row["gains"]), str(row["loses"]),
            cash(float(row["change"])), cash(-float(row["most_lost"])), cash(float(row["most_gained"])),
        )
        for row in seen.by_role.to_dict("records")
    ]  # fmt: skip
    head = (
        f"Against {seen.before.plan_name}, at {on} of target: {cash(seen.change['loaded'])} fully loaded; "
        f"{seen.gains:,} gain, {seen.loses:,} lose, {seen.same:,} stay the same."
    )
    return f"{head}\n{columns(table)}"
