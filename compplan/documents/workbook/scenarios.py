"""Scenarios and Reach sheets: results and payouts at shares of target, and at most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from compplan.curves import TOLERANCE
from compplan.documents.workbook.inputs import InputCells, measure_name
from compplan.documents.workbook.pages import Shown, WorkbookWriter, shown_as
from compplan.documents.workbook.step_writer import StepWriter
from compplan.documents.workbook.steps import PersonTerms, Steps, StepSums
from compplan.documents.workbook.tables import FAR, CurveTable, Tables
from compplan.documents.workbook.terms import CASE, Term, both, if_, least, most, size, term
from compplan.measures import Measure
from compplan.payout.engine import Compiled, CompiledComponent


@dataclass(frozen=True, slots=True)
class ScenarioCells:
    """Payouts at shares of target; each term has a value per case.

    Attributes
    ----------
    attainments : tuple of float
        At target first, then the grid; the last case, without an entry here, is the maximum or the stress.
    sums : StepSums
        Of one person with the pay of the plan.
    factors : dict of int to Term
        By plan modifier.
    heads : list of str
    shares : Term
        Of target, by case.
    shown : list of str
        Formats of `shares`.
    capped : bool
        Whether the last case is the maximum of the plan.
    """

    attainments: tuple[float, ...]
    sums: StepSums
    factors: dict[int, Term]
    heads: list[str]
    shares: Term
    shown: list[Shown]
    capped: bool

    @property
    def cases(self) -> int:
        """Number of cases."""
        return len(self.heads)


def write(
    book: WorkbookWriter,
    compiled: Compiled,
    inputs: InputCells,
    tables: Tables,
    grid: tuple[float, ...],
    stress: Term | None,
) -> ScenarioCells:
    """Write the sheets Scenarios and Reach; without a stress, the last case is the maximum of the plan."""
    page, reach = book.page("Scenarios"), book.page("Reach")
    page.widths(52, *[15] * (len(grid) + 2))
    reach.widths(52, *[15] * (len(grid) + 2))
    page.text(0, 0, "Scenarios", "title")
    page.text(1, 0, "One person with the pay of the plan, at a share of target in every measure: flows at that share "
              "of target, levels where their curve pays that share, kickers left out.", "note")  # fmt: skip
    reach.text(0, 0, "Reach", "title")
    reach.text(1, 0, "The lowest result at which a curve pays each share, for each row of its table on Curves, limited "
               "to the end of the curve and the range of the measure.", "note")  # fmt: skip
    cases = len(grid) + 2
    last = "At most" if stress is None else "Under stress"
    heads = ["At target", *["At this share"] * len(grid), last]
    page.heads(3, ("Step", *heads))
    reach.heads(3, ("Curve", *heads))
    page.text(4, 0, "Share of target in every measure")
    shares = [term(1.0), *(page.input(4, 2 + i, k, "share") for i, k in enumerate(grid))]
    page.formula(4, 1, term(1.0), "share")
    if stress is None:
        page.formula(4, cases, term(1.0), "best")
    else:
        page.formula(4, cases, stress, "share")
    share_values = [*(float(s.value[0]) for s in shares), 1.0 if stress is None else float(stress.value[0])]
    k = Term(f"Scenarios!{CASE}$5", np.array(share_values))
    scenario_results = _Results(
        StepWriter(reach, cases, down=True, first=1, start=3), compiled, inputs, tables, k, stress is None
    )
    results = {key: scenario_results.of(key) for key in compiled.keys}
    writer = StepWriter(page, cases, down=True, first=1, start=4)
    person = PersonTerms(
        inputs.base, inputs.variable, results,
        without_kickers=frozenset(range(cases - 1)), exceptions=scenario_results.exceptions,
    )  # fmt: skip
    sums = Steps(writer, compiled, inputs, tables, person, named=False).write()
    for sheet in (page, reach):
        sheet.freeze(4, 1)
    factors = {i: writer.terms[f"factor {i}"] for i in compiled.plan_modifiers}
    shown: list[Shown] = ["share"] * (cases - 1)
    shown.append("best" if stress is None else "share")
    return ScenarioCells((1.0, *grid), sums, factors, heads, k, shown, stress is None)


class _Results:
    """Writes every result that a plan needs, at each share of target."""

    def __init__(
        self,
        writer: StepWriter,
        compiled: Compiled,
        inputs: InputCells,
        tables: Tables,
        k: Term,
        capped: bool,
    ) -> None:
        self.writer, self.compiled, self.inputs, self.tables = writer, compiled, inputs, tables
        self.k, self.capped = k, capped
        self.exceptions: dict[str, dict[int, Term]] = {}

    def of(self, key: str) -> Term:
        """A result by case; cases that differ are in `exceptions`."""
        for number, c in enumerate(self.compiled.components):
            if c.id == key:
                return self._component(number, c)
        return self._other(key)

    def _set_best(self, key: str, best: Term) -> None:
        if self.capped:
            self.exceptions.setdefault(f"result {key}", {})[self.writer.cases - 1] = best

    def _component(self, number: int, c: CompiledComponent) -> Term:
        cells, table = self.inputs.components[number], self.tables[0][number]
        unit = cells.target if c.part.axis == "attainment" else term(1.0)
        best = _at(table.far, table) * unit if c.measure.best is None else term(c.measure.best)
        for kicker, kicker_cells in zip(self.compiled.kickers, self.inputs.kickers, strict=True):
            if kicker.key == c.id and c.measure.best is None and c.measure.better == "more":
                best = most(best, kicker_cells.max_units)
        self._set_best(c.id, best)
        if c.measure.kind == "flow":
            return self.k * cells.target
        self.writer.section(measure_name(c.measure, c.id))
        x = self._reached(table, self.k, c.id)
        if c.part.axis == "attainment":
            x = x * cells.target
        x = if_(self.k.same(1), cells.target, _within(c.measure, x))
        return self.writer.step(f"result {c.id}", "Result", x, shown_as(c.measure.unit))

    def _reached(self, table: CurveTable, k: Term, key: str) -> Term:
        """The lowest result that pays a share, from the rows of a table."""
        rows = len(table.knots.values)
        row_results: list[Term] = []
        for i in range(2, rows + 1):
            knot, value, slope = (column.at(term(float(i))) for column in (table.knots, table.values, table.slopes))
            end = table.knots.at(term(float(i + 1))) if i < rows else term(FAR * 10)
            inside = knot + (k - value) / slope
            rises = if_(slope > 0, if_(inside < end, inside, FAR), FAR)
            place = if_(both(knot > -FAR / 10, value >= k - TOLERANCE), knot, if_(knot > -FAR / 10, rises, FAR))
            row_results.append(self.writer.step(f"{key} row {i}", f"Row {i}", place, "position"))
        nearest = Term(f"MIN({_span(row_results)})", np.minimum.reduce([f.value for f in row_results]))
        before = table.first - most(1, size(table.first)) * (10 * TOLERANCE)
        z = if_(k <= table.below, before, if_(nearest > FAR / 10, table.last, nearest))
        z = self.writer.step(f"{key} position", "Position", z, "position")
        return _at(z, table)

    def _other(self, key: str) -> Term:
        """A result without a component: at the target of its modifier or where the modifier is 1, past every gate."""
        value: Term | None = None
        for number, m in enumerate(self.compiled.modifiers):
            if m.key != key:
                continue
            table, target = self.tables[1][number], self.inputs.modifier_targets[number]
            self._set_best(key, _at(table.far, table) if m.measure.best is None else term(m.measure.best))
            if value is None and target is not None:
                value = target
            elif value is None:
                value = self._neutral(number, table)
        gates = [
            (g, cells.limit) for g, cells in zip(self.compiled.gates, self.inputs.gates, strict=True) if g.key == key
        ]
        lower = [limit for gate, limit in gates if gate.part.at_least is not None]
        upper = [limit for gate, limit in gates if gate.part.at_least is None]
        if value is None:
            value = most(*lower) if lower else least(*upper) if upper else term(0.0)
        value = most(value, *lower) if lower else value
        return least(value, *upper) if upper else value

    def _neutral(self, number: int, table: CurveTable) -> Term:
        """Result at which a modifier is 1, or the end of its curve."""
        self.writer.section(f"Modifier {number + 1}")
        x = self._reached(table, term(1.0), f"modifier {number}")
        return self.writer.step(f"one {number}", "Result", if_(table.below >= 1, _at(table.last, table), x), "plain")


def _at(z: Term, table: CurveTable) -> Term:
    """The result at a position."""
    return z if table.sign > 0 else term(0.0) - z


def _within(measure: Measure, x: Term) -> Term:
    """A result within the limits of its measure."""
    x = x if measure.low is None else most(x, measure.low)
    return x if measure.high is None else least(x, measure.high)


def _span(row_results: list[Term]) -> str:
    """Range of the cells of consecutive steps."""
    first, last = row_results[0].text, row_results[-1].text
    return f"{first}:{last.partition('!')[2]}"
