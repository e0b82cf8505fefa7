"""Curves sheet: knots, values and slopes of every payout curve, as formulas of its points.

A table equals the result of `compplan.curves.compile_curve`. Its rows are the segment below the curve, the threshold,
the points, and the point where the curve reaches its cap. A row that has no effect has the position of the next row, so
that the last row at or below a result always decides what it pays.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import assert_never

from compplan.curves import Goal, Linear, Retroactive, Step, Tiered
from compplan.documents.workbook.inputs import CurveCells, InputCells, measure_name
from compplan.documents.workbook.pages import SheetWriter, Shown, WorkbookWriter, shown_as
from compplan.documents.workbook.rules import slack_of
from compplan.documents.workbook.terms import ColumnRange, Term, both, either, if_, least, most, term
from compplan.measures import Better
from compplan.payout.engine import Compiled

FAR = 1e300  # larger than every result
_BEYOND_CAPS = term(1e6)  # fraction of target pay above every total cap
_HEADS = (
    "Row", "Result", "Payout or rate", "Position", "Payout", "Slope", "Payout at end", "Cap reached at",
    "Position", "Payout", "Slope", "Knot", "Payout at knot", "Slope to next knot", "Tolerance", "Starts at", "In order",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CurveTable:
    """Lookup table of a curve.

    Attributes
    ----------
    sign : float
        +1 if more is better, -1 if less is better: a position is the result times this.
    knots, values, slopes, slacks, edges : ColumnRange
        One entry per row. A row starts at its edge; within the slack, a result is at the knot.
    first, last : Term
        Position of the first and the last knot of the curve.
    far : Term
        Position of the last knot or, if pay keeps rising, a position beyond every total cap.
    below : Term
        Payout below the first knot.
    sound : Term
        1 if the points are in order.
    """

    sign: float
    knots: ColumnRange
    values: ColumnRange
    slopes: ColumnRange
    slacks: ColumnRange
    edges: ColumnRange
    first: Term
    last: Term
    far: Term
    below: Term
    sound: Term

    def row(self, x: Term) -> Term:
        """Row of a result."""
        return self.edges.passed(self.position(x))

    def position(self, x: Term) -> Term:
        """Position of a result: its negative if less is better."""
        return x if self.sign > 0 else term(0.0) - x

    def pays(self, x: Term, row: Term) -> Term:
        """Payout of a result, by its row."""
        beyond = self.position(x) - self.knots.at(row)
        return self.values.at(row) + if_(beyond > self.slacks.at(row), beyond, 0) * self.slopes.at(row)


Tables = tuple[list[CurveTable], list[CurveTable]]  # of components and of modifiers


@dataclass(slots=True)
class _CurveRow:
    """One point of a curve, before floor, cap and threshold apply."""

    z: Term
    value: Term
    slope: Term
    end: Term
    cut: Term


def write(book: WorkbookWriter, compiled: Compiled, inputs: InputCells) -> Tables:
    """Write the sheet and return the tables of components and of modifiers."""
    page = book.page("Curves")
    page.widths(26, *[15] * 15, 10)
    page.text(0, 0, "Curves", "title")
    page.text(1, 0, "Turns the points on Inputs into the lookup tables for Calculation. A position is the result, or "
              "its negative if less is better, so a higher position is always better.", "note")  # fmt: skip
    row = 3
    tables: list[CurveTable] = []
    for c, cells, part in zip(compiled.components, inputs.curves, inputs.components, strict=True):
        attainment = c.part.axis == "attainment"
        drawn: Shown = "share" if attainment else shown_as(c.measure.unit)
        unit = term(1.0) if attainment else part.target
        label = measure_name(c.measure, c.id)
        table, row = _table(page, cells, row, label, drawn, c.measure.better, unit, "{}_" + c.id)
        tables.append(table)
    factors: list[CurveTable] = []
    for number, (m, cells) in enumerate(zip(compiled.modifiers, inputs.factor_curves, strict=True), start=1):
        label, drawn = f"Modifier {number}: {measure_name(m.measure, m.key)}", shown_as(m.measure.unit)
        table, row = _table(page, cells, row, label, drawn, m.measure.better, None, f"modifier_{number}_{{}}")
        factors.append(table)
    page.freeze(2, 1)
    return tables, factors


def _table(
    page: SheetWriter,
    cells: CurveCells,
    row: int,
    label: str,
    drawn: Shown,
    better: Better,
    unit: Term | None,
    names: str,
) -> tuple[CurveTable, int]:
    """Write one curve; without a unit, its first value also applies below it, as for a modifier."""
    sign = 1.0 if better == "more" else -1.0
    page.text(row, 0, label, "section")
    page.text(row + 1, 1, "Cap used", "key")
    cap = page.formula(row + 1, 2, if_(cells.cap.empty, FAR, cells.cap), "held")
    page.text(row + 1, 3, "Floor used", "key")
    floor = page.formula(row + 1, 4, if_(cells.floor.empty, -FAR, cells.floor), "held")
    for place, word in ((3, "Curve"), (8, "With floor and cap"), (11, "With threshold (lookup table)")):
        page.text(row + 2, place, word, "key")
    page.heads(row + 3, _HEADS)
    top = row + 4
    rows = _points(page, cells, top + 2, sign, unit, cap, drawn)
    cap_at = page.formula(top, 7, page.column(top + 2, 7, [r.cut for r in rows]).least, "position")
    below = page.formula(top, 9, most(floor, least(cap, rows[0].value if unit is None else 0)), "held")
    limited = _limited(page, rows, top + 2, floor, cap, cap_at)
    threshold = cells.threshold if sign > 0 else term(0.0) - cells.threshold
    threshold_at = page.formula(top + 1, 8, if_(cells.threshold.empty, -FAR, threshold), "position")
    columns = _lookup(page, limited, top, threshold_at, below, names)
    sound = page.column(top + 2, 16, _order(page, cells, rows, top + 2))
    fine = both(sound.least >= 1, cap >= floor)
    page.text(top, 0, "below the first point", "key")
    page.text(top + 1, 0, "threshold", "key")
    page.text(top + 2 + len(rows), 0, "cap", "key")
    last = most(if_(cap_at < FAR / 10, cap_at, limited[-2][0]), threshold_at)
    place, paid, slope = (column.at(term(float(len(rows) + 2))) for column in columns[:3])
    table = CurveTable(
        sign,
        *columns,
        first=if_(cells.threshold.empty, rows[0].z, threshold_at),
        last=last,
        far=if_(cap_at < FAR / 10, last, if_(slope > 0, place + (_BEYOND_CAPS - paid) / slope, last)),
        below=if_(cells.threshold.empty, below, 0),
        sound=page.formula(top, 16, if_(fine, 1, 0), "yes", names.format("ordered")),
    )
    return table, top + len(rows) + 5


def _points(
    page: SheetWriter, cells: CurveCells, top: int, sign: float, unit: Term | None, cap: Term, drawn: Shown
) -> list[_CurveRow]:
    """Write position, payout and slope of each point of the curve itself."""
    word, pairs = cells.spec.point_word, cells.spec.pairs
    shown: Shown = "plain" if cells.spec.pays_a_rate else "held"
    zs: list[Term] = []
    for i, (x, y) in enumerate(zip(cells.xs, cells.ys, strict=True)):
        page.text(top + i, 0, f"{word} {i + 1}" if len(pairs) > 1 else word, "key")
        result = page.formula(top + i, 1, x, drawn)
        page.formula(top + i, 2, y, shown)
        zs.append(page.formula(top + i, 3, result if sign > 0 else term(0.0) - result, "position"))
    rows: list[_CurveRow] = []
    for i, z in enumerate(zs):
        value, slope = _pay(cells, rows, zs, i, unit)
        value = page.formula(top + i, 4, value, "held")
        slope = page.formula(top + i, 5, slope, "slope")
        on = value + slope * (zs[i + 1] - z) if i + 1 < len(zs) else if_(slope > 0, FAR, value)
        end = page.formula(top + i, 6, on, "held")
        cut = if_(value >= cap, z, if_(end > cap, z + (cap - value) / slope, FAR))
        rows.append(_CurveRow(z, value, slope, end, page.formula(top + i, 7, cut, "position")))
    return rows


def _pay(cells: CurveCells, rows: list[_CurveRow], zs: list[Term], i: int, unit: Term | None) -> tuple[Term, Term]:
    """Payout at a point, and the slope from it to the next."""
    y = cells.ys[i]
    match cells.spec:
        case Tiered():
            return (rows[-1].end if rows else term(0.0)), y / (unit or term(1.0))
        case Retroactive():
            slope = y / (unit or term(1.0))
            return slope * zs[i], slope
        case Step() | Goal():
            return y, term(0.0)
        case Linear():
            return y, _line(cells, cells.spec, rows, zs, i)
    assert_never(cells.spec)


def _line(cells: CurveCells, spec: Linear, rows: list[_CurveRow], zs: list[Term], i: int) -> Term:
    """Slope from a point of a linear curve to the next, or beyond the last."""
    if i + 1 < len(zs):
        along = (cells.ys[i + 1] - cells.ys[i]) / (zs[i + 1] - zs[i])
        return if_(zs[i + 1].same(zs[i]), 0, along)
    if not cells.above:
        return term(0.0)
    extends = Term(f'{cells.above}="extend"', term(float(spec.above == "extend")).value, loose=True)
    return if_(extends, rows[-1].slope, 0)


def _limited(
    page: SheetWriter, rows: list[_CurveRow], top: int, floor: Term, cap: Term, cap_at: Term
) -> list[tuple[Term, Term, Term]]:
    """Position, value and slope with floor and cap; in the last row, the curve reaches the cap."""
    limited: list[tuple[Term, Term, Term]] = []
    for i, r in enumerate(rows):
        lifts = both(r.value < floor, least(r.end, cap) > floor)
        # A point below the floor has no effect: like the floor, it has the position of the first point.
        position = if_(r.value >= floor, r.z, rows[0].z)
        place = least(if_(lifts, r.z + (floor - r.value) / r.slope, position), cap_at)
        rising = both(r.value < cap, either(r.value >= floor, least(r.end, cap) > floor))
        limited.append(
            (
                page.formula(top + i, 8, place, "position"),
                page.formula(top + i, 9, most(floor, least(cap, r.value)), "held"),
                page.formula(top + i, 10, if_(rising, r.slope, 0), "slope"),
            )
        )
    last = top + len(rows)
    end = (page.formula(last, 8, cap_at, "position"), page.formula(last, 9, cap, "held"))
    limited.append((*end, page.formula(last, 10, term(0.0), "slope")))
    return limited


def _lookup(
    page: SheetWriter,
    limited: list[tuple[Term, Term, Term]],
    top: int,
    threshold_at: Term,
    below: Term,
    names: str,
) -> list[ColumnRange]:
    """Columns of the lookup table; it pays 0 below the threshold, where a new row starts."""
    rows = [(term(-FAR), term(0.0), term(0.0))]
    rows.append((threshold_at, if_(threshold_at < limited[0][0], below, 0), term(0.0)))
    for (z, value, slope), following in pairwise(limited):
        continues = following[0] > threshold_at
        at = if_(z > threshold_at, value, if_(continues, value + slope * (threshold_at - z), 0))
        rows.append((most(z, threshold_at), at, if_(either(z > threshold_at, continues), slope, 0)))
    z, value, slope = limited[-1]
    rows.append((most(z, threshold_at), value, slope))
    columns: dict[str, list[Term]] = {part: [] for part in ("knots", "values", "slopes", "slacks", "edges")}
    for i, (z, value, slope) in enumerate(rows, start=top):
        knot = page.formula(i, 11, z, "position")
        columns["knots"].append(knot)
        columns["values"].append(page.formula(i, 12, value, "held"))
        columns["slopes"].append(page.formula(i, 13, slope, "slope"))
        slack = page.formula(i, 14, slack_of(knot), "slack")
        columns["slacks"].append(slack)
        columns["edges"].append(page.formula(i, 15, knot - slack, "edge"))
    return [
        page.column(top, place, cells, names.format(part)) for place, (part, cells) in enumerate(columns.items(), 11)
    ]


def _order(page: SheetWriter, cells: CurveCells, rows: list[_CurveRow], top: int) -> list[Term]:
    """1 for each point that is after the one before it and does not pay less."""
    order: list[Term] = []
    for i, r in enumerate(rows):
        if i == 0:
            fine = r.z >= 0 if cells.spec.pays_a_rate else r.z.same(r.z)
        else:
            before = rows[i - 1]
            later = r.z >= before.z if isinstance(cells.spec, Linear) else r.z > before.z
            steady = r.slope >= before.slope if isinstance(cells.spec, Retroactive) else r.value >= before.value
            fine = both(later, steady)
        order.append(page.formula(top + i, 16, if_(fine, 1, 0), "yes"))
    return order
