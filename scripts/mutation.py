"""Change the code at random, run the fast tests on each change, and list the changes that no test noticed.

    python scripts/mutation.py [--sample 300] [--seed 1] [--jobs 2] [--only 'compplan/cost/*']

Mutmut makes the changes, in a copy of the checkout under build/mutation. Its own command runs all of them, some
twenty thousand; this takes a seeded sample, so that a figure can be reproduced, and prints the share that was noticed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPY = ROOT / "build" / "mutation"
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


_SURVIVED = 0
_NO_TEST = {5, 33}


def copy_checkout() -> None:
    """Copy what git tracks into an empty folder, with mutmut's settings."""
    shutil.rmtree(COPY, ignore_errors=True)
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, names.split("\0")):
        target = COPY / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    folders = sorted({name.split("/")[0] for name in names.split("\0") if name} - {"compplan", "tests"})
    tests = [f"tests/{name}" for name in TESTS if (COPY / "tests" / name).exists()]
    settings = [
        "",
        "[tool.mutmut]",
        'source_paths = ["compplan"]',
        f"only_mutate = {json.dumps(MODULES)}",
        f"also_copy = {json.dumps([name for name in folders if name != '.git'])}",
        f"pytest_add_cli_args = {json.dumps(['-m', MARKS, '-p', 'no:cacheprovider', '-W', 'ignore'])}",
        f"pytest_add_cli_args_test_selection = {json.dumps(tests)}",
        "use_git_change_detection = false",
        "track_dependencies = false",
        "",
    ]
    with (COPY / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join(settings))


def mutmut(*arguments: str, log: Path) -> None:
    """Run mutmut in the copy; its own status is of no interest."""
    with log.open("a", encoding="utf-8") as file:
        subprocess.run(
            [sys.executable, "-m", "mutmut", *arguments], cwd=COPY, stdout=file, stderr=subprocess.STDOUT, check=False
        )


def outcomes() -> dict[str, int | None]:
    """Exit code by mutant, None for one that has not run."""
    found: dict[str, int | None] = {}
    for meta in sorted((COPY / "mutants").rglob("*.meta")):
        found |= json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def main() -> int:
    """Run a sample and print what survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="*", help="A glob for names of mutants, such as compplan.cost.*")
    options = parser.parse_args()
    copy_checkout()
    log = COPY / "mutmut.log"
    mutmut("run", "--max-children", str(options.jobs), "none of this name", log=log)
    pattern = re.compile(re.escape(options.only).replace(r"\*", ".*"))
    names = sorted(name for name in outcomes() if pattern.fullmatch(name))
    if not names:
        print(f"mutmut made no changes; see {log}")
        return 2
    sample = sorted(random.Random(options.seed).sample(names, min(options.sample, len(names))))
    mutmut("run", "--max-children", str(options.jobs), *sample, log=log)
    found = outcomes()
    survivors = [name for name in sample if found[name] == _SURVIVED]
    untested = [name for name in sample if found[name] is not None and found[name] in _NO_TEST]
    noticed = len(sample) - len(survivors) - len(untested)
    print(f"{noticed} of {len(sample)} changes were noticed ({noticed / len(sample):.1%}), of {len(names):,} possible.")
    for title, group in (("No test noticed", survivors), ("No test runs", untested)):
        for name in group:
            shown = subprocess.run(
                [sys.executable, "-m", "mutmut", "show", name], cwd=COPY, capture_output=True, text=True, check=False
            ).stdout
            changed = [line for line in shown.splitlines() if re.match(r"[+-](?![+-])", line)]
            print(f"\n{title}: {name}", *changed, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
