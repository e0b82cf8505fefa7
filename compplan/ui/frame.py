"""The frame script: it sets the page up, then runs the page that was asked for."""

import streamlit as st

from compplan.ui import look, places

st.set_page_config(page_title="compplan", page_icon=str(look.ICON), layout="wide")
st.html(look.page_style())
st.navigation(places.pages(), position="hidden").run()
