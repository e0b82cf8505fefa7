"""The frame script: it sets the page up, then runs the page that was asked for."""

import streamlit as st

from compplan.home import shipped
from compplan.ui import look

st.set_page_config(page_title="compplan", page_icon=str(look.ICON), layout="wide")
st.html(look.page_style())
st.navigation([st.Page(shipped("pages", "design.py"), title="Designer", default=True)], position="hidden").run()
