"""What the page benchmarks share: a server of ours, a bare Streamlit page beside it, a browser, percentiles."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from websockets.sync.client import connect

ROOT = Path(__file__).parent.parent
BARE = "import streamlit as st\nvalue = st.slider('Value', 0, 100, 50, key='v')\nst.write(f'value {value}')\n"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    script: Path, health: str, *, environment: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[str]:
    """Serve a script with Streamlit until the block ends; its address.

    What is saved there goes with it, unless the environment names a database; what it says is written to `log`.
    """
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, (log or Path(folder) / "server.log").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script.name, "--server.port", str(port),
             "--server.address", "127.0.0.1", "--server.headless", "true"],
            cwd=script.parent, stdout=said, stderr=said,
            env={**os.environ, "HOME": str(script.parent), "COMPPLAN_DATABASE_URL": f"sqlite:///{folder}/plans.db",
                 **(environment or {})},
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}{health}", process)
            yield address
        finally:
            process.terminate()
            process.wait(20)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(480):
        if process.poll() is not None:
            raise RuntimeError("the server ended before it was ready")
        try:
            with urllib.request.urlopen(address, timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError(f"{address} did not answer")


@contextmanager
def both() -> Iterator[tuple[str, str]]:
    """Our app and a bare page with stock settings, served side by side."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE, encoding="utf-8")
        with served(ROOT / "app.py", "/healthz") as ours, served(bare, "/_stcore/health") as stock:
            yield ours, stock


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        try:
            yield chromium
        finally:
            chromium.close()


class Chromium:
    """A browser that is only watched.

    Playwright has V8 keep a full stack of every error that is thrown and caught. Plotly throws some while it starts,
    and V8 then reads its 4.7 MB three times more: 0.7 s that no visitor waits for.
    """

    def __enter__(self) -> Chromium:
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        port = free_port()
        self._process = subprocess.Popen(
            ["/usr/bin/chromium", "--headless=new", f"--remote-debugging-port={port}", "--window-size=1280,900",
             f"--user-data-dir={self._folder.name}", *FLAGS, "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _wait(f"http://127.0.0.1:{port}/json/version", self._process)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/version") as told:
            address = json.load(told)["webSocketDebuggerUrl"]
        self._opened = ExitStack()
        self._socket = self._opened.enter_context(connect(address, max_size=None))
        self._calls = 0
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()
        self._process.terminate()
        self._process.wait(20)
        self._folder.cleanup()

    def _call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        self._calls += 1
        asked = {"id": self._calls, "method": method, "params": params} | ({"sessionId": session} if session else {})
        self._socket.send(json.dumps(asked))
        while True:
            told = json.loads(self._socket.recv(timeout=60))
            if told.get("id") == self._calls:
                if "error" in told:
                    raise RuntimeError(f"{method}: {told['error']}")
                return dict(told["result"])

    def first_visit(self, address: str, signs: dict[str, str]) -> dict[str, float]:
        """Open an address with nothing cached; when each sign was first seen at a frame, in ms."""
        visitor = self._call("Target.createBrowserContext")["browserContextId"]
        page = self._call("Target.createTarget", url="about:blank", browserContextId=visitor, width=1280, height=900)
        session = self._call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        self._call("Page.enable", session)
        looks = "".join(f"if (!({name!r} in seen) && ({sign})) seen[{name!r}] = now; " for name, sign in signs.items())
        watch = (
            "const seen = window.seen = {}; "
            f"const look = () => {{ const now = performance.now(); {looks}requestAnimationFrame(look); }}; "
            "requestAnimationFrame(look);"
        )
        self._call("Page.addScriptToEvaluateOnNewDocument", session, source=watch)
        self._call("Page.navigate", session, url=address)
        for _ in range(120):
            time.sleep(0.5)
            told = self._call("Runtime.evaluate", session, expression="JSON.stringify(window.seen ?? {})")
            seen = json.loads(told["result"]["value"])
            if len(seen) == len(signs):
                self._call("Target.disposeBrowserContext", browserContextId=visitor)
                return dict(seen)
        raise RuntimeError(f"{address} showed only {', '.join(seen) or 'nothing'} within a minute")


def quantile(values: list[float], q: float) -> float:
    """The q-quantile: the least value that a share q of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))]
