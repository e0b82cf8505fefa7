"""`compplan diff`: what differs between two plans, in words and in money."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compplan.cli.arguments import read_plan
from compplan.cli.terminal import JsonOption, app, examples, print_json, print_text, text_table, user_errors

if TYPE_CHECKING:
    from compplan.payout import Difference
    from compplan.plan.differences import Change

_LONG = 100  # characters of a text that is printed before and after a change
_PLAN_HELP = "A plan file, template:KEY, or - for standard input."


@app.command(
    epilog=examples(
        "compplan diff last-year.yaml plan.yaml",
        "compplan diff template:knowup-csat-gate template:knowup-csat-weighted --json",
    )
)
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=_PLAN_HELP)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_PLAN_HELP)],
    as_json: JsonOption = False,
) -> None:
    """Compare two plans: what changed, and what it does to pay.

    Amounts are for one person per year, with every measure of the new plan at target. Plans in different currencies
    are compared in words only.
    """
    from compplan import compare

    with user_errors():
        comparison = compare(read_plan(old), read_plan(new))
    if as_json:
        print_json(difference_dict(comparison.changes, comparison.changed_amounts, comparison.currency))
        return
    parts: list[str] = []
    if comparison.changes:
        parts.append("\n".join(["Changes", *(f"  {_change_line(change)}" for change in comparison.changes)]))
    if comparison.changed_amounts:
        parts.append(_money_table(comparison.changed_amounts, comparison.currency))
    if comparison.note:
        parts.append(comparison.note)
    print_text("\n\n".join(parts) or "No differences.")


def difference_dict(changes: tuple[Change, ...], money: tuple[Difference, ...], currency: str) -> dict[str, Any]:
    """A difference as plain data, the same for two plans and for two saved versions."""
    return {
        "words": [{"where": change.where, "before": change.before, "now": change.now} for change in changes],
        "money": [{"name": row.name, "kind": row.kind, "before": row.before, "now": row.now} for row in money],
        "currency": currency,
    }


def _change_line(change: Change) -> str:
    """A change in one line; a long text that was rewritten is not repeated."""
    if min(len(change.before), len(change.now)) > _LONG:
        return f"{change.where}: rewritten"
    return str(change)


def _money_table(money: tuple[Difference, ...], currency: str) -> str:
    from compplan import formats

    def figure(row: Difference, value: float | None) -> str:
        if value is None:
            return "-"
        return formats.money(value, currency) if row.kind == "money" else formats.percent(value)

    def moved(row: Difference) -> str:
        if row.before is None or row.now is None:
            return "added" if row.before is None else "removed"
        if math.isinf(row.before) or math.isinf(row.now):
            return "uncapped" if math.isinf(row.now) else "capped"
        return f"{'+' if row.now > row.before else ''}{figure(row, row.change)}"

    rows = [("ONE PERSON, PER YEAR", "OLD", "NEW", "CHANGE")]
    rows += [(row.name, figure(row, row.before), figure(row, row.now), moved(row)) for row in money]
    return text_table(rows)
