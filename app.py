"""The front door: `streamlit run app.py`, or `python app.py`."""

from pathlib import Path

import streamlit as st

import compplan.ui
from compplan.ui.shell import server

app = st.App(
    Path(compplan.ui.__path__[0]) / "shell" / "frame.py",
    secrets=server.secrets(),
    lifespan=server.lifespan,
    routes=server.routes,
    middleware=server.middleware,
)

if __name__ == "__main__":
    app.run()
