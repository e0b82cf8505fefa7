"""A plan and its people as a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from compplan.cost import PlanYear, Population, cost, headcount, schedule
from compplan.documents.workbook import (
    about,
    calculation,
    checks,
    costs,
    inputs,
    months,
    proof,
    scenarios,
    summary,
    tables,
)
from compplan.documents.workbook import assumptions as assumptions_sheet
from compplan.documents.workbook import people as table
from compplan.documents.workbook.pages import Shown, WorkbookWriter
from compplan.documents.workbook.terms import Term
from compplan.errors import Problem, ResultError
from compplan.payout import bounded, results_at
from compplan.payout.engine import Compiled, compile_plan
from compplan.payout.results import from_mapping

if TYPE_CHECKING:
    import pandas as pd

    from compplan.cost import Assumptions, CostReport, Headcount
    from compplan.documents.workbook.costs import CostCells
    from compplan.documents.workbook.people import PeopleCells, TeamTable
    from compplan.plan import Plan

GRID = tuple(round(0.5 + 0.1 * i, 1) for i in range(11))
Block = tuple[str, list[tuple[str, Term, Shown]]]


def workbook(
    plan: Plan,
    people: Headcount | pd.DataFrame | None = None,
    *,
    results: Mapping[str, float] | None = None,
    assumptions: Assumptions | None = None,
    on: dt.date,
    names: bool = False,
) -> bytes:
    """Return a plan, with the people on it, as an .xlsx workbook of live formulas.

    Parameters
    ----------
    plan : Plan
    people : Headcount or DataFrame, optional
        One row per person or group, as for `compplan.payout.payouts` or `compplan.cost.cost`. Without it, the
        workbook shows one person with the pay of the plan.
    results : Mapping of str to float, optional [each measure's units]
        Annual results by ID; at target if left out. Ignored if people have their own results.
    assumptions : Assumptions, optional
        Adds the cost of everyone: at target, from 50% to 150% of target, and at most.
    on : date
        Date of the document.
    names : bool
        Whether to include names of people; without them people appear by ID.

    Returns
    -------
    bytes
        Content of the file. Inputs have names (``result_grr``, ``weight_grr``, ``target_grr``), and so do results
        (``pay_grr``, ``total_pay``). Text cells never become formulas.

    Raises
    ------
    ResultError, CostError
        If results, people or assumptions do not fit the plan, or if a result is infinite.

    Notes
    -----
    The year is one period. Each formula carries its value, for viewers that do not calculate. Lines and totals are
    compared with `compplan.payout` and `compplan.cost` before the file is returned.

    Examples
    --------
    >>> from compplan import templates
    >>> book = workbook(templates.load("knowup-csat-weighted"), results={"grr": 0.95}, on=dt.date(2026, 9, 1))
    >>> book[:2]
    b'PK'
    """
    compiled = compile_plan(plan)
    target_results, _ = results_at(plan, 1.0, "year")
    known_results = from_mapping(
        compiled, {**{k: v for k, v in target_results.items() if not _is_given(k, results)}, **(results or {})}
    )
    table.refuse_infinite(known_results)
    team = None if people is None else table.team_of(plan, compiled, people)
    # Terms evaluate both branches of IF; a spreadsheet evaluates only the one it needs.
    with np.errstate(all="ignore"):
        book = WorkbookWriter(plan.currency, on)
        first = book.page("Summary")
        own = team is not None and bool(team.results)
        results_by_id = {key: float(value[0]) for key, value in known_results.items()}
        cells = inputs.write(book, compiled, None if own else results_by_id)
        assumption_cells = (
            None
            if assumptions is None
            else assumptions_sheet.write(book, assumptions, plan.effective, capped=bounded(plan))
        )
        people_cells = None if team is None else table.write(book, compiled, cells, team, names=names)
        curves = tables.write(book, compiled, cells)
        if team is None or people_cells is None:
            calculated = calculation.alone(book, compiled, cells, curves)
            proof.one(compiled, results_by_id, calculated)
        else:
            calculated = calculation.team(book, compiled, cells, curves, team, people_cells)
            proof.people(compiled, people_cells, calculated)
        blocks: list[Block] = []
        notes: tuple[str, ...] = () if team is None else team.headcount.notes
        left_out: tuple[str, ...] = ()
        if assumptions is not None and assumption_cells is not None:
            population, report = _report(plan, team, assumptions)
            costed_team = team or table.team_of(plan, compiled, headcount(plan, 1))
            cost_cells = _cost(
                book, compiled, cells, assumption_cells, curves, costed_team, people_cells, population, report
            )
            blocks.append(_headlines(cost_cells, report))
            notes, left_out = report.notes, report.not_modelled
        workbook_checks = checks.of(compiled, cells, curves, calculated, people_cells)
        summary.write(first, compiled, cells, calculated, people_cells, workbook_checks, blocks, on)
        about.write(book, compiled, on, notes, left_out)
    return book.close()


def _is_given(key: str, results: Mapping[str, float] | None) -> bool:
    """Whether `results` has a result, or the parts of its ratio."""
    return any(name.partition(".")[0] == key for name in results or ())


def _report(plan: Plan, team: TeamTable | None, assumptions: Assumptions) -> tuple[Population, CostReport]:
    if team is not None:
        read = {plan.result_key(part.measure) for part in (*plan.gates, *plan.modifiers)}
        unsupported = [key for key in team.targets if key in read or plan.measure(key).kind == "level"]
        if unsupported:
            message = (
                "is an individual target for a level, or for a result used by a gate or modifier. A workbook with cost "
                "supports individual targets only for other flows. Leave out the cost or these targets."
            )
            raise ResultError([Problem(f"{key}.target", message) for key in unsupported])
    people = headcount(plan, 1) if team is None else team.headcount
    population = Population.of(plan, people, PlanYear.of(assumptions))
    return population, cost(plan, population, assumptions, attainments=GRID)


def _cost(
    book: WorkbookWriter,
    compiled: Compiled,
    cells: inputs.InputCells,
    assumption_cells: assumptions_sheet.AssumptionCells,
    curves: tables.Tables,
    team: TeamTable,
    people_cells: PeopleCells | None,
    population: Population,
    report: CostReport,
) -> CostCells:
    """Write the sheets on cost, and compare them with the report of the engine."""
    stress = None if report.most.kind == "cap" else assumption_cells.stress
    scenario_cells = scenarios.write(book, compiled, cells, curves, GRID, stress)
    cost_cells = costs.write(book, compiled, cells, assumption_cells, scenario_cells, team, people_cells)
    proof.team(compiled, cost_cells, report)
    monthly = schedule(compiled.plan, population, report.assumptions, footing=1.0)
    months.write(book, monthly, report, cost_cells)
    return cost_cells


def _headlines(cost_cells: CostCells, report: CostReport) -> Block:
    parts = cost_cells.parts
    most = "at most" if report.most.kind == "cap" else "under stress"
    rows: list[tuple[str, Term, Shown]] = [
        ("Variable pay at target", parts["pay"][0], "money"),
        ("Base and variable pay at target", parts["cash"][0], "money"),
        ("Fully loaded at target", parts["loaded"][0], "money"),
        ("Fully loaded at 50% of target", parts["loaded"][1], "money"),
        ("Fully loaded at 150% of target", parts["loaded"][-2], "money"),
        (f"Fully loaded {most}", parts["loaded"][-1], "money"),
    ]
    if report.assumptions.budget is not None:
        rows.append(("Remaining budget at target", parts["headroom"][0], "money"))
        rows.append((f"Remaining budget {most}", parts["headroom"][-1], "money"))
    return ("Annual cost", rows)
