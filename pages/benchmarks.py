"""Benchmarks: market bands of every role with a source on every number, and people on them."""

import streamlit as st

from compplan.access import Right
from compplan.ui import gate, header, market_board, market_controls, people_board
from compplan.ui.desk import desk
from compplan.ui.state import hand

here = gate.actor(Right.READ)
held, plan = desk(), hand()
header.plan_header()
left, right = st.columns([1, 2.35], gap="medium")
with left.container(key="controls"):
    st.toggle("Controls", value=True, key="sheet", on_change="ignore")
    for title, draw in (
        ("Market", market_controls.market),
        ("Your people", market_controls.people if here.may(Right.PEOPLE) else market_controls.no_people),
        ("Your survey", market_controls.survey),
    ):
        st.subheader(title, anchor=False)
        draw(held)
with right.container(key="wide"):
    team = held.team()
    market_board.draw(held, plan, team)
    tabs = st.tabs(
        ["Figures of a role", "People", "Raises", "Ladder", "States", "Job posting"],
        key="market.tab",
        on_change="rerun",
    )
    figures, people, raises, ladder, states, posting = tabs
    if figures.open:
        with figures:
            market_board.figures_of_a_role(held, plan)
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
            market_board.ladder(held)
    if states.open:
        with states:
            market_board.states(held)
    if posting.open:
        with posting:
            market_board.job_posting(held, plan)
