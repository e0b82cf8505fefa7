"""What a team runs compplan with, read: compose.yaml, the Dockerfile, the example of a team file, and its page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from deploy.composed import ROOT, read, variables
from support import requirements
from typer.testing import CliRunner

from compplan.access import Actor, Right, Role, RoleMembers, SignIn, TeamConfig

GIVEN = {
    "COMPPLAN_HOST": "pay.example.com",
    "COMPPLAN_TLS": "internal",
    "COMPPLAN_DATABASE_PASSWORD": "it's €, @ and /",
}
# Of the Compose Specification: what this project uses of it, so that a slip of the pen is no key.
TOP = {"name", "services", "networks", "configs", "secrets", "volumes"}
SERVICE = {
    "build", "image", "restart", "depends_on", "ports", "command", "environment", "configs", "secrets", "volumes",
    "networks", "healthcheck", "init", "read_only", "tmpfs", "cap_drop", "cap_add", "security_opt", "stop_grace_period",
}  # fmt: skip
PAGE = (ROOT / "docs" / "team.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return read(GIVEN)["services"]


# compose.yaml


def test_compose_itself_takes_the_file(tmp_path: Path) -> None:
    """Where Docker's own program for it is installed; without it, what follows has to do."""
    command = requirements.compose_command()
    if command is None:
        requirements.skip("Docker Compose")
    done = subprocess.run(
        [*command, "--file", ROOT / "compose.yaml", "config", "--quiet"],
        env={**os.environ, **GIVEN},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_the_file_holds_what_compose_knows_and_what_it_names(services: dict[str, Any]) -> None:
    data = read(GIVEN)
    assert set(data) <= TOP
    for service in services.values():
        assert set(service) <= SERVICE
        for kind in ("configs", "secrets"):
            named = [each["source"] if isinstance(each, dict) else each for each in service.get(kind, ())]
            assert set(named) <= set(data[kind])
        assert set(service["networks"]) <= set(data["networks"])
        volumes = [each.split(":")[0] for each in service["volumes"]]
        assert {v for v in volumes if not v.startswith("./")} <= set(data["volumes"])
        for other, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in services[other]


def test_only_the_proxy_can_be_reached_from_outside(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["database"]["networks"] == ["back"]
    assert read(GIVEN)["networks"]["back"] == {"internal": True}
    assert "back" not in services["proxy"]["networks"]


def test_every_service_comes_back_and_has_little_to_write_to(services: dict[str, Any]) -> None:
    for service in services.values():
        assert service["restart"] == "unless-stopped"
        assert service["read_only"] is True
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert services["app"]["cap_drop"] == services["proxy"]["cap_drop"] == ["ALL"]


def test_no_secret_stands_in_a_file(services: dict[str, Any]) -> None:
    told = [
        (name, str(value)) for service in read()["services"].values() for name, value in service["environment"].items()
    ]
    secret = [(name, value) for name, value in told if re.search("SECRET|PASSWORD", name)]
    assert len(secret) == 4
    for name, value in secret:
        assert value.startswith("/run/secrets/" if name.endswith("_FILE") else "${COMPPLAN_DATABASE_PASSWORD:?"), name
    assert variables() == {
        "COMPPLAN_HOST": True, "COMPPLAN_TLS": True, "COMPPLAN_DATABASE_PASSWORD": True, "COMPPLAN_SERVERS": False,
        "COMPPLAN_BALANCE": False,
    }  # fmt: skip
    assert services["app"]["environment"]["PGPASSWORD"] == GIVEN["COMPPLAN_DATABASE_PASSWORD"]


def test_what_a_company_fills_in_stays_out_of_the_repository() -> None:
    ignored = ["deploy/team.toml", "deploy/secrets/cookie_secret", "deploy/certificate/key.pem", ".env"]
    asked = subprocess.run(
        ["git", "-c", "safe.directory=*", "check-ignore", *ignored], cwd=ROOT, capture_output=True, text=True
    )
    assert asked.stdout.split() == ignored


def test_the_app_asks_no_stranger_for_its_own_address(services: dict[str, Any]) -> None:
    """Which Streamlit does before it greets, where it listens on every address."""
    assert services["app"]["environment"]["STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE"] == "true"


# The image


def let_in(name: str) -> bool:
    """Whether .dockerignore lets a file into the build."""
    verdict = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        wanted = pattern.startswith("!")
        pattern, anywhere = pattern.lstrip("!").removeprefix("**/"), "**/" in pattern
        parts = Path(name).parts
        above = ["/".join(parts[: i + 1]) for i in range(len(parts))]
        if any(fnmatch(each, pattern) for each in (parts if anywhere else above)):
            verdict = wanted
    return verdict


def test_the_image_is_built_from_enough_and_from_no_more(tmp_path: Path) -> None:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    taken = [name for name in listed if name and (ROOT / name).is_file() and let_in(name)]
    top = {name.split("/")[0] for name in taken}
    assert top == {
        ".streamlit", "CHANGELOG.md", "LICENSE", "README.md", "app.py", "compplan", "data", "pages", "pyproject.toml",
        "requirements.txt",
    }  # fmt: skip
    assert [
        name
        for name in (".env", ".streamlit/secrets.toml", "deploy/team.toml", ".venv/x", "compplan/x.db")
        if let_in(name)
    ] == []
    for name in taken:
        copy = tmp_path / "source" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=tmp_path / "source", check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        carried = set(archive.namelist())
    assert {
        "compplan/_shipped/app.py",
        "compplan/_shipped/.streamlit/config.toml",
        "compplan/cli/__init__.py",
    } <= carried


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def test_the_image_runs_as_nobody_in_particular_and_is_pinned(services: dict[str, Any]) -> None:
    found = instructions()
    last = found[max(i for i, (word, _) in enumerate(found) if word == "FROM") :]
    told = dict(last)
    assert told["USER"] == "compplan"
    assert told["CMD"] == str(services["app"]["command"]).replace("'", '"')
    assert told["ENTRYPOINT"] == '["compplan"]'
    assert "/healthz" in told["HEALTHCHECK"]
    assert "--require-hashes" in next(rest for word, rest in found if word == "RUN" and "pip download" in rest)
    installs = [rest for word, rest in found if word == "RUN" and "pip install" in rest]
    assert installs
    assert [rest for rest in installs if "--no-index" not in rest] == []
    assert [rest for word, rest in found if word in {"ENV", "ARG"} and re.search("SECRET|PASSWORD|TOKEN", rest)] == []


def test_the_program_has_the_port_and_the_folder_that_are_named(services: dict[str, Any]) -> None:
    assert ("EXPOSE", "8501") in instructions()
    assert services["proxy"]["environment"]["COMPPLAN_SERVERS"] == "app:8501"
    assert "backups:/backups" in services["app"]["volumes"]
    assert any(word == "RUN" and "/backups" in rest for word, rest in instructions())


# The page, and the example of a team file


def test_the_example_is_a_team_file() -> None:
    team = TeamConfig.read(ROOT / "deploy" / "team.example.toml")
    assert set(team.roles) == set(Role)


def table(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    _, _, rest = PAGE.partition(f"\n## {heading}\n")
    assert rest, heading
    lines = re.search(r"(?:^\|.*\n)+", rest, re.MULTILINE)
    assert lines is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()]


def test_the_table_of_roles_is_true() -> None:
    head, _, *rows = table("Roles")
    assert head[1:] == [f"`{role}`" for role in Role]
    told = {row[0].partition("`")[2].partition("`")[0]: row[1:] for row in rows}
    assert list(told) == list(Right)
    for right, cells in told.items():
        assert cells == ["yes" if Actor("x", "x", frozenset({role})).may(Right(right)) else "" for role in Role], right


def test_every_field_of_the_team_file_is_told() -> None:
    _, _, *rows = table("The team file")
    told = {row[0].strip("`"): row[1] for row in rows}
    fields = {f"sign_in.{name}": field for name, field in SignIn.model_fields.items()}
    fields |= {f"roles.ROLE.{name}": field for name, field in RoleMembers.model_fields.items()}
    assert list(told) == list(fields)
    for name, field in fields.items():
        default = field.default
        wanted = "required" if field.is_required() else "nobody" if default == frozenset() else f"`{default}`".lower()
        assert told[name] == wanted, name


def test_every_command_of_the_page_is_one() -> None:
    from compplan.cli import app

    named = {tuple(found.split()) for found in re.findall(r"compplan ((?:store [a-z]+|serve|store))\b", PAGE)}
    assert ("store", "backup") in named
    for command in named:
        assert CliRunner().invoke(app, [*command, "--help"]).exit_code == 0, command


def test_every_variable_of_the_page_is_one() -> None:
    files = [ROOT / "compose.yaml", ROOT / "deploy" / "Caddyfile", *(ROOT / "compplan").rglob("*.py")]
    known = " ".join(path.read_text(encoding="utf-8") for path in files)
    named = set(re.findall(r"\b(?:COMPPLAN|FORWARDED|PG)_?[A-Z_]+\b", PAGE))
    assert variables().keys() <= named
    assert [name for name in sorted(named) if name.removesuffix("_FILE") not in known] == []
