"""Benchmarks: market pay of every role with the source of each number, and people compared with it."""

import streamlit as st

from compplan.access import Right
from compplan.ui.benchmarks import controls, page, people
from compplan.ui.benchmarks.session import benchmarks_session
from compplan.ui.host import sign_in
from compplan.ui.session import edit_session
from compplan.ui.shell import header

actor = sign_in.actor(Right.READ)
state, session = benchmarks_session(), edit_session()
header.plan_header()
left, right = st.columns([1, 2.35], gap="medium")
with left.container(key="controls"):
    st.toggle("Controls", value=True, key="sheet", on_change="ignore")
    for title, draw in (
        ("Market", controls.market),
        ("Your people", controls.people if actor.may(Right.PEOPLE) else controls.no_people),
        ("Your survey", controls.survey),
    ):
        st.subheader(title, anchor=False)
        draw(state)
with right.container(key="wide"):
    team = state.team()
    page.draw(state, session, team)
    role_data, results, standing, raises, ladder, states, posting = st.tabs(
        page.TABS, key="market.tab", on_change="rerun"
    )
    if role_data.open:
        with role_data:
            page.role_data(state, session)
    if results.open:
        with results:
            page.results(session)
    for tab, draw_people in ((standing, people.standing), (raises, people.raises)):
        if tab.open:
            with tab:
                people.draw(state, team, draw_people)
    if ladder.open:
        with ladder:
            page.ladder(state)
    if states.open:
        with states:
            page.states(state)
    if posting.open:
        with posting:
            page.job_posting(state, session)
