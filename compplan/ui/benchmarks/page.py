"""The Benchmarks page: bands of all roles, role data, states, the ladder, job postings."""

from __future__ import annotations

import streamlit as st

from compplan import charts, facts, formats
from compplan.benchmarks import PayBand, PayBasis, all_areas, posting_rules, posting_text, result_sheet, rungs
from compplan.benchmarks.areas import state_name
from compplan.benchmarks.ladders import ladder_roles
from compplan.benchmarks.places import differential
from compplan.clock import utc_today
from compplan.errors import CompPlanError
from compplan.ui.benchmarks import html
from compplan.ui.benchmarks.session import BenchmarksSession, PlacedTeam
from compplan.ui.session import EditSession
from compplan.ui.widgets import components
from compplan.ui.widgets.browser_data import ClickedPoint
from compplan.ui.widgets.labels import table_names
from compplan.ui.widgets.results import results_html

TABS = ("Role data", "Results", "People", "Raises", "Ladder", "States", "Job posting")
_CURRENCY = "USD"
_ROW_HEIGHT = 58  # px per role in the chart


def draw(state: BenchmarksSession, session: EditSession, team: PlacedTeam | None) -> None:
    """Draw the chart of all bands and the adjustments to them."""
    rows, plan = state.rows(), session.plan
    role = state.role or plan.role
    shown = next(row for row in rows if row.role == role)
    st.html(html.adjustment((*shown.bands, *next(row for row in rows if row.role == "csm").bands)))
    mark = charts.PlanMark(plan.role, plan.pay.base, plan.pay.ote, plan.currency)
    chart = charts.market_bands(rows, _CURRENCY, mark, _dots(state, team))

    def clicked(point: ClickedPoint) -> None:
        clicked_role = (
            charts.role_at(rows, float(point.y), _CURRENCY, plan.role) if isinstance(point.y, float) else None
        )
        if clicked_role:
            state.role = clicked_role
            st.session_state["market.role"] = clicked_role
            st.session_state["market.tab"] = TABS[0]

    figure = components.figure(
        "bands",
        "Market pay by role",
        "Ranges of base pay and OTE of every role, by source",
        chart,
        height=120 + _ROW_HEIGHT * sum(1 for row in rows if row.bands or row.first_sight),
        span=2,
    )
    components.board((figure,), key="market", on_point=clicked)
    if team is not None and state.local:
        st.caption("Dots are actual pay. Outliers are judged against each person's location; see People.")


def _dots(state: BenchmarksSession, team: PlacedTeam | None) -> charts.People | None:
    if team is None:
        return None
    people = team.people[team.people["currency"] == _CURRENCY]
    labels = people["name"].where(people["name"] != "", people["id"]) if state.names else people["id"]
    return charts.People(
        [str(role) for role in people["role"]], people["pay"].to_numpy(), state.basis, [str(label) for label in labels],
        "Sample people" if state.people.is_sample else "Your people",
    )  # fmt: skip


def role_data(state: BenchmarksSession, session: EditSession) -> None:
    """Every figure of one role, with its source and its limits."""
    names = table_names("roles") | {"": "All roles together"}
    if "market.role" not in st.session_state:
        st.session_state["market.role"] = state.role or session.plan.role

    def chosen() -> None:
        state.role = str(st.session_state["market.role"])

    rows = {row.role: row for row in state.rows()}
    st.selectbox(
        "Role",
        [role for role in rows if role],
        format_func=names.__getitem__,
        key="market.role",
        on_change=chosen,
        width=380,
    )
    st.html(html.role_table(rows[str(st.session_state["market.role"])]))
    st.subheader("Variable share of pay", anchor=False)
    st.html(html.mix_table(str(st.session_state["market.role"])))
    with st.expander("Figures across all roles (not for this role alone)"):
        st.html(html.role_table(rows[""]))
    with st.expander("Official wages of occupations in technology industries"):
        st.html(html.wages_table())
        source = facts.source("bls-oews-2025-05")
        st.caption(
            f"{source.label}. Wages without bonuses. No occupation is Customer Success. {PayBasis.WAGE.meaning} "
            "43-4051, customer service, is call center work."
        )


def results(session: EditSession) -> None:
    """Published results of a measure, to compare targets with."""
    rows = {row.measure: row for row in result_sheet()}
    components = session.plan.components
    first = next((component.measure for component in components if component.measure in rows), "grr")
    chosen = st.selectbox(
        "Measure", list(rows), index=list(rows).index(first), format_func=lambda key: rows[key].name,
        key="market.measure", width=380,
    )  # fmt: skip
    row = rows[str(chosen)]
    targets = [
        formats.result(component.target, session.plan.measure(component.key), session.plan.currency)
        for component in components
        if component.measure == row.measure
    ]
    if targets:
        st.caption(f"Target in your plan: {', '.join(targets)}.")
    st.html(results_html(row))
    st.caption("Results of whole companies. One person's book varies more around the same level.")


def states(state: BenchmarksSession) -> None:
    """Pay by state; a click chooses the state as the place."""
    settings = state.settings
    states = [one for one in all_areas() if one.kind == "state"]
    factors = {one.state: differential(one, settings.exponent).factor for one in states if one.index is not None}
    chosen = settings.area()
    chart = charts.state_tiles(factors, {one.state: one.name for one in states}, chosen.state if chosen else "")

    def clicked(point: ClickedPoint) -> None:
        if isinstance(point.x, float) and isinstance(point.y, float):
            code = charts.tile_at(point.x, point.y)
            clicked_state = next((each for each in states if each.state == code), None)
            if clicked_state and state.change_setting("place", clicked_state.code):
                st.session_state["market.place"] = clicked_state.code
                st.session_state.pop("market.state", None)

    alt = "A tile for each state with its pay relative to the national level"
    figure = components.figure("states", "Pay by state, relative to the country", alt, chart, height=380, span=2)
    components.board((figure,), key="states", on_point=clicked)
    st.caption(
        "Wages in each state of the occupations closest to Customer Success, relative to the country (US Bureau of "
        "Labor Statistics, May 2025), adjusted by the location adjustment strength. Cities in a state differ; "
        "choose one as the place."
    )


def ladder(state: BenchmarksSession) -> None:
    """Midpoints of the bands from role to role."""
    basis = st.segmented_control(
        "Compare on", [PayBasis.BASE.value, PayBasis.OTE.value], default=PayBasis.BASE.value, key="market.ladder",
        format_func={"base": "Base pay", "ote": "OTE"}.__getitem__,
    )  # fmt: skip
    market = state.settings.market()
    bands = [market.adjust(band).figure for band in state.reference(PayBasis(basis or "base")).values()]
    steps = rungs([band for band in bands if band.currency == _CURRENCY and band.role in ladder_roles()])
    st.html(html.ladder_table(steps, table_names("roles")))
    st.caption(
        "Progression is how much higher the next midpoint is; steps under 5% or over 40% are flagged (our judgment). "
        "Overlap is the share of the upper band that the lower band covers."
    )


def _posted(base: PayBand, ote: PayBand | None) -> str:
    """The pay sentence of a posting, without OTE where OTE is below base."""
    try:
        return posting_text(base, ote)
    except CompPlanError:
        return posting_text(base)


def job_posting(state: BenchmarksSession, session: EditSession) -> None:
    """The pay sentence of a job posting, and whether state law requires it."""
    day = utc_today()
    names = table_names("roles")
    role = state.role or session.plan.role
    place = state.settings.area()
    codes = {one.state: str(state_name(one.state)) for one in all_areas() if one.kind == "state"}
    at = list(codes).index(place.state) if place and place.state in codes else list(codes).index("CA")
    left, right = st.columns(2)
    with left:
        posted_in = st.selectbox("State", list(codes), index=at, format_func=codes.__getitem__, key="market.state")
    with right:
        role = st.selectbox(
            "Role of the posting", list(names), index=list(names).index(role), format_func=names.__getitem__,
            key="market.posted",
        )  # fmt: skip
    base, ote = state.reference(PayBasis.BASE).get(role), state.reference(PayBasis.OTE).get(role)
    if base is None:
        st.caption(f"None of our sources has a band of base pay for {names[role]}.")
    else:
        market, where = state.settings.market_of_state(posted_in)
        moved = market.adjust(base).figure
        paired = market.adjust(ote).figure if ote and ote.currency == base.currency else None
        st.caption(f"{names[role]}, {where}:")
        st.code(_posted(moved, paired), language=None, wrap_lines=True)
    rules = posting_rules(posted_in)
    st.html(html.posting_html(rules, day))
    st.caption(f"{rules.caution} As of {day:%B} {day.day}, {day.year}.")
