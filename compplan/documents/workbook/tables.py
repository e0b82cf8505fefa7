"""The sheet of curves: knots, values and slopes of every payout curve, as formulas over its points.

A table is what `compplan.curves.compile_curve` makes. Its rows are the stretch below the curve, the threshold, the
points, and the place where the cap is met; rows that do not count have the place of the next that does, so that the
last row at or below a result is always the one that pays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from compplan.curves import Goal, Linear, Retroactive, Step, Tiered
from compplan.documents.workbook.inputs import CurveCells, InputCells, measure_name
from compplan.documents.workbook.pages import SheetWriter, Shown, WorkbookWriter, shown_as
from compplan.documents.workbook.rules import slack_of
from compplan.documents.workbook.terms import ColumnRange, Term, both, either, if_, least, most, term
from compplan.measures import Better
from compplan.payout.engine import Compiled

FAR = 1e300  # no result is as far out
_BEYOND_CAPS = term(1e6)  # a fraction of target pay that is beyond every total cap
_HEADS = (
    "Row", "Result", "Payout or rate", "Position", "Pays", "Slope", "Pays at its end", "Cap is met at",
    "Position", "Pays", "Slope", "Knot", "Pays at the knot", "Slope to the next", "Within this it is at the knot",
    "Counts from", "In order",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CurveTable:
    """A curve that is ready to be looked up.

    Attributes
    ----------
    sign : float
        +1 where more is better, -1 where less is: a position is the result times this.
    knots, values, slopes, slacks, edges : ColumnRange
        A row each; a result counts for a row from its edge on, and is at its knot within the slack.
    first, last : Term
        Position of the first and the last knot of the curve.
    far : Term
        Position of the last knot, or, where pay goes on rising, one beyond every total cap.
    below : Term
        Payout short of the first knot.
    sound : Term
        1 where the points are in order.
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
        """Which row a result falls in."""
        return self.edges.passed(self.position(x))

    def position(self, x: Term) -> Term:
        """Where a result stands: its negative where less is better."""
        return x if self.sign > 0 else term(0.0) - x

    def pays(self, x: Term, row: Term) -> Term:
        """What a result pays, by its row."""
        beyond = self.position(x) - self.knots.at(row)
        return self.values.at(row) + if_(beyond > self.slacks.at(row), beyond, 0) * self.slopes.at(row)


@dataclass(slots=True)
class _CurveRow:
    """One point of a curve on its way to the table."""

    z: Term
    value: Term
    slope: Term
    end: Term
    cut: Term


def write(book: WorkbookWriter, compiled: Compiled, inputs: InputCells) -> tuple[list[CurveTable], list[CurveTable]]:
    """Write the sheet; give the tables of the components and of the modifiers."""
    page = book.page("Curves")
    page.widths(26, *[15] * 15, 10)
    page.text(0, 0, "Curves", "title")
    page.text(1, 0, "From the points on Inputs to the tables that Calculation looks results up in. A position is the "
              "result, or its negative where less is better, so that later is always better.", "note")  # fmt: skip
    row = 3
    tables: list[CurveTable] = []
    for c, cells, part in zip(compiled.components, inputs.curves, inputs.components, strict=True):
        attainment = c.part.axis == "attainment"
        unit = term(1.0) if attainment else part.target
        drawn: Shown = "share" if attainment else shown_as(c.measure.unit)
        label = measure_name(c.measure, c.id)
        table, row = _table(
            page, cells, row, label, drawn, c.measure.better, unit, lambda part, key=c.id: f"{part}_{key}"
        )
        tables.append(table)
    factors: list[CurveTable] = []
    for number, (m, cells) in enumerate(zip(compiled.modifiers, inputs.factor_curves, strict=True), start=1):
        label = f"Modifier {number}: {measure_name(m.measure, m.key)}"
        table, row = _table(
            page, cells, row, label, shown_as(m.measure.unit), m.measure.better, None,
            lambda part, number=number: f"modifier_{number}_{part}",
        )  # fmt: skip
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
    name: Callable[[str], str],
) -> tuple[CurveTable, int]:
    """One curve; without a unit its first value holds below it too, as for a modifier."""
    sign = 1.0 if better == "more" else -1.0
    page.text(row, 0, label, "section")
    page.text(row + 1, 1, "Cap in use", "key")
    cap = page.formula(row + 1, 2, if_(cells.cap.empty, FAR, cells.cap), "held")
    page.text(row + 1, 3, "Floor in use", "key")
    floor = page.formula(row + 1, 4, if_(cells.floor.empty, -FAR, cells.floor), "held")
    for place, word in ((3, "The curve by itself"), (8, "With floor and cap"), (11, "With threshold: the table")):
        page.text(row + 2, place, word, "key")
    page.heads(row + 3, _HEADS)
    top = row + 4
    rows = _points(page, cells, top + 2, sign, unit, cap, drawn)
    met = page.formula(top, 7, page.column(top + 2, 7, [r.cut for r in rows]).least, "position")
    below = page.formula(top, 9, most(floor, least(cap, rows[0].value if unit is None else 0)), "held")
    held = _held(page, rows, top + 2, floor, cap, met)
    threshold = cells.threshold if sign > 0 else term(0.0) - cells.threshold
    start = page.formula(top + 1, 8, if_(cells.threshold.empty, -FAR, threshold), "position")
    columns = _ready(page, held, top, start, below, name)
    sound = page.column(top + 2, 16, _order(page, cells, rows, top + 2))
    fine = both(sound.least >= 1, cap >= floor)
    page.text(top, 0, "below the first knot", "key")
    page.text(top + 1, 0, "threshold", "key")
    page.text(top + 2 + len(rows), 0, "cap", "key")
    last = most(if_(met < FAR / 10, met, held[-2][0]), start)
    place, paid, slope = (column.at(term(float(len(rows) + 2))) for column in columns[:3])
    table = CurveTable(
        sign,
        *columns,
        first=if_(cells.threshold.empty, rows[0].z, start),
        last=last,
        far=if_(met < FAR / 10, last, if_(slope > 0, place + (_BEYOND_CAPS - paid) / slope, last)),
        below=if_(cells.threshold.empty, below, 0),
        sound=page.formula(top, 16, if_(fine, 1, 0), "yes", name("ordered")),
    )
    return table, top + len(rows) + 5


def _points(
    page: SheetWriter, cells: CurveCells, top: int, sign: float, unit: Term | None, cap: Term, drawn: Shown
) -> list[_CurveRow]:
    """The curve by itself: where each point stands, what it pays, and how pay goes on from there."""
    word, pairs = cells.spec.point_word, cells.spec.pairs
    shown: Shown = "plain" if cells.spec.pays_a_rate else "held"
    zs: list[Term] = []
    for i, (x, y) in enumerate(zip(cells.xs, cells.ys, strict=True)):
        page.text(top + i, 0, f"{word} {i + 1}" if len(pairs) > 1 else word, "key")
        given = page.formula(top + i, 1, x, drawn)
        page.formula(top + i, 2, y, shown)
        zs.append(page.formula(top + i, 3, given if sign > 0 else term(0.0) - given, "position"))
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
    """What a point pays, and the slope from it to the next."""
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
    """The slope from a point of a linear curve to the next, or beyond the last."""
    if i + 1 < len(zs):
        along = (cells.ys[i + 1] - cells.ys[i]) / (zs[i + 1] - zs[i])
        return if_(zs[i + 1].same(zs[i]), 0, along)
    if not cells.above:
        return term(0.0)
    extends = Term(f'{cells.above}="extend"', term(float(spec.above == "extend")).value, loose=True)
    return if_(extends, rows[-1].slope, 0)


def _held(
    page: SheetWriter, rows: list[_CurveRow], top: int, floor: Term, cap: Term, met: Term
) -> list[tuple[Term, Term, Term]]:
    """Position, value and slope with floor and cap; the last row is where the cap is met."""
    held: list[tuple[Term, Term, Term]] = []
    for i, r in enumerate(rows):
        lifts = both(r.value < floor, least(r.end, cap) > floor)
        # A point that the floor hides does not count: it has the place of the first, as the floor has.
        kept = if_(r.value >= floor, r.z, rows[0].z)
        place = least(if_(lifts, r.z + (floor - r.value) / r.slope, kept), met)
        rising = both(r.value < cap, either(r.value >= floor, least(r.end, cap) > floor))
        held.append(
            (
                page.formula(top + i, 8, place, "position"),
                page.formula(top + i, 9, most(floor, least(cap, r.value)), "held"),
                page.formula(top + i, 10, if_(rising, r.slope, 0), "slope"),
            )
        )
    last = top + len(rows)
    end = (page.formula(last, 8, met, "position"), page.formula(last, 9, cap, "held"))
    held.append((*end, page.formula(last, 10, term(0.0), "slope")))
    return held


def _ready(
    page: SheetWriter,
    held: list[tuple[Term, Term, Term]],
    top: int,
    start: Term,
    below: Term,
    name: Callable[[str], str],
) -> tuple[ColumnRange, ColumnRange, ColumnRange, ColumnRange, ColumnRange]:
    """The table: nothing below the threshold, and a threshold within a stretch begins it anew."""
    made = [(term(-FAR), term(0.0), term(0.0)), (start, if_(start < held[0][0], below, 0), term(0.0))]
    for i, (z, value, slope) in enumerate(held):
        if i + 1 == len(held):
            made.append((most(z, start), value, slope))
            continue
        goes_on = held[i + 1][0] > start
        at = if_(z > start, value, if_(goes_on, value + slope * (start - z), 0))
        made.append((most(z, start), at, if_(either(z > start, goes_on), slope, 0)))
    columns: list[list[Term]] = [[], [], [], [], []]
    for i, (z, value, slope) in enumerate(made):
        knot = page.formula(top + i, 11, z, "position")
        slack = page.formula(top + i, 14, slack_of(knot), "slack")
        cells = (
            knot,
            page.formula(top + i, 12, value, "held"),
            page.formula(top + i, 13, slope, "slope"),
            slack,
            page.formula(top + i, 15, knot - slack, "edge"),
        )
        for column, cell in zip(columns, cells, strict=True):
            column.append(cell)
    parts = ("knots", "values", "slopes", "slacks", "edges")
    knots, values, slopes, slacks, edges = (
        page.column(top, 11 + place, column, name(part))
        for place, (part, column) in enumerate(zip(parts, columns, strict=True))
    )
    return knots, values, slopes, slacks, edges


def _order(page: SheetWriter, cells: CurveCells, rows: list[_CurveRow], top: int) -> list[Term]:
    """1 for each point that stands after the one before it and does not pay less."""
    made: list[Term] = []
    for i, r in enumerate(rows):
        if i == 0:
            fine = r.z >= 0 if cells.spec.pays_a_rate else r.z.same(r.z)
        else:
            before = rows[i - 1]
            later = r.z >= before.z if isinstance(cells.spec, Linear) else r.z > before.z
            steady = r.slope >= before.slope if isinstance(cells.spec, Retroactive) else r.value >= before.value
            fine = both(later, steady)
        made.append(page.formula(top + i, 16, if_(fine, 1, 0), "yes"))
    return made
