"""The Review page: grade, findings with their fixes, questions, guides and rules."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from compplan.review import (
    DEFAULT_PROFILE,
    GUIDES,
    PROFILES,
    SEVERITIES,
    Finding,
    Profile,
    Review,
    elements,
    evidence_legend,
    rules,
)
from compplan.review.profiles import guide
from compplan.ui import navigation
from compplan.ui.host import sign_in
from compplan.ui.review import html, questions
from compplan.ui.review_state import applied_fix, apply_fix, current_review, fix_of, review_of
from compplan.ui.session import EditSession
from compplan.ui.widgets.findings import counts_text
from compplan.ui.widgets.html import key_figures_html
from compplan.ui.widgets.labels import verbatim

TABS = ("Findings", "Questions", "Compare guides", "Measures by guide", "Rules")
_TITLES = {"error": "Errors", "warning": "Warnings", "info": "Notes"}
_CONDITION_PARTS = ("gates", "modifiers", "kickers", "caps")


def guide_choice(session: EditSession) -> None:
    """The guide that the review follows."""
    key = f"{session.field_version}.review.profile"

    def chosen() -> None:
        st.session_state["review.before"] = session.profile
        session.profile = next(profile for profile in PROFILES if profile == st.session_state[key])

    st.session_state[key] = session.profile
    st.selectbox(
        "Guide to follow",
        list(PROFILES),
        format_func=html.profile_name,
        key=key,
        on_change=chosen,
        label_visibility="collapsed",
    )
    st.caption(html.profile_about(session.profile))


def draw(session: EditSession) -> None:
    """Draw the right-hand side of the page."""
    review = current_review(session)
    st.html(key_figures_html(html.key_figures(review)))
    st.caption(html.verdict(review))
    _applied(session)
    for name, tab in zip(TABS, st.tabs(TABS, key="review.tab", on_change="rerun"), strict=True):
        if tab.open:
            with tab:
                _tab(name, session, review)


def _tab(name: str, session: EditSession, review: Review) -> None:
    match name:
        case "Findings":
            _findings(session, review)
        case "Questions":
            st.caption(
                "Rules need these answers. Answering is optional, and a rule without an answer does not count as "
                "passed."
            )
            questions.questions(session, review)
        case "Compare guides":
            _compare_guides(session, review)
        case "Measures by guide":
            st.caption(
                "What five guides say about paying on each measure. They disagree. Open a row for conditions and "
                "reasons."
            )
            st.html(html.measures_table(elements(), {component.measure for component in session.plan.components}))
        case _:
            _rules(review)


def _findings(session: EditSession, review: Review) -> None:
    if not review.findings:
        st.caption("No findings. Rules that need an answer were not checked; see Questions.")
    for severity in SEVERITIES:
        findings = [finding for finding in review.findings if finding.severity == severity]
        if findings:
            st.subheader(f"{_TITLES[severity]} ({len(findings)})", anchor=False)
        for finding in findings:
            _finding(session, review, finding)
    if review.findings:
        st.caption(evidence_legend(review.findings))


def _finding(session: EditSession, review: Review, finding: Finding) -> None:
    """A finding with its fix and the way to its setting."""
    index = review.findings.index(finding)
    with st.container(key=f"finding_{index}", gap="small"):
        st.html(html.finding_html(finding, session.plan))
        fixed = fix_of(review, finding) if finding.fix else None
        setting = setting_of(session, finding.place)
        if fixed is None and setting is None:
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            if fixed is not None:
                st.button(
                    verbatim(fixed.fix.title), key=f"fix.{session.plan.hash[:8]}.{index}", icon=":material/build:",
                    on_click=apply_fix, args=(session, finding), help="You can undo this.",
                )  # fmt: skip
                preview = st.popover("Preview changes", key=f"preview.{index}", on_change="rerun")
                if preview.open:
                    with preview:
                        st.html(html.fix_table(review, fixed))
                st.caption(html.fix_effect(review, fixed))
            designer = navigation.page_of("", sign_in.who())
            if setting is not None and designer is not None and st.button(
                "Go to this setting", key=f"show.{index}", type="tertiary", icon=":material/tune:"
            ):  # fmt: skip
                st.session_state.update(setting)
                st.switch_page(designer)


def setting_of(session: EditSession, path: str) -> dict[str, Any] | None:
    """Session values that make the Designer show the setting at a path of the plan; None if it has no such setting.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("knowup-csat-weighted")
    >>> session = EditSession(plan, plan, "template")
    >>> setting_of(session, "components[2].curve"), setting_of(session, "pay"), setting_of(session, "rounding")
    ({'section.curves': True, '0.picked': 2}, {}, None)
    """
    head = path.partition("[")[0].partition(".")[0]
    if head in ("pay", "role", "segment") or path.endswith(".weight"):
        return {}
    if head in _CONDITION_PARTS:
        return {"section.conditions": True}
    component = re.match(r"components\[(\d+)\]", path)
    if not component or int(component[1]) >= len(session.plan.components):
        return None
    return {"section.curves": True, f"{session.field_version}.picked": int(component[1])}


def _applied(session: EditSession) -> None:
    """What the last fix did, with a way back."""
    applied = applied_fix(session)
    if applied is None:
        return
    with st.container(key="applied", border=True):
        st.html(html.applied_html(applied.before, applied.fixed))
        st.button("Undo fix", key="undo_fix", icon=":material/undo:", on_click=session.undo, disabled=not session.past)


def _compare_guides(session: EditSession, review: Review) -> None:
    before: Profile = st.session_state.get("review.before", DEFAULT_PROFILE)
    others: list[Profile] = [profile for profile in PROFILES if profile != session.profile]
    against = st.selectbox(
        "Compare with", others, index=others.index(before) if before in others else 0,
        key=f"review.against.{session.profile}", format_func=html.profile_name,
    )  # fmt: skip
    other = review_of(session.plan, session.context, against)
    grades = (
        f"grade {each.grade} ({counts_text(each)}) with {guide(GUIDES[each.profile])}" for each in (review, other)
    )
    st.html(html.compare_headline("; ".join(grades)) + html.profile_changes(review, other))


def _rules(review: Review) -> None:
    text = st.text_input("Find a rule", key="review.find", placeholder="KNW, weight, TSIA …").strip().lower()
    matching = [
        rule
        for rule in rules().values()
        if not text or text in f"{rule.id} {rule.title} {rule.source} {rule.why}".lower()
    ]
    st.caption(f"{len(matching)} of {len(rules())} rules. See their thresholds in docs/review.md or `compplan rules`.")
    st.html(html.rules_table(matching, review))
