"""The app as it is served, and a Chromium that watches what its pages complain of."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 30_000  # ms; a machine under load is slow, not wrong

# What a visit remembers of the page: violations of its content security policy.
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def assert_no_errors(log: Path) -> None:
    """Fail if a server met an error, also one that a page put into a sentence."""
    text = log.read_text(encoding="utf-8", errors="replace")
    assert not re.search(r"Traceback|Error [0-9a-f]{8} on page", text), text


@contextmanager
def served(folder: Path, port: int | None = None, **environment: str) -> Iterator[str]:
    """The app as `streamlit run app.py` serves it, with a database of its own; its address."""
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    log = folder / "log.txt"
    given = {"PYTHONPATH": str(ROOT), "COMPPLAN_DATABASE_URL": f"sqlite:///{folder / 'kept.db'}"} | environment
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT, env={**os.environ, **given},
            stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        wait_until_ready(address, process, log)
        yield address
        assert_no_errors(log)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
                if answer.read() == b"ok":
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"the server did not get ready:\n{log.read_text(encoding='utf-8', errors='replace')}")


def context_of(chromium: Browser, **options: Any) -> BrowserContext:
    context = chromium.new_context(locale="en-US", timezone_id="UTC", reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(WATCH)
    return context
