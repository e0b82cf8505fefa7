"""Capacity: hours an account takes, accounts a person can carry, people that are needed."""

import streamlit as st

from compplan.access import Right
from compplan.ui import capacity_board, capacity_controls, gate, header
from compplan.ui.capacity_desk import sizing
from compplan.ui.state import hand

here = gate.actor(Right.READ)
held, model = hand(), sizing()
header.plan_header()
left, right = st.columns([1, 2.35], gap="medium")
with left.container(key="controls"):
    st.toggle("Controls", value=True, key="sheet", on_change="ignore")
    for title, name, draw in (
        ("Start from", "start_block", capacity_controls.start),
        ("Accounts and hours", "tiers_block", capacity_controls.tiers),
        ("A person's year", "year_block", capacity_controls.year),
        ("Team and cost", "team_block", capacity_controls.cost),
        (
            "Books of accounts",
            "books_block",
            capacity_controls.accounts if here.may(Right.PEOPLE) else capacity_controls.no_accounts,
        ),
    ):
        with st.container(key=name):
            st.subheader(title, anchor=False)
            draw(model)
with right.container(key="wide"):
    capacity_board.draw(model, held)
    st.html(f'<span data-plan="{held.plan.hash[:12]}" hidden></span>')
