"""What the server answers besides the page: its headers, its own addresses, and no more than that."""

from __future__ import annotations

import gzip
import json
import urllib.error
import urllib.request
from email.message import Message
from typing import Any

import pytest

from compplan import templates
from compplan.outcomes import illustrative_spreads
from compplan.payout import results_at
from compplan.ui.designer import live as picture
from compplan.ui.widgets import components

pytestmark = pytest.mark.browser

PLAN = templates.load("knowup-csat-weighted")
VIEW = json.dumps(picture.BoardView(PLAN, results_at(PLAN, 1.0)[0], illustrative_spreads(PLAN)).to_dict()).encode()


def fetch(address: str, body: bytes | None = None, **headers: str) -> tuple[int, Message, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, data=body, headers=named)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.mark.parametrize("path", ["/", "/?plan=v1.x", "/nowhere", "/healthz", f"/{components.PLOTLY_PATH}"])
def test_every_answer_has_the_security_headers(server: str, path: str) -> None:
    _, headers, _ = fetch(server + path)
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe-eval'" not in policy
    script = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert "'unsafe-inline'" not in script
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"


def test_plotly_script_is_the_installed_one_and_cacheable(server: str) -> None:
    status, headers, plain = fetch(f"{server}/{components.PLOTLY_PATH}")
    assert status == 200
    assert headers["content-type"].startswith("text/javascript")
    assert "immutable" in headers["cache-control"]
    _, headers, packed = fetch(f"{server}/{components.PLOTLY_PATH}", accept_encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain
    assert len(packed) < len(plain) / 2


def live(server: str, body: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
    status, told, answer = fetch(f"{server}/{components.LIVE_PATH}", body, content_type="application/json", **headers)
    assert told["cache-control"] == "no-store"
    return status, json.loads(answer)


def test_live_picture_is_served_to_the_page(server: str) -> None:
    status, told = live(server, VIEW, origin=server)
    assert status == 200
    assert [card[0] for card in told["cards"]] == ["$105k", "100%", "$103.7k", "$116.5k", "3 warnings"]


def test_live_picture_is_refused_to_other_sites(server: str) -> None:
    for origin in ("https://evil.example", "null", server.replace("127.0.0.1", "localhost"), "http://127.0.0.1:1"):
        status, told = live(server, VIEW, origin=origin)
        assert (status, list(told)) == (403, ["error"])


def test_live_picture_requests_are_limited(server: str) -> None:
    assert fetch(f"{server}/{components.LIVE_PATH}")[0] in (404, 405, 200)
    assert b'"cards"' not in fetch(f"{server}/{components.LIVE_PATH}")[2]
    assert live(server, b" " * (picture.LARGEST_REQUEST + 1) + VIEW) == (413, {"error": "too large"})
    for body in (b"{", b"\0", b"null", b"[" * 50_000, b"{}", VIEW[:-10], VIEW.replace(b"0.92", b"NaN")):
        status, told = live(server, body)
        assert status in (400, 422), body[:60]
        assert list(told) == ["error"]


@pytest.mark.parametrize(
    "path", ["app.py", "pyproject.toml", ".streamlit/config.toml", "..%2fapp.py", "pages/designer.py"]
)
def test_no_file_of_the_program_is_served(server: str, path: str) -> None:
    _, _, body = fetch(f"{server}/{path}")
    assert b"import streamlit" not in body
    assert b"[server]" not in body
    assert b"[project]" not in body
