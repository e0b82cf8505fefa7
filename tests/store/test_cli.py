"""The commands on saved plans, on SQLite; backup and restore on PostgreSQL too."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from support.commands import errors_of, output_of, run
from support.team import use_team

from compplan import templates
from compplan.access import LOCAL
from compplan.plan import Plan
from compplan.store import Store

TEMPLATE = "template:knowup-csat-gate"


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture(autouse=True)
def place(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COMPPLAN_DATABASE_URL", url)
    return url


def data_of(*arguments: str) -> Any:
    return json.loads(output_of("store", *arguments, "--json"))


@pytest.fixture
def two(tmp_path: Path, place: str) -> str:
    """Id of a saved plan of two versions."""
    key = data_of("save", TEMPLATE, "--name", "CSM, FY26", "--note", "as published")["plan"]
    file = tmp_path / "changed.yaml"
    changed = templates.load("knowup-csat-gate").edit({"pay.base": 90000.0})
    file.write_text(changed.to_yaml(), encoding="utf-8")
    assert output_of("store", "save", str(file), "--to", "CSM, FY26") == f"Saved version 2 of {key}.\n"
    return key


def test_saved_plan_is_listed_with_its_versions_and_shown(two: str) -> None:
    (plan,) = data_of("list")
    assert (plan["id"], plan["name"], plan["version"], plan["owner"]) == (two, "CSM, FY26", 2, "this computer")
    assert re.search(
        rf"^{two} +2 +\d{{4}}-\d\d-\d\d \d\d:\d\d UTC +this computer +CSM, FY26$",
        output_of("store", "list"),
        re.MULTILINE,
    )
    newest, first = data_of("versions", two)
    assert (newest["version"], newest["base"], first["note"], first["state"]) == (2, 1, "as published", "draft")
    assert len(output_of("store", "versions", "CSM, FY26").splitlines()) == 3
    assert Plan.from_yaml(output_of("store", "show", two)).pay.base == 90000.0
    assert Plan.from_yaml(output_of("store", "show", two, "1")) == templates.load("knowup-csat-gate")


def test_empty_store_has_a_message() -> None:
    assert output_of("store", "list") == "No saved plans yet.\n"
    assert output_of("store", "activity") == "No events yet.\n"
    assert data_of("list") == []
    status = data_of("status")
    assert (status["ready"], status["plans"], status["archived"]) == (True, 0, 0)
    assert output_of("store", "path").strip() == status["place"]
    assert output_of("store", "status") == f"{status['place']}: ready; 0 plans, 0 archived.\n"


def test_diff_shows_changes_in_words_and_money(two: str) -> None:
    lines = output_of("store", "diff", two, "1", "2").splitlines()
    assert lines[0] == "Base salary: $85,000 → $90,000"
    assert "OTE: $105,000.00 → $110,000.00" in lines
    as_data = data_of("diff", two, "1", "2")
    assert as_data["words"][0] == {"where": "Base salary", "before": "$85,000", "now": "$90,000"}
    assert {"name": "OTE", "kind": "money", "before": 105000.0, "now": 110000.0} in as_data["money"]
    assert output_of("store", "diff", two, "1", "1") == "No differences.\n"
    data_of("save", "template:flowfuse-csm", "--name", "Other")
    assert "Name: KnowUp: CSAT as a gate on upside → FlowFuse: CSM" in output_of(
        "store", "diff", two, "1", "1", "--of", "Other"
    )


def test_save_on_an_older_version_shows_the_difference(two: str) -> None:
    lines = errors_of("store", "save", "template:flowfuse-csm", "--to", two, "--base", "1")
    assert "  Base salary: $85,000 → $90,000" in lines
    assert lines[-1].startswith("this computer saved version 2 while you were editing version 1.")
    assert errors_of("store", "save", TEMPLATE, "--base", "1") == ["--base needs --to."]
    for number in ("0", "-1"):
        sentence = f"--base must be the number of a version, 1 or more. You entered {number}."
        assert errors_of("store", "save", TEMPLATE, "--to", two, f"--base={number}") == [sentence]
    assert len(data_of("versions", two)) == 2


def test_link_is_shared_and_turned_off(two: str) -> None:
    link = data_of("share", two, "1", "--expires", "30d", "--signed-in")
    assert (link["version"], link["audience"], link["opened"]) == (1, "signed_in", 0)
    result = run("store", "share", two)
    assert re.fullmatch(r"http://127\.0\.0\.1:8501/finance\?share=[A-Za-z0-9_-]{32}\n", result.stdout)
    assert "opens on this computer" in result.stderr
    assert [row["revoked"] for row in data_of("links", two)] == [None, None]
    assert link["token"] not in str(data_of("links", two))
    assert output_of("store", "revoke", link["id"]) == "Turned off. It was opened 0 times.\n"
    assert sorted(line.split()[2] for line in output_of("store", "links", two).splitlines()[1:]) == ["active", "off"]
    for text in ("", "soon", "0d", "30", "-1d", "30d1"):
        assert errors_of("store", "share", two, f"--expires={text}")[0].startswith(
            "--expires must be a number of hours"
        )
    assert errors_of("store", "revoke", "nothing") == ["There is no such link."]


def test_link_of_a_team_with_sign_in_is_for_people_who_sign_in_by_default(
    two: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert data_of("share", two)["audience"] == "anyone"
    file = use_team(tmp_path, monkeypatch)
    assert run("store", "share", two).stdout.startswith("https://pay.example.com/finance?share=")
    ways = ((), ("--signed-in",), ("--anyone",))
    assert [data_of("share", two, *way)["audience"] for way in ways] == ["signed_in", "signed_in", "anyone"]
    file.write_text("nothing", encoding="utf-8")
    assert "?share" not in run("store", "share", two).stdout


def test_person_is_deleted_and_old_data_is_pruned(two: str, place: str) -> None:
    with Store.open(place) as store:
        store.create(templates.load("flowfuse-csm"), name="B", by=LOCAL, people=[{"id": "E1"}, {"id": "E2"}])
    result = run("store", "delete-person", "E1")
    assert result.stdout == "Deleted from 1 saved set of people.\n"
    assert result.stderr.startswith("Earlier backups still contain this person.")
    pruned = data_of("prune", "30", "--dry-run")
    assert pruned == {
        "people": 0,
        "links": 0,
        "plans": 0,
        "versions": 0,
        "drafts": 0,
        "dry_run": True,
        "scrubbed": True,
    }
    assert output_of("store", "prune", "30") == "Deleted 0 rows about people, 0 links, 0 archived plans, 0 drafts.\n"
    assert errors_of("store", "prune", "0") == ["Days must be between 1 and 36,500. You entered 0."]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_backup_is_written_and_restored(two: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "backup.zip"
    assert output_of("store", "backup", str(file)).startswith(
        f"Wrote {file}: saved plans 1, sets of people 0, people 0, versions 2"
    )
    assert errors_of("store", "backup", str(file)) == [
        f"{file}: The file already exists. Choose another name, or use --force to replace it."
    ]
    output_of("store", "backup", str(file), "--force")
    assert "into a new database" in errors_of("store", "restore", str(file))[0]
    monkeypatch.setenv("COMPPLAN_DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
    assert output_of("store", "restore", str(file), "--without", "E1").startswith("Restored saved plans 1, ")
    assert [row["version"] for row in data_of("versions", two)] == [2, 1]


def test_activity_lists_who_did_what(two: str) -> None:
    data_of("share", two)
    events = data_of("activity")
    assert [event["event"] for event in events] == ["shared", "saved", "saved"]
    assert data_of("activity", "--event", "saved", "--limit", "1") == [events[1]]
    assert data_of("activity", "--before", str(events[1]["id"])) == [events[2]]
    assert data_of("activity", "--plan", "CSM, FY26") == events
    assert len(output_of("store", "activity").splitlines()) == 4
    assert errors_of("store", "activity", "--event", "save") == [
        "'save' is not an event; did you mean saved, shared or archived?"
    ]


def test_name_of_two_plans_is_refused_with_their_ids(two: str) -> None:
    data_of("save", TEMPLATE, "--name", "CSM, FY26")
    (sentence,) = errors_of("store", "show", "CSM, FY26")
    assert sentence.startswith("CSM, FY26: 2 saved plans have this name. Use an id: ")
    assert errors_of("store", "show", "nothing")[0].startswith("There is no such saved plan")
    assert errors_of("store", "show", two, "9") == ["This plan has no version 9. The newest is version 2."]


@pytest.mark.parametrize("command", ["status", "list", "activity", "path"])
def test_address_with_a_password_is_never_printed(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPPLAN_DATABASE_URL", "mysql://root:hunter2@db/plans")
    assert errors_of("store", command) == ["COMPPLAN_DATABASE_URL must begin with sqlite:/// or postgresql://."]


@pytest.mark.parametrize(("old", "new"), [("trail", "activity"), ("retain", "prune"), ("erase", "delete-person")])
def test_former_names_of_commands_work_and_are_hidden(old: str, new: str) -> None:
    commands = output_of("store", "--help")
    assert re.search(rf"^  {new}\b", commands, re.MULTILINE)
    assert not re.search(rf"^  {old}\b", commands, re.MULTILINE)
    assert output_of("store", old, "--help").partition("\n")[2] == output_of("store", new, "--help").partition("\n")[2]
