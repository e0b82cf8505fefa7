"""The cost of a plan as tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from compplan import formats
from compplan.cost import Budget, ContractCost, CostReport, Schedule, SideBySide
from compplan.ui.cost.html import BUDGETED
from compplan.ui.widgets.labels import table_names
from compplan.ui.widgets.tables import text_table

if TYPE_CHECKING:
    import pandas as pd

_VERDICTS = {
    "likely capitalise": "Likely an asset",
    "likely expense": "Likely an expense",
    "judgement": "Needs judgment",
}
_COUNTS = {"headcount", "gains", "loses"}
_TEXTS = {"id", "currency", "why", "outcome"}
# These columns add up to the cost; what is paid and accrued follows after them.
_COST_COLUMNS = {
    "base": "Base",
    "variable_accrued": "Variable earned",
    "employer_taxes": "Employer taxes",
    "benefits": "Benefits",
    "overhead": "Overhead",
    "total_cost": "Cost",
}


def parts_table(report: CostReport) -> str:
    """Parts of the fully loaded cost at target, expected and at most."""
    last = "Maximum" if report.most.kind == "cap" else f"At {formats.percent(report.most.attainment or 0.0, 0)}"
    columns = {"At target": report.at_target}
    columns |= {} if report.expected is None else {"Expected": report.expected.cost}
    columns |= {last: report.most.cost}
    names = {
        "base": "Base",
        "pay": "Variable",
        "employer_tax": "Employer tax",
        "unemployment_tax": "Unemployment tax",
        "benefits": "Benefits",
        "overhead": "Overhead",
    }
    money = _money(report.currency)
    unset = report.assumptions.not_included
    rows = [
        (name, *("not included" if key in unset else money(one.to_dict()[key]) for one in columns.values()))
        for key, name in names.items()
    ]
    rows.append(("Fully loaded", *(money(one.loaded) for one in columns.values())))
    return text_table(("Annual cost of everyone", *columns), rows, ())


def grid_table(report: CostReport) -> str:
    """Cost at each attainment of all measures."""
    money = _money(report.currency)
    rows = [
        (formats.percent(row["attainment"], 0), *(money(row[key]) for key in ("pay", "cash", "tax", "loaded")))
        for row in report.grid.to_dict("records")
    ]
    return text_table(("Attainment", "Variable", "Cash", "Employer taxes", "Fully loaded"), rows, ())


def month_table(year: Schedule) -> str:
    """Cost by month."""
    titles = _COST_COLUMNS | {"variable_paid": "Variable paid", "accrual": "Accrual"}
    return _year_table(year, year.months, "Month", titles, lambda entry: str(entry["label"]))


def quarter_table(year: Schedule) -> str:
    """Cost by quarter."""
    titles = _COST_COLUMNS | {"variable_paid": "Variable paid", "accrual": "Accrual at quarter end"}

    def name(entry: Mapping[str, Any]) -> str:
        return f"Quarter {int(entry['quarter'])}" if entry["quarter"] else "After the year"

    return _year_table(year, year.quarters, "Quarter", titles, name)


def _year_table(
    year: Schedule, table: pd.DataFrame, first: str, titles: Mapping[str, str], name: Callable[[Mapping[str, Any]], str]
) -> str:
    with_taxes = table.assign(employer_taxes=year.employer_taxes(table))
    rows = [
        (name(entry), *(formats.money(entry[key], year.currency) for key in titles))
        for entry in cast("list[dict[str, Any]]", with_taxes.to_dict("records"))
    ]
    return text_table((first, *titles.values()), rows, ())


def ratio_table(report: CostReport) -> str:
    """Cost ratios; a ratio without its inputs says what it needs."""
    ratios, money = report.ratios, _money(report.currency)

    def percent(value: float) -> str:
        return formats.percent(value, 2)

    def times(value: float) -> str:
        return f"{value:,.2f}"

    def cell(value: float | None, form: Callable[[float], str], needs: str) -> str:
        return f"needs {needs}" if value is None else form(value)

    def point(value: float | None) -> str:
        return "at its limit" if value is None and ratios.on_grr else cell(value, money, "pay on GRR")

    rows = [
        (
            "Compensation cost / ARR",
            cell(ratios.comp_of_arr, percent, "ARR" if ratios.arr is None else "a spread of results"),
            "base, expected variable pay, employer tax",
        ),
        (
            "Fully loaded cost / ARR",
            cell(ratios.loaded_of_arr, percent, "ARR" if ratios.arr is None else "a spread of results"),
            "at expected pay",
        ),
        ("ARR per person", cell(ratios.arr_per_person, money, "ARR"), ""),
        ("ARR / OTE", cell(ratios.arr_per_ote, times, "ARR"), ""),
        (
            "Expected payout, % of target variable",
            cell(ratios.effective_cost, percent, "a spread of results" if report.needs_spread else "a target variable"),
            "effective cost of the plan",
        ),
        ("One more point of GRR pays", point(ratios.grr_up), "the whole team, starting at target"),
        ("One point of GRR less reduces pay by", point(ratios.grr_down), "the whole team, starting at target"),
        (
            f"Pay per unit of ARR retained ({report.currency})",
            cell(ratios.pay_per_arr_kept, times, "ARR up for renewal and pay on GRR"),
            "above target",
        ),
    ]
    return text_table(("Ratio", "Value", "Basis"), rows, ("Basis",))


def budget_table(report: CostReport, budget: Budget) -> str:
    """Budget left in four cases."""
    money = _money(report.currency)
    last = "Maximum" if report.most.kind == "cap" else "Stress case"
    rows = [
        (name, "needs a spread of results" if left is None else money(left))
        for name, left in (
            ("At target", budget.at_target),
            ("Expected", budget.expected),
            ("90% likely at least", budget.p90),
            (last, budget.most),
        )
    ]
    if budget.breaks_between is not None:
        fits, breaks = budget.breaks_between
        span = (
            f"{formats.percent(breaks)} or less"
            if fits is None
            else f"{formats.percent(fits)} to {formats.percent(breaks)}"
        )
        rows.append(("Exceeded at an attainment of", span))
    return text_table((f"{money(budget.amount)} for {BUDGETED[budget.of]}", "Budget left"), rows, ())


def contract_table(parts: Sequence[ContractCost]) -> str:
    """Parts of the plan that may be costs of obtaining a contract, for an accountant to decide."""
    rows = [(one.name, _VERDICTS[one.verdict], one.reason, " ".join(one.questions)) for one in parts]
    return text_table(("Part", "Under ASC 340-40 / IFRS 15.91", "Reason", "Questions to ask"), rows)


def role_table(report: CostReport) -> str:
    """Cost by role."""
    columns = {
        "role": "Role", "headcount": "People", "base": "Base", "variable": "Target variable",
        "pay": "Variable at target", "expected_pay": "Expected variable", "loaded": "Fully loaded at target",
    }  # fmt: skip
    return _table(report.by_role, _known(report, columns), report.currency)


def people_table(report: CostReport, most: int) -> str:
    """Cost by person or group, by id."""
    columns = {
        "id": "Id", "headcount": "People", "base": "Base", "variable": "Target variable",
        "expected_pay": "Expected variable", "expected_tax": "Expected employer tax",
        "expected_loaded": "Expected fully loaded",
    }  # fmt: skip
    return _table(report.each.head(most), _known(report, columns), report.currency)


def _known(report: CostReport, columns: Mapping[str, str]) -> Mapping[str, str]:
    """The columns without expected amounts where these are unknown."""
    if report.expected is not None:
        return columns
    return {key: title for key, title in columns.items() if not key.startswith("expected_")}


def aside_table(report: CostReport, most: int) -> str:
    """People who are not costed, and why."""
    columns = {"id": "Not costed", "role": "Role", "currency": "Currency", "why": "Reason"}
    return _table(report.set_aside.head(most), columns, report.currency, None)


def comparison_roles(comparison: SideBySide) -> str:
    """Gains and losses by role."""
    columns = {
        "role": "Role", "headcount": "People", "gains": "Gain", "loses": "Lose", "cash_before": "Cash before",
        "cash_now": "Cash now", "change": "Change", "mean_change": "Per person", "most_lost": "Largest loss",
        "most_gained": "Largest gain",
    }  # fmt: skip
    return _table(comparison.by_role, columns, comparison.now.currency)


def comparison_people(comparison: SideBySide, most: int) -> str:
    """Gains and losses by person, largest loss first."""
    columns = {
        "id": "Id", "headcount": "People", "pay_before": "Variable before", "pay_now": "Variable now",
        "change": "Change in cash", "outcome": "Result",
    }  # fmt: skip
    return _table(comparison.people.head(most), columns, comparison.now.currency, ("Result",))


def _table(frame: pd.DataFrame, columns: Mapping[str, str], currency: str, texts: Collection[str] | None = ()) -> str:
    """Rows of a frame: ids and reasons as text, roles by name, numbers of people, and amounts for the rest."""
    names = table_names("roles")

    def cell(column: str, value: Any) -> str:
        if column == "role":
            return names.get(str(value), str(value))
        if column in _COUNTS:
            return f"{int(value):,}"
        return str(value) if column in _TEXTS else formats.money(value, currency)

    rows = [[cell(column, row[column]) for column in columns] for row in frame.to_dict("records")]
    return text_table(tuple(columns.values()), rows, texts)


def _money(currency: str) -> Callable[[float], str]:
    return lambda amount: formats.money(amount, currency)
