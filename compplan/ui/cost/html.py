"""The cost of a plan as sentences, key figures and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from compplan import facts, formats
from compplan.cost import Budget, ContractCost, CostReport, Schedule, SideBySide
from compplan.errors import CompPlanError
from compplan.plan import Plan
from compplan.ui.templates import render
from compplan.ui.widgets.html import KeyFigure
from compplan.ui.widgets.labels import component_names, table_names, verbatim
from compplan.ui.widgets.ranges import money_range
from compplan.ui.widgets.tables import text_table

if TYPE_CHECKING:
    import pandas as pd

_BUDGETED = {"variable": "variable pay", "cash": "cash pay", "loaded": "fully loaded cost"}
_VERDICTS = {
    "likely capitalise": "Likely an asset",
    "likely expense": "Likely an expense",
    "judgement": "Needs judgment",
}

_FIELDS = {
    "people": "People",
    "futa_rate": "Federal rate",
    "futa_base": "Federal wage base",
    "suta_rate": "State rate",
    "suta_base": "State wage base",
    "starts": "First day of the plan year",
}
_COLUMNS = {"id": "Id", "arr": "ARR", "hired": "First day", "left": "Last day"}


def headline_html(text: str) -> str:
    """The sentence at the top of the page."""
    return render("cost.headline", text)


def headline(report: CostReport) -> str:
    """What the plan costs and how far that may vary, in two sentences."""
    brief, currency = _brief(report), report.currency
    people = "One person costs" if report.headcount == 1 else f"{report.headcount:,} people cost"
    expected, most = report.expected, report.most
    range_text = money_range(expected.fully_loaded.p10, expected.fully_loaded.p90, currency)
    highest = brief(most.cost.loaded)
    stress = f"{highest} at {formats.percent(most.attainment or 0.0, 0)} attainment, because pay has no cap"
    return (
        f"{people} {brief(report.at_target.loaded)} a year with every measure at target. The expected cost is "
        f"{brief(expected.cost.loaded)}, 80% likely between {range_text.replace(' to ', ' and ')}; "
        f"{f'at most {highest}' if most.kind == 'cap' else stress}."
    )


def refusal(error: CompPlanError, plan: Plan) -> str:
    """Why a cost cannot be computed, with places as people know them."""
    sentences = (f"{_place(problem.where, plan)}: {problem.message}".removeprefix(": ") for problem in error.problems)
    return " ".join(sentence[:1].upper() + sentence[1:] for sentence in sentences)


def _place(where: str, plan: Plan) -> str:
    """A field of assumptions or a column of people in words."""
    first, _, rest = where.partition(".")
    key, _, column = rest.partition(".")
    name = component_names(plan).get(key, key.replace("_", " "))
    words = f"{name} {column}" if column else name
    match first:
        case "people" if rest:
            return f"People file, {_COLUMNS.get(rest, words)}"
        case "means":
            return f"Expected result of {words}"
        case "spreads":
            return f"Spread of {words}"
        case _:
            return _FIELDS.get(where, " ".join(where.replace("_", " ").split(".")))


def key_figures(report: CostReport) -> tuple[KeyFigure, ...]:
    """The five key figures of the page."""
    brief, expected, most = _brief(report), report.expected, report.most
    at_target, capped = report.at_target, report.most.kind == "cap"
    stress = f"{formats.percent(most.attainment or 0.0, 0)} attainment; pay has no cap"
    return (
        KeyFigure(
            "At target",
            brief(at_target.loaded),
            f"{brief(at_target.base)} base, {brief(at_target.pay)} variable",
            hint="Fully loaded annual cost with every measure at target: base, variable pay, employer taxes, benefits "
            "and overhead.",
        ),
        KeyFigure(
            "Expected",
            brief(expected.cost.loaded),
            "when results vary as assumed",
            hint="Mean fully loaded cost when results vary; see Assumptions.",
        ),
        KeyFigure(
            "80% likely between",
            money_range(expected.fully_loaded.p10, expected.fully_loaded.p90, report.currency).replace(" to ", " – "),
            "1 year in 10 is below, 1 above",
            hint="10th and 90th percentile of the team's fully loaded cost.",
        ),
        KeyFigure(
            "Maximum" if capped else "Stress case",
            brief(most.cost.loaded),
            "at the cap" if capped else stress,
            amber=not capped,
            hint="The most the plan can cost, or the cost at a stated attainment if pay has no cap.",
        ),
        _last_figure(report),
    )


def _last_figure(report: CostReport) -> KeyFigure:
    """Headroom if there is a budget, cost over ARR if there is ARR, else the expected payout."""
    if report.budget is not None:
        left = report.budget.expected
        return KeyFigure(
            "Budget left" if left >= 0 else "Over budget",
            _brief(report)(abs(left)),
            f"expected {_BUDGETED[report.budget.of]}",
            amber=left < 0,
            hint="Budget minus expected cost.",
        )
    if report.ratios.comp_of_arr is not None:
        return KeyFigure(
            "Cost / ARR",
            formats.percent(report.ratios.comp_of_arr, 2),
            "expected pay and employer tax",
            hint="Compensation cost as a share of the ARR that these people manage.",
        )
    payout = report.expected.payout_fraction
    value = "–" if payout is None else formats.percent(payout, 1)
    return KeyFigure("Expected payout", value, "of target variable", hint="Expected variable pay over target variable.")


def _brief(report: CostReport) -> Callable[[float], str]:
    return lambda amount: formats.brief_money(amount, report.currency)


def _money(currency: str) -> Callable[[float], str]:
    return lambda amount: formats.money(amount, currency)


def parts_table(report: CostReport) -> str:
    """Parts of the fully loaded cost at target, expected and at most."""
    columns = (report.at_target, report.expected.cost, report.most.cost)
    names = {
        "base": "Base",
        "pay": "Variable",
        "employer_tax": "Employer tax",
        "unemployment_tax": "Unemployment tax",
        "benefits": "Benefits",
        "overhead": "Overhead",
    }
    money = _money(report.currency)
    rows = [(name, *(money(one.to_dict()[key]) for one in columns)) for key, name in names.items()]
    rows.append(("Fully loaded", *(money(one.loaded) for one in columns)))
    last = "Maximum" if report.most.kind == "cap" else f"At {formats.percent(report.most.attainment or 0.0, 0)}"
    return text_table(("Annual cost of everyone", "At target", "Expected", last), rows, ())


def grid_table(report: CostReport) -> str:
    """Cost at each attainment of all measures."""
    money = _money(report.currency)
    rows = [
        (formats.percent(row["attainment"], 0), *(money(row[key]) for key in ("pay", "cash", "tax", "loaded")))
        for row in report.grid.to_dict("records")
    ]
    return text_table(("Attainment", "Variable", "Cash", "Employer taxes", "Fully loaded"), rows, ())


def held_measures(report: CostReport, plan: Plan) -> list[str]:
    """Measures that cannot follow the attainment of the table, and the result used for them; as Markdown."""
    sentences: list[str] = []
    for one in report.held:
        span = formats.percent(one.from_attainment, 0)
        if one.to_attainment != one.from_attainment:
            span += f" to {formats.percent(one.to_attainment, 0)}"
        result = formats.result(one.result, plan.measure(one.component), plan.currency)
        pays = formats.percent(one.pays, 0)
        sentences.append(verbatim(f"At {span}, {one.name} stays at {result} and pays {pays} of its target pay."))
    return sentences


# These columns add up to the cost; what is paid and accrued follows after them.
_COST_COLUMNS = {
    "base": "Base",
    "variable_accrued": "Variable earned",
    "employer_taxes": "Employer taxes",
    "benefits": "Benefits",
    "overhead": "Overhead",
    "total_cost": "Cost",
}


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
    whole = table.assign(employer_taxes=year.employer_taxes(table))
    rows = [
        (name(entry), *(formats.money(entry[key], year.currency) for key in titles))
        for entry in cast("list[dict[str, Any]]", whole.to_dict("records"))
    ]
    return text_table((first, *titles.values()), rows, ())


def role_table(report: CostReport) -> str:
    """Cost by role."""
    money, names = _money(report.currency), table_names("roles")
    rows: list[tuple[str, ...]] = []
    for entry in report.by_role.to_dict("records"):
        amounts = (money(entry[key]) for key in ("base", "variable", "pay", "expected_pay", "loaded"))
        rows.append((names.get(str(entry["role"]), str(entry["role"])), f"{int(entry['headcount']):,}", *amounts))
    titles = (
        "Role",
        "People",
        "Base",
        "Target variable",
        "Variable at target",
        "Expected variable",
        "Fully loaded at target",
    )
    return text_table(titles, rows, ())


def people_table(report: CostReport, most: int) -> str:
    """Cost by person or group, by id."""
    money = _money(report.currency)
    rows = [
        (
            str(entry["id"]),
            f"{int(entry['headcount']):,}",
            *(money(entry[key]) for key in ("base", "variable", "expected_pay", "expected_tax", "expected_loaded")),
        )
        for entry in report.each.head(most).to_dict("records")
    ]
    return text_table(
        (
            "Id",
            "People",
            "Base",
            "Target variable",
            "Expected variable",
            "Expected employer tax",
            "Expected fully loaded",
        ),
        rows,
        (),
    )


def aside_table(report: CostReport, most: int) -> str:
    """People who are not costed, and why."""
    names = table_names("roles")
    rows = [
        (str(entry["id"]), names.get(str(entry["role"]), str(entry["role"])), str(entry["currency"]), str(entry["why"]))
        for entry in report.set_aside.head(most).to_dict("records")
    ]
    return text_table(("Not costed", "Role", "Currency", "Reason"), rows)


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
            cell(ratios.comp_of_arr, percent, "ARR"),
            "base, expected variable pay, employer tax",
        ),
        ("Fully loaded cost / ARR", cell(ratios.loaded_of_arr, percent, "ARR"), "at expected pay"),
        ("ARR per person", cell(ratios.arr_per_person, money, "ARR"), ""),
        ("ARR / OTE", cell(ratios.arr_per_ote, times, "ARR"), ""),
        (
            "Expected payout, % of target variable",
            cell(ratios.effective_cost, percent, "a target variable"),
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
        (name, money(left))
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
    return text_table((f"{money(budget.amount)} for {_BUDGETED[budget.of]}", "Budget left"), rows, ())


def contract_table(parts: Sequence[ContractCost]) -> str:
    """Parts of the plan that may be costs of obtaining a contract, for an accountant to decide."""
    rows = [(one.name, _VERDICTS[one.verdict], one.reason, " ".join(one.questions)) for one in parts]
    return text_table(("Part", "Under ASC 340-40 / IFRS 15.91", "Reason", "Questions to ask"), rows)


def assumption_list(report: CostReport, dropped: Sequence[str] = ()) -> str:
    """The assumptions, with the sources of their figures."""
    return render("cost.lines", (*dropped, *report.notes))


def not_modelled(report: CostReport) -> str:
    """What the cost leaves out."""
    return render("cost.lines", report.not_modelled)


def tax_sources() -> str:
    """The sources of the US FICA rates."""
    keys = dict.fromkeys(row["source"] for row in facts.table("employer_taxes"))
    return render("cost.sources", "Employer tax", [facts.source(key) for key in keys])


def comparison_headline(comparison: SideBySide, other: str) -> str:
    """What the change costs and how many people gain or lose, in a sentence."""
    change = comparison.change["loaded"]
    amount = formats.money(abs(change), comparison.now.currency, 0)
    cost = f"costs {amount} {'more' if change > 0 else 'less'}" if change else "costs the same"
    return (
        f"Compared with {other}, this plan {cost} per year. {comparison.gains:,} people gain, {comparison.loses:,} "
        f"lose and {comparison.same:,} stay the same."
    )


def comparison_roles(comparison: SideBySide) -> str:
    """Gains and losses by role."""
    names = table_names("roles")

    money = _money(comparison.now.currency)

    rows: list[tuple[str, ...]] = []
    for entry in comparison.by_role.to_dict("records"):
        keys = ("cash_before", "cash_now", "change", "mean_change", "most_lost", "most_gained")
        amounts = (money(entry[key]) for key in keys)
        counts = (f"{int(entry[key]):,}" for key in ("gains", "loses"))
        rows.append(
            (names.get(str(entry["role"]), str(entry["role"])), f"{int(entry['headcount']):,}", *counts, *amounts)
        )
    return text_table(
        (
            "Role",
            "People",
            "Gain",
            "Lose",
            "Cash before",
            "Cash now",
            "Change",
            "Per person",
            "Largest loss",
            "Largest gain",
        ),
        rows,
        (),
    )


def comparison_people(comparison: SideBySide, most: int) -> str:
    """Gains and losses by person, largest loss first."""
    money = _money(comparison.now.currency)

    rows = [
        (
            str(entry["id"]),
            f"{int(entry['headcount']):,}",
            money(entry["pay_before"]),
            money(entry["pay_now"]),
            money(entry["change"]),
            str(entry["outcome"]),
        )
        for entry in comparison.people.head(most).to_dict("records")
    ]
    return text_table(
        ("Id", "People", "Variable before", "Variable now", "Change in cash", "Result"), rows, ("Result",)
    )
