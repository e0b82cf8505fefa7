"""Programs that some tests run, and what happens where one is not installed.

A test that needs a missing program is skipped, and the test run ends by naming what did not run and how to get it.
With ``COMPPLAN_TEST_REQUIRE=all``, as in CI, the run then fails, except for Docker, which CI machines rarely have.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

REQUIRE_ALL = os.environ.get("COMPPLAN_TEST_REQUIRE") == "all"
POSTGRES_VARIABLE = "COMPPLAN_TEST_POSTGRES"
CHROMIUM = Path(shutil.which("chromium") or "/usr/bin/chromium")
_MARK = "missing program: "


def postgres_programs() -> Path | None:
    """Folder of PostgreSQL's server programs, which Debian keeps off the PATH; None where there are none."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return installed[-1].parent if installed else Path(on_path).parent if on_path else None


def compose_command() -> list[str] | None:
    """Docker Compose, as a plugin or a program of its own; None where there is none that runs."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) and subprocess.run([*command, "version"], capture_output=True).returncode == 0:
            return command
    return None


@dataclass(frozen=True)
class Requirement:
    """A program, how to find it and how to get it."""

    name: str
    install: str
    is_there: Callable[[], bool]
    needed_in_ci: bool = True


REQUIREMENTS = {
    one.name: one
    for one in (
        Requirement("Chromium", "apt-get install chromium", CHROMIUM.exists),
        Requirement(
            "PostgreSQL",
            f"apt-get install postgresql, or name an empty server in {POSTGRES_VARIABLE} "
            "(postgresql://user:password@host/database)",
            lambda: bool(os.environ.get(POSTGRES_VARIABLE)) or postgres_programs() is not None,
        ),
        Requirement(
            "LibreOffice", "apt-get install libreoffice-calc-nogui", lambda: shutil.which("soffice") is not None
        ),
        Requirement("Caddy", "apt-get install caddy", lambda: shutil.which("caddy") is not None),
        Requirement(
            "Docker Compose",
            "see Docker's documentation",
            lambda: compose_command() is not None,
            needed_in_ci=False,
        ),
    )
}


@functools.cache
def _is_there(name: str) -> bool:
    return REQUIREMENTS[name].is_there()


def need(name: str) -> None:
    """Skip the test that calls this where a program is missing."""
    if not _is_there(name):
        skip(name)


def skip(name: str) -> NoReturn:
    """Skip a test because a program is missing."""
    pytest.skip(f"{_MARK}{name}")


class LeftOut:
    """Counts the tests that were skipped for want of a program, and reports them when the run ends."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and isinstance(report.longrepr, tuple) and _MARK in str(report.longrepr[2]):
            self.counts[str(report.longrepr[2]).partition(_MARK)[2]] += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if REQUIRE_ALL and any(REQUIREMENTS[name].needed_in_ci for name in self.counts) and not session.exitstatus:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.counts:
            return
        terminalreporter.section("Tests that did not run", yellow=True)
        for name, count in sorted(self.counts.items()):
            tests = "1 test needs" if count == 1 else f"{count:,} tests need"
            terminalreporter.line(f"{tests} {name}, which is not installed: {REQUIREMENTS[name].install}.")
        if REQUIRE_ALL and any(REQUIREMENTS[name].needed_in_ci for name in self.counts):
            terminalreporter.line("COMPPLAN_TEST_REQUIRE=all needs all but Docker Compose, so the run fails.")
