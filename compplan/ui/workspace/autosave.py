"""Write drafts beside the pages: a moment after a change, so that a slider never waits for the database."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from compplan.access import Actor
from compplan.errors import CompPlanError
from compplan.store import DraftConflict, Store
from compplan.store.base import new_id
from compplan.ui.workspace.state import DraftState

DELAY = 0.3  # seconds in which changes gather before they are written
_IDLE = 30.0  # seconds without work after which the thread ends
_LOGGER = logging.getLogger(__name__)


@dataclass
class DraftFile:
    """The draft of one session.

    Attributes
    ----------
    id : str
    revision : int
        The revision that this session wrote or read last; 0 before the first.
    state : DraftState or None
        The state of that revision, or the one that is on its way to the database.
    page : str
        Path of the page that was open then.
    problem : str
        Why the last attempt to write failed; empty where it did not.
    copied : datetime or None
        When this session went on in a copy, since another one had changed the draft. In UTC.
    original : str
        The draft that it is a copy of.
    """

    id: str = field(default_factory=new_id)
    revision: int = 0
    state: DraftState | None = None
    page: str = ""
    problem: str = ""
    copied: dt.datetime | None = None
    original: str = ""

    def fork(self) -> None:
        """Go on in a copy, so that neither session overwrites the other."""
        self.original, self.copied = self.id, dt.datetime.now(dt.UTC)
        self.id, self.revision = new_id(), 0


@dataclass(frozen=True, slots=True)
class _Job:
    store: Store
    file: DraftFile
    state: DraftState
    page: str
    unsaved: bool
    actor: Actor

    def write(self) -> None:
        """Write the draft; a failure is told in the session."""
        content = {"work": self.state.to_dict(), "page": self.page}
        try:
            try:
                self._keep(content)
            except DraftConflict:
                self.file.fork()
                self._keep(content)
        except CompPlanError as error:
            self.file.problem, self.file.state = str(error), None
        except Exception as error:  # noqa: BLE001 - the thread goes on with the drafts of others
            _LOGGER.error("A draft was not written: %s", type(error).__name__)
            self.file.problem, self.file.state = "The database did not take it.", None
        else:
            self.file.problem = ""

    def _keep(self, content: Mapping[str, object]) -> None:
        self.file.revision = self.store.keep_draft(
            self.file.id, self.state.plan.name, content, base=self.file.revision, by=self.actor, unsaved=self.unsaved
        )


class Autosave:
    """Writes the newest state of each draft in a thread of its own, which ends where nothing is left to do."""

    def __init__(self, delay: float = DELAY) -> None:
        self._delay = delay
        self._changed = threading.Condition()
        self._jobs: dict[int, _Job] = {}
        self._thread: threading.Thread | None = None
        self._written: list[_Job] = []  # being written at this moment
        self._hurry = False

    def keep(self, store: Store, file: DraftFile, state: DraftState, *, page: str, unsaved: bool, actor: Actor) -> None:
        """Write a state soon; a newer one of the same draft takes its place."""
        file.state, file.page = state, page
        with self._changed:
            self._jobs[id(file)] = _Job(store, file, state, page, unsaved, actor)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="compplan-drafts", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def settle(self, file: DraftFile) -> bool:
        """Write what other sessions have on its way to this draft; False where this session itself has something."""
        with self._changed:
            jobs = [*self._jobs.values(), *self._written]
        if any(job.file is file for job in jobs):
            return False
        return self.flush() if any(job.file.id == file.id for job in jobs) else True

    def flush(self, timeout: float = 10.0) -> bool:
        """Write what is left now; False where that took longer than `timeout` [s]."""
        with self._changed:
            self._hurry = True
            self._changed.notify_all()
            done = self._changed.wait_for(lambda: not self._jobs and not self._written, timeout)
            self._hurry = False
        return done

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._changed.wait_for(lambda: self._jobs, _IDLE):
                    self._thread = None
                    return
                due = time.monotonic() + self._delay
                self._changed.wait_for(lambda: self._hurry, max(due - time.monotonic(), 0.0))
                self._written, self._jobs = list(self._jobs.values()), {}
            for job in self._written:
                job.write()
            with self._changed:
                self._written = []
                self._changed.notify_all()


autosave = Autosave()
