"""Cost: what a plan costs, when, and how far that may vary; also what a share link opens."""

import streamlit as st

from compplan.access import Right
from compplan.errors import CompPlanError
from compplan.store import SharedVersion
from compplan.ui.cost import controls, page
from compplan.ui.cost.session import DEFAULT_HEADCOUNT, CostInputs, CostRequest, CostVisibility
from compplan.ui.host import sign_in
from compplan.ui.people import people_file
from compplan.ui.saved import shared
from compplan.ui.session import edit_session
from compplan.ui.shell import header
from compplan.ui.widgets.html import show_error, show_notice
from compplan.ui.widgets.labels import verbatim

link = shared.token()
actor = sign_in.actor(*(() if link else (Right.COST,)))
session, reading = edit_session(), people_file().reading
if link:
    opened = shared.open_it(link, actor)
    if isinstance(opened, SharedVersion):
        header.plain_header()
        shared.draw(opened, session, actor, link)
        st.stop()
    shared.turn_away(opened, actor)
    (header.plan_header if actor.may(Right.READ) else header.plain_header)()
    shared.closed(opened, actor)
    if not actor.may(Right.COST):
        st.stop()
else:
    header.plan_header()

table = reading.people if reading is not None else session.people
try:
    inputs = CostInputs.of(session.plan, session.cost)
except CompPlanError as error:
    show_error(f"The assumptions of this version can't be read, so the default ones are used. {error}")
    inputs = CostInputs.of(session.plan, {"people": DEFAULT_HEADCOUNT})

left, right = st.columns([1, 2.35], gap="medium")
with left.container(key="controls"):
    st.toggle("Controls", value=True, key="sheet", on_change="ignore")
    st.subheader("People", anchor=False)
    controls.people(session, inputs, table)
    st.subheader("Taxes, benefits, overhead", anchor=False)
    controls.loads(session, inputs)
    st.subheader("Budget", anchor=False)
    controls.budget(session, inputs)
    with st.expander("How results vary", key="cost.scatter"):
        controls.uncertainty(session, inputs)
with right.container(key="wide"):
    request = CostRequest.of(session.plan, inputs, table)
    if session.open_version and session.open_version.unseen and table is None and inputs.who == "people":
        show_notice(
            f"Version {session.open_version.number} was costed for {session.open_version.unseen:,} people. Your role "
            "does not include their rows, so this page uses a headcount instead."
        )
    if reading is not None and request.table is not None:
        for line in reading.account().lines():
            st.caption(verbatim(line))
    visibility = CostVisibility(by_person=request.table is not None, check_access=sign_in.still(Right.COST))
    if page.draw(request, visibility) is not None:
        page.downloads(request, visibility, session.open_version)
    st.html(f'<span data-plan="{session.plan.hash[:12]}" hidden></span>')
