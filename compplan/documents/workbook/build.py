"""A plan and its people as a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from compplan.cost import PlanYear, Population, cost, headcount, schedule
from compplan.documents.workbook import (
    about,
    assumed,
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
    usual, _ = results_at(plan, 1.0, "year")
    given = from_mapping(compiled, {**{k: v for k, v in usual.items() if not _given(k, results)}, **(results or {})})
    table.refuse_infinite(given)
    team = None if people is None else table.team_of(plan, compiled, people)
    # Here both branches of a formula are evaluated; a spreadsheet evaluates only the one it needs.
    with np.errstate(all="ignore"):
        book = WorkbookWriter(plan.currency, on)
        first = book.page("Summary")
        own = team is not None and bool(team.results)
        flat = {key: float(value[0]) for key, value in given.items()}
        cells = inputs.write(book, compiled, None if own else flat)
        terms = None if assumptions is None else assumed.write(book, assumptions, capped=bounded(plan))
        folk = None if team is None else table.write(book, compiled, cells, team, names=names)
        curves = tables.write(book, compiled, cells)
        if team is None or folk is None:
            done = calculation.alone(book, compiled, cells, curves)
            proof.one(compiled, flat, done)
        else:
            done = calculation.team(book, compiled, cells, curves, team, folk)
            proof.everybody(compiled, folk, done)
        blocks: list[Block] = []
        notes: tuple[str, ...] = () if team is None else team.given.notes
        left_out: tuple[str, ...] = ()
        if assumptions is not None and terms is not None:
            population, report = _report(plan, team, assumptions)
            paid = team or table.team_of(plan, compiled, headcount(plan, 1))
            costed = _cost(book, compiled, cells, terms, curves, paid, folk, population, report)
            blocks.append(_headlines(costed, report))
            notes, left_out = report.notes, report.not_modelled
        found = checks.of(compiled, cells, curves, done, folk)
        summary.write(first, compiled, cells, done, folk, found, blocks, on)
        about.write(book, compiled, on, notes, left_out)
    return book.close()


def _given(key: str, results: Mapping[str, float] | None) -> bool:
    """Whether a result is given, by itself or as the parts of a ratio."""
    return any(name.partition(".")[0] == key for name in results or ())


def _report(plan: Plan, team: TeamTable | None, assumptions: Assumptions) -> tuple[Population, CostReport]:
    if team is not None:
        read = {plan.result_key(part.measure) for part in (*plan.gates, *plan.modifiers)}
        apart = [key for key in team.targets if key in read or plan.measure(key).kind == "level"]
        if apart:
            message = (
                "is an individual target for a level, or for a result used by a gate or modifier. A workbook with cost "
                "supports individual targets only for other flows. Leave out the cost or these targets."
            )
            raise ResultError([Problem(f"{key}.target", message) for key in apart])
    people = headcount(plan, 1) if team is None else team.given
    population = Population.of(plan, people, PlanYear.of(assumptions))
    return population, cost(plan, population, assumptions, attainments=GRID)


def _cost(
    book: WorkbookWriter,
    compiled: Compiled,
    cells: inputs.InputCells,
    terms: assumed.AssumptionCells,
    curves: tuple[list[tables.CurveTable], list[tables.CurveTable]],
    team: TeamTable,
    folk: PeopleCells | None,
    population: Population,
    report: CostReport,
) -> CostCells:
    """The sheets of cost, compared with the engine's report."""
    stress = None if report.most.kind == "cap" else terms.stress
    scenes = scenarios.write(book, compiled, cells, curves, GRID, stress)
    costed = costs.write(book, compiled, cells, terms, scenes, team, folk)
    proof.team(compiled, costed, report)
    seen = schedule(compiled.plan, population, report.assumptions, footing=1.0)
    months.write(book, seen, report, costed)
    return costed


def _headlines(costed: CostCells, report: CostReport) -> Block:
    parts = costed.parts
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
