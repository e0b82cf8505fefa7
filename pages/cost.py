"""Cost: what a plan costs, when, and how wrong that may be; what a share link opens."""

import streamlit as st

from compplan.access import Right
from compplan.errors import CompPlanError
from compplan.store import SharedVersion
from compplan.ui.benchmarks.session import desk
from compplan.ui.cost import controls, page
from compplan.ui.cost.page import Door
from compplan.ui.cost.session import PEOPLE, Asked, Inputs
from compplan.ui.host import sign_in
from compplan.ui.saved import shared
from compplan.ui.session import edit_session
from compplan.ui.shell import header
from compplan.ui.widgets.html import show_error

link = shared.token()
here = sign_in.actor(*(() if link else (Right.COST,)))
session, reading = edit_session(), desk().reading
if link:
    found = shared.open_it(link, here)
    if isinstance(found, SharedVersion):
        header.plain_header()
        shared.draw(found, session, here, link)
        st.stop()
    shared.turn_away(found, here)
    (header.plan_header if here.may(Right.READ) else header.plain_header)()
    shared.closed(found, here)
    if not here.may(Right.COST):
        st.stop()
else:
    header.plan_header()

table = reading.people if reading is not None else session.people
try:
    inputs = Inputs.of(session.plan, session.cost)
except CompPlanError as error:
    show_error(f"The assumptions that came with this plan cannot be read, so the usual ones stand in: {error}")
    inputs = Inputs.of(session.plan, {"people": PEOPLE})

left, right = st.columns([1, 2.35], gap="medium")
with left.container(key="controls"):
    st.toggle("Controls", value=True, key="sheet", on_change="ignore")
    st.subheader("People", anchor=False)
    controls.people(session, inputs, table)
    st.subheader("On top of pay", anchor=False)
    controls.loads(session, inputs)
    st.subheader("Budget", anchor=False)
    controls.budget(session, inputs)
    with st.expander("How results scatter", key="cost.scatter"):
        controls.uncertainty(session, inputs)
with right.container(key="wide"):
    asked = Asked.about(session.plan, inputs, table)
    if session.open_version and session.open_version.unseen and table is None and inputs.who == "people":
        st.html(
            f'<p class="cp-notice" role="status">Version {session.open_version.number} was reckoned on '
            f"{session.open_version.unseen:,} people, whose rows your role does not see. Here the plan is costed for "
            "a number of people instead.</p>"
        )
    door = Door(by_person=asked.table is not None, ask=sign_in.still(Right.COST))
    if page.draw(asked, door) is not None:
        page.downloads(asked, door, session.open_version)
    st.html(f'<span data-plan="{session.plan.hash[:12]}" hidden></span>')
