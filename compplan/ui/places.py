"""The pages, and the way from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from compplan.home import shipped

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage


def pages() -> list[StreamlitPage]:
    """Every page, the one that opens first at the head; made anew in each run, as Streamlit wants it."""
    return [
        st.Page(shipped("pages", "design.py"), title="Designer", default=True),
        st.Page(shipped("pages", "benchmarks.py"), title="Benchmarks", url_path="benchmarks"),
    ]


def links() -> None:
    """A link to each page."""
    with st.container(key="places", horizontal=True, gap="small", width="content"):
        for page in pages():
            st.page_link(page)
