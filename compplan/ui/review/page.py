"""The review drawn: grade, findings with their fixes, what a profile changes, elements and rules."""

from __future__ import annotations

import html
import re
from typing import Any

import streamlit as st

from compplan.review import DEFAULT_PROFILE, PROFILES, SEVERITIES, Finding, Profile, Review, elements, rules
from compplan.ui import navigation
from compplan.ui.host import sign_in
from compplan.ui.review import html as review_views
from compplan.ui.review import questions
from compplan.ui.review import session as review_session
from compplan.ui.session import EditSession
from compplan.ui.widgets.html import key_figures_html
from compplan.ui.widgets.labels import verbatim

_TABS = ("Findings", "Questions", "Profiles", "Elements", "Rules")
_TITLES = {"error": "Errors", "warning": "Warnings", "info": "Notes"}
_APPLIED = "review.applied"


def profile(session: EditSession) -> None:
    """Which guide is followed."""
    key = f"{session.form}.review.profile"

    def chosen() -> None:
        st.session_state["review.before"] = session.profile
        session.profile = next(p for p in PROFILES if p == st.session_state[key])

    st.session_state[key] = session.profile
    st.selectbox(
        "Guide that is followed",
        list(PROFILES),
        format_func=review_views.profile_name,
        key=key,
        on_change=chosen,
        label_visibility="collapsed",
    )
    st.caption(review_views.profile_about(session.profile))


def draw(session: EditSession) -> None:
    """Everything on the right of the page."""
    seen = review_session.seen(session)
    st.html(key_figures_html(review_views.cards(seen)))
    st.caption(review_views.verdict(seen))
    _applied(session)
    for name, tab in zip(_TABS, st.tabs(_TABS, key="review.tab", on_change="rerun"), strict=True):
        if tab.open:
            with tab:
                _tab(name, session, seen)


def _tab(name: str, session: EditSession, seen: Review) -> None:
    if name == "Findings":
        _findings(session, seen)
    elif name == "Questions":
        st.caption("What rules would have to know. What is not answered is not taken as passed; nothing has to be.")
        questions.questions(session, seen)
    elif name == "Profiles":
        _profiles(session, seen)
    elif name == "Elements":
        st.caption(
            "What five guides say of paying on each element; they do not agree. Open a row for their "
            "conditions and reasons."
        )
        st.html(review_views.elements_html(elements(), {c.measure for c in session.plan.components}))
    else:
        _rules(seen)


def _findings(session: EditSession, seen: Review) -> None:
    if not seen.findings:
        st.html('<p class="cp-quiet">No rule has found anything. That says nothing of the questions that are open.</p>')
    for severity in SEVERITIES:
        found = [f for f in seen.findings if f.severity == severity]
        if found:
            st.subheader(f"{_TITLES[severity]} ({len(found)})", anchor=False)
        for finding in found:
            one(session, seen, finding)


def one(session: EditSession, seen: Review, finding: Finding) -> None:
    """A finding with its fix."""
    place = seen.findings.index(finding)
    with st.container(key=f"finding_{place}", gap="small"):
        st.html(review_views.finding_html(finding, session.plan))
        fixed = review_session.fix_of(seen, finding) if finding.fix else None
        way = control_of(session, finding.place)
        if fixed is None and way is None:
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            if fixed is not None:
                st.button(
                    verbatim(fixed.fix.title), key=f"fix.{session.plan.hash[:8]}.{place}", icon=":material/build:",
                    on_click=apply, args=(session, finding), help="Undo brings the plan back.",
                )  # fmt: skip
                preview = st.popover("Before and after", key=f"preview.{place}", on_change="rerun")
                if preview.open:
                    with preview:
                        st.html(review_views.fixed_html(seen, fixed))
                st.caption(review_views.effect(seen, fixed))
            designer = navigation.page_of("", sign_in.who())
            if way is not None and designer is not None and st.button(
                "Show the control", key=f"show.{place}", type="tertiary", icon=":material/tune:"
            ):  # fmt: skip
                st.session_state.update(way)
                st.switch_page(designer)


_IN_CONDITIONS = ("gates", "modifiers", "kickers", "caps")


def control_of(session: EditSession, place: str) -> dict[str, Any] | None:
    """What has to stand open on the designer for the control of a place to be in sight; None where there is none.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("knowup-csat-weighted")
    >>> session = EditSession(plan, plan, "template")
    >>> control_of(session, "components[2].curve"), control_of(session, "pay"), control_of(session, "rounding")
    ({'section.curves': True, '0.picked': 2}, {}, None)
    """
    head = place.partition("[")[0].partition(".")[0]
    if head in ("pay", "role", "segment") or place.endswith(".weight"):
        return {}
    if head in _IN_CONDITIONS:
        return {"section.conditions": True}
    found = re.match(r"components\[(\d+)\]", place)
    if not found or int(found[1]) >= len(session.plan.components):
        return None
    return {"section.curves": True, f"{session.form}.picked": int(found[1])}


def apply(session: EditSession, finding: Finding) -> None:
    """Change the plan by the fix of a finding, and remember what that did."""
    seen = review_session.seen(session)
    if finding not in seen.findings:
        return
    fixed = review_session.fix_of(seen, finding)
    if fixed is None:
        return
    if session.rebuild(lambda _: fixed.plan):
        st.session_state[_APPLIED] = (session.plan.hash, fixed.fix.title, review_views.fixed_html(seen, fixed))


def _applied(session: EditSession) -> None:
    """What the last fix did, as long as the plan is the one that it made."""
    known = st.session_state.get(_APPLIED)
    if not known or known[0] != session.plan.hash:
        return
    with st.container(key="applied", border=True):
        st.html(f'<p class="cp-notice" role="status">Done: {html.escape(known[1])}.</p>{known[2]}')
        st.button("Undo this", key="undo_fix", icon=":material/undo:", on_click=session.undo, disabled=not session.past)


def _profiles(session: EditSession, seen: Review) -> None:
    before: Profile = st.session_state.get("review.before", DEFAULT_PROFILE)
    others: list[Profile] = [p for p in PROFILES if p != session.profile]
    against = st.selectbox(
        "Against",
        others,
        index=others.index(before) if before in others else 0,
        key=f"review.against.{session.profile}",
        format_func=review_views.profile_name,
    )
    other = review_session.seen_as(session.plan, session.context, against)
    st.html(
        f'<p class="cp-headline">Grade {seen.grade} ({review_views.counted(seen)}) here, {other.grade} '
        f"({review_views.counted(other)}) there.</p>{review_views.profile_changes(seen, other)}"
    )


def _rules(seen: Review) -> None:
    wanted = st.text_input("Find a rule", key="review.find", placeholder="KNW, weight, TSIA …").strip().lower()
    chosen = [r for r in rules().values() if not wanted or wanted in f"{r.id} {r.title} {r.source} {r.why}".lower()]
    st.caption(
        f"{len(chosen)} of {len(rules())} rules. Their thresholds are in `compplan rules` and in docs/review.md."
    )
    st.html(review_views.rules_html(chosen, seen))
