"""What a workbook says against what the engine says: one that differs is never handed out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from compplan.documents.workbook.calculation import CalculationCells
from compplan.documents.workbook.costs import PARTS, CostCells
from compplan.documents.workbook.people import PeopleCells
from compplan.payout import payout, payouts
from compplan.payout.engine import Compiled

if TYPE_CHECKING:
    from compplan.cost import CostReport

_CENT = 1e-6  # of a minor unit; sums of cents are whole but for the dust of binary fractions


def one(compiled: Compiled, results: Mapping[str, float], done: CalculationCells) -> None:
    """One person's lines and total.

    Raises
    ------
    RuntimeError
        If a figure differs from the engine's.
    """
    statement = payout(compiled.plan, results, "year")
    for line in statement.lines:
        if line.kind == "component":
            _same(f"pay_{line.id}", done.figures[f"pay {line.id}"].value, line.amount, compiled)
    _same("total_pay", done.figures["total"].value, statement.total, compiled)
    _same("cash_total", done.figures["cash"].value, statement.cash_total, compiled)


def everybody(compiled: Compiled, cells: PeopleCells, done: CalculationCells) -> None:
    """Lines and totals of people.

    Raises
    ------
    RuntimeError
        If a figure differs from the engine's.
    ResultError
        If somebody cannot be paid under the plan.
    """
    import pandas as pd

    rows = cells.rows
    columns = {key: np.broadcast_to(term.value, (rows,)) for key, term in cells.results.items()}
    columns |= {f"{key}.target": term.value for key, term in cells.targets.items()}
    frame = pd.DataFrame({**columns, "base": cells.base.value, "variable": cells.variable.value})
    table = payouts(compiled.plan, frame, "year")
    for key, line in done.sums.lines.items():
        _same(f"pay {key}", done.people(line), table[key].to_numpy(), compiled)
    _same("total", done.people(done.sums.total), table["total"].to_numpy(), compiled)


def team(compiled: Compiled, costed: CostCells, report: CostReport) -> None:
    """The cost of everybody at target, along the grid and at most.

    Raises
    ------
    RuntimeError
        If a figure differs from the engine's.
    """
    for part in (*PARTS, "cash", "tax", "loaded"):
        told = [report.at_target, *report.grid[part].tolist(), report.most.cost]
        wanted = [amount if isinstance(amount, float) else getattr(amount, part) for amount in told]
        _same(f"cost: {part}", np.concatenate([t.value for t in costed.parts[part]]), wanted, compiled)


def _same(name: str, found: object, wanted: object, compiled: Compiled) -> None:
    left, right = np.asarray(found, np.float64), np.asarray(wanted, np.float64)
    if left.shape and right.shape and left.shape != right.shape:
        raise RuntimeError(f"{name}: the workbook has {left.shape} figures, the engine {right.shape}")
    allowed = _CENT / 10.0**compiled.digits * np.maximum(1.0, np.abs(right))
    if (np.abs(left - right) > allowed).any():
        raise RuntimeError(f"{name}: the workbook comes to {left}, the engine to {right}")
