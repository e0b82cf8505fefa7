"""Opening a database: migrations, other programs' databases, addresses, and errors without passwords."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import stat
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import make_url, text
from store.actors import ANN, HR

from compplan.plan import Plan
from compplan.store import Busy, Store, Unavailable, migrate
from compplan.store.database import Database, address, default_file
from compplan.store.schema import metadata


def test_migrations_create_the_tables_of_the_schema(store: Store) -> None:
    options = {"version_table": migrate.TABLE, "compare_type": True, "target_metadata": metadata}
    with store._database.reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    # Which columns are unique together is the database's own business.
    assert [entry for entry in differences if entry[0] != "remove_constraint"] == []


def test_reopened_database_is_unchanged(url: str, plan: Plan) -> None:
    with Store.open(url) as store:
        version = store.create(plan, name="A", by=ANN)
        assert store.ready()
    with Store.open(url) as reopened:
        assert reopened.version(version.scenario_id, by=ANN) == version
        assert reopened.ready()


OPEN = """
import sys
from compplan.store import Store
sys.stdin.readline()
with Store.open(sys.argv[1]) as store:
    print(store.ready())
"""


def test_two_programs_can_start_at_once(url: str) -> None:
    starting = [
        subprocess.Popen([sys.executable, "-c", OPEN, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in starting:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[0] for process in starting] == ["True\n"] * 2
    with Store.open(url) as store, store._database.reading() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM {migrate.TABLE}")).scalar() == 1


def run(url: str, statement: str) -> None:
    database = Database(address(url))
    with database.writing() as connection:
        connection.execute(text(statement))
    database.close()


def test_database_of_a_newer_release_is_refused_and_unchanged(url: str, plan: Plan) -> None:
    with Store.open(url) as store:
        run(url, f"UPDATE {migrate.TABLE} SET version_num = '0999'")
        assert not store.ready()
    with pytest.raises(Unavailable, match=r"A newer compplan wrote .* \(revision '0999'; .*Update compplan\."):
        Store.open(url)
    run(url, f"UPDATE {migrate.TABLE} SET version_num = '{migrate.head()}'")
    Store.open(url).close()


def test_database_of_another_program_is_refused_and_unchanged(url: str) -> None:
    run(url, "CREATE TABLE customers (id INTEGER)")
    with pytest.raises(Unavailable, match="belongs to another program"):
        Store.open(url)
    run(url, "DROP TABLE customers")
    Store.open(url).close()


def test_a_running_program_notices_that_a_newer_one_updated_the_database(url: str, plan: Plan) -> None:
    with Store.open(url) as store:
        version = store.create(plan, name="A", by=ANN)
        run(url, f"UPDATE {migrate.TABLE} SET version_num = '0999'")
        with pytest.raises(Unavailable, match=r"A newer compplan has updated this database\. Update this one"):
            store.save(version.scenario_id, plan.edit({"pay.base": 1.0}), base=1, by=ANN)
        run(url, f"UPDATE {migrate.TABLE} SET version_num = '{migrate.head()}'")
        assert store.versions(version.scenario_id, by=ANN) == (version,)


def test_a_save_waits_a_moment_for_another_program_and_says_so(
    url: str, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compplan.store.database.PATIENCE", 1)
    monkeypatch.setattr("compplan.store.database._PRAGMAS", ("busy_timeout = 1000", "journal_mode = WAL"))
    with Store.open(url) as store, Store.open(url) as other:
        version = store.create(plan, name="A", by=ANN)
        with other._database.writing() as connection:
            connection.execute(text("UPDATE scenarios SET name = 'B'"))
            began = time.monotonic()
            with pytest.raises(Busy, match=r"so nothing was saved\. Try again in a moment\."):
                store.save(version.scenario_id, plan.edit({"pay.base": 1.0}), base=1, by=ANN)
            assert 0.5 < time.monotonic() - began < 20
            assert store.version(version.scenario_id, by=ANN) == version, "readers do not wait"
        assert store.save(version.scenario_id, plan.edit({"pay.base": 1.0}), base=1, by=ANN).number == 2


def test_others_of_the_same_program_wait_no_longer_than_a_save(
    make_url_of: Callable[[str], str], plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compplan.store.database.PATIENCE", 0.2)
    with (
        Store.open(make_url_of("sqlite")) as store,
        store._database.writing(),
        ThreadPoolExecutor(1) as thread,
        pytest.raises(Busy),
    ):
        thread.submit(store.create, plan, name="A", by=ANN).result(20)


def test_failed_migration_leaves_no_tables(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from compplan.store.migrations.versions import r0001_first

    module = migrate._scripts().get_revision(r0001_first.revision).module
    with monkeypatch.context() as patched:
        patched.setattr(module, "_refuse", lambda *_: (_ for _ in ()).throw(ZeroDivisionError))
        with pytest.raises(ZeroDivisionError):
            Store.open(url)
    Store.open(url).close()


def test_database_of_the_first_release_gains_the_new_tables(url: str, plan: Plan) -> None:
    with Store.open(url) as store:
        first = store.create(plan, name="A", by=ANN)
        with store._database.writing() as connection:
            connection.execute(text("DROP TABLE drafts"))
            connection.execute(text(f"UPDATE {migrate.TABLE} SET version_num = '0001'"))
    with Store.open(url) as store:
        assert store.ready()
        assert store.version(first.scenario_id, by=ANN).plan == plan
        assert store.drafts(by=ANN) == ()


# SQLite's file


def test_only_the_owner_can_read_the_database_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plan: Plan) -> None:
    monkeypatch.delenv("COMPPLAN_DATABASE_URL", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: str(tmp_path / "data" / "compplan"))
    file = tmp_path / "data" / "compplan" / "compplan.db"
    assert default_file() == file
    old = os.umask(0)
    try:
        with Store.open() as store:
            store.create(plan, name="A", by=ANN)
            assert store.place == str(file)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    finally:
        os.umask(old)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert set(modes.values()) == {0o600}
    assert "compplan.db" in modes


def moved(folder: Path, to: Path) -> None:
    """Move a database with the files that SQLite keeps beside it."""
    to.mkdir(exist_ok=True)
    for path in folder.glob("plans.db*"):
        path.replace(to / path.name)


@pytest.mark.parametrize("change", ["moved", "replaced"])
def test_a_running_program_notices_that_its_file_is_gone(tmp_path: Path, plan: Plan, change: str) -> None:
    file = tmp_path / "plans.db"
    with Store.open(f"sqlite:///{file}") as store:
        version = store.create(plan, name="A", by=ANN)
        moved(tmp_path, tmp_path / "elsewhere")
        if change == "replaced":
            Store.open(f"sqlite:///{file}").close()
        with pytest.raises(Unavailable, match=r"was moved or replaced while compplan ran"):
            store.create(plan, name="B", by=ANN)
        with pytest.raises(Unavailable, match=r"was moved or replaced"):
            store.version(version.scenario_id, by=ANN)
        assert not store.ready()
        assert file.exists() == (change == "replaced")
        moved(tmp_path, tmp_path / "other")
        moved(tmp_path / "elsewhere", tmp_path)
        assert store.version(version.scenario_id, by=ANN) == version
        assert store.create(plan, name="B", by=ANN).number == 1


def test_sqlite_runs_with_safe_settings(make_url_of: Callable[[str], str]) -> None:
    with Store.open(make_url_of("sqlite")) as store, store._database.reading() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout", "temp_store")
        settings = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas}
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 5_000,
        "temp_store": 2,
    }


def test_file_that_is_not_a_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    file.write_bytes(b"not a database, but text that is long enough to be looked at" * 50)
    with pytest.raises(Unavailable, match=r"cannot be used \(DatabaseError, SQLITE_NOTADB\)"):
        Store.open(f"sqlite:///{file}")
    with pytest.raises(Unavailable, match="cannot be used: Is a directory"):
        Store.open(f"sqlite:///{tmp_path}")


def test_reader_sees_one_state_until_it_ends(store: Store, plan: Plan) -> None:
    version = store.create(plan, name="A", by=ANN)
    with store._database.reading() as connection:
        count = text("SELECT count(*) FROM versions")
        assert connection.execute(count).scalar() == 1
        store.save(version.scenario_id, plan.edit({"pay.base": 1.0}), base=1, by=ANN)
        assert connection.execute(count).scalar() == 1


# Addresses


@pytest.mark.parametrize(
    "address_text",
    ["mysql://u:hunter2@h/d", "hunter2", "sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=hunter2&uri=true",
     "postgresql+asyncpg://u:hunter2@h/d", "postgresql://u:hunter2@h:port/d", "sqlite+pysqlite:///hunter2", "://"],
)  # fmt: skip
def test_unusable_address_is_refused_without_its_password(address_text: str) -> None:
    with pytest.raises(Unavailable, match="COMPPLAN_DATABASE_URL") as refused:
        Store.open(address_text)
    assert "hunter2" not in "".join(traceback.format_exception(refused.value))


def test_address_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPPLAN_DATABASE_URL", "postgres://cs:hunter2@db.example/plans")
    assert address(None) == make_url("postgresql+psycopg://cs:hunter2@db.example/plans")
    assert Database(address(None)).place == "db.example/plans"


SECRETS = ("Plan Tamarind", "employee-4711", "123456")


def test_errors_contain_no_password_and_no_saved_data(postgres: str, store: Store, plan: Plan) -> None:
    port = make_url(postgres).port
    for wrong in (
        f"postgresql://nobody:hunter2@127.0.0.1:{port}/postgres",
        "postgresql://nobody:hunter2@127.0.0.1:1/postgres",
        f"postgresql://compplan@127.0.0.1:{port}/none?password=hunter2",
    ):
        with pytest.raises(Unavailable, match=r"The database at 127\.0\.0\.1/\w+ cannot be used \(Op") as refused:
            Store.open(wrong)
        assert "hunter2" not in "".join(traceback.format_exception(refused.value))
    run(store._database.engine.url.render_as_string(hide_password=False), "DROP TABLE people")
    with pytest.raises(Unavailable, match="cannot be used") as refused:
        store.create(plan, name=SECRETS[0], by=HR, people=[{"id": SECRETS[1], "base": int(SECRETS[2])}])
    text_of_error = "".join(traceback.format_exception(refused.value))
    assert not [word for word in (*SECRETS, "INSERT") if word in text_of_error]


def test_repr_contains_no_password(postgres: str) -> None:
    with_password = make_url(postgres).set(password="hunter2").render_as_string(hide_password=False)
    database = Database(address(with_password))
    assert "hunter2" not in repr(Store(database, lambda: dt.datetime.now(dt.UTC))) + database.place


def test_text_is_stored_as_it_is(make_url_of, plan: Plan) -> None:
    url = make_url_of("sqlite")
    with Store.open(url) as store:
        store.create(plan, name="Größe", by=ANN)
    with sqlite3.connect(str(make_url(url).database)) as connection:
        assert connection.execute("SELECT name FROM scenarios").fetchall() == [("Größe",)]
    connection.close()
