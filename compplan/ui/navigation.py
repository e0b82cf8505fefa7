"""The pages, who may open them, and the links between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from compplan.access import Actor, Right
from compplan.shipped import shipped
from compplan.ui.host import sign_in

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

PATHS = ("benchmarks", "capacity", "finance", "review", "saved")


def pages(actor: Actor) -> list[StreamlitPage]:
    """The pages that a person may open, the default page first; made anew in each run.

    Without a role only the page of share links opens, and every other address shows the sign-in page.
    """
    cost = st.Page(shipped("pages", "cost.py"), title="Cost", url_path="finance")
    if not actor.may(Right.READ):
        return [st.Page(sign_in.page, title="Sign in", default=True), cost]
    return [
        st.Page(shipped("pages", "designer.py"), title="Designer", default=True),
        st.Page(shipped("pages", "review.py"), title="Review", url_path="review"),
        st.Page(shipped("pages", "capacity.py"), title="Capacity", url_path="capacity"),
        st.Page(shipped("pages", "benchmarks.py"), title="Benchmarks", url_path="benchmarks"),
        st.Page(shipped("pages", "saved.py"), title="Saved", url_path="saved"),
        cost,
    ]


def links(actor: Actor) -> None:
    """Draw a link to each page that the person may open, where there are several."""
    with st.container(key="places", horizontal=True, gap="small", width="content"):
        for page in pages(actor) if actor.may(Right.READ) else ():
            if actor.may(Right.COST) or page.title != "Cost":
                st.page_link(page)


def page_of(path: str, actor: Actor) -> StreamlitPage | None:
    """The page at an address, if the person may open it."""
    return next((page for page in pages(actor) if page.url_path == path), None)
