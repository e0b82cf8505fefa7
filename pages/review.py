"""Review: what the rule book has to say of the plan in hand, who disagrees, and what would mend it."""

import streamlit as st

from compplan.access import Right
from compplan.ui import gate, header, review_board, review_form
from compplan.ui.state import hand

gate.actor(Right.READ)
held = hand()
header.plan_header()
left, right = st.columns([1, 2.35], gap="medium")
with left.container(key="controls"):
    st.toggle("Controls", value=True, key="sheet", on_change="ignore")
    for title, name, draw in (
        ("Guide", "guide_block", review_board.profile),
        ("Litmus test", "litmus_block", review_form.litmus),
        ("What the review knows", "context_block", review_form.file),
    ):
        with st.container(key=name):
            st.subheader(title, anchor=False)
            draw(held)
with right.container(key="wide"):
    review_board.draw(held)
    st.html(f'<span data-plan="{held.plan.hash[:12]}" hidden></span>')
