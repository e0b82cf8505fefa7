"""The frame script: it sets the page up, lets people in, then runs the page that was asked for."""

import streamlit as st

from compplan.ui import gate, look, places

st.set_page_config(page_title="compplan", page_icon=str(look.ICON), layout="wide")
st.html(look.page_style())
st.navigation(places.pages(gate.enter()), position="hidden").run()
