"""Benchmarks: market bands of every role with a source on every number, and people on them."""

import streamlit as st

from compplan.access import Right
from compplan.ui.benchmarks import controls, page
from compplan.ui.benchmarks import people as people_board
from compplan.ui.benchmarks.session import desk
from compplan.ui.host import sign_in
from compplan.ui.session import edit_session
from compplan.ui.shell import header

here = sign_in.actor(Right.READ)
held, plan = desk(), edit_session()
header.plan_header()
left, right = st.columns([1, 2.35], gap="medium")
with left.container(key="controls"):
    st.toggle("Controls", value=True, key="sheet", on_change="ignore")
    for title, draw in (
        ("Market", controls.market),
        ("Your people", controls.people if here.may(Right.PEOPLE) else controls.no_people),
        ("Your survey", controls.survey),
    ):
        st.subheader(title, anchor=False)
        draw(held)
with right.container(key="wide"):
    team = held.team()
    page.draw(held, plan, team)
    tabs = st.tabs(
        ["Figures of a role", "People", "Raises", "Ladder", "States", "Job posting"],
        key="market.tab",
        on_change="rerun",
    )
    figures, people, raises, ladder, states, posting = tabs
    if figures.open:
        with figures:
            page.figures_of_a_role(held, plan)
    if people.open or raises.open:
        with people if people.open else raises:
            if team is None or held.reading is None:
                people_board.empty()
            else:
                people_board.reading(held, held.reading)
                chosen = people_board.choices(held, team)
                (people_board.standing if people.open else people_board.mending)(held, team, chosen)
    if ladder.open:
        with ladder:
            page.ladder(held)
    if states.open:
        with states:
            page.states(held)
    if posting.open:
        with posting:
            page.job_posting(held, plan)
