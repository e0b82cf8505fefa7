"""Fields of gates, modifiers, kickers and the total cap, each with its effect on pay."""

from __future__ import annotations

import streamlit as st

from compplan import formats
from compplan.curves import compile_curve
from compplan.payout import effects
from compplan.plan.edits import add_condition
from compplan.ui.designer.curves import point_table
from compplan.ui.designer.html import curve_sketch
from compplan.ui.session import EditSession
from compplan.ui.templates import render
from compplan.ui.widgets import fields
from compplan.ui.widgets.labels import component_names, measure_names, rebuild


def conditions(session: EditSession) -> None:
    """Draw gates, modifiers, kickers and the cap, each with its effect at the year-end results."""
    plan = session.plan
    does = effects(plan, session.results())
    for i, gate in enumerate(plan.gates):
        where, measure = f"gates[{i}]", plan.measure(gate.measure)
        _condition_head(session, f"Gate on {measure.short}", where, does[where])
        edge = "at_least" if gate.at_least is not None else "at_most"
        left, right = st.columns(2)
        with left:
            fields.number(
                session, "Must reach" if edge == "at_least" else "Must stay at or below", f"{where}.{edge}",
                getattr(gate, edge), unit=measure.unit,
            )  # fmt: skip
        with right:
            if gate.otherwise.factor is not None:
                fields.number(
                    session,
                    "Otherwise pay",
                    f"{where}.otherwise.factor",
                    gate.otherwise.factor,
                    unit="share",
                    help_text="0% cancels all pay that the gate applies to.",
                )
            else:
                fields.number(
                    session, "Otherwise pay at most", f"{where}.otherwise.limit", gate.otherwise.limit, unit="share",
                    help_text="100% removes all upside.",
                )  # fmt: skip
        _covers(session, where, gate.covers)
    for i, modifier in enumerate(plan.modifiers):
        where, measure = f"modifiers[{i}]", plan.measure(modifier.measure)
        _condition_head(session, f"Modifier on {measure.short}", where, does[where])
        ready = compile_curve(modifier.curve, better=measure.better, hold=True)
        xs = [x for x, _ in ready.points()]
        room = (max(xs) - min(xs)) * 0.2 or 1.0
        st.html(curve_sketch(ready, min(xs) - room, max(xs) + room, xs[len(xs) // 2]))
        point_table(session, f"{where}.curve", modifier.curve, measure.unit, measure)
        _covers(session, where, modifier.covers)
    for i, kicker in enumerate(plan.kickers):
        where = f"kickers[{i}]"
        _condition_head(session, kicker.name, where, does[where])
        left, right = st.columns(2)
        with left:
            fields.number(session, f"{plan.currency} per unit", f"{where}.per_unit", kicker.per_unit, unit="money")
        with right:
            fields.number(
                session,
                "Maximum units per year",
                f"{where}.max_units",
                kicker.max_units,
                placeholder="no limit",
                required=False,
            )
    fields.number(
        session, "Total cap, % of target variable", "caps.total", plan.caps.total, unit="share", placeholder="none",
        required=False,
        help_text="The most that components and modifiers pay together. 250% is 2.5 times the target variable.",
    )  # fmt: skip
    if "caps.total" in does:
        st.caption(_effect(does["caps.total"], plan.currency))
    _add_condition(session)


def _effect(amount: float, currency: str) -> str:
    if not amount:
        return "No effect at these results."
    return f"{'Adds' if amount > 0 else 'Takes'} {formats.money(abs(amount), currency)} per year at these results."


def _condition_head(session: EditSession, name: str, where: str, amount: float) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(render("designer.heading", name))
        st.button(
            "Remove", key=f"{session.field_version}.remove.{where}", type="tertiary",
            on_click=lambda: rebuild(session, lambda plan: plan.edit({where: None}), "conditions"),
        )  # fmt: skip
    st.caption(_effect(amount, session.plan.currency))


def _covers(session: EditSession, where: str, covers: tuple[str, ...] | None) -> None:
    key, path = f"{session.field_version}.{where}.covers", f"{where}.covers"
    names = component_names(session.plan)

    def chosen() -> None:
        picked = list(st.session_state[key])
        session.edit({path: picked or None}, field_path=path)

    st.multiselect(
        "Applies to", list(names), default=list(covers or ()), format_func=names.__getitem__, key=key, on_change=chosen,
        placeholder="all pay",
    )  # fmt: skip
    fields.problems_under(session, path)


def _add_condition(session: EditSession) -> None:
    names = measure_names(session.plan)
    kinds = {"gates": "Gate", "modifiers": "Modifier", "kickers": "Kicker"}

    def add() -> None:
        kind, measure = st.session_state["add_kind"], st.session_state.get("add_on")
        if measure:
            session.rebuild(lambda plan: add_condition(plan, str(kind), str(measure)), field_path="conditions")
            st.session_state["add_on"] = None

    left, right = st.columns([1, 2])
    left.selectbox("Add", list(kinds), format_func=kinds.__getitem__, key="add_kind")
    right.selectbox(
        "on",
        list(names),
        index=None,
        format_func=names.__getitem__,
        key="add_on",
        on_change=add,
        placeholder="a measure",
    )
    fields.problems_under(session, "conditions")
