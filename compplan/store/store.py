"""`Store`: one for all sessions of a server."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Callable
from typing import Any, Self

from compplan.store.approvals import Approvals
from compplan.store.audit import AuditLog
from compplan.store.backups import Backups
from compplan.store.base import StoreBase
from compplan.store.database import Database, address
from compplan.store.plans import Plans
from compplan.store.records import AuditEvent
from compplan.store.retention import Retention, RetentionResult
from compplan.store.share_links import ShareLinks


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _warn_renamed(old: str, new: str) -> None:
    warnings.warn(f"Store.{old} is now Store.{new}.", DeprecationWarning, stacklevel=3)


class Store(Plans, Approvals, ShareLinks, AuditLog, Retention, Backups, StoreBase):
    """Saved plans in a database; open one with `Store.open`, close it when the program ends.

    It may be used from many threads at once. Whoever calls says who does it: what they may not do is refused with
    `NotAllowed`, here and not only on the page.
    """

    @classmethod
    def open(cls, url: str | None = None, *, clock: Callable[[], dt.datetime] = _now) -> Self:
        """Open the database and bring its tables to where this program needs them.

        Parameters
        ----------
        url : str, optional
            ``sqlite:///file`` or ``postgresql://…``; `COMPPLAN_DATABASE_URL` if left out, else a file in the user's
            data directory.
        clock : callable, optional
            What saves are dated with.

        Raises
        ------
        Unavailable
            If it does not answer, belongs to something else, or to a newer program.
        """
        database = Database(address(url))
        try:
            database.open()
        except BaseException:
            database.close()
            raise
        return cls(database, clock)

    # Names of compplan 0.1, removed in 0.3.

    def trail(self, **options: Any) -> tuple[AuditEvent, ...]:
        """Call `audit_log` under its name of compplan 0.1."""
        _warn_renamed("trail", "audit_log")
        return self.audit_log(**options)

    def note(self, event: str, **options: Any) -> None:
        """Call `record_event` under its name of compplan 0.1."""
        _warn_renamed("note", "record_event")
        self.record_event(event, **options)

    def retain(self, days: int, **options: Any) -> RetentionResult:
        """Call `apply_retention` under its name of compplan 0.1."""
        _warn_renamed("retain", "apply_retention")
        return self.apply_retention(days, **options)

    @property
    def place(self) -> str:
        """Where it keeps things: a file, or host and database; no user and no password."""
        return self._database.place

    def ready(self) -> bool:
        """Whether the database answers and its tables are as this program needs them."""
        return self._database.ready()

    def close(self) -> None:
        """End every connection."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Store at {self.place}>"
