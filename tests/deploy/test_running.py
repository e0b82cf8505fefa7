"""A team's server, run as compose.yaml says and asked through its proxy."""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from browser.serving import PATIENCE, context_of
from deploy.composed import ROOT, read
from deploy.conftest import CLIENT_SECRET, COOKIE_SECRET, PASSWORD, Proxy, Site, StartProxy, free_port
from playwright.sync_api import Browser, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.typing import Origin, Subprotocol

TOKEN = "t0ken" * 6 + "ab"


async def run_of(proxy: Proxy, query: str, name: str, source: str, headers: Mapping[str, str]) -> bytes:
    """What a page's websocket brings until its first run is over."""
    async with connect(
        f"wss://localhost:{proxy.port}/_stcore/stream",
        host="127.0.0.1",
        local_addr=(source, 0),
        ssl=proxy.trusts,
        origin=Origin(proxy.address),
        subprotocols=[Subprotocol("streamlit")],
        additional_headers=headers,
        max_size=None,
        proxy=None,
    ) as page:
        assert page.subprotocol == "streamlit"
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_name = name
        await page.send(asked.SerializeToString())
        heard = b""
        while True:
            raw = await asyncio.wait_for(page.recv(), 30)
            assert isinstance(raw, bytes)
            heard += raw
            if ForwardMsg.FromString(raw).WhichOneof("type") == "script_finished":
                return heard


def told(proxy: Proxy, query: str = "", name: str = "", source: str = "127.0.0.1", **headers: str) -> str:
    """What a run of a page says, all of it, to somebody at an address of this machine."""
    # One thread, since the two of `websockets.sync` share a TLS connection and lose one request in hundreds; and not
    # this one, where Playwright keeps an event loop.
    with ThreadPoolExecutor(1) as thread:
        heard = thread.submit(asyncio.run, run_of(proxy, query, name, source, headers)).result()
    return heard.decode("utf-8", errors="replace")


# What the proxy lets through, and how


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_it_says_that_it_is_well(site: Site, path: str) -> None:
    answer = site.proxy.ask(path)
    assert (answer.status, answer.body) == (200, b"ok")


def health_commands() -> list[list[str]]:
    """As Docker runs them: the image's own, and the one that compose.yaml puts in its place."""
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8").partition("HEALTHCHECK ")[2].splitlines()[0]
    return [json.loads(image.partition("CMD ")[2]), read()["services"]["app"]["healthcheck"]["test"][1:]]


@pytest.mark.parametrize("command", health_commands(), ids=["image", "compose"])
def test_docker_sees_whether_it_is_well(site: Site, command: list[str]) -> None:
    def seen(port: int) -> int:
        there = [each.replace(":8501/", f":{port}/") for each in command[1:]]
        assert there != command[1:]
        return subprocess.run([sys.executable, *there], capture_output=True, timeout=60).returncode

    assert command[0] == "python"
    assert seen(site.app_port) == 0
    assert seen(free_port()) != 0


def test_a_page_is_served_with_its_headers(site: Site) -> None:
    answer = site.proxy.ask("/finance")
    assert answer.status == 200
    assert b"<title>" in answer.body
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers.get_all("strict-transport-security") == ["max-age=31536000"]


def test_http_leads_to_https(site: Site) -> None:
    answer = site.proxy.ask_plainly("/finance?x=1")
    assert answer.status == 308
    assert answer.headers["location"] == "https://localhost/finance?x=1"  # where https has its usual port


def test_another_host_name_gets_nothing(site: Site) -> None:
    answer = site.proxy.ask("/", headers={"Host": "evil.example"})
    assert answer.body == b""


def test_a_websocket_passes(site: Site) -> None:
    heard = told(site.proxy)
    assert "Sign in" in heard
    assert 'class="cp-plan"' not in heard


@pytest.mark.parametrize("origin", ["https://evil.example", "https://localhost", "null"])
def test_a_websocket_of_another_site_stops_at_the_proxy(site: Site, origin: str) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    upgrade["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ=="
    assert site.proxy.ask("/_stcore/stream", headers={**upgrade, "Origin": origin}).status == 403
    # Streamlit would have looked for this machine's address on the internet by now.
    assert "external IP" not in site.app_log.read_text(encoding="utf-8")


def test_what_is_too_large_stops_at_the_proxy(site: Site) -> None:
    large = site.proxy.ask("/live/picture", "POST", {"Content-Length": "30000000"})
    assert large.status == 413
    assert b"too large" in large.body


def test_the_largest_upload_passes(start_proxy: StartProxy) -> None:
    with stub(b"taken") as behind, start_proxy(behind) as proxy:
        assert proxy.ask("/", "POST", body=bytes(25 * 2**20 + 10_000)).body == b"taken"


def test_what_does_not_say_its_length_is_cut_off(start_proxy: StartProxy) -> None:
    with stub(b"") as behind, start_proxy(behind) as proxy:
        chunk = b"f4240\r\n" + bytes(1_000_000) + b"\r\n"
        with proxy.trusts.wrap_socket(proxy.socket(), server_hostname="localhost") as asked:
            asked.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            with contextlib.suppress(ConnectionError):
                for _ in range(31):
                    asked.sendall(chunk)
                asked.sendall(b"0\r\n\r\n")
            assert asked.recv(100).startswith(b"HTTP/1.1 413 ")


def test_the_app_is_not_reached_but_on_loopback(site: Site) -> None:
    socket.create_connection(("127.0.0.1", site.app_port), timeout=5).close()
    with pytest.raises(OSError, match=r"refused|timed out"):
        socket.create_connection(("127.0.0.2", site.app_port), timeout=5)


# Who a client is


def test_guessing_links_shuts_out_the_guesser_and_nobody_else(site: Site) -> None:
    """The client's address comes through the proxy, and a header of the client's own is not believed."""
    heard = [
        told(site.proxy, f"share={i:032d}", "finance", "127.0.0.2", **{"X-Forwarded-For": f"203.0.113.{i}"})
        for i in range(12)
    ]
    assert "many wrong links" not in heard[0]
    assert "many wrong links" in heard[-1]
    assert "many wrong links" not in told(site.proxy, f"share={TOKEN}", "finance", "127.0.0.3")


def test_an_address_that_a_client_claims_is_believed_from_the_proxy_alone() -> None:
    """Caddy replaces what a client says of its own address, and the app trusts the proxy's network only."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert "FORWARDED_ALLOW_IPS: ${COMPPLAN_NETWORK:-" in text
    assert "- subnet: ${COMPPLAN_NETWORK:-" in text
    assert "trusted_proxies" not in (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")


# Signing in


@pytest.mark.browser
def test_signing_in_through_the_proxy(site: Site, chromium: Browser) -> None:
    expect.set_options(timeout=PATIENCE)
    # The certificate is known to nobody but the tests; that it is the right one is asked above.
    context = context_of(chromium, ignore_https_errors=True)
    page = context.new_page()
    page.goto(f"{site.proxy.address}/finance?share={TOKEN}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.provider}/**")
    assert f"redirect_uri=https%3A%2F%2Flocalhost%3A{site.proxy.port}%2Foauth2callback" in page.url
    page.get_by_role("button", name="dora", exact=True).click()
    page.wait_for_url(f"{site.proxy.address}/finance?share={TOKEN}")
    expect(page.get_by_text("isn't valid")).to_be_visible()
    page.goto(site.proxy.address)
    page.wait_for_selector(".cp-board[data-settled-rev]")
    assert page.evaluate("window.violations") == []
    ours = {c["name"]: c for c in context.cookies(site.proxy.address)}
    context.close()
    assert "_streamlit_user" in ours
    assert [name for name, c in ours.items() if not c["secure"]] == []
    assert ours["_streamlit_user"]["httpOnly"]
    with psycopg.connect(site.database) as kept:
        found = kept.execute("SELECT DISTINCT by_name FROM trail WHERE event = 'signed_in'").fetchall()
    assert found == [("dora@example.com",)]


# What is written down


def test_no_log_holds_a_token_or_a_secret(site: Site) -> None:
    site.proxy.ask(f"/finance?share={TOKEN}", headers={"Referer": f"{site.proxy.address}/?share={TOKEN}"})
    site.proxy.ask_plainly(f"/finance?share={TOKEN}")
    assert "server running" in site.proxy.log.read_text(encoding="utf-8")
    for log in (site.proxy.log, site.app_log):
        text = log.read_text(encoding="utf-8")
        assert [word for word in (TOKEN, "share=", COOKIE_SECRET, CLIENT_SECRET, PASSWORD) if word in text] == []


def test_the_proxys_log_has_what_goes_wrong_without_the_token(start_proxy: StartProxy) -> None:
    """Nobody answers behind this proxy, and it writes down every request."""
    config = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    config = config.replace("\ttls {$COMPPLAN_TLS}\n", "\ttls {$COMPPLAN_TLS}\n\tlog\n")
    with start_proxy(f"127.0.0.1:{free_port()}", config=config) as proxy:
        headers = {"Referer": f"{proxy.address}/?share={TOKEN}", "Cookie": f"compplan_return=/?share={TOKEN}"}
        assert proxy.ask(f"/finance?share={TOKEN}", headers=headers).status == 502
        text = proxy.log.read_text(encoding="utf-8")
    assert "http.log.error" in text
    assert "http.log.access" in text
    assert '"uri":"/finance"' in text
    assert "share" not in text


# Several servers


@contextlib.contextmanager
def stub(body: bytes) -> Iterator[str]:
    """Where a server answers everything with the same words."""

    class Same(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            if "Content-Length" in self.headers:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.do_GET()
                return
            with contextlib.suppress(OSError):
                while self.rfile.readline():
                    pass
            self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Same) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def test_of_several_servers_a_browser_stays_with_one(start_proxy: StartProxy) -> None:
    with (
        stub(b"one") as one,
        stub(b"two") as two,
        start_proxy(f"{one} {two}", COMPPLAN_BALANCE="cookie compplan_server") as proxy,
    ):
        seen: set[bytes] = set()
        for _ in range(40):
            first = proxy.ask("/")
            cookie = first.headers["set-cookie"].partition(";")[0]
            assert cookie.startswith("compplan_server=")
            assert {proxy.ask("/", headers={"Cookie": cookie}).body for _ in range(4)} == {first.body}
            seen.add(first.body)
            if len(seen) == 2:
                break
        assert seen == {b"one", b"two"}
