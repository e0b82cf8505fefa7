"""The sheet that says what the workbook is, how it reckons and what it leaves out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import compplan
from compplan import facts
from compplan.documents.workbook.pages import WorkbookWriter
from compplan.payout.engine import Compiled

ORDER = """\
1 · Target pay: the yearly target variable, less commission at target, in whole cents; each component has its weight \
of it, or its rate times its target.
2 · Conditions: which gates are passed, and the factor of every modifier.
3 · Each component: result, rounded half up if the plan says so, looked up in its curve (value, then cap, then floor, \
then threshold); then its gates, then its modifiers; then target pay times that share, in whole cents.
4 · The sum: plan modifiers as lines of their own, then the total cap.
5 · Kickers: units, at most the most that is paid, times money per unit.
6 · Total: the sum of the lines. Cash is base salary and total.
A result within a billionth of a knot, limit or threshold counts as at it. An amount within a millionth of half a cent \
counts as half a cent, and half a cent rounds away from zero."""
LEFT_OUT = """\
The year is one period: no pay of single quarters or months, no true-up, no draws.
Numbers can be changed; points, gates, modifiers and kickers cannot be added, and what a gate or a modifier covers \
stands in the formulas.
Calculation pays everybody a whole year; only the cost prorates people who come or go."""
READ = """\
Yellow cells are inputs. Every other figure is a formula down from them, and most cells have names: weight_<id>, \
target_<id>, result_<id>, pay_<id>, total_pay, cash_total, base_pay, variable_pay, ote.
Nothing is protected by a password. A cell that was written over no longer follows."""


def write(book: WorkbookWriter, compiled: Compiled, on: dt.date, notes: Sequence[str], left_out: Sequence[str]) -> None:
    """Write the sheet."""
    plan, page = compiled.plan, book.page("About")
    page.widths(26, 110)
    page.text(0, 0, "About this workbook", "title")
    source = plan.about.source or ""
    known = _source(source)
    rows = [
        ("Plan", plan.name),
        ("For", f"{plan.role}, {plan.segment}, in {plan.currency}, paid {plan.frequency}"),
        ("Plan hash", plan.hash),
        ("Made by", f"compplan {compplan.__version__} and the data that comes with it, on {on.isoformat()}"),
        *([("Source of the plan", known)] if known else []),
        *([("Note", plan.about.note)] if plan.about.note else []),
        *([("Assumed", ", ".join(plan.about.assumed))] if plan.about.assumed else []),
    ]
    row = 2
    for label, text in rows:
        page.text(row, 0, label, "label")
        page.text(row, 1, text, "wrap")
        row += 1
    blocks = (
        ("Order of calculation", ORDER.split("\n")),
        ("How to read it", READ.split("\n")),
        ("What is assumed", notes),
        ("What is not in it", (*LEFT_OUT.split("\n"), *left_out)),
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
    """A source by its publisher and title, or as the plan has it."""
    try:
        found = facts.source(key)
    except LookupError:
        return key
    return f"{found.label} {found.url}".strip()
