"""Inputs sheet: every number of a plan in a cell that can be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_col_to_name

from compplan import formats
from compplan.curves import AnyCurve, Goal, Linear
from compplan.documents.workbook.pages import SheetWriter, Shown, WorkbookWriter, shown_as
from compplan.documents.workbook.terms import Term, term
from compplan.measures import Measure
from compplan.payout.engine import Compiled


@dataclass(frozen=True, slots=True)
class CurveCells:
    """Cells of a payout curve: its points and limits."""

    spec: AnyCurve
    xs: list[Term]
    ys: list[Term]
    cap: Term
    floor: Term
    threshold: Term
    above: str = ""  # address of the choice between flat and extend


@dataclass(frozen=True, slots=True)
class ComponentCells:
    """Cells of a component, which has a weight or a rate."""

    key: str
    weight: Term | None
    rate: Term | None
    target: Term


@dataclass(frozen=True, slots=True)
class GateCells:
    """Limit of a gate, and its effect when it is not passed."""

    limit: Term
    effect: Term


@dataclass(frozen=True, slots=True)
class KickerCells:
    """Pay per unit, and maximum units."""

    per_unit: Term
    max_units: Term


@dataclass(slots=True)
class InputCells:
    """Cells of every input of a plan."""

    page: SheetWriter
    base: Term
    variable: Term
    share: Term | None  # of OTE, if the plan states variable as a share
    ote: Term
    total_cap: Term
    decimals: Term
    components: list[ComponentCells] = field(default_factory=list[ComponentCells])
    gates: list[GateCells] = field(default_factory=list[GateCells])
    modifier_targets: list[Term | None] = field(default_factory=list[Term | None])
    kickers: list[KickerCells] = field(default_factory=list[KickerCells])
    results: dict[str, Term] = field(default_factory=dict[str, Term])
    curves: list[CurveCells] = field(default_factory=list[CurveCells])
    factor_curves: list[CurveCells] = field(default_factory=list[CurveCells])


def write(book: WorkbookWriter, compiled: Compiled, results: Mapping[str, float] | None) -> InputCells:
    """Write the sheet.

    Parameters
    ----------
    book : WorkbookWriter
    compiled : Compiled
    results : Mapping of str to float, optional
        One for every result that the plan needs; None if people have individual results.
    """
    page = book.page("Inputs")
    page.widths(44, 24, 18, 16, 18, 16, 16, 18)
    page.text(0, 0, "Inputs", "title")
    page.text(1, 0, "Change the yellow cells; all other numbers follow. An empty yellow cell means no limit.", "note")
    cells = _pay(page, compiled)
    row = _components(cells, compiled, results, 11)
    row = _gates(cells, compiled, row)
    row = _modifiers(cells, compiled, row)
    row = _kickers(cells, compiled, row)
    row = _others(cells, compiled, results, row)
    _curves(cells, compiled, row)
    page.freeze(2, 1)
    return cells


def _pay(page: SheetWriter, compiled: Compiled) -> InputCells:
    plan = compiled.plan
    page.text(3, 0, "Annual pay of one person", "section")
    labels = (
        "Base salary", "Target variable", "On-target earnings", "Total cap, % of target variable", "Result decimals",
    )  # fmt: skip
    for row, label in enumerate(labels, start=4):
        page.text(row, 0, label)
    base = page.input(4, 1, plan.pay.base, "money", "base_pay")
    share = None
    if plan.pay.variable is None:
        share = page.input(5, 3, plan.pay.variable_share, "share", "variable_share")
        page.text(5, 2, "as a share of OTE", "key")
        variable = page.formula(5, 1, base * share / (term(1) - share), "money", "variable_pay")
    else:
        variable = page.input(5, 1, plan.pay.variable, "money", "variable_pay")
    ote = page.formula(6, 1, base + variable, "money", "ote")
    cap = page.input(7, 1, plan.caps.total, "share", "total_cap")
    page.text(7, 2, "maximum for components and modifiers together", "key")
    decimals = page.input(8, 1, plan.rounding.attainment, "whole", "rounding_decimals")
    page.text(8, 2, "results are rounded half up before the curve applies", "key")
    return InputCells(page, base, variable, share, ote, cap, decimals)


def measure_name(measure: Measure, key: str) -> str:
    """Name of a result for people, with its id if that differs from the measure."""
    return measure.name if key == measure.key else f"{measure.name} ({key})"


def _components(cells: InputCells, compiled: Compiled, results: Mapping[str, float] | None, row: int) -> int:
    page = cells.page
    page.text(row - 1, 0, "Components", "section")
    heads = ("Component", "Id", "Curve axis", "Better", "Weight", "Rate", "Annual target", "Annual result")
    page.heads(row, heads if results is not None else heads[:-1], texts=4)
    for c in compiled.components:
        row += 1
        shown = shown_as(c.measure.unit)
        page.text(row, 0, measure_name(c.measure, c.id))
        page.text(row, 1, c.id, "key")
        page.text(row, 2, "attainment" if c.part.axis == "attainment" else "result", "key")
        page.text(row, 3, c.measure.better, "key")
        weight = rate = None
        if c.part.weight is not None:
            weight = page.input(row, 4, c.part.weight, "share", f"weight_{c.id}")
        else:
            rate = page.input(row, 5, c.part.rate, "plain", f"rate_{c.id}")
        target = page.input(row, 6, c.part.target, shown, f"target_{c.id}")
        cells.components.append(ComponentCells(c.id, weight, rate, target))
        if results is not None:
            cells.results[c.id] = page.input(row, 7, results[c.id], shown, f"result_{c.id}")
    return row + 2


def _gates(cells: InputCells, compiled: Compiled, row: int) -> int:
    if not compiled.gates:
        return row
    page = cells.page
    page.text(row, 0, "Gates", "section")
    page.heads(
        row + 1,
        ("Gate on", "Result", "Condition", "Limit", "If not passed", "Value", "Applies to"),
        texts=3,
        also=(4, 6),
    )
    row += 2
    for number, gate in enumerate(compiled.gates, start=1):
        part = gate.part
        page.text(row, 0, measure_name(gate.measure, gate.key))
        page.text(row, 1, gate.key, "key")
        page.text(row, 2, "at least" if part.at_least is not None else "at most", "key")
        edge = part.at_least if part.at_least is not None else part.at_most
        limit = page.input(row, 3, edge or 0.0, shown_as(gate.measure.unit), f"gate_{number}_limit")
        factor = part.otherwise.factor
        page.text(row, 4, "multiplies pay by" if factor is not None else "pays at most", "key")
        effect = factor if factor is not None else part.otherwise.limit or 0.0
        cells.gates.append(GateCells(limit, page.input(row, 5, effect, "share", f"gate_{number}_effect")))
        page.text(row, 6, ", ".join(part.covers or ("every component",)), "key")
        row += 1
    return row + 1


def _modifiers(cells: InputCells, compiled: Compiled, row: int) -> int:
    if not compiled.modifiers:
        return row
    page = cells.page
    page.text(row, 0, "Modifiers", "section")
    page.heads(row + 1, ("Modifier on", "Result", "On-target result", "Applies to"), texts=2, also=(3,))
    row += 2
    for number, modifier in enumerate(compiled.modifiers, start=1):
        page.text(row, 0, measure_name(modifier.measure, modifier.key))
        page.text(row, 1, modifier.key, "key")
        target = modifier.part.target
        cells.modifier_targets.append(
            None
            if target is None
            else page.input(row, 2, target, shown_as(modifier.measure.unit), f"modifier_{number}_target")
        )
        page.text(row, 3, ", ".join(modifier.part.covers or ("the sum of the components",)), "key")
        row += 1
    return row + 1


def _kickers(cells: InputCells, compiled: Compiled, row: int) -> int:
    if not compiled.kickers:
        return row
    page = cells.page
    page.text(row, 0, "Kickers (outside target variable)", "section")
    page.heads(row + 1, ("Kicker", "Result", "Pay per unit", "Maximum units per year"), texts=2)
    row += 2
    for number, kicker in enumerate(compiled.kickers, start=1):
        page.text(row, 0, kicker.part.name)
        page.text(row, 1, kicker.key, "key")
        cells.kickers.append(
            KickerCells(
                page.input(row, 2, kicker.part.per_unit, "plain", f"kicker_{number}_per_unit"),
                page.input(row, 3, kicker.part.max_units, "plain", f"kicker_{number}_max_units"),
            )
        )
        row += 1
    return row + 1


def _others(cells: InputCells, compiled: Compiled, results: Mapping[str, float] | None, row: int) -> int:
    """Write results of gates, modifiers and kickers that no component has."""
    others = [key for key in compiled.keys if key not in cells.results]
    if results is None or not others:
        return row
    page = cells.page
    page.text(row, 0, "Other annual results", "section")
    row += 1
    for key in others:
        measure = compiled.plan.measure(key)
        page.text(row, 0, measure_name(measure, key))
        page.text(row, 1, key, "key")
        cells.results[key] = page.input(row, 2, results[key], shown_as(measure.unit), f"result_{key}")
        row += 1
    return row + 1


def _curves(cells: InputCells, compiled: Compiled, row: int) -> None:
    page = cells.page
    page.text(row, 0, "Payout curves", "section")
    page.text(row + 1, 0, "You can change points but not add any. List them from the worst result to the best. The "
              "Curves sheet shows points that are out of order.", "note")  # fmt: skip
    row += 3
    for c in compiled.components:
        drawn: Shown = "share" if c.part.axis == "attainment" else shown_as(c.measure.unit)
        curve, row = _curve(page, c.part.curve, row, measure_name(c.measure, c.id), c.id, drawn)
        cells.curves.append(curve)
    for number, m in enumerate(compiled.modifiers, start=1):
        label = f"Modifier {number}: {measure_name(m.measure, m.key)}"
        curve, row = _curve(page, m.part.curve, row, label, f"modifier {number}", shown_as(m.measure.unit))
        cells.factor_curves.append(curve)


def _curve(page: SheetWriter, spec: AnyCurve, row: int, label: str, key: str, drawn: Shown) -> tuple[CurveCells, int]:
    """Write one curve: its points on the left, its limits on the right."""
    names = _curve_names(key)
    word, pairs = spec.point_word, spec.pairs
    factor = key.startswith("modifier ")
    page.heads(row, (label, f"Result ({spec.kind})", "Rate" if spec.pays_a_rate else "Factor" if factor else "Payout"))
    xs: list[Term] = []
    ys: list[Term] = []
    for place, (x, y) in enumerate(pairs, start=1):
        page.text(row + place, 0, f"{key}, {word} {place}" if len(pairs) > 1 else f"{key}, {word}", "key")
        xs.append(page.input(row + place, 1, x, drawn))
        if isinstance(spec, Goal):
            page.text(row + place, 2, formats.percent(1.0), "key")
            ys.append(term(1.0))
        else:
            ys.append(page.input(row + place, 2, y, "plain" if spec.pays_a_rate else "share"))
    last = row + len(pairs) + 1
    page.book.name(names["points"], f"{page.address(row + 1, 1)}:${xl_col_to_name(2)}${last}")
    limit_cells: dict[str, Term] = {}
    limits: tuple[tuple[str, float | None, Shown], ...] = (
        ("cap", spec.cap, "share"), ("floor", spec.floor, "share"), ("threshold", spec.threshold, drawn),
    )  # fmt: skip
    for place, (name, value, shown) in enumerate(limits):
        page.text(row, 4 + place, name.capitalize(), "head_right")
        limit_cells[name] = page.input(row + 1, 4 + place, value, shown, names[name])
    above = ""
    if isinstance(spec, Linear) and len(pairs) > 1 and not factor:
        page.text(row, 7, "Above the last point", "head_right")
        above = page.choice(row + 1, 7, spec.above, ("flat", "extend"), names["above"])
    return CurveCells(spec, xs, ys, limit_cells["cap"], limit_cells["floor"], limit_cells["threshold"], above), last + 1


def _curve_names(key: str) -> dict[str, str]:
    """Names of the cells of a curve: ``cap_grr`` of a component, ``modifier_1_cap`` of a modifier."""
    parts = ("points", "cap", "floor", "threshold", "above")
    if key.startswith("modifier "):
        return {part: f"{key.replace(' ', '_')}_{part}" for part in parts}
    return {part: f"{part}_{key}" for part in parts}
