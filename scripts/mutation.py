"""Change the code at random, run the fast tests on each change, and list the changes that no test noticed.

    python scripts/mutation.py [--sample 300] [--seed 1] [--jobs 2] [--only 'compplan.cost.*'] [--survivors]

Mutmut makes the changes, in a copy of the checkout under build/mutation. Its own command runs all of them, some
twenty thousand; this takes a seeded sample, so that a figure can be reproduced, and prints the share that was noticed.
`--survivors` runs again what the last sample left, with the tests as they are now.

A change meets only tests that run the changed function: those of its own package first, quick ones before slow ones,
up to `BUDGET` seconds, and the first failure ends it. Pytest loads this file as a plugin, for the hooks at the end.
"""

from __future__ import annotations

import argparse
import filecmp
import functools
import gc
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
COPY = ROOT / "build" / "mutation"
MUTANTS = COPY / "mutants"
STATS = MUTANTS / "mutmut-stats.json"
ALL_STATS = COPY / "stats-of-all-tests.json"
SAMPLE = COPY / "sample.json"
MODULES = [
    "compplan/curves.py",
    "compplan/money.py",
    *(
        f"compplan/{package}/*"
        for package in (
            "payout", "settlement", "outcomes", "cost", "readers", "roster", "benchmarks", "capacity", "store",
            "review",
        )
    ),
]  # fmt: skip
# Tests of these packages, without what starts another program.
MARKS = "not (oracle or app or browser or deploy or slow or soak)"
TESTS = ["payout", "settlement", "outcomes", "cost", "readers", "roster", "benchmarks", "capacity", "store", "review",
         "plan", "test_curves.py"]  # fmt: skip
# Seconds of tests for one change. A slower test may notice what these do not, so the share is never too high.
BUDGET = 10.0

_SURVIVED = 0
_NO_TEST = {5, 33}
_NOT_RUN = {None, 35}


def copy_checkout() -> None:
    """Bring the copy up to date with the checkout, with mutmut's settings; what did not change stays as it is."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    names = {name for name in listed if name and (ROOT / name).is_file()} - {"pyproject.toml"}
    for name in names:
        source, target = ROOT / name, COPY / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or not filecmp.cmp(source, target, shallow=False):
            shutil.copy2(source, target)
    for folder in ("compplan", "tests"):
        for path in (COPY / folder).rglob("*.py"):
            if path.relative_to(COPY).as_posix() not in names:
                path.unlink()
    shutil.rmtree(MUTANTS / "tests", ignore_errors=True)
    folders = sorted({name.split("/")[0] for name in names} - {"compplan", "tests"})
    tests = [f"tests/{name}" for name in TESTS if (COPY / "tests" / name).exists()]
    arguments = ["-m", MARKS, "-p", "no:cacheprovider", "-p", "scripts.mutation", "-W", "ignore"]
    settings = [
        (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
        "[tool.mutmut]",
        'source_paths = ["compplan"]',
        f"only_mutate = {json.dumps(MODULES)}",
        f"also_copy = {json.dumps(folders)}",
        f"pytest_add_cli_args = {json.dumps(arguments)}",
        f"pytest_add_cli_args_test_selection = {json.dumps(tests)}",
        "timeout_constant = 20.0",
        "timeout_multiplier = 3.0",
        "use_git_change_detection = false",
        "track_dependencies = false",
        "",
    ]
    (COPY / "pyproject.toml").write_text("\n".join(settings), encoding="utf-8")


def mutmut(*arguments: str, log: Path) -> None:
    """Run mutmut in the copy; its own status is of no interest."""
    with log.open("a", encoding="utf-8") as file:
        subprocess.run(
            [sys.executable, "-m", "mutmut", *arguments], cwd=COPY, stdout=file, stderr=subprocess.STDOUT, check=False
        )


def make_changes(jobs: int, log: Path) -> None:
    """Write all changes, and find the tests that run each function; the tests are run once for that."""
    if ALL_STATS.exists():
        shutil.copy2(ALL_STATS, STATS)
    mutmut("run", "--max-children", str(jobs), "none of this name", log=log)
    if STATS.exists():
        shutil.copy2(STATS, ALL_STATS)


def package(name: str) -> str:
    """Package of a function or a test: `cost` for `compplan.cost.report.x_cost` and `tests/cost/test_cost.py`."""
    return re.split(r"[./]", name)[1].removeprefix("test_")


def shorten_tests(budget: float) -> None:
    """Leave each function tests of `budget` seconds, those of its own package first."""
    stats = json.loads(ALL_STATS.read_text(encoding="utf-8"))
    seconds = stats["duration_by_test"]
    for function, tests in stats["tests_by_mangled_function_name"].items():
        own = package(function)
        chosen, spent = [], 0.0
        for test in sorted(tests, key=lambda test: (package(test) != own, seconds[test], test)):
            spent += seconds[test]
            if chosen and spent > budget:
                break
            chosen.append(test)
        stats["tests_by_mangled_function_name"][function] = chosen
    STATS.write_text(json.dumps(stats), encoding="utf-8")


def outcomes() -> dict[str, int | None]:
    """Exit code by mutant, None for one that has not run."""
    found: dict[str, int | None] = {}
    for meta in sorted(MUTANTS.rglob("*.meta")):
        found |= json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def report(sample: list[str], possible: int) -> None:
    """Print the share that was noticed, by package, and the changes that were not."""
    found = outcomes()
    groups = {
        "No test noticed": [name for name in sample if found.get(name) == _SURVIVED],
        "No test runs": [name for name in sample if found.get(name) in _NO_TEST],
        "Not run": [name for name in sample if found.get(name) in _NOT_RUN],
    }
    left = Counter(package(name) for names in groups.values() for name in names)
    noticed = len(sample) - left.total()
    print(f"{noticed} of {len(sample)} changes were noticed ({noticed / len(sample):.1%}), of {possible:,} possible.")
    for name, count in sorted(Counter(map(package, sample)).items()):
        print(f"  {name}: {count - left[name]} of {count}")
    for title, names in groups.items():
        for name in names:
            shown = subprocess.run(
                [sys.executable, "-m", "mutmut", "show", name], cwd=COPY, capture_output=True, text=True, check=False
            ).stdout
            changed = [line for line in shown.splitlines() if re.match(r"[+-](?![+-])", line)]
            print(f"\n{title}: {name}", *changed, sep="\n")


def main() -> int:
    """Run a sample and print what survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="*", help="A glob for names of mutants, such as compplan.cost.*")
    parser.add_argument("--survivors", action="store_true", help="Run again what the last sample left")
    options = parser.parse_args()
    log = COPY / "mutmut.log"
    if not options.survivors:
        shutil.rmtree(COPY, ignore_errors=True)
    copy_checkout()
    make_changes(options.jobs, log)
    possible = outcomes()
    if options.survivors:
        sample = [name for name in json.loads(SAMPLE.read_text(encoding="utf-8")) if name in possible]
        run = [name for name in sample if possible[name] in {_SURVIVED, *_NO_TEST, *_NOT_RUN}]
    else:
        pattern = re.compile(re.escape(options.only).replace(r"\*", ".*"))
        names = sorted(name for name in possible if pattern.fullmatch(name) and ".migrations." not in name)
        run = sample = sorted(random.Random(options.seed).sample(names, min(options.sample, len(names))))
    if not sample or not ALL_STATS.exists():
        print(f"mutmut made no changes, or a test failed on the unchanged code; see {log}")
        return 2
    SAMPLE.write_text(json.dumps(sample), encoding="utf-8")
    shorten_tests(BUDGET)
    if run:
        mutmut("run", "--max-children", str(options.jobs), *run, log=log)
    report(sample, len(possible))
    return 0


# --- What pytest calls, in the copy ------------------------------------------------------------------------------


def pytest_configure() -> None:
    """Draw the same examples each time, and drop answers that the unchanged code left in caches."""
    from hypothesis import Phase, settings

    settings.register_profile(
        "mutation", settings.default, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
    )
    settings.load_profile("mutation")
    if "__mutmut_" in os.environ.get("MUTANT_UNDER_TEST", ""):
        gc.unfreeze()
        kind = type(functools.cache(len))
        for item in gc.get_objects():
            if type(item) is kind:
                item.cache_clear()


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: Any) -> None:
    """Forget the ids of an earlier collection in this process, which pytest would escape once more."""
    for mark in metafunc.definition.iter_markers("parametrize"):
        object.__setattr__(mark._param_ids_from or mark, "_param_ids_generated", None)


def pytest_collection_modifyitems(items: list[object]) -> None:
    """Run one test before the changes, where mutmut would run all of them again that it ran to find who runs what."""
    if os.environ.get("MUTANT_UNDER_TEST") == "":
        del items[1:]


def pytest_sessionfinish(exitstatus: int) -> None:
    """Leave with a status of its own where pytest finds no such test, which mutmut would take for a failure."""
    if exitstatus == 4 and "__mutmut_" in os.environ.get("MUTANT_UNDER_TEST", ""):
        os._exit(35)


if __name__ == "__main__":
    sys.exit(main())
