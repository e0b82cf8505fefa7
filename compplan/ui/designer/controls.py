"""The main controls: pay, weights, year-end results; and the spread of results for expected pay."""

from __future__ import annotations

import streamlit as st

from compplan import charts, formats
from compplan.benchmarks import bands
from compplan.errors import Problem
from compplan.measures import Measure
from compplan.outcomes import illustrative_spreads
from compplan.payout.engine import compile_plan
from compplan.plan import Component, Pay
from compplan.plan.edits import percents, set_weights
from compplan.ui.designer.html import market_band
from compplan.ui.session import EditSession
from compplan.ui.templates import render
from compplan.ui.widgets import fields
from compplan.ui.widgets.browser_data import SliderChange
from compplan.ui.widgets.components import SliderRow, live_sliders
from compplan.ui.widgets.labels import component_names, table_names, verbatim

SECTIONS = ("curves", "conditions", "likely")


def pay(session: EditSession) -> None:
    """Draw role, segment, base, variable pay and its share, with the market band below."""
    plan = session.plan
    roles, segments = table_names("roles"), table_names("segments")
    left, right = st.columns([1.5, 1])
    with left:
        fields.choice(session, "Role", "role", list(roles), plan.role, names=roles.__getitem__)
    with right:
        fields.choice(session, "Segment", "segment", list(segments), plan.segment, names=segments.__getitem__)
    left, right = st.columns(2)
    with left:
        fields.number(session, f"Base, {plan.currency} per year", "pay.base", plan.pay.base, unit="money")
    with right:
        fields.number(
            session, f"Variable, {plan.currency} per year", "pay.variable", plan.pay.target_variable, unit="money",
            help_text="Target variable (TIC): variable pay with every measure at target.",
            changes=lambda value: {"pay.variable": value, "pay.variable_share": None},
        )  # fmt: skip
    left, right = st.columns(2)
    with left:
        fields.number(
            session, "Variable share of OTE", "pay.variable_share", _shown_mix(plan.pay), unit="share",
            help_text="Pay mix: variable pay as a share of base plus variable. 20% of OTE equals 25% of base.",
            changes=lambda value: {"pay.variable_share": value, "pay.variable": None},
        )  # fmt: skip
    with right:
        st.html(
            render(
                "designer.ote",
                formats.money(plan.pay.ote, plan.currency, 0),
                formats.percent(1 - plan.pay.mix, 1),
                formats.percent(plan.pay.mix, 1),
            )
        )
    st.html(market_band(plan, bands(plan.role, "base"), bands(plan.role, "ote")))


def _shown_mix(pay: Pay) -> float:
    """Variable share of OTE [fraction]: exact where the plan states it, to a tenth of a percent where it follows."""
    return round(pay.mix, 3) if pay.variable_share is None else pay.variable_share


def weights(session: EditSession) -> None:
    """Draw the weight sliders, which always add up to 100%; charts follow while one moves."""
    plan = session.plan
    weighed = [(i, c) for i, c in enumerate(plan.components) if c.weight is not None]
    if not weighed:
        st.caption("This plan pays only commissions per unit, so it has no weights.")
        return

    def moved(change: SliderChange) -> None:
        session.locks = dict(change.locks)
        if change.values != percents(session.plan):
            session.change(lambda plan: set_weights(plan, dict(change.values)), field_path="weights")
        _redraw(session)

    shares, names = percents(plan), component_names(plan)
    rows: list[SliderRow] = [
        {
            "id": c.key,
            "label": names[c.key],
            "value": shares[c.key],
            "color": i % charts.COLORS,
            "lock": session.locks.get(c.key, False),
        }
        for i, c in weighed
    ]
    live_sliders(rows, key="weights", mode="weights", label="Weights", rev=session.field_version, on_change=moved)
    fields.problems_under(session, "weights")


def _redraw(session: EditSession) -> None:
    """Redraw only header and board after a slider, unless an open section or a problem depends on it."""
    if not session.problems and not any(st.session_state.get(f"section.{name}") for name in SECTIONS):
        st.rerun(["head", "board"])


def what_if(session: EditSession) -> None:
    """Draw a slider for each result, in the units of its measure."""
    plan = session.plan
    compiled = compile_plan(plan)
    results = session.results()
    ids, names = [c.id for c in compiled.components], component_names(plan)

    def moved(change: SliderChange) -> None:
        had_any = bool(session.what_if)
        session.what_if.update({k: v for k, v in change.values.items() if v != results.get(k) or k in session.what_if})
        if had_any == bool(session.what_if):  # otherwise the button below appears, so the controls are redrawn
            _redraw(session)

    rows: list[SliderRow] = []
    for key in compiled.keys:
        measure = plan.measure(key)
        row: SliderRow = {"id": key, "label": names.get(key, measure.short), "value": results[key]}
        if key in ids:
            low, high = charts.span(compiled.components[ids.index(key)], (results[key],))
            row["color"] = ids.index(key) % charts.COLORS
        else:
            low, high = charts.condition_span(plan, key, results[key])
        row["min"], row["max"], row["step"] = charts.slider_range(measure, low, high)
        _set_format(row, measure, plan.currency)
        rows.append(row)
    live_sliders(rows, key="whatif", mode="free", label="Year-end results", rev=session.field_version, on_change=moved)
    if session.what_if:
        st.button("Reset to target", key="to_target", on_click=lambda: _to_target(session), type="tertiary")


def _to_target(session: EditSession) -> None:
    session.what_if.clear()
    session.field_version += 1


def _set_format(row: SliderRow, measure: Measure, currency: str) -> None:
    """Set how a slider shows its value."""
    if measure.unit == "share":
        row["unit"], row["decimals"] = "percent", 1
    elif measure.unit == "money":
        row["unit"], row["symbol"] = "money", formats.symbol(currency)
    elif measure.unit == "days":
        row["symbol"] = "days"
    else:
        row["decimals"] = formats.decimals_of(row.get("step", 1.0))


def likely(session: EditSession) -> None:
    """Draw the standard deviation of each result, for expected pay."""
    st.caption(
        "Expected pay assumes that each result varies around its target with this standard deviation per year. "
        "The starting values are our assumptions; enter what your own history shows. A measure that the plan declares "
        "has no assumed spread."
    )
    assumed, names = illustrative_spreads(session.plan), component_names(session.plan)
    for component in session.plan.components:
        measure = session.plan.measure(component.key)
        path, key = f"spread.{component.key}", f"{session.field_version}.spread.{component.key}"

        starting = assumed.get(component.key)
        starting_text = "" if starting is None else fields.typed_form(starting, measure.unit)

        def typed(
            component: Component = component,
            measure: Measure = measure,
            path: str = path,
            key: str = key,
            starting_text: str = starting_text,
        ) -> None:
            text = str(st.session_state[key]).strip()
            if not text:
                session.problems.pop(path, None)
                session.spreads.pop(component.key, None)
                st.session_state[key] = starting_text
                return
            try:
                value = formats.read_number(text, measure.unit, session.plan.currency)
                if value < 0:
                    raise ValueError("Enter 0 or more.")
            except ValueError as error:
                session.problems[path] = (Problem("", str(error)),)
                return
            session.problems.pop(path, None)
            session.spreads[component.key] = value

        spread = session.spreads.get(component.key)
        shown_value = starting_text if spread is None else fields.typed_form(spread, measure.unit)
        label = f"{verbatim(names[component.key])}, standard deviation"
        st.text_input(label, shown_value, key=key, on_change=typed, placeholder="Needed for expected pay")
        fields.problems_under(session, path)
