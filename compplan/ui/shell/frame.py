"""The frame script: sets up the page, signs people in, then runs the requested page."""

import streamlit as st

from compplan.ui import navigation
from compplan.ui.host import sign_in
from compplan.ui.shell import errors, theme

st.set_page_config(page_title="compplan", page_icon=str(theme.ICON), layout="wide")
st.html(theme.page_style())
errors.run_page(st.navigation(navigation.pages(sign_in.enter()), position="hidden"))
