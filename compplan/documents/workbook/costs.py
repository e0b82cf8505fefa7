"""Cost and CostRows sheets: cost of the team at each share of target, and of each person."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from compplan.cost.amounts import PARTS
from compplan.documents.workbook.assumptions import BUDGETS, AssumptionCells, tax
from compplan.documents.workbook.inputs import InputCells, KickerCells
from compplan.documents.workbook.pages import SheetWriter, WorkbookWriter, each
from compplan.documents.workbook.people import FIRST, ColumnWriter, PeopleCells, TeamTable, column_range
from compplan.documents.workbook.rules import clean, to_money
from compplan.documents.workbook.scenarios import ScenarioCells
from compplan.documents.workbook.tables import FAR
from compplan.documents.workbook.terms import CASE, Term, if_, least, most, plus, term
from compplan.payout.engine import Compiled

_HEAD = FIRST - 2
_AT_ONCE = 8  # lines of a person in one formula, which can have 8,192 characters
_LABELS = ("Base salary", "Variable pay", "Employer tax", "Unemployment tax", "Benefits", "Overhead")


@dataclass(slots=True)
class CostCells:
    """Cost of the team by part, with a cell per case.

    Attributes
    ----------
    parts : dict of str to list of Term
        By `PARTS`, and ``cash``, ``tax``, ``loaded`` and ``headroom``.
    """

    parts: dict[str, list[Term]] = field(default_factory=dict[str, list[Term]])


def write(
    book: WorkbookWriter,
    compiled: Compiled,
    inputs: InputCells,
    assumptions: AssumptionCells,
    scenarios: ScenarioCells,
    team: TeamTable,
    cells: PeopleCells | None,
) -> CostCells:
    """Write the sheets Cost and Cost rows."""
    page = book.page("Cost")
    rows_page = book.page("CostRows")
    rows = ColumnWriter(rows_page, team.rows)
    rows_page.text(0, 0, "Cost per person", "title")
    rows_page.text(1, 0, "Each row shows one person, prorated to the days employed while the plan is in effect. The "
                   "Cost sheet multiplies each row by its number of people.", "note")  # fmt: skip
    rows.texts("Id", team.frame["id"].tolist(), 20)
    person = _PersonCost(rows, compiled, inputs, assumptions, cells)
    digits = compiled.digits
    columns: list[dict[str, Term]] = []
    rows_page.wide()
    for case, head in enumerate(scenarios.heads):
        rows_page.text(_HEAD - 2, rows.place, head, "section")
        share = _cell(Term(f"Scenarios!{CASE}$5", scenarios.shares.value), case)
        rows_page.put(_HEAD - 1, rows.place, share.text, float(share.value[0]), scenarios.shown[case])
        pay = rows.formulas("Variable pay", person.pay(scenarios, case), "money")
        wages = person.base + pay
        employer = rows.formulas("Employer tax", to_money(tax(wages, assumptions.employer), digits), "money")
        other = rows.formulas("Unemployment tax", to_money(tax(wages, assumptions.unemployment), digits), "money")
        parts = (person.base, pay, employer, other, person.benefits, person.overhead)
        columns.append(dict(zip(PARTS, parts, strict=True)))
    rows_page.freeze(FIRST - 1, 1)
    return _sums(page, scenarios, team.rows, person.count, columns, assumptions, digits)


class _PersonCost:
    """Columns of a person that do not depend on results."""

    def __init__(
        self,
        rows: ColumnWriter,
        compiled: Compiled,
        inputs: InputCells,
        assumptions: AssumptionCells,
        cells: PeopleCells | None,
    ) -> None:
        self.rows, self.compiled, self.inputs, self.digits = rows, compiled, inputs, compiled.digits
        self.targets = {} if cells is None else cells.targets
        conditions = (*compiled.gates, *compiled.modifiers)
        self.counted = {*compiled.plan.by_id, *(part.key for part in conditions)}
        count = term(1.0) if cells is None else cells.count
        self.count = rows.formulas("People", count, "whole")
        self.share = rows.formulas("Share of year paid", _share(assumptions, cells), "fraction")
        base = inputs.base if cells is None else cells.base
        variable = inputs.variable if cells is None else cells.variable
        self.base = rows.formulas("Base salary", to_money(base * self.share, self.digits), "money")
        self.variable = rows.formulas("Target variable", to_money(variable * self.share, self.digits), "money")
        commissions = [(c, c.rate) for c in inputs.components if c.rate is not None]
        weighted = self.variable
        if commissions:
            commission = plus(rate * c.target for c, rate in commissions) * self.share
            weighted = most(self.variable - rows.formulas("Commission at target", commission, "exact"), 0)
        self.pool = rows.formulas("Target variable for weights", to_money(weighted, self.digits), "money")
        period_target = self.pool
        if commissions:
            own = plus(rate * self.share * self.targets.get(c.key, c.target) for c, rate in commissions)
            period_target = self.pool + rows.formulas("Commission at individual targets", own, "exact")
        cap = inputs.total_cap
        limit = if_(cap.empty, FAR, to_money(cap * to_money(period_target, self.digits), self.digits))
        self.cap = rows.formulas("Total cap", limit, "limit")
        self.benefits = rows.formulas("Benefits", to_money(self.base * assumptions.benefits, self.digits), "money")
        self.overhead = rows.formulas("Overhead", to_money(assumptions.overhead * self.share, self.digits), "money")

    def pay(self, scenarios: ScenarioCells, case: int) -> Term:
        """Variable pay of a case: lines of components and of plan modifiers, total cap; at the maximum also kickers."""
        lines: list[Term] = []
        exact: list[Term] = []
        for cells in self.inputs.components:
            fraction = _cell(scenarios.sums.fractions[cells.key], case)
            if cells.weight is not None:
                amount = cells.weight * self.pool * fraction
            else:
                target = self.targets.get(cells.key, cells.target)
                amount = (cells.rate or term(0.0)) * self.share * target * fraction
            exact.append(amount)
            lines.append(to_money(amount, self.digits))
        if self.compiled.plan_modifiers:
            earned = self.rows.formulas("Earned", plus(exact), "exact")
            for i in self.compiled.plan_modifiers:
                factor = _cell(scenarios.factors[i], case)
                lines.append(to_money(earned * (factor - 1), self.digits))
                earned = self.rows.formulas(f"After modifier {i + 1}", earned * factor, "exact")
        paid = least(self._sum("Lines", lines), self.cap)
        kickers = [
            self._kicker(kicker.key, cells, scenarios, case)
            for kicker, cells in zip(self.compiled.kickers, self.inputs.kickers, strict=True)
            if case == scenarios.cases - 1 and kicker.key in self.counted  # other counts are not known in advance
        ]
        return clean(paid + self._sum("Kickers", kickers) if kickers else paid, self.digits)

    def _sum(self, head: str, terms: list[Term]) -> Term:
        """Sum of terms, in several columns if one formula would be too long."""
        if len(terms) > _AT_ONCE:
            parts = [terms[i : i + _AT_ONCE] for i in range(0, len(terms), _AT_ONCE)]
            terms = [self.rows.formulas(head, plus(part), "exact") for part in parts]
        return plus(terms)

    def _kicker(self, key: str, cells: KickerCells, scenarios: ScenarioCells, case: int) -> Term:
        """Pay of a kicker on the result of a component; units are prorated for part of a year."""
        units = _cell(scenarios.sums.results[key], case)
        if key in self.targets:
            target = next(c.target for c in self.inputs.components if c.key == key)
            units = units * (self.targets[key] / target)
            if scenarios.capped and case == scenarios.cases - 1:
                units = most(units, cells.max_units)
        most_units = if_(self.share > 0, cells.max_units / self.share, 0)
        units = if_(cells.max_units.empty, units, least(units, most_units))
        return to_money(units * (cells.per_unit * self.share), self.digits)


def _cell(step: Term, case: int) -> Term:
    """Cell of one case of a step on Scenarios."""
    return Term(each(step.text, f"${xl_col_to_name(1 + case)}"), step.value[case : case + 1])


def _share(assumptions: AssumptionCells, cells: PeopleCells | None) -> Term:
    """Days employed while the plan is in effect, over days of the year."""
    first, last = assumptions.first, assumptions.last
    limits = [assumptions.since, assumptions.until, *((cells.hired, cells.left) if cells is not None else ())]
    if all(limit is None for limit in limits):
        return term(1.0)
    since, until = first, last
    for limit in limits[::2]:
        if limit is not None:
            since = if_(limit.empty, since, most(limit, since))
    for limit in limits[1::2]:
        if limit is not None:
            until = if_(limit.empty, until, least(limit, until))
    return most(until - since + 1, 0) / (last - first + 1)


def _sums(
    page: SheetWriter, scenarios: ScenarioCells, rows: int, count: Term, columns: list[dict[str, Term]],
    assumptions: AssumptionCells, digits: int,
) -> CostCells:  # fmt: skip
    """Write the cost of the team: a row per part, a column per case."""
    cost = CostCells({part: [] for part in PARTS})
    page.widths(34, *[17] * scenarios.cases)
    page.text(0, 0, "Cost", "title")
    page.text(
        1,
        0,
        "Everyone, for one year. Only the last column includes kickers, on results that the plan measures.",
        "note",
    )
    page.heads(3, ("", *scenarios.heads))
    page.text(4, 0, "Share of target in every measure", "key")
    share = Term(f"Scenarios!{CASE}$5", np.array([1.0]))
    for case in range(scenarios.cases):
        value = scenarios.shares.value[case]
        page.put(4, 1 + case, each(share.text, xl_col_to_name(1 + case)), float(value), scenarios.shown[case])
    for row, (part, label) in enumerate(zip(PARTS, _LABELS, strict=True), start=5):
        page.text(row, 0, label)
        for case, column in enumerate(columns):
            summed = _team_sum(rows, count, column[part], digits)
            cost.parts[part].append(page.formula(row, 1 + case, summed, "money", _name(part, case, scenarios)))
    labels = {"cash": "Base and variable", "tax": "Taxes", "loaded": "Fully loaded",
              "headroom": "Remaining budget"}  # fmt: skip
    cost.parts |= {name: [] for name in labels}
    for row, (name, label) in enumerate(labels.items(), start=12):
        page.text(row, 0, label)
        for case in range(scenarios.cases):
            amount = _total(name, cost, case, assumptions, digits)
            style = "total" if name == "loaded" else "figure"
            cost.parts[name].append(page.formula(row, 1 + case, amount, "money", _name(name, case, scenarios), style))
    page.alert(15, (1, scenarios.cases), "<", 0)
    page.freeze(4, 1)
    return cost


def _name(part: str, case: int, scenarios: ScenarioCells) -> str:
    """Cells at target and at most have names."""
    return f"team_{part}_at_target" if case == 0 else f"team_{part}_at_most" if case == scenarios.cases - 1 else ""


def _team_sum(rows: int, count: Term, column: Term, digits: int) -> Term:
    text = f"SUMPRODUCT({column_range(count, rows)},{column_range(column, rows)})"
    return clean(Term(text, np.array([float((column.value * count.value).sum())])), digits)


def _total(name: str, cost: CostCells, case: int, assumptions: AssumptionCells, digits: int) -> Term:
    def part(key: str) -> Term:
        return cost.parts[key][case]

    if name == "cash":
        return clean(part("base") + part("pay"), digits)
    if name == "tax":
        return clean(part("employer_tax") + part("unemployment_tax"), digits)
    if name == "loaded":
        return clean(part("cash") + part("tax") + part("benefits") + part("overhead"), digits)
    variable, cash, _ = (
        Term(f'{assumptions.budget_of}="{of}"', np.array([float(of == assumptions.of)]), loose=True) for of in BUDGETS
    )
    spent = if_(variable, part("pay"), if_(cash, part("cash"), part("loaded")))
    return if_(assumptions.budget.empty, Term('""', np.array([np.nan])), clean(assumptions.budget - spent, digits))
