"""Backup and restore on either database; a changed file is refused and restores nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from store.actors import ANN, CFO, HR

from compplan.access import LOCAL, VISITOR
from compplan.plan import Plan
from compplan.store import NotAllowed, NotPossible, Store, StoreError
from compplan.store.schema import BACKED_UP

PEOPLE = [{"id": "E1", "base": 90000.0}, {"id": "E2", "base": 95000.0}]
Tables = dict[str, list[dict[str, Any]]]


def filled(url: str, plan: Plan) -> tuple[Store, str]:
    store = Store.open(url)
    version = store.create(plan, name="Größe ☃", by=HR, people=PEOPLE, cost={"x": [1, {"y": None}]}, note="a\nb")
    store.save(version.scenario_id, plan.edit({"pay.base": 90000.0}), base=1, by=ANN)
    store.submit(version.scenario_id, 2, by=ANN)
    store.approve(version.scenario_id, 2, by=CFO)
    store.put_in_force(version.scenario_id, 2, on=dt.date(2026, 1, 1), by=CFO)
    _, token = store.share(version, by=HR, audience="anyone", people=True)
    return store, token


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store._database.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in BACKED_UP
        }


@pytest.mark.parametrize(("one", "other"), [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("sqlite", "sqlite")])
def test_backup_restores_everything_into_another_database(
    make_url_of: Callable[[str], str], plan: Plan, tmp_path: Path, one: str, other: str
) -> None:
    file = tmp_path / "backup.zip"
    store, token = filled(make_url_of(one), plan)
    before = everything(store)
    counts = store.backup(file, by=HR)
    store.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == ["backup.zip"]
    assert counts == {name: len(rows) for name, rows in before.items()}
    with Store.open(make_url_of(other)) as target:
        assert target.restore_backup(file, by=HR) == counts
        after = everything(target)
        assert after.pop("trail")[:-1] == before.pop("trail")
        assert after == before
        assert target.audit_log(by=HR)[0].event == "restored"
        opened = target.open_link(token, who=VISITOR, now=dt.datetime.now(dt.UTC))
        assert opened.people == tuple(PEOPLE)
        key = opened.version.scenario_id
        assert target.save(key, plan, base=2, by=ANN).number == 3, "and it goes on"
        target.submit(key, 3, by=ANN)
        assert store.audit_log(by=HR)[0].event == "backed_up"
        with pytest.raises(NotPossible, match="Restore a backup into a new database"):
            target.restore_backup(file, by=HR)
    store.close()


def test_people_erased_since_the_backup_can_be_left_out(store: Store, plan: Plan, make_url_of, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    version = store.create(plan, name="A", by=HR, people=PEOPLE)
    store.backup(file, by=HR)
    store.erase("E1", by=HR)
    with Store.open(make_url_of("sqlite")) as target:
        assert target.restore_backup(file, by=HR, erase={"E1"})["people"] == 1
        assert [row["id"] for row in target.people(target.version(version.scenario_id, by=HR), by=HR)] == ["E2"]
        target.close()
        raw = b"".join(path.read_bytes() for path in tmp_path.glob(f"{Path(target.place).name}*"))
        assert b'"E1"' not in raw


def test_existing_file_is_overwritten_only_with_force(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    file.write_text("mine")
    with pytest.raises(StoreError, match="already exists"):
        store.backup(file, by=HR)
    assert file.read_text() == "mine"
    store.backup(file, by=HR, force=True)
    assert zipfile.is_zipfile(file)
    with pytest.raises(StoreError, match="cannot be written: No such file or directory"):
        store.backup(tmp_path / "no" / "b.zip", by=HR)


def test_backup_needs_rights_to_people_and_the_audit_log(store: Store, tmp_path: Path) -> None:
    for by in (ANN, CFO, VISITOR):
        with pytest.raises(NotAllowed):
            store.backup(tmp_path / "b.zip", by=by)
        with pytest.raises(NotAllowed):
            store.restore_backup(tmp_path / "b.zip", by=by)


# Files that are not backups of ours


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> Path:
    folder = tmp_path_factory.mktemp("backup")
    store, _ = filled(f"sqlite:///{folder}/plans.db", plan)
    store.backup(folder / "b.zip", by=LOCAL)
    store.close()
    return folder / "b.zip"


def rewritten(sound: Path, to: Path, change: Callable[[Tables, dict[str, Any]], None], *, sign: bool = True) -> Path:
    """A backup with changed content and the checksums of that content."""
    with zipfile.ZipFile(sound) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        tables: Tables = {
            name: [json.loads(line) for line in archive.read(f"{name}.jsonl").splitlines()]
            for name in manifest["tables"]
        }
    change(tables, manifest)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            text = "".join(json.dumps(row) + "\n" for row in rows).encode()
            if sign:
                manifest["tables"][name] = {"rows": len(rows), "sha256": hashlib.sha256(text).hexdigest()}
            archive.writestr(f"{name}.jsonl", text)
        archive.writestr("manifest.json", json.dumps(manifest))
    return to


def setting(table: str, column: str, value: Any) -> Callable[[Tables, dict[str, Any]], None]:
    return lambda tables, manifest: tables[table][0].__setitem__(column, value)


PLAN = json.dumps({"compplan": 1})
CHANGES: dict[str, tuple[Callable[[Tables, dict[str, Any]], None], str]] = {
    "another release": (lambda t, m: m.update(revision="9999"), "another release wrote it"),
    "another format": (lambda t, m: m.update(compplan_backup=2), "another release wrote it"),
    "no revision": (lambda t, m: m.pop("revision"), "manifest is damaged"),
    "a column too many": (lambda t, m: t["versions"][0].update(x=1), "line 1 of versions is not a row"),
    "a column too few": (lambda t, m: t["versions"][0].pop("note"), "line 1 of versions is not a row"),
    "a list": (lambda t, m: t["trail"].insert(0, []), "line 1 of trail is not a row"),  # pyright: ignore[reportArgumentType]
    "a number for a name": (setting("scenarios", "name", 7), "an invalid name"),
    "a name too long": (setting("scenarios", "name", "x" * 121), "an invalid name"),
    "no name": (setting("scenarios", "name", None), "an invalid name"),
    "a NUL": (setting("scenarios", "name", "a\0"), "an invalid name"),
    "half a character": (setting("scenarios", "name", "a\ud800"), "an invalid name"),
    "an id with spaces": (setting("scenarios", "id", "a b"), "an invalid id"),
    "a moment of no form": (setting("versions", "at", "yesterday"), "an invalid at"),
    "a moment that never was": (setting("versions", "at", "2026-02-31T00:00:00.000000Z"), "an invalid at"),
    "a day that never was": (lambda t, m: t["moves"][2].update(on="2026-02-31"), "line 3 of moves has an invalid on"),
    "a step that there is not": (setting("moves", "kind", "blessed"), "an invalid kind"),
    "an event that there is not": (setting("trail", "event", "nothing"), "an invalid event"),
    "an audience that there is not": (setting("links", "audience", "all"), "an invalid audience"),
    "a flag that is none": (setting("links", "people", 1), "an invalid people"),
    "a number too large": (setting("versions", "number", 2**40), "an invalid number"),
    "a number below nothing": (setting("links", "opened", -1), "an invalid opened"),
    "a token in the clear": (setting("links", "token_hash", "secret"), "an invalid token_hash"),
    "assumptions that are none": (setting("versions", "cost", "[1]"), "an invalid cost"),
    "a row that is none": (setting("people", "row", "{"), "an invalid row"),
    "no plan": (
        lambda t, m: t["versions"][0].update(plan=PLAN, plan_hash=hashlib.sha256(PLAN.encode()).hexdigest()),
        "does not contain a valid plan",
    ),
    "another plan under the same hash": (
        lambda t, m: t["versions"][0].update(plan=t["versions"][1]["plan"]), "does not contain a valid plan"
    ),
    "a version of nothing": (setting("versions", "scenario_id", "nothing"), "rows contradict each other"),
    "the same version twice": (lambda t, m: t["versions"].append(t["versions"][0]), "rows contradict each other"),
    "a newest version that is not there": (setting("scenarios", "head", 3), "lacks its newest version"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_changed_backup_is_refused(make_url_of, sound: Path, tmp_path: Path, name: str) -> None:
    change, sentence = CHANGES[name]
    assert_refused(make_url_of, rewritten(sound, tmp_path / "b.zip", change), sentence)


def assert_refused(make_url_of: Callable[[str], str], file: Path, sentence: str) -> None:
    with Store.open(make_url_of("sqlite")) as target:
        with pytest.raises(StoreError, match=sentence) as error:
            target.restore_backup(file, by=LOCAL)
        assert "\n" not in str(error.value)
        assert everything(target) == {table.name: [] for table in BACKED_UP}, "all of it, or nothing"


def test_line_that_does_not_match_its_checksum_is_refused(make_url_of, sound: Path, tmp_path: Path) -> None:
    file = rewritten(sound, tmp_path / "b.zip", setting("scenarios", "name", "Another"), sign=False)
    assert_refused(make_url_of, file, "scenarios does not match its manifest")


def test_contradicting_rows_are_refused_on_postgresql(make_url_of, sound: Path, tmp_path: Path) -> None:
    file = rewritten(sound, tmp_path / "b.zip", setting("versions", "scenario_id", "nothing"))
    with Store.open(make_url_of("postgresql")) as target:
        with pytest.raises(StoreError, match="rows contradict each other"):
            target.restore_backup(file, by=LOCAL)
        assert everything(target)["scenarios"] == []


def test_file_that_is_not_a_backup_is_refused(make_url_of, sound: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    assert_refused(make_url_of, file, "cannot be read: No such file")
    assert_refused(make_url_of, tmp_path, "cannot be read: Is a directory")
    for raw in (b"", b"PK\x03\x04", b"x" * 1000, sound.read_bytes()[:-40], sound.read_bytes()[200:]):
        file.write_bytes(raw)
        assert_refused(make_url_of, file, "cannot be restored|cannot be read")
    raw = bytearray(sound.read_bytes())
    raw[len(raw) // 3] ^= 0xFF
    file.write_bytes(raw)
    assert_refused(make_url_of, file, "cannot be restored|cannot be read")


def test_zip_with_other_files_or_compression_is_refused(make_url_of, sound: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    file.write_bytes(sound.read_bytes())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("../../etc/passwd", "x")
    assert_refused(make_url_of, file, "does not contain the files of a backup")
    with zipfile.ZipFile(sound) as archive, zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as other:
        for name in archive.namelist():
            other.writestr(name, archive.read(name))
    assert_refused(make_url_of, file, "its compression is not the one of a backup")


def test_line_that_is_too_long_is_refused(make_url_of, sound: Path, tmp_path: Path) -> None:
    file = rewritten(sound, tmp_path / "b.zip", setting("scenarios", "name", "x" * 3_000_000))
    assert_refused(make_url_of, file, "a line that is too long or incomplete")


KILLED = """
import os, sys
from pathlib import Path
from compplan.access import LOCAL
from compplan.store import Store, backups
write = backups._write
def killed(*arguments):
    write(*arguments)
    os.kill(os.getpid(), 9)
backups._write = killed
Store.open(sys.argv[1]).backup(Path(sys.argv[2]), by=LOCAL)
"""


@pytest.mark.parametrize("unnamed", [True, False])
def test_a_killed_backup_leaves_no_rows_behind(
    store: Store, plan: Plan, url: str, tmp_path: Path, unnamed: bool
) -> None:
    """Where a file can have no name until it is whole, nothing is left; elsewhere the next backup cleans up."""
    store.create(plan, name="A", by=HR, people=PEOPLE)
    folder = tmp_path / "backups"
    folder.mkdir()
    code = KILLED if unnamed else "import os; del os.O_TMPFILE\n" + KILLED
    ended = subprocess.run([sys.executable, "-c", code, url, str(folder / "b.zip")], capture_output=True, check=False)
    assert ended.returncode == -9, ended.stderr
    assert len(list(folder.iterdir())) == (0 if unnamed and hasattr(os, "O_TMPFILE") else 1)
    store.backup(folder / "b.zip", by=HR)
    assert [path.name for path in folder.iterdir()] == ["b.zip"]
    assert stat.S_IMODE((folder / "b.zip").stat().st_mode) == 0o600
