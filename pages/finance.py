"""Cost: what a plan costs, when, and how wrong that may be; what a share link opens."""

import streamlit as st

from compplan.ui import gate, header

here = gate.actor()
header.plan_header()
st.subheader("Cost", anchor=False)
