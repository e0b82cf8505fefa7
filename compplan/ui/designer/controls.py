"""The controls that are always in sight: pay, weights, what-if results; and the scatter of likely pay."""

from __future__ import annotations

import streamlit as st

from compplan import charts, formats
from compplan.benchmarks import bands
from compplan.errors import Problem
from compplan.measures import Measure
from compplan.payout.engine import compile_plan
from compplan.plan import Component
from compplan.plan.edits import (
    percents,
    set_weights,
)
from compplan.ui.designer.html import market_band
from compplan.ui.session import EditSession
from compplan.ui.widgets import fields
from compplan.ui.widgets.components import SliderChange, SliderRow, live_sliders
from compplan.ui.widgets.labels import component_names, table_names, verbatim

SECTIONS = ("curves", "conditions", "likely")


def pay(session: EditSession) -> None:
    """Role, segment, base, variable and its share; the market band beside them."""
    plan = session.plan
    roles, segments = table_names("roles"), table_names("segments")
    left, right = st.columns([1.5, 1])
    with left:
        fields.choice(session, "Role", "role", list(roles), plan.role, names=roles.__getitem__)
    with right:
        fields.choice(session, "Segment", "segment", list(segments), plan.segment, names=segments.__getitem__)
    left, right = st.columns(2)
    with left:
        fields.number(session, f"Base, {plan.currency} a year", "pay.base", plan.pay.base, unit="money")
    with right:
        fields.number(
            session, f"Variable, {plan.currency} a year", "pay.variable", plan.pay.target_variable, unit="money",
            help_text="Target variable (TIC): what is paid with everything at target.",
            changes=lambda value: {"pay.variable": value, "pay.variable_share": None},
        )  # fmt: skip
    left, right = st.columns(2)
    with left:
        fields.number(
            session, "Variable share of OTE", "pay.variable_share", plan.pay.mix, unit="share",
            help_text="Pay mix: variable over base and variable. 20% of OTE is 25% of base.",
            changes=lambda value: {"pay.variable_share": value, "pay.variable": None},
        )  # fmt: skip
    with right:
        st.html(
            f'<div class="cp-ote"><span>OTE</span><b>{formats.money(plan.pay.ote, plan.currency, 0)}</b>'
            f"<small>pay mix {formats.percent(1 - plan.pay.mix, 1)} / {formats.percent(plan.pay.mix, 1)}</small></div>"
        )
    st.html(market_band(plan, bands(plan.role, "base"), bands(plan.role, "ote")))


def weights(session: EditSession) -> None:
    """The weights, which always sum to 100%: pay moves while the pointer moves."""
    plan = session.plan
    weighed = [(i, c) for i, c in enumerate(plan.components) if c.weight is not None]
    if not weighed:
        st.caption("Every component is a commission, paid per unit: there is no weight to share out.")
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
            "colour": i % charts.COLORS,
            "lock": session.locks.get(c.key, False),
        }
        for i, c in weighed
    ]
    live_sliders(rows, key="weights", mode="weights", label="Weights", rev=session.form, on_change=moved)
    fields.problems_under(session, "weights")


def _redraw(session: EditSession) -> None:
    """Draw what a slider changes and no more: the controls stay, unless a section or a refusal depends on it."""
    if not session.problems and not any(st.session_state.get(f"section.{name}") for name in SECTIONS):
        st.rerun(["head", "board"])


def what_if(session: EditSession) -> None:
    """A slider for each result, in its own units."""
    plan = session.plan
    compiled = compile_plan(plan)
    results = session.results()
    ids, names = [c.id for c in compiled.components], component_names(plan)

    def moved(change: SliderChange) -> None:
        touched = bool(session.touched)
        session.touched.update({k: v for k, v in change.values.items() if v != results.get(k) or k in session.touched})
        if touched == bool(session.touched):  # else the button below is to come, and the controls are drawn with it
            _redraw(session)

    rows: list[SliderRow] = []
    for key in compiled.keys:
        measure = plan.measure(key)
        row: SliderRow = {"id": key, "label": names.get(key, measure.short), "value": results[key]}
        if key in ids:
            low, high = charts.span(compiled.components[ids.index(key)], (results[key],))
            row["colour"] = ids.index(key) % charts.COLORS
        else:
            low, high = charts.condition_span(plan, key, results[key])
        row["min"], row["max"], row["step"] = charts.slider_range(measure, low, high)
        _look(row, measure, plan.currency)
        rows.append(row)
    live_sliders(rows, key="whatif", mode="free", label="What-if results", rev=session.form, on_change=moved)
    if session.touched:
        st.button("Back to target", key="to_target", on_click=lambda: _to_target(session), type="tertiary")


def _to_target(session: EditSession) -> None:
    session.touched.clear()
    session.form += 1


def _look(row: SliderRow, measure: Measure, currency: str) -> None:
    """How a slider over a measure writes its value."""
    if measure.unit == "share":
        row["unit"], row["decimals"] = "percent", 1
    elif measure.unit == "money":
        row["unit"], row["symbol"] = "money", formats.symbol(currency)
    elif measure.unit == "days":
        row["symbol"] = "days"
    else:
        row["decimals"] = formats.decimals_of(row.get("step", 1.0))


def likely(session: EditSession) -> None:
    """How far results scatter, for the likely pay."""
    st.caption(
        "Likely pay is expected pay when each result scatters around its target with this standard deviation a year. "
        "The figures to begin with are an illustration; put in what your own history shows."
    )
    scatter, names = session.scatter(), component_names(session.plan)
    for component in session.plan.components:
        measure = session.plan.measure(component.key)
        path, key = f"spread.{component.key}", f"{session.form}.spread.{component.key}"

        def typed(
            component: Component = component, measure: Measure = measure, path: str = path, key: str = key
        ) -> None:
            try:
                value = formats.read_number(str(st.session_state[key]), measure.unit, session.plan.currency)
                if value < 0:
                    raise ValueError("must not be negative.")
            except ValueError as error:
                session.problems[path] = (Problem("", str(error)),)
                return
            session.problems.pop(path, None)
            session.spreads[component.key] = value

        shown_value = fields.typed_form(scatter[component.key], measure.unit)
        st.text_input(f"{verbatim(names[component.key])}, standard deviation", shown_value, key=key, on_change=typed)
        fields.problems_under(session, path)
