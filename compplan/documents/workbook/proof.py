"""Comparison of a workbook with the engine; a workbook that differs is never returned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from compplan.cost.amounts import PARTS
from compplan.documents.workbook.calculation import CalculationCells
from compplan.documents.workbook.costs import CostCells
from compplan.documents.workbook.people import PeopleCells
from compplan.payout import payout, payouts
from compplan.payout.engine import Compiled
from compplan.payout.in_force import full_year

if TYPE_CHECKING:
    from compplan.cost import CostReport

_TOLERANCE = 1e-6  # of a minor unit; sums of cents are whole except for errors of binary fractions


def one(compiled: Compiled, results: Mapping[str, float], calculation: CalculationCells) -> None:
    """Compare the lines and total of one person.

    Raises
    ------
    RuntimeError
        If a figure differs from the engine's.
    """
    statement = payout(full_year(compiled.plan), results, "year")
    for line in statement.lines:
        if line.kind == "component":
            _same(f"pay_{line.id}", calculation.figures[f"pay {line.id}"].value, line.amount, compiled)
    _same("total_pay", calculation.figures["total"].value, statement.total, compiled)
    _same("cash_total", calculation.figures["cash"].value, statement.cash_total, compiled)


def people(compiled: Compiled, cells: PeopleCells, calculation: CalculationCells) -> None:
    """Compare the lines and totals of people.

    Raises
    ------
    RuntimeError
        If a figure differs from the engine's.
    ResultError
        If a person cannot be paid under the plan.
    """
    import pandas as pd

    rows = cells.rows
    columns = {key: np.broadcast_to(term.value, (rows,)) for key, term in cells.results.items()}
    columns |= {f"{key}.target": term.value for key, term in cells.targets.items()}
    frame = pd.DataFrame({**columns, "base": cells.base.value, "variable": cells.variable.value})
    table = payouts(full_year(compiled.plan), frame, "year")
    for key, line in calculation.sums.lines.items():
        _same(f"pay {key}", calculation.people(line), table[key].to_numpy(), compiled)
    _same("total", calculation.people(calculation.sums.total), table["total"].to_numpy(), compiled)


def team(compiled: Compiled, cost_cells: CostCells, report: CostReport) -> None:
    """Compare the cost of everyone at target, along the grid and at most.

    Raises
    ------
    RuntimeError
        If a figure differs from the engine's.
    """
    for part in (*PARTS, "cash", "tax", "loaded"):
        costs = [report.at_target, *report.grid[part].tolist(), report.most.cost]
        engine = [amount if isinstance(amount, float) else getattr(amount, part) for amount in costs]
        _same(f"cost: {part}", np.concatenate([t.value for t in cost_cells.parts[part]]), engine, compiled)


def _same(name: str, workbook: object, engine: object, compiled: Compiled) -> None:
    left, right = np.asarray(workbook, np.float64), np.asarray(engine, np.float64)
    if left.shape and right.shape and left.shape != right.shape:
        raise RuntimeError(f"{name}: the workbook has {left.shape} numbers, the engine has {right.shape}")
    allowed = _TOLERANCE / 10.0**compiled.digits * np.maximum(1.0, np.abs(right))
    if (np.abs(left - right) > allowed).any():
        raise RuntimeError(f"{name}: the workbook has {left}, the engine has {right}")
