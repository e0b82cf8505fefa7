"""The work of a session: opened from its address or its last draft, and kept after each run."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field, replace

import streamlit as st

from compplan import templates
from compplan.access import Actor, Right
from compplan.errors import CompPlanError
from compplan.plan.links import decode
from compplan.store import Draft, NotFound, Store
from compplan.ui.host import deployment, sign_in
from compplan.ui.session import EditSession, edit_session, open_session, start_session
from compplan.ui.widgets.versions import open_version
from compplan.ui.workspace import address
from compplan.ui.workspace.autosave import DraftFile, autosave
from compplan.ui.workspace.state import DraftState

_KEY = "compplan.work"
_LOOK_AGAIN = 1.0  # seconds between looks at what other tabs wrote


@dataclass(frozen=True, slots=True)
class Restored:
    """A draft that was opened again.

    Attributes
    ----------
    at : datetime
        When it was last written, in UTC.
    unsaved : bool
        Whether it has changes that no saved plan has.
    files : tuple of str
        The files that have to be uploaded again.
    """

    at: dt.datetime
    unsaved: bool
    files: tuple[str, ...] = ()


@dataclass
class Work:
    """What the session keeps of its draft.

    Attributes
    ----------
    file : DraftFile
    start : DraftState or None
        The state at the end of the first run, which nothing was done to yet.
    page : str
        Path of the page that is open.
    restored : Restored or None
        The draft that the session began with, until the person closes the message.
    problem : str
        Why the address could not be opened.
    others : dict
        The drafts of other plans that this session had open, by what was open.
    """

    file: DraftFile = field(default_factory=DraftFile)
    start: DraftState | None = None
    page: str = ""
    restored: Restored | None = None
    problem: str = ""
    others: dict[object, DraftFile] = field(default_factory=dict[object, DraftFile])
    looked: float = 0.0


def work() -> Work:
    """The work of this session."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Work()
    current: Work = st.session_state[_KEY]
    return current


# Opening


def enter(actor: Actor) -> str | None:
    """Open what the address names, or else the last draft, before a page runs.

    Returns
    -------
    str or None
        Path of the page on which a restored draft was last open, where the address names nothing.
    """
    if sign_in.SHARE in st.query_params or not actor.may(Right.READ):
        return None
    page = None
    if open_session() is None:
        query = st.query_params
        target, draft = address.read(query.get(address.OPEN, "")), query.get(address.DRAFT, "")
        bare = not {address.OPEN, address.DRAFT, address.PLAN} & set(query)
        if bare:
            page = _restore_last(actor)
        elif target is not None and target.kind == "draft":
            _restore(target.key, actor)
        elif not (draft and _restore(draft, actor, base=target)) and target is not None:
            _open(target, actor)
        elif address.OPEN in query and target is None:
            work().problem = "This address names no plan. Check that you copied all of it."
    _open_plan_link()
    _look_for_other_tabs(actor)
    return page


def _restore_last(actor: Actor) -> str | None:
    if not actor.may(Right.SAVE):
        return None
    autosave.flush()  # the tab that was just closed or reloaded may have something on its way
    try:
        latest = next(iter(deployment.store().drafts(by=actor)), None)
    except CompPlanError:
        return None  # the pages work without the database, and say so where it is used
    return work().page if latest is not None and _restore(latest.id, actor) else None


def _restore(draft_id: str, actor: Actor, base: address.Target | None = None) -> bool:
    """Open a draft; where that fails, the reason is shown. `base` can be opened instead of a draft of somebody else."""
    current = work()
    if not actor.may(Right.SAVE):
        current.problem = "" if base else "Your role can't open drafts. Ask for a link to a saved plan."
        return False
    try:
        autosave.flush()
        store = deployment.store()
        draft = store.draft(draft_id, by=actor)
        open_draft(draft, store, actor)
    except CompPlanError as error:
        current.problem = "" if base and isinstance(error, NotFound) else str(error)
        return False
    return True


def open_draft(draft: Draft, store: Store, actor: Actor) -> None:
    """Put a draft in place of whatever is open.

    Raises
    ------
    CompPlanError
        If this release can't read it.
    """
    content = draft.state
    state = DraftState.of(content.get("work", {}))
    session = state.restore()
    _with_people(session, store, actor)
    start_session(session)
    page = content.get("page", "")
    file = DraftFile(draft.id, draft.revision, page=str(page))
    st.session_state[_KEY] = Work(
        file, page=str(page), restored=Restored(draft.at, draft.unsaved, state.files) if draft.unsaved else None
    )
    file.state = DraftState.of_session(session)


def _with_people(session: EditSession, store: Store, actor: Actor) -> None:
    """Take the people of the saved version from the database; if the version is gone, the plan is an unsaved one."""
    opened = session.open_version
    if opened is None:
        return
    fresh = EditSession(session.plan, session.plan, "")
    try:
        version = store.version(opened.scenario_id, opened.number, by=actor)
        open_version(fresh, version, opened.name)
    except NotFound:
        session.open_version, session.origin = None, "draft of a removed plan"
        return
    session.people = fresh.people
    if fresh.open_version is not None:
        session.open_version = replace(opened, unseen=fresh.open_version.unseen)


def _open(target: address.Target, actor: Actor) -> None:
    """Open a template or a saved version; where that fails, the reason is shown."""
    session = edit_session()
    try:
        if target.kind == "template":
            session.open(templates.load(target.key), "template")
        else:
            store = deployment.store()
            name = next((each.name for each in store.scenarios(by=actor) if each.id == target.key), "")
            version = store.version(target.key, target.number, by=actor)
            open_version(session, version, name or version.name)
    except CompPlanError as error:
        work().problem = str(error)
    session.past.clear()


def _open_plan_link() -> None:
    """Open the plan of a plan link, once."""
    text = st.query_params.get(address.PLAN)
    if text is None or st.session_state.get(address.LINK) == text:
        return
    st.session_state[address.LINK] = text
    if open_session() is not None and work().file.revision and address.DRAFT in st.query_params:
        return  # the draft of this link was restored
    session = edit_session()
    current = work()
    current.problem = ""
    try:
        session.open(decode(text), "link")
        session.past.clear()
    except CompPlanError as error:
        current.problem = str(error)


# Keeping


def keep(page: str | None = None) -> None:
    """Keep the work of this session, and let the address name it; called at the end of each run.

    Parameters
    ----------
    page : str, optional
        Path of the page; left out in the run of a fragment.
    """
    session, actor = open_session(), sign_in.who()
    if session is None or sign_in.SHARE in st.query_params or not actor.may(Right.READ):
        return
    current = work()
    if page is not None:
        current.page = page
    state = DraftState.of_session(session)
    if current.start is None:
        current.start = state
    _choose_file(current, session)
    file = current.file
    if file.state is None and state == current.start and not file.problem:
        address.write(session, "")
        return
    if file.state != state or file.page != current.page:
        _write(current, session, state, actor)
    address.write(session, "" if file.problem or not actor.may(Right.SAVE) else file.id)


def _write(current: Work, session: EditSession, state: DraftState, actor: Actor) -> None:
    file = current.file
    if not actor.may(Right.SAVE):
        return
    unsaved = is_unsaved(session)
    try:
        autosave.keep(deployment.store(), file, state, page=current.page, unsaved=unsaved, actor=actor)
    except CompPlanError as error:
        file.problem = str(error)
    current.others[_opened(session)] = file


def is_unsaved(session: EditSession) -> bool:
    """Whether the plan would be lost without its draft: no template, saved version or link has it."""
    return session.changed or (session.origin == "file" and session.open_version is None)


def _opened(session: EditSession) -> object:
    opened = session.open_version
    return session.reference.hash, opened and (opened.scenario_id, opened.number)


def _choose_file(current: Work, session: EditSession) -> None:
    """Keep the draft of a plan that is not open any more as it is, and go on in another."""
    file = current.file
    if file.state is None:
        return
    before = file.state.reference.hash, file.state.open_version and (
        file.state.open_version.scenario_id, file.state.open_version.number,
    )  # fmt: skip
    if before == _opened(session) or file.state.plan == session.plan:
        return
    known = current.others.get(_opened(session))
    current.file = known if known is not None and known is not file else DraftFile()


def _look_for_other_tabs(actor: Actor) -> None:
    """Go on in a copy where another tab has changed the draft, before this run shows anything."""
    current = work() if _KEY in st.session_state else None
    if current is None or not current.file.revision or time.monotonic() - current.looked < _LOOK_AGAIN:
        return
    current.looked = time.monotonic()
    if not autosave.settle(current.file):
        return
    try:
        revision = deployment.store().draft_revision(current.file.id, by=actor)
    except CompPlanError:
        return
    if revision is not None and revision != current.file.revision:
        current.file.fork()
        current.file.state = None


def discard(session: EditSession) -> None:
    """Go back to the plan as it was opened; undo brings the changes back."""
    session.open(session.reference, session.origin, session.open_version, session.people)
    work().restored = None


def draft_problem() -> str:
    """Why the work of this session is not kept; empty where it is."""
    return work().file.problem
