"""Saved: plans and their versions, what they differ in, who approved them, who has a link, and what was done."""

import streamlit as st

from compplan.access import Right
from compplan.ui.host import sign_in
from compplan.ui.saved import page
from compplan.ui.session import edit_session
from compplan.ui.shell import header

here = sign_in.actor(Right.READ)
header.plan_header()
left, right = st.columns([1, 2.35], gap="medium")
with left.container(key="controls"):
    st.toggle("Controls", value=True, key="sheet", on_change="ignore")
    saved = page.shelf(here)
    chosen = page.choose(saved, here)
with right.container(key="wide"):
    if chosen is None:
        page.empty(saved, here)
    else:
        page.draw(edit_session(), chosen, saved, here)
