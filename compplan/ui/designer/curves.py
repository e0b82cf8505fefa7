"""Fields of a component: its measure, level, target and curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from compplan import charts, facts, formats
from compplan.benchmarks import result_benchmarks
from compplan.curve_kinds import KINDS
from compplan.curves import AnyCurve, Goal, Linear, compile_curve
from compplan.errors import CompPlanError, Problem
from compplan.measures import Measure, catalog, views
from compplan.payout.engine import compile_plan
from compplan.plan import Plan
from compplan.plan.edits import add_component, other_kind, remove_component, with_measure
from compplan.ui.designer.html import curve_sketch
from compplan.ui.session import EditSession
from compplan.ui.widgets import fields
from compplan.ui.widgets.edit_table import Rows, edit_table, read_rows
from compplan.ui.widgets.labels import component_names, measure_names, rebuild, verbatim
from compplan.ui.widgets.results import results_html, usual_line

_LEVELS = {"individual": "Person", "team": "Team", "company": "Company"}


def components(session: EditSession) -> None:
    """Draw one component at a time, and the buttons that add and remove one."""
    plan = session.plan
    names = component_names(plan)
    picked = st.selectbox(
        "Component",
        range(len(names)),
        format_func=list(names.values()).__getitem__,
        key=f"{session.field_version}.picked",
    )
    place = picked or 0
    component = plan.components[place]
    where, measure = f"components[{place}]", plan.measure(component.key)
    choices = measure_names(plan)
    fields.choice(
        session, "Measure", f"{where}.measure", list(choices), component.measure, names=choices.__getitem__,
        make=lambda plan, key: with_measure(plan, place, key), help_text=measure.definition or None,
    )  # fmt: skip
    _what_sources_say(component.measure)
    fields.choice(
        session,
        "Measured on (person, team, company)",
        f"{where}.level",
        list(_LEVELS),
        component.level,
        names=_LEVELS.__getitem__,
    )
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        fields.number(
            session, "Target per year" if measure.kind == "flow" else "Target", f"{where}.target", component.target,
            unit=measure.unit, help_text="The result that pays 100%.",
        )  # fmt: skip
    with right:
        _published(component.measure)
    if component.rate is not None:
        fields.number(session, f"Rate, {plan.currency} per unit", f"{where}.rate", component.rate)
    curve(session, place)
    if len(plan.components) > 1:
        st.button(
            f"Remove {verbatim(names[component.key])}", key="remove", type="tertiary", icon=":material/delete:",
            on_click=lambda: rebuild(session, lambda plan: remove_component(plan, component.key), "components"),
        )  # fmt: skip

    def add() -> None:
        chosen = st.session_state.get("add")
        if chosen:
            session.rebuild(lambda plan: add_component(plan, str(chosen)), field_path="components")
            st.session_state["add"] = None

    st.selectbox(
        "Add a component", list(choices), index=None, format_func=choices.__getitem__, key="add", on_change=add,
        placeholder="Choose a measure",
    )  # fmt: skip
    fields.problems_under(session, "components")


def _published(measure: str) -> None:
    """The usual level of a measure, and every published result behind a button."""
    if measure not in catalog():  # the plan's own measure
        return
    benchmarks = result_benchmarks(measure)
    st.caption(usual_line(benchmarks))
    if benchmarks.usual or benchmarks.figures or benchmarks.related:
        window = st.popover("Published results", type="tertiary", key="published", on_change="rerun")
        if window.open:
            window.html(results_html(benchmarks))


def _what_sources_say(measure: str) -> None:
    stances = views(measure)
    if not stances:
        return
    words = {"pay": "pays for it", "conditional": "pays for it under conditions", "avoid": "advises against it"}
    lines = [
        f"**{facts.source(v.source).label}** {words[v.stance]}."
        + (f" For: {v.pro}" if v.pro else "")
        + (f" Against: {v.con}" if v.con else "")
        + (f" Condition: {v.condition}" if v.condition else "")
        for v in stances
    ]
    st.caption(
        "What 1 source says" if len(stances) == 1 else f"What {len(stances)} sources say", help="\n\n".join(lines)
    )


def _kinds(measure: Measure) -> list[str]:
    """Kinds of curve that a measure can take: a rate for every unit needs one where more is better."""
    return [name for name, kind in KINDS.items() if measure.better == "more" or not kind.pays_a_rate]


def curve(session: EditSession, place: int) -> None:
    """Kind, points, threshold, floor and cap of a curve, and a small live picture of it."""
    plan = session.plan
    component = plan.components[place]
    measure, where = plan.measure(component.key), f"components[{place}].curve"
    unit = "share" if component.axis == "attainment" else measure.unit
    spec = component.curve
    fields.choice(
        session, "Curve", f"{where}.kind", _kinds(measure), spec.kind, names=lambda kind: KINDS[kind].label,
        make=lambda plan, kind: plan.edit({where: other_kind(plan, place, kind)}),
    )  # fmt: skip
    scale = component.target if component.axis == "attainment" else 1.0
    low, high = (x / scale for x in charts.span(compile_plan(plan).components[place]))
    ready = compile_curve(spec, better=measure.better, unit=1.0 if component.axis == "attainment" else component.target)
    ink = f"var(--cp-c{place % charts.COLORS}, var(--cp-primary))"
    st.html(curve_sketch(ready, low, high, component.target / scale, ink))
    if isinstance(spec, Goal):
        fields.number(session, "Pays when reached", f"{where}.at", spec.at, unit=unit)
    else:
        point_table(session, where, spec, unit, measure)
    across = st.columns(3)
    for column, name, what in zip(across, ("threshold", "floor", "cap"), (unit, "share", "share"), strict=True):
        with column:
            fields.number(
                session, name.capitalize(), f"{where}.{name}", getattr(spec, name), unit=what, placeholder="none",
                required=False,
                help_text=type(spec).model_fields[name].description,
            )  # fmt: skip
    if isinstance(spec, Linear):
        fields.choice(
            session, "Above the top point", f"{where}.above", ["flat", "extend"], spec.above,
            names={"flat": "Keep the top payout", "extend": "Remove the cap"}.__getitem__,
        )  # fmt: skip


def point_table(session: EditSession, where: str, spec: AnyCurve, unit: str, measure: Measure) -> None:
    """The points of a curve as a table: each has a name by its place, a result, and what it pays."""
    rate = spec.point_word == "tier"
    path = f"{where}.{spec.point_word}s"

    def read_point(row: Mapping[str, Any]) -> list[float]:
        result = formats.read_number(str(row.get("result", "")), unit, session.plan.currency)
        return [result, formats.read_number(str(row.get("pays", "")), "" if rate else "share")]

    def save(rows: Rows) -> Rows | None:
        problems: list[Problem] = []
        points = read_rows(rows, read_point, problems)
        if problems:
            raise CompPlanError(problems)
        return _point_rows(session.plan, path, unit, rate) if session.edit({path: points}, field_path=path) else None

    columns = {
        "result": st.column_config.TextColumn("From" if rate else "Result", required=True),
        "pays": st.column_config.TextColumn(
            "Rate" if rate else "Pays", required=True,
            help="A rate of 1 pays 100% at target." if rate else "Share of the component's target pay.",
        ),
    }  # fmt: skip
    current = _point_rows(session.plan, path, unit, rate)
    edit_table(session, path, current, save, columns, f"Points of the curve of {measure.name}")
    if rate:
        st.caption("A rate of 1 pays 100% at target when paid from zero.")
    else:
        st.caption("First point: minimum to pay. Last point: top of the curve.")


def _point_rows(plan: Plan, path: str, unit: str, rate: bool) -> Rows:
    from compplan.plan import paths

    pairs: Sequence[Sequence[float]] = paths.get(plan.to_dict(), path)
    return [
        {"result": fields.typed_form(x, unit), "pays": formats.plain_number(y) if rate else formats.percent(y, 4)}
        for x, y in pairs
    ]
