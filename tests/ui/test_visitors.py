"""What a visitor without a sign-in may use: pages, messages, and no uploads."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from support.team import use_team

from compplan.ui.host import deployment, visitors
from compplan.ui.host.visitors import Limits, Visitors

SOCKET = "ws://127.0.0.1/_stcore/stream"
UPLOAD = "/_stcore/upload_file/s1/f1"
FEW = Limits(sockets_per_client=2, sockets=3, message=100, messages=5, session=1_000, server=1_500)


@pytest.fixture(autouse=True)
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    use_team(tmp_path, monkeypatch)
    monkeypatch.setenv("COMPPLAN_COOKIE_SECRET", "k" * 40)
    deployment.team.cache_clear()
    yield
    deployment.team.cache_clear()


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """The files that the server has in memory, by session."""
    storage: dict[str, dict[str, Any]] = {}
    runtime = SimpleNamespace(uploaded_file_mgr=SimpleNamespace(file_storage=storage))
    monkeypatch.setattr("streamlit.runtime.get_instance", lambda: runtime)
    return storage


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_bytes(await websocket.receive_bytes())
    except WebSocketDisconnect:
        pass


async def store(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())), status_code=204)


def client(limits: Limits = FEW, cookie: str = "") -> TestClient:
    app = Starlette(
        routes=[WebSocketRoute("/_stcore/stream", echo), Route(UPLOAD, store, methods=["PUT"])],
        middleware=[Middleware(Visitors, limits=limits)],
    )
    here = TestClient(app, base_url="http://127.0.0.1")
    if cookie:
        here.cookies.set(visitors.USER_COOKIE, cookie)
    return here


def signed_in(**claims: Any) -> str:
    """The cookie of a person of the team, as Streamlit signs it."""
    person = {
        "is_logged_in": True, "iss": "https://id.example.com", "sub": "7", "email": "ann@example.com",
        "email_verified": True, "exp": time.time() + 3600, "iat": time.time(), "origin": "https://pay.example.com",
    } | claims  # fmt: skip
    return create_signed_value(get_cookie_secret(), visitors.USER_COOKIE, json.dumps(person)).decode()


def close_code(here: TestClient, *messages: bytes) -> int:
    """The code with which a socket is closed after some messages."""
    with here.websocket_connect(SOCKET) as socket:
        for message in messages:
            socket.send_bytes(message)
        try:
            while True:
                socket.receive_bytes()
        except WebSocketDisconnect as closed:
            return closed.code


def test_pages_of_one_visitor_are_limited_and_a_closed_one_counts_no_more() -> None:
    here = client()
    with ExitStack() as open_pages:
        for _ in range(2):
            open_pages.enter_context(here.websocket_connect(SOCKET))
        assert close_code(here) == 1013
    with here.websocket_connect(SOCKET) as socket:
        socket.send_bytes(b"x")
        assert socket.receive_bytes() == b"x"


def test_pages_of_people_who_signed_in_are_not_limited() -> None:
    here = client(cookie=signed_in())
    with ExitStack() as open_pages:
        for _ in range(5):
            socket = open_pages.enter_context(here.websocket_connect(SOCKET))
            socket.send_bytes(b"x" * 1_000)
            assert len(socket.receive_bytes()) == 1_000


def test_large_message_of_a_visitor_closes_the_page() -> None:
    assert close_code(client(), b"x" * 101) == 1009


def test_too_many_messages_of_a_visitor_end_the_page() -> None:
    assert close_code(client(), *[b"x"] * 6) == 1008


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "forged",
        pytest.param(lambda: signed_in(exp=time.time() - 30 * 86400, iat=time.time() - 31 * 86400), id="expired"),
        pytest.param(lambda: signed_in(email="eve@other.example"), id="no role"),
        pytest.param(lambda: signed_in(is_logged_in=False), id="signed out"),
    ],
)
def test_an_upload_needs_a_person_with_the_right_to_read(cookie: Any) -> None:
    here = client(cookie=cookie() if callable(cookie) else cookie)
    assert here.put(UPLOAD, content=b"x").status_code == 401
    assert client(cookie=signed_in()).put(UPLOAD, content=b"x").status_code == 204


def test_uploads_of_one_page_and_of_all_are_limited(kept: dict[str, dict[str, Any]]) -> None:
    here = client(cookie=signed_in())
    kept["s1"] = {"f0": SimpleNamespace(data=b"x" * 600)}
    assert here.put(UPLOAD, content=b"x" * 400).status_code == 204
    refused = here.put(UPLOAD, content=b"x" * 401)
    assert refused.status_code == 413
    assert "This page holds at most" in refused.text
    kept["s2"] = {"f0": SimpleNamespace(data=b"x" * 800)}
    refused = here.put(UPLOAD, content=b"x" * 101)
    assert refused.status_code == 413
    assert "The server holds as many uploads as it can" in refused.text
    del kept["s2"]
    assert here.put(UPLOAD, content=b"x" * 400).status_code == 204


@pytest.mark.usefixtures("kept")
def test_upload_without_a_length_counts_as_the_largest() -> None:
    here = client(cookie=signed_in())
    assert here.put(UPLOAD, content=iter([b"x"])).status_code == 413


@pytest.mark.usefixtures("kept")
def test_on_a_single_computer_everyone_may_upload(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMPPLAN_TEAM_FILE")
    deployment.team.cache_clear()
    assert client().put(UPLOAD, content=b"x").status_code == 204


def test_the_limit_of_open_files_is_raised_once_and_never_lowered() -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        visitors.raise_descriptor_limit(1_024)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(1_024, hard) or hard == resource.RLIM_INFINITY
        visitors.raise_descriptor_limit(512)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 1_024 or hard < 1_024
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
