"""The frame script: sets up the page, signs people in, then runs the requested page."""

import streamlit as st

from compplan.ui import navigation
from compplan.ui.host import sign_in
from compplan.ui.shell import errors, theme
from compplan.ui.workspace import work

st.set_page_config(page_title="compplan", page_icon=str(theme.ICON), layout="wide")
st.html(theme.page_style())

actor = sign_in.enter()
page = st.navigation(navigation.pages(actor), position="hidden")
last = work.enter(actor)
if last and page.url_path == "" and (there := navigation.page_of(last, actor)) is not None:
    sign_in.leave()
    st.switch_page(there)
errors.run_page(page)
