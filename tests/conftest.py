"""Settings of every test: marks by folder, missing programs, and the one Chromium that all browser tests drive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.serving import ARGUMENTS
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from support.requirements import CHROMIUM, LeftOut, need

# A machine under load is slow, not wrong.
settings.register_profile("compplan", deadline=None)
settings.load_profile("compplan")

TESTS = Path(__file__).parent
MARKED_FOLDERS = {"app": "app", "browser": "browser", "deploy": "deploy", "documents": "slow"}
MARKED_FILES = {
    "test_laws.py": "law",
    "test_oracle.py": "oracle",
    "test_hostile.py": "slow",
    "test_survey_hostile.py": "slow",
    "test_together.py": "slow",
    "test_no_dead_inputs.py": "slow",
    "test_extras.py": "slow",
}

# Sockets and event loops of the servers under test are closed when the garbage collector gets to them.
SERVED_FOLDERS = {"app", "browser", "deploy"}
CLOSED_LATE = (
    pytest.mark.filterwarnings("default::ResourceWarning"),
    pytest.mark.filterwarnings("default::pytest.PytestUnraisableExceptionWarning"),
)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(LeftOut(), "left-out")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not item.path.is_relative_to(TESTS):
            continue  # a doctest
        folder = item.path.relative_to(TESTS).parts[0]
        for mark in (MARKED_FOLDERS.get(folder), MARKED_FILES.get(item.path.name)):
            if mark:
                item.add_marker(mark)
        if folder in SERVED_FOLDERS:
            for mark in CLOSED_LATE:
                item.add_marker(mark)
        # A test of the store runs on SQLite, which is fast, and on PostgreSQL, which has to be started.
        if "postgres" in getattr(item, "fixturenames", ()) or "postgresql" in item.name:
            item.add_marker("slow")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One for all tests, since a process has room for one Playwright."""
    need("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
