"""`Store`: one for all sessions of a server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Self

from compplan.store.approvals import Approvals
from compplan.store.audit import Trails
from compplan.store.backups import Backups
from compplan.store.base import Keeper
from compplan.store.database import Database, address
from compplan.store.plans import Plans
from compplan.store.retention import Upkeep
from compplan.store.share_links import Doors


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Store(Plans, Approvals, Doors, Trails, Upkeep, Backups, Keeper):
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
