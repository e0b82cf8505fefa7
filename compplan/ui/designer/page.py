"""The right side of the Designer: key figures, charts, findings, and the tables below them."""

from __future__ import annotations

import streamlit as st

from compplan import facts
from compplan.documents.python import python_lines
from compplan.payout import pay_differences, payout
from compplan.payout.in_force import full_year
from compplan.review import Finding
from compplan.ui import navigation
from compplan.ui.designer import live
from compplan.ui.designer.html import statement_table
from compplan.ui.host import deployment, passes, sign_in
from compplan.ui.review_state import apply_fix, current_review, fitting_answers, fix_of
from compplan.ui.session import EditSession, edit_session
from compplan.ui.templates import render
from compplan.ui.widgets import components
from compplan.ui.widgets.findings import WORST_COUNT, finding_line_html, worst_findings
from compplan.ui.widgets.html import difference_table
from compplan.ui.widgets.labels import component_names, verbatim

_TABS = ("Statement", "Changes", "Plan file", "Python", "Source")


@st.fragment(key="board")
def draw() -> None:
    """Draw the right side of the page."""
    _charts()
    detail()


def _charts() -> None:
    """Draw key figures and charts; while a slider moves the browser requests them, see `compplan.ui.designer.live`."""
    session = edit_session()
    context = fitting_answers(session.plan, session.context)
    view = live.BoardView(
        session.plan, session.results(), session.scatter(), session.reference, _pair(session), session.profile, context
    )
    picture = live.draw_picture(view)
    session.run += 1
    st.html(live.figures_html(picture, session.run))
    sent = view.to_dict()
    if deployment.team() is not None:
        sent["pass"] = passes.issue_pass(sign_in.who())
    components.board(picture.figures, key="charts", rev=picture.stamp, view=sent)


def detail() -> None:
    """Draw what is below the charts: the choice of the second chart, findings, and the tabs."""
    session = edit_session()
    _choose_second(session)
    _findings(session)
    _tabs(session, session.results())
    st.html(f'<span data-plan="{session.plan.hash[:12]}" hidden></span>')


def _findings(session: EditSession) -> None:
    """Draw the worst findings with their fixes, in rows of fixed height, because sliders change their text."""
    reviewed = current_review(session)
    worst = worst_findings(reviewed)
    with st.container(key="worst"):
        st.subheader("Top review findings", anchor=False)
        for row in range(WORST_COUNT):
            finding = worst[row] if row < len(worst) else None
            with st.container(key=f"worst_row_{row}", horizontal=True, vertical_alignment="center"):
                st.html(finding_line_html(finding, session.run))
                fixed = fix_of(reviewed, finding) if finding and finding.fix else None
                if fixed is not None:
                    st.button(
                        verbatim(fixed.fix.title), key=f"worst.{session.plan.hash[:8]}.{row}",
                        icon=":material/build:", type="tertiary", on_click=_apply, args=(session, finding),
                    )  # fmt: skip
        page = navigation.page_of("review", sign_in.who())
        if page is not None:
            left = len(reviewed.findings) - len(worst)
            st.page_link(page, label=f"See all findings{f' ({left} more)' if left else ''}")


def _apply(session: EditSession, finding: Finding) -> None:
    """A fix redraws the whole page: fields take their values from the changed plan."""
    apply_fix(session, finding)
    st.rerun()


def _pair(session: EditSession) -> tuple[str, str] | None:
    """The two components of the heat map, where that is the chart that was chosen."""
    ids = list(session.plan.by_id)
    first, second = (
        str(st.session_state.get(f"{session.field_version}.{name}", fallback)) for name, fallback in _axes(ids)
    )
    chosen = st.session_state.get("second") == "pair" and first != second and {first, second} <= set(ids)
    return (first, second) if chosen else None


def _axes(ids: list[str]) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("across", ids[0]), ("up", ids[min(1, len(ids) - 1)])


def _choose_second(session: EditSession) -> None:
    ids = list(session.plan.by_id)
    if len(ids) < 2:
        return
    names = component_names(session.plan)
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom", key="second_chart"):
        st.segmented_control(
            "Right-hand chart", ["total", "pair"], default="total", key="second", label_visibility="collapsed",
            format_func={"total": "By attainment", "pair": "Two measures"}.__getitem__,
        )  # fmt: skip
        if st.session_state.get("second") == "pair":
            for name, fallback in _axes(ids):
                st.selectbox(
                    name.capitalize(), ids, index=ids.index(fallback), format_func=names.__getitem__,
                    key=f"{session.field_version}.{name}",                    label_visibility="collapsed", width=180,
                )  # fmt: skip


def _tabs(session: EditSession, results: dict[str, float]) -> None:
    plan = session.plan
    statement, differences, file, python, source = st.tabs(_TABS, key="detail", on_change="rerun")
    if statement.open:
        statement.html(statement_table(payout(full_year(plan), results, "year")))
        statement.caption("The whole year as one period. For one period, use `compplan.pay(plan, results, period=1)`.")
    if differences.open:
        rows = pay_differences(session.reference, plan, results)
        differences.html(difference_table(rows, plan.currency))
        differences.caption(
            f"Before is the plan as you opened it ({session.origin}). Both use the same year-end results."
        )
    if file.open:
        file.code(plan.to_yaml(), language="yaml")
    if python.open:
        python.code(python_lines(plan, results), language="python")
    if source.open:
        with source:
            _source(session)


def _source(session: EditSession) -> None:
    about = session.plan.about
    try:
        source = facts.source(about.source or "")
    except LookupError:
        st.text(about.source or "This plan names no source.")
    else:
        st.html(render("designer.source", source.url, source.label))
        if source.care:
            st.caption(source.care)
    if about.note:
        st.text(about.note)
    if about.assumed:
        st.caption(
            (
                "1 value is our assumption"
                if len(about.assumed) == 1
                else f"{len(about.assumed)} values are our assumptions"
            )
            + "; the source gives none. A value that you set is no longer an assumption."
        )
        st.code("\n".join(about.assumed), language=None)
