"""Review: what the rule book finds in the open plan, who disagrees, and how to fix it."""

import streamlit as st

from compplan.access import Right
from compplan.ui.host import sign_in
from compplan.ui.review import page, questions
from compplan.ui.session import edit_session
from compplan.ui.shell import header

sign_in.actor(Right.READ)
session = edit_session()
header.plan_header()
left, right = st.columns([1, 2.35], gap="medium")
with left.container(key="controls"):
    st.toggle("Controls", value=True, key="sheet", on_change="ignore")
    for title, name, draw in (
        ("Guide", "guide_block", page.guide_choice),
        ("Litmus test", "litmus_block", questions.litmus_test),
        ("Your answers", "context_block", questions.answers_file),
    ):
        with st.container(key=name):
            st.subheader(title, anchor=False)
            draw(session)
with right.container(key="wide"):
    page.draw(session)
    st.html(f'<span data-plan="{session.plan.hash[:12]}" hidden></span>')
