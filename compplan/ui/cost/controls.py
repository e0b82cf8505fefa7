"""The fields of the Cost page: people, the year, employer taxes and benefits, budget, uncertainty."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from compplan import facts
from compplan.cost import PlanYear, us_fica
from compplan.errors import CompPlanError, Problem
from compplan.outcomes import illustrative_spreads
from compplan.payout import bounded
from compplan.ui.cost import groups
from compplan.ui.cost.fields import choice, component_number, number, set_assumptions
from compplan.ui.cost.session import CostInputs, save_inputs
from compplan.ui.session import EditSession
from compplan.ui.widgets.fields import Entered, number_field, problems_under, typed_form
from compplan.ui.widgets.labels import component_names, table_names, verbatim

if TYPE_CHECKING:
    import pandas as pd

_REGIMES = {"us_fica": "US FICA", "rate": "A flat rate", "none": "Not included"}
_BUDGETS = {"variable": "Variable pay", "cash": "Cash pay", "loaded": "Fully loaded cost"}


def people(session: EditSession, inputs: CostInputs, table: pd.DataFrame | None) -> None:
    """Who is paid under the plan, and the ARR that they manage."""
    words: dict[Any, str] = {"number": "A headcount", "groups": "Groups of people"}
    if table is not None:
        words["people"] = f"People file ({len(table):,} rows)"
    who = inputs.who if inputs.who in words else "number"
    choice(session, inputs, "who", "Who is paid", words, who)
    if who == "number":
        _count(session, inputs)
    elif who == "groups":
        groups.table(session, inputs)
    elif table is not None and "role" in table.columns:
        _roles(session, inputs, table)
    if table is None:
        st.caption("To cost each person, upload a people file on Benchmarks.")
    number(session, inputs, "arr_managed", "ARR they manage", "money", "Used for cost as a share of ARR.")
    number(
        session,
        inputs,
        "arr_due",
        "ARR up for renewal this year",
        "money",
        "Used for the value of a point of retention.",
    )
    with st.expander("Year", key="cost.year"):
        _year(session, inputs)


def _roles(session: EditSession, inputs: CostInputs, table: pd.DataFrame) -> None:
    """Roles of the file that are paid under the plan; the plan's own role if none is chosen."""
    role_names, key, plan_role = table_names("roles"), f"{session.field_version}.cost.roles", (session.plan.role,)
    present = {str(role) for role in table["role"].dropna()}
    options = [role for role in role_names if role in present]

    def chosen() -> None:
        chosen_roles = tuple(role for role in options if role in st.session_state[key])
        save_inputs(session, replace(inputs, roles=() if chosen_roles == plan_role else chosen_roles))

    st.session_state[key] = [role for role in inputs.roles or plan_role if role in present]
    st.multiselect(
        "Roles paid under this plan",
        options,
        format_func=role_names.__getitem__,
        key=key,
        on_change=chosen,
        placeholder="Choose roles",
        help="People with another role are not costed. If empty, the plan's own role is used.",
    )


def _year(session: EditSession, inputs: CostInputs) -> None:
    """The year that is costed, and when its variable pay is paid."""
    assumptions = inputs.assumptions
    years = sorted({*tax_years(), assumptions.year})
    choice(session, inputs, "year", "Tax year", {year: str(year) for year in years}, assumptions.year)
    _starts(session, inputs)
    lags: dict[Any, str] = {0: "In the last month of the period", 1: "1 month after the period ends"}
    lags |= {months: f"{months} months after the period ends" for months in range(2, 7)}
    choice(session, inputs, "pay_lag", "Variable pay is paid", lags, assumptions.pay_lag)


def tax_years() -> tuple[int, ...]:
    """Years with known rates and wage bases of employer tax.

    Examples
    --------
    >>> 2026 in tax_years()
    True
    """
    return tuple(sorted({int(row["year"]) for row in facts.table("employer_taxes")}))


def _starts(session: EditSession, inputs: CostInputs) -> None:
    """The first day of the plan year; January 1 follows the tax year."""
    assumptions, path = inputs.assumptions, "cost.starts"
    key = f"{session.field_version}.{path}"

    def chosen() -> None:
        day: dt.date | None = st.session_state[key]
        if day is None or day == PlanYear.of(assumptions.edit({"starts": None})).first:
            set_assumptions(session, inputs, path, {"starts": None}, "")
        else:
            set_assumptions(session, inputs, path, {"starts": day.isoformat()}, str(day))

    if path not in session.problems:
        st.session_state[key] = PlanYear.of(assumptions).first
    st.date_input(
        "First day of the plan year",
        key=key,
        on_change=chosen,
        min_value=dt.date(2000, 1, 1),
        max_value=dt.date(2100, 12, 1),
        format="YYYY-MM-DD",
        help="The first day of a month.",
    )
    problems_under(session, path)


def loads(session: EditSession, inputs: CostInputs) -> None:
    """Employer taxes, benefits and overhead."""
    _employer_tax(session, inputs)
    number(
        session,
        inputs,
        "benefits_rate",
        "Benefits, % of base",
        "share",
        "Health insurance, retirement plan and other benefits as a percentage of base salary.",
    )
    number(
        session,
        inputs,
        "overhead",
        "Overhead per person per year",
        "money",
        "Software, equipment, office space and other costs per person.",
    )
    with st.expander("Unemployment tax", key="cost.unemployment"):
        for name, level in (("futa", "Federal"), ("suta", "State")):
            _unemployment_tax(session, inputs, name, level)


def _employer_tax(session: EditSession, inputs: CostInputs) -> None:
    """The kind of employer tax; a flat rate counts once it is entered."""
    assumptions, key = inputs.assumptions, f"{session.field_version}.cost.regime"
    regimes = _REGIMES if session.plan.currency == "USD" else {k: v for k, v in _REGIMES.items() if k != "us_fica"}

    def chosen() -> None:
        regime = str(st.session_state[key])
        if regime != "rate":
            none = {"rate": None} if regime == "us_fica" else {"rate": None, "wage_base": None}
            set_assumptions(session, inputs, "cost.regime", {"regime": regime} | none, regime)

    def entered(number: float | None, text: str) -> None:
        if number is not None:
            set_assumptions(session, inputs, "cost.rate", {"regime": "rate", "rate": number, "wage_base": None}, text)

    st.session_state.setdefault(key, assumptions.regime)
    st.selectbox("Employer tax", list(regimes), format_func=regimes.__getitem__, key=key, on_change=chosen)
    problems_under(session, "cost.regime")
    if st.session_state[key] == "us_fica":
        _wage_base(session, inputs)
    if st.session_state[key] == "rate":
        number_field(
            session, "Rate, % of base and variable pay", "cost.rate", assumptions.rate, "share", entered,
            placeholder="For example, 21%",
        )  # fmt: skip
        if assumptions.rate is None:
            st.caption("Enter a rate to include employer tax.")


def _wage_base(session: EditSession, inputs: CostInputs) -> None:
    """The wages that Social Security is paid on: the published ones until somebody enters others."""
    try:
        published = typed_form(us_fica(inputs.assumptions.year)[0][1], "money")
    except CompPlanError:
        published = "Not known for this year"

    def entered(number: float | None, text: str) -> None:
        set_assumptions(session, inputs, "cost.wage_base", {"wage_base": number}, text)

    number_field(
        session, "Social Security wage base", "cost.wage_base", inputs.assumptions.wage_base, "money", entered,
        placeholder=published,
        help_text="The published one is used until you enter another; for a later year, the last published one.",
    )  # fmt: skip


def budget(session: EditSession, inputs: CostInputs) -> None:
    """The budget, and the cost that it covers."""
    number(session, inputs, "budget", "Annual budget", "money", "Shows how much of it is left.")
    if inputs.assumptions.budget is not None:
        choice(session, inputs, "budget_of", "Budget covers", _BUDGETS, inputs.assumptions.budget_of)


def uncertainty(session: EditSession, inputs: CostInputs) -> None:
    """Expected results, their spread, and how far people have good and bad years together."""
    plan, assumptions = session.plan, inputs.assumptions
    spreads, names = illustrative_spreads(plan), component_names(plan)
    st.caption(
        "The result you expect of one person for the year, and its standard deviation. If empty, the target and an "
        "assumed spread are used. A measure that the plan declares has no assumed spread."
    )
    for component in plan.components:
        key, unit = component.key, plan.measure(component.key).unit
        name = verbatim(names[key])
        left, right = st.columns(2)
        with left:
            mean, target = assumptions.means.get(key), typed_form(component.target, unit)
            component_number(session, inputs, "means", key, f"{name}: expected", unit, mean, target)
        with right:
            spread, assumed = (
                assumptions.spreads.get(key),
                "Needed" if key not in spreads else typed_form(spreads[key], unit),
            )
            component_number(session, inputs, "spreads", key, f"{name}: spread", unit, spread, assumed)
    number(
        session,
        inputs,
        "correlation",
        "Correlation between two people's pay",
        "share",
        "0%: every book of business is independent. 100%: everyone has the same good or bad year.",
    )
    if not bounded(plan):
        number(
            session,
            inputs,
            "stress",
            "Stress case, attainment of all measures",
            "share",
            "Pay in this plan has no cap, so this attainment stands for the highest cost.",
        )


def _unemployment_tax(session: EditSession, inputs: CostInputs, name: str, level: str) -> None:
    """The rate and the wage base of an unemployment tax, which need each other."""
    assumptions = inputs.assumptions
    rate, base = getattr(assumptions, f"{name}_rate"), getattr(assumptions, f"{name}_base")
    typed: dict[str, float | None] = dict(st.session_state.get(f"cost.{name}.typed", {}))

    def setter(field: str) -> Entered:
        def entered(number: float | None, text: str) -> None:
            typed[field] = number
            st.session_state[f"cost.{name}.typed"] = dict(typed)
            values = {f"{name}_rate": rate or None, f"{name}_base": base} | typed
            complete = all(values.values()) or not any(values.values())
            path = f"cost.{field}"
            if complete:
                st.session_state.pop(f"cost.{name}.typed", None)
                set_assumptions(session, inputs, path, values, text)
            else:
                session.problems.pop(path, None)
                session.invalid_entries[path] = text

        return entered

    rate_shown, base_shown = typed.get(f"{name}_rate", rate or None), typed.get(f"{name}_base", base)
    for field, label, unit, value in (
        ("rate", f"{level} rate", "share", rate_shown),
        ("base", f"{level} wage base", "money", base_shown),
    ):
        field = f"{name}_{field}"
        number_field(session, label, f"cost.{field}", value, unit, setter(field), placeholder="Not set")
    if typed and not (rate_shown and base_shown):
        st.caption(f"Enter both to include {level.lower()} unemployment tax.")


def _count(session: EditSession, inputs: CostInputs) -> None:
    def entered(number: float | None, text: str) -> None:
        if number is None or number != int(number) or not 1 <= number <= 100_000:
            session.problems["cost.people"] = (
                Problem("", f"Enter a whole number of people from 1 to 100,000. You entered {text}."),
            )
            session.invalid_entries["cost.people"] = text
            return
        session.problems.pop("cost.people", None)
        save_inputs(session, replace(inputs, people=int(number)))

    number_field(session, "Headcount", "cost.people", float(inputs.people), "", entered)
    if inputs.people == 1:
        st.caption("The figures are the year of one person. Enter your headcount for the whole team.")
