"""What the plan in hand does: figures, charts and tables, drawn again alone while a slider moves."""

from __future__ import annotations

import html

import streamlit as st

from compplan import charts, facts, formats
from compplan.outcomes import Overview, overview
from compplan.payout import compare, payout
from compplan.reproduce import python_lines
from compplan.ui import components, views
from compplan.ui.state import Hand, hand

_TABS = ("Statement", "Before and now", "Plan file", "Python", "Source")


def _figure(name: str, title: str, alt: str, height: int, chart: charts.Chart, span: int = 1) -> components.Figure:
    return {
        "id": name,
        "title": title,
        "alt": alt,
        "height": height,
        "span": 2 if span == 2 else 1,
        "spec": chart.spec,
        "table": {"columns": chart.columns, "rows": chart.rows},
    }


@st.fragment(key="board")
def draw() -> None:
    """Figures and charts; drawn again alone while a slider moves, so everything is computed before it is sent."""
    held = hand()
    plan, results, scatter = held.plan, held.results(), held.scatter()
    before = held.reference if held.changed else None
    figures = views.key_figures(plan, overview(plan, scatter), _overview_before(held) if before else None)
    charted = [
        _figure(
            "curves", "What a result pays in a year", "Payout curves, one for each component", 270,
            charts.payout_curves(plan, results, before), 2,
        ),
        _figure(
            "waterfall", "From base to pay", "Waterfall from base salary to total pay", 270,
            charts.waterfall(plan, results),
        ),
        _second_chart(held, results),
    ]  # fmt: skip
    st.html(figures)
    components.board(charted, key="charts", echo=components.echo_of("weights", "whatif"), rev=plan.hash[:12])


def detail() -> None:
    """What stands under the charts: the choice of the second chart, the statement, the comparison, the plan itself."""
    held = hand()
    _choose_second(held)
    _tabs(held, held.results())
    st.html(f'<span data-plan="{held.plan.hash[:12]}" hidden></span>')


def _overview_before(held: Hand) -> Overview:
    """The figures of the plan as it was opened: it stays the same, so it is computed once."""
    kept = st.session_state.get("overview_before")
    scatter = {k: v for k, v in held.spreads.items() if k in held.reference.by_id}
    stamp = (held.reference.hash, tuple(sorted(scatter.items())))
    if kept is None or kept[0] != stamp:
        kept = st.session_state["overview_before"] = (stamp, overview(held.reference, scatter))
    return kept[1]


def _second_chart(held: Hand, results: dict[str, float]) -> components.Figure:
    plan = held.plan
    ids = list(plan.by_id)
    pair = [str(st.session_state.get(f"{held.form}.{name}", fallback)) for name, fallback in _axes(ids)]
    if st.session_state.get("second") == "pair" and len(ids) > 1 and pair[0] != pair[1] and set(pair) <= set(ids):
        return _figure("pair", "Two measures at once", "Heat map of variable pay over two measures", 270,
                       charts.heat_map(plan, results, *pair))  # fmt: skip
    before = held.reference if held.changed else None
    return _figure("total", "Variable pay against attainment", "Variable pay at each attainment in everything", 270,
                   charts.total_pay(plan, before))  # fmt: skip


def _axes(ids: list[str]) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("across", ids[0]), ("up", ids[min(1, len(ids) - 1)])


def _choose_second(held: Hand) -> None:
    ids = list(held.plan.by_id)
    if len(ids) < 2:
        return
    names = {key: held.plan.measure(key).short for key in ids}
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom", key="second_chart"):
        st.segmented_control(
            "Right-hand chart", ["total", "pair"], default="total", key="second", label_visibility="collapsed",
            format_func={"total": "Against attainment", "pair": "Two measures"}.__getitem__,
        )  # fmt: skip
        if st.session_state.get("second") == "pair":
            for name, fallback in _axes(ids):
                st.selectbox(
                    name.capitalize(), ids, index=ids.index(fallback), format_func=names.__getitem__,
                    key=f"{held.form}.{name}",                    label_visibility="collapsed", width=180,
                )  # fmt: skip


def _tabs(held: Hand, results: dict[str, float]) -> None:
    plan = held.plan
    statement, differences, file, python, source = st.tabs(_TABS, key="detail", on_change="rerun")
    if statement.open:
        statement.html(views.statement_table(payout(plan, results, "year")))
        statement.caption("The year as one period. Periods are paid one by one: `payout(plan, results, period=1)`.")
    if differences.open:
        rows = compare(held.reference, plan, results)
        differences.html(views.difference_table(rows, plan.currency))
        differences.caption(f"Before: the plan as it was opened ({held.origin}). Both on the same what-if results.")
    if file.open:
        file.code(plan.to_yaml(), language="yaml")
    if python.open:
        python.code(python_lines(plan, results), language="python")
    if source.open:
        with source:
            _source(held)


def _source(held: Hand) -> None:
    about = held.plan.about
    try:
        known = facts.source(about.source or "")
    except LookupError:
        st.write(about.source or "This plan names no source.")
    else:
        st.html(f'<p><a href="{html.escape(known.url)}" rel="noreferrer">{html.escape(known.label)}</a></p>')
        if known.care:
            st.caption(known.care)
    if about.note:
        st.text(about.note)
    if about.assumed:
        st.caption(
            f"{formats.plain_number(len(about.assumed))} places of this plan are assumed, since its source does not "
            "give them; a number that you set is no longer assumed."
        )
        st.code("\n".join(about.assumed), language=None)
