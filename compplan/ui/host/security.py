"""Middleware in front of every page: security headers, request limits, and the return to a link after sign-in."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import Headers as ReadHeaders
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from compplan import access
from compplan.access import AccessError
from compplan.ui.host import deployment
from compplan.ui.host.visitors import USER_COOKIE, cookies_of

LONGEST_ADDRESS = 16_000
LARGEST_BODY = 64 * 2**20  # far above `server.maxUploadSize`, which Streamlit holds uploads to
RETURN = "compplan_return"
# A page with a link: the page a visitor requested before signing in. A cookie holds about 4,000 characters.
_WAY = re.compile(r"(/[A-Za-z0-9._~-]{1,64}){0,4}/?\?(share|plan)=[A-Za-z0-9._-]{1,3500}")


def content_security_policy(index_html: str) -> str:
    """Only what this server sends may run; the inline scripts of Streamlit's page are named by their hash.

    Streamlit loads components from `blob:` addresses and compiles WebAssembly, Plotly draws through `data:` images.
    """
    inline = re.findall(r"<script>(.*?)</script>", index_html, flags=re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline]
    hashes = " ".join(f"'sha256-{digest}'" for digest in digests)
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' {hashes} 'wasm-unsafe-eval' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


class Headers:
    """Security headers on every response; on the page itself a hint to fetch Plotly while Streamlit starts."""

    def __init__(self, app: ASGIApp, *, preload: str) -> None:
        self.app = app
        page = Path(streamlit.__file__).parent / "static" / "index.html"
        self.always = {
            "content-security-policy": content_security_policy(page.read_text(encoding="utf-8")),
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            # The address of a page may contain a share link, so it must not reach other sites or the server's logs.
            "referrer-policy": "no-referrer",
            "permissions-policy": "camera=(), microphone=(), geolocation=()",
            "cross-origin-opener-policy": "same-origin",
        }
        self.on_page = f"<./{preload}>; rel=preload; as=script"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; what is no HTTP (websockets) untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.always.items():
                    headers[name] = value
                if headers.get("content-type", "").startswith("text/html"):
                    headers["link"] = self.on_page
                    # Pages depend on the visitor, so proxies must not cache them.
                    headers["cache-control"] = "no-store"
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Guard:
    """Refuse large requests, requests from other machines when sign-in is off, and requests for internal addresses."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refusal, or pass on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refused = _refusal(scope)
        if refused is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            status, sentence = refused
            await PlainTextResponse(sentence + "\n", status_code=status)(scope, receive, send)


def _refusal(scope: Scope) -> tuple[int, str] | None:
    """Status and sentence of a refusal, None where there is nothing to refuse."""
    at = (scope.get("server") or ("", None))[0] or ""
    if not at.startswith("/"):  # a socket in the file system is for this machine
        try:
            access.check_listen_address(at, deployment.team())
        except AccessError as error:
            return 503, str(error)
    if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > LONGEST_ADDRESS:
        return 414, f"This address is too long: at most {LONGEST_ADDRESS:,} characters."
    headers = ReadHeaders(scope=scope)
    if scope["type"] == "websocket" and not same_origin(headers):
        # Streamlit would refuse it too, after asking a server on the internet for this machine's address.
        return 403, "only for the pages of this server"
    path = str(scope.get("path", ""))
    if not is_host_allowed(headers.get("host")) and not path.endswith(("/healthz", "/readyz")):
        return 403, "This host name is not one of this server's. Open compplan at its own address."
    length = headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or int(length[:12]) > LARGEST_BODY:
        return 413, f"The request is too large: at most {LARGEST_BODY // 2**20} MB."
    if path.endswith("/_stcore/metrics"):
        return 404, "Not found."
    return None


class WayBack:
    """Brings somebody who followed a link and had to sign in back to it; and keeps cookies to https."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; a page with a link leaves a cookie, the end of a sign-in follows it."""
        team = deployment.team() if scope["type"] == "http" else None
        if team is None:
            await self.app(scope, receive, send)
            return
        request_headers = ReadHeaders(scope=scope)
        cookies = cookies_of(request_headers.get("cookie", ""))
        path, query = str(scope.get("path", "")), scope.get("query_string", b"").decode("latin-1")
        # Also with a cookie of somebody who signed in: it outlives the sign-in.
        return_to = f"{path}?{query}" if scope["method"] == "GET" else ""
        secure = "; Secure" if team.sign_in.address.startswith("https://") else ""

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                signed_in = path.endswith("/oauth2callback") and 300 <= message["status"] < 400
                back = cookies.get(RETURN, "")
                if signed_in and _sets(headers, USER_COOKIE) and _WAY.fullmatch(back):
                    headers["location"] = back
                    headers.append("set-cookie", f"{RETURN}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
                elif headers.get("content-type", "").startswith("text/html") and _WAY.fullmatch(return_to):
                    headers.append("set-cookie", f"{RETURN}={return_to}; Path=/; Max-Age=900; HttpOnly; SameSite=Lax")
                message["headers"] = [
                    (name, value + secure.encode())
                    if name == b"set-cookie" and b"; secure" not in value.lower()
                    else (name, value)
                    for name, value in message["headers"]
                ]
            await send(message)

        await self.app(scope, receive, send_on)


def _sets(headers: MutableHeaders, name: str) -> bool:
    return any(
        value.startswith((f"{name}=", f"{name}_")) and "=;" not in value for value in headers.getlist("set-cookie")
    )


def same_origin(headers: ReadHeaders) -> bool:
    """Whether a request comes from a page of this server, or from no page."""
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
