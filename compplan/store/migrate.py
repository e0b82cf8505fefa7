"""The tables brought to where this program needs them, once, however many servers start at the same time."""

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
    """The revision that this program works with.

    Examples
    --------
    >>> head()
    '0001'
    """
    return str(_scripts().get_current_head())


def revision(connection: Connection) -> str | None:
    """The revision that a database is at; None where it has none."""
    return _context(connection, {}).get_current_revision()


def upgrade(connection: Connection) -> None:
    """Take the steps that are missing, within the connection's transaction, which is one that writes.

    Raises
    ------
    Unavailable
        If the database belongs to something else or to a newer program.
    """
    if connection.dialect.name == "postgresql":
        # Held to the end of the transaction; SQLite's transaction that writes is a lock already.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    tables = set(inspect(connection).get_table_names())
    if TABLE not in tables and tables:
        raise Unavailable("this database belongs to something else; give compplan one of its own.")
    at = revision(connection)
    if at == head():
        return
    known = {script.revision for script in _scripts().walk_revisions()}
    if at is not None and at not in known:
        raise Unavailable(
            f"this database is of a newer compplan (revision {at[:20]!r}; this program reads up to {head()}). "
            "Update the program."
        )

    def steps(revision: Any, _: Any) -> Any:
        return _scripts()._upgrade_revs(head(), revision)  # pyright: ignore[reportPrivateUsage]

    context = _context(connection, {"fn": steps})
    with context.begin_transaction(), Operations.context(context):
        context.run_migrations()


def _context(connection: Connection, options: dict[str, Any]) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"version_table": TABLE, **options})
