"""The repository itself under test: what is pinned, what is shipped, what CI runs, what an import costs."""

from __future__ import annotations

import ast
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"

# In two halves, so that this file does not find itself.
REGISTRY_HOSTS = [
    "pypi." + "org",
    "python" + "hosted.org",
    "pypi" + ".io",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
    "deb." + "debian.org",
    "security." + "debian.org",
    "anaconda" + ".org",
    "crates" + ".io",
    "proxy." + "golang.org",
]


def run(*command: str | Path, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with its output in the failure if it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


def repository_files() -> list[Path]:
    """Files that are in git or would be added by `git add --all`."""
    # The owner of a checkout in a container is often not the one who tests it.
    trusted = ("git", "-c", "safe.directory=*")
    listed = run(*trusted, "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str | None:
    """Text of a file, None for a picture or another binary."""
    raw = path.read_bytes()
    return None if b"\0" in raw else raw.decode("utf-8")


def test_no_file_names_a_package_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in repository_files()
        if (text := text_of(path)) is not None
        for host in REGISTRY_HOSTS
        if host in text.lower()
    ]
    assert found == []


def test_requirements_are_pinned_with_hashes_and_name_no_place() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    logical = re.sub(r"\\\n", " ", text).splitlines()
    entries = [line for line in logical if line.strip() and not line.lstrip().startswith("#")]
    pinned = re.compile(r"[a-z0-9][a-z0-9._-]*==[^\s;]+( ;[^\\]+?)?(\s+--hash=sha256:[0-9a-f]{64})+")
    assert [line[:80] for line in entries if not pinned.fullmatch(line.strip())] == []
    # No address and no path has gone without one.
    assert "/" not in text


def test_requirements_hold_every_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = [*project["dependencies"], *extras["test"], *extras["lint"], *extras["lock"]]
    pins = re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)

    def normal(name: str) -> str:
        return re.sub(r"[-_.]+", "-", name).lower()

    names = {normal(re.split(r"[\[<>=!~; ]", line)[0]) for line in declared}
    assert names - {normal(name) for name in pins} == set()


def test_the_version_is_said_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    import compplan

    assert compplan.__version__ == project["version"]


def test_make_test_runs_what_ci_runs() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    last = [line for line in script.splitlines() if line.strip() and not line.startswith("#")][-1]
    assert re.fullmatch(r"exec make( --no-print-directory)? test", last)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    # No tool is called but through make, or a laptop and CI would come to differ.
    assert re.findall(r"\b(pytest|ruff|pyright|lint-imports|pip|apt-get)\b", script) == []

    planned = run("make", "--dry-run", "test", MAKEFLAGS="", MAKELEVEL="").stdout
    steps = ["ruff check", "ruff format --check", "pyright", "lint-imports", "pytest"]
    places = [planned.find(f"bin/{step}") for step in steps]
    assert -1 not in places, planned
    assert places == sorted(places)


def test_every_module_says_what_it_is_for() -> None:
    modules = sorted((ROOT / "compplan").rglob("*.py"))
    assert modules
    silent = [
        str(path.relative_to(ROOT))
        for path in modules
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_the_manifest_lists_exactly_what_is_shipped() -> None:
    with (DATA / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert set(rows[0]) == {"file", "title", "rows", "licence", "sources"}
    listed = [row["file"] for row in rows]
    shipped = {
        name
        for path in repository_files()
        if path.is_relative_to(DATA) and (name := path.relative_to(DATA).as_posix()) != "manifest.csv"
    }
    assert shipped - set(listed) == set(), "in data/ but not in its manifest"
    assert set(listed) - {"manifest.csv"} - shipped == set(), "in the manifest but not in data/"
    assert len(listed) == len(set(listed)), "listed twice"


def test_importing_the_library_is_light() -> None:
    heavy = ["streamlit", "plotly", "pandas"]
    code = f"import json, sys, compplan; print(json.dumps([m for m in {heavy!r} if m in sys.modules]))"
    assert json.loads(run(sys.executable, "-c", code).stdout) == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as a release would be, from a copy: a build must not need the checkout's leftovers."""
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    for path in repository_files():
        copy = source / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place / "dist", cwd=source)
    (built,) = (place / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the installed wheel and nothing else."""
    target = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", target, wheel)
    return target


@pytest.mark.slow
def test_the_wheel_carries_what_the_app_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        carried = set(archive.namelist())
    expected = {
        "compplan/_shipped/" + path.relative_to(ROOT).as_posix()
        for path in repository_files()
        if path.is_relative_to(DATA) or path.is_relative_to(ROOT / "pages")
    }
    expected |= {"compplan/_shipped/app.py", "compplan/_shipped/.streamlit/config.toml"}
    expected |= {
        path.relative_to(ROOT).as_posix() for path in repository_files() if path.is_relative_to(ROOT / "compplan")
    }
    assert expected - carried == set()
    strays = {name for name in carried - expected if ".dist-info/" not in name}
    assert strays == set()


@pytest.mark.slow
def test_the_source_archive_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path)
    (archive,) = tmp_path.glob("*.tar.gz")
    shutil.unpack_archive(archive, tmp_path, filter="data")
    (unpacked,) = (path for path in tmp_path.iterdir() if path.is_dir())
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=unpacked)
    (rebuilt,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as ours, zipfile.ZipFile(rebuilt) as theirs:
        assert sorted(theirs.namelist()) == sorted(ours.namelist())
        # RECORD lists the rest by hash; it is the same when they are.
        assert [name for name in ours.namelist() if ours.read(name) != theirs.read(name)] == []


@pytest.mark.slow
def test_the_installed_wheel_works_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    outside = {"PYTHONPATH": str(installed)}
    where = run(sys.executable, "-c", "import compplan; print(compplan.__file__)", cwd=tmp_path, **outside)
    assert Path(where.stdout.strip()).is_relative_to(installed)

    listed = run(sys.executable, "-m", "compplan.cli", "templates", cwd=tmp_path, **outside).stdout
    plans = [path.stem for path in (DATA / "plans").glob("*.yaml")]
    assert plans
    assert [name for name in plans if name not in listed] == []

    read = "from compplan import roster; print(roster.read(roster.sample('xlsx'), 'sample.xlsx').counts.people)"
    assert run(sys.executable, "-c", read, cwd=tmp_path, **outside).stdout.strip() == "56"

    assert (installed / "bin" / "compplan").is_file()
