"""The market as it stands: bands of all roles, the figures of one, the states, the ladder, postings."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import streamlit as st

from compplan import charts, facts
from compplan.benchmarks import Band, Basis, Market, all_areas, posting, rungs, wording
from compplan.benchmarks.areas import state_name
from compplan.benchmarks.ladders import ladder_roles
from compplan.benchmarks.places import differential
from compplan.errors import CompPlanError
from compplan.ui.benchmarks import html
from compplan.ui.benchmarks.session import Desk, Team
from compplan.ui.session import EditSession
from compplan.ui.widgets import components
from compplan.ui.widgets.components import Point
from compplan.ui.widgets.labels import table_names

_CURRENCY = "USD"
_ROW = 58  # px a role takes in the picture


def draw(desk: Desk, session: EditSession, team: Team | None) -> None:
    """The picture of all bands, what moved them, and what stands under it."""
    rows, plan = desk.rows(), session.plan
    role = desk.role or plan.role
    seen = next(row for row in rows if row.role == role)
    st.html(html.moved_by((*seen.bands, *next(row for row in rows if row.role == "csm").bands)))
    mark = charts.PlanMark(plan.role, plan.pay.base, plan.pay.ote, plan.currency)
    chart = charts.market_bands(rows, _CURRENCY, mark, _dots(desk, team))

    def clicked(point: Point) -> None:
        found = charts.role_at(rows, float(point.y), _CURRENCY, plan.role) if isinstance(point.y, float) else None
        if found:
            desk.role = found
            st.session_state["market.role"] = found
            st.session_state["market.tab"] = "Figures of a role"

    figure = components.figure(
        "bands",
        "What the market pays, by role",
        "Ranges of base pay and on-target earnings of every role, by source",
        chart,
        height=120 + _ROW * sum(1 for row in rows if row.bands or row.first_sight),
        span=2,
    )
    components.board((figure,), key="market", on_point=clicked)
    if team is not None and desk.local:
        st.caption("Dots are pay as it is; who is outside is told by the market of everybody's own place, see People.")


def _dots(desk: Desk, team: Team | None) -> charts.People | None:
    if team is None or desk.reading is None:
        return None
    people = team.people[team.people["currency"] == _CURRENCY]
    told = people["name"].where(people["name"] != "", people["id"]) if desk.names else people["id"]
    return charts.People(
        [str(role) for role in people["role"]], people["pay"].to_numpy(), desk.basis, [str(one) for one in told],
        "Invented people" if desk.invented else "Your people",
    )  # fmt: skip


def figures_of_a_role(desk: Desk, session: EditSession) -> None:
    """Every figure of one role, with its source and what it is not."""
    names = table_names("roles") | {"": "All roles together"}
    if "market.role" not in st.session_state:
        st.session_state["market.role"] = desk.role or session.plan.role

    def chosen() -> None:
        desk.role = str(st.session_state["market.role"])

    rows = {row.role: row for row in desk.rows()}
    st.selectbox(
        "Role",
        [role for role in rows if role],
        format_func=names.__getitem__,
        key="market.role",
        on_change=chosen,
        width=380,
    )
    st.html(html.role_table(rows[str(st.session_state["market.role"])]))
    st.subheader("How much of it is variable", anchor=False)
    st.html(html.mix_table(str(st.session_state["market.role"])))
    with st.expander("Figures over all roles together, which are no band of this role"):
        st.html(html.role_table(rows[""]))
    with st.expander("Official wages of occupations in technology industries"):
        st.html(html.wages_table())
        known = facts.source("bls-oews-2025-05")
        st.caption(
            f"{known.label}. Wages without bonuses; no occupation is Customer Success. {Basis.WAGE.meaning} "
            "43-4051, customer service, is call-centre work."
        )


def states(desk: Desk) -> None:
    """What each state does to pay; a click takes it as the place."""
    asked = desk.asked
    known = [one for one in all_areas() if one.kind == "state"]
    factors = {one.state: differential(one, asked.exponent).factor for one in known if one.index is not None}
    chosen = asked.area()
    chart = charts.state_tiles(factors, {one.state: one.name for one in known}, chosen.state if chosen else "")

    def clicked(point: Point) -> None:
        if isinstance(point.x, float) and isinstance(point.y, float):
            code = charts.tile_at(point.x, point.y)
            state = next((one for one in known if one.state == code), None)
            if state and desk.ask("place", state.code):
                st.session_state["market.place"] = state.code
                st.session_state.pop("market.state", None)

    told = "A tile for each state with the factor by which pay there differs from the country's"
    figure = components.figure("states", "Pay against the country, by state", told, chart, height=380, span=2)
    components.board((figure,), key="states", on_point=clicked)
    st.caption(
        "Wages of the occupations nearest to Customer Success in each state over the country's (US Bureau of Labor "
        "Statistics, May 2025), to the power that is set on the left. Towns differ within a state: search for one "
        "there."
    )


def ladder(desk: Desk) -> None:
    """Midpoints one above another."""
    basis = st.segmented_control(
        "Ladder of", [Basis.BASE.value, Basis.OTE.value], default=Basis.BASE.value, key="market.ladder",
        format_func={"base": "Base pay", "ote": "OTE"}.__getitem__,
    )  # fmt: skip
    market = desk.asked.market()
    bands = [market.adjust(band).figure for band in desk.reference(Basis(basis or "base")).values()]
    steps = rungs([band for band in bands if band.currency == _CURRENCY and band.role in ladder_roles()])
    st.html(html.ladder_table(steps, table_names("roles")))
    st.caption(
        "Progression is the next midpoint over this one, less 1; a step under 5% or over 40% is flagged (our "
        "judgement). Overlap is the share of the upper band that the lower one covers."
    )


def _market_of(desk: Desk, state: str) -> tuple[Market, str]:
    """The market that is asked for where its place lies in a state, or else the state's; and how it is called."""
    place = desk.asked.area()
    if place and state in place.states:
        return desk.asked.market(), f"in the market of {place.label}"
    of_state = next(one for one in all_areas() if one.kind == "state" and one.state == state)
    there = replace(desk.asked, place=of_state.code, place_premium=None)
    try:
        return there.market(), f"in the market of {of_state.label}"
    except CompPlanError as error:
        return replace(there, place="").market(), f"as for the whole country: {error.problems[0].message}"


def _posted(base: Band, ote: Band | None) -> str:
    """The sentence of a posting; base alone where OTE lies below it somewhere."""
    try:
        return wording(base, ote)
    except CompPlanError:
        return wording(base)


def job_posting(desk: Desk, session: EditSession) -> None:
    """What a posting for a role says, and whether a law of a state asks for it."""
    today = dt.datetime.now(tz=dt.UTC).date()
    names = table_names("roles")
    role = desk.role or session.plan.role
    place = desk.asked.area()
    codes = {one.state: str(state_name(one.state)) for one in all_areas() if one.kind == "state"}
    at = list(codes).index(place.state) if place and place.state in codes else list(codes).index("CA")
    left, right = st.columns(2)
    with left:
        state = st.selectbox("State", list(codes), index=at, format_func=codes.__getitem__, key="market.state")
    with right:
        role = st.selectbox(
            "Posting for", list(names), index=list(names).index(role), format_func=names.__getitem__,
            key="market.posted",
        )  # fmt: skip
    base, ote = desk.reference(Basis.BASE).get(role), desk.reference(Basis.OTE).get(role)
    if base is None:
        st.caption(f"No source that we ship gives a band of base pay for {names[role]}.")
    else:
        market, where = _market_of(desk, state)
        moved = market.adjust(base).figure
        paired = market.adjust(ote).figure if ote and ote.currency == base.currency else None
        st.caption(f"{names[role]}, {where}:")
        st.code(_posted(moved, paired), language=None, wrap_lines=True)
    known = posting(state)
    st.html(html.posting_html(known, today))
    st.caption(f"{known.caution} Told as of {today.isoformat()}.")
