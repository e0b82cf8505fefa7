"""The fields of the cost page: people, the year, employer taxes and benefits, budget, uncertainty."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from compplan import facts
from compplan.cost import CostError, PlanYear
from compplan.errors import Problem
from compplan.outcomes import illustrative_spreads
from compplan.payout import bounded
from compplan.ui.cost import groups
from compplan.ui.cost.session import Inputs, keep
from compplan.ui.session import EditSession
from compplan.ui.widgets.fields import Entered, number_field, problems_under, typed_form
from compplan.ui.widgets.labels import component_names, table_names, verbatim

if TYPE_CHECKING:
    import pandas as pd

_REGIMES = {"us_fica": "US FICA", "rate": "One rate", "none": "None counted"}
_BUDGETS = {"variable": "of variable pay", "cash": "of cash pay", "loaded": "of the loaded cost"}


def people(session: EditSession, inputs: Inputs, table: pd.DataFrame | None) -> None:
    """How many are paid under the plan, or the people file."""
    words: dict[Any, str] = {"number": "A number of people", "groups": "Groups of people"}
    if table is not None:
        words["people"] = f"The people file ({len(table):,} rows)"
    who = inputs.who if inputs.who in words else "number"
    _choice(session, inputs, "who", "Who is paid", words, who)
    if who == "number":
        _count(session, inputs)
    elif who == "groups":
        groups.table(session, inputs)
    elif table is not None and "role" in table.columns:
        _roles(session, inputs, table)
    if table is None:
        st.caption("A people file that is read on Benchmarks is costed person by person.")
    _number(
        session,
        inputs,
        "arr_managed",
        "ARR they look after",
        "money",
        "For cost over ARR; left empty those are not told.",
    )
    _number(
        session,
        inputs,
        "arr_due",
        "Of it due for renewal in the year",
        "money",
        "For what a point of retention is worth.",
    )
    with st.expander("The year", key="cost.year"):
        _year(session, inputs)


def _roles(session: EditSession, inputs: Inputs, table: pd.DataFrame) -> None:
    """Whose roles of the file are paid under the plan; its own unless somebody says otherwise."""
    known, key, own = table_names("roles"), f"{session.form}.cost.roles", (session.plan.role,)
    there = {str(role) for role in table["role"].dropna()}
    options = [role for role in known if role in there]

    def chosen() -> None:
        wanted = tuple(role for role in options if role in st.session_state[key])
        keep(session, replace(inputs, roles=() if wanted == own else wanted))

    st.session_state[key] = [role for role in inputs.roles or own if role in there]
    st.multiselect(
        "Roles paid under this plan",
        options,
        format_func=known.__getitem__,
        key=key,
        on_change=chosen,
        placeholder="None of the file's roles",
        help="Who has another role is set aside; left empty it is the plan's own role.",
    )


def _year(session: EditSession, inputs: Inputs) -> None:
    """Which year is costed, and when its variable is paid."""
    known = inputs.assumptions
    years = sorted({*tax_years(), known.year})
    _choice(session, inputs, "year", "Tax year", {year: str(year) for year in years}, known.year)
    _starts(session, inputs)
    lags: dict[Any, str] = {0: "In its last month", 1: "1 month later"}
    lags |= {months: f"{months} months later" for months in range(2, 7)}
    _choice(session, inputs, "pay_lag", "Variable is paid, counted from the end of its period", lags, known.pay_lag)


def tax_years() -> tuple[int, ...]:
    """Years whose rates and wage bases of employer tax are known.

    Examples
    --------
    >>> 2026 in tax_years()
    True
    """
    return tuple(sorted({int(row["year"]) for row in facts.table("employer_taxes")}))


def _starts(session: EditSession, inputs: Inputs) -> None:
    """The first day of the plan year; with 1 January it goes with the tax year."""
    known, path = inputs.assumptions, "cost.starts"
    key = f"{session.form}.{path}"

    def chosen() -> None:
        wanted: dt.date | None = st.session_state[key]
        if wanted is None or wanted == PlanYear.of(known.edit({"starts": None})).first:
            _set(session, inputs, path, {"starts": None}, "")
        else:
            _set(session, inputs, path, {"starts": wanted.isoformat()}, str(wanted))

    if path not in session.problems:
        st.session_state[key] = PlanYear.of(known).first
    st.date_input(
        "First day of the plan year",
        key=key,
        on_change=chosen,
        min_value=dt.date(2000, 1, 1),
        max_value=dt.date(2100, 12, 1),
        format="YYYY-MM-DD",
        help="The first of a month.",
    )
    problems_under(session, path)


def loads(session: EditSession, inputs: Inputs) -> None:
    """Employer taxes, benefits and overhead."""
    _employer_tax(session, inputs)
    _number(
        session,
        inputs,
        "benefits_rate",
        "Benefits, of base",
        "share",
        "Health, retirement and the like as a share of base.",
    )
    _number(
        session,
        inputs,
        "overhead",
        "Tools and space, a person a year",
        "money",
        "What a person costs beside pay and benefits.",
    )
    with st.expander("Unemployment tax", key="cost.unemployment"):
        for name, told in (("futa", "Federal"), ("suta", "State")):
            _pair(session, inputs, name, told)


def _employer_tax(session: EditSession, inputs: Inputs) -> None:
    """The kind of employer tax; a rate counts as soon as it is there."""
    known, key = inputs.assumptions, f"{session.form}.cost.regime"
    regimes = _REGIMES if session.plan.currency == "USD" else {k: v for k, v in _REGIMES.items() if k != "us_fica"}

    def chosen() -> None:
        wanted = str(st.session_state[key])
        if wanted != "rate":
            _set(session, inputs, "cost.regime", {"regime": wanted, "rate": None}, wanted)

    def entered(found: float | None, text: str) -> None:
        if found is not None:
            _set(session, inputs, "cost.rate", {"regime": "rate", "rate": found}, text)

    st.session_state.setdefault(key, known.regime)
    st.selectbox("Employer tax", list(regimes), format_func=regimes.__getitem__, key=key, on_change=chosen)
    problems_under(session, "cost.regime")
    if st.session_state[key] == "rate":
        _text(session, "cost.rate", "Rate, of base and variable", "share", known.rate, "such as 21%", None, entered)
        if known.rate is None:
            st.caption("It counts as soon as the rate is there.")


def budget(session: EditSession, inputs: Inputs) -> None:
    """The budget, and what it is of."""
    _number(session, inputs, "budget", "Budget of the year", "money", "Headroom is shown against it.")
    if inputs.assumptions.budget is not None:
        _choice(session, inputs, "budget_of", "It is", _BUDGETS, inputs.assumptions.budget_of)


def uncertainty(session: EditSession, inputs: Inputs) -> None:
    """How results scatter, and how far people's go together."""
    plan, known = session.plan, inputs.assumptions
    usual, names = illustrative_spreads(plan), component_names(plan)
    st.caption(
        "Result of one person's year that is expected, and its standard deviation. Left empty, the target and an "
        "illustration stand in."
    )
    for component in plan.components:
        key, unit = component.key, plan.measure(component.key).unit
        name = verbatim(names[key])
        left, right = st.columns(2)
        with left:
            mean, target = known.means.get(key), typed_form(component.target, unit)
            _entry(session, inputs, "means", key, f"{name}: expected", unit, mean, target)
        with right:
            spread, stands_in = known.spreads.get(key), typed_form(usual[key], unit)
            _entry(session, inputs, "spreads", key, f"{name}: spread", unit, spread, stands_in)
    _number(
        session,
        inputs,
        "correlation",
        "Pay of two people goes together by",
        "share",
        "0 is every book for itself; 1 is one good or bad year for all.",
    )
    if not bounded(plan):
        _number(
            session,
            inputs,
            "stress",
            "Stress for uncapped pay, attainment in everything",
            "share",
            "Nothing stops this plan's pay, so it is costed at this attainment in place of a most.",
        )


# Fields


def _set(session: EditSession, inputs: Inputs, path: str, changes: dict[str, Any], text: str) -> None:
    try:
        made = inputs.assumptions.edit(changes)
        made.check(session.plan)
    except CostError as error:
        session.problems[path] = tuple(Problem("", p.message) for p in error.problems)
        session.typed[path] = text
        return
    session.problems.pop(path, None)
    keep(session, replace(inputs, assumptions=made))


def _number(session: EditSession, inputs: Inputs, name: str, label: str, unit: str, help_text: str) -> None:
    value = getattr(inputs.assumptions, name)
    usual = type(inputs.assumptions).model_fields[name].default

    def entered(found: float | None, text: str) -> None:
        _set(session, inputs, f"cost.{name}", {name: found}, text)

    shown = None if value == usual and not value else value
    placeholder = typed_form(usual, unit) if usual else "not given"
    _text(session, f"cost.{name}", label, unit, shown, placeholder, help_text, entered)


def _pair(session: EditSession, inputs: Inputs, name: str, told: str) -> None:
    """A tax's rate and wage base, which are set together."""
    known = inputs.assumptions
    rate, base = getattr(known, f"{name}_rate"), getattr(known, f"{name}_base")
    typed: dict[str, float | None] = dict(st.session_state.get(f"cost.{name}.typed", {}))

    def setter(field: str) -> Entered:
        def entered(found: float | None, text: str) -> None:
            typed[field] = found
            st.session_state[f"cost.{name}.typed"] = dict(typed)
            now = {f"{name}_rate": rate or None, f"{name}_base": base} | typed
            complete = all(now.values()) or not any(now.values())
            path = f"cost.{field}"
            if complete:
                st.session_state.pop(f"cost.{name}.typed", None)
                _set(session, inputs, path, now, text)
            else:
                session.problems.pop(path, None)
                session.typed[path] = text

        return entered

    rate_shown, base_shown = typed.get(f"{name}_rate", rate or None), typed.get(f"{name}_base", base)
    _text(session, f"cost.{name}_rate", f"{told}: rate", "share", rate_shown, "not given", None, setter(f"{name}_rate"))
    _text(
        session,
        f"cost.{name}_base",
        f"{told}: of wages up to",
        "money",
        base_shown,
        "not given",
        None,
        setter(f"{name}_base"),
    )
    if typed and not (rate_shown and base_shown):
        st.caption(f"{told} unemployment tax counts as soon as both are there.")


def _entry(
    session: EditSession,
    inputs: Inputs,
    name: str,
    key: str,
    label: str,
    unit: str,
    value: float | None,
    placeholder: str,
) -> None:
    """One entry of a field that has one for each component."""

    def entered(found: float | None, text: str) -> None:
        now = {k: v for k, v in getattr(inputs.assumptions, name).items() if k != key}
        _set(session, inputs, f"cost.{name}.{key}", {name: now if found is None else {**now, key: found}}, text)

    _text(session, f"cost.{name}.{key}", label, unit, value, placeholder, None, entered)


def _text(
    session: EditSession,
    path: str,
    label: str,
    unit: str,
    value: float | None,
    placeholder: str,
    help_text: str | None,
    entered: Entered,
) -> None:
    number_field(session, label, path, value, unit, entered, help_text=help_text, placeholder=placeholder)


def _count(session: EditSession, inputs: Inputs) -> None:
    def entered(found: float | None, text: str) -> None:
        if found is None or found != int(found) or not 1 <= found <= 100_000:
            session.problems["cost.people"] = (Problem("", "Enter a whole number of people, 1 to 100,000."),)
            session.typed["cost.people"] = text
            return
        session.problems.pop("cost.people", None)
        keep(session, replace(inputs, people=int(found)))

    _text(session, "cost.people", "People paid as the plan says", "", float(inputs.people), "", None, entered)


def _choice(session: EditSession, inputs: Inputs, name: str, label: str, options: dict[Any, str], value: Any) -> None:
    key = f"{session.form}.cost.{name}"

    def chosen() -> None:
        wanted = st.session_state[key]
        if name == "who":
            keep(session, replace(inputs, who=wanted))
        else:
            _set(session, inputs, f"cost.{name}", {name: wanted}, str(wanted))

    if st.session_state.get(key) not in options or f"cost.{name}" not in session.problems:
        st.session_state[key] = value
    st.selectbox(label, list(options), format_func=options.__getitem__, key=key, on_change=chosen)
    problems_under(session, f"cost.{name}")
