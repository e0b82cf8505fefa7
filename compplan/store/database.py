"""The database behind the store: how it is found, opened and spoken to, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import platformdirs
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from compplan.store import migrate
from compplan.store.errors import Unavailable

VARIABLE = "COMPPLAN_DATABASE_URL"
PATIENCE = 30  # seconds to wait for another writer
_PRAGMAS = (
    f"busy_timeout = {PATIENCE * 1000}",
    "journal_mode = WAL",
    "synchronous = FULL",  # a save that returned survives the loss of power
    "foreign_keys = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",  # no people's rows in temporary files
)


def default_file() -> Path:
    """Where plans are kept unless something else is said: a file in the user's data directory."""
    return Path(platformdirs.user_data_dir("compplan", appauthor=False)) / "compplan.db"


def address(url: str | None) -> URL:
    """Where the database is.

    Parameters
    ----------
    url : str or None
        ``sqlite:///file`` or ``postgresql://…``; None for `VARIABLE` of the environment, else `default_file`.

    Raises
    ------
    Unavailable
        If it is no address of a database that can be used. What was given is not repeated: it may hold a password.

    Examples
    --------
    >>> address("postgresql://cs@db.example/plans").drivername
    'postgresql+psycopg'
    >>> address("mysql://root:secret@db/plans")
    Traceback (most recent call last):
    compplan.store.errors.Unavailable: COMPPLAN_DATABASE_URL must begin with sqlite:/// or postgresql://.
    """
    given = url or os.environ.get(VARIABLE) or URL.create("sqlite", database=str(default_file()))
    try:
        made = make_url(given)
    except (ArgumentError, ValueError):
        made = None
    if made is None or made.drivername not in {"sqlite", "postgresql", "postgres", "postgresql+psycopg"}:
        raise Unavailable(f"{VARIABLE} must begin with sqlite:/// or postgresql://.")
    if made.drivername != "sqlite":
        return made.set(drivername="postgresql+psycopg")
    if made.database in {None, "", ":memory:"} or made.query or str(made.database).startswith("file:"):
        raise Unavailable(f"{VARIABLE}: SQLite takes a file and nothing else, such as sqlite:////srv/compplan.db.")
    return made


def place_of(url: URL) -> str:
    """The file, or host and name, without user and password.

    Examples
    --------
    >>> place_of(address("postgresql://cs:secret@db.example/plans"))
    'db.example/plans'
    """
    if url.drivername == "sqlite":
        return str(url.database)
    return f"{url.host or 'local socket'}/{url.database or ''}"


class Database:
    """Connections, and transactions that read or write; its faults are sentences without what was sent.

    Parameters
    ----------
    url : URL
        See `address`.

    Attributes
    ----------
    place : str
        The file, or host and name; no user and no password.
    """

    def __init__(self, url: URL) -> None:
        self.sqlite = url.drivername == "sqlite"
        self.place = place_of(url)
        # Threads of this process queue here, which is faster than what SQLite does between processes.
        self._turn = threading.Lock()
        if self.sqlite:
            _make_file(Path(str(url.database)))
        try:
            self.engine = _sqlite(url) if self.sqlite else _postgresql(url)
        except (SQLAlchemyError, ImportError) as error:
            self._fail(error)

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """A transaction that sees one state of the database throughout."""
        with self._told(), self.engine.connect() as connection:
            if not self.sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """A transaction that writes: all of it or nothing, on the disk when it ends."""
        if not self.sqlite:
            with self._told(), self.engine.begin() as connection:
                yield connection
            return
        with self._told(), self._turn, self.engine.connect() as connection:
            connection = connection.execution_options(compplan_begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield connection

    def open(self) -> None:
        """Bring the tables to where the program needs them.

        Raises
        ------
        Unavailable
        """
        with self.writing() as connection:
            migrate.upgrade(connection)

    def ready(self) -> bool:
        """Whether it answers and is at the revision that this program works with."""
        try:
            with self.reading() as connection:
                connection.execute(text("SELECT 1"))
                return migrate.revision(connection) == migrate.head()
        except Unavailable:
            return False

    def scrub(self) -> bool:
        """Take what was deleted out of the files as well; False where somebody else's transaction stood in the way."""
        try:
            with self._told(), self._turn, self.engine.connect() as connection:
                if not self.sqlite:
                    raw = connection.execution_options(isolation_level="AUTOCOMMIT")
                    raw.execute(text(f"SET lock_timeout = '{PATIENCE}s'"))
                    raw.execute(text("VACUUM FULL people"))
                    raw.execute(text("RESET lock_timeout"))
                    return True
                # Pages that were split keep copies in their gaps that secure_delete does not see; a new file has none.
                raw = connection.execution_options(compplan_begin="")
                raw.exec_driver_sql("VACUUM")
                busy, *_ = raw.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
                return not busy
        except Unavailable:
            return False

    def close(self) -> None:
        """End every connection."""
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Generator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            self._fail(error)

    def _fail(self, error: Exception) -> NoReturn:
        """The fault as a sentence: the driver's own words may repeat a password or what was to be saved."""
        name = type(error).__name__
        if isinstance(error, DBAPIError):
            origin: Any = error.orig
            code = getattr(origin, "sqlstate", None) or getattr(origin, "sqlite_errorname", None)
            name = f"{type(origin).__name__}{f', {code}' if code else ''}"
        if isinstance(error, ImportError):
            raise Unavailable("PostgreSQL needs the driver of compplan[team]; install that.") from None
        raise Unavailable(f"the database at {self.place} cannot be used ({name}).") from None


def _make_file(path: Path) -> None:
    """The file and its folder, for nobody else to read; what somebody made themselves stays as it is."""
    ours = path == default_file()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if ours:
            path.parent.chmod(0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if ours:
            path.chmod(0o600)
    except OSError as error:
        raise Unavailable(f"the database at {path} cannot be used: {error.strerror}.") from None


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, hide_parameters=True, pool_size=20, max_overflow=40, connect_args={"timeout": PATIENCE})

    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin where `begin` says, not where the driver guesses
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    def begin(connection: Connection) -> None:
        # A transaction that reads first and then wants to write may be refused; one that writes says so at once.
        if words := connection.get_execution_options().get("compplan_begin", "BEGIN"):
            connection.exec_driver_sql(words)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _postgresql(url: URL) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        connect_args={"connect_timeout": 10, "application_name": "compplan"},
    )
