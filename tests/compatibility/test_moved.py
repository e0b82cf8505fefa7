"""Import paths and public names of 0.1.0 still work, each with a DeprecationWarning that says where it is now."""

from __future__ import annotations

import importlib
import importlib.util
import json
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from compplan._moved import MODULES, NAMES

RECORDED = Path(__file__).resolve().parents[1] / "cases" / "compatibility"
EXPORTS: dict[str, list[str]] = json.loads((RECORDED / "exports-0.1.0.json").read_text(encoding="utf-8"))
OLD_MODULES = (RECORDED / "modules-0.1.0.txt").read_text(encoding="utf-8").split()
# The rules themselves: a module of that name would hide the function `compplan.review.rules`.
NOT_FORWARDED = "compplan.review.rules"
ROOT = Path(__file__).resolve().parents[2]


def exists(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


GONE = [name for name in OLD_MODULES if not exists(name) and not name.startswith(NOT_FORWARDED)]


def test_every_module_of_0_1_0_is_there_or_forwarded() -> None:
    assert [name for name in GONE if name not in MODULES] == []
    assert [(old, new) for old, new in MODULES.items() if not exists(old) and not exists(new)] == []


@pytest.mark.parametrize("name", GONE)
def test_an_old_module_forwards_to_the_new_one(name: str) -> None:
    for loaded in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
        del sys.modules[loaded]
    with pytest.warns(DeprecationWarning, match=f"{name} is now {MODULES[name]};"):
        old = importlib.import_module(name)
    new = importlib.import_module(MODULES[name])
    same = [key for key in vars(new) if not key.startswith("_") and key not in NAMES.get(name, {})]
    assert [key for key in same if getattr(old, key) is not getattr(new, key)] == []


def test_an_old_module_does_not_hide_a_function_of_its_name() -> None:
    code = (
        "import warnings\nwarnings.simplefilter('ignore')\nimport compplan.cost, compplan.cost.headcount\n"
        "from compplan import load_template\nplan = load_template('xactly-csm')\n"
        "print(len(compplan.cost.headcount(plan, 3).people))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "1"


def test_the_warning_names_the_line_that_imports() -> None:
    code = (
        "import warnings\nwarnings.simplefilter('always')\n"
        "from compplan.sharing import encode\nprint(encode.__module__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "compplan.plan.links"
    assert "<string>:3: DeprecationWarning: compplan.sharing is now compplan.plan.links" in done.stderr


@pytest.mark.parametrize("package", EXPORTS)
def test_every_public_name_of_0_1_0_still_works(package: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        module = importlib.import_module(f"compplan.{package}")
    for name in EXPORTS[package]:
        if name in vars(module) or name in getattr(module, "__all__", ()):
            continue
        with pytest.warns(DeprecationWarning, match=f"compplan.{package}.{name} is now"):
            assert getattr(module, name) is not None


def test_no_module_of_ours_uses_an_old_path() -> None:
    """Every module is imported with warnings as errors, in a process of its own."""
    modules = sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in (ROOT / "compplan").rglob("*.py")
        if path.name not in {"frame.py", "__main__.py"} and "migrations" not in path.parts
    )
    code = (
        "import importlib, json, sys, warnings\n"
        "warnings.filterwarnings('error', message='.* is now .*the old one goes')\n"
        "for name in json.loads(sys.argv[1]): importlib.import_module(name)"
    )
    done = subprocess.run([sys.executable, "-c", code, json.dumps(modules)], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
