"""Settings of every test: marks by folder, missing programs, and the one Chromium that all browser tests drive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.serving import ARGUMENTS
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from support import soak
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
    "test_concurrency.py": "slow",
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


def drawn(function: Any) -> bool:
    return getattr(function, "is_hypothesis_test", False)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test on examples that hypothesis draws has a second version with more of them."""
    if drawn(metafunc.function):
        metafunc.fixturenames.append("width")
        usual, wide = (
            pytest.param(1, id=pytest.HIDDEN_PARAM),
            pytest.param(soak.TIMES, id="soak", marks=pytest.mark.soak),
        )
        metafunc.parametrize("width", [usual, wide])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Function) -> Iterator[None]:
    """In the wide version, new examples each time; a failure prints what draws it again."""
    if not drawn(item.obj) or "soak" not in item.keywords:
        return (yield)
    usual = item.obj._hypothesis_internal_use_settings
    item.obj._hypothesis_internal_use_settings = settings(
        usual, max_examples=usual.max_examples * soak.TIMES, derandomize=False, print_blob=True
    )
    try:
        return (yield)
    finally:
        item.obj._hypothesis_internal_use_settings = usual


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
