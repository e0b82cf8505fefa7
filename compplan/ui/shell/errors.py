"""Errors that no page foresaw: a sentence for the person, a line in the log, and the last plan that could be shown."""

from __future__ import annotations

import logging
import secrets
import traceback
from typing import TYPE_CHECKING

import streamlit as st

from compplan.ui.session import open_session
from compplan.ui.templates import render
from compplan.ui.workspace.work import keep

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

_LOGGER = logging.getLogger(__name__)
_UNDONE = "compplan.undone"


def run_page(page: StreamlitPage) -> None:
    """Run a page. If it fails on a plan that it has not shown before, go back to the last one that it did show."""
    number = st.session_state.pop(_UNDONE, None)
    if number is not None:
        _say(f"This page couldn't show your last change, so the change was undone. {_reference(number)}")
    try:
        page.run()
    except Exception as error:  # noqa: BLE001 - whatever it is, the person gets a sentence
        number = secrets.token_hex(4)
        _LOGGER.error("Error %s on page /%s: %s", number, page.url_path, _trace(error))
        session = open_session()
        if session is not None and session.back_to_shown():
            st.session_state[_UNDONE] = number
            st.rerun()
        _say(
            "Something went wrong on this page. Your plan was not changed. Reload the page, or open another one. "
            + _reference(number)
        )
    else:
        session = open_session()
        if session is not None:
            session.note_shown()
        keep(page.url_path)


def _say(sentence: str) -> None:
    st.html(render("widgets.message", "error", sentence, "alert"))


def _reference(number: str) -> str:
    return f"The server's log has the details under {number}."


def _trace(error: Exception) -> str:
    """Return the kind of an error and where it arose, without its message, which may repeat pay or names."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}"
