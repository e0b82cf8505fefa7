"""What people bring stays in the memory of the server."""

from __future__ import annotations

import tomllib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest
from starlette.formparsers import MultiPartParser
from starlette.requests import Request

from compplan.shipped import shipped
from compplan.ui.shell import server

MOST = (
    tomllib.loads(shipped(".streamlit", "config.toml").read_text(encoding="utf-8"))["server"]["maxUploadSize"] * 2**20
)


def on_disk(size: int) -> bool:
    """Whether an upload of so many bytes is written to the disk, when it is taken as the route for uploads takes it."""
    body = b"\r\n".join(
        [b"--x", b'Content-Disposition: form-data; name="file"; filename="team.csv"', b"Content-Type: text/csv", b"",
         b"a" * size, b"--x--", b""]
    )  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def read() -> bool:
        headers = [(b"content-type", b"multipart/form-data; boundary=x")]
        async with Request({"type": "http", "method": "POST", "headers": headers}, receive).form() as form:
            upload: Any = form["file"]
            return bool(upload.file._rolled)

    # A thread of its own, since a browser test of the same process may have a loop in this one
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(anyio.run, read).result()


def test_the_largest_upload_is_never_written_to_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 2**20)
    assert on_disk(MOST), "Starlette would write it"
    server.warm()
    assert not on_disk(MOST)
