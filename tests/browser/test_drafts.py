"""Work outlives the server: kill it in the middle of editing, start it again, and the plan is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from browser.serving import PATIENCE, ROOT, context_of, free_port, wait_until_ready
from playwright.sync_api import Browser, Page, expect

NEWEST = 2.0  # seconds; nothing older than this is lost in a crash


@contextmanager
def crashing(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The app on a database that outlives it; it is killed at the end, without a chance to finish anything."""
    log = folder / "log.txt"
    given = {"PYTHONPATH": str(ROOT), "COMPPLAN_DATABASE_URL": f"sqlite:///{folder / 'kept.db'}"}
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT, env={**os.environ, **given}, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", process, log)
        yield process
    finally:
        process.kill()
        process.wait()


def expect_base(page: Page, text: str) -> None:
    expect(page.get_by_role("textbox", name="Base, USD per year").first).to_have_value(text)


def enter_base(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="Base, USD per year").first
    plan = page.locator("[data-plan]").get_attribute("data-plan") or ""
    field.fill(text)
    field.press("Enter")
    expect(page.locator("[data-plan]")).not_to_have_attribute("data-plan", plan)


def drawn(page: Page) -> None:
    page.wait_for_selector(".cp-board[data-settled-rev]")


def test_plan_survives_a_crash_a_reload_and_a_new_tab(chromium: Browser, tmp_path: Path) -> None:
    expect.set_options(timeout=PATIENCE)
    port, context = free_port(), context_of(chromium)
    page = context.new_page()
    with crashing(tmp_path, port):
        page.goto(f"http://127.0.0.1:{port}/")
        drawn(page)
        enter_base(page, "91000")
        enter_base(page, "92000")
        page.get_by_role("link", name="Review").first.click()
        expect(page.get_by_role("heading", name="Litmus test")).to_be_visible()
        expect(page).to_have_url(re.compile(r"/review\?p=draft-"))
        time.sleep(NEWEST)
    with crashing(tmp_path, port):
        # The tab that was open: its browser connects again, or the person reloads.
        page.reload()
        expect(page.get_by_text("Draft restored.")).to_be_visible()
        expect(page.get_by_role("heading", name="Litmus test")).to_be_visible()
        # A new tab, without an address: the same plan on the same page.
        other = context.new_page()
        other.goto(f"http://127.0.0.1:{port}/")
        expect(other.get_by_role("heading", name="Litmus test")).to_be_visible()
        other.get_by_role("link", name="Designer").first.click()
        drawn(other)
        expect_base(other, "92,000")
        other.get_by_role("button", name="Undo").click()
        expect_base(other, "91,000")
        # The first tab goes on in a copy and says so.
        other.close()
        page.get_by_role("link", name="Designer").first.click()
        expect(page.get_by_text("Nothing was overwritten")).to_be_visible()
        expect_base(page, "92,000")
    context.close()
