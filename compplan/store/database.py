"""The database connection of the store, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import platformdirs
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from compplan.store import migrate
from compplan.store.errors import Busy, Unavailable

VARIABLE = "COMPPLAN_DATABASE_URL"
PATIENCE = 5  # how long a save waits for another writer [s]
_START_PATIENCE = 60  # how long a start waits for another one that migrates the tables [s]
_BUSY = "Another program is writing to the database, so nothing was saved. Try again in a moment."
# SQLite: the lock of another process; PostgreSQL: lock_not_available, after lock_timeout.
_BUSY_CODES = frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED", "55P03"})
_PRAGMAS = (
    f"busy_timeout = {PATIENCE * 1000}",
    "journal_mode = WAL",
    "synchronous = FULL",  # a completed save survives a power failure
    "foreign_keys = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",  # no personal data in temporary files
)


def default_file() -> Path:
    """Return the default database file, in the user's data directory."""
    return Path(platformdirs.user_data_dir("compplan", appauthor=False)) / "compplan.db"


def address(url: str | None) -> URL:
    """Return the address of the database.

    Parameters
    ----------
    url : str or None
        ``sqlite:///file`` or ``postgresql://…``. None reads the environment variable `VARIABLE`, else takes
        `default_file`.

    Raises
    ------
    Unavailable
        If the address cannot be used. The message does not repeat the address, because it may contain a password.

    Examples
    --------
    >>> address("postgresql://cs@db.example/plans").drivername
    'postgresql+psycopg'
    >>> address("mysql://root:secret@db/plans")
    Traceback (most recent call last):
    compplan.store.errors.Unavailable: COMPPLAN_DATABASE_URL must begin with sqlite:/// or postgresql://.
    """
    source = url or os.environ.get(VARIABLE) or URL.create("sqlite", database=str(default_file()))
    try:
        parsed = make_url(source)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.drivername not in {"sqlite", "postgresql", "postgres", "postgresql+psycopg"}:
        raise Unavailable(f"{VARIABLE} must begin with sqlite:/// or postgresql://.")
    if parsed.drivername != "sqlite":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.database in {None, "", ":memory:"} or parsed.query or str(parsed.database).startswith("file:"):
        raise Unavailable(f"{VARIABLE}: For SQLite, give a file without options, such as sqlite:////srv/compplan.db.")
    return parsed


def place_of(url: URL) -> str:
    """Return the file, or the host and database name, without user and password.

    Examples
    --------
    >>> place_of(address("postgresql://cs:secret@db.example/plans"))
    'db.example/plans'
    """
    if url.drivername == "sqlite":
        return str(url.database)
    return f"{url.host or 'local socket'}/{url.database or ''}"


class Database:
    """Connections and transactions. Its errors never repeat a password or the data that was sent.

    Parameters
    ----------
    url : URL
        See `address`.

    Attributes
    ----------
    place : str
        The file, or the host and database name; never a user or password.
    """

    def __init__(self, url: URL) -> None:
        self.sqlite = url.drivername == "sqlite"
        self.place = place_of(url)
        # Threads of this process wait here, which is faster than the lock of SQLite between processes.
        self._write_lock = threading.Lock()
        self._is_open = False
        self._file = Path(str(url.database)).absolute() if self.sqlite else None
        if self._file is not None:
            _make_file(self._file)
        self._identity = self._current_identity()
        try:
            self.engine = _sqlite(url) if self.sqlite else _postgresql(url)
        except (SQLAlchemyError, ImportError) as error:
            self._fail(error)

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """Open a read transaction, which sees one state of the database until it ends."""
        self._check_file()
        with self._translated_errors(), self.engine.connect() as connection:
            if not self.sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """Open a write transaction: everything or nothing is written, and it is on disk when the block ends."""
        if not self.sqlite:
            with self._translated_errors(), self.engine.begin() as connection:
                self._check_revision(connection)
                yield connection
            return
        with self._translated_errors(), self._turn(), self.engine.connect() as connection:
            connection = connection.execution_options(compplan_begin="BEGIN IMMEDIATE")
            with connection.begin():
                self._check_revision(connection)
                yield connection

    def open(self) -> None:
        """Migrate the tables to the current revision.

        Raises
        ------
        Unavailable
        """
        until = time.monotonic() + _START_PATIENCE
        while True:
            try:
                with self.writing() as connection:
                    migrate.upgrade(connection)
            except Busy:
                if time.monotonic() > until:
                    raise
            else:
                self._is_open = True
                return

    def ready(self) -> bool:
        """Return whether the database answers and is at the revision that this program needs."""
        try:
            with self.reading() as connection:
                connection.execute(text("SELECT 1"))
                return migrate.revision(connection) == migrate.head()
        except Unavailable:
            return False

    def scrub(self) -> bool:
        """Remove deleted data from the database files too; return False if another transaction was in the way."""
        try:
            with self._translated_errors(), self._turn(), self.engine.connect() as connection:
                if not self.sqlite:
                    raw = connection.execution_options(isolation_level="AUTOCOMMIT")
                    raw.execute(text("VACUUM FULL people"))
                    return True
                # secure_delete misses copies in pages that were split. VACUUM writes a new file without them.
                raw = connection.execution_options(compplan_begin="")
                raw.exec_driver_sql("VACUUM")
                busy, *_ = raw.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
                return not busy
        except Unavailable:
            return False

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _translated_errors(self) -> Generator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            self._fail(error)

    @contextmanager
    def _turn(self) -> Generator[None]:
        """Wait for the other threads of this process that write."""
        self._check_file()
        if not self._write_lock.acquire(timeout=PATIENCE):
            raise Busy(_BUSY)
        try:
            yield
        finally:
            self._write_lock.release()

    def _current_identity(self) -> tuple[int, int] | None:
        """Return what tells the database file from another one at the same place; None if there is no file."""
        try:
            status = None if self._file is None else self._file.stat()
        except OSError:
            return None
        return None if status is None else (status.st_dev, status.st_ino)

    def _check_file(self) -> None:
        """Refuse to go on with a file that is no longer at its place: what is saved there would be lost."""
        if self._current_identity() != self._identity:
            self.engine.dispose()
            raise Unavailable(
                f"The database file {self.place} was moved or replaced while compplan ran. Put it back, or restart "
                "compplan."
            )

    def _check_revision(self, connection: Connection) -> None:
        """Refuse to write to tables that a newer program has changed meanwhile."""
        if self._is_open and migrate.current(connection) != migrate.head():
            raise Unavailable("A newer compplan has updated this database. Update this one, then start it again.")

    def _fail(self, error: Exception) -> NoReturn:
        """Raise the error in our own words, because the driver's message may repeat a password or the data."""
        name = type(error).__name__
        if isinstance(error, DBAPIError):
            origin: Any = error.orig
            code = getattr(origin, "sqlstate", None) or getattr(origin, "sqlite_errorname", None)
            if code in _BUSY_CODES:
                raise Busy(_BUSY) from None
            name = f"{type(origin).__name__}{f', {code}' if code else ''}"
        if isinstance(error, ImportError):
            raise Unavailable("The driver for PostgreSQL is missing. Install compplan[team].") from None
        raise Unavailable(f"The database at {self.place} cannot be used ({name}).") from None


def _make_file(path: Path) -> None:
    """Create the file and its folder, readable by this user only; an existing folder of the user keeps its mode."""
    is_default = path == default_file()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if is_default:
            path.parent.chmod(0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if is_default:
            path.chmod(0o600)
    except OSError as error:
        raise Unavailable(f"The database at {path} cannot be used: {error.strerror}.") from None


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, hide_parameters=True, pool_size=20, max_overflow=40, connect_args={"timeout": PATIENCE})

    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # `begin` below starts every transaction, not the driver
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    def begin(connection: Connection) -> None:
        # SQLite can refuse a transaction that reads first and writes later, so a write transaction starts as one.
        if statement := connection.get_execution_options().get("compplan_begin", "BEGIN"):
            connection.exec_driver_sql(statement)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _postgresql(url: URL) -> Engine:
    own = url.query.get("options", "")
    options = own if isinstance(own, str) else " ".join(own)
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        connect_args={
            "connect_timeout": 10,
            "application_name": "compplan",
            "options": f"{options} -c lock_timeout={PATIENCE}s".strip(),
        },
    )
