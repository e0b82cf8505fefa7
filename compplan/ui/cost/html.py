"""What a plan costs, as sentences and tables."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from compplan import facts, formats
from compplan.cost import Budget, ContractCost, CostReport, Schedule, SideBySide
from compplan.errors import CompPlanError
from compplan.plan import Plan
from compplan.ui.widgets.html import KeyFigure
from compplan.ui.widgets.labels import component_names, table_names, verbatim
from compplan.ui.widgets.tables import text_table

if TYPE_CHECKING:
    import pandas as pd

_OF = {"variable": "variable pay", "cash": "cash pay", "loaded": "the loaded cost"}
_VERDICTS = {"likely capitalise": "Likely an asset", "likely expense": "Likely an expense", "judgement": "Judgement"}

_COLUMNS = {"id": "Ids", "arr": "ARR", "hired": "First day", "left": "Last day"}


def headline(report: CostReport) -> str:
    """What the plan costs and how wrong that may be, in two sentences."""
    brief = _brief(report)
    people = "One person" if report.headcount == 1 else f"{report.headcount:,} people"
    likely, most = report.expected, report.most
    cost = "costs" if report.headcount == 1 else "cost"
    reached = brief(most.cost.loaded)
    stress = f"{reached} at {formats.percent(most.attainment or 0.0, 0)} of target, since nothing caps it"
    top = f"at most {reached}" if most.kind == "cap" else stress
    return (
        f"{people} {cost} <b>{brief(report.at_target.loaded)}</b> a year with everything at target. Expected is "
        f"<b>{brief(likely.cost.loaded)}</b>; eight years in ten end between {brief(likely.fully_loaded.p10)} and "
        f"{brief(likely.fully_loaded.p90)}; {top}."
    )


def refused(error: CompPlanError, plan: Plan) -> str:
    """Why a cost cannot be reckoned, with places as people call them."""
    told = (f"{_place(problem.where, plan)}: {problem.message}".removeprefix(": ") for problem in error.problems)
    return " ".join(one[:1].upper() + one[1:] for one in told)


def _place(where: str, plan: Plan) -> str:
    """A place of assumptions or of a table of people in words."""
    first, _, rest = where.partition(".")
    key, _, which = rest.partition(".")
    name = component_names(plan).get(key, key.replace("_", " "))
    words = f"{name}, {which}" if which else name
    match first:
        case "people" if rest:
            return f"{_COLUMNS.get(rest, words)} of people"
        case "means":
            return f"Expected result of {words}"
        case "spreads":
            return f"Spread of {words}"
        case _:
            return " ".join(where.replace("_", " ").split("."))


def cards(report: CostReport) -> tuple[KeyFigure, ...]:
    """The five figures of the page."""
    brief, likely, most = _brief(report), report.expected, report.most
    at = report.at_target
    cap = most.kind == "cap"
    fraction = likely.payout_fraction
    return (
        KeyFigure(
            "At target",
            brief(at.loaded),
            f"{brief(at.base)} base, {brief(at.pay)} variable",
            hint="Fully loaded cost a year with every measure at its target: base, "
            "variable, employer taxes, benefits and overhead.",
        ),
        KeyFigure(
            "Expected",
            brief(likely.cost.loaded),
            "when results scatter as stated",
            hint="Mean of the loaded cost over the stated uncertainty; see Assumptions.",
        ),
        KeyFigure(
            "80% range",
            f"{brief(likely.fully_loaded.p10)} – {brief(likely.fully_loaded.p90)}",
            "1 year in 10 below, 1 above",
            hint="Tenth and ninetieth percentile of the team's loaded cost.",
        ),
        KeyFigure(
            "At most" if cap else "Under stress",
            brief(most.cost.loaded),
            "at the cap" if cap else f"{formats.percent(most.attainment or 0.0, 0)} in everything; pay is not capped",
            amber=not cap,
            hint="The most the plan can cost, or the cost at a stated attainment where nothing stops pay.",
        ),
        _last(report, fraction),
    )


def _last(report: CostReport, fraction: float | None) -> KeyFigure:
    brief = _brief(report)
    if report.budget is not None:
        left = report.budget.expected
        return KeyFigure(
            "Headroom" if left >= 0 else "Over budget",
            brief(abs(left)),
            f"expected, {_OF[report.budget.of]}",
            amber=left < 0,
            hint="Budget less expected cost.",
        )
    if report.ratios.comp_of_arr is not None:
        return KeyFigure(
            "Share of ARR",
            formats.percent(report.ratios.comp_of_arr, 2),
            "expected pay and employer tax",
            hint="Compensation cost over the ARR that these people look after.",
        )
    told = "–" if fraction is None else formats.percent(fraction, 1)
    return KeyFigure("Payout", told, "expected, of target variable", hint="Expected variable pay over target variable.")


def _brief(report: CostReport) -> Callable[[float], str]:
    def brief(amount: float) -> str:
        return formats.brief_money(amount, report.currency)

    return brief


def parts_table(report: CostReport) -> str:
    """Base to loaded cost: at target, expected, at most."""
    columns = (report.at_target, report.expected.cost, report.most.cost)
    names = {
        "base": "Base",
        "pay": "Variable",
        "employer_tax": "Employer tax",
        "unemployment_tax": "Unemployment tax",
        "benefits": "Benefits",
        "overhead": "Overhead",
    }
    money = _money(report)
    rows = [(name, *(money(one.to_dict()[key]) for one in columns)) for key, name in names.items()]
    rows.append(("Fully loaded", *(money(one.loaded) for one in columns)))
    last = "At most" if report.most.kind == "cap" else f"At {formats.percent(report.most.attainment or 0.0, 0)}"
    return text_table(("A year, everybody", "At target", "Expected", last), rows, ())


def _money(report: CostReport) -> Callable[[float], str]:
    def money(amount: float) -> str:
        return formats.money(amount, report.currency)

    return money


def grid_table(report: CostReport) -> str:
    """Cost at each attainment in everything."""
    money = _money(report)
    rows = [
        (formats.percent(row["attainment"], 0), *(money(row[key]) for key in ("pay", "cash", "tax", "loaded")))
        for row in report.grid.to_dict("records")
    ]
    return text_table(("Attainment", "Variable", "Cash", "Employer taxes", "Fully loaded"), rows, ())


def held_sentences(report: CostReport, plan: Plan) -> list[str]:
    """Which measures cannot follow the grid, and where they are held; as Markdown."""
    told: list[str] = []
    for one in report.held:
        span = formats.percent(one.from_attainment, 0)
        if one.to_attainment != one.from_attainment:
            span += f" to {formats.percent(one.to_attainment, 0)}"
        result = formats.result(one.result, plan.measure(one.component), plan.currency)
        pays = formats.percent(one.pays, 0)
        told.append(verbatim(f"At {span} {one.name} is held at {result}, which pays {pays} of its target pay."))
    return told


# What is earned adds up to the cost from left to right; what is paid and owed stands after it.
_EARNED = {
    "base": "Base",
    "variable_accrued": "Variable earned",
    "employer_taxes": "Employer taxes",
    "benefits": "Benefits",
    "overhead": "Overhead",
    "total_cost": "Cost",
}


def month_table(year: Schedule) -> str:
    """The year by month."""
    heads = _EARNED | {"variable_paid": "Variable paid", "accrual": "Accrual"}
    return _year_table(year, year.months, "Month", heads, lambda entry: str(entry["label"]))


def quarter_table(year: Schedule) -> str:
    """The year by quarter."""
    heads = _EARNED | {"variable_paid": "Variable paid", "accrual": "Accrual at its end"}

    def name(entry: Mapping[str, Any]) -> str:
        return f"Quarter {int(entry['quarter'])}" if entry["quarter"] else "After the year"

    return _year_table(year, year.quarters, "", heads, name)


def _year_table(
    year: Schedule, table: pd.DataFrame, first: str, heads: Mapping[str, str], name: Callable[[Mapping[str, Any]], str]
) -> str:
    whole = table.assign(employer_taxes=table["employer_tax"] + table["unemployment_tax"])
    rows = [
        (name(entry), *(formats.money(entry[key], year.currency) for key in heads))
        for entry in cast("list[dict[str, Any]]", whole.to_dict("records"))
    ]
    return text_table((first, *heads.values()), rows, ())


def role_table(report: CostReport) -> str:
    """Cost by role."""
    money, names = _money(report), table_names("roles")
    rows: list[tuple[str, ...]] = []
    for entry in report.by_role.to_dict("records"):
        told = (money(entry[key]) for key in ("base", "variable", "pay", "expected_pay", "loaded"))
        rows.append((names.get(str(entry["role"]), str(entry["role"])), f"{int(entry['headcount']):,}", *told))
    heads = ("Role", "People", "Base", "Target variable", "Variable at target", "Expected variable", "Loaded at target")
    return text_table(heads, rows, ())


def people_table(report: CostReport, most: int) -> str:
    """Cost by person or group, by id."""
    money = _money(report)
    rows = [
        (
            str(entry["id"]),
            f"{int(entry['headcount']):,}",
            *(money(entry[key]) for key in ("base", "variable", "expected_pay", "expected_tax", "expected_loaded")),
        )
        for entry in report.each.head(most).to_dict("records")
    ]
    return text_table(
        ("Id", "People", "Base", "Target variable", "Expected variable", "Expected tax", "Expected loaded"), rows, ()
    )


def aside_table(report: CostReport, most: int) -> str:
    """Who is not costed, and why."""
    rows = [
        tuple(str(entry[key]) for key in ("id", "role", "currency", "why"))
        for entry in report.set_aside.head(most).to_dict("records")
    ]
    return text_table(("Not costed", "Role", "Currency", "Why"), rows)


def ratio_table(report: CostReport) -> str:
    """Cost against what it is for; what is not known says what it needs."""
    found, money = report.ratios, _money(report)

    def percent(value: float) -> str:
        return formats.percent(value, 2)

    def times(value: float) -> str:
        return f"{value:,.2f}"

    def told(value: float | None, form: Callable[[float], str], needs: str) -> str:
        return f"needs {needs}" if value is None else form(value)

    def point(value: float | None) -> str:
        return "at its limit" if value is None and found.on_grr else told(value, money, "a part on GRR")

    rows = [
        (
            "Compensation cost over ARR",
            told(found.comp_of_arr, percent, "ARR"),
            "base, expected variable, employer tax",
        ),
        ("Loaded cost over ARR", told(found.loaded_of_arr, percent, "ARR"), "expected"),
        ("ARR a person", told(found.arr_per_person, money, "ARR"), ""),
        ("ARR over OTE", told(found.arr_per_ote, times, "ARR"), ""),
        (
            "Expected variable over target",
            told(found.effective_cost, percent, "a target variable"),
            "effective cost of the plan",
        ),
        ("A point of GRR more pays", point(found.grr_up), "the team, from target on"),
        ("A point of GRR less costs them", point(found.grr_down), "the team, from target on"),
        (
            f"Pay for each unit of ARR kept ({report.currency})",
            told(found.pay_per_arr_kept, times, "ARR due for renewal and a part on GRR"),
            "beyond target",
        ),
    ]
    return text_table(("Ratio", "", "Of what"), rows, ("Of what",))


def budget_table(report: CostReport, found: Budget) -> str:
    """Headroom under the budget."""
    money = _money(report)
    last = "at most" if report.most.kind == "cap" else "under stress"
    rows = [
        (name, money(left))
        for name, left in (
            ("at target", found.at_target),
            ("expected", found.expected),
            ("in nine years of ten", found.p90),
            (last, found.most),
        )
    ]
    if found.breaks_between is not None:
        fits, breaks = found.breaks_between
        span = (
            f"{formats.percent(breaks)} or less"
            if fits is None
            else f"{formats.percent(fits)} – {formats.percent(breaks)}"
        )
        rows.append(("It breaks at an attainment of", span))
    return text_table((f"Headroom under {money(found.amount)} of {_OF[found.of]}", ""), rows, ())


def contract_table(parts: Sequence[ContractCost]) -> str:
    """Which parts look like costs of obtaining a contract, for an accountant to decide."""
    rows = [(one.name, _VERDICTS[one.verdict], one.reason, " ".join(one.questions)) for one in parts]
    return text_table(
        ("Part", "Under ASC 340-40 / IFRS 15.91", "Because", "To ask"),
        rows,
        ("Under ASC 340-40 / IFRS 15.91", "Because", "To ask"),
    )


def assumption_list(report: CostReport, dropped: Sequence[str] = ()) -> str:
    """What was assumed, with the sources of the figures."""
    items = "".join(f"<li>{html.escape(line)}</li>" for line in (*dropped, *report.notes))
    return f'<ul class="cp-changes">{items}</ul>'


def not_modelled(report: CostReport) -> str:
    """What the cost leaves out."""
    return f'<ul class="cp-changes">{"".join(f"<li>{html.escape(line)}</li>" for line in report.not_modelled)}</ul>'


def tax_sources() -> str:
    """Where the rates of US FICA come from."""
    keys = dict.fromkeys(row["source"] for row in facts.table("employer_taxes"))
    links = (
        f'<a href="{html.escape(found.url)}" rel="noreferrer">{html.escape(found.label)}</a>'
        for found in map(facts.source, keys)
    )
    return f"<p>Employer tax: {'; '.join(links)}.</p>"


def beside_headline(seen: SideBySide, before: str) -> str:
    """What the change costs and who feels it, in a sentence."""
    change = seen.change["loaded"]
    way = "more" if change > 0 else "less"
    cost = f"costs {formats.money(abs(change), seen.now.currency, 0)} {way}" if change else "costs the same"
    return (
        f"Against {html.escape(before)} this plan {cost} a year; {seen.gains:,} gain, {seen.loses:,} lose, "
        f"{seen.same:,} stay as they are."
    )


def beside_roles(seen: SideBySide) -> str:
    """Who gains and who loses by role."""
    names = table_names("roles")

    def money(value: float) -> str:
        return formats.money(value, seen.now.currency)

    rows: list[tuple[str, ...]] = []
    for entry in seen.by_role.to_dict("records"):
        keys = ("cash_before", "cash_now", "change", "mean_change", "most_lost", "most_gained")
        told = (money(entry[key]) for key in keys)
        counts = (f"{int(entry[key]):,}" for key in ("gains", "loses"))
        rows.append((names.get(str(entry["role"]), str(entry["role"])), f"{int(entry['headcount']):,}", *counts, *told))
    return text_table(
        ("Role", "People", "Gain", "Lose", "Cash before", "Cash now", "Change", "A person", "Most lost", "Most gained"),
        rows,
        (),
    )


def beside_people(seen: SideBySide, most: int) -> str:
    """Who gains and who loses, by id, the largest loss first."""

    def money(value: float) -> str:
        return formats.money(value, seen.now.currency)

    rows = [
        (
            str(entry["id"]),
            f"{int(entry['headcount']):,}",
            money(entry["pay_before"]),
            money(entry["pay_now"]),
            money(entry["change"]),
            str(entry["outcome"]),
        )
        for entry in seen.people.head(most).to_dict("records")
    ]
    return text_table(("Id", "People", "Variable before", "Variable now", "Change of cash", ""), rows, ("",))
