"""What version 0.1.0 wrote still reads the same: plan hashes, plan files, plan links, a database and page addresses."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compplan import templates
from compplan.access import LOCAL
from compplan.plan import Plan
from compplan.plan.links import decode, encode
from compplan.store import Store
from compplan.ui import navigation

RECORDED = Path(__file__).resolve().parents[1] / "cases" / "compatibility"
PLANS: dict[str, dict[str, str]] = json.loads((RECORDED / "plans-0.1.0.json").read_text(encoding="utf-8"))["templates"]
SAVED: dict[str, Any] = json.loads((RECORDED / "saved-0.1.0.json").read_text(encoding="utf-8"))


def test_every_template_was_recorded() -> None:
    assert set(PLANS) == set(templates.keys())


@pytest.mark.parametrize("key", PLANS)
def test_a_template_has_the_hash_and_the_files_of_0_1_0(key: str) -> None:
    plan, recorded = templates.load(key), PLANS[key]
    assert plan.hash == recorded["hash"]
    assert plan.to_json() == recorded["json"]
    assert plan.to_yaml() == recorded["yaml"]
    assert encode(plan) == recorded["link"]


@pytest.mark.parametrize("key", PLANS)
def test_a_plan_file_and_a_link_of_0_1_0_open_as_the_same_plan(key: str) -> None:
    plan, recorded = templates.load(key), PLANS[key]
    assert Plan.from_json(recorded["json"]) == plan
    assert Plan.from_yaml(recorded["yaml"]) == plan
    assert decode(recorded["link"]) == plan


@pytest.fixture
def saved(tmp_path: Path) -> Iterator[Store]:
    """A store on the database that 0.1.0 wrote."""
    file = tmp_path / "saved.db"
    with sqlite3.connect(file) as connection:
        connection.executescript((RECORDED / "saved-0.1.0.sql").read_text(encoding="utf-8"))
    connection.close()
    with Store.open(f"sqlite:///{file}") as store:
        yield store


def test_a_database_of_0_1_0_opens_with_its_versions_people_and_audit_log(saved: Store) -> None:
    (scenario,) = saved.scenarios(by=LOCAL)
    assert (scenario.id, scenario.name) == (SAVED["scenario"], SAVED["name"])
    versions = saved.versions(scenario.id, by=LOCAL)
    assert [version.plan.hash for version in reversed(versions)] == SAVED["hashes"]
    assert [dict(row) for row in saved.people(versions[0], by=LOCAL)] == SAVED["people"]
    assert len(saved.audit_log(by=LOCAL)) == SAVED["events"]


def test_a_share_link_of_0_1_0_opens(saved: Store) -> None:
    opened = saved.open_link(SAVED["token"], who=LOCAL, now=dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    assert opened.version.plan.hash == SAVED["hashes"][-1]


def test_pages_keep_their_addresses() -> None:
    assert navigation.PATHS == ("benchmarks", "capacity", "finance", "review", "saved")
