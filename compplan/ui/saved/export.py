"""The Export menu: the plan file, and a workbook that recomputes it."""

from __future__ import annotations

import streamlit as st

from compplan.access import Right
from compplan.clock import utc_today
from compplan.ui.host import sign_in
from compplan.ui.session import EditSession
from compplan.ui.widgets.downloads import XLSX


def menu(session: EditSession) -> None:
    """Draw the menu."""
    actor, plan, results, today = sign_in.who(), session.plan, session.results(), utc_today()

    check_access = sign_in.still(Right.READ)

    def file() -> str:
        sign_in.note_export(actor, "plan file", open_version=session.open_version)
        return plan.to_yaml()

    def content() -> bytes:
        from compplan.documents.workbook import workbook

        check_access()
        sign_in.note_export(actor, "workbook", open_version=session.open_version)
        return workbook(plan, results=results, on=today)

    st.download_button(
        "Plan file (YAML)",
        file,
        file_name="plan.yaml",
        mime="application/yaml",
        on_click="ignore",
        icon=":material/download:",
    )
    st.download_button(
        "Excel workbook: one person's year with live formulas",
        content,
        file_name="plan.xlsx",
        mime=XLSX,
        on_click="ignore",
        icon=":material/table:",
    )
