"""The cost of a plan as sentences and key figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from compplan import facts, formats
from compplan.cost import CostReport, SideBySide
from compplan.errors import CompPlanError
from compplan.plan import Plan
from compplan.ui.templates import render
from compplan.ui.widgets.html import KeyFigure
from compplan.ui.widgets.labels import component_names, verbatim
from compplan.ui.widgets.ranges import compact_range, money_range

BUDGETED = {"variable": "variable pay", "cash": "cash pay", "loaded": "fully loaded cost"}
_FIELDS = {
    "people": "People",
    "futa_rate": "Federal rate",
    "futa_base": "Federal wage base",
    "suta_rate": "State rate",
    "wage_base": "Social Security wage base",
    "suta_base": "State wage base",
    "starts": "First day of the plan year",
}
_COLUMNS = {"id": "Id", "arr": "ARR", "hired": "First day", "left": "Last day"}


def headline_html(text: str) -> str:
    """The sentence at the top of the page."""
    return render("cost.headline", text)


def spread_html(report: CostReport) -> str:
    """The spreads that expected cost and its range are computed with, or the request for one that is unknown."""
    if report.expected is None:
        return render("widgets.message", "notice", report.spread, "status")
    return render("widgets.quiet", report.spread)


def headline(report: CostReport) -> str:
    """What the plan costs and how far that may vary, in two sentences."""
    brief, currency = _brief(report), report.currency
    people = "One person costs" if report.headcount == 1 else f"{report.headcount:,} people cost"
    most = report.most
    highest = brief(most.cost.loaded)
    stress = f"{highest} at {formats.percent(most.attainment or 0.0, 0)} attainment, because pay has no cap"
    at_most = f"at most {highest}" if most.kind == "cap" else stress
    at_target = f"{people} {brief(report.at_target.loaded)} a year with every measure at target"
    if report.expected is None:
        return f"{at_target}, and {at_most}."
    likely = report.expected.fully_loaded
    ends = money_range(likely.p10, likely.p90, currency).replace(" to ", " and ")
    return (
        f"{at_target}. The expected cost is {brief(report.expected.cost.loaded)}, 80% likely between {ends}; {at_most}."
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
    brief, most = _brief(report), report.most
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
        *_expected_figures(report),
        KeyFigure(
            "Maximum" if capped else "Stress case",
            brief(most.cost.loaded),
            "at the cap" if capped else stress,
            amber=not capped,
            hint="The most the plan can cost, or the cost at a stated attainment if pay has no cap.",
        ),
        _last_figure(report),
    )


def _expected_figures(report: CostReport) -> tuple[KeyFigure, KeyFigure]:
    """Expected cost and its range; a dash where the spread of a result is unknown."""
    likely, needs = report.expected, "needs a spread of results"
    return (
        KeyFigure(
            "Expected",
            "–" if likely is None else _brief(report)(likely.cost.loaded),
            needs if likely is None else "when results vary as assumed",
            hint=f"Mean fully loaded cost when results vary. {report.spread}",
        ),
        KeyFigure(
            "80% likely between",
            "–" if likely is None else compact_range(likely.fully_loaded.p10, likely.fully_loaded.p90, report.currency),
            needs if likely is None else "1 year in 10 is below, 1 above",
            hint=f"10th and 90th percentile of the team's fully loaded cost. {report.spread}",
        ),
    )


def _last_figure(report: CostReport) -> KeyFigure:
    """Headroom if there is a budget, cost over ARR if there is ARR, else the expected payout."""
    if report.budget is not None and report.budget.expected is not None:
        left = report.budget.expected
        return KeyFigure(
            "Budget left" if left >= 0 else "Over budget",
            _brief(report)(abs(left)),
            f"expected {BUDGETED[report.budget.of]}",
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
    if report.budget is not None:
        left = report.budget.at_target
        return KeyFigure(
            "Budget left" if left >= 0 else "Over budget",
            _brief(report)(abs(left)),
            f"{BUDGETED[report.budget.of]} at target",
            amber=left < 0,
            hint="Budget minus the cost at target.",
        )
    payout = None if report.expected is None else report.expected.payout_fraction
    value = "–" if payout is None else formats.percent(payout, 1)
    return KeyFigure("Expected payout", value, "of target variable", hint="Expected variable pay over target variable.")


def _brief(report: CostReport) -> Callable[[float], str]:
    return lambda amount: formats.brief_money(amount, report.currency)


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
