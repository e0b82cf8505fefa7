"""Designer: the controls of a plan on the left, what it pays on the right."""

import streamlit as st

from compplan.access import Right
from compplan.ui.designer import conditions, controls, curves, page
from compplan.ui.host import sign_in
from compplan.ui.session import edit_session
from compplan.ui.shell import header

sign_in.actor(Right.READ)
session = edit_session()
header.plan_header()
left, right = st.columns([1, 2.35], gap="medium")
with left.container(key="controls"):
    # On a phone the controls cover the charts; this toggle shows and hides them.
    st.toggle("Controls", value=True, key="sheet", on_change="ignore")
    for title, draw, name in (
        ("Pay", controls.pay, "pay_block"),
        ("Weights", controls.weights, "weights_block"),
        ("Year-end results", controls.what_if, "whatif_block"),
    ):
        with st.container(key=name):
            st.subheader(title, anchor=False)
            draw(session)
    for title, draw, name in (
        ("Targets and curves", curves.components, "curves"),
        ("Gates, modifiers, kickers, cap", conditions.conditions, "conditions"),
        ("Expected pay", controls.likely, "likely"),
    ):
        section = st.expander(title, key=f"section.{name}", on_change="rerun")
        if section.open:
            with section:
                draw(session)
with right.container(key="wide"):
    page.draw()
