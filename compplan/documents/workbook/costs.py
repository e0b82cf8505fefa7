"""What everybody costs at each share of target: a row a person, and the sums of the team."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from compplan.arrays import FloatArray
from compplan.documents.workbook.assumed import BUDGETS, AssumptionCells, tax
from compplan.documents.workbook.inputs import InputCells, KickerCells
from compplan.documents.workbook.pages import SheetWriter, Shown, WorkbookWriter, each
from compplan.documents.workbook.people import FIRST, PeopleCells, TeamTable
from compplan.documents.workbook.rules import clean, to_money
from compplan.documents.workbook.scenarios import ScenarioCells
from compplan.documents.workbook.tables import FAR
from compplan.documents.workbook.terms import CASE, Term, if_, least, most, term
from compplan.payout.engine import Compiled

_HEAD = FIRST - 2
_AT_ONCE = 8  # lines of a person in one formula, which may have 8,192 characters
PARTS = ("base", "pay", "employer_tax", "unemployment_tax", "benefits", "overhead")
_LABELS = {
    "base": "Base salary",
    "pay": "Variable pay",
    "employer_tax": "Employer tax",
    "unemployment_tax": "Unemployment tax",
    "benefits": "Benefits",
    "overhead": "Overhead",
}


@dataclass(slots=True)
class CostCells:
    """What the team costs: every part, with a cell a case.

    Attributes
    ----------
    parts : dict of str to list of Term
        By `PARTS`, and ``cash``, ``tax``, ``loaded`` and ``headroom``.
    """

    parts: dict[str, list[Term]] = field(default_factory=dict[str, list[Term]])


class _CostRows:
    """Writes a column of formulas with a row a person."""

    def __init__(self, page: SheetWriter, rows: int) -> None:
        self.page, self.rows, self.place = page, rows, 0

    def column(self, head: str, made: Term, shown: Shown) -> Term:
        self.page.text(_HEAD, self.place, head, "head_right")
        self.page.sheet.set_column(self.place, self.place, 14)
        values = np.array(np.broadcast_to(made.value, (self.rows,)))
        for i, value in enumerate(values.tolist()):
            self.page.put(FIRST + i, self.place, each(made.text, str(FIRST + i + 1)), value, shown)
        self.place += 1
        return Term(f"{self.page.title}!${xl_col_to_name(self.place - 1)}{CASE}", values)

    def range(self, of: Term) -> str:
        """The cells of everybody."""
        first, last = of.text.replace(CASE, f"${FIRST + 1}"), of.text.replace(CASE, f"${FIRST + self.rows}")
        return f"{first}:{last.partition('!')[2]}"


def write(
    book: WorkbookWriter,
    compiled: Compiled,
    inputs: InputCells,
    assumed: AssumptionCells,
    scenes: ScenarioCells,
    team: TeamTable,
    cells: PeopleCells | None,
) -> CostCells:
    """Write the sheets Cost and Cost rows."""
    page = book.page("Cost")
    rows_page = book.page("CostRows")
    rows = _CostRows(rows_page, team.rows)
    rows_page.text(0, 0, "Cost, a row a person", "title")
    rows_page.text(1, 0, "One person of each row, for the part of the year that they are employed; Cost sums them up, "
                   "times the people of the row.", "note")  # fmt: skip
    rows_page.text(_HEAD, 0, "Id", "head")
    rows_page.sheet.set_column(0, 0, 20)
    for row, key in enumerate(team.frame["id"].tolist(), start=FIRST):
        rows_page.text(row, 0, key)
    rows.place = 1
    each_row = _PersonCost(rows, compiled, inputs, assumed, cells)
    digits = compiled.digits
    found = CostCells({part: [] for part in PARTS})
    columns: list[dict[str, Term]] = []
    rows_page.wide()
    for case, head in enumerate(scenes.heads):
        rows_page.text(_HEAD - 2, rows.place, head, "section")
        share = _cell(Term(f"Scenarios!{CASE}$5", scenes.shares.value), case)
        rows_page.put(_HEAD - 1, rows.place, share.text, float(share.value[0]), scenes.shown[case])
        pay = rows.column("Variable pay", each_row.pay(scenes, case), "money")
        wages = each_row.base + pay
        employer = rows.column("Employer tax", to_money(tax(wages, assumed.employer), digits), "money")
        other = rows.column("Unemployment tax", to_money(tax(wages, assumed.unemployment), digits), "money")
        columns.append({
            "base": each_row.base, "pay": pay, "employer_tax": employer, "unemployment_tax": other,
            "benefits": each_row.benefits, "overhead": each_row.overhead,
        })  # fmt: skip
    rows_page.freeze(FIRST - 1, 1)
    _sums(page, scenes, rows, each_row.count, columns, assumed, found, digits)
    return found


class _PersonCost:
    """The columns of a person that do not hang on results."""

    def __init__(
        self,
        rows: _CostRows,
        compiled: Compiled,
        inputs: InputCells,
        assumed: AssumptionCells,
        cells: PeopleCells | None,
    ) -> None:
        self.rows, self.compiled, self.inputs, self.digits = rows, compiled, inputs, compiled.digits
        self.targets = {} if cells is None else cells.targets
        conditions = (*compiled.gates, *compiled.modifiers)
        self.counted = {*compiled.plan.by_id, *(part.key for part in conditions)}
        count = term(1.0) if cells is None else cells.count
        self.count = rows.column("People", count, "whole")
        self.share = rows.column("Part of the year", _share(assumed, cells), "fraction")
        base = inputs.base if cells is None else cells.base
        variable = inputs.variable if cells is None else cells.variable
        self.base = rows.column("Base salary", to_money(base * self.share, self.digits), "money")
        self.variable = rows.column("Target variable", to_money(variable * self.share, self.digits), "money")
        rated = [(c, c.rate) for c in inputs.components if c.rate is not None]
        left = self.variable
        if rated:
            rates = [rate * c.target for c, rate in rated]
            usual = rows.column("Commission at target", sum(rates[1:], start=rates[0]) * self.share, "exact")
            left = most(self.variable - usual, 0)
        self.pool = rows.column("For the weights to share", to_money(left, self.digits), "money")
        whole = self.pool
        if rated:
            pays = [rate * self.share * self.targets.get(c.key, c.target) for c, rate in rated]
            whole = self.pool + rows.column("On own targets", sum(pays[1:], start=pays[0]), "exact")
        cap = inputs.total_cap
        top = if_(cap.empty, FAR, to_money(cap * to_money(whole, self.digits), self.digits))
        self.top = rows.column("Total cap", top, "limit")
        self.benefits = rows.column("Benefits", to_money(self.base * assumed.benefits, self.digits), "money")
        self.overhead = rows.column("Overhead", to_money(assumed.overhead * self.share, self.digits), "money")

    def pay(self, scenes: ScenarioCells, case: int) -> Term:
        """Variable pay at a share of target: lines of components and of plan modifiers, total cap, kickers."""
        lines: list[Term] = []
        exact: list[Term] = []
        for cells in self.inputs.components:
            fraction = _cell(scenes.sums.fractions[cells.key], case)
            if cells.weight is not None:
                amount = cells.weight * self.pool * fraction
            else:
                target = self.targets.get(cells.key, cells.target)
                amount = (cells.rate or term(0.0)) * self.share * target * fraction
            exact.append(amount)
            lines.append(to_money(amount, self.digits))
        if self.compiled.plan_modifiers:
            earned = self.rows.column("Earned", sum(exact[1:], start=exact[0]), "exact")
            for i in self.compiled.plan_modifiers:
                factor = _cell(scenes.factors[i], case)
                lines.append(to_money(earned * (factor - 1), self.digits))
                earned = self.rows.column(f"After modifier {i + 1}", earned * factor, "exact")
        paid = least(self._sum("Lines", lines), self.top)
        kickers = [
            self._kicker(kicker.key, cells, scenes, case)
            for kicker, cells in zip(self.compiled.kickers, self.inputs.kickers, strict=True)
            if kicker.key in self.counted  # of the others nothing is known ahead, and they have no units
        ]
        return clean(paid + self._sum("Kickers", kickers) if kickers else paid, self.digits)

    def _sum(self, head: str, terms: list[Term]) -> Term:
        """Their sum, over columns of their own where one formula would grow too long."""
        if len(terms) > _AT_ONCE:
            parts = [terms[i : i + _AT_ONCE] for i in range(0, len(terms), _AT_ONCE)]
            terms = [self.rows.column(head, sum(part[1:], start=part[0]), "exact") for part in parts]
        return sum(terms[1:], start=terms[0])

    def _kicker(self, key: str, cells: KickerCells, scenes: ScenarioCells, case: int) -> Term:
        """A kicker on the result of a component; for a part of the year its count shrinks with the time."""
        units = _cell(scenes.sums.results[key], case)
        if key in self.targets:
            target = next(c.target for c in self.inputs.components if c.key == key)
            units = units * (self.targets[key] / target)
            if scenes.capped and case == scenes.cases - 1:
                units = most(units, cells.max_units)
        most_units = if_(self.share > 0, cells.max_units / self.share, 0)
        units = if_(cells.max_units.empty, units, least(units, most_units))
        return to_money(units * (cells.per_unit * self.share), self.digits)


def _cell(step: Term, case: int) -> Term:
    """The cell of one case of a step on Scenarios."""
    return Term(each(step.text, f"${xl_col_to_name(1 + case)}"), step.value[case : case + 1])


def _share(assumed: AssumptionCells, cells: PeopleCells | None) -> Term:
    """Days employed over days of the year."""
    if cells is None or (cells.hired is None and cells.left is None):
        return term(1.0)
    since, until = assumed.first, assumed.last
    if cells.hired is not None:
        since = if_(cells.hired.empty, assumed.first, most(cells.hired, assumed.first))
    if cells.left is not None:
        until = if_(cells.left.empty, assumed.last, least(cells.left, assumed.last))
    return most(until - since + 1, 0) / (assumed.last - assumed.first + 1)


def _sums(
    page: SheetWriter, scenes: ScenarioCells, rows: _CostRows, count: Term, columns: list[dict[str, Term]],
    assumed: AssumptionCells, found: CostCells, digits: int,
) -> None:  # fmt: skip
    """The team's cost: parts down, cases across."""
    page.widths(34, *[17] * scenes.cases)
    page.text(0, 0, "Cost", "title")
    page.text(1, 0, "Everybody, a year. Kickers on what no component measures count as nothing.", "note")
    page.heads(3, ("", *scenes.heads))
    page.text(4, 0, "Share of target in everything", "key")
    share = Term(f"Scenarios!{CASE}$5", np.array([1.0]))
    for case in range(scenes.cases):
        value = scenes.shares.value[case]
        page.put(4, 1 + case, each(share.text, xl_col_to_name(1 + case)), float(value), scenes.shown[case])
    for row, part in enumerate(PARTS, start=5):
        page.text(row, 0, _LABELS[part])
        for case, column in enumerate(columns):
            values = np.broadcast_to(column[part].value, (rows.rows,))
            summed = _times(rows, count, column[part], values, digits)
            found.parts[part].append(page.formula(row, 1 + case, summed, "money", _name(part, case, scenes)))
    labels = {"cash": "Base and variable", "tax": "Taxes", "loaded": "Fully loaded",
              "headroom": "Left of the budget"}  # fmt: skip
    found.parts |= {name: [] for name in labels}
    for row, (name, label) in enumerate(labels.items(), start=12):
        page.text(row, 0, label)
        for case in range(scenes.cases):
            made = _total(name, found, case, assumed, digits)
            style = "total" if name == "loaded" else "figure"
            found.parts[name].append(page.formula(row, 1 + case, made, "money", _name(name, case, scenes), style))
    red = page.book.loose({"bg_color": "#fbeceb", "font_color": "#a01f18"})
    page.sheet.conditional_format(15, 1, 15, scenes.cases, {"type": "cell", "criteria": "<", "value": 0, "format": red})
    page.freeze(4, 1)


def _name(part: str, case: int, scenes: ScenarioCells) -> str:
    """Cells at target and at most have names."""
    return f"team_{part}_at_target" if case == 0 else f"team_{part}_at_most" if case == scenes.cases - 1 else ""


def _times(rows: _CostRows, count: Term, of: Term, values: FloatArray, digits: int) -> Term:
    text = f"SUMPRODUCT({rows.range(count)},{rows.range(of)})"
    return clean(Term(text, np.array([float((values * count.value).sum())])), digits)


def _total(name: str, found: CostCells, case: int, assumed: AssumptionCells, digits: int) -> Term:
    def part(key: str) -> Term:
        return found.parts[key][case]

    if name == "cash":
        return clean(part("base") + part("pay"), digits)
    if name == "tax":
        return clean(part("employer_tax") + part("unemployment_tax"), digits)
    if name == "loaded":
        return clean(part("cash") + part("tax") + part("benefits") + part("overhead"), digits)
    words = [
        Term(f'{assumed.budget_of}="{word}"', np.array([float(word == assumed.of)]), loose=True) for word in BUDGETS
    ]
    spent = if_(words[0], part("pay"), if_(words[1], part("cash"), part("loaded")))
    return if_(assumed.budget.empty, Term('""', np.array([np.nan])), clean(assumed.budget - spent, digits))
