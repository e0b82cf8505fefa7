"""The controls of the designer: pay, weights, what-if results, curves, conditions. Each edits the plan in hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import streamlit as st

from compplan import charts, facts, formats
from compplan.benchmarks import bands
from compplan.curves import AnyCurve, Goal, Linear, Step, compile_curve
from compplan.errors import CompPlanError, Problem
from compplan.measures import Measure, catalogue, views
from compplan.payout import effects
from compplan.payout.engine import compile_plan
from compplan.plan import Component, Plan
from compplan.plan.starters import add_component, remove_component, set_weights, starter, starter_curve
from compplan.ui import inputs
from compplan.ui import views as shown
from compplan.ui.components import SliderChange, SliderRow, live_sliders
from compplan.ui.state import Hand

BOARD = "board"
_KINDS = {
    "linear": "Straight lines",
    "step": "Steps",
    "tiered": "Tiers, each slice at its rate",
    "retroactive": "Tiers, all at the rate reached",
    "goal": "All or nothing",
}
_LEVELS = {"individual": "Each person's own", "team": "The team's", "company": "The company's"}


def _names(table: str) -> dict[str, str]:
    return {row["key"]: row["name"] for row in facts.table(table)}


def _measures(plan: Plan) -> dict[str, str]:
    own = {key: measure.name for key, measure in plan.measures.items()}
    return {key: measure.name for key, measure in catalogue().items()} | own


def _rebuild(hand: Hand, make: Callable[[Plan], Plan], field_path: str) -> None:
    hand.rebuild(make, field_path=field_path)


def pay(hand: Hand) -> None:
    """Role, segment, base, variable and its share; the market band beside them."""
    plan = hand.plan
    roles, segments = _names("roles"), _names("segments")
    left, right = st.columns([1.5, 1])
    with left:
        inputs.choice(hand, "Role", "role", list(roles), plan.role, names=roles.__getitem__)
    with right:
        inputs.choice(hand, "Segment", "segment", list(segments), plan.segment, names=segments.__getitem__)
    left, right = st.columns(2)
    with left:
        inputs.number(hand, f"Base, {plan.currency} a year", "pay.base", plan.pay.base, unit="money")
    with right:
        inputs.number(
            hand, f"Variable, {plan.currency} a year", "pay.variable", plan.pay.target_variable, unit="money",
            help_text="Target variable (TIC): what is paid with everything at target.",
            changes=lambda value: {"pay.variable": value, "pay.variable_share": None},
        )  # fmt: skip
    left, right = st.columns(2)
    with left:
        inputs.number(
            hand, "Variable share of OTE", "pay.variable_share", plan.pay.mix, unit="share",
            help_text="Pay mix: variable over base and variable. 20% of OTE is 25% of base.",
            changes=lambda value: {"pay.variable_share": value, "pay.variable": None},
        )  # fmt: skip
    with right:
        st.html(
            f'<div class="cp-ote"><span>OTE</span><b>{formats.money(plan.pay.ote, plan.currency, 0)}</b>'
            f"<small>pay mix {formats.percent(1 - plan.pay.mix, 1)} / {formats.percent(plan.pay.mix, 1)}</small></div>"
        )
    st.html(shown.market_band(plan, bands(plan.role, "base"), bands(plan.role, "ote")))


def weights(hand: Hand) -> None:
    """The weights, which always sum to 100%: pay moves while the pointer moves."""
    plan = hand.plan
    weighed = [(i, c) for i, c in enumerate(plan.components) if c.weight is not None]
    if not weighed:
        st.caption("Every component is a commission, paid per unit: there is no weight to share out.")
        return

    def moved(change: SliderChange) -> None:
        hand.locks = dict(change.locks)
        if not change.done or change.values != _percents(hand.plan):
            hand.change(
                lambda plan: set_weights(plan, dict(change.values)),
                field_path="weights",
                tag=("weights", change.gesture),
            )
        if not change.done:
            st.rerun(BOARD)

    rows: list[SliderRow] = [
        {
            "id": c.key,
            "label": plan.measure(c.key).short + ("" if c.key == c.measure else f" ({c.key})"),
            "value": (c.weight or 0.0) * 100,
            "colour": i % charts.COLOURS,
            "lock": hand.locks.get(c.key, False),
        }
        for i, c in weighed
    ]
    live_sliders(rows, key="weights", mode="weights", label="Weights", rev=hand.form, on_change=moved)
    inputs.problems_under(hand, "weights")


def _percents(plan: Plan) -> dict[str, float]:
    return {c.key: c.weight * 100 for c in plan.components if c.weight is not None}


def what_if(hand: Hand) -> None:
    """A slider for each result, in its own units."""
    plan = hand.plan
    compiled = compile_plan(plan)
    results = hand.results()
    ids = [c.id for c in compiled.components]

    def moved(change: SliderChange) -> None:
        hand.touched.update({k: v for k, v in change.values.items() if v != results.get(k) or k in hand.touched})
        if not change.done:
            st.rerun(BOARD)

    rows: list[SliderRow] = []
    for key in compiled.keys:
        measure = plan.measure(key)
        if key in ids:
            low, high = charts.span(compiled.components[ids.index(key)], (results[key],))
        else:
            low, high = _reach_of_condition(plan, key, measure, results[key])
        row = _slider(measure, plan.currency, low, high)
        rows.append(
            cast(
                SliderRow,
                row
                | {
                    "id": key,
                    "label": measure.short,
                    "value": results[key],
                    **({"colour": ids.index(key) % charts.COLOURS} if key in ids else {}),
                },
            )
        )
    live_sliders(rows, key="whatif", mode="free", label="What-if results", rev=hand.form, on_change=moved)
    if hand.touched:
        st.button("Back to target", key="to_target", on_click=lambda: _to_target(hand), type="tertiary")


def _to_target(hand: Hand) -> None:
    hand.touched.clear()
    hand.form += 1


def _reach_of_condition(plan: Plan, key: str, measure: Measure, value: float) -> tuple[float, float]:
    edges = [value]
    edges += [
        e for g in plan.gates if plan.result_key(g.measure) == key for e in (g.at_least, g.at_most) if e is not None
    ]
    for modifier in plan.modifiers:
        if plan.result_key(modifier.measure) == key:
            edges += [x for x, _ in compile_curve(modifier.curve, better=measure.better, hold=True).points()]
    edges += [k.max_units or 12.0 for k in plan.kickers if plan.result_key(k.measure) == key]
    room = max(edges) - min(edges) or abs(value) * 0.3 or 10.0
    low = min(edges) - 0.3 * room if measure.low is None else max(measure.low, min(edges) - 0.3 * room)
    high = max(edges) + 0.3 * room if measure.high is None else min(measure.high, max(edges) + 0.3 * room)
    return low, high


def _slider(measure: Measure, currency: str, low: float, high: float) -> dict[str, Any]:
    """Range, step and looks of a slider over a measure."""
    if measure.unit == "share":
        step, look = 0.001, {"unit": "percent", "decimals": 1}
    elif measure.unit == "money":
        step, look = _round_step((high - low) / 200), {"unit": "money", "symbol": formats.symbol(currency)}
    elif measure.unit in ("days", "count"):
        step, look = 1.0, {"unit": "number", "symbol": "days" if measure.unit == "days" else ""}
    else:
        step = _round_step((high - low) / 100)
        look = {"unit": "number", "decimals": 2 if step < 0.1 else 1 if step < 1 else 0}
    low, high = _floor_to(low, step), -_floor_to(-high, step)
    if measure.low is not None:
        low = max(low, measure.low)
    if measure.high is not None:
        high = min(high, measure.high)
    return {"min": low, "max": high, "step": step, **look}


def _round_step(rough: float) -> float:
    size = 10.0 ** math.floor(math.log10(max(rough, 1e-9)))
    return next(m * size for m in (1, 2, 5, 10) if m * size >= rough)


def _floor_to(x: float, step: float) -> float:
    return float(f"{x // step * step:.12g}")


def likely(hand: Hand) -> None:
    """How far results scatter, for the likely pay."""
    st.caption(
        "Likely pay is expected pay when each result scatters around its target with this standard deviation a year. "
        "The figures to begin with are an illustration; put in what your own history shows."
    )
    scatter = hand.scatter()
    for component in hand.plan.components:
        measure = hand.plan.measure(component.key)
        path, key = f"spread.{component.key}", f"{hand.form}.spread.{component.key}"

        def typed(
            component: Component = component, measure: Measure = measure, path: str = path, key: str = key
        ) -> None:
            try:
                value = formats.read_number(str(st.session_state[key]), measure.unit, hand.plan.currency)
                if value < 0:
                    raise ValueError("must not be negative.")
            except ValueError as error:
                hand.problems[path] = (Problem("", str(error)),)
                return
            hand.problems.pop(path, None)
            hand.spreads[component.key] = value

        shown_value = inputs.typed_form(scatter[component.key], measure.unit)
        st.text_input(f"{measure.short}, standard deviation", shown_value, key=key, on_change=typed)
        inputs.problems_under(hand, path)


def components(hand: Hand) -> None:
    """Measure, level, target and curve of one component at a time; add and remove."""
    plan = hand.plan
    names = {c.key: plan.measure(c.key).short for c in plan.components}
    picked = st.selectbox(
        "Component", list(names), format_func=lambda key: names.get(key, key), key=f"{hand.form}.picked"
    )
    place = list(names).index(picked) if picked in names else 0
    component = plan.components[place]
    where, measure = f"components[{place}]", plan.measure(component.key)
    known = _measures(plan)
    inputs.choice(
        hand, "Measure", f"{where}.measure", list(known), component.measure, names=known.__getitem__,
        make=lambda plan, key: _other_measure(plan, place, key), help_text=measure.definition or None,
    )  # fmt: skip
    _what_sources_say(component.measure)
    inputs.choice(hand, "Whose result", f"{where}.level", list(_LEVELS), component.level, names=_LEVELS.__getitem__)
    inputs.number(
        hand, f"Target{' a year' if measure.kind == 'flow' else ''}", f"{where}.target", component.target, unit=measure.unit,
        help_text="The result that earns 100%.",
    )  # fmt: skip
    if component.rate is not None:
        inputs.number(hand, f"Rate, {plan.currency} per unit", f"{where}.rate", component.rate)
    curve(hand, place)
    if len(plan.components) > 1:
        st.button(
            f"Remove {names[component.key]}", key="remove", type="tertiary", icon=":material/delete:",
            on_click=lambda: _rebuild(hand, lambda plan: remove_component(plan, component.key), "components"),
        )  # fmt: skip

    def add() -> None:
        chosen = st.session_state.get("add")
        if chosen:
            hand.rebuild(lambda plan: add_component(plan, str(chosen)), field_path="components")
            st.session_state["add"] = None

    st.selectbox(
        "Add a component", list(known), index=None, format_func=known.__getitem__, key="add", on_change=add,
        placeholder="Choose a measure",
    )  # fmt: skip
    inputs.problems_under(hand, "components")


def _other_measure(plan: Plan, place: int, key: str) -> Plan:
    """The component on another measure: its weight and level stay, target and curve start anew."""
    made = starter(plan.measure(key))
    where = f"components[{place}]"
    old = plan.components[place]
    changes: dict[str, Any] = {f"{where}.{name}": made[name] for name in ("measure", "target", "axis", "curve")}
    if old.rate is not None and plan.measure(key).kind != "flow":
        changes |= {f"{where}.rate": None, f"{where}.weight": 0.0}
    taken = [c.key for i, c in enumerate(plan.components) if i != place]
    changes[f"{where}.id"] = (
        next(f"{key[:36]}_{n}" for n in range(2, 99) if f"{key[:36]}_{n}" not in taken) if (key in taken) else None
    )
    return plan.edit(changes)


def _what_sources_say(measure: str) -> None:
    said = views(measure)
    if not said:
        return
    words = {"pay": "pays on it", "conditional": "pays on it under conditions", "avoid": "advises against it"}
    lines = [
        f"**{facts.source(v.source).label}** {words[v.stance]}."
        + (f" For: {v.pro}" if v.pro else "")
        + (f" Against: {v.con}" if v.con else "")
        + (f" Condition: {v.condition}" if v.condition else "")
        for v in said
    ]
    st.caption(f"{len(said)} source{'s' if len(said) > 1 else ''} on paying for this", help="\n\n".join(lines))


def curve(hand: Hand, place: int) -> None:
    """Kind, points, threshold, floor and cap of a curve, and a small live picture of it."""
    plan = hand.plan
    component = plan.components[place]
    measure, where = plan.measure(component.key), f"components[{place}].curve"
    unit = "share" if component.axis == "attainment" else measure.unit
    spec = component.curve
    inputs.choice(
        hand, "Curve", f"{where}.kind", list(_KINDS), spec.kind, names=_KINDS.__getitem__,
        make=lambda plan, kind: plan.edit({where: _other_kind(plan, place, kind)}),
    )  # fmt: skip
    scale = component.target if component.axis == "attainment" else 1.0
    low, high = (x / scale for x in charts.span(compile_plan(plan).components[place]))
    ready = compile_curve(spec, better=measure.better, unit=1.0 if component.axis == "attainment" else component.target)
    ink = f"var(--cp-c{place % charts.COLOURS}, var(--cp-primary))"
    st.html(shown.sketch(ready, low, high, component.target / scale, ink))
    if isinstance(spec, Goal):
        inputs.number(hand, "Pays at or beyond", f"{where}.at", spec.at, unit=unit)
    else:
        _points(hand, where, spec, unit, measure)
    across = st.columns(3)
    for column, name, what in zip(across, ("threshold", "floor", "cap"), (unit, "share", "share"), strict=True):
        with column:
            inputs.number(
                hand, name.capitalize(), f"{where}.{name}", getattr(spec, name), unit=what, placeholder="none",
                help_text=type(spec).model_fields[name].description,
            )  # fmt: skip
    if isinstance(spec, Linear):
        inputs.choice(
            hand, "Beyond the last point", f"{where}.above", ["flat", "extend"], spec.above,
            names={"flat": "Flat: no more than the last point", "extend": "The last slope goes on"}.__getitem__,
        )  # fmt: skip


def _other_kind(plan: Plan, place: int, kind: str) -> dict[str, Any]:
    component = plan.components[place]
    old = component.curve
    if isinstance(old, Linear | Step) and kind in ("linear", "step"):
        pairs = old.points if isinstance(old, Linear) else old.steps
        once = {x: y for x, y in pairs}
        return {"kind": kind, "points" if kind == "linear" else "steps": [[x, y] for x, y in once.items()]}
    return starter_curve(kind, plan.measure(component.key), component.target, component.axis)


def _points(hand: Hand, where: str, spec: AnyCurve, unit: str, measure: Measure) -> None:
    """The points of a curve as a table: each has a name by its place, a result, and what it pays."""
    field = "points" if isinstance(spec, Linear) else "steps" if isinstance(spec, Step) else "tiers"
    pairs = cast("tuple[tuple[float, float], ...]", getattr(spec, field))
    rate = field == "tiers"
    path = f"{where}.{field}"
    now = [
        {"result": inputs.typed_form(x, unit), "pays": formats.plain_number(y) if rate else formats.percent(y, 4)}
        for x, y in pairs
    ]
    base_key, told = f"{hand.form}.{path}.base", str(now)
    # The table keeps its rows while it is being edited; it starts anew when the plan's points change elsewhere.
    if st.session_state.get(f"{base_key}.told") != told and path not in hand.problems:
        st.session_state[base_key] = now
        st.session_state[f"{base_key}.turn"] = st.session_state.get(f"{base_key}.turn", 0) + 1
    st.session_state[f"{base_key}.told"] = told
    rows = cast("list[dict[str, str]]", st.session_state[base_key])
    key = f"{base_key}.{st.session_state[f'{base_key}.turn']}"

    def edited() -> None:
        changes = cast("Mapping[str, Any]", st.session_state[key])
        try:
            points = _read_points(rows, changes, unit, "" if rate else "share", hand.plan.currency)
        except CompPlanError as error:
            hand.problems[path] = error.problems
            return
        if hand.edit({path: points}, field_path=path):
            st.session_state[f"{base_key}.told"] = _told(hand.plan, path, unit, rate)

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
        st.caption("First row: threshold. Last row: excellence, where leverage is quoted.")
    inputs.problems_under(hand, path)


def _told(plan: Plan, path: str, unit: str, rate: bool) -> str:
    from compplan.plan import paths

    pairs: Sequence[Sequence[float]] = paths.get(plan.to_dict(), path)
    return str(
        [
            {"result": inputs.typed_form(x, unit), "pays": formats.plain_number(y) if rate else formats.percent(y, 4)}
            for x, y in pairs
        ]
    )


def _read_points(
    rows: list[dict[str, str]], changes: Mapping[str, Any], unit: str, pays: str, currency: str
) -> list[list[float]]:
    """The table as points: rows, edited, with those added and without those deleted."""
    kept = [dict(row) for row in rows]
    for index, cells in changes.get("edited_rows", {}).items():
        kept[int(index)].update(cells)
    gone = set(changes.get("deleted_rows", ()))
    kept = [row for i, row in enumerate(kept) if i not in gone] + list(changes.get("added_rows", ()))
    problems: list[Problem] = []
    points: list[list[float]] = []
    for i, row in enumerate(kept, start=1):
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


def conditions(hand: Hand) -> None:
    """Gates, modifiers, kickers and the cap, with what each does to pay on the what-if results."""
    plan = hand.plan
    does = effects(plan, hand.results())
    for i, gate in enumerate(plan.gates):
        where, measure = f"gates[{i}]", plan.measure(gate.measure)
        _condition_head(hand, f"Gate on {measure.short}", where, does[where])
        edge = "at_least" if gate.at_least is not None else "at_most"
        left, right = st.columns(2)
        with left:
            inputs.number(
                hand, "Passed at least at" if edge == "at_least" else "Passed at most at", f"{where}.{edge}",
                getattr(gate, edge), unit=measure.unit,
            )  # fmt: skip
        with right:
            if gate.otherwise.factor is not None:
                inputs.number(
                    hand, "If not, pays this share", f"{where}.otherwise.factor", gate.otherwise.factor, unit="share",
                    help_text="0% ends all pay that the gate covers.",
                )  # fmt: skip
            else:
                inputs.number(
                    hand, "If not, pays at most", f"{where}.otherwise.limit", gate.otherwise.limit, unit="share",
                    help_text="100% means: no upside.",
                )  # fmt: skip
        _covers(hand, where, gate.covers)
    for i, modifier in enumerate(plan.modifiers):
        where, measure = f"modifiers[{i}]", plan.measure(modifier.measure)
        _condition_head(hand, f"Modifier on {measure.short}", where, does[where])
        ready = compile_curve(modifier.curve, better=measure.better, hold=True)
        xs = [x for x, _ in ready.points()]
        room = (max(xs) - min(xs)) * 0.2 or 1.0
        st.html(shown.sketch(ready, min(xs) - room, max(xs) + room, xs[len(xs) // 2]))
        _points(hand, f"{where}.curve", modifier.curve, measure.unit, measure)
        _covers(hand, where, modifier.covers)
    for i, kicker in enumerate(plan.kickers):
        where = f"kickers[{i}]"
        _condition_head(hand, kicker.name, where, does[where])
        left, right = st.columns(2)
        with left:
            inputs.number(hand, f"{plan.currency} per unit", f"{where}.per_unit", kicker.per_unit, unit="money")
        with right:
            inputs.number(hand, "Most units a year", f"{where}.max_units", kicker.max_units, placeholder="no limit")
    inputs.number(
        hand, "Total cap, share of target variable", "caps.total", plan.caps.total, unit="share", placeholder="none",
        help_text="The most that components and modifiers pay together: 250% is two and a half times target variable.",
    )  # fmt: skip
    if "caps.total" in does:
        st.caption(_effect(does["caps.total"], plan.currency))
    _add_condition(hand)


def _effect(amount: float, currency: str) -> str:
    if not amount:
        return "Changes nothing on these results."
    return f"{'Adds' if amount > 0 else 'Takes'} {formats.money(abs(amount), currency)} a year on these results."


def _condition_head(hand: Hand, name: str, where: str, amount: float) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{name.replace('*', '')}**")
        st.button(
            "Remove", key=f"{hand.form}.remove.{where}", type="tertiary",
            on_click=lambda: _rebuild(hand, lambda plan: plan.edit({where: None}), "conditions"),
        )  # fmt: skip
    st.caption(_effect(amount, hand.plan.currency))


def _covers(hand: Hand, where: str, covers: tuple[str, ...] | None) -> None:
    key, path = f"{hand.form}.{where}.covers", f"{where}.covers"
    names = {c.key: hand.plan.measure(c.key).short for c in hand.plan.components}

    def chosen() -> None:
        picked = list(st.session_state[key])
        hand.edit({path: picked or None}, field_path=path)

    st.multiselect(
        "On", list(names), default=list(covers or ()), format_func=names.__getitem__, key=key, on_change=chosen,
        placeholder="everything",
    )  # fmt: skip
    inputs.problems_under(hand, path)


def _add_condition(hand: Hand) -> None:
    known = _measures(hand.plan)
    kinds = {"gates": "Gate", "modifiers": "Modifier", "kickers": "Kicker"}

    def add() -> None:
        kind, measure = st.session_state["add_kind"], st.session_state.get("add_on")
        if measure:
            hand.rebuild(lambda plan: _with_condition(plan, str(kind), str(measure)), field_path="conditions")
            st.session_state["add_on"] = None

    left, right = st.columns([1, 2])
    left.selectbox("Add", list(kinds), format_func=kinds.__getitem__, key="add_kind")
    right.selectbox(
        "on",
        list(known),
        index=None,
        format_func=known.__getitem__,
        key="add_on",
        on_change=add,
        placeholder="a measure",
    )
    inputs.problems_under(hand, "conditions")


def _with_condition(plan: Plan, kind: str, key: str) -> Plan:
    measure = plan.measure(key)
    middle = (
        plan.by_id[plan.result_key(key)].target if plan.result_key(key) in plan.by_id else starter(measure)["target"]
    )
    if kind == "gates":
        edge = "at_least" if measure.better == "more" else "at_most"
        part: dict[str, Any] = {"measure": key, edge: middle, "otherwise": {"limit": 1.0}}
    elif kind == "modifiers":
        curve = starter_curve("linear", measure, middle, "actual")
        near = [[x, y] for (x, _), y in zip(curve["points"], (0.9, 1.0, 1.1), strict=False)]
        part = {"measure": key, "curve": {"kind": "linear", "points": near}}
    else:
        part = {"name": f"{measure.short} bonus", "measure": key, "per_unit": 500.0, "max_units": 6.0}
    data = plan.to_dict()
    data.setdefault(kind, []).append(part)
    return Plan.from_dict(data)
