"""About sheet: what the workbook is, how it calculates and what it leaves out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import compplan
from compplan import facts
from compplan.documents.workbook.pages import WorkbookWriter
from compplan.payout.engine import Compiled

ORDER = """\
1 · Target pay: annual target variable minus commission at target, in whole cents. Each component gets its weight of \
it, or its rate times its target.
2 · Conditions: which gates are passed, and the factor of each modifier.
3 · Each component: the result, rounded half up if the plan says so, is looked up in its curve (value, cap, floor, \
threshold). Then its gates and modifiers apply. Target pay times that share gives pay in whole cents.
4 · Sum: plan modifiers as separate lines, then the total cap.
5 · Kickers: units, up to the maximum, times pay per unit.
6 · Total: the sum of all lines. Total cash is base salary plus the total.
A result within a billionth of a curve point, limit or threshold counts as equal to it. An amount within a millionth \
of half a cent counts as half a cent, and half a cent rounds away from zero."""
LEFT_OUT = """\
The year is one period. There are no payments per quarter or month, no true-up and no draws.
You can change numbers. You can't add curve points, gates, modifiers or kickers, or change what a gate or modifier \
applies to.
Calculation pays everyone for a full year. Only cost prorates people who join or leave, and plans that are in effect \
for part of the year."""
READ = """\
Yellow cells are inputs. Every other number is a formula based on them, and most cells have names: weight_<id>, \
target_<id>, result_<id>, pay_<id>, total_pay, cash_total, base_pay, variable_pay, ote.
No sheet is password protected. If you type over a formula, that cell no longer updates."""


def write(book: WorkbookWriter, compiled: Compiled, on: dt.date, notes: Sequence[str], left_out: Sequence[str]) -> None:
    """Write the sheet."""
    plan, page = compiled.plan, book.page("About")
    page.widths(26, 110)
    page.text(0, 0, "About this workbook", "title")
    source = _source(plan.about.source or "")
    rows = [
        ("Plan", plan.name),
        ("For", f"{plan.role}, {plan.segment}, in {plan.currency}, paid {plan.frequency}"),
        ("Plan hash", plan.hash),
        ("Created with", f"compplan {compplan.__version__} and its data on {on.isoformat()}"),
        *([("Source of the plan", source)] if source else []),
        *([("Note", plan.about.note)] if plan.about.note else []),
        *([("Assumed values", ", ".join(plan.about.assumed))] if plan.about.assumed else []),
    ]
    row = 2
    for label, text in rows:
        page.text(row, 0, label, "label")
        page.text(row, 1, text, "wrap")
        row += 1
    blocks = (
        ("Order of calculation", ORDER.split("\n")),
        ("How to use it", READ.split("\n")),
        ("Assumptions", notes),
        ("Not included", (*LEFT_OUT.split("\n"), *left_out)),
    )
    for label, texts in blocks:
        if not texts:
            continue
        row += 1
        page.text(row, 0, label, "section")
        for text in texts:
            row += 1
            page.text(row, 1, text, "wrap")
        row += 1


def _source(key: str) -> str:
    """Return a source by publisher and title, or as written in the plan."""
    try:
        source = facts.source(key)
    except LookupError:
        return key
    return f"{source.label} {source.url}".strip()
