"""Saved: plans, their versions and differences, approvals, share links, and the activity log."""

import streamlit as st

from compplan.access import Right
from compplan.ui.host import sign_in
from compplan.ui.saved import page
from compplan.ui.saved.controls import choose_plan
from compplan.ui.saved.drafts import draw_drafts
from compplan.ui.saved.session import saved_plans
from compplan.ui.session import edit_session
from compplan.ui.shell import header

actor = sign_in.actor(Right.READ)
header.plan_header()
left, right = st.columns([1, 2.35], gap="medium")
with left.container(key="controls"):
    st.toggle("Controls", value=True, key="sheet", on_change="ignore")
    plans = saved_plans(actor)
    chosen = choose_plan(plans, actor)
with right.container(key="wide"):
    draw_drafts(actor)
    if chosen is None:
        page.draw_empty(plans, actor)
    else:
        page.draw_plan(edit_session(), chosen, plans, actor)
