"""Backup and restore: one zip file of JSON lines, which moves between SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
import datetime as dt
import glob
import hashlib
import json
import os
import re
import secrets
import zipfile
import zlib
from collections.abc import Collection, Generator, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NoReturn, cast

from sqlalchemy import Boolean, Connection, Integer, Table, func, insert, select, text
from sqlalchemy.exc import IntegrityError

import compplan
from compplan.access import Actor, Right
from compplan.errors import CompPlanError
from compplan.plan import Plan
from compplan.store.audit import EVENTS
from compplan.store.base import StoreBase
from compplan.store.errors import NotPossible, StoreError
from compplan.store.schema import BACKED_UP, people, scenarios, versions
from compplan.store.validation import canonical_json

_FORMAT = 1
_TABLES_SINCE = "0001"  # the last migration that changed a table in a backup
_MANIFEST = "manifest.json"
_MOST_BYTES = 4_000_000_000  # all tables unpacked
_MOST_LINE = 2_000_000
_MOST_MANIFEST = 100_000
_AT_ONCE = 1_000
_ID, _HASH = re.compile(r"[A-Za-z0-9_-]{1,32}"), re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
# Columns with a fixed text format. All other text is free.
_FORMS: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(("at", "made", "archived", "expires", "revoked", "last_opened"), _MOMENT),
    **dict.fromkeys(("id", "scenario_id", "version_id", "snapshot_id", "link_id"), _ID),
    **dict.fromkeys(("plan_hash", "token_hash", "data"), _HASH),
    "kind": re.compile("submitted|withdrawn|rejected|approved|in_force"),
    "audience": re.compile("anyone|signed_in"),
    "event": re.compile("|".join(EVENTS)),
    "on": re.compile(r"2\d{3}-\d\d-\d\d"),
}
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_MAPPINGS = frozenset({"cost", "row", "detail"})


class Backups(StoreBase):
    """Write everything to a file, and restore it into an empty database."""

    def backup(self, file: Path, *, by: Actor, force: bool = False) -> dict[str, int]:
        """Write everything to one file that only its owner can read.

        Parameters
        ----------
        file : Path
        by : Actor
            Needs the rights to handle personal data and to read the audit log, because the file contains both.
        force : bool, optional
            Replace an existing file.

        Returns
        -------
        dict of str to int
            Number of rows by table.

        Raises
        ------
        StoreError
        """
        who = self._require(by, Right.PEOPLE, Right.AUDIT)
        at = self._stamp()
        if file.exists() and not force:
            raise StoreError(f"{file}: The file already exists. Choose another name, or use --force to replace it.")
        try:
            with _replacing(file) as out, self._database.reading() as connection:
                counts = _write(connection, out, at)
        except OSError as error:
            raise StoreError(f"{file}: The file cannot be written: {error.strerror}.") from None
        with self._database.writing() as connection:
            self._note(connection, "backed_up", who, detail=counts)
        return counts

    def restore_backup(self, file: Path, *, by: Actor, erase: Collection[str] = ()) -> dict[str, int]:
        """Restore a backup into an empty database: everything or nothing.

        Parameters
        ----------
        file : Path
        by : Actor
            Needs the rights to handle personal data and to read the audit log.
        erase : collection of str, optional
            Ids of people to leave out. A backup still contains people who were erased after it was written.

        Returns
        -------
        dict of str to int
            Number of rows by table.

        Raises
        ------
        StoreError
            If the file is not a backup, is damaged or changed, or if the database is not empty.
        """
        who = self._require(by, Right.PEOPLE, Right.AUDIT)
        try:
            with zipfile.ZipFile(file) as archive:
                manifest = _manifest(archive)
                with self._database.writing() as connection:
                    if any(connection.execute(select(func.count()).select_from(table)).scalar() for table in BACKED_UP):
                        raise NotPossible("This database is not empty. Restore a backup into a new database.")
                    try:
                        counts = {t.name: _read(connection, archive, t, manifest[t.name], erase) for t in BACKED_UP}
                    except IntegrityError:
                        _refuse("its rows contradict each other")
                    _check_heads(connection)
                    _advance_sequences(connection)
                    self._note(connection, "restored", who, detail=counts)
        except OSError as error:
            raise StoreError(f"{file}: The file cannot be read: {error.strerror or 'it is damaged'}.") from None
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
            _refuse("it is not a zip file, or it is damaged")
        return counts


# Writing


@contextlib.contextmanager
def _replacing(file: Path) -> Generator[IO[bytes]]:
    """Open a file for its owner alone that takes the place of `file` when the block ends without an error.

    Until then it has no name where the system can do that, so a program that is killed leaves nothing behind. Elsewhere
    the next backup removes what a killed one left.
    """
    for leftover in file.parent.glob(f".{glob.escape(file.name)}.????????"):
        leftover.unlink(missing_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(file.parent, os.O_TMPFILE | os.O_WRONLY, 0o600)
        is_named = False
    except (AttributeError, OSError):
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        is_named = True
    try:
        with os.fdopen(descriptor, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
            if not is_named:
                # Python follows the link of the first path only if it is given a folder, which plays no part here.
                os.link(f"/proc/self/fd/{out.fileno()}", draft, src_dir_fd=out.fileno(), follow_symlinks=True)
        draft.replace(file)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _write(connection: Connection, out: IO[bytes], at: str) -> dict[str, int]:
    tables: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in BACKED_UP:
            digest, count = hashlib.sha256(), 0
            query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_AT_ONCE)
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as lines:
                for row in connection.execute(query).mappings():
                    line = canonical_json(dict(row)).encode() + b"\n"
                    digest.update(line)
                    lines.write(line)
                    count += 1
            tables[table.name] = {"rows": count, "sha256": digest.hexdigest()}
        manifest = {
            "compplan_backup": _FORMAT,
            "revision": _TABLES_SINCE,
            "program": compplan.__version__,
            "at": at,
            "tables": tables,
        }
        archive.writestr(_MANIFEST, json.dumps(manifest, indent=2))
    return {name: entry["rows"] for name, entry in tables.items()}


# Reading: nothing in the file is trusted.


def _refuse(why: str) -> NoReturn:
    raise StoreError(f"This file cannot be restored: {why}.")


def _manifest(archive: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    names = {_MANIFEST, *(f"{table.name}.jsonl" for table in BACKED_UP)}
    entries = archive.infolist()
    if len(entries) != len(names) or {entry.filename for entry in entries} != names:
        _refuse("it does not contain the files of a backup")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        _refuse("its compression is not the one of a backup")
    if sum(entry.file_size for entry in entries) > _MOST_BYTES or archive.getinfo(_MANIFEST).file_size > _MOST_MANIFEST:
        _refuse("it unpacks to more than a backup can have")
    try:
        with archive.open(_MANIFEST) as file:
            manifest: Any = json.loads(file.read(_MOST_MANIFEST))
        form, revision, tables = manifest["compplan_backup"], manifest["revision"], manifest["tables"]
        if form == _FORMAT and revision == _TABLES_SINCE:
            return {table.name: dict(tables[table.name]) for table in BACKED_UP}
    except (ValueError, KeyError, TypeError, RecursionError):
        _refuse("its manifest is damaged")
    _refuse(f"another release wrote it (revision {str(revision)[:20]!r}; this program reads {_TABLES_SINCE})")


def _read(
    connection: Connection, archive: zipfile.ZipFile, table: Table, entry: Mapping[str, Any], erase: Collection[str]
) -> int:
    rows: list[dict[str, Any]] = []
    count = restored = 0
    digest = hashlib.sha256()
    for line in _lines(archive, f"{table.name}.jsonl"):
        digest.update(line)
        count += 1
        row = _row(table, line, count)
        if table is people and row["person_id"] in erase:
            continue
        restored += 1
        rows.append(row)
        if len(rows) == _AT_ONCE:
            connection.execute(insert(table), rows)
            rows = []
    if rows:
        connection.execute(insert(table), rows)
    if entry.get("rows") != count or entry.get("sha256") != digest.hexdigest():
        _refuse(f"{table.name} does not match its manifest")
    return restored


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    left = archive.getinfo(name).file_size
    with archive.open(name) as file:
        while line := file.readline(_MOST_LINE + 1):
            left -= len(line)
            if len(line) > _MOST_LINE or left < 0 or not line.endswith(b"\n"):
                _refuse(f"{name} has a line that is too long or incomplete")
            yield line


def _row(table: Table, line: bytes, number: int) -> dict[str, Any]:
    """Parse a line, and refuse a row that this program could not have written."""
    try:
        row: Any = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or set(cast("dict[str, Any]", row)) != {column.name for column in table.columns}:
        _refuse(f"line {number} of {table.name} is not a row of that table")
    values = cast("dict[str, Any]", row)
    for column in table.columns:
        if not _fits(column, values[column.name]):
            _refuse(f"line {number} of {table.name} has an invalid {column.name}")
    if table.name == "versions" and not _has_valid_plan(values):
        _refuse(f"line {number} of {table.name} does not contain a valid plan")
    return values


def _fits(column: Any, value: Any) -> bool:
    if value is None:
        return bool(column.nullable)
    if isinstance(column.type, Boolean):
        return isinstance(value, bool)
    if isinstance(column.type, Integer):
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    longest: int | None = getattr(column.type, "length", None)
    if not isinstance(value, str) or _UNSTORABLE.search(value) or (longest is not None and len(value) > longest):
        return False
    form = _FORMS.get(column.name)
    if form is not None:
        dated = form is _MOMENT or column.name == "on"
        return form.fullmatch(value) is not None and (not dated or _is_date(value[:19]))
    return column.name not in _MAPPINGS or _is_mapping(value)


def _is_date(value: str) -> bool:
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_mapping(value: str) -> bool:
    try:
        return isinstance(json.loads(value), dict)
    except (ValueError, RecursionError):
        return False


def _has_valid_plan(row: Mapping[str, Any]) -> bool:
    try:
        Plan.from_json(row["plan"])
    except CompPlanError:
        return False
    return hashlib.sha256(row["plan"].encode()).hexdigest() == row["plan_hash"]


def _check_heads(connection: Connection) -> None:
    """Refuse a backup in which a scenario lacks its newest version."""
    newest = select(func.max(versions.c.number)).where(versions.c.scenario_id == scenarios.c.id).scalar_subquery()
    lacking = select(func.count()).select_from(scenarios).where(func.coalesce(newest, 0) != scenarios.c.head)
    if connection.execute(lacking).scalar():
        _refuse("a plan in it lacks its newest version")


def _advance_sequences(connection: Connection) -> None:
    """Set the id sequences of PostgreSQL past the restored rows."""
    if connection.dialect.name != "postgresql":
        return
    for name in ("moves", "trail"):
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {name}), "
                "false)"
            )
        )
