"""Files of a team's server: compose.yaml, the Dockerfile, the example of a team file, and docs/team.md."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
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
# The keys of the Compose Specification that this project uses; a mistyped key fails.
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


def test_docker_compose_accepts_the_file(tmp_path: Path) -> None:
    """Runs only if Docker Compose is installed; the other tests check the file without it."""
    command = requirements.compose_command()
    if command is None:
        requirements.skip("Docker Compose")
    result = subprocess.run(
        [*command, "--file", ROOT / "compose.yaml", "config", "--quiet"],
        env={**os.environ, **GIVEN},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr


def test_compose_file_has_known_keys_and_defines_what_it_references(services: dict[str, Any]) -> None:
    data = read(GIVEN)
    assert set(data) <= TOP
    for service in services.values():
        assert set(service) <= SERVICE
        for kind in ("configs", "secrets"):
            names = [entry["source"] if isinstance(entry, dict) else entry for entry in service.get(kind, ())]
            assert set(names) <= set(data[kind])
        assert set(service["networks"]) <= set(data["networks"])
        volumes = [volume.split(":")[0] for volume in service["volumes"]]
        assert {v for v in volumes if not v.startswith("./")} <= set(data["volumes"])
        for other, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in services[other]


def test_only_the_proxy_can_be_reached_from_outside(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["database"]["networks"] == ["back"]
    assert read(GIVEN)["networks"]["back"] == {"internal": True}
    assert "back" not in services["proxy"]["networks"]


def test_services_restart_and_are_read_only(services: dict[str, Any]) -> None:
    for service in services.values():
        assert service["restart"] == "unless-stopped"
        assert service["read_only"] is True
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert services["app"]["cap_drop"] == services["proxy"]["cap_drop"] == ["ALL"]


def test_no_file_contains_a_secret(services: dict[str, Any]) -> None:
    settings = [
        (name, str(value)) for service in read()["services"].values() for name, value in service["environment"].items()
    ]
    secret = [(name, value) for name, value in settings if re.search("SECRET|PASSWORD", name)]
    assert len(secret) == 4
    for name, value in secret:
        assert value.startswith("/run/secrets/" if name.endswith("_FILE") else "${COMPPLAN_DATABASE_PASSWORD:?"), name
    assert variables() == {
        "COMPPLAN_HOST": True, "COMPPLAN_TLS": True, "COMPPLAN_DATABASE_PASSWORD": True, "COMPPLAN_SERVERS": False,
        "COMPPLAN_BALANCE": False, "COMPPLAN_NETWORK": False,
    }  # fmt: skip
    assert services["app"]["environment"]["PGPASSWORD"] == GIVEN["COMPPLAN_DATABASE_PASSWORD"]


def test_git_ignores_the_settings_and_secrets_of_a_company() -> None:
    ignored = ["deploy/team.toml", "deploy/secrets/cookie_secret", "deploy/certificate/key.pem", ".env"]
    result = subprocess.run(
        ["git", "-c", "safe.directory=*", "check-ignore", *ignored], cwd=ROOT, capture_output=True, text=True
    )
    assert result.stdout.split() == ignored


def test_the_app_does_not_ask_the_internet_for_its_address(services: dict[str, Any]) -> None:
    """Streamlit does that before its welcome message if it listens on every address."""
    assert services["app"]["environment"]["STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE"] == "true"


# The image


def in_build(name: str) -> bool:
    """Whether .dockerignore includes a file in the build."""
    included = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        wanted = pattern.startswith("!")
        pattern, anywhere = pattern.lstrip("!").removeprefix("**/"), "**/" in pattern
        parts = Path(name).parts
        above = ["/".join(parts[: i + 1]) for i in range(len(parts))]
        if any(fnmatch(part, pattern) for part in (parts if anywhere else above)):
            included = wanted
    return included


def test_the_build_has_the_needed_files_and_no_others(tmp_path: Path) -> None:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    included = [name for name in listed if name and (ROOT / name).is_file() and in_build(name)]
    top = {name.split("/")[0] for name in included}
    assert top == {
        ".streamlit", "CHANGELOG.md", "LICENSE", "README.md", "app.py", "compplan", "data", "pages", "pyproject.toml",
        "requirements.txt",
    }  # fmt: skip
    assert [
        name
        for name in (".env", ".streamlit/secrets.toml", "deploy/team.toml", ".venv/x", "compplan/x.db")
        if in_build(name)
    ] == []
    for name in included:
        copy = tmp_path / "source" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=tmp_path / "source", check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {
        "compplan/_shipped/app.py",
        "compplan/_shipped/.streamlit/config.toml",
        "compplan/cli/__init__.py",
    } <= names


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def test_the_image_has_its_own_user_and_pinned_packages(services: dict[str, Any]) -> None:
    lines = instructions()
    last = lines[max(i for i, (word, _) in enumerate(lines) if word == "FROM") :]
    settings = dict(last)
    assert settings["USER"] == "compplan"
    assert settings["CMD"] == str(services["app"]["command"]).replace("'", '"')
    assert settings["ENTRYPOINT"] == '["compplan"]'
    assert "/healthz" in settings["HEALTHCHECK"]
    assert "--require-hashes" in next(rest for word, rest in lines if word == "RUN" and "pip download" in rest)
    installs = [rest for word, rest in lines if word == "RUN" and "pip install" in rest]
    assert installs
    assert [rest for rest in installs if "--no-index" not in rest] == []
    assert [rest for word, rest in lines if word in {"ENV", "ARG"} and re.search("SECRET|PASSWORD|TOKEN", rest)] == []


def test_the_image_installs_the_team_extra_with_the_extras_it_includes() -> None:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = data["project"]["optional-dependencies"]

    def named(texts: list[str]) -> set[str]:
        return set(re.findall(r"compplan\[(\w+)\]", " ".join(texts)))

    installed = named([rest for _, rest in instructions()])
    assert installed == {"team"}
    while more := {name for extra in installed for name in named(extras[extra])} - installed:
        installed |= more
    assert installed == {"team", "app", "documents", "scale"}
    pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE))
    needed = [*data["project"]["dependencies"], *(line for extra in installed for line in extras[extra])]
    names = {re.split(r"[\[>=<]", line)[0].replace(".", "-") for line in needed} - {"compplan"}
    assert names <= pinned


def test_the_image_has_the_port_and_folder_of_compose(services: dict[str, Any]) -> None:
    assert ("EXPOSE", "8501") in instructions()
    assert services["proxy"]["environment"]["COMPPLAN_SERVERS"] == "app:8501"
    assert "backups:/backups" in services["app"]["volumes"]
    assert any(word == "RUN" and "/backups" in rest for word, rest in instructions())


# The page, and the example of a team file


def test_the_example_is_a_valid_team_file() -> None:
    team = TeamConfig.read(ROOT / "deploy" / "team.example.toml")
    assert set(team.roles) == set(Role)


def table(heading: str) -> list[list[str]]:
    """Cells of the first table under a heading, without its header."""
    _, _, rest = PAGE.partition(f"\n## {heading}\n")
    assert rest, heading
    lines = re.search(r"(?:^\|.*\n)+", rest, re.MULTILINE)
    assert lines is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()]


def test_the_table_of_roles_matches_the_rights() -> None:
    head, _, *rows = table("Roles")
    assert head[1:] == [f"`{role}`" for role in Role]
    table_rights = {row[0].partition("`")[2].partition("`")[0]: row[1:] for row in rows}
    assert list(table_rights) == list(Right)
    for right, cells in table_rights.items():
        assert cells == ["yes" if Actor("x", "x", frozenset({role})).may(Right(right)) else "" for role in Role], right


def test_every_field_of_the_team_file_is_documented() -> None:
    _, _, *rows = table("The team file")
    defaults = {row[0].strip("`"): row[1] for row in rows}
    fields = {f"sign_in.{name}": field for name, field in SignIn.model_fields.items()}
    fields |= {f"roles.ROLE.{name}": field for name, field in RoleMembers.model_fields.items()}
    assert list(defaults) == list(fields)
    for name, field in fields.items():
        default = field.default
        wanted = "required" if field.is_required() else "nobody" if default == frozenset() else f"`{default}`".lower()
        assert defaults[name] == wanted, name


def test_every_command_of_the_page_exists() -> None:
    from compplan.cli import app

    commands = {tuple(match.split()) for match in re.findall(r"compplan ((?:store [a-z-]+|serve|store))\b", PAGE)}
    assert ("store", "backup") in commands
    for command in commands:
        assert CliRunner().invoke(app, [*command, "--help"]).exit_code == 0, command


def test_every_variable_of_the_page_exists() -> None:
    files = [ROOT / "compose.yaml", ROOT / "deploy" / "Caddyfile", *(ROOT / "compplan").rglob("*.py")]
    known = " ".join(path.read_text(encoding="utf-8") for path in files)
    names = set(re.findall(r"\b(?:COMPPLAN|FORWARDED|PG)_?[A-Z_]+\b", PAGE))
    assert variables().keys() <= names
    assert [name for name in sorted(names) if name.removesuffix("_FILE") not in known] == []
