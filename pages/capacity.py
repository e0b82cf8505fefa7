"""Capacity: hours per account, accounts per person, and the people that a team needs."""

import streamlit as st

from compplan.access import Right
from compplan.ui.capacity import controls, page
from compplan.ui.capacity.session import capacity_session
from compplan.ui.host import sign_in
from compplan.ui.session import edit_session
from compplan.ui.shell import header

actor = sign_in.actor(Right.READ)
session, model = edit_session(), capacity_session()
header.plan_header()
left, right = st.columns([1, 2.35], gap="medium")
with left.container(key="controls"):
    st.toggle("Controls", value=True, key="sheet", on_change="ignore")
    for title, name, draw in (
        ("Start from", "start_block", controls.start),
        ("Accounts and hours", "tiers_block", controls.tiers),
        ("Working year", "year_block", controls.year),
        ("Team and cost", "team_block", controls.cost),
        ("Books of business", "books_block", controls.accounts if actor.may(Right.PEOPLE) else controls.no_accounts),
    ):
        with st.container(key=name):
            st.subheader(title, anchor=False)
            draw(model)
with right.container(key="wide"):
    page.draw(model, session)
    st.html(f'<span data-plan="{session.plan.hash[:12]}" hidden></span>')
