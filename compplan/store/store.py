"""The class `Store`, which one server opens once for all its sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Self

from compplan._moved import OldName
from compplan.store.approvals import Approvals
from compplan.store.audit import AuditLog
from compplan.store.backups import Backups
from compplan.store.base import StoreBase
from compplan.store.database import Database, address
from compplan.store.drafts import Drafts
from compplan.store.plans import Plans
from compplan.store.retention import Retention
from compplan.store.share_links import ShareLinks


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Store(Plans, Drafts, Approvals, ShareLinks, AuditLog, Retention, Backups, StoreBase):
    """Saved plans in a database. Open it with `Store.open` and close it when the program ends.

    A store can be used from many threads at once. Every method takes the actor who calls it and raises `NotAllowed`
    if the actor lacks the right, whatever the page shows.
    """

    @classmethod
    def open(cls, url: str | None = None, *, clock: Callable[[], dt.datetime] = _now) -> Self:
        """Open the database and migrate its tables to the current revision.

        Parameters
        ----------
        url : str, optional
            ``sqlite:///file`` or ``postgresql://…``. Default: `COMPPLAN_DATABASE_URL`, else a file in the user's data
            directory.
        clock : callable, optional
            Returns the current time, with a time zone.

        Raises
        ------
        Unavailable
            If the database does not answer, belongs to another program, or was written by a newer compplan.
        """
        database = Database(address(url))
        try:
            database.open()
        except BaseException:
            database.close()
            raise
        return cls(database, clock)

    # Names of compplan 0.1, removed in 0.3.

    trail = OldName("audit_log")
    note = OldName("record_event")
    retain = OldName("apply_retention")

    @property
    def place(self) -> str:
        """The file, or the host and database name; never a user or password."""
        return self._database.place

    def ready(self) -> bool:
        """Return whether the database answers and its tables are at the current revision."""
        return self._database.ready()

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Store at {self.place}>"
