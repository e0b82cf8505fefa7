"""Fields of a component: its measure, level, target and curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import streamlit as st

from compplan import charts, facts, formats
from compplan.curve_kinds import KINDS
from compplan.curves import AnyCurve, Goal, Linear, compile_curve
from compplan.errors import CompPlanError, Problem
from compplan.measures import Measure, views
from compplan.payout.engine import compile_plan
from compplan.plan import Plan
from compplan.plan.edits import add_component, other_kind, remove_component, with_measure
from compplan.ui.designer.html import curve_sketch
from compplan.ui.session import EditSession
from compplan.ui.widgets import fields
from compplan.ui.widgets.labels import component_names, measure_names, rebuild, verbatim

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
    known = measure_names(plan)
    fields.choice(
        session, "Measure", f"{where}.measure", list(known), component.measure, names=known.__getitem__,
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
    fields.number(
        session, "Target per year" if measure.kind == "flow" else "Target", f"{where}.target", component.target,
        unit=measure.unit, help_text="The result that pays 100%.",
    )  # fmt: skip
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
        "Add a component", list(known), index=None, format_func=known.__getitem__, key="add", on_change=add,
        placeholder="Choose a measure",
    )  # fmt: skip
    fields.problems_under(session, "components")


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
    field = f"{spec.point_word}s"
    pairs = cast("tuple[tuple[float, float], ...]", getattr(spec, field))
    rate = field == "tiers"
    path = f"{where}.{field}"
    now = [
        {"result": fields.typed_form(x, unit), "pays": formats.plain_number(y) if rate else formats.percent(y, 4)}
        for x, y in pairs
    ]
    base_key, plan_points = f"{session.field_version}.{path}.base", str(now)
    # The table keeps its rows while it is being edited; it starts anew when the plan's points change elsewhere.
    if st.session_state.get(f"{base_key}.plan_points") != plan_points and path not in session.problems:
        st.session_state[base_key] = now
        st.session_state[f"{base_key}.turn"] = st.session_state.get(f"{base_key}.turn", 0) + 1
    st.session_state[f"{base_key}.plan_points"] = plan_points
    rows = cast("list[dict[str, str]]", st.session_state[base_key])
    key = f"{base_key}.{st.session_state[f'{base_key}.turn']}"

    def edited() -> None:
        changes = cast("Mapping[str, Any]", st.session_state[key])
        try:
            points = _read_points(rows, changes, unit, "" if rate else "share", session.plan.currency)
        except CompPlanError as error:
            session.problems[path] = error.problems
            return
        if session.edit({path: points}, field_path=path):
            st.session_state[f"{base_key}.plan_points"] = _points_text(session.plan, path, unit, rate)

    st.data_editor(
        rows, key=key, num_rows="dynamic", on_change=edited, hide_index=True, width="stretch",
        column_config={
            "result": st.column_config.TextColumn("From" if rate else "Result", required=True),
            "pays": st.column_config.TextColumn(
                "Rate" if rate else "Pays", required=True,
                help="A rate of 1 pays 100% at target." if rate else "Share of the component's target pay.",
            ),
        },
        alt=f"Points of the curve of {measure.name}",
    )  # fmt: skip
    if rate:
        st.caption("A rate of 1 pays 100% at target when paid from zero.")
    else:
        st.caption("First point: minimum to pay. Last point: top of the curve.")
    fields.problems_under(session, path)


def _points_text(plan: Plan, path: str, unit: str, rate: bool) -> str:
    from compplan.plan import paths

    pairs: Sequence[Sequence[float]] = paths.get(plan.to_dict(), path)
    return str(
        [
            {"result": fields.typed_form(x, unit), "pays": formats.plain_number(y) if rate else formats.percent(y, 4)}
            for x, y in pairs
        ]
    )


def _read_points(
    rows: list[dict[str, str]], changes: Mapping[str, Any], unit: str, pays: str, currency: str
) -> list[list[float]]:
    """The table as points: rows, edited, with those added and without those deleted."""
    edited_rows = [dict(row) for row in rows]
    for index, cells in changes.get("edited_rows", {}).items():
        edited_rows[int(index)].update(cells)
    deleted = set(changes.get("deleted_rows", ()))
    edited_rows = [row for i, row in enumerate(edited_rows) if i not in deleted] + list(changes.get("added_rows", ()))
    problems: list[Problem] = []
    points: list[list[float]] = []
    for i, row in enumerate(edited_rows, start=1):
        try:
            points.append(
                [
                    formats.read_number(str(row.get("result", "")), unit, currency),
                    formats.read_number(str(row.get("pays", "")), pays),
                ]
            )
        except ValueError as error:
            problems.append(Problem(f"row {i}", str(error)))
    if problems:
        raise CompPlanError(problems)
    return points
