"""Settings of every test, and the one Chromium that all of them drive."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser.serving import ARGUMENTS, CHROMIUM
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

# A machine under load is slow, not wrong.
settings.register_profile("compplan", deadline=None)
settings.load_profile("compplan")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One for all tests, since a process has room for one Playwright."""
    if not CHROMIUM.exists():
        pytest.fail(f"these tests drive {CHROMIUM}, which is not there: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
