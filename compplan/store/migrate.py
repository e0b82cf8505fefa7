"""Migration of the tables, which runs once even if several servers start at the same time."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from compplan.store.errors import Unavailable

TABLE = "compplan_revision"
_LOCK = 0x636F6D70706C616E  # "compplan", as the number of an advisory lock


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parent / "migrations"))


@cache
def head() -> str:
    """Return the revision that this program needs.

    Examples
    --------
    >>> head()
    '0002'
    """
    return str(_scripts().get_current_head())


def revision(connection: Connection) -> str | None:
    """Return the revision of a database; None if it has none."""
    return _context(connection, {}).get_current_revision()


def current(connection: Connection) -> str | None:
    """Return the revision of a database that has one, in one query."""
    return connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar()


def upgrade(connection: Connection) -> None:
    """Run the missing migrations within the write transaction of the connection.

    Raises
    ------
    Unavailable
        If the database belongs to another program or to a newer compplan.
    """
    if connection.dialect.name == "postgresql":
        # The lock is held until the transaction ends. On SQLite the write transaction is the lock.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    tables = set(inspect(connection).get_table_names())
    if TABLE not in tables and tables:
        raise Unavailable("This database belongs to another program. Give compplan a database of its own.")
    at = revision(connection)
    if at == head():
        return
    known = {script.revision for script in _scripts().walk_revisions()}
    if at is not None and at not in known:
        raise Unavailable(
            f"A newer compplan wrote this database (revision {at[:20]!r}; this program reads up to {head()}). "
            "Update compplan."
        )

    def steps(revision: Any, _: Any) -> Any:
        return _scripts()._upgrade_revs(head(), revision)  # pyright: ignore[reportPrivateUsage]

    context = _context(connection, {"fn": steps})
    with context.begin_transaction(), Operations.context(context):
        context.run_migrations()


def _context(connection: Connection, options: dict[str, Any]) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"version_table": TABLE, **options})
