"""What `pip install compplan` alone can do, and what a missing extra is answered with."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from compplan._extras import EXTRAS

ROOT = Path(__file__).resolve().parents[2]
# Runs a command in a process that finds none of the optional dependencies.
WITHOUT = """
import sys
from importlib.machinery import PathFinder
from compplan._extras import EXTRAS

class Hidden(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name in EXTRAS else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Hidden
sys.argv = ["compplan", *sys.argv[1:]]
from compplan.cli import main
main()
"""
PLAN = "data/plans/flowfuse-csm.yaml"


def without_extras(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("templates",),
        ("check", PLAN),
        ("payout", PLAN, "-r", "nrr=1.1"),
        ("diff", PLAN, "data/plans/xactly-csm.yaml"),
        ("rules",),
        ("schema",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_plan_is_checked_without_any_extra(arguments: tuple[str, ...]) -> None:
    done = without_extras(*arguments)
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr == ""
    assert done.stdout


@pytest.mark.parametrize(
    ("arguments", "module", "extra"),
    [
        (("cost", PLAN), "pandas", "scale"),
        (("roster", "data/samples/roster.csv"), "pandas", "scale"),
        (("store", "list"), "sqlalchemy", "app"),
        (("serve",), "streamlit", "app"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_a_missing_extra_is_named(arguments: tuple[str, ...], module: str, extra: str) -> None:
    done = without_extras(*arguments)
    assert done.returncode == 2
    assert done.stderr.strip() == (
        f"This needs {module}, which is not installed. Install it with: pip install 'compplan[{extra}]'"
    )


def test_every_extra_is_declared() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert {"app", "team", "scale", "documents"} <= set(extras)
    for module, extra in EXTRAS.items():
        distribution = module.replace("_", "-")
        assert any(line.startswith(distribution) for line in extras[extra]), module
