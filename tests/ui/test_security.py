"""What stands before every page: refusals, headers, and the way back after signing in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit import config
from support.team import use_team

from compplan.access import VISITOR, Actor
from compplan.ui.host import deployment, passes
from compplan.ui.shell import server


async def page(_request: Request) -> Response:
    return HTMLResponse("<p>page</p>", headers={"x-frame-options": "ALLOWALL"})


async def end_of_sign_in(request: Request) -> Response:
    answer = RedirectResponse("/", 302)
    if "fail" not in request.query_params:
        answer.set_cookie("_streamlit_user", "signed", httponly=True)
    return answer


async def plain(_request: Request) -> Response:
    return PlainTextResponse("plain")


ROUTES = [Route("/oauth2callback", end_of_sign_in), Route("/plain", plain), Route("/{rest:path}", page)]


def client(address: str = "http://127.0.0.1") -> TestClient:
    app = Starlette(routes=ROUTES, middleware=list(server.middleware))
    return TestClient(app, base_url=address, follow_redirects=False)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    deployment.team.cache_clear()
    passes.signing_key.cache_clear()
    hosts = config.get_option("server.allowedHosts")
    config.set_option("server.allowedHosts", ["127.0.0.1", "192.168.1.5", "pay.example.com"])
    yield
    config.set_option("server.allowedHosts", hosts)
    deployment.team.cache_clear()
    passes.signing_key.cache_clear()


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_team(tmp_path, monkeypatch)
    monkeypatch.setenv("COMPPLAN_COOKIE_SECRET", "k" * 40)


def test_every_answer_has_the_headers() -> None:
    for path in ("/", "/plain", "/_stcore/metrics"):
        headers = client().get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers.get_list("x-frame-options") == ["DENY"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "'unsafe-eval'" not in headers["content-security-policy"]
    assert client().get("/").headers["cache-control"] == "no-store"


def test_other_machines_are_refused_without_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = client("http://192.168.1.5").get("/")
    assert answer.status_code == 503
    assert "nobody would have to sign in" in answer.text
    monkeypatch.setenv("COMPPLAN_WITHOUT_SIGN_IN", "everybody-may-change-everything")
    assert client("http://192.168.1.5").get("/").status_code == 200


@pytest.mark.usefixtures("team")
def test_other_machines_are_allowed_with_sign_in() -> None:
    assert client("http://192.168.1.5").get("/").status_code == 200


def test_too_large_request_is_refused() -> None:
    assert client().get("/?plan=" + "a" * 20_000).status_code == 414
    assert client().post("/plain", headers={"content-length": str(2**40)}).status_code == 413
    assert client().get("/?plan=" + "a" * 8_000).status_code == 200


@pytest.mark.usefixtures("team")
def test_sign_in_returns_to_the_followed_link() -> None:
    here = client("https://pay.example.com")
    way = f"/finance?share={'x' * 32}"
    assert "compplan_return" in here.get(way).headers["set-cookie"]
    end = here.get("/oauth2callback?code=1")
    assert end.headers["location"] == way
    assert all("secure" in each.lower() and "httponly" in each.lower() for each in end.headers.get_list("set-cookie"))
    assert here.get("/oauth2callback?code=1").headers["location"] == "/"  # once


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(
    "way",
    [
        "//evil.example/?share=a",
        "https://evil.example/?share=a",
        "/\\evil.example?share=a",
        "/finance?share=a&next=https://evil.example",
        "/finance?share=" + "a" * 4000,
        "/finance?other=a",
        "/finance?share=<script>",
    ],
)
def test_other_redirects_are_not_followed(way: str) -> None:
    here = client("https://pay.example.com")
    here.cookies.set("compplan_return", way)
    assert here.get("/oauth2callback?code=1").headers["location"] == "/"


@pytest.mark.usefixtures("team")
def test_expired_sign_in_returns_to_the_link() -> None:
    here = client("https://pay.example.com")
    here.cookies.set("_streamlit_user", "yesterday's")
    way = f"/finance?share={'x' * 32}"
    here.get(way)
    assert here.get("/oauth2callback?code=1").headers["location"] == way


@pytest.mark.usefixtures("team")
def test_failed_sign_in_follows_no_link() -> None:
    here = client("https://pay.example.com")
    here.get(f"/finance?share={'x' * 32}")
    assert here.get("/oauth2callback?fail=1").headers["location"] == "/"


@pytest.mark.usefixtures("team")
def test_a_page_under_another_host_name_is_refused_and_the_health_checks_answer() -> None:
    here = client("https://evil.example")
    assert here.get("/").status_code == 403
    assert "evil" not in here.get("/").text
    assert here.get("/healthz").status_code == 200


# Passes


def test_pass_lasts_a_day_and_cannot_be_forged() -> None:
    now = 1_800_000_000.0
    given = passes.issue_pass(Actor("https://id.example|7", "x"), now)
    assert passes.is_pass(given, now)
    assert passes.is_pass(given, now + 23 * 3600)
    assert not passes.is_pass(given, now + 26 * 3600)
    assert not passes.is_pass(given, now - 2 * 3600)
    who, hour, signature = given.split(".")
    for forged in (
        f"{who}.{hour[:-1]}{'A' if hour[-1] != 'A' else 'Q'}.{signature}",
        f"ImV2ZSI.{hour}.{signature}",
        f"{who}.{hour}.{'0' * len(signature)}",
        f"{who}.{hour}.é",
        "",
        "..",
        "1.2.zz",
        None,
        7,
        "9" * 5000,
    ):
        assert not passes.is_pass(forged, now)


@pytest.mark.usefixtures("team")
def test_servers_of_a_team_accept_each_others_passes() -> None:
    given = passes.issue_pass(VISITOR)
    passes.signing_key.cache_clear()
    assert passes.is_pass(given)


def test_passes_of_a_local_server_end_with_it() -> None:
    given: Any = passes.issue_pass(VISITOR)
    passes.signing_key.cache_clear()
    assert not passes.is_pass(given)


def test_websocket_from_another_site_is_refused() -> None:
    heard: list[Any] = []

    async def endpoint(websocket: WebSocket) -> None:
        heard.append(websocket.headers.get("origin"))
        await websocket.accept()
        await websocket.close()

    app = Starlette(routes=[WebSocketRoute("/_stcore/stream", endpoint)], middleware=list(server.middleware))
    here = TestClient(app, base_url="http://127.0.0.1")
    address = "ws://127.0.0.1/_stcore/stream"  # the client takes another host where none is named
    for origin in ("https://evil.example", "null", "http://127.0.0.1:9999"):
        with pytest.raises(WebSocketDisconnect), here.websocket_connect(address, headers={"origin": origin}):
            pass
    with here.websocket_connect(address, headers={"origin": "http://127.0.0.1"}):
        pass
    assert heard == ["http://127.0.0.1"]
