"""Saved: plans and their versions, what they differ in, who approved them, who has a link, and what was done."""

import streamlit as st

from compplan.access import Right
from compplan.ui import gate, header, library
from compplan.ui.state import hand

here = gate.actor(Right.READ)
header.plan_header()
left, right = st.columns([1, 2.35], gap="medium")
with left.container(key="controls"):
    st.toggle("Controls", value=True, key="sheet", on_change="ignore")
    saved = library.shelf(here)
    chosen = library.choose(saved, here)
with right.container(key="wide"):
    if chosen is None:
        library.empty(saved, here)
    else:
        library.draw(hand(), chosen, saved, here)
